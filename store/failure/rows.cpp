#include "store/failure/rows.hpp"

#include <array>

#include "model/ascii.hpp"
#include "model/calendar.hpp"
#include "store/failure/codec.hpp"
#include "store/failure/permitted.hpp"

namespace ruaudit::store {
namespace {

constexpr std::string_view insert_report_sql =
    "INSERT INTO failure_report (id, identity_key, identity_version, ledger_id, part, received, kind, container, "
    "dialect,"
    " reporter, incidents, at, day, header_from, sample_extent, sample_media_type, sample_encoding, sample_size,"
    " sample_hash, redacted, sample_policy, sample_state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
    "?13,"
    " ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, 'pending_verification')";

// What a policy may take words from.
constexpr std::string_view update_claims_sql =
    "UPDATE failure_report SET reporter_address = ?2, report_message_id = ?3, report_date = ?4, feedback_type = ?5,"
    " version = ?6, user_agent = ?7, auth_failure = ?8, raw_auth_failure = ?9, identity_alignment = ?10,"
    " delivery_result = ?11, raw_delivery_result = ?12, dkim_domain = ?13, dkim_identity = ?14, dkim_selector = ?15,"
    " original_envelope_id = ?16, original_mail_from = ?17, arrival_date = ?18, raw_arrival_date = ?19, source_ip = "
    "?20,"
    " raw_source_ip = ?21, source_port = ?22, reported_domain = ?23, reporting_mta = ?24 WHERE id = ?1";

constexpr std::array<std::string_view, 12> statement_texts = {
    insert_report_sql,
    update_claims_sql,
    "INSERT INTO failure_claim VALUES (?, ?, ?, ?)",
    "INSERT INTO failure_defect VALUES (?, ?, ?, ?, ?)",
    "INSERT INTO pending_failure VALUES (?, ?, ?, ?, ?)",
    "INSERT INTO failure_sample VALUES (?, ?, ?, ?, ?, ?)",
    "UPDATE failure_report SET sample_policy = ?, sample_state = ? WHERE id = ?",
    "DELETE FROM failure_claim WHERE failure_id = ?",
    "DELETE FROM failure_defect WHERE failure_id = ?",
    "DELETE FROM pending_failure WHERE failure_id = ?",
    "DELETE FROM failure_sample WHERE failure_id = ?",
    "DELETE FROM failure_report WHERE id = ?"};

std::span<const std::uint8_t> as_octets(const std::string& data) {
  return {reinterpret_cast<const std::uint8_t*>(data.data()), data.size()};
}

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

// RFC 6591 section 3.3 allows one; some senders give several.
std::optional<std::string> joined(const std::vector<model::AuthFailureClaim>& claims, bool is_raw) {
  std::optional<std::string> out;
  for (const auto& claim : claims) {
    const std::string word = is_raw ? claim.raw : std::string(model::to_text(claim.type));
    out = out ? *out + " " + word : word;
  }
  return out;
}

constexpr const char* make_key_sql =
    "INSERT INTO store_info VALUES ('redaction-key', lower(hex(randomblob(32)))) ON CONFLICT DO NOTHING";

}  // namespace

model::Result<Redactor> load_redactor(sqlite3* db) {
  for (const bool is_last : {false, true}) {
    TRY(auto select, Statement::prepare(db, "SELECT value FROM store_info WHERE name = 'redaction-key'"));
    TRY(const bool has_row, select.step());
    if (has_row || is_last) return Redactor::create(has_row ? std::string(select.text(0)) : std::string());
    TRY_VOID(execute(db, make_key_sql));  // an exported copy goes without
  }
  return Redactor::create({});
}

model::Result<FailureRows> FailureRows::create(sqlite3* db) {
  TRY(auto redactor, load_redactor(db));
  std::vector<Statement> s;
  for (const auto text : statement_texts) {
    TRY(auto prepared, Statement::prepare(db, text));
    s.push_back(std::move(prepared));
  }
  auto next = s.begin();
  const auto take = [&next] { return std::move(*next++); };
  return FailureRows({take(), take(), take(), take(), take(), take(), take(), take(), take(), take(), take(), take()},
                     std::move(redactor));
}

Status FailureRows::insert(const EncodedFailure& failure, const FailureOrigin& origin) {
  const auto& report = failure.report;
  const auto& claims = report.claims;
  const std::string reporter =
      !report.reporter.domain.empty() ? report.reporter.domain : claims.reporting_mta.value_or("");
  const std::string day = model::day_text(failure.facts.at);
  Statement& row = statements_.insert_report;
  row.bind(1, origin.failure_key).bind_blob(2, failure.identity_key).bind(3, failure_identity_version);
  row.bind(4, origin.ledger_key).bind(5, origin.part).bind(6, origin.received).bind(7, model::to_text(report.kind));
  row.bind(8, model::to_text(report.container)).bind(9, model::to_text(report.dialect)).bind(10, reporter);
  row.bind(11, claims.incidents.value_or(1)).bind(12, failure.facts.at).bind(13, day);
  row.bind_optional(14, failure.facts.header_from).bind(15, model::to_text(report.sample.extent));
  row.bind(16, report.sample.media_type).bind(17, report.sample.transfer_encoding);
  row.bind(18, failure.sample.size);
  if (report.sample.extent == model::SampleExtent::none)
    row.bind_null(19);
  else
    row.bind_blob(19, failure.sample_hash);
  row.bind(20, report.redactions.empty() ? 0 : 1).bind(21, model::to_text(origin.samples.policy));
  TRY_VOID(row.run());
  Statement& pending = statements_.insert_pending;
  pending.bind(1, origin.failure_key).bind_blob(2, as_octets(failure.claims.data)).bind(3, failure.claims.size);
  TRY_VOID(pending.bind_blob(4, as_octets(failure.sample.data)).bind(5, failure.sample.size).run());
  return write_claims(origin.failure_key, permitted(report, origin.samples.policy, redactor_));
}

Status FailureRows::reduce(std::int64_t failure_key, const model::FailureReport& report, SamplePolicy policy) {
  const auto left = permitted(report, policy, redactor_);
  TRY_VOID(statements_.delete_claims.bind(1, failure_key).run());
  TRY_VOID(statements_.delete_defects.bind(1, failure_key).run());
  TRY_VOID(statements_.delete_sample.bind(1, failure_key).run());
  TRY_VOID(statements_.delete_pending.bind(1, failure_key).run());
  TRY_VOID(write_claims(failure_key, left));
  const auto claims = compressed(encode_claims(left));
  const auto sample = compressed(left.sample.octets);
  Statement& row = statements_.insert_sample;
  row.bind(1, failure_key).bind(2, model::to_text(policy)).bind_blob(3, as_octets(claims.data)).bind(4, claims.size);
  TRY_VOID(row.bind_blob(5, as_octets(sample.data)).bind(6, sample.size).run());
  const auto state = policy == SamplePolicy::full ? SampleState::kept : SampleState::cut;
  Statement& set = statements_.set_state;
  return set.bind(1, model::to_text(policy)).bind(2, model::to_text(state)).bind(3, failure_key).run();
}

Status FailureRows::remove(std::int64_t failure_key) {
  for (Statement* statement : {&statements_.delete_claims, &statements_.delete_defects, &statements_.delete_pending,
                               &statements_.delete_sample, &statements_.delete_report})
    TRY_VOID(statement->bind(1, failure_key).run());
  return {};
}

Status FailureRows::write_claims(std::int64_t failure_key, const model::FailureReport& permitted) {
  const auto& c = permitted.claims;
  const auto& by = permitted.reporter;
  const auto address = unless_empty(by.address), message_id = unless_empty(by.message_id);
  const auto type = unless_empty(c.feedback_type), delivery = unless_empty(c.raw_delivery_result);
  const auto failures = joined(c.auth_failures, false), raw_failures = joined(c.auth_failures, true);
  std::optional<std::string> ip, first_domain;
  if (c.source_ip) ip = c.source_ip->to_string();
  if (!c.reported_domains.empty()) first_domain = c.reported_domains.front();
  Statement& row = statements_.update_claims;
  row.bind(1, failure_key).bind_optional(2, address).bind_optional(3, message_id).bind_optional(4, by.date_epoch);
  row.bind_optional(5, type).bind_optional(6, c.version).bind_optional(7, c.user_agent).bind_optional(8, failures);
  row.bind_optional(9, raw_failures).bind_optional(10, c.identity_alignment).bind_null(11).bind_optional(12, delivery);
  if (c.delivery_result) row.bind(11, model::to_text(*c.delivery_result));
  row.bind_optional(13, c.dkim_domain).bind_optional(14, c.dkim_identity).bind_optional(15, c.dkim_selector);
  row.bind_optional(16, c.original_envelope_id).bind_optional(17, c.original_mail_from);
  row.bind_optional(18, c.arrival_date).bind_optional(19, c.raw_arrival_date).bind_optional(20, ip);
  row.bind_optional(21, c.raw_source_ip).bind_null(22).bind_optional(23, first_domain);
  if (c.source_port) row.bind(22, static_cast<std::int64_t>(*c.source_port));
  TRY_VOID(row.bind_optional(24, c.reporting_mta).run());
  TRY_VOID(write_lists(failure_key, permitted));
  return write_defects(failure_key, permitted);
}

Status FailureRows::write_lists(std::int64_t failure_key, const model::FailureReport& permitted) {
  const auto& c = permitted.claims;
  std::int64_t n = 0;
  Statement& row = statements_.insert_claim;
  const auto add = [&](std::string_view name, std::string_view value) {
    return row.bind(1, failure_key).bind(2, ++n).bind(3, name).bind(4, value).run();
  };
  for (const auto& value : c.authentication_results) TRY_VOID(add("authentication-results", value));
  for (const auto& record : c.spf_dns) TRY_VOID(add("spf-dns", record.raw));
  if (c.dkim_selector_dns) TRY_VOID(add("dkim-selector-dns", c.dkim_selector_dns->raw));
  if (c.dkim_adsp_dns) TRY_VOID(add("dkim-adsp-dns", c.dkim_adsp_dns->raw));
  for (const auto& value : c.original_rcpt_to) TRY_VOID(add("original-rcpt-to", value));
  for (const auto& value : c.reported_domains) TRY_VOID(add("reported-domain", value));
  for (const auto& value : c.reported_uris) TRY_VOID(add("reported-uri", value));
  for (const auto& field : c.other_fields) {
    std::string name = field.name;
    ascii::lower_in_place(name);
    TRY_VOID(add(name, field.value));
  }
  return {};
}

Status FailureRows::write_defects(std::int64_t failure_key, const model::FailureReport& permitted) {
  std::int64_t n = 0;
  Statement& row = statements_.insert_defect;
  const auto add = [&](std::int64_t line, std::string_view code, std::string_view detail) {
    return row.bind(1, failure_key).bind(2, ++n).bind(3, line).bind(4, code).bind(5, detail).run();
  };
  for (const auto& defect : permitted.defects)
    TRY_VOID(add(static_cast<std::int64_t>(defect.line), defect.code, defect.detail));
  for (const auto& trace : permitted.redactions)
    TRY_VOID(add(0, "redaction", trace.evidence.empty() ? trace.where : trace.where + ": " + trace.evidence));
  return {};
}

}  // namespace ruaudit::store
