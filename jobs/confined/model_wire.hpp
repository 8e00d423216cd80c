// How many members those values have that cross the border for more than one kind of work (jobs/confined/wire.hpp).
#pragma once
#include "jobs/confined/wire.hpp"
#include "model/failure_report.hpp"
#include "model/result.hpp"
#include "verify/dns/resolver.hpp"

namespace ruaudit::jobs::wire {

template <>
inline constexpr int fields<model::Error> = 3;
template <>
inline constexpr int fields<model::Defect> = 4;
template <>
inline constexpr int fields<model::AuthFailureClaim> = 2;
template <>
inline constexpr int fields<model::ClaimedRecord> = 4;
template <>
inline constexpr int fields<model::NamedValue> = 2;
template <>
inline constexpr int fields<model::FailureClaims> = 29;
template <>
inline constexpr int fields<model::FailureReporter> = 7;
template <>
inline constexpr int fields<model::FailureSample> = 4;
template <>
inline constexpr int fields<model::Redaction> = 2;
template <>
inline constexpr int fields<model::FailureReport> = 8;
template <>
inline constexpr int fields<verify::dns::Question> = 2;
template <>
inline constexpr int fields<verify::dns::TxtRecord> = 1;
template <>
inline constexpr int fields<verify::dns::MxRecord> = 2;
template <>
inline constexpr int fields<verify::dns::TlsaRecord> = 4;
template <>
inline constexpr int fields<verify::dns::Answer> = 14;

template <class T>
std::string encoded(const T& value) {
  Output out;
  out.put(value);
  return out.take();
}

// Nothing where the octets are not those of such a value.
template <class T>
std::optional<T> decoded(std::string_view octets) {
  Input in(octets);
  T value{};
  in.get(value);
  return in.is_good() && in.is_at_end() ? std::optional(std::move(value)) : std::nullopt;
}

}  // namespace ruaudit::jobs::wire
