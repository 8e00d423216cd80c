#include "ingest/mailbox/maildir.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

namespace fs = std::filesystem;

namespace ruaudit::ingest::mailbox {
namespace {

// A maildir that goes away with the test.
class TestMaildir {
 public:
  TestMaildir() {
    std::string pattern = (fs::temp_directory_path() / "ruaudit-maildir-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
    for (const char* part : {"cur", "new", "tmp"}) fs::create_directory(path_ / part);
  }
  ~TestMaildir() { fs::remove_all(path_); }
  TestMaildir(const TestMaildir&) = delete;
  TestMaildir& operator=(const TestMaildir&) = delete;
  void put(const std::string& place, const std::string& text = "mail") const { std::ofstream(path_ / place) << text; }
  void rename(const std::string& from, const std::string& to) const { fs::rename(path_ / from, path_ / to); }
  [[nodiscard]] bool has(const std::string& place) const { return fs::exists(path_ / place); }
  [[nodiscard]] const fs::path& path() const { return path_; }
  [[nodiscard]] Maildir open() const { return Maildir::open(path_.string()).value(); }

 private:
  fs::path path_;
};

using Names = std::vector<std::string>;

std::string text_of(Maildir& maildir, const std::string& name) {
  const auto mail = maildir.read(name, 1000);
  return mail ? std::string(mail->octets.view()) : mail.error().code;
}

}  // namespace

TEST_CASE("maildir: messages are named by what stands before the flags; tmp and hidden files are none") {
  const TestMaildir files;
  for (const char* place :
       {"new/2.host", "cur/1.host:2,S", "cur/3.host,S=10:2,", "cur/4.host", "tmp/5.host", "new/.6", "dovecot.index"})
    files.put(place);
  auto maildir = files.open();
  CHECK(maildir.list().value() == Names{"1.host", "2.host", "3.host,S=10", "4.host"});
}

TEST_CASE("maildir: a folder without cur and new is refused") {
  const TestMaildir files;
  fs::remove(files.path() / "new");
  CHECK(Maildir::open(files.path().string()).error().code == "mailbox-folder-missing");
}

TEST_CASE("maildir: a message that moved or changed its flags after listing is found again") {
  const TestMaildir files;
  files.put("new/1.host", "one");
  files.put("cur/2.host:2,", "two");
  auto maildir = files.open();
  REQUIRE(maildir.list());
  files.rename("new/1.host", "cur/1.host:2,RS");
  files.rename("cur/2.host:2,", "cur/2.host:2,F");
  CHECK(text_of(maildir, "1.host") == "one");
  CHECK(text_of(maildir, "2.host") == "two");
  fs::remove(files.path() / "cur/2.host:2,F");
  CHECK(text_of(maildir, "2.host") == "mailbox-message-gone");
  CHECK(text_of(maildir, "never.host") == "mailbox-message-gone");
}

TEST_CASE("maildir: a flag is added to those a message has, in their order, once") {
  const TestMaildir files;
  const struct {
    std::string before, name, after;
  } cases[] = {{"new/1", "1", "cur/1:2,S"},
               {"cur/2:2,", "2", "cur/2:2,S"},
               {"cur/3:2,FT", "3", "cur/3:2,FST"},
               {"cur/4:2,S", "4", "cur/4:2,S"},
               {"cur/5", "5", "cur/5:2,S"}};
  for (const auto& one : cases) files.put(one.before);
  auto maildir = files.open();
  REQUIRE(maildir.list());
  for (const auto& one : cases) {
    CAPTURE(one.before);
    CHECK(maildir.flag(one.name, 'S'));
    CHECK(files.has(one.after));
  }
  CHECK(maildir.list()->size() == 5);
}

TEST_CASE("maildir: moving makes the folder, keeps the flags and never replaces a message") {
  const TestMaildir files;
  files.put("new/1.host", "first");
  files.put("cur/2.host:2,F", "second");
  auto maildir = files.open();
  const std::string target = maildir.folder_path("Archive/2026");
  CHECK(target == (files.path() / ".Archive.2026").string());
  REQUIRE(maildir.move("1.host", target));
  REQUIRE(maildir.move("2.host", target));
  CHECK(files.has(".Archive.2026/cur/1.host:2,S"));
  CHECK(files.has(".Archive.2026/cur/2.host:2,FS"));
  files.put("new/1.host", "another");
  CHECK(maildir.move("1.host", target).error().code == "mailbox-action");
  CHECK(text_of(maildir, "1.host") == "another");
  CHECK(maildir.move("gone.host", target).error().code == "mailbox-message-gone");
}

TEST_CASE("maildir: a move that was cut off between its two names is finished") {
  const TestMaildir files;
  files.put("new/1.host");
  const fs::path target = files.path() / ".Done";
  for (const char* part : {"cur", "new", "tmp"}) fs::create_directories(target / part);
  fs::create_hard_link(files.path() / "new/1.host", target / "cur/1.host:2,S");
  auto maildir = files.open();
  REQUIRE(maildir.move("1.host", target.string()));
  CHECK_FALSE(files.has("new/1.host"));
  CHECK(files.has(".Done/cur/1.host:2,S"));
}

TEST_CASE("maildir: a removed message is gone, wherever it was") {
  const TestMaildir files;
  files.put("new/1.host");
  auto maildir = files.open();
  REQUIRE(maildir.list());
  files.rename("new/1.host", "cur/1.host:2,S");
  REQUIRE(maildir.remove("1.host"));
  CHECK(maildir.list()->empty());
  CHECK(maildir.remove("1.host").error().code == "mailbox-message-gone");
}

}  // namespace ruaudit::ingest::mailbox
