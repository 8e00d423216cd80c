#include "jobs/confined/pool.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>

#include "jobs/confined/asked_dns.hpp"
#include "jobs/confined/serve.hpp"

using ruaudit::jobs::ItemWork;
using ruaudit::jobs::PoolPlan;
using ruaudit::jobs::ReaderPool;
using ruaudit::jobs::Serving;
namespace jobs = ruaudit::jobs;
namespace dns = ruaudit::verify::dns;
namespace model = ruaudit::model;
using ruaudit::ingest::Bytes;

namespace {

constexpr std::size_t most_octets = 100'000;

// "die": the process ends; "throw": memory is told to be out; "say N": N octets; "ask NAME": the first address of it;
// "lie": the answer of another item; anything else is said back.
std::string said_of(const std::string& item, Serving& serving, jobs::ParentResolver& resolver) {
  if (item == "die") ::raise(SIGSEGV);
  if (item == "throw") throw std::bad_alloc();
  if (item.starts_with("say ")) return std::string(static_cast<std::size_t>(std::stoul(item.substr(4))), 'x');
  if (item.starts_with("ask ")) {
    const auto answer = resolver.query(item.substr(4), dns::RecordType::A);
    return answer.addresses.empty() ? "none" : answer.addresses[0].to_string();
  }
  if (item == "lie") {
    serving.parent.send('N', std::string("\0\0\0\0", 4));
    serving.parent.send('D', "a lie");
  }
  return item;
}

PoolPlan plan() {
  PoolPlan made;
  made.confinement = jobs::Confinement::preferred;  // the sanitizers' processes may not be confined everywhere
  made.work = "--no-such-work";
  made.most_octets_said = most_octets;
  made.copy = [] {
    jobs::serve_items([](std::string_view, Serving& serving) -> model::Result<ItemWork> {
      const auto resolver = std::make_shared<jobs::ParentResolver>(serving.parent, serving.turns);
      return ItemWork{[&serving, resolver](const std::string& item) { return said_of(item, serving, *resolver); },
                      [resolver] { resolver->serve(); }};
    });
    return EXIT_FAILURE;
  };
  return made;
}

// Counts the frames of questions and answers "NUMBER.test".
struct Names final : dns::Resolver {
  int frames = 0, questions = 0;
  std::vector<dns::Answer> query_all(std::span<const dns::Question> asked) override {
    ++frames;
    std::vector<dns::Answer> answers;
    for (const auto& question : asked) {
      ++questions;
      dns::Answer answer;
      answer.question = question;
      answer.status = dns::Status::noerror;
      answer.ttl = 60;
      answer.addresses.push_back(model::IpAddress::v4(0xc0000200U + static_cast<unsigned>(std::stoi(question.name))));
      answers.push_back(answer);
    }
    return answers;
  }
};

struct Outcome {
  std::vector<std::string> said;
  std::vector<int> times;
};

Outcome work_off(ReaderPool& pool, const std::vector<std::string>& items, dns::Resolver& resolver) {
  std::vector<Bytes> octets;
  for (const auto& item : items) octets.push_back(Bytes::from_string(item));
  Outcome out{std::vector<std::string>(items.size()), std::vector<int>(items.size())};
  pool.work_off_all(
      octets, [&](char, std::string_view questions) { return jobs::answered(questions, resolver); },
      [&](std::size_t number, const model::Result<std::string>& said) {
        out.said[number] = said ? *said : said.error().code;
        ++out.times[number];
      });
  return out;
}

}  // namespace

TEST_CASE("each item of a bunch has its own answer, once") {
  ReaderPool pool(plan());
  Names names;
  std::vector<std::string> items;
  for (std::size_t i = 0; i < ReaderPool::most_items; ++i)
    items.push_back(i % 2 == 0 ? "item " + std::to_string(i) : "ask " + std::to_string(i) + ".test");
  const auto out = work_off(pool, items, names);
  for (std::size_t i = 0; i < items.size(); ++i) {
    CAPTURE(i);
    CHECK(out.said[i] == (i % 2 == 0 ? items[i] : "192.0.2." + std::to_string(i)));
    CHECK(out.times[i] == 1);
  }
  CHECK(names.frames == 1);  // all questions at once
  work_off(pool, items, names);
  CHECK(names.questions == 32);  // and remembered
}

TEST_CASE("what ends the process of a bunch costs that item alone") {
  for (const char* fault : {"die", "throw"}) {
    for (const std::size_t at : {0U, 3U, 7U}) {
      CAPTURE(fault, at);
      ReaderPool pool(plan());
      Names names;
      std::vector<std::string> items(8, "ask 1.test");
      items[at] = fault;
      const auto out = work_off(pool, items, names);
      for (std::size_t i = 0; i < items.size(); ++i) {
        CHECK(out.said[i] == (i == at ? "reader-died" : "192.0.2.1"));
        CHECK(out.times[i] == 1);
      }
    }
  }
}

TEST_CASE("no answer is taken twice") {
  ReaderPool pool(plan());
  Names names;
  const auto out = work_off(pool, {"a", "lie", "b"}, names);
  CHECK(out.said[0] == "a");
  CHECK(out.said[2] == "b");
  CHECK(out.times == std::vector<int>{1, 1, 1});
}

TEST_CASE("a process may say so much of an item and not an octet more") {
  ReaderPool pool(plan());
  Names names;
  const auto out = work_off(pool, {"say " + std::to_string(most_octets)}, names);
  CHECK(out.said[0].size() == most_octets);
  CHECK(work_off(pool, {"say " + std::to_string(most_octets + 1)}, names).said[0] == "reader-died");
  const auto both = work_off(pool, {"say " + std::to_string(most_octets + 1), "a"}, names);
  CHECK(both.said == std::vector<std::string>{"reader-died", "a"});
}

TEST_CASE("no items need no process") {
  ReaderPool pool(plan());
  Names names;
  CHECK(work_off(pool, {}, names).said.empty());
}
