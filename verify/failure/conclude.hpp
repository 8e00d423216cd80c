// The rules: facts of a sample enter, the conclusion leaves. Pure, total, and without DNS: the same facts always give
// the same words. docs/failure-conclusions.md is this file as a table. What holds whatever the facts are:
//  - forgery only where nothing aligned passes and the source is neither authorised by SPF (then or today) nor seen
//    aligned within history_days;
//  - own_sender_broken and legitimate only where a signature of the author's domain verifies, or SPF passes, or the
//    source is authorised or was seen aligned by SPF;
//  - what lies on a failed lookup, a redacted or missing part is indeterminate.
#pragma once
#include "verify/failure/conclusion.hpp"
#include "verify/failure/sample_facts.hpp"

namespace ruaudit::verify::failure {

[[nodiscard]] Conclusion conclude(const SampleFacts& facts);

}  // namespace ruaudit::verify::failure
