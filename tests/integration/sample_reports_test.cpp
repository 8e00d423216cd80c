// Every file of sample-reports/ against the expectation that lies beside it.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <iostream>

#include "sample_expectation.hpp"
#include "tests/paths.hpp"

namespace fs = std::filesystem;
using nlohmann::json;
using namespace ruaudit;

namespace {

const fs::path samples = fs::path(ruaudit::test::source_path("sample-reports/aggregate"));
constexpr std::string_view suffix = ".expected.json";

std::vector<fs::path> expectations(const std::string& folder) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(samples / folder))
    if (entry.path().string().ends_with(suffix)) found.push_back(entry.path());
  std::ranges::sort(found);
  return found;
}

fs::path sample_of(const fs::path& expectation) {
  const std::string text = expectation.string();
  return text.substr(0, text.size() - suffix.size());
}

// A maildir: each mail for itself, found by the end of its locator.
std::vector<std::string> maildir_differences(const std::vector<tests::ReadItem>& items, const json& want) {
  std::vector<std::string> out;
  if (items.size() != want.at("mails").size()) out.push_back("mails: got " + std::to_string(items.size()));
  for (const auto& mail : want.at("mails")) {
    const auto name = mail.at("file").get<std::string>();
    const auto item = std::ranges::find_if(items, [&](const auto& i) { return i.locator.ends_with(name); });
    if (item == items.end()) {
      out.push_back(name + ": not delivered");
    } else {
      for (const auto& line : tests::differences(tests::described({*item}), mail))
        out.push_back(fmt::format("{}: {}", name, line));
    }
  }
  return out;
}

std::vector<std::string> sample_differences(const fs::path& expectation) {
  const json want = json::parse(std::ifstream(expectation));
  const auto items = tests::read_sample(sample_of(expectation));
  if (want.contains("mails")) return maildir_differences(items, want);
  auto out = tests::differences(tests::described(items), want);
  if (!out.empty())
    for (const auto& item : items)
      for (const auto& error : item.errors) out.push_back("said: " + error.code + ": " + error.message);
  return out;
}

void check_folder(const std::string& folder, std::size_t at_least) {
  const auto found = expectations(folder);
  std::size_t failed = 0;
  for (const auto& expectation : found) {
    const auto wrong = sample_differences(expectation);
    if (!wrong.empty()) ++failed;
    for (const auto& line : wrong)
      std::cout << fs::relative(sample_of(expectation), samples).string() << ": " << line << "\n";
  }
  std::cout << folder << ": " << found.size() << " samples, " << failed << " not as expected\n";
  CHECK(failed == 0);
  CHECK(found.size() >= at_least);
}

}  // namespace

TEST_CASE("good samples become what their expectation says") { check_folder("good", 50); }
TEST_CASE("odd samples become what their expectation says") { check_folder("odd", 150); }
TEST_CASE("malformed samples become what their expectation says") { check_folder("malformed", 30); }
TEST_CASE("hostile samples become what their expectation says") { check_folder("hostile", 25); }
