// One line on a terminal that shows how far a run has come, drawn at most ten times a second and wiped at its end.
// Draws nothing where standard error is not a terminal.
#pragma once
#include <chrono>

#include "jobs/ingest/run.hpp"
#include "jobs/process/console.hpp"

namespace ruaudit::cli {

class ProgressBar {
 public:
  explicit ProgressBar(jobs::Console& console) : console_(console) {}
  void show(const jobs::IngestProgress& progress);
  void show(const std::string& line);
  void wipe();

 private:
  jobs::Console& console_;
  std::chrono::steady_clock::time_point last_;
  bool is_drawn_ = false;
};

// A bar of which `done` of `all` is filled, and the text behind it; the text alone where there is no room for both.
std::string bar_line(std::uint64_t done, std::uint64_t all, const std::string& text, unsigned columns);

// The text of the line, without control characters; at most `columns` wide.
std::string progress_line(const jobs::IngestProgress& progress, unsigned columns);

}  // namespace ruaudit::cli
