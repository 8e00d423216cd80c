// Files of older versions, made from tests/store/sqlite/version-N.sql, and what is seen of them from outside.
#pragma once
#include <fstream>
#include <sstream>
#include <string>

#include "tests/paths.hpp"
#include "tests/store/store_fixture.hpp"

namespace ruaudit::store::test {

// As another program opens it.
inline Connection connect_raw(const std::string& path) {
  sqlite3* raw = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &raw) == SQLITE_OK);
  return Connection(raw);
}

inline void restore(const std::string& name, const std::string& path) {
  std::ifstream file(ruaudit::test::source_path("tests/store/sqlite/" + name));
  REQUIRE(file);
  std::stringstream text;
  text << file.rdbuf();
  const Connection connection = connect_raw(path);
  // As the program of that version made it.
  REQUIRE(execute(connection.get(), "PRAGMA page_size=8192"));
  REQUIRE(execute(connection.get(), text.str().c_str()));
  REQUIRE(execute(connection.get(), "PRAGMA journal_mode=WAL"));
}

inline void restore_version(int version, const std::string& path) {
  restore("version-" + std::to_string(version) + ".sql", path);
}

inline std::int64_t version_of(const std::string& path) {
  return query_integer(connect_raw(path).get(), "PRAGMA user_version").value();
}

// What an older file says, read without a change.
inline std::string content_of(const std::string& path) {
  auto old = Database::open({.path = path, .access = Access::read_only, .older = OlderFile::accept});
  REQUIRE(old);
  return logical_content(old->handle());
}

inline std::string octets_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream octets;
  octets << file.rdbuf();
  return octets.str();
}

inline bool is_there(const std::string& path) { return std::filesystem::exists(std::filesystem::symlink_status(path)); }

}  // namespace ruaudit::store::test
