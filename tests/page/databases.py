"""Databases for the tests of the page: the demonstration, stories, and one in which every field is hostile."""
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
STORIES = ("shop-40", "small-40", "group-40", "quiet-40")
STEP = 8  # nights taken in at once: what a page shows of a record change is the night on which it was seen


def run(*command, allowed=(0,)):
    done = subprocess.run([str(one) for one in command], capture_output=True, text=True)
    if done.returncode not in allowed:
        raise RuntimeError(f"{command}: exit {done.returncode}\n{done.stderr[-2000:]}")
    return done.stdout


def shared():
    corpus = os.environ.get("RUAUDIT_CORPUS", "")
    return pathlib.Path(corpus).parent if corpus else None


def demo(program, folder):
    database = folder / "demo.db"
    run(ROOT / "scripts/demo", program, database)
    return database, ()


def story(program, folder, name):
    """The story's database, and the options of the page that is made of it. None where the stories are not there."""
    home = shared()
    if home is None or not (home / "story/make_story.py").exists():
        return None
    out, maildir, database = folder / name, folder / f"{name}-mail", folder / f"{name}.db"
    run("python3", home / "story/make_story.py", home / f"story/scenarios/{name}.json", out)
    owner = json.loads((out / "config.json").read_text())
    for part in ("new", "cur", "tmp"):
        (maildir / part).mkdir(parents=True)
    config = folder / f"{name}.conf"
    lines = ["[general]", f"database = {database}", "domains = " + ", ".join(owner["domains"]), f"rua = {owner['rua']}",
             f"trusted_authserv_ids = {owner['trusted_authserv_id']}"]
    if owner["parked"]:
        lines.append("parked = " + ", ".join(owner["parked"]))
    config.write_text("\n".join(lines) + f"\n\n[mailbox reports]\ntype = maildir\npath = {maildir}\n")
    nights = sorted(out.glob("night-*"))
    for number, night in enumerate(nights, 1):
        for mail in (night / "maildir/new").iterdir():
            shutil.copy(mail, maildir / "new" / mail.name)
        if number % STEP and number != len(nights):
            continue
        now = json.loads((night / "run.json").read_text())["now"]
        common = ("--config", config, "--now", now, "--zone", night / "zone.json")
        run(program, "fetch", "--quiet", *common, allowed=(0, 3))
        run(program, "enrich", "--quiet", *common)
    return database, ("--config", config, "--now", now)


def hostile_strings():
    return json.loads((pathlib.Path(__file__).parent / "hostile-strings.json").read_text())


def hostile(program, folder, strings=None):
    """Every text of reports, DNS and failure reports is one of the strings, each string in every field."""
    database, _ = demo(program, folder)
    hostile_database = folder / "hostile.db"
    shutil.move(database, hostile_database)
    plant(hostile_database, strings or hostile_strings())
    return hostile_database, ("--days", "40", "--now", "2026-06-30T03:00:00Z")


def plant(database, strings):
    db = sqlite3.connect(database)
    db.execute("PRAGMA foreign_keys = OFF")
    for table in ("report", "record", "failure_report", "failure_result", "domain_day", "domain_month_source", "stream_day",
                  "source_day", "verdict_day", "stale_day", "dns_record", "source_class", "ledger_part"):
        db.execute(f"DELETE FROM {table}")
    count = len(strings)

    def text(i):
        return strings[i % count]

    policy = db.execute("SELECT id FROM policy").fetchone()[0]
    ledger = db.execute("SELECT id FROM ledger").fetchone()[0]
    day = "2026-06-2"
    for i in range(count):
        n = 5000 + i
        db.execute("INSERT INTO domain VALUES (?, ?)", (n, text(i)))
        db.execute("INSERT INTO reporter VALUES (?, ?)", (n, text(i + 1)))
        db.execute("INSERT INTO source VALUES (?, ?, ?)", (n, n.to_bytes(16, "big"), text(i + 2)))
        db.execute("INSERT INTO identifier_set VALUES (?, ?, ?, ?)", (n, n.to_bytes(16, "big"), text(i + 3), text(i + 4)))
        dkim = "pass" if i % 2 else "fail"
        db.execute("INSERT INTO verdict VALUES (?, ?, ?, ?, 'fail', 'passed', 'failed', 1)",
                   (n, n.to_bytes(16, "big"), ("none", "quarantine", "reject")[i % 3], dkim))
        db.execute("INSERT INTO auth_result VALUES (?, 1, 'dkim', ?, ?, NULL, 'pass', ?, '')", (n, text(i), text(i + 5), text(i + 6)))
        db.execute("INSERT INTO auth_result VALUES (?, 2, 'spf', ?, NULL, 'mfrom', 'fail', ?, '')", (n, text(i + 7), text(i + 8)))
        db.execute("INSERT INTO policy_override VALUES (?, 1, 'forwarded', '', ?, '', NULL, NULL, NULL)", (n, text(i + 9)))
        db.execute("INSERT INTO source_reverse VALUES (?, 'found', 0, 0)", (n,))
        db.execute("INSERT INTO source_name VALUES (?, 1, ?, 1)", (n, text(i + 10)))
        db.execute("INSERT INTO source_network VALUES (?, ?, 64500, ?, 0, '')", (n, text(i + 12), text(i + 11)))
        db.execute("INSERT INTO source_spf VALUES (?, ?, 'pass', ?, 0, 0)", (n, text(i), text(i + 6)))
    for i in range(count):
        for k in range(4):  # reports of each domain: four days
            key = 9000 + 4 * i + k
            db.execute("INSERT INTO report (id, reporter_id, domain_id, policy_id, report_id, date_begin, date_end, day, org_name, email,"
                       " xml_namespace, received, records, messages, unknown_elements, identity_key, content_hash, hash_version, counted,"
                       " conflict, damaged) VALUES (?, ?, ?, ?, ?, 0, 0, ?, ?, ?, '', 0, 20, 20, 0, zeroblob(16), zeroblob(32), 1, 1, 0, 0)",
                       (key, 5000 + (i + k) % count, 5000 + i, policy, text(i), day + str(k), text(i + k), text(i)))
            for row in range(count):
                db.execute("INSERT INTO record (id, source_id, count, identifier_id, verdict_id, self_check) VALUES (?, ?, ?, ?, ?, 0)",
                           (key * 2**24 + row + 1, 5000 + row, 1 + row, 5000 + (row + i) % count, 5000 + (row + i) % count))
            db.execute("INSERT INTO stale_day VALUES (?, ?)", (5000 + i, day + str(k)))
        for type_, name in (("spf", text(i)), ("dmarc", "_dmarc." + text(i)), ("dkim", text(i + 5) + "._domainkey." + text(i))):
            for state, (first, last) in enumerate(((1781900000, 1782000000), (1782100000, 1782200000))):
                db.execute("INSERT INTO dns_record (domain, type, name, status, text, target, fault, first_seen, last_seen, is_current)"
                           " VALUES (?, ?, ?, 'ok', ?, '', '', ?, ?, ?)", (text(i), type_, name, text(i + state + 13), first, last, state))
        db.execute("INSERT INTO failure_report (id, identity_key, identity_version, ledger_id, part, received, kind, container, dialect,"
                   " reporter, source_ip, incidents, at, day, header_from, sample_extent, sample_media_type, sample_encoding, sample_size,"
                   " redacted, sample_policy, sample_state) VALUES (?, ?, 1, ?, '1', 0, 'auth-failure', 'prose', 'unknown', ?, ?, 1, ?, ?, ?,"
                   " 'none', '', '', 0, 0, 'none', 'kept')",
                   (7000 + i, (7000 + i).to_bytes(32, "big"), ledger, text(i + 14), text(i + 2), 1781900000, day + "1", text(i)))
        db.execute("INSERT INTO failure_result (id, failure_id, is_current, verified_at, judged_at, dns_time, tool_version, conclusion,"
                   " mechanism, confidence, reason, summary, details) VALUES (?, ?, 1, 0, 0, 0, '', 'forgery', 'none', 'high', ?, ?, '{}')",
                   (7000 + i, 7000 + i, text(i + 15), text(i + 16)))
    db.commit()
    db.close()
