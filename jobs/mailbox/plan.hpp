// The plan of a visit of a configured mailbox, and where what happens in it is told.
#pragma once
#include "jobs/mailbox/visit.hpp"
#include "jobs/process/log.hpp"

namespace ruaudit::jobs {

SyncPlan plan_of(const config::Mailbox& mailbox, const config::General& general, VisitMode mode);

// Notes and rejected parts go to the log under the mailbox' name; `verbose` names what became of every part.
SyncObserver logging_observer(Log& log, const std::string& mailbox);

}  // namespace ruaudit::jobs
