"""A DMARC aggregate report as plain values, and what a reader must make of it.

The values are written by hand in the sample modules. `expected()` gives the JSON form in which a sample's
`.expected.json` states them; a sample whose text says something else than its values states the difference itself.
"""
import copy
from dataclasses import dataclass, field, replace

DAY = 86400
START = 1767225600  # 2026-01-01T00:00:00Z


@dataclass
class Dkim:
    domain: str
    result: str = "pass"
    selector: str = "s1"
    human: str = None


@dataclass
class Spf:
    domain: str
    result: str = "pass"
    scope: str = "mfrom"
    human: str = None


@dataclass
class Row:
    ip: str
    count: int
    disposition: str = "none"
    dkim: str = "pass"
    spf: str = "pass"
    header_from: str = "example.com"
    envelope_from: str = "example.com"
    envelope_to: str = None
    reasons: tuple = ()  # (type, comment or None)
    auth_dkim: tuple = ()
    auth_spf: tuple = ()

    def expected(self):
        row = {"source_ip": self.ip, "count": self.count, "disposition": self.disposition, "dkim": self.dkim,
               "spf": self.spf, "header_from": self.header_from, "envelope_from": self.envelope_from,
               "auth_dkim": [[d.domain, d.selector, d.result] for d in self.auth_dkim],
               "auth_spf": [[s.domain, s.scope, s.result] for s in self.auth_spf]}
        if self.envelope_to is not None:
            row["envelope_to"] = self.envelope_to
        if self.reasons:
            row["reasons"] = [list(reason) for reason in self.reasons]
        return row


@dataclass
class Report:
    id: str
    org: str = "Receiver Example"
    email: str = "dmarc-reports@receiver.example"
    contact: str = None
    begin: int = START
    end: int = START + DAY - 1
    errors: tuple = ()
    generator: str = None
    version: str = "1.0"
    namespace: str = ""
    domain: str = "example.com"
    adkim: str = "r"
    aspf: str = "r"
    p: str = "quarantine"
    sp: str = "reject"
    np: str = None
    pct: int = 100
    fo: str = "1"
    testing: str = None
    discovery: str = None
    rows: list = field(default_factory=list)

    def but(self, **changes):
        return replace(copy.deepcopy(self), **changes)

    def expected(self, with_rows=True):
        counted = [r.count for r in self.rows if r.ip is not None and r.count is not None and r.count > 0]
        want = {"org_name": self.org, "email": self.email, "report_id": self.id, "domain": self.domain,
                "begin": self.begin, "end": self.end, "records": len(self.rows), "messages": sum(counted),
                "damaged": False, "policy": self.policy(), "defects": []}
        for name in ("version", "generator"):
            if getattr(self, name) is not None:
                want[name] = getattr(self, name)
        if self.errors:
            want["errors"] = list(self.errors)
        if self.contact is not None:
            want["extra_contact_info"] = self.contact
        if with_rows:
            want["rows"] = [row.expected() for row in self.rows]
        return want

    def policy(self):
        policy = {name: getattr(self, name) for name in ("p", "sp", "np", "adkim", "aspf", "pct", "fo")}
        policy["testing"] = None if self.testing is None else self.testing == "y"
        policy["discovery_method"] = self.discovery
        return policy


def own_sender(count=120, ip="192.0.2.10"):
    """The domain's own server: everything aligned."""
    return Row(ip, count, auth_dkim=(Dkim("example.com"),), auth_spf=(Spf("example.com"),))


def mailing_service(count=35, ip="198.51.100.25"):
    """A service that authenticates as itself: passes, but nothing is aligned."""
    return Row(ip, count, "quarantine", "fail", "fail", envelope_from="bounces.mailer.example",
               auth_dkim=(Dkim("mailer.example", selector="m2026"),), auth_spf=(Spf("bounces.mailer.example"),))


def forwarder(count=4, ip="203.0.113.77"):
    """A forwarder: SPF fails at the new address, the signature survives."""
    return Row(ip, count, "none", "pass", "fail", auth_dkim=(Dkim("example.com"),),
               auth_spf=(Spf("example.com", "fail"),))


def spoofer(count=9, ip="2001:db8:66::9"):
    """A stranger with neither SPF nor DKIM."""
    return Row(ip, count, "quarantine", "fail", "fail", auth_spf=(Spf("example.com", "softfail"),))


def usual(name, rows=None, **changes):
    """The report that most odd samples start from: three records, nothing odd, an id of its own."""
    report = Report(id=name, rows=rows if rows is not None else [own_sender(), mailing_service(), forwarder()])
    return report.but(**changes)
