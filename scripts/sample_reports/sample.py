"""A sample: a file's bytes with the statement of what must become of it."""
import json
from dataclasses import dataclass, field


@dataclass
class Sample:
    path: str       # below sample-reports/aggregate/
    data: bytes
    shows: str      # one line for the reader
    outcome: str = "stored"  # stored, rejected, not_a_report
    code: str = None         # of the rejection
    reports: list = field(default_factory=list)   # expected() of each report, in the order of the container
    rejected: list = field(default_factory=list)  # codes of parts that are refused beside stored ones

    def expected_json(self):
        value = {"shows": self.shows, "outcome": self.outcome}
        if self.code:
            value["code"] = self.code
        if self.rejected:
            value["rejected_parts"] = self.rejected
        value["reports"] = self.reports
        return render(value) + "\n"


def render(value, depth=0):
    """JSON with one line per report field and one per row, so that a difference is easy to see."""
    pad = " " * (depth + 1)
    if isinstance(value, dict) and depth <= 2 and value:
        inside = [f"{pad}{json.dumps(k)}: {render(v, depth + 1)}" for k, v in value.items()]
        return "{\n" + ",\n".join(inside) + "\n" + " " * depth + "}"
    if isinstance(value, list) and value and depth <= 3 and not isinstance(value[0], str):
        return "[\n" + ",\n".join(pad + render(v, depth + 1) for v in value) + "\n" + " " * depth + "]"
    return json.dumps(value, ensure_ascii=True)


def edit(text, *changes):
    """Replaces (old, new) pairs, each of which must occur exactly once."""
    for old, new in changes:
        if text.count(old) != 1:
            raise ValueError(f"{old!r} occurs {text.count(old)} times")
        text = text.replace(old, new)
    return text


def edit_in_record(text, number, *changes):
    """The same inside the given record (1-based)."""
    parts = text.split("<record>")
    parts[number] = edit(parts[number], *changes)
    return "<record>".join(parts)


def defect(code, row=0, line=None):
    value = {"code": code, "row": row}
    if line is not None:
        value["line"] = line
    return value
