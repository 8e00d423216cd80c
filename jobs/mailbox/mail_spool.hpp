// Collects the chunks of fetched mails and hands each complete mail to a sink. A mail above a few megabytes waits in an
// unlinked temporary file. Mails are named by a function from the session's number. Nothing is concluded from a body
// that is shorter than the server announced, nor from an empty one: it is listed and forgotten. The same for a mail
// that this machine has no room for; those after it come in.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ingest/limits.hpp"
#include "ingest/mailbox/mail_receiver.hpp"
#include "jobs/mailbox/mail_source.hpp"

namespace ruaudit::jobs {

struct MailName {
  std::string uid;
  std::int64_t received = 0;
  std::uint64_t octets = 0;      // as announced; 0: not known
  bool is_estimate = false;      // so a mail that is shorter is whole
  bool is_last_attempt = false;  // so it is taken as it comes
};

class MailSpool final : public ingest::mailbox::MailReceiver {
 public:
  using Naming = std::function<MailName(std::uint32_t number)>;
  // Both must outlive the object.
  MailSpool(const MailSink& sink, Naming naming) : sink_(sink), naming_(std::move(naming)) {}

  ingest::mailbox::Reception begin(std::uint64_t octets) override;
  ingest::mailbox::Reception chunk(std::string_view octets) override;
  ingest::mailbox::Reception end(std::uint32_t number) override;
  void discard() override;

  // Why reception was stopped from this side: the sink wants no more ("mailbox-stopped").
  [[nodiscard]] const std::optional<model::Error>& stopped() const { return stopped_; }
  // Mails that came, but were not handed on: as refused or unspooled.
  void list_unusable(NotArrived& rest) const;

 private:
  ingest::mailbox::Reception stop(model::Error error);
  const MailSink& sink_;
  Naming naming_;
  std::optional<ingest::Spool> spool_;
  std::optional<model::Error> spool_error_;  // of the current mail
  std::optional<model::Error> stopped_;
  NotArrived unusable_;
};

}  // namespace ruaudit::jobs
