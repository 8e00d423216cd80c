-- The views analysts read; docs/schema.md documents every column and promises their stability. They are dropped and
-- created again by each migration. A report's records are the range of record ids that starts at its id * 2^24: both
-- conditions of that join are written, so that SQLite can walk it from either side.

CREATE VIEW v_report AS
SELECT p.id AS report_key, rp.name AS reporter, p.report_id, d.name AS policy_domain, p.date_begin, p.date_end, p.day,
       p.org_name, p.email, p.extra_contact_info, p.generator, p.version, p.xml_namespace,
       o.p, o.sp, o.np, o.adkim, o.aspf, o.pct, o.fo, o.testing, o.discovery_method,
       p.records, p.messages, p.counted, p.conflict, p.damaged, p.authenticity, p.authenticated_as, p.received,
       p.unknown_elements, (SELECT count(*) FROM defect x WHERE x.report_id = p.id) AS defects,
       (SELECT group_concat(e.text, char(10)) FROM report_error e WHERE e.report_id = p.id) AS errors,
       lower(hex(p.identity_key)) AS identity_key, lower(hex(p.content_hash)) AS content_hash, p.hash_version,
       p.authenticity_reason
FROM report p JOIN reporter rp ON rp.id = p.reporter_id JOIN domain d ON d.id = p.domain_id
     JOIN policy o ON o.id = p.policy_id;

CREATE VIEW v_record AS
SELECT r.id AS record_key, p.id AS report_key, r.row_number, rp.name AS reporter, p.report_id,
       d.name AS policy_domain, p.date_begin, p.date_end, p.day, s.text AS source_ip, s.key AS source_key,
       r.count AS message_count, v.disposition, v.dkim AS dmarc_dkim, v.spf AS dmarc_spf, v.dkim_auth, v.spf_auth,
       v.overridden, i.header_from, i.envelope_from, t.name AS envelope_to,
       CASE r.self_check & 3 WHEN 1 THEN 1 WHEN 2 THEN 0 END AS our_dkim_aligned,
       CASE (r.self_check >> 2) & 3 WHEN 1 THEN 1 WHEN 2 THEN 0 END AS our_spf_aligned,
       r.self_check > 15 AS contradiction,
       CASE WHEN r.self_check > 15 THEN
         trim(CASE WHEN r.self_check & 16 THEN 'dkim_pass_unfounded ' ELSE '' END ||
              CASE WHEN r.self_check & 32 THEN 'dkim_fail_unfounded ' ELSE '' END ||
              CASE WHEN r.self_check & 64 THEN 'spf_pass_unfounded ' ELSE '' END ||
              CASE WHEN r.self_check & 128 THEN 'spf_fail_unfounded ' ELSE '' END) ||
         ' (' || coalesce(p.alignment_method, 'psl') || coalesce(' ' || p.suffix_list, '') || ')'
       END AS contradiction_reason,
       CAST(p.counted = 1 AND r.source_id IS NOT NULL AND coalesce(r.count, 0) > 0 AS INTEGER) AS counted, p.authenticity,
       CAST(v.dkim = 'pass' OR v.spf = 'pass' AS INTEGER) AS passed, h.organizational_domain,
       CAST(strftime('%Y-%m-%dT%H:%M:%SZ', p.date_begin, 'unixepoch') AS TEXT) AS begin_at,
       CAST(strftime('%Y-%m-%dT%H:%M:%SZ', p.date_end, 'unixepoch') AS TEXT) AS end_at
FROM record r
     JOIN report p ON p.id = r.report_id AND r.id BETWEEN p.id * 16777216 AND p.id * 16777216 + 16777215
     JOIN reporter rp ON rp.id = p.reporter_id JOIN domain d ON d.id = p.domain_id
     JOIN verdict v ON v.id = r.verdict_id JOIN identifier_set i ON i.id = r.identifier_id
     LEFT JOIN source s ON s.id = r.source_id LEFT JOIN recipient t ON t.id = r.recipient_id
     LEFT JOIN header_domain h ON h.name = i.header_from;

CREATE VIEW v_auth_result AS
SELECT r.record_key, r.report_key, r.row_number, a.n, r.policy_domain, r.day, r.source_ip, r.message_count,
       r.header_from, a.mechanism, a.domain, a.selector, a.scope, a.result, a.human_result, a.human_lang, r.counted
FROM v_record r JOIN record b ON b.id = r.record_key JOIN auth_result a ON a.verdict_id = b.verdict_id;

CREATE VIEW v_override AS
SELECT r.record_key, r.report_key, r.row_number, o.n, r.policy_domain, r.day, r.reporter, r.source_ip, r.message_count,
       r.header_from, r.disposition, o.type, o.raw_type, o.comment, o.comment_lang, o.arc, o.arc_chain,
       json_extract(o.arc_chain, '$[0].i') AS arc_instance, json_extract(o.arc_chain, '$[0].d') AS arc_domain,
       json_extract(o.arc_chain, '$[0].s') AS arc_selector, o.arc_remote_ip, r.counted
FROM v_record r JOIN record b ON b.id = r.record_key JOIN policy_override o ON o.verdict_id = b.verdict_id;

CREATE VIEW v_policy_history AS
SELECT d.name AS policy_domain, min(p.day) AS first_day, max(p.day) AS last_day, count(*) AS reports,
       count(DISTINCT p.reporter_id) AS reporters, o.p, o.sp, o.np, o.adkim, o.aspf, o.pct, o.fo, o.testing,
       o.discovery_method
FROM report p JOIN domain d ON d.id = p.domain_id JOIN policy o ON o.id = p.policy_id
WHERE p.counted = 1
GROUP BY p.domain_id, p.policy_id;

-- Sums come from roll-ups; days that are stale (an ingest has changed them since) are summed up from their records.

CREATE VIEW v_source_daily AS
SELECT d.name AS policy_domain, t.day, s.text AS source_ip, t.messages, t.records, t.passed,
       CAST(t.messages - t.passed AS INTEGER) AS failed, t.dkim_aligned, t.spf_aligned, t.rejected, t.quarantined,
       t.reporters
FROM source_day t JOIN domain d ON d.id = t.domain_id JOIN source s ON s.id = t.source_id
WHERE NOT EXISTS (SELECT 1 FROM stale_day x WHERE x.domain_id = t.domain_id AND x.day = t.day)
UNION ALL
SELECT d.name, p.day, s.text, CAST(sum(r.count) AS INTEGER), CAST(count(*) AS INTEGER),
       CAST(sum(CASE WHEN v.dkim = 'pass' OR v.spf = 'pass' THEN r.count ELSE 0 END) AS INTEGER),
       CAST(sum(CASE WHEN v.dkim = 'pass' OR v.spf = 'pass' THEN 0 ELSE r.count END) AS INTEGER),
       CAST(sum(CASE WHEN v.dkim = 'pass' THEN r.count ELSE 0 END) AS INTEGER),
       CAST(sum(CASE WHEN v.spf = 'pass' THEN r.count ELSE 0 END) AS INTEGER),
       CAST(sum(CASE WHEN v.disposition = 'reject' THEN r.count ELSE 0 END) AS INTEGER),
       CAST(sum(CASE WHEN v.disposition = 'quarantine' THEN r.count ELSE 0 END) AS INTEGER),
       CAST(count(DISTINCT p.reporter_id) AS INTEGER)
FROM stale_day x CROSS JOIN report p ON p.domain_id = x.domain_id AND p.day = x.day
     CROSS JOIN record r ON r.id BETWEEN p.id * 16777216 AND p.id * 16777216 + 16777215
     JOIN domain d ON d.id = p.domain_id JOIN verdict v ON v.id = r.verdict_id JOIN source s ON s.id = r.source_id
WHERE p.counted = 1 AND r.count > 0
GROUP BY d.name, p.day, s.text;

CREATE VIEW v_domain_daily AS
SELECT d.name AS policy_domain, t.day, CAST(sum(t.messages) AS INTEGER) AS messages,
       CAST(sum(t.records) AS INTEGER) AS records,
       CAST(sum(CASE WHEN c.dkim = 'pass' OR c.spf = 'pass' THEN t.messages ELSE 0 END) AS INTEGER) AS passed,
       CAST(sum(CASE WHEN c.dkim = 'pass' OR c.spf = 'pass' THEN 0 ELSE t.messages END) AS INTEGER) AS failed,
       CAST(sum(CASE WHEN c.dkim = 'pass' THEN t.messages ELSE 0 END) AS INTEGER) AS dkim_aligned,
       CAST(sum(CASE WHEN c.spf = 'pass' THEN t.messages ELSE 0 END) AS INTEGER) AS spf_aligned,
       CAST(sum(CASE WHEN c.disposition = 'reject' THEN t.messages ELSE 0 END) AS INTEGER) AS rejected,
       CAST(sum(CASE WHEN c.disposition = 'quarantine' THEN t.messages ELSE 0 END) AS INTEGER) AS quarantined
FROM domain_day t JOIN domain d ON d.id = t.domain_id JOIN result_class c ON c.id = t.class_id
GROUP BY t.domain_id, t.day;

CREATE VIEW v_source_month AS
SELECT d.name AS policy_domain, t.month, s.text AS source_ip, t.messages, t.records, t.passed,
       CAST(t.messages - t.passed AS INTEGER) AS failed, t.dkim_aligned, t.spf_aligned, t.rejected, t.quarantined,
       CAST(date(t.first_seen, 'unixepoch') AS TEXT) AS first_day, CAST(date(t.last_seen, 'unixepoch') AS TEXT) AS last_day
FROM domain_month_source t JOIN domain d ON d.id = t.domain_id JOIN source s ON s.id = t.source_id;

-- By what receivers found alone, for the views and queries that tell results; not to be relied upon by others.
CREATE VIEW verdict_sums AS
SELECT t.domain_id, t.day, t.verdict_id, t.messages, t.sources FROM verdict_day t
WHERE NOT EXISTS (SELECT 1 FROM stale_day x WHERE x.domain_id = t.domain_id AND x.day = t.day)
UNION ALL
SELECT p.domain_id, p.day, r.verdict_id, sum(r.count), count(DISTINCT r.source_id)
FROM stale_day x CROSS JOIN report p ON p.domain_id = x.domain_id AND p.day = x.day
     CROSS JOIN record r ON r.id BETWEEN p.id * 16777216 AND p.id * 16777216 + 16777215
WHERE p.counted = 1 AND r.count > 0 AND r.source_id IS NOT NULL
GROUP BY 1, 2, 3;

-- Of months with stale days: the rows by verdict of all their days. Of all other months: the rows by month.
CREATE VIEW verdict_rest AS
SELECT t.domain_id, t.day, t.verdict_id, t.messages, t.sources
FROM (SELECT DISTINCT domain_id, substr(day, 1, 7) AS month FROM stale_day) m
     CROSS JOIN verdict_day t ON t.domain_id = m.domain_id AND t.day BETWEEN m.month || '-01' AND m.month || '-31'
WHERE NOT EXISTS (SELECT 1 FROM stale_day x WHERE x.domain_id = t.domain_id AND x.day = t.day)
UNION ALL
SELECT p.domain_id, p.day, r.verdict_id, sum(r.count), count(DISTINCT r.source_id)
FROM stale_day x CROSS JOIN report p ON p.domain_id = x.domain_id AND p.day = x.day
     CROSS JOIN record r ON r.id BETWEEN p.id * 16777216 AND p.id * 16777216 + 16777215
WHERE p.counted = 1 AND r.count > 0 AND r.source_id IS NOT NULL
GROUP BY 1, 2, 3;

CREATE VIEW auth_sums AS
SELECT t.domain_id, n.mechanism, n.domain, n.selector, t.passed, t.not_passed, t.unaligned, t.sources, t.first_day,
       t.last_day
FROM (SELECT domain_id, auth_id, sum(passed) AS passed, sum(not_passed) AS not_passed, sum(unaligned) AS unaligned,
             max(sources) AS sources, min(first_day) AS first_day, max(last_day) AS last_day
      FROM auth_month m WHERE NOT EXISTS (SELECT 1 FROM stale_day x WHERE x.domain_id = m.domain_id
                                          AND x.day BETWEEN m.month || '-01' AND m.month || '-31')
      GROUP BY 1, 2) t JOIN auth_name n ON n.id = t.auth_id
UNION ALL
SELECT t.domain_id, a.mechanism, a.domain, a.selector, iif(a.result = 'pass', t.messages, 0),
       iif(a.result = 'pass', 0, t.messages),
       iif(a.result = 'pass' AND v.dkim <> 'pass' AND v.spf <> 'pass', t.messages, 0),
       iif(a.result = 'pass' AND v.dkim <> 'pass' AND v.spf <> 'pass', t.sources, 0), t.day, t.day
FROM verdict_rest t JOIN verdict v ON v.id = t.verdict_id JOIN auth_result a ON a.verdict_id = t.verdict_id;

CREATE VIEW override_sums AS
SELECT t.domain_id, n.type, n.arc, n.arc_domain, t.messages, t.sources
FROM (SELECT domain_id, override_id, sum(messages) AS messages, max(sources) AS sources
      FROM override_month m WHERE NOT EXISTS (SELECT 1 FROM stale_day x WHERE x.domain_id = m.domain_id
                                              AND x.day BETWEEN m.month || '-01' AND m.month || '-31')
      GROUP BY 1, 2) t JOIN override_name n ON n.id = t.override_id
UNION ALL
SELECT t.domain_id, o.type, o.arc, CAST(json_extract(o.arc_chain, '$[0].d') AS TEXT), t.messages, t.sources
FROM verdict_rest t JOIN policy_override o ON o.verdict_id = t.verdict_id;

CREATE VIEW v_result_daily AS
SELECT d.name AS policy_domain, t.day, a.mechanism, a.domain, a.selector, a.scope, a.result, v.disposition,
       v.dkim AS dmarc_dkim, v.spf AS dmarc_spf, CAST(t.messages AS INTEGER) AS messages,
       CAST(t.sources AS INTEGER) AS sources
FROM verdict_sums t JOIN domain d ON d.id = t.domain_id JOIN verdict v ON v.id = t.verdict_id
     JOIN auth_result a ON a.verdict_id = t.verdict_id;

CREATE VIEW v_override_daily AS
SELECT d.name AS policy_domain, t.day, o.type, o.raw_type, o.comment, o.arc,
       CAST(json_extract(o.arc_chain, '$[0].d') AS TEXT) AS arc_domain, v.disposition,
       CAST(t.messages AS INTEGER) AS messages, CAST(t.sources AS INTEGER) AS sources
FROM verdict_sums t JOIN domain d ON d.id = t.domain_id JOIN verdict v ON v.id = t.verdict_id
     JOIN policy_override o ON o.verdict_id = t.verdict_id;

CREATE VIEW v_source AS
SELECT d.name AS policy_domain, s.text AS address, s.key AS address_key, c.pattern, c.name, c.class, c.service,
       n.country, n.asn, n.network, p.name AS ptr, c.first_day, c.last_day, c.days, c.reporters, c.messages, c.passed,
       c.dkim_aligned, c.spf_aligned, c.confidence, c.rule, c.evidence,
       CAST(coalesce((SELECT l.label FROM label l WHERE l.kind = 'address' AND l.subject = s.text),
                     (SELECT l.label FROM label l WHERE l.kind = 'service' AND l.subject = c.service)) AS TEXT) AS label
FROM source_class c JOIN domain d ON d.id = c.domain_id JOIN source s ON s.id = c.source_id
     LEFT JOIN source_network n ON n.source_id = c.source_id
     LEFT JOIN source_name p ON p.source_id = c.source_id AND p.n = 1 AND p.confirmed = 1;

CREATE VIEW v_dns_record AS
SELECT domain AS policy_domain, type, name, CAST(nullif(CASE WHEN type = 'dkim' THEN
       substr(name, 1, instr(name, '._domainkey.') - 1) END, '') AS TEXT) AS selector, status, text, target, fault,
       first_seen, CAST(strftime('%Y-%m-%dT%H:%M:%SZ', first_seen, 'unixepoch') AS TEXT) AS first_seen_at,
       last_seen, CAST(strftime('%Y-%m-%dT%H:%M:%SZ', last_seen, 'unixepoch') AS TEXT) AS last_seen_at, is_current
FROM dns_record;

CREATE VIEW v_label AS
SELECT kind, subject, label, note, set_at, CAST(strftime('%Y-%m-%dT%H:%M:%SZ', set_at, 'unixepoch') AS TEXT) AS set_at_time
FROM label;

CREATE VIEW v_defect AS
SELECT x.id AS defect_key, p.id AS report_key, rp.name AS reporter, p.report_id, d.name AS policy_domain, p.day,
       nullif(x.row_number, 0) AS row_number, nullif(x.line, 0) AS line, x.code, x.detail
FROM defect x JOIN report p ON p.id = x.report_id JOIN reporter rp ON rp.id = p.reporter_id
     JOIN domain d ON d.id = p.domain_id;

-- Not promised: failure reports whose source is the owner's, a service's or unknown and steady by its failing mail over
-- time, where that outweighs what strangers send from it.
CREATE VIEW known_failing_source AS
SELECT f.id AS failure_id, max(iif(c.class IN ('own_failing', 'service_not_aligned', 'unknown_steady'), c.class, '')) AS class
FROM failure_report f JOIN source s ON s.text = f.source_ip JOIN source_class c ON c.source_id = s.id
     JOIN domain d ON d.id = c.domain_id
WHERE f.header_from = d.name OR substr(f.header_from, -length(d.name) - 1) = '.' || d.name
GROUP BY f.id
HAVING sum(iif(c.class IN ('own_failing', 'service_not_aligned', 'unknown_steady'), c.messages - c.passed, 0)) >
       sum(iif(c.class IN ('stranger', 'wave'), c.messages, 0));

CREATE VIEW v_failure AS
SELECT f.id AS failure_key, f.kind, f.reporter, f.received, f.at, f.day, f.header_from, f.source_ip, f.incidents,
       (SELECT count(*) FROM ledger_part q WHERE q.failure_id = f.id) AS copies,
       f.container, f.dialect, f.auth_failure, f.identity_alignment, f.delivery_result, f.original_mail_from,
       f.reported_domain, f.dkim_domain AS claimed_dkim_domain, f.dkim_selector AS claimed_dkim_selector,
       f.arrival_date, f.reporting_mta, f.user_agent, f.sample_extent, f.sample_size,
       nullif(lower(hex(f.sample_hash)), '') AS sample_hash, f.redacted, f.sample_policy, f.sample_state,
       (SELECT count(*) FROM failure_defect x WHERE x.failure_id = f.id) AS defects,
       r.id AS result_key, iif(k.class IS NULL, r.conclusion, 'indeterminate') AS conclusion,
       iif(k.class IS NULL, r.confidence, 'low') AS confidence, r.mechanism,
       iif(k.class IS NULL, r.reason, 'source-known') AS reason, r.summary, r.advice, r.disagreement,
       iif(r.id IS NULL, NULL, coalesce(r.dmarc, 'undecided')) AS dmarc, r.dmarc_7489, r.policy,
       iif(r.id IS NULL, NULL, coalesce(r.spf, 'not_checked')) AS spf, r.spf_domain, r.spf_aligned, r.dkim, r.dkim_domain, r.dkim_aligned,
       r.arc, r.verified_at, r.judged_at, r.dns_time, r.details, l.id AS ledger_key, l.source, l.locator, f.part,
       lower(hex(f.identity_key)) AS identity_key, f.original_envelope_id, f.dkim_identity
FROM failure_report f JOIN ledger l ON l.id = f.ledger_id
     LEFT JOIN failure_result r ON r.failure_id = f.id AND r.is_current = 1
     LEFT JOIN known_failing_source k ON k.failure_id = f.id AND r.conclusion = 'forgery';

CREATE VIEW v_failure_evidence AS
SELECT f.id AS failure_key, e.conclusion, e.confidence, f.incidents, f.day, f.source_ip, f.header_from,
       r.id AS record_key, p.id AS report_key, d.name AS policy_domain, rp.name AS reporter, r.count AS message_count,
       v.disposition, v.dkim AS dmarc_dkim, v.spf AS dmarc_spf, v.dkim_auth, v.spf_auth, i.envelope_from
FROM failure_report f
     JOIN source s ON s.text = f.source_ip
     JOIN record r ON r.source_id = s.id
     JOIN report p ON p.id = r.id >> 24 AND p.day = f.day AND p.counted = 1
     JOIN identifier_set i ON i.id = r.identifier_id AND i.header_from = f.header_from
     JOIN verdict v ON v.id = r.verdict_id JOIN domain d ON d.id = p.domain_id
     JOIN reporter rp ON rp.id = p.reporter_id
     LEFT JOIN failure_result e ON e.failure_id = f.id AND e.is_current = 1
WHERE f.kind = 'auth-failure' AND r.count > 0;

CREATE VIEW v_failure_line AS
SELECT r.failure_id AS failure_key, r.id AS result_key, r.is_current, e.n, e.kind, e.text
FROM failure_evidence_line e JOIN failure_result r ON r.id = e.result_id;

CREATE VIEW v_failure_claim AS
SELECT failure_id AS failure_key, n, name, value FROM failure_claim;

CREATE VIEW v_failure_defect AS
SELECT x.failure_id AS failure_key, f.reporter, f.day, x.n, nullif(x.line, 0) AS line, x.code, x.detail
FROM failure_defect x JOIN failure_report f ON f.id = x.failure_id;

CREATE VIEW v_ledger AS
SELECT l.id AS ledger_key, q.part, l.item_kind, l.source, l.locator, q.path, q.kind, q.outcome, q.code, q.place, q.reason,
       q.records, q.messages, q.report_id AS report_key, l.outcome AS item_outcome, l.size,
       lower(hex(l.content_hash)) AS content_hash, l.received, l.first_seen, l.last_seen, l.seen_count,
       l.acknowledgement, l.attempts, l.mailbox, l.folder, l.uidvalidity, l.uid, q.failure_id AS failure_key,
       q.tls_id AS tls_key
FROM ledger l LEFT JOIN ledger_part q ON q.ledger_id = l.id;

CREATE VIEW v_source_state AS
SELECT source, last_attempt, last_success, failures, messages, error_code, error FROM source_state;

CREATE VIEW v_finding AS
SELECT digest_name, id AS finding_id, kind, severity, domain, service, sources, selector, mechanism, reporter, messages, since,
       evidence, action, cause_record, cause_name, cause_change, is_said_once, is_open,
       first_told, strftime('%Y-%m-%dT%H:%M:%SZ', first_told, 'unixepoch') AS first_told_iso, nights,
       (SELECT c.word FROM finding_care c WHERE c.finding_id = f.id) AS care
FROM finding f;

CREATE VIEW v_digest AS
SELECT d.id AS digest_key, d.name AS digest_name, d.made_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', d.made_at, 'unixepoch') AS made_at_iso, d.first_day, d.last_day, d.reports, d.messages,
       d.message_id, d.language, d.refused,
       (SELECT count(*) FROM digest_item i WHERE i.digest_id = d.id AND i.state = 'new') AS new_items,
       (SELECT count(*) FROM digest_item i WHERE i.digest_id = d.id AND i.state = 'worse') AS worse_items,
       (SELECT count(*) FROM digest_item i WHERE i.digest_id = d.id AND i.state = 'resolved') AS resolved_items,
       (SELECT count(*) FROM digest_item i WHERE i.digest_id = d.id AND i.state = 'open') AS open_items
FROM digest d;

CREATE VIEW v_change AS
SELECT d.id AS digest_key, d.name AS digest_name, d.made_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', d.made_at, 'unixepoch') AS made_at_iso, i.n, i.finding_id, i.state, i.severity,
       i.messages, f.kind, f.domain, f.service, f.since
FROM digest_item i JOIN digest d ON d.id = i.digest_id
     LEFT JOIN finding f ON f.digest_name = d.name AND f.id = i.finding_id
WHERE i.state <> 'open';

CREATE VIEW v_tls_report AS
SELECT r.id AS tls_key, r.reporter, r.report_id, r.date_begin, r.date_end, r.day,
       CAST(strftime('%Y-%m-%dT%H:%M:%SZ', r.date_begin, 'unixepoch') AS TEXT) AS begin_at,
       CAST(strftime('%Y-%m-%dT%H:%M:%SZ', r.date_end, 'unixepoch') AS TEXT) AS end_at, r.organization_name,
       r.contact_info, r.received, r.policies, r.failures, r.successful, r.failed, r.counted, r.conflict, r.damaged,
       r.authenticity, r.authenticated_as, r.authenticity_reason, r.unknown_members,
       (SELECT count(*) FROM tls_defect x WHERE x.report_id = r.id) AS defects,
       lower(hex(r.identity_key)) AS identity_key, lower(hex(r.content_hash)) AS content_hash, r.hash_version
FROM tls_report r;

CREATE VIEW v_tls_policy AS
SELECT p.report_id AS tls_key, p.n AS policy, r.reporter, r.day, p.policy_domain, p.type, nullif(p.raw_type, '') AS raw_type,
       p.strings, p.mx_hosts, p.successful, p.failed,
       (SELECT count(*) FROM tls_failure f WHERE f.report_id = p.report_id AND f.policy = p.n) AS failures,
       r.counted, r.authenticity
FROM tls_policy p JOIN tls_report r ON r.id = p.report_id;

CREATE VIEW v_tls_failure AS
SELECT f.id AS tls_failure_key, f.report_id AS tls_key, f.policy, r.reporter, r.day, p.policy_domain,
       p.type AS policy_type, f.result_type, nullif(f.raw_result_type, '') AS raw_result_type, f.sending_ip, f.mx_host,
       f.mx_helo, f.receiving_ip, f.sessions, f.reason_code, f.information, r.counted, r.authenticity
FROM tls_failure f JOIN tls_report r ON r.id = f.report_id
     JOIN tls_policy p ON p.report_id = f.report_id AND p.n = f.policy;

CREATE VIEW v_tls_defect AS
SELECT x.report_id AS tls_key, r.reporter, r.day, x.n, nullif(x.policy, 0) AS policy, nullif(x.line, 0) AS line, x.code,
       x.detail
FROM tls_defect x JOIN tls_report r ON r.id = x.report_id;

CREATE VIEW v_tls_daily AS
SELECT policy_domain, day, CAST(sum(successful) AS INTEGER) AS successful, CAST(sum(failed) AS INTEGER) AS failed,
       CAST(count(DISTINCT reporter) AS INTEGER) AS reporters, CAST(sum(policies) AS INTEGER) AS policies
FROM tls_day GROUP BY policy_domain, day;

CREATE VIEW v_tls_failure_daily AS
SELECT policy_domain, day, reporter, result_type, nullif(mx_host, '') AS mx_host, CAST(sum(sessions) AS INTEGER) AS sessions,
       CAST(sum(details) AS INTEGER) AS details
FROM tls_failure_day GROUP BY policy_domain, day, reporter, result_type, mx_host;
