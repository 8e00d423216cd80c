#include "report/page/chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace ruaudit::report::page {
namespace {

using model::MailFate;

struct Frame {  // in units of the SVG
  int width, left, top, panel, gap, label_gap;
  [[nodiscard]] int second() const { return top + panel + gap; }
  [[nodiscard]] int bottom() const { return second() + panel; }
  [[nodiscard]] int height() const { return bottom() + 22; }
  [[nodiscard]] int plot() const { return width - left - 6; }
};
constexpr Frame wide{1100, 52, 44, 120, 26, 62};
constexpr Frame narrow{340, 44, 44, 84, 26, 46};

std::vector<MailFate> bars_of(std::span<const MailFate> days, std::size_t step) {
  std::vector<MailFate> bars((days.size() + step - 1) / step);
  for (std::size_t i = 0; i < days.size(); ++i) bars[i / step] += days[i];
  return bars;
}

// 1, 2 or 5 times a power of ten, so that at most four steps reach `most`.
std::int64_t tick_of(std::int64_t most) {
  std::int64_t tick = 1;
  for (int i = 0; tick * 4 < most; ++i) tick = i % 3 == 1 ? tick / 2 * 5 : tick * 2;
  return tick;
}

std::string decimal(double value) {
  auto text = fmt::format("{:.1f}", value);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

class TrendChart {
 public:
  TrendChart(html::Writer& html, const Words& words, const Trend& trend, const Frame& frame)
      : html_(html), words_(words), trend_(trend), frame_(frame), step_(bar_days(trend.days.size())) {
    bars_ = bars_of(trend.days, step_);
    for (const auto& bar : bars_) {
      most_passed_ = std::max(most_passed_, bar.passed);
      most_failed_ = std::max(most_failed_, bar.failed());
    }
  }

  void write(const std::string& label, std::string_view size) {
    html_.open("svg", {{"class", fmt::format("chart {}", size)},
                       {"viewBox", fmt::format("0 0 {} {}", frame_.width, frame_.height())},
                       {"role", "img"},
                       {"aria-label", label}});
    axis(frame_.top, most_passed_, words_.translate("Passed"));
    axis(frame_.second(), most_failed_, words_.translate("Failed"));
    panel("passed", frame_.top, most_passed_, [](const MailFate& f) { return std::array{std::int64_t{0}, f.passed}; });
    panel("delivered", frame_.second(), most_failed_, [](const MailFate& f) {
      return std::array{std::int64_t{0}, f.delivered};
    });
    panel("quarantined", frame_.second(), most_failed_, [](const MailFate& f) {
      return std::array{f.delivered, f.delivered + f.quarantined};
    });
    panel("rejected", frame_.second(), most_failed_, [](const MailFate& f) {
      return std::array{f.delivered + f.quarantined, f.failed()};
    });
    days();
    marks();
    html_.leaf("rect", {{"class", "day"},
                        {"x", -10},
                        {"y", frame_.top},
                        {"width", 0},
                        {"height", frame_.bottom() - frame_.top},
                        {"data-x", frame_.left},
                        {"data-w", fmt::format("{:.4f}", bar_width())}});
    html_.close();
  }

 private:
  [[nodiscard]] double bar_width() const {
    return frame_.plot() / (static_cast<double>(trend_.days.size()) / static_cast<double>(step_));
  }
  [[nodiscard]] double x_of(std::int32_t day) const {
    return frame_.left + (day - trend_.first_day) * (bar_width() / static_cast<double>(step_));
  }
  [[nodiscard]] double height_of(std::int64_t value, std::int64_t most) const {
    const auto tick = tick_of(most);
    const auto top = std::max<std::int64_t>(1, (most + tick - 1) / tick * tick);
    return static_cast<double>(frame_.panel) * static_cast<double>(value) / static_cast<double>(top);
  }

  void axis(int top, std::int64_t most, const std::string& title) {
    const auto tick = tick_of(most);
    for (std::int64_t value = 0; value == 0 || value < most + tick; value += tick) {
      const auto y = decimal(top + frame_.panel - height_of(value, most));
      html_.leaf("path", {{"class", "rule"}, {"d", fmt::format("M{} {}H{}", frame_.left, y, frame_.width - 6)}});
      html_.line("text", {{"x", frame_.left - 6}, {"y", y}, {"dy", "4"}, {"text-anchor", "end"}}, words_.number(value));
      if (most == 0) break;
    }
    html_.line("text", {{"class", "strong"}, {"x", 0}, {"y", top - 9}}, title);
  }

  template <class Range>
  void panel(std::string_view name, int top, std::int64_t most, Range range) {
    std::string path;
    const double width = bar_width(), gap = width > 4 ? 1 : 0;
    for (std::size_t i = 0; i < bars_.size(); ++i) {
      const auto [low, high] = range(bars_[i]);
      if (high <= low) continue;
      const double from = top + frame_.panel - height_of(high, most);
      const double height = std::max(0.8, height_of(high - low, most));
      path += fmt::format("M{} {}h{}v{}h-{}z", decimal(frame_.left + static_cast<double>(i) * width), decimal(from),
                          decimal(width - gap), decimal(height), decimal(width - gap));
    }
    if (!path.empty()) html_.leaf("path", {{"class", name}, {"d", path}});
  }

  // The first of a month, and the 15th where there is room; every week of a short time.
  void days() {
    const auto count = static_cast<std::int32_t>(trend_.days.size());
    double last = -1000;
    for (std::int32_t i = 0; i < count; ++i) {
      const auto day = trend_.first_day + i;
      const unsigned of_month =
          static_cast<unsigned>(std::chrono::year_month_day{std::chrono::sys_days{std::chrono::days(day)}}.day());
      const bool is_wanted = count <= 40 ? i % 7 == 0 : of_month == 1 || of_month == 15;
      const double x = x_of(day);
      if (!is_wanted || x - last < frame_.label_gap || x > frame_.width - frame_.label_gap / 2) continue;
      html_.line("text", {{"x", decimal(x)}, {"y", frame_.height() - 5}}, words_.day(day));
      last = x;
    }
  }

  // Numbers that would touch stand one above the other.
  void marks() {
    double last = -1000;
    int level = 0;
    for (const auto& mark : trend_.marks) {
      const double x = x_of(mark.day) + bar_width() / static_cast<double>(step_) / 2;
      level = x - last < 18 ? (level + 1) % 3 : 0;
      last = x;
      html_.leaf("path", {{"class", "event"},
                          {"d", fmt::format("M{} {}V{}", decimal(x), 30 - level * 13 + 3, frame_.bottom())}});
      html_.line("text", {{"class", "strong"}, {"x", decimal(x)}, {"y", 30 - level * 13}, {"text-anchor", "middle"}},
                 std::to_string(mark.number));
    }
  }

  html::Writer& html_;
  const Words& words_;
  const Trend& trend_;
  const Frame& frame_;
  std::size_t step_;
  std::vector<MailFate> bars_;
  std::int64_t most_passed_ = 0, most_failed_ = 0;
};

}  // namespace

std::size_t bar_days(std::size_t days) { return days >= 120 ? 7 : 1; }

void write_trend(html::Writer& html, const Words& words, const Trend& trend) {
  MailFate sum;
  for (const auto& day : trend.days) sum += day;
  const auto label =
      words.fill("Messages per day: {} passed, {} failed", words.number(sum.passed), words.number(sum.failed()));
  TrendChart(html, words, trend, wide).write(label, "wide");
  TrendChart(html, words, trend, narrow).write(label, "narrow");
}

void write_sparkline(html::Writer& html, std::span<const MailFate> days, model::SenderGroup group) {
  const auto bars = bars_of(days, bar_days(days.size()));
  std::int64_t most = 1;
  for (const auto& bar : bars) most = std::max(most, bar.messages());
  std::string path;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    if (bars[i].messages() == 0) continue;
    const auto height = std::max<std::int64_t>(4, bars[i].messages() * 100 / most);
    path += fmt::format("M{} {}h9v{}h-9z", i * 10, 100 - height, height);
  }
  html.open("svg", {{"viewBox", fmt::format("0 0 {} 100", bars.size() * 10)},
                    {"preserveAspectRatio", "none"},
                    {"aria-hidden", "true"}});
  html.leaf("path", {{"class", "g-none"}, {"d", fmt::format("M0 98h{}v2H0z", bars.size() * 10)}});
  if (!path.empty()) html.leaf("path", {{"class", fmt::format("g-{}", model::to_text(group))}, {"d", path}});
  html.close();
}

void write_calendar(html::Writer& html, const std::vector<bool>& days) {
  std::string path;
  for (std::size_t i = 0; i < days.size();) {
    std::size_t end = i;
    while (end < days.size() && days[end]) ++end;
    if (end > i) path += fmt::format("M{} 0h{}v10h-{}z", i, end - i, end - i);
    i = std::max(end, i + 1);
  }
  html.open(
      "svg",
      {{"viewBox", fmt::format("0 0 {} 10", days.size())}, {"preserveAspectRatio", "none"}, {"aria-hidden", "true"}});
  html.leaf("path", {{"class", "g-none"}, {"d", fmt::format("M0 0h{}v10H0z", days.size())}});
  if (!path.empty()) html.leaf("path", {{"class", "g-own"}, {"d", path}});
  html.close();
}

void write_bar(html::Writer& html, const MailFate& fate) {
  const std::pair<std::string_view, std::int64_t> parts[] = {{"passed", fate.passed},
                                                             {"delivered", fate.delivered},
                                                             {"quarantined", fate.quarantined},
                                                             {"rejected", fate.rejected},
                                                             {"undecided", fate.undecided}};
  html.open("svg",
            {{"class", "bar"}, {"viewBox", "0 0 100 9"}, {"preserveAspectRatio", "none"}, {"aria-hidden", "true"}});
  double x = 0;
  for (const auto& [name, count] : parts) {
    if (count == 0) continue;
    const double width = 100.0 * static_cast<double>(count) / static_cast<double>(fate.messages());
    html.leaf("rect", {{"class", name},
                       {"x", fmt::format("{:.2f}", x)},
                       {"y", 0},
                       {"width", fmt::format("{:.2f}", width)},
                       {"height", 9}});
    x += width;
  }
  html.close();
}

}  // namespace ruaudit::report::page
