#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "report/digest/outline.hpp"
#include "report/page/sections.hpp"

namespace ruaudit::report::page {
namespace {

using model::PageFinding;
using model::SenderGroup;
using model::Severity;

constexpr std::size_t most_addresses = 20;  // of a finding
constexpr std::size_t most_blocks = 12;
constexpr std::size_t most_own_senders = 12, most_with_findings = 30;

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

// `ruaudit show` has all.
std::string some_of(const std::vector<std::string>& addresses, const Words& words) {
  std::string text;
  const auto shown = std::min(most_addresses, addresses.size());
  for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : ", ") + addresses[i];
  if (addresses.size() == shown) return text;
  return text + ' ' +
         words.translate_n("and {} more", "and {} more", static_cast<std::int64_t>(addresses.size() - shown));
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
    write_pair(html, words.translate("Addresses"), some_of(finding.subject.sources, words));
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
      write_record(to, words.translate("The record before the change:"), zone_line(one.record_name, one.record_before));
    html.in("p", {{"class", "dim small"}}, [&] { html.line("code", fmt::format("ruaudit show {}", one.number)); });
  });
  html.close();
}

// ------------------------------------------------------------------ the way to p=reject

// What the owner must act on or decide, by whom it is about: most severe first, what is snoozed after what is not.
class OwnFindings {
 public:
  explicit OwnFindings(const model::PageDomain& domain) {
    for (const bool is_snoozed : {false, true})
      for (const auto& one : domain.findings)
        if (one.is_snoozed == is_snoozed && one.finding.severity >= Severity::ask &&
            one.finding.subject.reporter.empty())
          add(one);
  }

  // The first finding about a sender, nothing without one.
  [[nodiscard]] const PageFinding* about(const model::PageSender& sender) const {
    const auto named = by_service_.find(sender.name);
    auto best = named == by_service_.end() ? ordered_.size() : named->second;
    for (const auto& source : sender.sources)
      if (const auto at = by_address_.find(source.address); at != by_address_.end()) best = std::min(best, at->second);
    return best == ordered_.size() ? nullptr : ordered_[best];
  }

 private:
  void add(const PageFinding& one) {
    const auto& subject = one.finding.subject;
    if (!subject.service.empty()) by_service_.try_emplace(subject.service, ordered_.size());
    for (const auto& address : subject.sources) by_address_.try_emplace(address, ordered_.size());
    ordered_.push_back(&one);
  }

  std::vector<const PageFinding*> ordered_;
  std::unordered_map<std::string_view, std::size_t> by_service_, by_address_;
};

// A finding of this page is led to, one that is left out is named.
void write_link(const DomainContext& to, int number) {
  const auto& findings = to.domain.findings;
  const auto end = findings.begin() + static_cast<std::ptrdiff_t>(findings_shown(to.domain));
  const auto text = to.words.fill("finding {}", std::to_string(number));
  to.html.text(" ");
  if (std::any_of(findings.begin(), end, [number](const auto& one) { return one.number == number; }))
    to.html.line("a", {html::Anchor{fmt::format("f{}", number)}}, text);
  else
    to.html.line("span", {{"class", "dim"}}, text);
}

struct Mark {
  std::string_view kind, sign;
  std::string name;
};
Mark mark_of(const PageFinding* finding, const Words& words) {
  if (finding == nullptr) return {"mark yes", "\xE2\x9C\x93", words.translate("in order:")};
  if (finding->is_snoozed) return {"mark", "\xE2\x80\x93", words.translate("snoozed")};
  return {"mark no", "\xE2\x9C\x97", words.translate("not in order:")};
}

void write_own_sender(const DomainContext& to, const model::PageSender& sender, const PageFinding* finding) {
  auto& html = to.html;
  const auto& words = to.words;
  const auto mark = mark_of(finding, words);
  html.open("li");
  html.in("span", {{"class", mark.kind}}, [&] {
    html.line("span", {{"aria-hidden", "true"}}, mark.sign);
    html.line("span", {{"class", "vh"}}, mark.name);
  });
  html.in("span", {}, [&] {
    html.text(sender.name);
    if (finding == nullptr) return;
    if (finding->is_snoozed) html.line("span", {{"class", "dim"}}, " " + words.translate("snoozed"));
    write_link(to, finding->number);
  });
  const auto all = sender.fate.messages();
  html.line("span", {{"class", "dim how"}},
            fmt::format("DKIM {} \xC2\xB7 SPF {}", words.share(sender.dkim_aligned, all),
                        words.share(sender.spf_aligned, all)));
  html.line("span", {{"class", "num"}}, words.share(sender.fate.passed, all));
  html.close();
}

void write_own_senders(const DomainContext& to) {
  const OwnFindings findings(to.domain);
  std::size_t written = 0, left = 0, left_with_finding = 0;
  to.html.line("h3", to.words.translate("Your senders, and how much of their mail passes"));
  to.html.open("ul", {{"class", "senders"}});
  for (const auto& sender : to.domain.senders) {
    if (sender.group != SenderGroup::own && sender.group != SenderGroup::service) continue;
    const auto* finding = findings.about(sender);
    if (written >= (finding == nullptr ? most_own_senders : most_with_findings)) {
      ++(finding == nullptr ? left : left_with_finding);
      continue;
    }
    write_own_sender(to, sender, finding);
    ++written;
  }
  to.html.close();
  if (written == 0) to.html.line("p", {{"class", "dim"}}, to.words.translate("No mail of your own was reported."));
  if (left_with_finding > 0)
    to.html.line("p", {{"class", "dim small"}},
                 to.words.translate_n("{} more sender with a finding", "{} more senders with a finding",
                                      static_cast<std::int64_t>(left_with_finding)));
  if (left > 0)
    to.html.line("p", {{"class", "dim small"}},
                 to.words.translate_n("{} smaller sender in order", "{} smaller senders in order",
                                      static_cast<std::int64_t>(left)));
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

// What is left out, and the command that shows it.
void write_rest(const Context& to, const std::string& text, const std::string& command) {
  to.html.in("p", {{"class", "dim small"}}, [&] {
    to.html.text(text + ": ");
    to.html.line("code", command);
  });
}

const PageFinding* numbered(const model::PageDomain& domain, int number) {
  const auto at = std::find_if(domain.findings.begin(), domain.findings.end(),
                               [number](const auto& one) { return one.number == number; });
  return at == domain.findings.end() ? nullptr : &*at;
}

// What keeps the policy from being raised, each with what takes it away: in the words of the finding where it is one.
void write_blocks(const DomainContext& to) {
  auto& html = to.html;
  if (to.domain.gate.blocks.empty()) return;
  html.line("h3", to.words.translate("What is in the way"));
  const auto& blocks = to.domain.gate.blocks;
  const auto shown = std::min(most_blocks, blocks.size());
  html.in("ul", {{"class", "blocks"}}, [&] {
    for (std::size_t i = 0; i < shown; ++i)
      html.in("li", {}, [&] {
        const auto* finding = numbered(to.domain, blocks[i].number);
        html.text(finding == nullptr ? to.words.language().say(blocks[i].text)
                                     : finding_title(finding->finding, to.words));
        if (blocks[i].number > 0) write_link(to, blocks[i].number);
        const auto needs = to.words.language().say(blocks[i].needs);
        if (!needs.empty()) html.line("div", {{"class", "dim small"}}, needs);
      });
  });
  if (blocks.size() > shown)
    write_rest(to, to.words.translate_n("and {} more", "and {} more", static_cast<std::int64_t>(blocks.size() - shown)),
               "ruaudit readiness " + to.domain.name);
}

void write_next_step(const DomainContext& to) {
  if (to.domain.gate.steps.empty() || to.domain.gate.state != model::GateState::may_step) return;
  const auto& step = to.domain.gate.steps.front();
  to.html.line("p", to.words.language().say(step.text));
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

std::size_t findings_shown(const model::PageDomain& domain) {
  constexpr std::size_t most = 30, most_of_short = 5;
  return std::min(is_short(domain) ? most_of_short : most, domain.findings.size());
}

void write_findings(const DomainContext& to) {
  open_card(to, {"w", "w7", to.words.translate("What to do"), "", "long"});
  const auto& findings = to.domain.findings;
  const auto shown = findings_shown(to.domain);
  for (std::size_t i = 0; i < shown; ++i)
    write_finding(to, findings[i], i == 0 && findings[i].finding.severity >= Severity::ask);
  if (findings.size() > shown) {
    const auto left = static_cast<std::int64_t>(findings.size() - shown);
    write_rest(to, to.words.translate_n("{} more finding", "{} more findings", left), "ruaudit show");
  }
  if (findings.empty())
    to.html.line("p", {{"class", "dim"}}, to.words.translate("Nothing to do and nothing to watch."));
  to.html.close();
}

void write_way(const DomainContext& to) {
  open_card(to, {"p", "w5", to.words.translate("The way to p=reject"),
                 to.domain.gate.sentence.empty() ? to.words.translate("The policy as reporters saw it in these days.")
                                                 : to.words.language().say(to.domain.gate.sentence),
                 ""});
  write_steps(to);
  write_blocks(to);
  write_next_step(to);
  write_own_senders(to);
  if (to.domain.dmarc_status == model::DnsRecordStatus::none)
    to.html.line("p", {{"class", "dim"}}, to.words.translate("DNS has no DMARC record of this domain."));
  if (!to.domain.dmarc_record.empty())
    write_record(to, to.words.translate("Published now"),
                 zone_line("_dmarc." + to.domain.name, to.domain.dmarc_record));
  to.html.close();
}

void write_other_findings(const Context& to) {
  if (to.facts.findings.empty()) return;
  to.html.open("section", {{"class", "card"}, {"id", "other"}, {"aria-labelledby", "other-h"}});
  to.html.line("h2", {{"id", "other-h"}}, to.words.translate("In addition to the domains of this page"));
  constexpr std::size_t most = 30;
  const auto& findings = to.facts.findings;
  const auto shown = std::min(most, findings.size());
  for (std::size_t i = 0; i < shown; ++i) write_finding(to, findings[i], false);
  if (findings.size() > shown) {
    const auto left = static_cast<std::int64_t>(findings.size() - shown);
    write_rest(to, to.words.translate_n("{} more finding", "{} more findings", left), "ruaudit show");
  }
  to.html.close();
}

}  // namespace ruaudit::report::page
