#include "report/overview/readiness_text.hpp"

#include <fmt/format.h>

#include "model/calendar.hpp"
#include "model/counted.hpp"
#include "report/overview/finding_line.hpp"
#include "report/overview/fitted_screen.hpp"
#include "report/safe_text.hpp"
#include "report/text_layout.hpp"

namespace ruaudit::report {
namespace {

using model::DomainOverview;
using model::PolicyGate;

std::string date_of(std::int32_t day) { return model::day_text(std::int64_t{day} * model::seconds_per_day); }

class ReadinessPage {
 public:
  ReadinessPage(const model::Overview& overview, std::size_t columns, Colour colour)
      : overview_(overview), columns_(columns), colour_(colour) {}

  std::string of(const DomainOverview& domain) {
    const auto& gate = domain.gate;
    const auto name = domain.unicode.empty()
                          ? harmless(domain.domain)
                          : fmt::format("{} ({})", harmless(domain.unicode), harmless(domain.domain));
    lines_ = {painted(name, Paint::bold, colour_)};
    paragraph("  ", harmless(model::english(gate.sentence)));
    blocks(gate);
    steps(gate);
    sides(gate);
    basis(gate);
    receivers(domain);
    trust(domain);
    for (const auto& note : gate.notes) paragraph("  note: ", harmless(model::english(note)), "    ");
    std::string text;
    for (const auto& line : lines_) text += line + "\n";
    return text;
  }

 private:
  void paragraph(std::string_view first, std::string_view text, std::string_view indent = "  ") {
    const auto more = wrapped_lines(first, indent, text, columns_);
    lines_.insert(lines_.end(), more.begin(), more.end());
  }
  void heading(std::string_view text) {
    lines_.emplace_back();
    lines_.push_back(painted(text, Paint::bold, colour_));
  }

  // A finding has the words that it has on the first screen.
  std::string words_of(const model::GateBlock& block) const {
    for (const auto& one : overview_.findings)
      if (block.number > 0 && one.number == block.number) return finding_line(one.finding, overview_.made_at);
    const std::string text = harmless(model::english(block.text));
    return block.messages > 0 ? count_text(block.messages, "message") + ": " + text : text;
  }

  void blocks(const PolicyGate& gate) {
    if (gate.blocks.empty()) return;
    heading("WHAT BLOCKS THE NEXT STEP");
    for (const auto& block : gate.blocks) {
      const auto mark = block.number > 0 ? fmt::format("{:>3}  ", block.number) : std::string("  -  ");
      paragraph(mark, words_of(block), "     ");
      paragraph("     > ", harmless(model::english(block.needs)), "       ");
    }
  }

  // A record stands alone on its line: to be copied.
  void steps(const PolicyGate& gate) {
    if (gate.steps.empty()) return;
    const bool is_blocked = !gate.blocks.empty();
    heading(
        fmt::format("NEXT RECORDS (TXT at {}){}", harmless(gate.now.name), is_blocked ? ", once nothing blocks" : ""));
    for (const auto& step : gate.steps) {
      lines_.push_back(fmt::format("  from {}", date_of(step.day)));
      if (!step.record.empty()) lines_.push_back("    " + harmless(step.record));
      paragraph("    ", harmless(model::english(step.text)), "    ");
    }
  }

  void sides(const PolicyGate& gate) {
    if (gate.sides.empty()) return;
    heading("BESIDE p");
    for (const auto& side : gate.sides) {
      paragraph(side.may ? "  yes  " : "  no   ", harmless(model::english(side.text)), "       ");
      if (!side.record.empty()) lines_.push_back("       " + harmless(side.record));
    }
  }

  void basis(const PolicyGate& gate) {
    const auto& basis = gate.basis;
    heading("WHAT THIS IS BASED ON");
    paragraph("  ", fmt::format("{} to {}: {} of {} days covered, {} of {}; reports reach back {}",
                                date_of(basis.first_day), date_of(basis.last_day), basis.covered_days,
                                basis.last_day - basis.first_day + 1, count_text(basis.reports, "report"),
                                count_text(basis.reporters, "reporter"), count_text(basis.days, "day")));
    const auto& own = basis.own;
    if (own.messages > 0)
      paragraph("  ", fmt::format("your mail: {}, {} pass; by both mechanisms {}, by DKIM only {}, by SPF only {}",
                                  count_text(own.messages, "message"), percent_text(own.passed, own.messages),
                                  percent_text(own.both, own.passed), percent_text(own.only_dkim, own.passed),
                                  percent_text(own.only_spf, own.passed)));
    if (own.undecided > 0)
      paragraph("  ", fmt::format("of these it is not known of {} whether {}", count_text(own.undecided, "message"),
                                  own.undecided == 1 ? "it passes" : "they pass"));
    if (own.messages > 0)
      paragraph("  ",
                fmt::format("at risk: about {} of your own a month fail today (95 %: {} to {})",
                            count_text(basis.risk, "message"), grouped(basis.risk_low), grouped(basis.risk_high)));
    if (basis.passed_on.messages > 0)
      paragraph("  ", fmt::format("through forwarders and lists: {}, {} pass",
                                  count_text(basis.passed_on.messages, "message"),
                                  percent_text(basis.passed_on.passed, basis.passed_on.messages)));
    paragraph("  ", "only what receivers report is counted: mail to those that do not report is not included");
  }

  void receivers(const DomainOverview& domain) {
    if (domain.receivers.empty()) return;
    heading("WHAT LARGE RECEIVERS REQUIRE, by your own mail in their reports of 30 days");
    for (const auto& share : domain.receivers) {
      paragraph("  ",
                fmt::format("{}: {}, at most {} on a day{}: {}", share.receiver, count_text(share.messages, "message"),
                            grouped(share.peak), share.peak_day ? " (" + date_of(*share.peak_day) + ")" : std::string(),
                            share.is_bulk ? "near 5,000 or above, all of this is required"
                                          : "below the 5,000 from which all of this is required"),
                "    ");
      for (const auto& demand : share.demands)
        lines_.push_back(
            fmt::format("    {:<18} {:>7}{}", demand.what, percent_text(demand.met, demand.messages),
                        demand.met < demand.messages ? "   else " + joined(demand.codes, ", ") : std::string()));
    }
  }

  void trust(const DomainOverview& domain) {
    const auto& trust = domain.trust;
    heading("TRUST");
    paragraph("  ", fmt::format("{} of {} are in reports that prove where they come from", grouped(trust.proven),
                                count_text(trust.messages(), "message")));
    const auto part = [&](std::int64_t messages, std::string_view what) {
      if (messages > 0) paragraph("  ", fmt::format("{} {}", grouped(messages), what), "    ");
    };
    part(trust.unauthenticated, "in reports whose mail does not prove it");
    part(trust.indeterminate, "in reports that DNS could not decide");
    part(trust.unchecked, "in reports that were not checked");
    part(trust.contradicting, "in rows that contradict themselves");
    part(trust.unaddressed, "more in rows without a readable address, in no figure");
    if (trust.conflicting_reports > 0)
      paragraph("  ", fmt::format("{} came in a second version with different numbers",
                                  count_text(trust.conflicting_reports, "report")));
    for (const auto& remedy : trust.remedies) paragraph("  > ", remedy, "    ");
  }

  const model::Overview& overview_;
  std::size_t columns_;
  Colour colour_;
  ScreenLines lines_;
};

}  // namespace

std::string readiness_text(const model::Overview& overview, std::size_t columns, Colour colour) {
  std::string text;
  for (const auto& domain : overview.domains)
    text += (text.empty() ? "" : "\n") + ReadinessPage(overview, columns, colour).of(domain);
  return text.empty() ? std::string("No domain has reports yet.\n") : text;
}

}  // namespace ruaudit::report
