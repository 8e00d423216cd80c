#include "ingest/mailbox/mbox_lock.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace ruaudit::ingest::mailbox {
namespace {

class TestMbox {
 public:
  TestMbox() {
    std::string pattern = (fs::temp_directory_path() / "ruaudit-mbox-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    std::ofstream(path()) << "From x\n\nmail\n";
  }
  ~TestMbox() { fs::remove_all(folder_); }
  TestMbox(const TestMbox&) = delete;
  TestMbox& operator=(const TestMbox&) = delete;
  [[nodiscard]] std::string path() const { return folder_ / "box"; }
  [[nodiscard]] std::string dotlock() const { return path() + ".lock"; }

 private:
  fs::path folder_;
};

// Whether another process could get the lock by fcntl for writing, as a delivery agent asks.
bool can_be_written(const std::string& path) {
  const pid_t child = ::fork();
  if (child == 0) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    struct flock whole {};
    whole.l_type = F_WRLCK;
    ::_exit(::fcntl(descriptor, F_SETLK, &whole) == 0 ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WEXITSTATUS(status) == 0;
}

}  // namespace

TEST_CASE("mbox lock: nobody delivers while it is held, also after the file was opened and closed once more") {
  const TestMbox mbox;
  {
    const auto lock = MboxLock::acquire(mbox.path(), 1s);
    REQUIRE(lock);
    CHECK(lock->has_dotlock());
    CHECK(fs::exists(mbox.dotlock()));
    ::close(::open(mbox.path().c_str(), O_RDONLY));
    CHECK_FALSE(can_be_written(mbox.path()));
  }
  CHECK_FALSE(fs::exists(mbox.dotlock()));
  CHECK(can_be_written(mbox.path()));
}

TEST_CASE("mbox lock: a dotlock of a living process is respected, that of a dead one taken over") {
  const TestMbox mbox;
  std::ofstream(mbox.dotlock()) << ::getppid() << '\n';
  CHECK(MboxLock::acquire(mbox.path(), 100ms).error().code == "mailbox-locked");
  CHECK(fs::exists(mbox.dotlock()));
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  ::waitpid(child, nullptr, 0);
  std::ofstream(mbox.dotlock()) << child << '\n';
  CHECK(MboxLock::acquire(mbox.path(), 100ms));
}

TEST_CASE("mbox lock: a dotlock that names nobody is respected") {
  const TestMbox mbox;
  std::ofstream(mbox.dotlock()) << "locked\n";
  CHECK_FALSE(MboxLock::acquire(mbox.path(), 100ms));
}

TEST_CASE("mbox lock: a file that is not there is an error and leaves no dotlock") {
  const TestMbox mbox;
  fs::remove(mbox.path());
  CHECK(MboxLock::acquire(mbox.path(), 100ms).error().code == "source-not-found");
  CHECK_FALSE(fs::exists(mbox.dotlock()));
}

}  // namespace ruaudit::ingest::mailbox
