"""Fourteen days of reports to one owner, planted so that everything in them is known.

The owner has example.com (p=none until the eighth day, then quarantine) and example.org (p=reject). Five reporters
send one report per domain and day. What happens: the own servers and one service are aligned; a mailing service
authenticates as itself only; a forwarder breaks SPF; a mailing list breaks DKIM and is overridden; strangers spoof
example.com from 120 addresses on days 9 and 10; one reporter contradicts its own auth_results; one is silent for four
days; one report comes twice, one comes again with another count, one is damaged, one mail cannot be unpacked, one is
no report. truth() counts it all from the same values, not from the files.
"""
from . import mail
from .containers import gz, zipped
from .layout import ONE_LINE, RFC9990, STANDARD, TABS, WIDE, write
from .report import DAY, START, Dkim, Report, Row, Spf

FIRST = START + 4 * DAY  # Monday, 2026-01-05
DAYS = 14
POLICY_CHANGE = 7        # from this day on (0-based)
WAVE = (8, 9)
SILENT = range(4, 8)

# name, address, layout, weight in percent, wrapping
REPORTERS = [("bigmail.example", "noreply-dmarc@bigmail.example", STANDARD, 100, "zip"),
             ("Office Suite Example", "dmarcreport@office.example", WIDE, 60, "gz"),
             ("Webpost Example", "noreply@webpost.example", RFC9990, 25, "gz"),
             ("Campus Example", "dmarc@campus.example", TABS, 10, "xml"),
             ("Small ISP Example", "postmaster@smallisp.example", ONE_LINE, 5, "gz")]
CONTRADICTING, SILENT_ONE = "Campus Example", "Small ISP Example"


def volume(base, day, weight):
    """Weekends are quiet; the rest varies a little, always in the same way."""
    factor = 40 if day % 7 in (5, 6) else 100 + (day * 37) % 23
    return max(1, base * factor * weight // 10000)


def applied(day):
    return "none" if day < POLICY_CHANGE else "quarantine"


def own(day, weight):
    return [Row("192.0.2.10", volume(2000, day, weight), auth_dkim=(Dkim("example.com", selector="k1"),),
                auth_spf=(Spf("example.com"),)),
            Row("2001:db8:25::10", volume(300, day, weight), auth_dkim=(Dkim("example.com", selector="k1"),),
                auth_spf=(Spf("example.com"),)),
            Row("198.51.100.40", volume(450, day, weight), envelope_from="bounce.example.com",
                auth_dkim=(Dkim("example.com", selector="billing"), Dkim("billing.example", selector="b1")),
                auth_spf=(Spf("bounce.example.com"),))]


def service(day, weight):
    """A newsletter on Tuesdays and Thursdays: SPF and DKIM pass, for the service's own names."""
    if day % 7 not in (1, 3):
        return []
    return [Row(f"198.51.100.{n}", volume(800, day, weight), applied(day), "fail", "fail",
                envelope_from="bounces.mailer.example", auth_dkim=(Dkim("mailer.example", selector="m2026"),),
                auth_spf=(Spf("bounces.mailer.example"),)) for n in (20, 21)]


def relays(day, weight, reporter):
    rows = [Row("203.0.113.30", volume(90, day, weight), "none", "pass", "fail",
                auth_dkim=(Dkim("example.com", selector="k1"),), auth_spf=(Spf("example.com", "fail"),))]
    comment = "arc=pass as[1].d=list.example as[1].s=arc1 remote-ip[1]=192.0.2.10"
    reasons = (("local_policy", comment),) if reporter == "bigmail.example" else (("mailing_list", "list traffic"),)
    rows.append(Row("203.0.113.60", volume(70, day, weight), "none", "fail", "fail", envelope_from="list.example",
                    reasons=reasons, auth_dkim=(Dkim("example.com", "fail", "k1"), Dkim("list.example", selector="l")),
                    auth_spf=(Spf("list.example"),)))
    return rows


def wave(day, weight):
    if day not in WAVE:
        return []
    addresses = [f"203.0.113.{n}" for n in range(130, 190)] + [f"2001:db8:bad:{n:x}::1" for n in range(1, 61)]
    return [Row(ip, volume(20 + n % 7, day, weight), applied(day), "fail", "fail",
                auth_spf=(Spf("example.com", "fail"),)) for n, ip in enumerate(addresses)]


def contradicted(rows):
    """The reporter's verdict says fail where its own results say an aligned pass."""
    for row in rows:
        if row.ip == "203.0.113.30":
            row.dkim = "fail"
    return rows


def main_domain(day, name, weight):
    rows = own(day, weight) + service(day, weight) + relays(day, weight, name) + wave(day, weight)
    return contradicted(rows) if name == CONTRADICTING else rows


def second_domain(day, weight):
    rows = [Row("192.0.2.80", volume(120, day, weight), header_from="example.org", envelope_from="example.org",
                auth_dkim=(Dkim("example.org", selector="o1"),), auth_spf=(Spf("example.org"),))]
    if day % 5 == 2:
        rows.append(Row("203.0.113.250", volume(30, day, weight), "reject", "fail", "fail", header_from="example.org",
                        envelope_from="", auth_spf=(Spf("stranger.example", "none", "helo"),)))
    return rows


def report(day, reporter, domain):
    name, email, _, weight, _ = reporter
    policy = applied(day) if domain == "example.com" else "reject"
    rows = main_domain(day, name, weight) if domain == "example.com" else second_domain(day, weight)
    begin = FIRST + day * DAY
    id = f"{email.split('@')[1]}-{domain}-{day + 1:02d}"
    return Report(id=id, org=name, email=email, domain=domain, p=policy, sp=policy, begin=begin, end=begin + DAY - 1,
                  rows=rows)


def reports():
    """(report, reporter) of every day in the order of sending."""
    for day in range(DAYS):
        for reporter in REPORTERS:
            for domain in ("example.com", "example.org"):
                if reporter[0] != SILENT_ONE or day not in SILENT:
                    yield report(day, reporter, domain), reporter


def find(id):
    return next((r, who) for r, who in reports() if r.id == id)


DUPLICATE, CONFLICT = "webpost.example-example.com-04", "bigmail.example-example.com-06"
DAMAGED = "smallisp.example-example.com-12"  # cut off inside its third record


def wrapped(item, reporter):
    text = write(item, reporter[2])
    if item.id == DAMAGED:
        text = text[:nth(text, "<record>", 3) + 60]
    data, name = text.encode(), f"{reporter[1].split('@')[1]}!{item.domain}!{item.begin}!{item.end}"
    if reporter[4] == "zip":
        part = mail.file_part(zipped([(name + ".xml", data)]), "application/zip", name + ".zip")
    elif reporter[4] == "gz":
        part = mail.file_part(gz(data), "application/gzip", name + ".xml.gz")
    else:
        part = mail.part(f'Content-Type: text/xml; name="{name}.xml"\n', data.decode())
    return mail.multipart(item.id, [mail.text_part(), part])


def nth(text, mark, count):
    where = -1
    for _ in range(count):
        where = text.index(mark, where + 1)
    return where


def extras():
    """The duplicate, the conflict, the mail that cannot be unpacked and the letter, in this order after the others."""
    twin, who = find(DUPLICATE)
    other, other_who = find(CONFLICT)
    other.rows[0].count += 1
    broken, broken_who = find("office.example-example.com-05")
    packed = gz(write(broken.but(id="cut-in-transit"), broken_who[2]).encode())
    letter = ("From: someone@partner.example\nTo: dmarc@example.com\nSubject: Lunch\n"
              "Date: Fri, 16 Jan 2026 10:00:00 +0000\nMessage-ID: <lunch@partner.example>\n\nAt noon?\n")
    return [wrapped(twin, who).replace("Message-ID: <", "Message-ID: <again-"), wrapped(other, other_who),
            mail.multipart("cut-in-transit", [mail.file_part(packed[:len(packed) // 2])]), letter]


def mails():
    """{name in the maildir: bytes}; the order of the names is the order of arrival."""
    texts = [(r.end + 3600, wrapped(r, who)) for r, who in reports()]
    texts += [(FIRST + (DAYS + 1) * DAY + n, text) for n, text in enumerate(extras())]
    return {f"new/{when}.M{n:04d}P1.mail": text.encode() for n, (when, text) in enumerate(texts)}


def counted():
    for item, _ in reports():
        yield item.but(rows=item.rows[:2]) if item.id == DAMAGED else item


def add(total, row):
    total["messages"] += row.count
    total["dkim_pass"] += row.count * (row.dkim == "pass")
    total["spf_pass"] += row.count * (row.spf == "pass")
    total["dmarc_pass"] += row.count * ("pass" in (row.dkim, row.spf))
    total[row.disposition] = total.get(row.disposition, 0) + row.count


def empty():
    return {"messages": 0, "dmarc_pass": 0, "dkim_pass": 0, "spf_pass": 0}


def truth():
    domains = {}
    for item in counted():
        facts = domains.setdefault(item.domain, {"reports": 0, "records": 0, "total": empty(), "days": {},
                                                 "sources": {}, "reporters": {}, "overridden": {}, "policies": {}})
        facts["reports"] += 1
        facts["records"] += len(item.rows)
        facts["policies"].setdefault(item.p, item.begin)
        day = str((item.begin - FIRST) // DAY + 1)
        for row in item.rows:
            groups = [facts["total"], facts["days"].setdefault(day, empty()),
                      facts["sources"].setdefault(row.ip, empty()), facts["reporters"].setdefault(item.org, empty())]
            for total in groups:
                add(total, row)
            for kind, _ in row.reasons:
                facts["overridden"][kind] = facts["overridden"].get(kind, 0) + row.count
    silent = [FIRST + day * DAY for day in SILENT]
    contradictions = sum(row.ip == "203.0.113.30" and item.org == CONTRADICTING for item in counted()
                         for row in item.rows)
    return {"first_day": FIRST, "days": DAYS, "domains": domains, "silent": {SILENT_ONE: silent},
            "contradicting": {CONTRADICTING: contradictions}, "policy_change": FIRST + POLICY_CHANGE * DAY,
            "spoofing_days": [FIRST + day * DAY for day in WAVE],
            "ledger": {"mails": len(mails()), "stored": len(list(reports())), "duplicate": 1, "conflict": 1,
                       "rejected": 1, "not_a_report": 1, "damaged": 1}}
