// An SMTP TLS report (RFC 8460 section 4.4) as values: the header, the policies with their sums, and the failures.
// Values are normalised (domains as model::Domain, addresses as RFC 5952, tokens in lower case); what the report does
// not say is absent, what is not known stays beside it as raw text.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/aggregate_report.hpp"
#include "model/enum_text.hpp"

namespace ruaudit::model {

enum class TlsPolicyType : std::uint8_t { unknown, tlsa, sts, no_policy_found };

// RFC 8460 section 4.3
enum class TlsResultType : std::uint8_t {
  unknown,
  starttls_not_supported,
  certificate_host_mismatch,
  certificate_expired,
  certificate_not_trusted,
  validation_failure,
  tlsa_invalid,
  dnssec_invalid,
  dane_required,
  sts_policy_fetch_error,
  sts_policy_invalid,
  sts_webpki_invalid,
};

struct TlsReportHeader {
  std::string organization_name;
  std::string contact_info;  // as written; empty: absent
  std::string report_id;
  DateRange date_range;
  bool operator==(const TlsReportHeader&) const = default;
};

struct TlsPolicy {
  std::uint32_t number = 0;  // of the policy in its report, from 1
  TlsPolicyType type = TlsPolicyType::unknown;
  std::string raw_type;  // where type is unknown
  std::string domain;    // empty: absent
  std::vector<std::string> strings;
  std::vector<std::string> mx_hosts;       // names or patterns, in lower case
  std::optional<std::int64_t> successful;  // sessions
  std::optional<std::int64_t> failed;
  std::int64_t details = 0;   // failures that were told of it
  std::int64_t detailed = 0;  // the sum of their sessions
  bool operator==(const TlsPolicy&) const = default;
};

struct TlsFailure {
  std::uint32_t policy = 0;  // its number
  TlsResultType result_type = TlsResultType::unknown;
  std::string raw_result_type;  // where it is unknown
  std::string sending_mta_ip;   // empty: absent or no address
  std::string receiving_mx_hostname;
  std::string receiving_mx_helo;
  std::string receiving_ip;
  std::optional<std::int64_t> sessions;
  std::string additional_information;
  std::string failure_reason_code;
  bool operator==(const TlsFailure&) const = default;
};

struct TlsReport {
  TlsReportHeader header;
  DateRange identity;  // the dates that identity uses: as they were read, plausible or not
  std::uint32_t policies = 0;
  std::uint64_t failures = 0;
  std::uint32_t unknown_members = 0;
  bool is_damaged = false;  // the text is truncated; the policies before that are here
  bool operator==(const TlsReport&) const = default;
};

// Receives a report piece by piece. The failures of a policy come before it; those of a policy that never comes are
// void.
class TlsSink {
 public:
  TlsSink() = default;
  TlsSink(const TlsSink&) = delete;
  TlsSink& operator=(const TlsSink&) = delete;
  virtual ~TlsSink() = default;
  virtual bool policy(const TlsPolicy& policy) = 0;     // false: enough
  virtual bool failure(const TlsFailure& failure) = 0;  // false: enough
  virtual void defect(const Defect& defect) = 0;
};

template <>
inline constexpr EnumText<TlsPolicyType> enum_table<TlsPolicyType>[] = {
    {TlsPolicyType::unknown, "unknown"},
    {TlsPolicyType::tlsa, "tlsa"},
    {TlsPolicyType::sts, "sts"},
    {TlsPolicyType::no_policy_found, "no-policy-found"}};
template <>
inline constexpr EnumText<TlsResultType> enum_table<TlsResultType>[] = {
    {TlsResultType::unknown, "unknown"},
    {TlsResultType::starttls_not_supported, "starttls-not-supported"},
    {TlsResultType::certificate_host_mismatch, "certificate-host-mismatch"},
    {TlsResultType::certificate_expired, "certificate-expired"},
    {TlsResultType::certificate_not_trusted, "certificate-not-trusted"},
    {TlsResultType::validation_failure, "validation-failure"},
    {TlsResultType::tlsa_invalid, "tlsa-invalid"},
    {TlsResultType::dnssec_invalid, "dnssec-invalid"},
    {TlsResultType::dane_required, "dane-required"},
    {TlsResultType::sts_policy_fetch_error, "sts-policy-fetch-error"},
    {TlsResultType::sts_policy_invalid, "sts-policy-invalid"},
    {TlsResultType::sts_webpki_invalid, "sts-webpki-invalid"}};

}  // namespace ruaudit::model
