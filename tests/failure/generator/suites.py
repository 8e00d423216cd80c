"""The mails of published DKIM and ARC suites as samples. What each signature is worth is the suite's own statement."""
import email.parser
import email.policy
import json
import re

from cases import FORGERY, FORWARDED, INDETERMINATE, LEGITIMATE, Case

UNKNOWN_SOURCE = {FORGERY, INDETERMINATE, FORWARDED}
PASSED = {FORWARDED, LEGITIMATE, INDETERMINATE}
# The names that the lieser suite gives to faults, and the words of a report about them.
LIESER_WORDS = {
    "DKIM_SIGERROR_MISSING_V": r"evidence:(?i)missing|v=", "DKIM_SIGERROR_KEY_REVOKED": r"key-revoked",
    "DKIM_SIGERROR_KEY_HASHNOTINCLUDED": r"evidence:(?i)hash|h=", "DKIM_SIGERROR_KEY_MISMATCHED_K": r"evidence:(?i)type|k=",
    "DKIM_SIGERROR_KEY_NOTEMAILKEY": r"evidence:s=", "DKIM_SIGERROR_DOMAIN_I": r"evidence:i=|t=s",
    "DKIM_SIGERROR_CORRUPT_BH": r"body-changed|footer-added", "DKIM_SIGERROR_BADSIG": r"header-changed"}
CLOCK = 1_700_000_000


class SuiteCase(Case):
    """A mail of others: only source, envelope and the policy of its author's domain are ours."""

    def __init__(self, n, keys, secret, mail):
        super().__init__(n, keys, secret)
        self.zone = {}
        self.message = re.sub(rb"\r?\n", b"\r\n", mail)
        self.arrival = CLOCK
        self.domain = author_domain(self.message) or f"none{n}.example"
        self.mail_from = f"m{n}@{self.attacker}"
        self.sent_by("attacker")
        self.txt(self.attacker, "v=spf1 -all")
        self.signature = None

    def set_policy(self, zone):
        """The suites have no DMARC records: one at the registrable name, unless there is one."""
        labels = self.domain.split(".")
        for i in range(max(len(labels) - 1, 1)):
            if zone.get("_dmarc." + ".".join(labels[i:])):
                return
        self.txt("_dmarc." + ".".join(labels[-2:]), "v=DMARC1; p=reject; rua=mailto:d@example.net")


def author_domain(message):
    head = email.parser.BytesHeaderParser(policy=email.policy.compat32).parsebytes(message)
    found = re.findall(r"@([A-Za-z0-9.-]+)", str(head.get("From", "")))
    return found[-1].lower().rstrip(".") if found else None


def aligned(one, other):
    return one.lower().split(".")[-2:] == other.lower().split(".")[-2:]


def zone_of(txt_records):
    zone = {}
    for name, text in txt_records.items():
        parts = [text[i:i + 250] for i in range(0, len(text), 250)] or [""]
        zone[name] = [{"TXT": parts}]
    return zone


def lieser(folder):
    """Yields (name, mail, zone, allowed, words, facts)."""
    data = json.loads((folder / "cases.json").read_text())
    for number, case in enumerate(data["cases"]):
        mail = (folder / case["message"]).read_bytes()
        zone = zone_of({**data["zone_txt"], **case["extra_zone"]})
        author = author_domain(mail) or ""
        passed = any(s["result"] == "SUCCESS" and aligned(s.get("sdid") or author, author) for s in case["signatures"])
        words = [LIESER_WORDS[s["errorType"]] for s in case["signatures"]
                 if s.get("errorType") in LIESER_WORDS and "SUCCESS" not in str(case["signatures"])]
        yield f"lieser-{number}", mail, zone, PASSED if passed else UNKNOWN_SOURCE, words[:1], {}


def mail_dkim(folder):
    zone = {}
    for line in (folder / "FAKE_DNS.dat").read_text().splitlines():
        name, _, text = line.replace("\t", " ").partition(" ")
        text = text.strip()
        if not name or name.startswith("#") or text == "NXDOMAIN":
            continue
        failure = "SERVFAIL" if text == "~~SERVFAIL~~" else "TIMEOUT" if text.startswith("~~") else None
        zone[name] = [failure] if failure else zone_of({name: "" if text == '""' else text})[name]
    for case in json.loads((folder / "cases.json").read_text())["cases"]:
        mail = (folder / case["message"]).read_bytes()
        author = author_domain(mail) or ""
        strict = case["upstream"] == "pass" and not case["rfc8301_expected"].startswith("permerror")
        passed = strict and any(s["type"] == "DKIM-Signature" and aligned(s.get("d") or "", author) for s in case["signatures"])
        weak = case["upstream"] == "pass" and not strict and len(case["signatures"]) == 1 and \
            case["signatures"][0]["type"] == "DKIM-Signature"
        words = [r"evidence:(?i)sha-?1|bit|\bv="] if weak else []
        yield "mail-dkim-" + case["message"].rpartition("/")[2], mail, zone, PASSED if passed else UNKNOWN_SOURCE, words, {}


def stalwart(folder):
    """Lines "name record", a blank line, the mail; its last signature verifies."""
    for path in sorted(folder.glob("0*.txt")):
        head, _, mail = re.sub(rb"\r?\n", b"\r\n", path.read_bytes()).partition(b"\r\n\r\n")
        records = dict(line.partition(" ")[::2] for line in head.decode().split("\r\n"))
        yield f"stalwart-{path.stem}", mail, zone_of(records), PASSED | UNKNOWN_SOURCE, [], {}


def go_msgauth(folder):
    data = json.loads((folder / "cases.json").read_text())
    for name, expected in data["expected"].items():
        passed = expected.startswith("pass") or "ed25519 pass" in expected
        yield f"go-msgauth-{name}", (folder / name).read_bytes(), zone_of(data["zone_txt"]), \
            PASSED if passed else UNKNOWN_SOURCE | PASSED - {LEGITIMATE}, [], {}


def valimail(folder):
    data = json.loads((folder / "arc-draft-validation-tests.json").read_text())
    for number, document in enumerate(d for d in data["documents"] if isinstance(d, dict) and "tests" in d):
        for name, case in document["tests"].items():
            if not case["message"]:
                continue  # a report cannot hold an empty mail
            zone = zone_of(document.get("txt-records") or {})
            facts = {"arc": (case["cv"] or "Fail").lower()}  # RFC 8617 section 5.2 step 2
            yield f"arc-{number}-{name}", case["message"].encode(), zone, UNKNOWN_SOURCE, [], facts


SUITES = {"dkim-lieser": lieser, "dkim-mail-dkim": mail_dkim, "dkim-stalwart": stalwart, "dkim-go-msgauth": go_msgauth,
          "arc-valimail": valimail}
