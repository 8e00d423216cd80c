// What is to be checked: a domain, what is known about its senders, and records that are not published yet and take the
// place of published ones. Enters check().
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/domain.hpp"
#include "model/ip_address.hpp"

namespace ruaudit::assess::records {

struct TestSession {  // a delivery to be judged against the SPF record
  model::IpAddress ip;
  std::string from{};
  std::string helo{};
};

struct TlsReportsSeen {  // of the domain, as the database has them
  std::int64_t reports = 0;
  std::string last_day{};         // YYYY-MM-DD; "" where there is none
  std::string last_policy_day{};  // the same of those that saw an MTA-STS policy
};

struct Inquiry {
  model::Domain domain;
  std::vector<std::string> selectors{};        // named by the owner
  std::vector<std::string> seen_selectors{};   // in use, as reports show
  std::map<std::string, int> expected_bits{};  // selector -> size of the key that was made
  std::vector<std::string> sending_hosts{};    // besides the MX hosts
  std::vector<std::string> dnsbl_zones{};      // asked only when named
  std::optional<std::string> spf{}, dmarc{};   // unpublished
  std::map<std::string, std::string> dkim{};   // unpublished, by selector
  std::optional<std::string> sts_policy{};     // text of the policy file; absent: not judged
  std::optional<TestSession> test{};
  // Of the domain and the names above it; single labels need not be told. Absent: there is no list to look them up in.
  std::optional<std::vector<std::string>> public_suffixes{};
  TlsReportsSeen tls_reports{};
  std::int64_t now = 0;  // seconds since the epoch, for the id of a new MTA-STS record
};

}  // namespace ruaudit::assess::records
