#include "verify/dmarc/evaluation.hpp"

#include <catch2/catch.hpp>

#include "verify/dns/evidence.hpp"
#include "verify/dns/zone.hpp"

using namespace ruaudit::verify;
using namespace ruaudit::verify::dmarc;
using ruaudit::model::Alignment;
using ruaudit::model::DkimResult;
using ruaudit::model::Policy;
using ruaudit::model::SpfResult;
using ruaudit::model::SpfScope;

namespace {

const suffix::PublicSuffixList& small_list() {
  static const auto list = suffix::PublicSuffixList::parse("com\nnet\nco.uk\n");
  return *list;
}

struct Case {
  std::string zone;  // lines of a master file below the root
  std::string from = "author@example.com";
  std::vector<SpfIdentifier> spf{};
  std::vector<DkimIdentifier> dkim{};
  Rules rules = Rules::rfc9989;
  bool is_null_sender = false;
  int sample = 0;
  bool is_spf_checked = true;
  std::string unchecked_sender{};
};

Evaluation run(const Case& c, std::vector<dns::Answer>* asked = nullptr) {
  auto zone = dns::Zone::parse(c.zone);
  REQUIRE(zone);
  dns::ZoneResolver answers(std::move(*zone), [] { return std::int64_t{0}; });
  dns::RecordingResolver resolver(answers);
  const std::string_view values[] = {c.from};
  const Input input{.from_values = values,
                    .spf = c.spf,
                    .dkim = c.dkim,
                    .is_spf_checked = c.is_spf_checked,
                    .unchecked_sender = c.unchecked_sender,
                    .is_null_sender = c.is_null_sender};
  auto done = evaluate(input, {.rules = c.rules, .list = &small_list(), .sample = c.sample}, resolver);
  if (asked != nullptr) *asked = resolver.answers();
  return done;
}

std::string record(const std::string& domain, const std::string& tags) {
  return "_dmarc." + domain + ". TXT \"v=DMARC1; " + tags + "\"\n";
}

bool has_reason(const Evaluation& done, std::string_view code) {
  for (const auto& reason : done.reasons)
    if (reason.code == code) return true;
  return false;
}

std::vector<std::string> targets_of(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& domain : walk_targets(*ruaudit::model::Domain::parse(name))) names.push_back(domain.text());
  return names;
}

const std::vector<SpfIdentifier> spf_pass{{SpfResult::pass, "example.com"}};

}  // namespace

// RFC 9989 section 4.10
TEST_CASE("a walk asks at most eight names and skips from the start to seven labels") {
  CHECK(targets_of("com") == std::vector<std::string>{"com"});
  CHECK(targets_of("a.example.com") == std::vector<std::string>{"a.example.com", "example.com", "com"});
  CHECK(targets_of("1.2.3.4.5.6.7").size() == 7);
  const auto eight = targets_of("1.2.3.4.5.6.7.8");
  CHECK(eight.size() == 8);
  CHECK(eight[1] == "2.3.4.5.6.7.8");
  const auto nine = targets_of("0.1.2.3.4.5.6.7.8");
  CHECK(nine.size() == 8);
  CHECK(nine[1] == "2.3.4.5.6.7.8");
}

// RFC 9989 section 5.3.3
TEST_CASE("without SPF checked nothing fails: a signature decides, else the message is undecided") {
  const auto zone = record("example.com", "p=reject");
  const DkimIdentifier good{DkimResult::pass, "example.com", "s"}, bad{DkimResult::fail, "example.com", "s"},
      other{DkimResult::pass, "other.net", "s"}, slow{DkimResult::temperror, "example.com", "s"};
  const auto result = [&](std::vector<DkimIdentifier> dkim, Rules rules = Rules::rfc9989) {
    return run({.zone = zone, .dkim = std::move(dkim), .rules = rules, .is_spf_checked = false});
  };
  CHECK(result({good}).result == DmarcResult::pass);
  for (const auto& dkim : {std::vector<DkimIdentifier>{}, {bad}, {other}, {bad, other}}) {
    const auto done = result(dkim);
    CHECK(done.result == DmarcResult::undecided);
    CHECK(done.applied == Policy::none);
    CHECK(done.policy == Policy::reject);
    CHECK(has_reason(done, "spf-not-checked"));
  }
  CHECK(result({bad}, Rules::rfc7489).result == DmarcResult::undecided);
  CHECK(result({slow}).result == DmarcResult::temperror);
  CHECK(run({.zone = "", .is_spf_checked = false}).result == DmarcResult::none);
}

TEST_CASE("SPF that was not checked leaves nothing open where its sender is of another organization") {
  const auto zone = record("example.com", "p=reject");
  const auto result = [&](const std::string& sender, std::vector<DkimIdentifier> dkim = {}) {
    return run({.zone = zone, .dkim = std::move(dkim), .is_spf_checked = false, .unchecked_sender = sender}).result;
  };
  CHECK(result("bounce.example.net") == DmarcResult::fail);
  CHECK(result("notexample.com") == DmarcResult::fail);
  CHECK(result("bounce.example.com") == DmarcResult::undecided);
  CHECK(result("") == DmarcResult::undecided);
  CHECK(result("...") == DmarcResult::undecided);
}

TEST_CASE("an aligned signature without the body it covers leaves the message undecided") {
  const auto zone = record("example.com", "p=reject");
  const auto result = [&](const std::string& domain) {
    return run({.zone = zone, .dkim = {{DkimResult::neutral, domain, "s", false}}});
  };
  CHECK(result("example.com").result == DmarcResult::undecided);
  CHECK(has_reason(result("mail.example.com"), "dkim-not-checked"));
  CHECK(result("example.net").result == DmarcResult::fail);
}

// RFC 9989 sections 5.3, 5.3.4 and 5.3.5; RFC 9989 section 5.3.3
TEST_CASE("an aligned pass of SPF or DKIM passes, anything else fails under the policy") {
  const auto zone = record("example.com", "p=reject");
  const struct {
    std::vector<SpfIdentifier> spf;
    std::vector<DkimIdentifier> dkim;
    DmarcResult want;
  } cases[] = {
      {spf_pass, {}, DmarcResult::pass},
      {{{SpfResult::pass, "Bounce.Example.COM."}}, {}, DmarcResult::pass},
      {{}, {{DkimResult::pass, "mail.example.com"}}, DmarcResult::pass},
      {{{SpfResult::fail, "example.com"}},
       {{DkimResult::pass, "esp.net"}, {DkimResult::pass, "example.com"}},
       DmarcResult::pass},
      {{}, {}, DmarcResult::fail},
      {{{SpfResult::softfail, "example.com"}}, {}, DmarcResult::fail},
      {{{SpfResult::neutral, "example.com"}}, {}, DmarcResult::fail},
      {{{SpfResult::permerror, "example.com"}}, {{DkimResult::permerror, "example.com"}}, DmarcResult::fail},
      {{{SpfResult::pass, "example.net"}}, {{DkimResult::pass, "notexample.com"}}, DmarcResult::fail},
      {{}, {{DkimResult::policy, "example.com"}}, DmarcResult::fail},
      {{{SpfResult::pass, ""}}, {{DkimResult::pass, "..."}}, DmarcResult::fail},
  };
  for (const auto& c : cases) {
    const auto done = run({.zone = zone, .spf = c.spf, .dkim = c.dkim});
    CAPTURE(c.spf.size(), c.dkim.size());
    CHECK(done.result == c.want);
    CHECK(done.policy == Policy::reject);
    CHECK(done.applied == (c.want == DmarcResult::fail ? Policy::reject : Policy::none));
  }
}

// RFC 9989 section 5.3.6; RFC 7489 section 6.6.2
TEST_CASE("an error of DNS that could have hidden a pass is temperror, never fail and never pass") {
  const auto zone =
      R"({"_dmarc.example.com": [{"TXT": "v=DMARC1; p=reject"}], "_dmarc.sub.example.com": ["SERVFAIL"]})";
  const struct {
    std::vector<SpfIdentifier> spf;
    std::vector<DkimIdentifier> dkim;
    DmarcResult want;
  } cases[] = {
      {{{SpfResult::temperror, "example.com"}}, {}, DmarcResult::temperror},
      {{}, {{DkimResult::temperror, "mail.example.com"}}, DmarcResult::temperror},
      {{{SpfResult::temperror, "example.net"}}, {}, DmarcResult::fail},
      {{{SpfResult::temperror, "example.com"}}, {{DkimResult::pass, "example.com"}}, DmarcResult::pass},
      {{}, {{DkimResult::pass, "sub.example.com"}}, DmarcResult::temperror},
      {{}, {{DkimResult::fail, "sub.example.com"}}, DmarcResult::fail},
      {spf_pass, {{DkimResult::pass, "sub.example.com"}}, DmarcResult::pass},
  };
  for (const auto& c : cases) {
    CAPTURE(c.spf.size(), c.dkim.size());
    const auto done = run({.zone = zone, .spf = c.spf, .dkim = c.dkim});
    CHECK(done.result == c.want);
    if (c.want == DmarcResult::temperror) CHECK(done.applied == Policy::none);
  }
}

// RFC 9989 section 5.3.6
TEST_CASE("a policy query that fails is temperror, in both RFCs, wherever it stands before the record") {
  const auto zone = R"({"_dmarc.example.com": [{"TXT": "v=DMARC1; p=reject"}], "_dmarc.a.example.com": ["TIMEOUT"]})";
  for (const auto rules : {Rules::rfc9989, Rules::rfc7489}) {
    const auto done = run({.zone = zone, .from = "x@a.example.com", .spf = spf_pass, .rules = rules});
    CHECK(done.result == DmarcResult::temperror);
    CHECK(has_reason(done, "policy-dns-error"));
    CHECK_FALSE(done.policy);
  }
}

TEST_CASE("a failure above the author's own record leaves equal names aligned and others undecided") {
  const auto zone = R"({"_dmarc.a.example.com": [{"TXT": "v=DMARC1; p=reject"}], "_dmarc.example.com": ["SERVFAIL"]})";
  const auto equal = run({.zone = zone, .from = "x@a.example.com", .dkim = {{DkimResult::pass, "a.example.com"}}});
  CHECK(equal.result == DmarcResult::pass);
  CHECK_FALSE(equal.organizational_domain);
  const auto other = run({.zone = zone, .from = "x@a.example.com", .dkim = {{DkimResult::pass, "b.example.com"}}});
  CHECK(other.result == DmarcResult::temperror);
  CHECK(has_reason(other, "alignment-dns-error"));
  const auto foreign = run({.zone = zone, .from = "x@a.example.com", .dkim = {{DkimResult::pass, "esp.net"}}});
  CHECK(foreign.result == DmarcResult::fail);
}

// RFC 9989 section 4.10.2
TEST_CASE("psd=n cuts an organization off, psd=y puts it one label below") {
  const auto cut = record("example.com", "p=none") + record("dept.example.com", "p=reject; psd=n");
  const auto below = run({.zone = cut, .from = "x@a.dept.example.com", .spf = spf_pass});
  CHECK(below.organizational_domain->text() == "dept.example.com");
  CHECK(below.policy_domain->text() == "dept.example.com");
  CHECK(below.discovery.size() == 2);
  CHECK(below.result == DmarcResult::fail);
  const auto psd = record("bank.com", "p=reject; psd=y") + "a.giant.bank.com. A 192.0.2.1\n";
  const auto giant = run({.zone = psd, .from = "x@a.giant.bank.com", .dkim = {{DkimResult::pass, "b.giant.bank.com"}}});
  CHECK(giant.organizational_domain->text() == "giant.bank.com");
  CHECK(giant.policy_domain->text() == "bank.com");
  CHECK(giant.result == DmarcResult::pass);
  const auto rival = run({.zone = psd, .from = "x@a.giant.bank.com", .dkim = {{DkimResult::pass, "mega.bank.com"}}});
  CHECK(rival.result == DmarcResult::fail);
}

// RFC 9989 sections 3.2.13 and 4.10.1
TEST_CASE("np is for names that do not exist, sp for those that do, p for the author's own record") {
  const auto zone = record("example.com", "p=reject; sp=quarantine; np=none") + "alive.example.com. A 192.0.2.1\n" +
                    "a.deep.example.com. A 192.0.2.1\nalias.example.com. CNAME nowhere.example.com.\n" +
                    record("own.example.com", "p=none; sp=reject; np=reject");
  const struct {
    std::string from;
    Policy policy;
    PolicyTag tag;
  } cases[] = {
      {"x@example.com", Policy::reject, PolicyTag::p},
      {"x@alive.example.com", Policy::quarantine, PolicyTag::sp},
      {"x@deep.example.com", Policy::quarantine, PolicyTag::sp},
      {"x@alias.example.com", Policy::quarantine, PolicyTag::sp},
      {"x@ghost.example.com", Policy::none, PolicyTag::np},
      {"x@own.example.com", Policy::none, PolicyTag::p},
  };
  for (const auto& c : cases) {
    CAPTURE(c.from);
    const auto done = run({.zone = zone, .from = c.from});
    CHECK(done.policy == c.policy);
    CHECK(done.policy_tag == c.tag);
    CHECK(done.applied == c.policy);
  }
  const auto old = run({.zone = zone, .from = "x@ghost.example.com", .rules = Rules::rfc7489});
  CHECK(old.policy == Policy::quarantine);
}

TEST_CASE("when it cannot be known whether the author exists, np leaves the policy open") {
  const auto zone =
      R"({"_dmarc.example.com": [{"TXT": "v=DMARC1; p=none; np=reject"}], "a.example.com": ["SERVFAIL"]})";
  const auto done = run({.zone = zone, .from = "x@a.example.com"});
  CHECK(done.result == DmarcResult::temperror);
  CHECK(done.applied == Policy::none);
  CHECK(run({.zone = zone, .from = "x@a.example.com", .spf = spf_pass}).result == DmarcResult::pass);
}

// RFC 9989 section 4.7; RFC 7489 section 6.6.4
TEST_CASE("t=y and pct lower the policy applied, each in its own RFC") {
  const struct {
    std::string tags;
    Rules rules;
    int sample;
    Policy want;
  } cases[] = {
      {"p=reject; t=y", Rules::rfc9989, 0, Policy::quarantine},
      {"p=quarantine; t=y", Rules::rfc9989, 0, Policy::none},
      {"p=none; t=y", Rules::rfc9989, 0, Policy::none},
      {"p=reject; t=y", Rules::rfc7489, 0, Policy::reject},
      {"p=reject; pct=0", Rules::rfc9989, 0, Policy::reject},
      {"p=reject; pct=0", Rules::rfc7489, 0, Policy::quarantine},
      {"p=reject; pct=50", Rules::rfc7489, 49, Policy::reject},
      {"p=reject; pct=50", Rules::rfc7489, 50, Policy::quarantine},
      {"p=quarantine; pct=1", Rules::rfc7489, 1, Policy::none},
      {"p=reject; pct=100", Rules::rfc7489, 99, Policy::reject},
  };
  for (const auto& c : cases) {
    CAPTURE(c.tags, c.sample);
    const auto done = run({.zone = record("example.com", c.tags), .rules = c.rules, .sample = c.sample});
    CHECK(done.result == DmarcResult::fail);
    CHECK(done.applied == c.want);
    CHECK(done.policy_after_options == c.want);
    CHECK(done.record->p == done.policy);
  }
}

// RFC 9989 section 9.1, policy.dmarc: "applied/to be applied after policy options have been processed"
TEST_CASE("a message that passes has no policy applied, and the policy after the options is known") {
  const auto done = run({.zone = record("example.com", "p=reject; t=y"), .spf = spf_pass});
  CHECK(done.result == DmarcResult::pass);
  CHECK(done.applied == Policy::none);
  CHECK(done.policy_after_options == Policy::quarantine);
  CHECK_FALSE(run({.zone = "example.com. A 192.0.2.1\n"}).policy_after_options);
}

// RFC 9989 section 4.10; RFC 7489 section 6.6.3
TEST_CASE("several records are none for RFC 7489 and are stepped over by the walk of RFC 9989") {
  const auto zone = record("sub.example.com", "p=reject") + record("sub.example.com", "p=none") +
                    record("example.com", "p=quarantine") + "sub.example.com. A 192.0.2.1\n";
  const auto now = run({.zone = zone, .from = "x@sub.example.com"});
  CHECK(now.result == DmarcResult::fail);
  CHECK(now.policy_domain->text() == "example.com");
  CHECK(run({.zone = zone, .from = "x@sub.example.com", .rules = Rules::rfc7489}).result == DmarcResult::none);
}

// RFC 9989 sections 4.10.1 and 5.3.2; RFC 7489 section 6.6.3
TEST_CASE("a record without a usable policy ends in none, with rua in p=none") {
  const auto unusable = run({.zone = record("example.com", "p=oops"), .spf = spf_pass});
  CHECK(unusable.result == DmarcResult::none);
  CHECK(has_reason(unusable, "record-unusable"));
  const auto listened = run({.zone = record("example.com", "p=oops; rua=mailto:a@example.com")});
  CHECK(listened.result == DmarcResult::fail);
  CHECK(listened.policy == Policy::none);
  CHECK(has_reason(listened, "policy-invalid"));
}

// RFC 9989 sections 4.4 and 4.10.2; RFC 7489 sections 3.1 and 3.1.1; RFC 9989 sections 3.2.10 and 4.4.1
TEST_CASE("strict alignment compares names, relaxed alignment Organizational Domains") {
  const auto zone = record("example.com", "p=reject; adkim=s; aspf=r");
  const auto done =
      run({.zone = zone, .spf = {{SpfResult::pass, "b.example.com"}}, .dkim = {{DkimResult::pass, "b.example.com"}}});
  CHECK(done.is_spf_aligned);
  CHECK_FALSE(done.is_dkim_aligned);
  REQUIRE(done.identifiers.size() == 2);
  CHECK(done.identifiers[0].alignment == Alignment::aligned);
  CHECK(done.identifiers[0].organizational_domain->text() == "example.com");
  CHECK(done.identifiers[1].alignment == Alignment::not_aligned);
  CHECK(done.identifiers[1].mode == ruaudit::model::AlignmentMode::s);
}

// RFC 9989 section 4.10.2; RFC 7489 section 3.2
TEST_CASE("the two RFCs differ where only a subdomain has a record") {
  const auto zone = record("mail.example.com", "p=reject");
  const Case now{.zone = zone, .from = "x@mail.example.com", .spf = spf_pass};
  CHECK(run(now).result == DmarcResult::fail);
  auto old = now;
  old.rules = Rules::rfc7489;
  CHECK(run(old).result == DmarcResult::pass);
  CHECK(run(old).organizational_domain->text() == "example.com");
}

// RFC 9989 sections 4.3 and 4.4.2; RFC 7489 sections 3.1.2 and 4.1
TEST_CASE("a HELO identity counts under RFC 7489 with a null sender only") {
  const std::vector<SpfIdentifier> helo{{SpfResult::pass, "example.com", SpfScope::helo}};
  const auto zone = record("example.com", "p=reject");
  CHECK(run({.zone = zone, .spf = helo, .rules = Rules::rfc7489, .is_null_sender = true}).result == DmarcResult::pass);
  CHECK(run({.zone = zone, .spf = helo, .rules = Rules::rfc7489}).result == DmarcResult::fail);
  CHECK(run({.zone = zone, .spf = helo, .is_null_sender = true}).result == DmarcResult::fail);
}

// RFC 9989 sections 5.3.1 and 9.2; RFC 7489 section 6.6
TEST_CASE("without exactly one author domain the result is permerror and DNS is not asked") {
  for (const char* from : {"", "a@example.com, b@example.net", "a@[192.0.2.1]", "\"open", "group:;"}) {
    CAPTURE(from);
    std::vector<dns::Answer> asked;
    const auto done = run({.zone = record("example.com", "p=reject"), .from = from, .spf = spf_pass}, &asked);
    CHECK(done.result == DmarcResult::permerror);
    CHECK(done.reasons.size() == 1);
    CHECK(asked.empty());
  }
  dns::RecordedResolver nothing({});
  CHECK(evaluate({}, {}, nothing).result == DmarcResult::permerror);
  const std::string_view from[] = {"x@example.com"};
  CHECK(has_reason(evaluate({.from_values = from}, {.rules = Rules::rfc7489}, nothing), "no-suffix-list"));
}

TEST_CASE("no look-up is spent on identifiers of other organizations") {
  std::vector<dns::Answer> asked;
  const auto zone = record("example.com", "p=reject");
  std::vector<DkimIdentifier> dkim;
  for (int i = 0; i < 50; ++i) dkim.push_back({DkimResult::pass, "d" + std::to_string(i) + ".other.com"});
  CHECK(run({.zone = zone, .dkim = dkim}, &asked).result == DmarcResult::fail);
  CHECK(asked.size() == 2);
}

TEST_CASE("the work on many identifiers is bounded, and the authenticated ones come first") {
  std::vector<dns::Answer> asked;
  std::vector<DkimIdentifier> dkim;
  for (int i = 0; i < 99; ++i) dkim.push_back({DkimResult::fail, "d" + std::to_string(i) + ".example.com"});
  dkim.push_back({DkimResult::pass, "good.example.com"});
  dkim.push_back({DkimResult::pass, "late.example.com"});
  const auto done = run({.zone = record("example.com", "p=reject"), .dkim = dkim}, &asked);
  CHECK(done.result == DmarcResult::pass);
  CHECK(done.identifiers.size() == 100);
  CHECK(has_reason(done, "too-many-identifiers"));
  CHECK(asked.size() <= 2 + 21);
}
