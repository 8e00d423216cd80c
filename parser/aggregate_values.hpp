// The values of aggregate reports, one pure function per kind: raw text in, normalised value and Defect code out. An
// empty code means that the text was clean. Texts arrive trimmed. Nothing unknown becomes a known value.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/auth_result.hpp"
#include "model/ip_address.hpp"

namespace ruaudit::parser {

template <class T>
struct Parsed {
  T value;
  std::string_view defect;  // a code of docs/defects.md, or empty
};

std::string_view trim_blanks(std::string_view text);
// Without the blanks around it, those of Unicode included.
inline std::string_view trimmed(std::string_view text) {
  const bool is_clean = !text.empty() && text.front() > ' ' && text.back() > ' ';
  return is_clean ? text : trim_blanks(text);
}
// True where trimming took away blanks beyond ASCII. trimmed_text is a part of text.
bool has_odd_blanks(std::string_view text, std::string_view trimmed_text);
// The front of text, at most max octets, never half a UTF-8 character.
std::string_view cut_text(std::string_view text, std::size_t max);

Parsed<model::Disposition> parse_disposition(std::string_view text);
Parsed<model::DkimResult> parse_dkim_result(std::string_view text);
Parsed<model::SpfResult> parse_spf_result(std::string_view text);
Parsed<model::SpfScope> parse_spf_scope(std::string_view text);
Parsed<model::AlignedResult> parse_evaluated_dkim(std::string_view text);
Parsed<model::AlignedResult> parse_evaluated_spf(std::string_view text);
Parsed<model::OverrideType> parse_override_type(std::string_view text);
Parsed<model::Policy> parse_policy(std::string_view text);
Parsed<model::AlignmentMode> parse_alignment_mode(std::string_view text);
Parsed<model::DiscoveryMethod> parse_discovery_method(std::string_view text);
Parsed<std::optional<bool>> parse_testing(std::string_view text);
Parsed<std::optional<std::int64_t>> parse_pct(std::string_view text);

// 0..model::max_count; also in the notations of plain_number.hpp.
Parsed<std::optional<std::int64_t>> parse_count(std::string_view text);
// The one address in text: with brackets, an IPv6: prefix, a port, a zone, a prefix length, punctuation or words
// around.
Parsed<std::optional<model::IpAddress>> parse_source_ip(std::string_view text);

// Writes text into out and returns true where text is a domain name in its normal form already: the usual case.
bool assign_clean_domain(std::string_view text, std::string& out);
// Writes the name in the form of model::Domain into out, or, where it is not a domain name, as it arrived (at most 500
// octets). Returns the code.
std::string_view parse_domain(std::string_view text, std::string& out);
// The entry of a list of names (`a, b`) that equals policy_domain or lies below it, else the first.
std::string_view choose_from_list(std::string_view list, std::string_view policy_domain);

}  // namespace ruaudit::parser
