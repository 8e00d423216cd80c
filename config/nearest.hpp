// The word a misspelt one was probably meant to be.
#pragma once
#include <optional>
#include <span>
#include <string_view>

namespace ruaudit::config {

// How many letters must be inserted, removed, replaced or swapped with their neighbour to get from one word to the
// other (optimal string alignment). Words longer than 64 octets count as 64 apart.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The word with the smallest distance, the first of equals, when that is at most a third of the word's length and at
// least one letter is right.
std::optional<std::string_view> nearest(std::string_view word, std::span<const std::string_view> words);

}  // namespace ruaudit::config
