// A made-up mailbox for the tests of visits: messages by UID, and what shall go wrong.
#pragma once
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <new>
#include <set>
#include <string>

#include "jobs/mailbox/sync.hpp"

namespace ruaudit::jobs::test {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "ruaudit-mailbox-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// A mail with one report of one record of three messages.
inline std::string report_mail(int number) {
  const std::string id = std::to_string(number);
  return "From: reports@receiver.example\r\nSubject: Report domain: example.com\r\nMIME-Version: 1.0\r\n"
         "Content-Type: text/xml; name=\"receiver.example!example.com!1700000000!1700086399.xml\"\r\n\r\n"
         "<?xml version=\"1.0\"?>\n<feedback><report_metadata><org_name>receiver.example</org_name>"
         "<email>reports@receiver.example</email><report_id>" +
         id +
         "</report_id><date_range><begin>1700000000</begin><end>1700086399</end></date_range></report_metadata>"
         "<policy_published><domain>example.com</domain><adkim>r</adkim><aspf>r</aspf><p>none</p><sp>none</sp>"
         "<pct>100</pct></policy_published><record><row><source_ip>192.0.2." +
         std::to_string(number % 250 + 1) +
         "</source_ip><count>3</count><policy_evaluated><disposition>none</disposition><dkim>fail</dkim>"
         "<spf>fail</spf></policy_evaluated></row><identifiers><header_from>example.com</header_from></identifiers>"
         "<auth_results><spf><domain>example.com</domain><result>fail</result></spf></auth_results></record></"
         "feedback>\n";
}

// The same in a gzip file of which a few octets arrived.
inline std::string broken_report_mail(int number) {
  std::string mail = report_mail(number);
  const auto type = mail.find("Content-Type:");
  return mail.substr(0, type) +
         "Content-Type: application/gzip; name=\"receiver.example!example.com!1700000000!1700086399.xml.gz\"\r\n"
         "Content-Transfer-Encoding: base64\r\n\r\nH4sIAAAAAAAAA7MoSk3LSSxJDQ==\r\n";
}

inline std::string letter(int number) {
  return "From: a.person@example.net\r\nSubject: lunch " + std::to_string(number) + "\r\n\r\nAt noon?\r\n";
}

// What outlives a connection.
struct FakeMailbox {
  std::int64_t uidvalidity = 1;
  std::vector<std::string> folders{"INBOX"};            // all of them show the same messages
  std::map<std::string, model::Error> refused_folders;  // are not opened, for this reason
  std::map<int, std::string> messages;                  // by UID
  std::map<std::string, std::vector<int>> moved;
  std::vector<int> removed;
  std::set<int> withheld;            // listed, but not given
  std::set<int> vanishing;           // listed, but gone when they are asked for
  std::map<int, int> asked;          // how often each was given or withheld
  int lose_connection_after = -1;    // so many more mails
  int lose_connection_at = -1;       // whenever this one is asked for
  bool is_withheld_for_now = false;  // by the server's word
  int out_of_memory_at = -1;         // whenever this one is asked for
  std::optional<model::Error> refuse_actions;
  std::set<int> fixed;               // no action that names one of them is done
  std::set<int> lose_connection_by;  // an action that names one of them ends the connection
  int actions = 0;                   // how often one was asked for
  ActionsCount actions_count = ActionsCount::at_once;
  bool refuse_close = false;
  bool tells_no_sizes = false, tells_other_sizes = false;
  std::optional<model::Error> folders_error;
  int closed = 0;
};

class FakeSource final : public MailSource {
 public:
  explicit FakeSource(FakeMailbox& mailbox) : mailbox_(mailbox) {}

  model::Result<std::vector<std::string>> folders() override { return mailbox_.folders; }
  [[nodiscard]] std::optional<model::Error> folders_error() const override { return mailbox_.folders_error; }
  model::Result<store::MailboxFolder> open(const std::string& folder) override {
    if (const auto refused = mailbox_.refused_folders.find(folder); refused != mailbox_.refused_folders.end())
      return model::failure(refused->second);
    return store::MailboxFolder{.mailbox = {}, .folder = folder, .uidvalidity = mailbox_.uidvalidity};
  }
  model::Result<std::vector<ListedMail>> list(std::optional<std::int64_t> /*since*/) override {
    std::vector<ListedMail> listed;
    for (const auto& [uid, octets] : mailbox_.messages)
      listed.push_back(
          {std::to_string(uid), mailbox_.tells_no_sizes ? 0 : octets.size() - (mailbox_.tells_other_sizes ? 10 : 0)});
    return listed;
  }
  model::Result<NotArrived> fetch(std::span<const ListedMail> mails, const MailSink& sink) override {
    NotArrived rest;
    for (const ListedMail& mail : mails) {
      const int uid = std::stoi(mail.uid);
      if (mailbox_.lose_connection_after == 0)
        return model::failure("mailbox-connection-lost", "the connection is lost");
      ++mailbox_.asked[uid];
      if (mailbox_.lose_connection_at == uid)
        return model::failure("mailbox-connection-lost", "the connection is lost");
      if (mailbox_.out_of_memory_at == uid) throw std::bad_alloc();
      if (mailbox_.vanishing.contains(uid)) {
        rest.gone.push_back(mail.uid);
      } else if (mailbox_.withheld.contains(uid)) {
        rest.refused.push_back(mail.uid);
        if (mailbox_.is_withheld_for_now) rest.temporary.push_back(mail.uid);
      } else {
        --mailbox_.lose_connection_after;
        if (!sink({mail.uid, 1, ingest::Bytes::from_string(mailbox_.messages.at(uid))}))
          return model::failure("mailbox-stopped", "no more");
      }
    }
    return rest;
  }
  model::Result<ActionEnd> acknowledge(const config::Disposition& action, std::span<const std::string> uids) override {
    ++mailbox_.actions;
    for (const std::string& text : uids)
      if (mailbox_.lose_connection_by.contains(std::stoi(text)))
        return model::failure("mailbox-connection-lost", "the connection is lost");
    if (mailbox_.refuse_actions) return model::failure(*mailbox_.refuse_actions);
    for (const std::string& text : uids)
      if (mailbox_.fixed.contains(std::stoi(text)))
        return model::failure("mailbox-command-refused", "the server refuses");
    for (const std::string& text : uids) {
      const int uid = std::stoi(text);
      if (action.disposal == config::Disposal::move) mailbox_.moved[action.target].push_back(uid);
      if (action.disposal == config::Disposal::remove) mailbox_.removed.push_back(uid);
      if (mailbox_.actions_count == ActionsCount::at_once) mailbox_.messages.erase(uid);
    }
    return ActionEnd::complete;
  }
  [[nodiscard]] ActionsCount actions_count() const override { return mailbox_.actions_count; }
  model::Result<void> close() override {
    ++mailbox_.closed;
    if (mailbox_.refuse_close) return model::failure("mailbox-connection-lost", "no answer to QUIT");
    if (mailbox_.actions_count == ActionsCount::at_close)
      for (const int uid : mailbox_.removed) mailbox_.messages.erase(uid);
    return {};
  }
  model::Result<WaitEnd> wait(std::chrono::milliseconds /*patience*/) override { return WaitEnd::deadline; }

 private:
  FakeMailbox& mailbox_;
};

// A database, a plan, and visits of a made-up mailbox.
class Visits {
 public:
  Visits() {
    plan.mailbox.name = "reports";
    plan.mailbox.host = "mail.example";
    plan.mailbox.user = "reports";
    plan.reading.now = 1'700'000'000;
    database_.emplace(store::Database::open({.path = folder_.path() + "/r.db"}).value());
  }
  model::Result<void> visit() {
    plan.reading.now += 60;
    FakeSource source(mailbox);
    auto sync = MailboxSync::create(plan, *database_, list_, observer);
    if (!sync) return model::failure(sync.error());
    auto done = sync->visit(source);
    counts = sync->counts();
    return done;
  }
  void reopen() { database_.emplace(store::Database::open({.path = folder_.path() + "/r.db"}).value()); }
  [[nodiscard]] store::Database& database() { return *database_; }
  [[nodiscard]] const verify::suffix::PublicSuffixList& list() const { return list_; }

  FakeMailbox mailbox;
  SyncPlan plan;
  SyncObserver observer;
  SyncCounts counts;

 private:
  TemporaryFolder folder_;
  verify::suffix::PublicSuffixList list_ = verify::suffix::PublicSuffixList::system().value();
  std::optional<store::Database> database_;
};

}  // namespace ruaudit::jobs::test
