#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "model/calendar.hpp"
#include "report/digest/outline.hpp"
#include "report/page/sections.hpp"

namespace ruaudit::report::page {
namespace {

using model::MailFate;
using model::SenderGroup;
using model::Severity;

std::array<std::int64_t, 4> counts_of(const model::PageDomain& domain) {
  std::array<std::int64_t, 4> counts{};
  for (const auto& one : domain.findings)
    if (!one.is_snoozed) ++counts[static_cast<std::size_t>(one.finding.severity)];
  return counts;
}

MailFate sum_of(const model::PageDomain& domain, std::initializer_list<SenderGroup> groups) {
  MailFate sum;
  for (const auto group : groups)
    for (const auto& day : domain.groups[static_cast<std::size_t>(group)]) sum += day;
  return sum;
}

struct Figure {
  std::string name, value, sub;
  bool is_bad = false;
};

Figure harmed(const MailFate& own, const Words& words) {
  const auto held = own.quarantined + own.rejected;
  return {words.translate("Own mail quarantined or rejected"), words.number(held),
          words.fill("of {} that failed DMARC", words.number(own.failed())), held > 0};
}

Figure passing(const MailFate& own, const Words& words) {
  if (own.messages() == 0)
    return {words.translate("Own mail that passes"), "\xE2\x80\x93",
            words.translate("no mail of your own was reported"), false};
  auto sub = words.fill("{} of {} messages", words.number(own.passed), words.number(own.messages()));
  if (own.undecided > 0) sub += "; " + words.fill("{} not known to pass or to fail", words.number(own.undecided));
  return {words.translate("Own mail that passes"), words.share(own.passed, own.messages()), std::move(sub), false};
}

Figure stopped(const MailFate& strangers, const Words& words) {
  return {words.translate("Strangers' mail stopped"), words.number(strangers.quarantined + strangers.rejected),
          words.fill("of {} that failed DMARC", words.number(strangers.failed())), false};
}

Figure all_mail(const DomainContext& to) {
  // Of days before its first report nothing is known.
  const std::int64_t days = to.facts.last_day - to.domain.first_reported + 1;
  const auto addresses =
      to.words.translate_n("{} address", "{} addresses", static_cast<std::int64_t>(to.domain.addresses));
  return {to.words.translate("Messages"), to.words.number(to.domain.fate.messages()),
          to.words.fill("{} a day from {}",
                        to.words.number(to.domain.fate.messages() / std::max<std::int64_t>(1, days)), addresses),
          false};
}

void write_tab(const Context& to, const model::PageDomain& domain, std::size_t place) {
  to.html.in("li", {}, [&] {
    to.html.in("a", {html::Anchor{"d" + std::to_string(place)}}, [&] {
      to.html.line("span", {{"class", fmt::format("dot {}", state_of(domain))}}, "");
      to.html.line("span", domain.name);
      to.html.line("span", {{"class", "vh"}}, ": " + state_words(domain, to.words));
    });
  });
}

}  // namespace

std::string_view state_of(const model::PageDomain& domain) {
  const auto counts = counts_of(domain);
  for (const auto severity : {Severity::fix, Severity::ask, Severity::watch})
    if (counts[static_cast<std::size_t>(severity)] > 0) return model::to_text(severity);
  return "ok";
}

std::string verdict_words(const model::PageDomain& domain, const Words& words) {
  const auto counts = counts_of(domain);
  const auto fix = counts[static_cast<std::size_t>(Severity::fix)];
  const auto ask = counts[static_cast<std::size_t>(Severity::ask)];
  std::string text = fix > 0 ? words.translate_n("{} to fix", "{} to fix", fix) : words.translate("nothing to fix");
  if (ask > 0) text += ", " + words.translate_n("{} question", "{} questions", ask);
  return text;
}

std::string state_words(const model::PageDomain& domain, const Words& words) { return verdict_words(domain, words); }

std::string finding_title(const model::Finding& finding, const Words& words) {
  return finding_headline(finding, words.language());
}

void write_top(const Context& to) {
  auto& html = to.html;
  const auto& words = to.words;
  html.open("header");
  html.in("p", {{"class", "meta"}}, [&] {
    html.line("b", "ruaudit");
    html.line("span", words.fill("DMARC report, {} to {} ({}, UTC)", words.language().date(to.facts.first_day),
                                 words.language().date(to.facts.last_day),
                                 words.translate_n("{} day", "{} days", static_cast<std::int64_t>(to.facts.days()))));
    html.line("span", words.fill("made {} from {} by {}", model::day_text(to.facts.made_at),
                                 words.translate_n("{} report", "{} reports", to.facts.reports),
                                 words.translate_n("{} reporter", "{} reporters",
                                                   static_cast<std::int64_t>(to.facts.reporters))));
  });
  if (to.facts.domains.size() > 1)
    html.in("nav", {{"aria-label", words.translate("Domains")}}, [&] {
      html.in("ul", {{"class", "tabs"}}, [&] {
        for (std::size_t i = 0; i < to.facts.domains.size(); ++i) write_tab(to, to.facts.domains[i], i);
      });
    });
  html.close();
}

void write_verdict(const DomainContext& to) {
  auto& html = to.html;
  html.line("p", {{"class", "dim"}}, to.domain.name);
  const auto counts = counts_of(to.domain);
  const bool has_work = counts[3] + counts[2] > 0;
  const auto first = std::find_if(to.domain.findings.begin(), to.domain.findings.end(), [](const auto& one) {
    return !one.is_snoozed && one.finding.severity >= Severity::ask;
  });
  std::string verdict = verdict_words(to.domain, to.words);
  if (has_work && first != to.domain.findings.end()) {
    html.line("h1", {{"id", to.id("h")}}, finding_title(first->finding, to.words));
    html.line("p", {{"class", "sub"}}, verdict);
    return;
  }
  html.line("h1", {{"id", to.id("h")}}, to.words.fill("{}: {}", to.domain.name, verdict));
  if (counts[1] > 0)
    html.line("p", {{"class", "sub"}}, to.words.translate_n("{} thing to watch", "{} things to watch", counts[1]));
}

void write_figures(const DomainContext& to) {
  const auto own = sum_of(to.domain, {SenderGroup::own, SenderGroup::service});
  const auto strangers = sum_of(to.domain, {SenderGroup::unknown, SenderGroup::stranger});
  std::vector<Figure> figures = {harmed(own, to.words), passing(own, to.words), stopped(strangers, to.words),
                                 all_mail(to)};
  if (!figures[0].is_bad) std::swap(figures[0], figures[1]);
  if (own.messages() == 0) std::rotate(figures.begin(), figures.begin() + 2, figures.end());
  to.html.in("dl", {{"class", "figures"}}, [&] {
    for (const auto& figure : figures)
      to.html.in("div", {{"class", figure.is_bad ? "figure bad" : "figure"}}, [&] {
        to.html.line("dt", figure.name);
        to.html.line("dd", {{"class", "n"}}, figure.value);
        to.html.line("dd", {{"class", "sub"}}, figure.sub);
      });
  });
}

void open_card(const DomainContext& to, const Card& card) {
  to.html.open("section", {{"class", fmt::format("card {} {}", card.width, card.more)},
                           {"id", to.id(card.part)},
                           {"aria-labelledby", to.id(card.part) + "-h"}});
  to.html.line("h2", {{"id", to.id(card.part) + "-h"}}, card.title);
  if (!card.sub.empty()) to.html.line("p", {{"class", "sub"}}, card.sub);
}

void write_cell(html::Writer& html, std::string_view kind, std::string_view text) {
  html.line("td", {{"class", kind}}, text);
}

}  // namespace ruaudit::report::page
