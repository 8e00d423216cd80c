// One DMARC aggregate report as values, after RFC 7489 appendix C and RFC 9990 appendix A: the union of both schemas,
// named by their elements. Absent optional elements are nullopt; text is UTF-8, trimmed; names of domains that parse
// are normalised as model::Domain does, others are kept as they arrived. What had to be interpreted is in a Defect.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/auth_result.hpp"
#include "model/defect.hpp"
#include "model/ip_address.hpp"

namespace ruaudit::model {

struct Text {  // a text element with its RFC 9990 lang attribute (empty = not given, meaning "en")
  std::string text;
  std::string lang;
  bool operator==(const Text&) const = default;
};

struct DateRange {  // seconds since the epoch, UTC
  std::optional<std::int64_t> begin;
  std::optional<std::int64_t> end;
  bool operator==(const DateRange&) const = default;
};

struct ReportMetadata {
  std::string org_name;
  std::string email;
  std::optional<Text> extra_contact_info;
  std::string report_id;
  DateRange date_range;
  std::vector<Text> errors;  // RFC 7489: any number
  std::optional<std::string> generator;
  bool operator==(const ReportMetadata&) const = default;
};

struct PolicyPublished {
  std::string domain;
  std::optional<DiscoveryMethod> discovery_method;
  std::optional<Policy> p, sp, np;
  std::optional<AlignmentMode> adkim, aspf;  // absent means relaxed
  std::optional<std::int64_t> pct;
  std::optional<std::string> fo;
  std::optional<bool> testing;  // t=y
  bool operator==(const PolicyPublished&) const = default;
};

struct PolicyOverrideReason {
  OverrideType type = OverrideType::unknown;
  std::string raw_type;  // only where type is unknown
  std::optional<Text> comment;
  bool operator==(const PolicyOverrideReason&) const = default;
};

struct PolicyEvaluated {
  Disposition disposition = Disposition::unknown;
  AlignedResult dkim = AlignedResult::unknown;
  AlignedResult spf = AlignedResult::unknown;
  std::vector<PolicyOverrideReason> reasons;
  bool operator==(const PolicyEvaluated&) const = default;
};

struct Identifiers {
  std::string header_from;
  std::optional<std::string> envelope_from;  // present and empty: null sender
  std::optional<std::string> envelope_to;
  bool operator==(const Identifiers&) const = default;
};

struct DkimAuthResult {
  std::string domain;
  std::optional<std::string> selector;
  DkimResult result = DkimResult::unknown;
  std::optional<Text> human_result;
  bool operator==(const DkimAuthResult&) const = default;
};

struct SpfAuthResult {
  std::string domain;
  std::optional<SpfScope> scope;  // absent means mfrom
  SpfResult result = SpfResult::unknown;
  std::optional<Text> human_result;
  bool operator==(const SpfAuthResult&) const = default;
};

struct AuthResults {
  std::vector<DkimAuthResult> dkim;
  std::vector<SpfAuthResult> spf;
  bool operator==(const AuthResults&) const = default;
};

struct Record {
  std::uint32_t row_number = 0;  // 1-based position in the report
  std::uint32_t line = 0;        // of <record> in the text as received
  std::optional<IpAddress> source_ip;
  std::optional<std::int64_t> count;  // messages; 0..max_count
  PolicyEvaluated policy_evaluated;
  Identifiers identifiers;
  AuthResults auth_results;
  bool operator==(const Record&) const = default;

  // A row without a usable address or count is kept, but takes no part in sums.
  [[nodiscard]] bool is_countable() const { return source_ip.has_value() && count.has_value() && *count > 0; }
};

// A count is capped here, so that no hostile row can overflow a sum of 64 bits.
inline constexpr std::int64_t max_count = 1'000'000'000'000;

struct ReportHeader {  // everything of a report but its records
  std::optional<std::string> version;
  std::string xml_namespace;  // of the root element, empty when none
  ReportMetadata metadata;
  PolicyPublished policy_published;
  bool operator==(const ReportHeader&) const = default;
};

struct AggregateReport {  // known once the text has ended
  ReportHeader header;
  std::uint64_t records = 0;  // delivered to the sink
  std::int64_t messages = 0;  // sum of count over countable records
  bool is_damaged = false;    // not well-formed or truncated: complete records were kept
  std::uint64_t unknown_elements = 0;
  bool operator==(const AggregateReport&) const = default;
};

// Receives a report while it is read. policy() comes once, before the first record whenever the text or the parser's
// bounded buffer allows; a record's references are valid during the call only.
class RecordSink {
 public:
  RecordSink() = default;
  RecordSink(const RecordSink&) = delete;
  RecordSink& operator=(const RecordSink&) = delete;
  virtual ~RecordSink() = default;
  virtual void policy(const PolicyPublished& published) = 0;
  virtual void record(const Record& record) = 0;
  virtual void defect(const Defect& defect) = 0;
};

}  // namespace ruaudit::model
