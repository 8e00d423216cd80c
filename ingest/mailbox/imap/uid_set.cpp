#include "ingest/mailbox/imap/uid_set.hpp"

#include <algorithm>
#include <charconv>

namespace ruaudit::ingest::mailbox {
namespace {

std::optional<std::uint32_t> parse_uid(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value == 0) return {};
  return value;
}

bool append_range(std::string_view text, std::size_t most, std::vector<std::uint32_t>& uids) {
  const auto colon = text.find(':');
  const auto first = parse_uid(text.substr(0, colon));
  const auto last = colon == std::string_view::npos ? first : parse_uid(text.substr(colon + 1));
  if (!first || !last) return false;
  const std::uint64_t low = std::min(*first, *last);
  const std::uint64_t high = std::max(*first, *last);
  if (high - low + 1 > most - uids.size()) return false;
  for (std::uint64_t uid = low; uid <= high; ++uid) uids.push_back(static_cast<std::uint32_t>(uid));
  return true;
}

}  // namespace

std::string uid_set_text(std::span<const std::uint32_t> uids) {
  std::string text;
  for (std::size_t i = 0; i < uids.size();) {
    std::size_t last = i;
    while (last + 1 < uids.size() && uids[last + 1] == uids[last] + 1) ++last;
    if (!text.empty()) text += ',';
    text += std::to_string(uids[i]);
    if (last > i) text += ':' + std::to_string(uids[last]);
    i = last + 1;
  }
  return text;
}

std::optional<std::vector<std::uint32_t>> parse_uid_set(std::string_view text, std::size_t most) {
  std::vector<std::uint32_t> uids;
  while (true) {
    const auto comma = text.find(',');
    if (!append_range(text.substr(0, comma), most, uids)) return {};
    if (comma == std::string_view::npos) return uids;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace ruaudit::ingest::mailbox
