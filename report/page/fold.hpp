// Makes the data of a page smaller, step by step: first ways in which the mail of an address came beyond the largest
// few, then addresses that sent little or long ago, of all domains alike; sums stay right. Pure.
#pragma once
#include <cstddef>

#include "model/facts/page_facts.hpp"

namespace ruaudit::report::page {

inline constexpr int fold_steps = 9;
// The facts as they are at a step from 0 (nothing) to fold_steps (the least).
model::PageFacts folded(const model::PageFacts& facts, int step);
// Addresses that stand in a row of several.
std::size_t folded_addresses(const model::PageDomain& domain);
std::size_t folded_addresses(const model::PageFacts& facts);
// Ways in which the mail of an address came that are left out.
std::size_t left_out_ways(const model::PageFacts& facts);

}  // namespace ruaudit::report::page
