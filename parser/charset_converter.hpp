// One legacy character set -> UTF-8, as a stream, by the C library's iconv. Only sets of a fixed list are opened: 8-bit
// and multi-byte ones in which ASCII octets outside a sequence are ASCII, none with shift states. An octet that the
// set does not know becomes U+FFFD behind xml_markup's guess_mark, once per run, so that the engine can tell the place;
// nothing is dropped or transliterated. Any split of the input gives the same output.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ruaudit::parser {

class CharsetConverter {
 public:
  // Nothing for a name (any case) outside the list, or a set that this system does not have.
  static std::optional<CharsetConverter> open(std::string_view name);

  // Appends the octets as UTF-8; the beginning of a character waits for the next call, unless is_final.
  void convert(std::string_view octets, bool is_final, std::string& out);

 private:
  struct Close {
    void operator()(void* handle) const noexcept;
  };
  explicit CharsetConverter(void* handle) : handle_(handle) {}
  void refuse_octet(std::string& out);

  std::unique_ptr<void, Close> handle_;
  std::string carry_;
  bool is_refusing_ = false;  // the last octet was not known
};

}  // namespace ruaudit::parser
