#include "ingest/mailbox/pop3/response.hpp"

#include <optional>

#include "ingest/mailbox/server_text.hpp"
#include "model/ascii.hpp"
#include "model/planted_bug.hpp"

namespace ruaudit::ingest::mailbox {
namespace {

using model::failure;
using model::Result;

constexpr const char* not_our_server = "the server breaks the protocol, or is no POP3 server";

// "[CODE] text". // RFC 2449 section 8
void take_text(std::string_view text, Pop3Status& status) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  const auto close = text.starts_with('[') ? text.find(']') : std::string_view::npos;
  if (close != std::string_view::npos) {
    status.code = ascii::upper(text.substr(1, close - 1));
    text.remove_prefix(close + 1);
    if (text.starts_with(' ')) text.remove_prefix(1);
  }
  status.text = text;
}

bool is_word(std::string_view line, std::string_view word) {
  return line.size() >= word.size() && ascii::equal_folded(line.substr(0, word.size()), word) &&
         (line.size() == word.size() || line[word.size()] == ' ' || line[word.size()] == '\t');
}

std::optional<Pop3Status> parse_status(std::string_view line) {
  Pop3Status status;
  if (is_word(line, "+OK")) {
    take_text(line.substr(3), status);
  } else if (is_word(line, "-ERR")) {
    status.sign = Pop3Sign::error;
    take_text(line.substr(4), status);
  } else if (is_word(line, "+")) {
    status.sign = Pop3Sign::more;
    status.text = line.substr(std::min<std::size_t>(line.size(), 2));
  } else {
    return {};
  }
  return status;
}

}  // namespace

Result<void> Pop3Reader::feed(std::string_view octets, Pop3Events& events) {
  while (!octets.empty()) {
    if (expected_.empty()) return failure(no_sense("the server talks unasked", octets.substr(0, 80)));
    TRY(const auto rest, state_ == State::mail ? feed_mail(octets, events) : feed_line(octets, events));
    octets = rest;
  }
  return {};
}

Result<std::string_view> Pop3Reader::feed_line(std::string_view octets, Pop3Events& events) {
  const auto end = octets.find('\n');
  const auto taken = octets.substr(0, end);
  reply_octets_ += end == std::string_view::npos ? taken.size() : end + 1;
  if (line_.size() + taken.size() > limits_.line_octets)
    return failure("mailbox-line-too-long",
                   "a line of the server is longer than " + std::to_string(limits_.line_octets) + " octets",
                   not_our_server);
  if (reply_octets_ > limits_.listing_octets)
    return failure("mailbox-answer-too-large",
                   "the server's list is longer than " + std::to_string(limits_.listing_octets) + " octets",
                   not_our_server);
  line_.append(taken);
  if (end == std::string_view::npos) return std::string_view{};
  if (line_.ends_with('\r')) line_.pop_back();
  TRY_VOID(end_line(events));
  return octets.substr(end + 1);
}

Result<void> Pop3Reader::end_line(Pop3Events& events) {
  auto outcome = state_ == State::status ? take_status(events) : take_line(events);
  line_.clear();
  return outcome;
}

// Where a mail ends too soon for the server, the rest of its text comes: no diagnostics show that.
model::Error Pop3Reader::no_sense(std::string_view what, std::string_view text) const {
  return {"mailbox-answer-malformed",
          std::string(what) + (has_sent_mail_ ? " (behind a mail)" : ": \"" + quoted_for_message(text) + "\""),
          not_our_server};
}

Result<void> Pop3Reader::take_status(Pop3Events& events) {
  const auto status = parse_status(line_);
  if (!status) return failure(no_sense("the server's answer makes no sense", line_));
  const auto kind = expected_.front();
  TRY_VOID(events.status(*status));
  if (status->sign != Pop3Sign::ok || kind == ReplyKind::status) return end_reply(events);
  state_ = kind == ReplyKind::mail ? State::mail : State::line;
  has_sent_mail_ |= kind == ReplyKind::mail;
  mail_state_ = MailState::line_start;
  reply_octets_ = 0;
  return {};
}

// RFC 1939 section 3: a line that begins with a dot has been given another one.
Result<void> Pop3Reader::take_line(Pop3Events& events) {
  if (line_ == ".") return end_reply(events);
  const std::string_view line(line_);
  RUAUDIT_PLANT(line.starts_with("..") && line.ends_with("12"));
  return events.line(line.starts_with('.') ? line.substr(1) : line);
}

Result<void> Pop3Reader::end_reply(Pop3Events& events) {
  expected_.pop_front();
  state_ = State::status;
  reply_octets_ = 0;
  return events.end();
}

Result<void> Pop3Reader::hand_out(std::string_view octets, Pop3Events& events) {
  reply_octets_ += octets.size();
  if (reply_octets_ > limits_.mail_octets)
    return failure("mailbox-mail-too-large",
                   "the server sends a mail of more than " + std::to_string(limits_.mail_octets) + " octets");
  return octets.empty() ? Result<void>{} : events.mail_chunk(octets);
}

// One step of the dot-unstuffing; what is left of the octets.
Result<std::string_view> Pop3Reader::feed_mail(std::string_view octets, Pop3Events& events) {
  const char c = octets.front();
  switch (mail_state_) {
    case MailState::body:
      return feed_body(octets, events);
    case MailState::line_start:
      mail_state_ = c == '.' ? MailState::dot : MailState::body;
      return octets.substr(c == '.' ? 1 : 0);
    case MailState::dot:  // already taken away
      mail_state_ = c == '\r' ? MailState::dot_cr : MailState::body;
      return octets.substr(c == '\r' ? 1 : 0);
    case MailState::dot_cr:
      if (c == '\n') {
        TRY_VOID(end_reply(events));
        return octets.substr(1);
      }
      mail_state_ = c == '\r' ? MailState::cr : MailState::body;
      TRY_VOID(hand_out("\r", events));
      if (c == '\r') TRY_VOID(hand_out("\r", events));
      return octets.substr(c == '\r' ? 1 : 0);
    case MailState::cr:
      mail_state_ = c == '\n' ? MailState::line_start : MailState::body;
      if (c == '\n') TRY_VOID(hand_out("\n", events));
      return octets.substr(c == '\n' ? 1 : 0);
  }
  return std::string_view{};
}

// Everything up to the next line that begins with a dot, in one piece.
Result<std::string_view> Pop3Reader::feed_body(std::string_view octets, Pop3Events& events) {
  const auto found = octets.find("\r\n.");
  const auto taken = found == std::string_view::npos ? octets : octets.substr(0, found + 2);
  TRY_VOID(hand_out(taken, events));
  if (taken.ends_with("\r\n")) {
    mail_state_ = MailState::line_start;
  } else if (taken.ends_with('\r')) {
    mail_state_ = MailState::cr;
  }
  return octets.substr(taken.size());
}

}  // namespace ruaudit::ingest::mailbox
