"""An owner whose digests are tried: one database, its configuration, and nights that each bring one thing to tell."""
import email
import email.policy
import pathlib
import subprocess
import sys

BROKEN = "<?xml version='1.0'?>\n<!DOCTYPE x>\n<feedback/>"
KEY = "a key that both sides know"


def check(is_so, what):
    if not is_so:
        sys.exit(f"FAILED: {what}")


class Owner:
    """One database, its configuration and its nights."""

    def __init__(self, program, folder):
        self.program, self.folder = program, pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        self.database, self.night = self.folder / "r.db", 0
        self.config = self.folder / "ruaudit.conf"
        (self.folder / "key").write_text(KEY + "\n")
        (self.folder / "key").chmod(0o600)

    def configure(self, port, to=("reader@example.org",), mail="", digest=""):
        self.config.write_text(
            f"[general]\ndatabase = {self.database}\ndomains = example.org\n[mail]\nfrom = ruaudit <ruaudit@example.org>\n"
            f"host = 127.0.0.1\nport = {port}\nsecurity = plaintext\ntimeout = 5\n{mail}\n[digest]\nto = {', '.join(to)}\n{digest}\n")

    def command(self, *words):
        hour = f"2026-10-{self.night + 1:02}T03:00:00Z"
        return [self.program, *map(str, words), "--config", str(self.config), "--now", hour]

    def start(self, *words, fail_point=None):
        environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "RUAUDIT_OFFLINE": "1"}
        if fail_point:
            environment["RUAUDIT_FAIL_POINT"] = fail_point
        return subprocess.Popen(self.command(*words), env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *words, allowed=(0,), fail_point=None):
        process = self.start(*words, fail_point=fail_point)
        out, err = process.communicate(timeout=120)
        check(process.returncode in allowed, f"{' '.join(map(str, words))}: exit {process.returncode}\n{out}{err}")
        return out, err, process.returncode

    # The next night, with one thing to tell.
    def sleep(self, name=None):
        self.night += 1
        if name:
            path = self.folder / f"{name}.xml"
            path.write_text(BROKEN + f"<!-- {name} -->")
            self.run("ingest", "--quiet", path, allowed=(3,))

    def baseline(self):
        self.sleep()
        path = self.folder / "first.xml"
        path.write_text(BROKEN)
        self.run("ingest", "--quiet", path, allowed=(3,))
        self.run("digest", "--mail-to", "first@example.org", allowed=(0,))


def told(mails, name):
    """How many mails name it, by Message-ID."""
    found = {}
    for _, octets in mails:
        mail = email.message_from_bytes(octets, policy=email.policy.default)
        if f"{name}.xml" in mail.get_body(("plain",)).get_content().replace("\n", "").replace(" ", ""):
            found.setdefault(mail["Message-ID"], []).append(octets)
    return found
