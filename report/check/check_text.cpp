#include "report/check/check_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/safe_text.hpp"

namespace ruaudit::report {
namespace {

namespace records = model::records;
using records::Severity;

constexpr std::size_t max_lines_of_networks = 40;

struct Area {
  std::string_view start, title;
};
constexpr Area areas[] = {
    {"spf-", "SPF"},       {"dkim-", "DKIM"},         {"dmarc-", "DMARC"},       {"report-", "Report addresses"},
    {"mx-", "Mail hosts"}, {"ptr-", "Reverse names"}, {"sts-", "MTA-STS"},       {"tlsrpt-", "TLS-RPT"},
    {"dane-", "DANE"},     {"bimi-", "BIMI"},         {"dnsbl-", "Block lists"}, {"dns-", "DNS"}};

std::string_view word(Severity severity) {
  if (severity == Severity::error) return "ERROR  ";
  return severity == Severity::warning ? "warning" : "info   ";
}

std::string place_line(const records::Place& place) {
  std::string out = harmless(place.name);
  if (place.text) out += fmt::format(": \"{}\"", harmless(cut(*place.text, 120)));
  if (place.pos) out += fmt::format(" at character {}", *place.pos);
  return out;
}

std::string indented(std::string_view text, std::string_view indent) {
  std::string out;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.size(), text.find('\n', begin));
    out += fmt::format("{}{}\n", indent, harmless(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return out;
}

std::string finding_lines(const records::Finding& finding) {
  std::string out = fmt::format("  {} {}: {}\n", word(finding.severity), finding.code, finding.meaning);
  out += fmt::format("          {}\n", place_line(finding.place));
  if (!finding.detail.empty()) out += fmt::format("          {}\n", harmless(finding.detail));
  if (finding.severity != Severity::info)
    out += fmt::format("          so: {} ({})\n", finding.effect, finding.section);
  if (!finding.fix) return out;
  const auto& fix = *finding.fix;
  const bool is_file = fix.type == records::FixType::POLICY;
  out += fmt::format("          fix: {} {}\n", harmless(fix.at), is_file ? "policy file" : model::to_text(fix.type));
  return out + indented(fix.text, "            ");
}

std::string area_lines(const records::Findings& findings, const Area& area) {
  std::string out;
  for (const auto severity : {Severity::error, Severity::warning, Severity::info})
    for (const auto& finding : findings)
      if (finding.severity == severity && finding.code.starts_with(area.start)) out += finding_lines(finding);
  return out.empty() ? out : fmt::format("{}\n{}\n", area.title, out);
}

std::string node_lines(const records::SpfNode& node, std::string_view indent) {
  std::string out = fmt::format("{}{}  {} lookup{}{}\n", indent, harmless(node.domain), node.total,
                                node.total == 1 ? "" : "s", node.record.empty() ? ", no record" : "");
  const std::string deeper = std::string(indent) + "  ";
  std::size_t child = 0;
  for (const auto& term : node.terms) {
    std::string notes = term.counts != 0 ? " +1" : "";
    if (term.mx) notes += fmt::format(", {} mail host{}", *term.mx, *term.mx == 1 ? "" : "s");
    if (term.is_void) notes += ", nothing found";
    out += fmt::format("{}{}{}\n", deeper, harmless(cut(term.term, 150)), notes);
    if (child < node.children.size() && node.children[child].via == term.term)
      out += node_lines(node.children[child++], deeper + "  ");
  }
  return out;
}

std::string tree_lines(const records::SpfTree& tree) {
  std::string out = fmt::format("SPF record as a tree: {} of 10 lookups, {} of 2 void lookups\n", tree.root.total,
                                tree.void_terms.size());
  out += node_lines(tree.root, "  ");
  if (!tree.networks.empty()) out += "  may send:\n";
  for (std::size_t i = 0; i < tree.networks.size() && i < max_lines_of_networks; ++i)
    out += fmt::format("    {}\n", tree.networks[i]);
  if (tree.networks.size() > max_lines_of_networks)
    out += fmt::format("    and {} more (--format json has all)\n", tree.networks.size() - max_lines_of_networks);
  return out + "\n";
}

std::string grade_lines(const records::Grade& grade) {
  std::string out = fmt::format("Grade {}: 100", grade.letter);
  for (const auto& each : grade.deductions) out += fmt::format(" - {} ({})", each.points, each.code);
  return out + fmt::format(" = {}\n", grade.points);
}

// What is said of such domains by RFC 7505 section 3, RFC 6376 section 3.6.1 and RFC 9989 section 4.7.
std::string closed_set(const std::string& name) {
  const auto domain = harmless(name);
  return fmt::format(
      "A domain that sends and accepts no mail has all of these:\n  {0}. TXT \"v=spf1 -all\"\n  {0}. MX 0 .\n"
      "  *._domainkey.{0}. TXT \"v=DKIM1; p=\"\n  _dmarc.{0}. TXT \"v=DMARC1; p=reject; sp=reject; np=reject\"\n\n",
      domain);
}

}  // namespace

std::string check_mail_text(const std::string& verified, const std::string& outcome, const std::string& bounce) {
  std::string out = verified + "\n";
  if (!outcome.empty()) out += outcome + "\n";
  const std::string_view title =
      outcome.empty() ? "Its bounce would say:" : "A receiver that rejects on SPF alone says:";
  if (!bounce.empty()) out += fmt::format("{}\n  {}\n", title, harmless(bounce));
  return out + "\n";
}

std::string check_text(const records::CheckReport& report) {
  std::string out = fmt::format("{}{}\n\n", harmless(report.domain), report.is_parked ? " (parked)" : "");
  for (const auto& area : areas) out += area_lines(report.findings, area);
  if (report.findings.empty()) out += "No problem was found in these records.\n\n";
  if (report.spf) out += tree_lines(*report.spf);
  if (report.test)
    out += fmt::format("Test delivery: {}{}\n  {}\n\n", report.test->result,
                       report.test->term.empty() ? "" : " by " + harmless(report.test->term),
                       harmless(report.test->reason));
  if (report.is_parked) out += closed_set(report.domain);
  return out + grade_lines(report.grade);
}

}  // namespace ruaudit::report
