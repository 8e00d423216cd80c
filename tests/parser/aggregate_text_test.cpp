#include "tests/parser/read_both.hpp"
#include "tests/parser/report_text.hpp"

using namespace ruaudit;
using test::CapturedReport;
using test::codes_of;
using test::metadata_text;
using test::policy_text;
using test::read_both;
using test::read_report;
using test::record_text;
using test::replaced;
using test::report_text;

namespace {

const std::string plain = report_text(record_text(1) + record_text(2));

std::string wide(std::string_view text, std::size_t width, bool is_little) {
  std::string out;
  for (const char c : text) {
    std::string unit(width, '\0');
    unit[is_little ? 0 : width - 1] = c;
    out += unit;
  }
  return out;
}

}  // namespace

TEST_CASE("texts in other encodings are the same report") {
  using namespace std::literals;
  const CapturedReport want = read_both(plain);
  struct Case {
    std::string text;
    const char* codes;
  };
  const std::string as_16 = replaced(plain, "UTF-8", "UTF-16");
  const auto c = GENERATE_COPY(values<Case>({
      {"\xef\xbb\xbf" + plain, ""},
      {"\xef\xbb\xbf\xef\xbb\xbf" + plain, "double-bom"},
      {"\xff\xfe"s + wide(as_16, 2, true), "utf-16"},
      {"\xfe\xff"s + wide(as_16, 2, false), "utf-16"},
      {wide(as_16, 2, true), "utf-16"},
      {wide(as_16, 2, false), "utf-16"},
      {wide(plain.substr(plain.find('\n')), 2, true), "utf-16"},
      {wide(plain, 2, false), "utf-16 encoding-mismatch"},
      {"\xff\xfe\0\0"s + wide(replaced(plain, "UTF-8", "UTF-32"), 4, true), "utf-32"},
      {wide(plain, 4, false), "utf-32 encoding-mismatch"},
      {as_16, "encoding-mismatch"},
      {replaced(plain, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>", ""), ""},
      {replaced(plain, "?>\n", "?><!-- c -->"), ""},
      {" \n" + plain, "leading-blanks"},
      {"<!-- first -->" + plain, "leading-blanks"},
  }));
  const CapturedReport got = read_both(c.text);
  REQUIRE(got.report);
  CHECK(codes_of(got) == c.codes);
  CHECK(got.report->header == want.report->header);
  CHECK(got.report->messages == 3);
  CHECK_FALSE(got.report->is_damaged);
}

TEST_CASE("a declared legacy set reads what is no UTF-8") {
  struct Case {
    const char* charset;
    const char* octets;
    const char* want;
    const char* codes;
  };
  const auto c = GENERATE(values<Case>({
      {"ISO-8859-2", "\xa3\xf3\x64\xbc",
       "\xc5\x81\xc3\xb3"
       "d\xc5\xba",
       ""},
      {"iso-8859-15", "5\xa4", "5\xe2\x82\xac", ""},
      {"KOI8-R", "\xed\xc9\xd2", "\xd0\x9c\xd0\xb8\xd1\x80", ""},
      {"windows-1251", "\xcc\xe8\xf0", "\xd0\x9c\xd0\xb8\xd1\x80", ""},
      {"GB18030", "\xd6\xd0\xce\xc4\x81\x30\x81\x30", "\xe4\xb8\xad\xe6\x96\x87\xc2\x80", ""},
      {"gb2312", "\xd6\xd0\xce\xc4", "\xe4\xb8\xad\xe6\x96\x87", ""},
      {"Big5", "\xa4\xa4\xa4\xe5", "\xe4\xb8\xad\xe6\x96\x87", ""},
      {"Shift_JIS", "\x93\xfa\x96\x7b\x83\x5c", "\xe6\x97\xa5\xe6\x9c\xac\xe3\x82\xbd", ""},
      {"EUC-JP", "\xc6\xfc\xcb\xdc", "\xe6\x97\xa5\xe6\x9c\xac", ""},
      {"EUC-KR", "\xc7\xd1", "\xed\x95\x9c", ""},
      // The bytes are UTF-8, whatever is declared.
      {"ISO-8859-2", "\xc5\x81", "\xc5\x81", "encoding-mismatch"},
      {"Shift_JIS", "\xe6\x97\xa5", "\xe6\x97\xa5", "encoding-mismatch"},
      // Octets that the set does not know.
      {"windows-1253", "\xc1\xd2 \xc2", "\xce\x91\xef\xbf\xbd \xce\x92", "not-utf8"},
      {"Shift_JIS", "\x93\xfa\xff\xff.", "\xe6\x97\xa5\xef\xbf\xbd\xef\xbf\xbd.", "not-utf8"},
      {"GB18030", "\xd6\xd0\x84\x31\xa4\x38", "\xe4\xb8\xad\xef\xbf\xbd", ""},  // U+FFFE
      // A set that is not known: as without one.
      {"ebcdic-cp-us", "\xe9!", "\xc3\xa9!", "not-utf8"},
      {"utf-7", "\xe9!", "\xc3\xa9!", "not-utf8"},
      {"iso-2022-jp", "\xe9!", "\xc3\xa9!", "not-utf8"},
      {"ISO-8859-2//IGNORE", "\xe9!", "\xc3\xa9!", "not-utf8"},
  }));
  CAPTURE(c.charset, c.want);
  const std::string text =
      replaced(replaced(plain, "UTF-8", c.charset), "<org_name>", std::string("<org_name>") + c.octets);
  const auto got = read_both(text);
  REQUIRE(got.report);
  CHECK_THAT(got.report->header.metadata.org_name, Catch::StartsWith(c.want));
  CHECK(codes_of(got) == c.codes);
  CHECK(got.report->messages == 3);
}

TEST_CASE("bytes that are no UTF-8 are read as Windows-1252 and told with line and row") {
  const auto got = read_both(replaced(plain, "<selector>s1", "<selector>s\x91\x92"));
  REQUIRE(got.records.size() == 2);
  CHECK(got.records[0].auth_results.dkim[0].selector == "s\xe2\x80\x98\xe2\x80\x99");
  REQUIRE(got.defects.size() == 1);
  CHECK(got.defects[0] == model::Defect{"not-utf8", "\xe2\x80\x98", 1, 19});
  CHECK(got.report->is_damaged);
}

TEST_CASE("declared ISO-8859-1 is no guess, and UTF-8 under that label stays UTF-8") {
  const std::string latin = replaced(plain, "UTF-8", "ISO-8859-1");
  const auto got = read_both(replaced(latin, "reporter.example", "r\xe9seau"));
  CHECK(got.report->header.metadata.org_name == "r\xc3\xa9seau");
  CHECK(got.defects.empty());
  const auto mixed = read_both(replaced(latin, "reporter.example", "r\xc3\xa9seau"));
  CHECK(mixed.report->header.metadata.org_name == "r\xc3\xa9seau");
  CHECK(codes_of(mixed) == "encoding-mismatch");
}

TEST_CASE("what is no aggregate report is refused with its reason") {
  struct Case {
    const char *text, *code;
  };
  const auto c = GENERATE(values<Case>({
      {"", "empty-report"},
      {" \r\n\t ", "empty-report"},
      {"\xef\xbb\xbf", "empty-report"},
      {"Hello", "not-xml"},
      {"<?xml version=\"1.0\"?>", "not-xml"},
      {"{\"organization-name\": 1}", "not-xml"},
      {"<invalid_root><feedback/></invalid_root>", "wrong-root"},
      {"<html><body>&lt;feedback&gt;</body></html>", "wrong-root"},
      {"<!DOCTYPE feedback><feedback/>", "doctype"},
      {"<?xml version=\"1.0\"?>\n<!doctype x [<!ENTITY a \"b\">]><feedback/>", "doctype"},
      {"<feedback><!DOCTYPE x></feedback>", "doctype"},
      {"<feedback><version><!ENTITY a 'b'></version></feedback>", "doctype"},
  }));
  CAPTURE(c.text);
  const auto got = read_both(c.text);
  CHECK_FALSE(got.report);
  CHECK(got.error == c.code);
  CHECK(got.records.empty());
}

// RFC 9990 appendix A
TEST_CASE("element order is free, and the policy comes before the records") {
  const CapturedReport want = read_both(plain);
  const auto got = read_both(report_text("", "", record_text(1) + record_text(2) + policy_text + metadata_text));
  REQUIRE(got.report);
  CHECK(got.report->header == want.report->header);
  CHECK(got.order == std::vector<char>{'p', 'r', 'r'});
  CHECK(got.defects.empty());
}

TEST_CASE("records beyond the buffer are delivered before a policy that comes late") {
  parser::AggregateLimits limits;
  limits.records_before_policy = 2;
  const std::string two = record_text(1) + record_text(2);
  const auto fits = read_both(report_text(metadata_text, "", two + policy_text), limits);
  CHECK(fits.policies.at(0).domain == "example.com");
  CHECK(fits.defects.empty());
  const auto late = read_both(report_text(metadata_text, "", two + record_text(3) + policy_text), limits);
  CHECK(late.records.size() == 3);
  CHECK(late.count_of("late-policy") == 1);
  CHECK(late.policies.size() == 1);
}

TEST_CASE("of a section given twice the first non-empty values win") {
  const std::string other = replaced(policy_text, "reject", "none");
  const auto got = read_both(report_text(metadata_text, policy_text + other, record_text(1)));
  CHECK(got.report->header.policy_published.p == model::Policy::reject);
  CHECK(got.count_of("duplicate-element") == 6);
  const auto empty_first = read_both(replaced(plain, "<p>reject</p>", "<p/><p>reject</p>"));
  CHECK(empty_first.report->header.policy_published.p == model::Policy::reject);
  CHECK(codes_of(empty_first) == "duplicate-element");
}

TEST_CASE("prefixes, CDATA, comments and references do not change a report") {
  const CapturedReport want = read_both(plain);
  struct Case {
    const char *what, *with;
  };
  const auto c = GENERATE(values<Case>({
      {"example.com</header_from>", "<![CDATA[example.com]]></header_from>"},
      {"example.com</header_from>", "exam<!-- x -->ple.com</header_from>"},
      {"example.com</header_from>", "ex&#97;mple.c&#x6f;m</header_from>"},
      {"</row>", "<!-- a -- b --></row >"},
      {"<row>", "<row ><?pi data?>"},
      {"<record>", "<record foo='bar' x=\"&lt;\">"},
      {"<record>", "<record\tfoo='b>r'>"},
      {"</feedback>", "</feedback><!-- end -->\r\n"},
      {"</feedback>", "</feedback><?end?>"},
  }));
  CAPTURE(c.with);
  const auto got = read_both(replaced(plain, c.what, c.with));
  REQUIRE(got.report);
  CHECK(got.defects.empty());
  CHECK(got.records == want.records);
  CHECK((got.report == want.report));
}

TEST_CASE("a report with a prefix on every element is read by local names") {
  std::string text;
  for (const char c : plain) text += c == '<' ? std::string("<d:") : std::string(1, c);
  while (text.find("<d:/") != std::string::npos) text = replaced(text, "<d:/", "</d:");
  text =
      replaced(replaced(text, "<d:?", "<?"), "<d:feedback>", "<d:feedback xmlns:d='urn:ietf:params:xml:ns:dmarc-2.0'>");
  const auto got = read_both(text);
  REQUIRE(got.report);
  CHECK(got.report->header.xml_namespace == "urn:ietf:params:xml:ns:dmarc-2.0");
  CHECK(got.report->messages == 3);
  CHECK(got.defects.empty());
}

TEST_CASE("each limit holds at its edge and refuses or cuts one past it") {
  parser::AggregateLimits limits;
  SECTION("depth") {
    limits.depth = 6;  // feedback record auth_results x x x
    const std::string nested = "<auth_results><x><x><x/></x></x>";
    const auto text = report_text(replaced(record_text(1), "<auth_results>", nested));
    CHECK(read_both(text, limits).report);
    limits.depth = 5;
    CHECK(read_both(text, limits).error == "xml-too-deep");
  }
  SECTION("tag length") {
    limits.tag_bytes = 100;
    const auto at_limit = replaced(plain, "<record>", "<record a='" + std::string(100 - 13, 'x') + "'>");
    CHECK(read_both(at_limit, limits).report);
    const auto beyond = replaced(plain, "<record>", "<record a='" + std::string(100 - 12, 'x') + "'>");
    CHECK(read_both(beyond, limits).error == "xml-tag-too-long");
  }
  SECTION("text length") {
    limits.text_bytes = 20;
    const std::string twenty(20, 'i');
    const auto fits = read_both(replaced(plain, "2025.1", twenty), limits);
    CHECK(fits.report->header.metadata.report_id == twenty);
    const auto beyond = read_both(replaced(plain, "2025.1", twenty + "j"), limits);
    CHECK(beyond.report->header.metadata.report_id == twenty);
    CHECK(beyond.count_of("text-too-long") >= 1);
  }
  SECTION("records") {
    limits.records = 2;
    CHECK(read_both(plain, limits).report);
    limits.records = 1;
    CHECK(read_report(plain, {parser::XmlEngine::automatic, 64 * 1024, limits}).error == "too-many-records");
  }
  SECTION("signatures of one row") {
    limits.results_per_row = 2;
    const std::string dkim = "<dkim><domain>a.example</domain><selector>s</selector><result>pass</result></dkim>";
    const auto fits =
        read_both(report_text(replaced(record_text(1), "<auth_results>", "<auth_results>" + dkim)), limits);
    CHECK(fits.records[0].auth_results.dkim.size() == 2);
    CHECK(fits.defects.empty());
    const auto beyond =
        read_both(report_text(replaced(record_text(1), "<auth_results>", "<auth_results>" + dkim + dkim)), limits);
    CHECK(beyond.records[0].auth_results.dkim.size() == 2);
    CHECK(codes_of(beyond) == "too-many-signatures");
  }
  SECTION("defects") {
    limits.defects = 3;
    const std::string odd = replaced(record_text(1), "<count>1", "<count>x");
    CHECK(codes_of(read_both(report_text(odd + odd + odd), limits)) == "bad-count bad-count bad-count");
    const auto beyond = read_both(report_text(odd + odd + odd + odd), limits);
    CHECK(codes_of(beyond) == "bad-count bad-count bad-count defects-omitted");
    CHECK(beyond.defects.back().detail == "1");
  }
  SECTION("prolog") {
    limits.prolog_bytes = 2000;
    CHECK(read_both("<!--" + std::string(1800, 'x') + "-->" + plain, limits).report);
    CHECK(read_report("<!--" + std::string(2100, 'x') + "-->" + plain, {parser::XmlEngine::libxml2, 64 * 1024, limits})
              .error == "prolog-too-long");
  }
}

TEST_CASE("a JSON text behind the root is seen wherever the text is split") {
  struct Case {
    const char* rest;
    bool is_json;
  };
  const auto c = GENERATE(values<Case>({
      {"{\"organization-name\": \"a\"}", true},
      {"\n,\r\n{ \r\n \"a\": 1}\n", true},
      {"<!-- one -->\n{\t\"a\": 1}", true},
      {"{footer}", false},
      {"{", false},
      {"{}", false},
      {"kind regards {\"a\": 1}", false},
      {"<p>{\"a\": 1}</p>", false},
  }));
  CAPTURE(c.rest);
  const std::string text = report_text(record_text(1) + record_text(2)) + c.rest;
  const auto begin = text.size() - std::string_view(c.rest).size() - 5;
  for (std::size_t at = begin; at <= text.size(); ++at)
    for (const std::size_t chunk : {std::size_t{1}, text.size()}) {
      CapturedReport unused;
      test::CapturingSink sink(unused);
      parser::AggregateText parser(sink);
      REQUIRE(parser.feed(std::string_view(text).substr(0, at)));
      for (std::size_t next = at; next < text.size(); next += chunk)
        REQUIRE(parser.feed(std::string_view(text).substr(next, chunk)));
      REQUIRE(parser.finish());
      CAPTURE(at, chunk);
      CHECK(parser.has_json_behind() == c.is_json);
    }
}
