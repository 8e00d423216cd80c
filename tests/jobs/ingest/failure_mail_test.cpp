// Taking the carrying mail of a failure report apart.
#include "jobs/ingest/failure_mail.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace ruaudit;

namespace {

parser::FailureMail taken(const std::string& text) { return jobs::take_apart(ingest::Bytes::from_string(text), {}); }

std::string mail_of(const std::vector<std::string>& parts,
                    const std::string& type = "multipart/report; report-type=Feedback-Report") {
  std::string out =
      "From: =?utf-8?Q?M=C3=BCller?= <a@example.com>\r\nReceived: from a\r\n\tby b\r\nContent-Type: " + type +
      "; boundary=\"b\"\r\n\r\n";
  for (const auto& part : parts) out += "--b\r\n" + part + "\r\n";
  return out + "--b--\r\n";
}

const std::string feedback = "Feedback-Type: auth-failure\r\nVersion: 1\r\n";
const std::string signed_mail =
    "DKIM-Signature: v=1; a=rsa-sha256; d=example.com; b=abc=\r\nFrom: a@example.com\r\n\r\nHello =3D\r\n";

}  // namespace

TEST_CASE("a mail becomes its fields, unfolded and decoded, and its leaf parts") {
  const auto mail = taken(
      mail_of({"Content-Type: message/Feedback-Report; name=\"r\"\r\n\r\n" + feedback,
               "Content-Type: message/rfc822\r\nContent-Disposition: inline; filename=m.eml\r\n\r\n" + signed_mail}));
  REQUIRE(mail.header.size() == 3);
  CHECK(mail.header[0] == model::NamedValue{"From", "M\xC3\xBCller <a@example.com>"});
  CHECK(mail.header[1] == model::NamedValue{"Received", "from a by b"});
  CHECK(mail.media_type == "multipart/report");
  CHECK(mail.report_type == "feedback-report");
  REQUIRE(mail.parts.size() == 2);
  CHECK(mail.parts[0].media_type == "message/feedback-report");
  CHECK(mail.parts[0].name == "r");
  CHECK(mail.parts[0].octets == feedback);
  CHECK(mail.parts[1].name == "m.eml");
  CHECK(mail.parts[1].octets == signed_mail);
  CHECK(mail.defects.empty());
}

TEST_CASE("transfer encodings are undone, and a label that the octets belie is not believed") {
  struct Case {
    std::string what, type, encoding, body, octets, kept;
  };
  const Case cases[] = {
      {"base64", "message/feedback-report", "BASE64", "\r\nRmVlZGJh\r\nY2s6IHg=\r\n", "Feedback: x", "base64"},
      {"quoted-printable", "text/plain", "quoted-printable", "a=3Db=\r\nc", "a=bc", "quoted-printable"},
      {"a quoted message", "message/rfc822", "quoted-printable", "Subject: a=3Db=\r\n c\r\n\r\n=E4",
       "Subject: a=b c\r\n\r\n\xE4", "quoted-printable"},
      {"8bit", "message/rfc822", "8bit", "Subject: \xE4", "Subject: \xE4", "8bit"},
      {"no base64", "message/rfc822", "base64", signed_mail, signed_mail, ""},
      {"not quoted", "message/rfc822", "quoted-printable", signed_mail, signed_mail, ""},
  };
  for (const auto& one : cases) {
    CAPTURE(one.what);
    const auto mail = taken(mail_of(
        {"Content-Type: " + one.type + "\r\nContent-Transfer-Encoding: " + one.encoding + "\r\n\r\n" + one.body}));
    REQUIRE(mail.parts.size() == 1);
    CHECK(mail.parts[0].octets == one.octets);
    CHECK(mail.parts[0].transfer_encoding == one.kept);
    CHECK((mail.defects.size() == 1 && mail.defects[0].code == "transfer-encoding-mismatch") == one.kept.empty());
  }
}

TEST_CASE("a mailbox line before the mail is passed over, a mail that is no multipart is one part") {
  const auto mail = taken(
      "From a@example.com Tue Apr 30 02:09:16 2019\nFrom: a@example.com\nSubject: x\nMIME-Version: 1.0\n\nbody\n");
  REQUIRE(mail.parts.size() == 1);
  CHECK(mail.parts[0].octets == "body\n");
  CHECK(mail.header[0].name == "From");
}

TEST_CASE("feedback fields or sentences without a mail are one bare part") {
  for (const std::string& text :
       {feedback, "A message claiming to be from you has failed\n" + feedback, std::string()}) {
    CAPTURE(text);
    const auto mail = taken(text);
    CHECK(mail.header.empty());
    REQUIRE(mail.parts.size() == 1);
    CHECK(mail.parts[0].octets == text);
  }
  CHECK(taken("Received: x\r\n" + feedback + "\r\n").header.size() == 3);  // a mail that says Feedback-Type
}

TEST_CASE("a limit that ends the walk is a defect, and what came before it stays") {
  ingest::UnpackLimits limits;
  limits.mime_parts = 1;
  const auto text =
      mail_of({"Content-Type: message/feedback-report\r\n\r\n" + feedback, "Content-Type: text/plain\r\n\r\nx"});
  const auto mail = jobs::take_apart(ingest::Bytes::from_string(text), limits);
  CHECK(mail.parts.size() == 1);
  REQUIRE(mail.defects.size() == 1);
  CHECK(mail.defects[0].code == "too-many-parts");
}

TEST_CASE("UTF-16 text becomes UTF-8") {
  const auto mail = taken(
      mail_of({"Content-Type: text/plain; charset=utf-16le\r\nContent-Transfer-Encoding: base64\r\n\r\naABpAA=="}));
  REQUIRE(mail.parts.size() == 1);
  CHECK(mail.parts[0].octets == "hi");
}
