#include "cluster/rows/pulled_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cluster/rows/words.hpp"
#include "model/calendar.hpp"

namespace ruaudit::cluster {
namespace {

using OptionalString = std::optional<std::string>;

constexpr std::array report_columns = {
    WantedColumn{"identity_key", Kind::text},
    WantedColumn{"batch", Kind::number},
    WantedColumn{"ingester", Kind::number},
    WantedColumn{"content_hash", Kind::text},
    WantedColumn{"hash_version", Kind::number},
    WantedColumn{"day", Kind::number},
    WantedColumn{"reporter", Kind::text},
    WantedColumn{"report_id", Kind::text},
    WantedColumn{"policy_domain", Kind::text},
    WantedColumn{"org_name", Kind::text},
    WantedColumn{"email", Kind::text},
    WantedColumn{"xml_namespace", Kind::text},
    WantedColumn{"extra_contact_info", Kind::text},
    WantedColumn{"extra_contact_lang", Kind::text},
    WantedColumn{"generator", Kind::text},
    WantedColumn{"version", Kind::text},
    WantedColumn{"fo", Kind::text},
    WantedColumn{"authenticated_as", Kind::text},
    WantedColumn{"authenticity_reason", Kind::text},
    WantedColumn{"p", Kind::text},
    WantedColumn{"sp", Kind::text},
    WantedColumn{"np", Kind::text},
    WantedColumn{"adkim", Kind::text},
    WantedColumn{"aspf", Kind::text},
    WantedColumn{"discovery_method", Kind::text},
    WantedColumn{"alignment_method", Kind::text},
    WantedColumn{"suffix_list", Kind::text},
    WantedColumn{"date_begin", Kind::number},
    WantedColumn{"date_end", Kind::number},
    WantedColumn{"pct", Kind::number},
    WantedColumn{"testing", Kind::number},
    WantedColumn{"received", Kind::number},
    WantedColumn{"records", Kind::number},
    WantedColumn{"messages", Kind::number},
    WantedColumn{"unknown_elements", Kind::number},
    WantedColumn{"first_seen", Kind::number},
    WantedColumn{"damaged", Kind::number},
    WantedColumn{"authenticity", Kind::number},
    WantedColumn{"error.text", Kind::texts},
    WantedColumn{"error.lang", Kind::texts},
    WantedColumn{"defect.row_number", Kind::numbers},
    WantedColumn{"defect.line", Kind::numbers},
    WantedColumn{"defect.code", Kind::texts},
    WantedColumn{"defect.detail", Kind::texts},
};

constexpr std::array record_columns = {
    WantedColumn{"identity_key", Kind::text},         WantedColumn{"batch", Kind::number},
    WantedColumn{"row_number", Kind::number},         WantedColumn{"source", Kind::text},
    WantedColumn{"has_source", Kind::number},         WantedColumn{"message_count", Kind::number},
    WantedColumn{"disposition", Kind::number},        WantedColumn{"dmarc_dkim", Kind::number},
    WantedColumn{"dmarc_spf", Kind::number},          WantedColumn{"dkim_auth", Kind::number},
    WantedColumn{"spf_auth", Kind::number},           WantedColumn{"overridden", Kind::number},
    WantedColumn{"self_check", Kind::number},         WantedColumn{"header_from", Kind::text},
    WantedColumn{"envelope_from", Kind::text},        WantedColumn{"envelope_to", Kind::text},
    WantedColumn{"auth.mechanism", Kind::numbers},    WantedColumn{"auth.domain", Kind::texts},
    WantedColumn{"auth.selector", Kind::texts},       WantedColumn{"auth.scope", Kind::numbers},
    WantedColumn{"auth.result", Kind::numbers},       WantedColumn{"auth.human_result", Kind::texts},
    WantedColumn{"auth.human_lang", Kind::texts},     WantedColumn{"reason.type", Kind::numbers},
    WantedColumn{"reason.raw_type", Kind::texts},     WantedColumn{"reason.comment", Kind::texts},
    WantedColumn{"reason.comment_lang", Kind::texts},
};

bool is_of_kind(const ReadColumn& column, Kind kind, std::uint64_t rows) {
  const bool is_array = kind == Kind::texts || kind == Kind::numbers;
  const bool is_text = kind == Kind::text || kind == Kind::texts;
  if (is_array != !column.ends.empty()) return false;
  const auto values = is_array ? column.ends.back() : rows;
  return (is_text ? column.texts.size() : column.numbers.size()) == values;
}

bool is_group_start(std::string_view name, std::string_view before) {
  return name.substr(0, name.find('.')) != before.substr(0, before.find('.'));
}

void read_lists(const ReadBlock& block, std::size_t row, store::ShippedReport& report) {
  constexpr std::size_t errors = 38, defects = 40;
  const auto& columns = block.columns;
  for (std::size_t i = columns[errors].first_of(row); i < columns[errors].ends[row]; ++i)
    report.errors.push_back({std::string(columns[errors].texts[i]), std::string(columns[errors + 1].texts[i])});
  for (std::size_t i = columns[defects].first_of(row); i < columns[defects].ends[row]; ++i)
    report.defects.push_back({columns[defects].numbers[i], columns[defects + 1].numbers[i],
                              std::string(columns[defects + 2].texts[i]), std::string(columns[defects + 3].texts[i])});
}

PulledReport report_of(const ReadBlock& block, std::size_t at) {
  RowReader row(block, at);
  PulledReport pulled;
  auto& r = pulled.report;
  r.identity_key = row.octets<store::Digest>();
  pulled.batch = static_cast<std::uint64_t>(row.number());
  pulled.ingester = static_cast<std::uint64_t>(row.number());
  r.content_hash = row.octets<store::ContentHash>();
  r.hash_version = row.number();
  r.day = model::day_text(row.number() * model::seconds_per_day);
  for (auto* const text : {&r.reporter, &r.report_id, &r.policy_domain, &r.org_name, &r.email, &r.xml_namespace})
    *text = row.text();
  for (auto* const text : {&r.extra_contact_info, &r.extra_contact_lang, &r.generator, &r.version, &r.fo,
                           &r.authenticated_as, &r.authenticity_reason})
    *text = row.optional_text();
  for (auto* const text :
       {&r.p, &r.sp, &r.np, &r.adkim, &r.aspf, &r.discovery_method, &r.alignment_method, &r.suffix_list})
    *text = row.text_or_absent();
  for (auto* const number : {&r.date_begin, &r.date_end, &r.pct, &r.testing}) *number = row.optional_number();
  for (auto* const number : {&r.received, &r.records, &r.messages, &r.unknown_elements, &r.first_seen})
    *number = row.number();
  r.is_damaged = row.number() != 0;
  r.authenticity = word_at(authenticity_words, row.number());
  read_lists(block, at, r);
  return pulled;
}

void read_verdict_lists(const ReadBlock& block, std::size_t row, store::ShippedVerdict& verdict) {
  constexpr std::size_t results = 16, reasons = 23;
  const auto& c = block.columns;
  verdict.results.clear();
  for (std::size_t i = c[results].first_of(row); i < c[results].ends[row]; ++i) {
    auto scope = word_at(scope_words, c[results + 3].numbers[i]);
    verdict.results.push_back({.mechanism = word_at(mechanism_words, c[results].numbers[i]),
                               .domain = std::string(c[results + 1].texts[i]),
                               .result = word_at(result_words, c[results + 4].numbers[i]),
                               .selector = owned_at(c[results + 2], i),
                               .scope = scope.empty() ? std::nullopt : OptionalString(std::move(scope)),
                               .human_result = owned_at(c[results + 5], i),
                               .human_lang = owned_at(c[results + 6], i)});
  }
  verdict.overrides.clear();
  for (std::size_t i = c[reasons].first_of(row); i < c[reasons].ends[row]; ++i)
    verdict.overrides.push_back({.type = word_at(override_words, c[reasons].numbers[i]),
                                 .raw_type = std::string(c[reasons + 1].texts[i]),
                                 .comment = owned_at(c[reasons + 2], i),
                                 .comment_lang = owned_at(c[reasons + 3], i),
                                 .arc = {},
                                 .arc_chain = {},
                                 .arc_remote_ip = {}});
}

// Octets as they are kept in texts.
std::span<const std::uint8_t> octets_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()),
          text.size()};  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast)
}

store::ShippedRecord record_of(const ReadBlock& block, std::size_t row, store::ShippedVerdict& verdict) {
  const auto& c = block.columns;
  store::ShippedRecord record;
  record.row_number = c[2].numbers[row];
  if (c[4].numbers[row] != 0) record.source = octets_of(c[3].texts[row]);
  record.count = c[5].numbers[row];
  verdict.disposition = word_at(disposition_words, c[6].numbers[row]);
  verdict.dkim = word_at(evaluated_words, c[7].numbers[row]);
  verdict.spf = word_at(evaluated_words, c[8].numbers[row]);
  verdict.dkim_auth = word_at(auth_words, c[9].numbers[row]);
  verdict.spf_auth = word_at(auth_words, c[10].numbers[row]);
  verdict.is_overridden = c[11].numbers[row] != 0;
  record.self_check = c[12].numbers[row];
  record.header_from = c[13].texts[row];
  record.envelope_from = c[14].text(row);
  record.envelope_to = c[15].text(row);
  read_verdict_lists(block, row, verdict);
  record.verdict = &verdict;
  return record;
}

std::string_view view_of(const store::Digest& key) {
  return {reinterpret_cast<const char*>(key.data()),
          key.size()};  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast)
}

}  // namespace

std::string select_list(std::span<const WantedColumn> columns) {
  std::string list;
  for (const auto& column : columns) list += fmt::format("{}`{}`", list.empty() ? "" : ", ", column.name);
  return list;
}

model::Result<void> check_kinds(const Client& client, const std::vector<ReadBlock>& blocks,
                                std::span<const WantedColumn> wanted) {
  for (const auto& block : blocks)
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const bool has_kind = is_of_kind(block.columns[i], wanted[i].kind, block.rows);
      const bool is_alone =
          block.columns[i].ends.empty() || i == 0 || is_group_start(wanted[i].name, wanted[i - 1].name);
      if (!has_kind || (!is_alone && block.columns[i].ends != block.columns[i - 1].ends))
        return model::failure("cluster-refused",
                              fmt::format("{}: the column {} is not what was asked for", client.url(), wanted[i].name),
                              "run `ruaudit cluster check`");
    }
  return {};
}

std::string word_at(Words words, std::int64_t place) {
  return place >= 0 && static_cast<std::size_t>(place) < words.size()
             ? std::string(words[static_cast<std::size_t>(place)])
             : std::string("unknown");
}

OptionalString owned_at(const ReadColumn& column, std::size_t at) {
  const auto value = column.text(at);
  return value ? OptionalString(*value) : std::nullopt;
}

model::Result<std::vector<PulledReport>> pull_reports(Client& client, const std::string& database,
                                                      const std::string& condition) {
  TRY(const auto octets, client.fetch(fmt::format("SELECT {} FROM {}.report_local WHERE {}",
                                                  select_list(report_columns), database, condition)));
  TRY(const auto blocks, read_native(octets, report_columns.size()));
  TRY_VOID(check_kinds(client, blocks, report_columns));
  std::vector<PulledReport> reports;
  for (const auto& block : blocks)
    for (std::size_t row = 0; row < block.rows; ++row) reports.push_back(report_of(block, row));
  return reports;
}

model::Result<PulledRecords> PulledRecords::read(Client& client, const std::string& database,
                                                 const std::string& condition, std::uint64_t most) {
  PulledRecords records;
  TRY(records.octets_,
      client.fetch(fmt::format("SELECT {} FROM {}.record_local WHERE {} ORDER BY identity_key, batch, row_number{}",
                               select_list(record_columns), database, condition,
                               most == 0 ? std::string() : fmt::format(" LIMIT {}", most))));
  TRY(records.blocks_, read_native(records.octets_, record_columns.size()));
  TRY_VOID(check_kinds(client, records.blocks_, record_columns));
  for (std::uint32_t block = 0; block < records.blocks_.size(); ++block)
    for (std::uint32_t row = 0; row < records.blocks_[block].rows; ++row) records.rows_.push_back({block, row});
  // One merged stream is in order; whoever changes that is set right here.
  std::stable_sort(records.rows_.begin(), records.rows_.end(), [&records](const Row& a, const Row& b) {
    const auto rank = [&records](const Row& one) {
      return std::tuple(records.key_of(one), records.batch_of(one),
                        records.blocks_[one.block].columns[2].numbers[one.row]);
    };
    return rank(a) < rank(b);
  });
  return records;
}

std::string_view PulledRecords::key_of(const Row& row) const { return blocks_[row.block].columns[0].texts[row.row]; }
std::uint64_t PulledRecords::batch_of(const Row& row) const {
  return static_cast<std::uint64_t>(blocks_[row.block].columns[1].numbers[row.row]);
}

model::Result<std::int64_t> PulledRecords::each(const store::Digest& identity_key, std::uint64_t batch,
                                                const Take& take) const {
  const auto wanted = std::pair(view_of(identity_key), batch);
  auto at = std::lower_bound(rows_.begin(), rows_.end(), wanted, [this](const Row& row, const auto& key) {
    return std::pair(key_of(row), batch_of(row)) < key;
  });
  std::int64_t last = 0;
  store::ShippedVerdict verdict;
  for (; at != rows_.end() && std::pair(key_of(*at), batch_of(*at)) == wanted; ++at) {
    const auto record = record_of(blocks_[at->block], at->row, verdict);
    if (record.row_number == last) continue;  // sent twice and not merged yet
    last = record.row_number;
    TRY_VOID(take(record));
  }
  return last;
}

}  // namespace ruaudit::cluster
