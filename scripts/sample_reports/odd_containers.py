"""Oddities of containers and MIME, numbered C1 to C21 as in the README."""
from . import mail
from .containers import gz, zipped
from .good_mail import NAME, XML, body
from .layout import write
from .report import own_sender, usual
from .sample import Sample


def odd(name, data, shows, wants=(), **rest):
    data = data.encode() if isinstance(data, str) else data
    return Sample(f"odd/{name}", data, shows, reports=list(wants), **rest)


def samples():
    return [c01(), *c02(), *c03(), *c04(), *c05(), c06(), *c07(), c08(), c09(), *c10(), *c11(), c12(), c13(), *c14(),
            c15(), c16(), c17(), *c18(), c19(), c21()]


def attached(id, data, type, name="report", disposition="attachment"):
    return mail.multipart(id, [mail.text_part(), mail.file_part(data, type, name, disposition)])


def c01():
    data, want = body("c01")
    return odd("c01-zip-as-octet-stream.eml", attached("c01", zipped([("r.xml", data)]), "application/octet-stream"),
               "a zip as application/octet-stream, its name without an ending", [want])


def c02():
    out = []
    for n, type in enumerate(("application/x-zip-compressed", "application/x-zip", "gzip", "text/plain",
                              "application/gzip-compressed", "image/png"), 1):
        data, want = body(f"c02-{n}")
        file = zipped([("r.xml", data)]) if "zip-c" in type or type.endswith("x-zip") else gz(data)
        out.append(odd(f"c02-type-{type.replace('/', '-')}.eml", attached(f"c02-{n}", file, type),
                       f"an attachment typed {type}", [want]))
    return out


def c03():
    a, b, c = body("c03-a"), body("c03-b"), body("c03-c")
    return [odd("c03-zip-named-gz.eml", attached("c03-a", zipped([("r.xml", a[0])]), "application/gzip", "r.xml.gz"),
                "a zip that calls itself gzip in type and name", [a[1]]),
            odd("c03-gzip-named-zip.eml", attached("c03-b", gz(b[0]), "application/zip", "r.zip"),
                "a gzip that calls itself zip in type and name", [b[1]]),
            odd("c03-gzip-file-named.zip", gz(c[0]), "a gzip file named .zip", [c[1]])]


def c04():
    a, b, c, d = body("c04-a"), body("c04-b"), body("c04-c"), body("c04-d")
    half = len(d[0]) // 2
    return [odd("c04-gzip-trailing-garbage.xml.gz", gz(a[0]) + b"\r\n", "CR LF after the gzip", [a[1]]),
            odd("c04-gzip-trailing-zeros.xml.gz", gz(b[0]) + bytes(512), "512 NUL octets after the gzip", [b[1]]),
            odd("c04-gzip-trailing-text.xml.gz", gz(c[0]) + b"-- sent by gateway.example --\n",
                "a line of text after the gzip", [c[1]]),
            odd("c04-gzip-members.xml.gz", gz(d[0][:half]) + gz(d[0][half:]), "one report in two gzip members", [d[1]])]


def c05():
    a, b, c, d = body("c05-a"), body("c05-b"), body("c05-c"), body("c05-d")
    return [odd("c05-gzip-in-gzip.xml.gz.gz", gz(gz(a[0])), "a gzip inside a gzip", [a[1]]),
            odd("c05-gzip-in-zip.zip", zipped([("r.xml.gz", gz(b[0]))]), "a gzip inside a zip", [b[1]]),
            odd("c05-zip-in-zip.zip", zipped([("inner.zip", zipped([("r.xml", c[0])]))]), "a zip inside a zip", [c[1]]),
            odd("c05-zip-in-gzip.gz", gz(zipped([("r.xml", d[0])])), "a zip inside a gzip", [d[1]])]


def c06():
    made = [body(f"c06-{n}") for n in range(3)]
    members = [("reports/", b""), ("reports/a.xml", made[0][0]), ("__MACOSX/", b""),
               ("__MACOSX/reports/._a.xml", b"\0\5\x16\7\0\2\0\0Mac OS X        " + bytes(90)),
               ("reports/b.xml", made[1][0]), ("reports/.DS_Store", b"\0\0\0\1Bud1" + bytes(60)),
               ("readme.txt", b"Three reports are in this archive.\n"), ("c.xml.gz", gz(made[2][0]))]
    return odd("c06-several-reports.zip", zipped(members), "three reports, folders, resource forks and a readme in a zip",
               [want for _, want in made])


def c07():
    a, b, c = body("c07-a"), body("c07-b"), body("c07-c")
    return [odd("c07-nameless-member.zip", zipped([("", a[0])]), "a zip member without a name", [a[1]]),
            odd("c07-path-member.zip", zipped([("/var/spool/reports/../out/r.xml", b[0])]),
                "a zip member named by a full path with ..", [b[1]]),
            odd("c07-same-name-twice.zip", zipped([("r.xml", c[0]), ("r.xml", a[0].replace(b"c07-a", b"c07-d"))]),
                "two members of one name", [c[1], {**a[1], "report_id": "c07-d"}])]


def c08():
    data, want = body("c08", org="mx.small.example")
    return odd("c08-milter-zip.eml", attached("c08", zipped([(NAME + ".xml", data)]), "application/zip", NAME + ".zip"),
               "a zip attachment where others send gzip", [want])


def c09():
    data, want = body("c09")
    return odd("c09-xml-as.txt", data, "the XML in a file named .txt", [want])


def c10():
    unused = b"unused"
    return [odd("c10-unused.eml", attached("c10", unused, "application/gzip", "r.xml.gz"),
                "the attachment holds nothing but the word unused", outcome="rejected", code="empty-report"),
            odd("c10-unused-in.xml.gz", gz(unused), "the gzip holds nothing but the word unused", outcome="rejected",
                code="empty-report")]


def c11():
    a, b, c = body("c11-a"), body("c11-b"), body("c11-c")
    typo = mail.part('ContentType: application/gzip; name="r.xml.gz"\nContent-Transfer-Encoding: base64\n',
                     mail.b64(gz(a[0])))
    none = mail.part("Content-Transfer-Encoding: base64\n", mail.b64(gz(b[0])))
    return [odd("c11-contenttype-typo.eml", mail.multipart("c11-a", [typo]), "ContentType for Content-Type", [a[1]]),
            odd("c11-no-content-type.eml", mail.multipart("c11-b", [none]), "a part without Content-Type", [b[1]]),
            odd("c11-no-mime-version.eml", mail.headers("c11-c").replace("MIME-Version: 1.0\n", "") +
                "Content-Transfer-Encoding: base64\n\n" + mail.b64(gz(c[0])),
                "a mail with neither MIME-Version nor Content-Type", [c[1]])]


def c12():
    data, want = body("c12")
    head = "Content-Type: application/octet-stream; name*=iso-8859-1'de'b%E9richt.xml.gz\n" \
           "Content-Disposition: attachment; filename*0*=UTF-8''b%C3%A9; filename*1=\"richt.xml\"; filename*2=\".gz\"\n" \
           "Content-Transfer-Encoding: base64\n"
    return odd("c12-rfc2231-name.eml", mail.multipart("c12", [mail.part(head, mail.b64(gz(data)))]),
               "a file name in three RFC 2231 pieces", [want])


def c13():
    data, want = body("c13")
    return odd("c13-inline.eml", attached("c13", gz(data), "application/gzip", "r!.xml.gz", "inline"),
               "Content-Disposition inline", [want])


def c14():
    a, b = body("c14-a"), body("c14-b")
    first = mail.multipart("c14-a", [mail.file_part(gz(a[0]))], boundary="=_in")
    level = first
    for n in range(3):
        level = mail.multipart(f"forward-{n}", [mail.part("Content-Type: message/rfc822\n", level)], boundary=f"=_o{n}")
    second = mail.multipart("c14-b", [mail.file_part(gz(b[0]))])
    as_eml = attached("c14-outer", second.encode(), "application/octet-stream", "original.eml")
    msg = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + b"\x3e\0\3\0\xfe\xff\x09\0" + bytes(480)
    return [odd("c14-forwarded-thrice.eml", level, "forwarded three times (message/rfc822 in message/rfc822)", [a[1]]),
            odd("c14-eml-attached.eml", as_eml, "the mail attached as a file original.eml", [b[1]]),
            odd("c14-outlook.msg", msg, "an Outlook .msg file: recognised, not read", outcome="rejected",
                code="unsupported-msg")]


def c15():
    data, want = body("c15")
    inner = mail.joined([mail.text_part(), mail.file_part(gz(data))], "alternative", "=_in")
    return odd("c15-alternative-in-related.eml", mail.multipart("c15", [inner], "related"),
               "multipart/alternative inside multipart/related", [want])


def c16():
    data, want = body("c16")
    head = "Content-Type: application/zip\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment\n"
    return odd("c16-mail-is-zip.eml", mail.crlf(mail.single("c16", head, mail.b64(zipped([(NAME + ".xml", data)])))),
               "the whole mail is application/zip", [want])


def c17():
    data, want = body("c17")
    html = mail.part("Content-Type: text/html; charset=us-ascii\nContent-Transfer-Encoding: quoted-printable\n",
                     "<div style=3D\"font-family:sans-serif\">This is a DMARC aggregate report.</div>\n")
    text = mail.multipart("c17", [html, mail.file_part(gz(data))]).replace("Subject: Report Domain",
                                                                          "Subject: [Preview] Report Domain")
    return odd("c17-preview-html-first.eml", text, "[Preview] in the subject and an HTML part first", [want])


def c18():
    a, b, c, d = body("c18-a"), body("c18-b"), body("c18-c", org="Gleich = Example"), body("c18-d")
    head = "Content-Type: application/gzip\nContent-Transfer-Encoding: base64\n"
    noise = mail.b64(gz(b[0])).replace("\n", "\t!\n", 3)
    double = mail.b64(mail.b64(gz(d[0])).encode())
    return [odd("c18-base64-odd-lines.eml", mail.single("c18-a", head, mail.odd_b64(gz(a[0]))),
                "base64 in lines of every length", [a[1]]),
            odd("c18-base64-garbage.eml", mail.single("c18-b", head, noise),
                "octets outside the alphabet between base64 lines", [b[1]]),
            odd("c18-quoted-printable.eml",
                mail.single("c18-c", XML + "Content-Transfer-Encoding: quoted-printable\n", mail.quoted_printable(c[0])),
                "quoted-printable XML", [c[1]]),
            odd("c18-double-base64.eml", mail.single("c18-d", head, double), "base64 of base64", [d[1]])]


def c19():
    data, want = body("c19")
    return odd("c19-[receiver *] example.com!{0}?.xml", data, "blanks, brackets and glob characters in the file name",
               [want])


def c21():
    report = usual("c21", [own_sender(1, f"192.0.2.{n % 254 + 1}") for n in range(3000)])
    return odd("c21-three-thousand-records.xml.gz", gz(write(report).encode()), "3,000 records",
               [report.expected(with_rows=False)])
