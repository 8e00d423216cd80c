#include "tests/growth/grammar.hpp"

#include <algorithm>

#include "ingest/unpack.hpp"
#include "jobs/anonymise/anonymiser.hpp"
#include "jobs/ingest/failure_mail.hpp"
#include "mail/header_field.hpp"
#include "model/failure_sample.hpp"
#include "parser/aggregate_report_parser.hpp"
#include "parser/report_hints.hpp"
#include "parser/tls/report_parser.hpp"
#include "store/failure/redaction.hpp"
#include "verify/authres/authres.hpp"
#include "verify/dkim/canonical.hpp"
#include "verify/dkim/key_record.hpp"
#include "verify/dkim/signature.hpp"
#include "verify/dmarc/author_domain.hpp"
#include "verify/dmarc/record.hpp"
#include "verify/dns/evidence.hpp"
#include "verify/dns/zone.hpp"
#include "verify/message/message.hpp"
#include "verify/spf/record.hpp"
#include "verify/srs/srs.hpp"
#include "verify/trace/received.hpp"
#include "verify/trace/session_facts.hpp"

namespace ruaudit::growth {
namespace {

const Texts zone = {"a ",  "a\n",          "(",           ")",
                    "\"",  "\\",           ";",           ";\n",
                    " ",   "\n ",          "a TXT b\n",   "a TXT \"b\" ",
                    "@",   "$INCLUDE a\n", "$ORIGIN a\n", "$TTL 1\n",
                    "a. ", "\\1",          "\xff",        std::string(1, '\0')};

struct NullRecords : model::RecordSink {
  void policy(const model::PolicyPublished&) override {}
  void record(const model::Record&) override {}
  void defect(const model::Defect&) override {}
};

void read_xml(std::string_view text) {
  constexpr std::size_t chunk = 65'536;
  NullRecords sink;
  parser::AggregateReportParser reader(sink);
  bool is_wanted = true;
  for (std::size_t at = 0; is_wanted && at < text.size(); at += chunk) {
    is_wanted = reader.feed(text.substr(at, chunk)).has_value();
    while (is_wanted && reader.has_next_document()) {
      static_cast<void>(reader.finish());
      is_wanted = reader.next_document().has_value();
    }
  }
  static_cast<void>(reader.finish());
}

struct NullPayloads : ingest::PayloadSink {
  bool begin(const ingest::PayloadInfo&) override { return true; }
  bool chunk(std::string_view) override { return true; }
  void end(const model::Result<void>&) override {}
};

void open_mail(std::string_view text) {
  NullPayloads sink;
  const ingest::RawItem item{.source = "s",
                             .locator = {},
                             .kind = ingest::ItemKind::mbox_member,
                             .modified = 0,
                             .bytes = ingest::Bytes::from_string(std::string(text))};
  static_cast<void>(ingest::unpack(item, {}, sink));
}

void open_file(std::string_view text) {
  NullPayloads sink;
  const ingest::RawItem item{.source = "s",
                             .locator = {},
                             .kind = ingest::ItemKind::file,
                             .modified = 0,
                             .bytes = ingest::Bytes::from_string(std::string(text))};
  static_cast<void>(ingest::unpack(item, {}, sink));
}

void read_fields(std::string_view text) {
  ingest::FieldReader reader(text);
  while (const auto field = reader.next()) static_cast<void>(ingest::decoded_text(field->value, 2000));
  static_cast<void>(ingest::parameter(text, "name"));
  static_cast<void>(ingest::boundary_parameter(text));
}

void read_failure(std::string_view text) {
  const auto report = jobs::read_failure_report(ingest::Bytes::from_string(std::string(text)), {});
  static_cast<void>(model::identity_text(report));
  static_cast<void>(model::repaired_sample(report));
}

void read_message(std::string_view text) {
  const std::string owned(text);
  const auto mail = verify::message::Message::view(owned);
  if (!mail) return;
  static_cast<void>(verify::trace::session_facts(mail->fields()));
  for (const auto form : {verify::dkim::Canonicalization::simple, verify::dkim::Canonicalization::relaxed})
    static_cast<void>(verify::dkim::canonical_body(mail->body(), form));
}

const store::Redactor& redactor() {
  static const auto made = *store::Redactor::create("a key of more than sixteen octets");
  return made;
}

struct NullTls final : model::TlsSink {
  bool policy(const model::TlsPolicy&) override { return true; }
  bool failure(const model::TlsFailure&) override { return true; }
  void defect(const model::Defect&) override {}
};

void read_tls(std::string_view text) {
  std::size_t at = 0;
  parser::tls::JsonText json(
      [&] {
        const auto piece = text.substr(std::min(at, text.size()), 65'536);
        at += piece.size();
        return piece;
      },
      parser::tls::TlsLimits{}.token_octets);
  NullTls sink;
  for (int document = 0; document < 1000 && json.find_text(); ++document)
    if (const auto report = parser::tls::parse_tls_report(json, {}, {}, sink); !report || report->is_damaged) return;
}

void anonymise(std::string_view text) { static_cast<void>(jobs::Anonymiser(redactor()).run(text)); }

}  // namespace

std::vector<Grammar> grammars() {
  const std::string head = "<?xml version=\"1.0\"?><feedback>";
  const std::string record = head + "<policy_published><p>none</p></policy_published><record>";
  const std::string mail = "From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n";
  const std::string arf =
      "From: a@b.example\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n"
      "Content-Type: message/feedback-report\n\nFeedback-Type: auth-failure\nVersion: 1\n";
  const std::string sample = arf + "\n--b\nContent-Type: message/rfc822\n\n";
  const std::string report = "{\"organization-name\":\"S\",\"report-id\":\"r\",";
  return {
      {"xml-prolog", "", "", tags, read_xml},
      {"xml-root", head, "", tags, read_xml},
      {"xml-leaf", head + "<report_metadata><org_name>", "", tags, read_xml},
      {"xml-record", record, "", tags, read_xml},
      {"xml-count", record + "<row><count>", "", tags, read_xml},
      {"xml-reason", record + "<row><policy_evaluated><reason>", "", tags, read_xml},
      {"xml-unknown", head + "<unknown>", "", tags, read_xml},
      {"xml-epilog", head + "</feedback>", "", tags, read_xml},
      {"xml-tag", head + "<a ", "", {"a", " ", "a='b' ", "a ", "=", "\n"}, read_xml},
      {"xml-utf16",
       std::string("\xff\xfe<\0f\0e\0e\0d\0b\0a\0c\0k\0>\0", 22),
       "",
       {std::string("<\0", 2), std::string("\0\xd8", 2)},
       read_xml},
      {"xml-escaped", "&lt;feedback&gt;", "", {"&", "&lt;", "&amp;", "&lt;count&gt;", "&#", ";"}, read_xml},
      {"mail-header", "", "\n\nbody\n", lines, open_mail},
      {"mail-body", mail, "", lines, open_mail},
      {"mail-part", mail + "--b\nContent-Transfer-Encoding: base64\n\n", "", lines, open_mail},
      {"mail-quoted-printable", mail + "--b\nContent-Transfer-Encoding: quoted-printable\n\n", "", lines, open_mail},
      {"file", "", "", lines, open_file},
      {"mbox", "From a@b Thu Jan  1 00:00:00 2026\nA: b\n\n", "", lines, open_file},
      {"header-field", "Subject: ", "\n", marks, read_fields},
      {"content-type", "text/plain; ", "", marks, read_fields},
      {"subject", "Report Domain: a Submitter: b ", "", marks,
       [](std::string_view text) {
         model::ReportHeader header;
         static_cast<void>(parser::fill_gaps(
             header, {.file_name = std::string(text), .subject = std::string(text), .from = std::string(text)}));
       }},
      {"arf-field", arf + "Authentication-Results: a; ", "\n\n--b--\n", marks, read_failure},
      {"arf", arf, "", lines, read_failure},
      {"arf-sample", sample, "", lines, read_failure},
      {"arf-sample-field", sample + "From: ", "\n\nbody\n", marks, read_failure},
      {"prose",
       "From: a@b.example\n\nThis is a spf/dkim authentication-failure report for an email message received from IP "
       "192.0.2.1\n",
       "", lines, read_failure},
      {"message", "", "", lines, read_message},
      {"message-from", "From: ", "\n\nbody\n", marks, read_message},
      {"received", "Received: ", "\n\nbody\n", marks, read_message},
      {"authres-field", "Authentication-Results: a; ", "\n\nbody\n", marks, read_message},
      {"authres", "a.example; ", "", marks,
       [](std::string_view text) { static_cast<void>(verify::authres::write(verify::authres::parse(text))); }},
      {"trace", "", "", marks,
       [](std::string_view text) {
         static_cast<void>(verify::trace::parse_received(text));
         static_cast<void>(verify::trace::parse_received_spf(text));
         static_cast<void>(verify::trace::parse_return_path(text));
         static_cast<void>(verify::srs::recognise(text, 1'767'225'600));
       }},
      {"srs", "SRS0=", "@a.example", marks,
       [](std::string_view text) { static_cast<void>(verify::srs::recognise(text, 1'767'225'600)); }},
      {"from", "", "", marks,
       [](std::string_view text) {
         const std::vector<std::string_view> values = {text};
         static_cast<void>(verify::dmarc::find_authors(values));
       }},
      {"dkim", "v=1; a=rsa-sha256; d=a.example; s=s; ", "", marks,
       [](std::string_view text) {
         static_cast<void>(verify::dkim::parse_signature(text, verify::dkim::SignatureKind::dkim));
       }},
      {"dkim-key", "v=DKIM1; ", "", marks,
       [](std::string_view text) { static_cast<void>(verify::dkim::parse_key_record(text)); }},
      {"dmarc", "v=DMARC1; ", "", marks,
       [](std::string_view text) { static_cast<void>(verify::dmarc::parse_record(text, verify::dmarc::Rules{})); }},
      {"spf", "v=spf1 ", "", marks, [](std::string_view text) { static_cast<void>(verify::spf::parse_record(text)); }},
      {"redaction-from", "From: ", "\n", marks,
       [](std::string_view text) { static_cast<void>(redactor().header(text)); }},
      {"redaction-received", "Received: ", "\n", marks,
       [](std::string_view text) { static_cast<void>(redactor().header(text)); }},
      {"redaction-signature", "DKIM-Signature: ", "\n", marks,
       [](std::string_view text) { static_cast<void>(redactor().header(text)); }},
      {"redaction-type", "Content-Type: ", "\n", marks,
       [](std::string_view text) { static_cast<void>(redactor().header(text)); }},
      {"redaction-header", "", "\n", lines, [](std::string_view text) { static_cast<void>(redactor().header(text)); }},
      {"redaction-text", "", "", marks,
       [](std::string_view text) {
         static_cast<void>(redactor().addresses(text));
         static_cast<void>(redactor().words(text));
       }},
      {"tls", "", "", json, read_tls},
      {"tls-report", report, "", json, read_tls},
      {"tls-string", "{\"organization-name\": \"", "", json, read_tls},
      {"tls-policies", report + "\"policies\":[", "", json, read_tls},
      {"tls-policy", report + "\"policies\":[{\"policy\":{\"policy-string\":[\"", "", json, read_tls},
      {"tls-failures", report + "\"policies\":[{\"failure-details\":[", "", json, read_tls},
      {"tls-behind", report + "\"policies\":[]}", "", json, read_tls},
      {"dns-evidence", "{\"answers\":[", "", json,
       [](std::string_view text) { static_cast<void>(verify::dns::parse_evidence(text)); }},
      {"zone-file", "$ORIGIN example.org.\n", "", zone,
       [](std::string_view text) { static_cast<void>(verify::dns::Zone::parse(text, {})); }},
      {"anonymise-xml", record, "", tags, anonymise},
      {"anonymise-mail", sample, "", lines, anonymise},
      {"anonymise-header", "", "\n\nbody\n", lines, anonymise},
      {"anonymise-json", report, "", json, anonymise},
  };
}

}  // namespace ruaudit::growth
