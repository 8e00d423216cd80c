// What a check of a domain's DNS records finds: one Finding per mistake, with its place and, where it can be known, the
// complete correct record, ready to paste; the SPF record as a tree; the grade with its arithmetic. Made by
// assess/records, rendered by report/check. Plain values; texts are octets as published (a renderer makes them
// printable). Views lead to constant text.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/enum_text.hpp"

namespace ruaudit::model::records {

enum class Severity : std::uint8_t { info, warning, error };

enum class FixType : std::uint8_t { TXT, A, AAAA, MX, PTR, TLSA, POLICY };

struct Fix {
  std::string text{};           // the whole record; MX: "10 host", one per line; POLICY: the whole file
  std::string at{};             // owner name
  FixType type = FixType::TXT;  // POLICY: the file at https://mta-sts.DOMAIN/.well-known/mta-sts.txt
  bool operator==(const Fix&) const = default;
};

struct Place {
  std::string name{};                 // owner name
  std::optional<std::string> text{};  // the part of the record; nothing: the record as a whole, or its absence
  std::optional<std::size_t> pos{};   // of text in the joined record, in characters from 1
  bool operator==(const Place&) const = default;
};

struct Finding {
  std::string_view code{};
  Severity severity = Severity::error;
  Place place{};
  std::string detail{};        // what is wrong here, one sentence or empty
  std::string_view section{};  // "RFC 7208 section 4.5"
  std::string_view meaning{};  // half a sentence: what such a finding is
  std::string_view effect{};   // half a sentence: what it leads to
  std::optional<Fix> fix{};
  bool operator==(const Finding&) const = default;
};

using Findings = std::vector<Finding>;

struct SpfTerm {
  std::string term{};            // as published
  unsigned counts = 0;           // 1: a lookup that the limit of 10 counts
  bool is_void = false;          // its name has no record of the kind asked for
  std::optional<unsigned> mx{};  // hosts of an mx term
  bool operator==(const SpfTerm&) const = default;
};

struct SpfNode {  // one record, and those that it leads to
  std::string domain{};
  std::string via{};     // the term that led here; empty at the root
  std::string record{};  // empty: none was found
  unsigned own = 0;      // counting terms of this record
  unsigned total = 0;    // with everything below
  std::vector<SpfTerm> terms{};
  std::vector<SpfNode> children{};
  bool operator==(const SpfNode&) const = default;
};

struct SpfTermPlace {
  std::string domain{}, term{};
  bool operator==(const SpfTermPlace&) const = default;
};

struct SpfTree {  // RFC 7208 section 4.6.4, counted for the worst case
  SpfNode root{};
  std::vector<SpfTermPlace> void_terms{};
  std::vector<SpfTermPlace> loops{};
  std::vector<std::string> networks{};  // that can pass, sorted by family, address and length
  std::vector<std::string> not_pass{};  // under -, ~ or ?
  std::vector<std::string> dynamic{};   // terms whose networks nobody can list: ptr, exists, macros
  bool is_permerror = false;
  bool operator==(const SpfTree&) const = default;
};

struct Deduction {
  std::string_view code{};
  unsigned points = 0;
  bool operator==(const Deduction&) const = default;
};

struct Grade {  // 100 less the deductions, at least 0
  unsigned points = 100;
  char letter = 'A';
  std::vector<Deduction> deductions{};
  bool operator==(const Grade&) const = default;
};

struct TestVerdict {  // of a delivery that was to be tested
  std::string result{}, term{}, reason{};
  bool operator==(const TestVerdict&) const = default;
};

struct CheckReport {
  std::string domain{};
  Findings findings{};
  std::optional<SpfTree> spf{};
  Grade grade{};
  std::optional<TestVerdict> test{};
  bool is_parked = false;
};

}  // namespace ruaudit::model::records

namespace ruaudit::model {

template <>
inline constexpr EnumText<records::Severity> enum_table<records::Severity>[] = {
    {records::Severity::info, "info"}, {records::Severity::warning, "warning"}, {records::Severity::error, "error"}};

template <>
inline constexpr EnumText<records::FixType> enum_table<records::FixType>[] = {
    {records::FixType::TXT, "TXT"},      {records::FixType::A, "A"},     {records::FixType::AAAA, "AAAA"},
    {records::FixType::MX, "MX"},        {records::FixType::PTR, "PTR"}, {records::FixType::TLSA, "TLSA"},
    {records::FixType::POLICY, "POLICY"}};

}  // namespace ruaudit::model
