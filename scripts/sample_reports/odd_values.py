"""Oddities of values, numbered V1 to V16 as in the README."""
from .layout import write
from .odd_xml import odd
from .report import Dkim, Row, Spf, own_sender, usual
from .sample import defect, edit, edit_in_record


def samples():
    return [v01(), *v02(), v03(), *v04(), *v05(), v06(), v07(), *v08(), *v09(), *v10(), *v11(), *v12(), v13(), v14(),
            v15(), v16()]


def rows_of(report, *changes):
    """The expected rows with (index, field, value) changed."""
    rows = report.expected()["rows"]
    for index, name, value in changes:
        rows[index][name] = value
    return rows


def raw(name, shows, before, after, defects, rows_changed=(), report=None, record=1, **facts):
    """A usual report in whose given record `before` became `after`."""
    report = report or usual(name)
    text = edit_in_record(write(report), record, (before, after))
    return odd(f"{name}.xml", report, text, shows, defects, rows=rows_of(report, *rows_changed), **facts)


DKIM1 = "<result>pass</result>\n      </dkim>"
SPF1 = "<result>pass</result>\n      </spf>"


def v01():
    return raw("v01-spf-hardfail", "SPF hardfail is fail", "<result>fail</result>\n      </spf>",
               "<result>hardfail</result>\n      </spf>", [defect("spf-result-mapped", row=3)], record=3)


def v02():
    spf = [[["example.com", "mfrom", word]] for word in ("temperror", "permerror")]
    return [raw("v02-spf-unknown", "SPF unknown was temperror once", SPF1, "<result>unknown</result>\n      </spf>",
                [defect("spf-result-mapped", row=1)], [(0, "auth_spf", spf[0])]),
            raw("v02-spf-error", "SPF error was permerror once", SPF1, "<result>error</result>\n      </spf>",
                [defect("spf-result-mapped", row=1)], [(0, "auth_spf", spf[1])]),
            raw("v02-dkim-unknown", "DKIM unknown stays unknown", DKIM1, "<result>unknown</result>\n      </dkim>",
                [defect("dkim-result-unknown", row=1)], [(0, "auth_dkim", [["example.com", "s1", "unknown"]])]),
            raw("v02-dkim-error", "DKIM error is permerror", DKIM1, "<result>error</result>\n      </dkim>",
                [defect("dkim-result-mapped", row=1)], [(0, "auth_dkim", [["example.com", "s1", "permerror"]])])]


def v03():
    return raw("v03-dkim-invalid", "DKIM invalid is permerror", DKIM1, "<result>invalid</result>\n      </dkim>",
               [defect("dkim-result-mapped", row=1)], [(0, "auth_dkim", [["example.com", "s1", "permerror"]])])


def v04():
    report = usual("v04-case")
    text = edit_in_record(write(report), 1, ("<disposition>none</disposition>", "<disposition>None</disposition>"),
                          ("<dkim>pass</dkim>", "<dkim>PASS</dkim>"), (SPF1, "<result>Pass</result>\n      </spf>"))
    blank = usual("v04-blanks")
    wide = edit_in_record(write(blank), 1, ("<disposition>none</disposition>", "<disposition>\n none\t</disposition>"),
                          ("<source_ip>192.0.2.10</source_ip>", "<source_ip>\n\t192.0.2.10 </source_ip>"),
                          ("<count>120</count>", "<count> 120\n</count>"))
    return [odd("v04-upper-case.xml", report, text, "None, PASS and Pass are none and pass",
                [defect("letter-case", row=1)]),
            odd("v04-blanks.xml", blank, wide, "blanks and line ends around values")]


def v05():
    change = [(0, "disposition", "unknown")]
    old, new = "<disposition>none</disposition>", "<disposition>{}</disposition>"
    return [raw("v05-disposition-softfail", "disposition softfail is unknown", old, new.format("softfail"),
                [defect("disposition-unknown", row=1)], change),
            raw("v05-disposition-empty", "an empty disposition is unknown", old, new.format(""),
                [defect("disposition-unknown", row=1)], change),
            raw("v05-disposition-pass", "disposition pass before RFC 9990 stays pass, flagged", old, new.format("pass"),
                [defect("disposition-pass-in-old-report", row=1)], [(0, "disposition", "pass")])]


def v06():
    report = usual("v06-policy-spf-none")
    text = edit_in_record(write(report), 2, ("<spf>fail</spf>", "<spf>none</spf>"))
    text = edit_in_record(text, 3, ("<spf>fail</spf>", "<spf>softfail</spf>"))
    return odd("v06-policy-spf-none.xml", report, text, "policy_evaluated/spf none and softfail are fail",
               [defect("spf-evaluated-mapped", row=2), defect("spf-evaluated-mapped", row=3)])


def v07():
    raws = ["", "relayed by us", "HASH(0x55d0c1a2b3c8)", "<type/>", "<type>mailing-list-maybe</type>",
            "<comment>only a comment</comment>"]
    report = usual("v07-reasons", [own_sender(n, f"192.0.2.{n}") for n in range(1, 7)])
    text = write(report)
    rows = report.expected()["rows"]
    types = ["", "relayed by us", "HASH(0x55d0c1a2b3c8)", "", "mailing-list-maybe", ""]
    found = ["empty-reason" if inside in ("", "<type/>") else "unknown-reason" for inside in raws]
    for n, (inside, type) in enumerate(zip(raws, types), 1):
        comment = "only a comment" if n == 6 else None
        text = edit_in_record(text, n, ("</policy_evaluated>", f"<reason>{inside}</reason></policy_evaluated>"))
        rows[n - 1]["reasons"] = [["unknown", comment, type]]
    return odd("v07-reasons.xml", report, text, "reasons that are empty, text, a memory address, without a known type",
               [defect(code, row=n) for n, code in enumerate(found, 1)], rows=rows)


def v08():
    missing, empty, nil = usual("v08-no-sp", sp=None), usual("v08-empty-sp"), usual("v08-nil-sp")
    return [odd("v08-no-sp.xml", missing, write(missing), "no sp: absent stays absent"),
            odd("v08-empty-sp.xml", empty, edit(write(empty), ("<sp>reject</sp>", "<sp></sp>")), "an empty sp",
                [defect("empty-sp")], policy={**empty.policy(), "sp": None}),
            odd("v08-nil-sp.xml", nil, edit(write(nil), ("<sp>reject</sp>", "<sp>nil</sp>")), "nil as sp",
                [defect("unknown-policy")], policy={**nil.policy(), "sp": "unknown"})]


def v09():
    modes = usual("v09-no-modes", adkim=None, aspf=None, pct=None, fo=None)
    p = usual("v09-no-p", p=None)
    domain = usual("v09-no-domain", domain=None)
    word = usual("v09-bad-modes")
    text = edit(write(word), ("<adkim>r</adkim>", "<adkim>relaxed</adkim>"), ("<pct>100</pct>", "<pct>all</pct>"))
    return [odd("v09-no-modes.xml", modes, write(modes), "no adkim, aspf, pct, fo: absent stays absent"),
            odd("v09-no-p.xml", p, write(p), "no p", [defect("no-p")]),
            odd("v09-no-domain.xml", domain, write(domain), "no policy domain", [defect("no-policy-domain")], domain=""),
            odd("v09-bad-modes.xml", word, text, "adkim relaxed, pct all",
                [defect("unknown-alignment-mode"), defect("bad-pct")],
                policy={**word.policy(), "adkim": "unknown", "pct": None})]


def v10():
    out = []
    for name, version in (("none", None), ("0.1", "0.1"), ("2.0", "2.0"), ("1", "1")):
        report = usual(f"v10-{name}", version=version)
        out.append(odd(f"v10-version-{name}.xml", report, write(report), f"version {name}: informational"))
    return out


def v11():
    org, address, both = usual("v11-a", org=None), usual("v11-b", email=None), usual("v11-c", email="null")
    return [odd("v11-no-org-name.xml", org, write(org), "no org_name: the domain of the e-mail stands for it",
                [defect("no-org-name"), defect("org-name-from-email")], org_name="receiver.example"),
            odd("v11-no-email.xml", address, write(address), "no email", [defect("no-email")], email=""),
            odd("v11-null-email.xml", both, write(both), "the word null as email")]


def v12():
    report, spf = usual("v12-a"), usual("v12-b", [own_sender(), Row("192.0.2.11", 2, spf="fail",
                                                                   auth_dkim=(Dkim("example.com"),))])
    text = write(report)
    parts = text.split("<record>")
    start, end = parts[2].index("    <auth_results>"), parts[2].index("  </record>")
    parts[2] = parts[2][:start] + parts[2][end:]
    rows = rows_of(report, (1, "auth_dkim", []), (1, "auth_spf", []))
    return [odd("v12-no-auth-results.xml", report, "<record>".join(parts), "record 2 has no auth_results",
                [defect("no-auth-results", row=2)], rows=rows),
            odd("v12-no-spf.xml", spf, write(spf), "record 2 has no spf result")]


def v13():
    report = usual("v13", [own_sender()])
    empty = "<auth_results>\n      <dkim/>\n      <dkim><domain/><result/></dkim>"
    more = SPF1 + "<spf><domain>a.example</domain><scope>mfrom</scope><result>none</result></spf>" \
                  "<spf><domain>b.example</domain><scope>mfrom</scope><result>fail</result></spf>"
    text = edit(write(report), ("<auth_results>", empty), (SPF1, more))
    spf = [["example.com", "mfrom", "pass"], ["a.example", "mfrom", "none"], ["b.example", "mfrom", "fail"]]
    return odd("v13-empty-dkim.xml", report, text, "empty dkim elements and three spf elements",
               [defect("empty-dkim", row=1)],
               rows=rows_of(report, (0, "auth_spf", spf)))


def v14():
    row = Row("192.0.2.10", 8, auth_dkim=(Dkim("example.com"), Dkim("mailer.example", "fail", "m1"),
                                         Dkim("example.com", "permerror", "old")),
              auth_spf=(Spf("mail.example.com", "none", "helo"), Spf("example.com")))
    report = usual("v14", [row])
    return odd("v14-several-results.xml", report, write(report), "three DKIM results, SPF for helo and mfrom")


def v15():
    row = Row("192.0.2.10", 8, "quarantine", "fail", "fail", auth_dkim=(Dkim("", "none", None),),
              auth_spf=(Spf("", "none"),))
    report = usual("v15", [row])
    return odd("v15-empty-domains.xml", report, write(report), "empty DKIM and SPF domains",
               [defect("empty-dkim-domain", row=1), defect("empty-spf-domain", row=1)])


def v16():
    report = usual("v16", [Row("192.0.2.10", 8, auth_dkim=(Dkim("example.com", selector=None),),
                               auth_spf=(Spf("example.com"),))])
    return odd("v16-no-selector.xml", report, write(report), "no selector")
