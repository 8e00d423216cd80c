#!/usr/bin/env python3
"""A real Dovecot for tests: IMAP, POP3 and LMTP on free loopback ports, in a temporary folder, without privileges.

    with DovecotServer(capability="IMAP4rev1 UIDPLUS") as server:
        server.deliver("reports", "INBOX", [mail, ...]); server.imaps, server.ca, server.token("reports")

Users: reports and other, their passwords "secret" and "secret2". TLS: the certificate names localhost and 127.0.0.1
(connect to 127.0.0.2 for a wrong host name), its authority is server.ca; server.wrong_ca signed nothing. Tokens are
signed JWTs that Dovecot checks by itself. As root the server runs as nobody.

As a program it serves until its standard input ends, after one line of JSON with ports and files:
    dovecot_server.py [--separator CHAR] [--prefix TEXT] [--capability TEXT] [--setting LINE]...
"""
import argparse
import base64
import contextlib
import hashlib
import hmac
import json
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HMAC_SECRET = b"test-hmac-secret-0123456789abcdef"
START_SECONDS = 60
CONFIGURATION = """
base_dir = {at}/run
state_dir = {at}/state
log_path = {at}/dovecot.log
protocols = imap pop3 lmtp
listen = 127.0.0.1, 127.0.0.2
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
mail_location = maildir:{at}/mail/%u
mail_uid = {uid}
mail_gid = {gid}
first_valid_uid = 1
first_valid_gid = 1
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0 secs
disable_plaintext_auth = no
mail_max_userip_connections = 100
ssl = yes
ssl_cert = <{at}/tls/server.pem
ssl_key = <{at}/tls/server.key
ssl_min_protocol = TLSv1.2
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {at}/oauth2.conf.ext
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {at}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={at}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = {pop3s}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
}}
protocol lmtp {{
  postmaster_address = postmaster@example.org
}}
{more}
"""


def free_ports(count):
    """Ports on loopback that nobody has at this moment, all different."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def run_openssl(*words):
    subprocess.run(["openssl", *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_authority(folder, name):
    run_openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
                "-subj", f"/CN=test authority {name}", "-addext", "basicConstraints=critical,CA:TRUE",
                "-addext", "keyUsage=critical,keyCertSign,cRLSign",
                "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem")


def make_certificates(folder):
    """ca.pem, server.pem and server.key signed by it, wrong-ca.pem that signed nothing."""
    make_authority(folder, "ca")
    make_authority(folder, "wrong-ca")
    extensions = folder / "extensions"
    extensions.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n"
                          "extendedKeyUsage=serverAuth\n")
    run_openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
                "/CN=localhost", "-keyout", folder / "server.key", "-out", folder / "server.csr")
    run_openssl("x509", "-req", "-in", folder / "server.csr", "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key",
                "-CAcreateserial", "-days", "30", "-extfile", extensions, "-out", folder / "server.pem")


def token(user, seconds=3600):
    """A bearer token for the user, valid for so many seconds; negative: expired."""
    def encode(octets):
        return base64.urlsafe_b64encode(octets).rstrip(b"=")
    now = int(time.time())
    claims = {"email": user, "sub": user, "iat": now - 60, "nbf": now - 60, "exp": now + seconds, "iss": "test"}
    text = encode(b'{"alg":"HS256","typ":"JWT"}') + b"." + encode(json.dumps(claims).encode())
    return (text + b"." + encode(hmac.new(HMAC_SECRET, text, hashlib.sha256).digest())).decode()


class DovecotServer:
    def __init__(self, separator="/", prefix="", capability="", settings=()):
        self.separator, self.prefix = separator, prefix
        lines = list(settings)
        if capability:
            lines.append(f"protocol imap {{\n  imap_capability = {capability}\n}}")
        self.more = "\n".join(lines)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ruaudit-dovecot-"))
        self.owner = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        self.imap, self.imaps, self.pop3, self.pop3s, self.lmtp = free_ports(5)
        self.process = None
        self._prepare()

    def _prepare(self):
        os.chmod(self.folder, 0o755)
        for name in ("run", "state", "mail", "tls", "keys/default/HS256"):
            (self.folder / name).mkdir(parents=True)
        make_certificates(self.folder / "tls")
        self.ca, self.wrong_ca = self.folder / "tls/ca.pem", self.folder / "tls/wrong-ca.pem"
        (self.folder / "users").write_text("reports:{PLAIN}secret::::::\nother:{PLAIN}secret2::::::\n")
        (self.folder / "keys/default/HS256/default").write_bytes(base64.b64encode(HMAC_SECRET))
        (self.folder / "oauth2.conf.ext").write_text(
            f"introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix={self.folder}/keys/\n"
            "username_attribute = email\n")
        self.write_configuration()
        self._give_away(self.folder)

    def write_configuration(self):
        import grp
        (self.folder / "dovecot.conf").write_text(CONFIGURATION.format(
            at=self.folder, user=self.owner.pw_name, group=grp.getgrgid(self.owner.pw_gid).gr_name,
            uid=self.owner.pw_uid, gid=self.owner.pw_gid, imap=self.imap, imaps=self.imaps, pop3=self.pop3,
            pop3s=self.pop3s, lmtp=self.lmtp, separator=self.separator, prefix=self.prefix, more=self.more))

    def _give_away(self, top):
        if os.getuid() != 0:
            return
        for path in (top, *top.rglob("*")):
            os.chown(path, self.owner.pw_uid, self.owner.pw_gid)

    def start(self):
        identity = {"user": self.owner.pw_uid, "group": self.owner.pw_gid, "extra_groups": []} if os.getuid() == 0 else {}
        self.process = subprocess.Popen(["dovecot", "-F", "-c", str(self.folder / "dovecot.conf")],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, cwd=self.folder, start_new_session=True, **identity)
        end = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > end or self.process.poll() is not None:
                log = self.folder / "dovecot.log"
                self.stop()
                raise RuntimeError("dovecot does not start: " + (log.read_text() if log.exists() else "no log"))
            time.sleep(0.05)
        return self

    def _answers(self):
        # On a busy machine the process that greets takes seconds to come up; a caller who hangs up early makes it start
        # another one, and is never greeted.
        try:
            with socket.create_connection(("127.0.0.1", self.imap), START_SECONDS) as connection:
                return connection.recv(16).startswith(b"* OK")
        except OSError:
            return False

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            with contextlib.suppress(ProcessLookupError):  # sessions outlive their master for a while
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process = None

    def restart(self):
        self.stop()
        return self.start()

    def close(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.close()

    def maildir(self, user="reports", folder="INBOX"):
        """The folder's maildir; folder with '/' between levels."""
        top = self.folder / "mail" / user
        return top if folder.upper() == "INBOX" else top / ("." + folder.replace("/", "."))

    def deliver(self, user, folder, mails, first=0):
        """Puts mails (bytes) into new as a delivery program does, whole at once; names count from `first`."""
        maildir = self.maildir(user, folder)
        made = [path for path in (self.folder / "mail" / user, maildir) if not path.exists()]
        for name in ("cur", "new", "tmp"):
            (maildir / name).mkdir(parents=True, exist_ok=True)
        for path in {*made, maildir, *(maildir / name for name in ("cur", "new", "tmp"))}:
            self.give(path)
        now = int(time.time())
        for number, mail in enumerate(mails, first):
            name = f"{now}.M{number:07d}P{os.getpid()}.test"
            (maildir / "tmp" / name).write_bytes(mail)
            self.give(maildir / "tmp" / name)
            (maildir / "tmp" / name).rename(maildir / "new" / name)

    def give(self, path):
        """To the user that the server reads mail as."""
        if os.getuid() == 0:
            os.chown(path, self.owner.pw_uid, self.owner.pw_gid)

    def change_uid_validity(self, user="reports", folder="INBOX"):
        """The folder's index is made anew, with another UIDVALIDITY, as after a restore. The server restarts."""
        self.stop()
        for path in self.maildir(user, folder).glob("dovecot*"):
            path.unlink()
        for path in (self.folder / "mail" / user).glob("dovecot-uidvalidity*"):
            path.unlink()
        time.sleep(1.1)  # a new UIDVALIDITY is the time in seconds
        return self.start()

    def token(self, user="reports", seconds=3600):
        return token(user, seconds)

    def description(self):
        names = ("imap", "imaps", "pop3", "pop3s", "lmtp")
        return {**{name: getattr(self, name) for name in names}, "ca": str(self.ca), "wrong_ca": str(self.wrong_ca),
                "folder": str(self.folder), "token": token("reports"), "expired_token": token("reports", -60)}


def is_installed():
    return shutil.which("dovecot") is not None and shutil.which("openssl") is not None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--separator", default="/")
    parser.add_argument("--prefix", default="")
    parser.add_argument("--capability", default="")
    parser.add_argument("--setting", action="append", default=[])
    options = parser.parse_args()
    if not is_installed():
        print("skipped: dovecot or openssl is not installed")
        return 77
    with DovecotServer(options.separator, options.prefix, options.capability, options.setting) as server:
        print(json.dumps(server.description()), flush=True)
        for line in sys.stdin:  # "deliver USER FOLDER FILE..." or "restart"
            words = line.split()
            if words[:1] == ["deliver"]:
                server.deliver(words[1], words[2], [pathlib.Path(word).read_bytes() for word in words[3:]])
            elif words == ["restart"]:
                server.restart()
            print("done", flush=True)
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
