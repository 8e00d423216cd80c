#include "assess/records/dmarc/tags.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "assess/records/text.hpp"
#include "model/ascii.hpp"

namespace ruaudit::assess::records {
namespace {

constexpr std::string_view tags[] = {"p",   "sp", "np",  "adkim", "aspf", "fo", "rua",
                                     "ruf", "t",  "psd", "pct",   "rf",   "ri"};

// RFC 9989 section 4.8, dmarc-fo: 0 and 1 exclude each other, no letter twice.
bool is_fo(std::string_view value) {
  std::set<std::string_view> seen;
  for (const auto& item : split(value, ':'))
    if (!is_any_of(item.text, {"0", "1", "d", "s"}) || !seen.insert(item.text).second) return false;
  return !(seen.contains("0") && seen.contains("1"));
}

}  // namespace

std::span<const std::string_view> dmarc_tags() { return tags; }

bool is_tag_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), ascii::is_letter);
}
bool is_dmarc_tag(std::string_view name) { return std::find(std::begin(tags), std::end(tags), name) != std::end(tags); }
bool is_policy_tag(std::string_view name) { return is_any_of(name, {"p", "sp", "np"}); }
bool is_historic_tag(std::string_view name) { return is_any_of(name, {"pct", "rf", "ri"}); }

bool is_valid_value(std::string_view name, std::string_view value) {
  if (is_policy_tag(name)) return is_any_of(value, {"none", "quarantine", "reject"});
  if (is_any_of(name, {"adkim", "aspf"})) return is_any_of(value, {"r", "s"});
  if (name == "t") return is_any_of(value, {"y", "n"});
  if (name == "psd") return is_any_of(value, {"y", "n", "u"});
  return name != "fo" || is_fo(value);
}

std::string allowed_values(std::string_view name) {
  if (is_policy_tag(name)) return "none, quarantine or reject";
  if (is_any_of(name, {"adkim", "aspf"})) return "r or s";
  if (name == "t") return "y or n";
  return name == "psd" ? "y, n or u" : "0 or 1, d and s, joined by colons";
}

std::size_t grown_together(std::string_view name, std::string_view value) {
  const bool is_uri = is_any_of(name, {"rua", "ruf"});
  const auto folded = ascii::lower(value);
  for (std::size_t equals = folded.find('='); equals != std::string::npos; equals = folded.find('=', equals + 1)) {
    const auto end = folded.find_last_not_of(" \t", equals == 0 ? 0 : equals - 1) + 1;
    std::size_t begin = end;
    while (begin > 0 && ascii::is_letter(folded[begin - 1])) --begin;
    const bool is_apart = begin > 0 && std::string_view(" \t,").find(folded[begin - 1]) != std::string_view::npos;
    const auto word = std::string_view(folded).substr(begin, end - begin);
    if (is_apart && (is_dmarc_tag(word) || word == "v")) return begin;
    if (is_uri) continue;
    for (const std::string_view tag : {"adkim", "aspf", "rua", "ruf", "pct", "psd", "sp", "np", "fo", "ri", "rf"})
      if (word.size() > tag.size() && word.ends_with(tag)) return end - tag.size();
  }
  return 0;
}

int strength(model::Policy policy) {
  if (policy == model::Policy::reject) return 2;
  return policy == model::Policy::quarantine ? 1 : 0;
}

}  // namespace ruaudit::assess::records
