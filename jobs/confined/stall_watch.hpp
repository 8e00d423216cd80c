// Whether a child that does not speak has stalled: it uses no CPU time either. One that is busy is ended by the kernel
// when its CPU time is used up.
#pragma once
#include <chrono>

#include "jobs/confined/child.hpp"

namespace ruaudit::jobs {

class StallWatch {
 public:
  explicit StallWatch(std::chrono::seconds patience) : patience_(patience) {}
  // It spoke, or was spoken to.
  void note_life() { alive_ = Clock::now(); }
  bool is_stalled(const Child& child) {
    if (const auto used = child.cpu_time(); used != cpu_seen_) {
      cpu_seen_ = used;
      note_life();
    }
    return Clock::now() - alive_ > patience_;
  }

 private:
  using Clock = std::chrono::steady_clock;
  std::chrono::seconds patience_;
  std::chrono::nanoseconds cpu_seen_{};
  Clock::time_point alive_ = Clock::now();
};

}  // namespace ruaudit::jobs
