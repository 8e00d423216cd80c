// Checks whether stored reports are genuine: the mails that carried them are verified, with DNS or with stored answers,
// and the result is written to the reports. A separate step after ingest and fetch, so that reading never waits for
// DNS. Mails are judged by several threads, in processes without rights, and written batch by batch: a run that is
// stopped continues where it stopped. docs/authenticity.md gives the rules.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "jobs/judge/judging.hpp"
#include "store/carrier_check.hpp"
#include "verify/authenticity/decide.hpp"
#include "verify/dns/resolver.hpp"
#include "verify/suffix/public_suffix_list.hpp"

namespace ruaudit::jobs {

struct AuthenticatePlan {
  store::CarrierRequest request{};
  std::int64_t now = 0;
  verify::trace::Trust trust{};
  std::vector<verify::authenticity::SameOrganization> same{};
  // The run ends after this many consecutive mails for which DNS does not answer; 0: never.
  std::size_t give_up_after = 20;
  unsigned threads = 8;
  Judging judging{};
};

struct AuthenticateCounts {
  std::int64_t mails = 0;
  std::int64_t reports = 0;
  std::int64_t authenticated = 0, unauthenticated = 0, indeterminate = 0;  // of these
  std::int64_t silent = 0;      // mails for which DNS did not answer; the next run asks again
  std::int64_t unreadable = 0;  // mails that cannot be read as such
  std::int64_t lost = 0;        // mails that ended the process that read them: their reports stay indeterminate
  bool has_given_up = false;
};

// `resolver` may be null: only mails whose answers are kept are judged. The caller holds the IngestLock.
model::Result<AuthenticateCounts> authenticate(const AuthenticatePlan& plan, store::Database& database,
                                               verify::dns::Resolver* resolver,
                                               const verify::suffix::PublicSuffixList& list,
                                               const std::function<bool()>& stop_requested);

// "12 mails: 14 reports authenticated, 1 unauthenticated, 2 indeterminate; DNS was silent for 1 mail"
std::string closing_line(const AuthenticateCounts& counts);

}  // namespace ruaudit::jobs
