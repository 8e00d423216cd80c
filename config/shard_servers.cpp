// The servers of [cluster]: `shards`.
#include <fmt/format.h>

#include <algorithm>

#include "config/value_reading.hpp"

namespace ruaudit::config {
namespace {

constexpr std::string_view blanks = " \t";

// https://HOST:PORT without user, path or question: they are the program's to say.
bool is_server_url(std::string_view url) {
  constexpr std::string_view scheme = "https://";
  if (!url.starts_with(scheme)) return false;
  const auto authority = url.substr(scheme.size());
  return !authority.empty() && authority.find_first_of("/?#@;\"'\\") == std::string_view::npos;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (true) {
    const auto from = text.find_first_not_of(blanks);
    if (from == std::string_view::npos) return words;
    text.remove_prefix(from);
    const auto length = std::min(text.find_first_of(blanks), text.size());
    words.emplace_back(text.substr(0, length));
    text.remove_prefix(length);
  }
}

}  // namespace

model::Result<std::vector<std::vector<std::string>>> server_lists_value(std::string_view value) {
  TRY(const auto items, list_value(value));
  std::vector<std::vector<std::string>> shards;
  std::vector<std::string> all;
  for (const auto& item : items) {
    auto& servers = shards.emplace_back(words_of(item));
    for (auto& url : servers) {
      if (url.ends_with('/')) url.pop_back();
      if (!is_server_url(url))
        return model::failure(
            "config", fmt::format("'{}' is not an https:// URL of just a server", std::string_view(url).substr(0, 80)),
            "https://HOST:8443; user and password have keys of their own");
      if (std::find(all.begin(), all.end(), url) != all.end())
        return model::failure("config", fmt::format("'{}' occurs twice", std::string_view(url).substr(0, 80)),
                              "a server holds one shard; commas separate shards, and spaces the servers that hold the"
                              " same shard");
      all.push_back(url);
    }
    if (servers.empty()) return model::failure("config", "a shard has no server", "a comma stands between two shards");
  }
  return shards;
}

}  // namespace ruaudit::config
