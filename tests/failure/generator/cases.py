"""One broken (or sound) mail with everything known about it: what was sent, from where, what DNS says, what was done.

A scenario is a function that gets a Case, makes the mail and breaks it. What may be concluded is declared beside it:
  allowed   conclusions that are right when the whole mail is in the report
  headers   the same when only its header is (default: the allowed ones, and indeterminate where a signature needs the body)
  words     what the reason has to name, each a regular expression; header_words where the body is not there
  shows     what `failures show` has to print of the change where the report quotes the octets that were signed
"""
import email.utils

FIRST_ARRIVAL = 1_788_256_800  # 2026-09-01 10:00 UTC
DAY = 86_400
OWN, FORWARDED, FORGERY = "own_sender_broken", "forwarded", "forgery"
LEGITIMATE, INDETERMINATE = "legitimate", "indeterminate"
SCENARIOS = {}


def scenario(*allowed, headers=None, words=(), header_words=(), shows=(), signed=True):
    """Registers a scenario under the name of its function."""
    def register(make):
        make.allowed = set(allowed)
        make.headers = set(headers) if headers else make.allowed | ({INDETERMINATE} if signed else set())
        make.words = tuple(words)
        make.header_words = tuple(header_words or (() if signed else words))
        make.shows = tuple(shows)
        SCENARIOS[make.__name__] = make
        return make
    return register


def date_text(when):
    return email.utils.formatdate(when, usegmt=False).replace("-0000", "+0000")


class Case:
    """The parties of sample n each have names and addresses of their own, so that samples cannot help each other."""

    def __init__(self, n, keys, secret):
        self.n, self.keys = n, keys
        # Words that occur nowhere else: whoever finds one later knows where it comes from.
        self.local_word, self.subject_word, self.body_word = (secret + end for end in ("lo", "su", "bo"))
        self.domain, self.partner = f"own{n}.example", f"esp{n}.example"
        self.forwarder, self.attacker = f"fwd{n}.example", f"evil{n}.example"
        self.own_ip, self.partner_ip = self.address("198.18", 0), self.address("198.18", 100)
        self.forwarder_ip, self.attacker_ip = self.address("198.19", 0), self.address("198.19", 100)
        self.ip, self.helo = self.attacker_ip, f"host.{self.attacker}"
        self.user = f"{self.local_word}.user{n}"
        self.mail_from = f"{self.user}@{self.domain}"
        self.arrival = FIRST_ARRIVAL + 137 * n
        self.zone, self.history, self.fields, self.signature = {}, [], {}, None
        self.message = self.reported_domain = None
        self.policy("v=DMARC1; p=reject; rua=mailto:d@" + self.domain)
        self.txt(self.domain, f"v=spf1 ip4:{self.own_ip} -all")
        self.txt(self.partner, f"v=spf1 ip4:{self.partner_ip} -all")
        self.txt(self.forwarder, f"v=spf1 ip4:{self.forwarder_ip} -all")
        self.txt(self.attacker, f"v=spf1 ip4:{self.attacker_ip} -all")

    def address(self, network, third):
        """RFC 2544's networks, which no internet uses: room for 25,000 samples."""
        return f"{network}.{third + self.n // 250}.{self.n % 250 + 1}"

    # DNS
    def txt(self, name, *texts):
        self.zone[name] = [{"TXT": chunks(text)} for text in texts]

    def policy(self, text):
        self.txt(f"_dmarc.{self.domain}", text)

    def publish(self, key, selector="s1", domain=None, tags=""):
        self.txt(f"{selector}._domainkey.{domain or self.domain}", key.record(tags))

    # session
    def sent_by(self, party, mail_from=None):
        """party: own, partner, forwarder or attacker; its host brings the mail, with its own HELO name."""
        domains = {"own": self.domain, "partner": self.partner, "forwarder": self.forwarder, "attacker": self.attacker}
        self.ip, self.helo = getattr(self, party + "_ip"), f"out.{domains[party]}"
        if mail_from is not None:
            self.mail_from = mail_from

    def seen_aligned(self, by="spf"):
        """The source passed with an aligned identifier in an aggregate report of the weeks before."""
        self.history.append((self.ip, by))

    # mail
    def mail(self, subject=None, body=None, sender=None, extra=()):
        lines = [*extra, f"Received: from desk.{self.domain} (desk.{self.domain} [192.168.1.20]) by mail.{self.domain}"
                 f" with ESMTPSA\r\n\tid q{self.n}; {date_text(self.arrival - 60)}",
                 f"From: {sender or self.author()}", f"To: Reader <{self.local_word}.reader{self.n}@receiver.example>",
                 f"Subject: {subject or self.subject()}", f"Date: {date_text(self.arrival - 90)}",
                 f"Message-ID: <m{self.n}@{self.domain}>", "MIME-Version: 1.0",
                 "Content-Type: text/plain; charset=utf-8"]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + (body or self.body()).encode()

    def author(self):
        return f"Author {self.n} <{self.user}@{self.domain}>"

    def subject(self):
        return f"Invoice {self.n} of {self.subject_word}"

    def body(self):
        return f"Good day,\r\n\r\nyour order {self.n}  ({self.body_word}) has left.\r\n\r\nRegards\r\n"

    def received(self):
        """What the reporting host put on top: the only trace that can be believed."""
        sender = f"<{self.mail_from}>"
        top = (f"Received: from {self.helo} (unknown [{self.ip}])\r\n\tby mx.receiver.example with ESMTP id r{self.n}\r\n"
               f"\t(envelope-from {sender}); {date_text(self.arrival)}\r\n")
        self.message = f"Return-Path: {sender}\r\n".encode() + top.encode() + self.message


def chunks(text):
    return [text[i:i + 250] for i in range(0, len(text), 250)] or [""]
