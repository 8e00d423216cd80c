#include "parser/text_decoder.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

#include "model/ascii.hpp"
#include "model/text_form.hpp"
#include "parser/aggregate_values.hpp"
#include "parser/xml_markup.hpp"

namespace ruaudit::parser {
namespace {

constexpr std::string_view utf8_mark = "\xef\xbb\xbf";

// Windows-1252 0x80..0x9f; 0 = not assigned.
constexpr std::array<std::uint16_t, 32> windows_1252{0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
                                                     0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017d, 0,
                                                     0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                                     0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

unsigned char byte_at(std::string_view text, std::size_t i) { return static_cast<unsigned char>(text[i]); }

std::size_t ascii_length(std::string_view text) {
  constexpr std::uint64_t high_bits = 0x8080808080808080U;
  std::size_t i = 0;
  for (; i + 32 <= text.size(); i += 32) {
    std::array<std::uint64_t, 4> words{};
    std::memcpy(words.data(), text.data() + i, 32);
    if (((words[0] | words[1] | words[2] | words[3]) & high_bits) != 0) break;
  }
  while (i < text.size() && byte_at(text, i) < 0x80) ++i;
  return i;
}

struct Sequence {
  std::size_t size = 0;  // 0: not UTF-8
  bool is_cut = false;   // the text ends inside
};
// The character at the front of text, which begins with a byte of 0x80 or more (RFC 3629 section 4).
Sequence sequence_at(std::string_view text) {
  const unsigned char lead = byte_at(text, 0);
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4) return {};
  unsigned low = 0x80;
  unsigned high = 0xbf;
  if (lead == 0xe0) low = 0xa0;
  if (lead == 0xed) high = 0x9f;
  if (lead == 0xf0) low = 0x90;
  if (lead == 0xf4) high = 0x8f;
  for (std::size_t i = 1; i < size; ++i) {
    if (i == text.size()) return {size, true};
    const unsigned char byte = byte_at(text, i);
    if (byte < low || byte > high) return {};
    low = 0x80;
    high = 0xbf;
  }
  return {size, false};
}

// Whether all of it is UTF-8; its end may cut a character.
bool is_utf8_text(std::string_view text) {
  while (true) {
    text.remove_prefix(ascii_length(text));
    if (text.empty()) return true;
    const Sequence next = sequence_at(text);
    if (next.size == 0) return false;
    if (next.is_cut) return true;
    text.remove_prefix(next.size);
  }
}

bool is_forbidden(std::string_view character) { return character == "\xef\xbf\xbe" || character == "\xef\xbf\xbf"; }

// The value of encoding="..." in the XML declaration, lower case.
std::string declared_encoding(std::string_view head) {
  std::string narrow;
  std::string_view text = head;
  if (head.find('\0') != std::string_view::npos) {
    std::copy_if(head.begin(), head.end(), std::back_inserter(narrow), [](char c) { return c != '\0'; });
    text = narrow;
  }
  const auto begin = text.find("<?xml");
  const auto end = text.find("?>", begin == std::string_view::npos ? 0 : begin);
  if (begin == std::string_view::npos || end == std::string_view::npos) return {};
  const std::string_view declaration = text.substr(begin, end - begin);
  const auto key = declaration.find("encoding");
  if (key == std::string_view::npos) return {};
  const auto open = declaration.find_first_of("\"'", key);
  if (open == std::string_view::npos) return {};
  const auto close = declaration.find(declaration[open], open + 1);
  return close == std::string_view::npos ? std::string() : ascii::lower(declaration.substr(open + 1, close - open - 1));
}

bool is_wide_name(std::string_view name) {
  return name.starts_with("utf-16") || name.starts_with("utf16") || name.starts_with("utf-32") ||
         name.starts_with("utf32") || name.starts_with("ucs");
}
// The 8-bit sets that Windows-1252 reads rightly. Bytes of a set that is not known are guessed, and said to be.
bool is_single_byte_name(std::string_view name) {
  constexpr std::array<std::string_view, 7> names{"iso-8859-1", "iso8859-1", "iso_8859-1",  "latin1",
                                                  "latin-1",    "cp1252",    "windows-1252"};
  return std::find(names.begin(), names.end(), name) != names.end();
}
bool is_utf8_name(std::string_view name) { return name.empty() || name == "utf-8" || name == "utf8"; }

}  // namespace

void TextDecoder::defect(std::string_view code, std::string_view detail) {
  defects_.push_back({std::string(code), std::string(cut_text(detail, 500)), 0, 1});
}

std::size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  if (byte_at(text, 0) < 0x80) return 1;
  const Sequence found = sequence_at(text);
  return found.is_cut ? 0 : found.size;
}

std::size_t TextDecoder::begin(std::string_view head) {
  declared_ = declared_encoding(head);
  std::size_t skip = 0;
  std::size_t marks = 0;
  for (; head.substr(skip).starts_with(utf8_mark); ++marks) skip += utf8_mark.size();
  if (marks > 1) defect("double-bom", std::to_string(marks));
  const auto form = marks > 0 ? model::TextForm{} : model::text_form(head);
  if (form.width > 1) {
    const bool is_16 = form.width == 2;
    encoding_ = is_16            ? form.is_little ? Encoding::utf16_le : Encoding::utf16_be
                : form.is_little ? Encoding::utf32_le
                                 : Encoding::utf32_be;
    defect(is_16 ? "utf-16" : "utf-32", declared_);
    skip = form.mark;
  }
  const bool is_wide = encoding_ != Encoding::utf8;
  if (!declared_.empty() && is_wide_name(declared_) != is_wide) defect("encoding-mismatch", declared_);
  is_single_byte_declared_ = is_single_byte_name(declared_);
  if (!is_wide && marks == 0 && !is_single_byte_declared_) legacy_ = CharsetConverter::open(declared_);
  return skip;
}

std::vector<model::Defect> TextDecoder::final_defects() const {
  if (!has_multibyte_ || is_utf8_name(declared_) || is_wide_name(declared_)) return {};
  return {{"encoding-mismatch", declared_, 0, 1}};
}

std::string_view TextDecoder::decode(std::string_view bytes, bool is_final) {
  if (encoding_ != Encoding::utf8) return decode_wide(bytes, is_final);
  if (legacy_) return decode_undecided(bytes, is_final);
  if (carry_.empty()) return decode_utf8(bytes, is_final);
  joined_ = carry_;
  joined_ += bytes;
  carry_.clear();
  return decode_utf8(joined_, is_final);
}

// The first bytes beyond ASCII decide between UTF-8 and the declared set. As many are looked at whatever the chunks
// are.
std::string_view TextDecoder::decode_undecided(std::string_view bytes, bool is_final) {
  constexpr std::size_t enough = 64;
  out_.clear();
  if (is_legacy_) {
    legacy_->convert(bytes, is_final, out_);
    return out_;
  }
  joined_ = std::exchange(carry_, {});
  joined_ += bytes;
  const std::string_view text = joined_;
  const std::size_t ascii = ascii_length(text);
  const std::string_view sample = text.substr(ascii, enough);
  if (sample.empty()) return text;
  if (sample.size() < enough && !is_final) {
    carry_ = sample;
    return text.substr(0, ascii);
  }
  if (is_utf8_text(sample)) {
    legacy_.reset();
    return decode_utf8(text, is_final);
  }
  is_legacy_ = true;
  out_ = text.substr(0, ascii);
  legacy_->convert(text.substr(ascii), is_final, out_);
  return out_;
}

std::string_view TextDecoder::decode_utf8(std::string_view bytes, bool is_final) {
  std::size_t at = 0;
  while (true) {
    const std::size_t ascii = ascii_length(bytes.substr(at));
    if (ascii > 0) is_guessing_ = false;
    at += ascii;
    if (at == bytes.size()) return bytes;
    const Sequence next = sequence_at(bytes.substr(at));
    if (next.is_cut && !is_final) {
      carry_ = bytes.substr(at);
      return bytes.substr(0, at);
    }
    if (next.size == 0 || next.is_cut || is_forbidden(bytes.substr(at, next.size))) break;
    at += next.size;
    has_multibyte_ = true;
    is_guessing_ = false;
  }
  return repair_utf8(bytes, at, is_final);
}

std::string_view TextDecoder::repair_utf8(std::string_view bytes, std::size_t valid, bool is_final) {
  out_.assign(bytes.substr(0, valid));
  for (std::size_t at = valid; at < bytes.size();) {
    if (byte_at(bytes, at) < 0x80) {
      out_ += bytes[at++];
      is_guessing_ = false;
      continue;
    }
    const Sequence next = sequence_at(bytes.substr(at));
    if (next.is_cut && !is_final) {
      carry_ = bytes.substr(at);
      break;
    }
    if (next.size == 0 || next.is_cut) {
      guess(byte_at(bytes, at++));
      continue;
    }
    const std::string_view character = bytes.substr(at, next.size);
    out_ += is_forbidden(character) ? replacement : character;
    has_multibyte_ = true;
    is_guessing_ = false;
    at += next.size;
  }
  return out_;
}

void TextDecoder::guess(unsigned char byte) {
  if (!is_guessing_ && !is_single_byte_declared_) out_ += guess_mark;
  is_guessing_ = true;
  const std::uint32_t code = byte >= 0xa0 ? byte : windows_1252[byte - 0x80U];
  append_utf8(out_, code == 0 ? 0xfffd : code);
}

std::string_view TextDecoder::decode_wide(std::string_view bytes, bool is_final) {
  const std::size_t width = encoding_ == Encoding::utf16_le || encoding_ == Encoding::utf16_be ? 2 : 4;
  const bool is_little = encoding_ == Encoding::utf16_le || encoding_ == Encoding::utf32_le;
  joined_ = carry_;
  joined_ += bytes;
  carry_.clear();
  out_.clear();
  const std::string_view text = joined_;
  std::size_t at = 0;
  for (; at + width <= text.size(); at += width) {
    std::uint32_t unit = 0;
    for (std::size_t i = 0; i < width; ++i) unit = unit << 8 | byte_at(text, is_little ? at + width - 1 - i : at + i);
    put_unit(unit);
  }
  carry_ = text.substr(at);
  if (is_final && (!carry_.empty() || high_surrogate_ != 0)) (out_ += guess_mark) += replacement;
  return out_;
}

void TextDecoder::put_unit(std::uint32_t unit) {
  const bool is_high = unit >= 0xd800 && unit < 0xdc00;
  const bool is_low = unit >= 0xdc00 && unit < 0xe000;
  if (high_surrogate_ != 0) {
    const std::uint32_t high = std::exchange(high_surrogate_, 0);
    if (is_low) return append_utf8(out_, 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
    (out_ += guess_mark) += replacement;
  }
  if (is_high) {
    high_surrogate_ = unit;
  } else if (is_low || unit > 0x10ffff) {
    (out_ += guess_mark) += replacement;
  } else if (unit != 0xfeff) {
    append_utf8(out_, unit == 0xfffe || unit == 0xffff ? 0xfffd : unit);
  }
}

namespace {

bool begins_tag(std::string_view behind) {
  return !behind.empty() &&
         (ascii::is_letter(behind.front()) || behind.front() == '/' || behind.front() == '!' || behind.front() == '?');
}

}  // namespace

// What is in front of the next reference. A tag of the page divides what stands beside it.
void HtmlUnescaper::put_plain(std::string_view text) {
  if (!leaves_out_tags_) {
    out_ += text;
    return;
  }
  while (!text.empty()) {
    const auto next = text.find(in_tag_ ? '>' : '<');
    if (!in_tag_) out_ += text.substr(0, next);
    if (next == std::string_view::npos) return;
    if (!in_tag_ && !begins_tag(text.substr(next + 1))) {
      out_ += "&lt;";  // of the report's own text, which nobody escaped
      text.remove_prefix(next + 1);
      continue;
    }
    if (in_tag_) out_ += '\n';
    has_left_out_tags_ = true;
    in_tag_ = !in_tag_;
    text.remove_prefix(next + 1);
  }
}

// The character of a reference, or what stands for none. The octets that it takes.
std::size_t HtmlUnescaper::put_reference(std::string_view text, const Reference& reference) {
  constexpr std::string_view html_blank = "&nbsp;";
  const bool is_blank = reference.code_point == 0xa0 || text.starts_with(html_blank);
  if (leaves_out_tags_ && is_blank) {
    if (!in_tag_) out_ += ' ';
    return reference.found == Found::yes ? reference.size : html_blank.size();
  }
  if (reference.found != Found::yes) {
    if (!in_tag_) out_ += '&';
    return 1;
  }
  if (!in_tag_) append_utf8(out_, reference.code_point);
  return reference.size;
}

std::string_view HtmlUnescaper::decode(std::string_view text, bool is_final) {
  joined_ = carry_;
  joined_ += text;
  carry_.clear();
  out_.clear();
  std::string_view rest = joined_;
  while (!rest.empty()) {
    const auto next = rest.find('&');
    if (next == std::string_view::npos && !is_final && rest.ends_with('<')) {  // what follows says whether it is a tag
      put_plain(rest.substr(0, rest.size() - 1));
      carry_ = "<";
      break;
    }
    put_plain(rest.substr(0, next));
    if (next == std::string_view::npos) break;
    rest.remove_prefix(next);
    const Reference found = scan_reference(rest);
    if (found.found == Found::more && !is_final) {
      carry_ = rest;
      break;
    }
    rest.remove_prefix(put_reference(rest, found));
  }
  return out_;
}

}  // namespace ruaudit::parser
