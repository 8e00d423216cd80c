"""What the tests of whole runs share: a deterministic maildir, a canonical dump of a database, and calls of the program."""
import base64
import contextlib
import gzip
import hashlib
import random
import sqlite3
import subprocess

RUN_LIMIT_SECONDS = 300
OLD_DAY, NEW_DAY = 1_546_300_800, 1_735_689_600  # 2019-01-01 and 2025-01-01
BIG_RECORDS = 30_000

# Everything but keys of rows and times of runs, each statement in an order of its own.
DUMP = (
    """SELECT l.content_hash, l.part, l.item_kind, l.source, l.locator, l.path, l.kind, l.outcome, l.code, l.place,
              l.reason, l.records, l.messages, l.item_outcome, l.size, l.received, p.identity_key, p.content_hash
       FROM v_ledger l LEFT JOIN v_report p ON p.report_key = l.report_key ORDER BY 1, 2""",
    """SELECT identity_key, content_hash, reporter, report_id, policy_domain, date_begin, date_end, day, org_name, email,
              p, sp, adkim, aspf, pct, records, messages, counted, conflict, damaged, authenticity, received,
              unknown_elements, defects, errors, hash_version
       FROM v_report ORDER BY 1, 2""",
    """SELECT p.identity_key, p.content_hash, r.row_number, r.source_ip, r.message_count, r.disposition, r.dmarc_dkim,
              r.dmarc_spf, r.header_from, r.envelope_from, r.envelope_to, r.our_dkim_aligned, r.our_spf_aligned,
              r.contradiction_reason, r.counted, r.overridden
       FROM v_record r JOIN v_report p ON p.report_key = r.report_key ORDER BY 1, 2, 3""",
    """SELECT p.identity_key, p.content_hash, r.row_number, a.n, a.mechanism, a.domain, a.selector, a.scope, a.result
       FROM record r JOIN v_report p ON p.report_key = r.report_id JOIN auth_result a ON a.verdict_id = r.verdict_id
       WHERE p.records < 1000 ORDER BY 1, 2, 3, 4""",
    """SELECT p.identity_key, p.content_hash, x.row_number, x.line, x.code, x.detail
       FROM v_defect x JOIN v_report p ON p.report_key = x.report_key ORDER BY 1, 2, 3, 4, 5, 6""",
    """SELECT d.name, t.day, c.id, t.records, t.messages
       FROM domain_day t JOIN domain d ON d.id = t.domain_id JOIN result_class c ON c.id = t.class_id ORDER BY 1, 2, 3""",
    """SELECT d.name, t.month, s.text, t.records, t.messages, t.passed, t.dkim_aligned, t.spf_aligned, t.rejected,
              t.quarantined, t.first_seen, t.last_seen
       FROM domain_month_source t JOIN domain d ON d.id = t.domain_id JOIN source s ON s.id = t.source_id
       ORDER BY 1, 2, 3""",
    """SELECT hex(l.content_hash), o.extent, o.size, c.id & 16777215, c.codec, c.size, c.data
       FROM ledger l JOIN original o ON o.ledger_id = l.id JOIN original_chunk c ON c.ledger_id = o.ledger_id
       ORDER BY 1, 4""",
)
TABLES = ("ledger", "reports", "records", "auth results", "defects", "totals", "sources", "originals")


def connect(path):
    return contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True))


def dump(path):
    """One digest per statement of DUMP: equal databases have equal dumps."""
    digests = {}
    with connect(path) as database:
        for name, sql in zip(TABLES, DUMP):
            digest, rows = hashlib.sha256(), 0
            for row in database.execute(sql):
                digest.update(repr(row).encode())
                rows += 1
            digests[name] = f"{rows} rows, {digest.hexdigest()[:16]}"
    return digests


def differences(got, want):
    return [f"{name}: got {got[name]}, want {want[name]}" for name in want if got[name] != want[name]]


class Program:
    def __init__(self, path):
        self.path = str(path)

    def start(self, *words, fail_point=None):
        environment = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8",
                       "RUAUDIT_OFFLINE": "1"}  # no run asks the machine's own name servers
        if fail_point:
            environment["RUAUDIT_FAIL_POINT"] = fail_point
            if fail_point.startswith("pipeline.parse"):  # else it is the reader's, whose end costs the program nothing
                environment["RUAUDIT_CONFINEMENT"] = "off"
        return subprocess.Popen([self.path, *map(str, words)], env=environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *words, fail_point=None):
        process = self.start(*words, fail_point=fail_point)
        out, err = process.communicate(timeout=RUN_LIMIT_SECONDS)
        return process.returncode, out, err


def record(rng):
    passes = rng.random() < 0.7
    verdict = "pass" if passes else "fail"
    return f"""<record><row><source_ip>192.0.2.{rng.randrange(256)}</source_ip><count>{rng.randrange(1, 90)}</count>
<policy_evaluated><disposition>{'none' if passes else 'reject'}</disposition><dkim>{verdict}</dkim><spf>{verdict}</spf>
</policy_evaluated></row><identifiers><header_from>example.com</header_from></identifiers><auth_results>
<dkim><domain>example.com</domain><selector>s{rng.randrange(4)}</selector><result>{verdict}</result></dkim>
<spf><domain>{rng.choice(('example.com', 'bounce.example.com', 'example.net'))}</domain><result>{verdict}</result></spf>
</auth_results></record>
"""


def report(number, records, begin):
    head = f"""<?xml version="1.0"?>
<feedback><report_metadata><org_name>Reporter {number % 7}</org_name><email>dmarc@r{number % 7}.example</email>
<report_id>id-{number}</report_id><date_range><begin>{begin}</begin><end>{begin + 86399}</end></date_range>
</report_metadata><policy_published><domain>example.com</domain><adkim>r</adkim><aspf>r</aspf><p>reject</p>
<sp></sp><pct>100</pct></policy_published>
"""
    return head + "".join(records) + "</feedback>\n"


def mail(number, packed, name):
    body = base64.encodebytes(packed).decode()
    return f"""From: Reporter <dmarc@r{number % 7}.example>
To: reports@example.com
Subject: Report {number}
Date: Fri, 03 Jan 2025 {number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02} +0000
Message-ID: <{number}@r{number % 7}.example>
MIME-Version: 1.0
Content-Type: application/gzip; name="{name}"
Content-Transfer-Encoding: base64

{body}""".encode()


def variants(rng, number):
    """One report and what else comes of it: copies, other versions, damage, and mails that are no report."""
    begin = (OLD_DAY if number % 2 else NEW_DAY) + number // 5 * 86400
    records = [record(rng) for _ in range(rng.randrange(1, 12))]
    text = report(number, records, begin)
    texts = [text]
    if number % 6 == 0:
        texts.append(report(number, records[::-1], begin))  # a duplicate in another order
    if number % 8 == 0:
        texts.append(report(number, [*records[:-1], record(rng)], begin))  # another content: a conflict
    if number % 10 == 0:
        cut = text[:text.rfind("</record>") + 20]
        texts = [cut, *texts] if number % 20 else [*texts, cut]
    if number % 15 == 0:
        texts.append("<unrelated>no report</unrelated>")
    return [one.encode() for one in texts]


def make_maildir(folder, reports):
    """Writes the maildir and gives the mails in the order of their names."""
    rng = random.Random(20250101)
    mails = []
    for number in range(reports):
        for text in variants(rng, number):
            packed = gzip.compress(text, 6, mtime=0)
            mails.append(mail(len(mails), packed[:-9] if len(mails) % 97 == 96 else packed, f"report-{number}.xml.gz"))
        if number % 25 == 0:
            mails.append(f"From: a@example.net\nSubject: hello {number}\n\nno report in here\n".encode())
        if number == reports // 2:
            big = report(10**6, [record(rng) for _ in range(BIG_RECORDS)], NEW_DAY)
            mails.append(mail(len(mails), gzip.compress(big.encode(), 6, mtime=0), "big.xml.gz"))
    for sub in ("new", "cur", "tmp"):
        (folder / sub).mkdir(parents=True)
    for i, data in enumerate(mails):
        (folder / ("new" if i % 2 else "cur") / f"{1735900000 + i}.{i}.host{'' if i % 2 else ':2,S'}").write_bytes(data)
    return mails
