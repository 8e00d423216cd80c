"""The demonstration: a maildir with thirty nights of reports about one shop, and two failure reports.

What happens is stated here once, per sender and day; the reports of every receiver follow from it. Addresses and
domains are reserved for documentation. The domains of the three services are those that they really send with, so that
they can be recognised.
"""
import datetime
import hashlib
import json
from dataclasses import dataclass

from . import demo_failures, demo_mail, demo_zone
from .layout import RFC9990, STANDARD, WIDE, write
from .report import DAY, Dkim, Report, Row, Spf

SHOP = "lune-shop.example"
FIRST_DAY = int(datetime.datetime(2026, 9, 1, tzinfo=datetime.timezone.utc).timestamp())
DAYS = 30
WAVE_DAYS = range(16, 20)  # 17 to 20 September
KEY_REMOVED_DAY = 22       # 23 September: the key of the ticket system is gone from DNS


@dataclass
class Receiver:
    name: str
    domain: str
    share: int         # per cent of all mail
    layout: object
    container: str     # gz or zip
    changes: dict
    every: int = 1     # reports every so many days


RECEIVERS = (
    Receiver("Mailhaus", "mailhaus.example", 45, RFC9990, "gz",
             {"namespace": RFC9990.root, "pct": None, "testing": "n", "discovery": "treewalk",
              "generator": "Mailhaus Reports 4.2"}),
    Receiver("Postwelt AG", "postwelt.example", 30, WIDE, "zip", {"contact": "https://postmaster.postwelt.example/"}),
    Receiver("Inbox One", "inboxone.example", 21, STANDARD, "gz", {"version": "1.0"}),
    Receiver("Stadtnetz", "stadtnetz.example", 4, STANDARD, "zip", {}, every=3))


def draw(*what, below):
    """A number below `below` that depends on `what` alone."""
    return int.from_bytes(hashlib.sha256(repr(what).encode()).digest()[:8], "big") % below


def vary(amount, *what):
    """An amount that differs by up to a fifth either way."""
    return amount - amount // 5 + draw(*what, below=2 * (amount // 5) + 1)


def weekday(day):
    return (1 + day) % 7  # 1 September 2026 is a Tuesday; 0 is Monday


def own_server(day):
    """Order confirmations: everything aligned."""
    yield Row("192.0.2.25", vary(160 if weekday(day) < 5 else 240, "own", day), header_from=SHOP, envelope_from=SHOP,
              auth_dkim=(Dkim(SHOP, selector="shop2026"),), auth_spf=(Spf(SHOP),))


def mailbox_provider(day):
    """What people write: signed for the shop and by the provider."""
    for ip in ("198.51.100.27", "198.51.100.28"):
        amount = vary(22 if weekday(day) < 5 else 5, "people", ip, day)
        yield Row(ip, amount, header_from=SHOP, envelope_from=SHOP, auth_spf=(Spf(SHOP),),
                  auth_dkim=(Dkim(SHOP, selector="fm1"), Dkim("messagingengine.com", selector="fm3")))


def newsletter(day):
    """Tuesday and Friday: authenticates as the service only, so nothing is aligned."""
    if weekday(day) not in (1, 4):
        return
    for host in (131, 132, 133):
        bounces = f"mail{host}.atl261.rsgsv.net"
        yield Row(f"198.51.100.{host}", vary(110, "news", host, day), "none", "fail", "fail", header_from=SHOP,
                  envelope_from=bounces, auth_dkim=(Dkim("mailchimpapp.net", selector="k2"),), auth_spf=(Spf(bounces),))


def ticket_system(day):
    """Signs for the shop until its key is removed from DNS; its envelope is its own."""
    whole = day < KEY_REMOVED_DAY
    key = Dkim(SHOP, selector="zendesk1") if whole else Dkim(SHOP, "permerror", "zendesk1", "no key for signature")
    for ip in ("203.0.113.41", "203.0.113.42"):
        yield Row(ip, vary(20 if weekday(day) < 5 else 10, "tickets", ip, day), "none", "pass" if whole else "fail", "fail",
                  header_from=SHOP, envelope_from="lune-shop.zendesk.com",
                  auth_dkim=(key, Dkim("zendesk.com", selector="zendesk1")), auth_spf=(Spf("lune-shop.zendesk.com"),))


def forwarder(day):
    """An association forwards to its members: the signature of the shop survives."""
    yield Row("203.0.113.20", 5 + draw("forward", day, below=5), "none", "pass", "fail", header_from=SHOP,
              envelope_from="members.verein.example", auth_dkim=(Dkim(SHOP, selector="shop2026"),),
              auth_spf=(Spf("members.verein.example"),))


def spoofing(day):
    """Four days of forged invoices from many addresses, with neither signature nor authorisation."""
    for n in range(24 if day in WAVE_DAYS else 0):
        ip = f"203.0.113.{128 + draw('wave', day, n, below=120)}" if n % 3 else f"2001:db8:66:{draw('six', day, n, below=4096):x}::25"
        yield Row(ip, vary(28, "wave", day, n), "none", "fail", "fail", header_from=SHOP, envelope_from=SHOP,
                  auth_spf=(Spf(SHOP, "softfail"),))


SENDERS = (own_server, mailbox_provider, newsletter, ticket_system, forwarder, spoofing)


def rows_of(day):
    return [row for sender in SENDERS for row in sender(day)]


def split(count, day, ip):
    """A day's messages of one source over the receivers; rounding goes to the first."""
    shares = [count * r.share // 100 if day % r.every == 0 else 0 for r in RECEIVERS]
    shares[0] += count - sum(shares)
    return shares


def reports_of(day):
    """One report per receiver who has seen mail on this day."""
    parts = {}
    for row in rows_of(day):
        for receiver, count in zip(RECEIVERS, split(row.count, day, row.ip)):
            if count:
                copy = Row(**{**vars(row), "count": count})
                parts.setdefault(receiver.name, []).append(copy)
    for receiver in RECEIVERS:
        if receiver.name in parts:
            yield receiver, report(receiver, day, parts[receiver.name])


def report(receiver, day, rows):
    begin = FIRST_DAY + day * DAY
    id = f"{begin}.{draw('id', receiver.name, day, below=10**9):09d}"
    values = dict(id=id, org=receiver.name, email=f"dmarc-reports@{receiver.domain}", begin=begin, end=begin + DAY - 1,
                  domain=SHOP, p="none", sp=None, fo="1", rows=rows)
    return Report(**{**values, **receiver.changes})


def files():
    """{path below sample-reports: octets} of the maildir, and what must be read from it."""
    made, total = {}, {"reports": 0, "records": 0, "messages": 0, "failure_reports": 0, "by_source": {}}
    for day in range(DAYS):
        for receiver, one in reports_of(day):
            place, mail = demo_mail.aggregate(receiver, one, write(one, receiver.layout), day == DAYS - 1)
            made[f"demo/{place}"] = mail
            count(total, one)
    for place, mail in demo_failures.mails(FIRST_DAY, WAVE_DAYS, KEY_REMOVED_DAY):
        made[f"demo/{place}"] = mail
        total["failure_reports"] += 1
    total["by_source"] = dict(sorted(total["by_source"].items()))
    made["demo.zone.json"] = demo_zone.octets()
    made["demo.expected.json"] = (json.dumps(total, indent=1) + "\n").encode()
    return made


def count(total, report):
    total["reports"] += 1
    for row in report.rows:
        total["records"] += 1
        total["messages"] += row.count
        total["by_source"][row.ip] = total["by_source"].get(row.ip, 0) + row.count
