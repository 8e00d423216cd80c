#include "store/outbox/failure_reader.hpp"

#include <algorithm>

#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

constexpr int first_fact = 5;

std::string shipped_failure_sql() {
  std::string sql = "SELECT f.id, f.identity_key, f.day, l.first_seen, f.kind = 'auth-failure' AND r.id IS NULL";
  for (const auto& fact : failure_facts)
    sql += std::string(fact.table == FactTable::report ? ", f." : ", r.") + std::string(fact.column);
  return sql +
         " FROM failure_report f JOIN ledger l ON l.id = f.ledger_id LEFT JOIN failure_result r ON r.failure_id = f.id "
         "AND"
         " r.is_current = 1 WHERE f.id = ?1 AND substr(f.identity_key, 1, 16) = ?2";
}

std::string failure_hex(std::span<const std::uint8_t> octets) {
  std::string text;
  for (const auto octet : octets) {
    text += "0123456789abcdef"[octet >> 4U];
    text += "0123456789abcdef"[octet & 15U];
  }
  return text;
}

// Of addresses the domain alone: what a claim or a conclusion quotes may name people.
std::string without_local_parts(std::string_view text) {
  constexpr std::string_view ends = " \t\r\n<>\"'()[],;:=";
  std::string out;
  for (const char c : text) {
    if (c == '@')
      while (!out.empty() && ends.find(out.back()) == std::string_view::npos) out.pop_back();
    out += c;
  }
  return out;
}

FactValue fact_of(const Statement& row, int column, FactKind kind) {
  if (row.is_null(column)) return std::monostate{};
  if (kind == FactKind::number) return row.integer(column);
  return kind == FactKind::text ? without_local_parts(row.text(column)) : failure_hex(row.blob(column));
}

// Each fact with its kind and, where it is a text, its length: no two lists give the same octets.
void add_fact(std::string& octets, const FactValue& value) {
  octets += static_cast<char>(value.index());
  if (const auto* const number = std::get_if<std::int64_t>(&value)) octets += std::to_string(*number) + ";";
  if (const auto* const text = std::get_if<std::string>(&value)) octets += std::to_string(text->size()) + ":" + *text;
}

}  // namespace

struct FailureReader::State {
  Statement report;
  Hasher hasher;
};

FailureReader::FailureReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
FailureReader::FailureReader(FailureReader&&) noexcept = default;
FailureReader::~FailureReader() = default;

model::Result<FailureReader> FailureReader::create(const Database& database) {
  TRY(auto report, Statement::prepare(database.handle(), shipped_failure_sql()));
  TRY(auto hasher, Hasher::create());
  return FailureReader(std::make_unique<State>(State{std::move(report), std::move(hasher)}));
}

model::Result<std::optional<ShippedFailure>> FailureReader::report(std::int64_t failure_key, const Digest& key) {
  Statement& row = state_->report;
  ResetAtEnd reset(row);
  TRY(const bool has_row, row.bind(1, failure_key).bind_blob(2, key).step());
  if (!has_row) return std::optional<ShippedFailure>();
  ShippedFailure failure;
  failure.failure_key = row.integer(0);
  failure.key = key;
  const auto identity = row.blob(1);
  std::copy_n(identity.begin(), std::min(identity.size(), failure.identity.size()), failure.identity.begin());
  failure.day = row.text(2);
  failure.first_seen = row.integer(3);
  failure.is_open = row.integer(4) != 0;
  std::string content = "ruaudit failure facts 1";
  int column = first_fact;
  for (std::size_t i = 0; i < failure_facts.size(); ++i) {
    failure.facts[i] = fact_of(row, column++, failure_facts[i].kind);
    if (failure_facts[i].is_content) add_fact(content, failure.facts[i]);
  }
  failure.content_hash = state_->hasher.hash(content);
  return std::optional(std::move(failure));
}

}  // namespace ruaudit::store
