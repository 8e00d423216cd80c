"""A maildir and two mbox files. A maildir's expectation stands beside the folder, one entry per mail."""
import json

from . import mail
from .containers import gz
from .good_mail import body
from .report import DAY, START
from .sample import Sample


class Folder(Sample):
    """A maildir: several files, one expectation."""

    def __init__(self, path, files, shows):
        super().__init__(path, b"", shows)
        self.files = files  # (name, data, outcome, reports)

    def expected_json(self):
        mails = [{"file": name, "outcome": outcome, "reports": reports} for name, _, outcome, reports in self.files]
        value = {"shows": self.shows, "outcome": "stored", "mails": mails}
        return json.dumps(value, indent=1) + "\n"


def dated(id, day):
    data, want = body(id, begin=START + day * DAY, end=START + (day + 1) * DAY - 1)
    return mail.multipart(id, [mail.text_part(), mail.file_part(gz(data))]), want


def letter():
    return ("From: Someone <someone@partner.example>\nTo: dmarc@example.com\nSubject: Question\n"
            "Date: Fri, 02 Jan 2026 10:00:00 +0000\nMessage-ID: <question@partner.example>\n\n"
            "Hello,\n\nFrom here this looks like an ordinary letter.\nFrom the next line on, too.\n")


def maildir():
    one, two, three = dated("maildir-1", 1), dated("maildir-2", 2), dated("maildir-3", 3)
    files = [("new/1767316500.M1P100.mail", one[0].encode(), "stored", [one[1]]),
             ("cur/1767402900.M2P100.mail:2,S", two[0].encode(), "stored", [two[1]]),
             ("cur/1767489300.M3P100.mail:2,RS", mail.crlf(three[0]).encode(), "stored", [three[1]]),
             ("cur/1767492000.M4P100.mail:2,", letter().encode(), "not_a_report", []),
             ("new/1767492100.M5P100.mail", one[0].encode(), "stored", [one[1]])]
    return Folder("good/maildir", files,
                  "a maildir: three reports, a letter, and the first mail a second time (known bytes)")


def samples():
    made = [dated(f"mbox-{n}", 5 + n) for n in range(3)]
    texts = [made[0][0], letter(), made[1][0], made[2][0]]
    wants = [want for _, want in made]
    other = [dated(f"mbox-crlf-{n}", 5 + n) for n in range(2)]
    return [maildir(),
            Sample("good/mailbox.mbox", mail.mbox(texts).encode(), "an mbox with LF: three reports and a letter with "
                   "lines that begin with From", reports=wants),
            Sample("good/mailbox-crlf.mbox", mail.mbox([text for text, _ in other], "\r\n").encode(),
                   "an mbox with CRLF", reports=[want for _, want in other])]
