// A replay of stored reports against records that are not published yet: reads grouped rows, asks DNS once for each
// (address, domain) that the change touches, decides every group (assess/simulate), sums up. Writes nothing.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "assess/services.hpp"
#include "model/domain.hpp"
#include "model/replay.hpp"
#include "model/result.hpp"
#include "model/simulation.hpp"
#include "verify/dns/resolver.hpp"
#include "verify/suffix/public_suffix_list.hpp"

namespace ruaudit::jobs {

struct SimulateRequest {
  std::string database{};
  model::Domain domain;                                     // whose records change
  std::optional<std::string> dmarc{}, spf{};                // the whole record
  std::vector<std::string> add_includes{}, remove_terms{};  // of --spf, else of the published record
  std::vector<std::string> drop_selectors{};                // S, of the domain, or S._domainkey.NAME
  std::vector<std::string> align_services{};
  std::string first_day = "0000-01-01", last_day = "9999-12-31";
  bool only_authenticated = false;
  std::vector<std::string> own_domains{}, parked_domains{};
  std::int64_t now = 0;
  unsigned threads = 4;
};

struct RecordLine {  // one stored record and what happens to it
  const std::string& day;
  const std::string& reporter;
  const std::string& policy_domain;
  const std::string& address;
  const model::AuthPattern& pattern;
  std::int64_t report_key = 0;
  std::uint32_t row_number = 0;
  std::int64_t messages = 0;
  const model::simulation::Decision& decision;
};

struct SimulateTools {
  verify::dns::Resolver& resolver;
  const verify::suffix::PublicSuffixList& list;
  const assess::ServiceTable& services;
  std::function<void(const RecordLine&)> each_record{};  // called for every record where it is set
};

// Errors: those of the database; "usage" where the change cannot be made; "dns-silent" where the record that is to be
// changed could not be asked for; "simulate-empty" where no report of the domain is stored.
model::Result<model::simulation::Simulation> simulate(const SimulateRequest& request, const SimulateTools& tools);

}  // namespace ruaudit::jobs
