#include "ingest/mailbox/stop.hpp"

#include <poll.h>

#include <algorithm>

namespace ruaudit::ingest::mailbox {

bool Stop::requested() const {
  if (descriptor < 0) return false;
  pollfd entry{descriptor, POLLIN, 0};
  return ::poll(&entry, 1, 0) > 0;
}

std::optional<std::chrono::milliseconds> Stop::time_left() const {
  const std::int64_t at = deadline == nullptr ? 0 : deadline->load();
  if (at == 0) return std::nullopt;
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::max(std::chrono::milliseconds(0),
                  std::chrono::ceil<std::chrono::milliseconds>(std::chrono::milliseconds(at) - now));
}

}  // namespace ruaudit::ingest::mailbox
