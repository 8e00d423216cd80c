"""What is in a page: its data block, its blocks and hashes, its elements."""
import base64
import gzip
import hashlib
import html.parser
import json
import re


class Document(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.shapes = set()  # (element, names of attributes)
        self.blocks = []     # (element, attributes, text) of script and style
        self.ids = []
        self.policy = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, name, attributes):
        known = dict(attributes)
        self.shapes.add((name, tuple(sorted(known))))
        if "id" in known:
            self.ids.append(known["id"])
        if known.get("http-equiv") == "Content-Security-Policy":
            self.policy = known["content"]
        if name in ("script", "style"):
            self.blocks.append([name, known, ""])

    def handle_data(self, data):
        if self.blocks and self.cdata_elem:
            self.blocks[-1][2] += data


def hash_of(text):
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def data_of(text):
    block = re.search(r'<script type="text/plain" id="data">([A-Za-z0-9+/=]*)</script>', text).group(1)
    packed = base64.b64decode(block)
    assert packed[4:8] == b"\0\0\0\0", "the time in the gzip header"
    data = json.loads(gzip.decompress(packed))
    for domain in data["domains"]:
        take = rows_of(domain["sources"], data["first"])
        domain["senders"] = list(senders_of(domain["senders"], take))
        assert next(take, None) is None, "an address that is no sender's"
    return data


def senders_of(columns, take):
    """Each sender: [class, name, first day, last day, its addresses]."""
    for i, group in enumerate(columns.get("group", [])):
        sources = [next(take) for _ in range(columns["sources"][i])]
        name = sources[0][1] if columns["name"][i] == 1 else columns["name"][i]
        yield [group, name, min(s[4] for s in sources) - columns["before"][i],
               max(s[5] for s in sources) + columns["after"][i], sources]


FATES = ("passed", "delivered", "quarantined", "rejected", "undecided")


def rows_of(columns, first_day):
    """Each address: [address, name of its host, network, the five fates, first day, last day, ways, ways left out, addresses folded];
    each way: [pattern, messages, first day, last day, reporters]."""
    ways = zip(*(columns.get(name, []) for name in ("pattern", "rest", "after", "before", "reporters")))
    new_hosts = iter(columns.get("hosts", []))
    for i, address in enumerate(columns.get("address", [])):
        host = columns["host"][i]
        host = "" if host == 0 else next(new_hosts) if host == 1 else columns["hosts"][host - 2]
        fate = [columns[name][i] if name in columns else 0 for name in FATES]  # undecided: where any is
        first = first_day + columns["first"][i]
        last = first + columns["more"][i]
        rest, records = sum(fate), []
        for pattern, then, after, before, reporters in (next(ways) for _ in range(columns["ways"][i])):
            records.append([pattern, rest - then, first + after, last - before, reporters])
            rest = then
        yield [address, host, columns["network"][i], fate, first, last, records, columns["left"][i],
               columns["folded"][i]]
