#include "jobs/process/draft_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

using namespace ruaudit::jobs;
namespace fs = std::filesystem;

namespace {

struct Folder {
  fs::path path = fs::temp_directory_path() / ("draft-file-test-" + std::to_string(::getpid()));
  Folder() { fs::create_directories(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path); }
  std::string operator/(const char* name) const { return (path / name).string(); }
  [[nodiscard]] std::ptrdiff_t files() const { return std::distance(fs::directory_iterator(path), {}); }
};

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}
void put(const std::string& path, std::string_view text) { std::ofstream(path, std::ios::binary) << text; }

std::string code_of(const std::string& path, ExistingFile existing) {
  const auto file = DraftFile::create(path, 0600, existing);
  return file ? "" : file.error().code;
}

DraftFile begun(const std::string& path, std::string_view text) {
  auto file = DraftFile::create(path, 0640, ExistingFile::replace);
  REQUIRE(file);
  REQUIRE(file->write(text));
  return std::move(*file);
}

}  // namespace

TEST_CASE("a file has its name when it is whole, with its permissions, and one that is not published leaves nothing") {
  const Folder folder;
  { [[maybe_unused]] const auto left = begun(folder / "a", "half"); }
  CHECK(folder.files() == 0);
  put(folder / "a", "former");
  auto file = begun(folder / "a", "new");
  CHECK(text_of(folder / "a") == "former");
  REQUIRE(file.publish());
  CHECK(text_of(folder / "a") == "new");
  CHECK(folder.files() == 1);
  struct stat facts {};
  REQUIRE(::stat((folder / "a").c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777U) == 0640U);
}

TEST_CASE("what may not be replaced stays, also where it came there meanwhile") {
  const Folder folder;
  put(folder / "a", "former");
  CHECK(code_of(folder / "a", ExistingFile::refuse) == "file-exists");
  auto file = DraftFile::create(folder / "b", 0600, ExistingFile::refuse);
  REQUIRE(file);
  REQUIRE(file->write("late"));
  put(folder / "b", "first");
  const auto placed = file->publish();
  REQUIRE_FALSE(placed);
  CHECK(placed.error().code == "file-exists");
  CHECK(text_of(folder / "b") == "first");
}

TEST_CASE("a database is never replaced, and a file beside the target never touched") {
  const Folder folder;
  put(folder / "r.db", std::string_view("SQLite format 3\0and more", 24));
  CHECK(code_of(folder / "r.db", ExistingFile::replace) == "file-is-database");
  put(folder / "out.new", "somebody's");
  REQUIRE(begun(folder / "out", "rows").publish());
  CHECK(text_of(folder / "out.new") == "somebody's");
}

TEST_CASE("two that write the same file do not meet") {
  const Folder folder;
  auto one = begun(folder / "a", "one "), two = begun(folder / "a", "two ");
  REQUIRE(one.write("whole"));
  REQUIRE(one.publish());
  CHECK(text_of(folder / "a") == "one whole");
  REQUIRE(two.write("whole"));
  REQUIRE(two.publish());
  CHECK(text_of(folder / "a") == "two whole");
  CHECK(folder.files() == 1);
}

TEST_CASE("a link goes on to lead to its file, and a pipe is written to") {
  const Folder folder;
  put(folder / "file", "former");
  fs::create_symlink("file", folder.path / "link");
  REQUIRE(begun(folder / "link", "new").publish());
  CHECK(fs::is_symlink(folder.path / "link"));
  CHECK(text_of(folder / "file") == "new");
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  std::string read;
  std::thread reader([&] { read = text_of(folder / "pipe"); });
  REQUIRE(begun(folder / "pipe", "rows").publish());
  reader.join();
  CHECK(read == "rows");
  CHECK(fs::is_fifo(folder.path / "pipe"));
  CHECK(code_of(folder.path.string(), ExistingFile::replace) == "file-create");
}
