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
    return json.loads(gzip.decompress(packed))
