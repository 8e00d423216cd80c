#include "store/outbox/failure_reader.hpp"

#include <algorithm>
#include <array>

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

// From the octet that opens a comment or a quoted word on, which the last octet closes.
void drop_enclosed(std::string& text, char open) {
  text.pop_back();
  auto at = text.rfind(open);
  while (at != std::string::npos && at > 0 && text[at - 1] == '\\') at = text.rfind(open, at - 1);
  text.erase(at == std::string::npos ? 0 : at);
}

// Takes away the local part at the end of `text`: words and quoted words with points between them, blanks and comments
// behind them (RFC 5322 section 4.4). Rather too much than too little: what stands before it without a blank goes, too.
void drop_local_part(std::string& text) {
  constexpr std::string_view ends = " \t\r\n<>()[],;:\"'";
  const auto is_word = [&] { return !text.empty() && ends.find(text.back()) == std::string_view::npos; };
  while (text.ends_with(' ') || text.ends_with('\t') || text.ends_with(')')) {
    if (text.ends_with(')'))
      drop_enclosed(text, '(');
    else
      text.pop_back();
  }
  while (text.ends_with('"') || is_word()) {
    if (text.ends_with('"')) {
      drop_enclosed(text, '"');
      continue;
    }
    char first = '.';
    for (; is_word(); text.pop_back()) first = text.back();
    if (first != '.') return;  // a quote before it is no part of it
  }
}

// Of addresses the domain alone: what a claim or a conclusion quotes may name people.
std::string without_local_parts(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '@') drop_local_part(out);
    out += c;
  }
  return out;
}

// Conclusions end with what a verifier says of a signature or a record. It may quote a local part without its address:
// i= of a signature, in quotation marks, or what a macro of SPF became, without them in those of former versions.
std::string without_quotation(std::string_view text) {
  constexpr std::string_view of_record = "Correct the SPF record of ";
  constexpr std::array phrases = {std::string_view(" cannot be used"), of_record};
  constexpr std::string_view own_end = ": by whom cannot be told.";
  for (const auto phrase : phrases) {
    const auto at = text.find(phrase);
    const auto colon = at == std::string_view::npos ? at : text.find(": ", at + phrase.size());
    if (colon == std::string_view::npos) continue;
    if (phrase != of_record && text.find_first_of("'\"@", colon) == std::string_view::npos) continue;
    return without_local_parts(text.substr(0, colon)).append(text.ends_with(own_end) ? own_end : ".");
  }
  return without_local_parts(text);
}

FactValue fact_of(const Statement& row, int column, FactKind kind) {
  if (row.is_null(column)) return std::monostate{};
  if (kind == FactKind::number) return row.integer(column);
  return kind == FactKind::text ? without_quotation(row.text(column)) : failure_hex(row.blob(column));
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
