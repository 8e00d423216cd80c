"""The same kinds of reports in every wrapping that reaches a mailbox."""
from . import mail
from .containers import gz, zipped
from .layout import write
from .report import DAY, START, forwarder, own_sender, usual
from .sample import Sample

XML = 'Content-Type: text/xml; name="r.xml"\n'
NAME = "receiver.example!example.com!1767225600!1767311999"


def body(id, **changes):
    """The XML of an unremarkable report with this id, and what it says."""
    report = usual(id, [own_sender(12), forwarder(3)], **changes)
    return write(report).encode(), report.expected()


def eml(name, shows, text, wants, newline="\n"):
    return Sample(f"good/{name}", text.replace("\n", newline).encode(), shows, reports=wants)


def samples():
    return [*files(), *zips(), *bodies(), *parts(), *encodings(), *names(), *several(), *nested()]


def files():
    data, want = body("plain-gz")
    inner, want2 = body("gz-with-name")
    return [Sample("good/plain.xml.gz", gz(data), "gzip", reports=[want]),
            Sample(f"good/{NAME}.xml.gz", gz(inner, NAME + ".xml"), "gzip with the usual name, which is also inside",
                   reports=[want2])]


def zips():
    one, two, three = body("zip-1"), body("zip-2"), body("zip-3")
    fork = b"\0\5\x16\7" + b"\0\2\0\0Mac OS X" + b"\0" * 60
    several = [("january/a.xml", body("zip-a")), ("january/deep/er/b.xml", body("zip-b")), ("c.xml", body("zip-c"))]
    folders = [("january/", b"")] + [(name, data) for name, (data, _) in several]
    mac = [("report.xml", two[0]), ("__MACOSX/._report.xml", fork)]
    return [Sample("good/plain.zip", zipped([(NAME + ".xml", one[0])]), "zip", reports=[one[1]]),
            Sample("good/stored.zip", zipped([("r.xml", three[0])], stored=True, comment=b"made by hand"),
                   "zip without compression, with a comment", reports=[three[1]]),
            Sample("good/mac-resource-fork.zip", zipped(mac), "zip made on a Mac: the resource fork is no report",
                   reports=[two[1]]),
            Sample("good/folders.zip", zipped(folders), "zip with three reports in folders",
                   reports=[want for _, (_, want) in several])]


def bodies():
    zip_data, zip_want = body("body-is-zip")
    gz_data, gz_want = body("body-is-gz")
    xml_data, xml_want = body("body-is-xml")
    head = f'Content-Type: application/zip; name="{NAME}.zip"\n' \
           f'Content-Disposition: attachment; filename="{NAME}.zip"\nContent-Transfer-Encoding: base64\n'
    return [eml("body-is-zip.eml", "the body of the mail is the zip",
                mail.single("body-is-zip", head, mail.b64(zipped([("r.xml", zip_data)]))), [zip_want]),
            eml("body-is-gzip.eml", "the body of the mail is the gzip; CRLF line ends",
                mail.single("body-is-gz", "Content-Type: application/gzip\nContent-Transfer-Encoding: base64\n",
                            mail.b64(gz(gz_data))), [gz_want], "\r\n"),
            eml("body-is-xml.eml", "the body of the mail is the XML, 7bit",
                mail.single("body-is-xml", "Content-Type: text/xml\n", xml_data.decode()), [xml_want])]


def parts():
    wraps = [("multipart-mixed", "application/gzip", "r.xml.gz", "attachment", "mixed", "the usual mail"),
             ("octet-stream", "application/octet-stream", "r.xml.gz", "attachment", "mixed", "octet-stream"),
             ("x-gzip", "application/x-gzip", "r.xml.gz", "attachment", "mixed", "application/x-gzip"),
             ("inline", "application/gzip", "r.xml.gz", "inline", "mixed", "disposition inline"),
             ("no-disposition", "application/gzip", "r.xml.gz", "", "mixed", "no disposition"),
             ("multipart-related", "application/gzip", "r.xml.gz", "attachment", "related", "multipart/related"),
             ("multipart-alternative", "application/gzip", "r.xml.gz", "attachment", "alternative",
              "multipart/alternative as container"),
             ("multipart-report", "application/gzip", "r.xml.gz", "attachment", "report", "multipart/report")]
    out = []
    for name, type, file, disposition, kind, shows in wraps:
        data, want = body(name)
        text = mail.multipart(name, [mail.text_part(), mail.file_part(gz(data), type, file, disposition)], kind)
        out.append(eml(f"{name}.eml", shows, text, [want]))
    return out + [html_first(), xml_as_text()]


def html_first():
    data, want = body("html-first")
    both = mail.joined([mail.text_part(), mail.part("Content-Type: text/html; charset=utf-8\n",
                                                    "<html><body><p>Your <b>report</b></p></body></html>\n")],
                       "alternative", "=_inner")
    text = mail.multipart("html-first", [both, mail.file_part(gz(data))])
    return eml("html-part-first.eml", "an HTML part before the report", text, [want])


def xml_as_text():
    data, want = body("xml-as-text")
    part = mail.part('Content-Type: text/plain; charset=utf-8; name="report.txt"\n'
                     "Content-Disposition: attachment; filename=report.txt\n", data.decode())
    return eml("xml-as-text.eml", "plain XML attached as .txt", mail.multipart("xml-as-text", [mail.text_part(), part]),
               [want])


def encodings():
    qp, qp_want = body("quoted-printable", org="Größer & Söhne = Example")
    eight, eight_want = body("eight-bit", org="Müller Example")
    odd, odd_want = body("odd-base64")
    base = 'Content-Type: application/gzip; name="r.xml.gz"\nContent-Transfer-Encoding: base64\n'
    return [eml("quoted-printable.eml", "quoted-printable XML with soft line breaks",
                mail.multipart("quoted-printable", [mail.part(XML + "Content-Transfer-Encoding: quoted-printable\n",
                                                              mail.quoted_printable(qp))]), [qp_want]),
            eml("eight-bit.eml", "8bit XML", mail.multipart("eight-bit", [mail.part(
                XML + "Content-Transfer-Encoding: 8bit\n", eight.decode())]), [eight_want]),
            eml("odd-base64-lines.eml", "base64 in lines of odd lengths, with blanks and empty lines",
                mail.multipart("odd-base64", [mail.part(base, mail.odd_b64(gz(odd)))]), [odd_want])]


def names():
    split, split_want = body("name-split")
    word, word_want = body("encoded-word")
    bare, bare_want = body("unquoted-name")
    head = "Content-Type: application/octet-stream;\n name*0=\"receiver.example!example.com!\";\n" \
           " name*1=\"1767225600!1767311999.xml.gz\"\nContent-Disposition: attachment;\n" \
           " filename*0*=utf-8''receiver.example%21example.com%21;\n filename*1*=1767225600%211767311999.xml.gz\n" \
           "Content-Transfer-Encoding: base64\n"
    coded = 'Content-Type: application/gzip; name="=?utf-8?Q?bericht=5F2026.xml.gz?="\n' \
            "Content-Transfer-Encoding: base64\n"
    loose = f"Content-Type: application/gzip; name={NAME}.xml.gz\nContent-Disposition: inline; filename={NAME}.xml.gz\n" \
            "Content-Transfer-Encoding: base64\n"
    return [eml("name-rfc2231.eml", "a file name split by RFC 2231",
                mail.multipart("name-split", [mail.part(head, mail.b64(gz(split)))]), [split_want]),
            eml("name-encoded-word.eml", "a file name as encoded word",
                mail.multipart("encoded-word", [mail.part(coded, mail.b64(gz(word)))]), [word_want]),
            eml("[brackets]!name.eml", "an unquoted attachment name with !, and a mail file named with brackets",
                mail.multipart("unquoted-name", [mail.part(loose, mail.b64(gz(bare)))]), [bare_want])]


def several():
    made = [body(f"several-{n}", begin=START + n * DAY, end=START + (n + 1) * DAY - 1) for n in range(3)]
    parts = [mail.text_part(), mail.file_part(gz(made[0][0])),
             mail.file_part(zipped([("r.xml", made[1][0])]), "application/zip", "r.zip"),
             mail.part(XML, made[2][0].decode())]
    return [eml("three-reports.eml", "three reports in one mail: gzip, zip and XML", mail.multipart("several", parts),
                [want for _, want in made])]


def nested():
    data, want = body("forwarded")
    inner = mail.multipart("forwarded", [mail.text_part(), mail.file_part(gz(data))], boundary="=_inner")
    outer = mail.multipart("outer", [mail.text_part("See below.\n"), mail.part("Content-Type: message/rfc822\n", inner)])
    based, based_want = body("forwarded-base64")
    original = mail.multipart("forwarded-base64", [mail.file_part(gz(based))], boundary="=_inner")
    coded = mail.part("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n",
                      mail.b64(original.encode()))
    zipped_mail, zip_want = body("mail-in-zip")
    carried = mail.multipart("mail-in-zip", [mail.file_part(gz(zipped_mail))]).encode()
    return [eml("forwarded.eml", "a forwarded mail (message/rfc822)", outer, [want]),
            eml("forwarded-base64.eml", "a forwarded mail in base64, against RFC 2046 section 5.2.1",
                mail.multipart("outer64", [coded]), [based_want]),
            Sample("good/mail-in-zip.zip", zipped([("INBOX/1.eml", carried)]), "a mail inside a zip",
                   reports=[zip_want])]
