#include "jobs/mailbox/reused_ids.hpp"

#include <algorithm>
#include <cstdlib>

namespace ruaudit::jobs {
namespace {

using store::Acknowledgement;

enum class Sizes : std::uint8_t { unknown, same, different };

Sizes sizes_of(const ListedAgain& one, const ListedAgainFacts& facts) {
  constexpr std::int64_t line_end = 2;  // counted or not
  const auto told = static_cast<std::int64_t>(one.mail.octets);
  if (facts.has_estimated_sizes || told <= 0 || one.row.size == 0) return Sizes::unknown;
  return std::abs(told - one.row.size) > line_end ? Sizes::different : Sizes::same;
}

// It was fetched again under this name and was the same mail.
bool is_proven(const store::NamedMessage& row) { return row.attempts > 0 && row.seen_count > 1; }

bool is_due(const store::NamedMessage& row, const ListedAgainFacts& facts) {
  return row.acknowledgement == Acknowledgement::pending ||
         (row.acknowledgement == Acknowledgement::failed && row.last_attempt.value_or(0) < facts.failed_before);
}

// Whether the server gives names to other mails. One mail that was found to be the same in spite of its size proves
// that the server tells other sizes than it sends.
bool are_names_reused(std::span<const ListedAgain> known, const ListedAgainFacts& facts) {
  if (facts.has_lost_pending) return true;
  const auto differs = [&](const ListedAgain& one) { return sizes_of(one, facts) == Sizes::different; };
  const bool is_size_wrong = std::any_of(known.begin(), known.end(),
                                         [&](const ListedAgain& one) { return differs(one) && is_proven(one.row); });
  return !is_size_wrong && std::any_of(known.begin(), known.end(), [&](const ListedAgain& one) {
    return one.row.acknowledgement != Acknowledgement::none && differs(one);
  });
}

bool is_suspect(const ListedAgain& one, bool are_reused, const ListedAgainFacts& facts) {
  const Sizes sizes = sizes_of(one, facts);
  const bool is_same = sizes == Sizes::same && !one.mail.is_named_by_number;
  if (is_due(one.row, facts)) return !is_same || are_reused;
  const bool differs = sizes == Sizes::different;
  if (are_reused) return differs || !is_proven(one.row);
  if (one.row.acknowledgement == Acknowledgement::none) return false;
  return (!is_same && !is_proven(one.row)) || (differs && one.mail.is_named_by_number);
}

}  // namespace

std::vector<ListedAgain> to_fetch_again(std::span<const ListedAgain> known, const ListedAgainFacts& facts) {
  const bool are_reused = are_names_reused(known, facts);
  std::vector<ListedAgain> suspects;
  std::copy_if(known.begin(), known.end(), std::back_inserter(suspects),
               [&](const ListedAgain& one) { return is_suspect(one, are_reused, facts); });
  return suspects;
}

}  // namespace ruaudit::jobs
