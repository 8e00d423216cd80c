// The DMARC check of one message (RFC 9989 section 5.3, or RFC 7489 section 6.6): the From fields and the results of
// SPF and DKIM enter; the result, the policy published and applied, where it was found and the alignment of every
// identifier leave. An error of DNS is never a fail, and never a pass; what cannot be decided is temperror or permerror
// with a reason. DNS work is bounded: a tree walk of at most eight queries for the author and for each of max_walks
// identifiers that could be aligned with it.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/auth_result.hpp"
#include "model/record_check.hpp"
#include "verify/dmarc/author_domain.hpp"
#include "verify/dmarc/discovery.hpp"
#include "verify/dmarc/record.hpp"

namespace ruaudit::verify::dmarc {

// RFC 9989 section 9.2, and undecided: no result at all, since SPF was not checked and nothing else decides.
enum class DmarcResult : std::uint8_t { none, pass, fail, temperror, permerror, undecided };
enum class Mechanism : std::uint8_t { spf, dkim };
enum class PolicyTag : std::uint8_t { p, sp, np };

struct SpfIdentifier {
  model::SpfResult result = model::SpfResult::none;
  std::string domain{};  // of MAIL FROM; of HELO where the reverse path is null (RFC 7208 section 2.4)
  model::SpfScope scope = model::SpfScope::mfrom;
};

struct DkimIdentifier {
  model::DkimResult result = model::DkimResult::none;
  std::string domain{};  // d=
  std::string selector{};
  bool is_checked = true;  // false: as far as there is a mail it verifies, but its body is missing
};

struct Input {
  std::span<const std::string_view> from_values{};  // of every From field, top to bottom
  // A HELO identity counts under RFC 7489 only, and only with is_null_sender.
  std::vector<SpfIdentifier> spf{};
  std::vector<DkimIdentifier> dkim{};
  // False where client or sender is not known. RFC 9989 section 5.3.3 asks for the check; without it nothing fails.
  bool is_spf_checked = true;
  std::string unchecked_sender{};  // domain of MAIL FROM where SPF was not checked, if it is known
  bool is_null_sender = false;
};

struct Options {
  Rules rules = Rules::rfc9989;
  const suffix::PublicSuffixList* list = nullptr;  // needed for RFC 7489
  int sample = 0;                                  // 0..99: RFC 7489 applies the policy where sample < pct
  std::size_t max_identifiers = 100;
  std::size_t max_walks = 20;  // for identifiers; those that are authenticated come first
};

struct IdentifierAlignment {
  Mechanism mechanism = Mechanism::spf;
  std::string domain{};
  std::string selector{};  // of DKIM
  std::string result{};    // the mechanism's own result, as its wire token
  bool is_authenticated = false;
  bool is_checked = true;
  model::AlignmentMode mode = model::AlignmentMode::r;
  std::optional<model::Domain> organizational_domain{};  // where it had to be found
  model::Alignment alignment = model::Alignment::undecidable;
  std::string explanation{};
};

struct Reason {
  std::string code{};  // stable token
  std::string text{};
  bool operator==(const Reason&) const = default;
};

struct Evaluation {
  Rules rules = Rules::rfc9989;
  DmarcResult result = DmarcResult::none;
  Authors authors{};
  std::optional<model::Domain> author_domain{};
  std::optional<model::Domain> policy_domain{};          // where the record was found
  std::optional<model::Domain> organizational_domain{};  // of the author
  std::optional<Record> record{};
  std::optional<model::Policy> policy{};  // published for this author: p, sp or np
  std::optional<PolicyTag> policy_tag{};
  // What a message that fails gets: policy after t= or pct=. Absent where the policy is not known.
  std::optional<model::Policy> policy_after_options{};
  model::Policy applied = model::Policy::none;  // to this message: none unless it fails
  bool is_spf_aligned = false;                  // authenticated and aligned
  bool is_dkim_aligned = false;
  std::vector<IdentifierAlignment> identifiers{};  // in the order given, SPF first
  std::vector<DiscoveryStep> discovery{};
  std::vector<Reason> reasons{};
};

[[nodiscard]] Evaluation evaluate(const Input& input, const Options& options, dns::Resolver& resolver);

}  // namespace ruaudit::verify::dmarc

namespace ruaudit::model {

template <>
inline constexpr EnumText<verify::dmarc::DmarcResult> enum_table<verify::dmarc::DmarcResult>[] = {
    {verify::dmarc::DmarcResult::none, "none"},           {verify::dmarc::DmarcResult::pass, "pass"},
    {verify::dmarc::DmarcResult::fail, "fail"},           {verify::dmarc::DmarcResult::temperror, "temperror"},
    {verify::dmarc::DmarcResult::permerror, "permerror"}, {verify::dmarc::DmarcResult::undecided, "undecided"}};
template <>
inline constexpr EnumText<verify::dmarc::Mechanism> enum_table<verify::dmarc::Mechanism>[] = {
    {verify::dmarc::Mechanism::spf, "spf"}, {verify::dmarc::Mechanism::dkim, "dkim"}};
template <>
inline constexpr EnumText<verify::dmarc::PolicyTag> enum_table<verify::dmarc::PolicyTag>[] = {
    {verify::dmarc::PolicyTag::p, "p"}, {verify::dmarc::PolicyTag::sp, "sp"}, {verify::dmarc::PolicyTag::np, "np"}};

}  // namespace ruaudit::model
