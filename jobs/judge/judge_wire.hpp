// What crosses the border between the program and the processes that judge for it: how many members each value has.
#pragma once
#include <string>

#include "jobs/confined/model_wire.hpp"
#include "jobs/judge/batch_judge.hpp"
#include "jobs/judge/carrier_judge.hpp"
#include "jobs/judge/judging.hpp"
#include "jobs/judge/sample_judge.hpp"

namespace ruaudit::jobs {

inline constexpr char history_kind = 'H';  // of the frame that asks for a HistoryQuestion

struct JudgeSetup {
  JudgeWork work = JudgeWork::batch;
  std::string suffix_list_file{};
  std::string options{};  // BatchOptions, SampleOptions or CarrierOptions
};

}  // namespace ruaudit::jobs

namespace ruaudit::jobs::wire {

template <>
inline constexpr int enumerators<JudgeWork> = 3;
template <>
inline constexpr int fields<JudgeSetup> = 3;

template <>
inline constexpr int fields<verify::evaluate::Envelope> = 3;
template <>
inline constexpr int fields<verify::evaluate::Checks> = 4;
template <>
inline constexpr int enumerators<verify::dkim::Legacy> = 2;
template <>
inline constexpr int enumerators<verify::dkim::BodyPart> = 2;
template <>
inline constexpr int fields<BatchOptions> = 10;
template <>
inline constexpr int fields<BatchOrder> = 3;
template <>
inline constexpr int fields<BatchAnswer> = 2;

template <>
inline constexpr int enumerators<DnsOfSample> = 3;
template <>
inline constexpr int fields<SampleOptions> = 3;
template <>
inline constexpr int fields<store::StoredFailure> = 7;
template <>
inline constexpr int fields<FormerDns> = 2;
template <>
inline constexpr int fields<verify::failure::KnownBody> = 5;
template <>
inline constexpr int fields<SampleTask> = 4;
template <>
inline constexpr int fields<HistoryQuestion> = 3;
template <>
inline constexpr int fields<verify::failure::SourceHistory> = 9;
template <>
inline constexpr int fields<model::KeptSignature> = 8;
template <>
inline constexpr int fields<model::KeptAnswer> = 4;
template <>
inline constexpr int fields<model::KeptEvidenceLine> = 2;
template <>
inline constexpr int fields<model::FailureResult> = 26;
template <>
inline constexpr int fields<SampleFinding> = 3;

template <>
inline constexpr int enumerators<store::ReportSort> = 2;
template <>
inline constexpr int fields<NamePair> = 2;
template <>
inline constexpr int fields<CarrierOptions> = 4;
template <>
inline constexpr int fields<store::CarriedReport> = 7;
template <>
inline constexpr int fields<CarrierTask> = 4;
template <>
inline constexpr int fields<verify::authenticity::Decision> = 4;
template <>
inline constexpr int fields<CarrierFinding> = 5;

}  // namespace ruaudit::jobs::wire
