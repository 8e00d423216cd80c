#include "report/digest/outline.hpp"

#include <algorithm>
#include <array>

namespace ruaudit::report {
namespace {

using model::Digest;
using model::DigestItem;
using model::FindingState;

std::string note_of(const DigestItem& item, const Language& language) {
  if (item.state == FindingState::open && item.nights > 1)
    return language.translate_n("open for {} night", "open for {} nights", item.nights - 1);
  return item.is_back ? language.translate("it was over or marked as fixed before, and is back") : std::string();
}

// Where the digest is about one domain its name stands in the verdict.
std::string other_domain(const Digest& digest, const std::string& domain) {
  return digest.domains.size() == 1 && digest.domains.front() == domain ? std::string() : domain;
}

// The number by which the lines on policies name it, and `ruaudit show`.
std::string numbered(const DigestItem& item, const std::string& words) {
  return item.number > 0 ? std::to_string(item.number) + ". " + words : words;
}

// What is over is not to be fixed or decided any more.
std::string weight_of(const DigestItem& item, const Language& language) {
  if (item.state == FindingState::resolved) return language.translate("was");
  return numbered(item, severity_words(item.finding.severity, language));
}

OutlineEntry entry_of(const Digest& digest, const DigestItem& item, bool is_folded, const Language& language) {
  OutlineEntry entry{.severity = item.finding.severity,
                     .weight = weight_of(item, language),
                     .headline = finding_headline(item.finding, language),
                     .domain = other_domain(digest, item.finding.domain),
                     .note = note_of(item, language),
                     .id = item.finding.id};
  if (is_folded) return entry;
  for (const auto& sentence : item.finding.evidence) entry.evidence.push_back(language.say(sentence));
  entry.action = language.say(item.finding.action);
  return entry;
}

struct Heading {
  FindingState state;
  std::string title;
  bool is_folded;
};

std::vector<OutlineSection> sections_of(const Digest& digest, const Language& language) {
  const Heading headings[] = {{FindingState::fresh, language.translate("NEW"), false},
                              {FindingState::worse, language.translate("WORSE"), false},
                              {FindingState::resolved, language.translate("OVER"), true},
                              {FindingState::open, language.translate("STILL OPEN"), true}};
  std::vector<OutlineSection> sections;
  for (const Heading& heading : headings) {
    OutlineSection section{heading.state, heading.title, heading.is_folded, {}};
    for (const auto& item : digest.items)
      if (item.state == heading.state && !(item.is_snoozed && heading.state == FindingState::open))
        section.entries.push_back(entry_of(digest, item, heading.is_folded, language));
    if (!section.entries.empty()) sections.push_back(std::move(section));
  }
  return sections;
}

std::string label(const Digest& digest, const Language& language) {
  if (digest.domains.empty()) return "ruaudit";
  const auto more = std::ssize(digest.domains) - 1;
  if (more == 0) return digest.domains.front();
  return language.say(
      model::say_count("{1} and {0} other domain", "{1} and {0} other domains", more, digest.domains.front()));
}

std::string totals_of(const Digest& digest, const Language& language) {
  const auto& health = digest.health;
  const std::string first = language.date(digest.first_day), last = language.date(digest.last_day);
  const std::string reports = language.translate_n("{} report", "{} reports", health.reports);
  const std::string messages = language.translate_n("{} message", "{} messages", health.messages);
  std::string line;
  if (health.reports == 0)
    line = language.translate("no report came in");
  else if (first == last)
    line = language.fill("{} about {} came in, for {}", {reports, messages, first});
  else if (digest.first_day + 1 == digest.last_day)
    line = language.fill("{} about {} came in, for {} and {}", {reports, messages, first, last});
  else
    line = language.fill("{} about {} came in, for {} to {}", {reports, messages, first, last});
  if (health.rejected > 0)
    line =
        language.fill("{}; {}", {line, language.translate_n("{} part of a mail could not be read",
                                                            "{} parts of mails could not be read", health.rejected)});
  return line;
}

struct Counts {
  std::array<std::int64_t, 4> open{};  // by severity
  std::int64_t fresh = 0, over = 0;
};

Counts count(const Digest& digest) {
  Counts counts;
  for (const auto& item : digest.items) {
    if (item.is_snoozed) continue;
    if (item.state == FindingState::resolved) ++counts.over;
    if (item.state == FindingState::fresh || item.state == FindingState::worse) ++counts.fresh;
    if (item.state != FindingState::resolved) ++counts.open[static_cast<std::size_t>(item.finding.severity)];
  }
  return counts;
}

void add_strangers(DigestOutline& outline, const Digest& digest, const Language& language) {
  if (digest.strangers.empty()) return;
  outline.strangers_title =
      language.translate("This is the first digest. These senders are unknown; label those that you know:");
  for (const auto& line : digest.strangers)
    outline.strangers.push_back(
        {line.address, line.host, line.domain, language.translate_n("{} message", "{} messages", line.messages)});
  outline.strangers_advice = "ruaudit label ADDRESS mine|service|forwarder|unwanted";
}

// The same sentences as the summary's: they name findings by the numbers of `ruaudit show`.
void add_policies(DigestOutline& outline, const Digest& digest, const Language& language) {
  if (!outline.has_news || digest.policies.empty()) return;
  OutlineSection section{.state = FindingState::open, .title = language.translate("POLICY"), .is_folded = true};
  for (const auto& policy : digest.policies) {
    OutlineEntry entry;
    entry.weight = language.translate("policy");
    entry.headline = language.say(policy.sentence);
    entry.domain = policy.domain;
    section.entries.push_back(std::move(entry));
  }
  outline.sections.push_back(std::move(section));
}

}  // namespace

bool has_news(const Digest& digest) {
  return std::any_of(digest.items.begin(), digest.items.end(),
                     [](const DigestItem& item) { return item.state != FindingState::open; });
}

std::string digest_verdict(const Digest& digest, const Language& language) {
  const Counts counts = count(digest);
  const auto fix = counts.open[static_cast<std::size_t>(model::Severity::fix)];
  const auto ask = counts.open[static_cast<std::size_t>(model::Severity::ask)];
  std::string words =
      fix > 0 ? language.translate_n("{} to fix", "{} to fix", fix) : language.translate("nothing to fix");
  if (ask > 0) words += ", " + language.translate_n("{} question", "{} questions", ask);
  words += ", " + (counts.fresh > 0 ? language.translate_n("{} new", "{} new", counts.fresh)
                                    : language.translate("nothing new"));
  if (counts.over > 0) words += ", " + language.translate_n("{} over", "{} over", counts.over);
  return language.fill("{}: {}", {label(digest, language), words});
}

DigestOutline outline_of(const Digest& digest, const Language& language) {
  DigestOutline outline{
      .verdict = digest_verdict(digest, language), .totals = totals_of(digest, language), .has_news = has_news(digest)};
  for (const auto& trouble : digest.health.troubles) outline.health.push_back(language.say(trouble));
  outline.sections = sections_of(digest, language);
  add_policies(outline, digest, language);
  add_strangers(outline, digest, language);
  return outline;
}

}  // namespace ruaudit::report
