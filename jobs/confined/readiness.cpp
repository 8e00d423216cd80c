#include "jobs/confined/readiness.hpp"

#include <chrono>

#include "jobs/confined/model_wire.hpp"

namespace ruaudit::jobs {

model::Result<void> await_ready(Child& child, Confinement confinement,
                                const std::function<void(const model::Error&)>& warning) {
  constexpr std::chrono::milliseconds tick(200);
  constexpr std::chrono::seconds patience(60);
  constexpr std::size_t most_octets = 65'536;
  const auto end = std::chrono::steady_clock::now() + patience;
  while (true) {
    const auto state = child.exchange(tick, -1);
    while (const auto frame = child.next(most_octets)) {
      if (frame->kind == start_frame::ready) return {};
      const auto error = wire::decoded<model::Error>(frame->octets);
      if (!error) break;
      if (frame->kind != start_frame::unconfined || confinement == Confinement::required) return model::failure(*error);
      if (warning) warning(*error);
    }
    if (state != ChildState::ended && std::chrono::steady_clock::now() < end) continue;
    return model::failure("reader-unavailable", "the process that reads " + child.end() + " when it was started",
                          "make sure that limits on processes and memory leave room for one more");
  }
}

}  // namespace ruaudit::jobs
