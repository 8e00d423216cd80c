// A digest: the findings of one moment against what the last delivered digest told. Made by `assess`, kept by `store`,
// rendered by `report`.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/finding.hpp"

namespace ruaudit::model {

enum class FindingState : std::uint8_t { fresh, open, worse, resolved };
template <>
inline constexpr EnumText<FindingState> enum_table<FindingState>[] = {{FindingState::fresh, "new"},
                                                                      {FindingState::open, "open"},
                                                                      {FindingState::worse, "worse"},
                                                                      {FindingState::resolved, "resolved"}};

// What the owner said of a finding.
enum class CareWord : std::uint8_t { snoozed, done };
template <>
inline constexpr EnumText<CareWord> enum_table<CareWord>[] = {{CareWord::snoozed, "snoozed"}, {CareWord::done, "done"}};
struct Care {
  std::string finding_id{};
  CareWord word = CareWord::snoozed;
  std::optional<std::int64_t> until{};  // of snoozed; nothing: until it is over
  std::int64_t set_at = 0;
  bool operator==(const Care&) const = default;
};

// A finding that an earlier digest told.
struct ToldFinding {
  Finding finding{};
  bool is_open = true;          // it was in the last digest and was not resolved there; one said once is not open
  std::int64_t first_told = 0;  // time of the digest that told it as new, the last time
  int nights = 1;               // consecutive digests that contained it
  bool operator==(const ToldFinding&) const = default;
};

struct DigestItem {
  Finding finding{};
  FindingState state = FindingState::fresh;
  std::int64_t first_told = 0;
  int nights = 1;
  bool is_back = false;  // it was done or resolved before
  bool is_snoozed = false;
  int number = 0;  // of `ruaudit show` when the digest was made; 0: it no longer has one
  bool operator==(const DigestItem&) const = default;
};

struct DigestHealth {                      // of the tool itself
  std::int64_t reports = 0, messages = 0;  // received since the last digest, counted ones
  std::int64_t rejected = 0;               // parts that could not be read
  std::vector<Sentence> troubles{};        // one sentence each; empty: no problem
  bool operator==(const DigestHealth&) const = default;
};

struct StrangerLine {  // of the baseline: unknown senders
  std::string domain{}, address{}, host{};
  std::int64_t messages = 0;
  bool operator==(const StrangerLine&) const = default;
};

struct DigestPolicy {  // what the policy of a domain may become: the sentence of the summary
  std::string domain{};
  Sentence sentence{};
  bool operator==(const DigestPolicy&) const = default;
};

struct Digest {
  std::vector<std::string> domains{};
  std::int64_t made_at = 0;
  std::optional<std::int64_t> last_made_at{};  // of the digest before; nothing: this is the first
  std::int32_t first_day = 0, last_day = 0;    // of what was received since
  std::vector<DigestItem> items{};             // new, worse, resolved, open
  DigestHealth health{};
  std::vector<StrangerLine> strangers{};  // of the first digest only
  std::vector<DigestPolicy> policies{};
  bool operator==(const Digest&) const = default;
};

}  // namespace ruaudit::model
