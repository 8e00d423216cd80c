"""Failure reports: the parts of the mails that carry them, and what is expected of one."""
import hashlib
from dataclasses import dataclass, field

from .sample import render

ARRIVAL = "Thu, 01 Jan 2026 10:00:00 +0100"
ARRIVAL_EPOCH = 1767258000  # 2026-01-01 09:00:00 UTC
REPORTED = "Thu, 01 Jan 2026 09:00:05 +0000"
RESULTS = "receiver.example; dmarc=fail header.from=example.com"

FIELDS = {"Feedback-Type": "auth-failure", "User-Agent": "Example-Reporter/3.1", "Version": "1", "Auth-Failure": "dmarc",
          "Identity-Alignment": "none", "Delivery-Result": "delivered", "Authentication-Results": RESULTS,
          "Original-Mail-From": "<bounce@mailer.example>", "Original-Rcpt-To": "<someone@receiver.example>",
          "Arrival-Date": ARRIVAL, "Source-IP": "198.51.100.66", "Reported-Domain": "example.com"}

SENTENCE = ("This is an authentication failure report for an email message received from IP\n198.51.100.66 on "
            + ARRIVAL + ".\n")
EXIM = """A message claiming to be from you has failed the published DMARC policy for your domain.

  Sender Domain: example.com
  Sender IP Address: 198.51.100.66
  Received Date: Thu, 01 Jan 2026 10:00:00 +0100
  SPF Alignment: no
  DKIM Alignment: no
  DMARC Results: Reject, Reject

"""
EXIM_MARKER = "------ This is a copy of the headers that were received before the error was detected.\n\n"
EXIM_MISSING = ["failure-field-missing " + name for name in
                ("Feedback-Type", "User-Agent", "Version", "Authentication-Results", "Original-Mail-From",
                 "Identity-Alignment")]


def fields(*without, **changes):
    """The usual fields as text; a change of None drops one, an underscore stands for a hyphen."""
    named = {name.replace("_", "-"): value for name, value in changes.items()}
    both = {**{name: value for name, value in FIELDS.items() if name not in without}, **named}
    return "".join(f"{name}: {value}\n" for name, value in both.items())


def header(id):
    """The header of a sample."""
    return ("Received: from mailer.example (mailer.example [198.51.100.66])\n\tby mx.receiver.example with ESMTP id 7f3a;\n"
            f"\tThu, 01 Jan 2026 10:00:00 +0100 (CET)\nFrom: News <news@example.com>\nTo: Someone <someone@receiver.example>\n"
            f"Subject: News of {id}\nDate: Thu, 01 Jan 2026 09:59:50 +0100\nMessage-ID: <{id}@example.com>\n"
            "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n")


def sample(id):
    return header(id) + "\nGood morning,\n\nthis is the news.\n"


def mail_header(id, sender="DMARC <dmarc@receiver.example>", subject="FW: News", extra=""):
    return ("Return-Path: <>\nReceived: from mx.receiver.example (mx.receiver.example [192.0.2.200])\n"
            "\tby mail.example.com with ESMTPS id 4f2b; Thu, 01 Jan 2026 09:00:06 +0000\n"
            f"From: {sender}\nTo: ruf@example.com\nDate: {REPORTED}\nMessage-ID: <{id}@receiver.example>\n"
            f"Subject: {subject}\nMIME-Version: 1.0\n{extra}")


def part(type, body, more=""):
    return f"Content-Type: {type}\n{more}\n{body}"


def multipart(parts, kind="report; report-type=feedback-report", boundary="=_report"):
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n'
    return head + "".join(f"--{boundary}\n{p}\n" for p in parts) + f"--{boundary}--\n"


def arf(id, text=None, sample_part=None, words=SENTENCE, **mail):
    """A report as RFC 6591 wants it."""
    inner = part("message/rfc822", sample(id)) if sample_part is None else sample_part
    parts = [part("text/plain", words), part("message/feedback-report", fields() if text is None else text), inner]
    return mail_header(id, **mail) + multipart([p for p in parts if p])


def kept(octets, extent="full", type="message/rfc822", encoding="", repairs=("sample-line-ends",)):
    """What is expected of a sample with these octets."""
    octets = octets.encode() if isinstance(octets, str) else octets
    return {"extent": extent, "type": type, "encoding": encoding, "size": len(octets),
            "sha256": hashlib.sha256(octets).hexdigest(), "repairs": list(repairs)}


NOTHING = {"extent": "none", "type": "", "encoding": "", "size": 0, "sha256": hashlib.sha256(b"").hexdigest(), "repairs": []}


def expected(id, defects=(), **changes):
    """Everything that is read from arf(id), with what is different."""
    want = {"kind": "auth-failure", "container": "multipart-report", "dialect": "standard", "feedback_type": "auth-failure",
            "version": "1", "user_agent": "Example-Reporter/3.1", "auth_failures": [["dmarc", "dmarc"]],
            "identity_alignment": "none", "delivery_result": "delivered", "authentication_results": [RESULTS],
            "spf_dns": [], "dkim_domain": None, "dkim_identity": None, "dkim_selector": None, "dkim_selector_dns": None,
            "canonicalized_header": None, "canonicalized_body": None, "envelope_id": None,
            "mail_from": "bounce@mailer.example", "rcpt_to": ["someone@receiver.example"], "arrival": ARRIVAL_EPOCH,
            "raw_arrival": ARRIVAL, "source_ip": "198.51.100.66", "raw_source_ip": "198.51.100.66", "source_port": None,
            "reported_domains": ["example.com"], "reported_uris": [], "incidents": 1, "reporting_mta": None,
            "other_fields": [],
            "reporter": {"address": "dmarc@receiver.example", "domain": "receiver.example",
                         "message_id": f"<{id}@receiver.example>", "date": 1767258005},
            "sample": kept(sample(id)), "redacted": [], "defect_codes": list(defects)}
    for name in changes:
        if name not in want:
            raise ValueError(name)
    return {**want, **changes}


def expected_exim(id, defects=(), **changes):
    """What the sentences of Exim say."""
    return expected(id, [*defects, *EXIM_MISSING], **{
        **dict(container="prose", dialect="exim", feedback_type="", version=None, user_agent=None,
               auth_failures=[["dmarc", "DMARC"]], identity_alignment=None, delivery_result=None, authentication_results=[],
               mail_from=None, rcpt_to=[], other_fields=[["SPF Alignment", "no"], ["DKIM Alignment", "no"],
                                                         ["DMARC Results", "Reject, Reject"]]), **changes})


@dataclass
class FailureSample:
    path: str       # below sample-reports/failure/
    data: bytes
    shows: str      # one line for the reader
    outcome: str = "failure_report"  # other_feedback, not_a_report, rejected
    reports: list = field(default_factory=list)
    code: str = None

    def expected_json(self):
        value = {"shows": self.shows, "outcome": self.outcome}
        if self.code:
            value["code"] = self.code
        return render({**value, "reports": self.reports}) + "\n"


def eml(path, shows, text, *wants, newline="\n", **more):
    return FailureSample(path + ".eml", text.replace("\n", newline).encode(), shows, reports=list(wants), **more)
