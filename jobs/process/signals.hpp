// SIGINT and SIGTERM ask the running command to finish the current transaction; nothing is cut off. SIGHUP asks a
// watcher to read its configuration again. Waits end by a descriptor that each of them makes readable.
#pragma once
#include "model/result.hpp"

namespace ruaudit::jobs {

// Installs handlers for SIGINT and SIGTERM; a second signal of the same kind ends the process at once.
void catch_stop_signals();
// True once one of them has arrived.
bool stop_requested();
// The signal that asked, 0 when none.
int stop_signal();
// How a run that it ended fails; done: "what was read is stored".
model::Error stopped_error(const std::string& done);

// SIGHUP as well. Takes back what an earlier SIGHUP made readable.
void catch_reload_signal();
bool reload_requested();
// The reload has begun: the descriptor is readable again only after another signal.
void begin_reload();

// Readable once a signal has arrived (an eventfd, never closed); -1 before catch_stop_signals().
int signal_descriptor();

}  // namespace ruaudit::jobs
