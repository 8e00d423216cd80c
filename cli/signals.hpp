// SIGINT and SIGTERM ask the running command to finish the transaction in hand; nothing is cut off.
#pragma once

namespace ruaudit::cli {

// Installs handlers for SIGINT and SIGTERM; a second signal of the same kind ends the process at once.
void catch_stop_signals();
// True once one of them has arrived.
bool stop_requested();
// The signal that asked, 0 when none.
int stop_signal();

}  // namespace ruaudit::cli
