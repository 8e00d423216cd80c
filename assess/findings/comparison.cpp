#include "assess/findings/comparison.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace ruaudit::assess {
namespace {

using model::DigestItem;
using model::Finding;
using model::FindingState;
using model::ToldFinding;

using Told = std::map<std::string, const ToldFinding*>;

bool is_about_the_same(const Finding& a, const Finding& b) {
  if (a.kind != b.kind || a.domain != b.domain || a.is_said_once != b.is_said_once) return false;
  const bool share = std::any_of(a.subject.sources.begin(), a.subject.sources.end(), [&](const auto& source) {
    return std::find(b.subject.sources.begin(), b.subject.sources.end(), source) != b.subject.sources.end();
  });
  return share && a.subject.service == b.subject.service;
}

// Gives a finding without a past the id of an open one that is missing and means the same.
void keep_ids(std::vector<Finding>& now, const Told& told) {
  std::set<std::string> ids;
  for (const Finding& finding : now) ids.insert(finding.id);
  for (Finding& finding : now) {
    if (finding.is_said_once) continue;
    const auto own = told.find(finding.id);
    if (own != told.end() && own->second->is_open) continue;
    for (const auto& [id, before] : told) {
      if (!before->is_open || ids.contains(id) || !is_about_the_same(finding, before->finding)) continue;
      finding.id = id;
      ids.insert(id);
      break;
    }
  }
}

// A sender that was told as new stays told, whichever of its addresses is the busiest now.
bool was_said(const Finding& finding, const Told& told) {
  if (!finding.is_said_once) return false;
  if (told.contains(finding.id)) return true;
  if (finding.kind != model::FindingKind::new_sender && finding.kind != model::FindingKind::forwarding) return false;
  return std::any_of(told.begin(), told.end(),
                     [&](const auto& before) { return is_about_the_same(finding, before.second->finding); });
}

DigestItem item_of(Finding finding, const Told& told, std::int64_t time) {
  const auto at = told.find(finding.id);
  DigestItem item{.finding = std::move(finding), .first_told = time};
  if (at == told.end()) return item;
  const ToldFinding& before = *at->second;
  item.is_back = !before.is_open;
  if (!before.is_open) return item;
  item.state = item.finding.severity > before.finding.severity ? FindingState::worse : FindingState::open;
  item.first_told = before.first_told;
  item.nights = before.nights + 1;
  return item;
}

DigestItem resolved(const ToldFinding& before) {
  return {.finding = before.finding,
          .state = FindingState::resolved,
          .first_told = before.first_told,
          .nights = before.nights + 1};
}

int rank(FindingState state) {
  switch (state) {
    case FindingState::fresh:
      return 0;
    case FindingState::worse:
      return 1;
    case FindingState::resolved:
      return 2;
    case FindingState::open:
      return 3;
  }
  return 4;
}

// Snoozed ones stay in the list and are marked; a done one that still holds is told as back.
void apply(const std::vector<model::Care>& care, std::vector<DigestItem>& items, std::int64_t time) {
  for (const model::Care& word : care)
    for (DigestItem& item : items) {
      if (item.finding.id != word.finding_id) continue;
      if (word.word == model::CareWord::snoozed) item.is_snoozed = !word.until || *word.until > time;
      if (word.word == model::CareWord::done && item.state == FindingState::fresh) item.is_back = true;
    }
}

Told by_id(const std::vector<ToldFinding>& told) {
  Told out;
  for (const ToldFinding& finding : told) out[finding.finding.id] = &finding;
  return out;
}

}  // namespace

std::string told_id(std::vector<Finding> now, std::size_t at, const std::vector<ToldFinding>& told) {
  keep_ids(now, by_id(told));
  return std::move(now.at(at).id);
}

std::vector<DigestItem> compare(std::vector<Finding> now, const std::vector<ToldFinding>& told,
                                const std::vector<model::Care>& care, std::int64_t time) {
  const Told before = by_id(told);
  keep_ids(now, before);
  std::vector<DigestItem> items;
  std::set<std::string> here;
  for (Finding& finding : now) {
    here.insert(finding.id);
    if (was_said(finding, before)) continue;
    items.push_back(item_of(std::move(finding), before, time));
  }
  for (const ToldFinding& finding : told)
    if (finding.is_open && !here.contains(finding.finding.id)) items.push_back(resolved(finding));
  apply(care, items, time);
  std::stable_sort(items.begin(), items.end(),
                   [](const DigestItem& a, const DigestItem& b) { return rank(a.state) < rank(b.state); });
  return items;
}

}  // namespace ruaudit::assess
