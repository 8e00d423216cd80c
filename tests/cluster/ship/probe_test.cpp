#include "cluster/ship/probe.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit::cluster;

namespace {

Header header(std::uint64_t ingester, std::uint8_t content, std::int64_t first_seen = 100) {
  Header one{.batch = 1, .ingester = ingester, .version = 1, .serial = 1};
  one.content_hash.fill(content);
  one.records = 10;
  one.first_seen = first_seen;
  return one;
}
SeenHeader committed(Header one) { return {one, true}; }
SeenHeader tried(Header one) { return {one, false}; }

}  // namespace

TEST_CASE("a report that nobody has is sent with its rows") {
  CHECK(choose_sending(header(1, 1), false, {}) == Sending::rows);
  const std::vector seen = {tried(header(2, 1)), committed(header(2, 2))};
  CHECK(choose_sending(header(1, 1), false, seen) == Sending::rows);
}

TEST_CASE("of a report that another has shipped equally it is told that one has it, too, and once") {
  const std::vector seen = {committed(header(2, 1))};
  CHECK(choose_sending(header(1, 1), false, seen) == Sending::header);
  auto mention = header(1, 1);
  mention.kind = HeaderKind::mention;
  CHECK(choose_sending(header(1, 1), false, std::vector{seen[0], committed(mention)}) == Sending::nothing);
  CHECK(choose_sending(header(1, 1), false, std::vector{seen[0], tried(mention)}) == Sending::header);
}

TEST_CASE("a mention is enough as long as some rows say what it says, also rows that their ingester has no more") {
  auto mention = header(1, 1);
  mention.kind = HeaderKind::mention;
  auto gone = header(2, 1);
  gone.kind = HeaderKind::gone;
  gone.serial = 2;
  CHECK(choose_sending(header(1, 1), true, std::vector{committed(header(2, 1)), committed(gone), committed(mention)}) ==
        Sending::nothing);
  CHECK(choose_sending(header(1, 1), true, std::vector{tried(header(2, 1)), committed(mention)}) == Sending::rows);
}

TEST_CASE("a mention without the other's rows is followed by rows") {
  auto mention = header(1, 1);
  mention.kind = HeaderKind::mention;
  auto gone = header(2, 1);
  gone.kind = HeaderKind::gone;
  gone.serial = 2;
  CHECK(choose_sending(header(1, 1), false,
                       std::vector{committed(header(2, 1)), committed(gone), committed(mention)}) == Sending::rows);
}

TEST_CASE("an authenticated copy is sent beside one that is not, and a whole one beside a cut one with equal records") {
  const std::vector seen = {committed(header(2, 1))};
  auto better = header(1, 1);
  better.is_authenticated = true;
  CHECK(choose_sending(better, false, seen) == Sending::rows);
  auto cut = header(2, 1);
  cut.is_damaged = true;
  CHECK(choose_sending(header(1, 1), false, std::vector{committed(cut)}) == Sending::rows);
}

TEST_CASE("what changed of an own report is sent again, what is only sent for safety is not") {
  const std::vector seen = {committed(header(1, 1))};
  CHECK(choose_sending(header(1, 1), false, seen) == Sending::rows);
  CHECK(choose_sending(header(1, 1), true, seen) == Sending::nothing);
  CHECK(choose_sending(header(1, 2), true, seen) == Sending::rows);
}

TEST_CASE("a former header of one's own must not hold where an equal copy of another is enough") {
  const std::vector seen = {committed(header(2, 1, 50)), committed(header(1, 2))};
  CHECK(choose_sending(header(1, 1, 100), false, seen) == Sending::header);
  // Its commit may still arrive.
  CHECK(choose_sending(header(1, 1, 100), false, std::vector{committed(header(2, 1, 50)), tried(header(1, 2))}) ==
        Sending::header);
}

TEST_CASE("that a report is gone is told once, and only where it was told to be there") {
  auto gone = header(1, 0);
  gone.kind = HeaderKind::gone;
  CHECK(choose_sending(gone, false, {}) == Sending::nothing);
  CHECK(choose_sending(gone, false, std::vector{committed(header(2, 1))}) == Sending::nothing);
  CHECK(choose_sending(gone, false, std::vector{tried(header(1, 1))}) == Sending::header);
  auto told = gone;
  told.serial = 2;
  CHECK(choose_sending(gone, false, std::vector{committed(header(1, 1)), committed(told)}) == Sending::nothing);
}

TEST_CASE("a copy that is gone elsewhere is no copy") {
  auto gone = header(2, 1);
  gone.kind = HeaderKind::gone;
  gone.serial = 2;
  const std::vector seen = {committed(header(2, 1)), committed(gone)};
  CHECK(choose_sending(header(1, 1), false, seen) == Sending::rows);
}

TEST_CASE("the serial is one more than any that was tried") {
  auto former = header(1, 1);
  former.serial = 7;
  auto others = header(2, 1);
  others.serial = 99;
  CHECK(next_serial(header(1, 1), {}) == 1);
  CHECK(next_serial(header(1, 1), std::vector{tried(former), committed(others)}) == 8);
}

TEST_CASE("a report is contested where two headers have rows, committed or not, or one says that it is gone") {
  CHECK_FALSE(is_contested(std::vector{committed(header(1, 1))}));
  CHECK(is_contested(std::vector{committed(header(1, 1)), tried(header(2, 1))}));
  auto mention = header(2, 1);
  mention.kind = HeaderKind::mention;
  CHECK_FALSE(is_contested(std::vector{committed(header(1, 1)), committed(mention)}));
  auto gone = header(1, 1);
  gone.kind = HeaderKind::gone;
  CHECK(is_contested(std::vector{committed(gone)}));
}
