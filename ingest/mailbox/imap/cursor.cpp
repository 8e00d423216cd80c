#include "ingest/mailbox/imap/cursor_detail.hpp"
#include "model/ascii.hpp"

namespace ruaudit::ingest::mailbox {

using model::failure;
using model::Result;

namespace {

constexpr std::string_view atom_ends = " ()\"\r\n{";

}  // namespace

model::Error ImapCursor::malformed(std::string_view wanted) const {
  return {"mailbox-answer-malformed",
          "the server's answer makes no sense at \"" + quoted_for_message(rest().substr(0, 40)) +
              "\": " + std::string(wanted) + " expected in \"" + quoted_for_message(line_.text.substr(0, 80)) + "\"",
          "the server violates the protocol, or is not an IMAP server"};
}

bool ImapCursor::take(char c) {
  if (peek() != c || position_ >= line_.text.size()) return false;
  ++position_;
  return true;
}

void ImapCursor::skip_spaces() {
  while (peek() == ' ') ++position_;
}

std::string_view ImapCursor::atom() {
  const auto text = rest();
  const auto found = text.substr(0, text.find_first_of(atom_ends));
  position_ += found.size();
  return found;
}

std::string_view ImapCursor::attribute() {
  const auto text = rest();
  std::size_t end = text.find_first_of(" ()\"\r\n{[");
  if (end != std::string_view::npos && text[end] == '[') {
    end = text.find(']', end);
    if (end != std::string_view::npos) end = text.find_first_of(" ()\"\r\n{", end);
  }
  const auto found = text.substr(0, end);
  position_ += found.size();
  return found;
}

Result<std::uint64_t> ImapCursor::number(std::uint64_t most) {
  const auto text = rest();
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || value > most) return failure(malformed("a number"));
  position_ += static_cast<std::size_t>(end - text.data());
  return value;
}

bool ImapCursor::at_literal() const { return peek() == '{' || rest().starts_with("~{"); }

Result<ImapString> ImapCursor::literal() {
  const auto end = rest().find("}\r\n");
  if (end == std::string_view::npos || next_literal_ >= line_.literals.size()) return failure(malformed("a literal"));
  position_ += end + 3;
  const auto& found = line_.literals[next_literal_++];
  return ImapString{found.octets, found.is_streamed};
}

Result<std::string> ImapCursor::quoted() {
  std::string octets;
  ++position_;
  while (position_ < line_.text.size()) {
    const char c = line_.text[position_++];
    if (c == '"') return octets;
    if (c == '\r') break;
    if (c == '\\' && position_ < line_.text.size()) {
      octets.push_back(line_.text[position_++]);
    } else {
      octets.push_back(c);
    }
  }
  return failure(malformed("the end of a quoted string"));
}

Result<ImapString> ImapCursor::nstring() {
  if (at_literal()) return literal();
  if (peek() == '"') {
    TRY(auto octets, quoted());
    return ImapString{std::move(octets), false};
  }
  if (ascii::equal_folded(atom(), "NIL")) return ImapString{};
  return failure(malformed("a string"));
}

Result<std::string> ImapCursor::astring() {
  if (peek() == '"' || at_literal()) {
    TRY(auto found, nstring());
    return std::move(found.octets).value_or("");
  }
  const auto word = atom();
  if (word.empty()) return failure(malformed("a name"));
  return std::string(word);
}

Result<char> ImapCursor::separator() {
  TRY(const auto found, nstring());
  if (!found.octets) return char{0};
  if (found.octets->size() != 1) return failure(malformed("one character"));
  return found.octets->front();
}

// Lists are walked by a counter, not by recursion.
Result<void> ImapCursor::skip_value() {
  std::uint64_t depth = 0;
  do {
    skip_spaces();
    if (take('(')) {
      if (++depth > nesting_limit_)
        return failure("mailbox-nesting-too-deep",
                       "the server nests lists deeper than " + std::to_string(nesting_limit_) + " levels",
                       "the server violates the protocol, or is not an IMAP server");
    } else if (depth > 0 && take(')')) {
      --depth;
    } else if (peek() == '"' || at_literal()) {
      TRY_VOID(nstring());
    } else if (attribute().empty()) {
      return failure(malformed("a value"));
    }
  } while (depth > 0);
  return {};
}

Result<std::vector<std::string>> ImapCursor::words() {
  std::vector<std::string> found;
  if (!take('(')) return failure(malformed("a list"));
  skip_spaces();
  while (!take(')')) {
    TRY(auto word, astring());
    found.push_back(std::move(word));
    skip_spaces();
  }
  return found;
}

}  // namespace ruaudit::ingest::mailbox
