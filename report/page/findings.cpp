#include <fmt/format.h>

#include <algorithm>

#include "report/digest/outline.hpp"
#include "report/page/sections.hpp"

namespace ruaudit::report::page {
namespace {

using model::PageFinding;
using model::SenderGroup;
using model::Severity;

void write_pair(html::Writer& html, std::string_view name, std::string_view text) {
  html.line("dt", name);
  html.line("dd", text);
}

// The record of a zone, a string of at most 255 octets after the other (RFC 1035 section 3.3.14).
std::string zone_line(const std::string& name, const std::string& text) {
  std::string out = name + ". IN TXT";
  for (std::size_t at = 0; at < text.size(); at += 255) out += fmt::format(" \"{}\"", text.substr(at, 255));
  return out;
}

void write_record(const Context& to, std::string_view title, const std::string& record) {
  to.html.line("p", {{"class", "dim"}}, title);
  to.html.in("div", {}, [&] {
    to.html.line("pre", record);
    to.html.line("button", {{"type", "button"}, {"class", "copy js"}}, to.words.translate("Copy record"));
    to.html.line("span", {{"class", "copied dim js"}, {"role", "status"}}, "");
  });
}

std::string cause_words(const model::FindingCause& cause, const Words& words) {
  switch (cause.change) {
    case model::RecordChange::added:
      return words.fill("the record {} was added", cause.name);
    case model::RecordChange::removed:
      return words.fill("the record {} was removed", cause.name);
    case model::RecordChange::broken:
      return words.fill("the record {} is broken", cause.name);
    case model::RecordChange::changed:
      break;
  }
  return words.fill("the record {} was changed", cause.name);
}

void write_facts(const Context& to, const PageFinding& one) {
  const auto& [html, words, facts] = to;
  const auto& finding = one.finding;
  html.open("dl");
  if (!finding.evidence.empty()) {
    html.line("dt", words.translate("Evidence"));
    html.in("dd", {}, [&html = to.html, &words = to.words, &finding] {
      html.in("ul", {}, [&] {
        for (const auto& sentence : finding.evidence) html.line("li", words.language().say(sentence));
      });
    });
  }
  if (finding.since) write_pair(html, words.translate("Since"), words.language().date(*finding.since));
  if (finding.cause) write_pair(html, words.translate("Cause"), cause_words(*finding.cause, words));
  if (finding.subject.sources.size() > 1) {
    std::string addresses;
    for (const auto& address : finding.subject.sources) addresses += (addresses.empty() ? "" : ", ") + address;
    write_pair(html, words.translate("Addresses"), addresses);
  }
  html.close();
}

void write_finding(const Context& to, const PageFinding& one, bool is_open) {
  auto& html = to.html;
  const auto& words = to.words;
  const auto id = fmt::format("f{}", one.number);
  const auto kind = fmt::format("finding {}", model::to_text(one.finding.severity));
  if (is_open)
    html.open("details", {{"class", kind}, {"id", id}, {"data-finding", one.finding.id}, {"open"}});
  else
    html.open("details", {{"class", kind}, {"id", id}, {"data-finding", one.finding.id}});
  html.in("summary", {}, [&] {
    html.line("span", {{"class", "pill"}},
              one.is_snoozed ? words.translate("snoozed") : severity_words(one.finding.severity, words.language()));
    html.line("b", finding_title(one.finding, words));
  });
  html.in("div", {{"class", "rest"}}, [&] {
    write_facts(to, one);
    if (!one.finding.action.empty())
      html.in("p", {{"class", "action"}}, [&] {
        html.line("b", words.translate("What to do:"));
        html.text(" " + words.language().say(one.finding.action));
      });
    if (!one.record_before.empty())
      write_record(to, words.translate("The record as it stood before:"),
                   zone_line(one.record_name, one.record_before));
    html.in("p", {{"class", "dim small"}}, [&] { html.line("code", fmt::format("ruaudit show {}", one.number)); });
  });
  html.close();
}

// ------------------------------------------------------------------ the way to p=reject

bool concerns(const model::Finding& finding, const model::PageSender& sender) {
  if (!finding.subject.service.empty() && finding.subject.service == sender.name) return true;
  return std::any_of(sender.sources.begin(), sender.sources.end(), [&](const auto& source) {
    const auto& addresses = finding.subject.sources;
    return std::find(addresses.begin(), addresses.end(), source.address) != addresses.end();
  });
}

// The number of the first finding that the owner must act on or decide, 0 without one.
int open_finding(const model::PageDomain& domain, const model::PageSender& sender) {
  for (const auto& one : domain.findings)
    if (one.finding.severity >= Severity::ask && !one.is_snoozed && one.finding.subject.reporter.empty() &&
        concerns(one.finding, sender))
      return one.number;
  return 0;
}

void write_own_sender(const DomainContext& to, const model::PageSender& sender) {
  auto& html = to.html;
  const auto& words = to.words;
  const int finding = open_finding(to.domain, sender);
  html.open("li");
  html.in("span", {{"class", finding == 0 ? "mark yes" : "mark no"}}, [&] {
    html.line("span", {{"aria-hidden", "true"}}, finding == 0 ? "\xE2\x9C\x93" : "\xE2\x9C\x97");
    html.line("span", {{"class", "vh"}},
              finding == 0 ? words.translate("in order:") : words.translate("not in order:"));
  });
  html.in("span", {}, [&] {
    html.text(sender.name);
    if (finding != 0) {
      html.text(" ");
      html.line("a", {html::Anchor{fmt::format("f{}", finding)}}, words.fill("finding {}", std::to_string(finding)));
    }
  });
  const auto all = sender.fate.messages();
  html.line("span", {{"class", "dim how"}},
            fmt::format("DKIM {} \xC2\xB7 SPF {}", words.share(sender.dkim_aligned, all),
                        words.share(sender.spf_aligned, all)));
  html.line("span", {{"class", "num"}}, words.share(sender.fate.passed, all));
  html.close();
}

void write_own_senders(const DomainContext& to) {
  constexpr int most = 12;
  int written = 0, left = 0;
  to.html.line("h3", to.words.translate("Your senders, and how much of their mail passes"));
  to.html.open("ul", {{"class", "senders"}});
  for (const auto& sender : to.domain.senders) {
    if (sender.group != SenderGroup::own && sender.group != SenderGroup::service) continue;
    if (written == most && open_finding(to.domain, sender) == 0) {
      ++left;
      continue;
    }
    write_own_sender(to, sender);
    ++written;
  }
  to.html.close();
  if (written == 0) to.html.line("p", {{"class", "dim"}}, to.words.translate("No mail of your own was reported."));
  if (left > 0)
    to.html.line("p", {{"class", "dim small"}},
                 to.words.translate_n("{} smaller sender in order", "{} smaller senders in order", left));
}

// As DNS had it last, else as reporters saw it last.
std::string_view policy_now(const model::PageDomain& domain) {
  if (domain.gate.now.p) return model::to_text(*domain.gate.now.p);
  std::int32_t last = -1;
  std::string_view p;
  for (const auto& policy : domain.policies)
    if (policy.last_day > last) {
      last = policy.last_day;
      p = policy.p;
    }
  return p;
}

// What keeps the policy from being raised, each with what takes it away.
void write_blocks(const DomainContext& to) {
  auto& html = to.html;
  if (to.domain.gate.blocks.empty()) return;
  html.line("h3", to.words.translate("What is in the way"));
  html.in("ul", {{"class", "blocks"}}, [&] {
    for (const auto& block : to.domain.gate.blocks)
      html.in("li", {}, [&] {
        html.text(block.text);
        if (block.number > 0) {
          html.text(" ");
          html.line("a", {html::Anchor{fmt::format("f{}", block.number)}},
                    to.words.fill("finding {}", std::to_string(block.number)));
        }
        if (!block.needs.empty()) html.line("div", {{"class", "dim small"}}, block.needs);
      });
  });
}

void write_next_step(const DomainContext& to) {
  if (to.domain.gate.steps.empty() || to.domain.gate.state != model::GateState::may_step) return;
  const auto& step = to.domain.gate.steps.front();
  to.html.line("p", step.text);
  if (step.record.empty()) return;
  write_record(to, to.words.translate("Next record"), zone_line("_dmarc." + to.domain.name, step.record));
}

void write_steps(const DomainContext& to) {
  constexpr std::string_view steps[] = {"none", "quarantine", "reject"};
  const auto now = policy_now(to.domain);
  const auto* const at = std::find(std::begin(steps), std::end(steps), now);
  to.html.in("ol", {{"class", "steps"}}, [&] {
    for (const auto& step : steps) {
      const bool is_done = at != std::end(steps) && &step < at, is_now = &step == at;
      to.html.in("li",
                 {{"class", is_done  ? "done"
                            : is_now ? "now"
                                     : "next"}},
                 [&] {
                   to.html.line("b", fmt::format("p={}", step));
                   for (const auto& policy : to.domain.policies)
                     if (policy.p == step)
                       to.html.line(
                           "span", {{"class", "dim small"}},
                           to.words.fill("{}, seen by {}", to.words.span(policy.first_day, policy.last_day),
                                         to.words.translate_n("{} reporter", "{} reporters", policy.reporters)));
                 });
    }
  });
}

}  // namespace

void write_findings(const DomainContext& to) {
  open_card(to, {"w", "w7", to.words.translate("What to do"), "", "long"});
  bool is_first = true;
  for (const auto& one : to.domain.findings) {
    write_finding(to, one, is_first && one.finding.severity >= Severity::ask);
    is_first = false;
  }
  if (to.domain.findings.empty())
    to.html.line("p", {{"class", "dim"}}, to.words.translate("Nothing to do and nothing to watch."));
  to.html.close();
}

void write_way(const DomainContext& to) {
  open_card(to, {"p", "w5", to.words.translate("The way to p=reject"),
                 to.domain.gate.sentence.empty() ? to.words.translate("The policy as reporters saw it in these days.")
                                                 : to.domain.gate.sentence,
                 ""});
  write_steps(to);
  write_blocks(to);
  write_next_step(to);
  write_own_senders(to);
  if (!to.domain.dmarc_record.empty())
    write_record(to, to.words.translate("Published now"),
                 zone_line("_dmarc." + to.domain.name, to.domain.dmarc_record));
  to.html.close();
}

void write_other_findings(const Context& to) {
  if (to.facts.findings.empty()) return;
  to.html.open("section", {{"class", "card"}, {"id", "other"}, {"aria-labelledby", "other-h"}});
  to.html.line("h2", {{"id", "other-h"}}, to.words.translate("Beside the domains of this page"));
  for (const auto& one : to.facts.findings) write_finding(to, one, false);
  to.html.close();
}

}  // namespace ruaudit::report::page
