#include "verify/dns/evidence.hpp"

#include <catch2/catch.hpp>

#include "verify/dns/zone.hpp"

using namespace ruaudit::verify::dns;

namespace {

class CountingResolver final : public Resolver {
 public:
  std::vector<Answer> query_all(std::span<const Question> questions) override {
    asked += questions.size();
    auto answers = zone.query_all(questions);
    for (auto& answer : answers) answer.ttl = static_cast<std::uint32_t>(asked);
    return answers;
  }
  std::size_t asked = 0;
  ZoneResolver zone{
      *Zone::parse("$ORIGIN example.test.\n@ TXT \"a\\000\\255\" \"\\\"b\\\"\"\n@ MX 10 mx\n@ A 192.0.2.1\n"
                   "@ AAAA 2001:db8::1\nwww CNAME @\n1 PTR host\n"
                   "_25._tcp TLSA 3 1 1 ff00 414a\n"),
      [] { return std::int64_t{1700000000}; }, "zone:test"};
};

const std::vector<Question> questions{
    {"example.test", RecordType::TXT},       {"Example.test", RecordType::MX},
    {"www.example.test", RecordType::A},     {"example.test", RecordType::AAAA},
    {"1.example.test", RecordType::PTR},     {"gone.example.test", RecordType::TXT},
    {"www.example.test", RecordType::CNAME}, {"a..b", RecordType::A},
    {"8\xff.example.test", RecordType::TXT}, {"_25._tcp.example.test", RecordType::TLSA}};

}  // namespace

TEST_CASE("evidence written to JSON and read back is the same, octet for octet") {
  CountingResolver inner;
  RecordingResolver recorder(inner);
  const auto answers = recorder.query_all(questions);
  REQUIRE(answers[0].status == Status::noerror);
  const Evidence evidence{1700000123, "2024-05-06, 9000 rules", recorder.answers()};
  const auto read = parse_evidence(to_json(evidence));
  INFO((read ? std::string() : read.error().message));
  REQUIRE(read);
  CHECK(*read == evidence);
}

TEST_CASE("a replay answers exactly what was recorded and nothing else") {
  CountingResolver inner;
  RecordingResolver recorder(inner);
  const auto live = recorder.query_all(questions);
  RecordedResolver replay({0, "", recorder.answers()});
  CHECK(replay.query_all(questions) == live);
  const auto unknown = replay.query("other.test", RecordType::TXT);
  CHECK(unknown.status == Status::not_recorded);
  CHECK(unknown.is_temporary_error());
  CHECK(replay.query("example.test", RecordType::PTR).status == Status::not_recorded);
  CHECK(replay.query("other..test", RecordType::TXT).status == Status::bad_name);
}

TEST_CASE("within one evaluation a question has one answer, whatever its case") {
  CountingResolver inner;
  RecordingResolver recorder(inner);
  const auto first = recorder.query("example.test", RecordType::A);
  const auto second = recorder.query("EXAMPLE.test.", RecordType::A);
  CHECK(inner.asked == 1);
  CHECK(second.ttl == first.ttl);
  CHECK(second.question.name == "EXAMPLE.test.");
  CHECK(recorder.answers().size() == 1);
}

TEST_CASE("a file that is no evidence is refused with a reason") {
  for (const char* text :
       {"", "{}", "[]", "{\"format\":\"ruaudit-evidence\"}",
        "{\"format\":\"ruaudit-evidence\",\"version\":2,\"time\":0,\"suffix_list\":\"\",\"answers\":[]}",
        "{\"format\":\"ruaudit-evidence\",\"version\":1,\"time\":0,\"suffix_list\":{\"hex\":\"0\"},\"answers\":[]}",
        "{\"format\":\"ruaudit-evidence\",\"version\":1,\"time\":0,\"suffix_list\":\"\",\"answers\":[{}]}",
        "{\"format\":\"ruaudit-evidence\",\"version\":1,\"time\":0,\"suffix_list\":\"\",\"answers\":[{\"name\":\"a\","
        "\"type\":\"X\"}]}"}) {
    CAPTURE(text);
    const auto read = parse_evidence(text);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == "evidence");
  }
}
