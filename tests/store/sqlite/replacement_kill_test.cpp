// A migration that is killed anywhere, and several programs that migrate the same file.
#include <sys/wait.h>

#include <csignal>

#include "store/sqlite/migration.hpp"
#include "tests/store/sqlite/older_file.hpp"

namespace ruaudit::store::test {
namespace {

int ended(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

// Opens, and stores one report.
int store_one(const std::string& path, const std::string& name) {
  auto database = Database::open({.path = path, .min_free_octets = 0});
  if (!database) return 3;
  auto writer = Writer::create(*database);
  if (!writer || !writer->begin() || !ingest(*writer, name, make_report(name, 7)) || !writer->commit()) return 4;
  return 0;
}

}  // namespace

#ifdef RUAUDIT_FAIL_POINTS
TEST_CASE("kill: wherever a migration dies, the file says what it said, and the next run migrates it") {
  const int version = GENERATE(1, 2);
  const std::string point = GENERATE("store.migration-copied", "store.migrate:1", "store.migrated",
                                     "store.migration-checked", "store.migration-sealed", "store.migration-folded",
                                     "store.migration-unlogged", "store.migration-replaced");
  CAPTURE(version, point);
  const TemporaryFolder folder;
  restore_version(version, folder.file());
  const std::string content = content_of(folder.file());
  // One that keeps the old file open through the kill and all that follows.
  const bool is_read = GENERATE(false, true);
  const Connection reader = is_read ? connect_raw(folder.file()) : Connection();
  if (reader) REQUIRE(query_integer(reader.get(), "SELECT count(*) FROM record"));
  const pid_t child = ::fork();
  if (child == 0) {
    ::setenv("RUAUDIT_FAIL_POINT", point.c_str(), 1);
    ::_exit(store_one(folder.file(), "never"));
  }
  const int status = ended(child);
  REQUIRE(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGKILL);
  CHECK(version_of(folder.file()) == (point == "store.migration-replaced" ? schema_version : version));
  CHECK(content_of(folder.file()) == content);
  {
    auto database = open_database(folder.file());
    CHECK(logical_content(database.handle()) == content);
    CHECK(check_text(database) == "");
    CHECK(query_integer(database.handle(), "SELECT count(*) FROM sqlite_schema WHERE name GLOB 'ruaudit_sealed*'")
              .value() == 0);
  }
  CHECK_FALSE(is_there(draft_path(folder.file())));
  CHECK(store_one(folder.file(), "after") == 0);
  if (reader) CHECK(query_integer(reader.get(), "PRAGMA user_version").value() == version);
}
#endif

TEST_CASE("several programs migrate the same file at once: one does it, each stores what it has") {
  const TemporaryFolder folder;
  restore_version(2, folder.file());
  const auto before = query_integer(connect_raw(folder.file()).get(), "SELECT count(*) FROM record").value();
  constexpr int programs = 5;
  std::vector<pid_t> children;
  for (int n = 0; n < programs; ++n) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(store_one(folder.file(), "of program " + std::to_string(n)));
    children.push_back(child);
  }
  for (const pid_t child : children) CHECK(ended(child) == 0);
  auto database = open_database(folder.file());
  CHECK(query_integer(database.handle(), "SELECT count(*) FROM record").value() == before + programs * 7);
  CHECK(check_text(database) == "");
  CHECK_FALSE(is_there(draft_path(folder.file())));
}

}  // namespace ruaudit::store::test
