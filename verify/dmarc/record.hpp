// A DMARC policy record as values: the text of one TXT record enters, tags with their defaults leave (RFC 9989 sections
// 4.7 and 4.8; RFC 7489 section 6.3 on request). A tag that is malformed counts as absent and is told in `faults`;
// unknown tags are ignored and told too. A tag that comes twice counts once, the first time.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/auth_result.hpp"

namespace ruaudit::verify::dmarc {

enum class Rules : std::uint8_t { rfc9989, rfc7489 };
enum class Psd : std::uint8_t { u, y, n };

struct ReportUri {
  std::string uri{};   // as published, without the obsolete size suffix
  std::string host{};  // of a mailto or any authority, as published; empty where there is none
  bool is_mailto = false;
  std::optional<std::string> size_limit{};  // "10m": obsolete in RFC 9989, still told
  bool operator==(const ReportUri&) const = default;
};

struct TagFault {
  std::string tag{};
  std::string value{};  // at most 100 octets
  std::string reason{};
  bool operator==(const TagFault&) const = default;
};

struct Record {
  std::string text{};
  std::optional<model::Policy> p{}, sp{}, np{};  // valid ones only; np is always absent under RFC 7489
  model::AlignmentMode adkim = model::AlignmentMode::r;
  model::AlignmentMode aspf = model::AlignmentMode::r;
  Psd psd = Psd::u;
  bool is_testing = false;  // t=y
  int pct = 100;            // RFC 7489 only
  std::string fo = "0";
  std::vector<ReportUri> rua{}, ruf{};  // syntactically valid ones
  bool is_policy_valid = false;         // p is valid, sp and np are valid or absent
  std::vector<TagFault> faults{};
  bool operator==(const Record&) const = default;

  // RFC 9989 section 4.10.1: without a valid policy a record counts only when someone listens, and then as p=none.
  [[nodiscard]] bool is_usable() const { return is_policy_valid || !rua.empty(); }
};

// True when the text begins with a "v" tag of exactly DMARC1; anything else at the name is not a record at all.
[[nodiscard]] bool is_record(std::string_view text);
// The record of a text for which is_record() holds; other texts give a record without a single tag.
[[nodiscard]] Record parse_record(std::string_view text, Rules rules);

}  // namespace ruaudit::verify::dmarc

namespace ruaudit::model {

template <>
inline constexpr EnumText<verify::dmarc::Rules> enum_table<verify::dmarc::Rules>[] = {
    {verify::dmarc::Rules::rfc9989, "rfc9989"}, {verify::dmarc::Rules::rfc7489, "rfc7489"}};
template <>
inline constexpr EnumText<verify::dmarc::Psd> enum_table<verify::dmarc::Psd>[] = {
    {verify::dmarc::Psd::u, "u"}, {verify::dmarc::Psd::y, "y"}, {verify::dmarc::Psd::n, "n"}};

}  // namespace ruaudit::model
