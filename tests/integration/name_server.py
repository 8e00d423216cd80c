"""unbound on loopback with one zone of our own, started and stopped by its process id; it logs every query."""
import collections
import re
import socket
import subprocess
import sys
import time

PATIENCE_SECONDS = 30


class NameServer:
    """Answers everything below "com." with NXDOMAIN, and serves `lines` (master file format, RFC 1035 section 5) as the zone "example.", whose SOA and NS it adds itself."""

    def __init__(self, folder, lines, ttl=3600):
        self.folder, self.port = folder, free_port()
        zone = [f"$TTL {ttl}", f"example. SOA ns.example. root.example. 1 {ttl} {ttl} {ttl} {ttl}", "example. NS ns.example.",
                "ns.example. A 127.0.0.1", *lines]
        (folder / "example.zone").write_text("\n".join(zone) + "\n")
        (folder / "unbound.conf").write_text(
            f"server:\n  interface: 127.0.0.1@{self.port}\n  port: {self.port}\n  do-daemonize: no\n  chroot: \"\"\n"
            f"  username: \"\"\n  directory: {folder}\n  pidfile: {folder}/unbound.pid\n  use-syslog: no\n"
            f"  logfile: {folder}/queries.log\n  log-queries: yes\n  local-zone: \"com.\" always_nxdomain\n"
            f"  module-config: \"iterator\"\n  so-rcvbuf: 0\n"
            f"remote-control:\n  control-enable: no\n"
            f"auth-zone:\n  name: \"example.\"\n  zonefile: {folder}/example.zone\n  for-downstream: yes\n  for-upstream: no\n")
        self.process = None

    def __enter__(self):
        self.process = subprocess.Popen(["unbound", "-d", "-c", str(self.folder / "unbound.conf")], stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self.answers():
            if time.monotonic() > deadline or self.process.poll() is not None:
                self.__exit__()
                sys.exit("unbound does not answer: " + (self.folder / "queries.log").read_text()[-500:])
            time.sleep(0.1)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def answers(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.settimeout(0.2)
            try:
                one.sendto(b"\x00\x01\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07example\x00\x00\x02\x00\x01",
                           ("127.0.0.1", self.port))
                return len(one.recv(512)) > 12
            except OSError:
                return False

    def asked(self):
        """How often each name and type was asked for."""
        found = re.findall(r"info: 127\.0\.0\.1 (\S+) (\S+) IN", (self.folder / "queries.log").read_text())
        return collections.Counter((name.lower(), kind) for name, kind in found if kind != "NS")


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
