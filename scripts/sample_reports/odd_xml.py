"""Oddities of the XML text, numbered X1 to X15 as in the README."""
from html import escape as html_escape

from . import mail
from .layout import RFC9990, RFC9990_NAMESPACE, Layout, write
from .report import forwarder, own_sender, usual
from .sample import Sample, defect, edit, edit_in_record


def odd(name, report, text, shows, defects=(), **facts):
    """A sample that says what its report says, but for the given facts."""
    data = text if isinstance(text, bytes) else text.encode()
    return Sample(f"odd/{name}", data, shows, reports=[{**report.expected(), "defects": list(defects), **facts}])


def refused(name, text, shows, code):
    return Sample(f"odd/{name}", text.encode(), shows, outcome="rejected", code=code)


def line_of(text, mark):
    """1-based line of the first occurrence."""
    return text[:text.index(mark)].count("\n") + 1


def samples():
    return [*x01(), x02(), *x03(), *x04(), *x05(), *x06(), *x07(), *x08(), *x09(), x10(), *x11(), x12(), *x13(), x14(),
            *x15()]


def x01():
    one, two = usual("x01-one"), usual("x01-two")
    bom = b"\xef\xbb\xbf"
    return [odd("x01-bom.xml", one, bom + write(one).encode(), "a UTF-8 byte order mark"),
            odd("x01-double-bom.xml", two, bom * 2 + write(two).encode(), "two byte order marks",
                [defect("double-bom")])]


def x02():
    report = usual("x02")
    return odd("x02-no-declaration.xml", report, write(report, Layout(prolog="")), "no XML declaration")


def x03():
    one, two = usual("x03-a", org="M\u00fcller \u201cMail\u201d Example"), usual("x03-b", org="Caf\u00e9 Example")
    three = usual("x03-c")
    records = three.expected()["rows"]
    records[0]["auth_dkim"] = [["example.com", "s\u00e91", "pass"]]
    bad = edit_in_record(write(three), 1, ("<selector>s1</selector>", "<selector>s\u00e91</selector>"))
    return [odd("x03-cp1252-in-utf8.xml", one, write(one).encode("cp1252"),
                "declared UTF-8, but names are in Windows-1252", [defect("not-utf8")], damaged=True),
            odd("x03-latin1-declared.xml", two, write(two, Layout(
                prolog='<?xml version="1.0" encoding="ISO-8859-1"?>')).encode("latin-1"), "ISO-8859-1, and declared so"),
            odd("x03-latin1-in-record.xml", three, bad.encode("latin-1"), "one Latin-1 octet inside a record",
                [defect("not-utf8", row=1)], rows=records, damaged=True)]


def x04():
    out = []
    for name, codec, bom in (("utf16le-bom", "utf-16-le", "\ufeff"), ("utf16be-bom", "utf-16-be", "\ufeff"),
                             ("utf16le", "utf-16-le", ""), ("utf16be", "utf-16-be", ""),
                             ("utf32le-bom", "utf-32-le", "\ufeff"), ("utf32be", "utf-32-be", "")):
        report = usual(f"x04-{name}", org="Übung Example")
        text = bom + write(report, Layout(prolog='<?xml version="1.0" encoding="UTF-16"?>'))
        defects = [defect(codec[:6])]
        out.append(odd(f"x04-{name}.xml", report, text.encode(codec), f"the text is {codec}", defects))
    for name, claim, codec in (("claims-utf16", "UTF-16", "utf-8"), ("claims-latin1", "ISO-8859-1", "utf-8"),
                               ("claims-nonsense", "X-UNKNOWN-8", "utf-8"),
                               ("utf16-claims-utf8", "UTF-8", "utf-16")):
        report = usual(f"x04-{name}", org="Übung Example")
        text = write(report, Layout(prolog=f'<?xml version="1.0" encoding="{claim}"?>'))
        data = ("\ufeff" + text).encode("utf-16-le") if codec == "utf-16" else text.encode(codec)
        out.append(odd(f"x04-{name}.xml", report, data, f"declares {claim}, but is {codec}",
                       [defect("encoding-mismatch")] + ([defect("utf-16")] if codec == "utf-16" else [])))
    for claim, org in (("ISO-8859-2", "Odbiorca \u0141\u00f3d\u017a"), ("KOI8-R", "\u041f\u0440\u0438\u043c\u0435\u0440"),
                       ("GB18030", "\u90ae\u4ef6 Example"), ("Shift_JIS", "\u30e1\u30fc\u30eb\u30bd Example")):
        report = usual(f"x04-{claim.lower()}", org=org)
        text = write(report, Layout(prolog=f'<?xml version="1.0" encoding="{claim}"?>'))
        out.append(odd(f"x04-{claim.lower().replace('_', '-')}.xml", report, text.encode(claim),
                       f"{claim}, and declared so"))
    return out


def x05():
    one, two, three = usual("x05-a"), usual("x05-b"), usual("x05-c")
    org = ("<org_name>Receiver Example</org_name>", "<org_name>Receiver & Sons <Mail></org_name>")
    address = ("<email>dmarc-reports@receiver.example</email>", "<email>Reports <dmarc-reports@receiver.example></email>")
    key = ("<result>pass</result>\n      </dkim>",
           "<result>pass</result>\n        <human_result>bits < 1024 & > 512</human_result>\n      </dkim>")
    text, mails, record = edit(write(one), org), edit(write(two), address), edit_in_record(write(three), 2, key)
    return [odd("x05-unescaped-markup.xml", one, text, "unescaped &, < and > in org_name",
                both(0, line_of(text, "<org_name>")), org_name="Receiver & Sons <Mail>", damaged=True),
            odd("x05-address-in-brackets.xml", two, mails, "an address in angle brackets, read as an element by XML",
                [defect("markup-in-text", line=line_of(mails, "<email>"))],
                email="Reports <dmarc-reports@receiver.example>", damaged=True),
            odd("x05-unescaped-in-record.xml", three, record, "unescaped < and & in a human_result of record 2",
                both(2, line_of(record, "<human_result>")), damaged=True)]


def both(row, line):
    return [defect("bare-ampersand", row, line), defect("markup-in-text", row, line)]


def kept(report, *indexes):
    """What remains of a report of which only these records are complete."""
    return {**report.but(rows=[report.rows[n] for n in indexes]).expected(), "damaged": True}


def x06():
    one, two, three, four = usual("x06-a"), usual("x06-b"), usual("x06-c"), usual("x06-d")
    whole = write(one)
    mismatch = edit_in_record(write(three), 2, ("<count>35</count>", "<count>35</cuont>"))
    unclosed = edit_in_record(write(four), 2, ("<count>35</count>", "<count>35"))
    made = [("x06-truncated-in-record-2.xml", whole[:whole.index("<count>35")], kept(one, 0), "cut off inside record 2",
             [defect("truncated", row=2, line=line_of(whole, "<count>35")), defect("record-dropped", row=2)]),
            ("x06-no-closing-root.xml", edit(write(two), ("</feedback>", "")), kept(two, 0, 1, 2),
             "the closing tag of the root is missing", [defect("truncated")]),
            ("x06-mismatched-tag.xml", mismatch, kept(three, 0, 1, 2), "count closed as cuont: nothing is lost",
             [defect("mismatched-tag", row=2, line=line_of(mismatch, "</cuont>"))]),
            ("x06-unclosed-tag.xml", unclosed, kept(four, 0, 1, 2), "count is not closed: nothing is lost",
             [defect("mismatched-tag", row=2)])]
    return [Sample(f"odd/{name}", text.encode(), shows, reports=[{**want, "defects": defects}])
            for name, text, want, shows, defects in made]


def x07():
    report, around = usual("x07"), usual("x07-around")
    stray = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://dmarc.org/dmarc-xml/0.1">\n'
    text = edit(write(report), ("  <report_metadata>", stray + "  <report_metadata>"))
    outside = edit(write(around), ("<feedback>", stray + "<feedback>"))
    return [odd("x07-unclosed-schema.xml", report, text, "a stray xs:schema that is never closed",
                [defect("extension"), defect("mismatched-tag", line=line_of(text, "<report_metadata>"))], damaged=True),
            odd("x07-schema-around.xml", around, outside, "a stray xs:schema in front of the root, never closed",
                [defect("stray-element", line=line_of(outside, "<xs:schema"))], damaged=True)]


def x08():
    one, two, three = usual("x08-a"), usual("x08-b"), usual("x08-c")
    glued = write(three, Layout(newline="", indent=""))
    return [odd("x08-newline-first.xml", one, "\r\n\n  " + write(one), "blank lines before the declaration",
                [defect("leading-blanks")]),
            odd("x08-comment-first.xml", two, "<!-- report of January -->\n" + write(two),
                "a comment before the declaration", [defect("leading-blanks")]),
            odd("x08-glued.xml", three, glued, "no line end after the declaration")]


def x09():
    out = []
    for name, root, end, space in (
            ("namespace-typo", '<feedback xmlns="http//dmarc.org/dmarc-xml/0.1">', "</feedback>",
             "http//dmarc.org/dmarc-xml/0.1"),
            ("namespace-other", '<feedback xmlns="urn:example:reports">', "</feedback>", "urn:example:reports"),
            ("prefixed-root", f'<d:feedback xmlns:d="{RFC9990_NAMESPACE}">', "</d:feedback>", RFC9990_NAMESPACE)):
        report = usual(f"x09-{name}")
        out.append(odd(f"x09-{name}.xml", report, write(report, Layout(root=root, end=end)),
                       f"namespace {space} as {name}",
                       [] if name == "prefixed-root" else [defect("unknown-namespace")], xml_namespace=space))
    report = usual("x09-undeclared-prefix")
    layout = Layout(root="<d:feedback>", end="</d:feedback>")
    return out + [odd("x09-undeclared-prefix.xml", report, write(report, layout),
                      "a prefix that is not declared: names are read without it")]


def x10():
    report = usual("x10", contact="Poststelle", errors=("Teil fehlt",), namespace=RFC9990_NAMESPACE)
    return odd("x10-lang.xml", report, write(report, Layout(root=RFC9990.root, lang=' lang="de" xml:lang="de"')),
               "lang attributes on texts", xml_namespace=RFC9990_NAMESPACE)


def x11():
    one, two, three = usual("x11-a"), usual("x11-b"), usual("x11-c")
    records_first = write(three)
    head, tail = records_first.index("  <report_metadata>"), records_first.index("  <record>")
    end = records_first.index("</feedback>")
    turned = records_first[:head] + records_first[tail:end] + records_first[head:tail] + records_first[end:]
    second = "  <policy_published>\n    <domain>other.example</domain>\n    <p>none</p>\n  </policy_published>\n"
    twice = edit(write(two), ("  </policy_published>\n", "  </policy_published>\n" + second))
    return [odd("x11-policy-first.xml", one, write(one, Layout(first_policy=True)),
                "policy_published before report_metadata"),
            odd("x11-policy-twice.xml", two, twice, "policy_published twice: the first counts",
                [defect("duplicate-element", line=line_of(twice, "other.example"))]),
            odd("x11-records-first.xml", three, turned, "the records before metadata and policy")]


def x12():
    report = usual("x12", [own_sender(), forwarder()])
    return odd("x12-identities.xml", report, write(report, Layout(identifiers="identities")),
               "identities instead of identifiers", [defect("identities-alias", row=1), defect("identities-alias", row=2)])


def x13():
    one, two, three = usual("x13-a"), usual("x13-b"), usual("x13-c")
    page = "<html><body><pre>\n" + html_escape(write(two), quote=False) + "</pre></body></html>\n"
    html = mail.multipart("x13-b", [mail.part("Content-Type: text/html; charset=utf-8\n", page)])
    null = edit_in_record(write(three), 1, ("<envelope_from>example.com</envelope_from>",
                                            "<envelope_from>&lt;&gt;</envelope_from>"))
    rows = three.expected()["rows"]
    rows[0]["envelope_from"] = ""
    return [odd("x13-html-escaped.xml", one, html_escape(write(one), quote=False), "the whole report HTML-escaped",
                [defect("html-escaped")]),
            odd("x13-in-html-part.eml", two, html, "the report escaped inside an HTML part; the page goes on after it",
                [defect(code) for code in ("html-escaped", "in-html-page")]),
            odd("x13-null-sender-brackets.xml", three, null, "&lt;&gt; as null sender", [defect("null-sender", row=1)], rows=rows)]


def x14():
    report = usual("x14", [])
    return odd("x14-no-record.xml", report, write(report), "no record element", [defect("no-record")])


def x15():
    report = usual("x15")
    text = write(report)
    other = text.replace("<feedback>", "<invalid_root>").replace("</feedback>", "</invalid_root>")
    nested = edit(text, ("<feedback>", "<reports><feedback>"), ("</feedback>", "</feedback></reports>"))
    return [refused("x15-wrong-root.xml", other, "another root element", "wrong-root"),
            refused("x15-nested-feedback.xml", nested, "feedback inside another root", "wrong-root")]
