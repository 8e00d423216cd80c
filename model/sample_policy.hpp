// How much of a failure report's sample, and of the mail that carried it, is kept once it has been verified; each word
// permits less than the one before. The configuration sets it, the store follows it.
#pragma once
#include <algorithm>
#include <cstdint>

#include "model/enum_text.hpp"

namespace ruaudit::model {

enum class SamplePolicy : std::uint8_t { full, headers, redacted, none };

inline SamplePolicy stricter(SamplePolicy a, SamplePolicy b) { return std::max(a, b); }
inline bool permits_bodies(SamplePolicy policy) { return policy == SamplePolicy::full; }
// Local parts, subjects and other words of header fields as they arrived.
inline bool permits_words(SamplePolicy policy) { return policy <= SamplePolicy::headers; }

template <>
inline constexpr EnumText<SamplePolicy> enum_table<SamplePolicy>[] = {{SamplePolicy::full, "full"},
                                                                      {SamplePolicy::headers, "headers"},
                                                                      {SamplePolicy::redacted, "redacted"},
                                                                      {SamplePolicy::none, "none"}};

}  // namespace ruaudit::model
