-- A database of version 1 with content: what that version made of reports of sample-reports/aggregate, dumped by the
-- sqlite3 shell. Read by migration_test.cpp; never changed.
PRAGMA application_id=1920295285;
PRAGMA user_version=1;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE store_info (          -- facts about the file itself, such as who created it
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
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
INSERT INTO ledger VALUES(1,'file','good/rfc7489-everything.xml','',X'f0886542a6577e403b91149feed47ce6a6973276060ef29b6abe5ef04536cf9c',5643,'stored',1795303992,1795304286,1795304286,1,'none',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO ledger VALUES(2,'file','good/override-reasons.xml','',X'269cbea15ac55a63d21940f0ba3ff4c3c1b0a6228ac340bd74a9a1a323ec3f64',7027,'stored',1795303992,1795304286,1795304286,1,'none',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO ledger VALUES(3,'mail','good/mailbox.mbox','offset 0',X'19d328088c9b27a051f11ccc00144d1323438c810908aa256fe952b46a80daf4',1530,'stored',1767316498,1795304286,1795304286,1,'none',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO ledger VALUES(4,'mail','good/mailbox.mbox','offset 1592',X'd85687f2c9d9179842008232780599071d9f89c1d121d548e0b3a49322e7bee3',240,'not_a_report',1767348000,1795304286,1795304286,2,'none',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO ledger VALUES(5,'mail','good/mailbox.mbox','offset 1896',X'3e51c02157e71155d84a5852fa1e22dc185d3d7a585416e3c4ba4978af415c32',1530,'stored',1767316498,1795304286,1795304286,1,'none',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO ledger VALUES(6,'mail','good/mailbox.mbox','offset 3488',X'3a68199fd1fdd33c38cfe48599af475984b5d68ee77f3f7efd24c602a7c0850e',1530,'stored',1767316498,1795304286,1795304286,1,'none',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO ledger VALUES(7,'mail','malformed/failure-report.eml','',X'edbeefa433a80bc48ab7efab0ee85ffeedd99b9e86237810258ed63e8bb7971d',1044,'kept',1767316498,1795304286,1795304286,1,'none',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO ledger VALUES(8,'file','malformed/tls-report.json.gz','',X'e16d6e58f409ed77288baa7c0b3a675582b4a9f6bccfa6f6ab00dda4f32b8d1a',237,'kept',1795303992,1795304286,1795304286,1,'none',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO ledger VALUES(9,'file','odd/s34-a-first.xml','',X'36d2b35f9c2c396317fd6249abbfd644b5bde5ce8fd4255b785b20411eb8413a',2583,'stored',1795303992,1795304286,1795304286,1,'none',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO ledger VALUES(10,'file','odd/s34-b-records-reordered.xml','',X'4ce73b52ebdabf1d6fb054feef26dafd3699b1d0b3dcae8f8acd26300d84007b',2308,'duplicate',1795303992,1795304286,1795304286,1,'none',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO ledger VALUES(11,'file','odd/s34-c-other-contact.xml','',X'c5b0c17a95d307a95c35fb99a74462569029b83f1e21c99aaf225a15d9593ef9',2704,'duplicate',1795303992,1795304286,1795304286,1,'none',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO ledger VALUES(12,'file','odd/s34-d-other-count.xml','',X'db4dc7812c182636336d4b801a6af653910d3698efd9c84af1ab4683a0915794',2583,'conflict',1795303992,1795304286,1795304286,1,'none',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO ledger VALUES(13,'file','odd/s34-e-other-reporter.xml','',X'cebeddf4468555b1467d8c9c43307d56eb48c48c2ca34b506236a41c81ae35dc',2580,'stored',1795303992,1795304286,1795304286,1,'none',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO ledger VALUES(14,'file','malformed/blank.xml','',X'f209e36a594a34ac6603bf6b30fe81d9a535dcacad3f88657c69af1306ca3bbc',5,'rejected',1795303992,1795304286,1795304286,1,'none',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO ledger VALUES(15,'file','malformed/control-character.xml','',X'52eb84af2033160bd985210c37645301c0d4bbf078b2b89c5b9cff0a45b116c0',2591,'stored',1795303992,1795304286,1795304286,1,'none',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO ledger VALUES(16,'file','malformed/cut-in-end-date.xml','',X'00611cb47926944ab045b4cb412abe7b75d2e62426f92cee084e1934ea9bf909',284,'stored',1795303992,1795304286,1795304286,1,'none',0,NULL,NULL,NULL,NULL,NULL);
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
  PRIMARY KEY (ledger_id, part)
) STRICT, WITHOUT ROWID;
INSERT INTO ledger_part VALUES(1,1,'','aggregate','stored',NULL,NULL,NULL,7,98,1);
INSERT INTO ledger_part VALUES(2,1,'','aggregate','stored',NULL,NULL,NULL,8,40,2);
INSERT INTO ledger_part VALUES(3,1,'part 2/report.xml.gz/report.xml','aggregate','stored',NULL,NULL,NULL,2,15,3);
INSERT INTO ledger_part VALUES(4,1,'body','other','not_a_report','text',NULL,'holds no report',0,0,NULL);
INSERT INTO ledger_part VALUES(5,1,'part 2/report.xml.gz/report.xml','aggregate','stored',NULL,NULL,NULL,2,15,4);
INSERT INTO ledger_part VALUES(6,1,'part 2/report.xml.gz/report.xml','aggregate','stored',NULL,NULL,NULL,2,15,5);
INSERT INTO ledger_part VALUES(7,1,'','failure','kept','failure_report',NULL,'recognised and kept as it came; reprocess reads it when this program can',0,0,NULL);
INSERT INTO ledger_part VALUES(8,1,'tls-report.json','tls','kept','tls_report',NULL,'recognised and kept as it came; reprocess reads it when this program can',0,0,NULL);
INSERT INTO ledger_part VALUES(9,1,'','aggregate','stored',NULL,NULL,NULL,3,159,6);
INSERT INTO ledger_part VALUES(10,1,'','aggregate','duplicate',NULL,NULL,NULL,3,159,6);
INSERT INTO ledger_part VALUES(11,1,'','aggregate','duplicate',NULL,NULL,NULL,3,159,6);
INSERT INTO ledger_part VALUES(12,1,'','aggregate','conflict',NULL,NULL,NULL,3,160,7);
INSERT INTO ledger_part VALUES(13,1,'','aggregate','stored',NULL,NULL,NULL,3,159,8);
INSERT INTO ledger_part VALUES(14,1,'','other','rejected','empty-report',NULL,'the attachment is empty or only says "unused"; the sender delivered no data; there is nothing to recover',0,0,NULL);
INSERT INTO ledger_part VALUES(15,1,'','aggregate','stored',NULL,NULL,NULL,3,159,9);
INSERT INTO ledger_part VALUES(16,1,'','aggregate','stored',NULL,NULL,NULL,0,0,10);
CREATE TABLE original (            -- the octets of an item; of a mail without any report its header block alone
  ledger_id INTEGER PRIMARY KEY REFERENCES ledger (id),
  extent    TEXT    NOT NULL CHECK (extent IN ('full', 'headers')),
  size      INTEGER NOT NULL CHECK (size >= 0)      -- of what is kept here, uncompressed
) STRICT;
INSERT INTO original VALUES(1,'full',5643);
INSERT INTO original VALUES(2,'full',7027);
INSERT INTO original VALUES(3,'full',1530);
INSERT INTO original VALUES(4,'headers',157);
INSERT INTO original VALUES(5,'full',1530);
INSERT INTO original VALUES(6,'full',1530);
INSERT INTO original VALUES(7,'full',1044);
INSERT INTO original VALUES(8,'full',237);
INSERT INTO original VALUES(9,'full',2583);
INSERT INTO original VALUES(10,'full',2308);
INSERT INTO original VALUES(11,'full',2704);
INSERT INTO original VALUES(12,'full',2583);
INSERT INTO original VALUES(13,'full',2580);
INSERT INTO original VALUES(14,'full',5);
INSERT INTO original VALUES(15,'full',2591);
INSERT INTO original VALUES(16,'full',284);
CREATE TABLE original_chunk (      -- its octets in order; id = ledger_id * 2^24 + chunk number from 0
  id    INTEGER PRIMARY KEY,
  codec TEXT    NOT NULL CHECK (codec IN ('raw', 'zlib', 'base64')),  -- base64: octets that stood there as base64 lines
  size  INTEGER NOT NULL CHECK (size >= 0),         -- uncompressed
  data  BLOB    NOT NULL,
  ledger_id INTEGER GENERATED ALWAYS AS (id >> 24) VIRTUAL REFERENCES original (ledger_id)
) STRICT;
INSERT INTO original_chunk VALUES(16777216,'zlib',5643,X'7801ed584b739b3010bef7573039e4d20918278eed46517a697f40a73d33322cb6c680881079fcfbae9078f881ed76e2d8079f90f6a15ded7edf1a439eded2c479015970913d5ef9eee0ca812c1411cfe68f577f7effbc995c394ff40b8901a2190b97f48be3106b4fd19c78f5462b24e442aa2005c522a6983646a990f3206329d05f1002477be7c71b4bf30488d7a88c25a48c27344a990c6fcc59c577699d5ca89d8c95f578539205a1c8140b55c0b358d0afbe331a8d9c813fc0ec60536f1c6daa3ca2d7897a88cb2471c77793e946b8ebb97a205e6b6dbcf176104896cdc1dc116f398339cfa83fbe1f0f87a37b1ddb482a07d4431655da5bdf9f4ea79819eecd61defa6904a4149286890897ce2b2b9c0294a3ab8f5e95c6f899f573092538fa021d6d9371b7152417090fdf83bc9c25bc58401d3f1258f68cdafabaa14889676526108b963ca505f1ccc20a8b3cae64fa694439cd44865dcdedbec8e973c9b04c8a6b316ead5da8e8080b94e3d348b06d836f11f1f08902d46cc914d1150a59272dc5abf145f34294328480e7d49f0edd813b747d3cbd955631d02e1465a6e8784c3cb3aae5361abcb0a4c4c6da101576235ee4a2e00ae9612fd795d803f0e8aa42392bb048d5b2d5e8f2184553a8ce0dd76262dfea7b111e01162ee648cee6a690bd4022720894a05b88d1d1d6776b3c6229d2d51eafaa6a8705b00864b069de5554c6c4db4891b0522d02094599a836ebb58aecc35b55f802120815b2a0f0b195f5a62dab89612b6b37ad7651a62cb379d0e1e06ee2ccb87296f04ebc15557de995a6914ea3746b0d3df468aa67d026474cce21b6862eb0439872b56e33b2291a82ace6ab99612984e13aeb36782f373b7153ddb2dec00682bd8191db6b9dd323a4e6db61d49bb8231f99377075c71a4ad625369443d571b817637bb672cf283a556da6cbff726f931a276692500b9035365767f7bf70693b36bbe4dd0ecebde12b2aec86e7f6d84dd73e149ec37e78a2ea02cf8f1ef47bf1514ff7dda3de10797d827d0e3cb7c73e0e3c6ffbe189aa0b3ccf149ee62552ff6aea979fe68ded80378bbdfc38607e1622569f09d2bb7e90a2ea02d23305690625fe5fc617a5d3a0b437fc7126e9a81fa4a8ba80f44c41aa20cdab6f1ba782e98e048e03d4fb7ea0a2ea02d433052aa2343d29507724701050f1835bf35df72fd263acf9');
INSERT INTO original_chunk VALUES(33554432,'zlib',7027,X'7801ed594b739b3010bee75730b9070c6e9c7a46567a697f40a73d753a8c82d6b61a4054823cfe7d570f5e8ea9d3e985039704edae76b5abfd10fa4cee5f8a3c7802a5852c77d771b8ba0ea0cc2417e56177fdfddb979b8fd7c13dbd227b00fec0b2477a1504c4db533427513b300a059554755a40cd38ab993146a95487b46405d0af908140fbe0f30b2baa1c48d4a99c25144ce494174c6537ce97fea4fca410da49cecacdf01105a7121d2bc10127322d4b4da25ee76c7149902a561ec02d0c97f6000751d2f86e739724b79b15a6e3247602eaa1e456bb8ee3ed764b223376cea2b1b72eda307752c95c64af69d53ce4421fa19dcb25e659529f5098c982445ee69c33fe280aaa48e41ebc50577b2b33ff9da8a2bf1b8619d5a2c462565eaa2baae017643589f0d15b66358d4d7e153e38d15ed29844f81787283fb354dccf4caa76d54a3ebb9968ae65a33248454593d53a5c8571bc0ed1592fb621d030934d899149e41e5ab18f064f2c6f70577c08db2d5ce84a6a516343d2529abc8612ef003ddb12edb15fd0c054abd798fa38455729ebd935466f884eead70ae85eaa67a6387012d971e7c9aebf2800337073039b8893745666eb4dc7b58ebb5a9e6487766d0509f6296eda5e20f0ba69503e412e2b48f74a16141ba61eb4fc48e7439323300ecad98f9a69a8b0c6247a1391b0a63ea60a7493d7fd224e4a79a9536d5d35e4d86c52516d5aa01df4f57131fc96f8419bc268efc878bf7cf07125863871d133ac192d4cd130ba1dbc095d316ddf0726d7aede088e1647d1692dcc9eb6adff6f2848a65180aa19a340db57324f6583ef8d4b38b0a92c38306ff1bed9bad65f70b00ed7d33840d58c7150ab46e38994b6a7029ec297d060135ad0b0a0c11d4867be8d3e4ca30155334683f920c7bb406a0ee1cb40b0b92c405880300984db6920a06ac640c865c6f2d4dd5b2e03c1e6b2006101c2241036d34040d58c81e0afee3568247a24c7fbf9a5cf239bcf0286050c9360b89b0603aa660c06591fe11d17049bc4828005019308b8456a76923d9d3771f4ce2f23e4f47786870b98fe11ff0cf96ec8eb79a1dea155b24a36818242d670232ab4ddc5db0439e6248cb14848965b42b6a75d4ee857246dc77cacadb93da3fe76995958dc96b8fd6ff6ea3c873cdceef1cf1d0e14ef0b7f9ec91d469c23898c3fb374bf9ffd0122512c37');
INSERT INTO original_chunk VALUES(50331648,'zlib',1530,X'780185535b8fa248147e5e7e45a59f76e3aa400382bdbd19055169b15110d4cd66524009a85cabb8f9eb976ea77727b39d4ca51e2a2727dfed9cda22521649df80241c833ffc18165ebf40595a10fca5401e8a2a540c5003e3ec8afea4b6f78a3f06a7228d41dc0c7eec01bf7e56fc8b91d8013d60072c4dfffd1bf58bdb821846d70fe081d781d51109c1ccd42dc304910fb8130b9f805a44bf039a051a4c004bb302a09931c38f691af4e8ee506a27630cb677c13fd76fa563f0eef1cb374b6fcc9402091a7f4ec58d79f11b958e308601ea2f952ea8d84d9b3efd494266e99e91473e340125ed8c2663f01d1fe87ae28810548cc1ffe2bb5b7927b97350fa529ff56d54e028ed7098014dc969425042fa569b75bae3f24aa20c166418470df29f809b96890f8bf6f9e1f9ebc7fb2bf34051fdfef7851f60086ac830bb76629f8017c20223f25ce23ec45e14519415461874b71b030c8202055d649df8b73d01b02321eff304248404781d488c014941172eba6f4a9b9605f0dfb318fc4408ccb26be441d2d91d06b7287b02098cd1f3c39d6dd0c4d741707bf84f7d01137c42457f9678a91f25c118b8102381fbb743897096e2e80d700c2021d00be32ebe27708aaee8536c6ac1e1e5e47ee4618fb15b7e65e953591c3188f352d1d71ad97ac959477eac275307ed97a96861ffa0b49b51386aaeeaa5642ed776a5066835a13457159c323fda99bf4eb0d0b6341f24be927bf622cee9dd3c2ac93cd78d3387abe42c92c7a8d76a463671d2f5e536bcd4279c3633e3b2135efc954ca96d7d704f046eb00899f3abb1ec069fda477d52d1b3c5c46a712d25da855e64d370156c62333a70ece51af79439e2a5dbb16c2395c8795b2fdbfc850a712e1951af49ea8ba6cceb19c4d56e794803b2444afd2a14ae6b4b0ecbec4bf912e41b212f6db358f395efa6487e091967af896c8ee98ef0f84805552fbdb94a152a95cc2ecff32a74d687ded6336f7579582e2671ec85b969ab6819057a8f56c5a138d52bcbad57f2621f85744d5bbbb953842f431951aacc87618568c930f8b096993883977a2dad7a428f8932be756d636f27e2e9b457053c6df28313f14e0f15278ddd2303ceb470b40fe855b8361399da892fe779d61cd6826c5866c679dce6c6a609d2e86b66489e179fe6a2ce1df890b3b699120ee77579de8d74cdbd590d47346fab9813bb38c8dead5951f5e422b8705a1647776f3f1e7d332c5feb695e17929284e659da64729d5a434725b78d64ebc67a6848abf3683a7d0dea899f9921ef89abfc28d0cba047359e9d76dbb5b9cd5ad1e1dbf3cab6849dbd1071115ac8cb58cf29554df0b8c7ccd02527575af3b6b26cdeaec451cce7d2028bf6235349e910575b4a514ef4565accd45ec19d4eb586cec7cd9ed117dd1e3ffff8e7fa7dea1f8faf0261');
INSERT INTO original_chunk VALUES(67108864,'zlib',157,X'7801658dc10ac2301044eff98ab9ab25e6e06129d2432954f020f507d6b848c5646b92829faf626f0e73780c3ca64b1a088306d128a8f30f9a895389922a7971981eb23767255c0327df2c53e5359861bedcc517c269965c468da6e522842e8d6b5887034738eb76d85ab2df62653f3147c9996fb2e95b42fd5cdcffd33782e433c7');
INSERT INTO original_chunk VALUES(83886080,'zlib',1530,X'780185535b8fa248147e5e7e45a59f76c3aa8078c1dede0c2d174150445464b3999450dce4269408fefaa5dbe9ddc96c2753a987cac9c9773ba74c84af65d633200e67e00f2f85a5db2b519197b8fa52221745352afba8816991a03f09f351f166c02ff314a44dffc71ef0eb67c5bf688ee9537da6cf50d4dfbf11bf9c5a90c228f900eebb1dd82dc22110b7ba656c41e401d667e03390cae87740314085196028660c287a468f66140548aa3b84d4c99801f321f8e7faad7c06de3d7ef966e98d99102046b3cfa9d8d968fa8d4a47550503d453842ea8f494373dfa9384b6d7538c5cfca109087967349b81eff840d7934618a37206fe17dfc3ca3bc98383d0155deced515945798743f729629e671865b867b545a73bbd26382a60890769d420ef199cf26be6c1b27d797af9faf1fe4a3f1144aff77de107188c1a3c28924eec337043585608bf5cab1eacdc2822082b8c2ad0dd6e0c30084a14749175e2dff604c08e04bfcf13e01062e076206905700eba70d16353dafc5a02ef3d8bfe4f84c0a2482217e2ceee20b847c533c8608a5e9e1e6cfd264dfac1fde93ff525cc2a1f953d3173732fca821938c10a8dd97f3b84a82af22a7a039c01883174c3b48bef19f851823ec526166ca5f08f331f90f4be652627fd753e1db595381c330bc9db343761cee1576e8365f45a2447461e48e62ed3bc9a1c6c55d976b67b390edbe582b0e5a6f1aad8596cd8f334dbee7cfbc88f59f310b3d5456b5c67b91c9d721b1a11c3f9463bf5257cb6eaadee6d349c0cd40c3966aafa4a41ed2e5b89d0e8e0c604e355a8c8f449e6d186b64e365c1f5f8d5c5af3f1d919916b4bcdd15690f77ca89fc53b8dd5d36a2abba376c10cdd4434a02485a1496f7684e6ec4ffebe39144210074779b591d70e73de99a1066f22177364b51afb36e72771286e24c5db2fae17039b49eda5412e5e16928332eb50dea3636612359a0fe4787545e482d18543541d38896d8211dd2c8d391d0495e1385bb95045938dc66233bcd5cd20e0ef9c6e69d5d1e497438b37bda303497e34251465afa56b5128fd663a88243e834e2ed663c46424defbdb1d1c5dc7b82eb391525b39696fe6e2babc6ff37a4aef11eb25d9ca90d945b85b9654601259a8201a093c194adc49325ed376ed523b5637cec9929c6469abdcb3cc5ae8ebada9ab953dbad29d21b558a1e54195467eaa5c14096b8a95ae570ec107930dbcad56cee430ad354ddbe1cbed958373ffb82335ca2a247629c6ee9aac9020fb713c7405db1f928a65293c12c73cf6ec58a548d5159ad2248a49742cd55c3b17a9ba62f11d2bfba5d15e9659731c2e0bf26eef9b13eb9e8bb874cf2e6d1f52bdbd5c6a8326ab81531adc6425e0a933a117d3965e103a77df18d4ceb2c7b1c50dc421aec84b9de88b6e8f5f7efc73bd1ef10f9f55fd92');
INSERT INTO original_chunk VALUES(100663296,'zlib',1530,X'780185935b8fab3614859fcbafb0e6a9154db8e53e9dea844b0249804c429239a9aa23070c989b099824f0ebcb4cceb447d3918ee5076b6b6bad6f2fdb1b44ab22ebac210d27e00f2f8585db29504e0a5a7e29908bf005155d7483699ea03f99cdbde24d805f9014a4b7eec71ef0eb67c5bf84b1d8e5bb6257e4f9bf7f637e39d52085387917eebaadd815d310685bd3596f01f640cf17e1239815f877c08b60013320f2e200f0c244e84f781eb07cbb98598b31019b3bf0cff91d32016f337ef93ed2ab33a3428a269f5bf526fdd1772b1395250c50c750dba0d213b975c44f12da56a708b9f49d09a8a41d349b801ffc40db93624a513101ff8bef3eca9bc9dd83310d53ebec515162d2ea085d9e51484651463b4e9db7dc6995509cc3827229be21ef119c489579b0a89f1e9ebebd9fbf090f0cd3e9fc58f82043d18d7279d2c23e0237844589e853557660e962cc304e884bd0eef61a6010142868236be15fdf0980ad097dbb4f40434881db8aa425a004b4e1a2fb4ba9495500ef2d8bee4f40609e27d885b41d970b1a9c3f820ca6e8e9e1eed6bda54937681efea32f6056faa8e868994b3c9c05137082251af4feed5071999312bf0a4e00a414ba61dac6f7087c9ca04fb519bd571ad3fb523856d8d7fd9563caca6828a09e4b46beb2db89fb3da1332e982a65afda6c48f6f5cceb71282952632f17a6bbd8f675fcaceb01139bce19c2243b24bc8d9c417e89b0321aaf48ceef1d81948aa57acae02239bd8b9da9a38bbef167a6ce07baa143f3325674829585d39fd9e7e26a30f2b37fa896b3bda9aab21c7ebd6e0ce944fb2427322b07fc861df9432db145793f337333d66ee2de0e537bbd428b23d71f2f53edb24c6b830ce3b3b163f6b664c2538c85e7c3429d5fb543e9f36b1207d4b0c737bb279d1ab41e70b915ed2c6d617932962c4164e50cf78c812e1cbdac8179b37553e1b2dd32bec8d1caae92f548dd6173ce5a3b214aac2b592b7d1cbbaa860567176f09bbb0d4d390d433e91a1ed96c1f8ba61958a73cd458423d7f3a63b5e999c91a7d258fcf1aeb2ed450cdd5b9b00ac7c36c2c08f9cc1926b7ea40b34b2cb2483507ea59e4a995567591bbc9b388fc9dd6447dba218d8c3659b364d06ca91a2cd5c7333d7e8e641da5d548d7965b3a4d9ae6a81d574d18a5be67a4da6d3992506eaab19072f25cab4755c31fe2e96a5bc7fd283a3c2f6d8697cbd50921b32a06f5405821773a4daf2b41c96e683bd65825342495bcbc043769d01bebd3466239acf1e2540fad405fef7bb5b7c63b328235443c932e6ba8f49747fc8256ee703b3b47d333ce472f5e9dfb652279875037ecaf4369a15bfba2991f9d9359597dea1fa5f55818ac8f3de752f88dc3f50fd19c9973e708dac6caf3738e9beaa3ab2547bb6bcb377d7afaf8e73a1de61fbf6afba2');
INSERT INTO original_chunk VALUES(117440512,'zlib',1044,X'78018553dd6eda3014be9e9fe2a8579b561b272b08cca88a0a484c6242c076334d95494e88579c44b6b3c2dbcf2161a514895c454e7cbedfb340579a8ccea54b057c8db534113558e4c6d9078311aabf6818eea42eb6784f16f5492c2031b906bd63e7ffc0c74b87bf825ec8380b59c8f9ef4fe4c37a0f5aaaed71308bfcb017e552182f67abf912540c774928fb3031ea167808df6406210f3bc00311b405e7f099fb874c3c0d018b9af075feab5cc041e34323a9422623e9505c86ba13ed6e0335436be506e974e48d4a3cfbd2e0058b96e5fa0f46ee480a46b9579a09380104ff8f56cea111f0cebf5acb01a50121b3e96c4c7fa2b12af78302c6c9639e39cc1c5ded0bcf5c975ba70a695cab4eaeefa7560952e73f0f12c4782da3e726d63eacf3328ba5d90f6e064fc7f7a7e086104a4f0fce401cee5cabd87a2d7d8852692cba4169a9b49152840c41d7f640451a6318cd868b4776656673a775469190c991732d50962ea547375e8d203f2c1a3adc7827048ceb8ed2da3f34ad2f2c20c3eae2a4ceaa499e2cf3d2443ec6b9b7b2d765ed80059cb34ec797bb320d637a2132328d3d8a727b3adcaa4da60f90b6486ee367a5afa83c386792a81b86344519fb20bdc24371337cb16faa5815d4e61af3ec7db7c8ff6a7df7d79ad6aed2d22f4870b2203dbf1daf0bf2a6b5151c0d4e01efc939794ac93f72ec5c26');
INSERT INTO original_chunk VALUES(134217728,'raw',237,X'1f8b08000000000002ff7550416ac4300cfc4af1395e9c9416ea532ffdc0d2d32e3d0847590cb6156ca56c1af2f7ca49da43a13060793ca319bc28ca3748fe0bd853d209222aabcee8d07f627e78bb431c03aa46f5c0a833a49bbc2faa3064d69563bf393ad33d6bd30ade8db11b2ee2c2d4ffa3ea1eedd38be0a2d646394a0c8eb54f03898c4379cd478513fe56c83892a4fa7e97e856b89182771e8bb2d765bfccb5df3e699ec71a9b481fc44053ea7f6cb3ee29824fa238424e8e62ed53a618216f9b9818822e937358ca30c92867fd2a27ab58d9b66b0ecd003e4c19ff0accba7eacdf008bf89467010000');
INSERT INTO original_chunk VALUES(150994944,'zlib',2583,X'7801ed564d739b3010bde75730be1b0caeed7846517a697f40a73d33b2586c3520a912b8c9bfef8204067f241e3799e9a1175bda7dda8fa7a71dc8e37359047b305628f93089c3d92400c95526e4f661f2e3fbd7e9fd2478a4772407c8368c3fd1bb20201e4f114ea26ed3380c6865aab4848a65ac620d18adca6c53c94aa0df8083407cf0e59995ba0012f52e87849289826625337cea62d9cfc61f0aa13be450ee84cf28322a329095a85ea631890e5687c26220354c6ec19584456d602b248d57cb55922c96336cc459da03e80799b5de791cafd76b12357b172c1a47ebb30dbb265a1582bfa4bade14c2eea03b9b29ec5052df4ac85549226f73c159f6244a6a48e416de6875deda9a7f67d2f457cdb0a34a48a4517babd5d4c04fe0158970e991bca271d39fc68533e58a2249f88b5bb49f29156f922bd3556dd46f7712e156d586432a348dd749380b9330c6d8076b9b01715cd5121327e874cbcee1d3c19e15355e8bcfd10a2513562b2b2ad42295aa696c68f1013076cb9166d622a0a1ebe06908728e9eaa418b4739f1e6bac688534f2ef02574e150027b2894863437aa1cdfd9d8d5b5b603968139031f3a5a30894e12125657bbd480ad8bea50c3517f6fe9a7a5d142811250865abce57e7320c9e5f03cf94dd7c288503220b1a1fd0df1bae41c19a3654319266f375766ee93a1f88fa868de58a7c7eba4791f2e625426ea7371599d73f4dd24cee1db7b45a2394eb3b312758ebee1f792e806df1c071b365314cc60608e84dc5df55094a3813474b4e0bf54eb7139c38137166c99cc92e54768f61233a7a5fc0bf24d66739cac713c0f57abcbeafd74a3786f9fac1f24db91f8fe4f5638fd2cb87ab2ba1b3a9ee9fda0796db2e20741ff8df707c0d60e42');
INSERT INTO original_chunk VALUES(167772160,'zlib',2308,X'7801ed564d73da30103d935fc170c7c6a68430a328bdb43fa0d39e3d425e831a5b52259926ffbe2bc9189b09c990e1d80b48bb4ffbf1f4b4409e5e9a7a7a006385928fb32c59cca620b92a85dc3dce7efdfc3e7f984d9fe81da900ca2de3cff46e423a384534498f1bb41bd0cab8a201c74ae618422744995d215903f4077010089e7e7b618dae81a4bdcbe3a061a2a665c30c9fc738f6abe98e24703c12511edfe5122515254827dceb3c23e9c9ea3158041486c91df85226640b3b2169b6be5fe7f9ea7e81c5474b70822c836b99659bcd86a47eef83a4a3287d8a419344ab5af0d742b7db5ad83dc473a5c28e24ed4a4fb86a3054b4f9b0ac7c160d35248d8b60b2ba0a16ffed0d9afe6919d6ef8444ba74b0594d0dfc06ee488acb80e28e66be198d0b6fa814452af013af247da336e48e2b13ab34eaaf3f332156b586432134cd17cb649164d93259af31496f0f30ae5ae9e81792c645b07529e0c0ea16190f81316229ac565638141695ca7730b4f89388f12468662d3afd325a7dff15cac1b7189838f5314a829711cb27510395401dc776401ea0561a8acaa8667c096357e8600fac04f30676e8402449cf1211d6ba7d61c0b6b5eb320ffa785f029e74a8f12695a1162facdf441262d08e9c6e138a3d31458ef42091efaacda7e2c8066d3c1d982a6c467922dfa33c4719a6674dfa37d009e80329659b87649525a8ce245f5dd0d2121dd78969f8282e482a7633b88a9b4b6a8b0f81834dfcd80233985023e1850b1b8a68340e860e447e4e5de7059c66cc50604dbec8ef6fa3b14b9d8f137f20b7f8e66f2eb71c27578e7abba0b52c47cf7562bb7e72c5d68e4fb39fc0ff27d760c6df72727d4a4af8fbd8ffa1f9077748d31e');
INSERT INTO original_chunk VALUES(184549376,'zlib',2704,X'7801ed564d73da3010bde75778b8c7c6a6409851945eda1f9069cf1e212f448d2da9924cc9bfefda928d0d24616833d3432f20ed3eedc7d3d38ec9c3be2aa31d182b94bc9fa4f1741281e4aa10727b3ff9feedebeddd247aa037640350ac197fa6375144029e229c24dda67118d0cab8bc02c70ae6580346ab32db5cb20ae8237010888fbeec59a54b2049eff248a89828695131c36f7d2cfbd984433174873c2a9cd83bc372aea463dce5426e14d5caba8a5907e6dcd953bc0f144a170515054827dccb6d4a9283d5a3b02bc80d935bf0bd61776bd80a49d3e5629965f3c51419f196f600fa4116ad7796a6abd58a24cdde074b8ea3912d4830cc29430343d163cb2852368b33921cfc18a1af6e4837d1aa14fc25d7f5ba14f609ba5c85426a250d1cc65c552409365f0c2b9e45450d49fc2218addeb4b6e6df9b34fd593364c00989f7a783d56a6ae0077047125c062477346df8d0b8f026bc1d24157f718bf633a5a284b8325dd546fdf227116e556d38e442d37495c5d3388b538c7db0b61910c7552d3171864ebfec1c211dec5859e335861cad420b615135c2e123a052358d0d2d2100c66e39d2cc5a0434741d3c0d41ded1533568f12827de5cd718f16adb087c825d3894cc0e4aa521df18558def6cecea5a7b02568039031f3a5a30494e121256bba7dc80ad4b77a8e1a8bff7f4d3d268a14409a07a2dde72bf3990e473049ec2a66b6144281990d8d0fe8e787d728e8cd1aaa10c93b79b0b33f7c950fc4754346facd3e365d2bc8be7292a13f5397f5d9d33f45d25cee1db7b43a21b1ca36725ea1d7dc37f4ba26b7c731c6cdc8c6f3083493d127277d543518e06d2d0d182ff50adc7e50c07de58b05536cd161fa1d9d798392de55f906f369de1644dd359bc5cbeaede4f578af7fac9fa41b21d89efff6485d3cf828b27abbfa1e399de0f9ab7262b7e10f41f97bf019b073a11');
INSERT INTO original_chunk VALUES(201326592,'zlib',2583,X'7801ed564d739b3010bde75730be1b0caeed7846517a697f40a73d33b2586c3520a912b8c9bfef8204067f241e3799e9a1175bda5deddb7d7ada813c3e9745b0076385920f93389c4d02905c65426e1f263fbe7f9dde4f82477a4772806cc3f813bd0b02e2e3298693a8db340e035a992a2da16219ab58138c5665b6a96425d06fc041607cf0e59995ba0012f52e1709251305cd4a66f8d4e5b29f8d3f144277c845b9131e51645464202b51bd4c63121dac2e0a8b81d430b905571216b581ad90345e2d5749b258ceb01167690fa01f64d67ae771bc5eaf49d4ec5db2689cad471b764db42a047f4975bd2984dd41773653d8a1a4be9590ab9244dee692b3ec4994d490c82dbcd1eabcb535ffcea4e9af9a6147959048a3f656aba9819fc02b12e1d247f28ac64d7f1a17ce942b8a24e12f6ed17ea654bc49ae4c57b551bfdd490cb7aa361c52a169bc4ec259988431e63e585b048ce3aa96089c20905b760e0f077b56d4782d1ea3154a26ac565654a8452a55d3d8d0e21360ee9623cdacc58086ae83a721c8397aaa062d1e61e2cd758d11a79e5ce04be8d2a104f650280d696e5439beb3b1ab6b6d072c0373267ce8688349740248585ded5203b62eaa430d47fdbda59f96460b054a40196a91fc7e7320c961789efca66b6144281990d8d0fe86781d3847c668d95086e0ede64ae41e0cc57f4445f3c63a3d5e27cdfb7011a332519f8bcbea9ca3ef26710edfde2b12cd719a9d95a873f40dbf974437f8e638d8b099a26006037324e4eeaa87a21c0da4a1a30dfe4bb51e97331c7863c196c92c597e84662f31735acabf20df6436c7c91ac7f370b5baacde4f378af7f6c9fa41b21d89efff6485d3cf82ab27abbba1e399de0f9ad7262b7e10f4df787f00c88b0e43');
INSERT INTO original_chunk VALUES(218103808,'zlib',2580,X'7801ed564d73db2010bde757687c8f64c9751ccf10d21eda1fd069cf1a8cd6368d0414909bfcfbae0492257f241eb799e9a1171b761ffbf178ec883c3e5765b4036385920f93349e4e22905c15426e1e26dfbf7db9bd9f448ff486ac018a15e34ff4268a48c0538493a4db340e035a199757e058c11c6bc0685566934b5601fd2495db8289be020781e7a2cfcfacd22590a487f8135031515253b38fcc1f89a1437a97878574a2a0a200e9847bb94d49b2b77a145602b9617203be1eac68051b2169bab85b64d9fc6e8a5d784b7b00fd208bd63b4bd3e572499266ef8325e3687db661cb44ab52f0975cd7ab52d82d74670b856d491a5a89b9aa48126c3e382b9e44450d49fc2218ad5eb7b6e6df9b34fd5933ecc80989dce960b59a1af801dc91049701c91d4d9bfe342ebc69ad289284bfb845fb8952f11ab9325dd546fdf227116e556d38e442d37499c5d3388b538cbdb7b61910c7552d3171864ebfec1c211dec5859e3b5841cad4a0a61b5b2c2a110a9544d63434b0880b15b8e34b316010d5d7b4f439077f4540d5a3cc88937d73546bc7ad6029f41170e25b0835269c8d74655e33b1bbbbad6b6c00a3027e043470b26c95142c26ab7cd0dd8ba74fb1a0efa7b4b3f2d8d164a948032d4e22df79b3d493e47e0296cba1646849201890ded6f88d727e7c818ad1aca3079bbb930739f0cc57f4045f3c63a3d5e26cdfb789ea232519ff3f3ea9ca1ef2a710edfde2b125de3083b2951efe81bfe5b125de19be360e3667482190ccc9190bbab1e8a723490868e16fc876a3d2c6738f0c682adb26976f71e9a3dc7cc7129ff827cb3e90c276b9acee2c5e2bc7a3f5c29deeb27eb3bc97624beff93158e3f0b2e9eacfe860e677a3f685e9bacf841d07fe0fd06a5d90cd4');
INSERT INTO original_chunk VALUES(234881024,'raw',5,X'200d0a090a');
INSERT INTO original_chunk VALUES(251658240,'zlib',2591,X'7801ed564d6fdb300c3d0ee8af30728f1d3b4bd200aabacbf60386ed6c28329d68b5254db2b3eedf8fb664c7ce471ba42bb0c32e89445224dfd31361f2f85c16c11e8c154a3e4ce270360940729509b97d987cfff6657a3f091ee91dc901b20de34ff42e08888fa7184ea26ed3380c6865aab4848a65ac624d305a95d9a6929540bf020781f11f82cfcfacd40590a8f7b950289928685632c3a72e99fd64fca910ba432eca9df0254546b9929551c594ef9861bc0243a283d3056353901a26b7e05ac3e636b01592c6abe52a4916cb19027296f600fa4166ad771ec7ebf59a44cdde258bc6d9fa6a43f444ab42f0dfa9ae3785b03be8ce660a814aea11855c9524f236979c654fa2a408c12dbcd1eabcb535ffcea4e9cf1ae1ca4a4864537babd5d4c00fe0158970e9237945e3069fc68533e58ac624c25fdca2fd4cab78a35c99ae6ba37eb993186e556d38a442d3789d84b3300963cc7db0b615308eab5a62e1049d6ed9397c39d8b3a2c66bf1355ac164c26a6545859aa45235c086169f0073b71c69662d0634741d3c0d41ced15335807854136fae03464406c8652ef04574e950027b2894863437aa1cdfd9d8d541db01cbc09c091f3ada60129d1424acae76a9015b17d5a187237cafe9a7a5d142811250865abce57e7320c9d5f03cf94d076144281990d8d0fe8a785d718e8cd1b2a10c8bb79b2b2bf7c550fc4754346facd3e375d2bc0f17312a13f5b9b8acce39fa6e12e7f0edbd20d11c87da59893a470ff86f4974836f8e830d9b610a6630374742eeae7a28cad1401a3adae037aaf5b89de1c01b0bb64c66c9f23d347b8999d356fe05f926b3394ed6389e87abd565f57ebc51bcb74fd67792ed487cff272b9c7e165c3d59dd0d1dcff47ed0bc3459f183a0ffd6fb03a179115c');
INSERT INTO original_chunk VALUES(268435456,'zlib',284,X'7801458fcb0e82301045f77c45c39ea7115c94e2463fc0e89a0cedd834d2420a1a3edf42419733e7dcf60ead67dd910fda51f5a60ab3380d091ade0b6564153eeed7e814929a05f489285ae02f161042379f399d26fbb0008b436fa746e30402265864b7edad6c0c686437e4a89c4f2e33e8a1439afc90375183ea98d06079e4df1acf760bc5b887bce513db8f4a30fe9e68f21f3d762db0b16024fa2eae4d8b521996954599e7c7227517f8cd1a701c8d58e9e10b5d8759af');
CREATE TABLE reporter (            -- interned: who reports, as the identity of a report knows him
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE        -- org_name folded (lower case, blanks squeezed), else the domain of its e-mail
) STRICT;
INSERT INTO reporter VALUES(1,'receiver example');
INSERT INTO reporter VALUES(2,'another receiver example');
INSERT INTO reporter VALUES(3,'receiver� example');
CREATE TABLE domain (              -- interned: policy domains
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE        -- A-labels, lower case; a name that does not parse as it came
) STRICT;
INSERT INTO domain VALUES(1,'example.com');
INSERT INTO domain VALUES(2,'');
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
INSERT INTO policy VALUES(1,X'a851adceb392df31efd8b20088471a52','none','quarantine',NULL,'s','s',50,'0:d',NULL,NULL);
INSERT INTO policy VALUES(2,X'7dbaad52757ed6d2f5d11b8f67ab6636','quarantine','reject',NULL,'r','r',100,'1',NULL,NULL);
INSERT INTO policy VALUES(3,X'9bb4457c77b8a1e61c7d27ed94942670',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
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
INSERT INTO report VALUES(1,1,1,1,'<full.7489@receiver.example>',1767225600,1767311999,'2026-01-01','Receiver Example','dmarc-reports@receiver.example','+1 555 0100','',NULL,'1.0','',1795303992,7,98,0,X'bc5e260c04b583298a7b96cee22db436',X'97d2751fc8887d849c6b46064cc95257d331eb6e7ad8aef20989f50149245b6a',1,1,0,0,'unchecked',NULL,NULL,'psl','undated, compiled, fnv1a 5230436f0543acb5');
INSERT INTO report VALUES(2,1,1,2,'override-reasons',1767225600,1767311999,'2026-01-01','Receiver Example','dmarc-reports@receiver.example',NULL,NULL,NULL,'1.0','',1795303992,8,40,0,X'9034d22a4c6c01901e82f10c1951ca8c',X'81b4f7d5a093d1de86d7d175c27843efb274d889681382a527038b1710bc5c28',1,1,0,0,'unchecked',NULL,NULL,'psl','undated, compiled, fnv1a 5230436f0543acb5');
INSERT INTO report VALUES(3,1,1,2,'mbox-0',1767657600,1767743999,'2026-01-06','Receiver Example','dmarc-reports@receiver.example',NULL,NULL,NULL,'1.0','',1767316498,2,15,0,X'1264876e0adbec077524eb4f53ac4e2f',X'f0972e1c316ea647f462479b2dfac5db6f7f82ad9c1b31ece94b9cfd48177c7d',1,1,0,0,'unchecked',NULL,NULL,'psl','undated, compiled, fnv1a 5230436f0543acb5');
INSERT INTO report VALUES(4,1,1,2,'mbox-1',1767744000,1767830399,'2026-01-07','Receiver Example','dmarc-reports@receiver.example',NULL,NULL,NULL,'1.0','',1767316498,2,15,0,X'b9933bbb479d021d6b2276178b7fea81',X'1644a2714eaa1cb7eeacf98b603b707958a71bb5d1e3d6217770c39c64cbd35d',1,1,0,0,'unchecked',NULL,NULL,'psl','undated, compiled, fnv1a 5230436f0543acb5');
INSERT INTO report VALUES(5,1,1,2,'mbox-2',1767830400,1767916799,'2026-01-08','Receiver Example','dmarc-reports@receiver.example',NULL,NULL,NULL,'1.0','',1767316498,2,15,0,X'be268d059fc0eaf332ab9c3b184f7c92',X'614b7bb0874558afbaa248c1cd32a3f86677812a87c36145b5a3b1c73f276e54',1,1,0,0,'unchecked',NULL,NULL,'psl','undated, compiled, fnv1a 5230436f0543acb5');
INSERT INTO report VALUES(6,1,1,2,'identity-1',1767225600,1767311999,'2026-01-01','Receiver Example','dmarc-reports@receiver.example',NULL,NULL,NULL,'1.0','',1795303992,3,159,0,X'7662c2426792f54456f46d10ab9f1402',X'5750978a9b391c3a5bc1243ccdc3ccdee6a4079e4e22f40a348321add9136ad6',1,1,1,0,'unchecked',NULL,NULL,'psl','undated, compiled, fnv1a 5230436f0543acb5');
INSERT INTO report VALUES(7,1,1,2,'identity-1',1767225600,1767311999,'2026-01-01','Receiver Example','dmarc-reports@receiver.example',NULL,NULL,NULL,'1.0','',1795303992,3,160,0,X'7662c2426792f54456f46d10ab9f1402',X'eb3c84e24529951d2bca0ffac51812595e20930f38053a340e7aac965ae1162a',1,0,1,0,'unchecked',NULL,NULL,'psl','undated, compiled, fnv1a 5230436f0543acb5');
INSERT INTO report VALUES(8,2,1,2,'identity-1',1767225600,1767311999,'2026-01-01','Another Receiver Example','rua@another.example',NULL,NULL,NULL,'1.0','',1795303992,3,159,0,X'2b041fd7b76f08c91618ba5a0a57299f',X'9a2fbb256edb43f54ff737a019738920903d6972972a4dd05370fd7de0baa25b',1,1,0,0,'unchecked',NULL,NULL,'psl','undated, compiled, fnv1a 5230436f0543acb5');
INSERT INTO report VALUES(9,3,1,2,'control-character',1767225600,1767311999,'2026-01-01','Receiver� Example','dmarc-reports@receiver.example',NULL,NULL,NULL,'1.0','',1795303992,3,159,0,X'8f62698ef0db3874538a833da8384238',X'5cd505df14ad41017d311c9e30ca21750315ca6db5e1f8b6057db7cbfb661bd4',1,1,0,1,'unchecked',NULL,NULL,'psl','undated, compiled, fnv1a 5230436f0543acb5');
INSERT INTO report VALUES(10,1,2,3,'cut',1767225600,NULL,'2026-01-01','Receiver Example','dmarc-reports@receiver.example',NULL,NULL,NULL,'1.0','',1795303992,0,0,0,X'e35db22ed8c62da751c72ed7d35991da',X'e35db22ed8c62da751c72ed7d35991da3e66d82bc402ebfc1aaf9a4823cd17e6',1,1,0,1,'unchecked',NULL,NULL,'psl','undated, compiled, fnv1a 5230436f0543acb5');
CREATE TABLE report_error (        -- report_metadata/error
  report_id INTEGER NOT NULL REFERENCES report (id),
  n         INTEGER NOT NULL,
  text      TEXT    NOT NULL,
  lang      TEXT    NOT NULL,
  PRIMARY KEY (report_id, n)
) STRICT, WITHOUT ROWID;
INSERT INTO report_error VALUES(1,1,'clock was set back','');
INSERT INTO report_error VALUES(1,2,'queue full','');
CREATE TABLE defect (              -- an oddity of a report: nothing is normalised or dropped without one
  id         INTEGER PRIMARY KEY,
  report_id  INTEGER NOT NULL REFERENCES report (id),
  row_number INTEGER NOT NULL,     -- 0: the report as a whole
  line       INTEGER NOT NULL,     -- 0: not known
  code       TEXT    NOT NULL,     -- docs/defects.md
  detail     TEXT    NOT NULL      -- the raw text
) STRICT;
INSERT INTO defect VALUES(1,9,0,5,'control-character','7');
INSERT INTO defect VALUES(2,10,0,10,'truncated','the text ends inside <end>');
INSERT INTO defect VALUES(3,10,0,10,'no-policy-published','');
INSERT INTO defect VALUES(4,10,0,10,'no-date','end');
INSERT INTO defect VALUES(5,10,0,10,'no-policy-domain','');
INSERT INTO defect VALUES(6,10,0,10,'no-p','');
INSERT INTO defect VALUES(7,10,0,10,'no-record','');
CREATE TABLE source (              -- interned: addresses that send
  id   INTEGER PRIMARY KEY,
  key  BLOB NOT NULL CHECK (length(key) = 16),  -- sortable; IPv4 as ::ffff:a.b.c.d
  text TEXT NOT NULL UNIQUE                     -- RFC 5952
) STRICT;
INSERT INTO source VALUES(1,X'00000000000000000000ffffc000020a','192.0.2.10');
INSERT INTO source VALUES(2,X'00000000000000000000ffffc6336401','198.51.100.1');
INSERT INTO source VALUES(3,X'00000000000000000000ffffc6336402','198.51.100.2');
INSERT INTO source VALUES(4,X'00000000000000000000ffffc6336403','198.51.100.3');
INSERT INTO source VALUES(5,X'00000000000000000000ffffc6336404','198.51.100.4');
INSERT INTO source VALUES(6,X'00000000000000000000ffffc6336405','198.51.100.5');
INSERT INTO source VALUES(7,X'00000000000000000000ffffc6336406','198.51.100.6');
INSERT INTO source VALUES(8,X'00000000000000000000ffffcb007101','203.0.113.1');
INSERT INTO source VALUES(9,X'00000000000000000000ffffcb007102','203.0.113.2');
INSERT INTO source VALUES(10,X'00000000000000000000ffffcb007103','203.0.113.3');
INSERT INTO source VALUES(11,X'00000000000000000000ffffcb007104','203.0.113.4');
INSERT INTO source VALUES(12,X'00000000000000000000ffffcb007105','203.0.113.5');
INSERT INTO source VALUES(13,X'00000000000000000000ffffcb007106','203.0.113.6');
INSERT INTO source VALUES(14,X'00000000000000000000ffffcb007107','203.0.113.7');
INSERT INTO source VALUES(15,X'00000000000000000000ffffcb007132','203.0.113.50');
INSERT INTO source VALUES(16,X'00000000000000000000ffffcb00714d','203.0.113.77');
INSERT INTO source VALUES(17,X'00000000000000000000ffffc6336419','198.51.100.25');
CREATE TABLE identifier_set (      -- interned: header_from and envelope_from of a row
  id            INTEGER PRIMARY KEY,
  digest        BLOB NOT NULL UNIQUE CHECK (length(digest) = 16),
  header_from   TEXT NOT NULL,
  envelope_from TEXT               -- '' is the null sender
) STRICT;
INSERT INTO identifier_set VALUES(1,X'2b042558df490d09c917e2dee138a968','example.com','example.com');
INSERT INTO identifier_set VALUES(2,X'37246d3a4f050823b1c7fe771c7f26dd','example.com','list.example');
INSERT INTO identifier_set VALUES(3,X'7e38643ee204ba8211623c06a5c9f0d9','example.com','bounces.mailer.example');
CREATE TABLE recipient (           -- interned: envelope_to
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO recipient VALUES(1,'receiver.example');
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
INSERT INTO verdict VALUES(1,X'9d7836720d55ac758df0569f22548295','none','pass','pass','passed','passed',0);
INSERT INTO verdict VALUES(2,X'65226efc90b639955176716b854727c9','none','fail','fail','failed','failed',0);
INSERT INTO verdict VALUES(3,X'937eebd1a5cf34424fc807bf8e7ddf4a','none','fail','fail','failed','failed',0);
INSERT INTO verdict VALUES(4,X'7ddcb32656c6ada98e8d020c4043a7b6','none','fail','fail','failed','failed',0);
INSERT INTO verdict VALUES(5,X'5125b9405a0415eb5f63ca32de3761e2','none','fail','fail','failed','failed',0);
INSERT INTO verdict VALUES(6,X'6a09a8ce6f31b2d05dbd14a15da05ec0','none','fail','fail','failed','failed',0);
INSERT INTO verdict VALUES(7,X'722a781a82641704b349b11659b88254','none','fail','fail','failed','failed',0);
INSERT INTO verdict VALUES(8,X'40c5b775555208e4011f42ee663c3a65','none','fail','fail','failed','passed',1);
INSERT INTO verdict VALUES(9,X'c491c8cee6e2b2b35e35e51195dae73f','none','fail','fail','failed','passed',1);
INSERT INTO verdict VALUES(10,X'ad21bd4c298da99b56854539f4973640','none','fail','fail','failed','passed',1);
INSERT INTO verdict VALUES(11,X'48e9e2be7facf12d47df5cabd76abe40','none','fail','fail','failed','passed',1);
INSERT INTO verdict VALUES(12,X'8643d2a5546c33f57a78edb94d9bd033','none','fail','fail','failed','passed',1);
INSERT INTO verdict VALUES(13,X'1000dc7f63fdb0621595afcba6005c82','none','fail','fail','failed','passed',1);
INSERT INTO verdict VALUES(14,X'56f84c6f38761941905f3333274c2be3','none','fail','fail','failed','passed',1);
INSERT INTO verdict VALUES(15,X'db490149891e5ecde7b437f422beb5a2','none','fail','fail','passed','passed',1);
INSERT INTO verdict VALUES(16,X'd4929aeb0955132ff0c3c38d20dbe2df','none','pass','pass','passed','passed',0);
INSERT INTO verdict VALUES(17,X'6e53f787ffc3c4230f297c5a5f3bbc90','none','pass','fail','passed','failed',0);
INSERT INTO verdict VALUES(18,X'85123897bb5d7336c86bbdec2aea6405','quarantine','fail','fail','passed','passed',0);
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
INSERT INTO auth_result VALUES(1,1,'dkim','example.com','s1',NULL,'pass','2048 bit key','');
INSERT INTO auth_result VALUES(1,2,'spf','mail.example.com',NULL,'helo','none',NULL,NULL);
INSERT INTO auth_result VALUES(1,3,'spf','example.com',NULL,'mfrom','pass',NULL,NULL);
INSERT INTO auth_result VALUES(2,1,'dkim','other.example','s1',NULL,'none',NULL,NULL);
INSERT INTO auth_result VALUES(2,2,'spf','other.example',NULL,'mfrom','none',NULL,NULL);
INSERT INTO auth_result VALUES(3,1,'dkim','other.example','s1',NULL,'fail',NULL,NULL);
INSERT INTO auth_result VALUES(3,2,'spf','other.example',NULL,'mfrom','fail',NULL,NULL);
INSERT INTO auth_result VALUES(4,1,'dkim','other.example','s1',NULL,'policy',NULL,NULL);
INSERT INTO auth_result VALUES(4,2,'spf','other.example',NULL,'mfrom','softfail',NULL,NULL);
INSERT INTO auth_result VALUES(5,1,'dkim','other.example','s1',NULL,'neutral',NULL,NULL);
INSERT INTO auth_result VALUES(5,2,'spf','other.example',NULL,'mfrom','neutral',NULL,NULL);
INSERT INTO auth_result VALUES(6,1,'dkim','other.example','s1',NULL,'temperror',NULL,NULL);
INSERT INTO auth_result VALUES(6,2,'spf','other.example',NULL,'mfrom','temperror',NULL,NULL);
INSERT INTO auth_result VALUES(7,1,'dkim','other.example','s1',NULL,'permerror',NULL,NULL);
INSERT INTO auth_result VALUES(7,2,'spf','other.example',NULL,'mfrom','permerror',NULL,NULL);
INSERT INTO auth_result VALUES(8,1,'dkim','example.com','s1',NULL,'fail',NULL,NULL);
INSERT INTO auth_result VALUES(8,2,'spf','list.example',NULL,'mfrom','pass',NULL,NULL);
INSERT INTO auth_result VALUES(9,1,'dkim','example.com','s1',NULL,'fail',NULL,NULL);
INSERT INTO auth_result VALUES(9,2,'spf','list.example',NULL,'mfrom','pass',NULL,NULL);
INSERT INTO auth_result VALUES(10,1,'dkim','example.com','s1',NULL,'fail',NULL,NULL);
INSERT INTO auth_result VALUES(10,2,'spf','list.example',NULL,'mfrom','pass',NULL,NULL);
INSERT INTO auth_result VALUES(11,1,'dkim','example.com','s1',NULL,'fail',NULL,NULL);
INSERT INTO auth_result VALUES(11,2,'spf','list.example',NULL,'mfrom','pass',NULL,NULL);
INSERT INTO auth_result VALUES(12,1,'dkim','example.com','s1',NULL,'fail',NULL,NULL);
INSERT INTO auth_result VALUES(12,2,'spf','list.example',NULL,'mfrom','pass',NULL,NULL);
INSERT INTO auth_result VALUES(13,1,'dkim','example.com','s1',NULL,'fail',NULL,NULL);
INSERT INTO auth_result VALUES(13,2,'spf','list.example',NULL,'mfrom','pass',NULL,NULL);
INSERT INTO auth_result VALUES(14,1,'dkim','example.com','s1',NULL,'fail',NULL,NULL);
INSERT INTO auth_result VALUES(14,2,'spf','list.example',NULL,'mfrom','pass',NULL,NULL);
INSERT INTO auth_result VALUES(15,1,'dkim','example.com','s1',NULL,'fail',NULL,NULL);
INSERT INTO auth_result VALUES(15,2,'dkim','list.example','s1',NULL,'pass',NULL,NULL);
INSERT INTO auth_result VALUES(15,3,'spf','list.example',NULL,'mfrom','pass',NULL,NULL);
INSERT INTO auth_result VALUES(16,1,'dkim','example.com','s1',NULL,'pass',NULL,NULL);
INSERT INTO auth_result VALUES(16,2,'spf','example.com',NULL,'mfrom','pass',NULL,NULL);
INSERT INTO auth_result VALUES(17,1,'dkim','example.com','s1',NULL,'pass',NULL,NULL);
INSERT INTO auth_result VALUES(17,2,'spf','example.com',NULL,'mfrom','fail',NULL,NULL);
INSERT INTO auth_result VALUES(18,1,'dkim','mailer.example','m2026',NULL,'pass',NULL,NULL);
INSERT INTO auth_result VALUES(18,2,'spf','bounces.mailer.example',NULL,'mfrom','pass',NULL,NULL);
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
INSERT INTO policy_override VALUES(8,1,'forwarded','','reason 1','',NULL,NULL,NULL);
INSERT INTO policy_override VALUES(9,1,'sampled_out','','reason 2','',NULL,NULL,NULL);
INSERT INTO policy_override VALUES(10,1,'trusted_forwarder','','reason 3','',NULL,NULL,NULL);
INSERT INTO policy_override VALUES(11,1,'mailing_list','','reason 4','',NULL,NULL,NULL);
INSERT INTO policy_override VALUES(12,1,'local_policy','','reason 5','',NULL,NULL,NULL);
INSERT INTO policy_override VALUES(13,1,'policy_test_mode','','reason 6','',NULL,NULL,NULL);
INSERT INTO policy_override VALUES(14,1,'other','','reason 7','',NULL,NULL,NULL);
INSERT INTO policy_override VALUES(15,1,'local_policy','','arc=pass as[1].d=list.example as[1].s=arc2026 remote-ip[1]=192.0.2.10','','pass','[{"i":1,"d":"list.example","s":"arc2026"}]','192.0.2.10');
INSERT INTO policy_override VALUES(15,2,'mailing_list','',NULL,NULL,NULL,NULL,NULL);
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
INSERT INTO record VALUES(16777217,1,77,1,1,1,5);
INSERT INTO record VALUES(16777218,2,1,1,NULL,2,10);
INSERT INTO record VALUES(16777219,3,2,1,NULL,3,10);
INSERT INTO record VALUES(16777220,4,3,1,NULL,4,10);
INSERT INTO record VALUES(16777221,5,4,1,NULL,5,10);
INSERT INTO record VALUES(16777222,6,5,1,NULL,6,10);
INSERT INTO record VALUES(16777223,7,6,1,NULL,7,10);
INSERT INTO record VALUES(33554433,8,1,2,NULL,8,10);
INSERT INTO record VALUES(33554434,9,2,2,NULL,9,10);
INSERT INTO record VALUES(33554435,10,3,2,NULL,10,10);
INSERT INTO record VALUES(33554436,11,4,2,NULL,11,10);
INSERT INTO record VALUES(33554437,12,5,2,NULL,12,10);
INSERT INTO record VALUES(33554438,13,6,2,NULL,13,10);
INSERT INTO record VALUES(33554439,14,7,2,NULL,14,10);
INSERT INTO record VALUES(33554440,15,12,2,NULL,15,10);
INSERT INTO record VALUES(50331649,1,12,1,NULL,16,5);
INSERT INTO record VALUES(50331650,16,3,1,NULL,17,9);
INSERT INTO record VALUES(67108865,1,12,1,NULL,16,5);
INSERT INTO record VALUES(67108866,16,3,1,NULL,17,9);
INSERT INTO record VALUES(83886081,1,12,1,NULL,16,5);
INSERT INTO record VALUES(83886082,16,3,1,NULL,17,9);
INSERT INTO record VALUES(100663297,1,120,1,NULL,16,5);
INSERT INTO record VALUES(100663298,17,35,3,NULL,18,10);
INSERT INTO record VALUES(100663299,16,4,1,NULL,17,9);
INSERT INTO record VALUES(117440513,1,121,1,NULL,16,5);
INSERT INTO record VALUES(117440514,17,35,3,NULL,18,10);
INSERT INTO record VALUES(117440515,16,4,1,NULL,17,9);
INSERT INTO record VALUES(134217729,1,120,1,NULL,16,5);
INSERT INTO record VALUES(134217730,17,35,3,NULL,18,10);
INSERT INTO record VALUES(134217731,16,4,1,NULL,17,9);
INSERT INTO record VALUES(150994945,1,120,1,NULL,16,5);
INSERT INTO record VALUES(150994946,17,35,3,NULL,18,10);
INSERT INTO record VALUES(150994947,16,4,1,NULL,17,9);
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
INSERT INTO result_class VALUES(11561,'none','pass','pass','passed','passed',0,'aligned','aligned',0,'unchecked');
INSERT INTO result_class VALUES(19273,'none','pass','fail','passed','failed',0,'aligned','not_aligned',0,'unchecked');
INSERT INTO result_class VALUES(21201,'none','fail','fail','failed','failed',0,'not_aligned','not_aligned',0,'unchecked');
INSERT INTO result_class VALUES(21842,'quarantine','fail','fail','passed','passed',0,'not_aligned','not_aligned',0,'unchecked');
INSERT INTO result_class VALUES(546001,'none','fail','fail','failed','passed',1,'not_aligned','not_aligned',0,'unchecked');
INSERT INTO result_class VALUES(546129,'none','fail','fail','passed','passed',1,'not_aligned','not_aligned',0,'unchecked');
CREATE TABLE domain_day (          -- totals: messages of a policy domain on the day of the report's midpoint
  domain_id INTEGER NOT NULL REFERENCES domain (id),
  day       TEXT    NOT NULL,
  class_id  INTEGER NOT NULL REFERENCES result_class (id),
  records   INTEGER NOT NULL CHECK (records > 0),
  messages  INTEGER NOT NULL CHECK (messages > 0),
  PRIMARY KEY (domain_id, day, class_id)
) STRICT, WITHOUT ROWID;
INSERT INTO domain_day VALUES(1,'2026-01-01',11561,4,437);
INSERT INTO domain_day VALUES(1,'2026-01-01',19273,3,12);
INSERT INTO domain_day VALUES(1,'2026-01-01',21201,6,21);
INSERT INTO domain_day VALUES(1,'2026-01-01',21842,3,105);
INSERT INTO domain_day VALUES(1,'2026-01-01',546001,7,28);
INSERT INTO domain_day VALUES(1,'2026-01-01',546129,1,12);
INSERT INTO domain_day VALUES(1,'2026-01-06',11561,1,12);
INSERT INTO domain_day VALUES(1,'2026-01-06',19273,1,3);
INSERT INTO domain_day VALUES(1,'2026-01-07',11561,1,12);
INSERT INTO domain_day VALUES(1,'2026-01-07',19273,1,3);
INSERT INTO domain_day VALUES(1,'2026-01-08',11561,1,12);
INSERT INTO domain_day VALUES(1,'2026-01-08',19273,1,3);
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
INSERT INTO domain_month_source VALUES(1,'2026-01',1,7,473,473,473,473,0,0,1767225600,1767916799);
INSERT INTO domain_month_source VALUES(1,'2026-01',2,1,1,0,0,0,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',3,1,2,0,0,0,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',4,1,3,0,0,0,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',5,1,4,0,0,0,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',6,1,5,0,0,0,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',7,1,6,0,0,0,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',8,1,1,0,0,0,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',9,1,2,0,0,0,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',10,1,3,0,0,0,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',11,1,4,0,0,0,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',12,1,5,0,0,0,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',13,1,6,0,0,0,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',14,1,7,0,0,0,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',15,1,12,0,0,0,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',16,6,21,21,21,0,0,0,1767225600,1767916799);
INSERT INTO domain_month_source VALUES(1,'2026-01',17,3,105,0,0,0,0,105,1767225600,1767311999);
CREATE INDEX ledger_by_content ON ledger (content_hash);
CREATE UNIQUE INDEX ledger_by_uid ON ledger (mailbox, folder, uidvalidity, uid) WHERE mailbox IS NOT NULL;
CREATE INDEX ledger_by_acknowledgement ON ledger (acknowledgement) WHERE acknowledgement IN ('pending', 'failed');
CREATE INDEX ledger_part_by_report ON ledger_part (report_id) WHERE report_id IS NOT NULL;
CREATE INDEX report_by_identity ON report (identity_key);
CREATE INDEX report_by_domain ON report (domain_id, day);
CREATE INDEX report_by_day ON report (day);
CREATE INDEX defect_by_report ON defect (report_id);
CREATE INDEX record_by_source ON record (source_id);
CREATE INDEX record_by_contradiction ON record (self_check) WHERE self_check > 15;
CREATE VIEW v_report AS
SELECT p.id AS report_key, rp.name AS reporter, p.report_id, d.name AS policy_domain, p.date_begin, p.date_end, p.day,
       p.org_name, p.email, p.extra_contact_info, p.generator, p.version, p.xml_namespace,
       o.p, o.sp, o.np, o.adkim, o.aspf, o.pct, o.fo, o.testing, o.discovery_method,
       p.records, p.messages, p.counted, p.conflict, p.damaged, p.authenticity, p.authenticated_as, p.received,
       p.unknown_elements, (SELECT count(*) FROM defect x WHERE x.report_id = p.id) AS defects,
       (SELECT group_concat(e.text, char(10)) FROM report_error e WHERE e.report_id = p.id) AS errors,
       lower(hex(p.identity_key)) AS identity_key, lower(hex(p.content_hash)) AS content_hash, p.hash_version
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
CREATE VIEW v_ledger AS
SELECT l.id AS ledger_key, q.part, l.item_kind, l.source, l.locator, q.path, q.kind, q.outcome, q.code, q.place, q.reason,
       q.records, q.messages, q.report_id AS report_key, l.outcome AS item_outcome, l.size,
       lower(hex(l.content_hash)) AS content_hash, l.received, l.first_seen, l.last_seen, l.seen_count,
       l.acknowledgement, l.attempts, l.mailbox, l.folder, l.uidvalidity, l.uid
FROM ledger l LEFT JOIN ledger_part q ON q.ledger_id = l.id;
COMMIT;
