-- A database of version 2 with content: what that version made of two reports whose DKIM and SPF results are none,
-- temperror, neutral, permerror, fail and pass, dumped by the sqlite3 shell. Read by migration_test.cpp; never changed.
PRAGMA application_id=1920295285;
PRAGMA user_version=2;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE store_info (          -- facts about the file itself, such as who created it
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO store_info VALUES('redaction-key','583c0de478bf2cebd69431619be21a94e2c4b135217bda39aa6f960f99eb8e33');
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
INSERT INTO ledger VALUES(1,'file','a.xml','',X'47486cf5d9b9bb49f98f7497ab6105733e33bbf6d3b763f6dd263539c909ea87',3999,'stored',1795964206,1769299200,1769299200,1,'none',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO ledger VALUES(2,'file','b.xml','',X'3710db8ef48eb2357a87dad3bc05cf65d625bec077719e35fa709baf2d8f2441',1237,'stored',1795964206,1769299200,1769299200,1,'none',0,NULL,NULL,NULL,NULL,NULL);
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
  PRIMARY KEY (ledger_id, part)
) STRICT, WITHOUT ROWID;
INSERT INTO ledger_part VALUES(1,1,'','aggregate','stored',NULL,NULL,NULL,8,36,1,NULL);
INSERT INTO ledger_part VALUES(2,1,'','aggregate','stored',NULL,NULL,NULL,2,19,2,NULL);
CREATE TABLE original (            -- the octets of an item; of a mail without any report its header block alone
  ledger_id INTEGER PRIMARY KEY REFERENCES ledger (id),
  extent    TEXT    NOT NULL CHECK (extent IN ('full', 'headers')),
  size      INTEGER NOT NULL CHECK (size >= 0),     -- of what is kept here, uncompressed
  sample_policy TEXT CHECK (sample_policy IN ('full', 'headers', 'redacted'))  -- of a mail with failure reports, once
) STRICT;
INSERT INTO original VALUES(1,'full',3999,NULL);
INSERT INTO original VALUES(2,'full',1237,NULL);
CREATE TABLE original_chunk (      -- its octets in order; id = ledger_id * 2^24 + chunk number from 0
  id    INTEGER PRIMARY KEY,
  codec TEXT    NOT NULL CHECK (codec IN ('raw', 'zlib', 'base64')),  -- base64: octets that stood there as base64 lines
  size  INTEGER NOT NULL CHECK (size >= 0),         -- uncompressed
  data  BLOB    NOT NULL,
  ledger_id INTEGER GENERATED ALWAYS AS (id >> 24) VIRTUAL REFERENCES original (ledger_id)
) STRICT;
INSERT INTO original_chunk VALUES(16777216,'zlib',3999,X'7801e557db729b30107df75774f201604863d7335b257fc2c8b0d89aa0cb482249ffbe8b04d826349d297e71fd64ed91b57bb467b542f0fc219b6f6f689dd0eae74396ac1f9ed90a6ac46acfcb5706168db6be90e879c53d67a0eda1505c22b358a2a095097e70691a84749c02945c34ac7af9fc9f3833b81515e390f631c8008a8185e5ea800cf678108a65dbcd36cf9f36eb35a411015455801fb36cb7db41dad9909e2f1d5c8eb457607423ca5f8569f78d7047ec626962a9584f3f29b5242711035ebd0ac92ca47100dc993a98dd2f18a6b4a20d1b0afbc9ef8a36576a4b01ac7e67e0746b4b2c8461d92e4fd6499e64909e402875ab3c232c0e069ef8c69b9692d1f114ce68273c29d4c73d472030ad29dfc4be230d1dc56807b203c3338f6960262a545ed482c46770445ea12d6aabe56546ce2720bd58c35b7f2c2cbab6f1e42106ff2aa90e1b2cbdb6cc5106863165ab73d0efac37ceb732e8b4a7449538545ba2d09fe472a536c864c79e5c07e30f7e634a2e9953b504c1feaa5c3ea31c6177ae9c4769d05a4da7e5faf2cd395fa4e1e38c8684ddb986b19f4de45b78a2e7a43b75a885c73a36b891f0a292f83e531284dd79494c32dc1743b861feeb26ff34530d84dd7a358413d20bf78f57a9d3b59f54c5a273b799c93461b79ee9856d5361eb2da7afb9b1b95dad69d2352da737f522057fcc2848d8bd2b181e07d7976f72492f526e3ba31c618b9433dcd197fda95a6fef111277707de5267ebf562e1d5fdfabdfc21ac72b');
INSERT INTO original_chunk VALUES(33554432,'zlib',1237,X'7801d554cb4ee43010bccf57acf8803819a485919a863f891ca73363113f643bc0fefdb6e3492603080e9c38c5dd8eabaaab9cc0e39b19ffbc5088dad9879ba6aa6f1e71070351df49f58c10c8bb905a4349f6324904178ead9586309022cd272b7a93c68f0462dd0232528fd83f7d7ca7ec2cb0bac70ec499830b600e6a83b44742e8e8a82d36777fef6e9b7d5dd7204a07c8f6a57db8bf3d1c40e41ac4f6e802b9cade8177a356ff5a3f75a38e27ca5c8e555a3ccbaf94330c527a20fb676d3080280b90d10f73999fe0d13acb037ba6fd80bbe3e1940b4c10dc2b42745350d46a8fcd615fd5d5be62c597262837d984dc2b8b4527bdc8716233b24e1dbd8b3a714267de6d0766a55ec6c8eab368c81207f69f69b2d845e10651ccca744f36e94173f80827923d857608ce5c3bb2dd007175464ee9d4068ad39818a1907f656aa49154720159eaba66b732009609cec5769425a78e8d52b4dcb6ca52bac41595f38426ab67e8b958708b132b6eb1e45a39df9639b06f936b3e49aee17bf9a3e88ac0df1c5df918568b2fa3fc30ba77b85f4727d67fd6ee3f5244c496');
CREATE TABLE reporter (            -- interned: who reports, as the identity of a report knows him
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE        -- org_name folded (lower case, blanks squeezed), else the domain of its e-mail
) STRICT;
INSERT INTO reporter VALUES(1,'receiver.example');
CREATE TABLE domain (              -- interned: policy domains
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE        -- A-labels, lower case; a name that does not parse as it came
) STRICT;
INSERT INTO domain VALUES(1,'example.com');
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
INSERT INTO policy VALUES(1,X'5fbff387968ff4d8cc8fbe1ea380c3fd','none',NULL,NULL,'r','r',NULL,NULL,NULL,NULL);
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
INSERT INTO report VALUES(1,1,1,1,'a',1767225600,1767311999,'2026-01-01','receiver.example','d@receiver.example',NULL,NULL,NULL,NULL,'',1795964206,8,36,0,X'7acfe69c0e20e9f329f1dd01e61b1d94',X'9bb191b827f4304a36c35b347becd62dd39e24e86427dd75ae3b52fc8c6ee9bb',1,1,0,0,'unchecked',NULL,NULL,'psl','undated, compiled, fnv1a 5230436f0543acb5');
INSERT INTO report VALUES(2,1,1,1,'b',1767312000,1767398399,'2026-01-02','receiver.example','d@receiver.example',NULL,NULL,NULL,NULL,'',1795964206,2,19,0,X'19c769e6c67ba03e69102a62c92d5eb5',X'3853a2ba9033beb9586e0ff833f2269b91bf8d7111d0b05fdcf99dcd5fdc8b0d',1,1,0,0,'unchecked',NULL,NULL,'psl','undated, compiled, fnv1a 5230436f0543acb5');
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
CREATE TABLE source (              -- interned: addresses that send
  id   INTEGER PRIMARY KEY,
  key  BLOB NOT NULL CHECK (length(key) = 16),  -- sortable; IPv4 as ::ffff:a.b.c.d
  text TEXT NOT NULL UNIQUE                     -- RFC 5952
) STRICT;
INSERT INTO source VALUES(1,X'00000000000000000000ffffc0000201','192.0.2.1');
INSERT INTO source VALUES(2,X'00000000000000000000ffffc0000202','192.0.2.2');
INSERT INTO source VALUES(3,X'00000000000000000000ffffc0000203','192.0.2.3');
INSERT INTO source VALUES(4,X'00000000000000000000ffffc0000204','192.0.2.4');
INSERT INTO source VALUES(5,X'00000000000000000000ffffc0000205','192.0.2.5');
INSERT INTO source VALUES(6,X'00000000000000000000ffffc0000206','192.0.2.6');
INSERT INTO source VALUES(7,X'00000000000000000000ffffc0000207','192.0.2.7');
INSERT INTO source VALUES(8,X'00000000000000000000ffffc0000208','192.0.2.8');
INSERT INTO source VALUES(9,X'00000000000000000000ffffc0000209','192.0.2.9');
CREATE TABLE identifier_set (      -- interned: header_from and envelope_from of a row
  id            INTEGER PRIMARY KEY,
  digest        BLOB NOT NULL UNIQUE CHECK (length(digest) = 16),
  header_from   TEXT NOT NULL,
  envelope_from TEXT               -- '' is the null sender
) STRICT;
INSERT INTO identifier_set VALUES(1,X'1ec11da5fffa2341a2d8e902a24216d2','example.com',NULL);
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
  dkim_auth   TEXT NOT NULL CHECK (dkim_auth IN ('absent', 'failed', 'passed')),  -- best of its auth_results
  spf_auth    TEXT NOT NULL CHECK (spf_auth  IN ('absent', 'failed', 'passed')),
  overridden  INTEGER NOT NULL CHECK (overridden IN (0, 1))                       -- has rows in policy_override
) STRICT;
INSERT INTO verdict VALUES(1,X'975a6bdcf785f4ec9fa50d57fd301077','none','fail','fail','failed','failed',0);
INSERT INTO verdict VALUES(2,X'48f52bac81f372222a18daf87a8e769e','none','fail','fail','failed','failed',0);
INSERT INTO verdict VALUES(3,X'12c9b970ec31383bcd79eac0bf2c2a2c','none','fail','fail','failed','failed',0);
INSERT INTO verdict VALUES(4,X'e5feb90abaee875b6eaebb050f196b78','none','fail','fail','failed','failed',0);
INSERT INTO verdict VALUES(5,X'acb14ef41ee8307e74a23fab0a48f87c','none','fail','fail','absent','failed',0);
INSERT INTO verdict VALUES(6,X'76aab45aea890ccee1a30be8b88b2949','none','fail','fail','failed','failed',0);
INSERT INTO verdict VALUES(7,X'03b66386f50108db87d48588631266f6','none','pass','fail','passed','passed',0);
INSERT INTO verdict VALUES(8,X'449c6be248d329f05bfd5a101161786c','none','pass','fail','passed','failed',0);
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
INSERT INTO auth_result VALUES(1,1,'dkim','example.com','s',NULL,'none',NULL,NULL);
INSERT INTO auth_result VALUES(1,2,'spf','bounce.example.net',NULL,'mfrom','none',NULL,NULL);
INSERT INTO auth_result VALUES(2,1,'dkim','example.com','s',NULL,'temperror',NULL,NULL);
INSERT INTO auth_result VALUES(2,2,'spf','bounce.example.net',NULL,'mfrom','temperror',NULL,NULL);
INSERT INTO auth_result VALUES(3,1,'dkim','example.com','s',NULL,'none',NULL,NULL);
INSERT INTO auth_result VALUES(3,2,'dkim','example.com','s',NULL,'temperror',NULL,NULL);
INSERT INTO auth_result VALUES(3,3,'spf','bounce.example.net',NULL,'mfrom','fail',NULL,NULL);
INSERT INTO auth_result VALUES(4,1,'dkim','example.com','s',NULL,'fail',NULL,NULL);
INSERT INTO auth_result VALUES(4,2,'dkim','example.com','s',NULL,'none',NULL,NULL);
INSERT INTO auth_result VALUES(4,3,'spf','bounce.example.net',NULL,'mfrom','none',NULL,NULL);
INSERT INTO auth_result VALUES(5,1,'spf','bounce.example.net',NULL,'mfrom','softfail',NULL,NULL);
INSERT INTO auth_result VALUES(6,1,'dkim','example.com','s',NULL,'neutral',NULL,NULL);
INSERT INTO auth_result VALUES(6,2,'spf','bounce.example.net',NULL,'mfrom','permerror',NULL,NULL);
INSERT INTO auth_result VALUES(7,1,'dkim','example.com','s',NULL,'pass',NULL,NULL);
INSERT INTO auth_result VALUES(7,2,'spf','bounce.example.net',NULL,'mfrom','pass',NULL,NULL);
INSERT INTO auth_result VALUES(8,1,'dkim','example.com','s',NULL,'pass',NULL,NULL);
INSERT INTO auth_result VALUES(8,2,'spf','bounce.example.net',NULL,'mfrom','fail',NULL,NULL);
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
INSERT INTO record VALUES(16777217,1,1,1,NULL,1,10);
INSERT INTO record VALUES(16777218,2,2,1,NULL,2,10);
INSERT INTO record VALUES(16777219,3,3,1,NULL,3,10);
INSERT INTO record VALUES(16777220,4,4,1,NULL,4,10);
INSERT INTO record VALUES(16777221,5,5,1,NULL,5,10);
INSERT INTO record VALUES(16777222,6,6,1,NULL,6,10);
INSERT INTO record VALUES(16777223,8,8,1,NULL,1,10);
INSERT INTO record VALUES(16777224,7,7,1,NULL,7,9);
INSERT INTO record VALUES(33554433,9,9,1,NULL,8,9);
INSERT INTO record VALUES(33554434,1,10,1,NULL,1,10);
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
INSERT INTO result_class VALUES(19273,'none','pass','fail','passed','failed',0,'aligned','not_aligned',0,'unchecked');
INSERT INTO result_class VALUES(19785,'none','pass','fail','passed','passed',0,'aligned','not_aligned',0,'unchecked');
INSERT INTO result_class VALUES(21073,'none','fail','fail','absent','failed',0,'not_aligned','not_aligned',0,'unchecked');
INSERT INTO result_class VALUES(21201,'none','fail','fail','failed','failed',0,'not_aligned','not_aligned',0,'unchecked');
CREATE TABLE domain_day (          -- totals: messages of a policy domain on the day of the report's midpoint
  domain_id INTEGER NOT NULL REFERENCES domain (id),
  day       TEXT    NOT NULL,
  class_id  INTEGER NOT NULL REFERENCES result_class (id),
  records   INTEGER NOT NULL CHECK (records > 0),
  messages  INTEGER NOT NULL CHECK (messages > 0),
  PRIMARY KEY (domain_id, day, class_id)
) STRICT, WITHOUT ROWID;
INSERT INTO domain_day VALUES(1,'2026-01-01',19785,1,7);
INSERT INTO domain_day VALUES(1,'2026-01-01',21073,1,5);
INSERT INTO domain_day VALUES(1,'2026-01-01',21201,6,24);
INSERT INTO domain_day VALUES(1,'2026-01-02',19273,1,9);
INSERT INTO domain_day VALUES(1,'2026-01-02',21201,1,10);
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
INSERT INTO domain_month_source VALUES(1,'2026-01',1,2,11,0,0,0,0,0,1767225600,1767398399);
INSERT INTO domain_month_source VALUES(1,'2026-01',2,1,2,0,0,0,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',3,1,3,0,0,0,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',4,1,4,0,0,0,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',5,1,5,0,0,0,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',6,1,6,0,0,0,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',7,1,7,7,7,0,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',8,1,8,0,0,0,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',9,1,9,9,9,0,0,0,1767312000,1767398399);
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
CREATE TABLE carrier_check (       -- one row per mail that brought a report and was looked at
  ledger_id     INTEGER PRIMARY KEY REFERENCES ledger (id),
  checked_at    INTEGER NOT NULL,  -- when this program asked DNS
  is_final      INTEGER NOT NULL CHECK (is_final IN (0, 1)),  -- 0: DNS did not answer; it is asked again
  evidence_size INTEGER NOT NULL CHECK (evidence_size >= 0),  -- uncompressed
  evidence      BLOB    NOT NULL   -- the DNS answers, JSON as `ruaudit verify --save-evidence` writes it, zlib
) STRICT;
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
CREATE INDEX ledger_by_content ON ledger (content_hash);
CREATE UNIQUE INDEX ledger_by_uid ON ledger (mailbox, folder, uidvalidity, uid) WHERE mailbox IS NOT NULL;
CREATE INDEX ledger_by_acknowledgement ON ledger (acknowledgement) WHERE acknowledgement IN ('pending', 'failed');
CREATE INDEX ledger_part_by_report ON ledger_part (report_id) WHERE report_id IS NOT NULL;
CREATE INDEX ledger_part_by_failure ON ledger_part (failure_id) WHERE failure_id IS NOT NULL;
CREATE INDEX report_by_identity ON report (identity_key);
CREATE INDEX report_by_domain ON report (domain_id, day);
CREATE INDEX report_by_day ON report (day);
CREATE INDEX defect_by_report ON defect (report_id);
CREATE INDEX record_by_source ON record (source_id);
CREATE INDEX record_by_contradiction ON record (self_check) WHERE self_check > 15;
CREATE INDEX failure_report_by_day ON failure_report (day);
CREATE INDEX failure_report_by_source ON failure_report (source_ip, day);
CREATE INDEX failure_report_by_domain ON failure_report (header_from, day);
CREATE INDEX failure_report_by_ledger ON failure_report (ledger_id);
CREATE INDEX failure_report_pending ON failure_report (id) WHERE sample_state = 'pending_verification';
CREATE UNIQUE INDEX failure_result_current ON failure_result (failure_id) WHERE is_current = 1;
CREATE INDEX failure_result_by_failure ON failure_result (failure_id);
CREATE INDEX failure_result_by_conclusion ON failure_result (conclusion) WHERE is_current = 1;
CREATE INDEX failure_dns_by_evidence ON failure_dns (evidence_id);
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
       p.counted = 1 AND r.source_id IS NOT NULL AND coalesce(r.count, 0) > 0 AS counted, p.authenticity
FROM record r
     JOIN report p ON p.id = r.report_id AND r.id BETWEEN p.id * 16777216 AND p.id * 16777216 + 16777215
     JOIN reporter rp ON rp.id = p.reporter_id JOIN domain d ON d.id = p.domain_id
     JOIN verdict v ON v.id = r.verdict_id JOIN identifier_set i ON i.id = r.identifier_id
     LEFT JOIN source s ON s.id = r.source_id LEFT JOIN recipient t ON t.id = r.recipient_id;
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
CREATE VIEW v_source_daily AS
SELECT d.name AS policy_domain, p.day, s.text AS source_ip, sum(r.count) AS messages, count(*) AS records,
       sum(CASE WHEN v.dkim = 'pass' OR v.spf = 'pass' THEN r.count ELSE 0 END) AS passed,
       sum(CASE WHEN v.dkim = 'pass' OR v.spf = 'pass' THEN 0 ELSE r.count END) AS failed,
       sum(CASE WHEN v.dkim = 'pass' THEN r.count ELSE 0 END) AS dkim_aligned,
       sum(CASE WHEN v.spf = 'pass' THEN r.count ELSE 0 END) AS spf_aligned,
       sum(CASE WHEN v.disposition = 'reject' THEN r.count ELSE 0 END) AS rejected,
       sum(CASE WHEN v.disposition = 'quarantine' THEN r.count ELSE 0 END) AS quarantined,
       count(DISTINCT p.reporter_id) AS reporters
FROM record r
     JOIN report p ON p.id = r.report_id AND r.id BETWEEN p.id * 16777216 AND p.id * 16777216 + 16777215
     JOIN domain d ON d.id = p.domain_id JOIN verdict v ON v.id = r.verdict_id JOIN source s ON s.id = r.source_id
WHERE p.counted = 1 AND r.count > 0
GROUP BY d.name, p.day, s.text;
CREATE VIEW v_defect AS
SELECT x.id AS defect_key, p.id AS report_key, rp.name AS reporter, p.report_id, d.name AS policy_domain, p.day,
       nullif(x.row_number, 0) AS row_number, nullif(x.line, 0) AS line, x.code, x.detail
FROM defect x JOIN report p ON p.id = x.report_id JOIN reporter rp ON rp.id = p.reporter_id
     JOIN domain d ON d.id = p.domain_id;
CREATE VIEW v_failure AS
SELECT f.id AS failure_key, f.kind, f.reporter, f.received, f.at, f.day, f.header_from, f.source_ip, f.incidents,
       (SELECT count(*) FROM ledger_part q WHERE q.failure_id = f.id) AS copies,
       f.container, f.dialect, f.auth_failure, f.identity_alignment, f.delivery_result, f.original_mail_from,
       f.reported_domain, f.dkim_domain AS claimed_dkim_domain, f.dkim_selector AS claimed_dkim_selector,
       f.arrival_date, f.reporting_mta, f.user_agent, f.sample_extent, f.sample_size,
       nullif(lower(hex(f.sample_hash)), '') AS sample_hash, f.redacted, f.sample_policy, f.sample_state,
       (SELECT count(*) FROM failure_defect x WHERE x.failure_id = f.id) AS defects,
       r.id AS result_key, r.conclusion, r.confidence, r.mechanism, r.reason, r.summary, r.advice, r.disagreement,
       r.dmarc, r.dmarc_7489, r.policy, r.spf, r.spf_domain, r.spf_aligned, r.dkim, r.dkim_domain, r.dkim_aligned,
       r.arc, r.verified_at, r.judged_at, r.dns_time, r.details, l.id AS ledger_key, l.source, l.locator, f.part,
       lower(hex(f.identity_key)) AS identity_key
FROM failure_report f JOIN ledger l ON l.id = f.ledger_id
     LEFT JOIN failure_result r ON r.failure_id = f.id AND r.is_current = 1;
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
       l.acknowledgement, l.attempts, l.mailbox, l.folder, l.uidvalidity, l.uid, q.failure_id AS failure_key
FROM ledger l LEFT JOIN ledger_part q ON q.ledger_id = l.id;
CREATE VIEW v_source_state AS
SELECT source, last_attempt, last_success, failures, messages, error_code, error FROM source_state;
COMMIT;
