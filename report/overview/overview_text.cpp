#include "report/overview/overview_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/calendar.hpp"
#include "model/counted.hpp"
#include "report/overview/finding_line.hpp"
#include "report/overview/fitted_screen.hpp"
#include "report/safe_text.hpp"
#include "report/text_layout.hpp"

namespace ruaudit::report {
namespace {

using model::DomainOverview;
using model::GateState;
using model::MailShare;
using model::Overview;

std::string name_of(const DomainOverview& domain) {
  if (domain.domain.empty()) return "(no domain named)";  // of reports that their reporter broke
  const auto name = harmless(domain.domain);
  return domain.unicode.empty() ? name : fmt::format("{} ({})", harmless(domain.unicode), name);
}

// "p=quarantine since 15 Nov"
std::string policy_words(const model::PolicyState& policy, std::int64_t now) {
  if (policy.is_missing) return "no DMARC record";
  if (!policy.is_usable) return "DMARC record broken";
  if (!policy.p) return "policy unknown";
  std::string text = fmt::format("p={}{}", model::to_text(*policy.p), policy.is_testing ? "; t=y" : "");
  if (!policy.inherited_from.empty()) return fmt::format("{} by {}", text, harmless(policy.inherited_from));
  return policy.since ? text + " since " + short_day(*policy.since, now) : text;
}

std::string period_words(const Overview& overview) {
  const auto days = overview.last_day - overview.first_day + 1;
  if (days == 1) return short_day(overview.last_day, overview.made_at);
  return fmt::format("{} days to {}", days, short_day(overview.last_day, overview.made_at));
}

void sum(MailShare& into, const MailShare& share) {
  into.messages += share.messages;
  into.passed += share.passed;
  into.quarantined += share.quarantined;
  into.rejected += share.rejected;
  into.untold += share.untold;
  into.undecided += share.undecided;
  into.undecided_untold += share.undecided_untold;
  into.unproven += share.unproven;
  into.sources += share.sources;
}

struct Totals {
  MailShare own, passed_on, unknown_steady, strangers;
  std::int64_t unaddressed = 0;
  [[nodiscard]] std::int64_t messages() const {
    return own.messages + passed_on.messages + unknown_steady.messages + strangers.messages;
  }
  [[nodiscard]] std::int64_t unproven() const {
    return own.unproven + passed_on.unproven + unknown_steady.unproven + strangers.unproven;
  }
};

Totals totals_of(const Overview& overview) {
  Totals totals;
  for (const auto& domain : overview.domains) {
    sum(totals.own, domain.own);
    sum(totals.passed_on, domain.passed_on);
    sum(totals.unknown_steady, domain.unknown_steady);
    sum(totals.strangers, domain.strangers);
    totals.unaddressed += domain.trust.unaddressed;
  }
  return totals;
}

// Parts three blanks apart, as many on a line as fit; none is cut.
ScreenLines flowing(const std::vector<std::string>& parts, std::size_t columns) {
  ScreenLines lines;
  for (const auto& part : parts) {
    if (lines.empty() || display_width(lines.back()) + 3 + display_width(part) > columns)
      lines.push_back(part);
    else
      lines.back() += "   " + part;
  }
  return lines;
}

void append(ScreenLines& lines, const ScreenLines& more) { lines.insert(lines.end(), more.begin(), more.end()); }

ScreenLines health_lines(const Overview& overview, std::size_t columns) {
  std::vector<std::string> parts;
  const auto& domains = overview.domains;
  if (domains.empty()) {
    parts.emplace_back("No aggregate reports");
  } else {
    parts.push_back(domains.size() == 1 ? name_of(domains.front())
                                        : count_text(static_cast<std::int64_t>(domains.size()), "domain"));
    parts.push_back(period_words(overview));
    parts.push_back(
        fmt::format("{} of {}", count_text(overview.reports, "report"), count_text(overview.reporters, "reporter")));
  }
  if (domains.size() == 1) parts.push_back(policy_words(domains.front().gate.now, overview.made_at));
  for (const auto& mailbox : overview.mailboxes)
    if (mailbox.failures > 0) parts.push_back(fmt::format("MAILBOX {} FAILS", harmless(mailbox.name)));
  return flowing(parts, columns);
}

ScreenLines mail_lines(const Totals& totals, std::size_t columns, Colour colour) {
  const auto& own = totals.own;
  std::vector<std::string> parts{fmt::format("YOUR MAIL {} of {} pass", grouped(own.passed), grouped(own.messages))};
  const auto add = [&](std::string_view what, std::int64_t messages) {
    if (messages > 0) parts.push_back(fmt::format("{} {}", what, grouped(messages)));
  };
  add("WENT TO SPAM", own.quarantined);
  add("REFUSED", own.rejected);
  add("FAIL, DELIVERED", own.delivered());
  add("FAIL, OUTCOME UNKNOWN", own.untold);
  add("NOT CHECKED OR NOT TOLD", own.undecided);
  add("UNKNOWN", totals.unknown_steady.messages);
  add("STRANGERS", totals.strangers.messages);
  add("WITHOUT A READABLE ADDRESS", totals.unaddressed);
  auto lines = flowing(parts, columns);
  for (auto& line : lines)
    line =
        painted(line, own.harmed() > 0 ? Paint::bad : paint_of_rate(own.passed, own.messages - own.undecided), colour);
  return lines;
}

std::string stopped_words(const MailShare& share) {
  const auto untold = share.untold + share.undecided_untold;
  if (untold == share.messages) return "outcome unknown";
  const auto stopped = share.harmed() == 0
                           ? std::string("none of it stopped")
                           : fmt::format("{} of it stopped", percent_text(share.harmed(), share.messages));
  return untold == 0 ? stopped : fmt::format("{}, unknown for {}", stopped, percent_text(untold, share.messages));
}

ScreenLines no_action_lines(const Totals& totals) {
  ScreenLines lines;
  if (totals.passed_on.messages > 0)
    lines.push_back(fmt::format("    Forwarders and lists: {} of {}", count_text(totals.passed_on.messages, "message"),
                                address_count(totals.passed_on.sources)));
  if (totals.strangers.messages > 0)
    lines.push_back(fmt::format("    Strangers: {} of {}, {}", count_text(totals.strangers.messages, "message"),
                                address_count(totals.strangers.sources), stopped_words(totals.strangers)));
  return lines;
}

// One line a domain: name, own mail, harmed, strangers, policy, findings.
constexpr std::size_t figures_width = 55;

std::size_t name_width(std::size_t columns) {
  return std::clamp<std::size_t>(columns, figures_width + 22, figures_width + 50) - figures_width;
}

std::string domain_row(const DomainOverview& domain, const Overview& overview, std::size_t columns) {
  int fix = 0, ask = 0;
  for (const auto& [number, finding, is_snoozed, until] : overview.findings) {
    if (finding.domain != domain.domain || is_snoozed) continue;
    fix += finding.severity == model::Severity::fix ? 1 : 0;
    ask += finding.severity == model::Severity::ask ? 1 : 0;
  }
  const auto p = domain.gate.now.p ? std::string(model::to_text(*domain.gate.now.p)) : std::string("-");
  auto row = fmt::format("{}{} {}{}{} {}{:>4}{:>4}", fit_left(name_of(domain), name_width(columns)),
                         grouped_in(domain.own.messages, 11),
                         fit_right(percent_text(domain.own.passed, domain.own.messages), 6),
                         grouped_in(domain.own.harmed(), 8), grouped_in(domain.strangers.messages, 10), fit_left(p, 10),
                         fix > 0 ? std::to_string(fix) : "", ask > 0 ? std::to_string(ask) : "");
  row.erase(row.find_last_not_of(' ') + 1);
  return row;
}

ScreenLines domain_table(const Overview& overview, std::size_t rows, std::size_t columns, Colour colour) {
  const auto title =
      fit_left("Domain", name_width(columns)) + "  Your mail   Pass  Harmed Strangers Policy     Fix Ask";
  ScreenLines lines{painted(title, Paint::bold, colour)};
  const auto shown = std::min(overview.domains.size(), std::max<std::size_t>(rows, 3) - 2);
  for (std::size_t i = 0; i < shown; ++i) lines.push_back(domain_row(overview.domains[i], overview, columns));
  if (shown < overview.domains.size())
    lines.push_back(fmt::format("and {} more: ruaudit summary --details",
                                count_text(static_cast<std::int64_t>(overview.domains.size() - shown), "domain")));
  return lines;
}

std::string joined_names(const std::vector<const DomainOverview*>& domains) {
  std::string text;
  for (const auto* domain : domains) text += (text.empty() ? "" : ", ") + harmless(domain->domain);
  return text;
}

constexpr std::size_t few_domains = 4, roomy_rows = 32;

// " from 3 Jan", where the next step has to wait.
std::string from_words(const DomainOverview& domain, const Overview& overview) {
  const auto day = domain.gate.steps.empty() ? 0 : domain.gate.steps.front().day;
  return std::int64_t{day} * model::seconds_per_day > overview.made_at ? " from " + short_day(day, overview.made_at)
                                                                       : std::string();
}

std::string snoozed_words(const DomainOverview& domain) {
  const auto& snoozed = domain.gate.snoozed;
  return snoozed.empty() ? std::string() : fmt::format(" ({} snoozed)", model::counted(snoozed.size(), "finding"));
}

// A record is not cut: where it has no room, `readiness` has it.
ScreenLines policy_of_each(const Overview& overview, std::size_t columns, bool is_roomy) {
  ScreenLines lines;
  for (const auto& domain : overview.domains) {
    if (domain.domain.empty()) continue;
    const auto name = harmless(domain.domain) + ": ";
    const auto room = columns - 8;
    auto text = name + harmless(model::english(domain.gate.sentence));
    if (display_width(text) > room && domain.gate.state == GateState::may_step)
      text = fmt::format("{}may become stricter{}{}: ruaudit readiness {}", name, from_words(domain, overview),
                         snoozed_words(domain), harmless(domain.domain));
    const std::string_view first = lines.empty() ? "POLICY  " : "        ";
    if (is_roomy)
      append(lines, wrapped_lines(first, "          ", text, columns));
    else
      lines.push_back(std::string(first) + cut_between_words(text, room));
  }
  return lines;
}

ScreenLines policy_lines(const Overview& overview, std::size_t columns, bool is_roomy) {
  if (overview.domains.size() == 1)
    return wrapped_lines("POLICY  ", "        ", harmless(model::english(overview.domains.front().gate.sentence)),
                         columns);
  if (overview.domains.size() <= few_domains) return policy_of_each(overview, columns, is_roomy);
  std::vector<const DomainOverview*> may, none, blocked, undecided, unknown, snoozed;
  for (const auto& domain : overview.domains) {
    if (domain.domain.empty()) continue;
    if (!domain.gate.snoozed.empty()) snoozed.push_back(&domain);
    if (domain.gate.state == GateState::may_step) may.push_back(&domain);
    if (domain.gate.state == GateState::no_record) none.push_back(&domain);
    if (domain.gate.state == GateState::blocked) blocked.push_back(&domain);
    if (domain.gate.state == GateState::undecided) undecided.push_back(&domain);
    if (domain.gate.state == GateState::no_policy || domain.gate.state == GateState::no_reports)
      unknown.push_back(&domain);
  }
  std::vector<std::string> parts;
  if (!may.empty())
    parts.push_back(
        fmt::format("{} may become stricter ({})", model::counted(may.size(), "domain"), joined_names(may)));
  if (!none.empty())
    parts.push_back(
        fmt::format("{} without a valid DMARC record ({})", model::counted(none.size(), "domain"), joined_names(none)));
  if (!blocked.empty()) parts.push_back(fmt::format("{} not yet", model::counted(blocked.size(), "domain")));
  if (!undecided.empty())
    parts.push_back(
        fmt::format("{} undecided ({})", model::counted(undecided.size(), "domain"), joined_names(undecided)));
  if (!unknown.empty())
    parts.push_back(fmt::format("{} about which nothing is known ({})", model::counted(unknown.size(), "domain"),
                                joined_names(unknown)));
  if (!snoozed.empty())
    parts.push_back(
        fmt::format("{} with findings snoozed ({})", model::counted(snoozed.size(), "domain"), joined_names(snoozed)));
  const std::string text = parts.empty() ? "nothing to change" : joined(parts, "; ");
  return {"POLICY  " + cut_between_words(text, columns - 8), "        ruaudit readiness DOMAIN shows all of it"};
}

// `is_roomy`: whole sentences.
ScreenLines closing_lines(const Overview& overview, const Totals& totals, std::size_t columns, bool is_roomy) {
  ScreenLines lines = policy_lines(overview, columns, is_roomy);
  if (totals.unproven() * 2 > totals.messages())
    append(lines, wrapped_lines("TRUST   ", "        ",
                                fmt::format("{} of these messages come from reports that do not prove where they come "
                                            "from: ruaudit readiness says what helps",
                                            percent_text(totals.unproven(), totals.messages())),
                                columns));
  if (overview.to_come) {
    std::vector<std::string> names;
    for (const auto& name : overview.to_come->reporters) names.push_back(harmless(name));
    const auto text = fmt::format("reports of {} for {} (nine of ten come within {} h)", joined(names, ", "),
                                  short_day(overview.to_come->day, overview.made_at), overview.to_come->usual_hours);
    lines.push_back("TO COME " + cut_between_words(text, columns - 8));
  }
  if (!overview.findings.empty() || !overview.domains.empty())
    lines.emplace_back("ruaudit show N: one of them with its evidence; summary --details: who sends");
  return lines;
}

}  // namespace

std::string overview_text(const Overview& overview, const ScreenSize& size, Colour colour) {
  const auto columns = std::max<std::size_t>(size.columns, 40);
  const auto rows = std::max<std::size_t>(size.rows, 12) - 1;
  const auto totals = totals_of(overview);
  ScreenLines lines = health_lines(overview, columns);
  if (!overview.domains.empty()) append(lines, mail_lines(totals, columns, colour));
  const auto closing = closing_lines(overview, totals, columns, rows >= roomy_rows);
  if (overview.domains.size() > 1) append(lines, domain_table(overview, rows / 3, columns, colour));
  FindingsOrder order{
      .overview = &overview, .no_action = no_action_lines(totals), .columns = columns, .colour = colour};
  const auto used = lines.size() + closing.size();
  order.rows = rows > used + 4 ? rows - used : 4;
  append(lines, fitted_findings(order));
  append(lines, closing);
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

}  // namespace ruaudit::report
