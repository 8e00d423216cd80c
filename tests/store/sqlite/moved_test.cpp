// A file whose name another one gets at the worst moment: after it was opened, before it is read for the first time.
// SQLite then finds the log of the new file.
#include <fstream>

#include "tests/store/sqlite/older_file.hpp"

namespace ruaudit::store::test {
namespace {

struct Swap {
  std::string from, to;
  Connection writer;  // of the new file, with a log
  bool is_due = true;
  bool is_written = false;
};
Swap* due_swap = nullptr;

// SQLite calls it for every connection that was just opened, that of the writer, too. Nothing may be thrown.
int swap_once(sqlite3*, char**, const sqlite3_api_routines*) {
  if (due_swap == nullptr || !due_swap->is_due) return SQLITE_OK;
  due_swap->is_due = false;
  std::error_code problem;
  std::filesystem::rename(due_swap->from, due_swap->to, problem);
  sqlite3* writer = nullptr;
  const int code = sqlite3_open(due_swap->to.c_str(), &writer);
  due_swap->writer.reset(writer);
  constexpr const char* sql = "PRAGMA wal_autocheckpoint=0; UPDATE store_info SET value = 'new' WHERE name = 'word'";
  due_swap->is_written =
      !problem && code == SQLITE_OK && sqlite3_exec(writer, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
  return SQLITE_OK;
}

class AtNextOpening {
 public:
  explicit AtNextOpening(Swap& swap) {
    due_swap = &swap;
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(swap_once));
  }
  ~AtNextOpening() {
    sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(swap_once));
    due_swap = nullptr;
  }
  AtNextOpening(const AtNextOpening&) = delete;
  AtNextOpening& operator=(const AtNextOpening&) = delete;
};

}  // namespace

TEST_CASE("open: a file that has lost its name before it is read is left alone, and the new one keeps its log") {
  const TemporaryFolder folder;
  {
    const auto made = open_database(folder.file("new.db"));
    REQUIRE(execute(made.handle(), "INSERT INTO store_info VALUES ('word', 'old')"));
  }
  const std::string old_octets(65'536, 'x');
  std::ofstream(folder.file()) << old_octets;
  std::filesystem::create_hard_link(folder.file(), folder.file("kept"));
  Swap swap{folder.file("new.db"), folder.file(), {}};
  {
    const AtNextOpening moment(swap);
    const auto database = Database::open({.path = folder.file(), .min_free_octets = 0});
    REQUIRE(swap.is_written);
    REQUIRE(database);
    CHECK(query_text(database->handle(), "SELECT value FROM store_info WHERE name = 'word'") == "new\n");
  }
  CHECK(query_text(connect_raw(folder.file()).get(), "SELECT value FROM store_info WHERE name = 'word'") == "new\n");
  CHECK(octets_of(folder.file("kept")) == old_octets);
}

}  // namespace ruaudit::store::test
