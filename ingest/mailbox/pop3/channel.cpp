#include "ingest/mailbox/pop3/channel_detail.hpp"
#include "ingest/mailbox/server_text.hpp"

namespace ruaudit::ingest::mailbox {

using model::failure;
using model::Result;

namespace {

constexpr std::size_t room_octets = std::size_t{64} * 1024;

}  // namespace

model::Error refused(std::string_view what, const Pop3Status& status) {
  return {"mailbox-command-refused",
          "the server refuses " + std::string(what) + ": " + (status.code.empty() ? "" : "[" + status.code + "] ") +
              quoted_for_message(status.text),
          ""};
}

Pop3Channel::Pop3Channel(const Endpoint& endpoint, Connection connection)
    : endpoint_(endpoint), connection_(std::move(connection)), reader_(endpoint.limits), room_(room_octets) {}

WaitBudget Pop3Channel::new_budget() const {
  return {.base = endpoint_.timeouts.answer,
          .min_octets_per_second = endpoint_.timeouts.min_octets_per_second,
          .waited = {},
          .received = 0};
}

Result<void> Pop3Channel::usable() const {
  if (is_broken_) return failure("mailbox-connection-lost", "the connection has ended", "connect again");
  return {};
}

model::Error Pop3Channel::break_off(const model::Error& error) {
  is_broken_ = true;
  return error.in(describe(endpoint_));
}

Result<void> Pop3Channel::send(std::string_view command, ReplyKind kind) {
  TRY_VOID(usable());
  reader_.expect(kind);
  auto budget = new_budget();
  const auto sent = connection_.send(std::string(command) + "\r\n", budget);
  if (!sent) return failure(break_off(sent.error()));
  return {};
}

Result<void> Pop3Channel::read_some(WaitBudget& budget) {
  const auto received = connection_.receive(room_, budget);
  if (!received) return failure(break_off(received.error()));
  const auto fed = reader_.feed({room_.data(), *received}, *this);
  if (!fed) return failure(break_off(fed.error()));
  return {};
}

Result<Pop3Status> Pop3Channel::finish(const ReplyHandler& handler) {
  TRY_VOID(usable());
  handler_ = &handler;
  auto budget = new_budget();
  Result<void> outcome;
  while (outcome && complete_.empty()) outcome = read_some(budget);
  handler_ = nullptr;
  TRY_VOID(outcome);
  auto status = std::move(complete_.front());
  complete_.pop_front();
  return status;
}

Result<Pop3Status> Pop3Channel::run(std::string_view command, ReplyKind kind, const ReplyHandler& handler) {
  TRY_VOID(send(command, kind));
  return finish(handler);
}

Result<void> Pop3Channel::status(const Pop3Status& status) {
  current_ = status;
  return handler_ != nullptr && handler_->status ? handler_->status(status) : Result<void>{};
}

Result<void> Pop3Channel::line(std::string_view line) {
  return handler_ != nullptr && handler_->line ? handler_->line(line) : Result<void>{};
}

Result<void> Pop3Channel::mail_chunk(std::string_view octets) {
  return handler_ != nullptr && handler_->mail_chunk ? handler_->mail_chunk(octets) : Result<void>{};
}

Result<void> Pop3Channel::end() {
  complete_.push_back(std::move(current_));
  return handler_ != nullptr && handler_->end ? handler_->end() : Result<void>{};
}

}  // namespace ruaudit::ingest::mailbox
