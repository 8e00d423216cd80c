"""Signing keys that a seed gives again on every machine, so that no private key lies in the tree and no run differs.

RSA by the textbook (RFC 8017 section 8.2, PKCS #1 v1.5 with SHA-256 or SHA-1), Ed25519 by libsodium. The keys protect
nothing.
"""
import base64
import hashlib

import nacl.signing

SMALL_PRIMES = [n for n in range(3, 2000, 2) if all(n % d for d in range(3, int(n**0.5) + 1, 2))]
# RFC 8017 section 9.2, note 1: the DER prefix of DigestInfo
DIGEST_INFO = {"sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
               "sha1": bytes.fromhex("3021300906052b0e03021a05000414")}
RSA_ENCRYPTION = bytes.fromhex("300d06092a864886f70d0101010500")  # AlgorithmIdentifier, RFC 3279 section 2.3.1
PUBLIC_EXPONENT = 65537


def prime(rng, bits):
    while True:
        n = rng.getrandbits(bits) | (3 << (bits - 2)) | 1
        if all(n % p for p in SMALL_PRIMES) and n % PUBLIC_EXPONENT != 1 and \
                all(pow(a, n - 1, n) == 1 for a in (2, 3, 5, 7, 11)):
            return n


def der(tag, content):
    length = len(content)
    head = bytes([length]) if length < 128 else bytes([0x80 | (length.bit_length() + 7) // 8]) + \
        length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag]) + head + content


def der_integer(n):
    return der(2, n.to_bytes(n.bit_length() // 8 + 1, "big"))


class RsaKey:
    kind = "rsa"

    def __init__(self, rng, bits=1024):
        self.bits = bits
        p, q = prime(rng, bits // 2), prime(rng, bits // 2)
        self.n, self.p, self.q = p * q, p, q
        d = pow(PUBLIC_EXPONENT, -1, (p - 1) * (q - 1))
        self.dp, self.dq, self.qinv = d % (p - 1), d % (q - 1), pow(q, -1, p)

    def sign(self, data, digest="sha256"):
        size = (self.bits + 7) // 8
        info = DIGEST_INFO[digest] + hashlib.new(digest, data).digest()
        padded = b"\x00\x01" + b"\xff" * (size - len(info) - 3) + b"\x00" + info
        m = int.from_bytes(padded, "big")
        a, b = pow(m, self.dp, self.p), pow(m, self.dq, self.q)
        return (b + (a - b) * self.qinv % self.p * self.q).to_bytes(size, "big")

    def public(self):
        """SubjectPublicKeyInfo, as p= has it (RFC 6376 section 3.6.1)."""
        numbers = der(0x30, der_integer(self.n) + der_integer(PUBLIC_EXPONENT))
        return der(0x30, RSA_ENCRYPTION + der(3, b"\x00" + numbers))

    def record(self, tags=""):
        return f"v=DKIM1; k=rsa; {tags}p={base64.b64encode(self.public()).decode()}"


class Ed25519Key:
    kind = "ed25519"

    def __init__(self, rng):
        self.key = nacl.signing.SigningKey(rng.getrandbits(256).to_bytes(32, "big"))

    def sign(self, data, digest="sha256"):
        """RFC 8463 section 3: PureEdDSA over the SHA-256 of the input."""
        return self.key.sign(hashlib.new(digest, data).digest()).signature

    def record(self, tags=""):
        return f"v=DKIM1; k=ed25519; {tags}p={base64.b64encode(bytes(self.key.verify_key)).decode()}"


class KeyRing:
    """The keys of one run: the owner's, another of the owner's, one too short, Ed25519, and other people's."""

    def __init__(self, rng):
        self.own, self.other, self.partner = RsaKey(rng), RsaKey(rng), RsaKey(rng)
        self.long, self.short = RsaKey(rng, 2048), RsaKey(rng, 512)
        self.ed25519, self.attacker = Ed25519Key(rng), RsaKey(rng)
