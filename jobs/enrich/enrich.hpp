// What `ruaudit enrich` does: rebuilds stale days of the roll-up, takes a snapshot of the owner's DNS, asks for the
// reverse names of addresses, looks up their networks, asks what SPF says of them today, and classifies them. Every
// part works in short transactions and asks only for what is not known or has expired: a run that is stopped goes on
// where it stopped.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "assess/services.hpp"
#include "jobs/enrich/network_files.hpp"
#include "store/sqlite/database.hpp"
#include "verify/dns/resolver.hpp"
#include "verify/suffix/public_suffix_list.hpp"

namespace ruaudit::jobs {

struct EnrichPlan {
  std::int64_t now = 0;
  std::vector<std::string> domains;  // the owner's, parked ones too; empty: those of the stored reports
  std::int64_t keep_up_days = 60;    // sources that sent within these days are kept up to date
  std::int64_t judged_days = 120;    // and what they sent within these is judged
  std::size_t most_addresses = 200'000, most_spf = 500'000;  // of one run
  // So many batches in a row that DNS does not answer end the run; 0: never.
  std::size_t give_up_after = 3;
  // How long reverse names are asked for, and then as long again SPF; the next run continues. Nothing: no bound.
  std::optional<std::chrono::milliseconds> patience{};
  unsigned threads = 8;
};

struct EnrichCounts {
  std::int64_t days = 0;       // of the roll-up, rebuilt
  std::int64_t records = 0;    // states of the owner's names
  std::int64_t addresses = 0;  // asked for by reverse DNS
  std::int64_t confirmed = 0;  // of these, with a name that leads back
  std::int64_t silent = 0;     // DNS did not answer
  std::int64_t networks = 0, spf = 0, classes = 0;
  bool has_given_up = false;
  bool is_out_of_time = false;  // more is to be asked than there was patience for
};

struct EnrichSources {
  verify::dns::Resolver* resolver = nullptr;  // may be null: nothing is asked then, the rest is done
  const NetworkFiles& networks;
  const assess::ServiceTable& services;
  const verify::suffix::PublicSuffixList& list;
};
// The caller holds the IngestLock.
model::Result<EnrichCounts> enrich(const EnrichPlan& plan, store::Database& database, const EnrichSources& sources,
                                   const std::function<bool()>& stop_requested);

// "31 addresses: 28 with a confirmed name; 12 records of your DNS; SPF asked 40 times; 92 streams classified"
std::string closing_line(const EnrichCounts& counts);

}  // namespace ruaudit::jobs
