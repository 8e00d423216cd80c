// The last steps of a migration, when one of them fails: who can write where afterwards.
#include <sys/resource.h>
#include <unistd.h>

#include <optional>

#include "store/sqlite/migration.hpp"
#include "store/sqlite/replacement.hpp"
#include "tests/store/sqlite/older_file.hpp"

namespace ruaudit::store::test {
namespace {

constexpr int no_time_ms = 200;

// A file of version 2 whose new file is complete, as migrate() has both.
struct Begun {
  TemporaryFolder folder;
  std::string path = folder.file();
  Connection old;
  std::optional<Draft> draft;

  Begun() {
    restore_version(2, path);
    auto locked = Draft::lock(path, std::chrono::milliseconds(0));
    REQUIRE(locked);
    draft.emplace(std::move(*locked));
    std::filesystem::copy_file(path, draft_path(path), std::filesystem::copy_options::overwrite_existing);
    old = connect_raw(path);
    REQUIRE(execute(old.get(), "PRAGMA wal_autocheckpoint=0; BEGIN IMMEDIATE"));
  }
  model::Result<void> replace() { return replace_file(std::move(old), *draft, path, no_time_ms); }
};

// A program that has the file open, with its log.
Connection open_before(const std::string& path) {
  Connection program = connect_raw(path);
  REQUIRE(query_integer(program.get(), "SELECT count(*) FROM record"));
  return program;
}

bool is_sealed(const std::string& path) {
  return query_integer(connect_raw(path).get(), "SELECT count(*) FROM sqlite_schema WHERE name GLOB 'ruaudit_sealed*'")
             .value() > 0;
}

Status write_into(const Connection& program) { return execute(program.get(), "UPDATE reporter SET name = name"); }

// As many descriptors as are open now, and one more.
class OneDescriptorLeft {
 public:
  OneDescriptorLeft() {
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before_) == 0);
    const int next = ::dup(0);
    REQUIRE(next >= 0);
    ::close(next);
    const rlimit tight{static_cast<rlim_t>(next) + 1, before_.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &tight) == 0);
  }
  ~OneDescriptorLeft() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  OneDescriptorLeft(const OneDescriptorLeft&) = delete;
  OneDescriptorLeft& operator=(const OneDescriptorLeft&) = delete;

 private:
  rlimit before_{};
};

}  // namespace

TEST_CASE("replacement: when the log is gone and the new file cannot take the name, the old one stays sealed") {
  Begun begun;
  const Connection program = open_before(begun.path);
  std::filesystem::remove(draft_path(begun.path));
  const auto failed = begun.replace();
  REQUIRE_FALSE(failed);
  CHECK(failed.error().message.find("cannot replace") != std::string::npos);
  CHECK(failed.error().hint.find("an older one is refused") != std::string::npos);
  CHECK(is_sealed(begun.path));
  const auto refused = write_into(program);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "database-sealed");
  CHECK(refused.error().message.find("schema version " + std::to_string(schema_version)) != std::string::npos);
  CHECK(refused.error().hint.find("was interrupted") != std::string::npos);
  const auto next = Database::open({.path = begun.path, .min_free_octets = 0});
  REQUIRE(next);
  CHECK(version_of(begun.path) == schema_version);
  CHECK_FALSE(is_sealed(begun.path));
  CHECK(write_into(program).error().hint.find("has taken its place") != std::string::npos);
}

TEST_CASE("replacement: before the log is gone, an error takes the seal back, and others write on") {
  Begun begun;
  const Connection program = open_before(begun.path);
  REQUIRE(execute(program.get(), "BEGIN; SELECT count(*) FROM record"));
  const auto failed = begun.replace();
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == "database-busy");
  REQUIRE(execute(program.get(), "COMMIT"));
  CHECK_FALSE(is_sealed(begun.path));
  CHECK(write_into(program));
}

TEST_CASE(
    "replacement: a folder that cannot be synced is told as that; the new file is in its place, the old one sealed") {
  Begun begun;
  const Connection program = open_before(begun.path);
  const auto failed = [&begun] {
    const OneDescriptorLeft limit;
    return begun.replace();
  }();
  REQUIRE_FALSE(failed);
  CHECK(failed.error().message.find("cannot sync the folder") != std::string::npos);
  CHECK(failed.error().hint.find("is in its place") != std::string::npos);
  CHECK_FALSE(is_sealed(begun.path));
  CHECK(write_into(connect_raw(begun.path)));
  CHECK_FALSE(write_into(program));
}

TEST_CASE("replacement: the log of a file that has come to the name meanwhile is not removed") {
  Begun begun;
  std::filesystem::rename(begun.path, begun.folder.file("moved.db"));
  std::filesystem::copy_file(begun.folder.file("moved.db"), begun.path);
  const auto failed = begun.replace();
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == "database-migration");
  CHECK(failed.error().message.find("another file in the place") != std::string::npos);
  CHECK(is_there(begun.path + "-wal"));
  CHECK_FALSE(is_sealed(begun.path));
  CHECK_FALSE(is_sealed(begun.folder.file("moved.db")));
}

}  // namespace ruaudit::store::test
