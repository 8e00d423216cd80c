// The sums of mail that the overview and the policy gate rest on, in one pass over the streams. For overview.cpp.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_set>
#include <vector>

#include "assess/overview/overview.hpp"
#include "assess/overview/policy_gate.hpp"

namespace ruaudit::assess {

inline constexpr Day basis_days = 30;  // that the policy gate looks at, up to the judged day

// What one of the owner's hosts sent in the days of the basis.
struct HostMail {
  std::int64_t passed = 0, failed = 0;
  std::uint32_t failing_days = 0;  // a bit for each day
  std::string name{};
};

// All that is summed up of one policy domain.
struct DomainSums {
  model::DomainOverview view;
  std::array<std::unordered_set<std::uint32_t>, 4> sources;
  model::GateBasis basis;
  std::vector<std::int64_t> failing_days = std::vector<std::int64_t>(basis_days);
  SideFacts side;
  std::map<std::uint32_t, HostMail> hosts;                // by source
  std::map<std::uint32_t, std::int64_t> failing_sources;  // own mail that fails, by source
  std::int64_t unchecked = 0, unsaid = 0;
};

enum class Group : std::uint8_t { own, passed_on, unknown_steady, stranger };
Group group_of(Class is);

struct CountedDays {
  Day first = 0, last = 0;
  bool only_authenticated = false;
};
// The owner's hosts of which nothing passed, three messages at least on two days, by address. An IPv6 host without a
// name changes its address within its network: it is that network, unless something else there passes.
std::vector<FailingHost> failing_hosts(const DomainSums& sums, const model::SenderFacts& facts);

// One entry for each policy domain of the facts, in their order. The figures are of the counted days.
std::vector<DomainSums> mail_sums(const OverviewFacts& facts, const CountedDays& of);

}  // namespace ruaudit::assess
