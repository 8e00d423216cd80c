"""Oddities of values, numbered V17 to V29 as in the README: identifiers, counts, addresses, dates, ids, names."""
from .layout import write
from .odd_values import raw, rows_of
from .odd_xml import odd
from .report import DAY, START, Dkim, Row, Spf, own_sender, usual
from .sample import defect, edit, edit_in_record

FROM1 = "<header_from>example.com</header_from>"
COUNT1 = "<count>120</count>"
IP1 = "<source_ip>192.0.2.10</source_ip>"


def samples():
    return [*v17(), v18(), *v19(), *v20(), *v21(), v22(), *v23(), *v24(), v25(), v26(), v27(), *v28(), *v29()]


def without(report, number):
    """Messages of the report less one row's."""
    return report.expected()["messages"] - number


def v17():
    no_envelope = usual("v17-no-envelope-from", [own_sender(5)])
    no_envelope.rows[0].envelope_from = None
    lists = usual("v17-header-from-list")
    text = edit_in_record(write(lists), 1, (FROM1, "<header_from>other.example, pages.example.com, example.com"
                                                   "</header_from>"))
    return [odd("v17-no-envelope-from.xml", no_envelope, write(no_envelope), "no envelope_from"),
            odd("v17-header-from-list.xml", lists, text, "a list in header_from: the first at or below the policy domain",
                [defect("header-from-list", row=1)], rows=rows_of(lists, (0, "header_from", "pages.example.com"))),
            raw("v17-header-from-address", "a whole address in header_from", FROM1,
                "<header_from>news@example.com</header_from>", [defect("address-for-domain", row=1)]),
            raw("v17-header-from-empty", "an empty header_from", FROM1, "<header_from></header_from>",
                [defect("no-header-from", row=1)], [(0, "header_from", "")])]


def v18():
    report = usual("v18")
    for row in report.rows:
        for spf in row.auth_spf:
            spf.scope = None
    return odd("v18-no-scope.xml", report, write(report), "no SPF scope means mfrom")


def v19():
    zero, null = usual("v19-zero-count"), usual("v19-null-report", [own_sender(0)])
    text = edit(write(null), (IP1, "<source_ip></source_ip>"))
    return [odd("v19-zero-count.xml", zero, edit_in_record(write(zero), 1, (COUNT1, "<count>0</count>")),
                "a count of 0: kept, not counted", [defect("count-zero", row=1)],
                rows=rows_of(zero, (0, "count", 0)), messages=without(zero, 120)),
            odd("v19-null-report.xml", null, text, "count 0 without address, sent when there was nothing to report",
                [defect("no-source-ip", row=1), defect("count-zero", row=1)],
                rows=rows_of(null, (0, "source_ip", None)))]


def v20():
    out = []
    for name, written, count, code in (
            ("empty", "", None, "no-count"), ("word", "many", None, "bad-count"), ("negative", "-3", None, "bad-count"),
            ("float", "120.0", 120, "count-fraction"), ("fraction", "120.5", None, "bad-count"),
            ("exponent", "1e3", 1000, "count-notation"), ("hex", "0x78", None, "bad-count"),
            ("huge", "99999999999999999999", 10**12, "count-capped"),
            ("at-cap", "1000000000000", 10**12, None), ("over-cap", "1000000000001", 10**12, "count-capped"),
            ("thousands", "1,200", None, "bad-count"), ("plus", "+120", 120, "count-notation")):
        # Enormous counts have a domain of their own: beside such sums nothing else of a demonstration could be seen.
        report = usual(f"v20-count-{name}", domain="counts.example" if (count or 0) >= 10**12 else "example.com")
        want = [defect(code, row=1)] if code else []
        out.append(raw(f"v20-count-{name}", f"count {written or 'empty'}", COUNT1, f"<count>{written}</count>", want,
                       [(0, "count", count)], report, messages=without(report, 120) + (count or 0)))
    report = usual("v20-count-missing")
    text = edit_in_record(write(report), 1, (COUNT1, ""))
    return out + [odd("v20-count-missing.xml", report, text, "no count", [defect("no-count", row=1)],
                      rows=rows_of(report, (0, "count", None)), messages=without(report, 120))]


def v21():
    out = []
    for name, written, ip, code in (
            ("missing", None, None, "no-source-ip"), ("blanks", " 192.0.2.10 ", "192.0.2.10", None),
            ("port", "192.0.2.10:25", "192.0.2.10", "source-ip-normalised"),
            ("mapped", "::ffff:192.0.2.10", "192.0.2.10", "source-ip-normalised"),
            ("brackets", "[192.0.2.10]", "192.0.2.10", "source-ip-normalised"),
            ("tagged", "IPv6:2001:db8::10", "2001:db8::10", "source-ip-normalised"),
            ("long-ipv6", "2001:0DB8:0000:0000:0000:0000:0000:0010", "2001:db8::10", None),
            ("host-name", "mail.example.com", None, "bad-source-ip"),
            ("octet-300", "192.0.2.300", None, "bad-source-ip"),
            ("zone", "fe80::1%eth0", "fe80::1", "source-ip-normalised")):
        report = usual(f"v21-ip-{name}")
        text = "" if written is None else f"<source_ip>{written}</source_ip>"
        facts = {} if ip else {"messages": without(report, 120)}
        out.append(raw(f"v21-ip-{name}", f"source_ip {written or 'missing'}", IP1, text,
                       [defect(code, row=1)] if code else [], [(0, "source_ip", ip)], report, **facts))
    return out


def dates(name, shows, from_text, to_text, defects, report=None, **facts):
    report = report or usual(name)
    text = edit(write(report), (f"<begin>{report.begin}</begin>", from_text),
                (f"<end>{report.end}</end>", to_text))
    return odd(f"{name}.xml", report, text, shows, defects, **facts)


def v22():
    return dates("v22-float-epoch", "dates with a fraction", f"<begin>{START}.0</begin>",
                 f"<end>{START + DAY - 1}.0</end>", [defect("date-fraction")])


def v23():
    milli = dates("v23-milliseconds", "dates in milliseconds", f"<begin>{START}000</begin>",
                  f"<end>{START + DAY - 1}999</end>", [defect("date-milliseconds")])
    iso = dates("v23-iso-8601", "dates in ISO 8601, one with an offset", "<begin>2026-01-01T00:00:00Z</begin>",
                "<end>2026-01-02T00:59:59+01:00</end>", [defect("date-iso8601")])
    text = dates("v23-date-words", "dates that are words", "<begin>yesterday</begin>", "<end>today</end>",
                 [defect("date-unreadable")], begin=None, end=None)
    none = dates("v23-no-dates", "no dates", "", "", [defect("no-date")], begin=None, end=None)
    return [milli, iso, text, none]


def v24():
    zero = usual("v24-zero-length", end=START)
    long = usual("v24-weeks", end=START + 45 * DAY)
    turned = usual("v24-begin-after-end", begin=START + DAY - 1, end=START)
    return [odd("v24-zero-length.xml", zero, write(zero), "begin equals end", [defect("zero-length-period")]),
            odd("v24-weeks.xml", long, write(long), "45 days in one report", [defect("long-period")]),
            odd("v24-begin-after-end.xml", turned, write(turned), "begin after end: they are swapped",
                [defect("period-reversed")], begin=START, end=START + DAY - 1)]


def v25():
    report = usual("v25", np="reject", testing="n", discovery="psl", generator="Example Reporter 3.1")
    return odd("v25-9990-elements-without-namespace.xml", report, write(report),
               "elements of RFC 9990 in a report without namespace")


def v26():
    report = usual("v26", [own_sender()])
    report.rows[0].envelope_to = "receiver.example"
    text = edit(write(report), ("    <fo>1</fo>\n", "    <fo>1</fo>\n    <rf>afrf</rf>\n    <ri>86400</ri>\n"))
    return odd("v26-rf-ri-envelope-to.xml", report, text, "rf and ri are kept in a defect, envelope_to in the record",
               [defect("vendor-element")])


def v27():
    row = Row("192.0.2.10", 3, reasons=(("other", "y" * 20000),),
              auth_dkim=(Dkim("example.com", human="x" * 20000),), auth_spf=(Spf("example.com"),))
    report = usual("v27", [row])
    rows = report.expected()["rows"]
    del rows[0]["reasons"]
    return odd("v27-long-texts.xml", report, write(report), "a human_result and a comment of 20,000 octets: cut",
               [defect("text-too-long", row=1)], rows=rows)


def v28():
    out = []
    for n, id in enumerate(("example.com:8f3a9c", "an id with blanks", "<2026.01.01@receiver.example>", "a/b/../c?d=1",
                            "x" * 200), 1):
        report = usual(id)
        out.append(odd(f"v28-report-id-{n}.xml", report, write(report), f"report_id {id[:40]}: opaque"))
    report = usual("v28", id=None)
    return out + [odd("v28-report-id-missing.xml", report, write(report), "no report_id", [defect("no-report-id")],
                      report_id="")]


def v29():
    upper = raw("v29-upper-case", "upper case in names", FROM1, "<header_from>Example.COM</header_from>",
                [defect("domain-normalised", row=1)])
    dot = raw("v29-trailing-dot", "a trailing dot", FROM1, "<header_from>example.com.</header_from>",
              [defect("domain-normalised", row=1)])
    label = raw("v29-u-label", "a U-label becomes an A-label", FROM1, "<header_from>b\u00fccher.example.com</header_from>",
                [defect("domain-normalised", row=1)], [(0, "header_from", "xn--bcher-kva.example.com")])
    bad = raw("v29-no-domain", "a header_from that is no name", FROM1, "<header_from>not a name</header_from>",
              [defect("bad-domain", row=1)], [(0, "header_from", "not a name")])
    report = usual("v29-policy-domain", domain="EXAMPLE.com.")
    policy = odd("v29-policy-domain.xml", report, write(report), "upper case and a dot in the policy domain",
                 [defect("domain-normalised")], domain="example.com")
    return [upper, dot, label, bad, policy]
