"""The cases of the published suites as dictionaries: id, kind (spf, dkim, arc), zone (names to lists, the JSON shape of
`ruaudit verify --zone`), message as bytes, or ip, helo and mail_from; at in seconds; expected as the suite words it."""
import json
import pathlib

DEFAULT_TIME = 1_700_000_000
STALWART_TIME = 1_667_843_664


def txt_zone(records):
    return {name: [{"TXT": text}] for name, text in records.items()}


def load(path):
    return json.loads(path.read_text(encoding="utf-8", errors="surrogateescape"))


def spf_cases(corpus):
    for suite in ("rfc7208-tests", "test"):
        for document in load(corpus / "spf-pyspf" / f"{suite}.json")["documents"]:
            for name, test in document["tests"].items():
                expected = test["result"]
                yield {"id": f"spf/{suite}/{name}", "kind": "spf", "zone": document["zonedata"], "ip": test["host"],
                       "helo": test.get("helo", ""), "mail_from": test.get("mailfrom", ""), "at": DEFAULT_TIME,
                       "expected": expected if isinstance(expected, list) else [expected]}


def dkim(name, message, zone, expected="", at=DEFAULT_TIME):
    return {"id": f"dkim/{name}", "kind": "dkim", "zone": zone, "message": message, "at": at, "expected": expected}


def mail_dkim_zone(path):
    zone = {}
    for line in path.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        name, _, text = line.partition(" ")
        text = text.strip()
        if not name or name.startswith("#") or text == "NXDOMAIN":
            continue
        if text.startswith("~~"):
            zone[name] = ["SERVFAIL" if "SERVFAIL" in text else "TIMEOUT"]
        else:
            zone[name] = [{"TXT": "" if text == '""' else text}]
    return zone


def mail_dkim_cases(corpus):
    folder = corpus / "dkim-mail-dkim"
    zone = mail_dkim_zone(folder / "FAKE_DNS.dat")
    for test in load(folder / "cases.json")["cases"]:
        yield dkim(f"mail-dkim/{test['message']}", (folder / test["message"]).read_bytes(), zone, test["rfc8301_expected"])


def lieser_cases(corpus):
    folder = corpus / "dkim-lieser"
    suite = load(folder / "cases.json")
    for test in suite["cases"]:
        zone = txt_zone(suite["zone_txt"] | test["extra_zone"])
        yield dkim(f"lieser/{test['title']}", (folder / test["message"]).read_bytes(), zone,
                   " ".join(s["result"] for s in test["signatures"]))


def stalwart_cases(corpus):
    for number in range(1, 7):
        head, _, message = (corpus / "dkim-stalwart" / f"00{number}.txt").read_bytes().replace(b"\r\n", b"\n").partition(b"\n\n")
        records = dict(line.split(" ", 1) for line in head.decode().splitlines())
        yield dkim(f"stalwart/00{number}", message, txt_zone(records), "pass", STALWART_TIME)


def single_cases(corpus):
    folder = corpus / "dkim-go-msgauth"
    zone = txt_zone(load(folder / "cases.json")["zone_txt"])
    for path in sorted(folder.glob("*.eml")):
        yield dkim(f"go-msgauth/{path.name}", path.read_bytes(), zone)
    folder = corpus / "dkim-postalsys" / "ec"
    zone = {name: [{"TXT": strings} for strings in types["TXT"]] for name, types in load(folder / "dns.json").items()}
    yield dkim("postalsys/signed.eml", (folder / "signed.eml").read_bytes(), zone)
    folder = corpus / "dkim-dkimpy"
    first = lambda name: (folder / name).read_text().splitlines()[0]
    zone = txt_zone({"sed._domainkey.test.ex": first("eximtest.dns"),
                     "brisbane._domainkey.football.example.com":
                         "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
                     "test._domainkey.football.example.com": first("test.txt")})
    for name in ("ed25519test2.msg", "rfc6376.signed.msg", "test.message", "message.mbox", "test2.message"):
        yield dkim(f"dkimpy/{name}", (folder / name).read_bytes(), zone)
    zone = mail_dkim_zone(corpus / "dkim-mail-dkim" / "FAKE_DNS.dat")
    for path in sorted((corpus / "dkim-jdkim" / "corpus").glob("*.eml")):
        yield dkim(f"jdkim/{path.name}", path.read_bytes(), zone)


def arc_cases(corpus):
    for document in load(corpus / "arc-valimail" / "arc-draft-validation-tests.json")["documents"]:
        for name, test in document["tests"].items():
            message = test["message"].replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8", "surrogateescape")
            yield {"id": f"arc/{name}", "kind": "arc", "zone": txt_zone(document["txt-records"] or {}),
                   "message": message, "at": DEFAULT_TIME, "expected": test["cv"]}


def every_case(corpus):
    corpus = pathlib.Path(corpus)
    for source in (spf_cases, mail_dkim_cases, lieser_cases, stalwart_cases, single_cases, arc_cases):
        yield from source(corpus)


def with_crlf(message):
    return message.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
