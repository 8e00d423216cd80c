// What each flag of the corpus' MANIFEST-aggregate.tsv is for this program: a Defect code, an error, or not a defect.
// The flags' meaning was inferred from the files. Used by the conformance tests of the parser and of the whole path.
#pragma once
#include <charconv>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/defect.hpp"

namespace ruaudit::test {

enum class FlagIs { defect, not_a_defect, error, of_the_container };

struct FlagRule {
  std::string_view flag;
  bool is_prefix;  // flags that carry a value
  FlagIs is;
  std::string_view code;     // of the Defect; several rules of one flag add up
  std::string_view detail;   // "*" = any, else the exact detail
  std::size_t per_flag = 1;  // Defects for one flag
  std::string_view remark = {};
};

inline constexpr FlagRule flag_rules[] = {
    {"bom", false, FlagIs::not_a_defect, "", "", 0, "one byte order mark is legal"},
    {"no-xml-decl", false, FlagIs::not_a_defect, "", "", 0, "optional in XML 1.0"},
    {"no-version", false, FlagIs::not_a_defect, "", "", 0, "optional in RFC 9990"},
    {"no-envelope_from", false, FlagIs::not_a_defect, "", "", 0, "optional in RFC 9990; NULL"},
    {"no-selector", false, FlagIs::not_a_defect, "", "", 0, "optional in RFC 7489; NULL"},
    {"no-spf", false, FlagIs::not_a_defect, "", "", 0, "optional in RFC 9990; no result"},
    {"multi-spf", false, FlagIs::not_a_defect, "", "", 0, "allowed by RFC 7489; all kept"},
    {"envelope_to", false, FlagIs::not_a_defect, "", "", 0, "RFC 9990 and drafts; kept"},
    {"pp-no-sp", false, FlagIs::not_a_defect, "", "", 0, "optional in RFC 9990; NULL"},
    {"pp-no-pct", false, FlagIs::not_a_defect, "", "", 0, "gone in RFC 9990; NULL"},
    {"pp-no-adkim", false, FlagIs::not_a_defect, "", "", 0, "optional; NULL, means relaxed"},
    {"pp-no-aspf", false, FlagIs::not_a_defect, "", "", 0, "optional; NULL, means relaxed"},
    {"pp-fo", false, FlagIs::not_a_defect, "", "", 0, "kept"},
    {"pp-np", false, FlagIs::not_a_defect, "", "", 0, "kept"},
    {"pp-testing", false, FlagIs::not_a_defect, "", "", 0, "kept"},
    {"pp-discovery_method", false, FlagIs::not_a_defect, "", "", 0, "kept"},
    {"ns=urn:ietf:params:xml:ns:dmarc-2.0", false, FlagIs::not_a_defect, "", "", 0, "the namespace of RFC 9990"},
    {"ns=http//", true, FlagIs::defect, "unknown-namespace", "*"},
    {"zip-empty-entry-name", false, FlagIs::of_the_container, "", "", 0, "told while unpacking"},
    {"root=", true, FlagIs::error, "wrong-root", "", 0},
    {"pp-empty-sp", false, FlagIs::defect, "empty-sp", "*"},
    {"pp-rf", false, FlagIs::defect, "vendor-element", "rf: *"},
    {"pp-ri", false, FlagIs::defect, "vendor-element", "ri: *"},
    {"no-email", false, FlagIs::defect, "no-email", "*"},
    {"report_metadata x0", false, FlagIs::defect, "no-report-metadata", "*"},
    {"policy_published x0", false, FlagIs::defect, "no-policy-published", "*"},
    {"no-record", false, FlagIs::defect, "no-record", "*"},
    {"no-identifiers", false, FlagIs::defect, "identities-alias", "*", 1, "all five files say identities; per record"},
    {"date=/", false, FlagIs::defect, "no-date", "*", 2, "begin and end"},
    {"date=1", true, FlagIs::defect, "date-fraction", "*", 2, "begin and end"},
    {"end==begin", false, FlagIs::defect, "zero-length-period", "*"},
    {"span=", true, FlagIs::defect, "long-period", "*"},
    {"empty-ip", false, FlagIs::defect, "no-source-ip", "*"},
    {"count<=0", false, FlagIs::defect, "count-zero", "*"},
    {"invalid-utf8", false, FlagIs::defect, "not-utf8", "*"},
    {"reason=", false, FlagIs::defect, "empty-reason", "*"},
    {"disposition=", false, FlagIs::defect, "disposition-unknown", ""},
    {"disposition=None", false, FlagIs::defect, "letter-case", "disposition: None"},
    {"disposition=pass", false, FlagIs::not_a_defect, "", "", 0, "the one report that has it follows RFC 9990"},
    {"pe.dkim=", false, FlagIs::defect, "dkim-evaluated-unknown", ""},
    {"pe.spf=", false, FlagIs::defect, "spf-evaluated-unknown", ""},
    {"pe.dkim=None", false, FlagIs::defect, "dkim-evaluated-missing", "*", 1, "None is the manifest's word for absent"},
    {"pe.spf=None", false, FlagIs::defect, "spf-evaluated-missing", "*", 1, "None is the manifest's word for absent"},
    {"pe.dkim=Pass", false, FlagIs::defect, "letter-case", "policy_evaluated/dkim: Pass"},
    {"pe.spf=Pass", false, FlagIs::defect, "letter-case", "policy_evaluated/spf: Pass"},
    {"pe.spf=none", false, FlagIs::defect, "spf-evaluated-mapped", "none"},
    {"pe.spf=softfail", false, FlagIs::defect, "spf-evaluated-mapped", "softfail"},
    {"dkim.result=", false, FlagIs::defect, "empty-dkim", "*"},
    {"dkim.result=", false, FlagIs::defect, "dkim-result-unknown", ""},
    {"dkim.result=unknown", false, FlagIs::defect, "dkim-result-unknown", "unknown"},
    {"dkim.result=invalid", false, FlagIs::defect, "dkim-result-mapped", "invalid"},
    {"dkim.result=Pass", false, FlagIs::defect, "letter-case", "dkim/result: Pass"},
    {"dkim.domain-empty", false, FlagIs::defect, "empty-dkim", "*"},
    {"dkim.domain-empty", false, FlagIs::defect, "empty-dkim-domain", "*"},
    {"spf.result=", false, FlagIs::defect, "spf-result-unknown", ""},
    {"spf.result=unknown", false, FlagIs::defect, "spf-result-mapped", "unknown"},
    {"spf.result=hardfail", false, FlagIs::defect, "spf-result-mapped", "hardfail"},
    {"spf.result=Pass", false, FlagIs::defect, "letter-case", "spf/result: Pass"},
    {"spf.domain-empty", false, FlagIs::defect, "empty-spf-domain", "*"},
};

inline bool detail_matches(std::string_view pattern, std::string_view detail) {
  if (pattern.ends_with('*')) return detail.starts_with(pattern.substr(0, pattern.size() - 1));
  return detail == pattern;
}

// The flags column, "a,b*3" -> {a: 1, b: 3}.
inline std::map<std::string, std::size_t> parse_flags(std::string_view column) {
  std::map<std::string, std::size_t> flags;
  while (!column.empty()) {
    const auto comma = column.find(',');
    std::string_view flag = column.substr(0, comma);
    column = comma == std::string_view::npos ? std::string_view{} : column.substr(comma + 1);
    std::size_t times = 1;
    if (const auto star = flag.rfind('*'); star != std::string_view::npos) {
      std::from_chars(flag.data() + star + 1, flag.data() + flag.size(), times);
      flag = flag.substr(0, star);
    }
    flags[std::string(flag)] += times;
  }
  return flags;
}

inline bool rule_is_for(const FlagRule& rule, std::string_view flag) {
  return rule.is_prefix ? flag.starts_with(rule.flag) : flag == rule.flag;
}

// Every difference between the flags of a file and its Defects, as text; empty when they agree.
inline std::vector<std::string> compare_flags(std::string_view column, const std::vector<model::Defect>& defects) {
  std::vector<std::string> differences;
  const auto flags = parse_flags(column);
  for (const auto& [flag, times] : flags) {
    bool is_known = false;
    for (const FlagRule& rule : flag_rules) is_known = is_known || rule_is_for(rule, flag);
    if (!is_known) differences.push_back("flag without a rule: " + flag);
  }
  std::map<std::string_view, std::size_t> want;
  std::map<std::string_view, std::size_t> got;
  for (const FlagRule& rule : flag_rules) {
    if (rule.is != FlagIs::defect) continue;
    std::size_t times = 0;
    for (const auto& [flag, n] : flags)
      if (rule_is_for(rule, flag)) times += n;
    want[rule.flag] = times * rule.per_flag;
    for (const auto& defect : defects)
      if (defect.code == rule.code && detail_matches(rule.detail, defect.detail)) ++got[rule.flag];
  }
  for (const auto& [flag, times] : want)
    if (got[flag] != times)
      differences.push_back(std::string(flag) + ": want " + std::to_string(times) + " got " +
                            std::to_string(got[flag]));
  return differences;
}

}  // namespace ruaudit::test
