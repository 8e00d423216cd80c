#include <algorithm>
#include <ctime>

#include "assess/records/text.hpp"
#include "assess/records/transport.hpp"
#include "model/ascii.hpp"

namespace ruaudit::assess::records {
namespace {

constexpr std::string_view version = "v=STSv1";
constexpr std::uint64_t longest_age = 31'557'600, least_age = 86'400, usual_age = 1'209'600;  // RFC 8461 section 3.2

bool is_id(std::string_view id) {
  return !id.empty() && id.size() <= 32 && std::all_of(id.begin(), id.end(), ascii::is_letter_or_digit);
}

// RFC 8461 section 3.1: what does not begin with "v=STSv1;" is discarded.
bool is_accepted(std::string_view text) {
  if (!text.starts_with(version)) return false;
  const auto rest = trim(text.substr(version.size()));
  return rest.empty() || rest.front() == ';';
}
bool is_meant(std::string_view text) {
  return ascii::lower(without(text.substr(0, 60), " \t\"\\")).find("stsv") != std::string::npos;
}

class Record {
 public:
  Record(const Inquiry& inquiry, Answers& answers)
      : inquiry_(inquiry), name_("_mta-sts." + inquiry.domain.text()), answers_(answers) {}

  Findings run(bool takes_mail) {
    const auto answer = answers_.query(name_, dns::RecordType::TXT);
    if (answer.is_temporary_error()) {
      findings_.push_back(found("dns-error", Severity::info, at_name(name_), "the MTA-STS record was looked up here"));
      return std::move(findings_);
    }
    std::vector<std::string> texts, accepted;
    for (const auto& text : texts_of(answer)) {
      if (is_accepted(text)) accepted.push_back(text);
      if (is_accepted(text) || is_meant(text)) texts.push_back(text);
    }
    is_published_ = !texts.empty();
    if (accepted.size() > 1)
      add("sts-multiple", at_name(name_), std::to_string(accepted.size()) + " records");
    else if (accepted.size() == 1)
      judge(accepted.front());
    else if (!texts.empty())
      bad_version(texts.front());
    else if (takes_mail)
      add("sts-missing", at_name(name_),
          inquiry_.tls_reports.last_policy_day.empty()
              ? std::string()
              : "yet senders saw a policy, the last on " + inquiry_.tls_reports.last_policy_day);
    offer_fix(accepted.empty() ? texts : accepted);
    return std::move(findings_);
  }
  [[nodiscard]] bool is_published() const { return is_published_; }

 private:
  void add(std::string_view code, Place place, std::string detail) {
    findings_.push_back(found(code, std::move(place), std::move(detail)));
  }

  void bad_version(const std::string& text) {
    const auto at = ascii::lower(text).find("stsv");
    const auto begin = text.substr(0, at).find_last_of("vV");
    const auto from = begin == std::string::npos ? at : begin;
    const auto end = std::min(text.size(), text.find_first_of(" \t;,\"", at));
    add("sts-syntax", at_part(name_, text, from, end - from), "it must begin with v=STSv1 and a semicolon");
  }

  void judge(const std::string& text) {
    const auto tags = split_tags(text);
    if (text.find(';') == std::string::npos)
      return add("sts-syntax", at_part(name_, text, 0, version.size()), "a semicolon is missing");
    const TagPiece* id = nullptr;
    for (std::size_t i = 1; i < tags.size(); ++i) {
      const auto& tag = tags[i];
      const auto place = at_part(name_, text, tag.whole.begin, tag.whole.text.size());
      const auto equals = tag.whole.text.find('=');
      if (!tag.has_equals) return add("sts-syntax", place, "there is no \"=\"");
      if (tag.name.size() != equals || tag.whole.text.substr(equals + 1) != tag.value)
        return add("sts-syntax", place, "no blank is allowed around \"=\"");
      if (tag.name != "id") continue;
      if (id != nullptr) return add("sts-syntax", place, "id occurs twice");
      id = &tag;
    }
    if (id == nullptr) return add("sts-id", at_name(name_), "id is missing");
    if (!is_id(id->value))
      add("sts-id", at_part(name_, text, id->whole.begin, 3),
          "\"" + std::string(id->value) + "\" is not 1 to 32 letters and digits");
  }

  void offer_fix(const std::vector<std::string>& texts) {
    std::string id;
    for (const auto& text : texts) {
      const auto at = ascii::lower(text).find("id");
      for (std::size_t i = at == std::string::npos ? text.size() : at + 2; i < text.size() && id.size() < 32; ++i) {
        if (ascii::is_letter_or_digit(text[i]))
          id += text[i];
        else if (!id.empty() && text[i] == ';')
          break;
      }
      if (!id.empty()) break;
    }
    if (id.empty()) id = today();
    for (auto& finding : findings_)
      if (finding.code.starts_with("sts-") && finding.severity == Severity::error)
        finding.fix = Fix{"v=STSv1; id=" + id + ";", name_};
  }
  [[nodiscard]] std::string today() const {
    const std::time_t now = inquiry_.now;
    std::tm parts{};
    std::string text(20, '\0');
    if (gmtime_r(&now, &parts) == nullptr) return "1";
    text.resize(std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &parts));
    return without(text, "Z");
  }

  const Inquiry& inquiry_;
  std::string name_;
  Answers& answers_;
  Findings findings_;
  bool is_published_ = false;
};

// ---- the policy file, RFC 8461 section 3.2

bool is_pattern(std::string_view pattern) {
  if (pattern.starts_with("*.")) pattern.remove_prefix(2);
  return pattern.find('.') != std::string_view::npos && pattern.find('*') == std::string_view::npos &&
         model::Domain::parse(pattern).has_value();
}

// RFC 8461 section 4.1: "*." stands for exactly one label.
bool matches(std::string_view host, std::string_view pattern) {
  if (!pattern.starts_with("*.")) return ascii::equal_folded(host, pattern);
  const auto dot = host.find('.');
  return dot != std::string_view::npos && ascii::equal_folded(host.substr(dot + 1), pattern.substr(2));
}

struct Policy {
  std::vector<std::string> versions{}, modes{}, ages{}, patterns{};
  std::string fault{};  // of a line
};

Policy read_policy(std::string_view text) {
  Policy policy;
  for (const auto& piece : split(text, '\n')) {
    auto line = piece.text;
    if (line.ends_with('\r')) line = trim(line.substr(0, line.size() - 1));
    if (line.empty()) continue;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) {
      policy.fault = "a line is no \"key: value\": " + std::string(line.substr(0, 60));
      continue;
    }
    const auto key = line.substr(0, colon);
    const auto value = std::string(trim(line.substr(colon + 1)));
    if (key == "version") policy.versions.push_back(value);
    if (key == "mode") policy.modes.push_back(value);
    if (key == "max_age") policy.ages.push_back(value);
    if (key == "mx") policy.patterns.push_back(value);
  }
  return policy;
}

bool is_mode(std::string_view mode) { return is_any_of(mode, {"enforce", "testing", "none"}); }
bool is_age(std::string_view age) {
  return is_digits(age) && age.size() <= 10 && std::stoull(std::string(age)) <= longest_age;
}

// What breaks the policy as a whole; empty: nothing.
std::string policy_fault(const Policy& policy) {
  if (!policy.fault.empty()) return policy.fault;
  if (policy.versions.empty() || policy.versions.front() != "STSv1") return "version must be STSv1";
  if (policy.modes.empty() || !is_mode(policy.modes.front())) return "mode must be enforce, testing or none";
  if (policy.ages.empty() || !is_age(policy.ages.front()))
    return "max_age must be seconds, at most " + std::to_string(longest_age);
  const auto bad = std::find_if_not(policy.patterns.begin(), policy.patterns.end(), is_pattern);
  if (bad != policy.patterns.end()) return "mx: " + *bad + " is not a host name";
  if (policy.patterns.empty() && policy.modes.front() != "none") return "no mx line";
  return {};
}

std::string mode_meant(const Policy& policy) {
  static constexpr std::string_view modes[] = {"enforce", "testing", "none"};
  if (policy.modes.empty()) return "enforce";
  const auto mode = ascii::lower(policy.modes.front());
  return is_mode(mode) ? mode : nearest_word(mode, modes, 3).value_or("enforce");
}

// Lines with other separators or keys are read as they were meant.
std::string policy_meant(std::string_view text, const MxState& mx) {
  std::string plain;
  for (const auto& line : split(text, '\n')) {
    const auto colon = line.text.find_first_of(":=");
    if (colon == std::string_view::npos) continue;
    auto key = ascii::lower(trim(line.text.substr(0, colon)));
    static constexpr std::string_view keys[] = {"version", "mode", "max_age", "mx"};
    if (!is_any_of(key, {"version", "mode", "max_age", "mx"}))
      key = nearest_word(replaced(key, "-", "_"), keys, key.size() > 3 ? 2 : 1).value_or("");
    plain += key + ": " + std::string(trim(without(line.text.substr(colon + 1), "\r\"'"))) + "\n";
  }
  const auto policy = read_policy(plain);
  const auto age = !policy.ages.empty() && is_age(policy.ages.front()) && std::stoull(policy.ages.front()) >= least_age
                       ? policy.ages.front()
                       : std::to_string(usual_age);
  std::string out = "version: STSv1\nmode: " + mode_meant(policy) + "\n";
  std::vector<std::string> kept;
  for (const auto& pattern : policy.patterns) {
    const bool is_used = is_pattern(pattern) && std::any_of(mx.hosts.begin(), mx.hosts.end(), [&](const Host& host) {
                           return matches(host.name, pattern);
                         });
    if (is_used && std::find(kept.begin(), kept.end(), pattern) == kept.end()) kept.push_back(pattern);
  }
  for (const auto& host : mx.hosts)
    if (std::none_of(kept.begin(), kept.end(), [&](const std::string& pattern) { return matches(host.name, pattern); }))
      kept.push_back(host.name);
  for (const auto& pattern : kept) out += "mx: " + pattern + "\n";
  return out + "max_age: " + age + "\n";
}

Findings judge_policy(const std::string& name, const std::string& text, const MxState& mx) {
  Findings findings;
  const auto policy = read_policy(text);
  if (auto fault = policy_fault(policy); !fault.empty()) {
    findings.push_back(found("sts-policy-syntax", at_name(name), std::move(fault)));
  } else if (policy.modes.front() != "none") {
    if (std::stoull(policy.ages.front()) < least_age)
      findings.push_back(found("sts-max-age-low", at_name(name), policy.ages.front() + " seconds"));
    for (const auto& host : mx.hosts)
      if (std::none_of(policy.patterns.begin(), policy.patterns.end(),
                       [&](const std::string& pattern) { return matches(host.name, pattern); }))
        findings.push_back(found("sts-mx-mismatch", {.name = name, .text = host.name}));
  }
  for (auto& finding : findings) finding.fix = Fix{policy_meant(text, mx), name, FixType::POLICY};
  return findings;
}

}  // namespace

Findings check_mta_sts(const Inquiry& inquiry, const MxState& mx, bool takes_mail, Answers& answers) {
  Record record(inquiry, answers);
  auto findings = record.run(takes_mail);
  const auto host = "mta-sts." + inquiry.domain.text();
  if (record.is_published()) {
    const dns::Question questions[] = {{host, dns::RecordType::A}, {host, dns::RecordType::AAAA}};
    const auto addresses = answers.query_all(questions);
    if (std::all_of(addresses.begin(), addresses.end(), [](const dns::Answer& each) { return each.is_void(); }))
      findings.push_back(found("sts-host-missing", at_name(host)));
  }
  if (inquiry.sts_policy) append(findings, judge_policy(host, *inquiry.sts_policy, mx));
  return findings;
}

}  // namespace ruaudit::assess::records
