#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "report/overview/finding_line.hpp"
#include "report/overview/overview_text.hpp"
#include "report/overview/readiness_text.hpp"
#include "report/safe_text.hpp"

using namespace ruaudit;
using namespace ruaudit::report;
using model::FindingKind;
using model::Severity;

namespace {

constexpr std::int32_t last_day = 20'420;  // 2025-11-28
constexpr std::int64_t now = (std::int64_t{last_day} + 1) * 86'400 + 10'800;
constexpr const char* long_address = "2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff";

model::Finding finding(FindingKind kind, Severity severity, int place) {
  model::Finding one{.id = std::to_string(place), .kind = kind, .severity = severity, .domain = "example.org"};
  one.subject.sources = {long_address};
  one.messages = 1'000 + place;
  one.since = last_day - place;
  one.evidence = {"DKIM of it passed on 100.0 % of 750 messages before, and on nothing of 291 messages since then"};
  if (severity >= Severity::ask)
    one.action = "Publish the key at s1._domainkey.example.org again, as the service shows it";
  return one;
}

model::Overview overview(int fix, int ask, int watch, int info, int domains = 1) {
  model::Overview view{
      .made_at = now, .first_day = last_day - 29, .last_day = last_day, .reports = 240, .reporters = 8};
  for (int i = 0; i < domains; ++i) {
    model::DomainOverview domain{.domain = i == 0 ? "example.org" : "d" + std::to_string(i) + ".example"};
    domain.own = {.messages = 155'566, .passed = 116'798, .quarantined = 38'768, .sources = 9};
    domain.strangers = {.messages = 20'500, .sources = 240};
    domain.gate.sentence = "stay at p=quarantine until 1-4 are done";
    domain.gate.now = {.name = "_dmarc.example.org", .p = model::Policy::quarantine, .since = last_day - 13};
    view.domains.push_back(domain);
  }
  const auto add = [&view](int count, FindingKind kind, Severity severity) {
    for (int i = 0; i < count; ++i) {
      const int number = static_cast<int>(view.findings.size()) + 1;
      view.findings.push_back({number, finding(kind, severity, number), false});
    }
  };
  add(fix, FindingKind::dkim_broken, Severity::fix);
  add(ask, FindingKind::sender_unaligned, Severity::ask);
  add(watch, FindingKind::unknown_steady, Severity::watch);
  add(info, FindingKind::forwarding, Severity::info);
  return view;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace

TEST_CASE("the screen is never higher than the terminal less the prompt, nor wider, and cuts no address") {
  for (const auto& [columns, rows] : {std::pair<std::size_t, std::size_t>{80, 24}, {80, 40}, {160, 50}, {100, 30}})
    for (const int fix : {0, 1, 3, 12})
      for (const int rest : {0, 2, 9, 40})
        for (const int domains : {1, 3, 2'000}) {
          CAPTURE(columns, rows, fix, rest, domains);
          const auto text = overview_text(overview(fix, rest, rest, rest, domains), {columns, rows}, Colour::never);
          const auto lines = lines_of(text);
          CHECK(lines.size() < rows);
          for (const auto& line : lines) {
            CAPTURE(line);
            CHECK(display_width(line) <= columns);
            for (auto at = line.find("2001:"); at != std::string::npos; at = line.find("2001:", at + 1))
              CHECK(line.substr(at, std::string(long_address).size()) == long_address);
          }
        }
}

TEST_CASE("what is to be fixed is told first and longest; what has no room is counted") {
  const auto text = overview_text(overview(3, 40, 40, 40), {80, 24}, Colour::never);
  for (const char* number : {"\n 1  ", "\n 2  ", "\n 3  "}) CHECK(text.find(number) != std::string::npos);
  CHECK(text.find("more: ruaudit show") != std::string::npos);
  CHECK(text.find("FIX NOW") < text.find("ASK YOURSELF"));
}

TEST_CASE("a high terminal has the evidence, a low one the headlines") {
  const auto view = overview(2, 2, 1, 1);
  CHECK(overview_text(view, {160, 50}, Colour::never).find("750 messages before") != std::string::npos);
  CHECK(overview_text(view, {80, 18}, Colour::never).find("750 messages before") == std::string::npos);
  CHECK(overview_text(view, {80, 18}, Colour::never).find("FIX NOW") != std::string::npos);
}

TEST_CASE("own mail that went to spam stands in the second line, strangers apart from it") {
  const auto lines = lines_of(overview_text(overview(0, 0, 0, 0), {80, 24}, Colour::never));
  REQUIRE(lines.size() > 2);
  CHECK(lines[0] == "example.org   30 days to 28 Nov   240 reports of 8 reporters");
  CHECK(lines[1] == "p=quarantine since 15 Nov");
  CHECK(lines[2] == "YOUR MAIL 116,798 of 155,566 pass   WENT TO SPAM 38,768   STRANGERS 20,500");
}

TEST_CASE("of many domains those of which nothing is known are named, too") {
  auto view = overview(0, 0, 0, 0, 6);
  const auto policy_of = [&view] {
    const auto text = overview_text(view, {160, 50}, Colour::never);
    const auto at = text.find("POLICY  ");
    return text.substr(at, text.find('\n', at) - at);
  };
  for (auto& domain : view.domains) domain.gate.state = model::GateState::at_end;
  CHECK(policy_of() == "POLICY  nothing to change");
  view.domains[1].gate.state = model::GateState::no_policy;
  view.domains[3].gate.state = model::GateState::no_reports;
  CHECK(policy_of() == "POLICY  2 domains about which nothing is known (d1.example, d3.example)");
  view.domains[2].gate.state = model::GateState::may_step;
  view.domains[4].gate.state = model::GateState::blocked;
  view.domains[3].gate.state = model::GateState::at_end;
  CHECK(policy_of() ==
        "POLICY  1 domain may become stricter (d2.example); 1 domain not yet; 1 domain about which nothing is known "
        "(d1.example)");
}

TEST_CASE("a Unicode domain stands beside its A-label") {
  auto view = overview(0, 0, 0, 0);
  view.domains[0].domain = "xn--bcher-kva.example";
  view.domains[0].unicode =
      "b\xc3\xbc"
      "cher.example";
  const auto text = overview_text(view, {80, 24}, Colour::never);
  CHECK(text.find("b\xc3\xbc"
                  "cher.example (xn--bcher-kva.example)") == 0);
}

TEST_CASE("names from reports are harmless") {
  auto view = overview(1, 0, 0, 0);
  view.findings[0].finding.subject.service = "evil\x1b[2J";
  view.to_come = model::ReportsToCome{.day = last_day, .reporters = {"a\x1b[0m"}, .usual_hours = 5};
  CHECK(overview_text(view, {80, 24}, Colour::never).find('\x1b') == std::string::npos);
}

TEST_CASE("the text says which reports are still to come") {
  auto view = overview(0, 0, 0, 0);
  view.to_come = model::ReportsToCome{.day = last_day, .reporters = {"Yahoo", "WEB.DE"}, .usual_hours = 31};
  CHECK(overview_text(view, {80, 24}, Colour::never)
            .find("TO COME reports of Yahoo, WEB.DE for 28 Nov (nine of ten come within 31 h)") != std::string::npos);
}

TEST_CASE("every kind of finding has words of its own") {
  for (const auto& [kind, name] : model::enum_table<FindingKind>) {
    CAPTURE(name);
    CHECK(finding_line(finding(kind, Severity::watch, 1), now).find(name) == std::string::npos);
    CHECK(kind_in_words(kind) != name);
  }
}

TEST_CASE("a line on TLS names the domain, the sender that has it alone, or says that nobody reports") {
  const auto line = [](FindingKind kind, const std::string& reporter) {
    model::Finding one{.id = "x", .kind = kind, .domain = "example.org"};
    one.subject.mechanism = "tls";
    one.subject.reporter = reporter;
    one.since = last_day;
    const auto text = finding_line(one, now);
    return text.substr(0, text.find(" since"));
  };
  CHECK(line(FindingKind::tls_failing, "") == "TLS of mail to example.org fails");
  CHECK(line(FindingKind::tls_failing, "Gamma") == "TLS of mail from Gamma fails");
  CHECK(line(FindingKind::tls_reporter_silent, "Gamma") == "Gamma has sent no TLS reports");
  CHECK(line(FindingKind::tls_reporter_silent, "") == "No TLS reports on example.org have come in");
  model::Finding expired{
      .id = "tls_failing/example.org/certificate-expired", .kind = FindingKind::tls_failing, .domain = "example.org"};
  expired.subject.mechanism = "tls";
  expired.since = last_day;
  CHECK(finding_line(expired, now).ends_with(": certificate-expired"));
  expired.id += "/google.com/of/old";
  expired.subject.reporter = "Google Inc.";
  CHECK(finding_line(expired, now).starts_with("TLS of mail from Google Inc. fails since "));
  CHECK(finding_line(expired, now).ends_with(": certificate-expired"));
}

TEST_CASE("a line says that nobody reports on TLS where nobody does, and names no domain for a sum of domains") {
  const auto line = [](FindingKind kind, const std::string& id) {
    model::Finding one{.id = id, .kind = kind, .domain = "example.org"};
    one.subject.mechanism = "tls";
    one.since = last_day;
    const auto text = finding_line(one, now);
    return text.substr(0, text.find(" since"));
  };
  CHECK(line(FindingKind::tls_reporter_silent, "tls_reporter_silent/example.org") ==
        "No TLS reports on example.org have come in");
  CHECK(line(FindingKind::tls_reporter_silent, "tls_reporter_silent/example.org/several") ==
        "Some senders of TLS reports on example.org are silent");
  CHECK(line(FindingKind::tls_reporter_silent, "tls_reporter_silent") ==
        "Some senders of TLS reports on further domains are silent");
  CHECK(line(FindingKind::tls_failing, "tls_failing") == "TLS of mail to further domains fails");
}

TEST_CASE("a line that names ten addresses says that there may be more") {
  model::Finding one{.id = "x", .kind = FindingKind::new_sender, .domain = "example.org"};
  for (int i = 1; i <= 10; ++i) one.subject.sources.push_back("192.0.2." + std::to_string(i));
  CHECK(finding_subject(one) == "192.0.2.1 and at least 9 more");
  one.subject.sources.pop_back();
  CHECK(finding_subject(one) == "192.0.2.1 and 8 more");
}

TEST_CASE("words are cut between words only, and one word stays whole") {
  CHECK(cut_between_words("a sentence of some words", 14) == "a sentence ...");
  CHECK(cut_between_words("2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff", 10) ==
        "2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff ...");
  CHECK(cut_between_words("short", 10) == "short");
}

TEST_CASE("readiness tells a record on a line of its own, whatever its length") {
  auto view = overview(0, 0, 0, 0);
  const std::string record =
      "v=DMARC1; p=reject; t=y; rua=mailto:a-very-long-address-of-reports@reports.example.org,mailto:b@example.net";
  view.domains[0].gate.state = model::GateState::may_step;
  view.domains[0].gate.steps = {{last_day + 1, record, "a step"}};
  const auto lines = lines_of(readiness_text(view, 80, Colour::never));
  CHECK(std::find(lines.begin(), lines.end(), "    " + record) != lines.end());
}

TEST_CASE("the JSON of readiness has the same sentence, and a summary's JSON keeps its members") {
  const auto view = overview(1, 0, 0, 0);
  const auto json = nlohmann::json::parse(readiness_json(view));
  CHECK(json["version"] == 1);
  CHECK(json["domains"][0]["gate"]["sentence"] == model::english(view.domains[0].gate.sentence));
  const auto summary = nlohmann::json::parse(with_overview(R"({"version":1,"domains":[]})", view));
  CHECK(summary["version"] == 1);
  CHECK(summary["domains"].empty());
  CHECK(summary["overview"]["findings"][0]["number"] == 1);
}
