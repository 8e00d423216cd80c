#include "verify/dkim/canonical.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace ruaudit::verify::dkim {
namespace {

constexpr std::size_t block_size = 32;
constexpr std::size_t buffer_size = 8192;
constexpr std::size_t direct_size = 2048;  // pieces from here on are not worth a copy

bool is_wsp(char c) { return c == ' ' || c == '\t'; }

bool is_crlf(std::string_view text, std::size_t at) {
  return at + 1 < text.size() && text[at] == '\r' && text[at + 1] == '\n';
}

// Joins small pieces so that the sink is called seldom.
class Pieces {
 public:
  explicit Pieces(const Sink& sink) : sink_(sink) {}
  void add(std::string_view piece) {
    if (used_ + piece.size() > buffer_.size()) flush();
    if (piece.size() >= direct_size) {
      flush();
      sink_(piece);
      return;
    }
    std::memcpy(buffer_.data() + used_, piece.data(), piece.size());
    used_ += piece.size();
  }
  void flush() {
    if (used_ > 0) sink_({buffer_.data(), used_});
    used_ = 0;
  }

 private:
  const Sink& sink_;
  std::array<char, buffer_size> buffer_;
  std::size_t used_ = 0;
};

// A tab, or a blank before white space or CR: the only places where relaxed differs from the bytes.
bool is_irregular(char c, char next) {
  return static_cast<bool>(
      static_cast<int>(c == '\t') |
      (static_cast<int>(c == ' ') &
       (static_cast<int>(next == ' ') | static_cast<int>(next == '\t') | static_cast<int>(next == '\r'))));
}

// Any irregular place in block_size octets; a fixed count without branches, so that the compiler makes vectors of it.
bool has_irregular(const char* block) {
  unsigned char found = 0;
  for (std::size_t i = 0; i < block_size; ++i)
    found = static_cast<unsigned char>(found | static_cast<unsigned char>(is_irregular(block[i], block[i + 1])));
  return found != 0;
}

std::size_t next_irregular(std::string_view text, std::size_t at) {
  while (at + block_size < text.size() && !has_irregular(text.data() + at)) at += block_size;
  for (; at < text.size(); ++at)
    if (is_irregular(text[at], at + 1 < text.size() ? text[at + 1] : '\0')) return at;
  return text.size();
}

// Section 3.4.4 b: where the last line with content ends.
std::size_t end_of_relaxed_content(std::string_view body) {
  std::size_t end = body.size();
  while (end > 0) {
    if (is_wsp(body[end - 1])) {
      --end;
    } else if (end > 1 && is_crlf(body, end - 2)) {
      end -= 2;
    } else {
      break;
    }
  }
  return end;
}

// Section 3.4.4 a, over content that ends in neither white space nor CRLF.
void reduce_white_space(std::string_view content, Pieces& out) {
  std::size_t from = 0;
  while (from < content.size()) {
    const std::size_t run = next_irregular(content, from);
    out.add(content.substr(from, run - from));
    std::size_t end = run;
    while (end < content.size() && is_wsp(content[end])) ++end;
    if (end > run && !is_crlf(content, end)) out.add(" ");
    from = end;
  }
}

void simple_body(std::string_view body, const Sink& sink) {
  std::size_t end = body.size();
  while (end > 1 && is_crlf(body, end - 2)) end -= 2;
  if (end > 0) sink(body.substr(0, end));
  sink("\r\n");  // section 3.4.3: also where there is no body
}

}  // namespace

// RFC 6376 section 3.4.2.
void append_relaxed_field(std::string& out, std::string_view name, std::string_view value) {
  for (const char c : name) out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  out.push_back(':');
  bool is_pending = false, has_content = false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (is_crlf(value, i)) {  // unfold
      ++i;
    } else if (is_wsp(value[i])) {
      is_pending = has_content;
    } else {
      if (is_pending) out.push_back(' ');
      out.push_back(value[i]);
      is_pending = false;
      has_content = true;
    }
  }
}

void canonicalize_body(std::string_view body, Canonicalization canonicalization, const Sink& sink) {
  if (canonicalization == Canonicalization::simple) return simple_body(body, sink);
  const std::size_t end = end_of_relaxed_content(body);
  if (end == 0) return;
  Pieces pieces(sink);
  reduce_white_space(body.substr(0, end), pieces);
  pieces.add("\r\n");
  pieces.flush();
}

std::string canonical_body(std::string_view body, Canonicalization canonicalization) {
  std::string out;
  canonicalize_body(body, canonicalization, [&out](std::string_view piece) { out.append(piece); });
  return out;
}

}  // namespace ruaudit::verify::dkim
