// The copy for analysts: replaced in one step, permitted to whom it is for, never the database itself.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "store/care/maintenance.hpp"
#include "tests/store/store_fixture.hpp"

namespace ruaudit::store::test {
namespace {

void fill(const std::string& path) {
  auto database = open_database(path);
  auto writer = Writer::create(database);
  REQUIRE(writer->begin());
  for (unsigned n = 0; n < 3; ++n)
    REQUIRE(ingest(*writer, "item " + std::to_string(n), make_report(std::to_string(n), 5, n)));
  REQUIRE(writer->commit());
}

Database open_copy(const std::string& path) {
  auto copy = Database::open({.path = path, .access = Access::read_only});
  REQUIRE(copy);
  return std::move(*copy);
}

unsigned permissions(const std::string& path) {
  struct stat facts {};
  REQUIRE(::stat(path.c_str(), &facts) == 0);
  return facts.st_mode & 07777U;
}

std::string reports_in(const std::string& path) {
  const auto copy = open_copy(path);
  return query_text(copy.handle(), "SELECT count(*) FROM report");
}

}  // namespace

TEST_CASE("export: a replaced copy has its permissions, and who reads the former one reads it on") {
  const TemporaryFolder folder;
  fill(folder.file());
  auto database = open_database(folder.file());
  const ExportTarget target{.path = folder.file("export.db"), .existing = ExistingFile::replace, .mode = 0640};
  REQUIRE(export_copy(database, target));
  CHECK(permissions(target.path) == 0640);
  const std::string first = reports_in(target.path);
  const auto reader = open_copy(target.path);
  REQUIRE(execute(database.handle(), "UPDATE report SET messages = 4711"));
  REQUIRE(export_copy(database, target));
  CHECK(query_text(reader.handle(), "SELECT count(*) FROM report WHERE messages = 4711") == "0\n");
  CHECK(query_text(open_copy(target.path).handle(), "SELECT count(*) FROM report WHERE messages = 4711") == first);
  CHECK_FALSE(std::filesystem::exists(target.path + ".new"));
}

TEST_CASE("export: a file that is there is kept unless it is to be replaced") {
  const TemporaryFolder folder;
  fill(folder.file());
  auto database = open_database(folder.file());
  REQUIRE(export_copy(database, {.path = folder.file("export.db")}));
  CHECK(permissions(folder.file("export.db")) == 0600);
  CHECK(export_copy(database, {.path = folder.file("export.db")}).error().code == "file-exists");
}

TEST_CASE("export: the database itself is never replaced, by whatever name it goes") {
  const TemporaryFolder folder;
  fill(folder.file());
  auto database = open_database(folder.file());
  std::filesystem::create_symlink(folder.file(), folder.file("link.db"));
  std::filesystem::create_hard_link(folder.file(), folder.file("twin.db"));
  const auto before = query_text(database.handle(), "SELECT count(*) FROM report");
  for (const std::string& name : {folder.file(), folder.file("link.db"), folder.file("twin.db")}) {
    CAPTURE(name);
    const auto refused = export_copy(database, {.path = name, .existing = ExistingFile::replace});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "usage");
  }
  CHECK(query_text(database.handle(), "SELECT count(*) FROM report") == before);
}

TEST_CASE("export: what a killed run has left is taken over, what another run is writing is not") {
  const TemporaryFolder folder;
  fill(folder.file());
  auto database = open_database(folder.file());
  const ExportTarget target{.path = folder.file("export.db"), .existing = ExistingFile::replace};
  for (const char* suffix : {".new", ".new-journal"}) std::ofstream(target.path + suffix) << "half of an export";
  REQUIRE(export_copy(database, target));
  CHECK(reports_in(target.path) == query_text(database.handle(), "SELECT count(*) FROM report"));

  const int other = ::open((target.path + ".new").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  REQUIRE(::flock(other, LOCK_EX | LOCK_NB) == 0);
  CHECK(export_copy(database, target).error().code == "export-runs");
  CHECK(std::filesystem::exists(target.path + ".new"));
  ::close(other);
  CHECK(export_copy(database, target));
}

}  // namespace ruaudit::store::test
