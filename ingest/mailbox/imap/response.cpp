#include "ingest/mailbox/imap/response.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "ingest/mailbox/server_text.hpp"
#include "model/ascii.hpp"
#include "model/planted_bug.hpp"

namespace ruaudit::ingest::mailbox {
namespace {

using model::failure;
using model::Result;

constexpr std::string_view not_our_server = "the server violates the protocol, or is not an IMAP server";

// Text that ends with "}" may announce a literal only where the grammar allows one: never in a status response, a
// tagged response or a continuation request, whose text is free. // RFC 3501 section 7.1
bool may_hold_literal(std::string_view text) {
  if (!text.starts_with("* ")) return false;
  const auto word = text.substr(2, text.find(' ', 2) - 2);
  for (const std::string_view status : {"OK", "NO", "BAD", "BYE", "PREAUTH"})
    if (ascii::equal_folded(word, status)) return false;
  return true;
}

// The size in "...{123}" or "...{123+}". // RFC 3501 section 9 "literal"; RFC 7888 for the sign
std::optional<std::uint64_t> announced_literal(std::string_view text) {
  if (!text.ends_with('}')) return {};
  const auto open = text.rfind('{');
  if (open == std::string_view::npos) return {};
  auto digits = text.substr(open + 1, text.size() - open - 2);
  if (digits.ends_with('+')) digits.remove_suffix(1);
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
  if (digits.empty() || end != digits.data() + digits.size()) return {};
  if (error == std::errc::result_out_of_range) return ~std::uint64_t{0};
  return size;
}

// "* 1 FETCH (UID 2 BODY[] {123}"; also with the sign of a literal8. // RFC 9051 section 9
bool announces_mail(std::string_view text) {
  auto before = text.substr(0, text.rfind('{'));
  if (before.ends_with('~')) before.remove_suffix(1);
  if (!before.ends_with(' ')) return false;
  before = before.substr(0, before.find_last_not_of(' ') + 1);
  if (!is_mail_item(before.substr(before.find_last_of(" (") + 1))) return false;
  const auto number_end = before.find(' ', 2);
  return number_end != std::string_view::npos && ascii::equal_folded(before.substr(number_end + 1, 6), "FETCH ");
}

}  // namespace

// RFC822 is the same by definition; BODY.PEEK[] is the name of the request, which some servers echo.
// RFC 3501 sections 6.4.5 and 7.4.2
bool is_mail_item(std::string_view name) {
  constexpr std::array<std::string_view, 3> names{"BODY[]", "BODY.PEEK[]", "RFC822"};
  return std::any_of(names.begin(), names.end(), [&](std::string_view one) { return ascii::equal_folded(one, name); });
}

Result<void> ImapReader::feed(std::string_view octets, ImapEvents& events) {
  while (!octets.empty()) {
    TRY(const auto rest, in_literal_ ? feed_literal(octets, events) : feed_text(octets, events));
    octets = rest;
  }
  return {};
}

Result<void> ImapReader::count(std::size_t octets) {
  answer_octets_ += octets;
  if (answer_octets_ > limits_.answer_octets)
    return failure("mailbox-answer-too-large",
                   "the answer to one command is longer than " + std::to_string(limits_.answer_octets) + " octets",
                   std::string(not_our_server));
  return {};
}

Result<std::string_view> ImapReader::feed_text(std::string_view octets, ImapEvents& events) {
  const auto end = octets.find('\n');
  const auto taken = octets.substr(0, end);
  TRY_VOID(count(end == std::string_view::npos ? taken.size() : end + 1));
  text_octets_ += taken.size();
  if (text_octets_ > limits_.line_octets)
    return failure("mailbox-line-too-long",
                   "a line of the server is longer than " + std::to_string(limits_.line_octets) + " octets",
                   std::string(not_our_server));
  line_.text.append(taken);
  if (end == std::string_view::npos) return std::string_view{};
  if (line_.text.ends_with('\r')) line_.text.pop_back();
  TRY_VOID(end_text(events));
  return octets.substr(end + 1);
}

// The end of a line ends the response, unless it announces a literal.
Result<void> ImapReader::end_text(ImapEvents& events) {
  const auto size = announced_literal(line_.text);
  if (size && may_hold_literal(line_.text)) return begin_literal(*size, events);
  const auto line = std::exchange(line_, {});
  text_octets_ = literal_octets_ = 0;
  if (line.text.empty() && line.literals.empty()) return {};  // an empty line says nothing
  return events.line(line);
}

Result<void> ImapReader::begin_literal(std::uint64_t size, ImapEvents& events) {
  const bool is_mail = announces_mail(line_.text);
  if (is_mail && size > limits_.mail_octets)
    return failure("mailbox-mail-too-large", "the server sends a mail of " + std::to_string(size) +
                                                 " octets, more than the limit of " +
                                                 std::to_string(limits_.mail_octets));
  if (!is_mail && size > limits_.literal_octets - std::min(literal_octets_, limits_.literal_octets))
    return failure("mailbox-literal-too-large",
                   "the server sends literals longer than " + std::to_string(limits_.literal_octets) + " octets",
                   std::string(not_our_server));
  if (!is_mail) literal_octets_ += size;
  line_.text += "\r\n";
  text_octets_ += 2;
  line_.literals.push_back({.size = size, .octets = {}, .is_streamed = is_mail});
  remaining_ = size;
  in_literal_ = size > 0;
  return is_mail ? events.body_begin(size) : Result<void>{};
}

Result<std::string_view> ImapReader::feed_literal(std::string_view octets, ImapEvents& events) {
  const auto taken = octets.substr(0, std::min<std::uint64_t>(remaining_, octets.size()));
  remaining_ -= taken.size();
  in_literal_ = remaining_ > 0;
  if (line_.literals.back().is_streamed) {
    TRY_VOID(events.body_chunk(taken));
  } else {
    TRY_VOID(count(taken.size()));
    line_.literals.back().octets.append(taken);
    RUAUDIT_PLANT(line_.literals.size() == 3 && line_.literals.back().octets == "bug");
  }
  return octets.substr(taken.size());
}

}  // namespace ruaudit::ingest::mailbox
