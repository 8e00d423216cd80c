// dkim_broken and spf_broken: what worked before and does not now, and why.
#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/assess/findings/world.hpp"

using namespace ruaudit;
using namespace ruaudit::assess;
using namespace ruaudit::assess::test;
using model::DnsRecordStatus;
using model::DnsRecordType;

namespace {

constexpr const char* key_name = "s1._domainkey.example.org";

World with_key_lost(std::int64_t volume, int fall, int last, const std::string& spf, bool is_dns_told = true) {
  World world;
  world.source("192.0.2.1", SenderClass::service, "SendGrid").reports(1, last);
  world.mail({.address = "192.0.2.1", .from = 1, .to = fall - 1, .messages = volume, .dkim = "s1 pass", .spf = spf});
  world.mail(
      {.address = "192.0.2.1", .from = fall, .to = last, .messages = volume, .dkim = "s1 permerror", .spf = spf});
  if (is_dns_told)
    world.record(DnsRecordType::dkim, key_name, 1, fall - 1, "p=x")
        .record(DnsRecordType::dkim, key_name, fall, last, "", DnsRecordStatus::none);
  return world;
}

}  // namespace

TEST_CASE("a lost key is found and named at ten messages a day and at ten million, within days and after a year") {
  for (const std::int64_t volume : {10LL, 10'000'000LL})
    for (const int fall : {8, 350}) {
      CAPTURE(volume, fall);
      const auto found = with_key_lost(volume, fall, fall + 2, "").judged(fall + 2);
      REQUIRE(found.size() == 1);
      CHECK(found[0].kind == model::FindingKind::dkim_broken);
      CHECK(found[0].severity == model::Severity::fix);
      CHECK(found[0].messages == 3 * volume);
      CHECK(found[0].since == epoch_day + fall);
      REQUIRE(found[0].cause);
      CHECK(found[0].cause->name == key_name);
      CHECK(found[0].cause->change == model::RecordChange::removed);
    }
}

TEST_CASE("DKIM that falls while SPF holds is a question, not to be fixed at once, and never invisible") {
  CHECK(with_key_lost(40, 20, 23, "pass").said(23) == "dkim_broken ask");
}

TEST_CASE("mail of which it is not known whether it passes neither breaks nor holds") {
  auto world = with_key_lost(10, 20, 24, "pass");
  world.mail(
      {.address = "192.0.2.1", .from = 20, .to = 24, .messages = 100, .dkim = "s1 temperror", .spf = "temperror"});
  const auto found = world.judged(24);
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == model::Severity::ask);
  CHECK(found[0].messages == 50);
  CHECK(model::english(found[0].evidence.at(1)) == "since then, for 0.0 % of 50 messages");
}

TEST_CASE("where it is not known whether the other mechanism passes, nothing is said of DMARC") {
  const auto found = with_key_lost(10, 20, 24, "temperror").judged(24);
  const auto broken =
      std::find_if(found.begin(), found.end(), [](const auto& f) { return f.kind == model::FindingKind::dkim_broken; });
  REQUIRE(broken != found.end());
  CHECK(broken->severity == model::Severity::ask);
  for (const auto& sentence : broken->evidence) CHECK(model::english(sentence).find("DMARC") == std::string::npos);
}

TEST_CASE("a sender whose records have not changed has no cause") {
  const auto found = with_key_lost(40, 20, 23, "", false).judged(23);
  REQUIRE(found.size() == 1);
  CHECK_FALSE(found[0].cause);
}

TEST_CASE("a key that was gone before the program first looked is the cause all the same") {
  auto world = with_key_lost(40, 20, 23, "", false);
  world.record(DnsRecordType::dkim, key_name, 22, 23, "", DnsRecordStatus::none);
  const auto found = world.judged(23);
  REQUIRE(found.size() == 1);
  REQUIRE(found[0].cause);
  CHECK(found[0].cause->name == key_name);
  CHECK(found[0].cause->change == model::RecordChange::removed);
  CHECK(model::english(found[0].action) ==
        "Publish the key of SendGrid at " + std::string(key_name) + " again, as SendGrid shows it");
  CHECK(model::english(found[0].evidence.back()) ==
        "the key at " + std::string(key_name) + ", with which this mail passed before, is gone");
}

TEST_CASE("only where the records were known before does the reason lie at the sender") {
  const auto why = [](World world) {
    const auto found = world.judged(23);
    REQUIRE(found.size() == 1);
    CHECK_FALSE(found[0].cause);
    return model::english(found[0].evidence.back());
  };
  auto never_asked = with_key_lost(40, 20, 23, "", false);
  CHECK(why(never_asked).find("is not known") != std::string::npos);
  auto asked_since = never_asked, asked_before = never_asked;
  asked_since.record(DnsRecordType::dkim, key_name, 21, 23, "p=x");
  CHECK(why(asked_since).find("is not known") != std::string::npos);
  asked_before.record(DnsRecordType::dkim, key_name, 10, 23, "p=x");
  CHECK(why(asked_before).find("the cause is at the sender") != std::string::npos);
}

TEST_CASE("what was looked at too late, or not since, is not called unchanged") {
  const auto last = [](const World& world) { return world.judged(23).at(0); };
  // The nights of the fall were missed: the key was there on the 10th and is gone on the 22nd.
  auto seen_late = with_key_lost(40, 15, 23, "", false);
  seen_late.record(DnsRecordType::dkim, key_name, 1, 12, "p=x")
      .record(DnsRecordType::dkim, key_name, 22, 23, "", DnsRecordStatus::none);
  REQUIRE(last(seen_late).cause);
  CHECK(last(seen_late).cause->change == model::RecordChange::removed);
  auto not_since = with_key_lost(40, 20, 23, "", false);
  not_since.record(DnsRecordType::dkim, key_name, 1, 12, "p=x");
  CHECK(model::english(last(not_since).evidence.back()).find("is not known") != std::string::npos);
  auto changed_early = with_key_lost(40, 20, 23, "", false);
  changed_early.record(DnsRecordType::dkim, key_name, 1, 21, "p=x")
      .record(DnsRecordType::dkim, key_name, 22, 23, "p=y");
  CHECK(model::english(last(changed_early).evidence.back()).find("cause is at the sender") == std::string::npos);
}

TEST_CASE("a new selector whose key DNS does not have is named, and mail without a signature is called so") {
  const auto judged = [](const std::string& dkim, bool is_asked, DnsRecordStatus old_key = DnsRecordStatus::ok) {
    World world;
    world.source("192.0.2.1", SenderClass::service, "SendGrid").reports(1, 23);
    world.mail({.address = "192.0.2.1", .from = 1, .to = 19, .messages = 40, .dkim = "s1 pass", .spf = ""});
    world.mail({.address = "192.0.2.1", .from = 20, .to = 23, .messages = 40, .dkim = dkim, .spf = ""});
    if (!is_asked) return world.judged(23).at(0);
    world.record(DnsRecordType::dkim, key_name, 21, 23, "p=x", old_key);
    world.record(DnsRecordType::dkim, "s2._domainkey.example.org", 21, 23, "", DnsRecordStatus::none);
    return world.judged(23).at(0);
  };
  const auto renamed = judged("s2 permerror", true);
  CHECK_FALSE(renamed.cause);
  CHECK(
      model::english(renamed.action) ==
      "Publish the key of SendGrid at s2._domainkey.example.org, as SendGrid shows it, or let it sign with selector s1 "
      "again");
  // A key that is gone, too, is none to go back to.
  CHECK(model::english(judged("s2 permerror", true, DnsRecordStatus::none).action) ==
        "Publish the key of SendGrid at s2._domainkey.example.org, as SendGrid shows it");
  CHECK(model::english(judged("s2 permerror", false).evidence.back()).find("is not known") != std::string::npos);
  CHECK(model::english(judged("", false).evidence.back()) ==
        "it no longer carries a signature of example.org: the cause is at the sender");
}

TEST_CASE("an address with little mail is repaired with its sender, though one of its signatures breaks again") {
  World world;
  world.source("192.0.2.1", SenderClass::service, "SendGrid").source("192.0.2.2", SenderClass::service, "SendGrid");
  world.reports(1, 34);
  for (const auto& [from, to, dkim] :
       {std::tuple(1, 14, "s1 pass"), std::tuple(15, 28, "s1 fail"), std::tuple(29, 34, "s1 pass")}) {
    world.mail({.address = "192.0.2.1", .from = from, .to = to, .messages = 40, .dkim = dkim, .spf = ""});
    world.mail({.address = "192.0.2.2",
                .from = from,
                .to = std::min(to, 30),
                .messages = from == 29 ? 3 : 4,
                .dkim = dkim,
                .spf = ""});
  }
  world.mail({.address = "192.0.2.2", .from = 30, .to = 30, .messages = 1, .dkim = "s1 fail", .spf = ""});
  CHECK(world.said(34).find("dkim_broken") == std::string::npos);
}

TEST_CASE("who signs still, in vain, is not told to sign") {
  const auto action = [](const World& world) { return model::english(world.judged(23).at(0).action); };
  auto unknown = with_key_lost(40, 20, 23, "", false), unchanged = unknown;
  CHECK(action(unknown) == "Compare the key at " + std::string(key_name) +
                               " with the one that SendGrid shows: signatures with it no longer verify");
  unchanged.record(DnsRecordType::dkim, key_name, 10, 23, "p=x");
  CHECK(action(unchanged) == "Find out why signatures of SendGrid with selector s1 no longer verify");
  World unsigned_now;
  unsigned_now.source("192.0.2.1", SenderClass::service, "SendGrid").reports(1, 23);
  unsigned_now.mail({.address = "192.0.2.1", .from = 1, .to = 19, .messages = 40, .dkim = "s1 pass", .spf = ""});
  unsigned_now.mail({.address = "192.0.2.1", .from = 20, .to = 23, .messages = 40, .dkim = "", .spf = ""});
  CHECK(action(unsigned_now) == "Find out why SendGrid no longer signs for example.org with selector s1");
}

TEST_CASE("single broken signatures of a busy sender are no finding") {
  World world;
  world.source("192.0.2.1", SenderClass::service, "SendGrid").reports(1, 40);
  world.mail({.address = "192.0.2.1", .from = 1, .to = 40, .messages = 9900, .dkim = "s1 pass"});
  world.mail({.address = "192.0.2.1", .from = 1, .to = 40, .messages = 100, .dkim = "s1 fail"});
  CHECK(world.said(40).empty());
}

TEST_CASE("what one receiver alone could not check is no fall") {
  World world;
  world.source("192.0.2.1", SenderClass::own_server).reports(1, 20);
  world.mail({.address = "192.0.2.1", .from = 1, .to = 19, .messages = 50, .dkim = "s1 pass"});
  world.mail({.address = "192.0.2.1", .from = 20, .to = 20, .messages = 60, .dkim = "s1 temperror"});
  CHECK(world.said(20).empty());
}

TEST_CASE("one of two servers that signs no more is named alone") {
  World world;
  world.source("192.0.2.1", SenderClass::own_server).source("192.0.2.2", SenderClass::own_server).reports(1, 20);
  world.mail({.address = "192.0.2.1", .from = 1, .to = 20, .messages = 30, .dkim = "s1 pass", .spf = "pass"});
  world.mail({.address = "192.0.2.2", .from = 1, .to = 15, .messages = 20, .dkim = "s1 pass", .spf = "pass"});
  world.mail({.address = "192.0.2.2", .from = 16, .to = 20, .messages = 20, .spf = "pass"});
  const auto found = world.judged(20);
  REQUIRE(found.size() == 1);
  CHECK(found[0].subject.sources == std::vector<std::string>{"192.0.2.2"});
  CHECK(found[0].messages == 100);
}

TEST_CASE("a key that was revoked is not to be published again") {
  auto world = with_key_lost(40, 20, 23, "pass", false);
  world.record(DnsRecordType::dkim, key_name, 1, 19, "p=x")
      .record(DnsRecordType::dkim, key_name, 20, 23, "v=DKIM1; p=", DnsRecordStatus::broken, "key-revoked");
  const auto found = world.judged(23);
  REQUIRE(found.size() == 1);
  CHECK(model::english(found[0].evidence.back()) ==
        "the key at s1._domainkey.example.org was revoked: its p= is empty");
  CHECK(model::english(found[0].action) ==
        "Let SendGrid sign with another key: whoever emptied s1._domainkey.example.org withdrew the one it signs with");
  CHECK(found[0].cause->change == model::RecordChange::broken);
}

TEST_CASE("a sender whose SPF fails by a broken record is not told to be put into it again") {
  World world;
  world.source("192.0.2.1", SenderClass::service, "Google Workspace").reports(1, 23);
  world.mail({.address = "192.0.2.1", .from = 1, .to = 19, .messages = 40, .dkim = "s1 pass", .spf = "pass"});
  world.mail({.address = "192.0.2.1", .from = 20, .to = 23, .messages = 40, .dkim = "s1 pass", .spf = "permerror"});
  world.record(DnsRecordType::spf, "example.org", 1, 19, "v=spf1 include:_spf.google.com -all")
      .record(DnsRecordType::spf, "example.org", 20, 23, "v=spf1 include:_spf.google.com -all", DnsRecordStatus::broken,
              "too-many-terms");
  const auto found = world.judged(23);
  const auto broken =
      std::find_if(found.begin(), found.end(), [](const auto& f) { return f.kind == model::FindingKind::spf_broken; });
  REQUIRE(broken != found.end());
  CHECK(model::english(broken->action) ==
        "Correct the SPF record of example.org: receivers get permerror, for Google Workspace too");
}

namespace {

// A service whose pool has other addresses since the 20th.
World with_new_pool(const std::string& before, const std::string& since,
                    const std::string& since_from = "example.org") {
  World world;
  world.source("192.0.2.1", SenderClass::service, "SendGrid").source("192.0.2.2", SenderClass::service, "SendGrid");
  world.reports(1, 23);
  world.mail({.address = "192.0.2.1", .from = 1, .to = 18, .messages = 40, .dkim = before, .spf = ""});
  world.mail({.address = "192.0.2.2",
              .from = 20,
              .to = 23,
              .messages = 40,
              .dkim = since,
              .spf = "",
              .header_from = since_from});
  return world;
}

const model::Finding* dkim_broken_in(const std::vector<model::Finding>& found) {
  const auto at =
      std::find_if(found.begin(), found.end(), [](const auto& f) { return f.kind == model::FindingKind::dkim_broken; });
  return at == found.end() ? nullptr : &*at;
}

}  // namespace

TEST_CASE("a key that is gone or revoked is the cause though only new addresses of the service fail with it") {
  auto gone = with_new_pool("s1 pass", "s1 permerror"), revoked = gone;
  gone.record(DnsRecordType::dkim, key_name, 22, 23, "", DnsRecordStatus::none);
  revoked.record(DnsRecordType::dkim, key_name, 22, 23, "v=DKIM1; p=", DnsRecordStatus::broken, "key-revoked");
  const auto found = gone.judged(23), found_revoked = revoked.judged(23);
  const auto *lost = dkim_broken_in(found), *withdrawn = dkim_broken_in(found_revoked);
  REQUIRE(lost != nullptr);
  REQUIRE(lost->cause);
  CHECK(lost->cause->name == key_name);
  CHECK(lost->cause->change == model::RecordChange::removed);
  REQUIRE(withdrawn != nullptr);
  CHECK(model::english(withdrawn->action) ==
        "Let SendGrid sign with another key: whoever emptied s1._domainkey.example.org withdrew the one it signs with");
}

TEST_CASE("new addresses of a service that send for a name for which it never signed are no lost key") {
  const auto said = [](const World& world) { return world.said(23).find("dkim_broken") != std::string::npos; };
  CHECK(said(with_new_pool("s1 pass", "s1 permerror")));
  CHECK_FALSE(said(with_new_pool("s1 pass", "", "shop.example.org")));
}

TEST_CASE("new addresses of a service that fail for one name are found while those for another still pass") {
  auto world = with_new_pool("s1 pass", "s1 permerror");
  world.source("192.0.2.3", SenderClass::service, "SendGrid");
  world.mail({.address = "192.0.2.3",
              .from = 1,
              .to = 23,
              .messages = 60,
              .dkim = "s2 pass",
              .spf = "",
              .header_from = "shop.example.org"});
  const auto found = world.judged(23);
  const auto* lost = dkim_broken_in(found);
  REQUIRE(lost != nullptr);
  CHECK(lost->messages == 160);
}

TEST_CASE("where SPF fell forwarded mail is not lost, since its signature still counts") {
  World world;
  world.source("192.0.2.1", SenderClass::service, "SendGrid").reports(1, 23);
  world.mail({.address = "192.0.2.1", .from = 1, .to = 19, .messages = 40, .dkim = "s1 pass", .spf = "pass"});
  world.mail({.address = "192.0.2.1", .from = 20, .to = 23, .messages = 40, .dkim = "s1 pass", .spf = "fail"});
  const auto found = world.judged(23);
  REQUIRE(found.size() == 1);
  CHECK(model::english(found[0].evidence.at(2)) ==
        "DKIM still passes, so 100.0 % of this mail passes DMARC; what mailing lists change may not");
}

TEST_CASE("a record that only gained something is not why a sender fails") {
  const auto spf = [](const std::string& since, const std::string& before = "v=spf1 include:sendgrid.net ~all") {
    World world;
    world.source("192.0.2.1", SenderClass::service, "SendGrid").reports(1, 23);
    world.mail({.address = "192.0.2.1", .from = 1, .to = 19, .messages = 40, .spf = "pass"});
    world.mail({.address = "192.0.2.1", .from = 20, .to = 23, .messages = 40, .spf = "fail"});
    world.record(DnsRecordType::spf, "example.org", 1, 19, before);
    world.record(DnsRecordType::spf, "example.org", 20, 23, since);
    const auto found = world.judged(23);
    const auto at = std::find_if(found.begin(), found.end(),
                                 [](const auto& f) { return f.kind == model::FindingKind::spf_broken; });
    REQUIRE(at != found.end());
    return (at->cause ? "cause: " : "no cause: ") + model::english(at->evidence.back());
  };
  CHECK(spf("v=spf1 include:sendgrid.net include:new.example -all") ==
        "no cause: the SPF record of example.org still has all that it had; what it includes may have changed");
  CHECK(spf("v=spf1 include:new.example ~all").find("cause: ") == 0);
  // RFC 7208 sections 5.1 and 6.1: nothing behind "all" is looked at, and a term in front may stop what passed.
  CHECK(spf("v=spf1 -all include:sendgrid.net").find("cause: ") == 0);
  CHECK(spf("v=spf1 -ip4:192.0.2.1 include:sendgrid.net ~all").find("cause: ") == 0);
  CHECK(spf("v=spf1 include:sendgrid.net exp=why.example.org +mx ~all").find("no cause: ") == 0);
  CHECK(spf("v=spf1 redirect=_spf.example.org -all", "v=spf1 redirect=_spf.example.org").find("cause: ") == 0);
  CHECK(spf("v=spf1 mx redirect=_spf.example.org", "v=spf1 redirect=_spf.example.org").find("no cause: ") == 0);
}

// RFC 6376 section 3.6.1
TEST_CASE("a key that is the same and for no less is not why a signature breaks") {
  const auto told = [](const std::string& before, const std::string& since) {
    auto world = with_key_lost(40, 20, 23, "", false);
    world.record(DnsRecordType::dkim, key_name, 1, 19, before).record(DnsRecordType::dkim, key_name, 20, 23, since);
    const auto found = world.judged(23).at(0);
    return (found.cause ? "cause: " : "no cause: ") + model::english(found.evidence.back());
  };
  const std::string unchanged = "no cause: no key that it depends on has changed: the cause is at the sender";
  CHECK(told("v=DKIM1; t=y; p=abc", "v=DKIM1; p=abc") == unchanged);
  CHECK(told("v=DKIM1; p=abc", "v=DKIM1; k=rsa; s=email; p= a bc; n=new") == unchanged);
  CHECK(told("v=DKIM1; t=s; p=abc", "v=DKIM1; p=abc") == unchanged);
  for (const char* less :
       {"v=DKIM1; p=abd", "v=DKIM1; t=y:s; p=abc", "v=DKIM1; s=tlsrpt; p=abc", "v=DKIM1; h=sha1; p=abc"})
    CHECK(told("v=DKIM1; p=abc", less).find("cause: ") == 0);
}

TEST_CASE("where the SPF record is gone it is to be published, and no record to name the sender") {
  World world;
  world.source("192.0.2.1", SenderClass::service, "SendGrid").reports(1, 23);
  world.mail({.address = "192.0.2.1", .from = 1, .to = 19, .messages = 40, .spf = "pass"});
  world.mail({.address = "192.0.2.1", .from = 20, .to = 23, .messages = 40, .spf = "none"});
  world.record(DnsRecordType::spf, "example.org", 1, 19, "v=spf1 include:sendgrid.net ~all");
  world.record(DnsRecordType::spf, "example.org", 20, 23, "", DnsRecordStatus::none);
  const auto found = world.judged(23);
  const auto at =
      std::find_if(found.begin(), found.end(), [](const auto& f) { return f.kind == model::FindingKind::spf_broken; });
  REQUIRE(at != found.end());
  CHECK(model::english(at->action) == "Publish an SPF record at example.org again that names SendGrid");
}
