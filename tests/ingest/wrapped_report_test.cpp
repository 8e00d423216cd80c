// Reports that something put into another text on their way: what can be undone safely is, all else is refused.
#include <catch2/catch.hpp>

#include "ingest/quoted_lines.hpp"
#include "ingest/sniff_detail.hpp"
#include "tests/ingest/package_fixture.hpp"

using namespace ruaudit;
using namespace ruaudit::ingest;
using namespace ruaudit::ingest::test;

namespace {

using Texts = std::vector<std::string>;

const std::string xml =
    "<?xml version=\"1.0\"?>\n<feedback>\n <report_metadata><org_name>a reporter with quite a long name of its "
    "own</org_name></report_metadata>\n <policy_published/>\n</feedback>\n";

std::string escaped(const std::string& text, const std::string& less = "&lt;", const std::string& more = "&gt;") {
  std::string out;
  for (const char c : text) out += c == '<' ? less : c == '>' ? more : c == '&' ? "&amp;" : std::string(1, c);
  return out;
}

std::string quoted(const std::string& text, const std::string& mark) {
  std::string out = mark;
  for (std::size_t at = 0; at < text.size(); ++at) {
    out += text[at];
    if (text[at] == '\n' && at + 1 < text.size()) out += mark;
  }
  return out;
}

std::string quoted_printable(const std::string& text) {
  std::string out;
  std::size_t column = 0;
  for (const char c : text) {
    if (c == '\r') continue;
    if (column >= 72 && c != '\n') {
      out += "=\r\n";
      column = 0;
    }
    out += c == '=' ? "=3D" : c == '\n' ? "\r\n" : std::string(1, c);
    column = c == '\n' ? 0 : column + 1;
  }
  return out;
}

std::string with_returns(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? "\r\n" : std::string(1, c);
  return out;
}

std::string wide(const std::string& text, bool is_little) {
  std::string out;
  for (const char c : text) out += is_little ? std::string{c, '\0'} : std::string{'\0', c};
  return out;
}

Texts defects_of(const Unpacked& unpacked) {
  Texts out;
  for (const auto& payload : unpacked.result.payloads)
    for (const auto& defect : payload.defects) out.push_back(defect.code);
  return out;
}

}  // namespace

TEST_CASE("a report that is escaped once is handed to the parser from its first escaped octet on") {
  for (const std::string& text :
       {escaped(xml), escaped(xml, "&#60;", "&#62;"), escaped(xml, "&#x3C;", "&#x3e;"), escaped(xml, "&#060;", ">"),
        escaped(xml, "&LT;", "&GT;"), escaped(xml.substr(xml.find("<feedback")))}) {
    CAPTURE(text.substr(0, 30));
    CHECK(unpack_text(text).texts() == Texts{text});
    CHECK(unpack_text("Hello,\n\n" + text).texts() == Texts{text});
    CHECK(unpack_text("<string xmlns=\"urn:x\">" + text + "</string>").texts() == Texts{text + "</string>"});
    CHECK(unpack_text("<html><body><pre>" + text + "</pre></body></html>").texts() ==
          Texts{text + "</pre></body></html>"});
  }
  std::string all;
  for (const char c : xml) all += "&#" + std::to_string(static_cast<int>(c)) + ";";
  CHECK(unpack_text(all).texts() == Texts{all});
}

TEST_CASE("a report in a CDATA section is handed to the parser without what stands in front") {
  CHECK(unpack_text("<?xml version=\"1.0\"?>\n<data><![CDATA[\n" + xml + "]]></data>").texts() ==
        Texts{xml + "]]></data>"});
}

TEST_CASE("a report that is escaped more than once, or is told in JSON, is refused and no letter") {
  const std::string twice = escaped(escaped(xml));
  for (const std::string& text :
       {twice, "Hello,\n\n" + twice, "<html><body>" + twice + "</body></html>", escaped(escaped(xml), "&#60;", "&#62;"),
        std::string("{\"report\": \"<?xml version=\\\"1.0\\\"?><feedback><report_metadata/><policy_published/>\"}"),
        std::string("[{\"report_metadata\": {}, \"policy_published\": {}, \"records\": []}]")}) {
    CAPTURE(text.substr(0, 40));
    CHECK(unpack_text(text).errors() == Texts{"unsupported-wrapped-report"});
  }
  CHECK(unpack_text("They write &amp;lt;feedback&amp;gt; around it.").errors().empty());
  CHECK(unpack_text("{\"policy_published\": {}}").errors().empty());
}

TEST_CASE("a report that a mail program quoted is read without the marks") {
  for (const std::string mark : {"> ", ">", ">> ", "> > ", ">>> "}) {
    CAPTURE(mark);
    const auto unpacked = unpack_text("You wrote:\n\n" + quoted(xml, mark));
    CHECK(unpacked.texts() == Texts{xml});
    CHECK(defects_of(unpacked) == Texts{"quoted-lines"});
  }
  CHECK(unpack_text(quoted(escaped(xml), "> ")).texts() == Texts{escaped(xml)});
  CHECK(unpack_text(quoted(with_returns(xml), "> ")).texts() == Texts{with_returns(xml)});
}

TEST_CASE("marks of a reply are taken away as many as the first line has, at any split") {
  const std::string text = ">> <a>\n>> >b\n> c\n\nd > e\n>>  f";
  for (std::size_t chunk = 1; chunk <= text.size(); ++chunk) {
    QuotedLinesDecoder decoder;
    std::string out;
    for (std::size_t at = 0; at < text.size(); at += chunk) decoder.decode(text.substr(at, chunk), out);
    decoder.finish(out);
    CAPTURE(chunk);
    CHECK(out == "<a>\n>b\nc\n\nd > e\n f");
  }
}

TEST_CASE("quoted-printable that nothing declares, or that was applied twice, is undone") {
  const std::string encoded = quoted_printable(xml);
  const auto file = unpack_text(encoded);
  CHECK(file.texts() == Texts{with_returns(xml)});
  CHECK(defects_of(file) == Texts{"encoded-twice"});
  const std::string head = "From: a@b.example\r\nSubject: x\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n";
  CHECK(unpack_text(head + quoted_printable(encoded)).texts() == Texts{with_returns(xml)});
  CHECK(unpack_text(head + encoded).texts() == Texts{with_returns(xml)});
  const std::string bare = encoded.substr(encoded.find("<feedback"));
  CHECK(unpack_text(bare).texts() == Texts{with_returns(xml.substr(xml.find("<feedback")))});
}

TEST_CASE("an equals sign of the report's own is no encoding") {
  for (const std::string& text :
       {xml,
        std::string("<feedback><report_metadata><extra_contact_info>https://a.example/?q=3Dx&amp;r=yes"
                    "</extra_contact_info></report_metadata></feedback>"),
        std::string("<feedback>\n<a>x=\n</a></feedback>")}) {
    CAPTURE(text);
    CHECK(unpack_text(text).texts() == Texts{text});
  }
}

TEST_CASE("UTF-16 without a byte order mark is seen behind blanks and where it is escaped") {
  for (const bool is_little : {true, false})
    for (const std::string& text : {xml, "\r\n" + xml, escaped(xml)}) {
      CAPTURE(is_little, text.substr(0, 10));
      CHECK(unpack_text(wide(text, is_little)).texts() == Texts{wide(text, is_little)});
    }
}

TEST_CASE("an SMTP TLS report behind words, quoted or in a page is read, or refused where it is escaped") {
  const std::string json = "{\n \"organization-name\": \"reporter\",\n \"policies\": [{\"summary\": {}}]\n}\n";
  CHECK(unpack_text("Here it is:\n\n" + json).texts(PayloadKind::tls_report) == Texts{json});
  CHECK(unpack_text("Hello,\n\n" + quoted(json, "> ")).texts(PayloadKind::tls_report) == Texts{json});
  CHECK(unpack_text("<html><pre>" + json + "</pre></html>").texts(PayloadKind::tls_report).size() == 1);
  std::string page = "<html><pre>";
  for (const char c : json) page += c == '"' ? "&quot;" : std::string(1, c);
  CHECK(unpack_text(page + "</pre></html>").errors() == Texts{"unsupported-wrapped-report"});
}

TEST_CASE("members of an SMTP TLS report may come in any order, behind words with braces of their own") {
  const std::string json =
      "{\n \"contact-info\": \"a@b.example\",\n \"date-range\": {\"start-datetime\": \"x\"},\n \"organization-name\": "
      "\"reporter\",\n \"policies\": [{\"summary\": {}}]\n}\n";
  for (const std::string before : {"Here it is:\n\n", "Hello {name},\n\n", ": { a smile\n\n", "[EXTERNAL]\n\n"}) {
    CAPTURE(before);
    CHECK(unpack_text(before + json).texts(PayloadKind::tls_report) == Texts{json});
  }
  CHECK(unpack_text("You wrote:\n\n" + quoted(json, "> ")).texts(PayloadKind::tls_report) == Texts{json});
}

TEST_CASE("a word in brackets in front of a report makes it no JSON") {
  for (const std::string word : {"[EXTERNAL] ", "[ Caution: from outside ]\n\n"}) {
    CAPTURE(word);
    CHECK(unpack_text(word + xml).texts() == Texts{xml});
    CHECK(unpack_text(word + escaped(xml)).texts() == Texts{escaped(xml)});
    CHECK(unpack_text(word + "\n\n" + base64_of(gzip_of(report))).texts() == Texts{report});
  }
}

TEST_CASE("quoted-printable is seen wherever the look at it ends") {
  const std::string encoded = quoted_printable(xml);
  for (std::size_t size = encoded.find("=\r\n") + 1; size <= encoded.size(); ++size) {
    CAPTURE(size);
    CHECK(sniff_text(encoded.substr(0, size), Prefix::whole).kind == PayloadKind::quoted_printable);
  }
}

TEST_CASE("a JSON text that only speaks of the elements of a report is none") {
  for (const std::string text : {"[\"report_metadata\", \"policy_published\"]",
                                 "{\"shows\": \"policy_published before report_metadata\", \"records\": 3}",
                                 "{\"notes\": [\"report_metadata is missing\", \"policy_published\"]}"}) {
    CAPTURE(text);
    CHECK(unpack_text(text).errors().empty());
  }
}

TEST_CASE("an archive in base64 is found where a mail program quoted it, in a page and in a link") {
  const std::string lines = base64_of(gzip_of(report));
  std::string flat;
  for (const char c : lines)
    if (c != '\r' && c != '\n') flat += c;
  for (const std::string& text :
       {"You wrote:\r\n" + quoted(lines, "> "), "<html><body><pre>\r\n" + lines + "</pre></body></html>",
        "<html><a href=\"data:application/gzip;base64," + flat + "\">report</a></html>"}) {
    CAPTURE(text.substr(0, 40));
    CHECK(unpack_text(text).texts() == Texts{report});
  }
  CHECK(unpack_text("<html><img src=\"data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==\"></html>").texts().empty());
}

TEST_CASE("what is a report in a form that is not opened is refused, with what to do") {
  const std::string uuencoded = "Attached.\n\nbegin 644 report.xml.gz\n#86)C\n`\nend\n";
  CHECK(unpack_text(uuencoded).errors() == Texts{"unsupported-uuencode"});
  CHECK(unpack_text("We begin 644 new lines\nbegin 12 a\nbegin again\n").errors().empty());
  CHECK(unpack_text(std::string("!BDN\x01\x02\x03\x04SM\x17\0", 12) + std::string(600, '\x03')).errors() ==
        Texts{"unsupported-outlook-store"});
  const auto fragment = unpack_text(
      "From: a@b.example\r\nSubject: x\r\nContent-Type: message/partial; id=a; number=2; "
      "total=2\r\n\r\nH4sIAAAA\r\n");
  CHECK(fragment.errors() == Texts{"message-partial"});
}

TEST_CASE("an office document is no report that cannot be read, but may hold one") {
  const std::string word = "<w:document><w:t>minutes</w:t></w:document>";
  const auto minutes = unpack_text(zip_of({{"[Content_Types].xml", "<Types/>"}, {"word/document.xml", word}}));
  CHECK(minutes.errors().empty());
  CHECK(minutes.result.payloads.size() == 2);
  for (const auto& payload : minutes.result.payloads) CHECK(payload.info.kind == PayloadKind::not_a_report);
  CHECK(unpack_text(zip_of({{"mimetype", "application/x"}, {"content.xml", word}, {"r.xml", report}})).texts() ==
        Texts{report});
}
