// One line on a terminal that shows how far a run has come, drawn at most ten times a second and wiped at its end.
// Draws nothing where standard error is no terminal.
#pragma once
#include <chrono>

#include "cli/console.hpp"
#include "cli/ingest_run.hpp"

namespace ruaudit::cli {

class ProgressBar {
 public:
  explicit ProgressBar(Console& console) : console_(console) {}
  void show(const IngestProgress& progress);
  void wipe();

 private:
  Console& console_;
  std::chrono::steady_clock::time_point last_;
  bool is_drawn_ = false;
};

// The text of the line, without control characters; at most `columns` wide.
std::string progress_line(const IngestProgress& progress, unsigned columns);

}  // namespace ruaudit::cli
