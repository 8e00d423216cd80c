// One failure report looked into: the sample is judged at its own time as a receiver would (verify/evaluate), each
// signature is asked what broke it, and the facts for the conclusion are collected. A FailureReport, the octets to
// verify, the source's history and a Resolver enter; an Examination leaves. Every question goes through that resolver,
// so that a recording one sees all and a recorded one can replay it. Safe for several threads over one Resolver and
// one Caches.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/failure_report.hpp"
#include "verify/evaluate/evaluate.hpp"
#include "verify/failure/conclusion.hpp"
#include "verify/failure/sample_facts.hpp"
#include "verify/failure/signature_facts.hpp"

namespace ruaudit::verify::failure {

struct ExamineOptions {
  std::int64_t now = 0;                            // where neither report nor sample tell a time
  const suffix::PublicSuffixList* list = nullptr;  // for RFC 7489; without it RFC 9989 alone
  std::vector<KnownBody> bodies{};                 // in the order of the signatures; used where the body is missing
  std::optional<bool> arc_passed{};                // the same of the ARC chain
};

struct SignatureRecord {       // what lets b= be checked again without the mail
  std::string value{};         // of the field
  std::string header_input{};  // the canonical octets that b= signs; empty: the signature cannot be read
  std::string body_hash{};     // computed; empty: the body is not there
};

struct Examination {
  evaluate::MessageEvaluation evaluation{};
  SampleFacts facts{};
  std::vector<Change> changes{};
  std::vector<SignatureRecord> signatures{};  // as facts.signatures
};

// The time a sample is judged by: Arrival-Date, else the topmost Received of the sample, else the report's Date.
[[nodiscard]] std::optional<std::int64_t> time_of_sample(const model::FailureReport& report);

// `octets`: the sample as repaired for verification (model::repaired_sample); empty: there is none. The history is the
// caller's to add to facts.history before conclude().
[[nodiscard]] Examination examine(const model::FailureReport& report, std::string_view octets,
                                  const ExamineOptions& options, dns::Resolver& resolver, evaluate::Caches& caches);

// The names that a history is looked up by: header_from and source; nothing where either is not known.
struct HistoryKey {
  std::string header_from;
  model::IpAddress source;
};
[[nodiscard]] std::optional<HistoryKey> history_key(const SampleFacts& facts);

}  // namespace ruaudit::verify::failure
