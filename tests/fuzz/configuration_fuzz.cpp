// The configuration reader: the input is the file. Checked: an error names itself, what is read stays within the
// limits, every value that can be read survives being quoted and read again, and a file is loaded when no error is
// listed and only then.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "config/ini.hpp"
#include "config/load.hpp"

namespace {

using namespace ruaudit::config;

void require(bool condition) {
  if (!condition) std::abort();
}

void check_value(const IniEntry& entry, const IniLimits& limits) {
  require(!entry.key.empty() && !entry.value.empty());
  if (const auto items = list_value(entry.value, limits)) {
    std::string again;
    for (const auto& item : *items) again += (again.empty() ? "" : ", ") + quoted_where_needed(item);
    const auto second = list_value(again, limits);
    require(second && *second == *items);
  }
  if (const auto value = scalar_value(entry.value)) {
    const auto second = scalar_value(quoted_where_needed(*value));
    require(second && *second == *value);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const IniLimits limits{.octets = 1U << 16U, .line_octets = 1024, .sections = 8, .entries = 16, .items = 32};
  const auto sections = parse_ini(text, limits);
  if (!sections) {
    require(sections.error().code == "config" && !sections.error().message.empty());
    return 0;
  }
  require(sections->size() <= limits.sections);
  for (const auto& section : *sections) {
    require(section.entries.size() <= limits.entries);
    for (const auto& entry : section.entries) check_value(entry, limits);
  }
  const auto examined = examine_text({.text = text, .name = "f", .folder = "/etc"}, {});
  require(examined.has_value());  // what the reader of lines accepts has only errors that are listed
  for (const auto& error : examined->errors) require(error.code == "config" && error.message.starts_with("f:"));
  const auto loaded = load_text({.text = text, .name = "f", .folder = "/etc"}, {});
  require(loaded.has_value() == examined->errors.empty());
  return 0;
}
