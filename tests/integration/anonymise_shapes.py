"""Reports and mails with a word of its own in every place that people can write in: what the search of
anonymise_words_test looks for. Domains, hosts and what machines write hold none."""
import base64
import gzip
import io
import json
import quopri
import struct
import zipfile
import zlib

LETTERS = "bcdfghjkmnpqrtvwxz"
REPORT = """<?xml version="1.0" encoding="UTF-8"?>
<feedback><report_metadata><org_name>reporter.example</org_name><email>noreply@reporter.example</email>
<report_id>{id}</report_id><date_range><begin>1767225600</begin><end>1767311999</end></date_range></report_metadata>
<policy_published><domain>example.com</domain><p>none</p></policy_published>{extra}
<record><row><source_ip>192.0.2.1</source_ip><count>3</count><policy_evaluated><disposition>none</disposition><dkim>fail</dkim>
<spf>fail</spf></policy_evaluated></row><identifiers><header_from>example.com</header_from></identifiers>
<auth_results><spf><domain>example.com</domain><result>fail</result></spf></auth_results></record></feedback>
"""
TLS = {"organization-name": "reporter.example", "date-range": {"start-datetime": "2026-01-01T00:00:00Z",
       "end-datetime": "2026-01-01T23:59:59Z"}, "contact-info": "tls@reporter.example", "report-id": "2026-01-01T00:00:00Z_x",
       "policies": [{"policy": {"policy-type": "sts", "policy-domain": "example.com"},
                     "summary": {"total-successful-session-count": 3, "total-failure-session-count": 0}}]}


class Words:
    def __init__(self):
        self.of, self.shape = {}, ""

    def __call__(self, place):
        n, letters = len(self.of), ""
        for _ in range(3):
            letters += LETTERS[n % len(LETTERS)]
            n //= len(LETTERS)
        word = f"plaant{letters}ww"
        self.of[word] = f"{self.shape}: {place}"
        return word


def encoded(text, how="B"):
    inside = base64.b64encode(text.encode()).decode() if how == "B" else quopri.encodestring(text.encode(), header=True).decode()
    return f"=?UTF-8?{how}?{inside}?="


def lines(octets):
    return base64.encodebytes(octets).decode().replace("\n", "\r\n")


def percent(text):
    return "".join(f"%{ord(c):02x}" for c in text)


def head(extra="", subject="x"):
    return f"From: reports@reporter.example\r\nTo: rua@example.com\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n{extra}"


def attachment(octets, media="application/octet-stream", name="reporter.example!example.com!1767225600!1767311999.xml"):
    return (f'Content-Type: {media}; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n'
            f'Content-Disposition: attachment; filename="{name}"\r\n\r\n{lines(octets)}')


def report(number, extra="", old="", new=""):
    return REPORT.format(id=f"anon-{number}", extra=extra).replace(old, new).encode()


def nested(w):
    outer, inside = w("boundary without quotes"), w("boundary") + " in"
    inner = (f'Content-Type: multipart/alternative; boundary="{inside}"\r\n\r\n{w("inner preamble")}\r\n--{inside}\r\n'
             f'Content-Type: text/plain ({w("comment of a type")}); x-{w("name of a parameter")}={w("value of a parameter")}; '
             f'charset=utf-8\r\nContent-Description: {w("description")}\r\nContent-ID: <{w("content id")}@example.com>\r\n\r\n'
             f'{w("text")}\r\n--{inside}--\r\n{w("inner epilogue")}\r\n')
    return (head(f'Content-Type: multipart/mixed;\r\n\tboundary={outer}\r\n') + f'\r\n{w("preamble")}\r\n--{outer}\r\n{inner}\r\n'
            f'--{outer}\r\n{attachment(report(1))}\r\n--{outer}--\r\n{w("epilogue")}\r\n').encode()


def encoded_words(w):
    return (head(f'Reply-To: {encoded(w("reply-to"))} <a@example.com>\r\nComments: {encoded(w("comments"), "Q")}\r\n'
                 f'X-Text: {encoded(w("unknown field"))}\r\n{attachment(report(2), name=encoded(w("file name")) + ".xml")}',
                 encoded(w("subject one")) + " " + encoded(w("subject two"), "Q"))).encode()


def continued_names(w):
    one, two, three = w("percent"), w("first piece"), w("second piece")
    return (head(f"Content-Type: application/xml;\r\n name*0*=utf-8'en'{percent(one)};\r\n name*1=\"{two}\";\r\n"
                 f" name*2*={percent(three)}.xml; charset*=us-ascii''{percent(w('charset'))}\r\n"
                 f"Content-Disposition: attachment; filename*=UTF-8''{percent(w('file name'))}.xml; x={w('other')}\r\n") +
            "\r\n").encode() + report(3)


def trace(w):
    return (f'Received: from a.example (HELO a.example) ({w("comment")} [192.0.2.1]) by mx.example.com ({w("software")})\r\n'
            f'\twith ESMTP id {w("queue id")} for <{w("recipient")}@example.com>; Thu, 01 Jan 2026 10:00:00 +0000 ({w("zone")})\r\n'
            f'Return-Path: <{w("sender")}@example.com>\r\nX-{w("field name")}: 1\r\n{w("name without x")}: 2\r\n'
            f'X-Mailer: {w("mailer")}\r\nOrganization: {w("organization")}\r\nKeywords: {w("keywords")}\r\n'
            f'List-Id: {w("list")} <list.example.com>\r\nMessage-ID: <{w("message id")}@example.com>\r\n'
            f'References: <{w("reference")}@example.com>\r\nThread-Topic: {w("topic")}\r\nErrors-To: "{w("quoted name")}" '
            f'<a@example.com>\r\nAuthentication-Results: mx.example.com ({w("comment of results")}); spf=pass '
            f'reason="{w("reason")}" smtp.mailfrom={w("mailfrom")}@example.com\r\nDKIM-Signature: v=1; a=rsa-sha256; d=example.com; '
            f's=s1; h=from; z=Subject:{w("copied field")}; i={w("identity")}@example.com; x-{w("tag")}={w("value")}; bh=AAAA; b=BBBB\r\n'
            f'Date: Thu, 01 Jan 2026 10:00:00 +0000 ({w("comment of a date")})\r\n{w("no field at all")}\r\n' +
            head(f'{attachment(report(4))}', f'Report Domain: example.com Submitter: reporter.example Report-ID: <anon-4> '
                 f'for {w("subject of a report")}')).encode()


def mbox(w):
    one = head(f"X-A: 1\r\n{attachment(report(5), name=w('name') + '.xml')}").replace("\r\n", "\n")
    return (f'From {w("envelope")}@example.com Thu Jan  1 10:00:00 2026\n{one}\nFrom {w("bare sender")} Thu Jan  1 10:00:00 2026 '
            f'{w("remote from")}\n{head()}\n>From {w("quoted line")}\n{w("text")}\n').encode()


def forwarded(w):
    inner = head(f"X-Note: {w('note')}\r\n{attachment(report(6))}", w("inner subject"))
    outer = (head('Content-Type: multipart/mixed; boundary="b"\r\n') + f'\r\n--b\r\nContent-Type: text/plain\r\n\r\n{w("text")}\r\n'
             f'--b\r\nContent-Type: message/rfc822; name="{w("subject as a name")}.eml"\r\n\r\n{inner}\r\n--b\r\n'
             f'Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n'
             f'{lines((head() + chr(13) + chr(10) + w("text in base64")).encode())}\r\n--b--\r\n')
    return outer.encode()


def arf(w, number=7, extra=""):
    return (head('Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\nMessage-ID: <7@reporter.example>\r\n') +
            f'\r\n--b\r\nContent-Type: text/plain\r\n\r\n{w("text for people")}\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\n'
            f'Feedback-Type: auth-failure\r\nVersion: 1\r\nUser-Agent: {w("product")}/1 ({w("user agent")})\r\nAuth-Failure: dmarc\r\n'
            f'Source-IP: 192.0.2.9 ({w("comment")})\r\nOriginal-Mail-From: <{w("mail from")}@example.com>\r\n'
            f'Original-Rcpt-To: "{w("name")}" <{w("rcpt")}@example.com>\r\nOriginal-Envelope-Id: {w("envelope id")}\r\n'
            f'Reported-Domain: example.com\r\nDelivery-Result: {w("delivery result")}\r\nReported-URI: http://example.com/{w("path")}\r\n'
            f'X-{w("field name")}: {w("field")}\r\nArrival-Date: Thu, 01 Jan 2026 10:00:00 +0000\r\n'
            f'Identity-Alignment: {w("alignment")}\r\n{extra}{w("no field")}\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n'
            f'From: "{w("author")}" <{w("local part")}@example.com>\r\nSubject: {w("sample subject")}\r\nTo: {w("to")}@example.com\r\n\r\n'
            f'{w("sample body")}\r\n--b--\r\n').encode()


def sample_headers(w):
    return arf(w).replace(b"Content-Type: message/rfc822", b"Content-Type: text/rfc822-headers").replace(b"<7@", b"<8@")


def tls(w):
    text = json.dumps({w("member"): w("value"), **TLS, "notes": [w("in a list"), {w("deep member"): [[w("deep")]]}],
                       "contact-info": f'{w("contact")} <{w("local part")}@example.com>'}, indent=1)
    policies = text.replace('"summary"', f'"failure-details": [{{"result-type": "{w("result type")}", "failed-session-count": 1, '
                            f'"additional-information": "{w("information")}", "failure-reason-code": "{w("reason")}"}}], "summary"')
    return (head() + attachment(gzip.compress(policies.encode()), "application/tlsrpt+gzip", f'{w("name")}.json.gz')).encode()


def xml_places(w):
    element = w("element")
    extra = (f'<!-- {w("comment")} --><?{w("target")} {w("instruction")}?><{element} {w("attribute")}="{w("value")}" '
             f'xmlns:{w("prefix")}="urn:{w("namespace")}">{w("text")}<deep>{w("deep text")}</deep></{element}>'
             f'<n:extra xmlns:n="http://{w("uri")}/x"><![CDATA[{w("cdata")} <b>{w("markup in cdata")}</b>]]></n:extra>{w("loose text")}')
    return report(9, extra, "<org_name>reporter.example", f'<extra_contact_info>{w("contact")} &amp; {w("behind an entity")}'
                  f'</extra_contact_info><error>{w("error")}</error><generator>{w("generator")}</generator>'
                  "<org_name>reporter.example")


def xml_values(w):
    text = REPORT.format(id="anon-10", extra="").replace("<disposition>none", f"<disposition>{w('disposition')}")
    text = text.replace("<p>none", f"<p>{w('policy')}").replace("<dkim>fail", f"<dkim>{w('result')}")
    text = text.replace("<begin>1767225600", f"<begin>{w('date')} 1767225600").replace("<result>fail", f"<result>{w('result of spf')}")
    text = text.replace("noreply@reporter.example", f"{w('display name')} <{w('local part')}@reporter.example>")
    return text.replace("</row>", f"<x>{w('x')}</x></row>").replace("<count>3", f"<count>3 {w('count')}").encode()


def xml_words_in_names(w):
    text = REPORT.format(id="anon-11", extra="")
    text = text.replace("<header_from>example.com", f"<header_from>{w('blank in a domain')} at example.com")
    text = text.replace("<source_ip>192.0.2.1", f"<source_ip>{w('address')} 192.0.2.1")
    return text.replace("<auth_results>", f'<auth_results><dkim><domain>example.com</domain><selector>{w("selector")} {w("two")}</selector>'
                        f'<result>fail</result><human_result>{w("human")}</human_result></dkim>').encode()


def xml_doctype(w):
    return REPORT.format(id="anon-12", extra="").replace(
        "<feedback>", f'<!DOCTYPE feedback [<!ENTITY {w("entity")} "{w("its text")}"><!-- {w("comment")} -->]>\n<feedback>').encode()


def gzip_fields(w):
    flags = 4 | 8 | 16
    extra = w("extra field").encode()
    plain = report(13)
    packer = zlib.compressobj(wbits=-15)
    body = packer.compress(plain) + packer.flush()
    return (b"\x1f\x8b\x08" + bytes([flags]) + b"\0\0\0\0\0\3" + struct.pack("<H", len(extra) + 4) + b"AB" +
            struct.pack("<H", len(extra)) + extra + w("name").encode() + b"\0" + w("comment").encode() + b"\0" + body +
            struct.pack("<II", zlib.crc32(plain), len(plain)) + w("behind the end").encode())


def zip_fields(w):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = w("comment of the archive").encode()
        one = zipfile.ZipInfo(f'{w("folder")}/{w("file")}.xml')
        one.comment, one.compress_type = w("comment of a member").encode(), zipfile.ZIP_DEFLATED
        word = w("extra field").encode()
        one.extra = struct.pack("<HH", 0x7875, len(word)) + word
        archive.writestr(one, report(14))
        archive.writestr(f'{w("second")}!{w("with marks")}!x.txt', w("text").encode())
        archive.writestr(f'{w("empty folder")}/', b"")
    return w("in front").encode() + out.getvalue() + w("behind").encode()


def html(w):
    link = "".join(f"&#{ord(c)};" for c in w("numeric entities"))
    return (head("Content-Type: text/html; charset=utf-8\r\n") + f'\r\n<html><head><title>{w("title")}</title><style>.{w("style")}'
            f'{{}}</style><script>var {w("script")} = 1 < 2;</script><!-- {w("comment")} --></head><body class="{w("class")}">'
            f'<a href="http://example.com/{w("path")}" title=\'{w("title attribute")}\'>{w("link")} {link}</a><{w("tag")}>{w("text")}'
            f'<img alt={w("alt")} src=x></body></html>\r\n').encode()


def transfer_encodings(w):
    soft = w("broken over lines")
    split = soft[:6] + "=\r\n" + soft[6:]
    hexed = "".join(f"={ord(c):02X}" for c in w("all in hexadecimal"))
    uu = w("uuencoded")
    import binascii
    return (head('Content-Type: multipart/mixed; boundary="b"\r\n') + f'\r\n--b\r\nContent-Type: text/plain\r\n'
            f'Content-Transfer-Encoding: quoted-printable\r\n\r\n{split} {hexed}\r\n--b\r\nContent-Type: text/plain\r\n'
            f'Content-Transfer-Encoding: BASE64 ({w("comment")})\r\n\r\n{lines(w("upper case base64").encode())}\r\n--b\r\n'
            f'Content-Type: text/plain\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 {w("name")}\r\n'
            f'{binascii.b2a_uu(uu.encode()).decode()}`\r\nend\r\n--b\r\nContent-Type: text/plain\r\n\r\n'
            f'{base64.b64encode((w("bare base64") + " and a line that is long enough to be seen as what it is").encode()).decode()}\r\n'
            f'--b--\r\n').encode()


def odd_types(w):
    vcard = f'BEGIN:VCARD\r\nFN:{w("vcard")}\r\nEND:VCARD\r\n'
    return (head('Content-Type: multipart/mixed; boundary="b"\r\n') + f'\r\n--b\r\nContent-Type: text/vcard\r\n\r\n{vcard}\r\n--b\r\n'
            f'Content-Type: text/{w("subtype")}\r\n\r\nx\r\n--b\r\nContent-Type: message/external-body; access-type={w("access")}; '
            f'name="{w("external")}"\r\n\r\nContent-Type: text/plain\r\n\r\n{w("phantom")}\r\n--b\r\n'
            f'{attachment(b"%PDF-1.4 " + w("in a PDF").encode(), "application/pdf", w("name of a PDF") + ".pdf")}\r\n--b\r\n'
            f'{attachment(bytes([137]) + b"PNG" + bytes(9) + w("in an image").encode(), "image/png", "a." + w("extension"))}\r\n--b\r\n'
            f'Content-Type: text/plain\r\nContent-Location: {w("location")}\r\nContent-Language: {w("language")}\r\nContent-MD5: '
            f'{w("digest")}\r\n\r\nx\r\n--b--\r\n').encode()


def bounce(w):
    return (head('Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n') +
            f'\r\n--b\r\n\r\n{w("text")}\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com '
            f'({w("comment")})\r\n\r\nFinal-Recipient: rfc822; {w("recipient")}@example.com\r\nAction: failed\r\nStatus: 5.1.1 '
            f'({w("status")})\r\nDiagnostic-Code: smtp; 550 {w("diagnostic")}\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n'
            f'Subject: {w("subject")}\r\n\r\n{w("body")}\r\n--b--\r\n').encode()


def plain_text(w):
    return f'{w("first")} {w("second")}\n\n{w("third")}@example.com {w("fourth")}\n'.encode()


def broken_xml(w):
    return report(20, f'<{w("never closed")}>{w("text")}', "</row>", f'</rwo>{w("behind")}')[:-20]


def known_beginnings(w):
    """Words behind what a machine begins with."""
    extra = (f'DKIM-Selector: {w("behind a selector")} was\r\nSPF-DNS: txt : example.com : "v=spf1 {w("behind a version")} -all"\r\n'
             f'DKIM-Selector-DNS: s1._domainkey.example.com : "v=DKIM1; n={w("note")} {w("second word of a note")}; p=MIGf"\r\n'
             f'Reported-URI: http://{w("user")}:{w("password")}@example.com/\r\nReported-URI: mailto:{w("address")}@example.com'
             f'?subject={w("subject of a link")}\r\nReported-URI: news:{w("path without a host")}\r\n')
    return arf(w, extra=extra).replace(b"<7@", b"<9@")


def text_dialect(w):
    """A failure report without its form, with words of people between those of its sentences."""
    return (head("Content-Type: text/plain\r\nMessage-ID: <10@reporter.example>\r\n") +
            f'\r\nA message claiming to be from you has failed the published DMARC policy for your domain {w("in a sentence")}.\r\n\r\n'
            f'Sender Domain: example.com {w("behind a label")}\r\nSender IP Address: 192.0.2.9\r\nReceived Date: '
            f'{w("in a date")} Thu, 01 Jan 2026 10:00:00 +0000\r\nSPF Alignment: no\r\nDKIM Alignment: no\r\nDMARC Results: None, Accept\r\n\r\n'
            f'It was received from {w("a friend")}\r\nDate: dinner with {w("somebody")}\r\n\r\n'
            f'------ This is a copy of the headers that were received {w("in a line of dashes")} before the error was detected.\r\n\r\n'
            f'From: <{w("author")}@example.com>\r\nSubject: {w("sample subject")}\r\n').encode()


def host_like(w):
    """Two words with a point between them where a host may stand."""
    extra = (f'Reporting-MTA: dns; {w("reporting mta")}.{w("its end")}\r\nDKIM-Domain: {w("domain")}.{w("its end")}\r\n'
             f'Authentication-Results: {w("authserv-id")}.{w("its end")}; spf=pass smtp.helo={w("helo")}.{w("its end")}\r\n')
    text = arf(w, extra=extra).replace(b"<7@", b"<24@")
    return (f'Received: from {w("from")}.{w("its end")} ([192.0.2.1]) by mx.example.com; Thu, 01 Jan 2026 10:00:00 +0000\r\n'.encode() +
            text)


def products(w):
    """A known product stays with a version of digits alone."""
    return (arf(w).replace(b"<7@", b"<25@").replace(b"User-Agent: ", b"User-Agent: OpenDMARC-Filter/1.3.2 ", 1))


def file_of_an_id(w):
    name = f'reporter.example!example.com!1767225600!1767311999!{w("id of a file")} {w("second word")}!x.xml'
    return (head(subject=f'Report Domain: example.com Submitter: reporter.example Report-ID: <anon-22> {w("host-like")}.{w("ending")}') +
            attachment(report(22), name=name)).encode()


def xml_known_beginnings(w):
    text = REPORT.format(id=f"anon-23 {w('behind an id')}", extra="").replace("</policy_evaluated>", (
        f'<reason><type>local_policy</type><comment>arc=pass as[1].d=list.example as[1].s=arc2026 {w("in an ARC comment")} arc={w("result")}'
        f'</comment></reason></policy_evaluated>'))
    return text.replace("<auth_results>", f"<auth_results><dkim><domain>{w('domain of one word')}</domain><result>fail</result></dkim>").encode()


def tls_known_beginnings(w):
    policies = [{"policy": {"policy-type": "sts", "policy-domain": "example.com", "mx-host": [f"*.x {w('behind a star')}", "*.example.com"],
                            "policy-string": ["version: STSv1", f"mode: {w('mode')}", f"mx: {w('host')} x", w("free line")]},
                 "summary": {"total-successful-session-count": 3, "total-failure-session-count": 0}}]
    text = json.dumps({**TLS, "report-id": f"2026-01-01 {w('behind an id')}", "policies": policies})
    return (head() + attachment(gzip.compress(text.encode()), "application/tlsrpt+gzip",
                                "reporter.example!example.com!1767225600!1767311999.json.gz")).encode()


SHAPES = (nested, encoded_words, continued_names, trace, mbox, forwarded, arf, sample_headers, tls, xml_places, xml_values,
          xml_words_in_names, xml_doctype, gzip_fields, zip_fields, html, transfer_encodings, odd_types, bounce, plain_text, broken_xml, known_beginnings,
          text_dialect, host_like, products, file_of_an_id, xml_known_beginnings, tls_known_beginnings)
