#include "report/digest/digest_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "model/calendar.hpp"
#include "report/safe_text.hpp"

namespace ruaudit::report {
namespace {

using model::Digest;
using model::DigestItem;
using model::FindingState;
using model::Severity;

constexpr std::size_t width = 78;

std::string text_of(std::int32_t day) {
  return model::day_text(static_cast<std::int64_t>(day) * model::seconds_per_day);
}

struct KindName {
  model::FindingKind kind;
  std::string_view words;
};
using K = model::FindingKind;
constexpr KindName kind_names[] = {{K::dkim_broken, "DKIM no longer passes"},
                                   {K::spf_broken, "SPF no longer passes"},
                                   {K::sender_unaligned, "passes neither SPF nor DKIM"},
                                   {K::new_sender, "a new sender"},
                                   {K::unknown_steady, "an unknown address that sends steadily"},
                                   {K::spoofing_wave, "a wave of strangers"},
                                   {K::subdomain_abuse, "a wave on subdomains that do not exist"},
                                   {K::parked_abuse, "a wave on a parked domain"},
                                   {K::sender_gone, "sends no more"},
                                   {K::volume_jump, "sent several times the usual"},
                                   {K::reporter_silent, "reports no more"},
                                   {K::reporter_back, "reports again"},
                                   {K::policy_changed, "the DMARC policy changed"},
                                   {K::record_changed, "record changed"},
                                   {K::record_broken, "record is broken"},
                                   {K::own_mail_harmed, "is quarantined or rejected since the policy was raised"},
                                   {K::forged_reports, "a forged report"},
                                   {K::report_conflict, "two versions of a report"},
                                   {K::forwarding, "a new forwarder"},
                                   {K::input_rejected, "a report could not be read"},
                                   {K::mailbox_trouble, "no reports come in"}};

std::string_view words_of(model::FindingKind kind) {
  const auto* at =
      std::find_if(std::begin(kind_names), std::end(kind_names), [kind](auto n) { return n.kind == kind; });
  return at == std::end(kind_names) ? model::to_text(kind) : at->words;
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c); });
  return text;
}

// "Zendesk", "own server 192.0.2.10", "203.0.113.7 and 3 more addresses", "SPF", "WEB.DE"; "" for waves.
std::string subject_of(const model::Finding& finding) {
  const auto& subject = finding.subject;
  if (!subject.reporter.empty()) return subject.reporter;
  const bool is_own = subject.service == "own server";
  if (!subject.service.empty() && !is_own) return subject.service;
  if (!subject.sources.empty()) {
    const auto more = subject.sources.size() - 1;
    return fmt::format("{}{}{}", is_own ? "own server " : "", subject.sources.front(),
                       more == 0 ? std::string() : fmt::format(" and {} more", more));
  }
  return upper(subject.mechanism);
}

std::string headline(const model::Finding& finding) {
  const auto subject = subject_of(finding);
  const bool is_wave = finding.kind == K::spoofing_wave || finding.kind == K::subdomain_abuse ||
                       finding.kind == K::parked_abuse || subject.empty();
  std::string line =
      is_wave ? std::string(words_of(finding.kind)) : fmt::format("{}: {}", subject, words_of(finding.kind));
  if (finding.messages > 0) line += fmt::format(", {} message{}", finding.messages, finding.messages == 1 ? "" : "s");
  if (finding.since) line += fmt::format(" since {}", text_of(*finding.since));
  return harmless(line);
}

// Paragraph with a hanging indent; words longer than the line stay whole.
std::string wrapped(std::string_view text, std::size_t indent, std::string_view first) {
  std::string out(first);
  std::size_t column = first.size();
  bool is_first = true;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(' ', at), text.size());
    const auto word = text.substr(at, end - at);
    if (!is_first && column + 1 + word.size() > width) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (!is_first) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
    is_first = false;
    at = end + 1;
  }
  return out + "\n";
}

std::string details(const DigestItem& item) {
  std::string out = wrapped(fmt::format("{} [{}]", headline(item.finding), item.finding.domain), 4,
                            fmt::format("  {}: ", model::to_text(item.finding.severity)));
  if (item.is_back) out += "      it was over or done before, and is back\n";
  for (const auto& sentence : item.finding.evidence) out += wrapped(harmless(model::english(sentence)), 8, "      - ");
  if (!item.finding.action.empty()) out += wrapped(harmless(model::english(item.finding.action)), 8, "      > ");
  return out + fmt::format("      ruaudit show '{}'\n", item.finding.id);
}

std::string folded(const DigestItem& item) {
  return wrapped(fmt::format("{} [{}], open since {} night{}", headline(item.finding), item.finding.domain,
                             item.nights - 1, item.nights == 2 ? "" : "s"),
                 4, fmt::format("  {}: ", model::to_text(item.finding.severity)));
}

std::string section(const Digest& digest, FindingState state, std::string_view title) {
  std::string out;
  for (const auto& item : digest.items) {
    if (item.state != state || (item.is_snoozed && state == FindingState::open)) continue;
    if (state == FindingState::open) {
      out += folded(item);
    } else if (state == FindingState::resolved) {
      out += wrapped(fmt::format("{} [{}]", headline(item.finding), item.finding.domain), 4, "  over: ");
    } else {
      out += details(item);
    }
  }
  return out.empty() ? out : fmt::format("\n{}\n{}", title, out);
}

bool has_news(const Digest& digest) {
  return std::any_of(digest.items.begin(), digest.items.end(),
                     [](const DigestItem& item) { return item.state != FindingState::open; });
}

std::string label(const Digest& digest) {
  if (digest.domains.empty()) return "ruaudit";
  if (digest.domains.size() == 1) return digest.domains.front();
  return fmt::format("{} and {} more", digest.domains.front(), digest.domains.size() - 1);
}

std::string totals(const Digest& digest) {
  return fmt::format("{} report{} with {} message{} came in, for {} to {}", digest.health.reports,
                     digest.health.reports == 1 ? "" : "s", digest.health.messages,
                     digest.health.messages == 1 ? "" : "s", text_of(digest.first_day), text_of(digest.last_day));
}

std::string baseline(const Digest& digest) {
  if (digest.strangers.empty()) return {};
  std::string out = "\nTHIS IS THE FIRST DIGEST. These senders are not known; a label makes one known:\n";
  for (const auto& line : digest.strangers)
    out += fmt::format("  {:<40} {:>8} messages  {} [{}]\n", harmless(line.address), line.messages, harmless(line.host),
                       harmless(line.domain));
  return out + "  ruaudit label ADDRESS mine|service|forwarder|unwanted\n";
}

}  // namespace

std::string findings_text(const std::vector<model::Finding>& findings) {
  constexpr std::pair<Severity, std::string_view> groups[] = {{Severity::fix, "FIX NOW"},
                                                              {Severity::ask, "ASK YOURSELF"},
                                                              {Severity::watch, "WATCH"},
                                                              {Severity::info, "NO ACTION"}};
  std::string out;
  for (const auto& [severity, title] : groups) {
    std::string lines;
    for (std::size_t i = 0; i < findings.size(); ++i)
      if (findings[i].severity == severity)
        lines += wrapped(fmt::format("{} [{}]", headline(findings[i]), findings[i].domain), 5,
                         fmt::format("{:>3}  ", i + 1));
    if (!lines.empty()) out += fmt::format("{}\n{}", title, lines);
  }
  return out.empty() ? std::string("No findings.\n") : out + "'ruaudit show NUMBER' gives one with its evidence.\n";
}

std::string finding_text(const model::Finding& finding) {
  std::string out = wrapped(fmt::format("{} [{}]", headline(finding), finding.domain), 0, "");
  out += fmt::format("  {} {}\n", model::to_text(finding.severity), finding.id);
  for (const auto& sentence : finding.evidence) out += wrapped(harmless(model::english(sentence)), 4, "  - ");
  for (const auto& address : finding.subject.sources) out += fmt::format("  address {}\n", harmless(address));
  if (finding.cause)
    out += fmt::format("  cause: {} {} at {}\n", model::to_text(finding.cause->record),
                       model::to_text(finding.cause->change), harmless(finding.cause->name));
  return finding.action.empty() ? out : out + wrapped(harmless(model::english(finding.action)), 4, "  > ");
}

std::string digest_verdict(const Digest& digest) {
  std::array<int, 4> open{};
  int fresh = 0, over = 0;
  for (const auto& item : digest.items) {
    if (item.state == FindingState::resolved) ++over;
    if (item.state == FindingState::fresh || item.state == FindingState::worse) ++fresh;
    if (item.state != FindingState::resolved) ++open[static_cast<std::size_t>(item.finding.severity)];
  }
  std::string out = label(digest) + ": ";
  const int fix = open[static_cast<std::size_t>(Severity::fix)], ask = open[static_cast<std::size_t>(Severity::ask)];
  out += fix > 0 ? fmt::format("{} to fix", fix) : std::string("nothing to fix");
  if (ask > 0) out += fmt::format(", {} question{}", ask, ask == 1 ? "" : "s");
  out += fresh > 0 ? fmt::format(", {} new", fresh) : std::string(", nothing new");
  return over > 0 ? out + fmt::format(", {} over", over) : out;
}

std::string digest_text(const Digest& digest) {
  std::string out = digest_verdict(digest);
  for (const auto& trouble : digest.health.troubles) out += "; " + harmless(model::english(trouble));
  if (!has_news(digest)) return out + "; " + totals(digest) + "\n";
  out += "\n";
  out += section(digest, FindingState::fresh, "NEW");
  out += section(digest, FindingState::worse, "WORSE");
  out += section(digest, FindingState::resolved, "OVER");
  out += section(digest, FindingState::open, "STILL OPEN");
  out += baseline(digest);
  return out + "\n" + totals(digest) + "\n";
}

}  // namespace ruaudit::report
