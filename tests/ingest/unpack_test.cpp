#include <catch2/catch.hpp>

#include "tests/ingest/package_fixture.hpp"

using namespace ruaudit;
using namespace ruaudit::ingest;
using namespace ruaudit::ingest::test;

namespace {
using Texts = std::vector<std::string>;
const std::string prose = part_of("Content-Type: text/plain", "This is an aggregate report.\r\n");

std::string utf16(const std::string& text, bool mark) {
  std::string out = mark ? "\xFF\xFE" : "";
  for (const char c : text) (out += c) += '\0';
  return out;
}
}  // namespace

TEST_CASE("one report is found in every packaging, whatever its label says") {
  const auto gz = gzip_of(report);
  const auto zip = zip_of({{"r.xml", report}});
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"bare xml", report},
      {"bare gzip", gz},
      {"bare zip", zip},
      {"gzip in gzip", gzip_of(gz)},
      {"gzip in zip", zip_of({{"r.xml.gz", gz}})},
      {"zip in zip", zip_of({{"r.zip", zip}})},
      {"zip in a folder entry", zip_of({{"folder/", ""}, {"folder/r.xml", report}})},
      {"resource forks beside it", zip_of({{"__MACOSX/._r.xml", report}, {"._r.xml", report}, {"r.xml", report}})},
      {"full path as name", zip_of({{"C:\\temp\\..\\r.xml", report}})},
      {"mail in zip", zip_of({{"m.eml", mail_of({attachment(gz)})}})},
      {"blank lines before the archive", "\r\n\r\n" + gz},
      {"zlib stream", zlib_of(report)},
      {"raw deflate stream", deflate_of(report)},
      {"raw deflate that stores", stored_of(report)},
      {"zlib stream in a mail", mail_of({prose, attachment(zlib_of(report), "r.xml.gz", "application/gzip")})},
      {"raw deflate in a mail", mail_of({prose, attachment(deflate_of(report), "r.xml.gz", "application/gzip")})},
      {"raw deflate in a zlib stream", zlib_of(deflate_of(report))},
      {"byte order mark before gzip", "\xEF\xBB\xBF" + gz},
      {"byte order mark before zip", "\xEF\xBB\xBF" + zip},
      {"byte order mark before zlib", "\xEF\xBB\xBF" + zlib_of(report)},
      {"octets before gzip", std::string("\x01\x02\x00junk\x7f", 8) + gz},
      {"octets before zip", std::string("\x01\x02\x00junk\x7f", 8) + zip},
      {"a line before gzip", "Here is the report:\n" + gz},
      {"many lines before zip", std::string(3000, 'a') + "\n" + zip},
      {"octet-stream", mail_of({prose, attachment(gz)})},
      {"image label", mail_of({prose, attachment(zip, "cat.png", "image/png")})},
      {"zip called gzip", mail_of({attachment(zip, "r.xml.gz", "application/gzip")})},
      {"gzip called zip", mail_of({attachment(gz, "r.zip", "application/zip")})},
      {"related", mail_of({prose, attachment(gz)}, "related")},
      {"alternative", mail_of({prose, attachment(gz)}, "alternative")},
      {"no header at all in the part", mail_of({"\r\n" + base64_of(gz)})},
      {"inline disposition", mail_of({part_of("Content-Disposition: inline\r\nContent-Transfer-Encoding: base64", base64_of(gz))})},
      {"misspelt field", mail_of({part_of("ContentType: application/zip\r\nContent-Transfer-Encoding: base64", base64_of(zip))})},
      {"misspelt field of the mail", "From: a@b.example\r\nContentType: multipart/mixed; boundary=x\r\n\r\n--x\r\n" + attachment(gz) + "\r\n--x--\r\n"},
      {"no Content-Type on a multipart", "From: a@b.example\r\nSubject: x\r\n\r\n--x\r\n" + attachment(gz) + "\r\n--x--\r\n"},
      {"wrong boundary", "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--x\r\n" + attachment(gz) + "\r\n--x--\r\n"},
      {"the body is the archive", part_of("From: a@b.example\r\nContent-Type: application/zip\r\nContent-Transfer-Encoding: base64", base64_of(zip))},
      {"the body is the archive, 8bit", part_of("From: a@b.example\r\nSubject: r", gz)},
      {"mail in mail", mail_of({part_of("Content-Type: message/rfc822", mail_of({attachment(gz)}, "mixed", "inner"))})},
      {"mail in mail, base64", mail_of({part_of("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64", base64_of(mail_of({attachment(gz)}, "mixed", "inner")))})},
      {"mail as octet-stream", mail_of({attachment(mail_of({attachment(gz)}), "fw.eml")})},
      {"quoted-printable", mail_of({part_of("Content-Type: text/xml\r\nContent-Transfer-Encoding: quoted-printable",
          "<?xml version=3D\"1.0\"?>=0A<feedback><report_metadata><org_name>reporter.example</org_name>=\r\n"
          "<report_id>7</report_id></report_metadata></feedback>=0A")})},
      {"8bit xml as text", mail_of({part_of("Content-Type: text/plain", report)})},
      {"base64 with odd lines", mail_of({part_of("Content-Transfer-Encoding: base64", base64_of(gz, 61, "\n"))})},
      {"base64 with garbage", mail_of({part_of("Content-Transfer-Encoding: base64", "\r\n!" + base64_of(gz, 9, " *\r\n|"))})},
      {"double base64", mail_of({part_of("Content-Transfer-Encoding: base64", base64_of(base64_of(gz)))})},
      {"base64 of the xml, twice", mail_of({part_of("Content-Transfer-Encoding: base64", base64_of(base64_of(report)))})},
      {"base64 without a label", mail_of({part_of("Content-Type: text/plain", base64_of(gz))})},
      {"base64 after some words", mail_of({part_of("Content-Type: text/plain", "The report:\r\n\r\n" + base64_of(gz) + "\r\n\r\n-- \r\nfooter\r\n")})},
      {"labelled base64, but raw", mail_of({part_of("Content-Transfer-Encoding: base64", report)})},
      {"no closing delimiter", "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" + attachment(gz)},
      {"LF line ends", [&] { auto m = mail_of({prose, attachment(gz)}); std::erase(m, '\r'); return m; }()},
      {"two blank lines", mail_of({part_of("Content-Type: text/xml", "\r\n\r\n" + report)})},
      {"UTF-8 byte order mark", "\xEF\xBB\xBF" + report},
      {"mail behind a From_ line", "From x\n" + mail_of({attachment(gz)})},
      {"gzipped mail", gzip_of(mail_of({attachment(gz)}))},
      {"gzipped mbox", gzip_of("From a@b Tue Jun  3 10:00:00 2025\n" + mail_of({attachment(gz)}))},
  };
  for (const auto& [what, octets] : cases) {
    CAPTURE(what);
    const auto unpacked = unpack_text(octets);
    REQUIRE(unpacked.delivered.size() == 1);
    CHECK(unpacked.delivered[0].info.kind == PayloadKind::aggregate_xml);
    CHECK(unpacked.delivered[0].text.find("<report_id>7</report_id></report_metadata></feedback>") !=
          std::string::npos);
    CHECK_FALSE(unpacked.delivered[0].error);
    CHECK(unpacked.errors().empty());
  }
}

TEST_CASE("text in UTF-16 and UTF-32 is recognised and delivered as it is") {
  CHECK(unpack_text(utf16(report, true)).texts() == Texts{utf16(report, true)});
  CHECK(unpack_text(utf16(report, false)).texts() == Texts{utf16(report, false)});
  std::string wide;
  for (const char c : report) wide += std::string{'\0', '\0', '\0', c};
  CHECK(unpack_text(wide).texts() == Texts{wide});
}

TEST_CASE("a TLS report in UTF-16 is recognised without a byte order mark") {
  const std::string json = R"({"organization-name": "a", "policies": []})";
  std::string big_endian;
  for (const char c : json) (big_endian += '\0') += c;
  for (const auto& wide : {utf16(json, false), big_endian}) {
    const auto unpacked = unpack_text(wide);
    REQUIRE(unpacked.delivered.size() == 1);
    CHECK(unpacked.delivered[0].info.kind == PayloadKind::tls_report);
    CHECK(unpacked.delivered[0].text == wide);
  }
}

TEST_CASE("a mail in UTF-16, or with lines that end in CR alone, is refused by name") {
  const auto mail = mail_of({attachment(gzip_of(report), "a.gz")});
  CHECK(unpack_text(mail).errors().empty());
  CHECK(unpack_text(utf16(mail, true)).errors() == Texts{"mail-encoding"});
  std::string returns;
  for (const char c : mail)
    if (c != '\n') returns += c;
  CHECK(unpack_text(returns).errors() == Texts{"mail-line-ends"});
  // What is looked at may end between the CR and the LF of the first line.
  const std::string first = "Received: by mx.example.net; ";
  for (const std::size_t width : {4094U, 4095U, 4096U})
    CHECK(unpack_text(first + std::string(width - first.size(), 'x') + "\r\n" + mail).errors().empty());
}

TEST_CASE("escaped markup is an aggregate report for the parser to unescape") {
  const std::string escaped = "&lt;?xml version=\"1.0\"?&gt;&lt;feedback&gt;&lt;/feedback&gt;";
  CHECK(unpack_text("<html><body><p>" + escaped + "</p></body></html>").texts().size() == 1);
  CHECK(unpack_text("Hello,\n\n" + escaped).texts() == Texts{escaped});
}

TEST_CASE("all reports of a mail are taken, none is lost when one fails") {
  const auto gz = gzip_of(report);
  const auto unpacked = unpack_text(mail_of({attachment(gz, "a.gz"), attachment(gz.substr(0, gz.size() / 2), "b.gz"),
                                             attachment(zip_of({{"c.xml", report}, {"d.xml", report}}), "c.zip")}));
  REQUIRE(unpacked.result.payloads.size() == 4);
  CHECK(unpacked.texts().size() >= 3);
  CHECK(unpacked.errors() == Texts{"gzip-truncated"});
  CHECK(unpacked.result.payloads[3].info.part == "part 3/c.zip/d.xml");
  CHECK(unpacked.result.payloads[1].error->message.starts_with("part 2/b.gz"));
}

TEST_CASE("a truncated gzip delivers what there is and ends with gzip-truncated") {
  std::string big = "<feedback>";
  for (int i = 0; i < 20000; ++i) big += "<record>" + std::to_string(i * 7919) + "</record>";
  const auto gz = gzip_of(big);
  for (const std::size_t cut : {std::size_t{12}, gz.size() / 2, gz.size() - 9, gz.size() - 8, gz.size() - 1}) {
    CAPTURE(cut, gz.size());
    const auto unpacked = unpack_text(gz.substr(0, cut));
    CHECK(unpacked.errors() == Texts{"gzip-truncated"});
    if (cut > 1000) {
      REQUIRE(unpacked.delivered.size() == 1);
      CHECK(unpacked.delivered[0].error->code == "gzip-truncated");
      CHECK(big.starts_with(unpacked.delivered[0].text));
      CHECK_FALSE(unpacked.delivered[0].text.empty());
    }
  }
  auto broken = gz;
  broken[broken.size() - 6] = static_cast<char>(broken[broken.size() - 6] ^ 1);
  CHECK(unpack_text(broken).errors() == Texts{"gzip-corrupt"});
}

TEST_CASE("several gzip members are one stream, or one report each when each has its own root") {
  const auto middle = report.size() / 2;
  CHECK(unpack_text(gzip_of(report.substr(0, middle)) + gzip_of(report.substr(middle))).texts() == Texts{report});
  const auto two = unpack_text(gzip_of(report) + gzip_of(report) + gzip_of(report));
  REQUIRE(two.texts() == Texts{report, report, report});
  CHECK(two.delivered[2].info.part == "test/member 3");
}

TEST_CASE("garbage behind a gzip is a defect, not an error") {
  for (const std::string& tail : {std::string("\r\n"), std::string(4, '\0'), std::string("garbage")}) {
    const auto unpacked = unpack_text(gzip_of(report) + tail);
    CHECK(unpacked.texts() == Texts{report});
    CHECK(unpacked.defects() == Texts{"gzip-trailing-garbage"});
  }
}

TEST_CASE("files of several reports that were put one behind the other are all read") {
  struct Row {
    const char* rule;
    std::string packed;
    Texts defects;
  };
  const auto other = report + "\n";
  const Row rows[] = {
      {"gzip", gzip_of(report) + gzip_of(other), {}},
      {"padded to a block", gzip_of(report) + std::string(300, '\0') + gzip_of(other), {"gzip-trailing-garbage"}},
      {"a line end between", gzip_of(report) + "\r\n" + gzip_of(other), {"gzip-trailing-garbage"}},
      {"zlib", zlib_of(report) + zlib_of(other), {}},
      {"zlib, padded", zlib_of(report) + std::string(3, '\0') + zlib_of(other), {"gzip-trailing-garbage"}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.rule);
    const auto unpacked = unpack_text(row.packed);
    std::string all;
    for (const auto& text : unpacked.texts()) all += text;
    CHECK(all == report + other);
    CHECK(unpacked.defects() == row.defects);
    CHECK(unpacked.errors().empty());
  }
  CHECK(unpack_text(zlib_of(report) + "x\x9c tail").defects() == Texts{"gzip-trailing-garbage"});
}

TEST_CASE("reports of two sorts, each packed, are both read when one is put behind the other") {
  const std::string tls = R"({"organization-name": "o", "report-id": "1", "policies": []})";
  const auto kinds = [](const Unpacked& unpacked) {
    std::vector<PayloadKind> all;
    for (const auto& payload : unpacked.result.payloads) all.push_back(payload.info.kind);
    return all;
  };
  using Kinds = std::vector<PayloadKind>;
  CHECK(kinds(unpack_text(gzip_of(report) + gzip_of(tls))) ==
        Kinds{PayloadKind::aggregate_xml, PayloadKind::tls_report});
  CHECK(kinds(unpack_text(gzip_of(tls) + gzip_of(report))) ==
        Kinds{PayloadKind::tls_report, PayloadKind::aggregate_xml});
  // Inside JSON an object is a part of it, wherever it was cut.
  const auto cut = tls.find("[") + 1;
  CHECK(kinds(unpack_text(gzip_of(tls.substr(0, cut)) + gzip_of("{}]}"))) == Kinds{PayloadKind::tls_report});
}

TEST_CASE("zip archives that were put one behind the other are all read") {
  const auto one = zip_of({{"1.xml", report}}), two = zip_of({{"2.xml", report + " "}, {"3.xml", report}});
  for (const std::string& between : {std::string(), std::string("\r\n"), std::string(300, '\0')}) {
    CAPTURE(between.size());
    const auto unpacked = unpack_text(one + between + two + between + one);
    CHECK(unpacked.texts() == Texts{report, report + " ", report, report});
    CHECK(unpacked.errors().empty());
    CHECK(unpacked.delivered.at(1).info.part == "archive 2/2.xml");
  }
  CHECK(unpack_text(one).delivered.at(0).info.part == "1.xml");
  CHECK(unpack_text(one + "tail").texts() == Texts{report});
  // An archive inside another ends where the other does not.
  CHECK(unpack_text(zip_of({{"a.zip", one}, {"b.zip", two}})).texts() == Texts{report, report + " ", report});
}

TEST_CASE("what is no packed data stays what it is") {
  for (const std::string& text :
       {std::string("x^2 + y^2 = z^2, said Fermat"), std::string("\x78\x9c not zlib at all, really"),
        std::string("PK\x03\x04 in a text about archives"), std::string("\x1f\x8b\x08 alone"),
        std::string(2000, '\x03'), "\x05" + std::string(600, 'Z') + std::string(100, '\x02')}) {
    CAPTURE(text.substr(0, 20));
    const auto unpacked = unpack_text(text);
    CHECK(unpacked.texts().empty());
    REQUIRE(unpacked.result.payloads.size() == 1);
  }
}

TEST_CASE("a zlib stream cut off or damaged says so") {
  const std::string whole = zlib_of(report + std::string(5000, ' ') + report);
  const auto cut = unpack_text(whole.substr(0, whole.size() - 40));
  CHECK(cut.errors() == std::vector<std::string>{"deflate-truncated"});
  CHECK(unpack_text(whole + "tail").defects() == std::vector<std::string>{"gzip-trailing-garbage"});
}

TEST_CASE("a label that contradicts the content is a defect") {
  const auto zip = zip_of({{"r.xml", report}});
  CHECK(unpack_text(mail_of({attachment(zip, "r.gz", "application/gzip")})).defects() == Texts{"label-mismatch"});
  CHECK(unpack_text(mail_of({attachment(zip, "r.zip", "application/zip")})).defects().empty());
  CHECK(unpack_text(mail_of({attachment(zip, "r.zip")})).defects().empty());
}

TEST_CASE("formats that are not opened are recognised and named") {
  using namespace std::string_literals;
  std::string tar(1024, '\0');
  tar.replace(0, 5, "r.xml");
  tar.replace(100, 8, "0000644\0"s).replace(124, 12, "00000000012\0"s).replace(156, 1, "0").replace(257, 6, "ustar\0"s);
  unsigned sum = 8 * ' ';
  for (std::size_t i = 0; i < 512; ++i) sum += i >= 148 && i < 156 ? 0U : static_cast<unsigned char>(tar[i]);
  char digits[8];
  std::snprintf(digits, sizeof digits, "%06o", sum);
  tar.replace(148, 7, digits, 7);
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"7z\xBC\xAF\x27\x1C\x00\x04"s, "unsupported-seven-zip"},
      {"BZh91AY&SY123456"s, "unsupported-bzip2"},
      {"\xFD"
       "7zXZ\0\0\4"s,
       "unsupported-xz"},
      {"\x28\xB5\x2F\xFD\x04\x00"s, "unsupported-zstd"},
      {"Rar!\x1A\x07\x00"s, "unsupported-rar"},
      {tar, "unsupported-tar"},
      {"-----BEGIN PGP MESSAGE-----\n\nhQEMA"s, "unsupported-pgp"},
      {"\x85\x01\x0C\x03\x11\x22\x33\x44"s, "unsupported-pgp"},
      {"\x30\x82\x01\x10\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x03\xA0"s, "unsupported-smime"},
      {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0"s, "unsupported-msg"},
      {"\x78\x9F\x3E\x22\x01\x00"s, "unsupported-tnef"},
      {"begin 644 report.xml\nM/#]X;6P@\n"s, "unsupported-uuencode"},
  };
  for (const auto& [octets, code] : cases) {
    CAPTURE(code);
    CHECK(unpack_text(octets).errors() == Texts{code});
    CHECK(unpack_text(mail_of({attachment(octets)})).errors() == Texts{code});
    CHECK(unpack_text(zip_of({{"x", octets}})).errors() == Texts{code});
  }
  const auto mixed = unpack_text(zip_of({{"a.xml", report, true}, {"b.xml", report}}));
  CHECK(mixed.errors() == Texts{"encrypted-zip"});
  CHECK(mixed.texts() == Texts{report});
}

TEST_CASE("an empty or unused attachment has a code of its own, an empty body has none") {
  CHECK(unpack_text(mail_of({attachment("unused", "r.xml.gz")})).errors() == Texts{"empty-report"});
  CHECK(unpack_text(mail_of({attachment("", "r.xml.gz")})).errors() == Texts{"empty-report"});
  CHECK(unpack_text(mail_of({attachment(gzip_of("unused"), "r.xml.gz")})).errors() == Texts{"empty-report"});
  CHECK(unpack_text("").errors() == Texts{"empty-report"});
  CHECK(unpack_text(mail_of({part_of("Content-Type: text/plain", "\r\n")})).errors().empty());
}

TEST_CASE("a damaged zip is refused with the reason") {
  const auto zip = zip_of({{"r.xml", report}});
  CHECK(unpack_text(zip.substr(0, zip.size() / 2)).errors() == Texts{"zip-truncated"});
  auto broken = zip;
  broken[45] = static_cast<char>(broken[45] ^ 0x55);
  CHECK(unpack_text(broken).errors() == Texts{"zip-corrupt"});
  const auto inconsistent = unpack_text(zip + std::string(20, '\0'));
  CHECK(inconsistent.texts() == Texts{report});
  CHECK(inconsistent.defects() == Texts{"zip-inconsistent"});
}

TEST_CASE("the sink decides what is read and may stop a payload") {
  CollectingSink sink;
  sink.stop_after = 10;
  const auto result =
      unpack({"test", "", ItemKind::file, 0, Bytes::from_string(zip_of({{"a", report}, {"b", report}}))}, {}, sink);
  REQUIRE(sink.delivered.size() == 2);
  CHECK(sink.delivered[0].error->code == "stopped");
  CHECK(sink.open == 0);
  CHECK(result.payloads[0].taken);
}

TEST_CASE("the outermost mail's header is read and decoded") {
  const auto unpacked =
      unpack_text(part_of("Return-Path: <x@y.example>\r\nFrom: =?utf-8?Q?Jos=C3=A9?= <j@example.org>\r\nSubject: "
                          "=?UTF-8?B?UmVwb3J0IGTD?=\r\n"
                          " =?UTF-8?B?qW1v?= end\r\nDate: Tue, 3 Jun 2025 10:00:00 +0200 (CEST)\r\nMessage-ID: <1@y>",
                          "x\r\n"));
  REQUIRE(unpacked.result.mail);
  CHECK(unpacked.result.kind == ItemKind::mail);
  CHECK(unpacked.result.mail->from == "Jos\xC3\xA9 <j@example.org>");
  CHECK(unpacked.result.mail->subject == "Report d\xC3\xA9mo end");
  CHECK(unpacked.result.mail->date_epoch == 1748937600);
  CHECK(unpacked.result.mail->message_id == "<1@y>");
  CHECK_FALSE(unpack_text(report).result.mail);
}

TEST_CASE("read_mail_header says before unpacking what unpack says after it") {
  for (const auto kind : {ItemKind::file, ItemKind::mail, ItemKind::mbox_member}) {
    for (const auto& text : {mail_of({attachment(gzip_of(report))}), report, std::string("Odd: x\nOdder: y\n\nbody")}) {
      const RawItem item{"test", "", kind, 0, Bytes::from_string(text)};
      CollectingSink sink;
      const auto after = unpack(item, {}, sink);
      const auto before = read_mail_header(item, {});
      REQUIRE(before.has_value() == after.mail.has_value());
      if (before) CHECK(before->subject == after.mail->subject);
      if (before) CHECK(before->header_bytes == after.mail->header_bytes);
    }
  }
}
