"""Aggregate reports for tests of a cluster: each number is one report, always the same; days of three months, two policy
domains, IPv4 and IPv6, absent and repeated results, overrides with ARC chains, and texts that want escaping. And SMTP TLS
reports: of one domain and several, with words nobody knows, absent sums and ids."""
import datetime
import json
import pathlib
import random

START = 1_788_220_800  # 2026-09-01
COMMENTS = ("arc=pass as[2].d=list.example as[2].s=s2 as[1].d=origin.example as[1].s=s1 remote-ip[1]=192.0.2.9",
            "known\tforwarder \\ 'quoted' &amp; żółć", "")


def row(rng, domain):
    source = rng.choice(("192.0.2.%d" % rng.randrange(1, 60), "2001:db8::%x" % rng.randrange(1, 30), "2001:db8:0:1:0:0:0:1"))
    count = rng.choice((1, 2, 7, 500))
    dkim, spf = rng.choice(("pass", "fail")), rng.choice(("pass", "fail"))
    reason = ""
    if rng.random() < 0.3:
        reason = f"<reason><type>{rng.choice(('local_policy', 'forwarded', 'oddity'))}</type><comment>{rng.choice(COMMENTS)}</comment></reason>"
    envelope = rng.choice(("", "<envelope_from/>", "<envelope_from>bounce.example</envelope_from>",
                           "<envelope_to>customer.example</envelope_to>"))
    results = "".join(f"<dkim><domain>{rng.choice((domain, 'service.example'))}</domain><selector>s{rng.randrange(3)}</selector>"
                      f"<result>{rng.choice(('pass', 'fail', 'temperror', 'none'))}</result></dkim>" for _ in range(rng.randrange(3)))
    results += f"<spf><domain>bounce.example</domain><scope>mfrom</scope><result>{rng.choice(('pass', 'softfail', 'none'))}</result></spf>"
    return (f"<record><row><source_ip>{source}</source_ip><count>{count}</count><policy_evaluated><disposition>"
            f"{rng.choice(('none', 'quarantine', 'reject'))}</disposition><dkim>{dkim}</dkim><spf>{spf}</spf>{reason}</policy_evaluated>"
            f"</row><identifiers><header_from>{rng.choice(('', 'sub.'))}{domain}</header_from>{envelope}</identifiers>"
            f"<auth_results>{results}</auth_results></record>")


def report(number, corrected=False, cut=False, begin=None):
    rng = random.Random(number)
    domain = rng.choice(("example.com", "example.net"))
    drawn = START + 86_400 * rng.randrange(90)
    begin = drawn if begin is None else begin
    rows = [row(rng, domain) for _ in range(rng.randrange(2, 30))]
    if corrected:
        rows[0] = row(random.Random(number + 1_000_000), domain)
    if cut:
        rows = rows[:len(rows) // 2]
    policy = rng.choice(("none", "quarantine", "reject"))
    error = "<error>sorry &amp; late</error>" if rng.random() < 0.2 else ""
    text = (f"<?xml version=\"1.0\"?><feedback><version>1.0</version><report_metadata><org_name>Reporter {number % 5}</org_name>"
            f"<email>dmarc@reporter{number % 5}.example</email>{error}<report_id>{number}</report_id><date_range><begin>{begin}</begin>"
            f"<end>{begin + 86_399}</end></date_range></report_metadata><policy_published><domain>{domain}</domain><adkim>r</adkim>"
            f"<p>{policy}</p><sp>{policy}</sp><pct>100</pct></policy_published>" + "".join(rows))
    return text + ("<record><row><source" if cut else "</feedback>")


def write(folder, numbers, **variant):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        (folder / f"{number}.xml").write_text(report(number, **variant))
    return folder


TLS_RESULTS = ("certificate-expired", "starttls-not-supported", "validation-failure", "odd \"word\"")


def tls_policy(rng, domain):
    failures = [{"result-type": rng.choice(TLS_RESULTS), "receiving-mx-hostname": f"mx{rng.randrange(3)}.{domain}",
                 "sending-mta-ip": rng.choice(("192.0.2.9", "2001:db8::9", "[192.0.2.8]")),
                 **({"failed-session-count": rng.randrange(1, 90)} if rng.random() < 0.8 else {}),
                 **({"additional-information": "https://x.example/?a=1\tżółć \\ '"} if rng.random() < 0.4 else {})}
                for _ in range(rng.choice((0, 0, 1, 3)))]
    policy = {"policy-type": rng.choice(("sts", "tlsa", "no-policy-found", "novel")), "policy-domain": domain,
              "policy-string": ["version: STSv1", "mode: enforce", f"mx: *.{domain}", "max_age: 86400"]}
    made = {"policy": policy, "failure-details": failures}
    if rng.random() < 0.8:
        made["summary"] = {"total-successful-session-count": rng.randrange(1, 5000),
                           "total-failure-session-count": sum(one.get("failed-session-count", 1) for one in failures)}
    return made


def tls_report(number, corrected=False, cut=False):
    """Numbers 90 and above share an id and a day by threes: each of them is of another domain, and so another report."""
    rng = random.Random(f"tls {number}")
    day = datetime.date(2026, 9, 1) + datetime.timedelta(days=rng.randrange(85))
    domains = rng.sample(("example.com", "example.net", "sub.example.com"), rng.choice((1, 1, 2, 3)))
    name = number
    if number >= 90:
        name, day, domains = number // 3, datetime.date(2026, 9, 1 + number // 3 % 28), [f"d{number % 3}.example.com"]
    policies = [tls_policy(rng, domain) for domain in domains]
    if corrected:
        policies[0] = tls_policy(random.Random(f"tls corrected {number}"), domains[0])
    made = {"organization-name": f"Sender {name % 4}", "contact-info": f"tls@sender{name % 4}.example",
            **({} if name % 11 == 10 else {"report-id": f"tls-{name}"}),
            "date-range": {"start-datetime": f"{day}T00:00:00Z", "end-datetime": f"{day}T23:59:59Z"}, "policies": policies}
    text = json.dumps(made, ensure_ascii=False)
    return text[:text.rindex('"policy":')] if cut and len(policies) > 1 else text


def write_tls(folder, numbers, **variant):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        (folder / f"{number}.json").write_text(tls_report(number, **variant))
    return folder
