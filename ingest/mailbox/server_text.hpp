// What a server said, made fit for a message.
#pragma once
#include <algorithm>
#include <string>
#include <string_view>

namespace ruaudit::ingest::mailbox {

// At most 200 characters, all printable ASCII.
inline std::string quoted_for_message(std::string_view text) {
  constexpr std::size_t longest = 200;
  std::string result(text.substr(0, longest));
  std::replace_if(
      result.begin(), result.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return text.size() > longest ? result + "..." : result;
}

}  // namespace ruaudit::ingest::mailbox
