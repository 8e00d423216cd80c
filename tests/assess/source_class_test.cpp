// The decisions of the tables, and what holds for all of them.
#include <catch2/catch.hpp>
#include <fstream>
#include <set>

#include "assess/rules.hpp"
#include "class_tables.hpp"
#include "tests/paths.hpp"

namespace ruaudit::assess::test {
namespace {

void check(const std::vector<Decided>& table) {
  for (const auto& c : table) {
    CAPTURE(c.what);
    FactsBuilder builder;
    c.build(builder);
    CAPTURE(builder.rule_of(c.address));
    CHECK(builder.of(c.address) == c.want);
  }
}

}  // namespace

constexpr auto every_table = {own_table, service_table, passed_on_table, trap_table, shared_trap_table};

TEST_CASE("class: the owner's servers") { check(own_table()); }
TEST_CASE("class: services") { check(service_table()); }
TEST_CASE("class: forwarders and lists") { check(passed_on_table()); }
TEST_CASE("class: traps") {
  check(trap_table());
  check(shared_trap_table());
}

TEST_CASE("class: at least 120 distinct decisions, 25 of them traps") {
  std::set<std::string> names;
  std::size_t rows = 0;
  for (const auto table : every_table)
    for (const auto& c : table()) {
      ++rows;
      names.insert(c.what);
    }
  CHECK(names.size() == rows);
  CHECK(rows >= 120);
  CHECK(trap_table().size() + shared_trap_table().size() >= 25);
}

TEST_CASE("class: every rule of docs/conclusions.md is one of the program's, and decides a row") {
  std::set<std::string> documented, known, decided;
  std::ifstream document(ruaudit::test::source_path("docs/conclusions.md"));
  for (std::string line; std::getline(document, line) && !line.starts_with("## Thresholds");)
    if (line.starts_with("| `") && line.find("` | ") != std::string::npos)
      if (const auto name = line.substr(3, line.find('`', 3) - 3); name.find('_') == std::string::npos)
        documented.insert(name);
  for (const auto& rule : rules()) known.insert(std::string(rule.name));
  for (const auto* name : {"unknown-steady", "wave", "stranger"}) known.insert(name);
  for (const auto table : every_table)
    for (const auto& c : table()) {
      FactsBuilder builder;
      c.build(builder);
      for (const auto& s : builder.classes()) decided.insert(std::string(s.rule));
    }
  CHECK(documented == known);
  CHECK(decided == known);
}

TEST_CASE("class: the owner's word wins, the nearest subject first") {
  using model::LabelKind, model::LabelWord;
  const struct {
    LabelKind kind;
    const char* subject;
    LabelWord word;
    const char* want;
  } cases[] = {{LabelKind::address, "203.0.113.25", LabelWord::mine, "own_failing"},
               {LabelKind::address, "203.0.113.25", LabelWord::unwanted, "stranger"},
               {LabelKind::address, "203.0.113.25", LabelWord::forwarder, "forwarder"},
               {LabelKind::address, "203.0.113.25", LabelWord::service, "service_not_aligned"},
               {LabelKind::network, "203.0.113.0/24", LabelWord::mine, "own_failing"},
               {LabelKind::network, "203.0.114.0/24", LabelWord::mine, "unknown_steady"},
               {LabelKind::domain, "hoster.example", LabelWord::mine, "own_failing"},
               {LabelKind::domain, "other.example", LabelWord::mine, "unknown_steady"},
               {LabelKind::selector, "s9", LabelWord::mine, "own_failing"}};
  for (const auto& c : cases) {
    CAPTURE(c.subject, model::to_text(c.word));
    FactsBuilder builder;
    builder.name("203.0.113.25", "v9.hoster.example")
        .row(
            {.address = "203.0.113.25", .dkim = "example.org/s9 permerror", .spf = "example.org fail", .messages = 900})
        .label(c.kind, c.subject, c.word);
    CHECK(builder.of("203.0.113.25") == c.want);
  }
}

TEST_CASE("class: a service labelled mine stays a service; unwanted it is a stranger") {
  FactsBuilder mine, unwanted;
  for (auto* b : {&mine, &unwanted})
    b->name("198.51.100.3", "mail7.sea31.mcsv.net")
        .row({.address = "198.51.100.3", .spf = "mail7.sea31.mcsv.net pass"});
  CHECK(mine.label(model::LabelKind::service, "Mailchimp", model::LabelWord::mine).of("198.51.100.3") ==
        "service_not_aligned Mailchimp");
  CHECK(unwanted.label(model::LabelKind::service, "Mailchimp", model::LabelWord::unwanted).of("198.51.100.3") ==
        "stranger");
}

TEST_CASE("class: the decision is the same for ten messages and for ten million, and for one reporter and thirty") {
  for (const auto table : {own_table, service_table, passed_on_table})
    for (const auto& c : table())
      for (const std::int64_t factor : {1, 100'000}) {
        CAPTURE(c.what, factor);
        FactsBuilder builder;
        c.build(builder);
        auto facts = builder.facts();
        model::StreamDays days;
        for (auto day : facts.days) {
          day.messages *= factor;
          day.reporters = factor == 1 ? 1 : (std::uint64_t{1} << 30) - 1;
          days.push_back(day);
        }
        facts.days = days;
        const auto classes = classify(facts, ServiceTable::built_in(), {.domains = facts.domains});
        const auto got = FactsBuilder::text_of(facts, classes, c.address);
        CHECK(got == c.want);
      }
}

TEST_CASE("class: every decision says why") {
  for (const auto table : every_table)
    for (const auto& c : table()) {
      FactsBuilder builder;
      c.build(builder);
      for (const auto& s : builder.classes()) {
        CAPTURE(c.what, s.pattern);
        REQUIRE_FALSE(s.evidence.empty());
        CHECK(s.evidence.front().size() > 8);
        CHECK_FALSE(s.rule.empty());
      }
    }
}

}  // namespace ruaudit::assess::test
