"""Failure reports as Debian's OpenDMARC writes them, made here and now on loopback.

run in namespaces of its own:  unshare --user --map-root-user --mount --net PYTHON opendmarc_reports.py FOLDER
OpenDMARC asks the system's resolver, whose name server has port 53 in /etc/resolv.conf and nowhere else. In a private
network any user may bind that port, and in a private mount table put another file over resolv.conf: so no privilege is
needed, and nothing outside is touched. The mails to judge lie in FOLDER/mails.json; FOLDER/reports gets one file each.
"""
import fcntl
import json
import pathlib
import signal
import socket
import struct
import subprocess
import sys
import time

SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
LIMIT_SECONDS = 30

ZONE = """@ 300 IN SOA ns.{domain}. host.{domain}. 1 300 300 300 60
@ IN NS ns
ns IN A 127.0.0.1
@ IN TXT "v=spf1 ip4:192.0.2.1 -all"
_dmarc IN TXT "v=DMARC1; p=reject; fo=1; ruf=mailto:ruf@{domain}"
"""
CONF = """AuthservID mx.receiver.example
TrustedAuthservIDs mx.receiver.example
FailureReports true
FailureReportsSentBy dmarc@receiver.example
ReportCommand cat > {folder}/reports/$$.eml
IgnoreHosts {folder}/nobody
PublicSuffixList /usr/share/publicsuffix/public_suffix_list.dat
Socket local:{folder}/opendmarc.sock
SPFSelfValidate true
SPFIgnoreResults true
Syslog false
Background false
"""
SCRIPT = """mt.set_timeout({limit})
conn = mt.connect("local:{folder}/opendmarc.sock", 100, 0.1)
if conn == nil then error "no connection" end
local function sure(problem) if problem ~= nil then error(problem) end end
sure(mt.conninfo(conn, "{helo}", "{ip}"))
sure(mt.helo(conn, "{helo}"))
sure(mt.macro(conn, SMFIC_MAIL, "i", "{id}"))
sure(mt.mailfrom(conn, "<{mail_from}>"))
sure(mt.rcptto(conn, "<reader@receiver.example>"))
{fields}sure(mt.eoh(conn))
sure(mt.eom(conn))
mt.disconnect(conn)
"""


def quoted(text):
    return json.dumps(text)  # the escapes of JSON that occur here are Lua's too


def set_loopback_up():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(one, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(one, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


def start_dns(folder, domains):
    (folder / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:2 attempts:1\n")
    subprocess.run(["mount", "--bind", folder / "resolv.conf", "/etc/resolv.conf"], check=True)
    zones = ""
    for domain in domains:
        (folder / f"{domain}.zone").write_text(f"$ORIGIN {domain}.\n" + ZONE.format(domain=domain))
        zones += f"  - domain: {domain}\n"
    (folder / "knot.conf").write_text(
        f"server:\n  listen: 127.0.0.1@53\n  rundir: {folder}\ndatabase:\n  storage: {folder}/knot\n"
        f"log:\n  - target: {folder}/knot.log\n    any: warning\n"
        f"template:\n  - id: default\n    storage: {folder}\n    file: \"%s.zone\"\n    zonefile-sync: -1\n"
        f"    journal-content: none\nzone:\n{zones}")
    server = subprocess.Popen(["knotd", "-c", folder / "knot.conf"])
    wait_until(lambda: answers(domains[0]), "knot answers")
    return server


def answers(domain):
    name = b"".join(bytes([len(label)]) + label.encode() for label in domain.split("."))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.settimeout(0.2)
        try:
            one.connect(("127.0.0.1", 53))
            one.send(b"\x00\x01\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" + name + b"\0\x00\x10\x00\x01")
            return len(one.recv(512)) > 12
        except OSError:
            return False


def wait_until(holds, what):
    deadline = time.monotonic() + LIMIT_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            sys.exit(f"waited {LIMIT_SECONDS} s until {what}")
        time.sleep(0.05)


def reports(folder):
    return {path for path in (folder / "reports").iterdir() if path.read_bytes().rstrip().endswith(b"--")}


def judge(folder, mail):
    """Plays the mail to the filter and waits for its report; the report is renamed after the mail."""
    before = reports(folder)
    fields = "".join(f"sure(mt.header(conn, {quoted(name)}, {quoted(value)}))\n" for name, value in mail["fields"])
    script = SCRIPT.format(folder=folder, limit=LIMIT_SECONDS, fields=fields,
                           **{key: mail[key] for key in ("id", "helo", "ip", "mail_from")})
    done = subprocess.run(["miltertest", "-w"], input=script.encode(), capture_output=True, check=False)
    if done.returncode != 0:
        sys.exit(f"miltertest: {done.stderr.decode()}{done.stdout.decode()}")
    wait_until(lambda: reports(folder) - before, f"a report about {mail['id']} is written")
    (reports(folder) - before).pop().rename(folder / "reports" / f"{mail['id']}.eml")


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    for name in ("reports", "knot"):
        (folder / name).mkdir()
    (folder / "nobody").write_text("203.0.113.255\n")
    (folder / "opendmarc.conf").write_text(CONF.format(folder=folder))
    mails = json.loads((folder / "mails.json").read_text())
    set_loopback_up()
    children = [start_dns(folder, sorted({mail["domain"] for mail in mails}))]
    try:
        children.append(subprocess.Popen(["opendmarc", "-f", "-c", folder / "opendmarc.conf"]))
        for mail in mails:
            judge(folder, mail)
    finally:
        for child in reversed(children):
            child.send_signal(signal.SIGTERM)
            child.wait(timeout=LIMIT_SECONDS)


if __name__ == "__main__":
    main()
