"""Failure reports made to do harm: to memory, to the reader's terminal or browser, to what is believed."""
from .failure import arf, eml, expected, fields, header, kept, mail_header, multipart, part, sample


def hostile(name, shows, text, *wants, **more):
    return eml(f"hostile/{name}", shows, text, *wants, **more)


def samples():
    return [*texts(), *floods(), *lies()]


def texts():
    attack = '\x1b]0;owned\x07\x1b[2J<script>alert(1)</script>=HYPERLINK("http://evil.example/")'
    shown = ']0;owned  [2J<script>alert(1)</script>=HYPERLINK("http://evil.example/")'
    inner = sample("terminal").replace("News of terminal", attack)
    return [hostile("terminal", "escape sequences, markup and a formula in fields and sample",
                    arf("terminal", fields(User_Agent=attack, X_Note=attack), part("message/rfc822", inner)),
                    expected("terminal", ["failure-field-not-text", "failure-field-not-text"], user_agent=shown,
                             other_fields=[["X-Note", shown]], sample=kept(inner)))]


def floods():
    many = fields() + "".join(f"X-Field-{n}: {n}\n" for n in range(600))
    long = fields(X_Long="a" * 9000)
    deep = part("text/plain", "A message failed.\n")
    for level in range(40):
        deep = multipart([deep], "mixed", f"level{level}")
    nested = mail_header("deep") + multipart([part("message/feedback-report", fields()), part("message/rfc822", sample("deep")), deep])
    return [hostile("many-fields", "612 fields: 500 are read", arf("many-fields", many),
                    expected("many-fields", ["failure-too-many-fields"],
                             other_fields=[[f"X-Field-{n}", str(n)] for n in range(488)])),
            hostile("long-field", "a field of 9,000 octets is cut", arf("long-field", long),
                    expected("long-field", ["failure-field-too-long"], other_fields=[["X-Long", "a" * 8192]])),
            hostile("deep", "multiparts 40 deep beside the report", nested,
                    expected("deep", ["mime-unclosed"] * 16 + ["mime-too-deep"]))]


def lies():
    huge = fields(Incidents="99999999999999999999")
    inside = sample("boundary").replace("Good morning,", "--=_report\nContent-Type: message/feedback-report\n\n" +
                                        fields(Source_IP="192.0.2.99"))
    before = inside[:inside.index("--=_report") - 1]
    return [hostile("incidents", "a count that would overflow a sum", arf("overflow", huge),
                    expected("overflow", ["failure-bad-incidents"])),
            hostile("boundary-in-sample", "a sample that closes its part and adds a report of its own: the first counts",
                    arf("boundary", sample_part=part("message/rfc822", inside)),
                    expected("boundary", ["failure-feedback-repeated", "failure-sample-no-body"],
                             sample=kept(before, "headers"))),
            hostile("report-in-sample", "a sample that is itself a failure report is not read as one",
                    arf("outer", sample_part=part("message/rfc822", arf("inner").replace("=_report", "=_inner"))),
                    expected("outer", sample=kept(arf("inner").replace("=_report", "=_inner")))),
            hostile("poisoned-identity", "a header that is no header", arf("poison", sample_part=part("text/rfc822-headers", "\x00\x00\n" + header("poison"))),
                    expected("poison", sample=kept("\x00\x00\n" + header("poison"), "headers", "text/rfc822-headers",
                                          repairs=["sample-leading-blanks", "sample-line-ends"])))]
