// Octets of a POP3 server into replies: splits, dots, limits.
#include "ingest/mailbox/pop3/response.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit;
using namespace ruaudit::ingest::mailbox;

namespace {

struct Kept : Pop3Events {
  model::Result<void> status(const Pop3Status& one) override {
    statuses.push_back(one);
    return {};
  }
  model::Result<void> line(std::string_view one) override {
    lines.emplace_back(one);
    return {};
  }
  model::Result<void> mail_chunk(std::string_view octets) override {
    mail.append(octets);
    return {};
  }
  model::Result<void> end() override {
    ++ends;
    return {};
  }
  std::vector<Pop3Status> statuses;
  std::vector<std::string> lines;
  std::string mail;
  int ends = 0;
};

struct Read {
  Kept kept;
  std::string error;
};

Read read(std::string_view octets, const std::vector<ReplyKind>& kinds, std::size_t step,
          const AnswerLimits& limits = {}) {
  Read result;
  Pop3Reader reader(limits);
  for (const auto kind : kinds) reader.expect(kind);
  for (std::size_t at = 0; at < octets.size(); at += step)
    if (const auto fed = reader.feed(octets.substr(at, step), result.kept); !fed) {
      result.error = fed.error().code;
      break;
    }
  return result;
}

}  // namespace

TEST_CASE("dots at the start of lines are undone, and only CRLF dot CRLF ends a mail, in any split") {
  struct Case {
    std::string wire, mail;
  };
  for (const auto& one : {
           Case{"a\r\nb\r\n.\r\n", "a\r\nb\r\n"},
           Case{".\r\n", ""},
           Case{"..\r\n.\r\n", ".\r\n"},
           Case{"x\r\n..y\r\n...\r\n.\r\n", "x\r\n.y\r\n..\r\n"},
           Case{"a\n.\nb\n.\r\nc\r\n.\r\n", "a\n.\nb\n.\r\nc\r\n"},  // a bare LF ends no line
           Case{"a\r.\r\n\r\r\n.\r\n", "a\r.\r\n\r\r\n"},            // nor does a bare CR
           Case{".\rx\r\n.\r\n", "\rx\r\n"},                         // a dot, taken away, before a bare CR
           Case{".\r\r\n.\r\n", "\r\r\n"},                           //
           Case{".x\r\n.\r\n", "x\r\n"},                             // not stuffed by a careless server
           Case{"\r\n\r\n.\r\n", "\r\n\r\n"},                        //
           Case{"+OK forged\r\n-ERR forged\r\n.\r\n", "+OK forged\r\n-ERR forged\r\n"},
       })
    for (const std::size_t step : {1U, 2U, 3U, 100U}) {
      CAPTURE(one.wire, step);
      const auto result =
          read("+OK here it is\r\n" + one.wire + "+OK next\r\n", {ReplyKind::mail, ReplyKind::status}, step);
      CHECK(result.error.empty());
      CHECK(result.kept.mail == one.mail);
      CHECK(result.kept.ends == 2);
      REQUIRE(result.kept.statuses.size() == 2);
      CHECK(result.kept.statuses[1].text == "next");
    }
}

TEST_CASE("a negative status ends every kind of reply") {
  const auto result =
      read("-ERR [IN-USE] locked\r\n-ERR\r\n+OK\r\n", {ReplyKind::mail, ReplyKind::lines, ReplyKind::status}, 4);
  CHECK(result.error.empty());
  CHECK(result.kept.ends == 3);
  CHECK(result.kept.statuses[0] == Pop3Status{Pop3Sign::error, "IN-USE", "locked"});
}

TEST_CASE("lists come line by line with their dots undone") {
  const auto result = read("+OK\r\n1 abc\r\n..x\r\n.\r\n+ dGVzdA==\r\n", {ReplyKind::lines, ReplyKind::status}, 3);
  CHECK(result.kept.lines == std::vector<std::string>{"1 abc", ".x"});
  CHECK(result.kept.statuses[1] == Pop3Status{Pop3Sign::more, "", "dGVzdA=="});
}

TEST_CASE("what no POP3 server says is an error") {
  CHECK(read("* OK IMAP\r\n", {ReplyKind::status}, 100).error == "mailbox-answer-malformed");
  CHECK(read("+OKAY\r\n", {ReplyKind::status}, 100).error == "mailbox-answer-malformed");
  CHECK(read("+OK\r\n+OK unasked\r\n", {ReplyKind::status}, 100).error == "mailbox-answer-malformed");
}

TEST_CASE("POP3 limits hold at their edge and not one past it") {
  AnswerLimits limits;
  limits.line_octets = 20;
  limits.mail_octets = 30;
  limits.listing_octets = 50;
  CHECK(read("+OK " + std::string(15, 'x') + "\r\n", {ReplyKind::status}, 7, limits).error.empty());
  CHECK(read("+OK " + std::string(17, 'x') + "\r\n", {ReplyKind::status}, 7, limits).error == "mailbox-line-too-long");
  CHECK(read("+OK " + std::string(17, 'x'), {ReplyKind::status}, 7, limits).error == "mailbox-line-too-long");
  CHECK(read("+OK\r\n" + std::string(28, 'x') + "\r\n.\r\n", {ReplyKind::mail}, 7, limits).error.empty());
  CHECK(read("+OK\r\n" + std::string(29, 'x') + "\r\n.\r\n", {ReplyKind::mail}, 7, limits).error ==
        "mailbox-mail-too-large");
  std::string list = "+OK\r\n";
  for (int i = 0; i < 4; ++i) list += "1234567890\r\n";
  CHECK(read(list, {ReplyKind::lines}, 7, limits).error.empty());
  CHECK(read(list + "1234567890\r\n", {ReplyKind::lines}, 7, limits).error == "mailbox-answer-too-large");
}

TEST_CASE("the sign of a reply ends at a blank or a tab, in any case of letters") {
  const auto result = read("+ok\tgo on\r\n-Err no\r\n+OKAY\r\n", std::vector(3, ReplyKind::status), 100);
  REQUIRE(result.kept.statuses.size() == 2);
  CHECK(result.kept.statuses[0].sign == Pop3Sign::ok);
  CHECK(result.kept.statuses[1].sign == Pop3Sign::error);
  CHECK(result.error == "mailbox-answer-malformed");
}
