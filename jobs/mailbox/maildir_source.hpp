// A MailSource over a maildir: one folder without a name, messages named by the base names of their files. Waiting is
// inotify's; it listens from before the first look, so that nothing falls in between.
#pragma once
#include <memory>

#include "ingest/mailbox/maildir.hpp"
#include "ingest/mailbox/stop.hpp"
#include "jobs/mailbox/mail_source.hpp"

namespace ruaudit::jobs {

class MaildirSource final : public MailSource {
 public:
  static model::Result<std::unique_ptr<MailSource>> open_path(const std::string& path, ingest::mailbox::Stop stop);
  MaildirSource(const MaildirSource&) = delete;
  MaildirSource& operator=(const MaildirSource&) = delete;
  ~MaildirSource() override;

  model::Result<std::vector<std::string>> folders() override { return std::vector<std::string>{""}; }
  model::Result<store::MailboxFolder> open(const std::string& folder) override;
  model::Result<std::vector<ListedMail>> list(std::optional<std::int64_t> since) override;
  model::Result<NotArrived> fetch(std::span<const ListedMail> mails, const MailSink& sink) override;
  model::Result<ActionEnd> acknowledge(const config::Disposition& action, std::span<const std::string> uids) override;
  model::Result<void> close() override { return {}; }
  model::Result<WaitEnd> wait(std::chrono::milliseconds patience) override;

 private:
  MaildirSource(ingest::mailbox::Maildir maildir, ingest::mailbox::Stop stop);
  model::Result<void> do_action(const config::Disposition& action, const std::string& uid);
  ingest::mailbox::Maildir maildir_;
  ingest::mailbox::Stop stop_;
  int inotify_ = -1;
};

// "\Seen", "Seen", "S" -> 'S'; nothing for a flag that a maildir has no letter for.
std::optional<char> maildir_flag(std::string_view flag);

}  // namespace ruaudit::jobs
