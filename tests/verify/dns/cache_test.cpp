#include "verify/dns/cache.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <latch>
#include <thread>

#include "verify/dns/limited_resolver.hpp"

using namespace ruaudit::verify::dns;

namespace {

struct FakeClock {
  std::int64_t now = 1000;
  Clock clock() {
    return [this] { return now; };
  }
};

class ScriptedResolver final : public Resolver {
 public:
  std::vector<Answer> query_all(std::span<const Question> questions) override {
    std::vector<Answer> answers;
    for (const auto& question : questions) {
      ++asked;
      auto& answer = answers.emplace_back(next);
      answer.question = question;
    }
    if (delay.count() > 0) std::this_thread::sleep_for(delay);
    return answers;
  }
  Answer next{};
  std::chrono::milliseconds delay{0};
  std::atomic<int> asked{0};
};

Answer answer_of(Status status, std::uint32_t ttl) {
  Answer answer;
  answer.status = status;
  answer.ttl = ttl;
  return answer;
}

}  // namespace

TEST_CASE("an answer is kept until its TTL is over and not a second longer") {
  const struct {
    Status status;
    std::uint32_t ttl, kept;
  } cases[] = {
      {Status::noerror, 60, 60},
      {Status::noerror, 0, 0},
      {Status::noerror, 1'000'000, 86'400},
      {Status::nxdomain, 30, 30},
      {Status::nodata, 1'000'000, 10'800},
      {Status::servfail, 60, 5},
      {Status::timeout, 0, 5},
      {Status::bogus, 0, 5},
      {Status::not_recorded, 60, 0},
      {Status::bad_name, 60, 0},
  };
  for (const auto& c : cases) {
    CAPTURE(static_cast<int>(c.status), c.ttl);
    FakeClock time;
    ScriptedResolver inner;
    inner.next = answer_of(c.status, c.ttl);
    AnswerCache cache(time.clock());
    CachingResolver resolver(inner, cache, "r");
    CHECK(resolver.query("a.test", RecordType::TXT).status == c.status);
    if (c.kept > 0) {
      time.now += c.kept - 1;
      CHECK(resolver.query("A.test.", RecordType::TXT).status == c.status);
      CHECK(inner.asked == 1);
      ++time.now;
    }
    CHECK(resolver.query("a.test", RecordType::TXT).status == c.status);
    CHECK(inner.asked == 2);
  }
}

TEST_CASE("the TTL told is what is left") {
  FakeClock time;
  ScriptedResolver inner;
  inner.next = answer_of(Status::noerror, 60);
  AnswerCache cache(time.clock());
  CachingResolver resolver(inner, cache, "r");
  CHECK(resolver.query("a.test", RecordType::TXT).ttl == 60);
  time.now += 25;
  CHECK(resolver.query("a.test", RecordType::TXT).ttl == 35);
}

TEST_CASE("what is known altogether is told without a question, and anything else is not told") {
  FakeClock time;
  ScriptedResolver inner;
  inner.next = answer_of(Status::noerror, 60);
  AnswerCache cache(time.clock());
  CachingResolver resolver(inner, cache, "r");
  CHECK(resolver.query("a.test", RecordType::TXT).is_found());
  const std::vector<Question> one = {{"A.test.", RecordType::TXT}};
  const std::vector<Question> two = {one[0], {"b.test", RecordType::TXT}};
  time.now += 20;
  const auto known = cache.known("r", one);
  REQUIRE(known);
  REQUIRE(known->size() == 1);
  CHECK(known->front().ttl == 40);
  CHECK(known->front().question == one[0]);
  CHECK_FALSE(cache.known("r", two));
  CHECK_FALSE(cache.known("s", one));
  time.now += 40;
  CHECK_FALSE(cache.known("r", one));
  CHECK(cache.known("r", {})->empty());
  CHECK(inner.asked == 1);
}

TEST_CASE("name, type and resolver are the key") {
  FakeClock time;
  ScriptedResolver inner;
  inner.next = answer_of(Status::noerror, 60);
  AnswerCache cache(time.clock());
  CachingResolver one(inner, cache, "one");
  CachingResolver two(inner, cache, "two");
  CHECK(one.query("a.test", RecordType::TXT).is_found());
  CHECK(one.query("a.test", RecordType::A).is_found());
  CHECK(one.query("b.test", RecordType::TXT).is_found());
  CHECK(two.query("a.test", RecordType::TXT).is_found());
  CHECK(inner.asked == 4);
  CHECK(two.query("a.TEST", RecordType::TXT).is_found());
  CHECK(inner.asked == 4);
}

TEST_CASE("the cache holds no more than its limit and drops what was used longest ago") {
  FakeClock time;
  ScriptedResolver inner;
  inner.next = answer_of(Status::noerror, 60);
  AnswerCache cache(time.clock(), {.max_entries = 2});
  CachingResolver resolver(inner, cache, "r");
  for (const char* name : {"a", "b", "a", "c"}) CHECK(resolver.query(name, RecordType::A).is_found());
  CHECK(cache.size() == 2);
  CHECK(inner.asked == 3);
  CHECK(resolver.query("a", RecordType::A).is_found());
  CHECK(inner.asked == 3);
  CHECK(resolver.query("b", RecordType::A).is_found());
  CHECK(inner.asked == 4);
}

TEST_CASE("a question repeated in one batch is looked up once and answered twice") {
  FakeClock time;
  ScriptedResolver inner;
  inner.next = answer_of(Status::noerror, 0);
  AnswerCache cache(time.clock());
  CachingResolver resolver(inner, cache, "r");
  const std::vector<Question> twice{{"a", RecordType::A}, {"A", RecordType::A}};
  const auto answers = resolver.query_all(twice);
  CHECK(inner.asked == 1);
  CHECK(answers[0].is_found());
  CHECK(answers[1].is_found());
  CHECK(answers[1].question.name == "A");
}

TEST_CASE("threads that ask the same at once share one look-up") {
  FakeClock time;
  ScriptedResolver inner;
  inner.next = answer_of(Status::noerror, 0);  // not even cacheable
  inner.delay = std::chrono::milliseconds(200);
  AnswerCache cache(time.clock());
  CachingResolver resolver(inner, cache, "r");
  constexpr int askers = 8;
  std::latch start(askers);
  std::atomic<int> found{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < askers; ++i)
      threads.emplace_back([&] {
        start.arrive_and_wait();
        if (resolver.query("a.test", RecordType::A).is_found()) ++found;
      });
  }
  CHECK(found == askers);
  CHECK(inner.asked == 1);
  CHECK(cache.counters().shared == askers - 1);
}

TEST_CASE("past the limit of questions or time nothing more is asked") {
  ScriptedResolver inner;
  inner.next = answer_of(Status::noerror, 60);
  std::chrono::steady_clock::time_point now{};
  LimitedResolver resolver(inner, {.max_questions = 3, .max_time = std::chrono::milliseconds(100)},
                           [&now] { return now; });
  const std::vector<Question> two{{"a", RecordType::A}, {"b", RecordType::A}};
  CHECK(resolver.query_all(two)[1].is_found());
  const auto last = resolver.query_all(two);
  CHECK(last[0].is_found());
  CHECK(last[1].status == Status::timeout);
  CHECK(last[1].question.name == "b");
  CHECK(inner.asked == 3);

  LimitedResolver brief(inner, {.max_time = std::chrono::milliseconds(100)}, [&now] { return now; });
  now += std::chrono::milliseconds(99);
  CHECK(brief.query("a", RecordType::A).is_found());
  now += std::chrono::milliseconds(1);
  CHECK(brief.query("a", RecordType::A).status == Status::timeout);
}
