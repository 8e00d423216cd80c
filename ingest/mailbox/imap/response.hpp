// The server's side of IMAP, part one: octets into responses. In: octets in any split. Out: whole responses, each one
// line with its literals beside it, and the octets of mails (the literal of BODY[] in a FETCH response) as they come.
// Literals are counted, never searched, so nothing inside a mail can end a response (RFC 3501 section 4.3). Memory is
// bounded by AnswerLimits whatever the server sends; after an error the reader must not be fed again.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/mailbox/endpoint.hpp"
#include "model/result.hpp"

namespace ruaudit::ingest::mailbox {

struct ImapLiteral {
  std::uint64_t size = 0;
  std::string octets;        // empty when streamed
  bool is_streamed = false;  // handed out as a mail's body
  bool operator==(const ImapLiteral&) const = default;
};

// One response without its final CRLF. Each literal is left in the text as "{size}\r\n"; CRLF is nowhere else.
struct ImapLine {
  std::string text;
  std::vector<ImapLiteral> literals;
  bool operator==(const ImapLine&) const = default;
};

class ImapEvents {
 public:
  virtual ~ImapEvents() = default;
  virtual model::Result<void> line(const ImapLine& line) = 0;
  virtual model::Result<void> body_begin(std::uint64_t octets) = 0;
  virtual model::Result<void> body_chunk(std::string_view octets) = 0;
};

// Whether an item of a FETCH response is the whole mail: BODY[], or what servers name so beside it.
[[nodiscard]] bool is_mail_item(std::string_view name);

class ImapReader {
 public:
  explicit ImapReader(const AnswerLimits& limits) : limits_(limits) {}
  model::Result<void> feed(std::string_view octets, ImapEvents& events);
  // A new command begins: its answer may take AnswerLimits::answer_octets again.
  void begin_answer() { answer_octets_ = 0; }

 private:
  model::Result<std::string_view> feed_text(std::string_view octets, ImapEvents& events);
  model::Result<std::string_view> feed_literal(std::string_view octets, ImapEvents& events);
  model::Result<void> end_text(ImapEvents& events);
  model::Result<void> begin_literal(std::uint64_t size, ImapEvents& events);
  model::Result<void> count(std::size_t octets);

  AnswerLimits limits_;
  ImapLine line_;
  std::uint64_t text_octets_ = 0;  // of the line, with the markers of its literals
  std::uint64_t literal_octets_ = 0;
  std::uint64_t answer_octets_ = 0;
  std::uint64_t remaining_ = 0;  // of the literal being read
  bool in_literal_ = false;
};

}  // namespace ruaudit::ingest::mailbox
