// Octets of an IMAP server into responses: splits, literals, limits.
#include "ingest/mailbox/imap/response.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit;
using namespace ruaudit::ingest::mailbox;

namespace {

struct Kept : ImapEvents {
  model::Result<void> line(const ImapLine& one) override {
    lines.push_back(one);
    return {};
  }
  model::Result<void> body_begin(std::uint64_t octets) override {
    bodies.emplace_back();
    announced.push_back(octets);
    return {};
  }
  model::Result<void> body_chunk(std::string_view octets) override {
    bodies.back().append(octets);
    return {};
  }
  std::vector<ImapLine> lines;
  std::vector<std::string> bodies;
  std::vector<std::uint64_t> announced;
};

Kept read_all(std::string_view octets, std::size_t step, const AnswerLimits& limits = {}) {
  Kept kept;
  ImapReader reader(limits);
  for (std::size_t at = 0; at < octets.size(); at += step) {
    const auto fed = reader.feed(octets.substr(at, step), kept);
    if (!fed) FAIL(fed.error().code + ": " + fed.error().message);
  }
  return kept;
}

std::string error_of(std::string_view octets, const AnswerLimits& limits, std::size_t step = 7) {
  Kept kept;
  ImapReader reader(limits);
  for (std::size_t at = 0; at < octets.size(); at += step)
    if (const auto fed = reader.feed(octets.substr(at, step), kept); !fed) return fed.error().code;
  return "";
}

}  // namespace

TEST_CASE("any split of the octets gives the same responses") {
  const std::string mail = "A1 OK forged\r\n)\r\n* BYE\r\n";
  const std::string text = "* OK hello\r\n* LIST () \"/\" {3}\r\na/b\r\n* 1 FETCH (UID 3 BODY[] {" +
                           std::to_string(mail.size()) + "}\r\n" + mail + " FLAGS (\\Seen))\r\nA1 OK done\r\n";
  for (const std::size_t step : {1U, 2U, 3U, 5U, 17U, 1000U}) {
    CAPTURE(step);
    const auto kept = read_all(text, step);
    REQUIRE(kept.lines.size() == 4);
    CHECK(kept.lines[0].text == "* OK hello");
    CHECK(kept.lines[1].text == "* LIST () \"/\" {3}\r\n");
    CHECK(kept.lines[1].literals == std::vector<ImapLiteral>{{3, "a/b", false}});
    CHECK(kept.lines[2].text == "* 1 FETCH (UID 3 BODY[] {24}\r\n FLAGS (\\Seen))");
    CHECK(kept.lines[2].literals == std::vector<ImapLiteral>{{24, "", true}});
    CHECK(kept.bodies == std::vector<std::string>{mail});
    CHECK(kept.announced == std::vector<std::uint64_t>{24});
    CHECK(kept.lines[3].text == "A1 OK done");
  }
}

TEST_CASE("braces announce a literal only where the grammar allows one") {
  struct Case {
    std::string octets;
    std::size_t lines, literals;
  };
  for (const auto& one : {Case{"* OK free text {3}\r\nA1 OK x\r\n", 2, 0},            // status text
                          Case{"* BYE {9}\r\n", 1, 0},                                //
                          Case{"A1 NO [TRYCREATE] no folder {3}\r\n", 1, 0},          // tagged
                          Case{"+ idling {3}\r\n", 1, 0},                             // continuation
                          Case{"* LIST () \"/\" {0}\r\n\r\n", 1, 1},                  // an empty literal
                          Case{"* LIST () \"/\" {2+}\r\nab\r\n", 1, 1},               // non-synchronising
                          Case{"* X ~{2}\r\nab {1}\r\nc\r\n", 1, 2},                  // literal8, and a second one
                          Case{"* X {}\r\n* Y {a}\r\n* Z {-1}\r\n* W 3}\r\n", 4, 0},  // no sizes
                          Case{"* OK bare line feed\n\r\n* OK next\n", 2, 0}}) {
    CAPTURE(one.octets);
    const auto kept = read_all(one.octets, 4);
    REQUIRE(kept.lines.size() == one.lines);
    CHECK(kept.lines[0].literals.size() == one.literals);
  }
}

TEST_CASE("only the literal of a whole mail in a FETCH response is a mail, whatever the server calls it") {
  for (const auto* text : {"* 1 FETCH (BODY[] {2}\r\nab)\r\n", "* 1 fetch (uid 1 body[] {2}\r\nab)\r\n",
                           "* 1 FETCH (BODY[]   {2}\r\nab)\r\n", "* 1 FETCH (UID 1 BODY[] ~{2}\r\nab)\r\n",
                           "* 1 FETCH (BODY.PEEK[] {2+}\r\nab)\r\n", "* 1 FETCH (UID 1 RFC822 {2}\r\nab)\r\n"}) {
    CAPTURE(text);
    CHECK(read_all(text, 3).bodies == std::vector<std::string>{"ab"});
  }
  for (const auto* text : {"* 1 FETCH (BODY[TEXT] {2}\r\nab)\r\n", "* 1 FETCH (BODY[]<0> {2}\r\nab)\r\n",
                           "* 1 FETCH (BODY[]{2}\r\nab)\r\n", "* 1 FETCH (RFC822.HEADER {2}\r\nab)\r\n",
                           "* LIST () \"/\" BODY[] {2}\r\nab\r\n", "* 1 FETCH (X {2}\r\nab)\r\n"}) {
    CAPTURE(text);
    CHECK(read_all(text, 3).bodies.empty());
  }
}

TEST_CASE("every limit holds at its edge and not one past it") {
  AnswerLimits limits;
  limits.line_octets = 20;
  limits.literal_octets = 10;
  limits.mail_octets = 30;
  limits.answer_octets = 100;
  CHECK(error_of("* OK " + std::string(14, 'x') + "\r\n", limits).empty());
  CHECK(error_of("* OK " + std::string(16, 'x') + "\r\n", limits) == "mailbox-line-too-long");
  CHECK(error_of("* OK " + std::string(16, 'x'), limits) == "mailbox-line-too-long");  // before its end
  CHECK(error_of("* X {10}\r\n", limits).empty());
  CHECK(error_of("* X {11}\r\n", limits) == "mailbox-literal-too-large");
  CHECK(error_of("* X {6}\r\n123456 {4}\r\n", limits).empty());
  CHECK(error_of("* X {6}\r\n123456 {5}\r\n", limits) == "mailbox-literal-too-large");
  limits.line_octets = 100;
  CHECK(error_of("* X {99999999999999999999999}\r\n", limits) == "mailbox-literal-too-large");
  CHECK(error_of("* 1 FETCH (BODY[] {30}\r\n", limits).empty());
  CHECK(error_of("* 1 FETCH (BODY[] {31}\r\n", limits) == "mailbox-mail-too-large");
  CHECK(error_of("* 1 FETCH (BODY[] {18446744073709551615}\r\n", limits) == "mailbox-mail-too-large");
  std::string lines;
  while (lines.size() < 96) lines += "* OK abcd\r\n";
  CHECK(error_of(lines.substr(0, 99), limits).empty());
  CHECK(error_of(lines + lines, limits) == "mailbox-answer-too-large");
}

TEST_CASE("mails do not count for the limit of an answer, and a new command may be answered as long again") {
  AnswerLimits limits;
  limits.answer_octets = 100;
  const std::string mail(5000, 'x');
  CHECK(error_of("* 1 FETCH (BODY[] {5000}\r\n" + mail + ")\r\n", limits).empty());
  Kept kept;
  ImapReader reader(limits);
  for (int i = 0; i < 10; ++i) {
    reader.begin_answer();
    CHECK(reader.feed("* OK " + std::string(80, 'x') + "\r\n", kept));
  }
  CHECK(kept.lines.size() == 10);
}
