// The record that was meant, out of the texts that stand there.
#include <algorithm>
#include <map>

#include "assess/records/dmarc/record.hpp"
#include "assess/records/dmarc/tags.hpp"
#include "assess/records/report_uri.hpp"
#include "assess/records/text.hpp"
#include "model/ascii.hpp"

namespace ruaudit::assess::records {
namespace {

struct Tag {
  std::string name{}, value{};
};

// Quotation marks, backslashes and typographic blanks out; commas and missing semicolons between tags put right.
std::string cleaned(std::string_view text) {
  auto out = without(text, "\"\\");
  for (const std::string_view odd : {"\xE2\x80\x9C", "\xE2\x80\x9D", "\xE2\x80\x9E"}) out = replaced(out, odd, "");
  return replaced(out, "\xC2\xA0", " ");
}

// The name that a misspelt tag was meant to be; nothing: it cannot be known.
std::optional<std::string> tag_meant(std::string_view raw) {
  const auto name = ascii::lower(without(raw, " \t"));
  if (is_dmarc_tag(name)) return name;
  if (is_any_of(name, {"policy", "pol"})) return "p";
  if (is_any_of(name, {"subdomain", "subpolicy", "subdomainpolicy"})) return "sp";
  if (name.size() < 3) return std::nullopt;
  static constexpr std::string_view long_tags[] = {"adkim", "aspf", "rua", "ruf"};
  return nearest_word(name, long_tags, name.size() > 3 ? 2 : 1);
}

// "p:reject" as "p=reject", "rua mailto:x" as "rua=mailto:x".
std::optional<Tag> without_equals(std::string_view text) {
  const auto split_at = text.find_first_of(": \t");
  if (split_at == std::string_view::npos) return std::nullopt;
  const auto name = tag_meant(text.substr(0, split_at));
  if (!name) return std::nullopt;
  const auto begin = text.find_first_not_of(": \t", split_at);
  if (begin == std::string_view::npos) return std::nullopt;
  return Tag{*name, std::string(text.substr(begin))};
}

class Pieces {  // the tags of one text in their order, misspelt names put right
 public:
  std::vector<Tag> read(std::string_view text) {
    for (const auto& piece : split_tags(text)) add(piece.whole.text);
    return std::move(tags_);
  }

 private:
  void add(std::string_view text) {
    if (ascii::lower(text.substr(0, 1)) == "v" && holds_ignoring_case(text.substr(0, 14), "dmarc"))
      return version(text);
    const auto equals = text.find('=');
    const auto raw_name = text.substr(0, std::min(equals, text.size()));
    if (equals == std::string_view::npos) {
      if (const auto tag = without_equals(text))
        tags_.push_back(*tag);
      else if (text.find('@') != std::string_view::npos)
        another_address(text);
      return;
    }
    if (holds_ignoring_case(raw_name, "mailto:")) return another_address(text);
    const auto name = tag_meant(trim(raw_name));
    if (!name) return;
    const auto value = trim(text.substr(equals + 1));
    const auto next = grown_together(*name, value);
    const auto own = next == 0 ? value : value.substr(0, next);
    const auto end = own.find_last_not_of(" \t,=");
    tags_.push_back({*name, std::string(own.substr(0, end == own.npos ? 0 : end + 1))});
    if (next != 0) add(value.substr(next));
  }
  // "v=DMARC1, p=none": what stands behind the version in the same piece.
  void version(std::string_view text) {
    const auto at = ascii::lower(text).find("dmarc");
    const auto rest = text.substr(std::min(text.size(), text.find_first_of(" \t,:.", at)));
    const auto begin = rest.find_first_not_of(" \t,:.1");
    if (begin == std::string_view::npos) return;
    const auto tail = rest.substr(begin);
    const auto next = grown_together("rua", ", " + std::string(tail));
    if (next == 2) add(tail);
  }
  // An address behind a semicolon belongs to the list before it.
  void another_address(std::string_view text) {
    if (!tags_.empty() && is_any_of(tags_.back().name, {"rua", "ruf"})) tags_.back().value += "," + std::string(text);
  }

  std::vector<Tag> tags_;
};

std::string policy_meant(const std::string& value) {
  static constexpr std::string_view policies[] = {"none", "quarantine", "reject"};
  if (is_valid_value("p", value)) return value;
  if (is_any_of(value, {"monitor", "monitoring", "pass", "allow", "accept", "off", "test"})) return "none";
  if (is_any_of(value, {"junk", "spam", "mark"})) return "quarantine";
  if (is_any_of(value, {"block", "deny", "discard", "drop", "fail"})) return "reject";
  for (const auto policy : policies)
    if (value.starts_with(policy)) return std::string(policy);
  return nearest_word(value, policies, value.size() > 5 ? 3 : 1).value_or("");
}

std::string fo_meant(const std::string& value) {
  std::string out;
  const bool has_one = value.find('1') != std::string::npos;
  for (const char c : value) {
    const bool is_known = std::string_view("01ds").find(c) != std::string_view::npos;
    if (!is_known || (c == '0' && has_one) || out.find(c) != std::string::npos) continue;
    out += (out.empty() ? "" : ":") + std::string(1, c);
  }
  return out.empty() ? "1" : out;
}

std::string uris_meant(const std::string& value, std::string_view domain) {
  std::vector<std::string> out;
  std::string text = value;
  // A blank between two addresses is a comma that is missing; any other blank is too much.
  for (std::size_t at = 0; (at = text.find_first_of(" \t", at)) != std::string::npos; ++at)
    if (const auto next = text.find_first_not_of(" \t", at);
        next != std::string::npos && ascii::lower(text.substr(next)).starts_with("mailto:") && at > 0 &&
        text.substr(0, at).find('@') != std::string::npos)
      text[at] = ',';
  for (const auto& item : split(text, ',')) {
    const auto uri = repaired_mailto(item.text, domain);
    if (uri && std::find(out.begin(), out.end(), *uri) == out.end()) out.push_back(*uri);
  }
  std::string joined;
  for (const auto& uri : out) joined += (joined.empty() ? "" : ",") + uri;
  return joined;
}

std::string mode_meant(const std::string& value) {
  if (is_any_of(value, {"strict", "y", "yes", "1", "true"}) || distance(value, "strict") <= 2) return "s";
  return value == "relaxed" || value == "n" ? "r" : "";
}

// The value as it was meant, or "" where the tag is better left out.
std::string value_meant(const Tag& tag, std::string_view domain) {
  const auto value = ascii::lower(trim(tag.value));
  if (is_any_of(tag.name, {"rua", "ruf"})) return uris_meant(tag.value, domain);
  if (value.empty()) return {};
  if (is_policy_tag(tag.name)) return policy_meant(value);
  if (is_valid_value(tag.name, value)) return value;
  if (tag.name == "fo") return fo_meant(value);
  if (is_any_of(tag.name, {"adkim", "aspf"})) return mode_meant(value);
  return tag.name == "t" && value == "yes" ? "y" : "";
}

class Merger {
 public:
  explicit Merger(std::string_view domain) : domain_(domain) {}

  void add(const std::vector<Tag>& tags) {
    for (const auto& tag : tags) {
      if (tag.name == "rua") wants_reports_ = true;
      if (tag.name == "pct" && tag.value != "100" && is_digits(tag.value.substr(0, 1))) is_staged_ = true;
      if (is_historic_tag(tag.name)) continue;
      if (auto value = value_meant(tag, domain_); !value.empty()) put(tag.name, std::move(value));
    }
  }

  std::string text() {
    settle();
    std::string out = "v=DMARC1";
    for (const auto& name : order_)
      if (const auto tag = values_.find(name); tag != values_.end()) out += "; " + name + "=" + tag->second;
    return out;
  }

 private:
  void put(const std::string& name, std::string value) {
    const auto [tag, is_new] = values_.try_emplace(name, value);
    if (is_new) return order_.push_back(name);
    if (is_policy_tag(name)) {
      if (rank(value) > rank(tag->second)) tag->second = value;
    } else if (is_any_of(name, {"rua", "ruf"})) {
      tag->second = uris_meant(tag->second + "," + value, domain_);
    }
  }
  static int rank(const std::string& policy) {
    return strength(model::parse_enum<model::Policy>(policy).value_or(model::Policy::none));
  }

  void settle() {
    if (!values_.contains("p")) values_["p"] = values_.contains("sp") ? values_["sp"] : "none";
    std::erase(order_, "p");
    order_.insert(order_.begin(), "p");
    if (values_.contains("sp") && rank(values_["sp"]) < rank(values_["p"])) values_.erase("sp");
    const auto above = values_.contains("sp") ? values_["sp"] : values_["p"];
    if (values_.contains("np") && rank(values_["np"]) < rank(above)) values_.erase("np");
    if (!values_.contains("ruf")) values_.erase("fo");
    if (is_staged_ && values_["p"] != "none" && !values_.contains("t")) put("t", "y");
    // Who asks for failure reports has an address for reports.
    if (!wants_reports_ && !values_.contains("rua") && values_.contains("ruf")) put("rua", values_["ruf"]);
    if (wants_reports_ && !values_.contains("rua")) put("rua", "mailto:dmarc@" + std::string(domain_));
  }

  std::string_view domain_;
  std::vector<std::string> order_;
  std::map<std::string, std::string> values_;
  bool wants_reports_ = false;
  bool is_staged_ = false;
};

}  // namespace

std::string repaired_dmarc(const std::vector<std::string>& texts, std::string_view domain) {
  Merger merger(domain);
  for (const auto& text : texts) merger.add(Pieces().read(cleaned(text)));
  return merger.text();
}

std::string with_psd(std::string_view record, verify::dmarc::Psd psd) {
  std::string out;
  for (const auto& tag : split_tags(record))
    if (!ascii::equal_folded(tag.name, "psd")) out += (out.empty() ? "" : "; ") + std::string(tag.whole.text);
  return psd == verify::dmarc::Psd::u ? out : out + "; psd=" + std::string(model::to_text(psd));
}

}  // namespace ruaudit::assess::records
