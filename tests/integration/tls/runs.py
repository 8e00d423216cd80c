"""What the tests of TLS reports share: calls of the program, and a database as the values that expectations have."""
import json
import os
import pathlib
import sqlite3
import subprocess

POLICIES = ("SELECT policy, policy_domain, type, successful, failed, mx_hosts FROM v_tls_policy WHERE tls_key = ?"
            " ORDER BY policy")
FAILURES = ("SELECT coalesce(raw_result_type, result_type), sessions, sending_ip, mx_host, receiving_ip FROM v_tls_failure"
            " WHERE tls_key = ? AND policy = ? ORDER BY tls_failure_key")


class Program:
    def __init__(self, path):
        self.path = str(path)

    def run(self, *words, fail_point=None):
        environment = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8", "RUAUDIT_OFFLINE": "1"}
        if "RUAUDIT_CONFINEMENT" in os.environ:
            environment["RUAUDIT_CONFINEMENT"] = os.environ["RUAUDIT_CONFINEMENT"]
        if fail_point:
            environment.update(RUAUDIT_FAIL_POINT=fail_point, RUAUDIT_CONFINEMENT="off")
        done = subprocess.run([self.path, *map(str, words)], env=environment, text=True, capture_output=True, timeout=300)
        return done.returncode, done.stdout, done.stderr


def query(path, sql, *values):
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return database.execute(sql, values).fetchall()
    finally:
        database.close()


def described(path):
    """Every TLS report of a database in the form of the expectations beside the samples."""
    reports = []
    for key, reporter, id, begin, end, damaged in query(
            path, "SELECT tls_key, reporter, report_id, date_begin, date_end, damaged FROM v_tls_report ORDER BY tls_key"):
        policies = [{"domain": domain, "type": kind, "successful": successful, "failed": failed,
                     "mx_hosts": json.loads(hosts), "failures": [list(row) for row in query(path, FAILURES, key, number)]}
                    for number, domain, kind, successful, failed, hosts in query(path, POLICIES, key)]
        defects = sorted({row[0] for row in query(path, "SELECT code FROM v_tls_defect WHERE tls_key = ?", key)})
        reports.append({"reporter": reporter, "report_id": id, "begin": begin, "end": end, "damaged": bool(damaged),
                        "policies": policies, "defects": defects})
    return reports


def outcome(path):
    """The best outcome of a file's parts, and the codes of the others."""
    rows = query(path, "SELECT DISTINCT item_outcome FROM v_ledger")
    codes = {row[0] for row in query(path, "SELECT code FROM v_ledger WHERE code IS NOT NULL")}
    return (rows[0][0] if rows else None), codes


def differences(want, path):
    got, codes = outcome(path)
    found = []
    if got != want["outcome"]:
        found.append(f"outcome: got {got} {sorted(codes)}, want {want['outcome']}")
    if want.get("code") and want["code"] not in codes:
        found.append(f"codes: got {sorted(codes)}, want {want['code']}")
    have, wanted = described(path), want.get("reports", [])
    if len(have) != len(wanted):
        found.append(f"reports: got {len(have)}, want {len(wanted)}")
    for number, (one, other) in enumerate(zip(have, wanted), 1):
        found += [f"report {number}: {key}: got {one[key]}, want {other[key]}" for key in other if one[key] != other[key]]
    return found


def main_folder():
    return pathlib.Path(__file__).resolve().parents[3]
