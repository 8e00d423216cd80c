// A way to end every wait of a session from another thread or a signal handler: a file descriptor (an eventfd, a pipe,
// a signalfd) that becomes readable when the session shall stop. Not owned, never read from. A stopped call ends with
// the code "mailbox-stopped" and leaves the connection unusable.
#pragma once

namespace ruaudit::ingest::mailbox {

struct Stop {
  int descriptor = -1;                   // -1: never stops
  [[nodiscard]] bool requested() const;  // does not wait
};

}  // namespace ruaudit::ingest::mailbox
