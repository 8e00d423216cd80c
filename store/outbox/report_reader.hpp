// A stored aggregate report with all that it says, names in place of references, for a store elsewhere. The header is a
// plain value; records come one at a time and point into the reader until the next call. All reads between begin() and
// end() see one moment, whatever is written beside.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/content/digest.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {

struct ShippedError {
  std::string text, lang;
};
struct ShippedDefect {
  std::int64_t row_number = 0, line = 0;  // 0: of the whole, not known
  std::string code, detail;
};

// A row of `report`, its words as they are stored; see schema.sql.
struct ShippedReport {
  std::int64_t report_key = 0;
  Digest identity_key{};
  ContentHash content_hash{};
  std::int64_t hash_version = 0;
  std::string reporter, report_id, policy_domain, day, org_name, email, xml_namespace, authenticity;
  std::optional<std::string> extra_contact_info, extra_contact_lang, generator, version;
  std::optional<std::string> p, sp, np, adkim, aspf, fo, discovery_method;
  std::optional<std::string> authenticated_as, authenticity_reason, alignment_method, suffix_list;
  std::optional<std::int64_t> date_begin, date_end, pct, testing;
  std::int64_t received = 0, records = 0, messages = 0, unknown_elements = 0;
  std::int64_t first_seen = 0;  // of the item that brought it first
  bool is_damaged = false;
  std::vector<ShippedError> errors;
  std::vector<ShippedDefect> defects;
};

struct ShippedResult {  // a row of auth_result
  std::string mechanism, domain, result;
  std::optional<std::string> selector, scope, human_result, human_lang;
};
struct ShippedOverride {  // a row of policy_override
  std::string type, raw_type;
  std::optional<std::string> comment, comment_lang, arc, arc_chain, arc_remote_ip;
};
struct ShippedVerdict {
  std::string disposition, dkim, spf, dkim_auth, spf_auth;
  bool is_overridden = false;
  std::vector<ShippedResult> results;
  std::vector<ShippedOverride> overrides;
};
struct ShippedRecord {
  std::int64_t row_number = 0;
  std::span<const std::uint8_t> source;  // 16 octets, or none
  std::int64_t count = -1;               // -1: none
  std::string_view header_from;
  std::optional<std::string_view> envelope_from, envelope_to;
  std::int64_t self_check = 0;
  const ShippedVerdict* verdict = nullptr;
};

class ReportReader {
 public:
  static model::Result<ReportReader> create(const Database& database);
  ReportReader(ReportReader&&) noexcept;
  ~ReportReader();

  model::Result<void> begin();
  void end();
  // Nothing where there is no such report (any more).
  model::Result<std::optional<ShippedReport>> report(std::int64_t report_key, const Digest& identity_key);
  using TakeRecord = std::function<model::Result<void>(const ShippedRecord&)>;
  model::Result<void> records(std::int64_t report_key, const TakeRecord& take);

 private:
  struct State;
  explicit ReportReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ruaudit::store
