#include "jobs/mailbox/acknowledgement.hpp"

namespace ruaudit::jobs {

bool AcknowledgementRules::are_active() const {
  return done.disposal != config::Disposal::nothing || failed.disposal != config::Disposal::nothing;
}

config::Disposition decide(store::Outcome outcome, const AcknowledgementRules& rules) {
  switch (outcome) {
    case store::Outcome::not_a_report:
      return {};
    case store::Outcome::rejected:
      return rules.failed;
    case store::Outcome::stored:
    case store::Outcome::conflict:
    case store::Outcome::superseded:
    case store::Outcome::duplicate:
    case store::Outcome::kept:
      return rules.done;
  }
  return {};
}

}  // namespace ruaudit::jobs
