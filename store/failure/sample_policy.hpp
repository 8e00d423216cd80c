// What the store knows of a sample's life: its state, and what a run orders for it (model/sample_policy.hpp).
#pragma once
#include <cstdint>

#include "model/sample_policy.hpp"

namespace ruaudit::store {

using model::SamplePolicy;

// pending_verification: all octets are there. kept: still all. cut: what the policy permits. pruned: nothing any more.
enum class SampleState : std::uint8_t { pending_verification, kept, cut, pruned };

// What a run orders for samples. Those read again stay under the policy they were stored under, and only an order that
// binds them, too, makes it stricter; nothing makes it laxer.
struct SampleOrder {
  SampleOrder(SamplePolicy of_new, bool known = true) : policy(of_new), binds_known(known) {}
  SamplePolicy policy;
  bool binds_known;
};

}  // namespace ruaudit::store

namespace ruaudit::model {
template <>
inline constexpr EnumText<store::SampleState> enum_table<store::SampleState>[] = {
    {store::SampleState::pending_verification, "pending_verification"},
    {store::SampleState::kept, "kept"},
    {store::SampleState::cut, "cut"},
    {store::SampleState::pruned, "pruned"}};
}  // namespace ruaudit::model
