#include "store/content/base64_lines.hpp"

#include <openssl/evp.h>

#include <cstdint>

#include "mail/transfer_decode.hpp"

namespace ruaudit::store {
namespace {

// How lines end: bits of the second octet.
constexpr unsigned ends_in_crlf = 1;
constexpr unsigned last_has_no_end = 2;

constexpr std::size_t prefix = 2;
constexpr std::size_t min_line = 40;       // characters: words of four or eight letters are not base64
constexpr std::size_t max_line = 255 * 4;  // what the first octet can say; RFC 2045 permits 76

struct Line {
  std::string_view text;
  std::string_view end;  // "\n", "\r\n" or nothing at the end of the text
};

Line line_at(std::string_view text) {
  const auto lf = text.find('\n');
  if (lf == std::string_view::npos) return {text, {}};
  const bool crlf = lf > 0 && text[lf - 1] == '\r';
  return {text.substr(0, crlf ? lf - 1 : lf), crlf ? "\r\n" : "\n"};
}

std::string encoded(std::string_view octets) {
  std::string text((octets.size() + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock ends it with NUL
  text.resize(static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                                       reinterpret_cast<const unsigned char*>(octets.data()),
                                                       static_cast<int>(octets.size()))));
  return text;
}

// Appends what a line without padding stands for; false (nothing appended) when it is no such line.
bool append_full(std::string_view line, std::string& data) {
  const auto before = data.size();
  ingest::Base64Decoder decoder;
  decoder.decode(line, data);
  if (data.size() - before == line.size() / 4 * 3) return true;  // fewer: something else than the alphabet was in it
  data.resize(before);
  return false;
}

// The same for a last line, which may be padded: only as an encoder writes it.
bool append_last(std::string_view line, std::string& data) {
  const auto octets = ingest::decoded<ingest::Base64Decoder>(line);
  if (octets.empty() || encoded(octets) != line) return false;
  data += octets;
  return true;
}

bool may_be_first(const Line& line) {
  return line.text.size() % 4 == 0 && line.text.size() >= min_line && line.text.size() <= max_line && !line.end.empty();
}

// The run that begins with the first line of `text`.
std::optional<Base64Lines> run_at(std::string_view text, std::size_t max) {
  const Line first = line_at(text.substr(0, max_line + 2));
  if (!may_be_first(first)) return std::nullopt;
  Base64Lines run;
  unsigned ends = first.end.size() == 2 ? ends_in_crlf : 0;
  run.data = {static_cast<char>(first.text.size() / 4), '\0'};
  for (std::string_view rest = text; !rest.empty();) {
    const Line line = line_at(rest.substr(0, max_line + 2));
    const auto octets = line.text.size() + line.end.size();
    if (run.size + octets > max || (!line.end.empty() && line.end != first.end)) break;
    const bool is_full = line.text.size() == first.text.size() && !line.end.empty();
    if (!is_full || !append_full(line.text, run.data)) {
      if (line.text.size() > first.text.size() || (line.end.empty() && line.text.size() != rest.size()) ||
          !append_last(line.text, run.data))
        break;
      run.size += octets;
      if (line.end.empty()) ends |= last_has_no_end;
      break;
    }
    run.size += octets;
    rest.remove_prefix(octets);
  }
  run.data[1] = static_cast<char>(ends);
  return run;
}

}  // namespace

std::optional<Base64Lines> find_base64_lines(std::string_view text, std::size_t max) {
  const auto window = text.substr(0, max);
  for (std::size_t begin = 0; begin < window.size();) {
    auto run = run_at(text.substr(begin), max);
    if (run && run->size >= min_base64_lines) {
      run->begin = begin;
      return run;
    }
    // Lines that were too few are not looked at one by one again.
    const auto next = window.find('\n', begin + (run && run->size > 0 ? run->size - 1 : 0));
    if (next == std::string_view::npos) break;
    begin = next + 1;
  }
  return std::nullopt;
}

std::optional<std::string> written_lines(std::string_view data, std::size_t size) {
  if (data.size() <= prefix || data[0] == '\0') return std::nullopt;
  const std::size_t octets_of_line = std::size_t{static_cast<std::uint8_t>(data[0])} * 3;
  const auto ends = static_cast<std::uint8_t>(data[1]);
  const std::string_view end = (ends & ends_in_crlf) != 0 ? "\r\n" : "\n";
  std::string text;
  text.reserve(size + end.size());
  for (data.remove_prefix(prefix); !data.empty() && text.size() < size;) {
    const auto octets = data.substr(0, octets_of_line);
    (text += encoded(octets)) += end;
    data.remove_prefix(octets.size());
  }
  if ((ends & last_has_no_end) != 0) text.resize(text.size() - end.size());
  if (!data.empty() || text.size() != size) return std::nullopt;
  return text;
}

}  // namespace ruaudit::store
