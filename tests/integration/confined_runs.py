"""A run of the program whose confined processes commit the faults that an input orders, where the build can."""
import contextlib
import os
import pathlib
import shutil
import sqlite3
import subprocess

from hostile_server import mail

OUTCOMES = "SELECT outcome, count(*) FROM ledger GROUP BY 1 ORDER BY 1"


def has_plants(program):
    return b"planted-fault: " in pathlib.Path(program).read_bytes()


class Test:
    def __init__(self, program, folder):
        self.program, self.folder, self.failed = str(program), pathlib.Path(folder), 0

    def check(self, holds, text):
        if not holds:
            self.failed += 1
            print(f"FAILED: {text}", flush=True)

    def run(self, *words, **more):  # a variable that is None is not set
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "RUAUDIT_OFFLINE": "1",
                       "RUAUDIT_READER_PLANT": "1", "RUAUDIT_READER_SECONDS": "3", **more}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                environment[name] = os.environ[name]
        environment = {name: value for name, value in environment.items() if value is not None}
        done = subprocess.run([self.program, *map(str, words)], env=environment, capture_output=True, text=True,
                              timeout=120)
        return done.returncode, done.stdout + done.stderr

    def fresh(self, name):
        shutil.rmtree(self.folder / "in", ignore_errors=True)
        (self.folder / "in").mkdir()
        for path in self.folder.glob("r.db*"):
            path.unlink()
        print(f"- {name}", flush=True)

    def put(self, name, number, fault=None):
        extra = f"X-Note: planted-fault: {fault}\r\n" if fault else ""
        (self.folder / f"in/{name}.eml").write_bytes(mail("a", number, extra))

    def query(self, sql):
        with contextlib.closing(sqlite3.connect(f"file:{self.folder}/r.db?mode=ro", uri=True)) as database:
            return database.execute(sql).fetchall()

    def ingest(self, *more, **environment):
        return self.run("ingest", "--offline", "--db", self.folder / "r.db", *more, self.folder / "in", **environment)
