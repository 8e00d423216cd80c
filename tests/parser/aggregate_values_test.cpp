#include <catch2/catch.hpp>

#include "tests/parser/captured_report.hpp"
#include "tests/parser/report_text.hpp"

using namespace ruaudit;
using test::CapturedReport;
using test::read_report;
using test::record_text;
using test::replaced;
using test::report_text;

namespace {

// The report with one record in which `what` is replaced; read by both engines, which must agree.
CapturedReport with_record(std::string_view what, std::string_view with) {
  const std::string text = report_text(replaced(record_text(5), what, with));
  const CapturedReport fast = read_report(text);
  CHECK((fast == read_report(text, {parser::XmlEngine::libxml2, 64 * 1024, {}})));
  REQUIRE(fast.report);
  return fast;
}
CapturedReport with_header(std::string_view what, std::string_view with) {
  const std::string text = replaced(report_text(record_text(5)), what, with);
  const CapturedReport fast = read_report(text);
  CHECK((fast == read_report(text, {parser::XmlEngine::libxml2, 64 * 1024, {}})));
  REQUIRE(fast.report);
  return fast;
}

// The only Defect's "code|detail|row", or what is there instead.
std::string only_defect(const CapturedReport& got) {
  std::string out;
  for (const auto& defect : got.defects)
    out += (out.empty() ? "" : " + ") + defect.code + "|" + defect.detail + "|" + std::to_string(defect.row);
  return out;
}

}  // namespace

// RFC 9990 appendix A; RFC 7489 appendix C
TEST_CASE("a clean report has no defect and every value") {
  const auto got = with_record("", "");
  CHECK(got.defects.empty());
  REQUIRE(got.records.size() == 1);
  const model::Record& record = got.records[0];
  CHECK(record.row_number == 1);
  CHECK(record.line == 13);
  CHECK(record.source_ip->to_string() == "192.0.2.1");
  CHECK(record.count == 5);
  CHECK(record.policy_evaluated.disposition == model::Disposition::none);
  CHECK(record.policy_evaluated.dkim == model::AlignedResult::pass);
  CHECK(record.policy_evaluated.spf == model::AlignedResult::fail);
  CHECK(record.identifiers.header_from == "example.com");
  CHECK(record.identifiers.envelope_from == "bounce.example.com");
  CHECK(record.auth_results.dkim ==
        std::vector<model::DkimAuthResult>{{"example.com", "s1", model::DkimResult::pass, std::nullopt}});
  CHECK(record.auth_results.spf == std::vector<model::SpfAuthResult>{
                                       {"example.com", model::SpfScope::mfrom, model::SpfResult::fail, std::nullopt}});
  const auto& header = got.report->header;
  CHECK(header.metadata.org_name == "reporter.example");
  CHECK(header.metadata.date_range == model::DateRange{1735689600, 1735776000});
  CHECK(header.policy_published.p == model::Policy::reject);
  CHECK(header.policy_published.aspf == model::AlignmentMode::s);
  CHECK(header.policy_published.pct == 100);
  CHECK(got.report->messages == 5);
  CHECK(got.order == std::vector<char>{'p', 'r'});
}

TEST_CASE("an odd value in a record becomes its agreed meaning and one defect with the raw text") {
  struct Case {
    const char *what, *with, *defect;
  };
  const auto c = GENERATE(values<Case>({
      {"<result>fail</result></spf>", "<result>hardfail</result></spf>", "spf-result-mapped|hardfail|1"},
      {"<result>fail</result></spf>", "<result>unknown</result></spf>", "spf-result-mapped|unknown|1"},
      {"<result>fail</result></spf>", "<result>error</result></spf>", "spf-result-mapped|error|1"},
      {"<result>fail</result></spf>", "<result>SoftFail</result></spf>", "letter-case|spf/result: SoftFail|1"},
      {"<result>fail</result></spf>", "<result/></spf>", "spf-result-unknown||1"},
      {"<result>fail</result></spf>", "</spf>", "spf-result-unknown||1"},
      {"<result>fail</result></spf>", "<result>best_guess_pass</result></spf>", "spf-result-unknown|best_guess_pass|1"},
      {"<result>pass</result></dkim>", "<result>invalid</result></dkim>", "dkim-result-mapped|invalid|1"},
      {"<result>pass</result></dkim>", "<result>unknown</result></dkim>", "dkim-result-unknown|unknown|1"},
      {"<result>pass</result></dkim>", "<result>\n PASS </result></dkim>", "letter-case|dkim/result: PASS|1"},
      {"<scope>mfrom</scope>", "<scope>pra</scope>", "spf-scope-unknown|pra|1"},
      {"<disposition>none<", "<disposition>None<", "letter-case|disposition: None|1"},
      {"<disposition>none<", "<disposition>softfail<", "disposition-unknown|softfail|1"},
      {"<disposition>none</disposition>", "<disposition/>", "disposition-unknown||1"},
      {"<disposition>none</disposition>", "", "disposition-missing||1"},
      {"<disposition>none<", "<disposition>pass<", "disposition-pass-in-old-report|pass|1"},
      {"<spf>fail</spf>", "<spf>softfail</spf>", "spf-evaluated-mapped|softfail|1"},
      {"<spf>fail</spf>", "<spf>unknown</spf>", "spf-evaluated-unknown|unknown|1"},
      {"<dkim>pass</dkim>", "<dkim>none</dkim>", "dkim-evaluated-mapped|none|1"},
      {"<dkim>pass</dkim>", "", "dkim-evaluated-missing||1"},
      {"<source_ip>192.0.2.1</source_ip>", "", "no-source-ip||1"},
      {"192.0.2.1", "", "no-source-ip||1"},
      {"192.0.2.1", "localhost", "bad-source-ip|localhost|1"},
      {"192.0.2.1", "::ffff:192.0.2.1", "source-ip-normalised|::ffff:192.0.2.1|1"},
      {"192.0.2.1", "[IPv6:2001:db8::1]", "source-ip-normalised|[IPv6:2001:db8::1]|1"},
      {"192.0.2.1", "192.0.2.1:25", "source-ip-normalised|192.0.2.1:25|1"},
      {"<count>5</count>", "", "no-count||1"},
      {"<count>5<", "<count> <", "no-count||1"},
      {"<count>5<", "<count>0<", "count-zero|0|1"},
      {"<count>5<", "<count>-3<", "bad-count|-3|1"},
      {"<count>5<", "<count>5.0<", "count-fraction|5.0|1"},
      {"<count>5<", "<count>5.5<", "bad-count|5.5|1"},
      {"<count>5<", "<count>+5<", "count-notation|+5|1"},
      {"<count>5<",
       "<count>\xc2\xa0"
       "5\xe2\x80\x8b<",
       "odd-blanks|count: 5|1"},
      {"<count>5<", "<count>many<", "bad-count|many|1"},
      {"<count>5<", "<count>1000000000001<", "count-capped|1000000000001|1"},
      {"<count>5<", "<count>99999999999999999999<", "count-capped|99999999999999999999|1"},
      {"<header_from>example.com<", "<header_from>Example.COM<", "domain-normalised|header_from: Example.COM|1"},
      {"<header_from>example.com<", "<header_from>example.com.<", "domain-normalised|header_from: example.com.|1"},
      {"<header_from>example.com<", "<header_from>a@example.com<", "address-for-domain|header_from: a@example.com|1"},
      {"<header_from>example.com<", "<header_from>exa mple<", "bad-domain|header_from: exa mple|1"},
      {"<header_from>example.com<", "<header_from>http://example.com/<",
       "bad-domain|header_from: http://example.com/|1"},
      {"<header_from>example.com<", "<header_from>\"Example.com\"<",
       "domain-normalised|header_from: \"Example.com\"|1"},
      {"<header_from>example.com<", "<header_from><", "no-header-from||1"},
      {"<header_from>example.com<", "<header_from>other.example, a.example.com<",
       "header-from-list|other.example, a.example.com|1"},
      {">bounce.example.com<", ">&lt;&gt;<", "null-sender|envelope_from: <>|1"},
      {"<dkim><domain>example.com</domain>", "<dkim><domain/>", "empty-dkim-domain||1"},
      {"<spf><domain>example.com</domain>", "<spf>", "empty-spf-domain||1"},
      {"<auth_results>", "<auth_results><dkim><domain/><result/></dkim>", "empty-dkim||1"},
      {"identifiers", "identities", "identities-alias||1"},
      {"</policy_evaluated>", "<reason/></policy_evaluated>", "empty-reason||1"},
      {"</policy_evaluated>", "<reason>HASH(0x1)</reason></policy_evaluated>", "unknown-reason|HASH(0x1)|1"},
      {"</policy_evaluated>", "<reason><type>odd</type></reason></policy_evaluated>", "unknown-reason|odd|1"},
      {"</policy_evaluated>", "<reason><comment>c</comment></reason></policy_evaluated>", "unknown-reason||1"},
      {"<count>5</count>", "<count>5</count><count>6</count>", "duplicate-element|count: 6|1"},
      {"</record>", "<added><explain>x</explain></added></record>", "unknown-element|record/added: x|1"},
      {"</record>", "<e:added>x</e:added></record>", "extension|record/e:added: x|1"},
  }));
  CAPTURE(c.what, c.with);
  std::string with = c.with;
  std::string text = replaced(record_text(5), c.what, with);
  if (with == "identities") text = replaced(text, "</identifiers>", "</identities>");
  const std::string report = report_text(text);
  const CapturedReport got = read_report(report);
  CHECK((got == read_report(report, {parser::XmlEngine::libxml2, 64 * 1024, {}})));
  REQUIRE(got.report);
  CHECK(only_defect(got) == c.defect);
  CHECK_FALSE(got.report->is_damaged);
  CHECK(got.records.size() == 1);
}

TEST_CASE("an odd value in the header becomes one defect") {
  struct Case {
    const char *what, *with, *defect;
  };
  const auto c = GENERATE(values<Case>({
      {"<org_name>reporter.example</org_name>", "", "no-org-name||0"},
      {"<email>dmarc@reporter.example</email>", "<email/>", "no-email||0"},
      {"<report_id>2025.1</report_id>", "", "no-report-id||0"},
      {"<begin>1735689600</begin>", "", "no-date|begin|0"},
      {"<end>1735776000<", "<end>soon<", "date-unreadable|end: soon|0"},
      {"1735689600", "1735689600.0", "date-fraction|begin: 1735689600.0|0"},
      {"1735689600", "1735689600000", "date-milliseconds|begin: 1735689600000|0"},
      {"1735689600", "1735689600000000", "date-microseconds|begin: 1735689600000000|0"},
      {"1735689600", "2025-01-01T00:00:00Z", "date-iso8601|begin: 2025-01-01T00:00:00Z|0"},
      {"1735689600", "2025-01-01 01:00:00+01:00", "date-iso8601|begin: 2025-01-01 01:00:00+01:00|0"},
      {"1735776000", "1735689600", "zero-length-period|1735689600 1735689600|0"},
      {"1735776000", "1735779600", ""},
      {"1735776000", "1735779601", "long-period|1735689600 1735779601|0"},
      {"1735776000", "1735689000", "period-reversed|1735689600 1735689000|0"},
      {"<domain>example.com</domain><adkim>", "<adkim>", "no-policy-domain||0"},
      {"<p>reject</p>", "", "no-p||0"},
      {"<p>reject</p>", "<p>nil</p>", "unknown-policy|p: nil|0"},
      {"<sp>none</sp>", "<sp/>", "empty-sp||0"},
      {"<sp>none</sp>", "", ""},
      {"<pct>100<", "<pct>101<", "bad-pct|101|0"},
      {"<adkim>r<", "<adkim>R<", "letter-case|adkim: R|0"},
      {"<adkim>r<", "<adkim>x<", "unknown-alignment-mode|adkim: x|0"},
      {"<pct>", "<rf>afrf</rf><pct>", "vendor-element|rf: afrf|0"},
      {"<pct>", "<testing>maybe</testing><pct>", "unknown-testing|maybe|0"},
      {"<feedback>", "<feedback xmlns='http//dmarc.org/dmarc-xml/0.1'>",
       "unknown-namespace|http//dmarc.org/dmarc-xml/0.1|0"},
      {"<feedback>", "<feedback xmlns=\"urn:ietf:params:xml:ns:dmarc-2.0\">", ""},
      {"<report_id>2025.1</report_id>", "<report_id>2025.1</report_id><report_id>2</report_id>",
       "duplicate-element|report_id: 2|0"},
      {"  <policy_published>", "<extension><a:b xmlns:a='u'>some</a:b></extension>  <policy_published>",
       "extension|feedback/extension: some|0"},
  }));
  CAPTURE(c.what, c.with);
  const auto got = with_header(c.what, c.with);
  CHECK(only_defect(got) == c.defect);
  CHECK_FALSE(got.report->is_damaged);
  CHECK(got.records.size() == 1);
}

TEST_CASE("dates in every notation are the same instant") {
  const auto text = GENERATE(as<std::string>(), "1735689600", " 1735689600.9 ", "1735689600000", "2025-01-01",
                             "2025-01-01T00:00:00Z", "20250101", "2024-12-31T19:00:00-0500", "2025-01-01T00:00:00.5");
  CAPTURE(text);
  CHECK(with_header("1735689600", text).report->header.metadata.date_range.begin == 1735689600);
}

TEST_CASE("a reversed period is turned round") {
  const auto got = with_header("1735776000", "1735689000");
  CHECK(got.report->header.metadata.date_range == model::DateRange{1735689000, 1735689600});
}

TEST_CASE("a row without usable address or count is kept and not counted") {
  CHECK(with_record("192.0.2.1", "none").report->messages == 0);
  CHECK(with_record("<count>5", "<count>x").report->messages == 0);
  CHECK(with_record("<count>5", "<count>x").records[0].count == std::nullopt);
  CHECK(with_record("<count>5", "<count>0").records[0].count == 0);
  CHECK(with_record("<count>5", "<count>1000000000000").records[0].count == model::max_count);
  CHECK(with_record("<count>5", "<count>1000000000001").records[0].count == model::max_count);
}

TEST_CASE("of a list of names the first at or below the policy domain is the header_from") {
  CHECK(with_record("<header_from>example.com<", "<header_from>other.example, a.example.com<")
            .records[0]
            .identifiers.header_from == "a.example.com");
  CHECK(with_record("<header_from>example.com<", "<header_from>b.example,c.example<")
            .records[0]
            .identifiers.header_from == "b.example");
}

// RFC 9990 appendix A; RFC 7489 appendix C
TEST_CASE("every element of both generations is kept") {
  const std::string text =
      "<feedback xmlns=\"urn:ietf:params:xml:ns:dmarc-2.0\"><version>1.0</version><report_metadata>"
      "<org_name>R</org_name><email>e@r.example</email><extra_contact_info lang=\"de\">Hilfe</extra_contact_info>"
      "<report_id>i</report_id><date_range><begin>1735689600</begin><end>1735775999</end></date_range><error "
      "lang=\"fr\">un</error>"
      "<error>two</error><generator>g 1</generator></report_metadata><policy_published><domain>example.com</domain>"
      "<discovery_method>treewalk</discovery_method><p>none</p><np>reject</np><fo>1:d</fo><testing>y</testing>"
      "</policy_published><record><row><source_ip>2001:db8::1</source_ip><count>1</count><policy_evaluated>"
      "<disposition>pass</disposition><dkim>pass</dkim><spf>fail</spf><reason><type>policy_test_mode</type>"
      "<comment lang='en'>t &amp; c</comment></reason><reason><type>local_policy</type></reason></policy_evaluated>"
      "</row><identifiers><header_from>example.com</header_from><envelope_from></envelope_from>"
      "<envelope_to>to.example</envelope_to></identifiers><auth_results><spf><domain>example.com</domain>"
      "<scope>helo</scope><result>policy</result><human_result lang='x'>h</human_result></spf><dkim>"
      "<domain>example.com</domain><selector>s</selector><result>temperror</result>"
      "<human_result>k&#x21;</human_result></dkim></auth_results></record></feedback>";
  for (const auto engine : {parser::XmlEngine::automatic, parser::XmlEngine::libxml2}) {
    const auto got = read_report(text, {engine, 64 * 1024, {}});
    REQUIRE(got.report);
    CHECK(got.defects.empty());
    const auto& header = got.report->header;
    CHECK(header.version == "1.0");
    CHECK(header.xml_namespace == "urn:ietf:params:xml:ns:dmarc-2.0");
    CHECK(header.metadata.extra_contact_info == model::Text{"Hilfe", "de"});
    CHECK(header.metadata.errors == std::vector<model::Text>{{"un", "fr"}, {"two", ""}});
    CHECK(header.metadata.generator == "g 1");
    CHECK(header.policy_published.discovery_method == model::DiscoveryMethod::treewalk);
    CHECK(header.policy_published.np == model::Policy::reject);
    CHECK(header.policy_published.fo == "1:d");
    CHECK(header.policy_published.testing == true);
    const auto& record = got.records.at(0);
    CHECK(record.policy_evaluated.disposition == model::Disposition::pass);
    CHECK(record.policy_evaluated.reasons.at(0).type == model::OverrideType::policy_test_mode);
    CHECK(record.policy_evaluated.reasons.at(0).comment == model::Text{"t & c", "en"});
    CHECK(record.policy_evaluated.reasons.at(1).type == model::OverrideType::local_policy);
    CHECK(record.identifiers.envelope_from == "");
    CHECK(record.identifiers.envelope_to == "to.example");
    CHECK(record.auth_results.spf.at(0) ==
          model::SpfAuthResult{"example.com", model::SpfScope::helo, model::SpfResult::policy, model::Text{"h", "x"}});
    CHECK(record.auth_results.dkim.at(0) ==
          model::DkimAuthResult{"example.com", "s", model::DkimResult::temperror, model::Text{"k!", ""}});
  }
}

TEST_CASE("U-labels become A-labels") {
  const auto got = with_record("<header_from>example.com<",
                               "<header_from>b\xc3\xbc"
                               "cher.example<");
  CHECK(got.records[0].identifiers.header_from == "xn--bcher-kva.example");
  CHECK(got.count_of("domain-normalised") == 1);
}
