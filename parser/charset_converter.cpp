#include "parser/charset_converter.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "model/ascii.hpp"
#include "parser/aggregate_values.hpp"
#include "parser/xml_markup.hpp"

namespace ruaudit::parser {
namespace {

struct Charset {
  std::string_view name;  // as documents declare it, lower case
  const char* iconv_name;
};

// Vendors' supersets stand for the sets that documents name: they agree where both are defined.
constexpr std::array charsets = {
    Charset{"iso-8859-2", "ISO-8859-2"},
    Charset{"latin2", "ISO-8859-2"},
    Charset{"iso-8859-3", "ISO-8859-3"},
    Charset{"iso-8859-4", "ISO-8859-4"},
    Charset{"iso-8859-5", "ISO-8859-5"},
    Charset{"iso-8859-6", "ISO-8859-6"},
    Charset{"iso-8859-7", "ISO-8859-7"},
    Charset{"iso-8859-8", "ISO-8859-8"},
    Charset{"iso-8859-9", "ISO-8859-9"},
    Charset{"iso-8859-10", "ISO-8859-10"},
    Charset{"iso-8859-11", "ISO-8859-11"},
    Charset{"iso-8859-13", "ISO-8859-13"},
    Charset{"iso-8859-14", "ISO-8859-14"},
    Charset{"iso-8859-15", "ISO-8859-15"},
    Charset{"iso-8859-16", "ISO-8859-16"},
    Charset{"windows-1250", "CP1250"},
    Charset{"windows-1251", "CP1251"},
    Charset{"windows-1253", "CP1253"},
    Charset{"windows-1254", "CP1254"},
    Charset{"windows-1255", "CP1255"},
    Charset{"windows-1256", "CP1256"},
    Charset{"windows-1257", "CP1257"},
    Charset{"windows-1258", "CP1258"},
    Charset{"cp1250", "CP1250"},
    Charset{"cp1251", "CP1251"},
    Charset{"koi8-r", "KOI8-R"},
    Charset{"koi8-u", "KOI8-U"},
    Charset{"cp437", "CP437"},
    Charset{"cp850", "CP850"},
    Charset{"cp852", "CP852"},
    Charset{"cp866", "CP866"},
    Charset{"ibm866", "CP866"},
    Charset{"tis-620", "TIS-620"},
    Charset{"windows-874", "CP874"},
    Charset{"macintosh", "MACINTOSH"},
    Charset{"gb2312", "GB18030"},
    Charset{"gbk", "GB18030"},
    Charset{"gb18030", "GB18030"},
    Charset{"big5", "BIG5-HKSCS"},
    Charset{"big5-hkscs", "BIG5-HKSCS"},
    Charset{"shift_jis", "CP932"},
    Charset{"shift-jis", "CP932"},
    Charset{"sjis", "CP932"},
    Charset{"x-sjis", "CP932"},
    Charset{"windows-31j", "CP932"},
    Charset{"cp932", "CP932"},
    Charset{"euc-jp", "EUC-JP"},
    Charset{"euc-kr", "CP949"},
    Charset{"ks_c_5601-1987", "CP949"},
    Charset{"cp949", "CP949"},
};

// What a character may be is the set's to say, but XML knows neither U+FFFE nor U+FFFF, and the first is our mark.
void append_allowed(std::string& out, std::string_view utf8) {
  constexpr std::string_view forbidden_front = "\xef\xbf";
  for (auto at = utf8.find(forbidden_front); at != std::string_view::npos; at = utf8.find(forbidden_front)) {
    const std::string_view character = utf8.substr(at, 3);
    out += utf8.substr(0, at);
    out += character == "\xef\xbf\xbe" || character == "\xef\xbf\xbf" ? replacement : character;
    utf8.remove_prefix(at + character.size());
  }
  out += utf8;
}

}  // namespace

void CharsetConverter::Close::operator()(void* handle) const noexcept { iconv_close(handle); }

std::optional<CharsetConverter> CharsetConverter::open(std::string_view name) {
  const std::string folded = ascii::lower(name);
  const auto known =
      std::find_if(charsets.begin(), charsets.end(), [&](const Charset& one) { return one.name == folded; });
  if (known == charsets.end()) return std::nullopt;
  void* handle = iconv_open("UTF-8", known->iconv_name);
  if (handle == reinterpret_cast<void*>(-1)) return std::nullopt;  // NOLINT: iconv's own way to say no
  return CharsetConverter(handle);
}

void CharsetConverter::refuse_octet(std::string& out) {
  if (!is_refusing_) out += guess_mark;
  out += replacement;
  is_refusing_ = true;
  iconv(handle_.get(), nullptr, nullptr, nullptr, nullptr);
}

void CharsetConverter::convert(std::string_view octets, bool is_final, std::string& out) {
  std::string input = std::move(carry_);
  carry_.clear();
  input += octets;
  std::array<char, 4096> block{};
  char* from = input.data();
  std::size_t left = input.size();
  while (left > 0) {
    char* to = block.data();
    std::size_t room = block.size();
    const char* const before = from;
    const std::size_t code = iconv(handle_.get(), &from, &left, &to, &room);
    const int fault = code == static_cast<std::size_t>(-1) ? errno : 0;
    if (from != before) is_refusing_ = false;
    append_allowed(out, {block.data(), block.size() - room});
    if (fault == 0 || fault == E2BIG) continue;
    if (fault == EINVAL && !is_final) {
      carry_.assign(from, left);
      return;
    }
    refuse_octet(out);
    ++from;
    --left;
  }
}

}  // namespace ruaudit::parser
