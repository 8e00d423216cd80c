#include <fmt/format.h>

#include "report/digest/digest_text.hpp"
#include "report/safe_text.hpp"

namespace ruaudit::report {
namespace {

// Text in which nothing is markup: every ASCII punctuation mark may stand behind a backslash (CommonMark 2.4).
std::string plain(std::string_view said) {
  constexpr std::string_view special = "\\`*_{}[]()<>#+-.!|~&\"'=:/@^$";
  std::string out;
  bool may_begin_block = true;
  for (const char c : harmless(said)) {
    const bool is_always = std::string_view("\\`*_[]<>|~&").find(c) != std::string_view::npos;
    if (is_always || (may_begin_block && special.find(c) != std::string_view::npos)) out += '\\';
    out += c;
    may_begin_block = may_begin_block && (c == ' ' || (c >= '0' && c <= '9'));
  }
  return out;
}

// Code that holds backquotes stands between more of them.
std::string code(const std::string& text) {
  const std::string said = harmless(text);
  const std::string_view fence = said.find('`') == std::string::npos ? "`" : "```";
  const std::string_view room = fence.size() > 1 ? " " : "";
  return fmt::format("{0}{1}{2}{1}{0}", fence, room, said);
}

std::string in_parentheses(const std::string& domain) {
  return domain.empty() ? std::string() : fmt::format(" ({})", plain(domain));
}

std::string entry_lines(const OutlineEntry& entry, bool is_folded) {
  std::string out =
      fmt::format("- **{}:** {}{}", plain(entry.weight), plain(entry.headline), in_parentheses(entry.domain));
  if (!entry.note.empty()) out += ", " + plain(entry.note);
  out += "\n";
  if (is_folded) return out;
  for (const auto& sentence : entry.evidence) out += fmt::format("  - {}\n", plain(sentence));
  if (!entry.action.empty()) out += fmt::format("  - **{}**\n", plain(entry.action));
  return out + fmt::format("  - {}\n", code(fmt::format("ruaudit show '{}'", entry.id)));
}

std::string strangers(const DigestOutline& outline) {
  if (outline.strangers.empty()) return {};
  std::string out = fmt::format("\n{}\n\n", plain(outline.strangers_title));
  for (const auto& line : outline.strangers)
    out += fmt::format("- {} {}{}: {}\n", code(line.address), plain(line.host), in_parentheses(line.domain),
                       plain(line.messages));
  return out + fmt::format("\n{}\n", code(outline.strangers_advice));
}

}  // namespace

std::string digest_markdown(const DigestOutline& outline, const Language& language) {
  std::string line = plain(outline.verdict);
  for (const auto& trouble : outline.health) line = language.fill("{}; {}", {line, plain(trouble)});
  if (!outline.has_news && outline.strangers.empty())
    return language.fill("{}; {}", {line, plain(outline.totals)}) + "\n";
  std::string out = fmt::format("# {}\n", line);
  for (const auto& section : outline.sections) {
    out += fmt::format("\n## {}\n\n", plain(section.title));
    for (const auto& entry : section.entries) out += entry_lines(entry, section.is_folded);
  }
  return out + strangers(outline) + "\n" + plain(outline.totals) + "\n";
}

}  // namespace ruaudit::report
