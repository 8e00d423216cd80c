-- A database of version 2 with content: what that version made of reports of sample-reports/, dumped by the sqlite3
-- shell. Read by migration_test.cpp; never changed.
PRAGMA application_id=1920295285;
PRAGMA user_version=2;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE store_info (          -- facts about the file itself, such as who created it
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO store_info VALUES('redaction-key','a6c74f1c7840182005084afa634d6c8753d67a360f45c6ea71cd263fef3e87c3');
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
INSERT INTO ledger VALUES(1,'file','sample-reports/aggregate/good/rfc7489-everything.xml','',X'f0886542a6577e403b91149feed47ce6a6973276060ef29b6abe5ef04536cf9c',5643,'stored',1795961054,1796000000,1796000000,1,'none',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO ledger VALUES(2,'file','sample-reports/aggregate/good/subdomains.xml','',X'd8c94d696f19627f49a3d5550f5e41201a77eea4d44c2970f58634efa6dc1f73',2431,'stored',1795961054,1796000000,1796000000,1,'none',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO ledger VALUES(3,'file','sample-reports/aggregate/good/ipv6.xml','',X'b7adb7bb123fa5705755f0f9a08318106ec17c29934486cfcbf9c0f6229fcd9c',2440,'stored',1795961054,1796000000,1796000000,1,'none',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO ledger VALUES(4,'mail','sample-reports/aggregate/good/multipart-report.eml','',X'567e994d0a0a44f67a51d5e2b3411ee4e84882b63c5b9839f95c6e25b3a73875',1545,'stored',1767316498,1796000000,1796000000,1,'none',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO ledger VALUES(5,'file','sample-reports/aggregate/good/many-signatures.xml','',X'53e53f64477d8eb68cb37d4c11a9234ad92df639f5689e2382c8881cd18cd24f',2264,'stored',1795961054,1796000000,1796000000,1,'none',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO ledger VALUES(6,'file','sample-reports/aggregate/odd/v14-several-results.xml','',X'e1c0e2b2daad42de5d6624107a61b966424376cf305d88609e88265008aded29',1590,'stored',1795961054,1796000000,1796000000,1,'none',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO ledger VALUES(7,'file','sample-reports/aggregate/odd/v13-empty-dkim.xml','',X'59431dd9b84d88c6ab73fef517611651e37d135bb9d20ce2ab24a2ecf4613810',1414,'stored',1795961054,1796000000,1796000000,1,'none',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO ledger VALUES(8,'mail','sample-reports/aggregate/good/forwarded.eml','',X'e2045b54c620baa8a1d08111db9437487ad23e63eec9a10be61ffb339075bea0',2144,'stored',1767316498,1796000000,1796000000,1,'none',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO ledger VALUES(9,'mail','sample-reports/failure/good/arf.eml','',X'7c6c57171ace4cfd45367e450c672314c0a4f491decdf0aca65d924f06437bff',1488,'stored',1767258005,1796000000,1796000000,1,'none',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO ledger VALUES(10,'mail','sample-reports/failure/good/dkim-failure.eml','',X'aa0c077ba960ab4473c05e059961044ef905c252bfa8b17c3240b81e7594fc39',1887,'stored',1767258005,1796000000,1796000000,1,'none',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO ledger VALUES(11,'mail','sample-reports/failure/good/exim.eml','',X'2c39b735287564f874714ab31e3af60b7a5f4f4cbde8645ac7ced18bb5987de3',1190,'stored',1767258005,1796000000,1796000000,1,'none',0,NULL,NULL,NULL,NULL,NULL);
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
INSERT INTO ledger_part VALUES(1,1,'','aggregate','stored',NULL,NULL,NULL,7,98,1,NULL);
INSERT INTO ledger_part VALUES(2,1,'','aggregate','stored',NULL,NULL,NULL,3,18,2,NULL);
INSERT INTO ledger_part VALUES(3,1,'','aggregate','stored',NULL,NULL,NULL,3,40,3,NULL);
INSERT INTO ledger_part VALUES(4,1,'part 2/r.xml.gz/r.xml','aggregate','stored',NULL,NULL,NULL,2,15,4,NULL);
INSERT INTO ledger_part VALUES(5,1,'','aggregate','stored',NULL,NULL,NULL,1,40,5,NULL);
INSERT INTO ledger_part VALUES(6,1,'','aggregate','stored',NULL,NULL,NULL,1,8,6,NULL);
INSERT INTO ledger_part VALUES(7,1,'','aggregate','stored',NULL,NULL,NULL,1,120,7,NULL);
INSERT INTO ledger_part VALUES(8,1,'part 2/part 2/report.xml.gz/report.xml','aggregate','stored',NULL,NULL,NULL,2,15,8,NULL);
INSERT INTO ledger_part VALUES(9,1,'','failure','stored',NULL,NULL,NULL,0,1,NULL,1);
INSERT INTO ledger_part VALUES(10,1,'','failure','stored',NULL,NULL,NULL,0,1,NULL,2);
INSERT INTO ledger_part VALUES(11,1,'','failure','stored',NULL,NULL,NULL,0,1,NULL,3);
CREATE TABLE original (            -- the octets of an item; of a mail without any report its header block alone
  ledger_id INTEGER PRIMARY KEY REFERENCES ledger (id),
  extent    TEXT    NOT NULL CHECK (extent IN ('full', 'headers')),
  size      INTEGER NOT NULL CHECK (size >= 0),     -- of what is kept here, uncompressed
  sample_policy TEXT CHECK (sample_policy IN ('full', 'headers', 'redacted'))  -- of a mail with failure reports, once
) STRICT;
INSERT INTO original VALUES(1,'full',5643,NULL);
INSERT INTO original VALUES(2,'full',2431,NULL);
INSERT INTO original VALUES(3,'full',2440,NULL);
INSERT INTO original VALUES(4,'full',1545,NULL);
INSERT INTO original VALUES(5,'full',2264,NULL);
INSERT INTO original VALUES(6,'full',1590,NULL);
INSERT INTO original VALUES(7,'full',1414,NULL);
INSERT INTO original VALUES(8,'full',2144,NULL);
INSERT INTO original VALUES(9,'headers',409,'headers');
INSERT INTO original VALUES(10,'headers',418,'headers');
INSERT INTO original VALUES(11,'headers',410,'headers');
CREATE TABLE original_chunk (      -- its octets in order; id = ledger_id * 2^24 + chunk number from 0
  id    INTEGER PRIMARY KEY,
  codec TEXT    NOT NULL CHECK (codec IN ('raw', 'zlib', 'base64')),  -- base64: octets that stood there as base64 lines
  size  INTEGER NOT NULL CHECK (size >= 0),         -- uncompressed
  data  BLOB    NOT NULL,
  ledger_id INTEGER GENERATED ALWAYS AS (id >> 24) VIRTUAL REFERENCES original (ledger_id)
) STRICT;
INSERT INTO original_chunk VALUES(16777216,'zlib',5643,X'7801ed584b739b3010bef7573039e4d20918278eed46517a697f40a73d33322cb6c680881079fcfbae9078f881ed76e2d8079f90f6a15ded7edf1a439eded2c479015970913d5ef9eee0ca812c1411cfe68f577f7effbc995c394ff40b8901a2190b97f48be3106b4fd19c78f5462b24e442aa2005c522a6983646a990f3206329d05f1002477be7c71b4bf30488d7a88c25a48c27344a990c6fcc59c577699d5ca89d8c95f578539205a1c8140b55c0b358d0afbe331a8d9c813fc0ec60536f1c6daa3ca2d7897a88cb2471c77793e946b8ebb97a205e6b6dbcf176104896cdc1dc116f398339cfa83fbe1f0f87a37b1ddb482a07d4431655da5bdf9f4ea79819eecd61defa6904a4149286890897ce2b2b9c0294a3ab8f5e95c6f899f573092538fa021d6d9371b7152417090fdf83bc9c25bc58401d3f1258f68cdafabaa14889676526108b963ca505f1ccc20a8b3cae64fa694439cd44865dcdedbec8e973c9b04c8a6b316ead5da8e8080b94e3d348b06d836f11f1f08902d46cc914d1150a59272dc5abf145f34294328480e7d49f0edd813b747d3cbd955631d02e1465a6e8784c3cb3aae5361abcb0a4c4c6da101576235ee4a2e00ae9612fd795d803f0e8aa42392bb048d5b2d5e8f2184553a8ce0dd76262dfea7b111e01162ee648cee6a690bd4022720894a05b88d1d1d6776b3c6229d2d51eafaa6a8705b00864b069de5554c6c4db4891b0522d02094599a836ebb58aecc35b55f802120815b2a0f0b195f5a62dab89612b6b37ad7651a62cb379d0e1e06ee2ccb87296f04ebc15557de995a6914ea3746b0d3df468aa67d026474cce21b6862eb0439872b56e33b2291a82ace6ab99612984e13aeb36782f373b7153ddb2dec00682bd8191db6b9dd323a4e6db61d49bb8231f99377075c71a4ad625369443d571b817637bb672cf283a556da6cbff726f931a276692500b9035365767f7bf70693b36bbe4dd0ecebde12b2aec86e7f6d84dd73e149ec37e78a2ea02cf8f1ef47bf1514ff7dda3de10797d827d0e3cb7c73e0e3c6ffbe189aa0b3ccf149ee62552ff6aea979fe68ded80378bbdfc38607e1622569f09d2bb7e90a2ea02d23305690625fe5fc617a5d3a0b437fc7126e9a81fa4a8ba80f44c41aa20cdab6f1ba782e98e048e03d4fb7ea0a2ea02d433052aa2343d29507724701050f1835bf35df72fd263acf9');
INSERT INTO original_chunk VALUES(33554432,'zlib',2431,X'7801dd56cb72db2014dde72b34de47b29ca953cf10d24dfb019d76adc1e8caa6918082e4247fdf8b003dfcc8a3d345271b1bee83cb391c2e22f74f4d9d1cc058a1e4dd224f978b042457a590bbbbc5cf1fdfae3f2f927b7a452a8072cbf803bd4a1212e22986932c4e9cc38056a62d1a6859c95ae682d1aaccae90ac01fa1d38088c4fbe3eb146d740b2c1e523a161a2a665c30cbff66bd92f2624a510937c94cf081545496db72d15e64b4bb2d1eaa3703350182677e0b7849bdac24e489adfae6f57ab4feb2502f1963e01fd20cbde7b93e79bcd86646eee17cbe6ab0dd5a6a88956b5e0cf85eeb6b5b07b88b97e87344049b96a48166c7e71563e88861a92f941305a5df536f7ef4d9afeee18226a85441a75b05a4d0dfc02de920c872192b73477f8340ebca952342719fee214ed67b68a27c99589bb36ead16762b8559de150084df3cd2a5da6ab34c7b5476b5f01e3b8ea644b91383f88e6500c0eaceef05042855e26a5b05a59d1a212a9540ed6d41216c0957b8634b378cefd70f4387abc63206a02f0a8269e5b84454409c86425f01e0c40411ea0561a8acaa8667e62735784b607568239133e75f4c1243b294858d7ee0b03b6abdb710f47f85e534f4fa3851a05a00cb578c6c36424c9d7083c8549843023944c4874b4f7976b4ec454babe3847c668e328c3e2fde48d95876228fd232adc0d8b6a7c97301d01835c2346afc7f54711a684471b5ba3ef27afabf334e74349f414de7faed3d5659ddefca54ee333f0420badf0ad3ddb42bd63b890ffaa85ba3774da52e3859c6acfee959eab79eaed33dedc3c2700c6f665a066cf430509f8525e10c71ebbffc51ee6dfa7e3ee39547ca987e1c33b7c4bfd0174a0e200');
INSERT INTO original_chunk VALUES(50331648,'zlib',2440,X'7801ed56c172db2010bde72b3cbedb58f6c4493484f4d27e40a73d6b30ac6c1a0928486ef2f75d049265c74eda4e7be84c7cb06177d9e53d1e8be9c3535d4df6e0bc32fa7e9acd17d3096861a4d2dbfbe9d72f9f66b7d3c903bba22580dc70f1c8ae26139ae2198653d24f82c38135ae296a68b8e40d0fc168356e5b685e03fb0c0214c64f3e3ef1da5640c9e08a9150735531597327663197ffe0d2a239f48b62545c912a2ac994ddaf674657cf941c8c3108f70285e37a0b7147b8a70d6c9566d9cdfa66b9bc5e2f1047b4740bd00f5a76de5596dddddd5112e6311939ce36541b83a6d6544a3c17b6dd54caefa05f2b0d02d42c21990b5353926c3139978faa668e923848466fcbce167ea3c9b2ef2d47448dd2c8a24d566f99836f201a4a70982245c3b280cfe2209a4ac3324af01ba7683fb3553c48615cbf6b677ec49518ee4deb0414cab2e56291e572739be7cb6bac37d8bb1a18294cab1bb65a511247bd3dd5833daf5a3c9754a4138a54de1aaf1ad422d326201b5b52024cdd9164b9f71810f83a780243d1317035c27852138fae4746950424b3547813fa74a8813d54c642513a531f1fdab1ab87b6032ec19d091f3bba604a5e14a4bc6d768503df56cd610f27f8de125047a3870a35601cf378ccc3e44052ac91784a931ec211a1744462a0fd0df5c6e202196375a00c8b77935fac3c1443f59f50112e592fc8dfd2e622cff23cb070419ecb777552f2aecea0dcf07a85bb77e15efc0b7596f8c9f30d9797058aadf58fdae7f87978a58996f8de9e6da2d13180febf9be808c6df6c63de944de4e9b4890e055f6b65f8040f7faa7e027ddce598');
INSERT INTO original_chunk VALUES(67108864,'zlib',1545,X'780185535b8fa248147e5e7e45a59f76c3281705d4dede8cd7160515b015d86c2605143729402810fcf54b77cfcc4e7a27990a0f9593c3773ba77444aa22ed1d200927e04f0fc3c2ed1528cf0a527e2e908ba21a157dd4409c27e82f4a7faf7813e0171906b8e97fec01bfffacf83737e6fb6c9feff32cfbcf1fd46f4e0b308c926fc07db703bb4524044b433d1e0c107960e8f3f011ac8ae8136079b08129e0595e042c37e18409cb029aed0eb5ea644c80fe2ef8d7fa8fd904bc79fcfcd5d22b33b580044d7e4e359c08a3af542a2a4b18a09ebce882c25542a21c16e46b583fc9caa89c18b9e49b3ab0c83acbe904fcc00cba1e1c11828a09f85f90efa6dee83eb251aaac2e7b27549451d621727d969a67294129e91ddbbcf3f2fd07e67d968fc0c9aad48345fbf4f0f4e5dbfd0bf74051bdde8f850f38043584c9934ef72370435894883c55650f966e1451d4318c4ad07ddd6c60101428e872ec7cbc2e0f801d09791b32202124c0ed4070094806bac4d1fbfab4595500ef2d96fe2f84c03c4f221792ce2f13dca3fc11a410a3a787a2dfe0a41fdc1ffe135ec0b4f451d15ba66ee6456930010e2c9138fcdeb188ca3c2ba357ac0980844037c45d748fc08f12f411965a0f4b79fa7ee60ccd9d8e16735467c64812691911fa62b8e7b3910ceb1513cce6aaa8438966ed4a3d485bad640429e52f925166d1764a2b532ab706e9c1ac51bc7437c8cc75df5cce05d1d463b112cded68cbee6ef255a30fd711ed1f48cb98fae930960576faac1ce8c57ebcbd5d0d3ac2fca5cd6a4a2b9f67bbb390adb4462de5e56ab15ac78b2b87e755b81ecee74d3d88995b7e24c1493f6e4d38b78a6daac5ebb544ef6c26e714cc1632e637e660b3b4a81cceaed2d4cbb15e1bc744d9112f5264765de0c5f0b2cf8ebcbb99671653dd1c3b1b2cf8ea6529acdc593bd8732f9c270d2c29df3942b92f5a222784bada9cc5b2355d3b665ce73e3ddfa9c12c3c6538304e83793052f0b609ac24bdc2203e998d9c29bef7acd5ccd251587114dec2cbea3a565f30b7aaafd4704a6e449da5f7c376c65d563e9243cde6c3ddb6be8d638681d77d50ed5ae120b9eda0d5bd5a2f5198d8ceb9126d3761397b38bedc715d0d9f8f2f06b5138dedb1490ece7a1631564047c94d162e611ddbdea2dd68bce6b9c6d9d756767bbfafc3125f048556c2179c37d6b6b8c7cdb0902b393807893d5852fa7c64b8b282cecf81648f8f4972e2cfa3cc8ad5e9ba4a7c3b914f6b465fc6d67ed638b3465a1cd4f12d47e3c1c8ba604d1e6d545910ebbd9eab9e1b533a23e78a018b24d32f165276c2ac219991cbbaafdc871707efbdfa44f473b877fd26c11a2fde585c8ac381603a92c837159366ec7ed0488cc560aa6eee3bb4dc31ab2537ca5e04bf0dc74d7433735373bb557e7afaf8da7a3dea5fd78e05a0');
INSERT INTO original_chunk VALUES(83886080,'zlib',2264,X'78019d56c9929b3010bdcf5750be1b0cdeab349a5c920f4825674a86c6560c9222c099f9fbb49058ec9990818bddeaf5f593d482bcbc16b977035d72299e17a1bf5a7820129972717e5efcfcf16d7958782ff4896400e9892557fae479c4f953742741bb30060d4aea2a2ea06229ab987146add4e758b002e8774880a3bff7f595152a07127426eb0905e3394d0ba693a5cd557ed12ec88736c87ad9085791a7b460e26d59f2b36055ada124416fb2ae880862cdc4192c2e447682331734dceff651b4ddadb01bab6902d00e226daceb303c1e8f24306b9b2cb8cfd6551bb64e94cc79f216abfa94f3f2026d6c2ab14d415d3f7e220b12389d4dced22b2fa82681159cb25459a333ff56a5e8ef9a61471517c8a572da52510dbf20a94880a2f34c2a1a9afe140a5695491a92007f7189fa0fa0e2762652b7a8b5fc6323d1bd94b54e20e68a86c7c85ff9911f62ee5edb5440bf44d6a2a21bb459a9d5bb6a7063798dbbe24a348725e5a59225aff03c52214d5f438d4b80a91b8a142b71a31bb1b7187eaca1636ad0e1434ddcb8b62fc253402a338eb7a1eb14c40d72a920ceb42ceeb7ecded4b676019682fec07d68689c49f0ae2061757589f1f4d679d56378e8cf1d956bd8de88f727a861b2841c0f81d41405dce96ed933650b39b2dca2ede38e55cb761fd84288264088c6206478efcd1d328d77dc7f0ac27a0284f518047b64e640d84c80b01983309f85ed0408db3108f359d84d80b01b83309f85fd0408fb3108f359384c80701883f0091606e3cd0c44fbaa9817f47f18121c68f482730d0134727fb34747c2a02019c87df17f3e69762035b50a3349e716c627f161429aa9615f297cccba8f94bfa976a19a');
INSERT INTO original_chunk VALUES(100663296,'zlib',1590,X'78018d55cb76db2010dde72b74bc8fb0dc3689cf21a49bf6037adab50e86914d231e05c94dffbe83400f3bb1934d02f3ba732f33327d7ad16d71041f94358fabaa5caf0a30c24a65f68fab5f3fbfdf3eac8a2776431b00b9e3e299dd1405cdf10cc329192fd1e1c159dfd51a3a2e79c763305aaddfd7866b603f4080c2f8e2db0bd7ae054a26578a04cd55cba4e65edca65ae1abcf49258c49292a65644425d9b1fa4cc97c4d6eec026acfcd1e522fd8cd0ef6cab0eafeee7eb3f972b74606c93224a01f8c1cbc9faa6abbdd5212efa91839ad36a12de952675b25fed5aedfb52a1c60cc9516a919963994c26a4ab22d15e7f25969e62949876c0cae196cf17f3239f6a7e7c8a85306f573d91a1cf3f01b4447091e73a4e85815f9393c245363594509fec52bdadf68159f50583f76ededdf9489e1c1f65e40ad1cabb69b725d6eca0a6bcfd60101e384ed4dc71e284987d19cc1e0c8db1e1f25230cf321557036a80e4790191b692d2db900561e14723c040c8862cd9e284f724c422d089e61e2bb8db4a892804a360a17602c87037084d63aa81b6ff5e98b9dba466a07e012fc1be14bc7104cc92b40cafbee507b087ddbcd3d9cf17b6f7a061903b43800d6b3806f3c5d66911246d6295f460a278226a1e7c48c1e7713fcbc86cbf13d6d405f6da0c13a717722e349f48f347071794ed16d2baff207afc17b8bab76b587c524c5d94bfb1b35181578bdc4a90f81b3c30e3842d8c5709e95cc8069c8cfd1178074719ec1dfe13f60e938b41781d38e5c04c68fcfd930468dd2f7003f1bd34fc07f38eade68');
INSERT INTO original_chunk VALUES(117440512,'zlib',1414,X'78019554db72dc200c7dcf5778f63d66ed4c93ee0c2179693fa0d33e7b589077696c20606fd3bfafb8f8b6cd4cda171b49071d7424a04f6f7d575cc07965f4e3ae2af7bb02b43052e9d3e3eec7f7afb79f77c513bba12d803c72f1c26e8a82663c4338259311020eac7143d3c3c0251f7800a3d7b853a3790fec1b0850882fbebcf1de7640c91c4a48e8b9ea98ecb913b729977f76795309d3a6844a3b32a392ec52dd51b298298ca780c6717d8274163ccd114e4ab3eae1fea1ae3fddefb182e4891b300e5ac6e85d551d0e074a829d92916db6996d5d2eb5a653e27763c763a7fc19a6bdd260699ae51a4a617a4ab22f25e7f245f5cc519216d9e96d1b7de19f5c96bd8e1c2b1a9446fd6cf67acb1cfc04315082cb8c1403ab427d1617c9d51a5651825f34d1ffce51b185c2b8e9d4cefc4a3b11eecde80434cab2ea5097fbb22e2bccbd782303e284193512d7184ccb2990e9e0c2bb11db9239e28448e5adf16ac02164da84c2d69e9c0073478d2cf71e0141ae2512044a8159aa5589579cd8b9a930aa24a096adc22b30a5c311b840672c34ad33fdb667dbd054da19b804f70e7c1d88604afe22a47c1cce8d033f76c37286501f994f14aba5696008c32605302e36322479164d3e9ab928bd870ec7c638e6713266634992a8b2b6d998cadeb2af840fadfa60e013b94095591f6446f268fc237320a3f19389f8f23e640f4d0937d9b37279c87239e1ce5c653bfe57b6165fadf01a84a6604f6621f0325fb536a0d2fdc26b383fa97f0064fab717');
INSERT INTO original_chunk VALUES(134217728,'zlib',2144,X'7801ed555b8fa336187d2ebfc29aa7566902212443329d6a4902b9920b1072a9aa9501034eb8c59870f9f56593d9ed6a3bd2aaadfa568b07eb9339e77c9fceb135443312353790fa03f08b13426237094a6242d30f04d908df1069a1028649807e65b447c5190097c421088bd6b767c08fef157f6bf7f916d7e25b3cc7fdfe13f383558210e2e03370cbaec1724c7d20ebaab1d1017680e0f2f0052804ff0c381ecc6104788eef01ae3d6877071c071a5cbd18a5963100da43f0f7f51bf100dc7bfcf0d6d22766660c291abc4f250cbae21b958ad2147aa8391bd7838a338ac83b03d233eb8c6cfa591218c7759fd1007c4507ea3321a6f5ff03f097e93d3ab973dc291875a6ca4d139114c7354cbbc531a338a228a24da34c6ad56116509c4042d91017c87901569c450e24e5ebd3ebc7cffb8fed27866936bf2e7c03435141d924a8b5be00db872445f4354b9b30b53166181d2160a120ce5bdf81091f3362896b8b3ccfd47ef9df5dffc05d6e4c72481ce4fcb70efb42f3ef5c86a308913783ddf77fcb5b868f53507f75c0a1e711e4d561ac73f1e90602b03630bddf1480fa9002bb366898021a833ab6e8710795714680738fd99b3bdfd3009324c036a4758a58afc2c90b8860885e9f1e44ad220c5a5ef5f4a77002a3d445a4294776ece0c81b000ba6a8277c3931c66912a7f813e000404aa1ed87752a5f808b03f42e363315d299f45823b6d1364bfed9528723b15ba672a75c9d549f1c2475c3715157e24e821206d5c952b5a96e0773f6b9bbbc74b560ceed57d338b6199b4c155e5722a7c2db525d57bd381daf478dd52d6077ddc35cf3d6a789bee49f0f9d8aed67075ee8cd85788c2e5231b40a9f4d0c73b22d16ce6cde3611e3cf6663d8afb60b1f1f8f92ba9c2c96936793ac94d5e896cb32beb167b19a1bd433356361cc87aa1318f1e97ca6ac9cb2621818fae1629c64d329358559ecfda8335c5592a72746285d8e3abb5d5f4f1d7d8bfc25ca2f63326aec2b77e53fa741e54fb48364d33335cdc35ee4277d63d7b0c65776a9cd2d43e09814c203ab38a4e0b91babf542cd2b79128630596b13e1206b38df86d3eb1e9f03a3981da7c8b9d8292bbb332e11cf79214cae8ebc0ddbc3dbf5a8ba4c2e397ae3589c3654ea55431bcde8f6b44fd4852bb0f4d63f5ef9f4ba2adbdcb358195d21edc4eba5a173113102352b17fb546c085a383da3b3964d268cb9911381bbacc6d7dce576481b89b2dd839dc2f67c9fc396bada39e16d3d524f8e703e1ab3a4721a419e193b4b9d2d0dab143643a44974bc30c2c58e39e517613b11533ae7aadead5a5417dacd8bde51dad80bd7ecce382cca232d9bbae8269dd976decb147c23ac32efc6d246b7a4f59a1497abab5c35a1cd5c2efd44352f6da5dc56724fdc77796f69ee959d321633126c1b272bebd1d1626b17e54ddfc3ea3091cb5e27310975d82ab3ae370e5579dfdda3ca7019fb6c9cc76edb586d26ca3ae2b09babbba1294c4dcfaeadfcfafa7810ee916b36bf7d1deaca1fc0efcd44');
CREATE TABLE reporter (            -- interned: who reports, as the identity of a report knows him
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE        -- org_name folded (lower case, blanks squeezed), else the domain of its e-mail
) STRICT;
INSERT INTO reporter VALUES(1,'receiver example');
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
INSERT INTO policy VALUES(1,X'a851adceb392df31efd8b20088471a52','none','quarantine',NULL,'s','s',50,'0:d',NULL,NULL);
INSERT INTO policy VALUES(2,X'7dbaad52757ed6d2f5d11b8f67ab6636','quarantine','reject',NULL,'r','r',100,'1',NULL,NULL);
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
INSERT INTO report VALUES(1,1,1,1,'<full.7489@receiver.example>',1767225600,1767311999,'2026-01-01','Receiver Example','dmarc-reports@receiver.example','+1 555 0100','',NULL,'1.0','',1795961054,7,98,0,X'bc5e260c04b583298a7b96cee22db436',X'97d2751fc8887d849c6b46064cc95257d331eb6e7ad8aef20989f50149245b6a',1,1,0,0,'unchecked',NULL,NULL,'psl','undated, compiled, fnv1a 5230436f0543acb5');
INSERT INTO report VALUES(2,1,1,2,'subdomains',1767225600,1767311999,'2026-01-01','Receiver Example','dmarc-reports@receiver.example',NULL,NULL,NULL,'1.0','',1795961054,3,18,0,X'53b335e806fadc2c641107e86fb293c8',X'3e98e475b2067a6ccab9941270de45b32b23724a8e315c521cc77236098f00d0',1,1,0,0,'unchecked',NULL,NULL,'psl','undated, compiled, fnv1a 5230436f0543acb5');
INSERT INTO report VALUES(3,1,1,2,'ipv6-only',1767225600,1767311999,'2026-01-01','Receiver Example','dmarc-reports@receiver.example',NULL,NULL,NULL,'1.0','',1795961054,3,40,0,X'1563e71fb5b10882cccd4c5b63b75539',X'23d31895885d25e5fbd0408588d05aba898bd3f227ae167ae5e6d439663c1d42',1,1,0,0,'unchecked',NULL,NULL,'psl','undated, compiled, fnv1a 5230436f0543acb5');
INSERT INTO report VALUES(4,1,1,2,'multipart-report',1767225600,1767311999,'2026-01-01','Receiver Example','dmarc-reports@receiver.example',NULL,NULL,NULL,'1.0','',1767316498,2,15,0,X'3cd08e9d1e14924157ac9fd5de77fdb3',X'b3923154b080a9daa553bb59473c28abf73b7099fd12a3df567880ced08a7c25',1,1,0,0,'unauthenticated',NULL,'unsigned: no signature, and no SPF pass that is known of','psl','undated, compiled, fnv1a 5230436f0543acb5');
INSERT INTO report VALUES(5,1,1,2,'many-signatures',1767225600,1767311999,'2026-01-01','Receiver Example','dmarc-reports@receiver.example',NULL,NULL,NULL,'1.0','',1795961054,1,40,0,X'5b861e510c9b871ac3e804ea35cedbf6',X'8e6c33fa5204d30a73e24f844797a871076ba0a378a8fd805501342f0006e1fd',1,1,0,0,'unchecked',NULL,NULL,'psl','undated, compiled, fnv1a 5230436f0543acb5');
INSERT INTO report VALUES(6,1,1,2,'v14',1767225600,1767311999,'2026-01-01','Receiver Example','dmarc-reports@receiver.example',NULL,NULL,NULL,'1.0','',1795961054,1,8,0,X'94416502a3c6937cd69a408f15daae94',X'83e01f7c5462ca465ed4f23eb0a815e7d4d87ff5ff98431c6184aadfda158d6b',1,1,0,0,'unchecked',NULL,NULL,'psl','undated, compiled, fnv1a 5230436f0543acb5');
INSERT INTO report VALUES(7,1,1,2,'v13',1767225600,1767311999,'2026-01-01','Receiver Example','dmarc-reports@receiver.example',NULL,NULL,NULL,'1.0','',1795961054,1,120,0,X'a20d7c559a8763baa61085b9ec3d737e',X'8653b0e629aff7aa346b3f32fadef863b013db8805621464506aca33f371d5ec',1,1,0,0,'unchecked',NULL,NULL,'psl','undated, compiled, fnv1a 5230436f0543acb5');
INSERT INTO report VALUES(8,1,1,2,'forwarded',1767225600,1767311999,'2026-01-01','Receiver Example','dmarc-reports@receiver.example',NULL,NULL,NULL,'1.0','',1767316498,2,15,0,X'd0e7ae62282ffd247275516bda42a08c',X'9a10f923bb9073195bc2d32ba336e1dbf3ae3916dbcfe8b1fd05ffb68761f856',1,1,0,0,'unauthenticated',NULL,'unsigned: no signature, and no SPF pass that is known of','psl','undated, compiled, fnv1a 5230436f0543acb5');
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
INSERT INTO defect VALUES(1,7,1,37,'empty-dkim','');
INSERT INTO defect VALUES(2,7,1,38,'empty-dkim','');
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
INSERT INTO source VALUES(8,X'00000000000000000000ffffc000020b','192.0.2.11');
INSERT INTO source VALUES(9,X'00000000000000000000ffffc000020c','192.0.2.12');
INSERT INTO source VALUES(10,X'20010db8000000000000000000000025','2001:db8::25');
INSERT INTO source VALUES(11,X'20010db8000000010000000000000001','2001:db8:0:1::1');
INSERT INTO source VALUES(12,X'20010db8ffff00000000000000000bad','2001:db8:ffff::bad');
INSERT INTO source VALUES(13,X'00000000000000000000ffffcb00714d','203.0.113.77');
CREATE TABLE identifier_set (      -- interned: header_from and envelope_from of a row
  id            INTEGER PRIMARY KEY,
  digest        BLOB NOT NULL UNIQUE CHECK (length(digest) = 16),
  header_from   TEXT NOT NULL,
  envelope_from TEXT               -- '' is the null sender
) STRICT;
INSERT INTO identifier_set VALUES(1,X'2b042558df490d09c917e2dee138a968','example.com','example.com');
INSERT INTO identifier_set VALUES(2,X'9de691536ea3dcb90f667fa4eb8d478d','news.example.com','news.example.com');
INSERT INTO identifier_set VALUES(3,X'3a00418d5eeab8acd51ab87077e60d51','shop.example.com','');
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
INSERT INTO verdict VALUES(8,X'd4929aeb0955132ff0c3c38d20dbe2df','none','pass','pass','passed','passed',0);
INSERT INTO verdict VALUES(9,X'50a845b4adb5c4517c1c87126d3d1682','none','pass','pass','passed','passed',0);
INSERT INTO verdict VALUES(10,X'd7f9e0ee62164f96e402db49e61bfb9c','reject','fail','fail','absent','failed',0);
INSERT INTO verdict VALUES(11,X'9f478cb507778569482b37f275869bd8','quarantine','fail','fail','absent','failed',0);
INSERT INTO verdict VALUES(12,X'6e53f787ffc3c4230f297c5a5f3bbc90','none','pass','fail','passed','failed',0);
INSERT INTO verdict VALUES(13,X'1ad285b3f9020d0107daba1084dd0699','none','pass','pass','passed','passed',0);
INSERT INTO verdict VALUES(14,X'04e8fe78322b84c6afec778c75d7bc37','none','pass','pass','passed','passed',0);
INSERT INTO verdict VALUES(15,X'95b96cc97634700b2718b65d2685804d','none','pass','pass','passed','passed',0);
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
INSERT INTO auth_result VALUES(8,1,'dkim','example.com','s1',NULL,'pass',NULL,NULL);
INSERT INTO auth_result VALUES(8,2,'spf','example.com',NULL,'mfrom','pass',NULL,NULL);
INSERT INTO auth_result VALUES(9,1,'dkim','example.com','s1',NULL,'pass',NULL,NULL);
INSERT INTO auth_result VALUES(9,2,'spf','news.example.com',NULL,'mfrom','pass',NULL,NULL);
INSERT INTO auth_result VALUES(10,1,'spf','relay.example.net',NULL,'helo','none',NULL,NULL);
INSERT INTO auth_result VALUES(11,1,'spf','example.com',NULL,'mfrom','softfail',NULL,NULL);
INSERT INTO auth_result VALUES(12,1,'dkim','example.com','s1',NULL,'pass',NULL,NULL);
INSERT INTO auth_result VALUES(12,2,'spf','example.com',NULL,'mfrom','fail',NULL,NULL);
INSERT INTO auth_result VALUES(13,1,'dkim','k1.example.com','sel1',NULL,'pass',NULL,NULL);
INSERT INTO auth_result VALUES(13,2,'dkim','k2.example.com','sel2',NULL,'fail',NULL,NULL);
INSERT INTO auth_result VALUES(13,3,'dkim','k3.example.com','sel3',NULL,'pass',NULL,NULL);
INSERT INTO auth_result VALUES(13,4,'dkim','k4.example.com','sel4',NULL,'fail',NULL,NULL);
INSERT INTO auth_result VALUES(13,5,'dkim','k5.example.com','sel5',NULL,'pass',NULL,NULL);
INSERT INTO auth_result VALUES(13,6,'dkim','k6.example.com','sel6',NULL,'fail',NULL,NULL);
INSERT INTO auth_result VALUES(13,7,'dkim','k7.example.com','sel7',NULL,'pass',NULL,NULL);
INSERT INTO auth_result VALUES(13,8,'dkim','k8.example.com','sel8',NULL,'fail',NULL,NULL);
INSERT INTO auth_result VALUES(13,9,'spf','mail.example.com',NULL,'helo','pass',NULL,NULL);
INSERT INTO auth_result VALUES(13,10,'spf','example.com',NULL,'mfrom','pass',NULL,NULL);
INSERT INTO auth_result VALUES(14,1,'dkim','example.com','s1',NULL,'pass',NULL,NULL);
INSERT INTO auth_result VALUES(14,2,'dkim','mailer.example','m1',NULL,'fail',NULL,NULL);
INSERT INTO auth_result VALUES(14,3,'dkim','example.com','old',NULL,'permerror',NULL,NULL);
INSERT INTO auth_result VALUES(14,4,'spf','mail.example.com',NULL,'helo','none',NULL,NULL);
INSERT INTO auth_result VALUES(14,5,'spf','example.com',NULL,'mfrom','pass',NULL,NULL);
INSERT INTO auth_result VALUES(15,1,'dkim','example.com','s1',NULL,'pass',NULL,NULL);
INSERT INTO auth_result VALUES(15,2,'spf','example.com',NULL,'mfrom','pass',NULL,NULL);
INSERT INTO auth_result VALUES(15,3,'spf','a.example',NULL,'mfrom','none',NULL,NULL);
INSERT INTO auth_result VALUES(15,4,'spf','b.example',NULL,'mfrom','fail',NULL,NULL);
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
INSERT INTO record VALUES(16777217,1,77,1,1,1,5);
INSERT INTO record VALUES(16777218,2,1,1,NULL,2,10);
INSERT INTO record VALUES(16777219,3,2,1,NULL,3,10);
INSERT INTO record VALUES(16777220,4,3,1,NULL,4,10);
INSERT INTO record VALUES(16777221,5,4,1,NULL,5,10);
INSERT INTO record VALUES(16777222,6,5,1,NULL,6,10);
INSERT INTO record VALUES(16777223,7,6,1,NULL,7,10);
INSERT INTO record VALUES(33554433,1,9,1,NULL,8,5);
INSERT INTO record VALUES(33554434,8,6,2,NULL,9,5);
INSERT INTO record VALUES(33554435,9,3,3,NULL,10,10);
INSERT INTO record VALUES(50331649,10,33,1,NULL,8,5);
INSERT INTO record VALUES(50331650,11,2,1,NULL,8,5);
INSERT INTO record VALUES(50331651,12,5,1,NULL,11,10);
INSERT INTO record VALUES(67108865,1,12,1,NULL,8,5);
INSERT INTO record VALUES(67108866,13,3,1,NULL,12,9);
INSERT INTO record VALUES(83886081,1,40,1,NULL,13,5);
INSERT INTO record VALUES(100663297,1,8,1,NULL,14,5);
INSERT INTO record VALUES(117440513,1,120,1,NULL,15,1);
INSERT INTO record VALUES(134217729,1,12,1,NULL,8,5);
INSERT INTO record VALUES(134217730,13,3,1,NULL,12,9);
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
INSERT INTO result_class VALUES(3369,'none','pass','pass','passed','passed',0,'aligned','undecidable',0,'unchecked');
INSERT INTO result_class VALUES(11561,'none','pass','pass','passed','passed',0,'aligned','aligned',0,'unchecked');
INSERT INTO result_class VALUES(19273,'none','pass','fail','passed','failed',0,'aligned','not_aligned',0,'unchecked');
INSERT INTO result_class VALUES(21074,'quarantine','fail','fail','absent','failed',0,'not_aligned','not_aligned',0,'unchecked');
INSERT INTO result_class VALUES(21075,'reject','fail','fail','absent','failed',0,'not_aligned','not_aligned',0,'unchecked');
INSERT INTO result_class VALUES(21201,'none','fail','fail','failed','failed',0,'not_aligned','not_aligned',0,'unchecked');
INSERT INTO result_class VALUES(2108713,'none','pass','pass','passed','passed',0,'aligned','aligned',0,'unauthenticated');
INSERT INTO result_class VALUES(2116425,'none','pass','fail','passed','failed',0,'aligned','not_aligned',0,'unauthenticated');
CREATE TABLE domain_day (          -- totals: messages of a policy domain on the day of the report's midpoint
  domain_id INTEGER NOT NULL REFERENCES domain (id),
  day       TEXT    NOT NULL,
  class_id  INTEGER NOT NULL REFERENCES result_class (id),
  records   INTEGER NOT NULL CHECK (records > 0),
  messages  INTEGER NOT NULL CHECK (messages > 0),
  PRIMARY KEY (domain_id, day, class_id)
) STRICT, WITHOUT ROWID;
INSERT INTO domain_day VALUES(1,'2026-01-01',3369,1,120);
INSERT INTO domain_day VALUES(1,'2026-01-01',11561,7,175);
INSERT INTO domain_day VALUES(1,'2026-01-01',21074,1,5);
INSERT INTO domain_day VALUES(1,'2026-01-01',21075,1,3);
INSERT INTO domain_day VALUES(1,'2026-01-01',21201,6,21);
INSERT INTO domain_day VALUES(1,'2026-01-01',2108713,2,24);
INSERT INTO domain_day VALUES(1,'2026-01-01',2116425,2,6);
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
INSERT INTO domain_month_source VALUES(1,'2026-01',1,7,278,278,278,278,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',2,1,1,0,0,0,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',3,1,2,0,0,0,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',4,1,3,0,0,0,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',5,1,4,0,0,0,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',6,1,5,0,0,0,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',7,1,6,0,0,0,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',8,1,6,6,6,6,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',9,1,3,0,0,0,3,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',10,1,33,33,33,33,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',11,1,2,2,2,2,0,0,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',12,1,5,0,0,0,0,5,1767225600,1767311999);
INSERT INTO domain_month_source VALUES(1,'2026-01',13,2,6,6,6,0,0,0,1767225600,1767311999);
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
INSERT INTO failure_report VALUES(1,X'2bbd06ff0e058e8e74c11f874e3097c93c56d4d3aa3ec6f2c734a08238289af3',1,9,'',1767258005,'auth-failure','multipart-report','standard','receiver.example','dmarc@receiver.example','<arf@receiver.example>',1767258005,'auth-failure','1','Example-Reporter/3.1','dmarc','dmarc','none','delivered','delivered',NULL,NULL,NULL,NULL,'bounce@mailer.example',1767258000,'Thu, 01 Jan 2026 10:00:00 +0100','198.51.100.66','198.51.100.66',NULL,'example.com',NULL,1,1767258000,'2026-01-01','example.com','full','message/rfc822','',396,X'97bb03e5f1fe06d0c27cc3a6075d9576d527b0fe8606d9e00428cf7c99a5e0d2',0,'headers','cut');
INSERT INTO failure_report VALUES(2,X'9253cd920d4ac23e7824a2829f35e896dced85ae8abdc1dbeb0baba80320ce35',1,10,'',1767258005,'auth-failure','multipart-report','standard','receiver.example','dmarc@receiver.example','<dkim-failure@receiver.example>',1767258005,'auth-failure','1','Example-Reporter/3.1','bodyhash','bodyhash',NULL,'delivered','delivered','example.com','@example.com','s1',NULL,'bounce@mailer.example',1767258000,'Thu, 01 Jan 2026 10:00:00 +0100','198.51.100.66','198.51.100.66',NULL,'example.com',NULL,1,1767258000,'2026-01-01','example.com','full','message/rfc822','',414,X'495e226d6e78207f63b064ed496ea3871cad233b6864f2e37f0815f8cd88d82d',0,'headers','cut');
INSERT INTO failure_report VALUES(3,X'446a3cd3adc25c1686557dcc0959d61af0c2a49a36322e273551ac67d68ec05d',1,11,'',1767258005,'auth-failure','prose','exim','receiver.example','dmarc@receiver.example','<exim@receiver.example>',1767258005,NULL,NULL,NULL,'dmarc','DMARC',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1767258000,'Thu, 01 Jan 2026 10:00:00 +0100','198.51.100.66','198.51.100.66',NULL,'example.com',NULL,1,1767258000,'2026-01-01','example.com','headers','text/plain','',364,X'565df579ad1bbbe7ba72287df2a77428656f7148fa70ba74c7f43596e32b49c5',0,'headers','cut');
CREATE TABLE failure_claim (       -- claims that may occur several times, and fields that no RFC knows, in their order
  failure_id INTEGER NOT NULL REFERENCES failure_report (id),
  n          INTEGER NOT NULL,
  name       TEXT    NOT NULL,     -- lower case: authentication-results, spf-dns, original-rcpt-to ...
  value      TEXT    NOT NULL,     -- as written, folding removed
  PRIMARY KEY (failure_id, n)
) STRICT, WITHOUT ROWID;
INSERT INTO failure_claim VALUES(1,1,'authentication-results','receiver.example; dmarc=fail header.from=example.com');
INSERT INTO failure_claim VALUES(1,2,'original-rcpt-to','someone@receiver.example');
INSERT INTO failure_claim VALUES(1,3,'reported-domain','example.com');
INSERT INTO failure_claim VALUES(2,1,'authentication-results','receiver.example; dmarc=fail header.from=example.com');
INSERT INTO failure_claim VALUES(2,2,'dkim-selector-dns','s1._domainkey.example.com : "v=DKIM1; p=MIGf"');
INSERT INTO failure_claim VALUES(2,3,'original-rcpt-to','someone@receiver.example');
INSERT INTO failure_claim VALUES(2,4,'reported-domain','example.com');
INSERT INTO failure_claim VALUES(3,1,'reported-domain','example.com');
INSERT INTO failure_claim VALUES(3,2,'spf alignment','no');
INSERT INTO failure_claim VALUES(3,3,'dkim alignment','no');
INSERT INTO failure_claim VALUES(3,4,'dmarc results','Reject, Reject');
CREATE TABLE failure_defect (      -- an oddity: nothing is normalised, repaired or missing without one
  failure_id INTEGER NOT NULL REFERENCES failure_report (id),
  n          INTEGER NOT NULL,
  line       INTEGER NOT NULL,     -- 0: not known
  code       TEXT    NOT NULL,     -- docs/defects.md; 'redaction' for a trace of redaction
  detail     TEXT    NOT NULL,
  PRIMARY KEY (failure_id, n)
) STRICT, WITHOUT ROWID;
INSERT INTO failure_defect VALUES(3,1,0,'failure-field-missing','Feedback-Type');
INSERT INTO failure_defect VALUES(3,2,0,'failure-field-missing','User-Agent');
INSERT INTO failure_defect VALUES(3,3,0,'failure-field-missing','Version');
INSERT INTO failure_defect VALUES(3,4,0,'failure-field-missing','Authentication-Results');
INSERT INTO failure_defect VALUES(3,5,0,'failure-field-missing','Original-Mail-From');
INSERT INTO failure_defect VALUES(3,6,0,'failure-field-missing','Identity-Alignment');
CREATE TABLE failure_sample (      -- what is kept of report and sample for good, as sample_policy permits
  failure_id  INTEGER PRIMARY KEY REFERENCES failure_report (id),
  extent      TEXT    NOT NULL CHECK (extent IN ('full', 'headers', 'redacted', 'none')),
  report      BLOB    NOT NULL,    -- all that the parser read out of the report but the sample: CBOR, zlib
  report_size INTEGER NOT NULL CHECK (report_size >= 0),  -- uncompressed
  sample      BLOB    NOT NULL,    -- octets, zlib
  sample_size INTEGER NOT NULL CHECK (sample_size >= 0)
) STRICT;
INSERT INTO failure_sample VALUES(1,'headers',X'789c6d52c172d33010fd8d0ec380ef34ae1c686843cba443cb00a51da653426e9a8db4b6955a9291e43439e60fb8f0037c059fc7caf18410e28b2cedbea7b7efe9f7d302a474e8fd586a7062e450a09aa34b7101baaeb002e7d41c2a2e21e013357efd4343134a9e83aa1ac2ad7e09078f572d5886658dd8fece63139aa00404650da7cea60a7e3579b57bc19ba4059c47c2a4449054ca9dd5e75d3d15562b614d0065d0d59a68540d2ef41cd6d60519754d9edf97cd61c2b2e41398a4cffa83849d0e191bb2e3e405a36f16bb3801441967f869255651c4b213a6ba3dca422aa85084d20730129cd4398d3405f1c0e3749fe35cbd6e7819754e9e5dde5cdcbd4bcef6fbf7d61137f910961c2a55184d9b4b630dca076564b54d37d3140314c8951c9f81cbf77059a70a65280d4d101eafff3ab58d11388a077f3beb4da31375e0c1ae2607de6aa47bff63ad293fbe9df21e3733d6bac9c8cd8c311f113b0e7edc38a863d5dbc6099aa4bec94e4fd2e32c25583a18d4ebd050726949b1f1abebad986d57755df5cbae54eddb85e322908dc5fab5f8efdda946caae4de9b673f2c8e5e2a4df5f1c741dc181f139f1a311562a538cd446a8fe4768e19be98c9ec187f7df86c92d3efa59e309479c26dc5fadd5f4ee3ab9472fd3ac20999e5efa45f607fc754264',851,X'789c658e514bc33014859f975f711f37b43199ac6e591d83adc2848ad8e28bf89075b7b6d22425495df7efadac204e385cee817bbf735e30c7ea0b0f020a6b142859d5682976523535c2f8c2bff1c59cce38e58cd1307c9f90d1fe04aaa3f64cf93d3c56be84384db267a80e7057dcca251965657b0d8cc3a3d43065d3103813ec4770c57a228c377136210f7d0f014f787410e97eae0726cd8d5a91cc08488d42a31122775ed697f12b92b6fb4fccfdc03105485b90adf428e05f0bb610b35e430b92a073f20383dd5640d4bffdcd4f76491cbca27595d10238656463b447ed83ecd4f4748f9dbf696a59e925e4a5b40efd7deb8b604ec837bfc47162',363);
INSERT INTO failure_sample VALUES(2,'headers',X'789c7553c152db3010bd77a677e801345cdb183b2d14026102a52d14423b0ca5be7914696d2bb12423c921e92d7fd04b7fa0d38fe8e775e5181a02f5c11ee9eddb7dbbfbfc8764947303d65e73490deb196020c6600298505916505063c4981609a70e5e88ebb73f24ad5c9ea4541415f266bf98a1b72703cda739b53977d312f2bbd3d8878272825127b44a30be2a9c9dc56f96cbec91ba7cd7a72539508e506ab4ec3678c0b4144c2b478502534a4c234a6a5ccb40a98de35e5dbc7e9557af4818914f549176d8de26e16e270c3be1167919e233f451091258ee3bf9a939145ec4b411269a33f08c0b5a0073b97554716af864958f844c18555a613785f80e3c99eb8cd7bcd0ce05dc5ab2aff0dd5bd07cf0fcd9a866722d51fad90224eb7bac89f371d3f3de23c88297a0cd918d6e1e5c245cd9df999f06723f8fbbc767a7fd688f94ddfee9c7349d578a576d14345547300d16b2fb85c5adffc2a4433696726ed46bedc914800f281b25fe78ee97db6a7cc0fd0ce2b5e3fee1e53bb2ffb4950eb009c58b45da50a2f368063886787ddf3779873c661b6d4426145a114517892ff875a02bc550185efc8b2cef030d2b5de2f42c5eb15a82568fb396388b64d1e24f98280a6b138568a2280cad672c19e7f4de38d2a3565786614f653fdadd09b6a20069c1f67639f72a1a673e773b5bb4836e50d3a05f96a54a5b7f1298f8b56773f3d99be656025ab6decb4533d34d93b29d767bb2d2443843954d313f28a6b950594fdc0b950f8466b61a0cd169271fbe7588f7f5b0b2c8c39cca5dbd9fab695d3672375f075186322dfee087d15f6a179f82',1104,X'789c658fd14bc33010c69f97bfe21e37b4319dac6e591d83adc2848ad8e28bf890b5571b6d92d2a6aefbef8daca04ef838eee0eef77df78419ca4fcc39148d51a084acb0a1d80b555708e3b3f9c55fcce9cca73e6334085e2764b43f82ea6973a2fc2c1ea42d214ae2f411640e37c5b55892515a7697c07cb8171aa66c1a80cf38fb165c304784f1264a27e4cee5e0f080871642edea7a60d2cca815490d87c428341a216c4fcdfadc7e45926eff8e991d38a680fc432aaf70df740d92adb0c8e15f1cb6e033a7210e89b16dc51b7abb2d87f0f7fddf44f12e8ebc676c5a6934079f32b231daa2b65e7aac9d8dc5de5ed595907a0959299a16ed6d670b6f4ec81784667864',381);
INSERT INTO failure_sample VALUES(3,'headers',X'789c8d524d6f133110e567541c60ef748353a9298d2a94400934d5862ab4696f96bb33bb71ea8fc5f6b6c9b142ea990b7f20bf829fc778b3aaf828527cb1ec99f7e6cdccfbb9530a0087decf400b970f1ce6286fd175702974a55009e7e4ad501c44c0e77276f05d8b3acc7921a4aa0977bfce9db8fb709c0da7ef21ac2ac48647e6d604210d3aac9cf508117ef5f27c5eef26ac9b8c8549f6d85e2f61877dc6fa6c3f79c5e82c6216c7cae6f358ea87022c300f5c11917f78d69c72f3e71fd6905bc08b56485a4854906ae9bd34650148d555362239d722bf49cf49d91680f18547970e4b34618bec8f33745e5ab345ea6c48432356998b4088748abe56c16f819c7e76b29446a834a3573a72566f833a81582dacd2a192a5d1f428410a4593035c4aad8b76323cee6c0005d15ebd68b6981c3ded84b770230da8b8fdb42dbdd0641c51229770791469ff05294b7d3bde68f4dfd66084c6eccbd92879d485e4ae1adf19bb094e8e4f4fb2ff46b38dc4767c9be0648a0bea6b37d9dc15f991ffeeda276cd7658ded18d9aecb988f08401585afb86bb8073a7e7a5bbb9cdaabb2eee19bce7eb743d99d5eaf22575b171038584d2ef7f7a76dbf9ddc6adb465d1b3dfb7b28da3717c765887b99a30032d2d7f657232daa59cb3850c6eb4a11c772a78d06278c2f881b0d9980163e908f22f51f224b5f5fc7797c1a5df69309def95f13af7af2',1004,X'789c658e516bc23010c79fcda7b847656b9638ec34762268070e3ac62c7b197b88f5ba66344969d259bfbd150b630efe1c7770f7bbdf1b66a87e702f20afad062d558935c556eaaa44185ecd1f7c36a5134e3963340c3f4764b03b826e697da1fc2e1e942f20de26e92ba83d3ce4f7724e0669d1dc02e3f02c0d8cd93804ce043b076e584784e12a4e47e4a9f310f082070791e9eab267d2ccea0549ad80add5680d42e42ecdf2fafd826c9bdd3766bee7d81cb0559aaca54701ff34d84c4cbaf41a2441e7e417069bb580e87cf7d720d92471f08eb553d608e0949195351e8d0fd263d5e13db6feae2aa53273c80a593bf48f8dcf8329390152ce724c',364);
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
INSERT INTO failure_result VALUES(1,1,1,1796000000,1767258000,1796000000,'0.1.0','none',NULL,NULL,'none','mailer.example',0,'none',NULL,NULL,'none','forgery','dmarc','medium','nothing-aligned','198.51.100.66 sent in the name of example.com without its leave: no SPF and no signature of the domain pass, the domain publishes no SPF record, and no aggregate row of the 90 days before saw it aligned.','Publish a DMARC policy for example.com: without one, receivers have no reason to refuse such mail. Publish an SPF record for example.com that names its senders.',NULL,'{"evaluation":{"arc":{"oldest_pass":null,"reason":"ok","result":"none","sets":[],"text":null},"at":1767258000,"dkim":[],"dmarc":{"applied":"none","author_domain":"example.com","author_status":"one-domain","discovery":[{"name":"_dmarc.example.com","outcome":"no DMARC record","status":"nxdomain"},{"name":"_dmarc.com","outcome":"no DMARC record","status":"nxdomain"}],"dkim_aligned":false,"identifiers":[],"organizational_domain":"example.com","policy":null,"policy_domain":null,"policy_tag":null,"reasons":[{"code":"no-record","text":"no DMARC record applies to example.com"}],"record":null,"result":"none","rules":"rfc9989","spf_aligned":false},"envelope":{"helo":"mailer.example","helo_from":"Received (from), line 1","ip":"198.51.100.66","ip_from":"given","mail_from":"bounce@mailer.example","mail_from_from":"given"},"notes":[],"repairs":[],"rewrite":null,"spf":{"decided_by":null,"domain":"mailer.example","explanation":null,"explanation_source":"none","lookups":{"limit":10,"queries":[{"name":"mailer.example","status":"nxdomain","term":null,"type":"TXT"}],"terms":0,"voids":0},"notes":[],"null_sender":false,"path":[],"policy_source":"published","problem":{"code":"no-such-domain","domain":"mailer.example","term":null,"text":"mailer.example does not exist in DNS"},"reason":"mailer.example does not exist in DNS","record":null,"result":"none","scope":"mfrom","sender":"bounce@mailer.example"},"spf_helo":{"decided_by":null,"domain":"mailer.example","explanation":null,"explanation_source":"none","lookups":{"limit":10,"queries":[{"name":"mailer.example","status":"nxdomain","term":null,"type":"TXT"}],"terms":0,"voids":0},"notes":[],"null_sender":false,"path":[],"policy_source":"published","problem":{"code":"no-such-domain","domain":"mailer.example","term":null,"text":"mailer.example does not exist in DNS"},"reason":"mailer.example does not exist in DNS","record":null,"result":"none","scope":"helo","sender":"postmaster@mailer.example"}},"sections":[{"lines":["client 198.51.100.66 (given)","HELO mailer.example (Received in line 1)","MAIL FROM <bounce@mailer.example> (given)","judged as at 2026-01-01 09:00:00 UTC (given)"],"title":"Envelope"},{"lines":["none for bounce@mailer.example","mailer.example does not exist in DNS","look-ups: 0 of 10 terms, 0 of 2 void","HELO: none for mailer.example (does not count for DMARC)"],"title":"SPF"},{"lines":["none: the mail has no signature"],"title":"DKIM"},{"lines":["none: the mail was not sealed"],"title":"ARC"},{"lines":["none by RFC 9989","From domain example.com, organizational domain example.com","no DMARC record applies to example.com"],"title":"DMARC"}],"signatures":[]}');
INSERT INTO failure_result VALUES(2,2,1,1796000000,1767258000,1796000000,'0.1.0','none',NULL,NULL,'none','mailer.example',0,'none',NULL,NULL,'none','forgery','dmarc','medium','nothing-aligned','198.51.100.66 sent in the name of example.com without its leave: no SPF and no signature of the domain pass, the domain publishes no SPF record, and no aggregate row of the 90 days before saw it aligned.','Publish a DMARC policy for example.com: without one, receivers have no reason to refuse such mail. Publish an SPF record for example.com that names its senders.',NULL,'{"evaluation":{"arc":{"oldest_pass":null,"reason":"ok","result":"none","sets":[],"text":null},"at":1767258000,"dkim":[],"dmarc":{"applied":"none","author_domain":"example.com","author_status":"one-domain","discovery":[{"name":"_dmarc.example.com","outcome":"no DMARC record","status":"nxdomain"},{"name":"_dmarc.com","outcome":"no DMARC record","status":"nxdomain"}],"dkim_aligned":false,"identifiers":[],"organizational_domain":"example.com","policy":null,"policy_domain":null,"policy_tag":null,"reasons":[{"code":"no-record","text":"no DMARC record applies to example.com"}],"record":null,"result":"none","rules":"rfc9989","spf_aligned":false},"envelope":{"helo":"mailer.example","helo_from":"Received (from), line 1","ip":"198.51.100.66","ip_from":"given","mail_from":"bounce@mailer.example","mail_from_from":"given"},"notes":[],"repairs":[],"rewrite":null,"spf":{"decided_by":null,"domain":"mailer.example","explanation":null,"explanation_source":"none","lookups":{"limit":10,"queries":[{"name":"mailer.example","status":"nxdomain","term":null,"type":"TXT"}],"terms":0,"voids":0},"notes":[],"null_sender":false,"path":[],"policy_source":"published","problem":{"code":"no-such-domain","domain":"mailer.example","term":null,"text":"mailer.example does not exist in DNS"},"reason":"mailer.example does not exist in DNS","record":null,"result":"none","scope":"mfrom","sender":"bounce@mailer.example"},"spf_helo":{"decided_by":null,"domain":"mailer.example","explanation":null,"explanation_source":"none","lookups":{"limit":10,"queries":[{"name":"mailer.example","status":"nxdomain","term":null,"type":"TXT"}],"terms":0,"voids":0},"notes":[],"null_sender":false,"path":[],"policy_source":"published","problem":{"code":"no-such-domain","domain":"mailer.example","term":null,"text":"mailer.example does not exist in DNS"},"reason":"mailer.example does not exist in DNS","record":null,"result":"none","scope":"helo","sender":"postmaster@mailer.example"}},"sections":[{"lines":["client 198.51.100.66 (given)","HELO mailer.example (Received in line 1)","MAIL FROM <bounce@mailer.example> (given)","judged as at 2026-01-01 09:00:00 UTC (given)"],"title":"Envelope"},{"lines":["none for bounce@mailer.example","mailer.example does not exist in DNS","look-ups: 0 of 10 terms, 0 of 2 void","HELO: none for mailer.example (does not count for DMARC)"],"title":"SPF"},{"lines":["none: the mail has no signature"],"title":"DKIM"},{"lines":["none: the mail was not sealed"],"title":"ARC"},{"lines":["none by RFC 9989","From domain example.com, organizational domain example.com","no DMARC record applies to example.com"],"title":"DMARC"}],"signatures":[]}');
INSERT INTO failure_result VALUES(3,3,1,1796000000,1767258000,1796000000,'0.1.0','none',NULL,NULL,NULL,NULL,NULL,'none',NULL,NULL,'none','forgery','dmarc','medium','nothing-aligned','198.51.100.66 sent in the name of example.com without its leave: no SPF and no signature of the domain pass, the domain publishes no SPF record, and no aggregate row of the 90 days before saw it aligned.','Publish a DMARC policy for example.com: without one, receivers have no reason to refuse such mail. Publish an SPF record for example.com that names its senders.',NULL,'{"evaluation":{"arc":{"oldest_pass":null,"reason":"ok","result":"none","sets":[],"text":null},"at":1767258000,"dkim":[],"dmarc":{"applied":"none","author_domain":"example.com","author_status":"one-domain","discovery":[{"name":"_dmarc.example.com","outcome":"no DMARC record","status":"nxdomain"},{"name":"_dmarc.com","outcome":"no DMARC record","status":"nxdomain"}],"dkim_aligned":false,"identifiers":[],"organizational_domain":"example.com","policy":null,"policy_domain":null,"policy_tag":null,"reasons":[{"code":"no-record","text":"no DMARC record applies to example.com"}],"record":null,"result":"none","rules":"rfc9989","spf_aligned":false},"envelope":{"helo":"mailer.example","helo_from":"Received (from), line 1","ip":"198.51.100.66","ip_from":"given","mail_from":null,"mail_from_from":null},"notes":[],"repairs":[],"rewrite":null,"spf":{"explanation":null,"reason":"not checked: the envelope sender and the HELO name are not known","result":"none"},"spf_helo":{"decided_by":null,"domain":"mailer.example","explanation":null,"explanation_source":"none","lookups":{"limit":10,"queries":[{"name":"mailer.example","status":"nxdomain","term":null,"type":"TXT"}],"terms":0,"voids":0},"notes":[],"null_sender":false,"path":[],"policy_source":"published","problem":{"code":"no-such-domain","domain":"mailer.example","term":null,"text":"mailer.example does not exist in DNS"},"reason":"mailer.example does not exist in DNS","record":null,"result":"none","scope":"helo","sender":"postmaster@mailer.example"}},"sections":[{"lines":["client 198.51.100.66 (given)","HELO mailer.example (Received in line 1)","judged as at 2026-01-01 09:00:00 UTC (given)"],"title":"Envelope"},{"lines":["not checked: the client address or the envelope sender is not known","HELO: none for mailer.example (does not count for DMARC)"],"title":"SPF"},{"lines":["none: the mail has no signature"],"title":"DKIM"},{"lines":["none: the mail was not sealed"],"title":"ARC"},{"lines":["none by RFC 9989","From domain example.com, organizational domain example.com","no DMARC record applies to example.com"],"title":"DMARC"}],"signatures":[]}');
CREATE TABLE failure_evidence_line (  -- what the conclusion rests on, in order
  result_id INTEGER NOT NULL REFERENCES failure_result (id),
  n         INTEGER NOT NULL,
  kind      TEXT    NOT NULL,      -- stable token; 'header-change' and 'body-change' quote the sample
  text      TEXT    NOT NULL,
  PRIMARY KEY (result_id, n)
) STRICT, WITHOUT ROWID;
INSERT INTO failure_evidence_line VALUES(1,0,'sample','sample: full');
INSERT INTO failure_evidence_line VALUES(1,1,'spf','SPF none for mailer.example, not aligned with example.com: mailer.example does not exist in DNS');
INSERT INTO failure_evidence_line VALUES(1,2,'authorised-then','by SPF of example.com the source is neither authorised nor not: the domain publishes no SPF record');
INSERT INTO failure_evidence_line VALUES(1,3,'dkim','the sample has no DKIM signature');
INSERT INTO failure_evidence_line VALUES(1,4,'history','no aggregate row of the 90 days before names this source for example.com');
INSERT INTO failure_evidence_line VALUES(1,5,'dmarc','example.com publishes no DMARC policy');
INSERT INTO failure_evidence_line VALUES(2,0,'sample','sample: full');
INSERT INTO failure_evidence_line VALUES(2,1,'spf','SPF none for mailer.example, not aligned with example.com: mailer.example does not exist in DNS');
INSERT INTO failure_evidence_line VALUES(2,2,'authorised-then','by SPF of example.com the source is neither authorised nor not: the domain publishes no SPF record');
INSERT INTO failure_evidence_line VALUES(2,3,'dkim','the sample has no DKIM signature');
INSERT INTO failure_evidence_line VALUES(2,4,'history','no aggregate row of the 90 days before names this source for example.com');
INSERT INTO failure_evidence_line VALUES(2,5,'dmarc','example.com publishes no DMARC policy');
INSERT INTO failure_evidence_line VALUES(3,0,'sample','sample: headers');
INSERT INTO failure_evidence_line VALUES(3,1,'spf','SPF could not be checked: the client or the envelope sender is not known');
INSERT INTO failure_evidence_line VALUES(3,2,'authorised-then','by SPF of example.com the source is neither authorised nor not: the domain publishes no SPF record');
INSERT INTO failure_evidence_line VALUES(3,3,'dkim','the sample has no DKIM signature');
INSERT INTO failure_evidence_line VALUES(3,4,'history','no aggregate row of the 90 days before names this source for example.com');
INSERT INTO failure_evidence_line VALUES(3,5,'dmarc','example.com publishes no DMARC policy');
CREATE TABLE dns_evidence (        -- interned: DNS answers as recorded
  id       INTEGER PRIMARY KEY,
  digest   BLOB    NOT NULL UNIQUE CHECK (length(digest) = 16),
  name     TEXT    NOT NULL,
  type     TEXT    NOT NULL,
  evidence TEXT    NOT NULL        -- one answer, JSON as `ruaudit verify --save-evidence` writes it
) STRICT;
INSERT INTO dns_evidence VALUES(1,X'a552a1e37bb806b14601b8bff532bf8b','mailer.example','TXT','{"dnssec":"unknown","name":"mailer.example","rcode":3,"resolver":"zone:/dev/null","status":"nxdomain","time":1796000000,"ttl":60,"type":"TXT"}');
INSERT INTO dns_evidence VALUES(2,X'c74be46decc0559b8ba16038e1413a43','_dmarc.example.com','TXT','{"dnssec":"unknown","name":"_dmarc.example.com","rcode":3,"resolver":"zone:/dev/null","status":"nxdomain","time":1796000000,"ttl":60,"type":"TXT"}');
INSERT INTO dns_evidence VALUES(3,X'3542ae6bd18a3c78abaaabcd0fb29a4a','_dmarc.com','TXT','{"dnssec":"unknown","name":"_dmarc.com","rcode":3,"resolver":"zone:/dev/null","status":"nxdomain","time":1796000000,"ttl":60,"type":"TXT"}');
INSERT INTO dns_evidence VALUES(4,X'1ba94ab969455b2c01d791ca43454e4d','example.com','TXT','{"dnssec":"unknown","name":"example.com","rcode":3,"resolver":"zone:/dev/null","status":"nxdomain","time":1796000000,"ttl":60,"type":"TXT"}');
CREATE TABLE failure_dns (         -- the answers a result rests on, in the order in which they came
  result_id   INTEGER NOT NULL REFERENCES failure_result (id),
  n           INTEGER NOT NULL,
  evidence_id INTEGER NOT NULL REFERENCES dns_evidence (id),
  PRIMARY KEY (result_id, n)
) STRICT, WITHOUT ROWID;
INSERT INTO failure_dns VALUES(1,0,1);
INSERT INTO failure_dns VALUES(2,0,1);
INSERT INTO failure_dns VALUES(3,0,1);
INSERT INTO failure_dns VALUES(1,1,2);
INSERT INTO failure_dns VALUES(2,1,2);
INSERT INTO failure_dns VALUES(3,1,2);
INSERT INTO failure_dns VALUES(1,2,3);
INSERT INTO failure_dns VALUES(2,2,3);
INSERT INTO failure_dns VALUES(3,2,3);
INSERT INTO failure_dns VALUES(1,3,4);
INSERT INTO failure_dns VALUES(2,3,4);
INSERT INTO failure_dns VALUES(3,3,4);
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
INSERT INTO failure_original_chunk VALUES(150994944,'zlib',409,X'7801758f4f4bc34010c5cfeea7187a5234eb66d142b74da9342d54889426e8414436c9c4ace61f9b5ddb7c7b23692f52e732f01ef37b6f7668acae9cad34b980d99cec3041f58da9804cd7259407aa0745533cc8b229102ecf89afee84534639e58cbd5d918bb88352aae27444931eb6572687551844db10540a77198fa710e5f606980b8fb202cef818d8443026d818ae593f64ddd710e0070fbb25ccd252ea64f1b7d19c44b5006db3c5b1e26f1af1a541f12ffefe880fb06de5073a1bbf7f5feaec0c3cb4f1272646c0fa45c013ee5b126c8295f38cba557525c0a58c2cebca60659ca86bfad0d2164635529b5b8d4dadcd1486ed98def632c43496c9977332e3da56a9d49d37f2de076d44c80f94d08349');
INSERT INTO failure_original_chunk VALUES(167772160,'zlib',418,X'7801758fdd4bc33014c59fcd5f71d993a28959d1c1b20f26fb80091da32dfa2022697b6be396b6a489dbfe7b23db5e64de970be770cff9dd08ad33155d4b5b0a188e498419aa6fcc0514a6d6a0f7cc1c15c3702f75b345b8be24be75fb01e32c6001e7ef37e42a3d80966a7b3e62990fdb295bc23c0e93750c2a87872248079094ee0e78179e6505010f7ac0fb8273c17b70cbfd9085c710300b9fa2290c732d4d36f94b3426492dc0b8627242fc6d23336951fc1bff788a0fb16de527d2e5ccbf9f6f94a685c776062fb4c42efdc2cc0a58bc0a58e1ae25e1329cd31734adaa2b015dc6c9b4ae2c56962687c6b76bb7b5aa91c6de1b6c6a630770dcd47a7b5420e6a9cc36f46ca6b5ab72690ea3cee8e3a87508f901714986ca');
INSERT INTO failure_original_chunk VALUES(184549376,'zlib',410,X'780175904d4fc3300c86cfe457583b81a021ab60d2b20f6dda8734a4a269abe080104a5b8f05354d953a6cfbf764dab8a0e19b5fdb8f5f7b85e45d152d156d25f4876c8539ea6f2c246c9c3560f6dc9d14c771af4c5d225c5f12dfdadd980b1ef35888f71b76951dc0285dfe0ef13cc0769ab6305b27e9720dba80874d9cf520ddfa3b106d785215c422ee80e84a21a4e8c0ad08c1e6c1868469325e4da05f18e5f2d15f4743965a09ce6f46678bc76d6caa08e5bff8c7333ec1a6519f182da6e17cdc6b7381bef6d917e62461fe2ae119770d4b16c92c7a41d7685b496873c1c69e6c141a8d263a7e4f1d738775a9b160135b115614a5873a5832be245d2b47f7a16e1df520b3be2a943b0c5a838f93d662ec070ed68358');
CREATE TABLE carrier_check (       -- one row per mail that brought a report and was looked at
  ledger_id     INTEGER PRIMARY KEY REFERENCES ledger (id),
  checked_at    INTEGER NOT NULL,  -- when this program asked DNS
  is_final      INTEGER NOT NULL CHECK (is_final IN (0, 1)),  -- 0: DNS did not answer; it is asked again
  evidence_size INTEGER NOT NULL CHECK (evidence_size >= 0),  -- uncompressed
  evidence      BLOB    NOT NULL   -- the DNS answers, JSON as `ruaudit verify --save-evidence` writes it, zlib
) STRICT;
INSERT INTO carrier_check VALUES(4,1796000000,1,491,X'789ccd90cd0ac2301084ef7d8ab0e7fa87a0e873f420884868b6104c36259bb455f1dd4d42bd79f0682087fd66c2cce6590990c4237a86a33857423cd315a08819db8420d28ddc4850174ed262a61e5bd403fa254ed2f60667d9b74e657d3b8fc8ce24577ef17084c795c26145d198d9cf418698938126e5acd49f9ca04bce667fd8adcb99713089ee3ed3bd2f659a530309bcea9febdb69f9971b54e29204e89cb732947f8e322a1d16386885d49696c0b1ebf474359a8ba7b06f71908ab3769479f57a030ba085fb');
INSERT INTO carrier_check VALUES(8,1796000000,1,491,X'789ccd90cd0ac2301084ef7d8ab0e7fa87a0e873f420884868b6104c36259bb455f1dd4d42bd79f0682087fd66c2cce6590990c4237a86a33857423cd315a08819db8420d28ddc4850174ed262a61e5bd403fa254ed2f60667d9b74e657d3b8fc8ce24577ef17084c795c26145d198d9cf418698938126e5acd49f9ca04bce667fd8adcb99713089ee3ed3bd2f659a530309bcea9febdb69f9971b54e29204e89cb732947f8e322a1d16386885d49696c0b1ebf474359a8ba7b06f71908ab3769479f57a030ba085fb');
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
