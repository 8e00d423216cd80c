// Whether new reports are genuine, asked at the end of ingest, fetch and reprocess: the options, and the step.
#pragma once
#include "cli/options/dns_options.hpp"
#include "jobs/judge/authenticate_waiting.hpp"
#include "jobs/process/console.hpp"

namespace ruaudit::cli {

inline constexpr OptionSpec trusted_authserv_option = {
    "trusted-authserv-id", OptionKind::list, "NAME",
    "host whose Authentication-Results and ARC seals are trusted; may be repeated"};
inline constexpr OptionSpec same_organization_option = {
    "same-organization", OptionKind::list, "DOMAIN=DOMAIN",
    "two domains of one reporter, which may report as one and sign as the other; may be repeated"};

// Trust and pairs from the options, else the configuration (trust also of its mailboxes). Error code "usage".
model::Result<jobs::AuthenticatePlan> authenticate_plan(const Options& options);

// Mails that wait are judged: with DNS unless it is not to be asked or does not answer, then only by stored answers.
// The caller holds the IngestLock. What prevents it is printed, not returned: reading reports has succeeded.
void authenticate_new(const Options& options, jobs::Console& console, store::Database& database,
                      const verify::suffix::PublicSuffixList& list);

}  // namespace ruaudit::cli
