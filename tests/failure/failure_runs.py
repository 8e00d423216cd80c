"""What the tests of failure reports share: generated reports, a database made of them, and its content in a fixed order."""
import contextlib
import csv
import hashlib
import json
import pathlib
import sqlite3
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "integration"))
from ruaudit_runs import Program  # noqa: E402

GENERATE = HERE / "generator" / "generate"


def generate(out, *options):
    subprocess.run([str(GENERATE), str(out), *map(str, options)], check=True, stdout=subprocess.DEVNULL)
    with (out / "truth.tsv").open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    for row in rows:
        row["allowed"] = set(row["allowed"].split(","))
        row["words"], row["facts"] = json.loads(row["words"]), json.loads(row["facts"])
    return rows


def fresh_database(folder, name):
    place = folder / name
    place.mkdir(mode=0o700)
    return place / "r.db"


def connect(path):
    return contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True))


def sure(done, what, *codes):
    code, out, errors = done
    if code not in (codes or (0,)):
        sys.exit(f"{what}: exit {code}: {out[-500:]}{errors[-1500:]}")
    return out


# Everything about failure reports but keys of rows and times of runs.
DUMP = {
    "reports": """SELECT hex(f.identity_key), f.header_from, f.source_ip, f.at, f.sample_extent, f.sample_state,
                         f.sample_policy, f.redacted, hex(f.sample_hash) FROM failure_report f ORDER BY 1""",
    "results": """SELECT hex(f.identity_key), r.is_current, r.judged_at, r.dmarc, r.dmarc_7489, r.policy, r.spf, r.spf_domain,
                         r.spf_aligned, r.dkim, r.dkim_domain, r.dkim_aligned, r.arc, r.conclusion, r.mechanism, r.confidence,
                         r.reason, r.summary, r.advice, r.disagreement
                  FROM failure_result r JOIN failure_report f ON f.id = r.failure_id ORDER BY 1, 2, 3""",
    "evidence": """SELECT hex(f.identity_key), e.n, e.kind, e.text FROM failure_evidence_line e
                   JOIN failure_result r ON r.id = e.result_id JOIN failure_report f ON f.id = r.failure_id ORDER BY 1, 2, 3""",
    "names asked": """SELECT hex(f.identity_key), e.name, e.type FROM failure_dns d JOIN dns_evidence e ON e.id = d.evidence_id
                      JOIN failure_result r ON r.id = d.result_id JOIN failure_report f ON f.id = r.failure_id
                      ORDER BY 1, 2, 3""",
    "signatures": """SELECT hex(f.identity_key), s.n, s.field, s.domain, s.selector, s.value, s.header_codec, s.header_input,
                            s.body_hash FROM failure_signature s JOIN failure_report f ON f.id = s.failure_id ORDER BY 1, 2""",
    "samples": """SELECT hex(f.identity_key), s.extent, s.report, s.sample FROM failure_sample s
                  JOIN failure_report f ON f.id = s.failure_id ORDER BY 1""",
    "pending": """SELECT hex(f.identity_key), p.report, p.sample FROM pending_failure p
                  JOIN failure_report f ON f.id = p.failure_id ORDER BY 1""",
    "originals of reports": """SELECT hex(l.content_hash), c.id & 16777215, c.codec, c.size, c.data FROM failure_original_chunk c
                               JOIN ledger l ON l.id = c.id >> 24 ORDER BY 1, 2""",
    "originals": """SELECT hex(l.content_hash), o.extent, o.size, c.id & 16777215, c.codec, c.size, c.data
                    FROM ledger l JOIN original o ON o.ledger_id = l.id JOIN original_chunk c ON c.ledger_id = o.ledger_id
                    ORDER BY 1, 4""",
}


def dump(path):
    """One digest per statement: equal databases have equal dumps."""
    digests = {}
    with connect(path) as database:
        for name, sql in DUMP.items():
            digest, rows = hashlib.sha256(), 0
            for row in database.execute(sql):
                digest.update(repr(row).encode())
                rows += 1
            digests[name] = f"{rows} rows, {digest.hexdigest()[:16]}"
    return digests


def differences(got, want):
    return [f"{name}: got {got[name]}, want {want[name]}" for name in want if got[name] != want[name]]


__all__ = ["Program", "connect", "differences", "dump", "fresh_database", "generate", "sure"]
