#include "store/failure/result_writer.hpp"

#include "model/fail_point.hpp"
#include "store/content/digest.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

std::span<const std::uint8_t> octets_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

constexpr std::string_view insert_result_sql =
    "INSERT INTO failure_result (failure_id, is_current, verified_at, judged_at, dns_time, tool_version, dmarc, "
    "dmarc_7489, policy, spf, spf_domain, spf_aligned, dkim, dkim_domain, dkim_aligned, arc, conclusion, mechanism, "
    "confidence, reason, summary, advice, disagreement, details) "
    "VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, "
    "?23)";

// What lies between the first result and the new one goes.
constexpr std::string_view former_sql =
    "SELECT id FROM failure_result WHERE failure_id = ?1 AND is_current = 0 AND id > "
    "(SELECT min(id) FROM failure_result WHERE failure_id = ?1)";

class ResultWriter {
 public:
  static model::Result<ResultWriter> create(sqlite3* db) {
    TRY(auto hasher, Hasher::create());
    ResultWriter writer(db, std::move(hasher));
    const struct {
      std::optional<Statement>& slot;
      std::string_view sql;
    } table[] = {{writer.retire_, "UPDATE failure_result SET is_current = 0 WHERE failure_id = ?1 AND is_current = 1"},
                 {writer.former_, former_sql},
                 {writer.drop_lines_, "DELETE FROM failure_evidence_line WHERE result_id = ?1"},
                 {writer.drop_dns_, "DELETE FROM failure_dns WHERE result_id = ?1"},
                 {writer.drop_result_, "DELETE FROM failure_result WHERE id = ?1"},
                 {writer.result_, insert_result_sql},
                 {writer.line_, "INSERT INTO failure_evidence_line (result_id, n, kind, text) VALUES (?1, ?2, ?3, ?4)"},
                 {writer.find_answer_, "SELECT id FROM dns_evidence WHERE digest = ?1"},
                 {writer.answer_, "INSERT INTO dns_evidence (digest, name, type, evidence) VALUES (?1, ?2, ?3, ?4)"},
                 {writer.link_, "INSERT INTO failure_dns (result_id, n, evidence_id) VALUES (?1, ?2, ?3)"},
                 {writer.signature_,
                  "INSERT OR IGNORE INTO failure_signature (failure_id, n, field, domain, selector, algorithm, value, "
                  "header_codec, "
                  "header_input, body_hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"}};
    for (const auto& [slot, sql] : table) {
      TRY(auto statement, Statement::prepare(db, sql));
      slot.emplace(std::move(statement));
    }
    return writer;
  }

  Status write(const FailureResult& result) {
    RUAUDIT_FAIL_POINT("reverify.store");
    TRY_VOID(retire(result.failure_key));
    TRY_VOID(insert(result));
    const std::int64_t key = sqlite3_last_insert_rowid(db_);
    std::int64_t n = 0;
    for (const auto& line : result.evidence)
      TRY_VOID(line_->bind(1, key).bind(2, n++).bind(3, line.kind).bind(4, line.text).run());
    n = 0;
    for (const auto& answer : result.answers) {
      TRY(const auto id, intern(answer));
      TRY_VOID(link_->bind(1, key).bind(2, n++).bind(3, id).run());
    }
    n = 0;
    for (const auto& signature : result.signatures) TRY_VOID(keep(result.failure_key, n++, signature));
    return {};
  }

 private:
  ResultWriter(sqlite3* db, Hasher hasher) : db_(db), hasher_(std::move(hasher)) {}

  Status retire(std::int64_t failure_key) {
    TRY_VOID(retire_->bind(1, failure_key).run());
    std::vector<std::int64_t> former;
    {
      const ResetAtEnd reset(*former_);
      former_->bind(1, failure_key);
      while (true) {
        TRY(const bool has_row, former_->step());
        if (!has_row) break;
        former.push_back(former_->integer(0));
      }
    }
    for (const auto id : former)
      for (auto* statement : {&drop_lines_, &drop_dns_, &drop_result_}) TRY_VOID((*statement)->bind(1, id).run());
    return {};
  }

  Status insert(const FailureResult& r) {
    auto& s = *result_;
    s.bind(1, r.failure_key).bind(2, r.verified_at).bind(3, r.judged_at).bind(4, r.dns_time).bind(5, r.tool_version);
    s.bind_optional(6, r.dmarc).bind_optional(7, r.dmarc_7489).bind_optional(8, r.policy).bind_optional(9, r.spf);
    s.bind_optional(10, r.spf_domain).bind_optional(11, r.spf_aligned).bind_optional(12, r.dkim);
    s.bind_optional(13, r.dkim_domain).bind_optional(14, r.dkim_aligned).bind_optional(15, r.arc);
    s.bind(16, r.conclusion).bind(17, r.mechanism).bind(18, r.confidence).bind(19, r.reason).bind(20, r.summary);
    s.bind_optional(21, r.advice).bind_optional(22, r.disagreement).bind(23, r.details);
    return s.run();
  }

  model::Result<std::int64_t> intern(const KeptAnswer& answer) {
    const Digest digest = hasher_.digest(answer.content);
    {
      const ResetAtEnd reset(*find_answer_);
      TRY(const bool is_known, find_answer_->bind_blob(1, digest).step());
      if (is_known) return find_answer_->integer(0);
    }
    TRY_VOID(answer_->bind_blob(1, digest).bind(2, answer.name).bind(3, answer.type).bind(4, answer.evidence).run());
    return sqlite3_last_insert_rowid(db_);
  }

  Status keep(std::int64_t failure_key, std::int64_t n, const KeptSignature& one) {
    auto& s = *signature_;
    s.bind(1, failure_key).bind(2, n).bind(3, one.field).bind(4, one.domain).bind(5, one.selector);
    s.bind(6, one.algorithm).bind(7, one.value).bind(8, std::string_view(one.is_digest ? "digest" : "raw"));
    s.bind_blob(9, octets_of(one.header_input));
    if (one.body_hash)
      s.bind_blob(10, octets_of(*one.body_hash));
    else
      s.bind_null(10);
    return s.run();
  }

  sqlite3* db_;
  Hasher hasher_;
  std::optional<Statement> retire_, former_, drop_lines_, drop_dns_, drop_result_, result_, line_, find_answer_,
      answer_, link_, signature_;
};

Status write_all(sqlite3* db, const std::vector<FailureResult>& results) {
  TRY(auto writer, ResultWriter::create(db));
  for (const auto& result : results) TRY_VOID(writer.write(result));
  return {};
}

}  // namespace

model::Result<void> write_failure_results(Database& database, const std::vector<FailureResult>& results) {
  sqlite3* db = database.handle();
  TRY_VOID(database.check_free_space());
  TRY_VOID(in_transaction(db, [&]() -> Status {
    TRY_VOID(write_all(db, results));
    RUAUDIT_FAIL_POINT("reverify.commit");
    return {};
  }));
  RUAUDIT_FAIL_POINT("reverify.committed");
  return database.checkpoint_if_due();
}

}  // namespace ruaudit::store
