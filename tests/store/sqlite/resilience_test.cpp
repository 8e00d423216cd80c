// Kills, two writers, a reader that never ends, a full disk.
#include <sys/wait.h>

#include <array>
#include <csignal>
#include <fstream>
#include <thread>

#include "store/care/ingest_lock.hpp"
#include "tests/store/store_fixture.hpp"

namespace ruaudit::store::test {
namespace {

void ingest_everything(const std::string& path) {
  DatabaseOptions options;
  options.path = path;
  options.min_free_octets = 0;
  options.checkpoint_octets = 1;
  auto database = Database::open(options);
  if (!database) ::_exit(3);
  auto writer = Writer::create(*database);
  for (int n = 0; n < 6; ++n) {
    if (!writer->begin()) ::_exit(4);
    if (!ingest(*writer, "item " + std::to_string(n),
                make_report("id" + std::to_string(n), 40, static_cast<unsigned>(n))))
      ::_exit(5);
    if (!writer->commit()) ::_exit(6);
  }
}

// A new file, locked for writing.
Connection held_by_another(const std::string& path) {
  sqlite3* raw = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &raw) == SQLITE_OK);
  Connection other(raw);
  REQUIRE(execute(raw, "BEGIN IMMEDIATE"));
  return other;
}

#ifdef RUAUDIT_FAIL_POINTS
int run_killed(const std::string& path, const std::string& fail_point) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::setenv("RUAUDIT_FAIL_POINT", fail_point.c_str(), 1);
    ingest_everything(path);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}
#endif

}  // namespace

#ifdef RUAUDIT_FAIL_POINTS
TEST_CASE("kill: wherever the process dies, the next run ends like an undisturbed one") {
  const TemporaryFolder folder;
  ingest_everything(folder.file("calm.db"));
  auto calm = open_database(folder.file("calm.db"));
  const auto wanted = logical_content(calm.handle());
  int n = 0;
  for (const char* point :
       {"store.schema:1", "store.schema:3", "store.insert:1", "store.insert:100", "store.commit:1", "store.commit:4",
        "store.committed:1", "store.committed:6", "store.checkpoint:1", "store.checkpoint:3", "store.checkpointed:2"}) {
    CAPTURE(point);
    const auto path = folder.file("killed" + std::to_string(++n) + ".db");
    const int status = run_killed(path, point);
    REQUIRE(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGKILL);
    {
      auto database = open_database(path);
      CHECK(check_text(database) == "");
    }
    ingest_everything(path);
    auto database = open_database(path);
    CHECK(check_text(database) == "");
    CHECK(logical_content(database.handle()) == wanted);
  }
}
#endif

TEST_CASE("lock: a second run waits, and leaves with the name of the first") {
  const TemporaryFolder folder;
  auto first = IngestLock::acquire(folder.file(), std::chrono::milliseconds(0));
  REQUIRE(first);
  const auto second = IngestLock::acquire(folder.file(), std::chrono::milliseconds(60));
  REQUIRE_FALSE(second);
  CHECK(second.error().code == "database-in-use");
  CHECK(second.error().message.find(std::to_string(::getpid())) != std::string::npos);
  { const auto ended = std::move(*first); }
  CHECK(IngestLock::acquire(folder.file(), std::chrono::milliseconds(0)));
}

TEST_CASE("two writers: transactions alternate, and neither trusts what it remembers") {
  const TemporaryFolder folder;
  auto one = open_database(folder.file());
  auto two = open_database(folder.file());
  auto first = Writer::create(one);
  auto second = Writer::create(two);
  for (unsigned n = 0; n < 10; ++n) {
    Writer& writer = n % 2 == 0 ? *first : *second;
    REQUIRE(writer.begin());
    REQUIRE(ingest(writer, "item " + std::to_string(n), make_report("id" + std::to_string(n), 30, n)));
    REQUIRE(writer.commit());
  }
  CHECK(query_integer(one.handle(), "SELECT count(*) FROM record").value() == 300);
  CHECK(check_text(one) == "");
}

TEST_CASE("two writers: the second one is told that the file is busy") {
  const TemporaryFolder folder;
  auto one = open_database(folder.file());
  auto two = open_database(folder.file());
  sqlite3_busy_timeout(two.handle(), 0);
  auto first = Writer::create(one);
  auto second = Writer::create(two);
  REQUIRE(first->begin());
  const auto refused = second->begin();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "database-busy");
}

TEST_CASE("reader: one that never ends its transaction keeps its view, and the log ends at its limit") {
  const TemporaryFolder folder;
  DatabaseOptions options;
  options.path = folder.file();
  options.min_free_octets = 0;
  options.checkpoint_octets = 64 << 10;
  options.max_wal_octets = 1 << 20;
  auto database = Database::open(options);
  REQUIRE(database);
  auto writer = Writer::create(*database);
  REQUIRE(writer->begin());
  REQUIRE(ingest(*writer, "first", make_report("first", 5)));
  REQUIRE(writer->commit());
  DatabaseOptions reading = options;
  reading.access = Access::read_only;
  auto reader = Database::open(reading);
  REQUIRE(reader);
  REQUIRE(execute(reader->handle(), "BEGIN; SELECT count(*) FROM record"));

  std::string code;
  int stored = 1;
  for (unsigned n = 0; n < 2000 && code.empty(); ++n) {
    if (const auto begun = writer->begin(); !begun) {
      code = begun.error().code;
      break;
    }
    REQUIRE(ingest(*writer, "item " + std::to_string(n), make_report("id" + std::to_string(n), 50, n)));
    REQUIRE(writer->commit());
    ++stored;
  }
  CHECK(code == "wal-limit");
  CHECK(std::filesystem::file_size(folder.file() + "-wal") < (2U << 20));
  CHECK(query_integer(reader->handle(), "SELECT count(*) FROM record").value() == 5);
  REQUIRE(execute(reader->handle(), "ROLLBACK"));
  CHECK(query_integer(reader->handle(), "SELECT count(*) FROM report").value() == stored);
  REQUIRE(writer->begin());  // the reader has ended: the log shrinks, and the run goes on
  REQUIRE(writer->commit());
  CHECK(std::filesystem::file_size(folder.file() + "-wal") < (64U << 10));
}

TEST_CASE("disk: a batch is not begun when too little is free, and what was stored is kept") {
  const TemporaryFolder folder;
  std::int64_t octets = 100;
  DatabaseOptions options;
  options.path = folder.file();
  options.min_free_octets = 100;
  options.free_space = [&octets](const std::string&) { return octets; };
  auto database = Database::open(options);
  REQUIRE(database);
  auto writer = Writer::create(*database);
  REQUIRE(writer->begin());
  REQUIRE(ingest(*writer, "first", make_report("a", 5)));
  REQUIRE(writer->commit());
  octets = 99;
  const auto refused = writer->begin();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "disk-low");
  CHECK(query_integer(database->handle(), "SELECT count(*) FROM record").value() == 5);
}

TEST_CASE("disk: an error for want of room names the folders of temporary files, too") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  REQUIRE(query_integer(database.handle(), "PRAGMA max_page_count=1"));  // no more than there are
  const auto refused = execute(database.handle(), "INSERT INTO store_info VALUES ('word', hex(zeroblob(1000000)))");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "disk-low");
  CHECK(refused.error().hint.find("SQLITE_TMPDIR") != std::string::npos);
}

// SQLite does not wait for another's lock while it turns a new file into one with a log.
TEST_CASE("a new file that another program is just making is waited for") {
  const TemporaryFolder folder;
  const Connection other = held_by_another(folder.file());
  std::thread soon([raw = other.get()] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    sqlite3_exec(raw, "ROLLBACK", nullptr, nullptr, nullptr);
  });
  const auto database = Database::open({.path = folder.file()});
  soon.join();
  CHECK(database);
}

TEST_CASE("a new file that another program does not give free is an error when the time is over") {
  const TemporaryFolder folder;
  const Connection other = held_by_another(folder.file());
  const auto database = Database::open({.path = folder.file(), .busy_timeout_ms = 200});
  REQUIRE_FALSE(database);
  CHECK(database.error().code == "database-busy");
}

TEST_CASE("several programs may open a database that none of them has made yet") {
  for (int round = 0; round < 30; ++round) {
    const TemporaryFolder folder;
    std::array<std::string, 6> errors;
    std::vector<std::thread> programs;
    for (std::string& error : errors)
      programs.emplace_back([&folder, &error] {
        const auto database = Database::open({.path = folder.file()});
        if (!database) error = database.error().message;
      });
    for (auto& program : programs) program.join();
    CAPTURE(round);
    for (const std::string& error : errors) CHECK(error.empty());
  }
}

}  // namespace ruaudit::store::test
