#include "verify/trace/session_facts.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit::verify::trace;
namespace message = ruaudit::verify::message;

namespace {

SessionFacts facts(const std::string& header, const Trust& trust = {}) {
  const auto mail = message::Message::view(header);
  REQUIRE(mail.has_value());
  return session_facts(mail->fields(), trust);
}

std::string ip(const SessionFacts& facts) { return facts.ip ? facts.ip->value.to_string() : "-"; }
std::string text(const std::optional<Taken<std::string>>& value) { return value ? value->value : "-"; }

bool has_note(const SessionFacts& facts, const std::string& part) {
  for (const auto& note : facts.notes)
    if (note.find(part) != std::string::npos) return true;
  return false;
}

const std::string border =
    "Received: from mail.a.example (mx.a.example [192.0.2.1])\r\n by in.b.example (Postfix) with ESMTP id 1;\r\n"
    " Mon, 7 Apr 2025 23:16:08 +0200\r\n";
const std::string inside =
    "Received: from in.b.example (in.b.example [10.0.0.1])\r\n by store.b.example with LMTP; Mon, 7 Apr 2025 23:16:10 "
    "+0200\r\n";
const std::string forged =
    "Received: from trusted.example (trusted.example [198.51.100.9])\r\n by other.example; Mon, 7 Apr 2025 20:00:00 "
    "+0000\r\n";

}  // namespace

TEST_CASE("the topmost Received tells client, HELO, receiver and arrival") {
  const auto got = facts("Return-Path: <u@a.example>\r\n" + border + forged + "Subject: x\r\n\r\n");
  CHECK(ip(got) == "192.0.2.1");
  CHECK(got.ip->source == Source{"Received", 2, "from"});
  CHECK(text(got.helo) == "mail.a.example");
  CHECK(text(got.receiver) == "in.b.example");
  CHECK(got.arrival->value == 1744060568);
  CHECK(text(got.mail_from) == "u@a.example");
  CHECK(got.mail_from->source == Source{"Return-Path", 1, ""});
  CHECK(got.notes.empty());
}

TEST_CASE("a lower Received is not believed, and the reader is told") {
  const auto got = facts(inside + border + "\r\n");
  CHECK(ip(got) == "10.0.0.1");
  CHECK(has_note(got, "names an internal client, 10.0.0.1"));
  CHECK(has_note(got, "names 192.0.2.1; it was not believed, because 'in.b.example' is not trusted"));
  const auto none = facts("Received: by store.b.example with SMTP id 1\r\n" + border + "\r\n");
  CHECK(ip(none) == "-");
  CHECK(text(none.helo) == "-");
  CHECK(has_note(none, "names 192.0.2.1"));
}

TEST_CASE("trusted hosts lead down to the border, not past it") {
  const Trust trust{.hosts = {"B.example"}};
  const auto got = facts(inside + border + forged + "\r\n", trust);
  CHECK(ip(got) == "192.0.2.1");
  CHECK(got.ip->source.line == 3);
  const std::string forged_ours =
      "Received: from x (x [198.51.100.9]) by in.b.example; Mon, 7 Apr 2025 20:00:00 +0000\r\n";
  CHECK(ip(facts(border + forged + forged_ours + "\r\n", trust)) == "192.0.2.1");  // the row is broken by other.example
  CHECK(ip(facts(forged + border + "\r\n", trust)) == "198.51.100.9");  // the topmost one is not ours: it stays
  CHECK(ip(facts(inside + border + "\r\n", {.hosts = {"evil-b.example"}})) == "10.0.0.1");
}

// RFC 8601 sections 4.1 and 5; RFC 7208 section 9.1
TEST_CASE("fields above the border are believed, below it only trusted ones") {
  const std::string spf =
      "Received-SPF: pass (x) client-ip=192.0.2.1; helo=h.a.example; envelope-from=s@a.example; "
      "receiver=mx.b.example\r\n";
  const std::string results =
      "Authentication-Results: mx.b.example; iprev=pass policy.iprev=192.0.2.1;\r\n"
      " spf=pass smtp.mailfrom=a@a.example smtp.helo=r.a.example\r\n";
  const std::string blind = "Received: by in.b.example with SMTP id 1\r\n";
  CHECK(text(facts(spf + blind + "\r\n").mail_from) == "s@a.example");
  CHECK(text(facts(results + blind + "\r\n").helo) == "r.a.example");
  CHECK(facts(results + blind + "\r\n").mail_from->source == Source{"Authentication-Results", 1, "spf smtp.mailfrom"});
  const auto below = facts(blind + spf + results + "\r\n");
  CHECK(ip(below) == "-");
  CHECK(text(below.mail_from) == "-");
  CHECK(has_note(below, "Received-SPF in line 2 was not believed"));
  CHECK(has_note(below, "Authentication-Results in line 3 was not believed"));
  const auto trusted = facts(blind + results + "\r\n", {.hosts = {"mx.b.example"}});
  CHECK(ip(trusted) == "192.0.2.1");
  CHECK(text(trusted.mail_from) == "a@a.example");
}

TEST_CASE("Return-Path comes before the other sources of MAIL FROM, and only from above") {
  const std::string exim = "Received: from [192.0.2.1] (helo=h) by in.b.example (envelope-from <e@a.example>)\r\n";
  CHECK(text(facts("Return-Path: <>\r\n" + exim + "\r\n").mail_from).empty());
  CHECK(text(facts(exim + "Return-Path: <r@a.example>\r\n\r\n").mail_from) == "e@a.example");
  CHECK(has_note(facts(exim + "Return-Path: <r@a.example>\r\n\r\n"), "Return-Path in line 2 stands below"));
  CHECK(has_note(facts("Return-Path: nobody\r\n" + exim + "\r\n"), "holds no address"));
}

TEST_CASE("sources that contradict are told") {
  const auto got = facts("Received-SPF: pass client-ip=198.51.100.1; helo=mail.a.example\r\n" + border + "\r\n");
  CHECK(ip(got) == "192.0.2.1");
  CHECK(has_note(got, "Received-SPF in line 1 says otherwise (client-ip)"));
}

TEST_CASE("the address in an arc result is of an earlier hop") {
  CHECK(
      ip(facts("Authentication-Results: b; arc=pass smtp.remote-ip=198.51.100.1\r\nReceived: by b.example\r\n\r\n")) ==
      "-");
}

TEST_CASE("a mail without Received tells nothing, also where it claims something") {
  const auto got =
      facts("Return-Path: <u@a.example>\r\nAuthentication-Results: b; spf=pass smtp.mailfrom=a@b.example\r\n\r\n");
  CHECK(ip(got) == "-");
  CHECK(text(got.mail_from) == "-");
  CHECK(has_note(got, "no Received field"));
}

TEST_CASE("notes are bounded") {
  std::string header = border;
  for (int i = 0; i < 100; ++i) header += "Received-SPF: pass client-ip=192.0.2.1\r\n";
  CHECK(facts(header + "\r\n").notes.size() == max_notes);
}
