// A ruling in words: the summary, what to change, the observations it rests on and where the report claims otherwise.
// Facts and the ruling enter, sentences leave. Pure.
#pragma once
#include <string_view>

#include "verify/failure/grounds.hpp"

namespace ruaudit::verify::failure {

[[nodiscard]] Conclusion worded(const Ruling& ruling, const Grounds& grounds);

// "verifies", or the damage's token.
[[nodiscard]] std::string_view damage_words(Damage damage);
// What the owner of the domain should do; empty: nothing.
[[nodiscard]] std::string advice_for(const Ruling& ruling, const Grounds& grounds);
[[nodiscard]] std::vector<EvidenceLine> evidence_for(const Grounds& grounds);
[[nodiscard]] std::vector<std::string> disagreements_of(const SampleFacts& facts);

}  // namespace ruaudit::verify::failure
