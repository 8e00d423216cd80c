"""DKIM signatures (RFC 6376) and ARC sets (RFC 8617) from the text of the RFCs, with every tag in the caller's hand.

Written apart from the program that is judged; generate checks what is made here with python3-dkim, a third opinion.
"""
import base64
import hashlib
import re

SIGNED = ("from", "to", "subject", "date", "message-id")


def split(message):
    head, _, body = message.partition(b"\r\n\r\n")
    fields = []
    for line in (head + b"\r\n").split(b"\r\n")[:-1]:
        if line[:1] in (b" ", b"\t") and fields:
            fields[-1] += b"\r\n" + line
        else:
            fields.append(line)
    return fields, body


def join(fields, body):
    return b"\r\n".join(fields) + b"\r\n\r\n" + body


def name_of(field):
    return field.partition(b":")[0].strip().lower()


def canonical_field(field, how):
    """RFC 6376 sections 3.4.1 and 3.4.2, without the line end."""
    if how == "simple":
        return field
    name, _, value = field.partition(b":")
    value = re.sub(rb"[ \t]+", b" ", value.replace(b"\r\n", b"")).strip(b" ")
    return name.strip(b" \t").lower() + b":" + value


def canonical_body(body, how):
    """RFC 6376 sections 3.4.3 and 3.4.4."""
    if how == "relaxed":
        lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
        body = b"\r\n".join(lines)
    body = re.sub(rb"(\r\n)+\Z", b"", body)
    return body + b"\r\n" if body or how == "simple" else b""


def choose(fields, names):
    """Section 5.4.2: of repeated names from the bottom up."""
    left = {}
    for field in fields:
        left.setdefault(name_of(field), []).append(field)
    return [left[n].pop() for n in (name.encode().lower() for name in names) if left.get(n)]


def folded(value):
    return "".join(f"\r\n\t{value[i:i + 68]}" for i in range(0, len(value), 68))


def header_input(fields, names, own, how):
    lines = [canonical_field(field, how) for field in choose(fields, names)]
    return b"".join(line + b"\r\n" for line in lines) + canonical_field(own, how)


def algorithm(key, digest):
    return f"{key.kind}-{digest}"


class Signature:
    """What goes into one DKIM-Signature; `field()` makes it for a message."""

    def __init__(self, key, domain, selector="s1", **how):
        self.key, self.domain, self.selector = key, domain, selector
        self.names = how.pop("names", SIGNED)
        self.header, self.body = how.pop("canon", ("relaxed", "relaxed"))
        self.digest, self.length = how.pop("digest", "sha256"), how.pop("length", None)  # or "whole"
        self.tags = how  # t, x, i

    def field(self, message):
        fields, body = split(message)
        octets = canonical_body(body, self.body)
        length = len(octets) if self.length == "whole" else self.length
        octets = octets[:length]
        body_hash = base64.b64encode(hashlib.new(self.digest, octets).digest()).decode()
        more = "".join(f" {name}={value};" for name, value in self.tags.items())
        if length is not None:
            more += f" l={length};"
        head = (f"DKIM-Signature: v=1; a={algorithm(self.key, self.digest)}; c={self.header}/{self.body};\r\n"
                f"\td={self.domain}; s={self.selector};{more}\r\n\th={':'.join(self.names)};\r\n"
                f"\tbh={body_hash};\r\n\tb=").encode()
        signed = self.key.sign(header_input(fields, self.names, head, self.header), self.digest)
        return head + folded(base64.b64encode(signed).decode()).lstrip("\r\n\t").encode()

    def header_octets(self, message, field):
        """The canonical header of a made signature, as DKIM-Canonicalized-Header carries it."""
        own = re.sub(rb"(;\s*b=)[^;]*\Z", rb"\1", field)
        return header_input(split(message)[0], self.names, own, self.header)

    def body_octets(self, message):
        return canonical_body(split(message)[1], self.body)


def sign(message, *signatures):
    for one in signatures:
        message = one.field(message) + b"\r\n" + message
    return message


def seal(message, sealer, results, when, chain="none"):
    """Adds one ARC set above the message: authserv results, message signature, seal (RFC 8617 section 5.1)."""
    key, domain = sealer
    fields, body = split(message)
    instance = 1 + sum(name_of(field) == b"arc-seal" for field in fields)
    aar = f"ARC-Authentication-Results: i={instance}; mx.{domain};\r\n\t{results}".encode()
    body_hash = base64.b64encode(hashlib.sha256(canonical_body(body, "relaxed")).digest()).decode()
    head = (f"ARC-Message-Signature: i={instance}; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s=arc; t={when};\r\n"
            f"\th={':'.join(SIGNED)};\r\n\tbh={body_hash};\r\n\tb=").encode()
    signed = key.sign(header_input(fields, SIGNED, head, "relaxed"))
    ams = head + folded(base64.b64encode(signed).decode()).lstrip("\r\n\t").encode()
    own = f"ARC-Seal: i={instance}; a=rsa-sha256; cv={chain}; d={domain}; s=arc; t={when};\r\n\tb=".encode()
    octets = b""
    for field in [*earlier_sets(fields), aar, ams]:
        octets += canonical_field(field, "relaxed") + b"\r\n"
    arc_seal = own + folded(base64.b64encode(key.sign(octets + canonical_field(own, "relaxed"))).decode()).lstrip(
        "\r\n\t").encode()
    return b"\r\n".join((arc_seal, ams, aar)) + b"\r\n" + message


ARC_ORDER = (b"arc-authentication-results", b"arc-message-signature", b"arc-seal")


def earlier_sets(fields):
    """Section 5.1.1: by instance, in each AAR, AMS, AS."""
    found = []
    for field in fields:
        if name_of(field) in ARC_ORDER:
            instance = int(re.search(rb"\bi=(\d+)", field).group(1))
            found.append((instance, ARC_ORDER.index(name_of(field)), field))
    return [field for _, _, field in sorted(found)]
