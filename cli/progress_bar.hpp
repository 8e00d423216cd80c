// One line on a terminal that shows how far a run has come, drawn at most ten times a second and wiped at its end.
// Draws nothing where standard error is no terminal.
#pragma once
#include <chrono>

#include "jobs/ingest/run.hpp"
#include "jobs/process/console.hpp"

namespace ruaudit::cli {

class ProgressBar {
 public:
  explicit ProgressBar(jobs::Console& console) : console_(console) {}
  void show(const jobs::IngestProgress& progress);
  void wipe();

 private:
  jobs::Console& console_;
  std::chrono::steady_clock::time_point last_;
  bool is_drawn_ = false;
};

// The text of the line, without control characters; at most `columns` wide.
std::string progress_line(const jobs::IngestProgress& progress, unsigned columns);

}  // namespace ruaudit::cli
