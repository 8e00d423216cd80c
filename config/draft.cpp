#include "config/draft.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ruaudit::config {
namespace {

// Keys that say the same thing in different ways: at most one of a group is meant.
constexpr std::array<std::string_view, 6> secret_groups = {"password", "client_secret", "refresh_token",
                                                           "token",    "key",           "webhook_key"};
constexpr std::array<std::string_view, 4> secret_ways = {"_file", "_command", "_env", "_credential"};
constexpr std::array<std::string_view, 3> url_parts = {"type", "host", "port"};

std::string_view secret_group(std::string_view key) {
  for (const std::string_view way : secret_ways)
    for (const std::string_view group : secret_groups)
      if (key.starts_with(group) && key.substr(group.size()) == way) return group;
  return {};
}

bool is_url_part(std::string_view key) { return std::find(url_parts.begin(), url_parts.end(), key) != url_parts.end(); }

bool are_rivals(std::string_view a, std::string_view b) {
  if (a == b) return true;
  if ((a == "url" && is_url_part(b)) || (b == "url" && is_url_part(a))) return true;
  const std::string_view group = secret_group(a);
  return !group.empty() && group == secret_group(b);
}

struct Setting {
  std::string kind, name, key, value;
};

model::Result<Setting> parse_setting(std::string_view text) {
  const auto equals = text.find('=');
  const std::string_view left = text.substr(0, std::min(equals, text.size()));
  const auto last = left.rfind('.');
  const auto first = left.find('.');
  // The text may hold a secret behind '=', so only what stands before it is shown.
  if (equals == std::string_view::npos || last == std::string_view::npos)
    return model::failure("usage", fmt::format("--set '{}' is not SECTION.KEY=VALUE", left.substr(0, 80)),
                          "examples: general.samples=none, mailbox.reports.user=dmarc@example.com");
  Setting setting{.kind = std::string(left.substr(0, first)),
                  .name = first == last ? "" : std::string(left.substr(first + 1, last - first - 1)),
                  .key = std::string(left.substr(last + 1)),
                  .value = std::string(text.substr(equals + 1))};
  std::replace(setting.key.begin(), setting.key.end(), '-', '_');
  return setting;
}

DraftSection& section_of(std::vector<DraftSection>& sections, const Setting& setting) {
  const auto found = std::find_if(sections.begin(), sections.end(), [&](const DraftSection& section) {
    return section.kind == setting.kind && section.name == setting.name;
  });
  if (found != sections.end()) return *found;
  return sections.emplace_back(DraftSection{
      .kind = setting.kind, .name = setting.name, .origin = "command line", .layer = Layer::setting, .keys = {}});
}

}  // namespace

model::Result<void> apply_settings(std::vector<DraftSection>& sections, std::span<const std::string> settings) {
  for (const std::string& text : settings) {
    TRY(auto setting, parse_setting(text));
    DraftSection& section = section_of(sections, setting);
    const bool is_twice = std::any_of(section.keys.begin(), section.keys.end(), [&](const Given& given) {
      return given.layer == Layer::setting && given.key == setting.key;
    });
    if (is_twice)
      return model::failure("usage", fmt::format("--set gives {} more than once", text.substr(0, text.find('='))));
    std::erase_if(section.keys,
                  [&](const Given& given) { return given.layer == Layer::file && are_rivals(given.key, setting.key); });
    section.keys.push_back({setting.key, std::move(setting.value), "command line", Layer::setting});
  }
  return {};
}

std::string error_code(Layer layer) { return layer == Layer::setting ? "setting" : "config"; }

std::vector<model::Error> contradictions(const DraftSection& section) {
  std::vector<model::Error> errors;
  for (auto later = section.keys.begin(); later != section.keys.end(); ++later)
    for (auto earlier = section.keys.begin(); earlier != later; ++earlier)
      if (earlier->layer == later->layer && are_rivals(earlier->key, later->key))
        errors.push_back({error_code(later->layer),
                          fmt::format("{}: '{}' and '{}' set the same thing", later->origin, earlier->key, later->key),
                          "keep one of them"});
  return errors;
}

}  // namespace ruaudit::config
