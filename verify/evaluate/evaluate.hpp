// One mail as its receiver would judge it: SPF of its envelope, every DKIM signature, the ARC chain, and DMARC by the
// rules asked for, beside the other RFC's result where that differs. A message, an envelope and a Resolver enter, a
// MessageEvaluation leaves; nothing is decided here that the protocols' own folders do not decide. What is not known of
// the envelope is taken from the mail's trusted trace fields, and the result says from which. Safe for several threads
// over one Resolver and one Caches.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "verify/arc/chain.hpp"
#include "verify/dkim/verifier.hpp"
#include "verify/dmarc/evaluation.hpp"
#include "verify/message/message.hpp"
#include "verify/spf/check_host.hpp"
#include "verify/spf/record.hpp"
#include "verify/srs/srs.hpp"
#include "verify/suffix/public_suffix_list.hpp"
#include "verify/trace/session_facts.hpp"

namespace ruaudit::verify::evaluate {

struct Envelope {  // as the caller knows it; what is absent comes from the trace fields
  std::optional<model::IpAddress> ip{};
  std::optional<std::string> helo{};
  std::optional<std::string> mail_from{};  // empty: null sender, also where only `helo` is given and the mail has none
};

struct Checks {
  bool spf = true;
  bool dkim = true;
  bool arc = true;
  bool dmarc = true;  // needs SPF and DKIM: they are made for it even where they are not asked for
};

struct Caches {  // shared by evaluations; both are safe for several threads
  dkim::KeyCache keys{};
  spf::RecordCache spf_records{};
};

struct Options {
  std::optional<std::int64_t> at{};  // seconds since the epoch; absent: the arrival in the trace, else `now`
  std::int64_t now = 0;
  Checks checks{};
  dmarc::Rules rules = dmarc::Rules::rfc9989;
  dkim::Legacy legacy = dkim::Legacy::refuse;
  dkim::BodyPart body = dkim::BodyPart::present;
  dkim::Service service = dkim::Service::email;
  std::string spf_local{};  // --spf-local
  std::string spf_guess{};  // --spf-guess
  std::string receiver{};   // host name for the macro %{r}
  trace::Trust trust{};
  const suffix::PublicSuffixList* list = nullptr;  // for RFC 7489; without it only RFC 9989 is evaluated
};

enum class TimeSource : std::uint8_t { given, trace, now };

struct MessageEvaluation {
  std::int64_t at = 0;  // the time everything was judged by
  TimeSource at_source = TimeSource::now;
  Envelope given{};             // what the caller knew
  trace::SessionFacts facts{};  // what the trace fields say
  std::optional<model::IpAddress> ip{};
  std::string helo{};
  std::optional<std::string> mail_from{};  // absent: not known
  srs::Rewrite rewrite{};
  bool is_first_field_readable = true;  // message::Message::is_first_readable
  // Of MAIL FROM; absent: not asked for, or not checked, since client or sender is not known. RFC 7208 section 2.6.1:
  // that is not `none`.
  std::optional<spf::CheckResult> spf{};
  std::optional<spf::CheckResult> spf_published{};  // where a local or best-guess policy decided `spf`: what the
                                                    // published record alone says, and DMARC counts
  std::optional<spf::CheckResult> spf_helo{};       // of HELO, where it is known
  std::optional<dkim::Verification> dkim{};
  std::optional<arc::Chain> arc{};
  std::optional<dmarc::Evaluation> dmarc{};
  std::optional<dmarc::Evaluation> dmarc_other{};  // by the other RFC, only where the outcome differs
  std::vector<model::Defect> repairs{};            // of the message before it was verified
};

// `message` may be null when only SPF is asked for.
[[nodiscard]] MessageEvaluation evaluate(const message::Message* message, const Envelope& envelope,
                                         const Options& options, dns::Resolver& resolver, Caches& caches);

// Whether two DMARC evaluations lead to another result, policy or disposition.
[[nodiscard]] bool differs(const dmarc::Evaluation& a, const dmarc::Evaluation& b);

}  // namespace ruaudit::verify::evaluate

template <>
inline constexpr ruaudit::model::EnumText<ruaudit::verify::evaluate::TimeSource>
    ruaudit::model::enum_table<ruaudit::verify::evaluate::TimeSource>[] = {
        {ruaudit::verify::evaluate::TimeSource::given, "given"},
        {ruaudit::verify::evaluate::TimeSource::trace, "trace"},
        {ruaudit::verify::evaluate::TimeSource::now, "now"}};
