// Broken tags of every element: what stands there in full is read in full.
#include <catch2/catch.hpp>

#include <cctype>

#include "tests/parser/captured_report.hpp"
#include "tests/parser/report_text.hpp"

using namespace ruaudit;
using test::CapturedReport;
using test::read_report;
using test::replaced;

namespace {

const std::string reason =
    "<reason><type>local_policy</type><comment>arc=pass</comment></reason>\n      </policy_evaluated>";
const std::string whole = test::report_text(
    replaced(test::metadata_text, "    <report_id>",
             "    <extra_contact_info>https://reporter.example/</extra_contact_info>\n    <report_id>"),
    replaced(test::policy_text, "<pct>100</pct>", "<np>none</np><pct>100</pct><fo>1</fo>"),
    test::record_text(1) +
        replaced(replaced(test::record_text(2), "</policy_evaluated>", reason), "<result>pass",
                 "<human_result>ok</human_result><result>pass") +
        test::record_text(3));

// Where the tags of the element that begins with `start` in record 2 (or in the header) stand.
struct Place {
  std::size_t start, end;
};
Place place_of(const std::string& name, bool in_record) {
  const std::size_t from = in_record ? whole.find("192.0.2.1</source_ip><count>2<") - 40 : 0;
  const std::size_t start = whole.find("<" + name + ">", from);
  return {start, whole.find("</" + name + ">", start)};
}

CapturedReport read_both(const std::string& text) {
  const CapturedReport fast = read_report(text);
  CHECK((fast == read_report(text, {parser::XmlEngine::libxml2, 64 * 1024, {}})));
  CHECK((fast == read_report(text, {parser::XmlEngine::automatic, 1, {}})));
  return fast;
}

void check_unharmed(const std::string& text) {
  CAPTURE(text);
  const CapturedReport got = read_both(text);
  const CapturedReport want = read_report(whole);
  REQUIRE(got.report);
  CHECK((got.records == want.records));
  CHECK((got.report->header == want.report->header));
  CHECK(got.report->messages == 6);
  CHECK_FALSE(got.defects.empty());
  CHECK(got.count_of("record-dropped") == 0);
}

std::string upper(std::string name) {
  for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}
std::string without_one(const std::string& name) { return name.substr(0, 2) + name.substr(3); }
std::string swapped(std::string name) {
  std::swap(name[1], name[2]);
  return name;
}

struct Element {
  const char* name;
  bool in_record;
};
const std::vector<Element> leaves = {{"org_name", false},
                                     {"email", false},
                                     {"extra_contact_info", false},
                                     {"report_id", false},
                                     {"begin", false},
                                     {"end", false},
                                     {"domain", false},
                                     {"adkim", false},
                                     {"aspf", false},
                                     {"p", false},
                                     {"sp", false},
                                     {"np", false},
                                     {"pct", false},
                                     {"fo", false},
                                     {"source_ip", true},
                                     {"count", true},
                                     {"disposition", true},
                                     {"type", true},
                                     {"comment", true},
                                     {"header_from", true},
                                     {"selector", true},
                                     {"envelope_from", true},
                                     {"human_result", true},
                                     {"result", true},
                                     {"scope", true},
                                     {"dkim", true},
                                     {"spf", true},
                                     {"domain", true}};
const std::vector<Element> containers = {
    {"report_metadata", false}, {"date_range", false},  {"policy_published", false},
    {"record", true},           {"row", true},          {"identifiers", true},
    {"policy_evaluated", true}, {"auth_results", true}, {"reason", true}};

bool can_be_misspelt(const std::string& name) { return name.size() >= 4 && name[1] != name[2]; }

}  // namespace

TEST_CASE("a leaf whose end tag is broken has its value, and so has everything behind it") {
  for (const auto& [name, in_record] : leaves) {
    CAPTURE(name);
    const Place at = place_of(name, in_record);
    REQUIRE(at.end != std::string::npos);
    const std::string tag = "</" + std::string(name) + ">";
    std::vector<std::string> forms = {"",
                                      "/" + std::string(name) + ">",
                                      "</" + std::string(name),
                                      "<" + std::string(name) + ">",
                                      "<" + std::string(name) + "/>",
                                      "</" + std::string(name) + " >",
                                      "</ " + std::string(name) + ">",
                                      "< /" + std::string(name) + ">",
                                      "<\\" + std::string(name) + ">",
                                      "</" + std::string(name) + "/>",
                                      "</" + upper(name) + ">"};
    if (can_be_misspelt(name))
      for (const std::string& wrong : {without_one(name), swapped(name), std::string(name) + "x"})
        forms.push_back("</" + wrong + ">");
    for (const std::string& form : forms) {
      if (form == "</" + std::string(name) + " >") continue;  // XML allows it
      check_unharmed(std::string(whole).replace(at.end, tag.size(), form));
    }
  }
}

TEST_CASE("a leaf whose start tag is broken has its value, and so has everything behind it") {
  for (const auto& [name, in_record] : leaves) {
    CAPTURE(name);
    const bool is_in_text = std::string(name) == "type" || std::string(name) == "comment";  // a reason holds text, too
    if (is_in_text) continue;
    const Place at = place_of(name, in_record);
    const std::string tag = "<" + std::string(name) + ">";
    std::vector<std::string> forms = {std::string(name) + ">", "<" + std::string(name) + " ",
                                      "< " + std::string(name) + ">"};
    if (can_be_misspelt(name))
      for (const std::string& wrong : {without_one(name), swapped(name), std::string(name) + "x"})
        forms.push_back("<" + wrong + ">");
    for (const std::string& form : forms) check_unharmed(std::string(whole).replace(at.start, tag.size(), form));
  }
}

TEST_CASE("a leaf that is misspelt twice, or in other letter case, is the leaf") {
  for (const auto& [name, in_record] : leaves) {
    CAPTURE(name);
    const Place at = place_of(name, in_record);
    std::vector<std::string> names = {upper(name)};
    if (can_be_misspelt(name)) names.push_back(swapped(name));
    for (const std::string& wrong : names) {
      std::string text = whole;
      text.replace(at.end + 2, std::string(name).size(), wrong);
      check_unharmed(text.replace(at.start + 1, std::string(name).size(), wrong));
    }
  }
}

TEST_CASE("a container whose tags are broken has what it holds, and so has everything behind it") {
  for (const auto& [name, in_record] : containers) {
    CAPTURE(name);
    const Place at = place_of(name, in_record && std::string(name) != "record");
    const std::string start = "<" + std::string(name) + ">";
    const std::string end = "</" + std::string(name) + ">";
    std::vector<std::string> ends = {"",    "/" + std::string(name) + ">", "</" + std::string(name),
                                     start, "</" + upper(name) + ">",      "<\\" + std::string(name) + ">"};
    std::vector<std::string> starts = {"<" + upper(name) + ">", "<" + std::string(name),
                                       "< " + std::string(name) + ">"};
    if (can_be_misspelt(name)) {
      ends.push_back("</" + swapped(name) + ">");
      starts.push_back("<" + swapped(name) + ">");
    }
    for (const std::string& form : ends) check_unharmed(std::string(whole).replace(at.end, end.size(), form));
    for (const std::string& form : starts) check_unharmed(std::string(whole).replace(at.start, start.size(), form));
  }
}

TEST_CASE("a row, identifiers or date_range without its tags is read all the same") {
  for (const std::string name : {"row", "identifiers", "date_range", "policy_evaluated"}) {
    CAPTURE(name);
    const Place at = place_of(name, name != "date_range");
    std::string text = whole;
    text.erase(at.end, name.size() + 3);
    check_unharmed(text.erase(at.start, name.size() + 2));
  }
}

TEST_CASE("a root in other letter case, misspelt, half or missing is the root") {
  for (const std::string root : {"<FEEDBACK>", "<Feedback>", "<feedbak>", "< feedback>", "<feedback", "feedback>", ""})
    check_unharmed(replaced(whole, "<feedback>", root));
  for (const std::string end : {"</FEEDBACK>", "</feedbck>", "</feedback", "<feedback>", "/feedback>", ""})
    check_unharmed(replaced(whole, "</feedback>", end));
}

TEST_CASE("a name of the schema inside a text that has its own end tag is text") {
  const auto got = read_both(replaced(whole, "<human_result>ok", "<human_result>the <domain> of <scope> is bad"));
  REQUIRE(got.records.size() == 3);
  CHECK(got.records[1].auth_results.dkim[0].human_result->text == "the <domain> of <scope> is bad");
  CHECK(got.records[1].auth_results.dkim[0].domain == "example.com");
}

TEST_CASE("of a text that a later tag ends, what stands behind a foreign end tag is left out") {
  const auto got =
      read_both(replaced(whole, "dmarc@reporter.example</email>", "dmarc@reporter.example</mail2> <i>x</i>"));
  CHECK(got.report->header.metadata.email == "dmarc@reporter.example");
  CHECK(got.report->header.metadata.report_id == "2025.1");
}

TEST_CASE("a record in the text of another adds nothing") {
  const std::string planted = "<record><row><source_ip>203.0.113.9</source_ip><count>900</count></row></record>";
  const auto got = read_both(replaced(whole, "example.com</header_from>", planted + "</header_from>"));
  for (const auto& record : got.records) CHECK(record.count != 900);
}

TEST_CASE("a plural is another word") {
  const auto got = read_both(replaced(whole, "<count>2", "<counts>7</counts><count>2"));
  CHECK(got.records[1].count == 2);
}
