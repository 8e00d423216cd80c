#include "report/digest/digest_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/safe_text.hpp"

namespace ruaudit::report {
namespace {

using model::Severity;

constexpr std::size_t width = 78;

// Paragraph with a hanging indent; words longer than the line stay whole.
std::string wrapped(const std::string& said, std::size_t indent, std::string_view first) {
  const std::string text = harmless(said);
  std::string out(first);
  std::size_t column = display_width(first);
  bool is_first = true;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(' ', at), text.size());
    const auto word = std::string_view(text).substr(at, end - at);
    const auto columns = display_width(word);
    if (!is_first && column + 1 + columns > width) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (!is_first) {
      out += ' ';
      ++column;
    }
    out += word;
    column += columns;
    is_first = false;
    at = end + 1;
  }
  return out + "\n";
}

std::string bracketed(const std::string& domain) {
  return domain.empty() ? std::string() : fmt::format(" [{}]", domain);
}

// "  to fix: ", with the colon as the language sets it.
std::string prefix_of(const OutlineEntry& entry, const Language& language) {
  return "  " + language.fill("{}: {}", {entry.weight, ""});
}

std::string line_of(const OutlineEntry& entry, const Language& language) {
  const std::string note = entry.note.empty() ? "" : ", " + entry.note;
  return wrapped(entry.headline + bracketed(entry.domain) + note, 4, prefix_of(entry, language));
}

std::string details(const OutlineEntry& entry, const Language& language) {
  std::string out = wrapped(entry.headline + bracketed(entry.domain), 4, prefix_of(entry, language));
  if (!entry.note.empty()) out += "      " + entry.note + "\n";
  for (const auto& sentence : entry.evidence) out += wrapped(sentence, 8, "      - ");
  if (!entry.action.empty()) out += wrapped(entry.action, 8, "      > ");
  return out + wrapped(fmt::format("ruaudit show '{}'", entry.id), 8, "      ");
}

std::string strangers(const DigestOutline& outline) {
  if (outline.strangers.empty()) return {};
  std::string out = "\n" + wrapped(outline.strangers_title, 0, "");
  for (const auto& line : outline.strangers)
    out += fmt::format("  {} {}  {}{}\n", fit_left(line.address, 40), fit_right(line.messages, 16), harmless(line.host),
                       harmless(bracketed(line.domain)));
  return out + "  " + outline.strangers_advice + "\n";
}

// The same as a part of one line: a night without news is one line, the first one, too.
std::string strangers_in_line(const DigestOutline& outline, const Language& language) {
  if (outline.strangers.empty()) return {};
  std::string out = " " + outline.strangers_title;
  for (std::size_t i = 0; i < outline.strangers.size(); ++i) {
    const auto& line = outline.strangers[i];
    out += fmt::format("{} {} ({})", i == 0 ? "" : ",", harmless(line.address), line.messages);
  }
  return language.fill("{}; {}", {out, outline.strangers_advice});
}

}  // namespace

std::string digest_text(const DigestOutline& outline, const Language& language) {
  std::string out = harmless(outline.verdict);
  for (const auto& trouble : outline.health) out = language.fill("{}; {}", {out, harmless(trouble)});
  if (!outline.has_news)
    return language.fill("{}; {}", {out, outline.totals}) + strangers_in_line(outline, language) + "\n";
  out += "\n";
  for (const auto& section : outline.sections) {
    out += fmt::format("\n{}\n", section.title);
    for (const auto& entry : section.entries)
      out += section.is_folded ? line_of(entry, language) : details(entry, language);
  }
  return out + strangers(outline) + "\n" + outline.totals + "\n";
}

std::string findings_text(const std::vector<model::Finding>& findings, const Language& language) {
  const std::pair<Severity, std::string> groups[] = {{Severity::fix, language.translate("FIX NOW")},
                                                     {Severity::ask, language.translate("ASK YOURSELF")},
                                                     {Severity::watch, language.translate("WATCH")},
                                                     {Severity::info, language.translate("NO ACTION")}};
  std::string out;
  for (const auto& [severity, title] : groups) {
    std::string lines;
    for (std::size_t i = 0; i < findings.size(); ++i)
      if (findings[i].severity == severity)
        lines += wrapped(finding_headline(findings[i], language) + bracketed(findings[i].domain), 5,
                         fmt::format("{:>3}  ", i + 1));
    if (!lines.empty()) out += fmt::format("{}\n{}", title, lines);
  }
  if (out.empty()) return language.translate("No findings.") + "\n";
  return out + language.translate("`ruaudit show NUMBER` shows one with its evidence.") + "\n";
}

std::string finding_text(const model::Finding& finding, const Language& language) {
  std::string out = wrapped(finding_headline(finding, language) + bracketed(finding.domain), 0, "");
  out += fmt::format("  {} {}\n", severity_words(finding.severity, language), harmless(finding.id));
  for (const auto& sentence : finding.evidence) out += wrapped(language.say(sentence), 4, "  - ");
  for (const auto& address : finding.subject.sources)
    out += "  " + language.fill("address {}", {harmless(address)}) + "\n";
  if (finding.cause)
    out += "  " +
           language.fill("cause: {} {} at {}",
                         {std::string(model::to_text(finding.cause->record)),
                          std::string(model::to_text(finding.cause->change)), harmless(finding.cause->name)}) +
           "\n";
  const auto action = language.say(finding.action);
  return action.empty() ? out : out + wrapped(action, 4, "  > ");
}

}  // namespace ruaudit::report
