"""Failure reports in every shape that reporters send; nothing in them is wrong that a reader could not cope with."""
from . import mail
from .failure import (EXIM, EXIM_MARKER, FIELDS, NOTHING, SENTENCE, arf, eml, expected, expected_exim, fields, header, kept,
                      mail_header, multipart, part, sample)


def good(name, shows, text, *wants, **more):
    return eml(f"good/{name}", shows, text, *wants, **more)


def samples():
    return [*standard(), *claims(), *repacked(), *sentences(), *producers(), *extents(), *others()]


def standard():
    crlf = kept(sample("arf-crlf").replace("\n", "\r\n"), repairs=[])
    return [good("arf", "a report as the RFCs want it", arf("arf"), expected("arf")),
            good("arf-crlf", "the same with CRLF throughout", arf("arf-crlf"), expected("arf-crlf", sample=crlf),
                 newline="\r\n"),
            good("incidents", "one report for 37 like messages", arf("incidents", fields(Incidents="37")),
                 expected("incidents", incidents=37)),
            good("null-sender", "a message with an empty sender", arf("null-sender", fields(Original_Mail_From="<>")),
                 expected("null-sender", mail_from=""))]


def claims():
    dkim = fields("Auth-Failure", "Identity-Alignment", Auth_Failure="bodyhash", DKIM_Domain="example.com",
                  DKIM_Identity="@example.com", DKIM_Selector="s1",
                  DKIM_Selector_DNS='s1._domainkey.example.com : "v=DKIM1; p=MIGf"',
                  DKIM_Canonicalized_Header=mail.b64(b"from:News <news@example.com>\r\n").strip(),
                  DKIM_Canonicalized_Body="\n ".join(mail.b64(b"Good morning,\r\n" * 8).split()))
    spf = fields("Auth-Failure", "Identity-Alignment", Auth_Failure="spf", Source_Port="4711", Reporting_MTA="dns; mx.receiver.example",
                 Original_Envelope_Id="7f3a") + (
        'SPF-DNS: txt : example.com : "v=spf1 include:mailer.example "\n "-all"\nSPF-DNS: txt : mailer.example : "v=spf1 -all"\n'
        "Reported-URI: http://example.com/\nX-Policy: quarantine\n")
    return [good("dkim-failure", "a failed body hash with what the reporter has hashed", arf("dkim-failure", dkim),
                 expected("dkim-failure", auth_failures=[["bodyhash", "bodyhash"]], identity_alignment=None,
                          dkim_domain="example.com", dkim_identity="@example.com", dkim_selector="s1",
                          dkim_selector_dns=["", "s1._domainkey.example.com", "v=DKIM1; p=MIGf"],
                          canonicalized_header="from:News <news@example.com>\r\n",
                          canonicalized_body="Good morning,\r\n" * 8)),
            good("spf-failure", "a failed SPF check with the records the reporter saw, and a field of its own",
                 arf("spf-failure", spf),
                 expected("spf-failure", auth_failures=[["spf", "spf"]], identity_alignment=None, source_port=4711,
                          reporting_mta="dns; mx.receiver.example", envelope_id="7f3a",
                          reported_uris=["http://example.com/"],
                          spf_dns=[["txt", "example.com", "v=spf1 include:mailer.example -all"],
                                   ["txt", "mailer.example", "v=spf1 -all"]],
                          other_fields=[["X-Policy", "quarantine"]]))]


def repacked():
    def parts(id, type, encoding="", coded=lambda text: text):
        return [part("text/plain", SENTENCE), part(type, coded(fields()), encoding),
                part("message/rfc822", sample(id))]
    base64 = "Content-Transfer-Encoding: base64\n"

    def coded(text):
        return mail.b64(text.replace("\n", "\r\n").encode())
    mixed = multipart(parts("repacked", "message/feedback-report", base64, coded), "mixed")
    octets = multipart(parts("octet-stream", 'application/octet-stream; name="ATT00001.file"', base64, coded), "mixed")
    text = multipart(parts("as-text", "text/plain"))
    inline = mail_header("inline") + "Content-Type: text/plain\n\nA report follows.\n\n" + fields() + "\n" + sample("inline")
    encoded = arf("encoded-sample", sample_part=part("message/rfc822", mail.b64(sample("encoded-sample").encode()), base64))
    return [good("repacked", "repacked as multipart/mixed, the report in base64", mail_header("repacked") + mixed,
                 expected("repacked", ["failure-report-repacked"], container="repacked")),
            good("octet-stream", "the report as application/octet-stream", mail_header("octet-stream") + octets,
                 expected("octet-stream", ["failure-report-mislabelled"], container="sniffed")),
            good("as-text", "the report as text/plain", mail_header("as-text") + text,
                 expected("as-text", ["failure-report-mislabelled"], container="sniffed")),
            good("inline", "report and sample in one text, behind a sentence", inline,
                 expected("inline", ["failure-report-mislabelled", "failure-sample-inline"], container="sniffed",
                          sample=kept(sample("inline"), type="text/plain"))),
            good("encoded-sample", "a message in base64, which message/rfc822 must not be", encoded,
                 expected("encoded-sample", sample=kept(sample("encoded-sample"), encoding="base64",
                                                        repairs=["sample-line-ends", "sample-transfer-encoding"])))]


def sentences():
    def letter(id, text, **more):
        return mail_header(id, **more) + "Content-Type: text/plain\n\n" + text

    def quoted(text):
        return "".join("> " + line + "\n" for line in text.splitlines())
    exim = multipart([part("text/plain", EXIM + EXIM_MARKER + header("exim"))], "report")
    copied = kept(header("exim"), "headers", "text/plain")
    wrapped = EXIM.replace("from you has", "from\nyou has").replace("2026 10", "2026\n10")
    netease = SENTENCE.replace("an authentication failure", "a spf/dkim authentication-failure") + (
        "Below is some detail information about this message:\n 1. SPF-authenticated Identifiers: mailer.example;\n"
        " 2. DKIM-authenticated Identifiers: none;\n 3. DMARC Mechanism Check Result: Identifier non-aligned;\n")
    lost = multipart([part("text/plain", netease), part("message/rfc822", sample("report-lost"))], "mixed")
    return [good("exim", "the sentences of Exim and the copied header", mail_header("exim", extra="Auto-Submitted: auto-replied\n") + exim,
                 expected_exim("exim", sample=copied)),
            good("exim-null-report", "the same without any sample", letter("exim-null", EXIM),
                 expected_exim("exim-null", ["failure-no-sample"], sample=NOTHING)),
            good("exim-wrapped", "a mailing list has wrapped the lines", letter("exim-wrapped", wrapped + EXIM_MARKER + header("exim-wrapped")),
                 expected_exim("exim-wrapped", sample=kept(header("exim-wrapped"), "headers", "text/plain"))),
            good("exim-quoted", "somebody has forwarded it quoted", letter("exim-quoted", "Look at this:\n" + quoted(EXIM + EXIM_MARKER + header("exim-quoted"))),
                 expected_exim("exim-quoted", ["failure-prose-quoted"], sample=kept(header("exim-quoted"), "headers", "text/plain"))),
            good("report-lost", "a gateway has dropped the report: its sentence and list are left", mail_header("report-lost") + lost,
                 expected("report-lost", ["failure-source-ip-from-text", "failure-arrival-from-text", *(
                     "failure-field-missing " + name for name in ("Feedback-Type", "User-Agent", "Version", "Auth-Failure",
                                                                  "Authentication-Results", "Original-Mail-From",
                                                                  "Reported-Domain"))],
                          container="prose", dialect="unknown", feedback_type="", version=None, user_agent=None,
                          auth_failures=[], identity_alignment=None, delivery_result=None, authentication_results=[],
                          mail_from=None, rcpt_to=[], reported_domains=[],
                          other_fields=[["SPF-authenticated Identifiers", "mailer.example"],
                                        ["DKIM-authenticated Identifiers", "none"],
                                        ["DMARC Mechanism Check Result", "Identifier non-aligned"]]))]


def producers():
    milter = fields("Arrival-Date", "Delivery-Result", "Identity-Alignment", "Original-Rcpt-To",
                    User_Agent="OpenDMARC-Filter/1.4.2", Version="0.1", Source_IP="198.51.100.66 (mailer.example)",
                    Reporting_MTA="dns; mx.receiver.example")
    headers = part("text/rfc822-headers", header("milter"))
    gateway = fields("Identity-Alignment", User_Agent="Lua/1.0", Version="1.0", Delivery_Result="smg-policy-action",
                     Original_Mail_From="bounce@mailer.example")
    network = fields("Identity-Alignment", User_Agent="Lua/1.0", Version="1.0", Original_Mail_From="")
    mbox = "From dmarc-noreply@linkedin.com Thu Jan  1 09:00:05 2026\n" + sample("network")
    return [good("milter-headers", "a milter's report: header only, no arrival date, the host beside the address",
                 arf("milter", milter, headers),
                 expected("milter", ["source-ip-normalised", "failure-arrival-from-text",
                                     "failure-field-missing Identity-Alignment"], dialect="opendmarc", version="0.1",
                          user_agent="OpenDMARC-Filter/1.4.2", identity_alignment=None, delivery_result=None, rcpt_to=[],
                          raw_source_ip="198.51.100.66 (mailer.example)", reporting_mta="dns; mx.receiver.example",
                          sample=kept(header("milter"), "headers", "text/rfc822-headers"))),
            good("gateway", "a gateway with a delivery result of its own", arf("gateway", gateway),
                 expected("gateway", ["failure-unknown-word", "failure-field-missing Identity-Alignment"], dialect="symantec",
                          version="1.0", user_agent="Lua/1.0", identity_alignment=None, delivery_result="smg-policy-action")),
            good("network", "a social network's report: null sender without brackets, a mailbox line in the sample",
                 arf("network", network, part("message/rfc822", mbox), sender="dmarc-noreply@linkedin.com"),
                 expected("network", ["failure-field-missing Identity-Alignment"], dialect="linkedin", version="1.0",
                          user_agent="Lua/1.0", identity_alignment=None, mail_from="",
                          reporter={"address": "dmarc-noreply@linkedin.com", "domain": "linkedin.com"},
                          sample=kept(mbox, repairs=["sample-mbox-line", "sample-line-ends"]))),
            good("netease", "a report whose alignment list names what failed",
                 arf("netease", fields("Auth-Failure", User_Agent="NtesDmarcReporter/1.0", Identity_Alignment="spf,dkim"),
                     subject="[Netease DMARC Failure Report] News"),
                 expected("netease", ["failure-field-missing Auth-Failure"], dialect="netease",
                          user_agent="NtesDmarcReporter/1.0", identity_alignment="spf,dkim", auth_failures=[]))]


def extents():
    head = header("headers-only")
    nothing = mail_header("nothing") + multipart([part("message/feedback-report", fields())])
    blotted = sample("blotted").replace("someone@", "redacted@").replace("this is the news", "see hxxps://news.example/")
    return [good("headers-only", "the header of the message only", arf("headers-only", sample_part=part("text/rfc822-headers", head)),
                 expected("headers-only", sample=kept(head, "headers", "text/rfc822-headers"))),
            good("nothing-attached", "no message and no header", nothing,
                 expected("nothing", ["failure-no-sample"], sample=NOTHING)),
            good("redacted", "recipient and link are replaced", arf("blotted", fields(Original_Rcpt_To="redacted@receiver.example"),
                                                                 part("message/rfc822", blotted)),
                 expected("blotted", rcpt_to=["redacted@receiver.example"], redacted=["Original-Rcpt-To", "To", "body"],
                          sample=kept(blotted)))]


def others():
    out = []
    for word, kind in (("abuse", "abuse"), ("fraud", "fraud"), ("virus", "virus"), ("not-spam", "not-spam"), ("other", "other")):
        text = "".join(f"{name}: {value}\n" for name, value in {**FIELDS, "Feedback-Type": word}.items()
                       if name not in ("Auth-Failure", "Identity-Alignment"))
        out.append(good(f"feedback-{word}", f"feedback of the type {word}: no authentication failure", arf(kind, text),
                        expected(kind, kind=kind, feedback_type=word, auth_failures=[], identity_alignment=None),
                        outcome="other_feedback"))
    return out
