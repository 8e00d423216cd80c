#include "config/secret.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace ruaudit::config;
using namespace std::chrono_literals;

namespace {

class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("ruaudit-secret-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string file(const std::string& name, const std::string& text, mode_t mode = 0600) const {
    const std::string path = path_ / name;
    std::ofstream(path) << text;
    ::chmod(path.c_str(), mode);
    return path;
  }
  [[nodiscard]] std::string path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace

TEST_CASE("a secret is the first line of a file, a command's output, a variable or a credential") {
  const Folder folder;
  const std::string file = folder.file("pw", "pass word#1 \r\nsecond line\n");
  ::setenv("RUAUDIT_TEST_SECRET", "from environment", 1);
  ::setenv("CREDENTIALS_DIRECTORY", folder.path().c_str(), 1);
  CHECK(read_secret(SecretFile{file}) == "pass word#1 ");
  CHECK(read_secret(SecretCommand{"printf 'a b\\nc\\n'"}) == "a b");
  CHECK(read_secret(SecretCommand{"printf %s \"$RUAUDIT_TEST_SECRET\""}) == "from environment");
  CHECK(read_secret(SecretEnvironment{"RUAUDIT_TEST_SECRET"}) == "from environment");
  CHECK(read_secret(SystemdCredential{"pw"}) == "pass word#1 ");
  CHECK(read_secret_text(SystemdCredential{"pw"}) == "pass word#1 \r\nsecond line\n");
  CHECK(read_secret_text(SecretFile{file}) == "pass word#1 \r\nsecond line\n");
}

TEST_CASE("a secret that everyone may read or change is refused, one for a group is not") {
  const Folder folder;
  struct Case {
    mode_t mode;
    bool want;
  };
  for (const auto& c : {Case{0400, true}, Case{0600, true}, Case{0640, true}, Case{0604, false}, Case{0602, false}}) {
    CAPTURE(c.mode);
    const auto secret = read_secret(SecretFile{folder.file("pw", "hunter2\n", c.mode)});
    CHECK(secret.has_value() == c.want);
    if (!secret) {
      CHECK(secret.error().code == "secret");
      CHECK(secret.error().hint.starts_with("chmod 600 "));
    }
  }
}

TEST_CASE("no error about a secret repeats it, nor a command's arguments and output") {
  const Folder folder;
  ::setenv("RUAUDIT_TEST_EMPTY", "", 1);
  ::setenv("CREDENTIALS_DIRECTORY", folder.path().c_str(), 1);
  const SecretSource sources[] = {
      SecretCommand{"echo hunter2; echo hunter2 >&2; exit 3"},
      SecretCommand{"vault-hunt --pin=hunter2"},
      SecretCommand{"kill -9 $$; : hunter2"},
      SecretCommand{"PIN=hunter2 true"},
      SecretCommand{"yes hunter2"},
      SecretFile{folder.file("wide", "hunter2\n", 0644)},
      SecretFile{folder.file("long", std::string(20'000, 'x') + "hunter2\n")},
      SecretFile{folder.file("empty", "\nhunter2\n")},
      SecretFile{folder.file("nul", std::string("hunter2\0x\n", 10))},
      SecretFile{folder.path()},
      SecretFile{folder.path() + "/missing"},
      SecretEnvironment{"RUAUDIT_TEST_UNSET"},
      SecretEnvironment{"RUAUDIT_TEST_EMPTY"},
      SystemdCredential{"../pw"},
      SystemdCredential{"missing"},
      SecretSource{},
  };
  for (const auto& source : sources) {
    const auto secret = read_secret(source);
    CAPTURE(describe(source));
    REQUIRE(!secret);
    CAPTURE(secret.error().message);
    CHECK(secret.error().code == "secret");
    CHECK(secret.error().message.find("hunter2") == std::string::npos);
    CHECK(secret.error().hint.find("hunter2") == std::string::npos);
    CHECK(describe(source).find("hunter2") == std::string::npos);
  }
}

TEST_CASE("a command that does not end in time is ended with its children") {
  const Folder folder;
  const std::string mark = folder.path() + "/mark";
  const auto begin = std::chrono::steady_clock::now();
  const SecretLimits limits{.command_time = 300ms};
  const auto secret = read_secret(SecretCommand{"(sleep 2; touch " + mark + ") & sleep 20; echo x"}, limits);
  REQUIRE(!secret);
  CHECK(secret.error().message == "command (arguments not shown): the command did not end within 300 ms");
  CHECK(std::chrono::steady_clock::now() - begin < 2s);
  ::sleep(3);
  CHECK(!std::filesystem::exists(mark));
}

TEST_CASE("the size of a secret holds at its limit and not one octet past it") {
  const Folder folder;
  const SecretLimits limits{.octets = 8};
  CHECK(read_secret(SecretFile{folder.file("pw", "12345678")}, limits));
  CHECK(!read_secret(SecretFile{folder.file("pw", "123456789")}, limits));
  CHECK(read_secret(SecretCommand{"printf 12345678"}, limits));
  CHECK(!read_secret(SecretCommand{"printf 123456789"}, limits));
}

TEST_CASE("a secret is replaced in a private file of this user alone, and the file keeps its permissions") {
  const Folder folder;
  const std::string file = folder.file("pw", "old\nrest\n", 0600);
  REQUIRE(replace_secret_file(file, "new"));
  CHECK(read_secret(SecretFile{file}) == "new");
  struct stat facts {};
  REQUIRE(::stat(file.c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777U) == 0600);
  CHECK(!std::filesystem::exists(file + ".new"));
  const std::string link = folder.path() + "/link";
  std::filesystem::create_symlink(file, link);
  CHECK(!replace_secret_file(link, "x"));
  CHECK(!replace_secret_file(folder.path() + "/missing", "x"));
  CHECK(read_secret(SecretFile{file}) == "new");
}
