// Checks each record of an aggregate report against itself: a record and the published policy enter, recomputed
// alignment and contradictions leave (RFC 7489 section 3.1 and RFC 9989 section 4.4; no DNS). A contradiction
// is set only where every reading of the record contradicts policy_evaluated; docs/consistency.md lists the readings.
// Not thread-safe: one checker per thread, over one shared PublicSuffixList that must outlive it. Memory is bounded by
// max_cached_names.
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "model/aggregate_report.hpp"
#include "model/record_check.hpp"
#include "verify/consistency/alignment.hpp"
#include "verify/suffix/public_suffix_list.hpp"

namespace ruaudit::verify::consistency {

class RecordChecker {
 public:
  static constexpr std::size_t max_cached_names = 8192;

  explicit RecordChecker(const suffix::PublicSuffixList& list) : list_(&list) {}

  // The policy of the report whose records follow. Without it the checks are as careful as an empty policy makes them.
  void policy(const model::PolicyPublished& published);

  [[nodiscard]] model::RecordCheck check(const model::Record& record);

  // How the answers were found, for storing: "psl", "treewalk (assumed)" or "psl (method not given)", and the list.
  [[nodiscard]] std::string_view method() const;
  [[nodiscard]] const std::string& list_version() const { return list_->version(); }

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  struct Answers {  // of one mechanism
    AlignmentAnswer alignment;
    bool can_be_pass = true;  // some reading makes policy_evaluated's pass right
    bool can_be_fail = true;
  };
  const NameFacts& facts(std::string_view raw);
  Answers check_dkim(const model::Record& record, const NameFacts& from);
  Answers check_spf(const model::Record& record, const NameFacts& from);

  const suffix::PublicSuffixList* list_;
  AlignmentRules dkim_rules_;
  AlignmentRules spf_rules_;
  std::unordered_map<std::string, NameFacts, TextHash, std::equal_to<>> names_;
};

}  // namespace ruaudit::verify::consistency
