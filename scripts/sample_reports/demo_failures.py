"""The two failure reports of the demonstration: a ticket mail whose key is gone, and one forged invoice."""
from .demo_mail import SHOP, boundary, date_of, header, place
from .report import DAY

RECEIVER = "mailhaus.example"


def mails(first_day, wave_days, key_removed_day):
    invoice = first_day + wave_days[1] * DAY + 8 * 3600 + 1140
    ticket = first_day + key_removed_day * DAY + 9 * 3600 + 660
    yield mail("invoice-3301", invoice, "203.0.113.201", f"rechnung@{SHOP}", forged(invoice),
               f"mx.{RECEIVER}; spf=softfail smtp.mailfrom=rechnung@{SHOP};\n dkim=none; dmarc=fail header.from={SHOP}", "")
    yield mail("ticket-48213", ticket, "203.0.113.41", "bounce+48213@lune-shop.zendesk.com", answer(ticket),
               f"mx.{RECEIVER}; spf=pass smtp.mailfrom=lune-shop.zendesk.com;\n dkim=permerror (no key for signature) header.d="
               f"{SHOP} header.s=zendesk1;\n dmarc=fail header.from={SHOP}",
               f"DKIM-Domain: {SHOP}\nDKIM-Selector: zendesk1\nDKIM-Identity: @{SHOP}\n")


def forged(sent):
    return (received("dynamic-201.example", "203.0.113.201", sent) +
            f'From: "Lune Shop Rechnung" <rechnung@{SHOP}>\nTo: kunde@{RECEIVER}\nSubject: Ihre Rechnung 3301 ist offen\n'
            f"Date: {date_of(sent - 20)}\nMessage-ID: <3301.77af@dynamic-201.example>\nMIME-Version: 1.0\n"
            "Content-Type: text/plain; charset=utf-8\n")


def answer(sent):
    signature = ("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=lune-shop.example; s=zendesk1;\n"
                 "\th=From:To:Subject:Date:Message-ID; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;\n"
                 "\tb=Zm9yIHRoZSBkZW1vbnN0cmF0aW9uIG9ubHk6IG5vIGtleSBpcyBwdWJsaXNoZWQ=\n")
    return (signature + received("out-41.pod9.zdsys.com", "203.0.113.41", sent) +
            f"From: Lune Shop <hilfe@{SHOP}>\nTo: kunde@{RECEIVER}\nSubject: [Ticket 48213] Your parcel is on its way\n"
            f"Date: {date_of(sent - 4)}\nMessage-ID: <48213.c1@lune-shop.zendesk.com>\nMIME-Version: 1.0\n"
            "Content-Type: text/plain; charset=utf-8\n")


def received(host, ip, sent):
    return f"Received: from {host} ({host} [{ip}])\n\tby mx.{RECEIVER} with ESMTPS id 5e1;\n\t{date_of(sent)}\n"


def mail(id, arrival, ip, mail_from, sample, results, more):
    """An RFC 6591 report with the header of the message, sent a minute after it has arrived."""
    sent, mark = arrival + 60, boundary(id)
    fields = (f"Feedback-Type: auth-failure\nUser-Agent: Mailhaus-Feedback/4.2\nVersion: 1\nAuth-Failure: dmarc\n"
              f"Identity-Alignment: none\nDelivery-Result: delivered\nAuthentication-Results: {results}\n"
              f"Original-Mail-From: <{mail_from}>\nOriginal-Rcpt-To: <kunde@{RECEIVER}>\n"
              f"Arrival-Date: {date_of(arrival)}\nSource-IP: {ip}\nReported-Domain: {SHOP}\n{more}")
    words = (f"This is an authentication failure report for an email message received from IP\n{ip} on "
             f"{date_of(arrival)}.\n")
    head = header(RECEIVER, "dmarc-failures", "dmarc", sent, id, f"Failure report for {SHOP}")
    body = (f'Content-Type: multipart/report; report-type=feedback-report;\n boundary="{mark}"\n\n'
            f"--{mark}\nContent-Type: text/plain; charset=us-ascii\n\n{words}\n"
            f"--{mark}\nContent-Type: message/feedback-report\n\n{fields}\n"
            f"--{mark}\nContent-Type: text/rfc822-headers\n\n{sample}\n--{mark}--\n")
    return place(sent, id, False), (head + body).encode()
