"""Broken or foreign inputs: what is left of them, or why they are refused. Nothing here is meant to do harm."""
import bz2
import lzma

from . import mail
from .containers import gz, zipped
from .good_mail import body
from .layout import Layout, write
from .mailboxes import letter
from .report import usual
from .sample import Sample, defect, edit


def refused(name, data, shows, code, outcome="rejected"):
    data = data.encode() if isinstance(data, str) else data
    return Sample(f"malformed/{name}", data, shows, outcome=outcome, code=code)


def salvaged(name, text, shows, want, defects, **facts):
    want = {**want, "defects": defects, "damaged": True, **facts}
    return Sample(f"malformed/{name}", text.encode(), shows, reports=[want])


def samples():
    return [*cut_xml(), *wrong_xml(), *doctypes(), *empties(), *broken_archives(), *broken_mails(), *unsupported(),
            *foreign()]


def cut_xml():
    report = usual("cut")
    text = write(report)
    none = report.but(rows=[])
    early = none.but(begin=None, end=None, domain="", p=None, sp=None, adkim=None, aspf=None, pct=None, fo=None)
    in_tag = text.index("<record>") + 4
    in_text, in_date = text.index("Receiver Ex") + 8, text.index("<end>") + 10
    last = text.index("</record>", text.rindex("<record>")) + 5
    two = report.but(rows=report.rows[:2])
    return [salvaged("cut-in-first-record-tag.xml", text[:in_tag], "cut off inside the first <record>", none.expected(),
                     [defect("truncated"), defect("stray-text"), defect("no-record")]),
            salvaged("cut-in-org-name.xml", text[:in_text], "cut off inside org_name", early.expected(),
                     [defect(code) for code in ("truncated", "no-record", "no-policy-published", "no-org-name", "no-email",
                                                "no-report-id", "no-date", "no-policy-domain", "no-p")], report_id="",
                     email="", org_name="", policy={}),
            salvaged("cut-in-last-end-tag.xml", text[:last], "cut off inside the last </record>", two.expected(),
                     [defect("truncated", row=3), defect("stray-text", row=3), defect("record-dropped", row=3)]),
            salvaged("cut-in-end-date.xml", text[:in_date], "cut off inside the end date: half a date is none",
                     early.but(begin=report.begin).expected(),
                     [defect(code) for code in ("truncated", "no-record", "no-policy-published", "no-date",
                                                "no-policy-domain", "no-p")], policy={})]


def wrong_xml():
    one, two, three = usual("wrong-1"), usual("wrong-2"), usual("wrong-3")
    page = "<!-- a page -->\n<html><head><title>Reports</title></head><body><p>No reports today.</p></body></html>\n"
    other = '<?xml version="1.0"?>\n<invoice><number>17</number></invoice>\n'
    twice = write(one) + write(two)
    tail = write(three) + "<!-- sent by gateway.example -->\n"
    control = usual("control-character")
    bell = edit(write(control), ("Receiver Example", "Receiver\x07 Example"))
    return [refused("html-page.html", page, "a web page", None, "not_a_report"),
            refused("other-root.xml", other, "XML of another kind", "wrong-root"),
            Sample("malformed/two-roots.xml", twice.encode(), "two reports in one text: each is a report",
                   reports=[one.expected(), two.expected()]),
            Sample("malformed/trailing-comment.xml", tail.encode(), "a comment after the root: nothing is wrong",
                   reports=[three.expected()]),
            salvaged("control-character.xml", bell, "a character that XML forbids", control.expected(),
                     [defect("control-character")], org_name="Receiver\ufffd Example")]


def doctypes():
    def with_prolog(id, doctype):
        return write(usual(id), Layout(prolog='<?xml version="1.0" encoding="UTF-8"?>\n' + doctype))
    return [refused("doctype-system.xml", with_prolog("doctype-1", '<!DOCTYPE feedback SYSTEM "dmarc.dtd">'),
                    "a DOCTYPE, however harmless, is refused", "doctype"),
            refused("doctype-inline.xml", with_prolog("doctype-2", "<!DOCTYPE feedback [<!ELEMENT feedback ANY>]>"),
                    "an inline DTD", "doctype")]


def empties():
    return [refused("empty.xml", "", "a file of no octets", "empty-report"),
            refused("blank.xml", " \r\n\t\n", "blanks only", "empty-report"),
            refused("empty.xml.gz", gz(b""), "a gzip of nothing", "empty-report"),
            refused("declaration-only.xml", '<?xml version="1.0"?>\n', "a declaration and nothing else", "not-xml"),
            refused("unused.txt", "unused", "the word unused", "empty-report"),
            refused("empty.zip", zipped([]), "a zip without entries", None, "not_a_report")]


def broken_archives():
    data, _ = body("broken")
    packed, archive = gz(data), zipped([("r.xml", data)])
    wrong = packed[:-8] + bytes(4) + packed[-4:]
    flipped = bytearray(archive)
    flipped[len(archive) // 3] ^= 0xFF
    return [refused("truncated.xml.gz", packed[:len(packed) // 2], "a gzip cut in the middle is refused",
                    "gzip-truncated"),
            refused("truncated-trailer.xml.gz", packed[:-3], "a gzip without its last octets", "gzip-truncated"),
            refused("wrong-checksum.xml.gz", wrong, "a gzip whose checksum is wrong", "gzip-corrupt"),
            refused("header-only.gz", packed[:10], "a gzip that is only a header", "gzip-truncated"),
            refused("truncated.zip", archive[:len(archive) // 2], "a zip cut in the middle", "zip-truncated"),
            refused("flipped-octet.zip", bytes(flipped), "a zip with one wrong octet", "zip-corrupt"),
            refused("encrypted.zip", zipped([("r.xml", data)], encrypted=True), "an encrypted zip: named, not opened",
                    "encrypted-zip")]


def broken_mails():
    a, b, c = body("no-last-boundary"), body("base64-cut"), body("boundary-mismatch")
    whole = mail.multipart("no-last-boundary", [mail.text_part(), mail.file_part(gz(a[0]))])
    open_end = whole[:whole.rindex("--=_boundary_1--")]
    cut = mail.multipart("base64-cut", [mail.file_part(gz(b[0]))])
    cut = cut[:cut.rindex("\n--=_boundary_1--") - 120]
    other = mail.multipart("boundary-mismatch", [mail.file_part(gz(c[0]))]).replace(
        'boundary="=_boundary_1"', 'boundary="=_other"')
    return [Sample("malformed/no-last-boundary.eml", open_end.encode(), "a mail without its closing boundary",
                   reports=[a[1]]),
            refused("base64-cut.eml", cut, "a mail cut off inside the base64", "gzip-truncated"),
            Sample("malformed/boundary-mismatch.eml", other.encode(),
                   "a boundary that never occurs: the parts are found by the delimiters that do", reports=[c[1]])]


def unsupported():
    data, _ = body("unsupported")
    tar = (b"r.xml" + bytes(95) + b"0000644\0" + b"0000000\0" * 2 + b"%011o\0" % len(data) + b"00000000000\0" +
           b"        0" + bytes(100) + b"ustar\0" + b"00" + bytes(247) + data)
    tar = tar[:148] + b"%06o\0 " % sum(tar[:512]) + tar[156:] + bytes(-len(tar) % 512 + 1024)
    kinds = [("7z", "seven-zip", b"7z\xbc\xaf\x27\x1c\0\4" + bytes(range(64))), ("bz2", "bzip2", bz2.compress(data)),
             ("xz", "xz", lzma.compress(data, check=lzma.CHECK_CRC32)), ("tar", "tar", tar),
             ("rar", "rar", b"Rar!\x1a\7\1\0" + bytes(range(64))), ("zst", "zstd", b"\x28\xb5\x2f\xfd" + bytes(64))]
    out = [refused(f"unsupported.{end}", octets, f"{kind}: named, not opened", f"unsupported-{kind}")
           for end, kind, octets in kinds]
    pgp = mail.part('Content-Type: application/octet-stream; name="encrypted.asc"\n',
                    "-----BEGIN PGP MESSAGE-----\n\nhQEMA0V4YW1wbGUgb25seSwgbm90IHJlYWw=\n=abcd\n-----END PGP MESSAGE-----\n")
    smime = mail.single("smime", 'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"\n'
                        "Content-Transfer-Encoding: base64\n", mail.b64(b"\x30\x82\x01\x00\x06\x09\x2a\x86\x48\x86\xf7"
                                                                       b"\x0d\x01\x07\x03" + bytes(64)))
    return out + [refused("unsupported-pgp.eml", mail.multipart("pgp", [pgp], "encrypted"), "a PGP message",
                          "unsupported-pgp"),
                  refused("unsupported-smime.eml", smime, "an S/MIME enveloped mail", "unsupported-smime")]


def foreign():
    status = mail.joined([mail.text_part("Your message could not be delivered.\n"),
                          mail.part("Content-Type: message/delivery-status\n", "Reporting-MTA: dns; mx.receiver.example\n\n"
                                    "Final-Recipient: rfc822; nobody@receiver.example\nAction: failed\nStatus: 5.1.1\n")],
                         'report; report-type=delivery-status')
    bounce = mail.headers("bounce") + status
    tls = (b'{"organization-name":"Receiver Example","date-range":{"start-datetime":"2026-01-01T00:00:00Z",'
           b'"end-datetime":"2026-01-01T23:59:59Z"},"contact-info":"tls@receiver.example","report-id":"tls-1",'
           b'"policies":[{"policy":{"policy-type":"no-policy-found","policy-domain":"example.com"},'
           b'"summary":{"total-successful-session-count":12,"total-failure-session-count":0}}]}')
    sample = ("From: news@example.com\nTo: someone@receiver.example\nSubject: News\n"
              "Date: Thu, 01 Jan 2026 09:00:00 +0000\nMessage-ID: <news-1@example.com>\n\n")
    feedback = ("Feedback-Type: auth-failure\nVersion: 1\nUser-Agent: Example-Reporter/3.1\nAuth-Failure: dmarc\n"
                "Source-IP: 198.51.100.66\nReported-Domain: example.com\nIdentity-Alignment: spf,dkim\n")
    failure = mail.headers("failure") + mail.joined(
        [mail.text_part("A message failed DMARC.\n"), mail.part("Content-Type: message/feedback-report\n", feedback),
         mail.part("Content-Type: text/rfc822-headers\n", sample)], "report; report-type=feedback-report")
    return [refused("letter.eml", letter(), "an ordinary letter", None, "not_a_report"),
            refused("bounce.eml", bounce, "a bounce", None, "not_a_report"),
            refused("numbers.json", '{"a": [1, 2, 3]}\n', "JSON that is no report", None, "not_a_report"),
            refused("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(200), "a picture", None, "not_a_report"),
            refused("tls-report.json.gz", gz(tls), "an SMTP TLS report: kept for its own parser", None, "tls_report"),
            refused("failure-report.eml", failure, "a failure report: kept for its own parser", None, "failure_report")]
