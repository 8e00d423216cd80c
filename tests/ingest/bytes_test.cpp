// Octets of a file that somebody makes shorter while it is read.
#include "ingest/bytes.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>

namespace ruaudit::ingest {
namespace {

struct File {
  explicit File(std::size_t size) : descriptor(::mkstemp(path.data())) {
    const std::string text(size, 'x');
    REQUIRE(descriptor >= 0);
    REQUIRE(::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(size));
  }
  ~File() {
    ::close(descriptor);
    ::unlink(path.c_str());
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  std::string path = "/tmp/ruaudit-bytes-XXXXXX";
  int descriptor;
};

std::size_t letters(const Bytes& bytes) {
  const auto text = bytes.view();
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), 'x'));
}

}  // namespace

TEST_CASE("a mapped file that shrinks reads as zeros behind its end, and says so") {
  constexpr std::size_t size = std::size_t{64} * 4096, left = std::size_t{16} * 4096;
  const File file(size);
  const auto bytes = Bytes::from_file(file.descriptor, size, 0);
  REQUIRE(bytes);
  CHECK(letters(*bytes) == size);
  CHECK_FALSE(bytes->has_shrunk());
  REQUIRE(::ftruncate(file.descriptor, left) == 0);
  CHECK(letters(*bytes) == left);
  CHECK(bytes->has_shrunk());
  CHECK(bytes->slice(0, 10).has_shrunk());
}

TEST_CASE("one file that shrinks says nothing of another, and a new mapping nothing of a former") {
  constexpr std::size_t size = std::size_t{8} * 4096;
  const File sound(size);
  const auto kept = Bytes::from_file(sound.descriptor, size, 0);
  for (int n = 0; n < 600; ++n) {  // more than are guarded at once
    const File file(size);
    const auto bytes = Bytes::from_file(file.descriptor, size, 0);
    REQUIRE(bytes);
    CHECK_FALSE(bytes->has_shrunk());
    REQUIRE(::ftruncate(file.descriptor, 0) == 0);
    CHECK(letters(*bytes) == 0);
    CHECK(bytes->has_shrunk());
  }
  CHECK(letters(*kept) == size);
  CHECK_FALSE(kept->has_shrunk());
}

}  // namespace ruaudit::ingest
