// Everything that an answer of judgement depends on beside the facts in the database, as one text: two equal questions
// over equal facts have equal answers (store/kept/answers.hpp).
#pragma once
#include <string>
#include <string_view>

#include "jobs/overview/make_overview.hpp"

namespace ruaudit::jobs {

// Judgement asks for days and, of reports that are still to come, for hours: within an hour the answer stays.
// `snoozed`: the findings that the owner has snoozed. Error "services".
model::Result<std::string> question_about(std::string_view what, const OverviewOrder& order,
                                          const assess::SnoozedFindings& snoozed);

}  // namespace ruaudit::jobs
