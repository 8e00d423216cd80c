#include "ingest/mailbox/stop.hpp"

#include <poll.h>

namespace ruaudit::ingest::mailbox {

bool Stop::requested() const {
  if (descriptor < 0) return false;
  pollfd entry{descriptor, POLLIN, 0};
  return ::poll(&entry, 1, 0) > 0;
}

}  // namespace ruaudit::ingest::mailbox
