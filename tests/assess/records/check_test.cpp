#include "assess/records/check.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "assess/records/hosts.hpp"
#include "assess/records/vocabulary.hpp"
#include "zone_fixture.hpp"

namespace ruaudit::test {

TEST_CASE("a name server that does not answer at all is an error, not a finding") {
  class Silent final : public verify::dns::Resolver {
   public:
    std::vector<verify::dns::Answer> query_all(std::span<const verify::dns::Question> questions) override {
      std::vector<verify::dns::Answer> answers(questions.size());
      for (std::size_t i = 0; i < questions.size(); ++i) {
        answers[i].question = questions[i];
        answers[i].status = verify::dns::Status::timeout;
      }
      return answers;
    }
  } silent;
  const auto report = jobs::check_domain({.domain = *model::Domain::parse("example.org")}, silent);
  REQUIRE_FALSE(report.has_value());
  CHECK(report.error().code == "dns-silent");
}

TEST_CASE("what is not asked within the deadline counts as unknown, never as absent") {
  Domain domain;
  auto zone = verify::dns::Zone::parse(
      R"({"example.org": [{"TXT": "v=spf1 include:a.example -all"}, {"MX": [10, "m.example.org"]}]})");
  verify::dns::ZoneResolver resolver(std::move(*zone), [] { return std::int64_t{0}; });
  auto now = std::chrono::steady_clock::time_point{};
  const auto clock = [&now] { return now += std::chrono::seconds(15); };
  const auto report =
      jobs::check_domain({.domain = *model::Domain::parse("example.org"), .selectors = {"s1"}}, resolver, {}, clock);
  REQUIRE(report.has_value());
  CHECK(find(*report, "dns-error") != nullptr);
  CHECK(find(*report, "spf-target-none") == nullptr);
  CHECK(find(*report, "mx-no-address") == nullptr);
}

TEST_CASE("a position counts characters, not octets") {
  Domain domain;
  domain.spf =
      "v=spf1 mx \xE2\x80\x9C"
      "a"
      "\xE2\x80\x9D ip4:300.1.1.1 -all";
  const auto report = check(domain);
  const auto* const finding = find(report, "spf-bad-address");
  REQUIRE(finding != nullptr);
  CHECK(finding->place.pos == 15);
  CHECK(finding->place.text == "ip4:300.1.1.1");
}

TEST_CASE("the grade is 100 less what each finding costs") {
  Domain domain;
  domain.spf = "v=spf1 mx ?all";
  const auto report = check(domain);
  CHECK(report.grade.points == 95);
  CHECK(report.grade.letter == 'A');
  REQUIRE(report.grade.deductions.size() == 1);
  CHECK(report.grade.deductions[0].code == "spf-neutral-all");
}

TEST_CASE("a provider's reverse name holds the address in some way of writing it") {
  using assess::records::is_generic_name;
  const auto four = *model::IpAddress::parse("192.0.2.25");
  for (const char* name : {"192-0-2-25.dyn.provider.example", "25.2.0.192.provider.example", "host192x0x2x25.example",
                           "c0000219.provider.example", "192000002025.provider.example"}) {
    CAPTURE(name);
    CHECK(is_generic_name(name, four));
  }
  for (const char* name : {"mail.example.org", "mail25.example.org", "mx2-25.example.org"}) {
    CAPTURE(name);
    CHECK_FALSE(is_generic_name(name, four));
  }
}

TEST_CASE("every code is in the vocabulary once") {
  std::set<std::string_view> codes;
  for (const auto& entry : assess::records::vocabulary()) {
    CAPTURE(entry.code);
    CHECK(codes.insert(entry.code).second);
    CHECK_FALSE(entry.section.empty());
  }
}

}  // namespace ruaudit::test
