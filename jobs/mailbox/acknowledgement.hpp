// What is to be done with a mail in its mailbox once its data is on the disk: decided here, done by a MailSource
// (jobs/mailbox/mail_source.hpp). In: what happened to the mail and the rules of its mailbox. Out: an action. A mail
// that is not a report is left as it is, whatever the rules say.
#pragma once
#include <string>

#include "config/configuration.hpp"
#include "store/ledger/ledger.hpp"

namespace ruaudit::jobs {

struct AcknowledgementRules {
  config::Disposition done;
  config::Disposition failed;
  // False when nothing would ever be done: such mails need no acknowledgement.
  [[nodiscard]] bool are_active() const;
};

// disposal nothing: leave it.
config::Disposition decide(store::Outcome outcome, const AcknowledgementRules& rules);

}  // namespace ruaudit::jobs
