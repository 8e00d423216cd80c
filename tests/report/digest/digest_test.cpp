#include <catch2/catch.hpp>

#include "report/digest/digest_text.hpp"
#include "report/mail/digest_mail.hpp"

using namespace ruaudit;
using model::FindingKind;
using model::FindingState;
using model::Severity;

namespace {

const report::Language english;

model::DigestItem item(FindingState state, Severity severity = Severity::fix) {
  model::DigestItem out{.state = state, .nights = 5};
  out.finding = {.id = "dkim_broken/example.org/Zendesk",
                 .kind = FindingKind::dkim_broken,
                 .severity = severity,
                 .domain = "example.org",
                 .messages = 1234,
                 .since = 20'000,
                 .evidence = {model::say("since then, for {} of {}", "0 %", "x")},
                 .action = model::say("Find out why {} no longer signs for {}", "Zendesk", "example.org")};
  out.finding.subject.service = "Zendesk";
  return out;
}

model::Digest digest_of(std::vector<model::DigestItem> items) {
  model::Digest digest{.domains = {"example.org"}, .first_day = 20'000, .last_day = 20'001, .items = std::move(items)};
  digest.health.reports = 2;
  digest.health.messages = 1;
  return digest;
}

std::string text_of(const model::Digest& digest) {
  return report::digest_text(report::outline_of(digest, english), english);
}

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a digest without news is one line") {
  auto digest = digest_of({item(FindingState::open)});
  digest.health.troubles = {"the disk is full"};
  CHECK(text_of(digest) ==
        "example.org: 1 to fix, nothing new; the disk is full; 2 reports about 1 message came in, for 4 October 2024 "
        "and 5 "
        "October 2024\n");
  digest.last_day = digest.first_day + 2;
  CHECK(holds(text_of(digest), "came in, for 4 October 2024 to 6 October 2024\n"));
  digest.last_day = digest.first_day;
  CHECK(holds(text_of(digest), "came in, for 4 October 2024\n"));
}

TEST_CASE("new things come first, then worse, over, and what is still open with its nights") {
  const auto text = text_of(digest_of({item(FindingState::open), item(FindingState::resolved),
                                       item(FindingState::worse), item(FindingState::fresh, Severity::ask)}));
  CHECK(text.find("NEW") < text.find("WORSE"));
  CHECK(text.find("WORSE") < text.find("OVER"));
  CHECK(text.find("OVER") < text.find("STILL OPEN"));
  CHECK(holds(text, "example.org: 2 to fix, 1 question, 2 new, 1 over\n"));
  CHECK(holds(text, "open for 4 nights"));
  CHECK(holds(text, "decide: Zendesk: DKIM no longer passes, 1,234 messages since 4 October 2024"));
  CHECK_FALSE(holds(text, "[example.org]"));
}

TEST_CASE("a finding names ten addresses at most: where it has ten there may be more, and the line says so") {
  auto one = item(FindingState::fresh);
  one.finding.kind = FindingKind::new_sender;
  one.finding.subject.service.clear();
  for (int i = 1; i <= 9; ++i) one.finding.subject.sources.push_back("192.0.2." + std::to_string(i));
  CHECK(holds(text_of(digest_of({one})), "192.0.2.1 and 8 other addresses"));
  one.finding.subject.sources.emplace_back("192.0.2.10");
  CHECK(holds(text_of(digest_of({one})), "192.0.2.1 and at least 9 other addresses"));
}

TEST_CASE("the policy is told in the reader's language, and names findings by the numbers that they have here") {
  auto digest = digest_of({item(FindingState::open, Severity::ask), item(FindingState::fresh)});
  digest.items[0].number = 2;
  digest.items[1].number = 1;
  digest.policies.push_back(
      {"example.org", model::say("stay at {} until {} are done", "p=none", model::say("{} and {}", "1", "2"))});
  const auto text = text_of(digest);
  CHECK(holds(text, "  1. fix: Zendesk: DKIM no longer passes"));
  CHECK(holds(text, "  2. decide: Zendesk: DKIM no longer passes"));
  CHECK(holds(text, "policy: stay at p=none until 1 and 2 are done"));
  const std::string folders[] = {RUAUDIT_CATALOGUES};
  const auto french = report::Language::open("fr", folders);
  REQUIRE(french);
  const auto said = report::digest_text(report::outline_of(digest, *french), *french);
  CHECK(holds(said, "\n  1. \u00e0 corriger\u00a0: Zendesk"));
  CHECK(holds(said, "restez \u00e0 p=none tant que les points 1 et 2 ne sont pas"));
}

TEST_CASE("what is over has no number and no weight any more") {
  auto digest = digest_of({item(FindingState::resolved)});
  digest.items[0].number = 3;
  CHECK_FALSE(holds(text_of(digest), "3."));
  CHECK(holds(text_of(digest), "  was: Zendesk: DKIM no longer passes"));  // nothing is to be fixed
}

TEST_CASE("a finding on TLS is called by its type, its sender, or the sum of domains that it is") {
  const auto headline = [](FindingKind kind, const std::string& id, const std::string& reporter) {
    model::Finding one{.id = id, .kind = kind, .domain = "example.org"};
    one.subject.mechanism = "tls";
    one.subject.reporter = reporter;
    return report::finding_headline(one, english);
  };
  constexpr auto failing = FindingKind::tls_failing, silent = FindingKind::tls_reporter_silent;
  CHECK(headline(failing, "tls_failing/example.org/tlsa-invalid", "") ==
        "example.org (tlsa-invalid): encrypted delivery fails");
  CHECK(headline(failing, "tls_failing/example.org/tlsa-invalid/google.com/x", "Google Inc.") ==
        "Google Inc. (tlsa-invalid): encrypted delivery fails");
  CHECK(headline(failing, "tls_failing", "") == "further domains: encrypted delivery fails");
  CHECK(headline(silent, "tls_reporter_silent/example.org/google.com", "Google Inc.") ==
        "Google Inc.: no TLS reports any more");
  CHECK(headline(silent, "tls_reporter_silent/example.org", "") == "example.org: no TLS reports any more");
  CHECK(headline(silent, "tls_reporter_silent/example.org/several", "") ==
        "example.org: some senders of TLS reports are silent");
  CHECK(headline(silent, "tls_reporter_silent", "") == "further domains: some senders of TLS reports are silent");
}

TEST_CASE("what is snoozed is neither counted nor listed among the open") {
  auto snoozed = item(FindingState::open);
  snoozed.is_snoozed = true;
  CHECK(text_of(digest_of({snoozed})).starts_with("example.org: nothing to fix, nothing new;"));
}

TEST_CASE("names from reports are text in every format") {
  auto hostile = item(FindingState::fresh);
  hostile.finding.subject.service = "<b>*x*</b> [a](http://x.example)\x1b[31m\n# y";
  const auto outline = report::outline_of(digest_of({hostile}), english);
  const auto html = report::digest_html(outline, english);
  CHECK_FALSE(holds(html, "<b>"));
  CHECK(holds(html, "&lt;b&gt;"));
  const auto markdown = report::digest_markdown(outline, english);
  CHECK(holds(markdown, "\\<b\\>\\*x\\*"));
  CHECK(holds(markdown, "\\[a\\](http://x.example)"));
  for (const auto& text : {html, markdown, report::digest_text(outline, english)}) {
    CHECK_FALSE(holds(text, "\x1b"));
    CHECK_FALSE(holds(text, "\n# y"));
  }
}

TEST_CASE("a mail is seven bit, its header fields are encoded and hold no line of others") {
  const auto mail = report::compose({.from = "Zoë <a@example.org>",
                                     .to = {"b@example.org", "\"x\" <c@example.org>"},
                                     .subject = "sklep.example: 2 do naprawy, 3 pytania, żółć\r\nBcc: x@example.org",
                                     .message_id = "<digest.00ff@example.org>",
                                     .date = 1'790'000'000,
                                     .list_id = "digest.ruaudit.example.org",
                                     .language = "pl",
                                     .text = "zażółć\n",
                                     .html = std::string("<p>") + std::string(3000, 'a') + "</p>\n"});
  std::size_t line = 0;
  for (const char c : mail) {
    CHECK(static_cast<unsigned char>(c) < 0x80);
    line = c == '\n' ? 0 : line + 1;
    REQUIRE(line <= 998);
  }
  CHECK(holds(mail, "From: =?utf-8?B?"));
  CHECK(holds(mail, "To: b@example.org, \"x\" <c@example.org>\r\n"));
  CHECK_FALSE(holds(mail, "\nBcc:"));
  CHECK(mail.find("\r\n\r\n") > mail.find("boundary="));  // no empty line among the fields
  CHECK(holds(mail, "Date: Mon, 21 Sep 2026 14:13:20 +0000\r\n"));
  CHECK(holds(mail, "List-Id: <digest.ruaudit.example.org>\r\n"));
  CHECK(holds(mail, "Auto-Submitted: auto-generated\r\n"));
  CHECK(holds(mail, "\r\n--=_digest00ff\r\n"));
  CHECK(holds(mail, "\r\n--=_digest00ff--"));
}
