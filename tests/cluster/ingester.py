"""One database with its configuration, and what is noticed."""
import contextlib
import pathlib
import sqlite3
import subprocess

FAILURES = []


def check(is_right, what):
    if not is_right:
        FAILURES.append(what)
        print("FAILED:", what, flush=True)


class Ingester:
    def __init__(self, program, folder, configuration):
        self.program = program
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.path = self.folder / "reports.db"
        self.configuration = self.folder / "ruaudit.conf"
        self.configuration.write_text(configuration)

    def run(self, *arguments, expected=0, limit=120, path=None, **environment):
        done = subprocess.run([self.program, *arguments, "--db", path or self.path, "--config", self.configuration], text=True,
                              capture_output=True, timeout=limit, env={"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "TZ": "UTC",
                                                                       "LC_ALL": "C.UTF-8", "RUAUDIT_OFFLINE": "1"} | environment)
        if expected is not None:
            check(done.returncode == expected, f"{arguments}: exit {done.returncode}, not {expected}: {done.stderr}")
        return done

    def ask(self, sql):
        with contextlib.closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as database:
            return database.execute(sql).fetchall()

    def waiting(self):
        return self.ask("SELECT count(*) FROM outbox")[0][0]
