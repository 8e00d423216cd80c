-- The database of ruaudit, version 3 (PRAGMA user_version). This text is executed when a file is created; an older file
-- is brought to the same state by store/migrations/. Each table and column that is added stands in both.
--
-- Analysts read the views v_* (store/views.sql, promised in docs/schema.md); the tables below may change between versions.
-- Times are UTC seconds since the epoch; a day is 'YYYY-MM-DD' and a month 'YYYY-MM', both UTC. Vocabulary is stored as
-- the wire tokens of RFC 7489 and RFC 9990; 'unknown' stands for a text outside it, whose raw form is a row of defect.
-- NULL means that the report did not say. "Interned" tables hold each distinct content once; digest is the first 16
-- octets of the SHA-256 of that content (docs/identity.md).
--
-- Foreign keys are declared for the reader, the query planner and `db check`; the bulk writer does not have SQLite
-- look them up row by row (docs/decisions/0003-store.md).

CREATE TABLE store_info (          -- facts about the file itself, such as who created it
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- ------------------------------------------------------------------ what came in, and what became of it

CREATE TABLE ledger (              -- one row per item: a mail or a file, whatever it held
  id            INTEGER PRIMARY KEY,
  item_kind     TEXT    NOT NULL CHECK (item_kind IN ('mail', 'file')),
  source        TEXT    NOT NULL,  -- what was read: the path of a file or folder, or the address of a mailbox
  locator       TEXT    NOT NULL,  -- where in it: file name, offset in an mbox, UID
  content_hash  BLOB    NOT NULL CHECK (length(content_hash) = 32),  -- SHA-256 of the octets as received
  size          INTEGER NOT NULL CHECK (size >= 0),
  outcome       TEXT    NOT NULL CHECK (outcome IN ('stored', 'duplicate', 'conflict', 'superseded', 'rejected',
                                                    'kept', 'not_a_report')),  -- the best of its parts' outcomes
  received      INTEGER NOT NULL,  -- date of the mail, else time of the file
  first_seen    INTEGER NOT NULL,
  last_seen     INTEGER NOT NULL,
  seen_count    INTEGER NOT NULL DEFAULT 1 CHECK (seen_count >= 1),
  -- Acknowledging an item to its mailbox is a state, so that a kill between commit and MOVE strands nothing.
  acknowledgement TEXT  NOT NULL DEFAULT 'none' CHECK (acknowledgement IN ('none', 'pending', 'done', 'failed')),
  attempts      INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  last_attempt  INTEGER,
  mailbox       TEXT,              -- the four that name a message of an IMAP or POP3 mailbox, or all NULL
  folder        TEXT,
  uidvalidity   INTEGER,
  uid           TEXT,              -- IMAP UID or POP3 UIDL
  CHECK (mailbox IS NULL OR (folder IS NOT NULL AND uidvalidity IS NOT NULL AND uid IS NOT NULL)),
  CHECK (last_seen >= first_seen)
) STRICT;
CREATE INDEX ledger_by_content ON ledger (content_hash);
CREATE UNIQUE INDEX ledger_by_uid ON ledger (mailbox, folder, uidvalidity, uid) WHERE mailbox IS NOT NULL;
CREATE INDEX ledger_by_acknowledgement ON ledger (acknowledgement) WHERE acknowledgement IN ('pending', 'failed');

CREATE TABLE ledger_part (         -- one row per leaf payload found in an item
  ledger_id INTEGER NOT NULL REFERENCES ledger (id),
  part      INTEGER NOT NULL CHECK (part >= 1),
  path      TEXT    NOT NULL,      -- way to it, e.g. '2/report.zip/a.xml'
  kind      TEXT    NOT NULL CHECK (kind IN ('aggregate', 'failure', 'tls', 'other')),
  outcome   TEXT    NOT NULL CHECK (outcome IN ('stored', 'duplicate', 'conflict', 'superseded', 'rejected', 'kept',
                                                'not_a_report')),
  code      TEXT,                  -- stable token: why it was rejected, kept or is no report
  place     TEXT,                  -- where it was seen, e.g. 'line 17'
  reason    TEXT,                  -- in words, with the remedy
  records   INTEGER NOT NULL DEFAULT 0 CHECK (records >= 0),    -- what this payload alone parsed to, before identity
  messages  INTEGER NOT NULL DEFAULT 0 CHECK (messages >= 0),
  report_id INTEGER REFERENCES report (id),  -- the report it became, repeats or gave way to
  failure_id INTEGER REFERENCES failure_report (id),  -- the same of a failure report
  tls_id    INTEGER REFERENCES tls_report (id),       -- the same of an SMTP TLS report
  PRIMARY KEY (ledger_id, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_part_by_report ON ledger_part (report_id) WHERE report_id IS NOT NULL;
CREATE INDEX ledger_part_by_failure ON ledger_part (failure_id) WHERE failure_id IS NOT NULL;
CREATE INDEX ledger_part_by_tls ON ledger_part (tls_id) WHERE tls_id IS NOT NULL;

CREATE TABLE original (            -- the octets of an item; of a mail without any report its header block alone
  ledger_id INTEGER PRIMARY KEY REFERENCES ledger (id),
  extent    TEXT    NOT NULL CHECK (extent IN ('full', 'headers')),
  size      INTEGER NOT NULL CHECK (size >= 0),     -- of what is kept here, uncompressed
  sample_policy TEXT CHECK (sample_policy IN ('full', 'headers', 'redacted'))  -- of a mail with failure reports, once
) STRICT;                                           -- they are verified and it was cut to this; NULL: as it came

CREATE TABLE original_chunk (      -- its octets in order; id = ledger_id * 2^24 + chunk number from 0
  id    INTEGER PRIMARY KEY,
  codec TEXT    NOT NULL CHECK (codec IN ('raw', 'zlib', 'base64')),  -- base64: octets that stood there as base64 lines
  size  INTEGER NOT NULL CHECK (size >= 0),         -- uncompressed
  data  BLOB    NOT NULL,
  ledger_id INTEGER GENERATED ALWAYS AS (id >> 24) VIRTUAL REFERENCES original (ledger_id)
) STRICT;

-- ------------------------------------------------------------------ reports

CREATE TABLE reporter (            -- interned: who reports, as the identity of a report knows him
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE        -- org_name folded (lower case, blanks squeezed), else the domain of its e-mail
) STRICT;

CREATE TABLE domain (              -- interned: policy domains
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE        -- A-labels, lower case; a name that does not parse as it came
) STRICT;

CREATE TABLE policy (              -- interned: policy_published without its domain
  id               INTEGER PRIMARY KEY,
  digest           BLOB NOT NULL UNIQUE CHECK (length(digest) = 16),
  p                TEXT CHECK (p  IN ('unknown', 'none', 'quarantine', 'reject')),
  sp               TEXT CHECK (sp IN ('unknown', 'none', 'quarantine', 'reject')),
  np               TEXT CHECK (np IN ('unknown', 'none', 'quarantine', 'reject')),
  adkim            TEXT CHECK (adkim IN ('unknown', 'r', 's')),
  aspf             TEXT CHECK (aspf  IN ('unknown', 'r', 's')),
  pct              INTEGER,
  fo               TEXT,
  testing          INTEGER CHECK (testing IN (0, 1)),
  discovery_method TEXT CHECK (discovery_method IN ('unknown', 'psl', 'treewalk'))
) STRICT;

CREATE TABLE report (              -- one row per kept version of an aggregate report
  id                 INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 549755813887),
  reporter_id        INTEGER NOT NULL REFERENCES reporter (id),
  domain_id          INTEGER NOT NULL REFERENCES domain (id),
  policy_id          INTEGER NOT NULL REFERENCES policy (id),
  report_id          TEXT    NOT NULL,      -- the reporter's own, '' when absent
  date_begin         INTEGER,
  date_end           INTEGER,
  day                TEXT    NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),  -- of its midpoint
  org_name           TEXT    NOT NULL,      -- as written
  email              TEXT    NOT NULL,
  extra_contact_info TEXT,
  extra_contact_lang TEXT,
  generator          TEXT,
  version            TEXT,
  xml_namespace      TEXT    NOT NULL,
  received           INTEGER NOT NULL,      -- of the item that brought it
  records            INTEGER NOT NULL CHECK (records >= 0),
  messages           INTEGER NOT NULL CHECK (messages >= 0),  -- sum over countable records
  unknown_elements   INTEGER NOT NULL CHECK (unknown_elements >= 0),
  -- Identity (docs/identity.md): versions of one report share the key and differ in content.
  identity_key       BLOB    NOT NULL CHECK (length(identity_key) = 16),
  content_hash       BLOB    NOT NULL CHECK (length(content_hash) = 32),
  hash_version       INTEGER NOT NULL,
  counted            INTEGER NOT NULL CHECK (counted IN (0, 1)),    -- exactly one version per key takes part in sums
  conflict           INTEGER NOT NULL CHECK (conflict IN (0, 1)),   -- other versions with the same key are kept
  damaged            INTEGER NOT NULL CHECK (damaged IN (0, 1)),    -- the text was cut off or broken: what was complete
  authenticity       TEXT    NOT NULL DEFAULT 'unchecked'
    CHECK (authenticity IN ('unchecked', 'authenticated', 'unauthenticated', 'indeterminate')),
  authenticated_as   TEXT,                  -- the domain, where authenticity is 'authenticated'
  authenticity_reason TEXT,
  -- What our own check of the records rested on.
  alignment_method   TEXT CHECK (alignment_method IN ('psl', 'treewalk')),
  suffix_list        TEXT                   -- version of the public suffix list
) STRICT;
CREATE INDEX report_by_identity ON report (identity_key);
CREATE INDEX report_by_domain ON report (domain_id, day);
CREATE INDEX report_by_day ON report (day);

CREATE TABLE report_error (        -- report_metadata/error
  report_id INTEGER NOT NULL REFERENCES report (id),
  n         INTEGER NOT NULL,
  text      TEXT    NOT NULL,
  lang      TEXT    NOT NULL,
  PRIMARY KEY (report_id, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE defect (              -- an oddity of a report: nothing is normalised or dropped without one
  id         INTEGER PRIMARY KEY,
  report_id  INTEGER NOT NULL REFERENCES report (id),
  row_number INTEGER NOT NULL,     -- 0: the report as a whole
  line       INTEGER NOT NULL,     -- 0: not known
  code       TEXT    NOT NULL,     -- docs/defects.md
  detail     TEXT    NOT NULL      -- the raw text
) STRICT;
CREATE INDEX defect_by_report ON defect (report_id);

-- ------------------------------------------------------------------ records

CREATE TABLE source (              -- interned: addresses that send
  id   INTEGER PRIMARY KEY,
  key  BLOB NOT NULL CHECK (length(key) = 16),  -- sortable; IPv4 as ::ffff:a.b.c.d
  text TEXT NOT NULL UNIQUE                     -- RFC 5952
) STRICT;

CREATE TABLE identifier_set (      -- interned: header_from and envelope_from of a row
  id            INTEGER PRIMARY KEY,
  digest        BLOB NOT NULL UNIQUE CHECK (length(digest) = 16),
  header_from   TEXT NOT NULL,
  envelope_from TEXT               -- '' is the null sender
) STRICT;

CREATE TABLE recipient (           -- interned: envelope_to
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE verdict (             -- interned: all that a row says but address, count and identifiers
  id          INTEGER PRIMARY KEY,
  digest      BLOB NOT NULL UNIQUE CHECK (length(digest) = 16),
  disposition TEXT NOT NULL CHECK (disposition IN ('unknown', 'none', 'quarantine', 'reject', 'pass')),
  dkim        TEXT NOT NULL CHECK (dkim IN ('unknown', 'pass', 'fail')),   -- policy_evaluated: passed and aligned
  spf         TEXT NOT NULL CHECK (spf  IN ('unknown', 'pass', 'fail')),
  dkim_auth   TEXT NOT NULL CHECK (dkim_auth IN ('absent', 'failed', 'passed', 'not_verified')),  -- of its auth_results
  spf_auth    TEXT NOT NULL CHECK (spf_auth  IN ('absent', 'failed', 'passed', 'not_verified')),
  overridden  INTEGER NOT NULL CHECK (overridden IN (0, 1))                       -- has rows in policy_override
) STRICT;

CREATE TABLE auth_result (         -- one row per distinct <dkim> and <spf> of a verdict, in their order
  verdict_id   INTEGER NOT NULL REFERENCES verdict (id),
  n            INTEGER NOT NULL,
  mechanism    TEXT    NOT NULL CHECK (mechanism IN ('dkim', 'spf')),
  domain       TEXT    NOT NULL,
  selector     TEXT,                                                        -- dkim only
  scope        TEXT CHECK (scope IN ('unknown', 'mfrom', 'helo')),          -- spf only
  result       TEXT    NOT NULL CHECK (result IN ('unknown', 'none', 'neutral', 'pass', 'fail', 'softfail', 'policy',
                                                  'temperror', 'permerror')),
  human_result TEXT,
  human_lang   TEXT,
  PRIMARY KEY (verdict_id, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE policy_override (     -- one row per distinct <reason> of a verdict, in their order
  verdict_id    INTEGER NOT NULL REFERENCES verdict (id),
  n             INTEGER NOT NULL,
  type          TEXT    NOT NULL CHECK (type IN ('unknown', 'forwarded', 'sampled_out', 'trusted_forwarder',
                                                 'mailing_list', 'local_policy', 'policy_test_mode', 'other')),
  raw_type      TEXT    NOT NULL,  -- where type is unknown, else ''
  comment       TEXT,
  comment_lang  TEXT,
  -- A comment 'arc=pass as[2].d=d2 as[2].s=s2 as[1].d=d1 as[1].s=s1 remote-ip[1]=...' taken apart (RFC 8617 section 7.2.2).
  arc           TEXT,              -- its verdict, e.g. 'pass'
  arc_chain     TEXT,              -- JSON: [{"i":2,"d":"d2","s":"s2"}, ...], latest first
  arc_remote_ip TEXT,              -- of the lowest instance that has one
  PRIMARY KEY (verdict_id, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE record (              -- one narrow row per <record>; id = report id * 2^24 + row number from 1
  id            INTEGER PRIMARY KEY,
  source_id     INTEGER REFERENCES source (id),             -- NULL: no usable address
  count         INTEGER CHECK (count BETWEEN 0 AND 1000000000000),  -- NULL: no usable count
  identifier_id INTEGER NOT NULL REFERENCES identifier_set (id),
  recipient_id  INTEGER REFERENCES recipient (id),
  verdict_id    INTEGER NOT NULL REFERENCES verdict (id),
  -- Our own check: DKIM alignment + 4 * SPF alignment (0 undecidable, 1 aligned, 2 not aligned) + 16 * contradiction
  -- bits (1 dkim pass unfounded, 2 dkim fail unfounded, 4 spf pass unfounded, 8 spf fail unfounded).
  self_check    INTEGER NOT NULL CHECK (self_check BETWEEN 0 AND 255),
  report_id     INTEGER GENERATED ALWAYS AS (id >> 24) VIRTUAL REFERENCES report (id),
  row_number    INTEGER GENERATED ALWAYS AS (id & 16777215) VIRTUAL
) STRICT;
CREATE INDEX record_by_source ON record (source_id);
CREATE INDEX record_by_contradiction ON record (self_check) WHERE self_check > 15;  -- few rows; who contradicts itself

-- ------------------------------------------------------------------ roll-ups: counted reports and countable records only
-- Written in the transaction of the records; `db check` compares them with a recomputation.

CREATE TABLE result_class (        -- interned: what totals are split by; id packs the columns (store/rollup.hpp)
  id            INTEGER PRIMARY KEY,
  disposition   TEXT NOT NULL,
  dkim          TEXT NOT NULL,     -- as verdict
  spf           TEXT NOT NULL,
  dkim_auth     TEXT NOT NULL,
  spf_auth      TEXT NOT NULL,
  overridden    INTEGER NOT NULL,
  our_dkim      TEXT NOT NULL CHECK (our_dkim IN ('undecidable', 'aligned', 'not_aligned')),
  our_spf       TEXT NOT NULL CHECK (our_spf  IN ('undecidable', 'aligned', 'not_aligned')),
  contradiction INTEGER NOT NULL,  -- bits as in record.self_check
  authenticity  TEXT NOT NULL      -- of the report
) STRICT;

CREATE TABLE domain_day (          -- totals: messages of a policy domain on the day of the report's midpoint
  domain_id INTEGER NOT NULL REFERENCES domain (id),
  day       TEXT    NOT NULL,
  class_id  INTEGER NOT NULL REFERENCES result_class (id),
  records   INTEGER NOT NULL CHECK (records > 0),
  messages  INTEGER NOT NULL CHECK (messages > 0),
  PRIMARY KEY (domain_id, day, class_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE domain_month_source ( -- top lists: who sent for a policy domain in the month of the report's midpoint
  domain_id    INTEGER NOT NULL REFERENCES domain (id),
  month        TEXT    NOT NULL,
  source_id    INTEGER NOT NULL REFERENCES source (id),
  records      INTEGER NOT NULL CHECK (records > 0),
  messages     INTEGER NOT NULL CHECK (messages > 0),
  passed       INTEGER NOT NULL,   -- messages with dkim or spf pass in policy_evaluated; the others failed DMARC
  dkim_aligned INTEGER NOT NULL,   -- messages with dkim pass in policy_evaluated
  spf_aligned  INTEGER NOT NULL,
  rejected     INTEGER NOT NULL,   -- messages by disposition
  quarantined  INTEGER NOT NULL,
  first_seen   INTEGER NOT NULL,   -- lowest date_begin of the reports
  last_seen    INTEGER NOT NULL,   -- highest date_end
  PRIMARY KEY (domain_id, month, source_id)
) STRICT, WITHOUT ROWID;

-- ------------------------------------------------------------------ failure reports (RFC 9991, RFC 6591, RFC 5965)
-- What a reporter claims is stored as claimed; what this program finds is in failure_result. Other feedback (abuse,
-- not-spam, bounces ...) is stored as what it is and is never judged.
--
-- Samples hold people's mail. Until a report has been verified its octets lie in pending_failure and
-- failure_original_chunk alone; afterwards every table holds only what sample_policy permits:
--   full      everything
--   headers   header fields, never a word of a body
--   redacted  the same with local parts, subjects and other people's words replaced by a keyed hash
--   none      no sample; addresses redacted
-- Who writes into failure_* (evidence, details) obeys this too.

CREATE TABLE failure_report (      -- one row per report; its copies are rows of ledger_part alone
  id                  INTEGER PRIMARY KEY,
  identity_key        BLOB    NOT NULL UNIQUE CHECK (length(identity_key) = 32),  -- docs/identity.md
  identity_version    INTEGER NOT NULL,
  ledger_id           INTEGER NOT NULL REFERENCES ledger (id),  -- the item that brought it first
  part                TEXT    NOT NULL,      -- way to it inside that item
  received            INTEGER NOT NULL,      -- of the item
  kind                TEXT    NOT NULL CHECK (kind IN ('auth-failure', 'abuse', 'fraud', 'virus', 'not-spam', 'other',
                                                       'unknown', 'bounce', 'auto-reply')),
  container           TEXT    NOT NULL CHECK (container IN ('multipart-report', 'repacked', 'sniffed', 'prose', 'bare')),
  dialect             TEXT    NOT NULL CHECK (dialect IN ('standard', 'opendmarc', 'linkedin', 'symantec', 'netease',
                                                          'exim', 'unknown')),
  reporter            TEXT    NOT NULL,      -- domain of the report's author, else the reporting host, else ''
  reporter_address    TEXT,
  report_message_id   TEXT,
  report_date         INTEGER,
  -- Claims that occur once. NULL: the report does not say.
  feedback_type       TEXT,
  version             TEXT,
  user_agent          TEXT,
  auth_failure        TEXT,                  -- tokens of RFC 6591 section 3.3 with blanks between; 'unknown' among them
  raw_auth_failure    TEXT,
  identity_alignment  TEXT,                  -- raw: RFC 7489 and RFC 9991 mean opposite things by it
  delivery_result     TEXT CHECK (delivery_result IN ('delivered', 'spam', 'policy', 'reject', 'other', 'unknown')),
  raw_delivery_result TEXT,
  dkim_domain         TEXT,
  dkim_identity       TEXT,
  dkim_selector       TEXT,
  original_envelope_id TEXT,
  original_mail_from  TEXT,                  -- '' is the null sender
  arrival_date        INTEGER,
  raw_arrival_date    TEXT,
  source_ip           TEXT,                  -- RFC 5952, as source.text
  raw_source_ip       TEXT,
  source_port         INTEGER,
  reported_domain     TEXT,                  -- the first
  reporting_mta       TEXT,
  incidents           INTEGER NOT NULL DEFAULT 1 CHECK (incidents BETWEEN 1 AND 1000000000),
  -- The sample.
  at                  INTEGER NOT NULL,      -- when the message arrived: claimed, else from its trace, else the report's date
  day                 TEXT    NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),  -- UTC day of it
  header_from         TEXT,                  -- Author Domain, A-labels; NULL: not readable or no sample
  sample_extent       TEXT    NOT NULL CHECK (sample_extent IN ('full', 'headers', 'none')),  -- as it arrived
  sample_media_type   TEXT    NOT NULL,
  sample_encoding     TEXT    NOT NULL,
  sample_size         INTEGER NOT NULL CHECK (sample_size >= 0),
  sample_hash         BLOB CHECK (length(sample_hash) = 32),  -- SHA-256 of its octets as they arrived
  redacted            INTEGER NOT NULL CHECK (redacted IN (0, 1)),  -- by the reporter (RFC 6590)
  sample_policy       TEXT    NOT NULL CHECK (sample_policy IN ('full', 'headers', 'redacted', 'none')),
  sample_state        TEXT    NOT NULL CHECK (sample_state IN ('pending_verification', 'kept', 'cut', 'pruned'))
) STRICT;
CREATE INDEX failure_report_by_day ON failure_report (day);
CREATE INDEX failure_report_by_source ON failure_report (source_ip, day);
CREATE INDEX failure_report_by_domain ON failure_report (header_from, day);
CREATE INDEX failure_report_by_ledger ON failure_report (ledger_id);
CREATE INDEX failure_report_pending ON failure_report (id) WHERE sample_state = 'pending_verification';

CREATE TABLE failure_claim (       -- claims that may occur several times, and fields that no RFC knows, in their order
  failure_id INTEGER NOT NULL REFERENCES failure_report (id),
  n          INTEGER NOT NULL,
  name       TEXT    NOT NULL,     -- lower case: authentication-results, spf-dns, original-rcpt-to ...
  value      TEXT    NOT NULL,     -- as written, folding removed
  PRIMARY KEY (failure_id, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE failure_defect (      -- an oddity: nothing is normalised, repaired or missing without one
  failure_id INTEGER NOT NULL REFERENCES failure_report (id),
  n          INTEGER NOT NULL,
  line       INTEGER NOT NULL,     -- 0: not known
  code       TEXT    NOT NULL,     -- docs/defects.md; 'redaction' for a trace of redaction
  detail     TEXT    NOT NULL,
  PRIMARY KEY (failure_id, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE failure_sample (      -- what is kept of report and sample for good, as sample_policy permits
  failure_id  INTEGER PRIMARY KEY REFERENCES failure_report (id),
  extent      TEXT    NOT NULL CHECK (extent IN ('full', 'headers', 'redacted', 'none')),
  report      BLOB    NOT NULL,    -- all that the parser read out of the report but the sample: CBOR, zlib
  report_size INTEGER NOT NULL CHECK (report_size >= 0),  -- uncompressed
  sample      BLOB    NOT NULL,    -- octets, zlib
  sample_size INTEGER NOT NULL CHECK (sample_size >= 0)
) STRICT;

CREATE TABLE failure_signature (   -- of a cut sample, per signature: what lets b= be checked again
  failure_id   INTEGER NOT NULL REFERENCES failure_report (id),
  n            INTEGER NOT NULL,   -- in the order of the message, from 0
  field        TEXT    NOT NULL CHECK (field IN ('dkim-signature', 'arc-message-signature', 'arc-seal')),
  domain       TEXT    NOT NULL,
  selector     TEXT    NOT NULL,
  algorithm    TEXT    NOT NULL,
  value        TEXT    NOT NULL,   -- the field's value, unfolded, without the local part of i= unless permitted
  header_codec TEXT    NOT NULL CHECK (header_codec IN ('raw', 'digest')),
  header_input BLOB    NOT NULL,   -- canonical header input of the signature; its SHA-256 alone under redacted and none
  body_hash    BLOB,               -- computed over the body that arrived; NULL: there was none
  PRIMARY KEY (failure_id, n)
) STRICT;

CREATE TABLE failure_result (      -- what verification found; the current one and, by request, former ones
  id            INTEGER PRIMARY KEY,
  failure_id    INTEGER NOT NULL REFERENCES failure_report (id),
  is_current    INTEGER NOT NULL CHECK (is_current IN (0, 1)),
  verified_at   INTEGER NOT NULL,  -- when this program looked
  judged_at     INTEGER NOT NULL,  -- the time that expiry was judged by
  dns_time      INTEGER NOT NULL,  -- of the DNS answers it rests on
  tool_version  TEXT    NOT NULL,
  dmarc         TEXT CHECK (dmarc IN ('none', 'pass', 'fail', 'temperror', 'permerror')),  -- RFC 9989; NULL: undecidable
  dmarc_7489    TEXT CHECK (dmarc_7489 IN ('none', 'pass', 'fail', 'temperror', 'permerror')),  -- where it differs
  policy        TEXT CHECK (policy IN ('none', 'quarantine', 'reject')),
  spf           TEXT CHECK (spf IN ('none', 'neutral', 'pass', 'fail', 'softfail', 'policy', 'temperror', 'permerror')),
  spf_domain    TEXT,
  spf_aligned   INTEGER CHECK (spf_aligned IN (0, 1)),
  dkim          TEXT CHECK (dkim IN ('none', 'pass', 'fail', 'policy', 'neutral', 'temperror', 'permerror')),  -- the best
  dkim_domain   TEXT,
  dkim_aligned  INTEGER CHECK (dkim_aligned IN (0, 1)),
  arc           TEXT CHECK (arc IN ('none', 'pass', 'fail')),
  conclusion    TEXT    NOT NULL CHECK (conclusion IN ('own_sender_broken', 'forwarded', 'forgery', 'legitimate',
                                                       'indeterminate')),
  mechanism     TEXT    NOT NULL CHECK (mechanism IN ('none', 'spf', 'dkim', 'arc', 'dmarc')),  -- that it turns on
  confidence    TEXT    NOT NULL CHECK (confidence IN ('high', 'medium', 'low')),
  reason        TEXT    NOT NULL,  -- stable token: why this conclusion, or why none
  summary       TEXT    NOT NULL,  -- one sentence
  advice        TEXT,              -- what to change, in words
  disagreement  TEXT,              -- claim against our result; NULL: none
  details       TEXT    NOT NULL   -- JSON: every signature, SPF path, ARC chain
) STRICT;
CREATE UNIQUE INDEX failure_result_current ON failure_result (failure_id) WHERE is_current = 1;
CREATE INDEX failure_result_by_failure ON failure_result (failure_id);
CREATE INDEX failure_result_by_conclusion ON failure_result (conclusion) WHERE is_current = 1;

CREATE TABLE failure_evidence_line (  -- what the conclusion rests on, in order
  result_id INTEGER NOT NULL REFERENCES failure_result (id),
  n         INTEGER NOT NULL,
  kind      TEXT    NOT NULL,      -- stable token; 'header-change' and 'body-change' quote the sample
  text      TEXT    NOT NULL,
  PRIMARY KEY (result_id, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE dns_evidence (        -- interned: DNS answers as recorded
  id       INTEGER PRIMARY KEY,
  digest   BLOB    NOT NULL UNIQUE CHECK (length(digest) = 16),
  name     TEXT    NOT NULL,
  type     TEXT    NOT NULL,
  evidence TEXT    NOT NULL        -- one answer, JSON as `ruaudit verify --save-evidence` writes it
) STRICT;

CREATE TABLE failure_dns (         -- the answers a result rests on, in the order in which they came
  result_id   INTEGER NOT NULL REFERENCES failure_result (id),
  n           INTEGER NOT NULL,
  evidence_id INTEGER NOT NULL REFERENCES dns_evidence (id),
  PRIMARY KEY (result_id, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX failure_dns_by_evidence ON failure_dns (evidence_id);

CREATE TABLE pending_failure (     -- the same before verification, whole; a row is here or in failure_sample
  failure_id  INTEGER PRIMARY KEY REFERENCES failure_report (id),
  report      BLOB    NOT NULL,
  report_size INTEGER NOT NULL CHECK (report_size >= 0),
  sample      BLOB    NOT NULL,
  sample_size INTEGER NOT NULL CHECK (sample_size >= 0)
) STRICT;

CREATE TABLE failure_original_chunk (  -- original_chunk of items that brought a failure report: apart, so that what is
  id    INTEGER PRIMARY KEY,           -- cut can be erased without a trace; id as original_chunk.id
  codec TEXT    NOT NULL CHECK (codec IN ('raw', 'zlib', 'base64')),
  size  INTEGER NOT NULL CHECK (size >= 0),
  data  BLOB    NOT NULL
) STRICT;

-- ------------------------------------------------------------------ is the report genuine? (docs/authenticity.md)

CREATE TABLE carrier_check (       -- one row per mail that brought a report and was looked at
  ledger_id     INTEGER PRIMARY KEY REFERENCES ledger (id),
  checked_at    INTEGER NOT NULL,  -- when this program asked DNS
  is_final      INTEGER NOT NULL CHECK (is_final IN (0, 1)),  -- 0: DNS did not answer; it is asked again
  evidence_size INTEGER NOT NULL CHECK (evidence_size >= 0),  -- uncompressed
  evidence      BLOB    NOT NULL   -- the DNS answers, JSON as `ruaudit verify --save-evidence` writes it, zlib
) STRICT;

-- Keyed hashes of redacted words: equal things stay equal within this file, and tell nothing outside of it.
INSERT INTO store_info VALUES ('redaction-key', lower(hex(randomblob(32))));

-- ------------------------------------------------------------------ mailboxes: what the ledger does not say

CREATE TABLE mailbox_attempt (     -- messages that were asked for and have no row in the ledger, until they have one
  mailbox      TEXT    NOT NULL,
  folder       TEXT    NOT NULL,
  uidvalidity  INTEGER NOT NULL,
  uid          TEXT    NOT NULL,
  attempts     INTEGER NOT NULL CHECK (attempts >= 0),
  last_attempt INTEGER NOT NULL,
  PRIMARY KEY (mailbox, folder, uidvalidity, uid)
) STRICT, WITHOUT ROWID;

CREATE TABLE source_state (        -- one row per source that was visited, and how its last visit ended
  source       TEXT    PRIMARY KEY,   -- name of the mailbox in the configuration
  last_attempt INTEGER NOT NULL,
  last_success INTEGER,            -- NULL: never
  failures     INTEGER NOT NULL CHECK (failures >= 0),  -- visits that failed since then
  messages     INTEGER NOT NULL CHECK (messages >= 0),  -- messages taken in, by all visits
  error_code   TEXT,               -- of the last visit, NULL when it went well
  error        TEXT
) STRICT, WITHOUT ROWID;

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
