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

TEST_CASE("a Received below a hop inside is not believed where another side wrote it, and the reader is told") {
  const auto got = facts("Received: by 198.51.100.7 with SMTP id 1\r\n" + border + "\r\n");
  CHECK(ip(got) == "-");
  CHECK(text(got.helo) == "-");
  CHECK(got.untrusted_host == "in.b.example");
  CHECK(has_note(got, "names 192.0.2.1; it was not believed, because 'in.b.example' is not known to be on your side"));
  CHECK(ip(facts("Received: by 198.51.100.7 with SMTP id 1\r\n" + border + "\r\n", {.hosts = {"in.b.example"}})) ==
        "192.0.2.1");
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

namespace {

std::string received(const std::string& value) { return "Received: " + value + "\r\n"; }
const std::string real =
    received("from o5.a.example (o5.a.example [192.0.2.1]) by mx.b.example (Postfix) with ESMTPS id C3");

}  // namespace

TEST_CASE("hops inside have no client: the next of the same side tells it") {
  const char* const inner[] = {
      "from mx.b.example by mx.b.example with LMTP id ABC (envelope-from <ann@a.example>)",
      "from mx.b.example (mx.b.example [203.0.113.7]) by store.b.example with LMTP id q1",
      "from compute1.internal (compute1.nyi.internal [10.202.2.41]) by sloti1.b.example (Cyrus 3.9) with LMTPA",
      "from imap.b.example [198.51.100.3] by home.example with IMAP (fetchmail-6.4) for <bob@localhost> (single-drop)",
      "from pop.b.example [198.51.100.3] by laptop with POP3 (fetchmail-6.4) for <bob@localhost> (single-drop)",
      "from [127.0.0.1] (port=1234 helo=o5.a.example) by mx.b.example with esmtp (Exim 4.96) id 1-2-3",
      "from mail by mx.b.example with local (Exim 4.96) id 1-2-4",
      "from mail by mx.b.example with spam-scanned (Exim 4.96) id 1-2-5",
      "from mx.b.example (mx.b.example [IPv6:fd00::25]) by store.b.example with ESMTP id 1",
      "from mx.b.example (mx.b.example [IPv6:::1]) by mx.b.example with ESMTP id 1",
      "by store.b.example (Postfix, from userid 1000) id 9",
      "(qmail 1234 invoked from network); 2 Jan 2026 01:00:02 -0000",
      "(qmail 1234 invoked by uid 89); 2 Jan 2026 01:00:02 -0000",
      "from mx.b.example (203.0.113.7) by store.b.example with HTTPS; Thu, 1 Jan 2026 00:00:00 +0000",
      "from EX01.b.example (10.0.0.4) by EX02.b.example (10.0.0.5) with Microsoft SMTP Server (TLS) id 15.1; x",
  };
  for (const auto* hop : inner) {
    CAPTURE(hop);
    const auto got = facts(received(hop) + real + "\r\n");
    CHECK(ip(got) == "192.0.2.1");
    CHECK(got.border == 1);
  }
}

TEST_CASE("several hops inside are passed through, whatever their order") {
  const std::string filter =
      received("from localhost (localhost [127.0.0.1]) by mx.b.example (Postfix) with ESMTP id D4") +
      received(
          "from mx.b.example ([127.0.0.1]) by localhost (mx.b.example [127.0.0.1]) (amavis, port "
          "10024) with ESMTP id E5");
  const std::string lmtp = received("from mx.b.example by store.b.example with LMTP id 1");
  const std::string qmail = received("(qmail 1 invoked by uid 89); 2 Jan 2026 01:00:02 -0000") +
                            received("from unknown (HELO mx.b.example) (127.0.0.1) by 0 with SMTP");
  for (const auto& row : {filter, lmtp + filter, qmail, qmail + filter, lmtp + lmtp}) {
    CAPTURE(row);
    CHECK(ip(facts(row + real + "\r\n")) == "192.0.2.1");
  }
  const std::string gmail = received("by 2002:a05:6a00:1234:b0:1:2:3 with SMTP id a1csp1") +
                            received("by 2002:a17:906:1:b0:1:2:3 with SMTP id b1");
  CHECK(ip(facts(gmail + real + "\r\n")) == "-");
  CHECK(ip(facts(gmail + real + "\r\n", {.hosts = {"mx.b.example"}})) == "192.0.2.1");
}

TEST_CASE("a hop with a client elsewhere ends the walk, whatever stands below") {
  const std::string forged_ours =
      received("from good.example (good.example [198.51.100.9]) by mx.b.example with ESMTPS");
  CHECK(ip(facts(real + forged_ours + "\r\n")) == "192.0.2.1");
  CHECK(ip(facts(real + forged_ours + "\r\n", {.hosts = {"mx.b.example"}})) == "192.0.2.1");
  const std::string helo_ours =
      received("from mx.b.example (o5.a.example [192.0.2.1]) by mx.b.example with ESMTP id 1");
  CHECK(ip(facts(helo_ours + forged_ours + "\r\n", {.hosts = {"b.example"}})) == "192.0.2.1");
  // A client that is not named may be anybody.
  CHECK(ip(facts(received("from x.example by mx.b.example with ESMTP id 1") + forged_ours + "\r\n")) == "-");
  CHECK(ip(facts(received("from unknown by mx.b.example with ESMTP id 1") + forged_ours + "\r\n")) == "-");
}

// Every mail that is saved out of a large Exchange service: its servers have addresses that are not internal.
TEST_CASE(
    "a client that an Exchange server says to be of its own organization may be inside or anyone: none is known") {
  const std::string store = received("from a.c.example (2001:db8:1::1) by b.c.example with HTTPS");
  const std::string inner = received(
      "from d.c.example (2001:db8:1::2) by a.c.example (2001:db8:1::1) with Microsoft SMTP Server (version=TLS1_2) id "
      "15.20.1");
  const std::string front = received(
      "from mail.a.example (192.0.2.1) by d.mail.c.example (10.0.0.1) with Microsoft SMTP Server id 15.20.1 via "
      "Frontend");
  const auto got = facts(store + inner + front + "\r\n");
  CHECK(ip(got) == "-");
  CHECK(got.untrusted_host == "d.mail.c.example");
  CHECK(has_note(got, "2001:db8:1::2, which says that it is of the side of 'a.c.example'"));
  CHECK(ip(facts(store + inner + front + "\r\n", {.hosts = {"c.example"}})) == "192.0.2.1");
  CHECK(ip(facts(store + front + "\r\n")) == "192.0.2.1");
  // A stranger's name, a name that the server found for the address, another's field below: the client stands.
  const std::string stranger =
      received("from mail.a.example (192.0.2.1) by a.c.example (10.0.0.1) with Microsoft SMTP Server id 15.20.1");
  CHECK(ip(facts(stranger + front + "\r\n")) == "192.0.2.1");
  CHECK(ip(facts(inner + real + "\r\n")) == "2001:db8:1::2");
  CHECK(ip(facts(inner + "\r\n")) == "2001:db8:1::2");
}

namespace {

struct Shape {
  const char* server;
  std::vector<std::string> hops;
  std::string client = "192.0.2.1";  // "-": none is known
};

const std::string exchange = " with Microsoft SMTP Server (version=TLS1_2, cipher=X) id 15.20.1";
const std::string a_example = "from mail.a.example (mail.a.example [192.0.2.1])";

const std::vector<Shape> shapes = {
    {"Postfix, amavis, LMTP",
     {"from mx.b.example ([unix socket]) by store.b.example with LMTP id q1",
      "from localhost (localhost [127.0.0.1]) by mx.b.example (Postfix) with ESMTP id D4",
      "from mx.b.example ([127.0.0.1]) by localhost (mx.b.example [127.0.0.1]) (amavis, port 10024) with ESMTP id E5",
      a_example + " (using TLSv1.3 with cipher X (256/256 bits)) by mx.b.example (Postfix) with ESMTPS id C3"}},
    {"qmail",
     {"(qmail 1234 invoked by uid 89)", "(qmail 1233 invoked from network)",
      "from mail.a.example (HELO mx9.a.example) (192.0.2.1) by mx.b.example with ESMTPS"}},
    {"qmail with a scanner",
     {"(qmail 1234 invoked by uid 89)", "by simscan 1.4.0 ppid: 5, pid: 6, t: 0.06s scanners: clamav",
      "from unknown (HELO mail.a.example) (192.0.2.1) by mx.b.example with SMTP"}},
    {"Exim, scanned",
     {"from mail by mx.b.example with spam-scanned (Exim 4.96) id 1-2",
      "from [192.0.2.1]:34567 (helo=mail.a.example) by mx.b.example with esmtps (TLS1.3) tls X (Exim 4.96)"}},
    {"Exchange on the owner's premises",
     {"from EX01.b.example (10.0.0.4) by EX02.b.example (10.0.0.5)" + exchange + " via Mailbox Transport",
      "from EX01.b.example (10.0.0.4) by EX01.b.example (10.0.0.4)" + exchange,
      "from mail.a.example (192.0.2.1) by EX01.b.example (10.0.0.4)" + exchange + " via Frontend Transport"}},
    {"Exchange, a mail of its own",
     {"from EX01.b.example (2001:db8::4) by EX02.b.example (2001:db8::5)" + exchange,
      "from EX01.b.example ([fe80::1%12]) by EX01.b.example ([fe80::1%12]) with mapi id 15.01.2375.007"},
     "-"},
    {"Microsoft 365",
     {"from A.eurprd08.prod.outlook.com (2603:10a6::1) by B.eurprd08.prod.outlook.com with HTTPS",
      "from C.eurprd04.prod.outlook.com (2603:10a6::2) by A.eurprd08.prod.outlook.com (2603:10a6::1)" + exchange,
      "from D.eop-EUR03.prod.protection.outlook.com (2603:10a6::3) by C.outlook.office365.com (2603:10a6::4)" +
          exchange,
      "from mail.a.example (192.0.2.1) by D.mail.protection.outlook.com (10.152.20.10)" + exchange},
     "-"},
    {"Microsoft 365, below two names",
     {"from D.eop-EUR03.prod.protection.outlook.com (2603:10a6::3) by C.outlook.office365.com (2603:10a6::4)" +
          exchange,
      "from mail.a.example (192.0.2.1) by D.mail.protection.outlook.com (10.152.20.10)" + exchange},
     "-"},
    {"Microsoft 365, from one of its users to another",
     {"from A.eurprd08.prod.outlook.com (2603:10a6::1) by B.eurprd08.prod.outlook.com (2603:10a6::2)" + exchange,
      "from A.eurprd08.prod.outlook.com ([fe80::1234]) by A.eurprd08.prod.outlook.com ([fe80::1%4]) with mapi id "
      "15.20"},
     "-"},
    {"Gmail",
     {"by 2002:a05:6a11:5555:b0:1:2:3 with SMTP id x1csp1",
      "from mail.a.example (mail.a.example. [192.0.2.1]) by mx.google.example with ESMTPS id y2"},
     "-"},
    {"Cyrus",
     {"from mx.b.example ([unix socket]) by imap.b.example (Cyrus v2.4.17) with LMTPA",
      a_example + " by mx.b.example (Postfix) with ESMTP id 1"}},
    {"a program that fetches over TLS",
     {"from pop.b.example by laptop with POP3-SSL", a_example + " by mx.b.example with ESMTPS id 1"}},
    {"Sendmail",
     {"(from root@localhost) by mx.b.example (8.15.2/8.15.2/Submit) id t0",
      "from mail.a.example (mail.a.example [192.0.2.1] (may be forged)) by mx.b.example (8.15.2/8.15.2) with ESMTPS"}},
    {"Haraka", {a_example + " by mx.b.example (Haraka/2.8.28) with ESMTPS id A.1 envelope-from <ann@a.example> tls X"}},
    {"OpenSMTPD",
     {"from localhost (mx.b.example [local]) by mx.b.example (OpenSMTPD) with ESMTPA id 1",
      a_example + " by mx.b.example (OpenSMTPD) with ESMTPS id 1a2b (TLSv1.3:AEAD-AES256-GCM-SHA384:256:NO)"}},
    {"Courier",
     {"from localhost (localhost [::ffff:127.0.0.1]) (IDENT: mail) by mx.b.example with esmtp id 1",
      "from mail.a.example (mail.a.example [::ffff:192.0.2.1]) (TLS: TLSv1.3,256bits) by mx.b.example with ESMTPS"}},
    {"addresses of IPv4 written as IPv6",
     {"from mx.b.example (mx.b.example [IPv6:::ffff:10.0.0.1]) by store.b.example with ESMTP id 1",
      "from mail.a.example (mail.a.example [IPv6:::ffff:192.0.2.1]) by mx.b.example with ESMTPS id 0"}},
    {"Zimbra",
     {"from mta.b.example (LHLO mta.b.example) (10.0.0.2) by mbox.b.example with LMTP",
      "from mta.b.example ([127.0.0.1]) by localhost (mta.b.example [127.0.0.1]) (amavisd-new, port 10032) with ESMTP",
      a_example + " by mta.b.example (Postfix) with ESMTPS id 2"}},
    {"Yahoo", {"from 192.0.2.1 (EHLO mail.a.example) by 10.217.135.28 with SMTPs (version=TLS1_2 cipher=X)"}},
    {"Domino", {"from mail.a.example ([192.0.2.1]) by notes.b.example (Lotus Domino Release 8.5.3) with ESMTP id 2-1"}},
};

}  // namespace

TEST_CASE("the client is found in the fields of every common server, or none is known") {
  for (const auto& shape : shapes) {
    CAPTURE(shape.server);
    std::string header;
    for (const auto& hop : shape.hops) header += received(hop);
    CHECK(ip(facts(header + "\r\n")) == shape.client);
  }
}

TEST_CASE("trusted hosts lead through the servers of a large service to the client") {
  std::string header;
  for (const auto& hop : shapes[6].hops) header += received(hop);
  CHECK(facts(header + "\r\n", {.hosts = {"outlook.com"}}).untrusted_host == "C.outlook.office365.com");
  CHECK(ip(facts(header + "\r\n", {.hosts = {"outlook.com", "office365.com"}})) == "192.0.2.1");
  const std::string gateway =
      received("from in-1.gateway.example (203.0.113.1) by D.mail.protection.outlook.com" + exchange) +
      received(a_example + " (Using TLS) by relay.gateway.example with ESMTP id g-1");
  CHECK(ip(facts(gateway + "\r\n")) == "203.0.113.1");
  CHECK(ip(facts(gateway + "\r\n", {.hosts = {"gateway.example"}})) == "192.0.2.1");
}

TEST_CASE("a server of the receiver's own side is no client where the mail came to that side from elsewhere") {
  const std::string inner =
      received("from mx1.b.example (mx1.b.example [203.0.113.7]) by imap.b.example with ESMTPS id 1");
  const std::string filter = received("from localhost (localhost [127.0.0.1]) by mx1.b.example with ESMTP id 2");
  const std::string entrance = received(a_example + " by mx1.b.example (Postfix) with ESMTPS id 3");
  for (const auto& below : {entrance, filter + entrance}) {
    const auto got = facts(inner + below + "\r\n");
    CHECK(ip(got) == "-");
    CHECK(got.untrusted_host == "mx1.b.example");
    CHECK(has_note(got, "203.0.113.7, a server of the side of 'imap.b.example', which had the mail from elsewhere"));
    CHECK(ip(facts(inner + below + "\r\n", {.hosts = {"mx1.b.example"}})) == "192.0.2.1");
  }
  // What the side sends itself has that server as its client; a name that only the client gave says nothing.
  const std::string own =
      received("from pc (dsl.isp.example [198.51.100.3]) by mx1.b.example (Postfix) with ESMTPSA id 3");
  CHECK(ip(facts(inner + own + "\r\n")) == "203.0.113.7");
  CHECK(ip(facts(inner + filter + "\r\n")) == "203.0.113.7");
  CHECK(ip(facts(inner + "\r\n")) == "203.0.113.7");
  const std::string claimed = received("from mx1.b.example (unknown [203.0.113.7]) by imap.b.example with ESMTPS id 1");
  CHECK(ip(facts(claimed + entrance + "\r\n")) == "203.0.113.7");
}

// RFC 3848: A for authentication
TEST_CASE("a client that logged in submits a mail: SPF does not apply to it") {
  for (
      const std::string hop : {
          "from [192.168.0.7] (dsl.isp.example [198.51.100.3]) (Authenticated sender: bob) by out.b.example with ESMTP",
          "from [192.168.0.7] (dsl.isp.example [198.51.100.3]) by out.b.example (Postfix) with ESMTPSA id 2",
          "from pc (dsl.isp.example [198.51.100.3]) (authenticated bits=0) by out.b.example (8.15.2/8.15.2) with ESMTP",
          "from pc (dsl.isp.example [::ffff:198.51.100.3]) (AUTH: PLAIN bob, TLS: X) by out.b.example with ESMTPSA",
          "from dsl.isp.example ([198.51.100.3] helo=pc) by out.b.example with esmtpsa (TLS1.3) (Exim 4.96)",
      }) {
    CAPTURE(hop);
    const auto got = facts(received(hop) + real + "\r\n");
    CHECK(ip(got) == "-");
    CHECK(has_note(got, "198.51.100.3, which logged in to submit the mail"));
  }
}

TEST_CASE("a trusted host that relays leads on, named or by its address") {
  const std::string relay =
      received("from mx.b.example (mx.b.example [203.0.113.7]) by store.c.example with ESMTP id 1");
  CHECK(ip(facts(relay + real + "\r\n")) == "203.0.113.7");
  CHECK(ip(facts(relay + real + "\r\n", {.hosts = {"mx.b.example"}})) == "192.0.2.1");
  CHECK(ip(facts(relay + real + "\r\n", {.hosts = {"store.c.example", "mx.b.example"}})) == "192.0.2.1");
  const std::string nameless = received("from relay ([203.0.113.7]) by store.c.example with ESMTP id 1");
  CHECK(ip(facts(nameless + real + "\r\n", {.hosts = {"mx.b.example"}})) == "203.0.113.7");
  CHECK(ip(facts(nameless + real + "\r\n", {.hosts = {"mx.b.example", "203.0.113.7"}})) == "192.0.2.1");
}

TEST_CASE("a client known by an internal address alone is no client, and no ground for a proof") {
  const auto got = facts(received("from x.example (x.example [172.17.0.1]) by mx.b.example with ESMTP id 1") + "\r\n");
  CHECK(ip(got) == "-");
  CHECK(has_note(got, "names an internal client, 172.17.0.1"));
  // A proxy in front of the server: what is below is the sender's.
  const std::string below = received("from good.example (good.example [198.51.100.9]) by mx.b.example with ESMTPS");
  CHECK(facts(received("from x.example (x.example [172.17.0.1]) by mx.b.example with ESMTP id 1") + below + "\r\n")
            .is_by_inner_client);
  CHECK_FALSE(facts(received("from mx.b.example by mx.b.example with LMTP id 1") + below + "\r\n").is_by_inner_client);
}

TEST_CASE("results that a sender may have written into are not believed") {
  const std::string results =
      "Authentication-Results: mx.b.example; spf=pass (client \"a) smtp.mailfrom=forged@c.example (b\") "
      "smtp.mailfrom=x@a.example\r\n";
  const auto got = facts(results + received("by mx.b.example with SMTP id 1") + "\r\n");
  CHECK(text(got.mail_from) == "-");
  CHECK(has_note(got, "not separated as RFC 8601 says"));
}
