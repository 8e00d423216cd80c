// The first words of a confined process: that it is ready, that it cannot be confined, or that it cannot work.
#pragma once
#include <functional>

#include "jobs/confined/child.hpp"
#include "jobs/confined/order.hpp"
#include "model/result.hpp"

namespace ruaudit::jobs {

namespace start_frame {
inline constexpr char ready = 'R', failed = 'X', unconfined = 'U';  // the latter two with an Error
}  // namespace start_frame

// Waits for them. `warning`: why it goes on without confinement although that is preferred. Errors: what it says;
// "reader-unavailable": it has ended (Child::was_killed()) or says nothing.
model::Result<void> await_ready(Child& child, Confinement confinement,
                                const std::function<void(const model::Error&)>& warning);

}  // namespace ruaudit::jobs
