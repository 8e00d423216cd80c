// Real failure reports and the example of RFC 9991 appendix A, each with every field that was read from it by hand
// (failure_expected.json). Prints passed/total, fails on any difference, and says so (exit 77) when there is no corpus.
#include <fstream>
#include <iostream>

#include "tests/integration/failure_described.hpp"
#include "tests/integration/sample_expectation.hpp"
#include "tests/paths.hpp"

using nlohmann::json;

int main() {
  const std::string corpus = ruaudit::test::corpus_folder();
  if (corpus.empty()) {
    std::cout << "RUAUDIT_CORPUS is not set: no failure report was read\n";
    return 77;
  }
  const json expected =
      json::parse(std::ifstream(ruaudit::test::source_path("tests/conformance/failure_expected.json")));
  unsigned passed = 0;
  for (const auto& [file, want] : expected.items()) {
    const json got = ruaudit::tests::read_failures(corpus + "/" + file);
    const auto wrong = ruaudit::tests::differences(got, want);
    for (const auto& line : wrong) std::cout << file << ": " << line << "\n";
    passed += wrong.empty() ? 1U : 0U;
  }
  std::cout << "failure reports: " << passed << "/" << expected.size() << "\n";
  return passed == expected.size() && passed > 0 ? 0 : 1;
}
