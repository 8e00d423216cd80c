// Numbers with their nouns, for people: "1 message", "2 messages", "1 mailbox", "0 mailboxes".
#pragma once
#include <concepts>
#include <string>
#include <string_view>

namespace ruaudit::model {

// "message" becomes "messages"; a noun with an irregular plural passes it as an argument.
template <std::integral Number>
std::string counted(Number number, std::string_view one, std::string_view several = {}) {
  std::string out = std::to_string(number) + " ";
  out += number == 1 || several.empty() ? one : several;
  if (number != 1 && several.empty()) out += 's';
  return out;
}

}  // namespace ruaudit::model
