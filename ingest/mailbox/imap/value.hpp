// The server's side of IMAP, part two: one response into values. In: an ImapLine. Out: the value of the responses that
// the session asks for or has to know (RFC 3501 section 7, RFC 9051 section 7); every other response is ImapOther, so
// that unsolicited responses do no harm. Malformed responses of the known kinds are errors
// ("mailbox-answer-malformed"). No recursion; lists deeper than the limit are refused.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ingest/mailbox/imap/response.hpp"
#include "model/result.hpp"

namespace ruaudit::ingest::mailbox {

enum class Condition { ok, no, bad, preauth, bye };

struct ImapStatus {
  Condition condition = Condition::ok;
  std::string code;       // upper case, without brackets: "UIDVALIDITY"; empty when there is none
  std::string arguments;  // the rest within the brackets
  std::string text;       // for people
  bool operator==(const ImapStatus&) const = default;
};

struct ImapTagged {
  std::string tag;
  ImapStatus status;
  bool operator==(const ImapTagged&) const = default;
};

struct ImapContinuation {  // "+ text"
  std::string text;
  bool operator==(const ImapContinuation&) const = default;
};

struct ImapCapabilities {
  std::vector<std::string> names;  // upper case
  bool operator==(const ImapCapabilities&) const = default;
};

struct ImapList {  // LIST
  std::vector<std::string> flags;
  char separator = 0;
  std::string name;  // as sent
  bool operator==(const ImapList&) const = default;
};

struct ImapNamespace {  // the first personal one, as sent // RFC 2342 section 5
  std::string prefix;
  char separator = 0;
  bool operator==(const ImapNamespace&) const = default;
};

struct ImapSearch {
  std::vector<std::uint32_t> numbers;
  bool operator==(const ImapSearch&) const = default;
};

enum class CountKind { exists, recent, expunge };

struct ImapCount {
  CountKind kind = CountKind::exists;
  std::uint32_t number = 0;
  bool operator==(const ImapCount&) const = default;
};

struct ImapFetch {
  std::uint32_t sequence = 0;
  std::optional<std::uint32_t> uid;
  std::optional<std::uint64_t> octets;  // RFC822.SIZE
  std::optional<std::int64_t> internal_date;
  std::vector<std::string> flags;
  bool has_streamed_body = false;   // its octets have been handed out already
  std::optional<std::string> body;  // BODY[] sent as a quoted string
  bool operator==(const ImapFetch&) const = default;
};

struct ImapOther {
  std::string word;  // upper case
  bool operator==(const ImapOther&) const = default;
};

using ImapResponse = std::variant<ImapStatus, ImapTagged, ImapContinuation, ImapCapabilities, ImapList, ImapNamespace,
                                  ImapSearch, ImapCount, ImapFetch, ImapOther>;

model::Result<ImapResponse> parse_response(const ImapLine& line, std::uint64_t nesting_limit);

// The flags in "(\Deleted \Seen)", as in PERMANENTFLAGS; what is not a list gives none.
std::vector<std::string> parse_flag_list(std::string_view text);

// Capability names of a CAPABILITY response or response code.
std::vector<std::string> parse_capabilities(std::string_view text);

}  // namespace ruaudit::ingest::mailbox
