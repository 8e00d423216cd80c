// The result of checking one record of an aggregate report against itself, without DNS: alignment recomputed from
// header_from, auth_results and the published modes, and whether policy_evaluated contradicts every reading of them.
#pragma once
#include <cstdint>

#include "model/enum_text.hpp"

namespace ruaudit::model {

enum class Alignment : std::uint8_t { undecidable, aligned, not_aligned };
template <>
inline constexpr EnumText<Alignment> enum_table<Alignment>[] = {
    {Alignment::undecidable, "undecidable"}, {Alignment::aligned, "aligned"}, {Alignment::not_aligned, "not_aligned"}};

// Bits of RecordCheck::contradiction.
enum class Contradiction : std::uint8_t {
  none = 0,
  dkim_pass_unfounded = 1,  // policy_evaluated/dkim pass, but no passing signature can be aligned
  dkim_fail_unfounded = 2,  // fail, though a passing signature is aligned in every reading
  spf_pass_unfounded = 4,
  spf_fail_unfounded = 8,
};

struct RecordCheck {
  Alignment dkim = Alignment::undecidable;  // of an authenticated (passing) DKIM identifier
  Alignment spf = Alignment::undecidable;
  std::uint8_t contradiction = 0;  // OR of Contradiction
  bool operator==(const RecordCheck&) const = default;
};

}  // namespace ruaudit::model
