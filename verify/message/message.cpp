#include "verify/message/message.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "model/ascii.hpp"
#include "model/first_field.hpp"
#include "model/mbox_line.hpp"

namespace ruaudit::verify::message {
namespace {

constexpr std::size_t max_malformed_noted = 20;

int compare_without_case(std::string_view a, std::string_view b) {
  const std::size_t common = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < common; ++i) {
    const auto x = static_cast<unsigned char>(ascii::lower(a[i]));
    const auto y = static_cast<unsigned char>(ascii::lower(b[i]));
    if (x != y) return x < y ? -1 : 1;
  }
  if (a.size() == b.size()) return 0;
  return a.size() < b.size() ? -1 : 1;
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

constexpr std::size_t block_size = 64;  // octets looked at in one step

// Compiled twice where the processor can be asked at run time: every octet of every mail passes here.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define RUAUDIT_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define RUAUDIT_WIDE
#endif

// How many octets from `at`, in whole blocks, hold no LF without a CR before it. The octet before `at` is readable.
RUAUDIT_WIDE std::size_t octets_without_bare_line_feed(const char* at, std::size_t octets) {
  std::size_t done = 0;
  for (; done + block_size <= octets; done += block_size) {
    unsigned char bare = 0;
    const char* const block = at + done;
    for (std::size_t i = 0; i < block_size; ++i)
      bare |= static_cast<unsigned char>(block[i] == '\n') & static_cast<unsigned char>(*(block + i - 1) != '\r');
    if (bare != 0) break;
  }
  return done;
}

std::size_t count_bare_line_feeds(std::string_view text) {
  std::size_t bare = 0, at = 0;
  while (at < text.size()) {
    if (at > 0) at += octets_without_bare_line_feed(text.data() + at, text.size() - at);
    const std::size_t end = std::min(text.size(), at + block_size);
    for (; at < end; ++at)
      if (text[at] == '\n' && (at == 0 || text[at - 1] != '\r')) ++bare;
  }
  return bare;
}

std::string with_crlf(std::string_view text, std::size_t bare) {
  std::string out;
  out.reserve(text.size() + bare);
  std::size_t from = 0;
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    if (at > 0 && text[at - 1] == '\r') continue;
    out.append(text.substr(from, at - from)).append("\r\n");
    from = at + 1;
  }
  out.append(text.substr(from));
  return out;
}

// The end of the line that starts at `from`, after its CRLF or at the end of the text.
std::size_t line_end(std::string_view text, std::size_t from) {
  const std::size_t at = text.find('\n', from);
  return at == std::string_view::npos ? text.size() : at + 1;
}

std::uint32_t count_lines(std::string_view text) {
  return static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

model::Result<Message> Message::view(std::string_view bytes, const Limits& limits) {
  if (bytes.size() > limits.message_bytes)
    return model::failure(
        "message-too-large",
        "the mail has " + std::to_string(bytes.size()) + " bytes, the limit is " + std::to_string(limits.message_bytes),
        "raise the limit on message bytes");
  Message message;
  std::uint32_t first_line = 1;
  const std::string_view text = message.normalize(bytes, first_line);
  TRY_VOID(message.split(text, limits, first_line));
  message.build_index();
  return message;
}

void Message::drop_before_first_field(std::string_view& bytes, std::uint32_t& first_line) {
  const std::size_t octets = model::octets_before_first_field(bytes);
  if (octets == 0) return;
  repairs_.push_back({"message-leading-octets-dropped",
                      std::to_string(octets) + " octets before the first field (a byte order mark, NUL or blank lines)",
                      0, first_line});
  first_line += count_lines(bytes.substr(0, octets));
  bytes.remove_prefix(octets);
}

// Samples inside message/rfc822 parts and files often carry bare LF; RFC 6376 section 5.3 asks for network normal form.
std::string_view Message::normalize(std::string_view bytes, std::uint32_t& first_line) {
  drop_before_first_field(bytes, first_line);
  if (model::starts_with_mbox_line(bytes)) {
    const std::size_t end = line_end(bytes, 0);
    repairs_.push_back({"message-mbox-line-dropped", "a line of an mbox in front of the first field", 0, first_line});
    bytes.remove_prefix(end);
    ++first_line;
    drop_before_first_field(bytes, first_line);
  }
  const std::size_t bare = count_bare_line_feeds(bytes);
  if (bare == 0) return bytes;
  repairs_.push_back({"message-line-ends-repaired", std::to_string(bare) + " bare LF became CRLF", 0, 0});
  repaired_ = std::make_unique<const std::string>(with_crlf(bytes, bare));
  return *repaired_;
}

model::Result<void> Message::split(std::string_view text, const Limits& limits, std::uint32_t first_line) {
  std::size_t at = 0;
  std::uint32_t line = first_line;
  while (at < text.size() && !text.substr(at).starts_with("\r\n")) {
    std::size_t end = line_end(text, at);
    while (end < text.size() && is_blank(text[end]) && end <= limits.header_bytes) end = line_end(text, end);
    if (end > limits.header_bytes)
      return model::failure("message-header-too-large",
                            "line " + std::to_string(line) + ": the header block exceeds " +
                                std::to_string(limits.header_bytes) + " bytes",
                            "check that the input is a mail, or raise the limit on header bytes");
    if (fields_.size() == limits.header_fields)
      return model::failure(
          "message-too-many-fields",
          "line " + std::to_string(line) + ": more than " + std::to_string(limits.header_fields) + " header fields",
          "raise the limit on header fields");
    add_field(text.substr(at, end - at), line);
    line += count_lines(text.substr(at, end - at));
    at = end;
  }
  header_ = text.substr(0, at);
  has_separator_ = at < text.size();
  body_ = has_separator_ ? text.substr(at + 2) : std::string_view{};
  return {};
}

void Message::add_field(std::string_view raw, std::uint32_t line) {
  HeaderField field;
  field.raw = raw;
  field.line = line;
  const std::string_view content = field.without_line_end();
  const std::size_t colon = content.find(':');
  const std::size_t fold = content.find('\n');
  // A name lies on the first line; a line that starts blank continues nothing here.
  if (colon == std::string_view::npos || colon == 0 || fold < colon || is_blank(content[0])) {
    field.value = content;
    is_first_readable_ = is_first_readable_ && !fields_.empty();
    if (std::ranges::count(repairs_, "message-header-line-malformed", &model::Defect::code) <
        static_cast<std::ptrdiff_t>(max_malformed_noted))
      repairs_.push_back({"message-header-line-malformed",
                          std::to_string(content.size()) + " octets that are no header field", 0, line});
  } else {
    field.name = content.substr(0, colon);
    while (!field.name.empty() && is_blank(field.name.back())) field.name.remove_suffix(1);  // RFC 5322 section 4.5
    // Text in UTF-16 has colons, too; a name of letters and NUL octets is no name.
    if (fields_.empty() && field.name.find('\0') != std::string_view::npos) is_first_readable_ = false;
    field.value = content.substr(colon + 1);
  }
#ifdef RUAUDIT_PLANTED_BUG  // reads past a mail that ends without a line end
  if (fields_.size() == 5 && raw.data()[raw.size()] == '\n') field.line = 0;
#endif
  fields_.push_back(field);
}

void Message::build_index() {
  by_name_.reserve(fields_.size());
  for (std::uint32_t i = 0; i < fields_.size(); ++i)
    if (!fields_[i].name.empty()) by_name_.push_back(i);
  std::ranges::stable_sort(by_name_, [this](std::uint32_t a, std::uint32_t b) {
    return compare_without_case(fields_[a].name, fields_[b].name) < 0;
  });
}

std::span<const std::uint32_t> Message::positions(std::string_view name) const {
  const auto low = std::lower_bound(
      by_name_.begin(), by_name_.end(), name,
      [this](std::uint32_t i, std::string_view n) { return compare_without_case(fields_[i].name, n) < 0; });
  const auto high = std::upper_bound(low, by_name_.end(), name, [this](std::string_view n, std::uint32_t i) {
    return compare_without_case(n, fields_[i].name) < 0;
  });
  return {low, high};
}

std::size_t Message::group_of(std::span<const std::uint32_t> positions) const {
  return positions.empty() ? by_name_.size() : static_cast<std::size_t>(positions.data() - by_name_.data());
}

const HeaderField* Message::first(std::string_view name) const {
  const auto found = positions(name);
  return found.empty() ? nullptr : &fields_[found.front()];
}

}  // namespace ruaudit::verify::message
