"""Mails with a word of its own in every place that a word can stand in: what the search of privacy_test looks for."""
import base64
import gzip
import io
import quopri
import zipfile
import zlib

BODY, HEADER = "body", "header"  # gone under every policy but full; may stay under headers
ALPHABET = "bcdfghjkmnpqrtvwxz"


class Words:
    """Hands out words of lower case letters, none of which is part of another, and remembers what each is."""

    def __init__(self):
        self.of = {}
        self.shape = ""

    def make(self, kind, place):
        n, letters = len(self.of), ""
        for _ in range(3):
            letters += ALPHABET[n % len(ALPHABET)]
            n //= len(ALPHABET)
        word = f"plaant{letters}ww"
        self.of[word] = (kind, f"{self.shape}: {place}")
        return word

    def body(self, place):
        return self.make(BODY, place)

    def header(self, place):
        return self.make(HEADER, place)


def base64_lines(octets):
    return base64.encodebytes(octets).decode().replace("\n", "\r\n")


def quoted(text):
    return quopri.encodestring(text.encode()).decode()


def zipped(*entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, octets in entries:
            archive.writestr(name, octets)
    return out.getvalue()


def multipart(kind, parts, preamble="", epilogue=""):
    lines = [f'MIME-Version: 1.0\r\nContent-Type: multipart/{kind}; boundary="=_{kind[:3]}"\r\n\r\n{preamble}\r\n']
    lines += [f"--=_{kind[:3]}\r\n{part}\r\n" for part in parts]
    return "".join(lines) + f"--=_{kind[:3]}--\r\n{epilogue}\r\n"


def attachment(name, octets, media="application/octet-stream"):
    return (f'Content-Type: {media}; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n'
            f'Content-Disposition: attachment; filename="{name}"\r\n\r\n{base64_lines(octets)}')


def carrier(number, body, subject="FW: News"):
    return (f"Return-Path: <>\r\nFrom: DMARC <dmarc@receiver.example>\r\nTo: ruf@example.com\r\n"
            f"Date: Thu, 01 Jan 2026 09:00:05 +0000\r\nMessage-ID: <arf-{number}@receiver.example>\r\n"
            f"Subject: {subject}\r\n{body}")


ARF = ("Content-Type: message/feedback-report\r\n\r\nFeedback-Type: {kind}\r\nUser-Agent: Example-Reporter/3.1\r\n"
       "Version: 1\r\nAuth-Failure: dmarc\r\nDelivery-Result: delivered\r\nOriginal-Mail-From: <{sender}@mailer.example>\r\n"
       "Original-Rcpt-To: <{rcpt}@receiver.example>\r\nArrival-Date: Thu, 01 Jan 2026 10:00:0{n} +0100\r\n"
       "Source-IP: 198.51.100.6{n}\r\nReported-Domain: example.com\r\n{more}\r\n")


def arf(w, number, kind="auth-failure", more=""):
    return ARF.format(kind=kind, n=number % 10, more=more, sender=w.header("Original-Mail-From"),
                      rcpt=w.header("Original-Rcpt-To"))


def report(w, number, sample, kind="auth-failure", more="", media="message/rfc822", epilogue=""):
    letter = ("Content-Type: text/plain\r\n\r\nThis is an authentication failure report for an email message received\r\n"
              f"from IP 198.51.100.66. {w.body('covering letter')}\r\n")
    return carrier(number, multipart("report; report-type=feedback-report",
                                     [letter, arf(w, number, kind, more), f"Content-Type: {media}\r\n\r\n{sample}"],
                                     epilogue=epilogue))


def sample_header(w, number):
    return (f"Received: from mailer.example (mailer.example [198.51.100.66])\r\n\tby mx.receiver.example for"
            f" <{w.header('Received for')}@receiver.example>; Thu, 01 Jan 2026 10:00:00 +0100\r\n"
            f"From: {w.header('display name')} <{w.header('From')}@example.com>\r\n"
            f"To: {w.header('To name')} <{w.header('To')}@receiver.example>\r\nSubject: {w.header('Subject')} news\r\n"
            f"Date: Thu, 01 Jan 2026 09:59:50 +0100\r\nMessage-ID: <{w.header('Message-ID')}-{number}@example.com>\r\n"
            f"X-Note: {w.header('unknown field')}\r\n")


def sample(w, number, more=""):
    return sample_header(w, number) + more + f"\r\nDear {w.body('text')}\r\n"


def plain(w, n):
    return report(w, n, sample(w, n))


def with_parts(w, n):
    inner = sample_header(w, n + 100) + f"\r\n{w.body('inner mail')}\r\n"
    parts = [f"Content-Type: text/plain\r\nX-Part: {w.body('field of a part')}\r\n\r\n{w.body('text part')}\r\n",
             attachment(w.body("attachment name") + ".pdf", w.body("in base64").encode()),
             f"Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
             f"{quoted('ü ' + w.body('quoted-printable'))}\r\n",
             f"Content-Type: message/rfc822\r\n\r\n{inner}"]
    for word in [word for word, (_, place) in w.of.items() if word in inner]:
        w.of[word] = (BODY, w.of[word][1] + " of an inner mail")
    return report(w, n, sample_header(w, n) +
                  multipart("mixed", parts, preamble=w.body("preamble"), epilogue=w.body("epilogue")))


def headers_only(w, n):
    return report(w, n, sample_header(w, n), media="text/rfc822-headers")


def no_blank_line(w, n):
    return report(w, n, sample_header(w, n) + f"{w.body('no blank line')} words here\r\n\r\n{w.body('then text')}\r\n")


def malformed_fields(w, n):
    return report(w, n, sample_header(w, n) + f"X Bad Name: {w.body('blank in a name')}\r\n : {w.body('no name')}\r\n"
                  f"\x01\x02 {w.body('control characters')}\r\n\r\n{w.body('text')}\r\n")


def first_line_bad(w, n):
    return report(w, n, f"{w.body('first line')} is no field\r\n" + sample(w, n))


def continuation_first(w, n):
    return report(w, n, f" {w.body('continuation in front')}\r\n" + sample(w, n))


def odd_addresses(w, n):
    coded = base64.b64encode(w.header("encoded word").encode()).decode()
    return report(w, n, sample(w, n,
                  f'Cc: "{w.header("quoted name")}" ({w.header("comment")}) <"{w.header("quoted local")}"@example.net>,\r\n'
                  f"\t{w.header('group')}: {w.header('group member')}@example.net;, =?utf-8?B?{coded}?= <x@example.net>\r\n"
                  f"Reply-To: =?utf-8?Q?{w.header('Q word')}?= <{w.header('route')}%a.example@example.net>\r\n"
                  f"List-Id: {w.header('list phrase')} <list.example.net>\r\nX-Mailer: {w.header('mailer')}\r\n"
                  f'Content-Type: text/plain; name="{w.header("name of the type")}.txt"\r\n'
                  f"Content-Disposition: attachment; filename*0*=utf-8''{w.header('RFC 2231')}; filename*1=.txt\r\n"))


def signed(w, n):
    return report(w, n, sample(w, n,
                  f"DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s1; i={w.header('i=')}@example.com;\r\n"
                  f"\th=from:to; z=From:{w.header('z=')}@example.com|Subject:{w.header('z= subject')};\r\n"
                  f"\tx-tag={w.header('unknown tag')}; bh=2jmj7l5rSw0yVb/vlWAYkK/YBwk=; b=AAAA\r\n"
                  f"Authentication-Results: mx.receiver.example ({w.header('comment of results')}); spf=pass\r\n"
                  f"\tsmtp.mailfrom={w.header('smtp.mailfrom')}@mailer.example reason=\"{w.header('reason')}\"\r\n"
                  f"Received-SPF: pass ({w.header('comment of SPF')}) envelope-from={w.header('envelope-from')}@mailer.example;\r\n"
                  f"ARC-Authentication-Results: i=1; mx.example; dkim=pass header.i={w.header('header.i')}@example.com\r\n"))


def encoded_sample(w, n):
    return report(w, n, base64_lines(sample(w, n).encode()),
                  media="message/rfc822\r\nContent-Transfer-Encoding: base64")


def every_claim(w, n):
    return report(w, n, sample(w, n), more=(
        f"Original-Envelope-Id: {w.header('envelope id')}\r\nRemoval-Recipient: {w.header('removal')}@receiver.example\r\n"
        f"Reported-URI: https://example.net/{w.header('path of a URI')}?a\r\nX-Foreign: {w.header('unknown claim')}\r\n"
        f"Authentication-Results: mx.receiver.example ({w.header('comment')}); dkim=fail"
        f" header.i={w.header('claimed i=')}@example.com\r\nDKIM-Identity: {w.header('DKIM-Identity')}@example.com\r\n"
        f"DKIM-Domain: example.com\r\nDKIM-Selector: s1\r\n"
        f"DKIM-Canonicalized-Header: {base64.b64encode(('subject:' + w.header('canonical header')).encode()).decode()}\r\n"
        f"DKIM-Canonicalized-Body: {base64.b64encode(w.body('canonical body').encode()).decode()}\r\n"
        f"{w.header('broken line of claims')} is no field\r\n"
        f"Delivery-Result: {w.header('delivery result')}\r\nSource-Port: {w.header('port')}\r\n"
        f"Incidents: {w.header('incidents')}\r\nArrival-Date: {w.header('second date')}\r\n"
        f"Auth-Failure: {w.header('second failure')}\r\nIdentity-Alignment: {w.header('alignment')}\r\n"),
        epilogue=w.body("epilogue"))


def prose(w, n):
    return carrier(n, "MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nThis is a spf/dkim authentication-failure report"
                   " for an email message\r\nreceived from IP 198.51.100.66 on Thu, 01 Jan 2026 10:00:00 +0100.\r\n"
                   f"{w.body('prose')}\r\n\r\nThe original message headers:\r\n\r\n{sample(w, n)}")


def abuse(w, n):
    return report(w, n, sample(w, n), kind="abuse")


def bounce(w, n):
    status = ("Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.receiver.example\r\n\r\nFinal-Recipient:"
              f" rfc822; {w.body('Final-Recipient')}@receiver.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
              f"Diagnostic-Code: smtp; 550 {w.body('diagnostic code')}\r\n")
    letter = f"Content-Type: text/plain\r\n\r\n{w.body('letter of a bounce')}\r\n"
    text = sample(w, n)
    for word in [word for word in w.of if word in text]:
        w.of[word] = (BODY, w.of[word][1] + " of a returned mail")
    return carrier(n, multipart("report; report-type=delivery-status",
                                [letter, status, "Content-Type: message/rfc822\r\n\r\n" + text]))


def letter(w, n):
    return sample(w, n)


def letter_with_files(w, n):
    packed = zipped((w.body("name in a zip") + ".txt", w.body("in a zip")), (w.body("dir") + "/x.eml", sample_body(w, n)))
    stream = gzip.compress(w.body("in a gzip").encode())
    named = stream[:3] + b"\x08" + stream[4:10] + w.body("name in a gzip").encode() + b"\0" + stream[10:]
    return sample_header(w, n) + multipart("mixed", [
        f"Content-Type: text/plain\r\n\r\n{w.body('text')}\r\n", attachment(w.body("zip name") + ".zip", packed),
        attachment(w.body("gzip name") + ".gz", named),
        attachment(w.body("rar name") + ".rar", b"Rar!\x1a\x07\x01\0" + w.body("in a rar").encode()),
        attachment(w.body("7z name") + ".7z", b"7z\xbc\xaf\x27\x1c" + w.body("in a 7z").encode()),
        attachment(w.body("json name") + ".json", f'{{"{w.body("JSON name")}": "{w.body("JSON")}"}}'.encode())])


def sample_body(w, n):
    text = sample(w, n)
    for word in [word for word in w.of if word in text]:
        w.of[word] = (BODY, w.of[word][1] + " of a packed mail")
    return text.encode()


def oversized(w, n):
    return report(w, n, sample(w, n) + "filler of a mail that is too large\r\n" * 9000 + w.body("far behind"))


def damaged_gzip(w, n):
    packed = gzip.compress(report(w, n + 1000, sample(w, n)).encode())
    return carrier(n, multipart("mixed", [attachment(w.body("gzip name") + ".eml.gz", packed[:-9])]))


def damaged_zip(w, n):
    packed = zipped(("sample.eml", sample_body(w, n)), (w.body("zip entry") + ".txt", w.body("zip text")))
    return carrier(n, multipart("mixed", [attachment(w.body("zip name") + ".zip", packed[:-30])]))


def cut_off(w, n):
    whole = report(w, n, base64_lines((sample(w, n) + "\r\n" * 5 + "x" * 4000).encode()),
                   media="message/rfc822\r\nContent-Transfer-Encoding: base64")
    return whole[:-2000]


def too_deep(w, n):
    inner = f"Content-Type: text/plain\r\n\r\n{w.body('deep text')}\r\n"
    for depth in range(60):
        inner = (f"Content-Type: multipart/mixed; boundary=d{depth}\r\n\r\n--d{depth}\r\n{inner}\r\n--d{depth}--\r\n")
    return sample_header(w, n) + "MIME-Version: 1.0\r\n" + inner


def promised(w, n):
    subject = f"Report Domain: example.com Submitter: {w.header('submitter')} Report-ID: <1>"
    return carrier(n, f"MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n{w.body('instead of a report')}\r\n", subject)


AGGREGATE = """<?xml version="1.0"?><feedback><report_metadata><org_name>receiver.example</org_name><email>d@receiver.example
</email><report_id>{n}</report_id><date_range><begin>1767225600</begin><end>1767311999</end></date_range></report_metadata>
<policy_published><domain>example.com</domain><p>none</p></policy_published><record><row><source_ip>198.51.100.1</source_ip>
<count>1</count><policy_evaluated><disposition>none</disposition><dkim>fail</dkim><spf>fail</spf></policy_evaluated></row>
<identifiers><header_from>example.com</header_from></identifiers><auth_results/></record></feedback>"""


def with_aggregate(w, n):
    name = "receiver.example!example.com!1767225600!1767311999.xml.gz"
    parts = [f"Content-Type: text/plain\r\n\r\nThis is an authentication failure report. {w.body('letter')}\r\n", arf(w, n),
             "Content-Type: message/rfc822\r\n\r\n" + sample(w, n),
             attachment(name, gzip.compress(AGGREGATE.format(n=n).encode()))]
    return carrier(n, multipart("report; report-type=feedback-report", parts))


def other_xml(w, n):
    text = (f"<?xml version='1.0'?><{w.body('root element')} a='{w.body('attribute')}'><!-- {w.body('comment')} -->"
            f"<{w.body('element')}>{w.body('XML text')}</{w.body('end tag')}></x>")
    return sample_header(w, n) + multipart("mixed", [attachment(w.body("XML name") + ".xml", text.encode()),
                                                     attachment("b.xml", b"<!DOCTYPE " + w.body("DOCTYPE").encode() + b"><a/>")])


def other_json(w, n):
    """JSON with a member that TLS reports have, well-formed and broken."""
    whole = (f'{{"organization-name": "{w.body("JSON text")}", "{w.body("JSON member")}": ["{w.body("JSON list")}", null],'
             f' "report-id": "{w.body("JSON id")}"}}')
    broken = f'{{"organization-name": "{w.body("broken JSON text")}", "policies": [{w.body("no literal")}, 1]}}'
    return sample_header(w, n) + multipart("mixed", [attachment(w.body("JSON name") + ".json", whole.encode()),
                                                     attachment(w.body("name of broken JSON") + ".json", broken.encode())])


def packed_report(w, n):
    whole = report(w, n, sample(w, n)).encode()
    return carrier(n, multipart("mixed", [attachment(w.body("zip name") + ".zip", zipped((w.body("entry") + ".eml", whole)))]))


def zlib_stream(w, n):
    stream = zlib.compress(sample_body(w, n) * 20)
    return carrier(n, multipart("mixed", [attachment(w.body("stream name") + ".z", stream)]))


def malformed_values(w, n):
    """Fields that every reader of a header stumbles over: what it says of them must not quote them."""
    return report(w, n, (
        f"Received: {w.header('a Received of words')} and no more\r\nReceived: from mailer.example (unknown)"
        f" by mx.receiver.example with {w.header('protocol')} id {w.header('queue id')}; {w.header('date of a trace')}\r\n"
        f"From: {w.header('From without a domain')}\r\nSender: {w.header('Sender of words')} ;;\r\nTo: \"{w.header('open quote')}\r\n"
        f"Cc: (({w.header('open comment')}\r\nDate: {w.header('Date of words')}\r\nMessage-ID: {w.header('bare Message-ID')}\r\n"
        f"MIME-Version: 1.0 ({w.header('comment of a version')})\r\nContent-Type: {w.header('media type')}/plain;"
        f" boundary={w.header('boundary')}; {w.header('parameter')}=1; charset={w.header('charset')}\r\n"
        f"Content-Transfer-Encoding: {w.header('transfer encoding')}\r\nPrecedence: {w.header('precedence')}\r\n"
        f"DKIM-Signature: {w.header('signature of words')}\r\nDKIM-Signature: v=1; a={w.header('algorithm')}; d=example.com;"
        f" s=s1; c={w.header('canonicalization')}; q={w.header('query')}; t={w.header('time')}; h=from; bh=AA=={w.header('bh=')};"
        f" b=AA=={w.header('b=')};\r\nARC-Seal: i={w.header('instance')}; cv={w.header('cv=')}; d=a.example\r\n"
        f"ARC-Message-Signature: i=1; {w.header('ARC tag')}=1\r\nARC-Authentication-Results: {w.header('no instance')}\r\n"
        f"Authentication-Results: {w.header('authserv-id')}; {w.header('method')}=pass; dkim={w.header('result')}"
        f" header.x={w.header('property')} policy.{w.header('policy property')}=1; spf=pass ({w.header('open comment of results')}\r\n"
        f"Received-SPF: {w.header('SPF result')} x={w.header('SPF value')}\r\nList-Id: <{w.header('list without a domain')}>\r\n"
        f"Return-Path: {w.header('path')}\r\n\r\n{w.body('text')}\r\n"), more=(
        f"Reported-Domain: {w.header('reported domain of words')}\r\nReporting-MTA: dns; {w.header('MTA of words')}\r\n"
        f"SPF-DNS: {w.header('SPF-DNS of words')}\r\nDKIM-ADSP-DNS: {w.header('ADSP of words')}\r\n"
        f"DKIM-Domain: {w.header('DKIM-Domain of words')}\r\nDKIM-Selector: s1\r\n"))


def two_from(w, n):
    return report(w, n, sample(w, n, f"From: {w.header('second From')} <{w.header('local of it')}@example.org>\r\n"
                                     f"From: {w.header('group of From')}: {w.header('member of From')};\r\n"))


def long_field(w, n):
    return report(w, n, sample(w, n, f"X-Long: {'long ' * 4000}{w.header('end of a long field')}\r\n"))


SHAPES = {"plain": plain, "parts": with_parts, "headers only": headers_only, "no blank line": no_blank_line,
          "malformed fields": malformed_fields, "first line bad": first_line_bad, "continuation first": continuation_first,
          "odd addresses": odd_addresses, "signed": signed, "encoded sample": encoded_sample, "every claim": every_claim,
          "prose": prose, "abuse": abuse, "bounce": bounce, "letter": letter, "letter with files": letter_with_files,
          "oversized": oversized, "damaged gzip": damaged_gzip, "damaged zip": damaged_zip, "cut off": cut_off,
          "too deep": too_deep, "promised report": promised, "with aggregate": with_aggregate, "other XML": other_xml, "other JSON": other_json,
          "packed report": packed_report, "zlib stream": zlib_stream, "long field": long_field, "malformed values": malformed_values, "two From": two_from}


def make_all():
    """{name of the shape: octets of the mail}, and {word: (kind, place)}."""
    words, mails = Words(), {}
    for number, (name, make) in enumerate(SHAPES.items(), 1):
        words.shape = name
        mails[name] = make(words, number).encode("latin-1")
    return mails, words.of
