"""Failure reports that are damaged, and mails to the same address that are none."""
from .failure import (EXIM, EXIM_MARKER, NOTHING, arf, eml, expected, fields, header, kept, mail_header, multipart, part,
                      sample)


def bad(name, shows, text, *wants, **more):
    return eml(f"malformed/{name}", shows, text, *wants, **more)


def samples():
    return [*values(), *damage(), *labels(), *foreign()]


def values():
    wrong = fields(Arrival_Date="yesterday", Source_IP="unknown", Source_Port="70000", Incidents="many",
                   DKIM_Canonicalized_Body="this is not base64!", SPF_DNS="txt : example.com", Auth_Failure="arc")
    twice = fields() + "Source-IP: 192.0.2.99\nVersion: 2\n"
    return [bad("unreadable-values", "nothing that has to be a number, date, address or base64 is one",
                arf("unreadable", wrong, words="A message failed.\n"),
                expected("unreadable", ["failure-unknown-word", "failure-date-unreadable", "bad-source-ip",
                                        "failure-bad-port", "failure-bad-incidents", "failure-bad-base64",
                                        "failure-bad-record"], arrival=None, raw_arrival="yesterday", source_ip=None,
                         raw_source_ip="unknown", spf_dns=[["txt", "example.com", ""]], auth_failures=[["unknown", "arc"]])),
            bad("repeated-fields", "fields that may stand once stand twice: the first count", arf("repeated", twice),
                expected("repeated", ["failure-field-repeated", "failure-field-repeated"],
                         other_fields=[["Source-IP", "192.0.2.99"], ["Version", "2"]]))]


def damage():
    whole = arf("cut-in-sample")
    cut = whole[:whole.index("this is the news") + 7]
    octets = sample("cut-in-sample")
    octets = octets[:octets.index("this is the news") + 7]
    in_fields = arf("cut-in-fields")
    in_fields = in_fields[:in_fields.index("Source-IP") + 4]
    only = "Feedback-Type: auth-failure\n"
    missing = ["failure-field-missing " + name for name in
               ("User-Agent", "Version", "Auth-Failure", "Authentication-Results", "Original-Mail-From", "Source-IP",
                "Arrival-Date", "Reported-Domain")]
    return [bad("cut-in-sample", "the mail ends inside the sample", cut,
                expected("cut-in-sample", ["mime-unclosed"], sample=kept(octets))),
            bad("cut-in-fields", "the mail ends inside the report: what is read stays, the sentence fills a gap", in_fields,
                expected("cut-in-fields", ["mime-unclosed", "failure-stray-line", "failure-no-sample", "failure-source-ip-from-text",
                                           "failure-field-missing Reported-Domain"], reported_domains=[], sample=NOTHING)),
            bad("almost-nothing", "a report of one field", arf("almost-nothing", only, words="A message failed.\n"),
                expected("almost-nothing", missing, version=None, user_agent=None, auth_failures=[], identity_alignment=None,
                         delivery_result=None, authentication_results=[], mail_from=None, rcpt_to=[], arrival=None,
                         raw_arrival=None, source_ip=None, raw_source_ip=None, reported_domains=[])),
            bad("no-feedback-type", "a report without the field that says what it is: Auth-Failure does",
                arf("no-type", fields("Feedback-Type")),
                expected("no-type", ["failure-feedback-type", "failure-field-missing Feedback-Type"], dialect="unknown", feedback_type="")),
            bad("stray-lines", "lines that are no field among the fields", arf("stray", "A report:\nof 1 message\n" + fields()),
                expected("stray", ["failure-stray-line"]))]


def labels():
    mixed = sample("headers-with-body")
    empty = arf("empty-sample", sample_part=part("message/rfc822", ""))
    false = "Content-Transfer-Encoding: quoted-printable\n"
    signed = sample("false-encoding").replace("Subject:", "DKIM-Signature: v=1; a=rsa-sha256; d=example.com; b=abc\nSubject:")
    two = mail_header("two-reports") + multipart([part("message/feedback-report", fields()),
                                                  part("message/feedback-report", fields(Source_IP="192.0.2.99")),
                                                  part("message/rfc822", sample("two-reports"))])
    return [bad("headers-with-body", "declared as header, but a body follows",
                arf("headers-with-body", sample_part=part("text/rfc822-headers", mixed)),
                expected("headers-with-body", ["failure-sample-has-body"], sample=kept(mixed, type="text/rfc822-headers"))),
            bad("empty-sample", "a message part without any octet", empty,
                expected("empty-sample", ["failure-sample-empty"], sample={**NOTHING, "type": "message/rfc822"})),
            bad("false-encoding", "a sample declared as quoted-printable that is not", arf("false-encoding", sample_part=part("message/rfc822", signed, false)),
                expected("false-encoding", ["transfer-encoding-mismatch"],
                         sample=kept(signed))),
            bad("two-reports", "two reports in one mail: the first is read, the second is named", two,
                expected("two-reports", ["failure-feedback-repeated"]))]


def foreign():
    status = part("message/delivery-status", "Reporting-MTA: dns; mx.receiver.example\n\nFinal-Recipient: rfc822; ruf@example.com\n"
                  "Action: failed\nStatus: 5.1.1\n")
    returned = mail_header("bounce") + multipart([part("text/plain", EXIM), status, part("message/rfc822", arf("returned").replace("=_report", "=_returned"))],
                                                 "report; report-type=delivery-status")
    answer = (mail_header("answer", subject="Automatic reply: DMARC report", extra="Auto-Submitted: auto-replied\n") +
              "Content-Type: text/plain\n\nI am away.\n\n" + "".join("> " + line + "\n" for line in (EXIM + EXIM_MARKER + header("x")).splitlines()))
    away = mail_header("away", subject="Out of office", extra="Auto-Submitted: auto-replied\n") + "Content-Type: text/plain\n\nI am away.\n"
    nothing = dict(container="bare", dialect="unknown", feedback_type="", version=None, user_agent=None, auth_failures=[],
                   identity_alignment=None, delivery_result=None, authentication_results=[], mail_from=None, rcpt_to=[],
                   arrival=None, raw_arrival=None, source_ip=None, raw_source_ip=None, reported_domains=[], sample=NOTHING)
    return [bad("bounce", "a bounce that quotes one report and returns another", returned, outcome="not_a_report"),
            bad("automatic-answer", "an automatic answer that quotes a report", answer,
                expected("answer", kind="auto-reply", **nothing)),
            bad("out-of-office", "an automatic answer without one", away, outcome="not_a_report")]
