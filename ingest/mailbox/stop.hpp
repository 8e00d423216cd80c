// A way to end every wait of a session from another thread or a signal handler: a file descriptor (an eventfd, a pipe,
// a signalfd) that becomes readable when the session is to stop. Not owned, never read from. A stopped call ends with
// the code "mailbox-stopped" and leaves the connection unusable.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace ruaudit::ingest::mailbox {

struct Stop {
  int descriptor = -1;  // -1: never stops
  // Milliseconds of the steady clock at which the time of a visit is over, or 0; owned and set again by the visitor.
  const std::atomic<std::int64_t>* deadline = nullptr;
  [[nodiscard]] bool requested() const;  // does not wait
  // Until the deadline, at least 0; nothing when there is none.
  [[nodiscard]] std::optional<std::chrono::milliseconds> time_left() const;
};

}  // namespace ruaudit::ingest::mailbox
