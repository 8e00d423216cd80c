// Every file of sample-reports/failure against the expectation that lies beside it.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <iostream>

#include "failure_described.hpp"
#include "sample_expectation.hpp"
#include "tests/paths.hpp"

namespace fs = std::filesystem;
using nlohmann::json;
using namespace ruaudit;

namespace {

const fs::path samples = fs::path(ruaudit::test::source_path("sample-reports/failure"));
constexpr std::string_view suffix = ".expected.json";

std::vector<fs::path> expectations(const std::string& folder) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(samples / folder))
    if (entry.path().string().ends_with(suffix)) found.push_back(entry.path());
  std::ranges::sort(found);
  return found;
}

void check_folder(const std::string& folder, std::size_t at_least) {
  const auto found = expectations(folder);
  for (const auto& expectation : found) {
    const auto text = expectation.string();
    const auto want = json::parse(std::ifstream(expectation));
    const auto got = tests::read_failures(text.substr(0, text.size() - suffix.size()));
    const auto wrong = tests::differences(got, want);
    CAPTURE(text);
    for (const auto& line : wrong) std::cout << fs::relative(expectation, samples).string() << ": " << line << "\n";
    CHECK(wrong.empty());
  }
  CHECK(found.size() >= at_least);
}

}  // namespace

TEST_CASE("good failure reports become what their expectation says") { check_folder("good", 25); }
TEST_CASE("malformed failure reports become what their expectation says") { check_folder("malformed", 12); }
TEST_CASE("hostile failure reports become what their expectation says") { check_folder("hostile", 7); }
