#include "cluster/schema/views.hpp"

#include <fmt/format.h>

#include <array>

#include "cluster/schema/counted.hpp"

namespace ruaudit::cluster {
namespace {

// Fragments stand in braces: plain_fragments and the conditions of counted.hpp.
struct ViewTemplate {
  std::string_view name, text;
  bool is_of_shard;
};

struct Fragment {
  std::string_view name, text;
};

// Each may hold those above it.
constexpr Fragment plain_fragments[] = {
    // IPv4 addresses are kept as ::ffff:a.b.c.d, and shown as RFC 5952 has them.
    {"source_ip", "replaceRegexpOne(IPv6NumToString(source), '^::ffff:([0-9]+[.][0-9]+[.][0-9]+[.][0-9]+)$', '\\\\1')"},
    {"begin_at",
     "if(date_begin >= 0 AND date_begin < 4294967296, formatDateTime(toDateTime(assumeNotNull(date_begin)),"
     " '%Y-%m-%dT%H:%M:%SZ'), NULL)"},
    {"end_at",
     "if(date_end >= 0 AND date_end < 4294967296, formatDateTime(toDateTime(assumeNotNull(date_end)),"
     " '%Y-%m-%dT%H:%M:%SZ'), NULL)"},
    {"contradiction_reason",
     "concat(replaceRegexpOne(concat(if(bitAnd(self_check, 16) > 0, 'dkim_pass_unfounded ', ''), if(bitAnd(self_check,"
     " 32) > 0, 'dkim_fail_unfounded ', ''), if(bitAnd(self_check, 64) > 0, 'spf_pass_unfounded ', ''),"
     " if(bitAnd(self_check, 128) > 0, 'spf_fail_unfounded ', '')), ' $', ''), ' (', if(alignment_method = '', 'psl',"
     " toString(alignment_method)), if(suffix_list = '', '', concat(' ', toString(suffix_list))), ')')"},
    // Of seconds outside the days that a Date holds the first or the last of them (cluster/rows/rows.hpp).
    {"day_of_first", "toString(toDate(toDateTime(greatest(0, least(first, 4291747199)))))"},
    {"day_of_last", "toString(toDate(toDateTime(greatest(0, least(last, 4291747199)))))"},
    {"record_keys",
     "concat(lower(hex(identity_key)), '-', lower(hex(origin)), '-', toString(row_number)) AS record_key,"
     " concat(lower(hex(identity_key)), '-', lower(hex(origin))) AS report_key, row_number"},
    {"counted_flag", "toUInt8(({counted}) AND has_source = 1 AND message_count > 0) AS counted"},
    {"sums",
     "sum(message_count) AS messages, count() AS records, sum(if(dmarc_dkim = 'pass' OR dmarc_spf = 'pass',"
     " message_count, 0)) AS passed, sum(if(dmarc_dkim = 'pass' OR dmarc_spf = 'pass', 0, message_count)) AS failed,"
     " sum(if(dmarc_dkim = 'pass', message_count, 0)) AS dkim_aligned, sum(if(dmarc_spf = 'pass', message_count, 0)) AS"
     " spf_aligned, sum(if(disposition = 'reject', message_count, 0)) AS rejected, sum(if(disposition = 'quarantine',"
     " message_count, 0)) AS quarantined"},
    {"counted_rows", "FROM {db}.record WHERE {counted} AND has_source = 1 AND message_count > 0"},
    {"combination",
     "policy_domain, day, disposition, dmarc_dkim, dmarc_spf, dkim_auth, spf_auth, auth.mechanism, auth.domain,"
     " auth.selector, auth.scope, auth.result, auth.human_result, auth.human_lang, reason.type, reason.raw_type,"
     " reason.comment, reason.comment_lang, reason.arc, reason.arc_chain"},
    {"combinations",
     "(SELECT {combination}, sum(message_count) AS messages, uniqExact(source) AS sources {counted_rows} GROUP BY"
     " {combination})"},
    // The latest instance of an ARC chain.
    {"first_object", "substring(assumeNotNull(chain), 1, position(assumeNotNull(chain), '}'))"},
};

std::string replaced(std::string text, const std::string& name, const std::string& by) {
  for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + by.size()))
    text.replace(at, name.size(), by);
  return text;
}

constexpr ViewTemplate view_templates[] = {
    {"v_report",
     "SELECT concat(key_text, '-', lower(hex(origin))) AS report_key, toString(reporter) AS reporter,"
     " report_id, toString(policy_domain) AS policy_domain, date_begin, date_end, toString(day) AS day, org_name, "
     "email,"
     " extra_contact_info, generator, version, toString(xml_namespace) AS xml_namespace, nullIf(toString(p), '') AS p,"
     " nullIf(toString(sp), '') AS sp, nullIf(toString(np), '') AS np, nullIf(toString(adkim), '') AS adkim,"
     " nullIf(toString(aspf), '') AS aspf, pct, fo, testing, nullIf(toString(discovery_method), '') AS "
     "discovery_method,"
     " records, messages, is_counted AS counted, has_several AS conflict, damaged,"
     " toString(authenticity) AS authenticity, authenticated_as, received, unknown_elements, length(defect.code) AS"
     " defects, if(empty(error.text), NULL, arrayStringConcat(error.text, '\\n')) AS errors, key_text AS"
     " identity_key, lower(hex(content_hash)) AS content_hash, hash_version, authenticity_reason FROM (SELECT *, "
     "lower(hex(identity_key)) AS key_text, toUInt8({counted}) AS is_counted, toUInt8(identity_key IN"
     " {several}) AS has_several FROM {db}.report_local WHERE {kept})",
     true},
    {"v_record",
     "SELECT {record_keys}, toString(reporter) AS reporter, report_id, toString(policy_domain) AS policy_domain, "
     "date_begin, date_end,"
     " toString(day) AS day, if(has_source = 1, {source_ip}, NULL) AS source_ip, if(has_source = 1, source, NULL) AS "
     "source_key, nullIf(message_count, -1) AS message_count,"
     " toString(disposition) AS disposition, toString(dmarc_dkim) AS dmarc_dkim, toString(dmarc_spf) AS dmarc_spf,"
     " toString(dkim_auth) AS dkim_auth, toString(spf_auth) AS spf_auth, overridden, toString(header_from) AS "
     "header_from,"
     " envelope_from, envelope_to, if(bitAnd(self_check, 3) IN (1, 2), toUInt8(bitAnd(self_check, 3) = 1), NULL) AS"
     " our_dkim_aligned, if(bitAnd(self_check, 12) IN (4, 8), toUInt8(bitAnd(self_check, 12) = 4), NULL) AS"
     " our_spf_aligned, toUInt8(self_check > 15) AS contradiction, if(self_check > 15, {contradiction_reason}, NULL) AS"
     " contradiction_reason, {counted_flag}, toString(authenticity) AS authenticity, toUInt8(dmarc_dkim = 'pass' OR "
     "dmarc_spf = 'pass') AS "
     "passed,"
     " CAST(NULL AS Nullable(String)) AS organizational_domain, {begin_at} AS begin_at, {end_at} AS end_at FROM "
     "{db}.record_local WHERE {kept}",
     true},
    {"v_auth_result",
     "SELECT {record_keys}, n, toString(policy_domain) AS policy_domain, toString(day) AS day, if(has_source = 1, "
     "{source_ip}, NULL) AS source_ip, nullIf(message_count, -1) AS message_count, toString(header_from) AS "
     "header_from, toString(m)"
     " AS mechanism, d AS domain, s AS selector, nullIf(toString(c), '') AS scope, toString(r) AS result, h AS"
     " human_result, l AS human_lang, {counted_flag} FROM {db}.record_local ARRAY JOIN arrayEnumerate(auth.domain) AS "
     "n, auth.mechanism AS m, auth.domain AS d,"
     " auth.selector AS s, auth.scope AS c, auth.result AS r, auth.human_result AS h, auth.human_lang AS l WHERE "
     "{kept}",
     true},
    {"v_override",
     "SELECT {record_keys}, n, toString(policy_domain) AS policy_domain, toString(day) AS day, toString(reporter) AS "
     "reporter, if(has_source ="
     " 1, {source_ip}, NULL) AS source_ip, nullIf(message_count, -1) AS message_count, toString(header_from) AS "
     "header_from,"
     " toString(disposition) AS disposition, toString(t) AS type, raw AS raw_type, words AS comment, words_lang AS"
     " comment_lang, verdict AS arc, chain AS arc_chain, if(isNull(chain), NULL, visitParamExtractInt({first_object}, "
     "'i')) AS arc_instance, if(isNull(chain), NULL, visitParamExtractString({first_object}, 'd')) AS arc_domain, "
     "if(isNull(chain), NULL, visitParamExtractString({first_object}, 's')) AS arc_selector, remote AS arc_remote_ip, "
     "{counted_flag} FROM {db}.record_local ARRAY JOIN arrayEnumerate(reason.type) AS n, reason.type AS t, "
     "reason.raw_type AS raw,"
     " reason.comment AS words, reason.comment_lang AS words_lang, reason.arc AS verdict, reason.arc_chain AS chain,"
     " reason.arc_remote_ip AS remote WHERE {kept}",
     true},
    {"v_defect",
     "SELECT concat(lower(hex(identity_key)), '-', lower(hex(origin)), '-', toString(n)) AS defect_key,"
     " concat(lower(hex(identity_key)), '-', lower(hex(origin))) AS report_key, toString(reporter) AS reporter, "
     "report_id,"
     " toString(policy_domain) AS policy_domain, toString(day) AS day, nullIf(w, 0) AS row_number, nullIf(l, 0) AS "
     "line, c"
     " AS code, t AS detail FROM {db}.report_local ARRAY JOIN arrayEnumerate(defect.code) AS n, defect.row_number AS w,"
     " defect.line AS l, defect.code AS c, defect.detail AS t WHERE {kept}",
     true},
    {"v_failure",
     "SELECT concat(lower(hex(identity_key)), '-', lower(hex(origin))) AS failure_key, kind, reporter, received, at, "
     "toString(day) AS day, header_from, source_ip, incidents, container, dialect, auth_failure, identity_alignment, "
     "delivery_result, reported_domain, claimed_dkim_domain, claimed_dkim_selector, arrival_date, reporting_mta, "
     "user_agent, sample_extent, sample_size, sample_hash, redacted, sample_policy, conclusion, confidence, mechanism, "
     "reason, summary, advice, disagreement, if(isNull(conclusion), NULL, ifNull(dmarc, 'undecided')) AS dmarc, "
     "dmarc_7489, policy, if(isNull(conclusion), NULL, ifNull(spf, 'not_checked')) AS spf, spf_domain, spf_aligned, "
     "dkim, "
     "dkim_domain, dkim_aligned, arc, verified_at, judged_at, dns_time, lower(hex(ingester)) AS ingester, version_key "
     "AS "
     "ingester_key FROM {db}.failure_local WHERE {counted}",
     true},
    {"v_policy_history",
     "SELECT toString(policy_domain) AS policy_domain, toString(min(day)) AS first_day, toString(max(day)) AS last_day,"
     " count() AS reports, uniqExact(reporter) AS reporters, nullIf(toString(p), '') AS p, nullIf(toString(sp), '') AS "
     "sp,"
     " nullIf(toString(np), '') AS np, nullIf(toString(adkim), '') AS adkim, nullIf(toString(aspf), '') AS aspf, pct, "
     "fo,"
     " testing, nullIf(toString(discovery_method), '') AS discovery_method FROM {db}.report WHERE {counted} GROUP BY"
     " policy_domain, p, sp, np, adkim, aspf, pct, fo, testing, discovery_method",
     false},
    {"v_source_daily",
     "SELECT toString(policy_domain) AS policy_domain, toString(day) AS day, {source_ip} AS source_ip, {sums}, "
     "uniqExact(reporter) AS reporters {counted_rows} GROUP BY policy_domain, day, source",
     false},
    {"v_domain_daily",
     "SELECT toString(policy_domain) AS policy_domain, toString(day) AS day, {sums} {counted_rows} GROUP BY "
     "policy_domain, day",
     false},
    {"v_source_month",
     "SELECT toString(policy_domain) AS policy_domain, substring(toString(month_start), 1, 7) AS month, {source_ip} AS "
     "source_ip, messages, records, passed, failed, dkim_aligned, spf_aligned, rejected, quarantined,"
     " {day_of_first} AS first_day, {day_of_last} AS last_day FROM (SELECT"
     " policy_domain, toStartOfMonth(day) AS month_start, source, {sums}, min(ifNull(date_begin, ifNull(date_end, "
     "received))) AS first, max(ifNull(date_end, ifNull(date_begin, received)))"
     " AS last {counted_rows} GROUP BY policy_domain, month_start, source)",
     false},
    {"v_result_daily",
     "SELECT toString(policy_domain) AS policy_domain, toString(day) AS day, toString(m) AS mechanism, d AS domain, s "
     "AS"
     " selector, nullIf(toString(c), '') AS scope, toString(r) AS result, toString(disposition) AS disposition,"
     " toString(dmarc_dkim) AS dmarc_dkim, toString(dmarc_spf) AS dmarc_spf, messages, sources FROM {combinations} "
     "ARRAY JOIN auth.mechanism AS m, auth.domain AS d, auth.selector AS s, auth.scope AS c, auth.result AS r",
     false},
    {"v_override_daily",
     "SELECT toString(policy_domain) AS policy_domain, toString(day) AS day, toString(t) AS type, raw AS raw_type, "
     "words AS"
     " comment, verdict AS arc, if(isNull(chain), NULL, visitParamExtractString({first_object}, 'd')) AS arc_domain, "
     "toString(disposition) AS disposition, messages, sources FROM {combinations} ARRAY JOIN reason.type AS t, "
     "reason.raw_type AS raw, reason.comment AS words, reason.arc AS verdict,"
     " reason.arc_chain AS chain",
     false},
};

}  // namespace

std::string view_text(std::string_view text, const std::string& database, Moment until) {
  std::string out(text);
  for (const auto& one : view_templates)
    if (!one.is_of_shard) out = replaced(std::move(out), "{" + std::string(one.name) + "}", std::string(one.text));
  for (std::size_t i = std::size(plain_fragments); i-- > 0;)
    out = replaced(std::move(out), "{" + std::string(plain_fragments[i].name) + "}",
                   std::string(plain_fragments[i].text));
  out = replaced(std::move(out), "{kept}", kept_condition(database));
  out = replaced(std::move(out), "{counted}", counted_condition(database, until));
  out = replaced(std::move(out), "{several}", several_versions(database));
  return replaced(std::move(out), "{db}", database);
}

std::vector<ViewText> cluster_views(const std::string& database) {
  std::vector<ViewText> views;
  for (const auto& one : view_templates)
    views.push_back({std::string(one.name), view_text(one.text, database), one.is_of_shard});
  return views;
}

model::Result<void> make_views(Client& client, const Place& place) {
  const std::string& db = place.database;
  for (const auto& view : cluster_views(db)) {
    const std::string name = view.is_of_shard ? view.name + "_local" : view.name;
    TRY_VOID(client.run(fmt::format("DROP TABLE IF EXISTS {}.{}", db, view.name)));
    TRY_VOID(client.run(fmt::format("DROP TABLE IF EXISTS {}.{}", db, name)));
    TRY_VOID(client.run(fmt::format("CREATE VIEW {}.{} AS {}", db, name, view.select)));
    if (!view.is_of_shard) continue;
    TRY_VOID(client.run(fmt::format("CREATE TABLE {0}.{1} AS {0}.{2} ENGINE = Distributed({3}, {0}, {2})", db,
                                    view.name, name, place.name)));
  }
  return {};
}

}  // namespace ruaudit::cluster
