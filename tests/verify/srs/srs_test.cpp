#include "verify/srs/srs.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit::verify::srs;

namespace {

constexpr std::int64_t now = 1'577'836'860;       // 2020-01-01T00:01:00Z
constexpr std::int64_t new_year = 1'577'836'800;  // its midnight
constexpr std::int64_t day = 86'400;

}  // namespace

TEST_CASE("an SRS0 address holds the original sender and the day") {
  const auto got = recognise("SRS0=vmyz=2W=otherdomain.com=test@example.com", now);
  CHECK(got.scheme == Scheme::srs0);
  CHECK(got.address == "test@otherdomain.com");
  CHECK(got.domain == "otherdomain.com");
  CHECK(got.forwarder == "example.com");
  CHECK(got.hash == "vmyz");
  CHECK(got.timestamp == "2W");
  CHECK(got.day_start == new_year);
  CHECK(got.text ==
        "example.com forwarded this mail and rewrote the sender test@otherdomain.com (SRS0): SPF was checked for "
        "the forwarder, not for otherdomain.com");
}

TEST_CASE("the first separator may be =, + or -, and relays may change the case") {
  for (const char* from :
       {"SRS0=h=2w=b.example=u@f.example", "SRS0+h=2w=b.example=u@f.example", "SRS0-h=2w=b.example=u@f.example",
        "srs0=h=2w=B.EXAMPLE=u@F.example", "<SRS0=h=2W=b.example=u@f.example>"}) {
    CAPTURE(from);
    const auto got = recognise(from, now);
    CHECK(got.scheme == Scheme::srs0);
    CHECK(got.address == "u@b.example");
    CHECK(got.forwarder == "f.example");
    CHECK(got.day_start == new_year);
  }
  CHECK(recognise("SRS0_h=2w=b.example=u@f.example", now).scheme != Scheme::srs0);
  CHECK(recognise("SRS0@f.example", now).scheme == Scheme::none);
}

TEST_CASE("the local part inside may hold separators itself") {
  CHECK(recognise("SRS0=h=2W=b.example=a=b+c-d@f.example", now).address == "a=b+c-d@b.example");
}

TEST_CASE("SRS1 names both forwarders and the address one step back") {
  const auto got = recognise("SRS1=re2xz=example.com==gfkgj=fp=subdomain.example.edu=foo@example.edu", now);
  CHECK(got.scheme == Scheme::srs1);
  CHECK(got.address == "foo@subdomain.example.edu");
  CHECK(got.first_forwarder == "example.com");
  CHECK(got.forwarder == "example.edu");
  CHECK(got.previous == "SRS0=gfkgj=fp=subdomain.example.edu=foo@example.com");
  for (const char separator : {'+', '-'}) {
    const auto other = recognise(std::string("SRS1=h=f.example=") + separator + "x=2W=b.example=u@g.example", now);
    CHECK(other.address == "u@b.example");
    CHECK(other.previous == std::string("SRS0") + separator + "x=2W=b.example=u@f.example");
  }
}

TEST_CASE("what only looks like SRS keeps its kind and has no address") {
  for (const char* from :
       {"SRS0=thisisreallyanopaquestring@example.edu", "SRS0=a=b=c@example.edu", "SRS0=a=b=nodomain=u@example.edu",
        "SRS0=a=b=c.example=@example.edu", "SRS0====@example.edu"}) {
    CAPTURE(from);
    const auto got = recognise(from, now);
    CHECK(got.scheme == Scheme::srs0);
    CHECK(got.address.empty());
    CHECK(got.text == "the sender looks like an SRS0 address of example.edu, but the original address cannot be read");
  }
  for (const char* from : {"SRS1=opaque@example.edu", "SRS1=h=f.example=x=2W=b.example=u@example.edu",
                           "SRS1=h=f.example==x@example.edu"}) {
    CAPTURE(from);
    CHECK(recognise(from, now).scheme == Scheme::srs1);
    CHECK(recognise(from, now).address.empty());
  }
}

TEST_CASE("days count modulo 1024 back from the time given, with one day of grace") {
  const auto at = [](const char* stamp, std::int64_t time) {
    return recognise(std::string("SRS0=h=") + stamp + "=b.example=u@f.example", time).day_start;
  };
  CHECK(at("2W", now + 10 * day) == new_year);
  CHECK(at("2W", now - day) == new_year);                   // tomorrow by this clock
  CHECK(at("2W", now - 2 * day) == new_year - 1024 * day);  // the day after tomorrow is the past
  CHECK(at("2W", now + 1022 * day) == new_year);
  CHECK(at("2W", now + 1023 * day) == new_year + 1024 * day);
  CHECK(at("!!", now) == std::nullopt);
  CHECK(at("2", now) == std::nullopt);
  CHECK(at("18", now) == std::nullopt);  // 1 and 8 are not in the alphabet
}

TEST_CASE("BATV is taken off, whichever side the tag is on") {
  const auto got = recognise("prvs=4262abcdef=user@example.com", now);
  CHECK(got.scheme == Scheme::batv);
  CHECK(got.address == "user@example.com");
  CHECK(got.timestamp == "262");
  CHECK(got.hash == "abcdef");
  CHECK(got.day_start == new_year);  // day 18262
  CHECK(recognise("prvs=user=4262abcdef@example.com", now).address == "user@example.com");
  CHECK(recognise("PRVS=sometag=a=b@example.com", now).address == "a=b@example.com");
  CHECK(recognise("prvs=x@example.com", now).scheme == Scheme::none);
}

TEST_CASE("VERP names the recipient") {
  struct Case {
    const char* from;
    const char* address;
  };
  for (const auto& c : {Case{"list-bounces+joe=b.example@lists.example", "joe@b.example"},
                        Case{"list-return-17-joe-x=b.example@lists.example", "joe-x@b.example"},
                        Case{"bounce-joe=b.example@lists.example", "joe@b.example"},
                        Case{"bounces+123+a.b=B.example@lists.example", "a.b@b.example"}}) {
    CAPTURE(c.from);
    const auto got = recognise(c.from, now);
    CHECK(got.scheme == Scheme::verp);
    CHECK(got.address == c.address);
    CHECK(got.forwarder == "lists.example");
  }
}

TEST_CASE("Google's forwarding mark names mailbox and destination") {
  const auto got = recognise("me+caf_=them=b.example@gmail.com", now);
  CHECK(got.scheme == Scheme::google_caf);
  CHECK(got.address == "me@gmail.com");
  CHECK(got.destination == "them@b.example");
}

TEST_CASE("ordinary addresses are left alone") {
  for (const char* from :
       {"", "<>", "user@example.com", "a-b@example.com", "a+b@example.com", "a=b@example.com", "x-y=z@example.com",
        "+a=b.example@example.com", "-a=b.example@example.com", "no-at-sign", "a-b=1.2@example.com"}) {
    CAPTURE(from);
    CHECK(recognise(from, now) == Rewrite{});
  }
}

TEST_CASE("an address longer than the limit is left alone") {
  const std::string tail = "=2W=b.example=u@f.example";
  const auto of_size = [&](std::size_t size) { return "SRS0=" + std::string(size - 5 - tail.size(), 'h') + tail; };
  CHECK(recognise(of_size(max_address), now).scheme == Scheme::srs0);
  CHECK(recognise(of_size(max_address + 1), now).scheme == Scheme::none);
}
