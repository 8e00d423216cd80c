// Charts as SVG, written whole: no library, colours by the style sheet. Each series is one path.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "model/facts/page_facts.hpp"
#include "report/html/writer.hpp"
#include "report/page/words.hpp"

namespace ruaudit::report::page {

// Days are summed up in bars of `step` days: a day, and a week from 120 days on.
std::size_t bar_days(std::size_t days);

struct TrendMark {  // of an event, numbered
  std::int32_t day = 0;
  int number = 0;
};
struct Trend {
  std::span<const model::MailFate> days;
  std::int32_t first_day = 0;
  std::vector<TrendMark> marks;
};
// Passed above, failed below on a scale of its own, one time axis. Twice: for wide and for narrow screens.
void write_trend(html::Writer& html, const Words& words, const Trend& trend);

// Messages a day without axes, on their own scale.
void write_sparkline(html::Writer& html, std::span<const model::MailFate> days, model::SenderGroup group);
// A field per day.
void write_calendar(html::Writer& html, const std::vector<bool>& days);
// What happened to messages, as one bar.
void write_bar(html::Writer& html, const model::MailFate& fate);

}  // namespace ruaudit::report::page
