"""SMTP TLS reports (RFC 8460): good, odd, malformed and hostile ones, with what must become of each. Expectations are
written from the RFC and docs/defects.md."""
import json

from .containers import gz, zipped
from .mail import b64
from .sample import render

DAY = 86400
BEGIN = 1772582400  # 2026-03-04


class TlsSample:
    def __init__(self, path, data, shows, outcome="stored", code=None, reports=()):
        self.path, self.data, self.shows, self.outcome, self.code = f"{path}", data, shows, outcome, code
        self.data = data.encode() if isinstance(data, str) else data
        self.reports = list(reports)

    def expected_json(self):
        want = {"shows": self.shows, "outcome": self.outcome}
        if self.code:
            want["code"] = self.code
        if self.reports:
            want["reports"] = self.reports
        return render(want) + "\n"


def report(policies, name="usual", **changes):
    """The members of a report as Python values; a change of None takes a member away."""
    value = {"organization-name": "Sender Example",
             "date-range": {"start-datetime": "2026-03-04T00:00:00Z", "end-datetime": "2026-03-04T23:59:59Z"},
             "contact-info": "tls-reports@sender.example", "report-id": f"2026-03-04-{name}", "policies": policies}
    for key, change in changes.items():
        value[key.replace("_", "-")] = change
    return {key: member for key, member in value.items() if member is not None}


STRINGS = ["version: STSv1", "mode: enforce", "mx: mx1.example.com", "max_age: 604800"]


def policy(ok=100, failed=0, details=None, **members):
    inner = {"policy-type": "sts", "policy-string": STRINGS, "policy-domain": "example.com",
             "mx-host": ["mx1.example.com"]}
    inner.update({key.replace("_", "-"): member for key, member in members.items()})
    value = {"policy": {key: member for key, member in inner.items() if member is not Ellipsis},
             "summary": {"total-successful-session-count": ok, "total-failure-session-count": failed}}
    if details is not None:
        value["failure-details"] = details
    return value


def failure(result="certificate-expired", count=3, **members):
    value = {"result-type": result, "sending-mta-ip": "192.0.2.10", "receiving-mx-hostname": "mx1.example.com",
             "receiving-ip": "192.0.2.25", "failed-session-count": count}
    value.update({key.replace("_", "-"): member for key, member in members.items()})
    return {key: member for key, member in value.items() if member is not Ellipsis}


def wanted(policies, name="usual", defects=(), **facts):
    want = {"reporter": "sender example", "report_id": f"2026-03-04-{name}", "begin": BEGIN, "end": BEGIN + DAY - 1,
            "damaged": False, "policies": policies, "defects": sorted(set(defects))}
    want.update(facts)
    return want


def wanted_policy(ok=100, failed=0, failures=(), domain="example.com", type="sts", hosts=("mx1.example.com",)):
    return {"domain": domain, "type": type, "successful": ok, "failed": failed, "mx_hosts": list(hosts),
            "failures": [list(one) for one in failures]}


EXPIRED = ("certificate-expired", 3, "192.0.2.10", "mx1.example.com", "192.0.2.25")


def text_of(value):
    return json.dumps(value, indent=1) + "\n"


HEADERS = ("From: TLS reports <tls-reports@sender.example>\n"
           "To: tls@example.com\n"
           "Date: Thu, 05 Mar 2026 02:14:58 +0000\n"
           "Message-ID: <{name}@sender.example>\n"
           "Subject: {subject}\n"
           "TLS-Report-Domain: example.com\n"
           "TLS-Report-Submitter: sender.example\n"
           "MIME-Version: 1.0\n")


def mail(name, data, type="application/tlsrpt+gzip", file=None, subject=None, report_type="tlsrpt", encoded=None):
    file = file or "sender.example!example.com!1772582400!1772668799!1.json.gz"
    subject = subject or f"Report Domain: example.com Submitter: sender.example Report-ID: <2026-03-04-{name}>"
    kind = f'multipart/report; report-type="{report_type}"' if report_type else "multipart/mixed"
    return (HEADERS.format(name=name, subject=subject) + f'Content-Type: {kind}; boundary="=_t"\n\n'
            "--=_t\nContent-Type: text/plain; charset=us-ascii\n\nThis is a TLS report.\n\n"
            f"--=_t\nContent-Type: {type}; name=\"{file}\"\nContent-Transfer-Encoding: base64\n"
            f"Content-Disposition: attachment; filename=\"{file}\"\n\n" + (encoded or b64(data)) + "--=_t--\n")


def simple(name):
    return text_of(report([policy(97, 3, [failure()])], name))


def want_simple(name, defects=(), **facts):
    return wanted([wanted_policy(97, 3, [EXPIRED])], name, defects, **facts)


def samples():
    return [*good(), *odd_packing(), *odd_values(), *odd_syntax(), *malformed(), *hostile()]


def good():
    kinds = ["starttls-not-supported", "certificate-host-mismatch", "certificate-expired", "certificate-not-trusted",
             "validation-failure", "tlsa-invalid", "dnssec-invalid", "dane-required", "sts-policy-fetch-error",
             "sts-policy-invalid", "sts-webpki-invalid"]
    every = report([policy(0, len(kinds), [failure(kind, 1) for kind in kinds])], "every")
    three = report([policy(10), policy(20, policy_type="tlsa", policy_string=["3 1 1 ABCD"]),
                    policy(30, policy_type="no-policy-found", policy_string=..., mx_host=...,
                           policy_domain="example.net")], "three")
    return [
        TlsSample("good/simple.json", simple("simple"), "a report as RFC 8460 has it", reports=[want_simple("simple")]),
        TlsSample("good/every-result-type.json", text_of(every), "each result type of RFC 8460 section 4.3",
                  reports=[wanted([wanted_policy(0, len(kinds), [(kind, 1) + EXPIRED[2:] for kind in kinds])], "every")]),
        TlsSample("good/three-policies.json", text_of(three), "policies of each type, for two domains",
                  reports=[wanted([wanted_policy(10), wanted_policy(20, type="tlsa"),
                                   wanted_policy(30, type="no-policy-found", domain="example.net", hosts=())], "three")]),
        TlsSample("good/mail.eml", mail("mail", gz(simple("mail").encode())), "multipart/report, report-type tlsrpt, gzip",
                  reports=[want_simple("mail")]),
        TlsSample("good/mail-json.eml", mail("mail-json", simple("mail-json").encode(), "application/tlsrpt+json"),
                  "the same without gzip", reports=[want_simple("mail-json")]),
        TlsSample("good/packed.json.gz", gz(simple("packed").encode()), "a gzip file", reports=[want_simple("packed")]),
        TlsSample("good/no-failures.json", text_of(report([policy(5000)], "clean")), "nothing failed, no failure-details",
                  reports=[wanted([wanted_policy(5000)], "clean")]),
        TlsSample("good/offset.json", text_of(report([policy()], "offset", date_range={
                      "start-datetime": "2026-03-04T01:00:00+01:00", "end-datetime": "2026-03-05T00:59:59.000+01:00"})),
                  "dates with an offset and a fraction", reports=[wanted([wanted_policy()], "offset")]),
        TlsSample("good/ipv6.json", text_of(report([policy(1, 3, [failure(sending_mta_ip="2001:DB8:ABCD:0012::1")])],
                                                   "ipv6")), "an address not written as RFC 5952 has it",
                  reports=[wanted([wanted_policy(1, 3, [EXPIRED[:2] + ("2001:db8:abcd:12::1",) + EXPIRED[3:]])], "ipv6")]),
        TlsSample("good/empty-policies.json", text_of(report([], "empty")), "no policy: nothing was sent",
                  reports=[wanted([], "empty")]),
    ]


def odd_packing():
    simple_of = lambda name: simple(name).encode()  # noqa: E731
    two = simple("first") + simple("second")
    listed = "[" + simple("listed-1") + "," + simple("listed-2") + "]"
    return [
        TlsSample("odd/gzip-named-json.json", gz(simple_of("named-json")), "gzip under the name of plain JSON",
                  reports=[want_simple("named-json")]),
        TlsSample("odd/plain-named-gz.json.gz", simple_of("named-gz"), "plain JSON under the name of gzip",
                  reports=[want_simple("named-gz")]),
        TlsSample("odd/zipped.zip", zipped([("report.json", simple_of("zipped"))]), "in a zip archive",
                  reports=[want_simple("zipped")]),
        TlsSample("odd/octet-stream.eml", mail("octets", gz(simple_of("octets")), "application/octet-stream", "report.bin",
                                               report_type=None), "gzip as octet-stream in multipart/mixed",
                  reports=[want_simple("octets")]),
        TlsSample("odd/plain-as-gzip.eml", mail("plain", simple_of("plain"), "application/tlsrpt+gzip"),
                  "application/tlsrpt+gzip that holds plain JSON", reports=[want_simple("plain")]),
        TlsSample("odd/wrong-report-type.eml", mail("type", gz(simple_of("type")), report_type="delivery-status"),
                  "report-type of a bounce", reports=[want_simple("type")]),
        TlsSample("odd/preview-subject.eml", mail("preview", gz(simple_of("preview")), subject="[Preview] Report Domain: "
                                                  "example.com Submitter: sender.example Report-ID: <x>"),
                  "[Preview] in front of the subject", reports=[want_simple("preview")]),
        TlsSample("odd/loose-base64.eml", mail("loose", b"", encoded="".join(
                      line + " \n\n" for line in b64(gz(simple_of("loose")), 61).split())),
                  "base64 with blanks, empty lines and odd lengths", reports=[want_simple("loose")]),
        TlsSample("odd/byte-order-mark.json", "\ufeff" + simple("bom"), "UTF-8 with a byte order mark",
                  reports=[want_simple("bom")]),
        TlsSample("odd/utf-16.json", simple("utf-16").encode("utf-16"), "UTF-16 with a byte order mark",
                  reports=[want_simple("utf-16", ["utf-16"])]),
        TlsSample("odd/latin-1.json", simple("latin").replace("Sender Example", "S\u00e9nder").encode("latin-1"),
                  "octets that are no UTF-8", reports=[want_simple("latin", ["not-utf8"], reporter="s\u00e9nder")]),
        TlsSample("odd/two-texts.json", two, "two reports one after the other",
                  reports=[want_simple("first"), want_simple("second")]),
        TlsSample("odd/list-of-reports.json", listed, "a JSON list of two reports",
                  reports=[want_simple("listed-1"), want_simple("listed-2")]),
        TlsSample("odd/trailing-text.json", simple("trailing") + "-- \nThis list is run by nobody\n",
                  "words behind the report", reports=[want_simple("trailing", ["trailing-content"])]),
    ]


def odd_values():
    nothing = {"organization-name": None, "contact-info": None}
    name = "sender.example!example.com!1772582400!1772668799!from-name.json"
    lenient = report([policy("42", "7", [failure(count="7")], policy_type="STS", mx_host="MX1.Example.COM.")], "lenient")
    single = report(policy(97, 3, failure()), "single")
    no_domain = report([policy(policy_domain=...)], None, report_id=None)
    unknown = report([policy(1, 5, [failure("quantum-flux", 5)])], "unknown")
    missing = report([policy(1, 3, [failure(sending_mta_ip=..., receiving_ip=None, receiving_mx_hostname=...)],
                             policy_string=..., mx_host=...)], "missing")
    sums = report([policy(0, 1, [failure(count=1), failure(count=1)])], "sums")
    uncounted = report([policy(0, 2, [failure(count=...)])], "uncounted")
    extra = report([policy(5, comment={"deep": [1, 2]})], "extra", generator="Maker 1.0")
    doubled = simple("doubled").replace('"contact-info"', '"report-id": "another", "contact-info"')
    keys = text_of(report([policy(5)], "keys")).replace("organization-name", "Organization_Name")
    odd_ip = report([policy(0, 9, [failure(count=3, sending_mta_ip="[192.0.2.10]"),
                                   failure(count=3, sending_mta_ip="192.0.2.10:25"),
                                   failure(count=3, sending_mta_ip="unknown")])], "odd-ip")
    big = report([policy(10 ** 18, -4)], "big")
    pattern = report([policy(7, mx_host=..., mx_host_pattern=["*.Mail.Example.com", ".example.com"])], "pattern")
    return [
        TlsSample("odd/numbers-as-strings.json", text_of(lenient), "numbers as strings, letter case, one host as text",
                  reports=[wanted([wanted_policy(42, 7, [("certificate-expired", 7) + EXPIRED[2:]])], "lenient",
                                  ["count-notation", "letter-case", "domain-normalised"])]),
        TlsSample("odd/objects-for-lists.json", text_of(single), "one policy and one failure without a list around",
                  reports=[want_simple("single")]),
        TlsSample("odd/null-members.json", text_of(report([policy()], "null", **{k.replace("-", "_"): None for k in
                  ("contact-info",)}) | nothing), "null for a name and for the contact", reports=[
                      wanted([wanted_policy()], "null", ["no-org-name"], reporter="")]),
        TlsSample("odd/" + name, text_of(no_domain), "no policy-domain and no report-id: the file name has them",
                  reports=[wanted([wanted_policy()], defects=["domain-from-file-name", "no-report-id",
                                                              "report-id-from-file-name"], report_id="from-name")]),
        TlsSample("odd/unknown-result-type.json", text_of(unknown), "a result type nobody knows",
                  reports=[wanted([wanted_policy(1, 5, [("quantum-flux", 5) + EXPIRED[2:]])], "unknown",
                                  ["tls-result-type-unknown"])]),
        TlsSample("odd/missing-members.json", text_of(missing), "no addresses, hosts and policy text",
                  reports=[wanted([wanted_policy(1, 3, [("certificate-expired", 3, None, None, None)], hosts=())],
                                  "missing")]),
        TlsSample("odd/sums-differ.json", text_of(sums), "more failures in details than in the summary",
                  reports=[wanted([wanted_policy(0, 1, [("certificate-expired", 1) + EXPIRED[2:]] * 2)], "sums",
                                  ["tls-sums-differ"])]),
        TlsSample("odd/no-session-count.json", text_of(uncounted), "a failure without its number",
                  reports=[wanted([wanted_policy(0, 2, [("certificate-expired", None) + EXPIRED[2:]])], "uncounted",
                                  ["no-count", "tls-sums-differ"])]),
        TlsSample("odd/unknown-members.json", text_of(extra), "members that RFC 8460 does not know",
                  reports=[wanted([wanted_policy(5)], "extra", ["unknown-element"])]),
        TlsSample("odd/key-twice.json", doubled, "a key given twice: the first one counts",
                  reports=[want_simple("doubled", ["duplicate-element"], report_id="another")]),
        TlsSample("odd/keys-in-other-case.json", keys, "a key with capitals and an underscore",
                  reports=[wanted([wanted_policy(5)], "keys")]),
        TlsSample("odd/addresses.json", text_of(odd_ip), "addresses with brackets, a port, and none",
                  reports=[wanted([wanted_policy(0, 9, [EXPIRED, EXPIRED, ("certificate-expired", 3, None) + EXPIRED[3:]])],
                                  "odd-ip", ["tls-address-notation", "tls-bad-address"])]),
        TlsSample("odd/numbers-out-of-range.json", text_of(big), "a number beyond all sums, and one below nothing",
                  reports=[wanted([wanted_policy(10 ** 12, None)], "big", ["count-capped", "bad-count", "tls-no-summary"])]),
        TlsSample("odd/host-patterns.json", text_of(pattern), "mx-host-pattern, as an early draft had it",
                  reports=[wanted([wanted_policy(7, hosts=("*.mail.example.com", ".example.com"))], "pattern",
                                  ["domain-normalised"])]),
        TlsSample("odd/no-zone.json", text_of(report([policy()], "no-zone", date_range={
                      "start-datetime": "2026-03-04T00:00:00", "end-datetime": "2026-03-04T23:59:59"})),
                  "dates without a zone: UTC", reports=[wanted([wanted_policy()], "no-zone", ["date-iso8601"])]),
        TlsSample("odd/epoch-dates.json", text_of(report([policy()], "epoch", date_range={
                      "start-datetime": BEGIN, "end-datetime": BEGIN + DAY - 1})), "dates in seconds",
                  reports=[wanted([wanted_policy()], "epoch")]),
        TlsSample("odd/period-reversed.json", text_of(report([policy()], "reversed", date_range={
                      "start-datetime": "2026-03-04T23:59:59Z", "end-datetime": "2026-03-04T00:00:00Z"})),
                  "the end before the beginning", reports=[wanted([wanted_policy()], "reversed", ["period-reversed"])]),
        TlsSample("odd/control-characters.json", simple("control").replace("Sender Example", "Sender\tExample"),
                  "a tab inside a string", reports=[want_simple("control", ["tls-control-character"])]),
        TlsSample("odd/no-summary.json", text_of(report([{k: v for k, v in policy(0, 0, [failure()]).items()
                                                          if k != "summary"}], "no-summary")), "a policy without summary",
                  reports=[wanted([wanted_policy(None, None, [EXPIRED])], "no-summary", ["tls-no-summary"])]),
    ]


def odd_syntax():
    """What strict readers of JSON refuse, or read as something else."""
    half = simple("half").replace("Sender Example", "Sender\\ud83d Example")
    huge = text_of(report([policy("@", 3, [failure()])], "huge")).replace('"@"', "1e999")
    lines = report([policy(5, policy_string="\r\n".join(STRINGS) + "\r\n")], "lines")
    several = report([policy(97, 3, [failure()])], "several")
    several["policies"][0]["policy"] = [several["policies"][0]["policy"], {"policy-domain": "other.example"}]
    first = simple("nothing-first").replace('"report-id"', '"report-id": null, "report-id": "", "report-id"')
    between = simple("before") + "\nOn Thursday \"they\" sent:\n> [1]\n" + simple("after") + "-- \n"
    return [
        TlsSample("odd/half-surrogate.json", half, "half of a surrogate pair in a name",
                  reports=[want_simple("half", ["tls-half-surrogate"], reporter="sender\ufffd example")]),
        TlsSample("odd/number-too-large.json", huge, "a number beyond every range",
                  reports=[wanted([wanted_policy(None, 3, [EXPIRED])], "huge",
                                  ["tls-number-too-large", "bad-count", "tls-no-summary"])]),
        TlsSample("odd/policy-lines.json", text_of(lines), "the whole policy as one text",
                  reports=[wanted([wanted_policy(5)], "lines", ["tls-policy-lines"])]),
        TlsSample("odd/list-for-object.json", text_of(several), "two objects in a list where one belongs",
                  reports=[want_simple("several", ["tls-unexpected-value"])]),
        TlsSample("odd/nothing-first.json", first, "a key three times, the first ones without a value",
                  reports=[want_simple("nothing-first", ["duplicate-element"])]),
        TlsSample("odd/text-between.json", between, "words between two reports",
                  reports=[want_simple("before", ["trailing-content"]), want_simple("after", ["trailing-content"])]),
    ]


def malformed():
    whole = text_of(report([policy(1), policy(2), policy(3, 3, [failure()])], "cut"))
    cut = whole[:whole.rindex('"result-type"')]
    comma = simple("comma").replace('"contact-info"', ', "contact-info"')
    return [
        TlsSample("malformed/cut-in-third-policy.json", cut, "cut off inside the third policy: two are there",
                  reports=[wanted([wanted_policy(1), wanted_policy(2)], "cut", ["tls-json-broken", "no-report-id"]
                                  if cut.find('"report-id"') < 0 else ["tls-json-broken"], damaged=True)]),
        TlsSample("malformed/cut-in-first-policy.json", whole[:whole.index('"summary"')], "cut off inside the first policy",
                  "rejected", "json-malformed"),
        TlsSample("malformed/comma.json", comma, "a comma too many before any policy", "rejected", "json-malformed"),
        TlsSample("malformed/gzip-cut.json.gz", gz(simple("gzip-cut").encode())[:-20], "gzip that was cut off", "rejected"),
        TlsSample("malformed/no-report.json", '{"organization-name": "Sender Example", "news": []}\n',
                  "JSON with the name of an organization and no report", "rejected", "not-a-tls-report"),
        TlsSample("malformed/other-json.json", '{"menu": {"id": 1}}\n', "other JSON", "not_a_report"),
    ]


def hostile():
    deep = '{"organization-name": "x", "policies": ' + "[" * 100_000
    nested = text_of(report([policy(5, extra="@")], "nested")).replace('"@"', '{"a":' * 200 + "1" + "}" * 200)
    long = text_of(report([policy(5)], "long")).replace("Sender Example", "x" * (2 << 20))
    attack = "\x1b]0;owned\x07<script>alert(1)</script>"
    evil = report([policy(1, 1, [failure("x'; DROP TABLE tls_report; --", 1, additional_information=attack,
                                         receiving_mx_hostname="=cmd|' /C calc'!A0")])], "evil")
    many = report([policy(0, 300, [failure(count=1)] * 300)], "many")
    return [
        TlsSample("hostile/deep-lists.json", deep, "a hundred thousand lists in each other", "rejected", "json-too-deep"),
        TlsSample("hostile/deep-unknown.json", nested, "an unknown member two hundred objects deep", "rejected",
                  "json-too-deep"),
        TlsSample("hostile/long-token.json.gz", gz(long.encode()), "a name of two mebibytes, packed tightly", "rejected",
                  "ratio-exceeded"),
        TlsSample("hostile/texts.json", text_of(evil), "texts that attack terminals, browsers, spreadsheets and databases",
                  reports=[wanted([wanted_policy(1, 1, [("x'; DROP TABLE tls_report; --", 1, "192.0.2.10",
                                                         "=cmd|' /C calc'!A0", "192.0.2.25")])], "evil",
                                  ["tls-result-type-unknown", "bad-domain"])]),
        TlsSample("hostile/many-failures.json.gz", gz(text_of(many).encode()), "three hundred equal failures",
                  reports=[wanted([wanted_policy(0, 300, [("certificate-expired", 1) + EXPIRED[2:]] * 300)], "many")]),
    ]
