#include "ingest/mailbox/imap/value.hpp"

#include <algorithm>
#include <array>

#include "ingest/mailbox/imap/cursor_detail.hpp"
#include "ingest/mailbox/imap/uid_set.hpp"
#include "ingest/mailbox/server_text.hpp"
#include "mail/mail_date.hpp"
#include "model/ascii.hpp"
#include "model/planted_bug.hpp"

namespace ruaudit::ingest::mailbox {
namespace {

using model::failure;
using model::Result;

constexpr std::uint64_t most_uint32 = 0xffffffff;
constexpr std::size_t most_found = 100'000;  // a set of a few octets can name more

struct ConditionName {
  std::string_view name;
  Condition condition;
};
constexpr std::array condition_names{ConditionName{"OK", Condition::ok}, ConditionName{"NO", Condition::no},
                                     ConditionName{"BAD", Condition::bad}, ConditionName{"PREAUTH", Condition::preauth},
                                     ConditionName{"BYE", Condition::bye}};

std::optional<Condition> condition_of(std::string_view word) {
  for (const auto& one : condition_names)
    if (ascii::equal_folded(word, one.name)) return one.condition;
  return {};
}

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto end = text.find(' ');
    if (const auto word = text.substr(0, end); !word.empty()) words.emplace_back(word);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return words;
}

// "[CODE arguments] text". // RFC 3501 section 7.1
ImapStatus parse_status(Condition condition, std::string_view text) {
  ImapStatus status;
  status.condition = condition;
  while (text.starts_with(' ')) text.remove_prefix(1);
  const auto close = text.starts_with('[') ? text.find(']') : std::string_view::npos;
  if (close != std::string_view::npos) {
    const auto inside = text.substr(1, close - 1);
    const auto blank = inside.find(' ');
    status.code = ascii::upper(inside.substr(0, blank));
    if (blank != std::string_view::npos) status.arguments = inside.substr(blank + 1);
    text.remove_prefix(close + 1);
    if (text.starts_with(' ')) text.remove_prefix(1);
  }
  status.text = text;
  return status;
}

using Parsed = Result<ImapResponse>;

Parsed parse_capability(ImapCursor& cursor) { return ImapCapabilities{parse_capabilities(cursor.rest())}; }

Parsed parse_list(ImapCursor& cursor) {
  ImapList list;
  cursor.skip_spaces();
  TRY(list.flags, cursor.words());
  cursor.skip_spaces();
  TRY(list.separator, cursor.separator());
  cursor.skip_spaces();
  TRY(list.name, cursor.astring());
  return list;
}

// ((prefix separator ...) ...) others shared, of which the first personal one counts. // RFC 2342 section 5
Parsed parse_namespace(ImapCursor& cursor) {
  cursor.skip_spaces();
  if (!cursor.take('(')) return ImapNamespace{};  // NIL: the server knows no personal one
  cursor.skip_spaces();
  if (!cursor.take('(')) return failure(cursor.malformed("a namespace"));
  ImapNamespace found;
  TRY(found.prefix, cursor.astring());
  cursor.skip_spaces();
  TRY(found.separator, cursor.separator());
  return found;
}

Parsed parse_search(ImapCursor& cursor) {
  ImapSearch search;
  cursor.skip_spaces();
  while (cursor.peek() >= '0' && cursor.peek() <= '9') {
    TRY(const auto number, cursor.number(most_uint32));
    search.numbers.push_back(static_cast<std::uint32_t>(number));
    cursor.skip_spaces();
  }
  // RFC 7162 section 3.1.5 adds "(MODSEQ n)"
  if (!cursor.rest().empty() && cursor.peek() != '(') return failure(cursor.malformed("a number"));
  return search;
}

// (TAG "a") UID ALL 1:3,7: how a server that speaks IMAP4rev2 alone answers SEARCH. // RFC 9051 section 7.3.4
Parsed parse_esearch(ImapCursor& cursor) {
  ImapSearch search;
  cursor.skip_spaces();
  if (cursor.peek() == '(') TRY_VOID(cursor.skip_value());
  cursor.skip_spaces();
  while (!cursor.rest().empty()) {
    const auto name = cursor.atom();
    cursor.skip_spaces();
    if (name.empty()) return failure(cursor.malformed("the name of a search result"));
    if (ascii::equal_folded(name, "UID")) continue;
    if (!ascii::equal_folded(name, "ALL")) {
      TRY_VOID(cursor.skip_value());
    } else {
      auto numbers = parse_uid_set(cursor.atom(), most_found);
      if (!numbers) return failure(cursor.malformed("a set of numbers"));
      search.numbers = std::move(*numbers);
    }
    cursor.skip_spaces();
  }
  return search;
}

Result<void> fetch_uid(ImapCursor& cursor, ImapFetch& fetch) {
  TRY(const auto number, cursor.number(most_uint32));
  fetch.uid = static_cast<std::uint32_t>(number);
  return {};
}

// Beyond 63 bits it is no size, but mostly -1; so is the last number of 32 bits. RFC 9051 section 9 "number64"
Result<void> fetch_size(ImapCursor& cursor, ImapFetch& fetch) {
  TRY(const auto octets, cursor.number(~std::uint64_t{0} >> 1U));
  if (octets != most_uint32) fetch.octets = octets;
  return {};
}

Result<void> fetch_flags(ImapCursor& cursor, ImapFetch& fetch) {
  TRY(fetch.flags, cursor.words());
  return {};
}

// "17-Jul-1996 02:44:25 -0700": a mail date with dashes. // RFC 3501 section 9 "date-time"
Result<void> fetch_date(ImapCursor& cursor, ImapFetch& fetch) {
  TRY(auto found, cursor.nstring());
  auto text = std::move(found.octets).value_or("");
  std::replace(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(text.size(), 11)), '-',
               ' ');
  fetch.internal_date = model::parse_mail_date(text);
  return {};
}

Result<void> fetch_body(ImapCursor& cursor, ImapFetch& fetch) {
  TRY(auto found, cursor.nstring());
  fetch.has_streamed_body = found.is_streamed;
  if (!found.is_streamed) fetch.body = std::move(found.octets);
  return {};
}

struct FetchItem {
  std::string_view name;
  Result<void> (*read)(ImapCursor&, ImapFetch&);
};
constexpr std::array fetch_items{FetchItem{"UID", fetch_uid}, FetchItem{"RFC822.SIZE", fetch_size},
                                 FetchItem{"FLAGS", fetch_flags}, FetchItem{"INTERNALDATE", fetch_date},
                                 FetchItem{"BODY[]", fetch_body}};

// A value that is not of its item's kind (RFC822.SIZE NIL) says nothing of the mail, and nothing of the others.
Result<void> read_item(const FetchItem& item, ImapCursor& cursor, ImapFetch& fetch) {
  const auto before = cursor.mark();
  if (item.read(cursor, fetch)) return {};
  cursor.go_back(before);
  return cursor.skip_value();
}

// RFC 3501 section 7.4.2
Parsed parse_fetch(ImapCursor& cursor, std::uint32_t sequence) {
  ImapFetch fetch;
  fetch.sequence = sequence;
  cursor.skip_spaces();
  if (!cursor.take('(')) return failure(cursor.malformed("a list"));
  cursor.skip_spaces();
  while (!cursor.take(')')) {
    const auto name = cursor.attribute();
    if (name.empty()) return failure(cursor.malformed("the name of a message's item"));
    cursor.skip_spaces();
    const auto* const item = std::find_if(fetch_items.begin(), fetch_items.end(), [&](const FetchItem& one) {
      return ascii::equal_folded(one.name, is_mail_item(name) ? "BODY[]" : name);
    });
    TRY_VOID(item == fetch_items.end() ? cursor.skip_value() : read_item(*item, cursor, fetch));
    cursor.skip_spaces();
  }
  RUAUDIT_PLANT(fetch.uid == 7 && fetch.flags.size() == 2 && fetch.internal_date.has_value());
  return fetch;
}

// "* 12 EXISTS", "* 3 FETCH (...)".
Parsed parse_numbered(ImapCursor& cursor) {
  TRY(const auto number, cursor.number(most_uint32));
  const auto value = static_cast<std::uint32_t>(number);
  cursor.skip_spaces();
  const auto word = ascii::upper(cursor.atom());
  if (word == "EXISTS") return ImapCount{CountKind::exists, value};
  if (word == "RECENT") return ImapCount{CountKind::recent, value};
  if (word == "EXPUNGE") return ImapCount{CountKind::expunge, value};
  if (word == "FETCH") return parse_fetch(cursor, value);
  return ImapOther{word};
}

struct WordParser {
  std::string_view word;
  Parsed (*read)(ImapCursor&);
};
constexpr std::array word_parsers{WordParser{"CAPABILITY", parse_capability}, WordParser{"LIST", parse_list},
                                  WordParser{"NAMESPACE", parse_namespace}, WordParser{"SEARCH", parse_search},
                                  WordParser{"ESEARCH", parse_esearch}};

Parsed parse_untagged(ImapCursor& cursor) {
  if (cursor.peek() >= '0' && cursor.peek() <= '9') return parse_numbered(cursor);
  const auto word = ascii::upper(cursor.atom());
  if (const auto condition = condition_of(word)) return parse_status(*condition, cursor.rest());
  for (const auto& one : word_parsers)
    if (word == one.word) return one.read(cursor);
  return ImapOther{word.substr(0, 64)};
}

}  // namespace

Result<ImapResponse> parse_response(const ImapLine& line, std::uint64_t nesting_limit) {
  ImapCursor cursor(line, nesting_limit);
  if (cursor.take('*')) {
    cursor.skip_spaces();
    return parse_untagged(cursor);
  }
  if (cursor.take('+')) {
    cursor.skip_spaces();
    return ImapContinuation{std::string(cursor.rest())};
  }
  const std::string tag(cursor.atom());
  cursor.skip_spaces();
  const auto condition = condition_of(cursor.atom());
  if (tag.empty() || !condition) return failure(cursor.malformed("a response"));
  return ImapTagged{tag, parse_status(*condition, cursor.rest())};
}

std::vector<std::string> parse_flag_list(std::string_view text) {
  if (text.size() < 2 || text.front() != '(' || text.back() != ')') return {};
  return split_words(text.substr(1, text.size() - 2));
}

std::vector<std::string> parse_capabilities(std::string_view text) {
  auto names = split_words(text);
  for (auto& name : names) name = ascii::upper(name);
  return names;
}

}  // namespace ruaudit::ingest::mailbox
