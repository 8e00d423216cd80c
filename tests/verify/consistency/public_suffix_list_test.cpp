#include "verify/consistency/public_suffix_list.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

using ruaudit::verify::consistency::PublicSuffixList;
using ruaudit::verify::consistency::SuffixRules;

namespace {

class ListFile {
 public:
  explicit ListFile(const std::string& text)
      : path_(std::filesystem::temp_directory_path() / ("ruaudit-psl-" + std::to_string(::getpid()) + ".dat")) {
    std::ofstream(path_) << text;
  }
  ~ListFile() { std::filesystem::remove(path_); }
  ListFile(const ListFile&) = delete;
  ListFile& operator=(const ListFile&) = delete;
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace

TEST_CASE("the organizational domain is one label below the longest public suffix") {
  const auto list = PublicSuffixList::open(std::nullopt);
  REQUIRE(list.has_value());
  const struct {
    std::string name;
    const char* want;
  } cases[] = {{"example.com", "example.com"},
               {"a.b.example.com", "example.com"},
               {"a.EXAMPLE.CO.UK", "example.co.uk"},  // libpsl itself would answer CO.UK
               {"example.com.", "example.com"},
               {"www.city.kobe.jp", "city.kobe.jp"},  // an exception rule
               {"a.b.kobe.jp", "a.b.kobe.jp"},        // a wildcard rule
               {"b.kobe.jp", ""},
               {"a.b.unlisted-top-level", "b.unlisted-top-level"},  // the rule "*"
               {"com", ""},
               {"co.uk", ""},
               {"", ""},
               {".", ""},
               {".com", ""},
               {"a..com", ""},
               {std::string("a\0.com", 6), ""},
               {std::string(254, 'a') + ".com", ""}};
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(list->organizational_domain(c.name).value_or("") == c.want);
  }
}

TEST_CASE("private rules count only where all rules do") {
  const auto list = PublicSuffixList::open(std::nullopt);
  REQUIRE(list.has_value());
  CHECK(list->organizational_domain("x.owner.github.io") == "owner.github.io");
  CHECK(list->organizational_domain("x.owner.github.io", SuffixRules::icann) == "github.io");
  CHECK(list->organizational_domain("a.example.co.uk", SuffixRules::icann) == "example.co.uk");
  CHECK(list->organizational_domain("co.uk", SuffixRules::icann) == std::nullopt);
  CHECK(list->organizational_domain("a.b.unlisted-top-level", SuffixRules::icann) == "b.unlisted-top-level");
}

TEST_CASE("a list file replaces the built-in list and is named by its content") {
  const ListFile file("// ===BEGIN ICANN DOMAINS===\ncom\nexample.com\n// ===END ICANN DOMAINS===\n");
  const auto list = PublicSuffixList::open(file.path());
  REQUIRE(list.has_value());
  CHECK(list->organizational_domain("a.b.example.com") == "b.example.com");
  CHECK(list->version().find("ruaudit-psl-") == 0);
  CHECK(list->version().find("fnv64 ") != std::string::npos);
  CHECK(PublicSuffixList::open(std::nullopt)->version().find("libpsl built-in 20") == 0);
}

TEST_CASE("a file that is missing or holds no list is an error with a remedy") {
  const ListFile file("");
  for (const std::string& path : {file.path(), std::string("/nonexistent/list.dat")}) {
    CAPTURE(path);
    const auto list = PublicSuffixList::open(path);
    REQUIRE_FALSE(list.has_value());
    CHECK(list.error().code == "public-suffix-list");
    CHECK_FALSE(list.error().hint.empty());
  }
}
