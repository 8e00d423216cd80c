// The service manager's notification socket (sd_notify protocol) without its library: one datagram of VARIABLE=VALUE
// lines to $NOTIFY_SOCKET. Does nothing where no manager asked for it. Failing to notify is not an error.
#pragma once
#include <chrono>
#include <optional>
#include <string_view>

namespace ruaudit::jobs {

// "READY=1", "STOPPING=1", "WATCHDOG=1", "STATUS=...".
void notify_manager(std::string_view state);

// How often WATCHDOG=1 is to be sent: half of $WATCHDOG_USEC; nothing when the manager does not watch this process.
std::optional<std::chrono::milliseconds> watchdog_interval();

}  // namespace ruaudit::jobs
