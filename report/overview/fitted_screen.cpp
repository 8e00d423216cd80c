#include "report/overview/fitted_screen.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "report/overview/finding_line.hpp"
#include "report/safe_text.hpp"
#include "report/text_layout.hpp"

namespace ruaudit::report {
namespace {

using model::NumberedFinding;
using model::Severity;

// How much is said of a finding: everything, headline and action, both on one line each, one line.
enum class Detail : std::uint8_t { evidence, action, two_lines, one_line };
// And of all findings of a group that have the same kind: a line each, or one line for all.
struct Density {
  Detail fix = Detail::evidence, ask = Detail::evidence;
  bool merges_rest = false;  // watch and info: one line for a kind
};
constexpr std::array densities{
    Density{Detail::evidence, Detail::evidence, false},  Density{Detail::action, Detail::action, false},
    Density{Detail::action, Detail::action, true},       Density{Detail::action, Detail::two_lines, true},
    Density{Detail::two_lines, Detail::two_lines, true}, Density{Detail::two_lines, Detail::one_line, true},
    Density{Detail::one_line, Detail::one_line, true}};

struct FindingGroup {
  Severity severity;
  std::string_view title;
  Paint paint;
};
constexpr std::array groups{
    FindingGroup{Severity::fix, "FIX NOW", Paint::bad}, FindingGroup{Severity::ask, "ASK YOURSELF", Paint::middling},
    FindingGroup{Severity::watch, "WATCH", Paint::bold}, FindingGroup{Severity::info, "NO ACTION", Paint::good}};
constexpr std::string_view finding_indent = "    ";

class FindingScreen {
 public:
  explicit FindingScreen(const FindingsOrder& order)
      : order_(order), has_many_domains_(order.overview->domains.size() > 1) {}

  ScreenLines fitted() {
    ScreenLines lines;
    for (const auto& density : densities) {
      lines = all(density);
      if (lines.size() <= order_.rows) return lines;
    }
    return shortened();
  }

 private:
  struct Block {
    ScreenLines lines;
    std::size_t findings = 0;  // that it tells
  };

  [[nodiscard]] std::string headline(const NumberedFinding& one) const {
    std::string text = finding_line(one.finding, order_.overview->made_at);
    if (has_many_domains_) text.insert(0, harmless(one.finding.domain) + ": ");
    return one.is_snoozed ? text + " (snoozed)" : text;
  }

  [[nodiscard]] Block block_of(const NumberedFinding& one, Detail detail) const {
    const auto number = fmt::format("{:>2}  ", one.number);
    const auto action = model::english(one.finding.action);
    if (detail == Detail::one_line) return {{number + cut_between_words(headline(one), order_.columns - 4)}, 1};
    Block block{{}, 1};
    if (detail == Detail::two_lines) {
      block.lines = {number + cut_between_words(headline(one), order_.columns - 4)};
      if (!action.empty()) block.lines.push_back("    > " + cut_between_words(harmless(action), order_.columns - 6));
      return block;
    }
    block.lines = wrapped_lines(number, finding_indent, headline(one), order_.columns);
    const auto add = [&](std::string_view mark, const std::string& text) {
      const auto more = wrapped_lines(mark, "      ", harmless(text), order_.columns);
      block.lines.insert(block.lines.end(), more.begin(), more.end());
    };
    if (detail == Detail::evidence)
      for (const auto& sentence : one.finding.evidence) add("    - ", model::english(sentence));
    if (!action.empty()) add("    > ", action);
    return block;
  }

  // The action where there is room for it: whose the unknown address is, only the owner can say.
  [[nodiscard]] Block watched(const NumberedFinding& one, bool has_room) const {
    Block block{wrapped_lines(fmt::format("{:>2}  ", one.number), finding_indent, headline(one), order_.columns), 1};
    const auto action = harmless(model::english(one.finding.action));
    if (!has_room || one.finding.severity < Severity::watch || action.empty() || action.starts_with("Nothing"))
      return block;
    const auto more = wrapped_lines("    > ", "      ", action, order_.columns);
    block.lines.insert(block.lines.end(), more.begin(), more.end());
    return block;
  }

  // "5-8  New forwarders: lists.example.net, ..."
  [[nodiscard]] Block merged(const std::vector<const NumberedFinding*>& same) const {
    if (same.size() == 1) return {{line_of(*same.front())}, 1};
    std::string names;
    std::vector<std::string> told;
    for (const auto* one : same) {
      const auto name = has_many_domains_ ? harmless(one->finding.domain) : finding_subject(one->finding);
      if (std::find(told.begin(), told.end(), name) != told.end()) continue;
      names += (told.empty() ? "" : ", ") + name;
      told.push_back(name);
    }
    const auto count = same.size() > told.size() ? fmt::format(" ({})", same.size()) : std::string();
    const auto text = fmt::format("{}{}: {}", kind_in_words(same.front()->finding.kind), count, names);
    const bool is_run = same.back()->number - same.front()->number == static_cast<int>(same.size()) - 1;
    const auto numbers = is_run ? fmt::format("{}-{}", same.front()->number, same.back()->number)
                                : fmt::format("{}, ...", same.front()->number);
    return {{fmt::format("{:>2}  {}", numbers, cut_between_words(text, order_.columns - numbers.size() - 2))},
            same.size()};
  }

  [[nodiscard]] std::string line_of(const NumberedFinding& one) const {
    return fmt::format("{:>2}  {}", one.number, cut_between_words(headline(one), order_.columns - 4));
  }

  [[nodiscard]] std::vector<Block> blocks(Severity severity, const Density& density) const {
    std::vector<Block> blocks;
    std::vector<std::pair<model::FindingKind, std::vector<const NumberedFinding*>>> kinds;
    for (const auto& one : order_.overview->findings) {
      if (one.finding.severity != severity) continue;
      if (severity >= Severity::ask) {
        blocks.push_back(block_of(one, severity == Severity::fix ? density.fix : density.ask));
      } else if (!density.merges_rest) {
        blocks.push_back(watched(one, density.fix == Detail::evidence));
      } else {
        auto kind =
            std::find_if(kinds.begin(), kinds.end(), [&](const auto& k) { return k.first == one.finding.kind; });
        if (kind == kinds.end()) kind = kinds.insert(kinds.end(), {one.finding.kind, {}});
        kind->second.push_back(&one);
      }
    }
    for (const auto& [kind, same] : kinds) blocks.push_back(merged(same));
    return blocks;
  }

  [[nodiscard]] std::string title(const FindingGroup& group) const {
    return painted(group.title, group.paint, order_.colour);
  }

  [[nodiscard]] ScreenLines all(const Density& density) const {
    ScreenLines lines;
    for (const auto& group : groups) {
      const auto told = blocks(group.severity, density);
      const bool has_more = group.severity == Severity::info && !order_.no_action.empty();
      if (told.empty() && !has_more) continue;
      lines.push_back(title(group));
      for (const auto& block : told) lines.insert(lines.end(), block.lines.begin(), block.lines.end());
      if (has_more) lines.insert(lines.end(), order_.no_action.begin(), order_.no_action.end());
    }
    return lines;
  }

  // One line for each finding was too much: what is to be fixed stays longest, and the rest is counted.
  [[nodiscard]] ScreenLines shortened() const {
    ScreenLines lines;
    std::size_t left_out = 0;
    for (const auto& group : groups) {
      const auto told = blocks(group.severity, densities.back());
      if (told.empty()) continue;
      const bool has_title = lines.size() + 3 <= order_.rows;
      if (has_title) lines.push_back(title(group));
      for (const auto& block : told) {
        if (has_title && lines.size() + block.lines.size() + 1 <= order_.rows)
          lines.insert(lines.end(), block.lines.begin(), block.lines.end());
        else
          left_out += block.findings;
      }
    }
    if (left_out > 0) lines.push_back(fmt::format("    and {} more: ruaudit show", left_out));
    return lines;
  }

  const FindingsOrder& order_;
  bool has_many_domains_;
};

}  // namespace

ScreenLines wrapped_lines(std::string_view first, std::string_view indent, std::string_view text, std::size_t columns) {
  ScreenLines lines;
  std::string line(first);
  bool is_begun = false;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(' ', at), text.size());
    const auto word = text.substr(at, end - at);
    at = end + 1;
    if (is_begun && display_width(line) + 1 + display_width(word) > columns) {
      lines.push_back(std::move(line));
      line = indent;
      is_begun = false;
    }
    if (is_begun) line += ' ';
    line += word;
    is_begun = true;
  }
  lines.push_back(std::move(line));
  return lines;
}

ScreenLines fitted_findings(const FindingsOrder& order) { return FindingScreen(order).fitted(); }

}  // namespace ruaudit::report
