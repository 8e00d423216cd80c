// What judgement knows of SMTP TLS reports (RFC 8460): the sums of each day by reporter and kind of policy, the
// failures by result type and host, the policies that senders saw, and which reports came. Counted reports only.
// Numbers of reporters and domains are places in the lists; days are numbers since 1970-01-01, times epoch seconds,
// both UTC.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "model/facts/sender_facts.hpp"
#include "model/tls_report.hpp"

namespace ruaudit::model {

struct TlsDay {
  std::uint32_t domain = 0, reporter = 0;
  std::int32_t day = 0;
  TlsPolicyType type = TlsPolicyType::unknown;
  ReportTrust trust = ReportTrust::unchecked;
  std::int64_t successful = 0, failed = 0;  // sessions
  bool tells_successes = true;              // false: a policy of these did not say how many succeeded
};

struct TlsFailureDay {
  std::uint32_t domain = 0, reporter = 0;
  std::int32_t day = 0;
  std::string result_type;  // as RFC 8460 section 4.3 or the reporter has it
  std::string mx_host;      // "" where it is not told
  ReportTrust trust = ReportTrust::unchecked;
  std::int64_t sessions = 0;
};

// A text of an MTA-STS policy, on a day on which somebody saw it.
struct TlsPolicySeen {
  std::uint32_t domain = 0;
  std::int32_t day = 0;
  std::vector<std::string> lines;
  ReportTrust trust = ReportTrust::unchecked;  // of the report that says so
  bool operator==(const TlsPolicySeen&) const = default;
};

struct TlsReportFact {
  std::uint32_t domain = 0, reporter = 0;
  std::int32_t day = 0;
  std::int64_t taken_in = 0;  // when the program saw it first
  ReportTrust trust = ReportTrust::unchecked;
  std::int64_t sessions = 0;
};

struct TlsFacts {
  std::vector<std::string> domains, reporters;  // reporters as written last
  std::vector<std::string> reporter_keys;       // as they are distinguished, whatever their spelling
  std::vector<TlsDay> days;
  std::vector<TlsFailureDay> failures;
  std::vector<TlsPolicySeen> policies;  // by domain and day
  std::vector<TlsReportFact> reports;
};

}  // namespace ruaudit::model
