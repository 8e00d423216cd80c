#include "report/summary_details.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/calendar.hpp"
#include "report/advice.hpp"
#include "report/figures.hpp"
#include "report/safe_text.hpp"
#include "report/text_layout.hpp"

namespace ruaudit::report {
namespace {

using model::DomainFacts;
using model::MessageCount;
using model::SourceFacts;

constexpr std::string_view label_indent = "          ";

std::string labelled(std::string_view label, std::string_view text) {
  return wrapped(fit_left(label, label_indent.size()), label_indent, text);
}

std::string names(const std::vector<MessageCount>& list, std::size_t limit) {
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < std::min(limit, list.size()); ++i)
    shown.push_back(list[i].name.empty() ? "(empty)" : cut(list[i].name, 60));
  auto text = joined(shown, ", ");
  if (list.size() > limit) text += fmt::format(" +{}", list.size() - limit);
  return text;
}

template <class Value>
std::string tag(std::string_view name, const std::optional<Value>& value) {
  return value ? fmt::format(" {}={}", name, model::to_text(*value)) : "";
}

std::string policy_of(const model::PolicyFacts& policy) {
  std::string text = policy.p ? fmt::format("p={}", model::to_text(*policy.p)) : "p absent";
  text += tag("sp", policy.sp) + tag("np", policy.np) + tag("adkim", policy.adkim) + tag("aspf", policy.aspf);
  if (policy.pct && *policy.pct != 100) text += fmt::format(" pct={}", *policy.pct);
  if (policy.testing.value_or(false)) text += " t=y";
  return text;
}

std::string policies_of(const DomainFacts& domain) {
  const auto changes = policy_changes(domain.policies);
  if (changes.empty()) return labelled("Policy", "unknown");
  std::string text = labelled("Policy", policy_of(changes.back()) + ", seen until " + changes.back().last_day);
  constexpr std::size_t most = 4;
  for (std::size_t i = 1; i < std::min(most, changes.size()); ++i) {
    const auto& former = changes[changes.size() - 1 - i];
    text += labelled("", fmt::format("also {} from {} to {} ({})", policy_of(former), former.first_day, former.last_day,
                                     count_text(former.reports, "report")));
  }
  return text;
}

// Runs of days as "2024-02-03 to 2024-02-05", at most `limit` of them.
std::string day_runs(const std::vector<std::string>& days, std::size_t limit) {
  const auto number = [](const std::string& day) { return model::day_number(model::parse_day(day).value_or(0)); };
  std::vector<std::string> runs;
  std::size_t more = 0;
  for (std::size_t i = 0; i < days.size();) {
    std::size_t end = i;
    while (end + 1 < days.size() && number(days[end + 1]) == number(days[end]) + 1) ++end;
    if (runs.size() < limit)
      runs.push_back(end == i ? days[i] : days[i] + " to " + days[end]);
    else
      more += end - i + 1;
    i = end + 1;
  }
  auto text = joined(runs, ", ");
  if (more > 0) text += fmt::format(" and {} more", more);
  return text;
}

std::string reports_of(const DomainFacts& domain, const model::SummaryFacts& facts, const SummaryContext& context) {
  const auto missing = days_without_reports(domain, facts, context);
  std::string text = fmt::format("{} by {} on {}", count_text(domain.reports, "report"),
                                 count_text(static_cast<std::int64_t>(domain.reporters.size()), "reporter"),
                                 count_text(static_cast<std::int64_t>(domain.report_days.size()), "day"));
  text += missing.empty() ? "; no day is missing" : "; none on " + day_runs(missing, 4);
  return labelled("Reports", text);
}

std::string genuine_of(const model::AuthenticityFacts& facts) {
  if (!facts.is_checked() && facts.left_out.reports == 0) return {};
  const auto text = [](const model::AuthenticityFacts::Count& count, std::string_view state) {
    return fmt::format("{} {} ({})", grouped(count.reports), state, count_text(count.messages, "message"));
  };
  std::vector<std::string> parts;
  if (facts.authenticated.reports > 0) parts.push_back(text(facts.authenticated, "authenticated"));
  if (facts.unauthenticated.reports > 0) parts.push_back(text(facts.unauthenticated, "unauthenticated"));
  if (facts.indeterminate.reports > 0) parts.push_back(text(facts.indeterminate, "indeterminate"));
  if (facts.unchecked.reports > 0) parts.push_back(text(facts.unchecked, "unchecked"));
  std::string all = joined(parts, ", ");
  if (facts.left_out.reports > 0) all += fmt::format("; {} left out of all sums", grouped(facts.left_out.reports));
  return labelled("Genuine", all);
}

std::string split_text(const model::DomainFacts& domain, const Figures& figures) {
  if (figures.failing() == 0) return labelled("Failing", "nothing");
  const auto split = [](std::string_view mechanism, const FailureSplit& parts) {
    std::string out = fmt::format("{}: {} authenticated but not aligned, {} failed, {} absent", mechanism,
                                  grouped(parts.not_aligned), grouped(parts.failed), grouped(parts.absent));
    if (parts.not_verified > 0) out += fmt::format(", {} not verified", grouped(parts.not_verified));
    return out;
  };
  std::string text =
      labelled("Failing",
               fmt::format("{} ({}) fail DMARC: {} authenticate as another domain, {} as none",
                           count_text(figures.failing(), "message"), percent_text(figures.failing(), figures.messages),
                           grouped(figures.failing_authenticated), grouped(figures.failing_unauthenticated)));
  text += labelled("", split("DKIM", figures.failing_dkim));
  text += labelled("", split("SPF ", figures.failing_spf));
  std::vector<std::string> as;
  for (const auto& source : domain.failing_top)
    if (const auto name = authenticated_as(source); !name.empty() && as.size() < 5) {
      const auto shown = cut(name, 40);
      if (std::find(as.begin(), as.end(), shown) == as.end()) as.push_back(shown);
    }
  return as.empty() ? text : text + labelled("", "authenticated as: " + joined(as, ", "));
}

std::string actions_of(const Figures& figures) {
  std::vector<std::string> parts;
  const auto part = [&parts](std::string_view name, std::int64_t messages) {
    if (messages > 0) parts.push_back(fmt::format("{} {}", name, grouped(messages)));
  };
  part("none", figures.none);
  part("pass", figures.disposition_pass);
  part("quarantine", figures.quarantined);
  part("reject", figures.rejected);
  part("unknown", figures.disposition_unknown);
  auto text = parts.empty() ? "nothing" : joined(parts, ", ");
  if (figures.overridden > 0) text += fmt::format("; {} with an override reason", grouped(figures.overridden));
  return labelled("Actions", text);
}

std::string source_lines(const SourceFacts& source, const DomainFacts& domain) {
  constexpr std::string_view indent = "             ";
  const auto& details = source.details;
  const auto head = fmt::format("{}, of {} in all: {}", cut(source.address, 39), grouped(source.messages),
                                words_of(source, domain.domain));
  std::string text = cut(grouped_in(source.messages - source.passed, 12) + " " + head, text_width) + "\n";
  text += wrapped(indent, indent, known_of(source, domain.domain));
  std::string seen = "From " + names(details.header_froms, 2);
  if (!details.envelope_froms.empty()) seen += "; envelope " + names(details.envelope_froms, 2);
  if (!details.reporters.empty()) seen += "; seen by " + names(details.reporters, 3);
  if (source.first_seen && source.last_seen)
    seen += fmt::format("; {} to {}", model::day_text(*source.first_seen),
                        model::day_text(std::max(*source.first_seen, *source.last_seen - 1)));
  return details.rows == 0 ? text : text + wrapped(indent, indent, seen);
}

std::string failing_sources(const DomainFacts& domain, const SummaryContext& context) {
  if (domain.failing_top.empty()) return {};
  std::string text = "\n" + painted(fmt::format("Sources that fail DMARC ({} of {}), most first",
                                                domain.failing_top.size(), grouped(domain.failing_sources)),
                                    Paint::bold, context.colour);
  text += "\n";
  for (const auto& source : domain.failing_top) text += source_lines(source, domain);
  return text;
}

std::string senders(const DomainFacts& domain, const SummaryContext& context) {
  if (domain.top_sources.empty()) return {};
  std::string text = "\n" + painted(fmt::format("Who sends the most ({} of {} sources)", domain.top_sources.size(),
                                                grouped(domain.sources)),
                                    Paint::bold, context.colour);
  text += "\n    Messages   Pass   DKIM    SPF Source               Authenticates as\n";
  for (const auto& source : domain.top_sources) {
    const auto rate = [&source](std::int64_t part) { return fit_right(percent_text(part, source.messages), 7); };
    const auto as = authenticated_as(source);
    text += grouped_in(source.messages, 12) + rate(source.passed) + rate(source.dkim_aligned) +
            rate(source.spf_aligned) + " " + fit_left(source.address, 20) + " " + cut(as.empty() ? "nobody" : as, 25) +
            "\n";
  }
  return text;
}

std::string reporters(const DomainFacts& domain, const SummaryContext& context) {
  if (domain.reporters.empty()) return {};
  constexpr std::size_t most = 10;
  std::string text = "\n" + painted("Reporters", Paint::bold, context.colour);
  text += "                   Reports     Messages  Last day   Contradicting rows\n";
  for (std::size_t i = 0; i < std::min(most, domain.reporters.size()); ++i) {
    const auto& reporter = domain.reporters[i];
    text += fit_left(reporter.name, 27) + " " + grouped_in(reporter.reports, 7) + grouped_in(reporter.messages, 13) +
            "  " + fit_left(reporter.last_day, 10) + " " + grouped_in(reporter.contradicting_records, 19) + "\n";
  }
  if (domain.reporters.size() > most) text += fmt::format("... and {} more\n", domain.reporters.size() - most);
  return text;
}

std::string quality(const DomainFacts& domain, const Figures& figures) {
  std::vector<std::string> parts;
  const auto part = [&parts](std::int64_t count, std::string text) {
    if (count > 0) parts.push_back(std::move(text));
  };
  part(figures.contradicting_records, count_text(figures.contradicting_records, "row") + " contradict themselves (" +
                                          count_text(figures.contradicting_messages, "message") + ")");
  part(domain.conflicting_reports, count_text(domain.conflicting_reports, "report") + " in conflict with another copy");
  part(domain.damaged_reports, count_text(domain.damaged_reports, "damaged report"));
  constexpr std::size_t most = 6;
  for (std::size_t i = 0; i < std::min(most, domain.defects.size()); ++i)
    parts.push_back(fmt::format("{} x{} in {}", cut(domain.defects[i].code, 40), grouped(domain.defects[i].occurrences),
                                count_text(domain.defects[i].reports, "report")));
  if (domain.defects.size() > most) parts.push_back(fmt::format("{} more defect codes", domain.defects.size() - most));
  return parts.empty() ? std::string() : "\n" + labelled("Quality", joined(parts, "; "));
}

std::string samples_of(const SourceFacts& source) {
  if (source.samples.empty()) return "";
  std::int64_t all = 0;
  std::vector<std::string> parts;
  for (const auto& one : source.samples) {
    all += one.samples;
    parts.push_back(fmt::format("{} {}", grouped(one.samples), one.conclusion));
  }
  return fmt::format("; {}: {}", count_text(all, "sample"), joined(parts, ", "));
}

}  // namespace

std::string known_of(const SourceFacts& source, std::string_view domain) {
  const auto& details = source.details;
  if (details.rows == 0) return "details were not read" + samples_of(source);
  std::vector<std::string> parts;
  if (!details.dkim_domains.empty()) parts.push_back("DKIM " + names(details.dkim_domains, 2));
  if (!details.spf_domains.empty()) parts.push_back("SPF " + names(details.spf_domains, 2));
  std::string text = parts.empty() ? "nothing authenticates" : "passes " + joined(parts, ", ");
  if (!details.failed_dkim_domains.empty()) text += "; broken signature of " + names(details.failed_dkim_domains, 2);
  if (!details.overrides.empty()) text += "; reason " + names(details.overrides, 2);
  if (!details.arc_domains.empty()) text += "; ARC sealed by " + names(details.arc_domains, 2);
  if (kind_of(source, domain) == SourceKind::unknown) text += " (nobody known)";
  return text + samples_of(source);
}

std::string domain_details(const DomainFacts& domain, const model::SummaryFacts& facts, const SummaryContext& context) {
  const auto figures = figures_of(domain);
  const std::string title = "== " + cut(domain.domain, 70) + " ";
  const auto rule = title + std::string(text_width - std::min(text_width, display_width(title)), '=');
  std::string text = painted(rule, Paint::bold, context.colour) + "\n";
  for (const auto& advice : advise(domain, figures, days_without_reports(domain, facts, context).size()))
    text += wrapped("To do     ", label_indent, advice);
  text += policies_of(domain) + reports_of(domain, facts, context) + genuine_of(domain.authenticity);
  text += labelled("Messages",
                   fmt::format("{} in {}: {} pass DMARC ({} DKIM aligned, {} SPF aligned)", grouped(figures.messages),
                               count_text(figures.records, "row"), percent_text(figures.passed, figures.messages),
                               percent_text(figures.dkim_aligned, figures.messages),
                               percent_text(figures.spf_aligned, figures.messages)));
  if (figures.messages == 0) return text;
  text += actions_of(figures) + split_text(domain, figures);
  text += failing_sources(domain, context) + senders(domain, context) + reporters(domain, context);
  return text + quality(domain, figures);
}

}  // namespace ruaudit::report
