// What the screen can show: colours (--color, NO_COLOR of no-color.org, TERM=dumb) and lines that are redrawn.
#pragma once
#include "cli/options/options.hpp"
#include "jobs/process/console.hpp"
#include "report/overview/overview_text.hpp"
#include "report/safe_text.hpp"
#include "report/summary.hpp"

namespace ruaudit::cli {

// --color never|auto|always; auto: standard output is a terminal that is not dumb, and NO_COLOR is not set to anything.
// Error code "usage".
model::Result<report::Colour> colour_of(const Options& options, const jobs::Console& console);

// TERM=dumb: it cannot wipe a line.
bool is_dumb_terminal();

// The terminal's columns and rows, else $COLUMNS and $LINES, else 80 and 24.
report::ScreenSize screen_size(const jobs::Console& console);

}  // namespace ruaudit::cli
