// Reports that something was put around, or that were escaped, on their way.
#include "tests/parser/read_both.hpp"
#include "tests/parser/report_text.hpp"

using namespace ruaudit;
using test::CapturedReport;
using test::codes_of;
using test::read_both;
using test::record_text;
using test::replaced;
using test::report_text;

namespace {

const std::string plain = report_text(record_text(1) + record_text(2));

}  // namespace

TEST_CASE("a report that stands in a web page is whole, and its defect says where it stood") {
  const CapturedReport want = read_both(plain);
  struct Case {
    const char* rest;
    const char* codes;
    bool is_damaged;
  };
  const auto c = GENERATE(values<Case>({
      {"</pre></body></html>\n", "in-html-page", false},
      {"\n</PRE>\n<p class=\"x\">Kind regards</p> a < b</body>", "trailing-content", true},
      {"</pre><p class=\"x\">Kind regards &amp; thanks</p>", "in-html-page", false},
      {"Kind regards</p>", "in-html-page trailing-content", false},
      {"<preface/>", "trailing-content", true},
      {"</pre", "in-html-page", false},
      {"</feedback>", "trailing-content", true},
  }));
  CAPTURE(c.rest);
  const auto got = read_both(plain + c.rest);
  REQUIRE(got.report);
  CHECK(codes_of(got) == c.codes);
  CHECK(got.report->is_damaged == c.is_damaged);
  CHECK(got.records == want.records);
}

TEST_CASE("an HTML-escaped report is unescaped once") {
  std::string escaped;
  for (const char c : replaced(plain, "example.com</header", "a&amp;b</header")) {
    if (c == '<') {
      escaped += "&lt;";
    } else if (c == '>') {
      escaped += "&gt;";
    } else if (c == '&') {
      escaped += "&amp;";
    } else {
      escaped += c;
    }
  }
  const auto got = read_both("\n" + escaped);
  REQUIRE(got.report);
  CHECK(got.count_of("html-escaped") == 1);
  CHECK(got.records.size() == 2);
  CHECK(got.records[0].identifiers.header_from == "a&b");
  CHECK_FALSE(got.report->is_damaged);
}

namespace {

std::string escaped_for(const std::string& text, const std::string& less) {
  std::string out;
  for (const char c : text) out += c == '<' ? less : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
  return out;
}

}  // namespace

TEST_CASE("any reference to the first bracket begins an escaped report") {
  for (const char* less : {"&lt;", "&#60;", "&#x3c;", "&#x3C;"}) {
    CAPTURE(less);
    const auto got = read_both(escaped_for(plain, less));
    REQUIRE(got.report);
    CHECK(got.records.size() == 2);
    CHECK(codes_of(got) == "html-escaped");
  }
}

TEST_CASE("tags and blanks of the page are none of a report that is escaped in it") {
  std::string page;
  for (const char c : escaped_for(plain, "&lt;")) page += c == '\n' ? "<br class=\"a>\n" : std::string(1, c);
  const auto at = page.find("&lt;record&gt;");
  page.insert(at, "&nbsp;&#160;<p title='a&amp;b'>");
  const auto got = read_both(page + "</p></body>");
  REQUIRE(got.report);
  CHECK(got.records.size() == 2);
  CHECK(codes_of(got) == "html-escaped in-html-page");
  CHECK_FALSE(got.report->is_damaged);
}

TEST_CASE("a bracket in the text of an escaped report that begins no tag is the report's own") {
  auto page = escaped_for(replaced(plain, "example.com</header", "5 MARK 6</header"), "&lt;");
  page.replace(page.find("MARK"), 4, "<");
  const auto got = read_both(page + "</pre></html>");
  REQUIRE(got.report);
  CHECK(got.records.size() == 2);
  CHECK(got.records[0].identifiers.header_from == "5 < 6");
}

TEST_CASE("what follows the end of a CDATA section belongs to the text around it") {
  const auto got = read_both(plain + "\n]]></data><more>x</more>");
  REQUIRE(got.report);
  CHECK(got.records.size() == 2);
  CHECK(codes_of(got) == "in-html-page");
  CHECK_FALSE(got.report->is_damaged);
  CHECK(codes_of(read_both(plain + "]")) == "trailing-content");
  CHECK(codes_of(read_both(plain + "x]]>")) == "in-html-page trailing-content");
}
