#!/usr/bin/env python3
"""GNU Mailutils' imap4d for tests: a second IMAP server, quite unlike Dovecot (no MOVE, no UIDPLUS, no SASL-IR).

It runs without privileges, one process per connection, its standard input and output being the socket. The user is
"reports@example.org" with the password "secret". As a program it serves until its standard input ends, after one line
of JSON with ports and files; "deliver USER FOLDER FILE..." puts mails into a folder.
"""
import json
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from dovecot_server import make_certificates  # noqa: E402

USER = "reports@example.org"
CONFIGURATION = """
mode inetd;
logging {{ syslog no; }};
auth {{ authentication "generic:virtdomain"; authorization "virtdomain"; }};
virtdomain {{ passwd-dir {at}/passwords; }};
mailbox {{ mailbox-type maildir; }};
tls-mode {mode};
tls {{ ssl-certificate-file {at}/tls/server.pem; ssl-key-file {at}/tls/server.key; }};
"""


class Imap4dServer:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ruaudit-imap4d-"))
        self.owner = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        self.children = []
        self._prepare()
        self.listeners = {mode: socket.create_server(("127.0.0.1", 0)) for mode in ("ondemand", "connection")}
        for mode, listener in self.listeners.items():
            threading.Thread(target=self._serve, args=(mode, listener), daemon=True).start()

    def _prepare(self):
        os.chmod(self.folder, 0o755)
        for name in ("tls", "passwords", "home/INBOX/cur", "home/INBOX/new", "home/INBOX/tmp"):
            (self.folder / name).mkdir(parents=True)
        make_certificates(self.folder / "tls")
        secret = subprocess.run(["openssl", "passwd", "-6", "secret"], check=True, capture_output=True, text=True)
        (self.folder / "passwords/example.org").write_text(
            f"reports:{secret.stdout.strip()}:{self.owner.pw_uid}:{self.owner.pw_gid}:reports:"
            f"{self.folder}/home:/bin/false\n")
        for mode in ("ondemand", "connection"):
            (self.folder / mode).write_text(CONFIGURATION.format(at=self.folder, mode=mode))
        self._give_away(self.folder)

    def _give_away(self, top):
        if os.getuid() == 0:
            for path in (top, *top.rglob("*")):
                os.chown(path, self.owner.pw_uid, self.owner.pw_gid)

    def _serve(self, mode, listener):
        identity = {"user": self.owner.pw_uid, "group": self.owner.pw_gid, "extra_groups": []} if os.getuid() == 0 else {}
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with client:
                self.children.append(subprocess.Popen(
                    ["imap4d", "--config-file", str(self.folder / mode), "--inetd"], stdin=client, stdout=client,
                    stderr=subprocess.DEVNULL, cwd=self.folder, **identity))

    def deliver(self, folder, mails):
        maildir = self.folder / "home" / folder
        for number, mail in enumerate(mails):
            (maildir / "cur" / f"{int(time.time())}.M{number:06d}P{os.getpid()}.test:2,").write_bytes(
                mail.replace(b"\r\n", b"\n"))  # it writes CR before every LF
        self._give_away(maildir)

    def description(self):
        return {"imap": self.listeners["ondemand"].getsockname()[1],
                "imaps": self.listeners["connection"].getsockname()[1], "ca": str(self.folder / "tls/ca.pem"),
                "folder": str(self.folder), "user": USER}

    def close(self):
        for listener in self.listeners.values():
            listener.close()
        for child in self.children:
            child.kill()
            child.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def main():
    if shutil.which("imap4d") is None or shutil.which("openssl") is None:
        print("skipped: imap4d (package mailutils-imap4d) or openssl is not installed")
        return 77
    server = Imap4dServer()
    try:
        print(json.dumps(server.description()), flush=True)
        for line in sys.stdin:
            words = line.split()
            if words[:1] == ["deliver"]:
                server.deliver(words[2], [pathlib.Path(word).read_bytes() for word in words[3:]])
            print("done", flush=True)
    finally:
        server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
