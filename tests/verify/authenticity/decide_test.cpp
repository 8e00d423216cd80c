#include "verify/authenticity/decide.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit;
using namespace ruaudit::verify::authenticity;
using model::Authenticity;

namespace {

model::Domain domain(const std::string& text) { return *model::Domain::parse(text); }

const verify::suffix::PublicSuffixList& list() {
  static const auto loaded = *verify::suffix::PublicSuffixList::parse("com\norg\nexample\nco.example\n");
  return loaded;
}

Carrier carrier(const std::string& author, const std::vector<std::string>& proved = {}) {
  Carrier made;
  if (!author.empty()) made.author = domain(author);
  for (const auto& name : proved) made.proofs.push_back({domain(name), Means::dkim, "signed by " + name});
  return made;
}
Carrier with_gap(Carrier made, const std::string& name, Obstacle obstacle) {
  made.gaps.push_back({domain(name), obstacle, "the signature of " + name});
  return made;
}

const Claims honest{.org_name = "receiver.example",
                    .email = "reports@receiver.example",
                    .file_name = "receiver.example!example.com!1!2.xml.gz",
                    .subject = "Report Domain: example.com Submitter: receiver.example Report-ID: <1>"};
Claims named(const std::string& org_name, const std::string& email, const std::string& file_name = "") {
  return {.org_name = org_name, .email = email, .file_name = file_name, .subject = {}};
}

}  // namespace

TEST_CASE("whether a report is genuine: each rule of docs/authenticity.md") {
  struct Row {
    const char* rule;
    Claims claims;
    Carrier carrier;
    Authenticity state;
    Reason reason;
    const char* as;
  };
  const auto signed_by = [](const std::string& name) { return carrier(name, {name}); };
  const Row rows[] = {
      {"signed by the submitter", honest, signed_by("receiver.example"), Authenticity::authenticated, Reason::proved,
       "receiver.example"},
      {"signed by a name below the submitter's", honest, carrier("receiver.example", {"mail.receiver.example"}),
       Authenticity::authenticated, Reason::proved, "mail.receiver.example"},
      {"the e-mail alone names him", named("Receiver Inc.", "<r@receiver.example>"), signed_by("receiver.example"),
       Authenticity::authenticated, Reason::proved, "receiver.example"},
      {"the file name alone names him", named("Receiver", "", "a/receiver.example!d!1!2.zip"),
       signed_by("receiver.example"), Authenticity::authenticated, Reason::proved, "receiver.example"},
      {"org_name alone names him", named("receiver.example", ""), signed_by("receiver.example"),
       Authenticity::authenticated, Reason::proved, "receiver.example"},
      {"a second proof counts where the first does not", honest,
       carrier("receiver.example", {"list.example", "receiver.example"}), Authenticity::authenticated, Reason::proved,
       "receiver.example"},
      {"a known pair of one organization", named("Outlook.com", "dmarcreport@microsoft.com"),
       signed_by("microsoft.com"), Authenticity::authenticated, Reason::proved, "microsoft.com"},
      {"a service that reports for its customers", named("customer.example", "postmaster@esa1.hc1.iphmx.com"),
       signed_by("esa1.hc1.iphmx.com"), Authenticity::authenticated, Reason::proved, "esa1.hc1.iphmx.com"},
      {"the same service with another e-mail", named("customer.example", "postmaster@customer.example"),
       signed_by("esa1.hc1.iphmx.com"), Authenticity::unauthenticated, Reason::other_domain, ""},
      {"forged: everything is claimed, the mail is another's", honest, signed_by("evil.com"),
       Authenticity::unauthenticated, Reason::other_domain, ""},
      {"forged: his own e-mail, another's org_name", named("receiver.example", "x@evil.com"), signed_by("evil.com"),
       Authenticity::unauthenticated, Reason::name_mismatch, ""},
      {"forged: signed by a stranger under the submitter's From", honest, carrier("receiver.example", {"evil.com"}),
       Authenticity::unauthenticated, Reason::not_aligned, ""},
      {"a neighbour below a public suffix is a stranger", named("a.co.example", "x@a.co.example"),
       signed_by("b.co.example"), Authenticity::unauthenticated, Reason::other_domain, ""},
      {"nothing is claimed", named("", ""), signed_by("receiver.example"), Authenticity::unauthenticated,
       Reason::other_domain, ""},
      {"unsigned", honest, carrier("receiver.example"), Authenticity::unauthenticated, Reason::unsigned_mail, ""},
      {"no author", honest, carrier("", {"receiver.example"}), Authenticity::unauthenticated, Reason::no_author, ""},
      {"a broken signature", honest, with_gap(carrier("receiver.example"), "receiver.example", Obstacle::broken),
       Authenticity::unauthenticated, Reason::broken, ""},
      {"the key has gone", honest, with_gap(carrier("receiver.example"), "receiver.example", Obstacle::key_gone),
       Authenticity::indeterminate, Reason::key_gone, ""},
      {"the key has gone, a stranger's signature stands beside it", honest,
       with_gap(carrier("receiver.example", {"list.example"}), "receiver.example", Obstacle::key_gone),
       Authenticity::indeterminate, Reason::key_gone, ""},
      {"the key of a stranger has gone", honest, with_gap(carrier("receiver.example"), "evil.com", Obstacle::key_gone),
       Authenticity::unauthenticated, Reason::broken, ""},
      {"DNS is silent", honest, with_gap(carrier("receiver.example"), "receiver.example", Obstacle::dns_failure),
       Authenticity::indeterminate, Reason::dns_failure, ""},
      {"one proof is enough, whatever else is missing", honest,
       with_gap(carrier("receiver.example", {"receiver.example"}), "receiver.example", Obstacle::dns_failure),
       Authenticity::authenticated, Reason::proved, "receiver.example"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.rule);
    const auto got = decide(row.claims, row.carrier, {.list = list()});
    CAPTURE(got.text);
    CHECK(model::to_text(got.state) == model::to_text(row.state));
    CHECK(model::to_text(got.reason) == model::to_text(row.reason));
    CHECK(got.authenticated_as == row.as);
    CHECK_FALSE(got.text.empty());
  }
}

TEST_CASE("organizations that report under several domains can be named") {
  const auto claims = named("one.example", "x@other.com");
  const auto mail = carrier("other.com", {"other.com"});
  CHECK(decide(claims, mail, {.list = list()}).reason == Reason::name_mismatch);
  const Rules rules{.list = list(), .same = {{domain("mx.other.com"), domain("one.example")}}};
  CHECK(decide(claims, mail, rules).state == Authenticity::authenticated);
}

TEST_CASE("texts that only look like names claim nothing") {
  for (const auto* name : {"receiver.example is my name", "receiver example", "receiver.", ".", "receiver..example"}) {
    CAPTURE(name);
    CHECK(decide(named(name, ""), carrier("receiver.example", {"receiver.example"}), {.list = list()}).state ==
          Authenticity::unauthenticated);
  }
  const Claims by_subject{
      .org_name = {}, .email = {}, .file_name = {}, .subject = "report domain: d SUBMITTER:receiver.example x"};
  CHECK(decide(by_subject, carrier("receiver.example", {"receiver.example"}), {.list = list()}).state ==
        Authenticity::authenticated);
}
