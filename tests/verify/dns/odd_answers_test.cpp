// Answers that are none yet: an alias alone, and a server in trouble.
#include <catch2/catch.hpp>

#include "odd_name_server.hpp"

using namespace ruaudit::verify::dns;
using namespace std::chrono_literals;

namespace {

struct Asked {
  ruaudit::test::OddNameServer server{};
  Answer answer(const std::string& name) const {
    const auto resolver = LiveResolver::open(
        {.server = server.address(), .try_timeout = 2s, .tries = 2, .deadline = 20s}, [] { return std::int64_t{1}; });
    REQUIRE(resolver);
    return (*resolver)->query(name, RecordType::TXT);
  }
};

}  // namespace

TEST_CASE("an answer that ends in an alias is followed to the target, at most eight times") {
  const Asked asked;
  for (const auto* name : {"chain1.test", "chain2.test", "chain8.test"}) {
    CAPTURE(name);
    const auto answer = asked.answer(name);
    CHECK(answer.status == Status::noerror);
    REQUIRE(answer.txt.size() == 1);
    CHECK(answer.txt[0].text() == "ok");
    CHECK(answer.cname_chain.back() == "chain0.test");
    CHECK(answer.question.name == name);
  }
  CHECK(asked.answer("chain9.test").is_temporary_error());
}

TEST_CASE("aliases in a ring are an error of DNS, and an alias to nothing is nothing") {
  const Asked asked;
  CHECK(asked.answer("loop.test").status == Status::servfail);
  const auto gone = asked.answer("gone.test");
  CHECK(gone.status == Status::nxdomain);
  CHECK(gone.cname_chain == std::vector<std::string>{"nowhere.test"});
}

// RFC 4035 section 5.5
TEST_CASE("a server that fails for a while is not bogus: the question is asked again") {
  const Asked asked;
  for (const auto* name : {"fails1.test", "fails2.test"}) {
    CAPTURE(name);
    CHECK(asked.answer(name).status == Status::noerror);
  }
  CHECK(asked.answer("bogus.test").status == Status::bogus);
  const auto down = asked.answer("fails9.test");
  CHECK(down.status == Status::servfail);
  CHECK(down.is_temporary_error());
}
