#include "cluster/care/seal_plan.hpp"

#include <catch2/catch.hpp>

#include "cluster/care/seal_runs.hpp"

using namespace ruaudit::cluster;

namespace {

Header header(std::uint64_t batch, std::uint64_t ingester, std::uint8_t content, HeaderKind kind = HeaderKind::rows) {
  Header one{.batch = batch, .ingester = ingester, .version = 1, .serial = 1, .kind = kind};
  one.content_hash.fill(content);
  one.records = 10;
  one.first_seen = 100;
  return one;
}

struct Kept {
  std::uint64_t batch = 0;
  HeaderKind kind = HeaderKind::rows;
  bool operator==(const Kept&) const = default;
};
std::vector<Kept> kept(const std::vector<SealedHeader>& headers) {
  std::vector<Kept> found;
  for (const auto& one : headers_to_keep(headers)) found.push_back({one.batch, one.kind});
  return found;
}

}  // namespace

TEST_CASE("a sealed month keeps the rows of a report that was shipped once") {
  CHECK(kept({{header(5, 1, 1)}}) == std::vector<Kept>{{5, HeaderKind::rows}});
}

TEST_CASE("of rows with equal content those seen first stay, and the other ingester is known to have them") {
  auto earlier = header(6, 2, 1);
  earlier.first_seen = 50;
  CHECK(kept({{header(5, 1, 1)}, {earlier}}) == std::vector<Kept>{{6, HeaderKind::rows}, {5, HeaderKind::mention}});
}

TEST_CASE("of rows with equal content the authenticated ones stay, however late they came") {
  auto better = header(6, 2, 1);
  better.is_authenticated = true;
  better.first_seen = 900;
  CHECK(kept({{header(5, 1, 1)}, {better}}) == std::vector<Kept>{{6, HeaderKind::rows}, {5, HeaderKind::mention}});
}

TEST_CASE("every content keeps its rows, and so does a truncated copy of equal content") {
  CHECK(kept({{header(5, 1, 1)}, {header(6, 2, 2)}}) ==
        std::vector<Kept>{{5, HeaderKind::rows}, {6, HeaderKind::rows}});
  auto cut = header(6, 2, 1);
  cut.is_damaged = true;
  CHECK(kept({{header(5, 1, 1)}, {cut}}) == std::vector<Kept>{{5, HeaderKind::rows}, {6, HeaderKind::rows}});
}

TEST_CASE("a header that the same ingester has replaced goes, with its rows where the later ones say the same") {
  auto later = header(6, 1, 1);
  later.serial = 2;
  CHECK(kept({{header(5, 1, 1)}, {later}}) == std::vector<Kept>{{6, HeaderKind::rows}});
}

TEST_CASE("rows that their ingester has no more stay as long as another claims their content, and when nobody does") {
  auto gone = header(6, 1, 0, HeaderKind::gone);
  gone.serial = 2;
  const auto mention = header(7, 2, 1, HeaderKind::mention);
  CHECK(kept({{header(5, 1, 1)}, {gone}, {mention}}) ==
        std::vector<Kept>{{5, HeaderKind::rows}, {7, HeaderKind::mention}, {6, HeaderKind::gone}});
  CHECK(kept({{header(5, 1, 1)}, {gone, false}}) == std::vector<Kept>{{5, HeaderKind::rows}});
}

TEST_CASE("where another month has rows of the report, every row of this one stays") {
  CHECK(kept({{header(5, 1, 1)}, {header(6, 2, 1)}, {header(7, 3, 1), false}}) ==
        std::vector<Kept>{{5, HeaderKind::rows}, {6, HeaderKind::rows}});
  CHECK(kept({{header(5, 1, 1)}, {header(7, 3, 1, HeaderKind::mention), false}}) ==
        std::vector<Kept>{{5, HeaderKind::rows}});
}

TEST_CASE("what is kept is kept again, unchanged") {
  const auto first =
      headers_to_keep(std::vector<SealedHeader>{{header(5, 1, 1)}, {header(6, 2, 1)}, {header(7, 3, 2)}});
  std::vector<SealedHeader> again;
  for (const auto& one : first) again.push_back({one});
  const auto second = headers_to_keep(again);
  REQUIRE(second.size() == first.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    CAPTURE(i);
    CHECK(second[i].batch == first[i].batch);
    CHECK(second[i].kind == first[i].kind);
  }
}

TEST_CASE("of two sealings at once at most one gives way, and only to one that has everything it has") {
  for (const bool first : {false, true})
    for (const bool second : {false, true}) {
      const SealCoverage one{5, first}, other{6, second};
      CAPTURE(first, second);
      CHECK_FALSE((gives_way(one, other) && gives_way(other, one)));
      CHECK((gives_way(one, other) || gives_way(other, one)) == (first || second));
      if (gives_way(one, other)) CHECK(first);
      if (gives_way(other, one)) CHECK(second);
    }
  CHECK(gives_way({6, true}, {5, true}));
}

TEST_CASE("the batches of one sealing are known by their numbers") {
  SealNumbers one, other;
  const auto number = one.next();
  CHECK(number != one.next());
  CHECK(seal_run_of(number) == seal_run_of(one.next()));
  CHECK(seal_run_of(number) != seal_run_of(other.next()));
}
