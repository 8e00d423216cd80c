// One mail that brought reports, judged: whether they are genuine. Its octets, what the reports say of themselves and
// the DNS answers kept enter, a decision for each report leaves. The octets are hostile. For several threads at once.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/carrier_check.hpp"
#include "verify/authenticity/decide.hpp"
#include "verify/dns/evidence.hpp"
#include "verify/dns/resolver.hpp"
#include "verify/evaluate/evaluate.hpp"
#include "verify/suffix/public_suffix_list.hpp"

namespace ruaudit::jobs {

struct NamePair {
  std::string one{}, other{};
};

struct CarrierOptions {
  std::int64_t now = 0;
  std::vector<std::string> trusted_hosts{};
  std::vector<NamePair> same{};  // domains of one organization
  bool may_ask = true;           // there is a resolver
};

struct CarrierTask {
  std::string octets{};
  std::vector<store::CarriedReport> reports{};
  std::optional<std::string> kept{};  // JSON: judged by these answers
  bool asks_again = false;            // judged by today's DNS too: what was proved once stays proved
};

struct CarrierFinding {
  std::vector<verify::authenticity::Decision> decisions{};  // one for each report
  std::string evidence{};                                   // of answers that were asked for now; empty: none were
  bool is_silent = false;
  bool is_unreadable = false;
  std::optional<model::Error> error{};  // that ends the run; then the rest means nothing
};

// A report that several mails brought has the best that one of them proves.
[[nodiscard]] int rank(model::Authenticity state);

class CarrierJudge {
 public:
  // `list` must outlive the object.
  CarrierJudge(const CarrierOptions& options, const verify::suffix::PublicSuffixList& list);

  // `resolver` may be null where all tasks have kept answers.
  CarrierFinding judge(const CarrierTask& task, verify::dns::Resolver* resolver) const;

 private:
  // Of a mail as one for people, and as one that carries TLS reports (RFC 8460 section 3).
  struct Evaluations {
    std::optional<verify::evaluate::MessageEvaluation> mail, tls;
  };
  model::Result<CarrierFinding> examine(const CarrierTask& task, verify::dns::Resolver* resolver) const;
  CarrierFinding by_dns(const CarrierTask& task, const verify::message::Message& message,
                        verify::dns::Resolver& resolver) const;
  Evaluations evaluate_with(const CarrierTask& task, const verify::message::Message& message, std::int64_t now,
                            verify::dns::Resolver& resolver) const;
  CarrierFinding decide(const CarrierTask& task, const verify::message::Message& message,
                        const Evaluations& done) const;
  CarrierFinding unreadable(const CarrierTask& task, const model::Error& error) const;

  CarrierOptions options_;
  verify::trace::Trust trust_;
  verify::authenticity::Rules rules_;
};

}  // namespace ruaudit::jobs
