#include <string>
#include <unordered_map>
#include <utility>

#include "store/facts/patterns_detail.hpp"

namespace ruaudit::store {
namespace {

struct Identifiers {
  std::string header_from;
  std::optional<std::string> envelope_from;
};
using Verdicts = std::unordered_map<std::int64_t, model::AuthPattern>;

template <class Take>
Status each(sqlite3* db, std::string_view sql, const Take& take) {
  TRY(auto find, Statement::prepare(db, sql));
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return {};
    take(find);
  }
}

void take_result(model::AuthPattern& pattern, const Statement& row) {
  if (row.text(1) == "dkim") {
    pattern.signatures.push_back(
        {std::string(row.text(2)), std::string(row.text(3)),
         model::parse_enum<model::DkimResult>(row.text(5)).value_or(model::DkimResult::unknown)});
  } else {
    pattern.spf_results.push_back(
        {std::string(row.text(2)), model::parse_enum<model::SpfScope>(row.text(4)).value_or(model::SpfScope::unknown),
         model::parse_enum<model::SpfResult>(row.text(5)).value_or(model::SpfResult::unknown)});
  }
}

Status read_verdicts(sqlite3* db, Verdicts& verdicts) {
  TRY_VOID(each(db, "SELECT id, disposition, dkim, spf FROM verdict", [&](const Statement& row) {
    const auto at = verdicts.find(row.integer(0));
    if (at == verdicts.end()) return;
    at->second.disposition = model::parse_enum<model::Disposition>(row.text(1)).value_or(model::Disposition::unknown);
    at->second.dkim = model::parse_enum<model::AlignedResult>(row.text(2)).value_or(model::AlignedResult::unknown);
    at->second.spf = model::parse_enum<model::AlignedResult>(row.text(3)).value_or(model::AlignedResult::unknown);
  }));
  TRY_VOID(each(db,
                "SELECT verdict_id, mechanism, domain, coalesce(selector, ''), coalesce(scope, ''), result"
                " FROM auth_result ORDER BY verdict_id, n",
                [&](const Statement& row) {
                  const auto at = verdicts.find(row.integer(0));
                  if (at != verdicts.end()) take_result(at->second, row);
                }));
  return each(db, "SELECT verdict_id, type, coalesce(arc, '') FROM policy_override ORDER BY verdict_id, n",
              [&](const Statement& row) {
                const auto at = verdicts.find(row.integer(0));
                if (at == verdicts.end()) return;
                at->second.overrides.push_back(
                    model::parse_enum<model::OverrideType>(row.text(1)).value_or(model::OverrideType::unknown));
                at->second.has_arc_pass = at->second.has_arc_pass || row.text(2) == "pass";
              });
}

}  // namespace

model::Result<std::vector<model::AuthPattern>> read_patterns(sqlite3* db, const std::vector<PatternId>& ids) {
  std::unordered_map<std::int64_t, Identifiers> identifiers;
  Verdicts verdicts;
  for (const auto id : ids) {
    identifiers[id >> 32];
    verdicts[id & 0xffffffff];
  }
  TRY_VOID(each(db, "SELECT id, header_from, envelope_from FROM identifier_set", [&](const Statement& row) {
    const auto at = identifiers.find(row.integer(0));
    if (at == identifiers.end()) return;
    at->second.header_from = row.text(1);
    if (!row.is_null(2)) at->second.envelope_from = std::string(row.text(2));
  }));
  TRY_VOID(read_verdicts(db, verdicts));
  std::vector<model::AuthPattern> patterns;
  patterns.reserve(ids.size());
  for (const auto id : ids) {
    patterns.push_back(verdicts[id & 0xffffffff]);
    patterns.back().header_from = identifiers[id >> 32].header_from;
    patterns.back().envelope_from = identifiers[id >> 32].envelope_from;
  }
  return patterns;
}

}  // namespace ruaudit::store
