#include "assess/overview/policy_record.hpp"

#include <algorithm>
#include <vector>

#include "model/ascii.hpp"

namespace ruaudit::assess {
namespace {

struct RecordTag {
  std::string name, value;
};

std::string_view without_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// Names of tags are literals of the grammar: upper case is the same (RFC 5234 section 2.3).
bool is_same_tag(std::string_view a, std::string_view b) {
  const auto low = [](char c) { return ascii::lower(c); };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return low(x) == low(y); });
}

std::vector<RecordTag> tags_of(std::string_view record) {
  std::vector<RecordTag> tags;
  while (!record.empty()) {
    const auto end = std::min(record.find(';'), record.size());
    const auto item = without_blanks(record.substr(0, end));
    record.remove_prefix(std::min(end + 1, record.size()));
    if (item.empty()) continue;
    const auto equals = std::min(item.find('='), item.size());
    tags.push_back({std::string(without_blanks(item.substr(0, equals))),
                    std::string(without_blanks(item.substr(std::min(equals + 1, item.size()))))});
  }
  if (tags.empty() || !is_same_tag(tags.front().name, "v")) tags.insert(tags.begin(), {"v", "DMARC1"});
  return tags;
}

std::string text_of(const std::vector<RecordTag>& tags) {
  std::string text;
  for (const auto& tag : tags) text += (text.empty() ? "" : "; ") + tag.name + "=" + tag.value;
  return text;
}

auto find_tag(std::vector<RecordTag>& tags, std::string_view name) {
  return std::find_if(tags.begin(), tags.end(), [name](const RecordTag& tag) { return is_same_tag(tag.name, name); });
}

}  // namespace

std::string with_tag(std::string_view record, std::string_view tag, std::string_view value) {
  auto tags = tags_of(record);
  const auto at = find_tag(tags, tag);
  if (value.empty()) {
    if (at != tags.end()) tags.erase(at);
  } else if (at != tags.end()) {
    at->value = value;
  } else {
    const auto policy = find_tag(tags, "p");
    const auto behind = tag == "p" || policy == tags.end() ? tags.begin() : policy;
    tags.insert(behind + 1, {std::string(tag), std::string(value)});
  }
  return text_of(tags);
}

std::string tag_value(std::string_view record, std::string_view tag) {
  auto tags = tags_of(record);
  const auto at = find_tag(tags, tag);
  return at == tags.end() ? std::string() : at->value;
}

}  // namespace ruaudit::assess
