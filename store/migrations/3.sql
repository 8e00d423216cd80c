-- From version 2 to version 3, in a copy that nobody else has open; the views are made anew by the program. What is added here
-- stands in store/schema.sql, too: a test compares a migrated file with a fresh one.
--
-- CROSS JOIN keeps the order of the loops (https://www.sqlite.org/optoverview.html, section 7.4): SQLite plans without statistics
-- here, and another order would read all records once for each verdict or day. A test counts the steps.

-- ------------------------------------------------------------------ dates that cannot be
-- Before 2010, or more than two days ahead of the arrival: absent, as such dates are read now (docs/defects.md,
-- date-implausible), and the other end or the arrival sets the day. Identity keeps the dates as they were read.

CREATE TEMP TABLE dated_anew AS
SELECT id, domain_id, day AS former_day, date_begin AS former_begin, date_end AS former_end,
       CASE WHEN date_begin BETWEEN 1262304000 AND latest THEN date_begin END AS date_begin,
       CASE WHEN date_end BETWEEN 1262304000 AND latest THEN date_end END AS date_end, received
FROM (SELECT p.*, 172800 + max(p.received, coalesce((SELECT max(l.last_seen) FROM ledger_part q JOIN ledger l ON l.id = q.ledger_id
                                                   WHERE q.report_id = p.id), 0)) AS latest FROM report p)
WHERE latest >= 1262304000 AND (date_begin NOT BETWEEN 1262304000 AND latest OR date_end NOT BETWEEN 1262304000 AND latest);
INSERT INTO defect (report_id, row_number, line, code, detail)
SELECT id, 0, 0, 'date-implausible', CAST(former_begin AS TEXT) FROM dated_anew
WHERE former_begin IS NOT NULL AND date_begin IS NULL;
INSERT INTO defect (report_id, row_number, line, code, detail)
SELECT id, 0, 0, 'date-implausible', CAST(former_end AS TEXT) FROM dated_anew WHERE former_end IS NOT NULL AND date_end IS NULL;
UPDATE report SET date_begin = t.date_begin, date_end = t.date_end,
                  day = strftime('%Y-%m-%d', coalesce((t.date_begin + t.date_end) / 2, t.date_begin, t.date_end, t.received),
                                 'unixepoch')
FROM temp.dated_anew t WHERE t.id = report.id;
CREATE TEMP TABLE stale_month AS
SELECT domain_id, substr(former_day, 1, 7) AS month FROM dated_anew
UNION SELECT p.domain_id, substr(p.day, 1, 7) FROM report p JOIN dated_anew t ON t.id = p.id;
DELETE FROM domain_month_source WHERE (domain_id, month) IN (SELECT domain_id, month FROM stale_month);
INSERT INTO domain_month_source
SELECT m.domain_id, m.month, r.source_id, count(*), sum(r.count),
       sum(iif(v.dkim = 'pass' OR v.spf = 'pass', r.count, 0)), sum(iif(v.dkim = 'pass', r.count, 0)),
       sum(iif(v.spf = 'pass', r.count, 0)), sum(iif(v.disposition = 'reject', r.count, 0)),
       sum(iif(v.disposition = 'quarantine', r.count, 0)), min(coalesce(p.date_begin, p.date_end, p.received)),
       max(coalesce(p.date_end, p.date_begin, p.received))
FROM stale_month m CROSS JOIN report p ON p.domain_id = m.domain_id AND p.day BETWEEN m.month || '-01' AND m.month || '-31'
     CROSS JOIN record r ON r.id BETWEEN p.id * 16777216 AND p.id * 16777216 + 16777215
     CROSS JOIN verdict v ON v.id = r.verdict_id
WHERE p.counted = 1 AND r.source_id IS NOT NULL AND r.count > 0 GROUP BY m.domain_id, m.month, r.source_id;
DROP TABLE temp.stale_month;

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

-- Days whose totals change: of reports with a record that has such a verdict, and of those whose date was taken away.
CREATE TEMP TABLE stale_total AS
SELECT DISTINCT p.domain_id AS domain_id, p.day AS day FROM report p
WHERE EXISTS (SELECT 1 FROM record r CROSS JOIN told_anew t ON t.id = r.verdict_id
              WHERE r.id BETWEEN p.id * 16777216 AND p.id * 16777216 + 16777215)
UNION SELECT domain_id, former_day FROM dated_anew
UNION SELECT p.domain_id, p.day FROM report p JOIN dated_anew t ON t.id = p.id;
DROP TABLE temp.dated_anew;

-- Ids of result classes pack their columns: store/aggregate/result_class.hpp. Grouped by numbers alone, and once.
CREATE TEMP TABLE verdict_bits (id INTEGER PRIMARY KEY, bits INTEGER NOT NULL);
INSERT INTO verdict_bits
SELECT v.id,
       -- << and | bind equally in SQLite.
       (CASE v.disposition WHEN 'none' THEN 1 WHEN 'quarantine' THEN 2 WHEN 'reject' THEN 3 WHEN 'pass' THEN 4 ELSE 0 END)
       | ((CASE v.dkim WHEN 'pass' THEN 1 WHEN 'fail' THEN 2 ELSE 0 END) << 3)
       | ((CASE v.spf WHEN 'pass' THEN 1 WHEN 'fail' THEN 2 ELSE 0 END) << 5)
       | ((CASE v.dkim_auth WHEN 'failed' THEN 1 WHEN 'passed' THEN 2 WHEN 'not_verified' THEN 3 ELSE 0 END) << 7)
       | ((CASE v.spf_auth WHEN 'failed' THEN 1 WHEN 'passed' THEN 2 WHEN 'not_verified' THEN 3 ELSE 0 END) << 9)
       | (v.overridden << 19)
FROM verdict v;
CREATE TEMP TABLE stale_report AS
SELECT p.id * 16777216 AS first, s.rowid AS total, p.domain_id AS domain_id, p.day AS day,
       (CASE p.authenticity WHEN 'authenticated' THEN 1 WHEN 'unauthenticated' THEN 2 WHEN 'indeterminate' THEN 3 ELSE 0 END) << 20
         AS bits
FROM stale_total s CROSS JOIN report p ON p.domain_id = s.domain_id AND p.day = s.day AND p.counted = 1;
CREATE TEMP TABLE total_anew AS
SELECT s.domain_id AS domain_id, s.day AS day, s.bits | v.bits | (r.self_check << 11) AS class_id, count(*) AS records,
       sum(r.count) AS messages, min(v.id) AS verdict_id
FROM stale_report s CROSS JOIN record r ON r.id BETWEEN s.first AND s.first + 16777215 CROSS JOIN verdict_bits v ON v.id = r.verdict_id
WHERE r.source_id IS NOT NULL AND r.count > 0 GROUP BY s.total, class_id;
DELETE FROM domain_day WHERE (domain_id, day) IN (SELECT domain_id, day FROM stale_total);
INSERT OR IGNORE INTO result_class
SELECT t.id, v.disposition, v.dkim, v.spf, v.dkim_auth, v.spf_auth, v.overridden,
       CASE (t.id >> 11) & 3 WHEN 1 THEN 'aligned' WHEN 2 THEN 'not_aligned' ELSE 'undecidable' END,
       CASE (t.id >> 13) & 3 WHEN 1 THEN 'aligned' WHEN 2 THEN 'not_aligned' ELSE 'undecidable' END, (t.id >> 15) & 15,
       CASE t.id >> 20 WHEN 1 THEN 'authenticated' WHEN 2 THEN 'unauthenticated' WHEN 3 THEN 'indeterminate' ELSE 'unchecked' END
FROM (SELECT class_id AS id, min(verdict_id) AS verdict_id FROM total_anew GROUP BY class_id) t CROSS JOIN verdict v
     ON v.id = t.verdict_id;
INSERT INTO domain_day SELECT domain_id, day, class_id, records, messages FROM total_anew;
DELETE FROM result_class WHERE id NOT IN (SELECT class_id FROM domain_day);
DROP TABLE temp.told_anew;
DROP TABLE temp.stale_total;
DROP TABLE temp.verdict_bits;
DROP TABLE temp.stale_report;
DROP TABLE temp.total_anew;

-- ------------------------------------------------------------------ facts about sources (`ruaudit enrich`)

CREATE TABLE source_reverse (      -- reverse DNS of an address, as last asked
  source_id INTEGER PRIMARY KEY REFERENCES source (id),
  status    TEXT    NOT NULL CHECK (status IN ('found', 'none', 'unknown')),  -- unknown: DNS did not answer
  asked_at  INTEGER NOT NULL,
  expires   INTEGER NOT NULL       -- from then on it is asked again, a negative answer too
) STRICT;

CREATE TABLE source_name (         -- its names, the confirmed ones first
  source_id INTEGER NOT NULL REFERENCES source (id),
  n         INTEGER NOT NULL,
  name      TEXT    NOT NULL,
  confirmed INTEGER NOT NULL CHECK (confirmed IN (0, 1)),  -- the name leads back to the address
  PRIMARY KEY (source_id, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE source_network (      -- where an address is, after the owner's MMDB files
  source_id INTEGER PRIMARY KEY REFERENCES source (id),
  country   TEXT,                  -- ISO 3166-1, two letters
  asn       INTEGER,
  network   TEXT,                  -- name of the AS
  looked_at INTEGER NOT NULL,
  build     TEXT    NOT NULL       -- of the files that were read
) STRICT;

CREATE TABLE source_spf (          -- what SPF says today of an address for a domain in whose name it sent
  source_id INTEGER NOT NULL REFERENCES source (id),
  domain    TEXT    NOT NULL,      -- header_from or envelope domain
  result    TEXT    NOT NULL CHECK (result IN ('none', 'neutral', 'pass', 'fail', 'softfail', 'temperror',
                                               'permerror')),
  term      TEXT    NOT NULL,      -- of that domain's record that let it pass last, '' where none ever did
  asked_at  INTEGER NOT NULL,
  expires   INTEGER NOT NULL,
  PRIMARY KEY (source_id, domain)
) STRICT, WITHOUT ROWID;

-- ------------------------------------------------------------------ the owner's DNS, night by night

CREATE TABLE dns_record (          -- one row per state of a name, from when it was seen first to when it was seen last
  id         INTEGER PRIMARY KEY,
  domain     TEXT    NOT NULL,     -- policy domain for which it was asked
  type       TEXT    NOT NULL CHECK (type IN ('spf', 'spf_include', 'dmarc', 'psd', 'dkim', 'mx', 'address')),
  name       TEXT    NOT NULL,     -- owner name in DNS
  status     TEXT    NOT NULL CHECK (status IN ('ok', 'none', 'broken')),
  text       TEXT    NOT NULL,     -- records as published, one a line, sorted
  target     TEXT    NOT NULL,     -- where a CNAME leads, '' where the name has none
  fault      TEXT    NOT NULL,     -- stable token of what is broken, '' otherwise
  first_seen INTEGER NOT NULL,     -- time of the question
  last_seen  INTEGER NOT NULL,
  is_current INTEGER NOT NULL CHECK (is_current IN (0, 1)),
  CHECK (last_seen >= first_seen)
) STRICT;
CREATE UNIQUE INDEX dns_record_current ON dns_record (domain, type, name) WHERE is_current = 1;
CREATE INDEX dns_record_by_name ON dns_record (domain, type, name, first_seen);

-- ------------------------------------------------------------------ the owner's word

CREATE TABLE label (
  kind    TEXT    NOT NULL CHECK (kind IN ('address', 'network', 'domain', 'selector', 'service')),
  subject TEXT    NOT NULL,        -- RFC 5952 address, CIDR, domain, selector or name of a service
  label   TEXT    NOT NULL CHECK (label IN ('mine', 'service', 'forwarder', 'unwanted')),
  note    TEXT,
  set_at  INTEGER NOT NULL,
  PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;

-- ------------------------------------------------------------------ who sends how: sums per day and pattern
-- Made from the records of counted reports by `enrich` and all that judges, for the days that are stale; until then a
-- reader takes those days from the records.

CREATE TABLE stream_day (
  domain_id     INTEGER NOT NULL REFERENCES domain (id),
  day           TEXT    NOT NULL,
  source_id     INTEGER NOT NULL REFERENCES source (id),
  identifier_id INTEGER NOT NULL REFERENCES identifier_set (id),
  verdict_id    INTEGER NOT NULL REFERENCES verdict (id),
  authenticity  INTEGER NOT NULL CHECK (authenticity BETWEEN 0 AND 3),  -- of the report, as in result_class.id
  records       INTEGER NOT NULL CHECK (records > 0),
  messages      INTEGER NOT NULL CHECK (messages > 0),
  reporter_bits INTEGER NOT NULL,  -- bit (reporter_id * 40503 >> 3) % 62 of each reporter: counts at least so many
  PRIMARY KEY (domain_id, day, source_id, identifier_id, verdict_id, authenticity)
) STRICT, WITHOUT ROWID;

CREATE TABLE source_day (          -- the same by source alone
  domain_id    INTEGER NOT NULL REFERENCES domain (id),
  day          TEXT    NOT NULL,
  source_id    INTEGER NOT NULL REFERENCES source (id),
  records      INTEGER NOT NULL CHECK (records > 0),
  messages     INTEGER NOT NULL CHECK (messages > 0),
  passed       INTEGER NOT NULL,
  dkim_aligned INTEGER NOT NULL,
  spf_aligned  INTEGER NOT NULL,
  rejected     INTEGER NOT NULL,
  quarantined  INTEGER NOT NULL,
  reporters    INTEGER NOT NULL CHECK (reporters > 0),
  PRIMARY KEY (domain_id, day, source_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE verdict_day (         -- the same by what receivers found alone
  domain_id  INTEGER NOT NULL REFERENCES domain (id),
  day        TEXT    NOT NULL,
  verdict_id INTEGER NOT NULL REFERENCES verdict (id),
  records    INTEGER NOT NULL CHECK (records > 0),
  messages   INTEGER NOT NULL CHECK (messages > 0),
  sources    INTEGER NOT NULL CHECK (sources > 0),
  PRIMARY KEY (domain_id, day, verdict_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE auth_name (           -- interned: what a result of verdict_day is about
  id        INTEGER PRIMARY KEY,
  mechanism TEXT NOT NULL CHECK (mechanism IN ('dkim', 'spf')),
  domain    TEXT NOT NULL,
  selector  TEXT                   -- dkim only
) STRICT;
CREATE UNIQUE INDEX auth_name_by_content ON auth_name (domain, mechanism, ifnull(selector, 0));

CREATE TABLE auth_month (          -- verdict_day by what the results are about, for all days of a month
  domain_id  INTEGER NOT NULL REFERENCES domain (id),
  month      TEXT    NOT NULL,
  auth_id    INTEGER NOT NULL REFERENCES auth_name (id),
  passed     INTEGER NOT NULL,     -- messages, once for each such result that they have
  not_passed INTEGER NOT NULL,
  unaligned  INTEGER NOT NULL,     -- of those passed, messages that failed DMARC
  sources    INTEGER NOT NULL,     -- of unaligned ones, the most that any verdict had on a day
  first_day  TEXT    NOT NULL,
  last_day   TEXT    NOT NULL,
  PRIMARY KEY (domain_id, month, auth_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE override_name (       -- interned: what a policy_override of verdict_day says
  id         INTEGER PRIMARY KEY,
  type       TEXT NOT NULL,
  arc        TEXT,
  arc_domain TEXT                  -- of the latest seal in arc_chain
) STRICT;
CREATE UNIQUE INDEX override_name_by_content ON override_name (type, ifnull(arc, 0), ifnull(arc_domain, 0));

CREATE TABLE override_month (      -- verdict_day by what the overrides say, for all days of a month
  domain_id   INTEGER NOT NULL REFERENCES domain (id),
  month       TEXT    NOT NULL,
  override_id INTEGER NOT NULL REFERENCES override_name (id),
  messages    INTEGER NOT NULL,
  sources     INTEGER NOT NULL,    -- the most that any verdict had on a day
  PRIMARY KEY (domain_id, month, override_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE header_domain (       -- RFC 9989 section 4.10.2, by the public suffix list of the last `enrich`
  name                  TEXT PRIMARY KEY,  -- header_from
  organizational_domain TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE stale_day (           -- days of a domain whose rows by day, and those of its month, are not of its records
  domain_id INTEGER NOT NULL REFERENCES domain (id),
  day       TEXT    NOT NULL,
  PRIMARY KEY (domain_id, day)
) STRICT, WITHOUT ROWID;
-- By the reports, too: a total that is wrong or missing must not hide the records of its day.
INSERT INTO stale_day SELECT domain_id, day FROM (SELECT domain_id, day FROM domain_day
                                                  UNION SELECT domain_id, day FROM report WHERE counted = 1)
WHERE domain_id IN (SELECT id FROM domain);

CREATE TABLE source_class (        -- what a source is, per authentication pattern, as judged last
  domain_id     INTEGER NOT NULL REFERENCES domain (id),
  source_id     INTEGER NOT NULL REFERENCES source (id),
  pattern       TEXT    NOT NULL,  -- docs/conclusions.md
  name          TEXT    NOT NULL,  -- service, forwarder, host name or label; '' where it has none
  class         TEXT    NOT NULL,
  service       TEXT,
  rule          TEXT    NOT NULL,  -- of docs/conclusions.md
  evidence      TEXT    NOT NULL,
  confidence    TEXT    NOT NULL CHECK (confidence IN ('certain', 'likely', 'weak')),
  first_day     TEXT    NOT NULL,
  last_day      TEXT    NOT NULL,
  days          INTEGER NOT NULL,
  reporters     INTEGER NOT NULL,
  messages      INTEGER NOT NULL,
  passed        INTEGER NOT NULL,
  dkim_aligned  INTEGER NOT NULL,
  spf_aligned   INTEGER NOT NULL,
  PRIMARY KEY (domain_id, source_id, pattern, class)
) STRICT, WITHOUT ROWID;

-- ------------------------------------------------------------------ what was told (`ruaudit digest`)

CREATE TABLE digest (              -- one row per delivered digest
  id         INTEGER PRIMARY KEY,
  name       TEXT    NOT NULL,     -- of the group of domains it is about, '' for the only one
  made_at    INTEGER NOT NULL,
  first_day  TEXT    NOT NULL,     -- of what was taken in since the one before
  last_day   TEXT    NOT NULL,
  reports    INTEGER NOT NULL CHECK (reports >= 0),
  messages   INTEGER NOT NULL CHECK (messages >= 0),
  message_id TEXT    NOT NULL,     -- of its mail, also where none was sent
  language   TEXT    NOT NULL,     -- in which it was told: 'en', 'fr', 'pl'
  refused    TEXT    NOT NULL,     -- recipients that the server refused, JSON list
  content    TEXT                  -- the whole of it, JSON, to be shown again; NULL but for the last one of each name
) STRICT;
CREATE INDEX digest_by_name ON digest (name, id);

CREATE TABLE finding (             -- every finding that was told, as it stood in the last digest that had it
  digest_name TEXT    NOT NULL,
  id          TEXT    NOT NULL,    -- stable as long as the thing is the same
  kind        TEXT    NOT NULL,
  severity    TEXT    NOT NULL CHECK (severity IN ('info', 'watch', 'ask', 'fix')),
  domain      TEXT    NOT NULL,
  service     TEXT    NOT NULL,    -- subject; '' where it does not apply
  sources     TEXT    NOT NULL,    -- addresses, JSON list
  selector    TEXT    NOT NULL,
  mechanism   TEXT    NOT NULL,
  reporter    TEXT    NOT NULL,
  messages    INTEGER NOT NULL CHECK (messages >= 0),
  since       TEXT,                -- first day of what shows it
  evidence    TEXT    NOT NULL,    -- JSON list of sentences
  action      TEXT    NOT NULL,
  cause_record TEXT CHECK (cause_record IN ('dkim', 'spf', 'dmarc')),
  cause_name   TEXT,
  cause_change TEXT CHECK (cause_change IN ('added', 'removed', 'changed', 'broken')),
  is_said_once INTEGER NOT NULL CHECK (is_said_once IN (0, 1)),
  is_open     INTEGER NOT NULL CHECK (is_open IN (0, 1)),  -- 0: resolved, or said once
  first_told  INTEGER NOT NULL,    -- time of the digest that told it as new, the last time
  nights      INTEGER NOT NULL CHECK (nights >= 1),        -- digests in a row that had it
  PRIMARY KEY (digest_name, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE digest_item (         -- what each digest said of it
  digest_id  INTEGER NOT NULL REFERENCES digest (id),
  n          INTEGER NOT NULL,     -- its place there, from 1
  finding_id TEXT    NOT NULL,
  state      TEXT    NOT NULL CHECK (state IN ('new', 'open', 'worse', 'resolved')),
  severity   TEXT    NOT NULL,
  messages   INTEGER NOT NULL,
  PRIMARY KEY (digest_id, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE digest_outbox (       -- mails of which it is not known whether they arrived, posts to be sent
  id          INTEGER PRIMARY KEY,
  digest_name TEXT    NOT NULL,
  channel     TEXT    NOT NULL CHECK (channel IN ('mail', 'webhook')),
  targets     TEXT    NOT NULL,    -- recipients, or one URL: JSON list
  message_id  TEXT    NOT NULL,
  octets      TEXT    NOT NULL,    -- as they are sent
  content     TEXT    NOT NULL,    -- of a mail: the digest that it tells; else ''
  language    TEXT    NOT NULL,
  made_at     INTEGER NOT NULL,
  attempts    INTEGER NOT NULL CHECK (attempts >= 0)
) STRICT;

CREATE TABLE finding_care (        -- what the owner said of a finding
  finding_id TEXT PRIMARY KEY,
  word       TEXT    NOT NULL CHECK (word IN ('snoozed', 'done')),
  until      INTEGER,              -- of snoozed; NULL: until it is over
  set_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- ------------------------------------------------------------------ SMTP TLS reports (RFC 8460)

CREATE TABLE tls_report (          -- one row per kept version of a report
  id                INTEGER PRIMARY KEY,
  reporter          TEXT    NOT NULL,      -- organization-name folded, else the domain of contact-info
  report_id         TEXT    NOT NULL,      -- the reporter's own, '' when absent
  date_begin        INTEGER,
  date_end          INTEGER,
  day               TEXT    NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),  -- of its midpoint
  organization_name TEXT    NOT NULL,      -- as written
  contact_info      TEXT    NOT NULL,
  received          INTEGER NOT NULL,      -- of the item that brought it
  policies          INTEGER NOT NULL CHECK (policies >= 0),
  failures          INTEGER NOT NULL CHECK (failures >= 0),    -- rows of tls_failure
  successful        INTEGER NOT NULL CHECK (successful >= 0),  -- sessions, summed over its policies
  failed            INTEGER NOT NULL CHECK (failed >= 0),
  unknown_members   INTEGER NOT NULL CHECK (unknown_members >= 0),
  -- Identity (docs/identity.md): versions share identity_key; group_key leaves the policy domains out.
  group_key         BLOB    NOT NULL CHECK (length(group_key) = 16),
  identity_key      BLOB    NOT NULL CHECK (length(identity_key) = 16),
  content_hash      BLOB    NOT NULL CHECK (length(content_hash) = 32),
  hash_version      INTEGER NOT NULL,
  counted           INTEGER NOT NULL CHECK (counted IN (0, 1)),    -- exactly one version per identity_key
  conflict          INTEGER NOT NULL CHECK (conflict IN (0, 1)),
  damaged           INTEGER NOT NULL CHECK (damaged IN (0, 1)),    -- the text broke off: the policies before that
  authenticity      TEXT    NOT NULL DEFAULT 'unchecked'
    CHECK (authenticity IN ('unchecked', 'authenticated', 'unauthenticated', 'indeterminate')),
  authenticated_as  TEXT,
  authenticity_reason TEXT
) STRICT;
CREATE INDEX tls_report_by_group ON tls_report (group_key);
CREATE INDEX tls_report_by_identity ON tls_report (identity_key);
CREATE INDEX tls_report_by_day ON tls_report (day);

CREATE TABLE tls_policy (          -- one row per policy of a report, in their order
  report_id     INTEGER NOT NULL REFERENCES tls_report (id),
  n             INTEGER NOT NULL CHECK (n >= 1),
  policy_domain TEXT    NOT NULL,          -- A-labels, lower case; a name that does not parse as it came; '' absent
  type          TEXT    NOT NULL CHECK (type IN ('unknown', 'tlsa', 'sts', 'no-policy-found')),
  raw_type      TEXT    NOT NULL,          -- where type is unknown
  strings       TEXT    NOT NULL,          -- JSON list: policy-string
  mx_hosts      TEXT    NOT NULL,          -- JSON list: mx-host
  successful    INTEGER CHECK (successful >= 0),  -- sessions; NULL: not told
  failed        INTEGER CHECK (failed >= 0),      -- sessions; not told: the sum of its failures
  PRIMARY KEY (report_id, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX tls_policy_by_domain ON tls_policy (policy_domain, report_id);

CREATE TABLE tls_failure (         -- one row per entry of failure-details
  id              INTEGER PRIMARY KEY,
  report_id       INTEGER NOT NULL REFERENCES tls_report (id),
  policy          INTEGER NOT NULL CHECK (policy >= 1),  -- tls_policy.n
  result_type     TEXT    NOT NULL CHECK (result_type IN ('unknown', 'starttls-not-supported',
    'certificate-host-mismatch', 'certificate-expired', 'certificate-not-trusted', 'validation-failure', 'tlsa-invalid',
    'dnssec-invalid', 'dane-required', 'sts-policy-fetch-error', 'sts-policy-invalid', 'sts-webpki-invalid')),
  raw_result_type TEXT    NOT NULL,        -- where result_type is unknown
  sending_ip      TEXT,                    -- RFC 5952
  mx_host         TEXT,                    -- receiving-mx-hostname
  mx_helo         TEXT,
  receiving_ip    TEXT,
  sessions        INTEGER CHECK (sessions >= 0),  -- NULL: not told
  information     TEXT,                    -- additional-information
  reason_code     TEXT                     -- failure-reason-code
) STRICT;
CREATE INDEX tls_failure_by_report ON tls_failure (report_id, policy);

CREATE TABLE tls_defect (          -- an oddity of a report
  report_id INTEGER NOT NULL REFERENCES tls_report (id),
  n         INTEGER NOT NULL,
  policy    INTEGER NOT NULL,      -- 0: the report as a whole
  line      INTEGER NOT NULL,      -- 0: not known
  code      TEXT    NOT NULL,      -- docs/defects.md
  detail    TEXT    NOT NULL,
  PRIMARY KEY (report_id, n)
) STRICT, WITHOUT ROWID;

-- Roll-ups of counted reports, written in the transaction of their rows; `db check` compares them.
CREATE TABLE tls_day (
  policy_domain TEXT    NOT NULL,
  day           TEXT    NOT NULL,  -- of the middle of the report's period
  reporter      TEXT    NOT NULL,
  type          TEXT    NOT NULL,
  authenticity  TEXT    NOT NULL,  -- of the report
  policies      INTEGER NOT NULL CHECK (policies >= 0),
  successful    INTEGER NOT NULL,  -- sessions
  failed        INTEGER NOT NULL,
  PRIMARY KEY (policy_domain, day, reporter, type, authenticity)
) STRICT, WITHOUT ROWID;

CREATE TABLE tls_failure_day (
  policy_domain TEXT    NOT NULL,
  day           TEXT    NOT NULL,
  reporter      TEXT    NOT NULL,
  result_type   TEXT    NOT NULL,  -- the raw text where it is unknown
  mx_host       TEXT    NOT NULL,  -- '' not told
  authenticity  TEXT    NOT NULL,
  details       INTEGER NOT NULL CHECK (details >= 0),
  sessions      INTEGER NOT NULL,  -- 1 for one whose number is not told
  PRIMARY KEY (policy_domain, day, reporter, result_type, mx_host, authenticity)
) STRICT, WITHOUT ROWID;

ALTER TABLE ledger_part ADD COLUMN tls_id INTEGER REFERENCES tls_report (id);
CREATE INDEX ledger_part_by_tls ON ledger_part (tls_id) WHERE tls_id IS NOT NULL;

-- ------------------------------------------------------------------ what a cluster is still to be told
-- Written by the triggers of store/outbox/outbox.cpp, which are there where a cluster is configured: in the transaction
-- that stores, changes or removes a report. Elsewhere it is empty.
CREATE TABLE outbox (
  seq          INTEGER PRIMARY KEY AUTOINCREMENT,  -- a change while its report is shipped makes a new one
  report_id    INTEGER NOT NULL,   -- of report or tls_report; no row with this key there: the report is gone
  identity_key BLOB    NOT NULL CHECK (length(identity_key) = 16),
  since        INTEGER NOT NULL,   -- identity_key: of a TLS report its group_key
  UNIQUE (identity_key, report_id)
) STRICT;

-- Of a judging database alone (store/pulled/): the batches of the cluster that it holds.
CREATE TABLE pulled_batch (
  shard INTEGER NOT NULL,
  batch INTEGER NOT NULL,          -- the 64 bits of its number
  PRIMARY KEY (shard, batch)
) STRICT, WITHOUT ROWID;

-- ------------------------------------------------------------------ what judging came to
-- Written by readers of a large file (store/kept/answers.hpp), whose triggers empty it when a fact changes.
CREATE TABLE kept_answer (
  question TEXT    NOT NULL UNIQUE,  -- what was asked, of which configuration, in which hour
  made_at  INTEGER NOT NULL,
  octets   INTEGER NOT NULL,         -- of the content, unpacked
  content  BLOB    NOT NULL          -- zlib; a format of its own for each version of the program
) STRICT;
