#include "store/failure/writer.hpp"

#include <algorithm>
#include <array>

#include "model/part_path.hpp"

namespace ruaudit::store {
namespace {

constexpr std::array<std::string_view, 7> statement_texts = {
    "SELECT id FROM failure_report WHERE identity_key = ?",
    "SELECT sample_policy FROM failure_report WHERE id = ? AND ledger_id = ?",
    "UPDATE ledger_part SET failure_id = ? WHERE failure_id = ?",
    "DELETE FROM failure_dns WHERE result_id IN (SELECT id FROM failure_result WHERE failure_id = ?)",
    "DELETE FROM failure_evidence_line WHERE result_id IN (SELECT id FROM failure_result WHERE failure_id = ?)",
    "DELETE FROM failure_result WHERE failure_id = ?",
    "DELETE FROM failure_signature WHERE failure_id = ?"};

}  // namespace

model::Result<FailureWriter> FailureWriter::create(sqlite3* db) {
  TRY(auto rows, FailureRows::create(db));
  std::vector<Statement> s;
  for (const auto text : statement_texts) {
    TRY(auto prepared, Statement::prepare(db, text));
    s.push_back(std::move(prepared));
  }
  auto next = s.begin();
  const auto take = [&next] { return std::move(*next++); };
  return FailureWriter(std::move(rows), {take(), take(), take(), take(), take(), take(), take()});
}

Status FailureWriter::reload() {
  TRY(next_key_, query_integer(sqlite3_db_handle(statements_.find.handle()),
                               "SELECT coalesce(max(id), 0) + 1 FROM failure_report"));
  return {};
}

Status FailureWriter::begin_again(std::int64_t ledger_key, const std::vector<FormerPart>& parts) {
  former_.clear();
  for (const FormerPart& part : parts) {
    if (part.failure_key == 0 || part.outcome != Outcome::stored) continue;
    Former former{part.path, part.failure_key, SamplePolicy::headers};
    {
      Statement& owner = statements_.owner;
      ResetAtEnd reset(owner);
      TRY(const bool is_owner, owner.bind(1, part.failure_key).bind(2, ledger_key).step());
      if (!is_owner) continue;
      former.policy = model::parse_enum<SamplePolicy>(owner.text(0)).value_or(SamplePolicy::none);
    }
    TRY_VOID(rows_.remove(part.failure_key));
    former_.push_back(std::move(former));
  }
  return {};
}

model::Result<FailureWriter::Added> FailureWriter::add(const EncodedFailure& failure, FailureOrigin origin) {
  const auto former = std::find_if(former_.begin(), former_.end(), [&](const Former& one) {
    return model::path_without_names(one.path) == model::path_without_names(origin.part);
  });
  std::int64_t known = 0;
  {
    ResetAtEnd reset(statements_.find);
    TRY(const bool has_row, statements_.find.bind_blob(1, failure.identity_key).step());
    if (has_row) known = statements_.find.integer(0);
  }
  if (known != 0) {
    if (former != former_.end()) {
      TRY_VOID(redirect(former->failure_key, known));
      TRY_VOID(forget_results(former->failure_key));
      former_.erase(former);
    }
    return Added{Outcome::duplicate, known};
  }
  if (former != former_.end()) {
    origin.failure_key = former->failure_key;
    const SampleOrder ordered = origin.samples;
    origin.samples = ordered.binds_known ? stricter(ordered.policy, former->policy) : former->policy;
    former_.erase(former);
  } else {
    origin.failure_key = next_key_++;
  }
  TRY_VOID(rows_.insert(failure, origin));
  return Added{Outcome::stored, origin.failure_key};
}

Status FailureWriter::end_item() {
  for (const Former& former : former_) {
    TRY_VOID(redirect(former.failure_key, 0));
    TRY_VOID(forget_results(former.failure_key));
  }
  former_.clear();
  return {};
}

Status FailureWriter::redirect(std::int64_t from, std::int64_t to) {
  Statement& redirect = statements_.redirect;
  return redirect.bind_optional(1, to != 0 ? std::optional(to) : std::nullopt).bind(2, from).run();
}

Status FailureWriter::forget_results(std::int64_t failure_key) {
  for (Statement* statement : {&statements_.delete_dns, &statements_.delete_lines, &statements_.delete_results,
                               &statements_.delete_signatures})
    TRY_VOID(statement->bind(1, failure_key).run());
  return {};
}

}  // namespace ruaudit::store
