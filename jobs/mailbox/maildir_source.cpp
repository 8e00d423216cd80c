#include "jobs/mailbox/maildir_source.hpp"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>

#include "model/ascii.hpp"

namespace ruaudit::jobs {
namespace {

constexpr std::uint64_t octets_at_once = 1U << 20U;

}  // namespace

std::optional<char> maildir_flag(std::string_view flag) {
  constexpr std::array<std::pair<std::string_view, char>, 6> letters = {
      {{"seen", 'S'}, {"flagged", 'F'}, {"answered", 'R'}, {"deleted", 'T'}, {"draft", 'D'}, {"passed", 'P'}}};
  const std::string name = ascii::lower(flag.starts_with('\\') || flag.starts_with('$') ? flag.substr(1) : flag);
  for (const auto& [known, letter] : letters)
    if (name == known || (flag.size() == 1 && flag[0] == letter)) return letter;
  return std::nullopt;
}

model::Result<std::unique_ptr<MailSource>> MaildirSource::open_path(const std::string& path,
                                                                    ingest::mailbox::Stop stop) {
  TRY(auto maildir, ingest::mailbox::Maildir::open(path));
  return std::unique_ptr<MailSource>(new MaildirSource(std::move(maildir), stop));
}

MaildirSource::MaildirSource(ingest::mailbox::Maildir maildir, ingest::mailbox::Stop stop)
    : maildir_(std::move(maildir)), stop_(stop), inotify_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  for (const char* folder : {"/new", "/cur"})
    if (inotify_ >= 0)
      ::inotify_add_watch(inotify_, (maildir_.path() + folder).c_str(), IN_MOVED_TO | IN_CREATE | IN_CLOSE_WRITE);
}

MaildirSource::~MaildirSource() {
  if (inotify_ >= 0) ::close(inotify_);
}

model::Result<store::MailboxFolder> MaildirSource::open(const std::string& folder) {
  return store::MailboxFolder{.mailbox = {}, .folder = folder, .uidvalidity = 0};
}

model::Result<std::vector<ListedMail>> MaildirSource::list(std::optional<std::int64_t> since) {
  TRY(auto names, maildir_.list());
  std::vector<ListedMail> listed;
  listed.reserve(names.size());
  for (std::string& name : names)
    if (!since || maildir_.modified(name).value_or(*since) >= *since)
      listed.push_back({.uid = std::move(name), .octets = 0});
  return listed;
}

model::Result<NotArrived> MaildirSource::fetch(std::span<const ListedMail> mails, const MailSink& sink) {
  NotArrived rest;
  for (const ListedMail& listed : mails) {
    auto mail = maildir_.read(listed.uid, octets_at_once);
    if (!mail && mail.error().code == "mailbox-message-gone") {
      rest.gone.push_back(listed.uid);
      continue;
    }
    if (!mail) {
      rest.refused.push_back(listed.uid);
      rest.refusal = mail.error().message;
      continue;
    }
    if (!sink({.uid = listed.uid, .received = mail->modified, .octets = std::move(mail->octets)}))
      return model::failure("mailbox-stopped", "the receiver of the mails wants no more");
  }
  return rest;
}

model::Result<ActionEnd> MaildirSource::acknowledge(const config::Disposition& action,
                                                    std::span<const std::string> uids) {
  for (const std::string& uid : uids) {
    const auto done = do_action(action, uid);
    if (!done && done.error().code != "mailbox-message-gone") return model::failure(done.error());
  }
  return ActionEnd::complete;
}

model::Result<void> MaildirSource::do_action(const config::Disposition& action, const std::string& uid) {
  switch (action.disposal) {
    case config::Disposal::move:
      return maildir_.move(uid, maildir_.folder_path(action.target));
    case config::Disposal::remove:
      return maildir_.remove(uid);
    case config::Disposal::flag: {
      const auto letter = maildir_flag(action.target);
      if (!letter)
        return model::failure("mailbox-action", "a maildir has no letter for the flag " + action.target,
                              "use \\Seen, \\Flagged, \\Answered, \\Deleted or \\Draft");
      return maildir_.flag(uid, *letter);
    }
    case config::Disposal::nothing:
      break;
  }
  return {};
}

// What woke us is of no interest: the whole folder is compared with the ledger.
model::Result<WaitEnd> MaildirSource::wait(std::chrono::milliseconds patience) {
  if (inotify_ < 0) return model::failure("mailbox-no-idle", "this system provides no inotify instance");
  std::array<pollfd, 2> wanted = {{{inotify_, POLLIN, 0}, {stop_.descriptor, POLLIN, 0}}};
  const auto limited = std::min<std::int64_t>(patience.count(), std::numeric_limits<int>::max());
  const int ready = ::poll(wanted.data(), wanted.size(), static_cast<int>(limited));
  if (ready < 0 || (wanted[1].revents & POLLIN) != 0) return WaitEnd::stopped;
  if (ready == 0) return WaitEnd::deadline;
  std::array<char, 4096> events{};
  while (::read(inotify_, events.data(), events.size()) > 0) continue;
  return WaitEnd::changed;
}

}  // namespace ruaudit::jobs
