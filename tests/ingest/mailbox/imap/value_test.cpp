// One IMAP response into its value, and the texts of names and sets.
#include "ingest/mailbox/imap/value.hpp"

#include <catch2/catch.hpp>

#include "ingest/mailbox/imap/modified_utf7.hpp"
#include "ingest/mailbox/imap/uid_set.hpp"

using namespace ruaudit;
using namespace ruaudit::ingest::mailbox;

namespace {

model::Result<ImapResponse> parse(const std::string& text, std::vector<ImapLiteral> literals = {}) {
  return parse_response({text, std::move(literals)}, 4);
}

std::string error_of(const std::string& text) {
  const auto parsed = parse(text);
  return parsed ? "" : parsed.error().code;
}

template <class T>
T expect(const std::string& text, std::vector<ImapLiteral> literals = {}) {
  const auto parsed = parse(text, std::move(literals));
  if (!parsed) FAIL(parsed.error().message);
  const auto* value = std::get_if<T>(&*parsed);
  if (value == nullptr) FAIL("another kind of response: " + text);
  return *value;
}

}  // namespace

TEST_CASE("status responses keep their code, its arguments and the text") {
  struct Case {
    std::string text;
    ImapStatus status;
  };
  for (const auto& one :
       {Case{"* OK [UIDVALIDITY 7] ok", {Condition::ok, "UIDVALIDITY", "7", "ok"}},
        Case{"* no [PERMANENTFLAGS (\\Deleted \\*)] x", {Condition::no, "PERMANENTFLAGS", "(\\Deleted \\*)", "x"}},
        Case{"* BYE", {Condition::bye, "", "", ""}}, Case{"* PREAUTH [x", {Condition::preauth, "", "", "[x"}},
        Case{"* BAD [] x]", {Condition::bad, "", "", "x]"}}}) {
    CAPTURE(one.text);
    CHECK(expect<ImapStatus>(one.text) == one.status);
  }
  CHECK(expect<ImapTagged>("A1 OK [COPYUID 1 2:3 4:5] done") ==
        ImapTagged{"A1", {Condition::ok, "COPYUID", "1 2:3 4:5", "done"}});
  CHECK(expect<ImapContinuation>("+ idling") == ImapContinuation{"idling"});
  CHECK(expect<ImapContinuation>("+") == ImapContinuation{""});
}

TEST_CASE("folders come with flags, separator and name in every form of a string") {
  CHECK(expect<ImapList>("* LIST (\\HasNoChildren) \"/\" INBOX") == ImapList{{"\\HasNoChildren"}, '/', "INBOX"});
  CHECK(expect<ImapList>("* list () NIL \"a \\\"b\\\\c\"") == ImapList{{}, 0, "a \"b\\c"});
  CHECK(expect<ImapList>("* LIST () \"\\\\\" {3}\r\n", {{3, "a)b", false}}) == ImapList{{}, '\\', "a)b"});
  CHECK(expect<ImapList>("* LIST () \"/\" nil") == ImapList{{}, '/', "nil"});
  CHECK(error_of("* LIST () \"//\" x") == "mailbox-answer-malformed");
  CHECK(error_of("* LIST () \"/\" \"x") == "mailbox-answer-malformed");
  CHECK(error_of("* LIST (") == "mailbox-answer-malformed");
  CHECK(error_of("* LIST () \"/\" {3}\r\n") == "mailbox-answer-malformed");
}

TEST_CASE("the first personal namespace counts") {
  CHECK(expect<ImapNamespace>("* NAMESPACE ((\"INBOX.\" \".\")(\"x\" \"/\")) NIL NIL") == ImapNamespace{"INBOX.", '.'});
  CHECK(expect<ImapNamespace>("* NAMESPACE ((\"\" NIL)) ((\"~\" \"/\")) NIL") == ImapNamespace{"", 0});
  CHECK(expect<ImapNamespace>("* NAMESPACE NIL NIL NIL") == ImapNamespace{});
}

TEST_CASE("searches give their numbers, and refuse what is none") {
  CHECK(expect<ImapSearch>("* SEARCH 3 1 2").numbers == std::vector<std::uint32_t>{3, 1, 2});
  CHECK(expect<ImapSearch>("* SEARCH").numbers.empty());
  CHECK(expect<ImapSearch>("* SEARCH 1 (MODSEQ 9)").numbers == std::vector<std::uint32_t>{1});
  CHECK(expect<ImapSearch>("* ESEARCH (TAG \"A1\") UID ALL 1:3,7").numbers == std::vector<std::uint32_t>{1, 2, 3, 7});
  CHECK(expect<ImapSearch>("* ESEARCH (TAG \"A1\") UID").numbers.empty());
  CHECK(error_of("* SEARCH 4294967296") == "mailbox-answer-malformed");
  CHECK(error_of("* SEARCH 1 x") == "mailbox-answer-malformed");
  CHECK(error_of("* ESEARCH UID ALL 1:4294967295") == "mailbox-answer-malformed");
}

TEST_CASE("a FETCH response gives its items in any order, and unknown ones are skipped") {
  const auto fetch = expect<ImapFetch>(
      "* 12 FETCH (FLAGS (\\Seen $x) X-OTHER (a (b \"c)\")) BODY[HEADER.FIELDS (TO CC)]<0> NIL RFC822.SIZE 99 "
      "INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" BODY[] {5}\r\n UID 8)",
      {{5, "", true}});
  CHECK(fetch.sequence == 12);
  CHECK(fetch.uid == 8U);
  CHECK(fetch.octets == 99U);
  CHECK(fetch.internal_date == 837'596'665);
  CHECK(fetch.flags == std::vector<std::string>{"\\Seen", "$x"});
  CHECK(fetch.has_streamed_body);
  CHECK(expect<ImapFetch>("* 1 FETCH (UID 1 BODY[] \"a\\\\b\")").body == "a\\b");
  CHECK_FALSE(expect<ImapFetch>("* 1 FETCH (UID 1 BODY[] NIL)").body);
  CHECK(expect<ImapFetch>("* 1 FETCH (INTERNALDATE \"junk\")").internal_date == std::nullopt);
  for (const std::string name : {"BODY[]", "BODY.PEEK[]", "RFC822"}) {
    CHECK(expect<ImapFetch>("* 1 FETCH (UID 1 " + name + " {2}\r\n)", {{2, "", true}}).has_streamed_body);
    CHECK(expect<ImapFetch>("* 1 FETCH (UID 1 " + name + " ~{2}\r\n)", {{2, "", true}}).has_streamed_body);
  }
  CHECK_FALSE(expect<ImapFetch>("* 1 FETCH (UID 1 BODY[]<0> {2}\r\n)", {{2, "ab", false}}).body);
  CHECK_FALSE(expect<ImapFetch>("* 1 FETCH (RFC822.SIZE 4294967295)").octets);  // -1 in 32 bits
  CHECK(expect<ImapFetch>("* 1 FETCH (RFC822.SIZE 4294967294)").octets == 4'294'967'294U);
  // A fact that cannot be is not there; the others are.
  for (const auto* text : {"* 1 FETCH (UID x RFC822.SIZE 7)", "* 1 FETCH (UID 99999999999 RFC822.SIZE 7)"}) {
    CAPTURE(text);
    CHECK_FALSE(expect<ImapFetch>(text).uid);
    CHECK(expect<ImapFetch>(text).octets == 7U);
  }
  for (const auto* text : {"* 1 FETCH", "* 1 FETCH (", "* 1 FETCH (UID", "* 1 FETCH (UID 1", "* 1 FETCH (BODY[ x)",
                           "* 1 FETCH (FLAGS (a)"}) {
    CAPTURE(text);
    CHECK(error_of(text) == "mailbox-answer-malformed");
  }
}

TEST_CASE("lists are skipped down to the limit of nesting and no deeper") {
  CHECK(error_of("* 1 FETCH (X ((((a)))))").empty());
  CHECK(error_of("* 1 FETCH (X (((((a))))))") == "mailbox-nesting-too-deep");
}

TEST_CASE("what nobody asked for is no error") {
  CHECK(expect<ImapOther>("* VANISHED (EARLIER) 1:4") == ImapOther{"VANISHED"});
  CHECK(expect<ImapOther>("* 5 SOMETHING new") == ImapOther{"SOMETHING"});
  CHECK(expect<ImapCount>("* 5 EXISTS") == ImapCount{CountKind::exists, 5});
  CHECK(expect<ImapCount>("* 5 expunge") == ImapCount{CountKind::expunge, 5});
  CHECK(expect<ImapCapabilities>("* CAPABILITY imap4rev1  IDLE") == ImapCapabilities{{"IMAP4REV1", "IDLE"}});
  CHECK(error_of("HTTP/1.1 400 Bad Request") == "mailbox-answer-malformed");
  CHECK(error_of("* 99999999999 EXISTS") == "mailbox-answer-malformed");
}

TEST_CASE("what a server said is shown in messages as printable text of bounded length") {
  const auto parsed = parse("* SEARCH \x1b[2J\x07" + std::string(5000, 'x'));
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().message.size() < 500);
  CHECK(parsed.error().message.find('\x1b') == std::string::npos);
}

TEST_CASE("folder names travel as modified UTF-7") {
  struct Case {
    std::string utf8, wire;
  };
  // The first two are the examples of RFC 3501 section 5.1.3.
  for (const auto& one : {Case{"~peter/mail/\xE5\x8F\xB0\xE5\x8C\x97/\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E",
                               "~peter/mail/&U,BTFw-/&ZeVnLIqe-"},
                          Case{"&", "&-"}, Case{"a&b", "a&-b"}, Case{"\xC3\xBC", "&APw-"},
                          Case{"\xF0\x9F\x93\xAC", "&2D3c7A-"}, Case{"plain name", "plain name"}, Case{"", ""}}) {
    CAPTURE(one.wire);
    CHECK(to_modified_utf7(one.utf8) == one.wire);
    CHECK(from_modified_utf7(one.wire) == one.utf8);
  }
  for (const auto* wrong : {"&", "&APw", "&AP-", "&!!!!-", "&2D0-", "\xC3\xBC", "&AGEA-"}) {
    CAPTURE(wrong);
    CHECK(from_modified_utf7(wrong) == wrong);
  }
  for (const auto* wrong : {"\xFF", "\xC3", "\xC0\x80", "\xED\xA0\x80", "a\r\nb", "\x7F", "\xF4\x90\x80\x80"})
    CHECK_FALSE(to_modified_utf7(wrong));
}

TEST_CASE("sets of UIDs name exactly the UIDs given") {
  CHECK(uid_set_text(std::vector<std::uint32_t>{1, 2, 3, 5, 8, 9}) == "1:3,5,8:9");
  CHECK(uid_set_text(std::vector<std::uint32_t>{7}) == "7");
  CHECK(uid_set_text(std::vector<std::uint32_t>{4294967294, 4294967295}) == "4294967294:4294967295");
  CHECK(parse_uid_set("1:3,9", 4) == std::vector<std::uint32_t>{1, 2, 3, 9});
  CHECK(parse_uid_set("3:1", 3) == std::vector<std::uint32_t>{1, 2, 3});
  for (const auto* wrong : {"", "0", "1,", "1:", "a", "1:2:3", "4294967296", "1:4294967295", "1:5", "1,2,3,4,5", "*"})
    CHECK_FALSE(parse_uid_set(wrong, 4));
}
