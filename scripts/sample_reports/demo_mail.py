"""The mails of the demonstration: how each receiver sends its report, and where the mail lies in the maildir."""
import hashlib
import time

from .containers import gz, zipped
from .mail import b64
from .report import DAY

SHOP = "lune-shop.example"
WORDS = ("This is a DMARC aggregate report for {shop}\n"
         "generated at {date}\n\nReport-ID: {id}\n")


def aggregate(receiver, report, xml, is_new):
    """(path in the maildir, octets) of the mail that brings `report`, some hours after the day has ended."""
    hours = 2 + int(hashlib.sha256(report.id.encode()).hexdigest(), 16) % 7
    sent = report.begin + DAY + hours * 3600 + len(receiver.name) * 61
    name = f"{receiver.domain}!{report.domain}!{report.begin}!{report.end}"
    if receiver.container == "gz":
        packed, file, kind = gz(xml.encode()), name + ".xml.gz", "application/gzip"
    else:
        packed, file, kind = zipped([(name + ".xml", xml.encode())]), name + ".zip", "application/zip"
    subject = f"Report Domain: {report.domain}\n Submitter: {receiver.domain}\n Report-ID: <{report.id}>"
    words = WORDS.format(shop=report.domain, date=date_of(sent), id=report.id)
    body = (f'Content-Type: multipart/mixed; boundary="{boundary(report.id)}"\n\n'
            f"--{boundary(report.id)}\nContent-Type: text/plain; charset=us-ascii\n\n{words}\n"
            f'--{boundary(report.id)}\nContent-Type: {kind}; name="{file}"\nContent-Transfer-Encoding: base64\n'
            f'Content-Disposition: attachment;\n filename="{file}"\n\n{b64(packed)}\n--{boundary(report.id)}--\n')
    head = header(receiver.domain, "dmarc-reports", "dmarc", sent, report.id, subject)
    return place(sent, report.id, is_new), (head + body).encode()


def header(domain, sender, recipient, sent, id, subject):
    """The header of a mail that the server of the shop has taken from a receiver."""
    date, later = date_of(sent), date_of(sent + 2)
    return (f"Return-Path: <{sender}@{domain}>\n"
            f"Received: from out.{domain} (out.{domain} [192.0.2.{200 + len(domain)}])\n"
            f"\tby mail.{SHOP} with ESMTPS id {short(id)}\n\tfor <{recipient}@{SHOP}>; {later}\n"
            f"Authentication-Results: mail.{SHOP};\n\tspf=pass smtp.mailfrom={domain};\n"
            f"\tdmarc=pass header.from={domain}\n"
            f"From: {sender}@{domain}\nTo: {recipient}@{SHOP}\nDate: {date}\nMessage-ID: <{id}@{domain}>\n"
            f"Subject: {subject}\nMIME-Version: 1.0\n")


def date_of(seconds):
    """RFC 5322 section 3.3, in UTC and in English whatever the locale is."""
    at = time.gmtime(seconds)
    return (f"{'Mon Tue Wed Thu Fri Sat Sun'.split()[at.tm_wday]}, {at.tm_mday:02d} "
            f"{'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split()[at.tm_mon - 1]} "
            f"{at.tm_year} {at.tm_hour:02d}:{at.tm_min:02d}:{at.tm_sec:02d} +0000")


def place(sent, id, is_new):
    name = f"{sent + 3}.M{int(short(id), 16) % 10**6:06d}P2718.mail"
    return f"new/{name}" if is_new else f"cur/{name}:2,S"


def short(id):
    return hashlib.sha256(id.encode()).hexdigest()[:10]


def boundary(id):
    return f"=_{short(id)}"
