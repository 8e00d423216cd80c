"""Mails that the owner never sent in this form. None may come out as his own sender or as legitimate."""
from cases import FORGERY, FORWARDED, INDETERMINATE, scenario
from own_scenarios import add_on_top, list_fields, replace_field, signed
from signing import Signature, join, seal, sign, split

LURE = "Please pay the attached bill at once.\r\n"
UNDECIDED = (FORGERY, INDETERMINATE)
NOTHING = r"nothing-aligned"


def lure(case, **how):
    return case.mail(body=f"{LURE}Reference {case.body_word}\r\n", **how)


def from_attacker(case, message, mail_from=None):
    case.sent_by("attacker", mail_from)
    case.message = message


def attacker_envelope(case):
    return f"m{case.n}@{case.attacker}"


@scenario(FORGERY, signed=False, words=[NOTHING])
def forged_unsigned(case):
    from_attacker(case, lure(case))


@scenario(FORGERY, signed=False, words=[NOTHING])
def forged_softfail(case):
    case.txt(case.domain, f"v=spf1 ip4:{case.own_ip} ~all")
    from_attacker(case, lure(case))


@scenario(FORGERY, signed=False, words=[NOTHING])
def forged_with_own_envelope(case):
    """SPF passes, but for the attacker's domain."""
    from_attacker(case, lure(case), attacker_envelope(case))


@scenario(FORGERY, words=[NOTHING])
def forged_signed_by_attacker(case):
    case.publish(case.keys.attacker, "k", case.attacker)
    message = sign(lure(case), Signature(case.keys.attacker, case.attacker, "k"))
    from_attacker(case, message, attacker_envelope(case))


@scenario(*UNDECIDED, words=[r"body-changed"])
def forged_old_signature_new_body(case):
    fields, _ = split(signed(case))
    from_attacker(case, join(fields, LURE.encode()), attacker_envelope(case))


@scenario(*UNDECIDED, words=[r"header-changed"], header_words=[r"header-changed"])
def forged_replay_with_other_author(case):
    message = replace_field(signed(case), "From", f"Chief <chief@{case.domain}>")
    from_attacker(case, message, attacker_envelope(case))


@scenario(*UNDECIDED)
def forged_replay_with_second_from(case):
    """h= names From once, so the old signature still verifies (RFC 6376 section 8.15)."""
    message = add_on_top(signed(case), f"From: Chief <chief@{case.domain}>")
    from_attacker(case, message, attacker_envelope(case))


@scenario(*UNDECIDED)
def forged_second_from_above_own(case):
    case.publish(case.keys.attacker, "k", case.attacker)
    inner = lure(case, sender=f"Clerk <clerk@{case.attacker}>")
    message = sign(inner, Signature(case.keys.attacker, case.attacker, "k"))
    from_attacker(case, add_on_top(message, f"From: {case.author()}"), attacker_envelope(case))


def odd_author(name, text):
    def make(case):
        case.publish(case.keys.attacker, "k", case.attacker)
        case.policy("v=DMARC1; p=reject")
        sender = text.format(own=case.domain, evil=case.attacker, user=case.user)
        message = sign(lure(case, sender=sender), Signature(case.keys.attacker, case.attacker, "k"))
        from_attacker(case, message, attacker_envelope(case))
    make.__name__ = "forged_from_" + name
    return scenario(*UNDECIDED)(make)


odd_author("quoted_local_part", '"x@{evil}"@{own}')
odd_author("group", "undisclosed: {user}@{own}, x@{evil};")
odd_author("two_authors", "x@{evil}, {user}@{own}")
odd_author("comment", "(x@{evil}) {user}@{own} (<x@{evil}>)")
odd_author("route", "<@{evil}:{user}@{own}>")
odd_author("name_holds_address", '"x@{evil}" <{user}@{own}>')
odd_author("folded", "Chief\r\n <{user}@{own}\r\n >")
odd_author("encoded_word", "=?utf-8?q?x=40{evil}?= <{user}@{own}>")
odd_author("trailing_dot", "<{user}@{own}.>")
odd_author("sender_and_group_empty", "nobody:;, {user}@{own}")
odd_author("unclosed", "Chief <{user}@{own}")
odd_author("nul_like", "{user}@{own}\\0@{evil}")
odd_author("second_address_in_display", "{user}@{own} <x@{evil}>")


@scenario(*UNDECIDED)
def forged_display_name_of_attacker_domain(case):
    """The author is the attacker's own address, who passes for his own domain; the report is about the owner's."""
    case.publish(case.keys.attacker, "k", case.attacker)
    sender = f'"{case.user}@{case.domain}" <x@{case.attacker}>'
    case.txt(f"_dmarc.{case.attacker}", "v=DMARC1; p=none")
    message = sign(lure(case, sender=sender), Signature(case.keys.attacker, case.attacker, "k"))
    from_attacker(case, message, attacker_envelope(case))


@scenario(FORGERY, signed=False)
def forged_null_sender(case):
    from_attacker(case, lure(case), "")


@scenario(FORGERY, signed=False)
def forged_null_sender_and_helo(case):
    from_attacker(case, lure(case), "")
    case.helo = case.domain


@scenario(*UNDECIDED, words=[r"key-missing"], header_words=[r"key-missing"])
def forged_guessed_selector(case):
    message = sign(lure(case), Signature(case.keys.attacker, case.domain, "guess"))
    from_attacker(case, message, attacker_envelope(case))


@scenario(*UNDECIDED, words=[r"key-replaced|signature-invalid"])
def forged_signature_of_other_key(case):
    case.publish(case.keys.own)
    message = sign(lure(case), Signature(case.keys.attacker, case.domain))
    from_attacker(case, message, attacker_envelope(case))


def claimed_results(case):
    return (f"spf=pass smtp.mailfrom={case.domain}; dkim=pass header.d={case.domain} header.s=s1; "
            f"dmarc=pass header.from={case.domain}")


@scenario(FORGERY, words=[NOTHING])
def forged_results_in_sample(case):
    message = add_on_top(lure(case), f"Authentication-Results: mx.receiver.example; {claimed_results(case)}",
                         f"Received-SPF: pass client-ip={case.own_ip}; envelope-from={case.mail_from}; helo=mail.{case.domain}")
    from_attacker(case, message)


@scenario(*UNDECIDED, words=[r"evidence:\barc\b"])
def forged_arc_garbage(case):
    message = seal(lure(case), (case.keys.attacker, case.forwarder), claimed_results(case), case.arrival - 5)
    case.publish(case.keys.partner, "arc", case.forwarder)
    from_attacker(case, message, attacker_envelope(case))


@scenario(FORGERY, INDETERMINATE, FORWARDED, words=[r"evidence:\barc\b"])
def forged_arc_of_attacker(case):
    """A valid chain proves that the sealer said so, not that it is true (RFC 8617 section 9.2)."""
    case.publish(case.keys.attacker, "arc", case.attacker)
    message = seal(lure(case), (case.keys.attacker, case.attacker), claimed_results(case), case.arrival - 5)
    from_attacker(case, message, attacker_envelope(case))


@scenario(FORGERY, signed=False, words=[NOTHING])
def forged_trace_below(case):
    """Trace fields that came with the mail name the owner's host; the report names the attacker's."""
    line = (f"Received: from mail.{case.domain} (mail.{case.domain} [{case.own_ip}]) by mx.receiver.example with ESMTPS\r\n"
            f"\tid fake; Tue, 01 Sep 2026 09:59:00 +0000")
    from_attacker(case, add_on_top(lure(case), line))


@scenario(FORGERY, signed=False, words=[NOTHING])
def forged_return_path_below(case):
    message = add_on_top(lure(case), f"Return-Path: <{case.mail_from}>", f"X-Originating-IP: [{case.own_ip}]")
    from_attacker(case, message)


@scenario(*UNDECIDED, FORWARDED, signed=False)
def forged_list_and_srs_looks(case):
    """Anyone can write List-Id and an SRS address; without a signature of the author they prove nothing."""
    message = add_on_top(lure(case), *(line.replace(case.forwarder, case.attacker) for line in list_fields(case)))
    from_attacker(case, message, f"SRS0=Ab4d=7Q={case.domain}={case.user}@{case.attacker}")


@scenario(FORGERY, signed=False)
def forged_subdomain(case):
    from_attacker(case, lure(case, sender=f"Desk <desk@no.such.{case.domain}>"), attacker_envelope(case))


@scenario(FORGERY, signed=False, words=[NOTHING])
def forged_with_claimed_spf_record(case):
    """A reporter can write what he likes into SPF-DNS; DNS knows better."""
    case.fields["SPF-DNS"] = f'txt : {case.domain} : "v=spf1 ip4:{case.attacker_ip} -all"'
    from_attacker(case, lure(case))


@scenario(*UNDECIDED)
def forged_with_claimed_key(case):
    case.publish(case.keys.own)
    case.fields["DKIM-Selector-DNS"] = f's1._domainkey.{case.domain} : "{case.keys.attacker.record()}"'
    message = sign(lure(case), Signature(case.keys.attacker, case.domain))
    from_attacker(case, message, attacker_envelope(case))


@scenario(*UNDECIDED)
def forged_with_claimed_key_and_none_published(case):
    case.fields["DKIM-Selector-DNS"] = f's1._domainkey.{case.domain} : "{case.keys.attacker.record()}"'
    message = sign(lure(case), Signature(case.keys.attacker, case.domain))
    from_attacker(case, message, attacker_envelope(case))


@scenario(FORGERY, INDETERMINATE, FORWARDED, words=[r"content-beyond-length"])
def forged_body_under_zero_length(case):
    """l=0 signs no body: the header is the owner's, the text is not (RFC 6376 section 8.2)."""
    fields, _ = split(signed(case, length=0))
    from_attacker(case, join(fields, LURE.encode()), attacker_envelope(case))


@scenario(FORGERY, INDETERMINATE, FORWARDED, words=[r"footer-added|body-changed"])
def forged_lure_below_old_mail(case):
    """An old mail of the owner with text added below: what lists do, too."""
    from_attacker(case, signed(case) + LURE.encode(), attacker_envelope(case))


@scenario(*UNDECIDED, signed=False, words=[r"spf-allows-anyone"])
def forged_where_spf_lets_everyone(case):
    case.txt(case.domain, "v=spf1 +all")
    from_attacker(case, lure(case))


@scenario(*UNDECIDED, signed=False)
def forged_where_spf_lets_half_the_world(case):
    case.txt(case.domain, "v=spf1 ip4:128.0.0.0/1 ip4:0.0.0.0/1 -all")
    from_attacker(case, lure(case))


@scenario(*UNDECIDED, signed=False)
def forged_and_redacted(case):
    """Redaction by the reporter must not turn a forgery into something better."""
    message = replace_field(lure(case), "From", f"<xxxxxxxx@{case.domain}>")
    from_attacker(case, replace_field(message, "To", "xxxxxxxx@receiver.example"), f"xxxxxxxx@{case.domain}")


@scenario(*UNDECIDED)
def forged_expired_signature(case):
    """x= is past and the signature is made up: expiry must not excuse it."""
    case.publish(case.keys.own)
    message = sign(lure(case), Signature(case.keys.attacker, case.domain, x=case.arrival - 10))
    from_attacker(case, message, attacker_envelope(case))


@scenario(*UNDECIDED)
def forged_signature_naming_own_domain_in_identity(case):
    """d= is the attacker's, i= is below the owner's domain: not allowed (RFC 6376 section 3.5)."""
    case.publish(case.keys.attacker, "k", case.attacker)
    message = sign(lure(case), Signature(case.keys.attacker, case.attacker, "k", i="@" + case.domain))
    from_attacker(case, message, attacker_envelope(case))


@scenario(*UNDECIDED)
def forged_key_of_lookalike_below_own(case):
    """A name that only looks like the owner's does not align."""
    lookalike = f"{case.domain}.{case.attacker}"
    case.publish(case.keys.attacker, "k", lookalike)
    message = sign(lure(case), Signature(case.keys.attacker, lookalike, "k"))
    from_attacker(case, message, f"m@{lookalike}")


@scenario(FORGERY, signed=False, words=[NOTHING])
def forged_helo_of_own_host(case):
    from_attacker(case, lure(case), attacker_envelope(case))
    case.helo = f"mail.{case.domain}"


@scenario(*UNDECIDED)
def forged_with_claimed_canonical_header(case):
    """The report's own canonical header is no proof: b= has to verify with the key in DNS."""
    case.publish(case.keys.own)
    case.fields["DKIM-Canonicalized-Header"] = "ZnJvbTpBdXRob3IgPGFAb3duLmV4YW1wbGU+DQo="
    case.fields["DKIM-Domain"], case.fields["DKIM-Selector"] = case.domain, "s1"
    message = sign(lure(case), Signature(case.keys.attacker, case.domain))
    from_attacker(case, message, attacker_envelope(case))


@scenario(*UNDECIDED, signed=False)
def forged_from_host_seen_by_dkim(case):
    """The host of a forwarder, known for the owner's signed mail, is open to others as well."""
    from_attacker(case, lure(case), attacker_envelope(case))
    case.seen_aligned(by="dkim")


@scenario(*UNDECIDED)
def forged_key_from_host_seen_by_dkim(case):
    """The same with a made-up selector of the owner's domain."""
    message = sign(lure(case), Signature(case.keys.attacker, case.domain, "guess"))
    from_attacker(case, message, attacker_envelope(case))
    case.seen_aligned(by="dkim")


@scenario(FORGERY, INDETERMINATE, FORWARDED)
def forged_body_under_old_header_and_list_fields(case):
    """An old signed header with another body, dressed as a mailing list's."""
    fields, _ = split(signed(case))
    message = add_on_top(join(fields, LURE.encode()), *(f.replace(case.forwarder, case.attacker) for f in list_fields(case)))
    from_attacker(case, message, attacker_envelope(case))
