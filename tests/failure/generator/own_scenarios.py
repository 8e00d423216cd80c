"""Mails of the owner: sound ones, ones broken at home, and ones forwarded or re-sent by others."""
from cases import DAY, FORWARDED, INDETERMINATE, LEGITIMATE, OWN, scenario
from signing import Signature, join, name_of, seal, sign, split

# What the reason has to say. "evidence:" before a word: somewhere among the evidence lines.
SPF_SOURCE = r"spf-source-missing"
ALIGN = r"return-path-not-aligned"
HEADER = r"header-changed"
BODY = r"body-changed|footer-added"
BOTH = r"header-and-body-changed|footer-added|body-changed"
SURVIVED = r"dkim-survived"
ARC = r"evidence:\barc\b"


def signed(case, key=None, domain=None, **how):
    """The mail with one signature of the owner; its key is published."""
    key = key or case.keys.own
    case.publish(key, domain=domain)
    case.signature = Signature(key, domain or case.domain, t=case.arrival - 80, **how)
    return sign(case.mail(), case.signature)


def replace_field(message, name, value):
    fields, body = split(message)
    return join([name.encode() + b": " + value.encode() if name_of(f) == name.lower().encode() else f for f in fields], body)


def add_on_top(message, *lines):
    return "\r\n".join(lines).encode() + b"\r\n" + message


# --- the reporter is wrong


@scenario(LEGITIMATE)
def pass_spf_and_dkim(case):
    case.sent_by("own")
    case.message = signed(case)


@scenario(LEGITIMATE, signed=False)
def pass_spf_alone(case):
    case.sent_by("own")
    case.message = case.mail()


@scenario(LEGITIMATE)
def pass_ed25519(case):
    case.sent_by("own")
    case.message = signed(case, case.keys.ed25519)


@scenario(LEGITIMATE)
def pass_two_algorithms(case):
    case.sent_by("own")
    case.publish(case.keys.ed25519, "e1")
    case.message = sign(signed(case), Signature(case.keys.ed25519, case.domain, "e1"))


@scenario(LEGITIMATE, headers=(LEGITIMATE, INDETERMINATE))
def pass_subdomain_return_path(case):
    case.sent_by("own", f"bounce{case.n}@mail.{case.domain}")
    case.txt(f"mail.{case.domain}", f"v=spf1 ip4:{case.own_ip} -all")
    case.message = signed(case, canon=("simple", "simple"))


@scenario(LEGITIMATE)
def pass_expired_since(case):
    """x= lies after the arrival and before today: the time of the sample decides (RFC 6376 section 3.5)."""
    case.sent_by("own")
    case.message = signed(case, x=case.arrival + DAY)


@scenario(LEGITIMATE)
def pass_whole_body_length(case):
    case.sent_by("own")
    case.message = signed(case, length="whole")


@scenario(LEGITIMATE, words=[r"dns-healed|passes"])
def pass_dns_healed(case):
    """The reporter met a DNS error that is gone."""
    case.sent_by("own")
    case.message = signed(case)
    case.fields["Authentication-Results"] = (f"mx.receiver.example; dkim=temperror header.d={case.domain} header.s=s1;"
                                             f" spf=temperror smtp.mailfrom={case.domain}; dmarc=temperror header.from={case.domain}")


# --- broken at home


@scenario(OWN, LEGITIMATE, words=[r"body-changed|footer-added|passes"])
def own_signature_broken_though_spf_passes(case):
    """What fo=1 asks for: SPF carries the mail, and nobody would notice the signer."""
    case.sent_by("own")
    case.message = signed(case) + b"Disclaimer of the gateway\r\n"


@scenario(OWN, words=[r"(?i)align|strict"])
def own_strict_modes(case):
    """Signature and return path are of the parent domain, the policy wants them equal to From."""
    case.policy("v=DMARC1; p=reject; adkim=s; aspf=s")
    case.sent_by("own")
    case.publish(case.keys.own)
    message = case.mail(sender=f"News <news@news.{case.domain}>")
    case.message = sign(message, Signature(case.keys.own, case.domain))


@scenario(OWN, signed=False, words=[SPF_SOURCE])
def own_missing_include(case):
    """A sender of the owner that SPF listed once (aggregate reports show it aligned) and does no longer; not signed."""
    case.sent_by("partner", case.mail_from)
    case.seen_aligned()
    case.message = case.mail()


@scenario(OWN, INDETERMINATE, signed=False, words=[r"spf-source-missing|only-by-dkim"])
def own_service_that_signed_before(case):
    """Seen aligned by DKIM alone: a service of the owner, or a forwarder of his mail."""
    case.sent_by("partner", case.mail_from)
    case.seen_aligned(by="dkim")
    case.message = case.mail()


@scenario(OWN, signed=False, words=[SPF_SOURCE])
def own_softfail(case):
    case.sent_by("partner", case.mail_from)
    case.txt(case.domain, f"v=spf1 ip4:{case.own_ip} ~all")
    case.seen_aligned()
    case.message = case.mail()


@scenario(OWN, signed=False, words=[r"spf-record-faulty"])
def own_spf_permerror(case):
    case.sent_by("partner", case.mail_from)
    case.txt(case.domain, "v=spf1 ip4:192.0.2.0/33 -all")
    case.seen_aligned()
    case.message = case.mail()


@scenario(OWN, signed=False, words=[ALIGN])
def own_unaligned_return_path(case):
    case.sent_by("partner", f"bounce{case.n}@{case.partner}")
    case.txt(case.domain, f"v=spf1 ip4:{case.own_ip} ip4:{case.partner_ip} -all")
    case.message = case.mail()


@scenario(OWN, words=[ALIGN])
def own_signed_by_provider_only(case):
    own_unaligned_return_path(case)
    case.publish(case.keys.partner, domain=case.partner)
    case.message = sign(case.message, Signature(case.keys.partner, case.partner))


def at_authorised_provider(case, message):
    """The source is in the owner's SPF record, but its return path is the provider's: only DKIM could pass."""
    case.sent_by("partner", f"bounce{case.n}@{case.partner}")
    case.txt(case.domain, f"v=spf1 ip4:{case.own_ip} ip4:{case.partner_ip} -all")
    case.message = message


@scenario(OWN, words=[BODY], shows=[r"Sent through our gateway"])
def own_footer_after_signing(case):
    at_authorised_provider(case, signed(case) + b"Sent through our gateway\r\n-- \r\n")


@scenario(OWN, words=[HEADER], header_words=[HEADER], shows=[r"(?i)subject", r"\[CHECKED\]"])
def own_subject_rewritten(case):
    at_authorised_provider(case, replace_field(signed(case), "Subject", f"[CHECKED] {case.subject()}"))


@scenario(OWN, words=[HEADER], header_words=[HEADER], shows=[r"(?i)\bdate\b", r"01 Sep 2026 00:00:00"])
def own_date_rewritten(case):
    at_authorised_provider(case, replace_field(signed(case), "Date", "Tue, 01 Sep 2026 00:00:00 +0000"))


@scenario(OWN, INDETERMINATE, words=[r"key-replaced"], header_words=[r"key-replaced"])
def own_key_other_today(case):
    message = signed(case)
    case.publish(case.keys.other)
    at_authorised_provider(case, message)


@scenario(OWN, INDETERMINATE, words=[r"key-missing"], header_words=[r"key-missing"])
def own_key_removed(case):
    message = signed(case)
    del case.zone[f"s1._domainkey.{case.domain}"]
    at_authorised_provider(case, message)


@scenario(OWN, INDETERMINATE, words=[r"key-revoked"], header_words=[r"key-revoked"])
def own_key_revoked(case):
    message = signed(case)
    case.txt(f"s1._domainkey.{case.domain}", "v=DKIM1; k=rsa; p=")
    at_authorised_provider(case, message)


@scenario(OWN, words=[r"signature-expired"], header_words=[r"signature-expired"])
def own_expired(case):
    at_authorised_provider(case, signed(case, x=case.arrival - 10))


@scenario(OWN, words=[r"(?i)sha-?1"], header_words=[r"(?i)sha-?1"])
def own_sha1(case):
    at_authorised_provider(case, signed(case, digest="sha1"))


@scenario(OWN, words=[r"key-faulty", r"(?i)bits?\b|weak"])
def own_short_key(case):
    at_authorised_provider(case, signed(case, case.keys.short))


@scenario(OWN, words=[r"body-changed|(?i:\blength)"])
def own_length_beyond_body(case):
    message = signed(case, length="whole")
    at_authorised_provider(case, message[:-20] + b"\r\n")


@scenario(INDETERMINATE, OWN, words=[r"dns-error"], header_words=[r"dns-error"])
def own_key_lookup_fails(case):
    message = signed(case)
    case.zone[f"s1._domainkey.{case.domain}"] = ["SERVFAIL"]
    at_authorised_provider(case, message)


# --- forwarded


@scenario(FORWARDED, words=[SURVIVED])
def forwarded_plainly(case):
    case.sent_by("forwarder", case.mail_from)
    case.message = signed(case)


@scenario(FORWARDED, LEGITIMATE, words=[SURVIVED + "|only-ed25519"])
def forwarded_simple_ed25519(case):
    """Two causes for the reporter's failure: SPF after forwarding, and an algorithm that he may not know."""
    case.sent_by("forwarder", case.mail_from)
    case.message = signed(case, case.keys.ed25519, canon=("simple", "simple"))


def srs(case):
    return f"SRS0=Ab4d=7Q={case.domain}={case.user}@{case.forwarder}"


@scenario(FORWARDED, words=[r"SRS", SURVIVED])
def forwarded_with_srs(case):
    case.sent_by("forwarder", srs(case))
    case.message = signed(case)


@scenario(FORWARDED, words=[r"SRS", BODY], header_words=[r"SRS"])
def forwarded_with_srs_and_footer(case):
    case.sent_by("forwarder", srs(case))
    case.message = signed(case) + b"\r\n_____\r\nScanned by the forwarder\r\n"


@scenario(FORWARDED, words=[r"SRS", HEADER], header_words=[r"SRS"])
def forwarded_with_srs_and_changed_header(case):
    case.sent_by("forwarder", srs(case))
    case.message = replace_field(signed(case), "Subject", f"[EXTERNAL] {case.subject()}")


@scenario(FORWARDED, INDETERMINATE, words=[r"content-beyond-length"])
def forwarded_with_appended_text(case):
    """l= lets the addition pass; the reader has to be told that it is not signed (RFC 6376 section 8.2)."""
    case.sent_by("forwarder", case.mail_from)
    case.message = signed(case, length="whole") + b"Added on the way, not signed.\r\n"


def list_fields(case):
    return (f"List-Id: Talk <talk.{case.forwarder}>", f"List-Post: <mailto:talk@{case.forwarder}>",
            f"List-Unsubscribe: <mailto:talk-leave@{case.forwarder}>", f"Sender: talk-bounces@{case.forwarder}",
            "Precedence: list")


def by_list(case, message, with_arc=True):
    case.sent_by("forwarder", f"talk-bounces+reader{case.n}@{case.forwarder}")
    case.publish(case.keys.partner, "l1", case.forwarder)
    case.publish(case.keys.partner, "arc", case.forwarder)
    message = add_on_top(message, *list_fields(case))
    message = sign(message, Signature(case.keys.partner, case.forwarder, "l1"))
    if with_arc:
        results = f"dkim=pass header.d={case.domain}; spf=pass smtp.mailfrom={case.domain}; dmarc=pass header.from={case.domain}"
        message = seal(message, (case.keys.partner, case.forwarder), results, case.arrival - 5)
    case.message = message


@scenario(FORWARDED, words=[ARC, BODY], header_words=[ARC])
def list_with_arc_and_footer(case):
    by_list(case, signed(case) + b"\r\n____\r\ntalk mailing list\r\n")


@scenario(FORWARDED, words=[ARC, HEADER], header_words=[ARC])
def list_with_arc_and_subject(case):
    by_list(case, replace_field(signed(case), "Subject", f"[talk] {case.subject()}"))


@scenario(FORWARDED, words=[ARC, SURVIVED], header_words=[ARC])
def list_with_arc_unchanged(case):
    by_list(case, signed(case))


@scenario(FORWARDED, words=[r"mailing list", BODY], header_words=[r"mailing list"])
def list_without_arc(case):
    by_list(case, signed(case) + b"\r\n____\r\ntalk mailing list\r\n", with_arc=False)


@scenario(FORWARDED, words=[r"mailing list", BOTH], header_words=[r"mailing list"])
def list_with_footer_and_subject(case):
    changed = replace_field(signed(case), "Subject", f"[talk] {case.subject()}")
    by_list(case, changed + b"\r\n____\r\ntalk mailing list\r\n")


# --- not to be decided


@scenario(INDETERMINATE, words=[r"key-missing"], header_words=[r"key-missing"])
def key_removed_since(case):
    """Told by nobody but the signature: today's DNS has no key, the source is unknown."""
    message = signed(case)
    del case.zone[f"s1._domainkey.{case.domain}"]
    case.sent_by("forwarder", case.mail_from)
    case.message = message


@scenario(INDETERMINATE, FORWARDED, words=[r"key-replaced"], header_words=[r"key-replaced"])
def key_changed_since(case):
    """The reporter tells the key of then (DKIM-Selector-DNS); today's is another."""
    message = signed(case)
    case.fields["DKIM-Selector-DNS"] = f's1._domainkey.{case.domain} : "{case.keys.own.record()}"'
    case.publish(case.keys.other)
    case.sent_by("forwarder", case.mail_from)
    case.message = message


@scenario(INDETERMINATE, words=[r"dns-error"], header_words=[r"dns-error"])
def key_lookup_fails(case):
    message = signed(case)
    case.zone[f"s1._domainkey.{case.domain}"] = ["SERVFAIL"]
    case.sent_by("forwarder", case.mail_from)
    case.message = message


@scenario(INDETERMINATE, signed=False, words=[r"dns-error"])
def spf_lookup_fails(case):
    case.sent_by("partner", case.mail_from)
    case.zone[case.domain] = ["SERVFAIL"]
    case.message = case.mail()


@scenario(INDETERMINATE, words=[r"redacted"], header_words=[r"redacted"])
def redacted_by_keyed_hash(case):
    """RFC 6590 section 2: the local parts are replaced by a keyed hash."""
    case.sent_by("forwarder", f"rZ8cqXWGiKHzhz1MsFRGTysHia4=@{case.domain}")
    message = replace_field(signed(case), "From", f"<rZ8cqXWGiKHzhz1MsFRGTysHia4=@{case.domain}>")
    case.message = replace_field(message, "To", "<Zm9vYmFyMTIzNDU2Nzg5MDEyMzQ=@receiver.example>")


@scenario(INDETERMINATE, words=[r"redacted"], header_words=[r"redacted"])
def redacted_by_word(case):
    case.sent_by("forwarder", f"redacted@{case.domain}")
    message = replace_field(signed(case), "From", f"redacted <redacted@{case.domain}>")
    message = replace_field(message, "To", "redacted@receiver.example")
    case.message = join(split(replace_field(message, "Subject", "[redacted]"))[0], b"[redacted]\r\n")
