#include "verify/trace/received.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit::verify::trace;
using ruaudit::model::SpfResult;

namespace {

std::string text(const std::optional<ruaudit::model::IpAddress>& ip) { return ip ? ip->to_string() : "-"; }

}  // namespace

TEST_CASE("Received fields of many servers") {
  struct Case {
    const char* value;
    const char* ip;
    const char* helo;
    const char* by;
  };
  const Case cases[] = {
      {"from mail.a.example (mx1.a.example [192.0.2.1])\r\n\t(using TLSv1.2 with cipher X (256/256 bits))\r\n\tby "
       "in.b.example (Postfix) "
       "with ESMTPS id 9AD6912398C\r\n\tfor <u@b.example>; Mon,  7 Apr 2025 23:16:08 +0200 (CEST)",
       "192.0.2.1", "mail.a.example", "in.b.example"},
      {"from [192.0.2.1] (helo=phone.local)\r\n by in.b.example with esmtp (Exim 4.92) (envelope-from <u@a.example>) "
       "id x for u@b.example; "
       "Mon, 07 Apr 2025 23:16:08 +0200",
       "192.0.2.1", "phone.local", "in.b.example"},
      {"from mx1.a.example ([192.0.2.1]:25 helo=mail.a.example) by in.b.example with esmtps", "192.0.2.1",
       "mail.a.example", "in.b.example"},
      {"from [IPv6:2001:db8::1] (unknown [IPv6:2001:db8::2]) by in.b.example (Postfix)", "2001:db8::2",
       "[IPv6:2001:db8::1]", "in.b.example"},
      {"from [IPv6:::ffff:192.0.2.1] (unknown [192.0.2.1]) by b.example (Postfix)", "192.0.2.1",
       "[IPv6:::ffff:192.0.2.1]", "b.example"},
      {"from MAIL.a.example (192.0.2.1) by in.b.example\r\n (10.0.0.1) with Microsoft SMTP Server (TLS) id 15.0.1",
       "192.0.2.1", "MAIL.a.example", "in.b.example"},
      {"from unknown (HELO mail.a.example) (u@192.0.2.1)\r\n by in.b.example with SMTP", "192.0.2.1", "mail.a.example",
       "in.b.example"},
      {"from unknown (HELO mail.a.example) (192.0.2.1)\r\n by in.b.example with SMTP", "192.0.2.1", "mail.a.example",
       "in.b.example"},
      {"from [10.10.10.10] ([192.0.2.1:4227] helo=mail02.a.example)\r\n\tby in.b.example (envelope-from <>)",
       "192.0.2.1", "mail02.a.example", "in.b.example"},
      {"from mail.a.example (u@mx [192.0.2.1] (may be forged)) by in.b.example (8.17)", "192.0.2.1", "mail.a.example",
       "in.b.example"},
      {"from 192.0.2.1 (EHLO mail.a.example)\r\n by 10.197.40.1 with SMTPs\r\n (version=TLS1_3 cipher=X)", "192.0.2.1",
       "mail.a.example", "10.197.40.1"},
      {"from mail.a.example [192.0.2.1] by in.b.example with ESMTPS id md5 (MDaemon PRO v23)", "192.0.2.1",
       "mail.a.example", "in.b.example"},
      {"from mail.a.example [198.51.100.9] [192.0.2.1] by in.b.example with ESMTP", "192.0.2.1", "mail.a.example",
       "in.b.example"},
      {"from mail.a.example [198.51.100.9] (mx.a.example [192.0.2.1]) by in.b.example with ESMTP", "192.0.2.1",
       "mail.a.example", "in.b.example"},
      {"from 198.51.100.9 by in.b.example with ESMTP", "-", "198.51.100.9", "in.b.example"},  // the client's word
      {"by in.b.example with SMTP id 1; Mon, 07 Apr 2025 14:16:08 -0700 (PDT)", "-", "", "in.b.example"},
      {"from localhost by in.b.example", "-", "localhost", "in.b.example"},
      {"(garbage", "-", "", ""},
      {"", "-", "", ""}};
  for (const auto& c : cases) {
    CAPTURE(c.value);
    const auto got = parse_received(c.value);
    CHECK(text(got.ip) == c.ip);
    CHECK(got.helo == c.helo);
    CHECK(got.by == c.by);
  }
}

TEST_CASE("the other parts of a Received field") {
  const auto got = parse_received(
      "from a (a [192.0.2.1]) by b.example with Microsoft SMTP Server (x) id 15.2 via Frontend Transport "
      "(envelope-from <u@a.example>) for <v@b.example>; Mon, 07 Apr 2025 23:16:08 +0200");
  CHECK(got.with == "Microsoft SMTP Server");
  CHECK(got.id == "15.2");
  CHECK(got.envelope_for == "v@b.example");
  CHECK(got.envelope_from == "u@a.example");
  CHECK(got.time == 1744060568);
  CHECK(parse_received("by b (envelope-from <>)").envelope_from == "");
  CHECK(parse_received("by b").envelope_from == std::nullopt);
}

TEST_CASE("a client cannot place an address in front of the server's") {
  struct Case {
    const char* value;
    const char* ip;
  };
  for (const auto& c : {Case{"from mx ([192.0.2.1]:25 helo=[198.51.100.9]) by b", "192.0.2.1"},
                        Case{"from mx (x[198.51.100.9] [192.0.2.1]) by b", "192.0.2.1"},
                        Case{"from [198.51.100.9] (unknown [192.0.2.1]) by b", "192.0.2.1"}}) {
    CAPTURE(c.value);
    CHECK(text(parse_received(c.value).ip) == c.ip);
  }
}

TEST_CASE("client addresses in their spellings") {
  for (const char* good : {"192.0.2.1", "[192.0.2.1]", "192.0.2.1:25", "[192.0.2.1:25]", "[192.0.2.1]:25",
                           "[IPv6:::ffff:192.0.2.1]", "::ffff:192.0.2.1"}) {
    CAPTURE(good);
    CHECK(text(parse_client_ip(good)) == "192.0.2.1");
  }
  CHECK(text(parse_client_ip("[ipv6:2001:DB8::1]:25")) == "2001:db8::1");
  for (const char* bad : {"", "[", "[]", "a.example", "192.0.2", "IPv6:", "1:2"}) {
    CAPTURE(bad);
    CHECK(text(parse_client_ip(bad)) == "-");
  }
}

// RFC 7208 section 9.1
TEST_CASE("Received-SPF fields of many servers") {
  const auto full = parse_received_spf(
      "Pass (sender SPF authorized; x=y) identity=mailfrom; client-ip=192.0.2.1; helo=mail.a.example;\r\n "
      "envelope-from=\"u@a.example\"; receiver=v@b.example; mechanism=ip4:192.0.2.0/24");
  CHECK(full.result == SpfResult::pass);
  CHECK(text(full.client_ip) == "192.0.2.1");
  CHECK(full.helo == "mail.a.example");
  CHECK(full.envelope_from == "u@a.example");
  CHECK(full.identity == "mailfrom");
  CHECK(full.receiver == "v@b.example");
  CHECK(full.mechanism == "ip4:192.0.2.0/24");
  const auto blanks =
      parse_received_spf("pass (x)\r\n receiver=b.example;\r\n envelope-from=\"<>\";\r\n client-ip=2001:db8::1");
  CHECK(blanks.envelope_from == "");
  CHECK(text(blanks.client_ip) == "2001:db8::1");
  CHECK(parse_received_spf("SoftFail (b.example: x)").result == SpfResult::softfail);
  CHECK(parse_received_spf("hardfail").result == SpfResult::fail);
  CHECK(parse_received_spf("Perhaps").result == SpfResult::unknown);
  CHECK(parse_received_spf("Perhaps").result_text == "Perhaps");
  CHECK(parse_received_spf("").result_text.empty());
}

// RFC 7208 section 9.1: key [CFWS] "=", and a dot-atom of RFC 5322 section 3.2.3 has CFWS on both sides
TEST_CASE("a pair of Received-SPF may have blanks and comments around its equals sign") {
  for (const auto* value : {
           "pass client-ip = 192.0.2.1 ; envelope-from =u@a.example; helo= mail.a.example",
           "pass (x) client-ip(why)=(not) 192.0.2.1;\r\n envelope-from\r\n =\r\n u@a.example; HELO = "
           "\"mail.a.example\";",
           "pass client-ip= 192.0.2.1 helo =mail.a.example envelope-from = u@a.example",
       }) {
    CAPTURE(value);
    const auto spf = parse_received_spf(value);
    CHECK(text(spf.client_ip) == "192.0.2.1");
    CHECK(spf.helo == "mail.a.example");
    CHECK(spf.envelope_from == "u@a.example");
  }
  const auto empty = parse_received_spf("none envelope-from=; helo= client-ip=192.0.2.1 receiver=");
  CHECK(empty.envelope_from == "");
  CHECK(empty.helo.empty());
  CHECK(text(empty.client_ip) == "192.0.2.1");
  CHECK(parse_received_spf("none envelope-from= b=c@a.example").envelope_from == "b=c@a.example");
}

// RFC 5322 section 3.2.4
TEST_CASE("a quoted pair does not end a quoted string") {
  CHECK(parse_received_spf(R"(pass envelope-from="\"a b\"@a.example"; helo=x)").envelope_from == "\"a b\"@a.example");
  CHECK(parse_received_spf(R"(pass helo="x\)").helo == "\"x\\");
  CHECK(parse_return_path(R"(<"a\" b"@a.example>)") == R"("a\" b"@a.example)");
}

TEST_CASE("Return-Path with and without address") {
  CHECK(parse_return_path(" <u@a.example>") == "u@a.example");
  CHECK(parse_return_path("u@a.example (comment)") == "u@a.example");
  CHECK(parse_return_path("<>") == "");
  CHECK(parse_return_path("<\"a b\"@a.example>") == "\"a b\"@a.example");
  CHECK(parse_return_path("") == std::nullopt);
  CHECK(parse_return_path("nobody") == std::nullopt);
}

TEST_CASE("any prefix of a field can be read") {
  const std::string value =
      "from a (b [192.0.2.1]) by c (d (e\\)) f) with g id h for <i@j>; Mon, 07 Apr 2025 23:16:08 +0200";
  for (std::size_t i = 0; i <= value.size(); ++i) CHECK(parse_received(value.substr(0, i)).by.size() <= 1);
}
