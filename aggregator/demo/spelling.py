"""How Persian is typed in offices: Arabic letters, three kinds of half-space, two kinds of digits.

The stories are written once, with Persian letters and ZWNJ; a story or a site says how it is spelt.
"""

import re
from dataclasses import dataclass
from typing import Literal

ZWNJ = "\u200c"
SOFT_HYPHEN = "\u00ad"

TO_ARABIC_LETTERS = str.maketrans("یک", "يك")
TO_ARABIC_YEH = str.maketrans("ی", "ي")
TO_LATIN_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")

# Document names and addresses in inline links are no Persian text.
LINK_TARGET = re.compile(r"(]\([^)]*\))")


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way of typing."""

    letters: Literal["persian", "arabic", "windows-1256"] = "persian"
    #: windows-1256 has a Persian kaf but only the Arabic yeh
    half_space: Literal["zwnj", "space", "glued", "mixed", "soft-hyphen"] = "zwnj"
    #: what stands for a half-space; ``mixed``: a blank, nothing and ZWNJ in turn
    digits: Literal["as-written", "latin"] = "as-written"


def respell(text: str, spelling: Spelling) -> str:
    """A text in another spelling; addresses of its links stay."""
    pieces = LINK_TARGET.split(text)
    return "".join(piece if place % 2 else _respell(piece, spelling) for place, piece in enumerate(pieces))


def _respell(text: str, spelling: Spelling) -> str:
    if spelling.letters == "arabic":
        text = text.translate(TO_ARABIC_LETTERS)
    elif spelling.letters == "windows-1256":
        text = text.translate(TO_ARABIC_YEH)
    if spelling.digits == "latin":
        text = text.translate(TO_LATIN_DIGITS)
    if spelling.half_space == "mixed":
        return _mixed(text)
    stands_for = {"zwnj": ZWNJ, "space": " ", "glued": "", "soft-hyphen": SOFT_HYPHEN}
    return text.replace(ZWNJ, stands_for[spelling.half_space])


def _mixed(text: str) -> str:
    pieces = text.split(ZWNJ)
    joints = (" ", "", ZWNJ)
    return "".join(piece + joints[place % 3] for place, piece in enumerate(pieces[:-1])) + pieces[-1]
