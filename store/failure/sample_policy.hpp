// How much of a failure report's sample, and of the mail that carried it, is kept once it has been verified; each word
// permits less than the one before.
#pragma once
#include <algorithm>
#include <cstdint>

#include "model/enum_text.hpp"

namespace ruaudit::store {

enum class SamplePolicy : std::uint8_t { full, headers, redacted, none };

// pending_verification: all octets are there. kept: still all. cut: what the policy permits. pruned: nothing any more.
enum class SampleState : std::uint8_t { pending_verification, kept, cut, pruned };

// What a run orders for samples. Those read again stay under the policy they were stored under, and only an order that
// binds them, too, makes it stricter; nothing makes it laxer.
struct SampleOrder {
  SampleOrder(SamplePolicy of_new, bool known = true) : policy(of_new), binds_known(known) {}
  SamplePolicy policy;
  bool binds_known;
};

inline SamplePolicy stricter(SamplePolicy a, SamplePolicy b) { return std::max(a, b); }
inline bool permits_bodies(SamplePolicy policy) { return policy == SamplePolicy::full; }
// Local parts, subjects and other words of header fields as they came.
inline bool permits_words(SamplePolicy policy) { return policy <= SamplePolicy::headers; }

}  // namespace ruaudit::store

namespace ruaudit::model {
template <>
inline constexpr EnumText<store::SamplePolicy> enum_table<store::SamplePolicy>[] = {
    {store::SamplePolicy::full, "full"},
    {store::SamplePolicy::headers, "headers"},
    {store::SamplePolicy::redacted, "redacted"},
    {store::SamplePolicy::none, "none"}};
template <>
inline constexpr EnumText<store::SampleState> enum_table<store::SampleState>[] = {
    {store::SampleState::pending_verification, "pending_verification"},
    {store::SampleState::kept, "kept"},
    {store::SampleState::cut, "cut"},
    {store::SampleState::pruned, "pruned"}};
}  // namespace ruaudit::model
