// Whether a report comes from whom it says: what it claims and what its mail proves (carrier.hpp) enter, one Decision
// leaves. The rules, in order, are docs/authenticity.md. Pure and total; nothing unknown becomes authenticated, and a
// key that is gone or DNS that is silent becomes indeterminate, never unauthenticated.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "model/enum_text.hpp"
#include "model/facts/summary_facts.hpp"
#include "verify/authenticity/carrier.hpp"
#include "verify/suffix/public_suffix_list.hpp"

namespace ruaudit::verify::authenticity {

struct Claims {  // as the report and its mail write them; each may be empty
  std::string org_name{};
  std::string email{};      // report_metadata/email, with or without a display name
  std::string file_name{};  // submitter!policy-domain!begin!end.xml.gz
  std::string subject{};    // "Report Domain: d Submitter: s Report-ID: <id>"
};

enum class Reason : std::uint8_t {
  proved,         // authenticated
  other_domain,   // the mail is another's
  name_mismatch,  // it is the e-mail's or the submitter's, but org_name is another domain
  not_aligned,    // authenticated as a domain that its own From is not of
  broken,         // signed, and the signature does not verify
  unsigned_mail,  // nothing authenticates it
  no_author,      // From holds no domain, or several
  key_gone,       // indeterminate
  dns_failure,    // indeterminate; may be asked again
};

struct Decision {
  model::Authenticity state = model::Authenticity::unchecked;
  Reason reason = Reason::unsigned_mail;
  std::string authenticated_as{};  // the domain; only where state is authenticated
  std::string text{};              // one sentence
  bool operator==(const Decision&) const = default;
};

// Domains of one organization that the suffix list cannot join, beyond the documented ones.
struct SameOrganization {
  model::Domain one, other;
};

struct Rules {
  const suffix::PublicSuffixList& list;
  std::vector<SameOrganization> same{};
};

[[nodiscard]] Decision decide(const Claims& claims, const Carrier& carrier, const Rules& rules);

}  // namespace ruaudit::verify::authenticity

namespace ruaudit::model {

template <>
inline constexpr EnumText<verify::authenticity::Means> enum_table<verify::authenticity::Means>[] = {
    {verify::authenticity::Means::dkim, "dkim"},
    {verify::authenticity::Means::spf, "spf"},
    {verify::authenticity::Means::arc, "arc"},
    {verify::authenticity::Means::authentication_results, "authentication-results"}};

template <>
inline constexpr EnumText<verify::authenticity::Reason> enum_table<verify::authenticity::Reason>[] = {
    {verify::authenticity::Reason::proved, "proved"},
    {verify::authenticity::Reason::other_domain, "other-domain"},
    {verify::authenticity::Reason::name_mismatch, "name-mismatch"},
    {verify::authenticity::Reason::not_aligned, "not-aligned"},
    {verify::authenticity::Reason::broken, "broken"},
    {verify::authenticity::Reason::unsigned_mail, "unsigned"},
    {verify::authenticity::Reason::no_author, "no-author"},
    {verify::authenticity::Reason::key_gone, "key-gone"},
    {verify::authenticity::Reason::dns_failure, "dns-failure"}};

}  // namespace ruaudit::model
