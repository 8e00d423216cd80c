#include "cluster/rows/failure_rows.hpp"

#include <fmt/format.h>

#include "cluster/rows/pulled_rows.hpp"
#include "model/calendar.hpp"

namespace ruaudit::cluster {
namespace {

using store::failure_facts, store::FactKind;

constexpr std::array own_columns = {
    WantedColumn{"identity_key", Kind::text}, WantedColumn{"batch", Kind::number},
    WantedColumn{"ingester", Kind::number},   WantedColumn{"version_key", Kind::number},
    WantedColumn{"day", Kind::number},        WantedColumn{"identity", Kind::text},
    WantedColumn{"first_seen", Kind::number},
};

std::vector<WantedColumn> failure_columns() {
  std::vector<WantedColumn> columns(own_columns.begin(), own_columns.end());
  for (const auto& fact : failure_facts)
    columns.push_back({fact.name, fact.kind == FactKind::number ? Kind::number : Kind::text});
  return columns;
}

PulledFailure failure_of(const ReadBlock& block, std::size_t at) {
  RowReader row(block, at);
  PulledFailure pulled;
  auto& failure = pulled.failure;
  failure.key = row.octets<store::Digest>();
  pulled.batch = static_cast<std::uint64_t>(row.number());
  pulled.ingester = static_cast<std::uint64_t>(row.number());
  failure.failure_key = row.number();
  failure.day = model::day_text(row.number() * model::seconds_per_day);
  failure.identity = row.octets<store::ContentHash>();
  failure.first_seen = row.number();
  for (std::size_t i = 0; i < failure_facts.size(); ++i) {
    if (failure_facts[i].kind == FactKind::number) {
      if (const auto number = row.optional_number()) failure.facts[i] = *number;
    } else if (auto text = row.optional_text()) {
      failure.facts[i] = std::move(*text);
    }
  }
  return pulled;
}

}  // namespace

void FailureFactRows::add(const store::ShippedFailure& failure, const Header& header) {
  key_.add(failure.key);
  batch_.add(header.batch);
  ingester_.add(header.ingester);
  version_.add(header.version);
  day_.add(day_number_of(failure.day));
  identity_.add(failure.identity);
  first_seen_.add(failure.first_seen);
  for (std::size_t i = 0; i < failure_facts.size(); ++i) {
    const auto* const number = std::get_if<std::int64_t>(&failure.facts[i]);
    const auto* const text = std::get_if<std::string>(&failure.facts[i]);
    if (failure_facts[i].kind == FactKind::number)
      numbers_[i].add(number == nullptr ? std::nullopt : std::optional(*number));
    else
      texts_[i].add(text == nullptr ? std::nullopt : std::optional<std::string_view>(*text));
  }
  ++rows_;
}

Block FailureFactRows::block() const {
  Block block(rows_);
  block.add("identity_key", "FixedString(16)", key_.octets());
  block.add("batch", "UInt64", batch_.octets());
  block.add("ingester", "UInt64", ingester_.octets());
  block.add("version_key", "UInt64", version_.octets());
  block.add("day", "Date", day_.octets());
  block.add("identity", "FixedString(32)", identity_.octets());
  block.add("first_seen", "Int64", first_seen_.octets());
  for (std::size_t i = 0; i < failure_facts.size(); ++i) {
    const bool is_number = failure_facts[i].kind == FactKind::number;
    block.add(failure_facts[i].name, is_number ? "Nullable(Int64)" : "Nullable(String)",
              is_number ? numbers_[i].octets() : texts_[i].octets());
  }
  return block;
}

model::Result<std::vector<PulledFailure>> pull_failures(Client& client, const std::string& database,
                                                        const std::string& condition) {
  const auto columns = failure_columns();
  TRY(const auto octets,
      client.fetch(fmt::format("SELECT {} FROM {}.failure_local WHERE {}", select_list(columns), database, condition)));
  TRY(const auto blocks, read_native(octets, columns.size()));
  TRY_VOID(check_kinds(client, blocks, columns));
  std::vector<PulledFailure> failures;
  for (const auto& block : blocks)
    for (std::size_t row = 0; row < block.rows; ++row) failures.push_back(failure_of(block, row));
  return failures;
}

}  // namespace ruaudit::cluster
