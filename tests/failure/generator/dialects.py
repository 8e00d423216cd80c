"""Wraps a Case into a failure report as each kind of reporter writes it.

DIALECTS maps a name to (what of the mail is in the report: full, headers or none; the function that writes it). Sources:
RFC 5965, RFC 6591, RFC 9991; the shapes seen from Netease, LinkedIn, Symantec, OpenDMARC, Exim, SpamExperts, Baruwa.
"""
import base64
import quopri

from cases import date_text
from signing import join, split

BOUNDARY = "=_part-of-report-7f3a"
DIALECTS = {}
INCIDENTS = {"many_incidents": lambda n: 40 + n % 7, "rfc9991": lambda n: 3}  # of sample n; else 1


def dialect(extent):
    def register(write):
        DIALECTS[write.__name__] = (extent, write)
        return write
    return register


def header_of(message):
    return b"\r\n".join(split(message)[0]) + b"\r\n"


def feedback(case, agent="Reporter/1.0", drop=(), **changed):
    """The fields of RFC 6591 and RFC 9991 in one order; a dialect drops or changes some."""
    fields = {
        "Feedback-Type": "auth-failure", "User-Agent": agent, "Version": "1",
        "Original-Mail-From": f"<{case.mail_from}>", "Original-Rcpt-To": f"<{case.local_word}.reader{case.n}@receiver.example>",
        "Arrival-Date": date_text(case.arrival), "Source-IP": case.ip, "Reported-Domain": case.reported_domain or case.domain,
        "Authentication-Results": f"mx.receiver.example; dmarc=fail (p=reject dis=none) header.from={case.domain};"
                                  f"\r\n spf=fail smtp.mailfrom={case.mail_from.rpartition('@')[2] or case.helo} smtp.helo={case.helo}",
        "Auth-Failure": "dmarc", "Identity-Alignment": "none", "Delivery-Result": "delivered", **case.fields}
    fields.update({name.replace("_", "-"): value for name, value in changed.items()})
    return "".join(f"{name}: {value}\r\n" for name, value in fields.items() if name not in drop)


def entity(kind, content, *more):
    lines = "".join(line + "\r\n" for line in (f"Content-Type: {kind}", *more))
    return lines.encode() + b"\r\n" + (content.encode() if isinstance(content, str) else content)


def in_base64(kind, content, *more):
    content = content.encode() if isinstance(content, str) else content
    packed = base64.encodebytes(content).replace(b"\n", b"\r\n")
    return entity(kind, packed, "Content-Transfer-Encoding: base64", *more)


def multipart(parts):
    start = b"--" + BOUNDARY.encode()
    return b"".join(start + b"\r\n" + part + b"\r\n" for part in parts) + start + b"--\r\n"


def mail(case, kind, content, sender="DMARC Reporter <dmarc@receiver.example>", subject=None):
    head = (f"Received: from mx.receiver.example ([192.0.2.25]) by mail.{case.domain} with ESMTP id f{case.n};"
            f" {date_text(case.arrival + 30)}\r\nFrom: {sender}\r\nTo: ruf@{case.domain}\r\n"
            f"Subject: {subject or f'DMARC failure report for {case.domain}'}\r\nDate: {date_text(case.arrival + 20)}\r\n"
            f"Message-ID: <report-{case.n}@receiver.example>\r\nMIME-Version: 1.0\r\n")
    return head.encode() + entity(kind, content)


REPORT = f'multipart/report; report-type=feedback-report;\r\n boundary="{BOUNDARY}"'
MIXED = f'multipart/mixed; boundary="{BOUNDARY}"'


def note(case):
    return entity("text/plain; charset=us-ascii", f"This is an authentication failure report for a message from {case.ip}.\r\n")


@dialect("full")
def rfc6591(case):
    return mail(case, REPORT, multipart([note(case), entity("message/feedback-report", feedback(case)),
                                         entity("message/rfc822", case.message, "Content-Disposition: inline")]))


@dialect("full")
def rfc9991(case):
    more = {"DKIM_Domain": case.signature.domain, "DKIM_Selector": case.signature.selector,
            "DKIM_Identity": "@" + case.signature.domain} if case.signature else {}
    text = feedback(case, "DMARC-Filter/1.2.3", Identity_Alignment="spf, dkim", Source_Port="12345", Incidents=INCIDENTS["rfc9991"](case.n), **more)
    return mail(case, REPORT, multipart([note(case), entity("message/feedback-report", text, "Content-Transfer-Encoding: 7bit"),
                                         entity("message/rfc822; charset=utf-8", case.message)]))


def quoting(case, sent):
    more = {}
    if case.signature:
        more = {"DKIM_Canonicalized_Header": folded64(sent[0]), "DKIM_Canonicalized_Body": folded64(sent[1]),
                "DKIM_Domain": case.signature.domain, "DKIM_Selector": case.signature.selector,
                "DKIM_Identity": "@" + case.signature.domain, "Auth_Failure": "bodyhash"}
    return mail(case, REPORT, multipart([note(case), entity("message/feedback-report", feedback(case, **more)),
                                         entity("message/rfc822", case.message)]))


@dialect("full")
def canonicalized(case):
    """What was signed, as the sender made it: lets a reader find the changed field or line."""
    return quoting(case, case.sent_octets)


@dialect("full")
def canonicalized_by_verifier(case):
    """What the reporter's verifier made of the mail that arrived, damage and all."""
    return quoting(case, case.received_octets)


def folded64(octets):
    text = base64.b64encode(octets).decode()
    return "".join(f"\r\n {text[i:i + 70]}" for i in range(0, len(text), 70)).lstrip()


@dialect("full")
def repacked_mixed_base64(case):
    text = feedback(case, "NtesDmarcReporter/1.0").replace("\r\n", "\n")
    return mail(case, MIXED, multipart([note(case), in_base64('message/feedback-report; name="ATT00001"', text,
                                                              'Content-Disposition: attachment; filename="ATT00001"'),
                                        entity("message/rfc822", case.message, "Content-Disposition: attachment")]))


@dialect("full")
def sample_in_base64(case):
    """Not allowed by RFC 2046 section 5.2.1, and seen."""
    return mail(case, REPORT, multipart([note(case), entity("message/feedback-report", feedback(case)),
                                         in_base64("message/rfc822", case.message)]))


@dialect("full")
def sample_in_quoted_printable(case):
    packed = quopri.encodestring(case.message.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    return mail(case, REPORT, multipart([note(case), entity("message/feedback-report", feedback(case)),
                                         entity("message/rfc822", packed, "Content-Transfer-Encoding: quoted-printable")]))


@dialect("full")
def feedback_as_text_plain(case):
    return mail(case, MIXED, multipart([note(case), entity("text/plain", feedback(case)),
                                        entity("message/rfc822", case.message)]))


@dialect("full")
def feedback_as_octet_stream(case):
    return mail(case, MIXED, multipart([note(case), in_base64("application/octet-stream", feedback(case)),
                                        entity("message/rfc822", case.message)]))


@dialect("full")
def netease(case):
    lines = (f"This is a spf/dkim authentication-failure report for an email message received from IP {case.ip} on "
             f"{date_text(case.arrival)}.\r\n 1. SPF-authenticated Identifiers: none;\r\n 2. DKIM-authenticated Identifiers:"
             f" none;\r\n 3. DMARC Mechanism Check Result: Identifier non-aligned, DMARC mechanism check failures;\r\n")
    text = feedback(case, "NtesDmarcReporter/1.0", drop=("Auth-Failure", "Original-Rcpt-To"), Identity_Alignment="spf,dkim")
    return mail(case, REPORT, multipart([entity("text/plain", lines), entity("message/feedback-report", text),
                                         entity("message/rfc822", case.message)]), "<abuse@netease.example>",
                f"[Netease DMARC Failure Report] {case.n}")


def linkedin_mail(case):
    text = feedback(case, "Lua/1.0", drop=("Identity-Alignment",), Version="1.0", Original_Mail_From=case.mail_from,
                    Authentication_Results=f"dmarc=fail (p=none; dis=none) header.from={case.domain}")
    return mail(case, REPORT, multipart([note(case), entity("message/feedback-report", text),
                                         entity("message/rfc822", case.message, "Content-Disposition: inline")]),
                "dmarc-noreply@linkedin.example",
                f"DMARC Failure report for {case.domain} Mail-From:{case.mail_from} IP:{case.ip}")


@dialect("full")
def linkedin_crlf(case):
    case.message = b"From author@mx.receiver.example Tue Sep  1 10:00:00 2026\r\n" + case.message
    return linkedin_mail(case)


@dialect("full")
def linkedin_lf(case):
    return linkedin_mail(case).replace(b"\r\n", b"\n")


@dialect("full")
def symantec(case):
    text = feedback(case, "Lua/1.0", drop=("Identity-Alignment",), Version="1.0", Original_Mail_From=case.mail_from,
                    Message_ID=f"<m{case.n}@{case.domain}>", Delivery_Result="smg-policy-action",
                    Authentication_Results=f"dmarc=fail (p=none, dis=none) header.from={case.domain}")
    return mail(case, REPORT, multipart([note(case), entity("message/feedback-report; name=report", text),
                                         entity("message/rfc822", case.message, "Content-Disposition: inline")]))


# --- only the header


@dialect("headers")
def opendmarc(case):
    text = feedback(case, "OpenDMARC-Filter/1.4.2", Source_IP=f"{case.ip} ({case.helo})",
                    drop=("Arrival-Date", "Identity-Alignment", "Delivery-Result", "Original-Rcpt-To"))
    return mail(case, REPORT, multipart([note(case), entity("message/feedback-report", text),
                                         entity("text/rfc822-headers", header_of(case.message))]), "opendmarc@receiver.example",
                f"FW: {case.n}")


@dialect("headers")
def headers_in_base64(case):
    return mail(case, REPORT, multipart([note(case), entity("message/feedback-report", feedback(case)),
                                         in_base64("text/rfc822-headers", header_of(case.message))]))


@dialect("headers")
def headers_as_message(case):
    """message/rfc822 without a body, the shape of a reporter that is asked for headers only."""
    return mail(case, REPORT, multipart([note(case), entity("message/feedback-report", feedback(case)),
                                         entity("text/rfc822-headers", join(split(case.message)[0], b""))]))


PROSE = "A message claiming to be from you has failed the published DMARC policy for your domain."


def prose(case, names, width=None):
    values = (case.domain, case.ip, date_text(case.arrival), "no", "no", "None, Accept")
    lines = "".join(f"  {name}: {value}\r\n" for name, value in zip(names, values))
    opening = PROSE.replace("policy for", "policy\r\nfor") if width else PROSE
    return (opening + "\r\n\r\n" + lines + "\r\n------ This is a copy of the headers that were received before the error"
            " was detected.\r\n\r\n").encode() + header_of(case.message)


NAMES = ("Sender Domain", "Sender IP Address", "Received Date", "SPF Alignment", "DKIM Alignment", "DMARC Results")


@dialect("headers")
def exim_text(case):
    kind = f'multipart/report;\r\n boundary="{BOUNDARY}"'
    return mail(case, kind, multipart([entity('text/plain; charset="us-ascii"', prose(case, NAMES))]),
                "no-reply@gate.receiver.example", f"DMARC Forensic Report for {case.domain} from IP {case.ip}")


@dialect("headers")
def spamexperts_text(case):
    names = (*NAMES[:2], "Received date", *NAMES[3:])
    return mail(case, 'text/plain; charset="us-ascii"', prose(case, names), "no-reply@gate.receiver.example",
                f"DMARC Forensic Report for {case.domain} from IP {case.ip}")


@dialect("headers")
def baruwa_text(case):
    return mail(case, "text/plain; charset=utf-8", prose(case, NAMES, width=70), "postmaster@gate.receiver.example",
                f"DMARC Forensic Report for {case.domain} from IP {case.ip}")


# --- nothing of the mail


@dialect("none")
def nothing_attached(case):
    return mail(case, REPORT, multipart([note(case), entity("message/feedback-report", feedback(case))]))


@dialect("none")
def many_incidents(case):
    text = feedback(case, Incidents=INCIDENTS["many_incidents"](case.n))
    return mail(case, REPORT, multipart([note(case), entity("message/feedback-report", text)]))
