// HTML for mail clients: tables, styles at the elements, since some clients drop a style sheet; the sheet only turns
// the colours for dark mode. Nothing comes from elsewhere, and nothing runs.
#include <fmt/format.h>

#include "report/digest/digest_text.hpp"
#include "report/html/writer.hpp"

namespace ruaudit::report {
namespace {

using html::Style;
using html::Writer;
using model::Severity;

constexpr html::Markup dark_colours =
    ":root{color-scheme:light dark}"
    "@media (prefers-color-scheme:dark){"
    ".page{background:#14171c!important}"
    ".card{background:#1e232b!important;border-color:#39414d!important}"
    ".ink{color:#e8ebef!important}"
    ".grey{color:#a9b2bf!important}"
    ".rule{border-color:#39414d!important}"
    ".do{background:#1b3350!important;color:#e8ebef!important}"
    ".alarm{background:#4a3510!important;color:#ffe2a8!important}"
    ".fix{color:#ff9d94!important}.ask{color:#f2c062!important}.watch{color:#8cc2ff!important}.info{color:#a9b2bf!"
    "important}"
    "}";

struct Look {
  std::string_view name;
  Style word;   // of the weight
  Style place;  // of the cell around an entry
};

Look look_of(Severity severity) {
  switch (severity) {
    case Severity::fix:
      return {"fix", Style("color:#b3261e;font-weight:bold;text-transform:uppercase;font-size:13px"),
              Style("padding:14px 16px;border-left:5px solid #d93025;vertical-align:top")};
    case Severity::ask:
      return {"ask", Style("color:#8a5a00;font-weight:bold;text-transform:uppercase;font-size:13px"),
              Style("padding:14px 16px;border-left:5px solid #e8a200;vertical-align:top")};
    case Severity::watch:
      return {"watch", Style("color:#1558a8;font-weight:bold;text-transform:uppercase;font-size:13px"),
              Style("padding:14px 16px;border-left:5px solid #3b82d6;vertical-align:top")};
    case Severity::info:
      break;
  }
  return {"info", Style("color:#5b6470;font-weight:bold;text-transform:uppercase;font-size:13px"),
          Style("padding:14px 16px;border-left:5px solid #9aa3af;vertical-align:top")};
}

constexpr Style table_style("border-collapse:collapse;width:100%");
constexpr Style cell_style("padding:0");
constexpr Style evidence_style("margin:8px 0 0 0;padding:0 0 0 20px;font-size:15px;line-height:1.45;color:#1f2630");
constexpr Style action_style(
    "margin:10px 0 0 0;padding:9px 12px;background:#e8f1fc;color:#14293f;font-size:15px;line-height:1.4;"
    "font-weight:bold;overflow-wrap:anywhere");
constexpr Style id_style("margin:8px 0 0 0;font-family:monospace;font-size:12px;color:#5b6470;overflow-wrap:anywhere");
constexpr Style over_style("padding:10px 16px;border-left:5px solid #34a06a;vertical-align:top");

void write_headline(Writer& html, const OutlineEntry& entry, bool is_over) {
  const Look look = look_of(entry.severity);
  html.in("p",
          {Style("margin:0;font-size:16px;line-height:1.4;color:#1f2630;overflow-wrap:anywhere"), {"class", "ink"}},
          [&] {
            if (!is_over) {
              html.line("span", {look.word, {"class", look.name}}, entry.weight);
              html.text(" ");
            }
            html.line("strong", entry.headline);
          });
  const std::string_view between = entry.domain.empty() || entry.note.empty() ? "" : ", ";
  const std::string below = fmt::format("{}{}{}", entry.domain, between, entry.note);
  if (!below.empty())
    html.line("p", {Style("margin:3px 0 0 0;font-size:13px;color:#5b6470"), {"class", "grey"}}, below);
}

void write_entry(Writer& html, const OutlineEntry& entry, const OutlineSection& section) {
  const bool is_over = section.state == model::FindingState::resolved;
  html.open("tr");
  html.open("td", {is_over ? over_style : look_of(entry.severity).place});
  write_headline(html, entry, is_over);
  if (!section.is_folded) {
    html.in("ul", {evidence_style, {"class", "ink"}}, [&] {
      for (const auto& sentence : entry.evidence)
        html.line("li", {Style("margin:0 0 3px 0;overflow-wrap:anywhere")}, sentence);
    });
    if (!entry.action.empty()) html.line("p", {action_style, {"class", "do"}}, entry.action);
    html.line("p", {id_style, {"class", "grey"}}, "ruaudit show '" + entry.id + "'");
  }
  html.close();
  html.close();
  html.in("tr", {}, [&] {
    html.line("td",
              {Style("padding:0;height:1px;line-height:1px;font-size:1px;border-bottom:1px solid #e3e6ea"),
               {"class", "rule"}},
              "");
  });
}

void write_section(Writer& html, const OutlineSection& section) {
  html.line("h2",
            {Style("margin:26px 16px 8px 16px;font-size:14px;letter-spacing:1px;color:#5b6470"), {"class", "grey"}},
            section.title);
  html.in("table", {table_style, {"role", "presentation"}}, [&] {
    for (const auto& entry : section.entries) write_entry(html, entry, section);
  });
}

void write_strangers(Writer& html, const DigestOutline& outline) {
  if (outline.strangers.empty()) return;
  html.line("p", {Style("margin:26px 16px 8px 16px;font-size:15px;line-height:1.4;color:#1f2630"), {"class", "ink"}},
            outline.strangers_title);
  html.in("table", {table_style}, [&] {
    for (const auto& line : outline.strangers)
      html.in("tr", {}, [&] {
        html.in("td",
                {Style("padding:6px 16px;font-size:14px;color:#1f2630;border-bottom:1px solid #e3e6ea;"
                       "overflow-wrap:anywhere"),
                 {"class", "ink rule"}},
                [&] {
                  html.text(line.address);
                  const std::string_view between = line.host.empty() || line.domain.empty() ? "" : ", ";
                  const std::string below = fmt::format("{}{}{}", line.host, between, line.domain);
                  if (below.empty()) return;
                  html.leaf("br");
                  html.line("span", {Style("font-size:13px;color:#5b6470"), {"class", "grey"}}, below);
                });
        html.line("td",
                  {Style("padding:6px 16px;font-size:14px;color:#1f2630;text-align:right;white-space:nowrap;"
                         "border-bottom:1px solid #e3e6ea;vertical-align:top"),
                   {"class", "ink rule"}},
                  line.messages);
      });
  });
  html.line("p",
            {Style("margin:8px 16px 0 16px;font-family:monospace;font-size:13px;color:#5b6470"), {"class", "grey"}},
            outline.strangers_advice);
}

void write_card(Writer& html, const DigestOutline& outline) {
  html.line(
      "h1",
      {Style(
           "margin:0;padding:20px 16px 16px 16px;font-size:20px;line-height:1.3;color:#1f2630;overflow-wrap:anywhere"),
       {"class", "ink"}},
      outline.verdict);
  for (const auto& trouble : outline.health)
    html.line("p",
              {Style("margin:0 16px 8px 16px;padding:10px 12px;background:#fff2d6;color:#5c3d00;font-size:15px;"
                     "line-height:1.4;overflow-wrap:anywhere"),
               {"class", "alarm"}},
              trouble);
  if (outline.has_news || !outline.strangers.empty())
    for (const auto& section : outline.sections) write_section(html, section);
  write_strangers(html, outline);
  html.line("p", {Style("margin:0;padding:20px 16px;font-size:13px;line-height:1.4;color:#5b6470"), {"class", "grey"}},
            outline.totals);
}

}  // namespace

std::string digest_html(const DigestOutline& outline, const Language& language) {
  Writer html;
  html.markup("<!doctype html>\n");
  html.open("html", {{"lang", std::string(language.code())}});
  html.in("head", {}, [&] {
    html.leaf("meta", {{"charset", "utf-8"}});
    html.leaf("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
    html.leaf("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
    html.leaf("meta", {{"name", "supported-color-schemes"}, {"content", "light dark"}});
    html.line("title", outline.verdict);
    html.style_sheet(dark_colours);
  });
  html.open("body", {Style("margin:0;padding:0;background:#f2f4f7"), {"class", "page"}});
  html.open("table", {table_style, {"role", "presentation"}});
  html.open("tr");
  html.open("td",
            {Style("padding:16px 8px;background:#f2f4f7;font-family:-apple-system,'Segoe UI',Roboto,Arial,sans-serif"),
             {"align", "center"},
             {"class", "page"}});
  html.open("table", {Style("border-collapse:collapse;width:100%;max-width:680px;table-layout:fixed;background:#ffffff;"
                            "border:1px solid #d9dde3"),
                      {"role", "presentation"},
                      {"class", "card"}});
  html.open("tr");
  html.open("td", {cell_style, {"align", "left"}});
  write_card(html, outline);
  for (int i = 0; i < 8; ++i) html.close();
  return html.take() + "\n";
}

}  // namespace ruaudit::report
