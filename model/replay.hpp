// Stored rows of aggregate reports, grouped for a replay against other records: who sent how, under which published
// policy, reported by which kind of reporter. Days and reporters of a group are sets of bits. Read by
// store/facts/replay.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/facts/sender_facts.hpp"

namespace ruaudit::model {

struct ReplayPolicy {  // as a reporter saw it published
  std::optional<Policy> p{}, sp{}, np{};
  AlignmentMode adkim = AlignmentMode::unknown, aspf = AlignmentMode::unknown;
  std::optional<int> pct{};
  bool is_testing = false;
  bool is_rfc9990 = false;  // the report has that format, so its reporter is assumed to follow RFC 9989
  bool operator==(const ReplayPolicy&) const = default;
};

struct ReplayGroup {  // the numbers are places in Replay
  std::uint32_t domain = 0, source = 0, pattern = 0, policy = 0;
  std::int64_t messages = 0, records = 0;
};

struct Replay {
  std::vector<std::string> domains;  // policy domains
  std::vector<std::string> sources;  // addresses, RFC 5952
  std::vector<AuthPattern> patterns;
  std::vector<ReplayPolicy> policies;
  std::vector<std::string> days;       // with a report, 'YYYY-MM-DD', ascending
  std::vector<std::string> reporters;  // org_name; of more than reporter_bits several share a bit
  std::vector<ReplayGroup> groups;
  std::vector<std::uint64_t> bits;  // of each group: day_words() words of days, then reporter_words() of reporters

  static constexpr std::size_t max_reporter_bits = 256;
  [[nodiscard]] std::size_t day_words() const { return days.size() / 64 + 1; }
  [[nodiscard]] std::size_t reporter_words() const {
    return (reporters.size() < max_reporter_bits ? reporters.size() : max_reporter_bits - 1) / 64 + 1;
  }
  [[nodiscard]] std::size_t words() const { return day_words() + reporter_words(); }
  [[nodiscard]] const std::uint64_t* bits_of(std::size_t group) const { return bits.data() + group * words(); }
};

struct ReplayRow {        // one stored record
  std::size_t group = 0;  // place in Replay::groups
  std::int64_t report_key = 0;
  std::uint32_t row_number = 0, day = 0, reporter = 0;  // places of day and reporter in Replay
  std::int64_t messages = 0;
};

}  // namespace ruaudit::model
