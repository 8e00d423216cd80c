// The server's side of POP3: octets into replies. In: octets in any split, and beforehand, per command sent, what kind
// of reply it gets. Out: status lines, the lines of lists, and the octets of mails with the dot-stuffing undone. A mail
// ends only with CRLF "." CRLF: a bare LF ends no line, so that no text in a mail can end it (RFC 1939 section 3).
// Memory is bounded by AnswerLimits; after an error the reader must not be fed again.
#pragma once
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "ingest/mailbox/endpoint.hpp"
#include "model/result.hpp"

namespace ruaudit::ingest::mailbox {

enum class ReplyKind { status, lines, mail };  // lines and mail follow a positive status alone

enum class Pop3Sign { ok, error, more };  // "+OK", "-ERR", "+ " (a challenge of AUTH)

struct Pop3Status {
  Pop3Sign sign = Pop3Sign::ok;
  std::string code;  // upper case, without brackets: "IN-USE"; empty when there is none // RFC 2449 section 8
  std::string text;  // for people; the challenge of `more`
  bool operator==(const Pop3Status&) const = default;
};

class Pop3Events {
 public:
  virtual ~Pop3Events() = default;
  virtual model::Result<void> status(const Pop3Status& status) = 0;
  virtual model::Result<void> line(std::string_view line) = 0;
  virtual model::Result<void> mail_chunk(std::string_view octets) = 0;
  virtual model::Result<void> end() = 0;  // of the reply: all its parts have come
};

class Pop3Reader {
 public:
  explicit Pop3Reader(const AnswerLimits& limits) : limits_(limits) {}
  void expect(ReplyKind kind) { expected_.push_back(kind); }
  // Octets beyond the last expected reply are an error: POP3 servers send nothing unsolicited.
  model::Result<void> feed(std::string_view octets, Pop3Events& events);

 private:
  enum class State { status, line, mail };
  enum class MailState { line_start, dot, dot_cr, body, cr };

  model::Result<std::string_view> feed_line(std::string_view octets, Pop3Events& events);
  model::Result<void> end_line(Pop3Events& events);
  model::Result<void> take_status(Pop3Events& events);
  model::Result<void> take_line(Pop3Events& events);
  model::Result<std::string_view> feed_mail(std::string_view octets, Pop3Events& events);
  model::Result<std::string_view> feed_body(std::string_view octets, Pop3Events& events);
  model::Result<void> hand_out(std::string_view octets, Pop3Events& events);
  model::Result<void> end_reply(Pop3Events& events);
  [[nodiscard]] model::Error no_sense(std::string_view what, std::string_view text) const;

  AnswerLimits limits_;
  std::deque<ReplyKind> expected_;
  std::string line_;
  std::uint64_t reply_octets_ = 0;
  bool has_sent_mail_ = false;
  State state_ = State::status;
  MailState mail_state_ = MailState::line_start;
};

}  // namespace ruaudit::ingest::mailbox
