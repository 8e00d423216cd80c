#include "verify/dns/live_resolver.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "dns_servers.hpp"
#include "verify/dns/cache.hpp"

using namespace ruaudit::verify::dns;
using namespace std::chrono_literals;
using ruaudit::test::DnsServers;

namespace {

const DnsServers& servers() {
  static const DnsServers running;
  return running;
}

std::unique_ptr<LiveResolver> resolver_at(const ServerAddress& server, std::chrono::milliseconds deadline = 10s) {
  auto resolver = LiveResolver::open({.server = server, .try_timeout = 500ms, .tries = 2, .deadline = deadline},
                                     [] { return std::int64_t{1700000000}; });
  REQUIRE(resolver);
  return std::move(*resolver);
}

}  // namespace

TEST_CASE("records of every type come from an authoritative server") {
  const auto resolver = resolver_at(servers().authoritative());
  const auto txt = resolver->query("Example.test.", RecordType::TXT);
  REQUIRE(txt.txt.size() == 2);
  const bool is_first = txt.txt[0].strings.size() == 2;
  CHECK(txt.txt[is_first ? 0 : 1].strings == std::vector<std::string>{"v=spf1 ip4:192.0.2.0/24 ", "-all"});
  CHECK(txt.ttl == 60);
  CHECK(txt.resolver == servers().authoritative().to_string());
  CHECK(txt.time == 1700000000);
  CHECK(txt.dnssec == Dnssec::insecure);
  CHECK(resolver->query("example.test", RecordType::A).addresses[0].to_string() == "192.0.2.10");
  CHECK(resolver->query("example.test", RecordType::AAAA).addresses[0].to_string() == "2001:db8::10");
  CHECK(resolver->query("example.test", RecordType::MX).mx.size() == 2);
  CHECK(resolver->query("25.2.0.192.in-addr.arpa", RecordType::PTR).names.size() == 2);
  CHECK(resolver->query("alias.example.test", RecordType::CNAME).names ==
        std::vector<std::string>{"target.example.test"});
  CHECK(resolver->query("under_score.example.test", RecordType::TXT).is_found());
  CHECK(resolver->query("x.wild.example.test", RecordType::TXT).is_found());
}

TEST_CASE("empty, binary and long texts arrive whole, the long one over TCP") {
  const auto resolver = resolver_at(servers().authoritative());
  CHECK(resolver->query("empty.example.test", RecordType::TXT).txt == std::vector<TxtRecord>{{{""}}});
  CHECK(resolver->query("bin.example.test", RecordType::TXT).txt[0].text() == std::string("a\0b\xff", 4));
  const auto big = resolver->query("big.example.test", RecordType::TXT);
  REQUIRE(big.is_found());
  CHECK(big.txt[0].strings.size() == 7);
  CHECK(big.txt[0].text().size() == 1750);
}

TEST_CASE("the outcomes of DNS are kept apart") {
  const auto direct = resolver_at(servers().authoritative());
  const auto validating = resolver_at(servers().validating());
  const struct {
    LiveResolver& resolver;
    std::string name;
    RecordType type;
    Status want;
    int rcode;
  } cases[] = {
      {*direct, "nowhere.example.test", RecordType::TXT, Status::nxdomain, 3},
      {*direct, "end.example.test", RecordType::A, Status::nodata, 0},
      {*direct, "deep.example.test", RecordType::A, Status::nodata, 0},
      {*direct, "dangling.example.test", RecordType::A, Status::nxdomain, 3},
      {*direct, "loop1.example.test", RecordType::A, Status::servfail, 0},
      {*direct, "broken.test", RecordType::TXT, Status::servfail, 2},
      {*direct, "elsewhere.example", RecordType::TXT, Status::refused, 5},
      {*direct, "a..example.test", RecordType::TXT, Status::bad_name, 0},
      {*validating, "nowhere.example.test", RecordType::TXT, Status::nxdomain, 3},
      {*validating, "end.example.test", RecordType::A, Status::nodata, 0},
      {*validating, "bogus.test", RecordType::TXT, Status::bogus, 2},
      {*validating, "broken.test", RecordType::TXT, Status::servfail, 2},
      {*validating, "elsewhere.example", RecordType::TXT, Status::refused, 5},
      {*validating, "drop.test", RecordType::TXT, Status::timeout, 0},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const auto got = c.resolver.query(c.name, c.type);
    CHECK(ruaudit::model::to_text(got.status) == ruaudit::model::to_text(c.want));
    CHECK(got.rcode == c.rcode);
  }
  CHECK(direct->query("nowhere.example.test", RecordType::TXT).ttl == 30);
}

TEST_CASE("a validated answer is secure, one outside any signed zone insecure, one that fails bogus") {
  const auto resolver = resolver_at(servers().validating());
  CHECK(resolver->query("_dmarc.signed.test", RecordType::TXT).dnssec == Dnssec::secure);
  CHECK(resolver->query("example.test", RecordType::TXT).dnssec == Dnssec::insecure);
  CHECK(resolver->query("_dmarc.bogus.test", RecordType::TXT).dnssec == Dnssec::bogus);
}

TEST_CASE("aliases are followed to the records") {
  for (const auto& server : {servers().authoritative(), servers().validating()}) {
    const auto answer = resolver_at(server)->query("alias.example.test", RecordType::TXT);
    REQUIRE(answer.is_found());
    CHECK(answer.txt[0].text() == "at the end");
    CHECK(answer.cname_chain == std::vector<std::string>{"target.example.test", "end.example.test"});
  }
}

TEST_CASE("two thousand questions at once are all answered") {
  const auto resolver = resolver_at(servers().authoritative());
  std::vector<Question> questions;
  for (int i = 0; i < 2000; ++i) questions.push_back({"n" + std::to_string(i) + ".wild.example.test", RecordType::TXT});
  const auto answers = resolver->query_all(questions);
  REQUIRE(answers.size() == questions.size());
  std::size_t found = 0;
  for (std::size_t i = 0; i < answers.size(); ++i)
    if (answers[i].is_found() && answers[i].question == questions[i]) ++found;
  CHECK(found == questions.size());
}

TEST_CASE("several threads may ask one resolver") {
  const auto resolver = resolver_at(servers().validating());
  std::atomic<int> found{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&resolver, &found, t] {
        for (int i = 0; i < 50; ++i) {
          const auto name = "t" + std::to_string(t) + "n" + std::to_string(i) + ".wild.example.test";
          if (resolver->query(name, RecordType::TXT).is_found()) ++found;
        }
      });
  }
  CHECK(found == 200);
}

TEST_CASE("a server that is silent or absent costs no more than the deadline") {
  const auto port = ruaudit::test::free_port();
  const auto resolver = resolver_at({servers().authoritative().address, port}, 300ms);
  const auto before = std::chrono::steady_clock::now();
  const auto absent = resolver->query("example.test", RecordType::TXT);
  const auto silent = resolver_at(servers().validating(), 300ms)->query("drop.test", RecordType::TXT);
  CHECK(absent.status == Status::timeout);
  CHECK(silent.status == Status::timeout);
  CHECK(std::chrono::steady_clock::now() - before < 2s);
}

TEST_CASE("a cache before live servers keeps an answer for its TTL") {
  const auto live = resolver_at(servers().authoritative());
  std::int64_t now = 5000;
  AnswerCache cache([&now] { return now; });
  CachingResolver resolver(*live, cache, live->id());
  for (const std::int64_t at : {5000, 5000, 5001, 5029, 5030}) {
    now = at;
    CHECK(resolver.query("brief.example.test", RecordType::TXT).is_found());
    CHECK(resolver.query("nowhere.example.test", RecordType::TXT).status == Status::nxdomain);
  }
  // TTL 1: asked at 5000, 5001, 5029, 5030. Negative TTL 30: asked at 5000 and 5030.
  CHECK(cache.counters().misses == 6);
  CHECK(cache.counters().hits == 4);
}

TEST_CASE("a resolver is named by address and port") {
  CHECK(ServerAddress::parse("192.0.2.1")->to_string() == "192.0.2.1@53");
  CHECK(ServerAddress::parse("2001:db8::1@5353")->to_string() == "2001:db8::1@5353");
  for (const char* text : {"", "localhost", "192.0.2.1@", "192.0.2.1@0", "192.0.2.1@65536", "192.0.2.1@x", "@53"}) {
    CAPTURE(text);
    const auto parsed = ServerAddress::parse(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == "resolver-address");
  }
}
