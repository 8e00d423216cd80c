#include "assess/simulate/sum.hpp"

#include <catch2/catch.hpp>

namespace ruaudit::assess::simulate {
namespace {

model::Replay two_sources() {
  model::Replay replay{
      .domains = {"a.example"},
      .sources = {"192.0.2.1", "192.0.2.2"},
      .patterns = std::vector<model::AuthPattern>(1),
      .policies = {{}},
      .days = {"2026-01-01", "2026-01-02", "2026-01-05"},
      .reporters = {"one", "two"},
      .groups = {{.source = 0, .messages = 5, .records = 2}, {.source = 1, .messages = 7, .records = 1}},
      .bits = {}};
  replay.bits = {0b101, 0b01, 0b010, 0b11};
  return replay;
}

simulation::Decision newly_fails() {
  return {.before = {.verdict = simulation::Verdict::pass, .is_spf_aligned = true},
          .after = {.verdict = simulation::Verdict::fail, .disposition = model::Disposition::reject},
          .effect = simulation::Effect::newly_fails,
          .doubts = simulation::bit(simulation::Doubt::dns_time),
          .why = "SPF"};
}

}  // namespace

TEST_CASE("a line counts the days and names the reporters of its groups") {
  const auto replay = two_sources();
  const Sum::Senders senders = {{0, {simulation::Sender::own_server, ""}}};
  Sum sum(replay, senders);
  sum.add(0, newly_fails());
  sum.add(1, {.before = {.verdict = simulation::Verdict::fail}, .after = {.verdict = simulation::Verdict::fail}});
  simulation::Simulation out;
  sum.write(out);
  REQUIRE(out.lines.size() == 1);
  const auto& line = out.lines[0];
  CHECK(line.address == "192.0.2.1");
  CHECK(line.days == 2);
  CHECK(line.first_day == "2026-01-01");
  CHECK(line.last_day == "2026-01-05");
  CHECK(line.reporters == std::vector<std::string>{"one"});
  CHECK(line.rejected == 5);
}

TEST_CASE("sums keep every message, the owner's senders stand first") {
  const auto replay = two_sources();
  const Sum::Senders senders = {{1, {simulation::Sender::own_server, ""}}};
  Sum sum(replay, senders);
  sum.add(0, newly_fails());
  sum.add(1, newly_fails());
  simulation::Simulation out;
  sum.write(out);
  CHECK(out.messages == 12);
  CHECK(out.records == 3);
  REQUIRE(out.parts.size() == 2);
  CHECK(out.parts[0].sender == simulation::Sender::own_server);
  CHECK(out.parts[0].before.passed == 7);
  CHECK(out.parts[0].after.failed == 7);
  CHECK(out.lines[0].address == "192.0.2.2");
  REQUIRE(out.assumptions.size() == 1);
  CHECK(out.assumptions[0].messages == 12);
  CHECK(out.assumptions[0].deciding == 12);
}

}  // namespace ruaudit::assess::simulate
