-- From version 1 to version 2, in a copy that nobody else has open; the views are made anew by the program. What is added here
-- stands in store/schema.sql, too: a test compares a migrated file with a fresh one.

ALTER TABLE ledger_part ADD COLUMN failure_id INTEGER REFERENCES failure_report (id);
CREATE INDEX ledger_part_by_failure ON ledger_part (failure_id) WHERE failure_id IS NOT NULL;
ALTER TABLE original ADD COLUMN sample_policy TEXT CHECK (sample_policy IN ('full', 'headers', 'redacted'));

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
