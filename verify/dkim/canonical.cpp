#include "verify/dkim/canonical.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "model/ascii.hpp"
#include "verify/dkim/white_space.hpp"

namespace ruaudit::verify::dkim {
namespace {

constexpr std::size_t window_size = 16'384;  // hashed while it still lies in the cache
constexpr std::size_t reduced_size = 512;
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
  // Room to be filled and then counted.
  char* room(std::size_t octets) {
    if (used_ + octets > buffer_.size()) flush();
    return buffer_.data() + used_;
  }
  void count(std::size_t octets) { used_ += octets; }
  void flush() {
    if (used_ > 0) sink_({buffer_.data(), used_});
    used_ = 0;
  }

 private:
  const Sink& sink_;
  std::array<char, buffer_size> buffer_;
  std::size_t used_ = 0;
};

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

// The last octets, fewer than a block and the two that are read behind it.
void reduce_tail(std::string_view tail, Pieces& out) {
  std::array<char, white_space_block + 4> padded{};  // with octets that are no white space
  std::memcpy(padded.data(), tail.data(), tail.size());
  const WhiteSpaceKernel& portable = white_space_kernels().front();
  out.count(portable.reduce(padded.data(), tail.size(), out.room(padded.size())));
}

// Section 3.4.4 a, of content that ends in neither white space nor CRLF. Clean stretches leave as they are; most of
// most mails is clean, so that looking for them decides the speed.
void reduce_white_space(std::string_view content, Pieces& out) {
  static const WhiteSpaceKernel& kernel = white_space_kernels().back();
  const std::size_t whole = content.size() < 2 ? 0 : (content.size() - 2) / white_space_block * white_space_block;
  std::size_t at = 0;
  while (at < whole) {
    const std::size_t clean = kernel.clean(content.data() + at, std::min(whole - at, window_size));
    if (clean > 0) out.add(content.substr(at, clean));
    at += clean;
    const std::size_t mixed = std::min(whole - at, reduced_size);
    if (mixed == 0 || clean == window_size) continue;
    out.count(kernel.reduce(content.data() + at, mixed, out.room(mixed + white_space_block)));
    at += mixed;
  }
  reduce_tail(content.substr(whole), out);
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
  for (const char c : name) out.push_back(ascii::lower(c));
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
