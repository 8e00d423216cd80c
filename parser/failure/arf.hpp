// The fields of a feedback report (RFC 5965 section 3, RFC 6591 section 3.2, RFC 9991 section 4): where such a block
// begins in a text, and its fields as claims. Unknown fields are kept; of a field that may occur once the first counts
// and the others are kept beside the unknown ones.
#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

#include "model/failure_report.hpp"
#include "parser/failure/notes.hpp"
#include "parser/failure/report_parser.hpp"

namespace ruaudit::parser {

inline constexpr std::string_view order_mark = "\xEF\xBB\xBF";  // of UTF-8

// The offset of the block of fields in text that has a Feedback-Type: at the start, or, behind sentences, a block that
// has two other fields of ARF as well. Only the first limit octets are looked at.
std::optional<std::size_t> find_feedback_block(std::string_view text, std::size_t limit);

// Reads the block at the start of text into claims and returns the offset after its empty line.
std::size_t read_feedback(std::string_view text, const FailureLimits& limits, model::FailureClaims& claims,
                          FailureNotes& notes);

// One field given by name; text is clean and unfolded. Prose uses it with the names of ARF.
void set_claim(model::FailureClaims& claims, std::string_view name, std::string_view text, FailureNotes& notes);

// A Defect for each field that a report of an authentication failure should have and has not.
void note_missing_claims(const model::FailureClaims& claims, FailureNotes& notes);

}  // namespace ruaudit::parser
