// SMTP TLS reports and other JSON: members that RFC 8460 section 4.4 defines keep their names and what machines write
// in them, with the local parts of addresses hashed; any other name or text is people's. Everything else stays in its
// place, so that what was wrong with the text still is.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <vector>

#include "jobs/anonymise/anonymiser.hpp"
#include "jobs/anonymise/harmless.hpp"
#include "mail/header_field.hpp"
#include "model/ascii.hpp"
#include "model/tls_report.hpp"

namespace ruaudit::jobs {
namespace {

using Json = nlohmann::json;

enum class Member : std::uint8_t { other, structure, plain, id, policy, host, token, contact, words_of_machines };

struct MemberRule {
  std::string_view name;
  Member kind;
};
constexpr std::array members = {MemberRule{"organization-name", Member::plain},
                                MemberRule{"date-range", Member::structure},
                                MemberRule{"start-datetime", Member::words_of_machines},
                                MemberRule{"end-datetime", Member::words_of_machines},
                                MemberRule{"contact-info", Member::contact},
                                MemberRule{"report-id", Member::id},
                                MemberRule{"policies", Member::structure},
                                MemberRule{"policy", Member::structure},
                                MemberRule{"policy-type", Member::token},
                                MemberRule{"policy-string", Member::policy},
                                MemberRule{"policy-domain", Member::host},
                                MemberRule{"mx-host", Member::host},
                                MemberRule{"mx-host-pattern", Member::host},
                                MemberRule{"summary", Member::structure},
                                MemberRule{"total-successful-session-count", Member::words_of_machines},
                                MemberRule{"total-failure-session-count", Member::words_of_machines},
                                MemberRule{"failure-details", Member::structure},
                                MemberRule{"result-type", Member::token},
                                MemberRule{"sending-mta-ip", Member::words_of_machines},
                                MemberRule{"receiving-ip", Member::words_of_machines},
                                MemberRule{"receiving-mx-hostname", Member::host},
                                MemberRule{"receiving-mx-helo", Member::host},
                                MemberRule{"failed-session-count", Member::words_of_machines},
                                MemberRule{"failure-reason-code", Member::words_of_machines},
                                MemberRule{"failure-error-code", Member::words_of_machines},
                                MemberRule{"additional-information", Member::other}};

// Kinds of policies and of failures (RFC 8460 sections 4.3 and 4.4), and one that reporters made up.
bool is_tls_word(std::string_view text) {
  return model::parse_enum<model::TlsPolicyType>(text) || model::parse_enum<model::TlsResultType>(text) ||
         text == "sts-policy-fetch-failure";
}

const MemberRule* rule_of(std::string_view name) {
  const auto* const found = std::find_if(members.begin(), members.end(),
                                         [&](const MemberRule& one) { return ascii::equal_folded(one.name, name); });
  return found == members.end() ? nullptr : found;
}

bool is_host_pattern(std::string_view text, const store::Redactor& redactor) {
  return is_host_name(text.starts_with("*.") ? text.substr(2) : text, redactor);
}

// A line of an MTA-STS policy (RFC 8461 section 3.2), or the fields of a TLSA record.
std::string policy_line(std::string_view text, const store::Redactor& redactor) {
  constexpr std::array<std::string_view, 4> keys = {"version", "mode", "mx", "max_age"};
  constexpr std::array<std::string_view, 4> values = {"STSv1", "enforce", "testing", "none"};
  const auto colon = text.find(':');
  const auto value = ingest::trimmed(text.substr(std::min(colon, text.size() - 1) + 1));
  const bool is_known = colon != std::string_view::npos && is_listed(ingest::trimmed(text.substr(0, colon)), keys);
  const bool is_hex = text.find_first_not_of("0123456789abcdefABCDEF ") == std::string_view::npos;
  if (is_hex || (is_known && (is_listed(value, values) || is_host_pattern(value, redactor)))) return std::string(text);
  return is_known ? std::string(text.substr(0, colon + 1)) + redactor.masked(text.substr(colon + 1))
                  : redactor.masked(text);
}

std::string changed(std::string_view text, Member kind, const store::Redactor& redactor) {
  if (kind == Member::plain) return redactor.addresses(text);
  if (kind == Member::id && text.find(' ') == std::string_view::npos) return redactor.addresses(text);
  if (kind == Member::id) return redactor.masked(text);
  if (kind == Member::policy) return policy_line(text, redactor);
  if (kind == Member::host) return is_host_pattern(text, redactor) ? redactor.addresses(text) : redactor.masked(text);
  if (kind == Member::token) return is_tls_word(text) ? std::string(text) : redactor.words(text);
  if (kind == Member::words_of_machines) return redactor.masked(text);
  return kind == Member::contact ? people(text, redactor) : redactor.words(text);
}

// A string with its quotes; where nothing in it changes it stays as it was written.
std::string changed_token(std::string_view token, Member kind, const store::Redactor& redactor) {
  const auto value = Json::parse(token, nullptr, false);
  if (!value.is_string()) return redactor.words(token);
  const auto& text = value.get_ref<const std::string&>();
  const std::string now = changed(text, kind, redactor);
  return now == text ? std::string(token) : Json(now).dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Of what kind a value is: that of its member; of an element that of its list. What follows a list or an object is of
// the kind that held before it.
class Nesting {
 public:
  void pass(std::string_view marks) {  // what stands between two strings
    for (const char c : marks) pass(c);
  }
  void name(Member kind) { kind_ = kind; }
  [[nodiscard]] Member kind() const { return kind_; }

 private:
  struct Outer {
    Member kind;
    bool is_object;
  };
  void pass(char c) {
    if (c == '{' || c == '[') outer_.push_back({kind_, c == '{'});
    if (c == '}' || c == ']') {
      kind_ = outer_.empty() ? Member::other : outer_.back().kind;
      if (!outer_.empty()) outer_.pop_back();
    }
    const bool is_in_list = !outer_.empty() && !outer_.back().is_object;
    if (c == '{' || (c == ',' && !is_in_list)) kind_ = Member::other;
  }
  Member kind_ = Member::other;
  std::vector<Outer> outer_;
};

// After the string that begins at `at`, at the latest at the end of the text.
std::size_t string_end(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at)
    if (text[at] == '\\') ++at;
  return std::min(at + 1, text.size());
}

}  // namespace

std::string Anonymiser::json(std::string_view text) {
  ++counts_.texts;
  std::string out;
  Nesting nesting;
  for (std::size_t at = 0; at < text.size();) {
    const auto open = std::min(text.find('"', at), text.size());
    nesting.pass(text.substr(at, open - at));
    out += redactor_.masked(text.substr(at, open - at));
    if (open == text.size()) break;
    at = string_end(text, open);
    const auto token = text.substr(open, at - open);
    const auto next = std::min(text.find_first_not_of(" \t\r\n", at), text.size());
    if (text.substr(next, 1) != ":") {
      out += changed_token(token, nesting.kind(), redactor_);
      continue;
    }
    const auto* const rule = token.size() < 2 ? nullptr : rule_of(token.substr(1, token.size() - 2));
    nesting.name(rule == nullptr ? Member::other : rule->kind);
    out += rule == nullptr ? changed_token(token, Member::other, redactor_) : std::string(token);
  }
  return out;
}

}  // namespace ruaudit::jobs
