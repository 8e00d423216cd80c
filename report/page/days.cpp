#include <fmt/format.h>

#include <algorithm>

#include "report/page/chart.hpp"
#include "report/page/sections.hpp"

namespace ruaudit::report::page {
namespace {

using model::FindingKind;
using model::MailFate;

struct Event {
  std::int32_t day = 0;
  std::string text;
};

std::string record_of(model::DnsRecordType type) {
  switch (type) {
    case model::DnsRecordType::spf:
      return "SPF";
    case model::DnsRecordType::dmarc:
      return "DMARC";
    case model::DnsRecordType::dkim:
      return "DKIM";
    default:
      return "MX";
  }
}

std::string event_text(const model::PageEvent& event, const Words& words) {
  const auto record = record_of(event.type);
  std::string text;
  switch (event.change) {
    case model::RecordChange::added:
      text = words.fill("{} record {} added", record, event.name);
      break;
    case model::RecordChange::removed:
      text = words.fill("{} record {} removed", record, event.name);
      break;
    case model::RecordChange::broken:
      text = words.fill("{} record {} broken", record, event.name);
      break;
    case model::RecordChange::changed:
      text = words.fill("{} record {} changed", record, event.name);
  }
  const bool is_policy = event.type == model::DnsRecordType::dmarc || event.type == model::DnsRecordType::spf;
  return is_policy && !event.text.empty() ? text + ": " + event.text : text;
}

struct Events {
  std::vector<Event> shown;
  std::size_t left = 0;
};
constexpr std::size_t most_events = 40;  // more marks nobody tells apart

// Record changes, the latest ones, and the gravest findings that name a day but say nothing of a record's change.
Events events_of(const DomainContext& to) {
  Events out;
  auto& events = out.shown;
  const auto& changes = to.domain.events;
  out.left = changes.size() - std::min(changes.size(), most_events);
  for (std::size_t i = out.left; i < changes.size(); ++i)
    events.push_back({changes[i].day, event_text(changes[i], to.words)});
  for (const auto& one : to.domain.findings) {
    const auto kind = one.finding.kind;
    const bool is_record = kind == FindingKind::policy_changed || kind == FindingKind::record_changed;
    const bool is_weighty = one.finding.severity >= model::Severity::watch;
    if (is_record || !is_weighty || !one.finding.since) continue;
    if (*one.finding.since <= to.facts.first_day || *one.finding.since > to.facts.last_day) continue;
    if (events.size() < most_events)
      events.push_back({*one.finding.since, finding_title(one.finding, to.words)});
    else
      ++out.left;
  }
  std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.day < b.day; });
  return out;
}

void write_legend(const DomainContext& to) {
  std::vector<std::pair<std::string_view, std::string>> keys = {{"passed", to.words.translate("passed")},
                                                                {"delivered", to.words.translate("failed, delivered")},
                                                                {"quarantined", to.words.translate("quarantined")},
                                                                {"rejected", to.words.translate("rejected")}};
  if (to.domain.fate.undecided > 0)
    keys.emplace_back("undecided",
                      to.words.fill("{} not known to pass or to fail", to.words.number(to.domain.fate.undecided)));
  to.html.in("ul", {{"class", "legend"}}, [&] {
    for (const auto& [name, text] : keys)
      to.html.in("li", {}, [&, &key = name, &said = text] {
        to.html.line("span", {{"class", fmt::format("key {}", key)}}, "");
        to.html.text(said);
      });
  });
}

void write_slider(const DomainContext& to, std::size_t bars) {
  auto& html = to.html;
  const auto id = to.id("day");
  html.in("div", {{"class", "slide js"}}, [&] {
    html.line("label", {{"for", id}}, bars == to.facts.days() ? to.words.translate("Day") : to.words.translate("Week"));
    html.leaf("input", {{"type", "range"}, {"id", id}, {"min", 0}, {"max", bars - 1}, {"value", bars - 1}});
  });
  html.line("output", {{"for", id}, {"class", "js small"}}, "");
}

void write_events(const DomainContext& to, const Events& events) {
  if (events.shown.empty()) return;
  int number = 0;
  to.html.in("ol", {{"class", "events"}, {"aria-label", to.words.translate("What changed, and when")}}, [&] {
    for (const auto& event : events.shown)
      to.html.in("li", {}, [&] {
        to.html.line("b", std::to_string(++number));
        to.html.line("span", {{"class", "dim"}}, to.words.day(event.day));
        to.html.line("span", event.text);
      });
  });
  if (events.left > 0)
    to.html.line("p", {{"class", "dim small"}},
                 to.words.translate_n("and {} more", "and {} more", static_cast<std::int64_t>(events.left)));
}

void write_day_table(const DomainContext& to) {
  auto& html = to.html;
  const bool has_undecided = to.domain.fate.undecided > 0;
  const auto step = bar_days(to.facts.days());
  html.open("details", {{"class", "figures-table"}});
  html.line("summary", to.words.translate("Figures as a table"));
  html.open("div", {{"class", "scroll"},
                    {"tabindex", "0"},
                    {"role", "group"},
                    {"aria-label", to.words.translate("Figures as a table")}});
  html.open("table");
  html.in("thead", {}, [&] {
    html.in("tr", {}, [&] {
      html.line("th", {{"scope", "col"}}, step == 1 ? to.words.translate("Day") : to.words.translate("Week"));
      for (const auto& name : {to.words.translate("passed"), to.words.translate("failed, delivered"),
                               to.words.translate("quarantined"), to.words.translate("rejected")})
        html.line("th", {{"scope", "col"}, {"class", "num"}}, name);
      if (has_undecided) html.line("th", {{"scope", "col"}, {"class", "num"}}, to.words.translate("not known"));
    });
  });
  html.open("tbody");
  for (std::size_t i = 0; i < to.domain.days.size(); i += step) {
    MailFate sum;
    const auto end = std::min(i + step, to.domain.days.size());
    for (std::size_t day = i; day < end; ++day) sum += to.domain.days[day];
    const auto first = to.facts.first_day + static_cast<std::int32_t>(i);
    html.in("tr", {}, [&] {
      html.line("td", to.words.span(first, to.facts.first_day + static_cast<std::int32_t>(end) - 1));
      for (const auto count : {sum.passed, sum.delivered, sum.quarantined, sum.rejected})
        write_cell(html, "num", to.words.number(count));
      if (has_undecided) write_cell(html, "num", to.words.number(sum.undecided));
    });
  }
  html.close();
  html.close();
  html.close();
  html.close();
}

}  // namespace

void write_messages(const DomainContext& to) {
  open_card(to, {"m", "", to.words.translate("Messages per day"),
                 to.words.translate("Failures have a scale of their own."), "trend"});
  write_legend(to);
  const auto events = events_of(to);
  Trend trend{.days = to.domain.days, .first_day = to.facts.first_day, .marks = {}};
  for (std::size_t i = 0; i < events.shown.size(); ++i)
    trend.marks.push_back({events.shown[i].day, static_cast<int>(i) + 1});
  write_trend(to.html, to.words, trend);
  const auto step = bar_days(to.facts.days());
  write_slider(to, (to.facts.days() + step - 1) / step);
  write_events(to, events);
  write_day_table(to);
  to.html.close();
}

void write_groups(const DomainContext& to) {
  auto& html = to.html;
  open_card(to,
            {"g", "w6", to.words.translate("Who sends"), to.words.translate("Each row has a scale of its own."), ""});
  for (std::size_t i = 0; i < model::sender_groups; ++i) {
    MailFate sum;
    for (const auto& day : to.domain.groups[i]) sum += day;
    if (sum.messages() == 0) continue;
    const auto group = static_cast<model::SenderGroup>(i);
    html.in("div", {{"class", "series"}}, [&] {
      html.in("p", {}, [&] {
        html.text(to.words.groups(group));
        html.leaf("br");
        html.line("span", {{"class", "dim small"}},
                  to.words.translate_n("{} address", "{} addresses",
                                       static_cast<std::int64_t>(to.domain.group_addresses[i])));
      });
      write_sparkline(html, to.domain.groups[i], group);
      html.in("p", {{"class", "r"}}, [&] {
        html.line("span", {{"class", "num"}}, to.words.number(sum.messages()));
        html.leaf("br");
        html.line("span", {{"class", "dim small"}},
                  to.words.fill("{} pass", to.words.share(sum.passed, sum.messages())));
      });
    });
  }
  if (to.domain.fate.messages() == 0)
    html.line("p", {{"class", "dim"}}, to.words.translate("No report of these days contains any message."));
  html.close();
}

void write_reporters(const DomainContext& to) {
  constexpr std::size_t most = 12;
  auto& html = to.html;
  open_card(to, {"r", "w6", to.words.translate("Who reports"),
                 to.words.translate("Days with a report from each receiver; the others are grey."), ""});
  const auto& reporters = to.domain.reporters;
  for (std::size_t i = 0; i < std::min(most, reporters.size()); ++i) {
    const auto days = std::count(reporters[i].days.begin(), reporters[i].days.end(), true);
    html.in("div", {{"class", "cal"}}, [&] {
      html.line("span", reporters[i].name);
      write_calendar(html, reporters[i].days);
      html.line("span", {{"class", "num small"}},
                to.words.fill("{} of {}", std::to_string(days),
                              to.words.translate_n("{} day", "{} days", static_cast<std::int64_t>(to.facts.days()))));
    });
  }
  if (reporters.size() > most)
    html.line("p", {{"class", "dim small"}},
              to.words.translate_n("{} more reporter", "{} more reporters",
                                   static_cast<std::int64_t>(reporters.size() - most)));
  if (reporters.empty()) html.line("p", {{"class", "dim"}}, to.words.translate("Nobody reported in these days."));
  html.close();
}

}  // namespace ruaudit::report::page
