#include "model/facts/stream_days.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <vector>

using namespace ruaudit::model;

namespace {

bool is_same(const StreamDay& a, const StreamDay& b) {
  return a.domain == b.domain && a.source == b.source && a.pattern == b.pattern && a.day == b.day &&
         a.trust == b.trust && a.messages == b.messages && a.reporters == b.reporters;
}

StreamDays of(const std::vector<StreamDay>& days) {
  StreamDays out;
  for (const auto& day : days) out.push_back(day);
  return out;
}

}  // namespace

TEST_CASE("days of streams are given back as they were added, whatever their numbers") {
  const std::int64_t edge = std::int64_t{1} << 31;
  std::vector<StreamDay> days;
  for (const std::int32_t day : {-800'000, -1, 0, 1, 20'000, 3'000'000})
    for (const auto trust :
         {ReportTrust::unchecked, ReportTrust::authenticated, ReportTrust::unauthenticated, ReportTrust::indeterminate})
      for (const std::int64_t messages :
           {std::int64_t{1}, edge - 1, edge, edge + 1, 2 * edge, 4 * edge, std::numeric_limits<std::int64_t>::max()})
        days.push_back({1, 2, 3, day, trust, messages, (std::uint64_t{1} << 61) + 5});
  const auto all = of(days);
  REQUIRE(all.size() == days.size());
  REQUIRE(all.streams().size() == 1);
  std::size_t at = 0;
  for (const auto& day : all) CHECK(is_same(day, days[at++]));
  CHECK(at == days.size());
}

TEST_CASE("days of streams: more than a block of them, stream by stream and whole") {
  std::vector<StreamDay> days;
  for (std::uint32_t stream = 0; stream < 700; ++stream)
    for (std::int32_t day = 0; day < 300; ++day)
      days.push_back({stream / 100, stream % 100, stream % 7, day, ReportTrust::unchecked, day + 1, stream});
  auto all = of(days);
  all.shrink();
  REQUIRE(all.size() == days.size());
  REQUIRE(all.streams().size() == 700);
  std::size_t at = 0, wrong = 0;
  for (const auto& day : all) wrong += std::size_t{is_same(day, days[at++]) ? 0U : 1U};
  CHECK(at == days.size());
  at = 0;
  for (const auto& stream : all.streams()) {
    CHECK(all.days(stream).front().day == 0);
    CHECK(all.days(stream).back().day == 299);
    for (const auto& day : all.days(stream)) wrong += std::size_t{is_same(day, days[at++]) ? 0U : 1U};
  }
  CHECK(at == days.size());
  CHECK(wrong == 0);
}

TEST_CASE("days of streams: those of one domain are found") {
  const auto all = of({{0, 1, 1, 5, ReportTrust::unchecked, 1, 1},
                       {0, 2, 1, 5, ReportTrust::unchecked, 1, 1},
                       {2, 1, 1, 5, ReportTrust::unchecked, 1, 1}});
  CHECK(all.streams_of(0).size() == 2);
  CHECK(all.streams_of(1).empty());
  REQUIRE(all.streams_of(2).size() == 1);
  CHECK(all.streams_of(2).front().source == 1);
  CHECK(StreamDays().begin() == StreamDays().end());
  CHECK(StreamDays().streams_of(0).empty());
}
