"""Reports as reporters of all kinds write them; nothing in this folder is wrong."""
from .containers import gz
from .layout import ONE_LINE, PREFIXED, RFC9990, RFC9990_NAMESPACE, STANDARD, TABS, WIDE, Layout, write
from .report import DAY, START, Dkim, Report, Row, Spf, forwarder, mailing_service, own_sender, spoofer, usual
from .sample import Sample, defect, edit


def xml(name, report, layout, shows, change=(), defects=()):
    text = edit(write(report, layout), *change)
    want = {**report.expected(), "defects": list(defects)}
    if layout.root.find(RFC9990_NAMESPACE) >= 0:
        want["xml_namespace"] = RFC9990_NAMESPACE
    return Sample(f"good/{name}", text.encode(), shows, reports=[want])


def samples():
    return [webmail(), hosted_office(), milter(), gateway(), early_namespace(), full_7489(), full_9990(), prefixed(),
            draft(), overrides(), many_signatures(), ipv6_only(), accents(), subdomains(), test_mode(), weekly(),
            three_hundred(), escaped(), comments_and_cdata(), legacy_namespace(), null_sender()]


def webmail():
    """A big webmail provider: no version, np long before RFC 9990, no selector for strangers, no envelope_from."""
    rows = [own_sender(4211), mailing_service(318), forwarder(27), spoofer(3)]
    for row in rows:
        row.envelope_from = None
        for spf in row.auth_spf:
            spf.scope = None
    report = Report(id="13244537012345678901", org="bigmail.example", email="noreply-dmarc@bigmail.example",
                    contact="https://support.bigmail.example/dmarc", version=None, np="reject", fo=None, rows=rows)
    return xml("webmail-provider.xml", report, STANDARD, "a webmail provider: no version, np, no envelope_from")


def hosted_office():
    """A hosted office suite: schema attributes on the root, CRLF, envelope_to, one record per recipient domain."""
    rows = [own_sender(61), own_sender(18, "192.0.2.11"), mailing_service(7)]
    for row, to in zip(rows, ("partner.example", "customer.example", "partner.example")):
        row.envelope_to = to
    report = Report(id="5d1f0a3c77b24e0f9a6b1c2d3e4f5061", org="Office Suite Example", begin=START, end=START + DAY,
                    email="dmarcreport@office.example", rows=rows)
    return xml("hosted-office.xml", report, WIDE, "a hosted office suite: CRLF, schema attributes, envelope_to")


def milter():
    """A milter on a small server: tabs, one record per message."""
    rows = [own_sender(1) for _ in range(6)] + [forwarder(1)]
    report = Report(id="example.com.1767225600.1767311999", org="mx.small.example", email="postmaster@small.example",
                    rows=rows)
    return xml("milter-one-per-message.xml", report, TABS, "a milter: tabs, every record counts one message")


def gateway():
    report = usual("c0ffee01-0002-4003-8004-000000000005", org="Gateway Example", end=START + DAY)
    return xml("gateway-one-line.xml", report, ONE_LINE, "a mail gateway: the whole report on one line")


def early_namespace():
    report = usual("dmarc.webpost.example.20260101", org="Webpost Example", namespace=RFC9990_NAMESPACE)
    return xml("namespace-on-old-shape.xml", report, RFC9990, "the RFC 9990 namespace on a report of RFC 7489 shape")


def legacy_namespace():
    layout = Layout(root='<feedback xmlns="http://dmarc.org/dmarc-xml/0.1">')
    sample = xml("namespace-7489.xml", usual("ns-7489"), layout, "the namespace of RFC 7489, which few reporters write")
    sample.reports[0]["xml_namespace"] = "http://dmarc.org/dmarc-xml/0.1"
    return sample


def full_7489():
    rows = [Row("192.0.2.10", 77, envelope_to="receiver.example",
                auth_dkim=(Dkim("example.com", human="2048 bit key"),),
                auth_spf=(Spf("mail.example.com", "none", "helo"), Spf("example.com")))]
    rows += [Row(f"198.51.100.{n}", n, "none", "fail", "fail", auth_dkim=(Dkim("other.example", result),),
                 auth_spf=(Spf("other.example", spf),))
             for n, (result, spf) in enumerate([("none", "none"), ("fail", "fail"), ("policy", "softfail"),
                                                ("neutral", "neutral"), ("temperror", "temperror"),
                                                ("permerror", "permerror")], 1)]
    report = Report(id="<full.7489@receiver.example>", contact="+1 555 0100", errors=("clock was set back", "queue full"),
                    adkim="s", aspf="s", p="none", sp="quarantine", pct=50, fo="0:d", rows=rows)
    return xml("rfc7489-everything.xml", report, STANDARD, "every element and every result word of RFC 7489")


def full_9990():
    rows = [Row("192.0.2.10", 512, "pass", auth_dkim=(Dkim("example.com", human="good signature"),),
                auth_spf=(Spf("example.com", human="matched ip4"),)),
            Row("198.51.100.25", 20, "reject", "fail", "fail", envelope_from="",
                reasons=(("policy_test_mode", "t=y"),), auth_dkim=(Dkim("mailer.example", "fail"),),
                auth_spf=(Spf("mailer.example", "policy"),))]
    report = Report(id="2026.01.01.example.com@receiver.example", contact="Fragen an die Technik",
                    errors=("one shard is missing",), generator="Example Reporter 3.1", p="reject", sp="reject",
                    np="reject", pct=None, testing="n", discovery="treewalk", rows=rows)
    extension = ('  <extension>\n    <e:window xmlns:e="https://receiver.example/ns/report">rolling</e:window>\n'
                 "  </extension>\n  <record>\n    <row>\n      <source_ip>192.0.2.10</source_ip>")
    layout = Layout(root=RFC9990.root, lang=' lang="de"')
    first = "  <record>\n    <row>\n      <source_ip>192.0.2.10</source_ip>"
    return xml("rfc9990-everything.xml", report, layout, "every element of RFC 9990, with lang and an extension",
               change=[(first, extension)], defects=[defect("extension")])


def prefixed():
    report = usual("prefixed@receiver.example", np="quarantine", pct=None, testing="n", discovery="psl",
                   generator="Example Reporter 3.1")
    return xml("rfc9990-prefixed.xml", report, PREFIXED, "RFC 9990 with a namespace prefix on every element")


def draft():
    rows = [own_sender(14), forwarder(2)]
    report = Report(id="example.com:4f1e", org="Campus Example", email="dmarc@campus.example", version=None, sp=None,
                    fo=None, rows=rows)
    return xml("draft-shape.xml", report, Layout(spf_first=True),
               "the shape of the drafts before RFC 7489: no version, no sp, no fo, spf before dkim")


def overrides():
    words = ("forwarded", "sampled_out", "trusted_forwarder", "mailing_list", "local_policy", "policy_test_mode",
             "other")
    rows = [Row(f"203.0.113.{n}", n, "none", "fail", "fail", reasons=((word, f"reason {n}"),),
                auth_dkim=(Dkim("example.com", "fail"),), auth_spf=(Spf("list.example"),), envelope_from="list.example")
            for n, word in enumerate(words, 1)]
    comment = "arc=pass as[1].d=list.example as[1].s=arc2026 remote-ip[1]=192.0.2.10"
    rows.append(Row("203.0.113.50", 12, "none", "fail", "fail", envelope_from="list.example",
                    reasons=(("local_policy", comment), ("mailing_list", None)),
                    auth_dkim=(Dkim("example.com", "fail"), Dkim("list.example")), auth_spf=(Spf("list.example"),)))
    return xml("override-reasons.xml", usual("override-reasons", rows), STANDARD,
               "every override reason of both generations, and an ARC result in a comment")


def many_signatures():
    rows = [Row("192.0.2.10", 40, auth_dkim=tuple(Dkim(f"k{n}.example.com", "pass" if n % 2 else "fail", f"sel{n}")
                                                  for n in range(1, 9)),
                auth_spf=(Spf("mail.example.com", scope="helo"), Spf("example.com")))]
    return xml("many-signatures.xml", usual("many-signatures", rows), STANDARD,
               "eight DKIM signatures and two SPF identities on one record")


def ipv6_only():
    rows = [own_sender(33, "2001:db8::25"), own_sender(2, "2001:db8:0:1::1"), spoofer(5, "2001:db8:ffff::bad")]
    return xml("ipv6.xml", usual("ipv6-only", rows), STANDARD, "IPv6 sources")


def accents():
    report = usual("accents", org="Universität Beispiel – Postamt", contact="Bitte an die Poststelle, größere Fälle an 日本")
    return xml("utf8-names.xml", report, STANDARD, "UTF-8 text outside ASCII in names")


def escaped():
    report = usual("escaped&ampersand", org='Smith & Sons <Mail> "Quality"')
    return xml("escaped-names.xml", report, STANDARD, "properly escaped markup characters in a name")


def comments_and_cdata():
    change = [("<org_name>Receiver Example</org_name>", "<org_name><![CDATA[Receiver Example]]></org_name>"),
              ("  <policy_published>", "  <!-- policy as found in DNS -->\n  <policy_published>")]
    return xml("comments-and-cdata.xml", usual("comments-and-cdata"), STANDARD, "an XML comment and a CDATA section",
               change)


def subdomains():
    rows = [own_sender(9), Row("192.0.2.11", 6, header_from="news.example.com", envelope_from="news.example.com",
                               auth_dkim=(Dkim("example.com"),), auth_spf=(Spf("news.example.com"),)),
            Row("192.0.2.12", 3, "reject", "fail", "fail", header_from="shop.example.com", envelope_from="",
                auth_spf=(Spf("relay.example.net", "none", "helo"),))]
    return xml("subdomains.xml", usual("subdomains", rows), STANDARD, "subdomains under the sp policy, a null sender")


def test_mode():
    rows = [own_sender(15), Row("198.51.100.90", 8, "none", "fail", "fail", reasons=(("policy_test_mode", None),),
                                auth_spf=(Spf("example.com", "fail"),))]
    report = usual("test-mode", rows, p="quarantine", testing="y", discovery="treewalk", pct=None)
    return xml("rfc9990-test-mode.xml", report, RFC9990, "a policy in test mode (t=y)")


def weekly():
    report = usual("week-01", begin=START, end=START + 7 * DAY - 1, org="Weekly Example")
    return xml("weekly.xml", report, STANDARD, "a report of seven days", defects=[defect("long-period")])


def three_hundred():
    rows = [own_sender(n, f"192.0.2.{n % 256}") if n % 3 else mailing_service(n, f"198.51.100.{n % 256}")
            for n in range(1, 301)]
    report = usual("three-hundred", rows)
    sample = Sample("good/three-hundred-records.xml.gz", gz(write(report, STANDARD).encode()), "300 records, gzip")
    sample.reports = [report.expected(with_rows=False)]
    return sample


def null_sender():
    """Empty where the schema allows it: an empty envelope_from is the null sender (RFC 9990)."""
    rows = [Row("192.0.2.10", 2, envelope_from="", auth_dkim=(Dkim("example.com"),),
                auth_spf=(Spf("mail.example.com", scope="mfrom"),))]
    return xml("null-sender.xml", usual("null-sender", rows), STANDARD, "bounces: an empty envelope_from")
