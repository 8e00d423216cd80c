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
constexpr std::string_view mmdf_mark = "\x01\x01\x01\x01";

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

// "From a@b Thu Jan  1 00:00:00 2026" and a field behind it: nobody writes that within a text by chance.
bool is_whole_from_line(std::string_view text) {
  const auto end = text.find('\n');
  if (end == npos || end > max_from_line || field_name_length(text.substr(end + 1, max_from_line)) == 0) return false;
  constexpr std::string_view days = "MonTueWedThuFriSatSun", months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  std::string_view line = text.substr(5, end - 5);
  const auto address = line.substr(0, line.find(' '));
  line.remove_prefix(address.size());
  if (address.find('@') == npos && address != "MAILER-DAEMON" && address != "-") return false;
  bool has_day = false, has_month = false, has_year = false;
  while (!line.empty()) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size()));
    const auto word = line.substr(0, line.find_first_of(" \t\r"));
    line.remove_prefix(word.size());
    if (word.size() == 3) {
      has_day = has_day || days.find(word) % 3 == 0;
      has_month = has_month || months.find(word) % 3 == 0;
    }
    has_year = has_year || (word.size() == 4 && (word.starts_with("19") || word.starts_with("20")));
  }
  return has_day && has_month && has_year && has_time(text.substr(0, end));
}

}  // namespace

bool starts_mmdf(std::string_view text) {
  if (!text.starts_with(mmdf_mark)) return false;
  text.remove_prefix(mmdf_mark.size());
  return text.starts_with('\n') || text.starts_with("\r\n");
}

bool starts_mbox_member(std::string_view text) {
  if (starts_mmdf(text)) return true;
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
    const auto rest = text.substr(line);
    if ((ends_with_empty_line(text.substr(0, line)) || is_whole_from_line(rest)) && starts_mbox_member(rest))
      return line;
    from = line;
  }
  return text.size();
}

// The mails between the lines of the mark; an mbox line in front of a mail is none of its fields.
std::optional<model::Result<MboxMember>> MboxReader::next_of_mmdf() {
  const auto text = mbox_.view();
  const auto line_behind = [&](std::size_t at) {
    const auto end = text.find('\n', at);
    return end == npos ? text.size() : end + 1;
  };
  while (position_ < text.size() && (starts_mmdf(text.substr(position_)) || text[position_] == '\n'))
    position_ = line_behind(position_);
  if (position_ >= text.size()) return std::nullopt;
  MboxMember member;
  member.offset = position_;
  const auto begin = model::starts_with_mbox_line(text.substr(position_)) ? line_behind(position_) : position_;
  auto end = position_ == 0 ? npos : position_ - 1;
  do {
    end = text.find("\n\x01\x01\x01\x01", end + 1);
  } while (end != npos && !starts_mmdf(text.substr(end + 1)));
  position_ = end == npos ? text.size() : end + 1;
  member.mail = mbox_.slice(begin, position_ > begin ? position_ - begin : 0);
  mbox_.drop_before(position_);
  return member;
}

std::optional<model::Result<MboxMember>> MboxReader::next() {
  const auto text = mbox_.view();
  if (starts_mmdf(text)) return next_of_mmdf();
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
