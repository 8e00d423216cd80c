// Streaming decoders of the content transfer encodings base64 and quoted-printable (RFC 2045 section 6.7, 6.8). Any
// split of the input gives the same output. Octets outside the alphabet are skipped and counted, padding ends a quantum
// and starts the next (several encodings in a row), so neither can fail. Why own code: docs/decisions/0002-mime.md.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ruaudit::ingest {

class Base64Decoder {
 public:
  // Appends the decoded octets to out.
  void decode(std::string_view text, std::string& out);
  void finish(std::string& out);                                    // a last quantum without padding
  [[nodiscard]] std::uint64_t skipped() const { return skipped_; }  // neither alphabet, padding nor white space

 private:
  void flush(char*& out);
  std::uint32_t bits_ = 0;
  unsigned have_ = 0;
  std::uint64_t skipped_ = 0;
};

class QuotedPrintableDecoder {
 public:
  void decode(std::string_view text, std::string& out);
  void finish(std::string& out);  // an escape that was cut off is kept as it stands

 private:
  void escape_octet(char c, std::string& out);
  std::string pending_;  // '=' and what followed it, while undecided; at most 80 octets
};

// The whole of `text` at once.
template <class Decoder>
std::string decoded(std::string_view text) {
  Decoder decoder;
  std::string out;
  decoder.decode(text, out);
  decoder.finish(out);
  return out;
}

// True for the base64 alphabet itself, without padding.
bool is_base64_octet(char c);

}  // namespace ruaudit::ingest
