// jobs::batch_head() over any octets: what it says of a line that is a JSON object is what parsing the whole line says.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "jobs/judge/batch_head.hpp"
#include "jobs/judge/batch_text.hpp"

namespace {

using nlohmann::json;
namespace jobs = ruaudit::jobs;

void require(bool condition) {
  if (!condition) std::abort();
}

void compare(const jobs::BatchHead& head, const json& line, bool is_small) {
  const std::string id = line.contains("id") ? line["id"].dump(-1, ' ', false, json::error_handler_t::replace) : "null";
  require(head.id == id || (!is_small && head.id == "null"));
  const bool has_file = line.contains("message_file") && line["message_file"].is_string();
  require(has_file || !head.message_file);
  require(!is_small || has_file == head.message_file.has_value());
  if (head.message_file)
    require(*head.message_file == jobs::octets_of_text(line["message_file"].get<std::string>(), false).front());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  const auto head = jobs::batch_head(line);
  const auto brackets = std::count_if(line.begin(), line.end(), [](char c) { return c == '[' || c == '{'; });
  if (brackets > 1000) return 0;  // deeper than what is parsed
  const json parsed = json::parse(jobs::with_octet_escapes(line), nullptr, false);
  if (!parsed.is_discarded() && parsed.is_object())
    compare(head, parsed, size <= jobs::max_head_octets && brackets <= 100);
  return 0;
}
