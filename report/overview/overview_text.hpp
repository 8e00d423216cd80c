// The overview as one screen of text: who sends, what is harmed, what to fix, to ask, to watch, and what the policy may
// become. It never exceeds the given width and height; what does not fit is counted and named. Pure.
#pragma once
#include <cstddef>
#include <string>

#include "model/overview.hpp"
#include "report/summary.hpp"

namespace ruaudit::report {

struct ScreenSize {
  std::size_t columns = 80, rows = 24;  // one row is kept free for the prompt
};

std::string overview_text(const model::Overview& overview, const ScreenSize& size, Colour colour);

}  // namespace ruaudit::report
