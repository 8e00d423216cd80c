#include "ingest/mbox.hpp"

#include <algorithm>
#include <cstring>

#include "mail/header_field.hpp"
#include "model/mbox_line.hpp"
#include "model/planted_bug.hpp"

namespace ruaudit::ingest {

namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t window_bytes = 1U << 20U;
constexpr std::size_t max_from_line = 1024;

bool has_time(std::string_view line) {  // "d:dd" somewhere
  const auto digit = [&](std::size_t i) { return i < line.size() && line[i] >= '0' && line[i] <= '9'; };
  for (auto at = line.find(':'); at != npos; at = line.find(':', at + 1))
    if (at > 0 && digit(at - 1) && digit(at + 1) && digit(at + 2)) return true;
  return false;
}

bool ends_with_empty_line(std::string_view text) {  // text ends with "\n": is the line before it empty?
  text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text.empty() || text.back() == '\n';
}

// The '>' to take away from the next quoted From_ line (">From ", ">>From ", ...), or npos.
std::size_t find_quoted(std::string_view text, std::size_t from) {
  for (auto at = text.find(">From ", from); at != npos; at = text.find(">From ", at + 1)) {
    std::size_t line = at;
    while (line > 0 && text[line - 1] == '>') --line;
    if (line == 0 || text[line - 1] == '\n') return at;
  }
  return npos;
}

}  // namespace

bool starts_mbox_member(std::string_view text) {
  if (!model::starts_with_mbox_line(text)) return false;
  const auto line = text.substr(0, max_from_line);
  const auto end = line.find('\n');
  return has_time(line.substr(0, end)) || (end != npos && field_name_length(text.substr(end + 1, max_from_line)) > 0);
}

MboxReader::MboxReader(Bytes mbox, std::uint64_t heap_bytes, std::string spool_folder)
    : mbox_(std::move(mbox)), heap_bytes_(heap_bytes), spool_folder_(std::move(spool_folder)) {}

// Where the next member's From_ line starts, or the end of the mbox.
std::size_t MboxReader::find_end(std::size_t from) const {
  const auto text = mbox_.view();
  constexpr std::string_view mark = "\nFrom ";
  while (from < text.size()) {
    const auto window = text.substr(from, window_bytes + mark.size() - 1);
    const void* hit = ::memmem(window.data(), window.size(), mark.data(), mark.size());
    if (hit == nullptr) {
      from += window_bytes;
      mbox_.drop_before(std::min(from, text.size()));
      continue;
    }
    const auto line = static_cast<std::size_t>(static_cast<const char*>(hit) - text.data()) + 1;
    if (ends_with_empty_line(text.substr(0, line)) && starts_mbox_member(text.substr(line))) return line;
    from = line;
  }
  return text.size();
}

std::optional<model::Result<MboxMember>> MboxReader::next() {
  const auto text = mbox_.view();
  if (position_ == 0)  // empty lines before the first mail
    position_ = std::min(text.find_first_not_of("\r\n"), text.size());
  if (position_ >= text.size()) return std::nullopt;
  MboxMember member;
  member.offset = position_;
  const auto line_end = text.find('\n', position_);
  const auto begin = line_end == npos ? text.size() : line_end + 1;
  // An empty member's From_ line may follow at once: the search starts at the end of this From_ line.
  const auto end = find_end(begin - (line_end == npos ? 0 : 1));
  position_ = end;
  auto mail = text.substr(begin, end - begin);
  if (mail.ends_with('\n') && ends_with_empty_line(mail)) mail.remove_suffix(mail.ends_with("\r\n") ? 2 : 1);
  member.mail = mbox_.slice(begin, mail.size());
  auto quoted = find_quoted(mail, 0);
  if (quoted == npos) return member;
  RUAUDIT_PLANT(member.offset > 0 && quoted % 8 == 5);
  Spool spool(heap_bytes_, spool_folder_);
  std::size_t done = 0;
  for (; quoted != npos; quoted = find_quoted(mail, quoted + 1)) {
    if (auto put = spool.append(mail.substr(done, quoted - done)); !put) return model::failure(put.error());
    done = quoted + 1;
  }
  if (auto put = spool.append(mail.substr(done)); !put) return model::failure(put.error());
  auto copy = spool.take();
  if (!copy) return model::failure(copy.error());
  member.mail = *std::move(copy);
  return member;
}

}  // namespace ruaudit::ingest
