#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include "report/safe_text.hpp"
#include "report/summary.hpp"
#include "tests/paths.hpp"
#include "tests/report/planted_facts.hpp"

using namespace ruaudit::report;
using namespace ruaudit::model;

namespace {

// The golden file; with RUAUDIT_GOLDEN=write in the environment it is written anew, to be read before it is kept.
std::string golden(const std::string& name, const std::string& got) {
  const std::string path = ruaudit::test::source_path("tests/report/golden/") + name;
  const char* mode = std::getenv("RUAUDIT_GOLDEN");
  if (mode != nullptr && std::string(mode) == "write") std::ofstream(path, std::ios::binary) << got;
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in.is_open());
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::size_t first_screen(const std::string& text) {
  const auto lines = lines_of(text);
  const auto rule =
      std::find_if(lines.begin(), lines.end(), [](const auto& line) { return line.rfind("== ", 0) == 0; });
  return static_cast<std::size_t>(rule - lines.begin());
}

SummaryFacts many_domains(int count) {
  SummaryFacts facts = planted::month();
  facts.domains.clear();
  for (int i = 0; i < count; ++i) {
    facts.domains.push_back(planted::main_domain());
    facts.domains.back().domain = "a-rather-long-name-of-domain-" + std::to_string(i) + ".example.com";
  }
  return facts;
}

}  // namespace

TEST_CASE("the summary of the planted month is as read and approved") {
  const auto text = summary_text(planted::month(), planted::context());
  CHECK(text == golden("two-domains.txt", text));
}

TEST_CASE("the summary of one domain is as read and approved") {
  auto facts = planted::month();
  facts.domains.pop_back();
  const auto text = summary_text(facts, planted::context());
  CHECK(text == golden("one-domain.txt", text));
}

TEST_CASE("a period without reports says so") {
  SummaryFacts facts;
  facts.missing_domains = {"typo.example"};
  const auto text = summary_text(facts, planted::context());
  CHECK(text == golden("empty.txt", text));
}

TEST_CASE("text fits 80 columns and the essentials one screen of 40 lines") {
  for (const int count : {1, 2, 10, 11, 60}) {
    CAPTURE(count);
    auto facts = many_domains(count);
    for (auto& domain : facts.domains) {
      domain.failing_top[0].details.dkim_domains = {{std::string(250, 'x'), 5},
                                                    {"\xE4\xB8\xAD" + std::string(90, 'y'), 4}};
      domain.failing_top[1].address = "2001:db8:1111:2222:3333:4444:5555:6666";
      domain.reporters[0].name = std::string(300, 'r');
    }
    const auto text = summary_text(facts, planted::context());
    for (const auto& line : lines_of(text)) {
      CAPTURE(line);
      CHECK(display_width(line) <= 80);
    }
    CHECK(first_screen(text) <= 41);
  }
}

TEST_CASE("control characters of a report do not reach the terminal") {
  auto facts = planted::month();
  const std::string evil =
      "evil\x1b]0;owned\x07\x9b"
      "31m\xE2\x80\xAE\n";
  auto& domain = facts.domains[0];
  domain.domain = evil;
  domain.failing_top[0].address = evil;
  domain.failing_top[0].details = {1,           false,       {{evil, 1}}, {{evil, 1}}, {{evil, 1}},
                                   {{evil, 1}}, {{evil, 1}}, {{evil, 1}}, {{evil, 1}}, {{evil, 1}}};
  domain.reporters[0].name = evil;
  domain.defects[0].code = evil;
  facts.missing_domains = {evil};
  facts.ledger[0].code = evil;
  const auto text = summary_text(facts, planted::context());
  for (const char c : text) CHECK((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
  CHECK(text.find("\xE2\x80\xAE") == std::string::npos);
  CHECK(text.find("\x07") == std::string::npos);
}

TEST_CASE("colours are there only where asked for, and change nothing else") {
  auto context = planted::context();
  const auto plain = summary_text(planted::month(), context);
  CHECK(plain.find('\x1b') == std::string::npos);
  context.colour = Colour::always;
  std::string coloured = summary_text(planted::month(), context);
  CHECK(coloured.find("\x1b[1m") != std::string::npos);
  std::string stripped;
  for (std::size_t i = 0; i < coloured.size(); ++i) {
    if (coloured[i] == '\x1b')
      i = coloured.find('m', i);
    else
      stripped += coloured[i];
  }
  CHECK(lines_of(stripped).size() == lines_of(plain).size());
}

TEST_CASE("reports without a policy domain are named as such and lead to no advice on DNS") {
  auto facts = planted::month();
  facts.domains.back().domain.clear();
  const auto text = summary_text(facts, planted::context());
  CHECK(text.find("\n(no domain) ") != std::string::npos);
  CHECK(text.find("These reports name no policy domain") != std::string::npos);
  CHECK(text.find("d=;") == std::string::npos);
  CHECK(text.find("==  =") == std::string::npos);
}
