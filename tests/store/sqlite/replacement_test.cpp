// A migrated file takes the place of the old one: what becomes of pages, owner and links, of programs that have the old
// file open, and of a disk that is full.
#include <grp.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "store/sqlite/migration.hpp"
#include "tests/store/sqlite/older_file.hpp"

namespace ruaudit::store::test {
namespace {

constexpr int no_time_ms = 200;

model::Result<Database> open_soon(const std::string& path) {
  return Database::open({.path = path, .busy_timeout_ms = no_time_ms, .min_free_octets = 0});
}

// No second file, and no log that belongs to nobody.
void check_alone(const std::string& path) {
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) CHECK_FALSE(is_there(draft_path(path) + suffix));
}

// Refused, and the file is what it was: of version 2, with all it said, open to the program that wrote it.
void check_unchanged(const std::string& path, const std::string& content) {
  CHECK(version_of(path) == 2);
  CHECK(content_of(path) == content);
  check_alone(path);
  const Connection writer = connect_raw(path);
  CHECK(execute(writer.get(), "UPDATE reporter SET name = name"));
  CHECK(query_integer(writer.get(), "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'").value() == 0);
}

}  // namespace

TEST_CASE("migration: the new file has the pages of a fresh one, the old permissions, and nothing lies beside it") {
  const int version = GENERATE(1, 2);
  const TemporaryFolder folder;
  restore_version(version, folder.file());
  REQUIRE(::chmod(folder.file().c_str(), 0600) == 0);
  std::vector<unsigned> told;
  REQUIRE(migrate({.path = folder.file()},
                  [&told](const MigrationProgress& progress) { told.push_back(progress.permille); }));
  {
    auto database = Database::open({.path = folder.file(), .older = OlderFile::refuse});
    REQUIRE(database);
    CHECK(query_integer(database->handle(), "PRAGMA page_size").value() == 16384);
    CHECK(query_integer(database->handle(), "PRAGMA freelist_count").value() == 0);
    CHECK(query_text(database->handle(), "PRAGMA journal_mode") == "wal\n");
  }
  struct stat file {};
  REQUIRE(::stat(folder.file().c_str(), &file) == 0);
  CHECK((file.st_mode & 07777) == 0600);
  check_alone(folder.file());
  CHECK(std::is_sorted(told.begin(), told.end()));
  REQUIRE_FALSE(told.empty());
  CHECK(told.front() == 0);
  CHECK(told.back() == 1000);
}

TEST_CASE("migration: a file of this version is not touched") {
  const TemporaryFolder folder;
  static_cast<void>(open_database(folder.file()));
  const std::string before = octets_of(folder.file());
  REQUIRE(migrate({.path = folder.file()}, {}));
  CHECK(octets_of(folder.file()) == before);
  check_alone(folder.file());
}

TEST_CASE("migration: what was deleted from the old file is not in the new one") {
  const TemporaryFolder folder;
  restore_version(2, folder.file());
  const std::string secret = "word-of-a-person-0815";
  {
    const Connection old = connect_raw(folder.file());
    REQUIRE(execute(old.get(), ("PRAGMA secure_delete=OFF; CREATE TABLE scratch (x); WITH n (i) AS (SELECT 1 UNION ALL"
                                " SELECT i + 1 FROM n WHERE i < 400) INSERT INTO scratch SELECT '" +
                                secret +
                                "' || printf('%0300d', i) FROM n; DROP TABLE scratch;"
                                "PRAGMA wal_checkpoint(TRUNCATE)")
                                   .c_str()));
  }
  REQUIRE(octets_of(folder.file()).find(secret) != std::string::npos);
  static_cast<void>(open_database(folder.file()));
  CHECK(octets_of(folder.file()).find(secret) == std::string::npos);
}

TEST_CASE("migration: of a link the file it leads to is replaced, and the link stays") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.file("data"));
  restore_version(2, folder.file("data/real.db"));
  std::filesystem::create_symlink("data/real.db", folder.file("link.db"));
  const std::string content = content_of(folder.file("link.db"));
  auto database = open_database(folder.file("link.db"));
  CHECK(std::filesystem::is_symlink(folder.file("link.db")));
  CHECK(version_of(folder.file("data/real.db")) == schema_version);
  CHECK(logical_content(database.handle()) == content);
  check_alone(folder.file("data/real.db"));
}

TEST_CASE("migration: a file with two names is refused, because one of them would keep the old content") {
  const TemporaryFolder folder;
  restore_version(2, folder.file());
  const std::string content = content_of(folder.file());
  std::filesystem::create_hard_link(folder.file(), folder.file("second.db"));
  const auto refused = open_soon(folder.file());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "database-migration");
  CHECK(refused.error().message.find("hard links") != std::string::npos);
  check_unchanged(folder.file(), content);
}

// Only root can make the file of somebody else's group.
TEST_CASE("migration: a group that the user is not in is given up, and the file is not permitted to anybody else") {
  if (::geteuid() != 0) return;
  constexpr uid_t user = 65534;
  constexpr gid_t foreign_group = 4711;
  const TemporaryFolder folder;
  restore_version(2, folder.file());
  REQUIRE(::chown(folder.file(".").c_str(), user, user) == 0);
  REQUIRE(::chown(folder.file().c_str(), user, foreign_group) == 0);
  REQUIRE(::chmod(folder.file().c_str(), 0640) == 0);
  for (const char* suffix : {"-wal", "-shm"}) std::filesystem::remove(folder.file() + suffix);
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setgroups(0, nullptr) != 0 || ::setgid(user) != 0 || ::setuid(user) != 0) ::_exit(2);
    ::_exit(Database::open({.path = folder.file(), .min_free_octets = 0}) ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(version_of(folder.file()) == schema_version);
  struct stat file {};
  REQUIRE(::stat(folder.file().c_str(), &file) == 0);
  CHECK(file.st_uid == user);
  CHECK(file.st_gid == user);
  CHECK((file.st_mode & 07777) == 0600);
}

TEST_CASE("migration: a disk with too little room is told before anything is done, with the octets") {
  const TemporaryFolder folder;
  restore_version(2, folder.file());
  const std::string content = content_of(folder.file());
  const auto refused = Database::open({.path = folder.file(), .free_space = [](const std::string&) { return 4096; }});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "disk-low");
  CHECK(refused.error().message.find("4096 are free") != std::string::npos);
  CHECK(refused.error().hint.find("SQLITE_TMPDIR") != std::string::npos);
  check_unchanged(folder.file(), content);
}

TEST_CASE("migration: a disk that is full in the midst of it leaves the old file, and no other") {
  const TemporaryFolder folder;
  restore_version(2, folder.file());
  const std::string content = content_of(folder.file());
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit most{150'000, 150'000};
    ::setrlimit(RLIMIT_FSIZE, &most);
    ::_exit(open_soon(folder.file()) ? 1 : 0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  check_unchanged(folder.file(), content);
}

TEST_CASE("migration: a program that has the old file open reads it on, and cannot write into it any more") {
  const TemporaryFolder folder;
  restore_version(2, folder.file());
  Connection reader = connect_raw(folder.file());
  const auto records = query_integer(reader.get(), "SELECT count(*) FROM record").value();
  Connection writer = connect_raw(folder.file());
  REQUIRE(execute(writer.get(), "UPDATE reporter SET name = name"));
  auto update = Statement::prepare(writer.get(), "UPDATE record SET count = count + 1");
  REQUIRE(update);

  auto database = open_database(folder.file());
  CHECK(query_integer(reader.get(), "SELECT count(*) FROM record").value() == records);
  CHECK(query_integer(reader.get(), "PRAGMA user_version").value() == 2);
  const auto refused = update->run();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "database-sealed");
  CHECK(refused.error().message.find("sealed for its migration to schema version 3") != std::string::npos);
  CHECK(refused.error().hint.find("has taken its place") != std::string::npos);

  // What they do at their end is done to the old file, not to the log of the new one.
  auto store_writer = Writer::create(database);
  REQUIRE(store_writer->begin());
  REQUIRE(ingest(*store_writer, "new", make_report("new", 5)));
  REQUIRE(store_writer->commit());
  update = Statement::prepare(database.handle(), "SELECT 1");
  reader.reset();
  writer.reset();
  CHECK(is_there(folder.file() + "-wal"));
  auto second = open_database(folder.file());
  CHECK(query_integer(second.handle(), "SELECT count(*) FROM record").value() == records + 5);
  CHECK(check_text(second) == "");
}

TEST_CASE("migration: a reader in the midst of a transaction is waited for") {
  const TemporaryFolder folder;
  restore_version(2, folder.file());
  const std::string content = content_of(folder.file());
  const Connection reader = connect_raw(folder.file());
  REQUIRE(execute(reader.get(), "BEGIN; SELECT count(*) FROM record"));
  const auto refused = open_soon(folder.file());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "database-busy");
  CHECK(refused.error().hint.find("fuser -v") != std::string::npos);
  REQUIRE(execute(reader.get(), "SELECT count(*) FROM record; COMMIT"));
  check_unchanged(folder.file(), content);
  CHECK(open_soon(folder.file()));
}

TEST_CASE("migration: while another program writes, the file is busy") {
  const TemporaryFolder folder;
  restore_version(2, folder.file());
  const std::string content = content_of(folder.file());
  {
    const Connection other = connect_raw(folder.file());
    REQUIRE(execute(other.get(), "BEGIN IMMEDIATE"));
    const auto refused = open_soon(folder.file());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "database-busy");
  }
  check_unchanged(folder.file(), content);
}

}  // namespace ruaudit::store::test
