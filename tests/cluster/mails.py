"""Aggregate reports for tests of a cluster: each number is one report, always the same; days of three months, two policy
domains, IPv4 and IPv6, absent and repeated results, overrides with ARC chains, and texts that want escaping."""
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
