// What can be shown: no word of people in any layer, everything else in its place.
#include "jobs/anonymise/anonymiser.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <vector>

#include "ingest/unpack.hpp"
#include "ingest/zip_archive.hpp"
#include "jobs/ingest/failure_mail.hpp"
#include "mail/transfer_decode.hpp"
#include "report/bundle.hpp"

namespace ruaudit::jobs {
namespace {

Anonymiser anonymiser() { return Anonymiser(store::Redactor::create("sixteen octets..").value()); }

std::string cleaned(const std::string& octets) {
  auto one = anonymiser();
  auto out = one.run(octets);
  if (!out) return "error " + out.error().code;
  return *out;
}

// Every leaf of a mail or archive, and the item itself.
class Leaves final : public ingest::PayloadSink {
 public:
  bool begin(const ingest::PayloadInfo& info) override {
    all.push_back(std::string(model::to_text(info.kind)) + ":");
    return true;
  }
  bool chunk(std::string_view octets) override {
    all.back() += octets;
    return true;
  }
  void end(const model::Result<void>&) override {}
  std::vector<std::string> all;
};

std::vector<std::string> leaves(const std::string& octets) {
  ingest::RawItem item;
  item.bytes = ingest::Bytes::from_string(octets);
  Leaves found;
  ingest::unpack(item, {}, found);
  return found.all;
}

std::string kinds(const std::vector<std::string>& all) {
  std::string out;
  for (const auto& leaf : all) out += leaf.substr(0, leaf.find(':')) + " ";
  return out;
}

bool holds(const std::vector<std::string>& all, const std::string& word) {
  for (const auto& leaf : all)
    if (leaf.find(word) != std::string::npos) return true;
  return false;
}

const std::string report_xml =
    "<?xml version=\"1.0\"?>\n<feedback><!-- planted --><report_metadata><org_name>Receiver</org_name>"
    "<email>planted@receiver.example</email><extra_contact_info>ask planted &amp; co</extra_contact_info>"
    "<report_id>1</report_id><date_range><begin>1767225600</begin><end>1767311999</end></date_range></report_metadata>"
    "<policy_published><domain>example.com</domain><p>none</p></policy_published><record><row>"
    "<source_ip>192.0.2.1</source_ip><count>3</count><policy_evaluated><disposition>none</disposition><dkim>fail</dkim>"
    "<spf>fail</spf><reason><type>local_policy</type><comment>arc=pass as[1].d=list.example "
    "as[1].s=k</comment></reason>"
    "</policy_evaluated></row><identifiers><header_from>example.com</header_from><envelope_to>planted@example.net"
    "</envelope_to></identifiers><auth_results><spf><domain>example.com</domain><result>fail</result>"
    "<human_result>planted text</human_result></spf></auth_results></record></feedback>\n";

std::string mail_with(const std::string& packed) {
  return "From: \"Planted Name\" <planted@receiver.example>\r\nSubject: planted things\r\nDate: Thu, 01 Jan 2026 "
         "10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b1\"\r\n\r\npreamble "
         "planted\r\n--b1\r\nContent-Type: text/plain\r\n\r\nDear planted,\r\n--b1\r\nContent-Type: text/html\r\n"
         "Content-Transfer-Encoding: quoted-printable\r\n\r\n<html><a href=3D\"x?planted\">pla=\r\nnted</a></html>\r\n"
         "--b1\r\nContent-Type: application/gzip; name=\"planted.xml.gz\"\r\nContent-Transfer-Encoding: "
         "base64\r\n\r\n" +
         to_base64_lines(packed, "\r\n") +
         "\r\n--b1\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
         to_base64_lines("\x89PNG\r\n planted", "\r\n") + "\r\n--b1--\r\nepilogue planted\r\n";
}

const std::string failure_mail =
    "From: planted@receiver.example\r\nSubject: FW: planted\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/report; report-type=feedback-report; boundary=\"b2\"\r\n\r\n--b2\r\nContent-Type: "
    "text/plain\r\n\r\nplanted words\r\n--b2\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: "
    "auth-failure\r\nVersion: 1\r\nUser-Agent: Receiver/1\r\nAuth-Failure: dmarc\r\nOriginal-Mail-From: "
    "<planted@example.com>\r\nOriginal-Envelope-Id: planted\r\nSource-IP: 192.0.2.9\r\nReported-Domain: example.com\r\n"
    "Arrival-Date: Thu, 01 Jan 2026 09:00:00 +0000\r\nIdentity-Alignment: none\r\nX-Free: planted\r\n"
    "Reported-URI: https://example.com/planted\r\nDKIM-Canonicalized-Body: cGxhbnRlZA==\r\n\r\n--b2\r\nContent-Type: "
    "message/rfc822\r\n\r\nReceived: from sender.example ([192.0.2.9]) by mx.receiver.example for "
    "<planted@receiver.example>;\r\n\tThu, 01 Jan 2026 09:00:00 +0000\r\nDKIM-Signature: v=1; d=example.com; s=s1;\r\n"
    "\ti=planted@example.com; z=Subject:planted; b=AA==\r\nFrom: Planted <planted@example.com>\r\nSubject: =?utf-8?Q?"
    "planted?=\r\n\r\nplanted body\r\n\r\n--b2--\r\n";

}  // namespace

TEST_CASE("anonymise: no layer of a mail keeps a word, and its leaves are the same") {
  const auto zip =
      report::bundle_octets({{"planted/receiver!example.com!1!2.xml", report_xml}, {"b.xml", report_xml}}).value();
  const std::string mail = mail_with(zip);
  const auto before = leaves(mail);
  REQUIRE(holds(before, "planted"));
  auto one = anonymiser();
  const auto out = one.run(mail);
  REQUIRE(out);
  const auto after = leaves(*out);
  CHECK(kinds(before).find("aggregate_xml aggregate_xml") != std::string::npos);
  for (const auto& leaf : after) {
    CAPTURE(leaf);
    CHECK(leaf.find("planted") == std::string::npos);
  }
  CHECK(kinds(after).find("aggregate_xml aggregate_xml") != std::string::npos);
  CHECK(out->find("lanted") == std::string::npos);
  CHECK(out->find("--b1\r\nContent-Type: text/html\r\n") != std::string::npos);
  CHECK(out->find("Thu, 01 Jan 2026 10:00:00 +0000") != std::string::npos);
  CHECK(one.counts().xml == 2);
  CHECK(one.counts().replaced == 1);
}

TEST_CASE("anonymise: of XML stays what a report says, not what people write") {
  const auto out = cleaned(report_xml);
  CAPTURE(out);
  CHECK(out.find("planted") == std::string::npos);
  for (const char* kept : {"<org_name>Receiver</org_name>", "@receiver.example</email>", "&amp;", "<report_id>1<",
                           "<count>3</count>", "arc=pass as[1].d=list.example", "@example.net</envelope_to>", "<!--",
                           "<source_ip>192.0.2.1</source_ip>", "<human_result>"})
    CHECK(out.find(kept) != std::string::npos);
  CHECK(cleaned(std::string("\xff\xfe<\0f\0e\0", 8)) == "error anonymise-unsupported");
}

TEST_CASE("anonymise: a CDATA section is text to its end, whatever it holds") {
  const auto text = [](const std::string& inner) {
    return "<feedback><report_metadata><extra_contact_info><![CDATA[" + inner +
           "]]></extra_contact_info><org_name>Receiver</org_name></report_metadata></feedback>";
  };
  const auto out = cleaned(text("ask <b>planted</b> > planted ]> planted"));
  CAPTURE(out);
  CHECK(out.find("planted") == std::string::npos);
  CHECK(out.find("<org_name>Receiver</org_name>") != std::string::npos);
  CHECK(out.find("]]></extra_contact_info>") != std::string::npos);
  CHECK(out.size() == text("ask <b>planted</b> > planted ]> planted").size());
}

TEST_CASE("anonymise: names in an archive say no more than who reports for whom") {
  const auto zip = report::bundle_octets({{"planted/receiver!example.com!1!2.xml", report_xml},
                                          {"planted.planted@example.com/planted.planted.xml", report_xml},
                                          {"planted", report_xml}});
  const auto out = cleaned(zip.value());
  const auto archive = ingest::ZipArchive::open(ingest::Bytes::from_string(out), {}).value();
  REQUIRE(archive.entries() == 3);
  for (std::uint64_t n = 0; n < 3; ++n) {
    CAPTURE(archive.name(n));
    CHECK(archive.name(n).find("planted") == std::string::npos);
  }
  CHECK(archive.name(0).ends_with("/receiver!example.com!1!2.xml"));
  CHECK(archive.name(1).ends_with(".xml"));  // a known ending; any other word is people's
  CHECK(cleaned(zip.value()) == out);
}

TEST_CASE("anonymise: an archive keeps all its members, also those of one name") {
  std::string twice = report::bundle_octets({{"a/l.xml", report_xml}, {"a/m.xml", report_xml}}).value();
  for (auto at = twice.find("a/m.xml"); at != std::string::npos; at = twice.find("a/m.xml")) twice[at + 2] = 'l';
  const auto read = [](const std::string& octets) {
    return ingest::ZipArchive::open(ingest::Bytes::from_string(octets), {}).value();
  };
  REQUIRE(read(twice).name(1) == "a/l.xml");
  const auto archive = read(cleaned(twice));
  REQUIRE(archive.entries() == 2);
  CHECK(archive.name(1).ends_with("-2.xml"));
  CHECK(cleaned(report::bundle_octets({}).value()) == report::bundle_octets({}).value());
}

TEST_CASE("bundle: without members it is an archive all the same, and no name is there twice") {
  CHECK(report::bundle_octets({}).value().size() == 22);
  CHECK(report::bundle_octets({{"a", "1"}, {"a", "2"}}).error().code == "bundle");
  CHECK(report::bundle_octets({{"\xff", "1"}}).error().code == "bundle");
}

TEST_CASE("anonymise: each member of a large mbox is looked at once") {
  for (const std::string line_end : {"\n", "\r\n"}) {
    CAPTURE(line_end == "\n");
    std::string mbox;
    for (int n = 0; n < 20'000; ++n)
      mbox += "From planted@example.net Thu Jan  1 10:00:00 2026" + line_end + "Subject: planted" + line_end +
              line_end + "planted &" + std::string(100, '&') + line_end + line_end;
    const auto begin = std::chrono::steady_clock::now();
    const auto out = cleaned(mbox);
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(20));
    CHECK(out.find("planted") == std::string::npos);
    CHECK(out.find("@example.net Thu Jan  1 10:00:00 2026" + line_end + "Subject:") != std::string::npos);
  }
}

TEST_CASE("anonymise: a failure report still says what it said") {
  const auto out = cleaned(failure_mail);
  CAPTURE(out);
  CHECK(out.find("lanted") == std::string::npos);
  CHECK(out.find("cGxhbnRlZA") == std::string::npos);
  const auto read = [](const std::string& octets) {
    return read_failure_report(ingest::Bytes::from_string(octets), {});
  };
  const auto before = read(failure_mail);
  const auto after = read(out);
  CHECK(after.kind == before.kind);
  CHECK(after.container == before.container);
  CHECK(after.claims.source_ip == before.claims.source_ip);
  CHECK(after.claims.arrival_date == before.claims.arrival_date);
  CHECK(after.claims.auth_failures == before.claims.auth_failures);
  CHECK(after.claims.reported_domains == before.claims.reported_domains);
  CHECK(after.claims.dkim_canonicalized_body.has_value());
  CHECK(after.claims.original_mail_from->ends_with("@example.com"));
  CHECK(after.sample.extent == before.sample.extent);
  CHECK(after.sample.octets.find("d=example.com; s=s1;") != std::string::npos);
  CHECK(after.defects.size() == before.defects.size());
}

TEST_CASE("anonymise: one key gives one result, another key another") {
  CHECK(cleaned(failure_mail) == cleaned(failure_mail));
  Anonymiser other(store::Redactor::create("another 16 octets").value());
  CHECK(*other.run(failure_mail) != cleaned(failure_mail));
}

TEST_CASE("anonymise: what cannot be cleaned is refused, or gone") {
  CHECK(cleaned("7z\xBC\xAF\x27\x1C......") == "error anonymise-unsupported");
  std::string deep = report_xml;
  for (int n = 0; n < 10; ++n) deep = report::bundle_octets({{"x.zip", deep}}).value();
  auto one = anonymiser();
  const auto out = one.run(deep);
  REQUIRE(out);
  CHECK(one.counts().replaced == 1);  // the entry of the outermost, whole
  CHECK(one.counts().xml == 0);
  CHECK_FALSE(holds(leaves(*out), "example.com"));
}

TEST_CASE("encodings: what is written is read back") {
  for (const std::string& text : {std::string(), std::string("a"), std::string("ab"), std::string("abc"),
                                  std::string(200, 'x'), std::string("=\xff \r\nend \t"), std::string("a b\nc=d\n")}) {
    CAPTURE(text);
    std::string plain;
    ingest::Base64Decoder base64;
    base64.decode(to_base64_lines(text, "\r\n"), plain);
    base64.finish(plain);
    CHECK(plain == text);
    std::string quoted;
    ingest::QuotedPrintableDecoder decoder;
    decoder.decode(to_quoted_printable(text), quoted);
    decoder.finish(quoted);
    CHECK(quoted == text);
  }
}

TEST_CASE("of JSON the members of a TLS report stay, and no other name or text") {
  const auto text = cleaned(R"({"organization-name": "Sender", "contact-info": "Call Rosalind, +49 30 1234",
    "report-id": "r1", "private diary": {"Rosalind": ["kept \u0053ecrets", true, 17]}, "date-range": {},
    "policies": [{"policy": {"policy-type": "sts", "policy-domain": "example.com", "mx-host": "mx.example.com"},
      "failure-details": [{"result-type": "certificate-expired", "additional-information": "told by Rosalind",
        "failure-reason-code": "Rosalind said 550", "failed-session-count": 3}]}]})");
  for (const char* word : {"Rosalind", "diary", "ecrets", "told", "said", "Call"}) {
    CAPTURE(word);
    CHECK(text.find(word) == std::string::npos);
  }
  for (const char* word : {"\"organization-name\": \"Sender\"", "\"policy-domain\": \"example.com\"",
                           "certificate-expired", "\"failed-session-count\": 3", "true", "\"private", "17"}) {
    CAPTURE(word);
    CHECK((text.find(word) != std::string::npos) == (std::string_view(word) != "\"private"));
  }
  CHECK(cleaned(R"({"contact-info": "Rosalind@example.com", "report-id": "r", "policies": []})").find("@example.com") !=
        std::string::npos);
}

TEST_CASE("in JSON a text is of the member that it belongs to, not of the one before") {
  const std::string head = R"({"organization-name": "Sender", "report-id": "r1", "policies": [)";
  for (const std::string& rest : {
           std::string(R"({"policy": {"policy-domain": "d.example"}}, "Dear Rosalind"]})"),
           std::string(R"(], "x": [{"report-id": "a"}, "Rosalind said"]})"),
           std::string(R"({"policy-domain": "d.example", "Rosalind"}]})"),
           std::string(R"({"mx-host": ["mx.d.example"]}, "Rosalind"]})"),
           std::string(R"({"report-id": {}}}}, "Rosalind"]})"),
       })
    CHECK(cleaned(head + rest).find("Rosalind") == std::string::npos);
  CHECK(cleaned(head + R"({"policy": {"mx-host": ["mx1.d.example", "mx2.d.example"]}}]})").find("mx2.d.example") !=
        std::string::npos);
}

TEST_CASE("JSON that is broken stays broken where it was, without its words") {
  const auto text =
      cleaned(R"({"organization-name": "Sender", "report-id": "r1", "policies": [{"note": "Rosalind", "policy")");
  CHECK(text.starts_with(R"({"organization-name": "Sender", "report-id": "r1", "policies": [{")"));
  CHECK(std::count(text.begin(), text.end(), '"') == 16);
  CHECK(text.find("Rosalind") == std::string::npos);
}

}  // namespace ruaudit::jobs
