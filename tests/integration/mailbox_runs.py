"""What the fault tests of mailboxes share: a mailbox of known content on a Dovecot, runs of the program against it, and
the check that nothing was lost and nothing counted twice, against the truth file of bench/make-corpus."""
import contextlib
import json
import os
import pathlib
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import dovecot_server  # noqa: E402
from dovecot_server import DovecotServer  # noqa: E402

MAKE_CORPUS = HERE.parent.parent / "bench/make-corpus"
RUN_LIMIT_SECONDS = 120
SKIPPED = 77


def letter(number):
    return (f"From: a.person@example.net\r\nTo: reports@example.com\r\nSubject: lunch {number}\r\n\r\n"
            f"Is {number} o'clock fine?\r\n").encode()


def broken(number):
    return (f"From: reports@receiver.example\r\nSubject: Report domain: example.com Report-ID: broken-{number}\r\n"
            "MIME-Version: 1.0\r\nContent-Type: application/gzip; name=\"receiver.example!example.com!1!2.xml.gz\"\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\nH4sIAAAAAAAAA7MoSk3LSSxJDQ==\r\n").encode()


class Corpus:
    """Mails by kind, and what a reader must find in them."""

    def __init__(self, folder, reports, letters=0, broken_ones=0, seed=1):
        subprocess.run([str(MAKE_CORPUS), str(folder), "--reports", str(reports), "--seed", str(seed)], check=True,
                       stdout=subprocess.DEVNULL)
        self.truth = json.loads((folder / "truth.json").read_text())
        self.reports = [path.read_bytes() for path in sorted((folder / "mail/new").iterdir())]
        self.letters = [letter(number) for number in range(letters)]
        self.broken = [broken(number) for number in range(broken_ones)]
        shutil.rmtree(folder)

    def mails(self):
        """All of them, the letters and broken ones spread among the reports."""
        rest = self.letters + self.broken
        step = max(1, len(self.reports) // (len(rest) + 1))
        out = []
        for number, mail in enumerate(self.reports):
            out.append(mail)
            if number % step == step - 1 and rest:
                out.append(rest.pop())
        return out + rest


class Runs:
    """One configuration, one database, calls of the program; failed checks are counted and printed."""

    def __init__(self, program, folder):
        self.program, self.folder = str(program), pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.failed = 0
        self.database = self.folder / "r.db"
        self.configuration = self.folder / "ruaudit.conf"
        password = self.folder / "password"
        password.write_text("secret\n")
        password.chmod(0o600)
        self.password = password

    def configure(self, keys, general=(), name="reports"):
        lines = ["[general]", f"database = {self.database}", *general]
        for section, entries in (keys if isinstance(keys, dict) else {name: keys}).items():
            lines += [f"[mailbox {section}]", *entries]
        self.configuration.write_text("\n".join(lines) + "\n")

    def imap_keys(self, server, *more, port=None):
        return ["type = imap", "host = localhost", f"port = {port or server.imaps}", "user = reports",
                f"password_file = {self.password}", f"ca_file = {server.ca}", *more]

    def command(self, *words):
        return [self.program, *map(str, words), "--config", str(self.configuration)]

    def start(self, *words, fail_point=None, before=(), configured=True, **more):
        environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C.UTF-8",
                       "RUAUDIT_OFFLINE": "1", **more}  # no run asks the machine's own name servers
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                environment[name] = os.environ[name]
        if fail_point:
            environment["RUAUDIT_FAIL_POINT"] = fail_point
            if fail_point.startswith("pipeline.parse"):  # else it is the reader's, whose end costs the program nothing
                environment["RUAUDIT_CONFINEMENT"] = "off"
        command = self.command(*words) if configured else [self.program, *map(str, words)]
        return subprocess.Popen([*before, *command], env=environment, text=True, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)

    def run(self, *words, **how):
        process = self.start(*words, **how)
        try:
            out, err = process.communicate(timeout=RUN_LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            self.check(False, f"{words} did not end in {RUN_LIMIT_SECONDS} s: {err[-500:]}")
        return process.returncode, out, err

    def check(self, holds, text):
        if not holds:
            self.failed += 1
            print(f"FAILED: {text}", flush=True)
        return holds

    def forget_database(self):
        for path in self.folder.glob("r.db*"):
            path.unlink()

    def query(self, sql, *values):
        with contextlib.closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            return database.execute(sql, values).fetchall()

    def is_complete(self, corpus, what, messages=None):
        """Everything of the corpus is there, once."""
        truth = corpus.truth
        totals = self.query("SELECT count(*), sum(records), sum(messages) FROM report WHERE counted = 1")[0]
        want = (truth["reports"], truth["records"], truth["messages"])
        self.check(totals == want, f"{what}: reports, records, messages: got {totals}, want {want}")
        self.check(self.query("SELECT count(*) FROM report")[0][0] == truth["reports"], f"{what}: a report is there twice")
        dispositions = dict(self.query("SELECT disposition, sum(message_count) FROM v_record WHERE counted = 1 GROUP BY 1"))
        self.check(dispositions == truth["messages_by_disposition"],
                   f"{what}: by disposition: got {dispositions}, want {truth['messages_by_disposition']}")
        outcomes = dict(self.query("SELECT outcome, count(*) FROM ledger GROUP BY 1"))
        for outcome, number in (("rejected", len(corpus.broken)), ("not_a_report", len(corpus.letters))):
            got = outcomes.get(outcome, 0)
            known = self.query("SELECT count(DISTINCT content_hash) FROM ledger WHERE outcome = ?", outcome)[0][0]
            self.check(known == number, f"{what}: {outcome}: got {known} ({got} rows), want {number}")
        if messages is not None:
            rows = self.query("SELECT count(*), count(DISTINCT uid) FROM ledger WHERE mailbox IS NOT NULL")[0]
            self.check(rows == (messages, messages), f"{what}: messages in the ledger: got {rows}, want {messages}")
        code, out, err = self.run("db", "check", "--db", self.database, configured=False)
        self.check(code == 0, f"{what}: db check: {out[-500:]}{err[-500:]}")

    def conclude(self):
        print("all checks hold" if self.failed == 0 else f"{self.failed} checks failed", flush=True)
        return 1 if self.failed else 0


def contents(server, folder="INBOX", user="reports"):
    """The octets of all messages of a folder, sorted, without line ends' differences."""
    maildir = server.maildir(user, folder)
    return sorted(path.read_bytes() for name in ("cur", "new") if (maildir / name).is_dir()
                  for path in (maildir / name).iterdir())


def is_sorted_away(runs, server, corpus, what, done="done", failed="failed"):
    """Every mail is in the folder where it belongs, once."""
    for folder, mails in ((done, corpus.reports), (failed, corpus.broken), ("INBOX", corpus.letters)):
        got, want = contents(server, folder), sorted(mails)
        runs.check(got == want, f"{what}: {folder} holds {len(got)} mails ({len(set(got))} different), "
                                f"want {len(want)}: {len(set(want) - set(got))} are missing")


def back_to_inbox(server, *folders):
    """All mails are where they came in, as new messages."""
    inbox = server.maildir() / "cur"
    for folder in folders:
        maildir = server.maildir(folder=folder)
        for name in ("cur", "new"):
            if (maildir / name).is_dir():
                for path in (maildir / name).iterdir():
                    path.rename(inbox / path.name.split(":")[0])


class Fault:
    """What a proxy does to one connection once so many octets of the server have passed: cut it, call something and go
    on, or go on with one octet a second."""

    def __init__(self, after, call=None, drips=False):
        self.after, self.call, self.drips = after, call, drips


class Proxy:
    """Hands connections on to a port; `fault(number of the connection)` says what goes wrong with it, or None."""

    def __init__(self, port, fault):
        self.target, self.fault = port, fault
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.connections = self.faults = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.socket.accept()
                fault = self.fault(self.connections)
                self.connections += 1
                try:
                    server = socket.create_connection(("127.0.0.1", self.target))
                except OSError:
                    client.close()
                    continue
                for source, sink, what in ((client, server, None), (server, client, fault)):
                    threading.Thread(target=self._hand_on, args=(source, sink, what), daemon=True).start()

    def _hand_on(self, source, sink, fault):
        left = fault.after if fault else None
        with contextlib.suppress(OSError):
            while octets := source.recv(16384):
                if left is not None and len(octets) > left:
                    sink.sendall(octets[:left])
                    self.faults += 1
                    if fault.drips:
                        self._drip(octets[left:], source, sink)
                    if fault.call is None:
                        break
                    fault.call()
                    octets, left = octets[left:], None
                sink.sendall(octets)
                if left is not None:
                    left -= len(octets)
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def _drip(octets, source, sink):
        for octet in octets + source.recv(1000):
            sink.sendall(bytes([octet]))
            threading.Event().wait(1)

    def close(self):
        self.socket.close()


@contextlib.contextmanager
def scratch():
    with tempfile.TemporaryDirectory(prefix="ruaudit-mailbox-") as folder:
        yield pathlib.Path(folder)


def needs_dovecot():
    """Ends the test as skipped where there is no Dovecot."""
    if not dovecot_server.is_installed():
        print("skipped: dovecot or openssl is not installed")
        sys.exit(SKIPPED)
