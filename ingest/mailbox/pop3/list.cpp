// Which mails a maildrop holds: their unique ids and sizes.
#include <algorithm>
#include <charconv>
#include <optional>

#include "ingest/content_hash.hpp"
#include "ingest/mailbox/pop3/session_detail.hpp"

namespace ruaudit::ingest::mailbox {

using model::failure;
using model::Result;

namespace {

bool is_printable(char c) { return c > ' ' && c <= '~'; }

// Whether an id is not its own name: it holds what no id should, or reads as the name of one that does.
bool needs_escapes(std::string_view id) {
  for (std::size_t at = 0; at < id.size(); ++at) {
    if (!is_printable(id[at])) return true;
    unsigned octet = 0;
    const auto* const digits = id.data() + at + 1;
    const bool is_escape =
        id[at] == '%' && at + 2 < id.size() && std::from_chars(digits, digits + 2, octet, 16).ptr == digits + 2;
    if (is_escape && (octet == '%' || !is_printable(static_cast<char>(octet)))) return true;
  }
  return false;
}

// A unique id: 1 to 70 printable characters (RFC 1939 section 7); servers send more of them. It is a name and nothing
// else, and no two have one name: what no id should hold is written as %XX, and so is a '%' beside it; what is longer
// than a name should be ends in its hash.
std::string name_of_id(std::string_view id) {
  constexpr std::size_t longest = 255, kept = 180;
  constexpr std::string_view digits = "0123456789abcdef";
  const auto hexadecimal = [&](unsigned char octet) { return std::string{digits[octet >> 4U], digits[octet & 15U]}; };
  std::string name;
  const bool has_escapes = needs_escapes(id);
  for (const char c : id) {
    const bool is_plain = is_printable(c) && (c != '%' || !has_escapes);
    name += is_plain ? std::string(1, c) : "%" + hexadecimal(static_cast<unsigned char>(c));
  }
  if (name.size() <= longest) return name;
  const auto hash = content_hash(Bytes::from_string(std::string(id)));
  name.resize(kept);
  for (const auto octet : hash) name += hexadecimal(octet);
  return name;
}

// "3 id", or nothing.
std::optional<Pop3Mail> parse_unique_id(std::string_view line) {
  const auto words = words_of(line);
  const auto number = words.empty() ? std::nullopt : number_of<std::uint32_t>(words[0]);
  if (!number || *number == 0 || words.size() < 2) return {};
  const auto id = line.substr(static_cast<std::size_t>(words[1].data() - line.data()));
  return Pop3Mail{*number, name_of_id(id.substr(0, id.find_last_not_of(" \t") + 1)), 0};
}

// Of a mail that has no unique id only the size is told.
Pop3Mail* mail_of(std::vector<Pop3Mail>& mails, std::uint32_t number) {
  const auto mail = std::lower_bound(mails.begin(), mails.end(), number,
                                     [](const Pop3Mail& one, std::uint32_t wanted) { return one.number < wanted; });
  return mail != mails.end() && mail->number == number ? &*mail : nullptr;
}

// A size beyond 63 bits, a negative one, -1 in 32 bits or none is not known.
void take_size(std::string_view line, std::vector<Pop3Mail>& mails, std::vector<std::uint32_t>& nameless) {
  const auto words = words_of(line);
  const auto number = words.empty() ? std::nullopt : number_of<std::uint32_t>(words[0]);
  if (!number) return;
  constexpr std::int64_t minus_one = 0xffffffff;
  std::int64_t octets = words.size() < 2 ? 0 : number_of<std::int64_t>(words[1]).value_or(0);
  if (octets == minus_one) octets = 0;
  if (auto* mail = mail_of(mails, *number); mail != nullptr)
    mail->octets = static_cast<std::uint64_t>(std::max<std::int64_t>(octets, 0));
  else
    nameless.push_back(*number);
}

void sort_by_number(std::vector<Pop3Mail>& mails) {
  std::stable_sort(mails.begin(), mails.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  mails.erase(
      std::unique(mails.begin(), mails.end(), [](const auto& a, const auto& b) { return a.number == b.number; }),
      mails.end());
}

}  // namespace

// Some servers refuse to list nothing. RFC 1939 section 5 "STAT"
Result<bool> Pop3Session::State::is_empty() {
  TRY(const auto status, channel.run("STAT"));
  const auto words = words_of(status.text);
  return status.sign == Pop3Sign::ok && !words.empty() && number_of<std::uint64_t>(words[0]) == std::uint64_t{0};
}

// A line that names no mail says nothing of the others.
Result<Pop3List> Pop3Session::list() {
  Pop3List list;
  const auto take_id = [&](std::string_view line) -> Result<void> {
    if (auto mail = parse_unique_id(line)) list.mails.push_back(std::move(*mail));
    return {};
  };
  TRY(const auto ids,
      state_->channel.run("UIDL", ReplyKind::lines, {.status = {}, .line = take_id, .mail_chunk = {}, .end = {}}));
  if (ids.sign != Pop3Sign::ok) {
    TRY(const bool is_empty, state_->is_empty());
    if (is_empty) return Pop3List{};
    return failure("mailbox-no-uidl", refused("UIDL", ids).message,
                   "without unique ids mails cannot be told apart: use IMAP or another server");
  }
  sort_by_number(list.mails);
  const auto take = [&](std::string_view line) -> Result<void> {
    take_size(line, list.mails, list.nameless);
    return {};
  };
  TRY(const auto sizes,
      state_->channel.run("LIST", ReplyKind::lines, {.status = {}, .line = take, .mail_chunk = {}, .end = {}}));
  if (sizes.sign == Pop3Sign::ok) return list;
  if (list.mails.empty()) {
    TRY(const bool is_empty, state_->is_empty());
    if (is_empty) return Pop3List{};
  }
  return failure(refused("LIST", sizes));
}

}  // namespace ruaudit::ingest::mailbox
