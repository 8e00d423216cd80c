// The plan of a visit to a configured mailbox, and where its events are reported.
#pragma once
#include "jobs/mailbox/visit.hpp"
#include "jobs/process/log.hpp"

namespace ruaudit::jobs {

SyncPlan plan_of(const config::Mailbox& mailbox, const config::General& general, VisitMode mode);

// Notes and rejected parts go to the log under the mailbox's name; `verbose` shows what happened to every part.
SyncObserver logging_observer(Log& log, const std::string& mailbox);

}  // namespace ruaudit::jobs
