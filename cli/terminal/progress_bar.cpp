#include "cli/terminal/progress_bar.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/terminal/screen.hpp"
#include "model/counted.hpp"

namespace ruaudit::cli {

std::string bar_line(std::uint64_t done, std::uint64_t all, const std::string& text, unsigned columns) {
  constexpr std::size_t bar_width = 24;
  if (columns < bar_width + text.size() + 3) return text.substr(0, columns);
  const std::size_t filled = static_cast<std::size_t>(std::min(done, all) * bar_width / all);
  return "[" + std::string(filled, '#') + std::string(bar_width - filled, '.') + "]" + text;
}

std::string progress_line(const jobs::IngestProgress& progress, unsigned columns) {
  const auto known = std::max<std::uint64_t>(progress.entries_known, 1);
  const auto done = std::min(progress.entries_done, known);
  const std::string text =
      fmt::format(" {} of {}, {}, {}", done, progress.entries_known, model::counted(progress.counts.stored, "report"),
                  model::counted(progress.counts.records, "record"));
  return bar_line(done, known, text, columns);
}

void ProgressBar::show(const jobs::IngestProgress& progress) { show(progress_line(progress, console_.columns - 1)); }

void ProgressBar::show(const std::string& line) {
  if (!console_.err_is_terminal || is_dumb_terminal()) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < std::chrono::milliseconds(100)) return;
  last_ = now;
  is_drawn_ = true;
  console_.err << "\r\x1b[K" << line << std::flush;
}

void ProgressBar::wipe() {
  if (!is_drawn_) return;
  console_.err << "\r\x1b[K" << std::flush;
  is_drawn_ = false;
}

}  // namespace ruaudit::cli
