#include <algorithm>
#include <array>
#include <random>

#include "ingest/mailbox/imap/channel_detail.hpp"
#include "ingest/mailbox/server_text.hpp"
#include "model/ascii.hpp"

namespace ruaudit::ingest::mailbox {

using model::failure;
using model::Result;

namespace {

constexpr std::size_t room_octets = std::size_t{64} * 1024;

// Tags nobody can know beforehand, so that no text written before the connection can pass for an answer on it.
std::string random_prefix() {
  std::random_device device;
  std::string prefix;
  for (int i = 0; i < 6; ++i) prefix += static_cast<char>('A' + device() % 26);
  return prefix;
}

// "UID SEARCH", "LIST".
std::string_view name_of(std::string_view command) {
  return command.substr(0, command.find(' ', command.starts_with("UID ") ? 4 : 0));
}

model::Error not_sent(std::string_view tag) {
  return {"mailbox-answer-malformed",
          "the server answers a command that was not sent: tag \"" + quoted_for_message(tag) + "\"",
          "the server breaks the protocol, or is no IMAP server"};
}

// Where a mail is longer than announced, the answer is its text: no diagnostics show that.
model::Error malformed_behind_mail() {
  return {"mailbox-answer-malformed", "what the server sends behind a mail makes no sense",
          "the server breaks the protocol, or the mail has another size than it says"};
}

bool is_fetch(std::string_view text) {
  const auto number_end = text.starts_with("* ") ? text.find(' ', 2) : std::string_view::npos;
  return number_end != std::string_view::npos && ascii::starts_folded(text.substr(number_end + 1), "FETCH ");
}

// A mail that stands in the line itself, as a quoted string or as a literal that is not handed out as it comes. Asked
// of the text, so that it also holds for a line that cannot be read.
bool brings_mail(const ImapLine& line) {
  if (!is_fetch(line.text)) return false;
  const auto upper = ascii::upper(line.text);
  return !line.literals.empty() || upper.find("BODY[") != std::string::npos ||
         upper.find("RFC822 ") != std::string::npos || upper.find("RFC822.TEXT") != std::string::npos;
}

}  // namespace

// THROTTLED is in no RFC. OVERQUOTA can mean nothing else where nothing is stored: so many octets a day.
bool is_temporary(const ImapStatus& status) {
  constexpr std::array<std::string_view, 5> codes{"UNAVAILABLE", "INUSE", "LIMIT", "THROTTLED", "OVERQUOTA"};
  return std::find(codes.begin(), codes.end(), status.code) != codes.end();
}

model::Error refused(std::string_view what, const ImapStatus& status) {
  return {"mailbox-command-refused",
          "the server refuses " + std::string(what) + ": " + (status.code.empty() ? "" : "[" + status.code + "] ") +
              quoted_for_message(status.text),
          ""};
}

ImapChannel::ImapChannel(const Endpoint& endpoint, Connection connection)
    : endpoint_(endpoint),
      connection_(std::move(connection)),
      reader_(endpoint.limits),
      room_(room_octets),
      tag_prefix_(random_prefix()) {}

bool ImapChannel::has(std::string_view capability) const {
  return std::find(capabilities_.begin(), capabilities_.end(), capability) != capabilities_.end();
}

WaitBudget ImapChannel::new_budget() const {
  return {.base = endpoint_.timeouts.answer,
          .min_octets_per_second = endpoint_.timeouts.min_octets_per_second,
          .waited = {},
          .received = 0};
}

Result<void> ImapChannel::usable() const {
  if (is_broken_) return failure("mailbox-connection-lost", "the connection has ended", "connect again");
  return {};
}

model::Error ImapChannel::break_off(const model::Error& error) {
  is_broken_ = true;
  auto explained = error.in(describe(endpoint_));
  if (!bye_.empty()) explained.message += "; the server said: " + bye_;
  return explained;
}

Result<void> ImapChannel::send_line(std::string_view line) {
  TRY_VOID(usable());
  auto budget = new_budget();
  const auto sent = connection_.send(std::string(line) + "\r\n", budget);
  if (!sent) return failure(break_off(sent.error()));
  return {};
}

Result<std::string> ImapChannel::send(std::string_view command) {
  auto tag = tag_prefix_ + std::to_string(++tag_number_);
  reader_.begin_answer();
  continuation_.reset();
  TRY_VOID(send_line(tag + " " + std::string(command)));
  pending_.push_back(tag);
  return tag;
}

Result<void> ImapChannel::feed(std::string_view octets) {
  const auto fed = reader_.feed(octets, *this);
  if (!fed) return failure(break_off(fed.error()));
  return {};
}

Result<void> ImapChannel::read_some(WaitBudget& budget) {
  const auto received = connection_.receive(room_, budget);
  if (!received) return failure(break_off(received.error()));
  return feed({room_.data(), *received});
}

Result<ImapStatus> ImapChannel::finish(const std::string& tag, const AnswerHandler& handler) {
  TRY_VOID(usable());
  handler_ = &handler;
  auto budget = new_budget();
  Result<void> outcome;
  while (outcome && !answered_.contains(tag)) outcome = read_some(budget);
  handler_ = nullptr;
  TRY_VOID(outcome);
  return std::move(answered_.extract(tag).mapped());
}

Result<std::optional<std::string>> ImapChannel::continuation(const std::string& tag) {
  TRY_VOID(usable());
  auto budget = new_budget();
  while (!continuation_ && !answered_.contains(tag)) TRY_VOID(read_some(budget));
  return std::exchange(continuation_, std::nullopt);
}

Result<ImapStatus> ImapChannel::run(std::string_view command, const AnswerHandler& handler) {
  TRY(const auto tag, send(command));
  return finish(tag, handler);
}

Result<ImapStatus> ImapChannel::run_ok(std::string_view command, const AnswerHandler& handler) {
  TRY(auto status, run(command, handler));
  if (status.condition != Condition::ok) return failure(refused(name_of(command), status));
  return status;
}

Result<ImapStatus> ImapChannel::greeting() {
  auto budget = new_budget();
  while (!greeting_) TRY_VOID(read_some(budget));
  return *greeting_;
}

Result<Readable> ImapChannel::listen(std::chrono::milliseconds patience, int wake_descriptor) {
  TRY_VOID(usable());
  while (true) {
    const auto received = connection_.receive_ready(room_);
    if (!received) return failure(break_off(received.error()));
    if (*received == 0) break;
    TRY_VOID(feed({room_.data(), *received}));
  }
  if (folder_changed_) return Readable::data;
  const auto outcome = connection_.wait(patience, wake_descriptor);
  if (!outcome) return failure(break_off(outcome.error()));
  return *outcome;
}

Result<void> ImapChannel::line(const ImapLine& line) {
  has_sent_mail_ = has_sent_mail_ || brings_mail(line);
  const auto response = parse_response(line, endpoint_.limits.nesting);
  if (response) return take_response(*response);
  if (response.error().code != "mailbox-answer-malformed") return failure(response.error());
  // The description of one mail says nothing then, and those of the others what they say. Where mails come, it may be
  // the text of one.
  const bool awaits_mail = handler_ != nullptr && handler_->body_begin;
  if (is_fetch(line.text) && !brings_mail(line) && !awaits_mail) return {};
  return failure(has_sent_mail_ ? malformed_behind_mail() : response.error());
}

Result<void> ImapChannel::take_response(const ImapResponse& response) {
  if (const auto* more = std::get_if<ImapContinuation>(&response)) {
    continuation_ = more->text;
    return {};
  }
  if (const auto* tagged = std::get_if<ImapTagged>(&response)) {
    const auto sent = std::find(pending_.begin(), pending_.end(), tagged->tag);
    if (sent == pending_.end()) return failure(has_sent_mail_ ? malformed_behind_mail() : not_sent(tagged->tag));
    pending_.erase(sent);
    TRY_VOID(take_status(tagged->status));
    answered_.emplace(tagged->tag, tagged->status);
    return {};
  }
  if (const auto* status = std::get_if<ImapStatus>(&response)) TRY_VOID(take_status(*status));
  if (const auto* count = std::get_if<ImapCount>(&response)) take_count(*count);
  if (const auto* found = std::get_if<ImapCapabilities>(&response)) take_capabilities(found->names);
  return handler_ != nullptr && handler_->untagged ? handler_->untagged(response) : Result<void>{};
}

// UIDs mean something within one UIDVALIDITY alone: with another one in the middle nothing that is asked for or moved
// would be the mail that was meant. RFC 3501 section 2.3.1.1
Result<void> ImapChannel::take_status(const ImapStatus& status) {
  if (!greeting_) greeting_ = status;
  if (status.condition == Condition::bye) bye_ = quoted_for_message(status.text);
  if (status.code == "CAPABILITY") take_capabilities(parse_capabilities(status.arguments));
  if (status.code != "UIDVALIDITY") return {};
  if (uid_validity_.empty()) uid_validity_ = status.arguments;
  if (uid_validity_ != status.arguments)
    return failure("mailbox-answer-malformed", "the server changes the numbers of the mails during the visit",
                   "connect again");
  return {};
}

void ImapChannel::take_count(const ImapCount& count) {
  if (count.kind == CountKind::exists) {
    folder_changed_ = folder_changed_ || count.number != exists_;
    exists_ = count.number;
    is_counted_ = true;
  } else if (count.kind == CountKind::expunge) {
    folder_changed_ = true;
    if (exists_ > 0) --exists_;
  }
}

void ImapChannel::take_capabilities(const std::vector<std::string>& names) {
  capabilities_.clear();
  const auto offers = [&](std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); };
  for (const auto& name : names) take_capability(name);
  // A server that speaks nothing older offers these without naming them. // RFC 9051 appendix E
  if (offers("IMAP4REV2") && !offers("IMAP4REV1"))
    for (const auto* name : {"ENABLE", "IDLE", "MOVE", "NAMESPACE", "SASL-IR", "UIDPLUS"}) take_capability(name);
}

void ImapChannel::take_capability(const std::string& name) {
  const auto& ignored = endpoint_.ignored_capabilities;
  const bool is_ignored = std::any_of(ignored.begin(), ignored.end(),
                                      [&](const std::string& one) { return ascii::equal_folded(one, name); });
  if (!is_ignored && !has(name)) capabilities_.push_back(name);
}

Result<void> ImapChannel::count_unasked(std::uint64_t octets) {
  unasked_octets_ += octets;
  if (unasked_octets_ <= endpoint_.limits.unasked_octets) return {};
  return failure("mailbox-unasked",
                 "the server sends mails that were not asked for: more than " +
                     std::to_string(endpoint_.limits.unasked_octets) + " octets",
                 "the server breaks the protocol, or is no IMAP server");
}

Result<void> ImapChannel::body_begin(std::uint64_t octets) {
  has_sent_mail_ = true;
  return handler_ != nullptr && handler_->body_begin ? handler_->body_begin(octets) : count_unasked(octets);
}

Result<void> ImapChannel::body_chunk(std::string_view octets) {
  return handler_ != nullptr && handler_->body_chunk ? handler_->body_chunk(octets) : Result<void>{};
}

}  // namespace ruaudit::ingest::mailbox
