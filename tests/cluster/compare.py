"""The documented views of a cluster beside those of SQLite databases: what must be equal, and the truth that several
ingesters come to together (docs/identity.md)."""
import collections
import contextlib
import json
import sqlite3
import time

# Keys are text in a cluster, and this is judgement's, which it does not have.
LEFT_OUT = {"record_key", "report_key", "defect_key", "source_key", "organizational_domain"}
VIEWS = ("v_report", "v_record", "v_auth_result", "v_override", "v_defect", "v_policy_history", "v_source_daily",
         "v_domain_daily", "v_source_month", "v_result_daily", "v_override_daily")


def plain(value):
    """Numbers come as text from one and as numbers from the other."""
    return None if value is None else str(value)


def sqlite_rows(path, view):
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        rows = database.execute(f"SELECT * FROM {view}")
        names = [one[0] for one in rows.description]
        kept = [name for name in names if name not in LEFT_OUT]
        return kept, collections.Counter(tuple(plain(row[names.index(name)]) for name in kept) for row in rows)


def cluster_rows(server, database, view, names):
    text = server.query(f"SELECT {', '.join(names)} FROM {database}.{view} FORMAT JSONCompact",
                        output_format_json_quote_64bit_integers=0)
    return collections.Counter(tuple(plain(value) for value in row) for row in json.loads(text)["data"])


def differences(server, database, path, views=VIEWS):
    """What the views of the cluster and of one ingester's database say differently."""
    found = []
    for view in views:
        names, here = sqlite_rows(path, view)
        there = cluster_rows(server, database, view, names)
        if here == there:
            continue
        missing, added = list((here - there).items())[:2], list((there - here).items())[:2]
        found.append(f"{view}: {sum(here.values())} rows here, {sum(there.values())} there;"
                     f" only here {[dict(zip(names, row)) for row, _ in missing]}; only there {[dict(zip(names, row)) for row, _ in added]}")
    return found


HEADERS = """SELECT p.identity_key, p.content_hash, p.damaged, p.authenticity, p.records, p.id, d.name, p.day,
  (SELECT min(l.first_seen) FROM ledger_part q JOIN ledger l ON l.id = q.ledger_id WHERE q.report_id = p.id),
  (SELECT count(*) FROM record r WHERE r.report_id = p.id AND r.source_id IS NOT NULL AND r.count > 0),
  (SELECT coalesce(sum(r.count), 0) FROM record r WHERE r.report_id = p.id AND r.source_id IS NOT NULL AND r.count > 0)
  FROM report p JOIN domain d ON d.id = p.domain_id"""


def settle(shards, database, patience=60):
    """Until every server of a replicated shard has what the others have."""
    end = time.monotonic() + patience
    for server in shards.all:
        for table in server.query(f"SELECT table FROM system.replicas WHERE database = '{database}'").split():
            while time.monotonic() < end and server.query(
                    f"SELECT is_readonly OR inserts_in_queue > 0 OR (log_pointer <= log_max_index AND log_max_index > 0) FROM system.replicas"
                    f" WHERE database = '{database}' AND table = '{table}'") != "0\n":
                time.sleep(0.05)


def truth(paths):
    """Counted records and messages of each domain and day, of all databases together: of equal contents the first, then
    undamaged before damaged, authenticated before not, of damaged ones the longest, then the first."""
    versions = collections.defaultdict(dict)
    for path in paths:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            found = database.execute("SELECT value FROM store_info WHERE name = 'ingester'").fetchone()
            ingester = int(found[0], 16)
            for key, content, damaged, authenticity, records, report, domain, day, seen, counted, messages in database.execute(HEADERS):
                one = {"damaged": damaged, "authenticated": authenticity == "authenticated", "records": records,
                       "first": (seen, ingester, report), "cell": (domain, day), "sums": (counted, messages)}
                known = versions[key].setdefault((content, damaged), one)
                known["first"] = min(known["first"], one["first"])
                known["authenticated"] = known["authenticated"] or one["authenticated"]
    sums = collections.defaultdict(lambda: [0, 0])
    for contents in versions.values():
        winner = min(contents.values(), key=lambda one: (one["damaged"], not one["authenticated"],
                                                         -one["records"] if one["damaged"] else 0, one["first"]))
        for place, number in enumerate(winner["sums"]):
            sums[winner["cell"]][place] += number
    return {cell: tuple(both) for cell, both in sums.items() if both[0]}


def counted(server, database):
    """The same out of the cluster."""
    text = server.query(f"SELECT policy_domain, day, records, messages FROM {database}.v_domain_daily FORMAT TabSeparated")
    rows = (line.split("\t") for line in text.splitlines())
    return {(domain, day): (int(records), int(messages)) for domain, day, records, messages in rows}
