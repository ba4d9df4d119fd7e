"""The collected pairs of text: their place, and why a pair is missed.

The folder is the one that GOLD names in the environment, else ``../shared/gold`` beside the checkout. Its
README says where the pairs come from.
"""

import csv
import os
from difflib import SequenceMatcher
from pathlib import Path

NORMALISATION = ("char", "punct", "halfspace", "ud_halfspace", "preserve")
ZWNJ = "\u200c"

Pairs = list[tuple[str, str]]


def gold_folder() -> Path:
    """Where the pairs are; the folder may be absent."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "gold"
    return Path(os.environ.get("GOLD", beside))


def read_pairs(name: str, folder: Path | None = None) -> Pairs:
    """The pairs (input, expected) of one file."""
    path = (folder or gold_folder()) / f"{name}.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    return [(_unescape(row[0]), _unescape(row[1])) for row in rows]


def _unescape(cell: str) -> str:
    return cell.replace("\\n", "\n").replace("\\t", "\t")


def reason(expected: str, found: str) -> str:
    """Why our convention gives another text than the pair expects, by the first place where they differ."""
    if _letters(expected) != _letters(found):
        return "letters or signs: only letters of other keyboards and digits of numbers are changed"
    for operation, a, b, c, d in SequenceMatcher(None, expected, found, autojunk=False).get_opcodes():
        if operation != "equal":
            return _SPACING.get((expected[a:b], found[c:d]), "spacing at punctuation or white space")
    return "no difference"


#: By what is expected and what is found in its place.
_SPACING = {
    (ZWNJ, " "): "no rule or list joins these two words",
    (ZWNJ, ""): "a solid word is parted by closed lists only",
    (" ", ZWNJ): "we join: an ending, a compound of the list or of hazm's dictionary",
    ("", ZWNJ): "we write the ending with a half-space",
    (" ", ""): "a solid word is parted by closed lists and word statistics only",
    ("", " "): "we part words that are glued",
}


def _letters(text: str) -> str:
    return "".join(text.replace(ZWNJ, "").split())
