#include <fmt/format.h>

#include <algorithm>

#include "report/advice.hpp"
#include "report/figures.hpp"
#include "report/local_time.hpp"
#include "report/safe_text.hpp"
#include "report/summary.hpp"
#include "report/summary_details.hpp"
#include "report/text_layout.hpp"

namespace ruaudit::report {
namespace {

using model::DomainFacts;
using model::SourceFacts;
using model::SummaryFacts;

constexpr std::size_t screen_lines = 40;
constexpr std::size_t screen_domains = 10;
constexpr std::size_t screen_sources = 5;
using Lines = std::vector<std::string>;

void append_wrapped(Lines& lines, std::string_view first_indent, std::string_view indent, std::string_view text) {
  const std::string block = wrapped(first_indent, indent, text);
  for (std::size_t at = 0; at < block.size();) {
    const auto end = block.find('\n', at);
    lines.push_back(block.substr(at, end - at));
    at = end + 1;
  }
}

std::string policy_text(const DomainFacts& domain) {
  const auto changes = policy_changes(domain.policies);
  if (changes.empty()) return "-";
  const auto& current = changes.back();
  const std::string p = current.p ? std::string(model::to_text(*current.p)) : "absent";
  return changes.size() > 1 ? p + "*" : p;
}

std::string written_at(const SummaryContext& context) {
  const auto zone = TimeZone::find(context.period.timezone);
  return zone ? zone->minute_text(context.now) : TimeZone::find("UTC")->minute_text(context.now);
}

std::size_t reporter_count(const SummaryFacts& facts) {
  std::vector<std::string> names;
  for (const auto& domain : facts.domains)
    for (const auto& reporter : domain.reporters) names.push_back(reporter.name);
  std::sort(names.begin(), names.end());
  return static_cast<std::size_t>(std::unique(names.begin(), names.end()) - names.begin());
}

std::int64_t sum_of(const SummaryFacts& facts, std::int64_t (*of)(const DomainFacts&)) {
  std::int64_t sum = 0;
  for (const auto& domain : facts.domains) sum += of(domain);
  return sum;
}

Lines headline(const SummaryFacts& facts, const SummaryContext& context, const Figures& figures) {
  const std::string title = "DMARC summary: " + context.period.label + " (" + context.period.timezone + ")";
  Lines lines;
  lines.push_back(painted(cut(title, text_width), Paint::bold, context.colour));
  const auto reports = sum_of(facts, [](const DomainFacts& domain) { return domain.reports; });
  const std::string rate = percent_text(figures.passed, figures.messages) + " pass DMARC";
  const std::string messages = count_text(figures.messages, "message");
  const bool is_sensible = messages.size() <= 24;  // else 80 columns do not hold it beside the rest
  lines.push_back(fmt::format(
      "{} of {}; {}; {} by {}", is_sensible ? messages : grouped_in(figures.messages, 12).substr(2) + " messages",
      count_text(static_cast<std::int64_t>(facts.domains.size()), "domain"),
      painted(rate, paint_of_rate(figures.passed, figures.messages), context.colour), count_text(reports, "report"),
      count_text(static_cast<std::int64_t>(reporter_count(facts)), "reporter")));
  lines.emplace_back();
  return lines;
}

std::string domain_line(const DomainFacts& domain, const SummaryContext& context) {
  const auto figures = figures_of(domain);
  const auto rate = [&](std::int64_t part) { return fit_right(percent_text(part, figures.messages), 7); };
  return fit_left(domain.domain, 24) + grouped_in(figures.messages, 13) +
         painted(rate(figures.passed), paint_of_rate(figures.passed, figures.messages), context.colour) +
         rate(figures.dkim_aligned) + rate(figures.spf_aligned) +
         grouped_in(figures.quarantined + figures.rejected, 10) + " " + cut(policy_text(domain), 11);
}

Lines domain_table(const SummaryFacts& facts, const SummaryContext& context) {
  Lines lines;
  lines.push_back(painted("Domain                       Messages   Pass   DKIM    SPF   Stopped Policy", Paint::bold,
                          context.colour));
  const auto shown = std::min(screen_domains, facts.domains.size());
  for (std::size_t i = 0; i < shown; ++i) lines.push_back(domain_line(facts.domains[i], context));
  if (shown < facts.domains.size())
    lines.push_back(fmt::format("... and {} more, listed below",
                                count_text(static_cast<std::int64_t>(facts.domains.size() - shown), "domain")));
  if (std::any_of(facts.domains.begin(), facts.domains.begin() + static_cast<std::ptrdiff_t>(shown),
                  [](const DomainFacts& domain) { return policy_changes(domain.policies).size() > 1; }))
    lines.emplace_back("* reporters saw more than one policy in this period");
  for (const auto& name : facts.missing_domains) lines.push_back(cut(name, 40) + ": not reported on");
  lines.emplace_back();
  return lines;
}

struct ListedSource {
  const SourceFacts* source;
  const DomainFacts* domain;
};

Lines failing_table(const SummaryFacts& facts, const SummaryContext& context) {
  std::vector<ListedSource> sources;
  for (const auto& domain : facts.domains)
    for (const auto& source : domain.failing_top) sources.push_back({&source, &domain});
  if (sources.empty()) return {};
  std::stable_sort(sources.begin(), sources.end(), [](const ListedSource& a, const ListedSource& b) {
    return a.source->messages - a.source->passed > b.source->messages - b.source->passed;
  });
  Lines lines;
  lines.push_back(
      painted("   Failing Source               What the reports know about it", Paint::bold, context.colour));
  for (std::size_t i = 0; i < std::min(screen_sources, sources.size()); ++i) {
    const auto& [source, domain] = sources[i];
    std::string known = known_of(*source, domain->domain);
    if (facts.domains.size() > 1) known.insert(0, domain->domain + ": ");
    const std::string indent(32, ' ');
    Lines block;
    append_wrapped(block, grouped_in(source->messages - source->passed, 10) + " " + fit_left(source->address, 20) + " ",
                   indent, harmless(known));
    if (block.size() > 2) {  // the details below have the rest
      block[1] = cut(block[1] + block[2].substr(indent.size() - 1), text_width);
      block.resize(2);
    }
    lines.insert(lines.end(), block.begin(), block.end());
  }
  lines.emplace_back();
  return lines;
}

Lines advice_lines(const SummaryFacts& facts, const SummaryContext& context, std::size_t room) {
  Lines lines;
  if (facts.domains.empty() || room < 3) return lines;
  lines.push_back(painted("What to do", Paint::bold, context.colour));
  const bool is_single = facts.domains.size() == 1;
  std::vector<std::vector<std::string>> advice;
  for (const auto& domain : facts.domains)
    advice.push_back(advise(domain, figures_of(domain), days_without_reports(domain, facts, context).size()));
  // The first advice for every domain, then the second ones, as long as there is room.
  std::size_t told = 0;
  for (std::size_t round = 0; round < max_advice; ++round) {
    for (std::size_t i = 0; i < advice.size(); ++i) {
      if (round >= advice[i].size()) continue;
      Lines block;
      const std::string& text = advice[i][round];
      append_wrapped(block, "- ", "  ", is_single ? text : harmless(facts.domains[i].domain) + ": " + text);
      if (lines.size() + block.size() + 1 > room) break;
      lines.insert(lines.end(), block.begin(), block.end());
      if (round == 0) ++told;
    }
    if (told < facts.domains.size()) break;
  }
  if (told < facts.domains.size())
    lines.push_back(
        fmt::format("- {} more below", count_text(static_cast<std::int64_t>(facts.domains.size() - told), "domain")));
  return lines;
}

// Rows whose count was cut down to what a sum can hold: whatever they meant, totals with them mean nothing.
std::int64_t capped_reports(const SummaryFacts& facts) {
  std::int64_t reports = 0;
  for (const auto& domain : facts.domains)
    for (const auto& defect : domain.defects)
      if (defect.code == "count-capped") reports += defect.reports;
  return reports;
}

std::int64_t parts_with(const SummaryFacts& facts, std::string_view outcome) {
  std::int64_t parts = 0;
  for (const auto& count : facts.ledger)
    if (count.outcome == outcome) parts += count.parts;
  return parts;
}

void append_edges(Lines& lines, const SummaryFacts& facts) {
  model::EdgeFacts edges;
  for (const auto& domain : facts.domains) {
    edges.crossing_reports += domain.edges.crossing_reports;
    edges.crossing_messages += domain.edges.crossing_messages;
    edges.outside_reports += domain.edges.outside_reports;
    edges.outside_messages += domain.edges.outside_messages;
  }
  if (edges.crossing_reports == 0 && edges.outside_reports == 0) return;
  append_wrapped(
      lines, "", "  ",
      fmt::format("Edges: {} in {} that reach beyond the period are counted here; {} in {} that touch it are "
                  "counted elsewhere.",
                  count_text(edges.crossing_messages, "message"), count_text(edges.crossing_reports, "report"),
                  count_text(edges.outside_messages, "message"), count_text(edges.outside_reports, "report")));
}

// Whose reports these are, where that was asked: anyone may send some.
void append_authenticity(Lines& lines, const SummaryFacts& facts) {
  model::AuthenticityFacts::Count forged, left_out;
  for (const auto& domain : facts.domains) {
    forged.reports += domain.authenticity.unauthenticated.reports;
    forged.messages += domain.authenticity.unauthenticated.messages;
    left_out.reports += domain.authenticity.left_out.reports;
    left_out.messages += domain.authenticity.left_out.messages;
  }
  if (left_out.reports > 0)
    append_wrapped(lines, "", "  ",
                   fmt::format("Left out: {} with {} that are not proved to be genuine (--require-authentic).",
                               count_text(left_out.reports, "report"), count_text(left_out.messages, "message")));
  else if (forged.reports > 0)
    append_wrapped(lines, "", "  ",
                   fmt::format("Beware: {} with {} are not authenticated: anyone may have sent them. "
                               "--require-authentic leaves them out.",
                               count_text(forged.reports, "report"), count_text(forged.messages, "message")));
}

// Sessions of senders that report on TLS (RFC 8460).
void append_tls(Lines& lines, const SummaryFacts& facts) {
  model::TlsSum all;
  for (const auto& sum : facts.tls) {
    all.reports += sum.reports;
    all.successful += sum.successful;
    all.failed += sum.failed;
  }
  if (all.reports == 0) return;
  const std::int64_t sessions = all.successful + all.failed;
  std::string text = fmt::format("TLS: {} of {} failed, by {}", grouped(all.failed), count_text(sessions, "session"),
                                 count_text(all.reports, "TLS report"));
  if (all.failed > 0)
    text += fmt::format("; most for {} ({})", harmless(cut(facts.tls.front().domain, 40)),
                        grouped(facts.tls.front().failed));
  append_wrapped(lines, "", "  ", text + ".");
}

Lines note_lines(const SummaryFacts& facts, const SummaryContext& context, const Figures& figures) {
  Lines lines;
  append_edges(lines, facts);
  append_authenticity(lines, facts);
  append_tls(lines, facts);
  const auto conflicts = sum_of(facts, [](const DomainFacts& domain) { return domain.conflicting_reports; });
  const auto damaged = sum_of(facts, [](const DomainFacts& domain) { return domain.damaged_reports; });
  const auto defects = sum_of(facts, [](const DomainFacts& domain) {
    std::int64_t sum = 0;
    for (const auto& defect : domain.defects) sum += defect.occurrences;
    return sum;
  });
  append_wrapped(lines, "", "  ",
                 fmt::format("Quality: {}, {}, {}, {}, {}. Written {} ({}).",
                             count_text(figures.contradicting_records, "contradicting row"),
                             count_text(conflicts, "conflicting report"), count_text(damaged, "damaged report"),
                             count_text(defects, "defect"), count_text(parts_with(facts, "rejected"), "rejected input"),
                             written_at(context), context.period.timezone));
  if (const auto capped = capped_reports(facts); capped > 0)
    append_wrapped(
        lines, "", "  ",
        fmt::format(
            "Beware: {} with counts above 10^12; sums with such rows mean nothing (v_defect, code count-capped).",
            count_text(capped, "report")));
  return lines;
}

std::string text_of(const Lines& lines) {
  std::string text;
  for (const auto& line : lines) {
    text += line;
    while (!text.empty() && text.back() == ' ') text.pop_back();
    text += '\n';
  }
  return text;
}

// The codes of one outcome with their numbers, most first.
std::string codes_of(const SummaryFacts& facts, std::string_view outcome) {
  std::vector<std::string> parts;
  for (const auto& count : facts.ledger)
    if (count.outcome == outcome)
      parts.push_back((count.code.empty() ? "no code" : count.code) + " " + grouped(count.parts));
  return joined(parts, ", ");
}

std::string ledger_details(const SummaryFacts& facts) {
  if (facts.ledger.empty()) return "Inputs of this period: none\n";
  constexpr std::string_view taken[][2] = {{"stored", "stored"},
                                           {"duplicate", "repeated"},
                                           {"conflict", "in conflict with another version"},
                                           {"superseded", "superseded by a complete version"},
                                           {"kept", "kept unread"}};
  std::vector<std::string> parts;
  for (const auto& [outcome, text] : taken)
    if (const auto number = parts_with(facts, outcome); number > 0)
      parts.push_back(grouped(number) + " " + std::string(text));
  std::string text = wrapped("Inputs of this period: ", "  ", parts.empty() ? "no report" : joined(parts, ", "));
  if (const auto number = parts_with(facts, "rejected"); number > 0)
    text += wrapped("  ", "    ", grouped(number) + " rejected: " + harmless(codes_of(facts, "rejected")));
  if (const auto number = parts_with(facts, "not_a_report"); number > 0)
    text += wrapped("  ", "    ", grouped(number) + " without a report: " + harmless(codes_of(facts, "not_a_report")));
  return text;
}

std::string text_of(const SummaryFacts& facts, const SummaryContext& context) {
  const auto figures = figures_of(facts);
  Lines screen = headline(facts, context, figures);
  if (facts.domains.empty() || figures.messages == 0) screen.emplace_back("No messages were reported in this period.");
  for (const auto& lines : {domain_table(facts, context), failing_table(facts, context)})
    screen.insert(screen.end(), lines.begin(), lines.end());
  const Lines notes = note_lines(facts, context, figures);
  const auto used = screen.size() + notes.size() + 1;
  const Lines advice = advice_lines(facts, context, screen_lines - std::min(screen_lines, used));
  screen.insert(screen.end(), advice.begin(), advice.end());
  if (!advice.empty()) screen.emplace_back();
  screen.insert(screen.end(), notes.begin(), notes.end());
  std::string text = text_of(screen);
  for (const auto& domain : facts.domains) text += "\n" + domain_details(domain, facts, context);
  return text + "\n" + ledger_details(facts);
}

}  // namespace

std::string summary_text(const SummaryFacts& facts, const SummaryContext& context) {
  const auto is_nameless = [](const DomainFacts& domain) { return domain.domain.empty(); };
  if (std::none_of(facts.domains.begin(), facts.domains.end(), is_nameless)) return text_of(facts, context);
  SummaryFacts named = facts;
  for (auto& domain : named.domains)
    if (is_nameless(domain)) domain.domain = no_domain;
  return text_of(named, context);
}

std::string render_summary(const SummaryFacts& facts, const SummaryContext& context, Format format) {
  if (format == Format::json) return summary_json(facts, context);
  return format == Format::csv ? summary_csv(facts, context) : summary_text(facts, context);
}

}  // namespace ruaudit::report
