// Which part of a carrying mail is what: the feedback report, the prose, the sample, or the signs of a bounce or of an
// automatic answer. Decided by declared type first and by content where the type is of no help (gateways relabel,
// repack and strip). RFC 5965 section 2. In: a FailureMail; out: indices and values, nothing copied but the sample.
#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

#include "parser/failure/notes.hpp"
#include "parser/failure/report_parser.hpp"

namespace ruaudit::parser {

struct FeedbackPlace {
  std::size_t part = 0;
  std::size_t offset = 0;    // of the block in the part
  bool is_declared = false;  // message/feedback-report
};
std::optional<FeedbackPlace> find_feedback(const FailureMail& mail, const FailureLimits& limits, FailureNotes& notes);

// The first field of the carrying mail with that name; empty when there is none.
std::string_view header_value(const FailureMail& mail, std::string_view name);

bool is_sample_type(std::string_view media_type);   // message/rfc822 and its like
bool is_headers_type(std::string_view media_type);  // text/rfc822-headers and its like

// Two fields that every mail has, at the start of text.
bool looks_like_mail(std::string_view text);

// The sample among the parts, without those that are the report itself; nothing when none looks like mail.
std::optional<std::size_t> find_sample(const FailureMail& mail, std::optional<std::size_t> report_part,
                                       FailureNotes& notes);
model::FailureSample sample_of(const FailurePart& part, FailureNotes& notes);
// Of octets that came out of a text: how far they reach.
model::SampleExtent extent_of(std::string_view octets);

// A delivery status notification (RFC 3464), whatever it quotes.
bool is_bounce(const FailureMail& mail);
// Sent by a machine in answer to a mail (RFC 3834 section 5). Some gateways send their reports in this way, too.
bool is_machine_made(const FailureMail& mail);
// The subject has the words of an answer in front.
bool is_titled_as_answer(const FailureMail& mail);
// In-Reply-To or References.
bool is_in_answer(const FailureMail& mail);

}  // namespace ruaudit::parser
