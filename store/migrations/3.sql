-- From version 2 to version 3, in one transaction; the views are made anew by the program. What is added here stands in
-- store/schema.sql, too: a test compares a migrated file with a fresh one.

-- ------------------------------------------------------------------ results of reports: absent and not verified
-- RFC 8601 sections 2.7.1 and 2.7.2: none says that there was no signature, or no SPF record; temperror, that a look-up
-- failed. Both were stored as 'failed'. Verdicts are told anew from their results, then the totals of the days that have
-- such a verdict.

-- A CHECK can be changed in the text of its table alone: https://www.sqlite.org/lang_altertable.html, section 7.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema
SET sql = replace(sql, '(''absent'', ''failed'', ''passed'')', '(''absent'', ''failed'', ''passed'', ''not_verified'')')
WHERE type = 'table' AND name = 'verdict';
PRAGMA writable_schema = RESET;

CREATE TEMP TABLE told_anew AS
SELECT v.id AS id,
       coalesce((SELECT CASE WHEN max(a.result = 'pass') THEN 'passed'
                             WHEN max(a.result NOT IN ('none', 'temperror', 'unknown')) THEN 'failed'
                             WHEN max(a.result <> 'none') THEN 'not_verified' ELSE 'absent' END
                 FROM auth_result a WHERE a.verdict_id = v.id AND a.mechanism = 'dkim' HAVING count(*) > 0), 'absent') AS dkim,
       coalesce((SELECT CASE WHEN max(a.result = 'pass') THEN 'passed'
                             WHEN max(a.result NOT IN ('none', 'temperror', 'unknown')) THEN 'failed'
                             WHEN max(a.result <> 'none') THEN 'not_verified' ELSE 'absent' END
                 FROM auth_result a WHERE a.verdict_id = v.id AND a.mechanism = 'spf' HAVING count(*) > 0), 'absent') AS spf
FROM verdict v;
DELETE FROM told_anew WHERE EXISTS (SELECT 1 FROM verdict v WHERE v.id = told_anew.id AND v.dkim_auth = told_anew.dkim
                                                              AND v.spf_auth = told_anew.spf);
CREATE UNIQUE INDEX temp.told_anew_by_id ON told_anew (id);
UPDATE verdict SET dkim_auth = (SELECT t.dkim FROM told_anew t WHERE t.id = verdict.id),
                   spf_auth = (SELECT t.spf FROM told_anew t WHERE t.id = verdict.id)
WHERE id IN (SELECT id FROM told_anew);

CREATE TEMP TABLE stale_total AS
SELECT DISTINCT p.domain_id AS domain_id, p.day AS day FROM record r JOIN told_anew t ON t.id = r.verdict_id
JOIN report p ON p.id = r.id >> 24;

-- Ids of result classes pack their columns: store/aggregate/result_class.hpp.
CREATE TEMP TABLE total_anew AS
SELECT g.domain_id AS domain_id, g.day AS day,
       -- << and | bind equally in SQLite.
       (CASE v.disposition WHEN 'none' THEN 1 WHEN 'quarantine' THEN 2 WHEN 'reject' THEN 3 WHEN 'pass' THEN 4 ELSE 0 END)
       | ((CASE v.dkim WHEN 'pass' THEN 1 WHEN 'fail' THEN 2 ELSE 0 END) << 3)
       | ((CASE v.spf WHEN 'pass' THEN 1 WHEN 'fail' THEN 2 ELSE 0 END) << 5)
       | ((CASE v.dkim_auth WHEN 'failed' THEN 1 WHEN 'passed' THEN 2 WHEN 'not_verified' THEN 3 ELSE 0 END) << 7)
       | ((CASE v.spf_auth WHEN 'failed' THEN 1 WHEN 'passed' THEN 2 WHEN 'not_verified' THEN 3 ELSE 0 END) << 9)
       | (g.self_check << 11) | (v.overridden << 19)
       | ((CASE g.authenticity WHEN 'authenticated' THEN 1 WHEN 'unauthenticated' THEN 2 WHEN 'indeterminate' THEN 3
           ELSE 0 END) << 20)
         AS class_id,
       v.disposition AS disposition, v.dkim AS dkim, v.spf AS spf, v.dkim_auth AS dkim_auth, v.spf_auth AS spf_auth,
       v.overridden AS overridden, g.self_check AS self_check, g.authenticity AS authenticity, g.records AS records,
       g.messages AS messages
FROM (SELECT p.domain_id AS domain_id, p.day AS day, r.verdict_id AS verdict_id, r.self_check AS self_check,
             p.authenticity AS authenticity, count(*) AS records, sum(r.count) AS messages
      FROM stale_total s JOIN report p ON p.domain_id = s.domain_id AND p.day = s.day AND p.counted = 1
           JOIN record r ON r.id BETWEEN p.id * 16777216 AND p.id * 16777216 + 16777215
      WHERE r.source_id IS NOT NULL AND r.count > 0 GROUP BY 1, 2, 3, 4, 5) g JOIN verdict v ON v.id = g.verdict_id;
DELETE FROM domain_day WHERE (domain_id, day) IN (SELECT domain_id, day FROM stale_total);
INSERT OR IGNORE INTO result_class
SELECT DISTINCT class_id, disposition, dkim, spf, dkim_auth, spf_auth, overridden,
       CASE self_check & 3 WHEN 1 THEN 'aligned' WHEN 2 THEN 'not_aligned' ELSE 'undecidable' END,
       CASE (self_check >> 2) & 3 WHEN 1 THEN 'aligned' WHEN 2 THEN 'not_aligned' ELSE 'undecidable' END, self_check >> 4, authenticity
FROM total_anew;
INSERT INTO domain_day SELECT domain_id, day, class_id, sum(records), sum(messages) FROM total_anew GROUP BY 1, 2, 3;
DELETE FROM result_class WHERE id NOT IN (SELECT class_id FROM domain_day);
DROP TABLE temp.told_anew;
DROP TABLE temp.stale_total;
DROP TABLE temp.total_anew;
