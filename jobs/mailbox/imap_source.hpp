// A MailSource over an IMAP connection. Folders are examined, never selected, where nothing is to be acknowledged.
#pragma once
#include <memory>

#include "ingest/mailbox/imap/session.hpp"
#include "jobs/mailbox/mail_source.hpp"

namespace ruaudit::jobs {

class ImapSource final : public MailSource {
 public:
  ImapSource(ingest::mailbox::ImapSession session, config::Mailbox mailbox, ingest::mailbox::Stop stop)
      : session_(std::move(session)), mailbox_(std::move(mailbox)), stop_(stop) {}

  model::Result<std::vector<std::string>> folders() override;
  [[nodiscard]] std::optional<model::Error> folders_error() const override { return folders_error_; }
  model::Result<store::MailboxFolder> open(const std::string& folder) override;
  model::Result<std::vector<ListedMail>> list(std::optional<std::int64_t> since) override;
  model::Result<NotArrived> fetch(std::span<const ListedMail> mails, const MailSink& sink) override;
  model::Result<ActionEnd> acknowledge(const config::Disposition& action, std::span<const std::string> uids) override;
  model::Result<void> close() override;
  model::Result<WaitEnd> wait(std::chrono::milliseconds patience) override;

 private:
  model::Result<std::vector<ingest::mailbox::MailFacts>> describe(std::span<const ListedMail> mails, NotArrived& rest);
  [[nodiscard]] bool is_excluded(const std::string& name) const;
  model::Result<void> ask_one_by_one(std::span<const std::uint32_t> missing, class MailSpool& spool, NotArrived& rest);
  model::Result<void> part_silent(std::span<const ingest::mailbox::Uid> silent, NotArrived& rest);
  model::Result<ActionEnd> move(std::span<const ingest::mailbox::Uid> uids, const std::string& target);
  ingest::mailbox::ImapSession session_;
  config::Mailbox mailbox_;
  ingest::mailbox::Stop stop_;
  bool is_read_only_ = false;
  std::optional<model::Error> folders_error_;
};

// True when a name matches a pattern of RFC 3501 section 6.3.8: '*' any text, '%' any text within one level.
bool matches_folder_pattern(std::string_view name, std::string_view pattern, char separator);

}  // namespace ruaudit::jobs
