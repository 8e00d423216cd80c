#include "verify/consistency/record_check.hpp"

#include <catch2/catch.hpp>
#include <chrono>

using namespace ruaudit::verify::consistency;
using ruaudit::verify::suffix::PublicSuffixList;
using namespace ruaudit::model;

namespace {

constexpr auto yes = Alignment::aligned;
constexpr auto no = Alignment::not_aligned;
constexpr auto open = Alignment::undecidable;
constexpr int none = 0, dkim_pass = 1, dkim_fail = 2, spf_pass = 4, spf_fail = 8;

struct Case {
  const char* rule;
  const char* policy;     // "method adkim aspf domain", "-" where absent
  const char* from;       // header_from
  const char* envelope;   // "-": absent; "": null sender
  const char* dkim;       // "domain=result ..."
  const char* spf;        // "scope:domain=result ..."
  const char* evaluated;  // "dkim spf reason ..."
  Alignment want_dkim, want_spf;
  int contradiction;
};

const PublicSuffixList& list() {
  static const auto loaded = PublicSuffixList::system();
  REQUIRE(loaded.has_value());
  return *loaded;
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> found;
  while (!text.empty()) {
    const auto blank = std::min(text.find(' '), text.size());
    found.emplace_back(text.substr(0, blank));
    text.remove_prefix(std::min(blank + 1, text.size()));
  }
  return found;
}

PolicyPublished policy_of(const Case& c) {
  const auto part = words(c.policy);
  PolicyPublished policy;
  policy.discovery_method = parse_enum<DiscoveryMethod>(part.at(0));
  policy.p = Policy::reject;
  policy.adkim = parse_enum<AlignmentMode>(part.at(1));
  policy.aspf = parse_enum<AlignmentMode>(part.at(2));
  policy.domain = part.size() > 3 ? part[3] : "";
  return policy;
}

Record record_of(const Case& c) {
  Record record;
  record.identifiers.header_from = c.from;
  if (std::string_view(c.envelope) != "-") record.identifiers.envelope_from = c.envelope;
  for (const auto& word : words(c.dkim)) {
    const auto equals = word.find('=');
    record.auth_results.dkim.push_back(
        {word.substr(0, equals), "sel", parse_enum<DkimResult>(word.substr(equals + 1)).value(), std::nullopt});
  }
  for (const auto& word : words(c.spf)) {
    const auto colon = word.find(':');
    const auto equals = word.find('=');
    record.auth_results.spf.push_back({word.substr(colon + 1, equals - colon - 1),
                                       parse_enum<SpfScope>(word.substr(0, colon)),
                                       parse_enum<SpfResult>(word.substr(equals + 1)).value(), std::nullopt});
  }
  const auto evaluated = words(c.evaluated);
  record.policy_evaluated.dkim = parse_enum<AlignedResult>(evaluated.at(0)).value();
  record.policy_evaluated.spf = parse_enum<AlignedResult>(evaluated.at(1)).value();
  for (std::size_t i = 2; i < evaluated.size(); ++i)
    record.policy_evaluated.reasons.push_back({parse_enum<OverrideType>(evaluated[i]).value(), "", std::nullopt});
  return record;
}

void check(const Case& c) {
  RecordChecker checker(list());
  checker.policy(policy_of(c));
  const auto got = checker.check(record_of(c));
  CAPTURE(c.rule);
  CHECK(to_text(got.dkim) == to_text(c.want_dkim));
  CHECK(to_text(got.spf) == to_text(c.want_spf));
  CHECK(static_cast<int>(got.contradiction) == c.contradiction);
}

const Case consistent[] = {
    {"both mechanisms pass and align", "psl r r example.com", "example.com", "example.com", "example.com=pass",
     "mfrom:example.com=pass", "pass pass", yes, yes, none},
    {"both fail", "psl r r example.com", "example.com", "example.net", "example.com=fail", "mfrom:example.net=softfail",
     "fail fail", no, no, none},
    {"a mailing service passes for its own domain", "- - - example.com", "example.com", "bounce.mailer.net",
     "mailer.net=pass", "mfrom:bounce.mailer.net=pass", "fail fail", no, no, none},
    {"an unsigned mail with an aligned sender", "psl r r example.com", "example.com", "mail.example.com", "",
     "mfrom:mail.example.com=pass", "fail pass", no, yes, none},
    {"strict modes refuse subdomains", "psl s s example.com", "example.com", "mail.example.com",
     "news.example.com=pass", "mfrom:mail.example.com=pass", "fail fail", no, no, none},
    {"one aligned signature among failing ones", "psl r r example.com", "example.com", "example.net",
     "example.com=fail mailer.net=pass m.example.com=pass", "mfrom:example.net=pass", "pass fail", yes, no, none},
    {"temperror is no pass", "psl r r example.com", "example.com", "example.com", "example.com=temperror",
     "mfrom:example.com=temperror", "fail fail", no, no, none},
};

const Case contradictions[] = {
    {"dkim pass with a failing signature", "psl r r example.com", "example.com", "example.net", "example.com=fail",
     "mfrom:example.net=pass", "pass fail", no, no, dkim_pass},
    {"dkim pass founded on a stranger's signature", "- - - example.com", "example.com", "mailer.net", "mailer.net=pass",
     "mfrom:mailer.net=pass", "pass fail", no, no, dkim_pass},
    {"dkim pass without any signature beside an SPF result", "- - - example.com", "example.com", "mailer.net", "",
     "mfrom:mailer.net=pass", "pass fail", no, no, dkim_pass},
    {"dkim pass by a subdomain under strict alignment", "- s s example.com", "example.com", "example.net",
     "mail.example.com=pass", "mfrom:example.net=pass", "pass fail", no, no, dkim_pass},
    {"dkim fail though the identical domain passed", "- s s example.com", "example.com", "example.net",
     "example.com=pass", "mfrom:example.net=pass", "fail fail", yes, no, dkim_fail},
    {"dkim fail though a subdomain passed in relaxed mode", "- - - example.com", "example.com", "example.net",
     "mail.example.com=pass", "mfrom:example.net=pass", "fail fail", yes, no, dkim_fail},
    {"dkim fail though one of three signatures passed and aligns", "psl r r example.com", "example.com", "example.net",
     "a.net=pass example.com=pass example.com=fail", "mfrom:example.net=pass", "fail fail", yes, no, dkim_fail},
    {"spf pass for a stranger", "- - - example.com", "example.com", "mailer.net", "example.com=pass",
     "mfrom:mailer.net=pass", "pass pass", yes, no, spf_pass},
    {"spf pass of a result that failed", "- - - example.com", "example.com", "example.com", "example.com=pass",
     "mfrom:example.com=fail", "pass pass", yes, no, spf_pass},
    {"spf pass of a softfail without scope: it fails as MAIL FROM and as HELO", "- - - example.com", "example.com", "-",
     "example.com=pass", "-:example.com=softfail", "pass pass", yes, no, spf_pass},
    {"spf fail though MAIL FROM passed and aligns", "- - - example.com", "example.com", "mail.example.com",
     "example.com=pass", "mfrom:mail.example.com=pass", "pass fail", yes, yes, spf_fail},
    {"spf fail, no scope, but the domain is the envelope's", "- - - example.com", "example.com", "example.com",
     "example.com=pass", "-:example.com=pass", "pass fail", yes, yes, spf_fail},
    {"spf fail of a null sender whose HELO passed and aligns", "- - - example.com", "example.com", "",
     "example.com=pass", "helo:mail.example.com=pass", "pass fail", yes, yes, spf_fail},
    {"both mechanisms wrong at once", "- - - example.com", "example.com", "mailer.net", "example.com=pass",
     "mfrom:mailer.net=pass", "fail pass", yes, no, dkim_fail | spf_pass},
    {"a mailing list changes the disposition, not the aligned result", "- - - example.com", "example.com", "list.net",
     "example.com=pass", "mfrom:list.net=pass", "fail fail mailing_list", yes, no, dkim_fail},
    {"nor does test mode", "treewalk r r example.com", "example.com", "example.net", "example.com=pass",
     "mfrom:example.net=pass", "fail fail policy_test_mode", yes, no, dkim_fail},
    {"tree walk: a stranger's signature", "treewalk r r example.com", "example.com", "example.com", "mailer.net=pass",
     "mfrom:example.com=pass", "pass pass", no, yes, dkim_pass},
    {"tree walk: names below the policy domain", "treewalk r r example.com", "news.example.com", "example.net",
     "mail.example.com=pass", "mfrom:example.net=pass", "fail fail", yes, no, dkim_fail},
    {"one counted MAIL FROM beside a HELO result of a sender", "psl r r example.com", "example.com", "example.com",
     "example.com=pass", "helo:host.example.com=pass mfrom:example.com=fail", "pass pass", yes, no, spf_pass},
};

// Each of these looks wrong at first sight; the comment says which reading makes it right.
const Case only_look_contradictory[] = {
    // auth_results is missing altogether (its reporters still evaluate).
    {"no results at all", "- - - example.com", "example.com", "-", "", "", "pass pass", open, open, none},
    // RFC 9990 allows to leave SPF out.
    {"spf pass without an SPF result", "- - - example.com", "example.com", "example.com", "example.com=pass", "",
     "pass pass", yes, open, none},
    // The tree walk may stop at the Author Domain's own record, whose parent then is another organization.
    {"the parent signs for a name with its own record", "- - - mail.example.com", "mail.example.com", "example.net",
     "example.com=pass", "mfrom:example.net=pass", "fail fail", yes, no, none},
    {"tree walk: the parent signs", "treewalk r r mail.example.com", "mail.example.com", "example.net",
     "example.com=pass", "mfrom:example.net=pass", "fail fail", open, no, none},
    {"tree walk: the parent signs and passes", "treewalk r r mail.example.com", "mail.example.com", "example.net",
     "example.com=pass", "mfrom:example.net=pass", "pass fail", open, no, none},
    // Reporters with or without the private part of the list see different organizational domains.
    {"siblings below a private suffix, pass", "psl r r a.github.io", "a.github.io", "example.net", "b.github.io=pass",
     "mfrom:example.net=pass", "pass fail", no, no, none},
    {"a name and its private suffix, fail", "psl r r github.io", "github.io", "example.net", "a.github.io=pass",
     "mfrom:example.net=pass", "fail fail", open, open, none},
    // No scope: the result may be HELO's, which does not count beside a sender that is not told.
    {"spf fail of an aligned pass without scope and envelope", "- - - example.com", "example.com", "-",
     "example.com=pass", "-:example.com=pass", "pass fail", yes, yes, none},
    {"spf fail of an aligned pass without scope, other envelope", "- - - example.com", "example.com", "example.net",
     "example.com=pass", "-:mail.example.com=pass", "pass fail", yes, yes, none},
    // HELO counts for a null sender only.
    {"an aligned HELO pass beside a sender", "- - - example.com", "example.com", "example.net", "example.com=pass",
     "helo:mail.example.com=pass", "pass fail", yes, open, none},
    {"an aligned HELO pass beside a failing MAIL FROM", "- - - example.com", "example.com", "example.net",
     "example.com=pass", "helo:mail.example.com=pass mfrom:example.net=fail", "pass fail", yes, no, none},
    // The MAIL FROM result that decided is not among the reported ones.
    {"spf pass with only a HELO result of a sender", "- - - example.com", "example.com", "example.com",
     "example.com=pass", "helo:host.example.net=fail", "pass pass", yes, open, none},
    // The sender was null and the reporter wrote the HELO name for it.
    {"the envelope repeats the HELO name", "- - - example.com", "example.com", "host.example.com", "example.com=pass",
     "helo:host.example.com=pass", "pass pass", yes, open, none},
    // Two results for MAIL FROM: which one counted is not told.
    {"two MAIL FROM results that differ, pass", "- - - example.com", "example.com", "-", "example.com=pass",
     "mfrom:example.com=pass mfrom:example.net=pass", "pass pass", yes, open, none},
    {"two MAIL FROM results that differ, fail", "- - - example.com", "example.com", "-", "example.com=pass",
     "mfrom:example.com=pass mfrom:example.net=pass", "pass fail", yes, open, none},
    // A result outside the vocabulary may have been a pass.
    {"an unknown DKIM result of the own domain", "- - - example.com", "example.com", "example.com",
     "example.com=unknown", "mfrom:example.com=pass", "pass pass", open, yes, none},
    {"an unknown SPF result of the own domain", "- - - example.com", "example.com", "example.com", "example.com=pass",
     "mfrom:example.com=unknown", "pass pass", yes, open, none},
    // The domain of a passing result is missing: it may be the right one.
    {"a passing signature without domain", "- - - example.com", "example.com", "example.com", "=pass",
     "mfrom:example.com=pass", "pass pass", open, yes, none},
    {"a passing SPF result without domain", "- - - example.com", "example.com", "example.com", "example.com=pass",
     "mfrom:=pass", "pass pass", yes, open, none},
    // Several From addresses: the reporter chose one of them.
    {"a list in header_from", "- - - example.com", "a.net,example.com", "example.com", "a.net=pass", "mfrom:a.net=pass",
     "fail fail", open, open, none},
    {"header_from is empty", "- - - example.com", "", "example.com", "example.com=pass", "mfrom:example.com=pass",
     "fail pass", open, open, none},
    // The receiver's own policy may have replaced the result, and says so.
    {"dkim fail by local policy", "- - - example.com", "example.com", "example.net", "example.com=pass",
     "mfrom:example.net=pass", "fail fail local_policy", yes, no, none},
    {"dkim pass for another reason", "- - - example.com", "example.com", "example.net", "list.net=pass",
     "mfrom:example.net=pass", "pass fail other", no, no, none},
    {"spf pass for a reason outside the vocabulary", "- - - example.com", "example.com", "example.net",
     "example.com=pass", "mfrom:example.net=pass", "pass pass unknown", yes, no, none},
    // The mode is a word nobody knows: it may be strict or relaxed.
    {"an unknown mode, fail", "psl unknown r example.com", "example.com", "example.net", "mail.example.com=pass",
     "mfrom:example.net=pass", "fail fail", open, no, none},
    {"an unknown mode, pass", "psl unknown r example.com", "example.com", "example.net", "mail.example.com=pass",
     "mfrom:example.net=pass", "pass fail", open, no, none},
    // policy_evaluated itself says nothing.
    {"an unknown evaluated result", "- - - example.com", "example.com", "example.com", "example.com=pass",
     "mfrom:example.com=pass", "unknown unknown", yes, yes, none},
    // A relayed mail failed SPF and was kept by DKIM: failing SPF is no contradiction to a DMARC pass.
    {"a forwarder breaks SPF only", "- - - example.com", "example.com", "forwarder.net", "example.com=pass",
     "mfrom:forwarder.net=pass", "pass fail forwarded", yes, no, none},
    // Another spelling of the same name.
    {"strict mode and another case", "- s s example.com", "Example.COM.", "EXAMPLE.com", "eXample.com=pass",
     "mfrom:example.COM=pass", "pass pass", yes, yes, none},
};

}  // namespace

TEST_CASE("a record that agrees with its policy_evaluated has no contradiction") {
  for (const auto& c : consistent) check(c);
}

// RFC 9989 section 4.4; RFC 7489 sections 3.1, 4.2 and 6.1
TEST_CASE("a contradiction is set where no reading agrees with policy_evaluated") {
  for (const auto& c : contradictions) check(c);
}

TEST_CASE("a record that some reading makes right is no contradiction") {
  static_assert(std::size(only_look_contradictory) >= 15);
  static_assert(std::size(consistent) + std::size(contradictions) + std::size(only_look_contradictory) >= 40);
  for (const auto& c : only_look_contradictory) check(c);
}

TEST_CASE("a row with 100 signatures may have lost the one that decided") {
  const Case c{
      "", "- - - example.com", "example.com", "example.net", "", "mfrom:example.net=pass", "pass fail", open, no, none};
  RecordChecker checker(list());
  checker.policy(policy_of(c));
  auto record = record_of(c);
  record.auth_results.dkim.assign(100, {"mailer.net", std::nullopt, DkimResult::pass, std::nullopt});
  CHECK(checker.check(record) == RecordCheck{Alignment::undecidable, Alignment::not_aligned, 0});
  record.auth_results.dkim.pop_back();
  CHECK(checker.check(record) == RecordCheck{Alignment::not_aligned, Alignment::not_aligned, dkim_pass});
}

TEST_CASE("the method and the list's version are there for storing") {
  RecordChecker checker(list());
  CHECK(checker.method() == "psl (method not given)");
  PolicyPublished policy;
  policy.discovery_method = DiscoveryMethod::psl;
  checker.policy(policy);
  CHECK(checker.method() == "psl");
  policy.discovery_method = DiscoveryMethod::treewalk;
  checker.policy(policy);
  CHECK(checker.method() == "treewalk (assumed)");
  CHECK(checker.list_version() == list().version());
}

TEST_CASE("a checker meets more names than it keeps and answers the same") {
  RecordChecker checker(list());
  const Case c{"", "- - - example.com", "example.com", "-", "", "", "pass fail", open, no, none};
  checker.policy(policy_of(c));
  auto record = record_of(c);
  record.auth_results.spf = {{"mailer.net", SpfScope::mfrom, SpfResult::fail, std::nullopt}};
  for (std::size_t i = 0; i < 2 * RecordChecker::max_cached_names; ++i) {
    record.auth_results.dkim = {{"h" + std::to_string(i) + ".example.com", "s", DkimResult::pass, std::nullopt}};
    REQUIRE(checker.check(record) == RecordCheck{Alignment::aligned, Alignment::not_aligned, 0});
  }
}

TEST_CASE("records per second of one checker", "[.speed]") {
  RecordChecker checker(list());
  checker.policy(policy_of(contradictions[0]));
  std::vector<Record> records;
  for (int i = 0; i < 2000; ++i) {
    auto record = record_of(contradictions[static_cast<std::size_t>(i) % std::size(contradictions)]);
    record.auth_results.dkim.push_back({"h" + std::to_string(i) + ".example.com", "s", DkimResult::pass, std::nullopt});
    record.identifiers.envelope_from = "bounce" + std::to_string(i) + ".mailer.net";
    records.push_back(record);
  }
  const auto started = std::chrono::steady_clock::now();
  unsigned contradicting = 0;
  for (int round = 0; round < 500; ++round)
    for (const auto& record : records) contradicting += checker.check(record).contradiction != 0 ? 1U : 0U;
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
  WARN(1e6 / took.count() << " records/s, " << contradicting << " contradicting");
}
