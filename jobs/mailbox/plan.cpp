#include "jobs/mailbox/plan.hpp"

#include "jobs/process/clock.hpp"
#include "jobs/process/signals.hpp"

namespace ruaudit::jobs {
namespace {

config::LogLevel level_of(NoteLevel level) {
  switch (level) {
    case NoteLevel::error:
      return config::LogLevel::error;
    case NoteLevel::warning:
      return config::LogLevel::warning;
    case NoteLevel::info:
      return config::LogLevel::info;
    case NoteLevel::debug:
      break;
  }
  return config::LogLevel::debug;
}

}  // namespace

SyncPlan plan_of(const config::Mailbox& mailbox, const config::General& general, VisitMode mode) {
  SyncPlan plan;
  plan.mailbox = mailbox;
  plan.mode = mode;
  plan.reading.now = epoch_now();
  plan.reading.domains = mailbox.domains.empty() ? general.domains : mailbox.domains;
  plan.reading.unpack.message_bytes = mailbox.max_message_octets;
  plan.reading.samples = general.samples;
  plan.reading.confinement = confinement_order(general.confinement);
  return plan;
}

SyncObserver logging_observer(Log& log, const std::string& mailbox) {
  return {
      .part =
          [&log, mailbox](const PartNotice& notice) {
            const bool is_rejected = notice.outcome == store::Outcome::rejected;
            log.write(is_rejected ? config::LogLevel::warning : config::LogLevel::debug, mailbox, notice_line(notice));
          },
      .note = [&log, mailbox](NoteLevel level, const std::string& text) { log.write(level_of(level), mailbox, text); },
      .progress = {},
      .stop_requested = [] { return jobs::stop_requested() || reload_requested(); }};
}

}  // namespace ruaudit::jobs
