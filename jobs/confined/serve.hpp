// The side of the processes that work for a ReaderPool. The first is set up and then makes copies of itself, which are
// its parent's children as it is; each copy gives up its rights and takes item after item until its parent has gone.
// The items of a bunch take turns: where all that are left wait, what they wait for is asked for at once.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "jobs/confined/child.hpp"
#include "jobs/confined/turns.hpp"
#include "model/result.hpp"

namespace ruaudit::jobs {

struct ItemWork {
  // The octets of an item in, what is said of it out. It may ask its parent in the meantime.
  std::function<std::string(std::string item)> work;
  std::function<void()> serve;  // of Turns::run()
};
// What the process has; outlives the work.
struct Serving {
  ParentSocket parent{};
  Turns turns{};
};
// Before the rights are given up: files may be opened. The setup is that of the PoolPlan.
using MakeItemWork = std::function<model::Result<ItemWork>(std::string_view setup, Serving& serving)>;

// Ends the process, never returns: what is left to be freed or written at an end is not this process's.
[[noreturn]] void serve_items(const MakeItemWork& make);

}  // namespace ruaudit::jobs
