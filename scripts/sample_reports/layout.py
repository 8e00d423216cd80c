"""Writes a Report as XML in the layouts that reporters use.

A layout decides indentation, prolog, order of elements and which optional elements exist. It never decides values.
"""
from dataclasses import dataclass
from xml.sax.saxutils import escape


@dataclass
class Layout:
    prolog: str = '<?xml version="1.0" encoding="UTF-8" ?>'
    root: str = "<feedback>"
    end: str = "</feedback>"
    indent: str = "  "
    newline: str = "\n"
    identifiers: str = "identifiers"
    spf_first: bool = False
    lang: str = ""
    first_policy: bool = False  # policy_published before report_metadata


STANDARD = Layout()
ONE_LINE = Layout(indent="", newline="")
TABS = Layout(indent="\t")
WIDE = Layout(prolog='<?xml version="1.0"?>', indent="    ", newline="\r\n",
              root='<feedback xmlns:xsd="http://www.w3.org/2001/XMLSchema" '
                   'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">')
RFC9990_NAMESPACE = "urn:ietf:params:xml:ns:dmarc-2.0"
RFC9990 = Layout(root=f'<feedback xmlns="{RFC9990_NAMESPACE}">')
PREFIXED = Layout(root=f'<d:feedback xmlns:d="{RFC9990_NAMESPACE}">', end="</d:feedback>")


def element(name, value, layout, depth):
    """One leaf, or a branch when value is a list of finished children; nothing when value is None."""
    pad = layout.indent * depth
    prefix = "d:" if layout.root.startswith("<d:") else ""
    if value is None:
        return ""
    if isinstance(value, list):
        return (f"{pad}<{prefix}{name}>{layout.newline}" + "".join(value) +
                f"{pad}</{prefix}{name}>{layout.newline}")
    lang = layout.lang if name in ("extra_contact_info", "error", "comment", "human_result") else ""
    return f"{pad}<{prefix}{name}{lang}>{escape(str(value))}</{prefix}{name}>{layout.newline}"


def write(report, layout=STANDARD):
    body = [metadata(report, layout), policy(report, layout)]
    if layout.first_policy:
        body.reverse()
    body.insert(0, element("version", report.version, layout, 1))
    body += [record(row, layout) for row in report.rows]
    head = layout.prolog + (layout.newline if layout.prolog else "") + layout.root + layout.newline
    return head + "".join(body) + layout.end + layout.newline


def leaves(pairs, layout, depth):
    return [element(name, value, layout, depth) for name, value in pairs]


def metadata(report, layout):
    dates = element("date_range", leaves([("begin", report.begin), ("end", report.end)], layout, 3), layout, 2)
    inside = leaves([("org_name", report.org), ("email", report.email), ("extra_contact_info", report.contact),
                     ("report_id", report.id)], layout, 2) + [dates]
    inside += leaves([("error", text) for text in report.errors] + [("generator", report.generator)], layout, 2)
    return element("report_metadata", inside, layout, 1)


def policy(report, layout):
    names = [("domain", report.domain), ("discovery_method", report.discovery), ("adkim", report.adkim),
             ("aspf", report.aspf), ("p", report.p), ("sp", report.sp), ("np", report.np), ("pct", report.pct),
             ("testing", report.testing), ("fo", report.fo)]
    return element("policy_published", leaves(names, layout, 2), layout, 1)


def record(row, layout):
    return element("record", [evaluated(row, layout), identifiers(row, layout), auth_results(row, layout)], layout, 1)


def evaluated(row, layout):
    inside = leaves([("disposition", row.disposition), ("dkim", row.dkim), ("spf", row.spf)], layout, 4)
    for kind, comment in row.reasons:
        inside.append(element("reason", leaves([("type", kind), ("comment", comment)], layout, 5), layout, 4))
    body = leaves([("source_ip", row.ip), ("count", row.count)], layout, 3)
    return element("row", body + [element("policy_evaluated", inside, layout, 3)], layout, 2)


def identifiers(row, layout):
    names = [("envelope_to", row.envelope_to), ("envelope_from", row.envelope_from), ("header_from", row.header_from)]
    return element(layout.identifiers, leaves(names, layout, 3), layout, 2)


def auth_results(row, layout):
    dkim = [element("dkim", leaves([("domain", d.domain), ("selector", d.selector), ("result", d.result),
                                    ("human_result", d.human)], layout, 4), layout, 3) for d in row.auth_dkim]
    spf = [element("spf", leaves([("domain", s.domain), ("scope", s.scope), ("result", s.result),
                                  ("human_result", s.human)], layout, 4), layout, 3) for s in row.auth_spf]
    return element("auth_results", spf + dkim if layout.spf_first else dkim + spf, layout, 2)
