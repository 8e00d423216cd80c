// What the parse thread hands to the write thread: the records of an aggregate report in a compact form from which
// everything that can be done without a database has been done. Plain values; a batch owns all it refers to and is
// bounded (max_batch_records, max_batch_octets), so a report of any size passes in bounded pieces.
#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "model/aggregate_report.hpp"
#include "model/defect.hpp"
#include "model/ip_address.hpp"
#include "store/content/digest.hpp"

namespace ruaudit::store {

inline constexpr std::size_t max_batch_records = 4096;
inline constexpr std::size_t max_batch_octets =
    std::size_t{512} * 1024;  // of interned content and defects; one record may exceed it
inline constexpr std::uint32_t max_row_number = (1U << 24) - 1;  // record ids hold 24 bits of row number

// An interned content: `digest` identifies it, content[offset, offset + length) is its canonical form.
struct EncodedSet {
  Digest digest{};
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
  std::uint32_t facts = 0;  // of a verdict: its part of a result class (result_class.hpp)
};

struct EncodedRecord {
  static constexpr std::uint32_t absent = std::numeric_limits<std::uint32_t>::max();

  model::IpAddress::Key source{};  // all zero and has_source false: no usable address
  std::int64_t count = -1;         // -1: no usable count
  std::uint32_t row_number = 0;
  std::uint32_t identifiers = 0;     // index into EncodedBatch::identifiers
  std::uint32_t recipient = absent;  // index into EncodedBatch::recipients
  std::uint32_t verdict = 0;         // index into EncodedBatch::verdicts
  std::uint8_t self_check = 0;       // as record.self_check in schema.sql
  bool has_source = false;

  [[nodiscard]] bool is_countable() const { return has_source && count > 0; }
};

struct EncodedBatch {
  std::vector<EncodedRecord> records;
  std::vector<EncodedSet> identifiers;
  std::vector<EncodedSet> verdicts;
  std::vector<EncodedSet> recipients;  // content is the name itself
  std::string content;
  std::vector<model::Defect> defects;
};

// What the record checks of a report rested on.
struct CheckBasis {
  std::optional<model::DiscoveryMethod> alignment_method;  // psl or treewalk
  std::string suffix_list;                                 // version of the public suffix list, may be empty
};

// All of a report but its records; made when its text has ended.
struct EncodedHeader {
  model::AggregateReport report;
  CheckBasis basis;
  std::string reporter;   // folded org_name, else the domain of the e-mail
  Digest identity_key{};  // of reporter, report id, policy domain, begin, end; of the content where id or dates lack
  ContentHash content_hash{};
  std::int64_t records = 0;  // what this text parsed to
  std::int64_t messages = 0;
};

}  // namespace ruaudit::store
