"""Mails that carry reports. All written by hand: what a mail looks like is the point of each sample."""
import base64
import quopri

HEADERS = ("Return-Path: <dmarc-reports@receiver.example>\n"
           "Received: from mx.receiver.example (mx.receiver.example [192.0.2.200])\n"
           "\tby mail.example.com with ESMTPS id 4f2a; Fri, 02 Jan 2026 01:15:00 +0000\n"
           "From: Reports <dmarc-reports@receiver.example>\n"
           "To: dmarc@example.com\n"
           "Date: Fri, 02 Jan 2026 01:14:58 +0000\n"
           "Message-ID: <{id}@receiver.example>\n"
           "Subject: Report Domain: example.com Submitter: receiver.example Report-ID: {id}\n"
           "MIME-Version: 1.0\n")


def headers(id):
    return HEADERS.format(id=id)


def b64(data, width=76):
    text = base64.b64encode(data).decode()
    return "".join(text[i:i + width] + "\n" for i in range(0, len(text), width))


def odd_b64(data):
    """Lines of odd lengths with blanks and empty lines between (RFC 2045 section 6.8 tells readers to ignore them)."""
    text, lines, width = base64.b64encode(data).decode(), [], 1
    while text:
        lines.append(text[:width] + (" \n" if width % 3 == 0 else "\n") + ("\n" if width % 7 == 0 else ""))
        text, width = text[width:], width % 91 + 5
    return "".join(lines)


def quoted_printable(data):
    return quopri.encodestring(data).decode("ascii")


def single(id, type_lines, body):
    """A mail whose body is itself the content."""
    return headers(id) + type_lines + "\n" + body


def part(head, body):
    return head + "\n" + body


def multipart(id, parts, kind="mixed", boundary="=_boundary_1"):
    return headers(id) + joined(parts, kind, boundary)


def joined(parts, kind="mixed", boundary="=_boundary_1"):
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n'
    return head + "".join(f"--{boundary}\n{p}\n" for p in parts) + f"--{boundary}--\n"


def text_part(text="This is an aggregate report about mail that claims to come from your domain.\n"):
    return part("Content-Type: text/plain; charset=us-ascii\n", text)


def file_part(data, type="application/gzip", name="report.xml.gz", disposition="attachment"):
    head = f'Content-Type: {type}; name="{name}"\nContent-Transfer-Encoding: base64\n'
    if disposition:
        head += f'Content-Disposition: {disposition}; filename="{name}"\n'
    return part(head, b64(data))


def crlf(text):
    return text.replace("\n", "\r\n")


def mbox(mails, newline="\n"):
    """mboxrd: body lines that begin with From get a >."""
    out = []
    for mail in mails:
        lines = mail.split("\n")
        quoted = [">" + l if l.lstrip(">").startswith("From ") else l for l in lines]
        out.append("From dmarc-reports@receiver.example Fri Jan  2 01:15:00 2026\n" + "\n".join(quoted) + "\n")
    return "".join(out).replace("\n", newline)
