"""dkimpy and pyspf (Debian python3-dkim, python3-spf), asked in this process with a resolver made from the case's zone."""
import time

import dkim
import spf

from .cases import with_crlf


class Clock:
    """In place of the module `time` that dkimpy reads."""

    def __init__(self):
        self.now = 0

    def __getattr__(self, name):
        return getattr(time, name)

    def time(self):
        return self.now


CLOCK = Clock()
dkim.time = CLOCK


class Zone:
    def __init__(self, zone):
        self.names = {}
        for name, entries in zone.items():
            self.names.setdefault(name.rstrip(".").lower(), []).extend(entries)

    def rows(self, name, qtype):
        """(type, value) of a name; TimeoutError where the zone says that this type fails."""
        entries = self.names.get(name.rstrip(".").lower(), [])
        has_txt = any(isinstance(e, dict) and "TXT" in e for e in entries)
        found = []
        for entry in entries:
            if isinstance(entry, str):
                if not any(kind == qtype for kind, _ in found):
                    raise TimeoutError(entry)
                break
            ((kind, value),) = entry.items()
            if kind == "SPF" and not has_txt:
                kind = "TXT"
            if value in ("TIMEOUT", "SERVFAIL") and kind == qtype:
                raise TimeoutError(value)
            if value != "NONE":
                found.append((kind, value))
        return [row for row in found if row[0] in (qtype, "CNAME")]


def octets(value):
    parts = value if isinstance(value, list) else [value]
    return [part.encode("utf-8", "surrogateescape") for part in parts]


def spf_lookup(zone):
    def value_of(kind, value):
        if kind == "TXT":
            return octets(value)
        return (int(value[0]), value[1]) if kind == "MX" else value

    def look_up(name, qtype, *_, depth=0, **__):
        try:
            rows = zone.rows(str(name), qtype)
        except TimeoutError as error:
            raise spf.TempError(f"DNS {error}")
        out = []
        for kind, value in rows:
            out.append(((name, kind), value_of(kind, value)))
            if kind == "CNAME" and qtype != "CNAME" and depth < 10:
                out += look_up(value, qtype, depth=depth + 1)
        return out
    return look_up


def check_spf(case):
    spf.DNSLookup = spf_lookup(Zone(case["zone"]))
    query = spf.query(i=case["ip"], s=case["mail_from"], h=case["helo"], strict=1)
    query.set_default_explanation("DEFAULT")
    result, _, explanation = query.check()
    return {"result": result, "explanation": explanation if result == "fail" else ""}


def txt_function(zone):
    def get_txt(name, timeout=5):
        try:
            name, depth = name.decode("utf-8"), 0
            while depth < 10:
                rows = zone.rows(name, "TXT")
                texts = [value for kind, value in rows if kind == "TXT"]
                if texts or not rows:
                    return b"".join(octets(texts[0])) if texts else None
                name, depth = rows[0][1], depth + 1
        except TimeoutError as error:
            raise dkim.DnsTimeoutError(str(error))
        return None
    return get_txt


def check_dkim(case):
    CLOCK.now = case["at"]
    get_txt = txt_function(Zone(case["zone"]))
    results = []
    try:
        verifier = dkim.DKIM(with_crlf(case["message"]))
        count = sum(1 for name, _ in verifier.headers if name.lower() == b"dkim-signature")
    except dkim.DKIMException as error:
        return {"signatures": [], "text": str(error)}
    for index in range(count):
        try:
            verifier = dkim.DKIM(with_crlf(case["message"]))
            results.append({"result": "pass" if verifier.verify(index, get_txt) else "fail", "text": ""})
        except Exception as error:  # dkimpy lets some errors of its parsers through
            results.append({"result": "fail", "text": f"{type(error).__name__}: {error}"[:120]})
    return {"signatures": results}


def check_arc(case):
    CLOCK.now = case["at"]
    try:
        cv, _, text = dkim.ARC(case["message"]).verify(txt_function(Zone(case["zone"])))
    except Exception as error:
        return {"result": "fail", "text": f"{type(error).__name__}: {error}"[:120]}
    return {"result": (cv or b"none").decode(), "text": str(text)[:120]}


def answer(case):
    return {"spf": check_spf, "dkim": check_dkim, "arc": check_arc}[case["kind"]](case)
