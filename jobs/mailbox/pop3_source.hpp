// A MailSource over a POP3 connection: one folder without a name, messages named by UIDL. Deletions count only when
// close() has had its +OK; an error before that undoes them. // RFC 1939 section 6
#pragma once
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "ingest/mailbox/pop3/session.hpp"
#include "jobs/mailbox/mail_source.hpp"

namespace ruaudit::jobs {

class Pop3Source final : public MailSource {
 public:
  Pop3Source(ingest::mailbox::Pop3Session session, const config::Mailbox& mailbox)
      : session_(std::move(session)), has_estimated_sizes_(jobs::has_estimated_sizes(mailbox)) {}

  model::Result<std::vector<std::string>> folders() override { return std::vector<std::string>{""}; }
  model::Result<store::MailboxFolder> open(const std::string& folder) override;
  // Lists all: POP3 knows no dates.
  model::Result<std::vector<ListedMail>> list(std::optional<std::int64_t> since) override;
  model::Result<NotArrived> fetch(std::span<const ListedMail> mails, const MailSink& sink) override;
  model::Result<ActionEnd> acknowledge(const config::Disposition& action, std::span<const std::string> uids) override;
  [[nodiscard]] std::string list_remark() const override;
  [[nodiscard]] ActionsCount actions_count() const override { return ActionsCount::at_close; }
  // QUIT. Its answer matters only where something is to be deleted.
  model::Result<void> close() override;
  model::Result<WaitEnd> wait(std::chrono::milliseconds patience) override;

 private:
  model::Result<void> know_numbers();
  ingest::mailbox::Pop3Session session_;
  std::unordered_map<std::string, ingest::mailbox::Pop3Mail> mails_;  // by unique id
  std::vector<std::uint32_t> nameless_;
  std::unordered_set<std::uint32_t> marked_;  // as deleted, in this session
  bool is_listed_ = false;
  bool has_estimated_sizes_ = false;
};

}  // namespace ruaudit::jobs
