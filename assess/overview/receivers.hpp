// What Gmail, Yahoo and Outlook.com require of bulk senders, by the owner's own rows in their reports
// (docs/policy.md has the sources). Only what they report is known: mail that they refused before DMARC, or that they
// do not report, is missing.
#pragma once
#include <functional>
#include <span>
#include <vector>

#include "model/overview.hpp"
#include "model/receiver_rows.hpp"

namespace ruaudit::assess {

inline constexpr std::int64_t bulk_messages = 5'000;  // a day, the limit of all three
inline constexpr int near_percent = 80;               // of it: as good as above, since not all mail is reported

// Rows of one policy domain. Receivers without own rows are left out.
std::vector<model::ReceiverShare> receiver_shares(std::span<const model::ReceiverRow* const> rows,
                                                  const model::PolicyState& policy);

}  // namespace ruaudit::assess
