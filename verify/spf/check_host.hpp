// SPF as a receiver evaluates it: check_host() of RFC 7208 with the changes of RFC 8616 for internationalized mail.
// One SMTP session and a Resolver enter, a CheckResult leaves: the result, the term that decided and the includes that
// led to it, every lookup used, the explanation, and reasons for people. Limits of section 4.6.4 are in Limits; the
// clock is a parameter. `temperror` and `permerror` are results, never Errors. Nothing is kept between calls; calls
// from several threads may share a Resolver (if it allows that) and a RecordCache.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/auth_result.hpp"
#include "model/enum_text.hpp"
#include "model/ip_address.hpp"
#include "model/result.hpp"
#include "verify/dns/resolver.hpp"
#include "verify/spf/record.hpp"

namespace ruaudit::verify::spf {

struct Limits {         // RFC 7208 section 4.6.4
  unsigned terms = 10;  // include, a, mx, ptr, exists, redirect in all records of one check
  unsigned void_lookups = 2;
  unsigned names = 10;  // hosts of one mx (more: permerror), names of one reverse lookup (more: ignored)
  std::int64_t seconds = 20;
};

struct Options {
  Limits limits{};
  std::string local_policy{};    // mechanisms tried before the final "all" or the default; empty = none
  std::string best_guess{};      // a whole record for domains that exist without one; empty = none
  RecordCache* cache = nullptr;  // not owned; null: every record is parsed each time
  dns::Clock clock{};            // for the limit of seconds; empty: the steady clock
};
// Error "spf-option" when local_policy or best_guess cannot be parsed: term and fault.
model::Result<void> validate(const Options& options);

struct Session {  // as SMTP had it
  model::IpAddress ip;
  std::string helo{};
  std::string mail_from{};  // with or without <>; empty: null sender
  std::string receiver{};   // host name of the checker for %{r}; empty: "unknown"
  std::int64_t time = 0;    // of the evaluation for %{t}, seconds since the epoch
};

struct Step {  // one include or redirect on the way to the deciding term
  std::string domain{};
  std::string term{};
  std::string target{};
  bool operator==(const Step&) const = default;
};

struct Decision {  // the term that decided, and whose record has it
  std::string domain{};
  std::string term{};
  bool operator==(const Decision&) const = default;
};

enum class PolicySource : std::uint8_t { published, local_policy, best_guess };
enum class ExplanationSource : std::uint8_t { none, standard, published };

enum class Problem : std::uint8_t {
  no_domain,                // 4.3: no mail domain: literal, single label, malformed
  no_such_domain,           // 4.3: NXDOMAIN
  no_record,                // 4.5
  several_records,          // 4.5
  syntax,                   // 4.6
  too_many_terms,           // 4.6.4
  too_many_voids,           // 4.6.4
  too_many_mx,              // 4.6.4
  too_slow,                 // 4.6.4
  dns_error,                // 4.4, 5
  include_without_record,   // 5.2
  redirect_without_record,  // 6.1
};

struct ProblemReport {  // why there is no answer: which record, which term
  Problem problem = Problem::no_record;
  std::string domain{};
  std::string record{};  // as published; may be empty
  std::string term{};    // may be empty
  std::string text{};    // a sentence for people
  bool operator==(const ProblemReport&) const = default;
};

struct LookupUse {
  std::string domain{};  // whose record asked; empty: the first lookup
  std::string term{};
  dns::Question question{};
  dns::Status status = dns::Status::other;
  bool is_void = false;
  bool operator==(const LookupUse&) const = default;
};

struct Lookups {
  unsigned terms = 0;  // of those that the limit of 10 counts
  unsigned voids = 0;
  std::vector<LookupUse> list{};  // every query, in order, at most max_listed
  bool operator==(const Lookups&) const = default;
};
inline constexpr std::size_t max_listed = 250;

struct CheckResult {
  model::SpfResult result = model::SpfResult::none;
  model::SpfScope scope = model::SpfScope::mfrom;
  bool is_null_sender = false;  // MAIL FROM was empty: postmaster@HELO was checked (section 2.4)
  std::string domain{};         // checked, A-labels
  std::string sender{};         // local-part@domain as the macros saw it
  std::string record{};         // of `domain`, as published; empty: none
  PolicySource policy = PolicySource::published;
  std::optional<Decision> decided_by{};
  std::vector<Step> path{};  // includes and redirects to decided_by or to the problem, outermost first
  std::optional<ProblemReport> problem{};
  std::string explanation{};  // only on fail
  ExplanationSource explanation_source = ExplanationSource::none;
  Lookups lookups{};
  std::string reason{};              // one sentence for people
  std::vector<std::string> notes{};  // e.g. why a local policy was not used
  bool operator==(const CheckResult&) const = default;
};

// Section 2.4: the domain of MAIL FROM; of HELO when it is empty.
CheckResult check_mail_from(const Session& session, dns::Resolver& resolver, const Options& options = {});
// Section 2.3: the HELO name, with postmaster as local part.
CheckResult check_helo(const Session& session, dns::Resolver& resolver, const Options& options = {});

}  // namespace ruaudit::verify::spf

namespace ruaudit::model {

template <>
inline constexpr EnumText<verify::spf::PolicySource> enum_table<verify::spf::PolicySource>[] = {
    {verify::spf::PolicySource::published, "published"},
    {verify::spf::PolicySource::local_policy, "local-policy"},
    {verify::spf::PolicySource::best_guess, "best-guess"}};

template <>
inline constexpr EnumText<verify::spf::ExplanationSource> enum_table<verify::spf::ExplanationSource>[] = {
    {verify::spf::ExplanationSource::none, "none"},
    {verify::spf::ExplanationSource::standard, "standard"},
    {verify::spf::ExplanationSource::published, "published"}};

template <>
inline constexpr EnumText<verify::spf::Problem> enum_table<verify::spf::Problem>[] = {
    {verify::spf::Problem::no_domain, "no-domain"},
    {verify::spf::Problem::no_such_domain, "no-such-domain"},
    {verify::spf::Problem::no_record, "no-record"},
    {verify::spf::Problem::several_records, "several-records"},
    {verify::spf::Problem::syntax, "syntax"},
    {verify::spf::Problem::too_many_terms, "too-many-terms"},
    {verify::spf::Problem::too_many_voids, "too-many-voids"},
    {verify::spf::Problem::too_many_mx, "too-many-mx"},
    {verify::spf::Problem::too_slow, "too-slow"},
    {verify::spf::Problem::dns_error, "dns-error"},
    {verify::spf::Problem::include_without_record, "include-without-record"},
    {verify::spf::Problem::redirect_without_record, "redirect-without-record"}};

}  // namespace ruaudit::model
