// Text of header fields: encoded words (RFC 2047), charsets (iconv) and clean UTF-8.
#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "mail/header_field.hpp"
#include "mail/transfer_decode.hpp"
#include "model/ascii.hpp"

namespace ruaudit::ingest {

namespace {

constexpr std::size_t max_charset = 40;
constexpr std::size_t max_word = 4096;        // the RFC says 75; bounded so that unclosed words cost little
constexpr std::size_t max_raw = 64UL * 1024;  // octets of a field that are looked at
constexpr std::string_view replacement = "\xEF\xBF\xBD";

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// The length of the valid UTF-8 character at the start of text, 0 when there is none. RFC 3629 section 4.
std::size_t character_length(std::string_view text) {
  const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto tail = [&](std::size_t i) { return (at(i) & 0xC0U) == 0x80U; };
  const unsigned lead = at(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return tail(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool range = !(lead == 0xE0 && at(1) < 0xA0) && !(lead == 0xED && at(1) > 0x9F);
    return range && tail(1) && tail(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const bool range = !(lead == 0xF0 && at(1) < 0x90) && !(lead == 0xF4 && at(1) > 0x8F);
    return range && tail(1) && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

constexpr bool is_printable(char c) { return c >= ' ' && c < '\x7F'; }
// Neither changed nor the start of an encoded word.
constexpr bool is_taken_as_it_is(char c) { return c != '=' && (c == ' ' || !is_blank(c)); }

std::size_t length_while(std::string_view text, bool (*is_wanted)(char)) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_wanted) - text.begin());
}

bool is_control(std::string_view character) {
  const auto c = static_cast<unsigned char>(character[0]);
  return c < 0x20 || c == 0x7F || (c == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0);
}

class Converter {
 public:
  explicit Converter(std::string_view charset) {
    const bool sane =
        !charset.empty() && charset.size() <= max_charset && std::all_of(charset.begin(), charset.end(), [](char c) {
          return ascii::is_letter_or_digit(c) || std::string_view("-_.:").find(c) != std::string_view::npos;
        });
    if (sane) handle_ = ::iconv_open("UTF-8", std::string(charset).c_str());
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  ~Converter() {
    if (is_open()) ::iconv_close(handle_);
  }
  [[nodiscard]] bool is_open() const { return handle_ != none; }

  std::string convert(std::string text) {
    std::string result;
    char* in = text.data();
    std::size_t left = text.size();
    while (left > 0) {
      std::array<char, 1024> block;  // NOLINT(cppcoreguidelines-pro-type-member-init)
      char* out = block.data();
      std::size_t room = block.size();
      const auto rc = ::iconv(handle_, &in, &left, &out, &room);
      result.append(block.data(), out);
      if (rc != static_cast<std::size_t>(-1) || errno == E2BIG) continue;
      result += replacement;  // an octet that means nothing in this charset
      ++in;
      --left;
    }
    return result;
  }

 private:
  inline static const iconv_t none = reinterpret_cast<iconv_t>(-1);  // NOLINT(performance-no-int-to-ptr)
  iconv_t handle_ = none;
};

struct EncodedWord {
  std::string_view charset;
  char encoding = 0;  // 'B' or 'Q'
  std::string_view text;
  std::size_t length = 0;  // of the whole word
};

// RFC 2047 section 2; the text may hold blanks, because senders leave them there.
std::optional<EncodedWord> encoded_word(std::string_view at) {
  at = at.substr(0, max_word);
  if (at.substr(0, 2) != "=?") return std::nullopt;
  const auto charset_end = at.find('?', 2);
  if (charset_end == std::string_view::npos || charset_end + 2 >= at.size() || at[charset_end + 2] != '?')
    return std::nullopt;
  const char encoding = static_cast<char>(at[charset_end + 1] & ~0x20);
  const auto text = charset_end + 3;
  const auto end = at.find("?=", text);
  if ((encoding != 'B' && encoding != 'Q') || end == std::string_view::npos) return std::nullopt;
  auto charset = at.substr(2, charset_end - 2);
  charset = charset.substr(0, charset.find('*'));  // RFC 2231 section 5: language
  return EncodedWord{charset, encoding, at.substr(text, end - text), end + 2};
}

std::string word_octets(const EncodedWord& word) {
  std::string octets;
  if (word.encoding == 'B') {
    Base64Decoder decoder;
    decoder.decode(word.text, octets);
    decoder.finish(octets);
    return octets;
  }
  std::string text(word.text);
  std::replace(text.begin(), text.end(), '_', ' ');
  QuotedPrintableDecoder decoder;
  decoder.decode(text, octets);
  decoder.finish(octets);
  return octets;
}

}  // namespace

std::string clean_text(std::string_view text, std::size_t limit) {
  std::string result;
  while (!text.empty()) {
    const auto plain = text.substr(0, std::min(length_while(text, is_printable), limit - result.size()));
    result += plain;
    text.remove_prefix(plain.size());
    if (text.empty()) break;
    const auto length = character_length(text);
    const auto character = text.substr(0, std::max<std::size_t>(length, 1));
    const auto shown = length == 0 ? replacement : is_control(character) ? std::string_view(" ") : character;
    if (result.size() + shown.size() > limit) break;
    result += shown;
    text.remove_prefix(character.size());
  }
  return result;
}

std::string to_utf8(std::string_view octets, std::string_view charset) {
  if (ascii::equal_folded(charset, "utf-8") || ascii::equal_folded(charset, "us-ascii")) return std::string(octets);
  Converter named(charset);
  if (named.is_open()) return named.convert(std::string(octets));
  Converter fallback("WINDOWS-1252");
  return fallback.is_open() ? fallback.convert(std::string(octets)) : std::string(octets);
}

std::string decoded_text(std::string_view value, std::size_t limit) {
  auto rest = trimmed(value.substr(0, max_raw));
  std::string result;
  std::string octets;  // of adjacent words in one charset: a character may be split between them
  std::string charset;
  const auto flush = [&] {
    if (!octets.empty()) result += to_utf8(octets, charset);
    octets.clear();
  };
  while (!rest.empty() && result.size() < 2 * limit) {
    if (const auto word = encoded_word(rest)) {
      if (!ascii::equal_folded(charset, word->charset)) flush();
      charset = word->charset;
      octets += word_octets(*word);
      rest.remove_prefix(word->length);
      const auto blanks = rest.find_first_not_of(" \t\r\n");  // blanks between words vanish, section 6.2
      if (blanks != std::string_view::npos && encoded_word(rest.substr(blanks))) rest.remove_prefix(blanks);
      continue;
    }
    flush();
    if (rest.front() != '\r' && rest.front() != '\n') result += is_blank(rest.front()) ? ' ' : rest.front();
    rest.remove_prefix(1);
    const auto plain = rest.substr(0, length_while(rest, is_taken_as_it_is));
    result += plain;
    rest.remove_prefix(plain.size());
  }
  flush();
  return clean_text(result, limit);
}

}  // namespace ruaudit::ingest
