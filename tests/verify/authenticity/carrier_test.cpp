#include "verify/authenticity/carrier.hpp"

#include <catch2/catch.hpp>

#include "signer.hpp"

using namespace ruaudit;
using namespace ruaudit::verify;
using namespace ruaudit::verify::authenticity;

namespace {

constexpr std::int64_t now = 1'700'000'000;
const std::string header =
    "From: Reports <reports@receiver.example>\r\nTo: dmarc@example.com\r\nSubject: Report Domain: example.com\r\n";
const std::string received =
    "Return-Path: <bounce@receiver.example>\r\nReceived: from mx.receiver.example (mx.receiver.example [192.0.2.9])\r\n"
    "\tby in.example.com with ESMTP id 1; Tue, 14 Nov 2023 22:13:20 +0000\r\n";

test::Spec spec_of(const std::string& d) {
  test::Spec spec;
  spec.d = d;
  return spec;
}

Carrier examined(const std::string& mail, dns::Resolver& resolver, const std::vector<std::string>& hosts = {}) {
  const auto message = message::Message::view(mail);
  REQUIRE(message);
  evaluate::Options options;
  options.now = now;
  options.checks.dmarc = false;
  options.trust.hosts = hosts;
  evaluate::Caches caches;
  const auto done = evaluate::evaluate(&*message, {}, options, resolver, caches);
  return examine(*message, done, options.trust);
}

std::string told(const Carrier& carrier) {
  std::string text;
  for (const auto& proof : carrier.proofs)
    text +=
        std::string(model::to_text(proof.means == Means::dkim ? model::DkimResult::pass : model::DkimResult::none)) +
        ":" + proof.domain.text() + " ";
  for (const auto& gap : carrier.gaps)
    text += (gap.obstacle == Obstacle::key_gone      ? "gone:"
             : gap.obstacle == Obstacle::dns_failure ? "dns:"
                                                     : "broken:") +
            (gap.domain ? gap.domain->text() : "") + " ";
  return text;
}

}  // namespace

TEST_CASE("a signature proves its domain, one that does not verify proves nothing, and a key may be gone") {
  const auto mail = test::signed_mail(header, "report\r\n", spec_of("receiver.example"), test::rsa_2048());
  const std::string key_name = "sel._domainkey.receiver.example";
  test::FakeResolver good, none, silent, other, revoked;
  good.txt(key_name, test::rsa_2048().record());
  silent.fails(key_name, dns::Status::servfail);
  other.txt(key_name, test::rsa_1024().record());
  revoked.txt(key_name, "v=DKIM1; p=");
  CHECK(told(examined(mail, good)) == "pass:receiver.example ");
  CHECK(told(examined(mail, none)) == "gone:receiver.example ");
  CHECK(told(examined(mail, revoked)) == "gone:receiver.example ");
  CHECK(told(examined(mail, silent)) == "dns:receiver.example ");
  CHECK(told(examined(mail, other)) == "broken:receiver.example ");
  CHECK(told(examined(mail + "more\r\n", good)) == "broken:receiver.example ");
  CHECK(examined(mail, good).author->text() == "receiver.example");
  CHECK(told(examined(header + "\r\nreport\r\n", good)).empty());
}

TEST_CASE("SPF proves the envelope's domain by the trace, unless the record lets everyone send") {
  const std::string mail = received + header + "\r\nreport\r\n";
  struct Row {
    const char* record;
    const char* want;
  };
  for (const auto& row : {Row{"v=spf1 ip4:192.0.2.9 -all", "none:receiver.example "}, Row{"v=spf1 +all", ""},
                          Row{"v=spf1 ALL", ""}, Row{"v=spf1 -all", ""}}) {
    CAPTURE(row.record);
    test::FakeResolver resolver;
    resolver.txt("receiver.example", row.record);
    CHECK(told(examined(mail, resolver)) == row.want);
  }
  test::FakeResolver silent;
  silent.fails("receiver.example", dns::Status::timeout);
  CHECK(told(examined(mail, silent)) == "dns:receiver.example ");
}

TEST_CASE("Authentication-Results count where a trusted host wrote them above the border") {
  const std::string results =
      "Authentication-Results: in.example.com; dkim=pass header.d=receiver.example; spf=fail "
      "smtp.mailfrom=evil.example; dmarc=pass header.from=reports.example\r\n";
  const std::string want = "none:receiver.example none:reports.example ";
  const std::string hop = "Received: from a by outside.example; Tue, 14 Nov 2023 22:13:10 +0000\r\n";
  test::FakeResolver resolver;
  const auto proofs = [&](const std::string& mail, const std::vector<std::string>& hosts) {
    auto carrier = examined(mail, resolver, hosts);
    carrier.gaps.clear();
    return told(carrier);
  };
  const std::string rest = hop + header + "\r\nreport\r\n";
  CHECK(proofs(results + received + rest, {"in.example.com"}) == want);
  CHECK(proofs(results + received + rest, {"example.com"}) == want);
  CHECK(proofs(received + results + rest, {"in.example.com"}) == want);
  CHECK(proofs(results + received + rest, {}).empty());
  CHECK(proofs(results + received + rest, {"other.example.com"}).empty());
  CHECK(proofs(results + received + rest, {"ample.com"}).empty());
  CHECK(proofs(received + hop + results + header + "\r\nreport\r\n", {"in.example.com"}).empty());
}

// RFC 8601 section 7.1
TEST_CASE("what a trusted server repeats of the sender's words proves nothing") {
  test::FakeResolver dns;
  const std::string path = "Return-Path: <x@evil.example>\r\n";
  const std::string hop =
      "Received: from mx.evil.example (mx.evil.example [203.0.113.9]) by in.example.com with ESMTP id 1; Tue, 14 Nov "
      "2023 "
      "22:13:20 +0000\r\n";
  const auto proofs = [&](const std::string& fields) {
    return told(examined(fields + header + "\r\nreport\r\n", dns, {"in.example.com"}));
  };
  const std::string good = "Authentication-Results: in.example.com; dkim=pass header.d=receiver.example\r\n";
  CHECK(proofs(path + good + hop) == "none:receiver.example ");
  CHECK(proofs(path + hop + good) == "none:receiver.example ");  // where some servers write it
  const std::string forged_hop =
      "Received: from mx.receiver.example (mx.receiver.example [192.0.2.9]) by in.example.com with ESMTP id 2\r\n";
  const char* const forged[] = {
      "Authentication-Results: in.example.com; spf=pass (\"a) dkim=pass header.d=receiver.example (b\")\r\n",
      "Authentication-Results: in.example.com; spf=fail smtp.mailfrom=x@evil.example dkim=pass "
      "header.d=receiver.example\r\n",
      "Authentication-Results: in.example.com; dkim=pass header.d=evil.example header.d=receiver.example\r\n",
      "Authentication-Results: in.example.com.evil.example; dkim=pass header.d=receiver.example\r\n",
      "Authentication-Results: (in.example.com) evil.example; dkim=pass header.d=receiver.example\r\n",
      "Authentication-Results: in.example.com; none; dkim=pass header.d=receiver.example\r\n",
      "Authentication-Results: in.example.com; dkim=pass header.d=receiver.example; none\r\n",
      "Authentication-Results: in.example.com; spf=pass smtp.mailfrom=<x@receiver.example>\r\n",
      "Authentication-Results: in.example.com; spf=pass smtp.mailfrom=<x>; dkim=pass header.d=receiver.example\r\n",
      "Authentication-Results: in.example.com; dkim=\"pass\" header.d=receiver.example\r\n",
  };
  for (const auto* field : forged) {
    CAPTURE(field);
    CHECK(proofs(path + field + hop) == "");
  }
  CHECK(proofs(path + hop + forged_hop + good) == "");  // below a Received that the sender wrote in our name
  const std::string odd_path = "Return-Path: <\"x; dkim=pass header.d=receiver.example; y\"@evil.example>\r\n";
  CHECK(proofs(odd_path + good + hop) == "");
  // RFC 8601 section 2.5: another version may mean something else.
  for (const auto* field : {"Authentication-Results: in.example.com 2; dkim=pass header.d=receiver.example\r\n",
                            "Authentication-Results: in.example.com; dkim/2=pass header.d=receiver.example\r\n"}) {
    CAPTURE(field);
    CHECK(proofs(path + field + hop) == "");
  }
  CHECK(proofs(path + "Authentication-Results: in.example.com 1; dkim/1=pass header.d=receiver.example\r\n" + hop) ==
        "none:receiver.example ");
}

TEST_CASE("of the fields of one server the topmost that speaks of a method counts") {
  test::FakeResolver dns;
  const std::string path = "Return-Path: <x@evil.example>\r\n";
  const std::string hop =
      "Received: from mx.evil.example (mx.evil.example [203.0.113.9]) by in.example.com with ESMTP id 1; Tue, 14 Nov "
      "2023 22:13:20 +0000\r\n";
  const auto proofs = [&](const std::string& fields) {
    return told(examined(fields + header + "\r\nreport\r\n", dns, {"in.example.com", "old.example.net"}));
  };
  const std::string good = "Authentication-Results: in.example.com; dkim=pass header.d=receiver.example\r\n";
  for (const auto* above : {"Authentication-Results: in.example.com; dkim=none\r\n",
                            "Authentication-Results: IN.example.com; spf=fail; dkim=fail header.d=receiver.example\r\n",
                            "Authentication-Results: in.example.com; dkim=pass header.d=evil.example\r\n"}) {
    CAPTURE(above);
    CHECK(proofs(path + above + good + hop).find("receiver.example") == std::string::npos);
    CHECK(proofs(path + above + hop + good).find("receiver.example") == std::string::npos);
  }
  // One milter for each method, and another server, speak for themselves.
  CHECK(proofs(path + "Authentication-Results: in.example.com; spf=none\r\n" + good + hop) == "none:receiver.example ");
  CHECK(proofs(path + "Authentication-Results: old.example.net; dkim=fail\r\n" + good + hop) ==
        "none:receiver.example ");
}

namespace {

// As for a mail with an SMTP TLS report, RFC 8460 section 3.
std::string told_of_tls(const std::string& mail, dns::Resolver& resolver, const std::vector<std::string>& hosts = {}) {
  const auto message = message::Message::view(mail);
  REQUIRE(message);
  evaluate::Options options;
  options.now = now;
  options.checks.dmarc = false;
  options.trust.hosts = hosts;
  options.service = dkim::Service::tlsrpt;
  evaluate::Caches caches;
  const auto done = evaluate::evaluate(&*message, {}, options, resolver, caches);
  return told(examine(*message, done, options.trust, Admitted::dkim));
}

std::string with_services(const std::string& record, const std::string& services) {
  return "v=DKIM1; s=" + services + record.substr(record.find(';'));
}

}  // namespace

TEST_CASE("a TLS report is proved by a key for all services or for tlsrpt, other mail by one for all or for email") {
  const auto mail = test::signed_mail(header, "report\r\n", spec_of("receiver.example"), test::rsa_2048());
  const std::string key_name = "sel._domainkey.receiver.example", record = test::rsa_2048().record();
  struct Row {
    const char* services;
    bool proves_tls, proves_mail;
  };
  for (const auto& row : {Row{"*", true, true}, Row{"tlsrpt", true, false}, Row{"email", false, true},
                          Row{"email:tlsrpt", true, true}, Row{"other", false, false}}) {
    CAPTURE(row.services);
    test::FakeResolver resolver;
    resolver.txt(key_name, with_services(record, row.services));
    CHECK(told_of_tls(mail, resolver) == (row.proves_tls ? "pass:" : "broken:") + std::string("receiver.example "));
    CHECK(told(examined(mail, resolver)) == (row.proves_mail ? "pass:" : "broken:") + std::string("receiver.example "));
  }
  test::FakeResolver all;
  all.txt(key_name, record);
  CHECK(told_of_tls(mail, all) == "pass:receiver.example ");
}

TEST_CASE("a TLS report is not proved by SPF, by a signature with an open end, or by another's word for SPF") {
  test::FakeResolver resolver;
  resolver.txt("receiver.example", "v=spf1 ip4:192.0.2.9 -all");
  resolver.txt("sel._domainkey.receiver.example", test::rsa_2048().record());
  CHECK(told_of_tls(received + header + "\r\nreport\r\n", resolver).empty());
  auto spec = spec_of("receiver.example");
  spec.l = 8;
  CHECK(told_of_tls(test::signed_mail(header, "report\r\n", spec, test::rsa_2048()), resolver) ==
        "broken:receiver.example ");
  const std::string results =
      "Authentication-Results: in.example.com; spf=pass smtp.mailfrom=receiver.example; dmarc=pass "
      "header.from=receiver.example; dkim=pass header.d=signer.example\r\n";
  CHECK(told_of_tls(results + received + header + "\r\nreport\r\n", resolver, {"in.example.com"}) ==
        "none:signer.example ");
}
