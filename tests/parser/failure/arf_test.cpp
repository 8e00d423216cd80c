// The fields of a feedback report: RFC 5965 section 3.
#include <catch2/catch.hpp>

#include "tests/parser/failure/text.hpp"

using namespace ruaudit;
using namespace ruaudit::test;
using model::AuthFailure;
using model::DeliveryResult;
using model::FailureKind;
using parser::parse_failure_report;

namespace {

using Texts = std::vector<std::string>;

model::FailureReport with(const std::string& more) { return parse_failure_report(arf(usual_fields + more)); }

std::string without(const std::string& name) {
  const auto begin = usual_fields.find(name + ":");
  return std::string(usual_fields).erase(begin, usual_fields.find("\r\n", begin) + 2 - begin);
}

}  // namespace

TEST_CASE("a report with every field that is asked for has no defect, and its claims are as claimed") {
  const auto report = parse_failure_report(arf());
  CHECK(codes(report.defects).empty());
  CHECK(report.kind == FailureKind::auth_failure);
  CHECK(report.container == model::FailureContainer::multipart_report);
  CHECK(report.dialect == model::FailureDialect::standard);
  const auto& claims = report.claims;
  CHECK(claims.feedback_type == "auth-failure");
  CHECK(claims.version == "1");
  CHECK(claims.user_agent == "Example-Reporter/3.1");
  CHECK(claims.auth_failures == std::vector<model::AuthFailureClaim>{{AuthFailure::dmarc, "dmarc"}});
  CHECK(claims.identity_alignment == "none");
  CHECK(claims.authentication_results == Texts{"receiver.example; dmarc=fail header.from=example.com"});
  CHECK(claims.original_mail_from == "bounce@example.net");
  CHECK(claims.arrival_date == 1767258000);
  CHECK(claims.raw_arrival_date == "Thu, 01 Jan 2026 10:00:00 +0100");
  CHECK(claims.source_ip == *model::IpAddress::parse("198.51.100.66"));
  CHECK(claims.reported_domains == Texts{"example.com"});
  CHECK(claims.incidents == std::nullopt);
  CHECK(claims.other_fields.empty());
  CHECK(report.sample.octets == usual_sample);
  CHECK(report.sample.extent == model::SampleExtent::full);
}

TEST_CASE("the carrying mail names the reporter") {
  const auto reporter = parse_failure_report(arf()).reporter;
  CHECK(reporter.from == "Reports <DMARC@Receiver.example>");
  CHECK(reporter.address == "dmarc@receiver.example");
  CHECK(reporter.domain == "receiver.example");
  CHECK(reporter.message_id == "<report-1@receiver.example>");
  CHECK(reporter.date_epoch == 1767258005);
}

// RFC 5965 section 3.1
TEST_CASE("a field that is missing is absent and named, never fatal") {
  for (const std::string name :
       {"Feedback-Type", "User-Agent", "Version", "Auth-Failure", "Identity-Alignment", "Authentication-Results",
        "Original-Mail-From", "Arrival-Date", "Source-IP", "Reported-Domain"}) {
    CAPTURE(name);
    const auto report = parse_failure_report(arf(without(name)));
    if (name == "Feedback-Type") {
      CHECK(has(report.defects, "failure-feedback-type"));
      CHECK(missing(report) == Texts{name});
    } else if (name == "Auth-Failure") {
      CHECK(missing(report) == Texts{"Auth-Failure"});
      CHECK(report.claims.auth_failures.empty());
    } else {
      CHECK(report.kind == FailureKind::auth_failure);
      CHECK(missing(report) == Texts{name});
    }
  }
  const auto none = parse_failure_report(arf("Feedback-Type: auth-failure\r\n"));
  CHECK(none.claims.source_ip == std::nullopt);
  CHECK(none.claims.arrival_date == std::nullopt);
  CHECK(none.claims.original_mail_from == std::nullopt);
  CHECK(missing(none).size() == 8);
}

// RFC 9991 section 4
TEST_CASE("Identity-Alignment is asked for only where the failure is one of DMARC") {
  auto fields = without("Identity-Alignment");
  fields.replace(fields.find("Auth-Failure: dmarc"), 19, "Auth-Failure: spf");
  CHECK(missing(parse_failure_report(arf(fields))).empty());
}

// RFC 5965 section 7.3, RFC 6591 section 3.1
TEST_CASE("the word of Feedback-Type decides what a report is") {
  const std::pair<std::string, FailureKind> cases[] = {{"auth-failure", FailureKind::auth_failure},
                                                       {"Auth-Failure", FailureKind::auth_failure},
                                                       {"auth-failure (x)", FailureKind::auth_failure},
                                                       {"(abuse?) auth-failure", FailureKind::auth_failure},
                                                       {"abuse", FailureKind::abuse},
                                                       {"fraud", FailureKind::fraud},
                                                       {"virus", FailureKind::virus},
                                                       {"not-spam", FailureKind::not_spam},
                                                       {"other", FailureKind::other},
                                                       {"bounce", FailureKind::unknown},
                                                       {"auto-reply", FailureKind::unknown},
                                                       {"opt-out", FailureKind::unknown}};
  for (const auto& [word, kind] : cases) {
    CAPTURE(word);
    const auto report = parse_failure_report(arf("Feedback-Type: " + word + "\r\nVersion: 1\r\n"));
    CHECK(report.kind == kind);
    CHECK(report.claims.feedback_type == word);
    CHECK(has(report.defects, "failure-feedback-type") == (kind == FailureKind::unknown));
    CHECK(missing(report).empty() == (kind != FailureKind::auth_failure));
  }
}

// RFC 6591 section 3.2.1
TEST_CASE("a report that names an Auth-Failure is one of an authentication failure, whatever its Feedback-Type") {
  for (const std::string word : {"", "Feedback-Type: auth failure\r\n", "Feedback-Type: dmarc\r\n"}) {
    CAPTURE(word);
    const auto report = parse_failure_report(arf(word + without("Feedback-Type")));
    CHECK(report.kind == FailureKind::auth_failure);
    CHECK(has(report.defects, "failure-feedback-type"));
  }
  const auto abuse = parse_failure_report(arf("Feedback-Type: abuse\r\n" + without("Feedback-Type")));
  CHECK(abuse.kind == FailureKind::abuse);
}

// RFC 6591 section 3.2.2 and 3.3
TEST_CASE("Auth-Failure and Delivery-Result know the words of their registries and keep the others") {
  const std::pair<std::string, AuthFailure> failures[] = {
      {"adsp", AuthFailure::adsp},           {"bodyhash", AuthFailure::bodyhash}, {"revoked", AuthFailure::revoked},
      {"signature", AuthFailure::signature}, {"spf", AuthFailure::spf},           {"DMARC", AuthFailure::dmarc},
      {"arc", AuthFailure::unknown}};
  for (const auto& [word, type] : failures) {
    CAPTURE(word);
    auto fields = without("Auth-Failure") + "Auth-Failure: " + word + "\r\n";
    const auto report = parse_failure_report(arf(fields));
    CHECK(report.claims.auth_failures == std::vector<model::AuthFailureClaim>{{type, word}});
    CHECK(has(report.defects, "failure-unknown-word") == (type == AuthFailure::unknown));
  }
  const std::pair<std::string, DeliveryResult> results[] = {
      {"delivered", DeliveryResult::delivered}, {"spam", DeliveryResult::spam},
      {"policy", DeliveryResult::policy},       {"Reject", DeliveryResult::reject},
      {"other", DeliveryResult::other},         {"smg-policy-action", DeliveryResult::unknown}};
  for (const auto& [word, type] : results) {
    CAPTURE(word);
    const auto report = with("Delivery-Result: " + word + "\r\n");
    CHECK(report.claims.delivery_result == type);
    CHECK(report.claims.raw_delivery_result == word);
    CHECK(has(report.defects, "failure-unknown-word") == (type == DeliveryResult::unknown));
  }
  CHECK(with("").claims.delivery_result == std::nullopt);
}

TEST_CASE("several failures in one field are each a claim") {
  const auto report = parse_failure_report(arf(without("Auth-Failure") + "Auth-Failure: spf, signature\r\n"));
  CHECK(report.claims.auth_failures ==
        std::vector<model::AuthFailureClaim>{{AuthFailure::spf, "spf"}, {AuthFailure::signature, "signature"}});
}

// RFC 5965 section 3.5, RFC 6591 sections 3.3 and 4
TEST_CASE("comments beside a value are no part of it") {
  const auto failed =
      parse_failure_report(arf(without("Auth-Failure") + "Auth-Failure: (a) dmarc (p=reject, dis=none)\r\n"));
  CHECK(failed.claims.auth_failures == std::vector<model::AuthFailureClaim>{{AuthFailure::dmarc, "dmarc"}});
  CHECK(codes(failed.defects) == Texts{"failure-field-comment"});
  const auto report = with(
      "Delivery-Result: (550) reject\r\nIncidents: 5 (five)\r\nSource-Port: (tcp) 2525\r\n"
      "DKIM-Domain: (d) example.com\r\nDKIM-Identity: \"a(b)\"@example.com (i)\r\nDKIM-Selector: s1 (s (nested))\r\n"
      "SPF-DNS: (a) txt (b) : example.com (c) : \"v=spf1 (d) -all\"\r\n");
  const auto& claims = report.claims;
  CHECK(claims.delivery_result == DeliveryResult::reject);
  CHECK(claims.raw_delivery_result == "(550) reject");
  CHECK(claims.incidents == 5);
  CHECK(claims.source_port == 2525);
  CHECK(claims.dkim_domain == "example.com");
  CHECK(claims.dkim_identity == "\"a(b)\"@example.com");
  CHECK(claims.dkim_selector == "s1");
  REQUIRE(claims.spf_dns.size() == 1);
  CHECK(claims.spf_dns[0].type == "txt");
  CHECK(claims.spf_dns[0].domain == "example.com");
  CHECK(claims.spf_dns[0].content == "v=spf1 (d) -all");
  CHECK(codes(report.defects) == Texts(3, "failure-field-comment"));
  const auto domain = parse_failure_report(arf(without("Reported-Domain") + "Reported-Domain: example.com (ours)\r\n"));
  CHECK(domain.claims.reported_domains == Texts{"example.com"});
}

TEST_CASE("Source-IP is read in the decorations that reporters give it") {
  const std::pair<std::string, std::string> cases[] = {{"192.0.2.1", "192.0.2.1"},
                                                       {"192.0.2.1 (mail.example.net)", "192.0.2.1"},
                                                       {"[192.0.2.1]", "192.0.2.1"},
                                                       {"IPv6:2001:db8::1", "2001:db8::1"},
                                                       {"2001:DB8::1", "2001:db8::1"},
                                                       {"[IPv6:::ffff:203.0.113.68]", "203.0.113.68"},
                                                       {"(mail.example.net) 192.0.2.1", "192.0.2.1"},
                                                       {"mail.example.net [192.0.2.1]", "192.0.2.1"},
                                                       {"mail.example.net[IPv6:2001:db8::1]", "2001:db8::1"},
                                                       {"\"192.0.2.1\"", "192.0.2.1"},
                                                       {"<192.0.2.1>", "192.0.2.1"},
                                                       {"192.0.2.1;", "192.0.2.1"},
                                                       {"192.0.2.1, 192.0.2.2", "192.0.2.1"},
                                                       {"::ffff:203.0.113.68", "203.0.113.68"}};
  for (const auto& [raw, want] : cases) {
    CAPTURE(raw);
    const auto report = parse_failure_report(arf(without("Source-IP") + "Source-IP: " + raw + "\r\n"));
    REQUIRE(report.claims.source_ip);
    CHECK(report.claims.source_ip->to_string() == want);
    CHECK(report.claims.raw_source_ip == raw);
  }
  for (const std::string raw : {"unknown", "192.0.2.256", "", "mail.example.net"}) {
    CAPTURE(raw);
    const auto report = parse_failure_report(arf(without("Source-IP") + "Source-IP: " + raw + "\r\n"));
    CHECK(report.claims.source_ip == std::nullopt);
    CHECK(report.claims.raw_source_ip == raw);
    CHECK(has(report.defects, "bad-source-ip"));
  }
}

// RFC 5965 section 3.3
TEST_CASE("the envelope is kept without brackets, and an empty sender is the null sender") {
  for (const std::string raw : {"", "<>", "< >"}) {
    CAPTURE(raw);
    const auto report =
        parse_failure_report(arf(without("Original-Mail-From") + "Original-Mail-From: " + raw + "\r\n"));
    CHECK(report.claims.original_mail_from == "");
    CHECK(missing(report).empty());
  }
  for (const std::string raw : {"a@example.com", "<a@example.com>", "A. Name <a@example.com>", "<a@example.com> SIZE=1",
                                "(x) <a@example.com>", "<a@example.com SIZE=100", "a@example.com SIZE=100"}) {
    CAPTURE(raw);
    const auto one = parse_failure_report(arf(without("Original-Mail-From") + "Original-Mail-From: " + raw + "\r\n"));
    CHECK(one.claims.original_mail_from == "a@example.com");
  }
  // A word with '=' in the place of the path is no parameter, and no null sender, unless some extension defines it.
  for (const std::string raw : {"bounce=token", "bounce=token@example.com", "bounce=token SIZE=100"}) {
    CAPTURE(raw);
    const auto one = parse_failure_report(arf(without("Original-Mail-From") + "Original-Mail-From: " + raw + "\r\n"));
    CHECK(one.claims.original_mail_from == raw.substr(0, raw.find(' ')));
  }
  const auto report = with("Original-Rcpt-To: <a@receiver.example>\r\nOriginal-Rcpt-To: b@receiver.example\r\n");
  CHECK(report.claims.original_rcpt_to == Texts{"a@receiver.example", "b@receiver.example"});
}

TEST_CASE("Received-Date is an older name of Arrival-Date, and an unreadable date is no date") {
  const auto old =
      parse_failure_report(arf(without("Arrival-Date") + "Received-Date: Thu, 8 Mar 2005 14:00:00 EDT\r\n"));
  CHECK(old.claims.arrival_date == 1110304800);
  CHECK(missing(old).empty());
  const auto bad = parse_failure_report(arf(without("Arrival-Date") + "Arrival-Date: yesterday\r\n"));
  CHECK(bad.claims.arrival_date == std::nullopt);
  CHECK(bad.claims.raw_arrival_date == "yesterday");
  CHECK(has(bad.defects, "failure-date-unreadable"));
}

// RFC 5965 section 3.2
TEST_CASE("Incidents counts from one to its limit") {
  const std::pair<std::string, std::int64_t> good[] = {
      {"1", 1}, {"17", 17}, {std::to_string(model::max_incidents), model::max_incidents}};
  for (const auto& [text, want] : good) {
    CAPTURE(text);
    const auto report = with("Incidents: " + text + "\r\n");
    CHECK(report.claims.incidents == want);
    CHECK(codes(report.defects).empty());
  }
  for (const std::int64_t first : {5, 1}) {
    CAPTURE(first);
    const auto twice = with("Incidents: " + std::to_string(first) + "\r\nIncidents: 7\r\n");
    CHECK(twice.claims.incidents == first);
    CHECK(codes(twice.defects) == Texts{"failure-field-repeated"});
  }
  for (const std::string text : {"0", "-3", "many", "", "1000000001", "99999999999999999999999999"}) {
    CAPTURE(text);
    const auto report = with("Incidents: " + text + "\r\n");
    CHECK(report.claims.incidents == std::nullopt);
    CHECK(codes(report.defects) == Texts{"failure-bad-incidents"});
  }
}

TEST_CASE("Source-Port is a port") {
  CHECK(with("Source-Port: 65535\r\n").claims.source_port == 65535);
  for (const std::string text : {"65536", "-1", "smtp"}) {
    CAPTURE(text);
    const auto report = with("Source-Port: " + text + "\r\n");
    CHECK(report.claims.source_port == std::nullopt);
    CHECK(codes(report.defects) == Texts{"failure-bad-port"});
  }
}

// RFC 6591 section 3.2
TEST_CASE("records that the reporter saw are taken apart") {
  struct Case {
    std::string raw, type, domain, content;
  };
  const Case cases[] = {
      {"txt : example.com : \"v=spf1 -all\"", "txt", "example.com", "v=spf1 -all"},
      {"SPF:example.com:\"v=spf1 \" \"include:x.example\"", "spf", "example.com", "v=spf1 include:x.example"},
      {"txt : example.com : v=spf1 ip6:2001:db8::/32 -all", "txt", "example.com", "v=spf1 ip6:2001:db8::/32 -all"},
      {"example.com : \"v=spf1 a:\\\"x\\\"\"", "", "example.com", "v=spf1 a:\"x\""},
      {"\"v=spf1 -all\"", "", "", "v=spf1 -all"},
      {"v=spf1 include:x.example", "", "", "v=spf1 include:x.example"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.raw);
    const auto report = with("SPF-DNS: " + one.raw + "\r\n");
    REQUIRE(report.claims.spf_dns.size() == 1);
    CHECK(report.claims.spf_dns[0] == model::ClaimedRecord{one.raw, one.type, one.domain, one.content});
    CHECK(codes(report.defects).empty());
  }
  const auto key = with("DKIM-Selector-DNS: s1._domainkey.example.com : \"v=DKIM1; p=\"\r\n").claims.dkim_selector_dns;
  REQUIRE(key);
  CHECK(key->domain == "s1._domainkey.example.com");
  CHECK(key->content == "v=DKIM1; p=");
  CHECK(codes(with("SPF-DNS: txt : example.com\r\n").defects) == Texts{"failure-bad-record"});
}

// RFC 6591 section 3.2.4
TEST_CASE("canonicalized header and body are octets without their base64") {
  const auto report = with(
      "DKIM-Canonicalized-Header: ZnJvbTph\r\n QGV4YW1wbGUuY29tDQo=\r\n"
      "DKIM-Canonicalized-Body: SGVsbG8uDQo=\r\n");
  CHECK(report.claims.dkim_canonicalized_header == "from:a@example.com\r\n");
  CHECK(report.claims.dkim_canonicalized_body == "Hello.\r\n");
  // RFC 6591 section 2.3: octets of no alphabet are passed over.
  const auto marked = with("DKIM-Canonicalized-Body: SGVs\r\n >bG8u!DQo=\r\n");
  CHECK(marked.claims.dkim_canonicalized_body == "Hello.\r\n");
  CHECK(codes(marked.defects) == Texts{"failure-base64-others"});
  const auto bad = with("DKIM-Canonicalized-Body: not base64!\r\n");
  CHECK(bad.claims.dkim_canonicalized_body == std::nullopt);
  CHECK(codes(bad.defects) == Texts{"failure-bad-base64"});
}

// RFC 6591 section 3.2.3
TEST_CASE("the fields of a failed signature are kept") {
  const auto claims = with("DKIM-Domain: example.com\r\nDKIM-Identity: @example.com\r\nDKIM-Selector: s1\r\n").claims;
  CHECK(claims.dkim_domain == "example.com");
  CHECK(claims.dkim_identity == "@example.com");
  CHECK(claims.dkim_selector == "s1");
}
