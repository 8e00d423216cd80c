"""One rule of an RFC and the change of the source that removes it. A change is exact text; text that is gone is an
error, so that the tables cannot rot unseen."""
from dataclasses import dataclass, field


@dataclass
class Mutation:
    rule: str
    rfc: str
    file: str  # below verify/
    changes: list  # of (old, new)
    test: str = field(default="")  # the program of unit tests

    def texts(self, tree):
        """The mutated file, or ValueError naming the text that is not there exactly once."""
        text = (tree / "verify" / self.file).read_text()
        for old, new in self.changes:
            if text.count(old) != 1:
                raise ValueError(f"{self.rule}: {self.file} has this text {text.count(old)} times, not once:\n{old}")
            text = text.replace(old, new)
        return text


def table(test, folder, rows):
    """Rows of (rule, rfc, file, old, new[, old, new...])."""
    return [Mutation(rule, rfc, f"{folder}/{file}", list(zip(changes[::2], changes[1::2])), test)
            for rule, rfc, file, *changes in rows]
