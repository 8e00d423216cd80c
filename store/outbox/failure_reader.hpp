// What is known of a stored failure report, for a store elsewhere: which fields it claims, and what verification
// concluded. Not the sample, not the octets of the report, no address of a person, no evidence and no DNS answers: they
// are people's mail, and stay here.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "store/content/digest.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {

enum class FactKind : std::uint8_t { text, number, octets };
enum class FactTable : std::uint8_t { report, result };

// A column of failure_report or of its current failure_result. `name`: elsewhere.
struct FailureFact {
  std::string_view name;
  FactTable table;
  std::string_view column;
  FactKind kind;
  bool is_content = true;  // false: two ingesters may differ in it and mean the same
};

inline constexpr std::array failure_facts = {
    FailureFact{"identity_version", FactTable::report, "identity_version", FactKind::number},
    FailureFact{"received", FactTable::report, "received", FactKind::number, false},
    FailureFact{"kind", FactTable::report, "kind", FactKind::text},
    FailureFact{"container", FactTable::report, "container", FactKind::text, false},
    FailureFact{"dialect", FactTable::report, "dialect", FactKind::text},
    FailureFact{"reporter", FactTable::report, "reporter", FactKind::text},
    FailureFact{"user_agent", FactTable::report, "user_agent", FactKind::text},
    FailureFact{"auth_failure", FactTable::report, "auth_failure", FactKind::text},
    FailureFact{"identity_alignment", FactTable::report, "identity_alignment", FactKind::text},
    FailureFact{"delivery_result", FactTable::report, "delivery_result", FactKind::text},
    FailureFact{"claimed_dkim_domain", FactTable::report, "dkim_domain", FactKind::text},
    FailureFact{"claimed_dkim_selector", FactTable::report, "dkim_selector", FactKind::text},
    FailureFact{"arrival_date", FactTable::report, "arrival_date", FactKind::number},
    FailureFact{"source_ip", FactTable::report, "source_ip", FactKind::text},
    FailureFact{"reported_domain", FactTable::report, "reported_domain", FactKind::text},
    FailureFact{"reporting_mta", FactTable::report, "reporting_mta", FactKind::text},
    FailureFact{"incidents", FactTable::report, "incidents", FactKind::number},
    FailureFact{"at", FactTable::report, "at", FactKind::number},
    FailureFact{"header_from", FactTable::report, "header_from", FactKind::text},
    FailureFact{"sample_extent", FactTable::report, "sample_extent", FactKind::text},
    FailureFact{"sample_media_type", FactTable::report, "sample_media_type", FactKind::text, false},
    FailureFact{"sample_encoding", FactTable::report, "sample_encoding", FactKind::text, false},
    FailureFact{"sample_size", FactTable::report, "sample_size", FactKind::number, false},
    FailureFact{"sample_hash", FactTable::report, "sample_hash", FactKind::octets, false},
    FailureFact{"redacted", FactTable::report, "redacted", FactKind::number},
    FailureFact{"sample_policy", FactTable::report, "sample_policy", FactKind::text, false},
    FailureFact{"verified_at", FactTable::result, "verified_at", FactKind::number, false},
    FailureFact{"judged_at", FactTable::result, "judged_at", FactKind::number, false},
    FailureFact{"dns_time", FactTable::result, "dns_time", FactKind::number, false},
    FailureFact{"tool_version", FactTable::result, "tool_version", FactKind::text, false},
    FailureFact{"dmarc", FactTable::result, "dmarc", FactKind::text},
    FailureFact{"dmarc_7489", FactTable::result, "dmarc_7489", FactKind::text},
    FailureFact{"policy", FactTable::result, "policy", FactKind::text},
    FailureFact{"spf", FactTable::result, "spf", FactKind::text},
    FailureFact{"spf_domain", FactTable::result, "spf_domain", FactKind::text},
    FailureFact{"spf_aligned", FactTable::result, "spf_aligned", FactKind::number},
    FailureFact{"dkim", FactTable::result, "dkim", FactKind::text},
    FailureFact{"dkim_domain", FactTable::result, "dkim_domain", FactKind::text},
    FailureFact{"dkim_aligned", FactTable::result, "dkim_aligned", FactKind::number},
    FailureFact{"arc", FactTable::result, "arc", FactKind::text},
    FailureFact{"conclusion", FactTable::result, "conclusion", FactKind::text},
    FailureFact{"mechanism", FactTable::result, "mechanism", FactKind::text},
    FailureFact{"confidence", FactTable::result, "confidence", FactKind::text},
    FailureFact{"reason", FactTable::result, "reason", FactKind::text},
    FailureFact{"summary", FactTable::result, "summary", FactKind::text},
    FailureFact{"advice", FactTable::result, "advice", FactKind::text},
    FailureFact{"disagreement", FactTable::result, "disagreement", FactKind::text},
};

// Octets are a text in hexadecimal.
using FactValue = std::variant<std::monostate, std::int64_t, std::string>;

struct ShippedFailure {
  std::int64_t failure_key = 0;
  Digest key{};  // by which a cluster knows it: the beginning of its identity
  ContentHash identity{};
  ContentHash content_hash{};  // of the facts that are content
  std::string day;
  std::int64_t first_seen = 0;  // of the item that brought it first
  bool is_open = false;         // an authentication failure that is not verified yet
  std::array<FactValue, failure_facts.size()> facts{};
};

class FailureReader {
 public:
  static model::Result<FailureReader> create(const Database& database);
  FailureReader(FailureReader&&) noexcept;
  ~FailureReader();

  // Nothing where there is no such report (any more).
  model::Result<std::optional<ShippedFailure>> report(std::int64_t failure_key, const Digest& key);

 private:
  struct State;
  explicit FailureReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ruaudit::store
