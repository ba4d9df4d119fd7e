"""White space. Nothing but white space and invisible debris is ever changed here: texts stay as published.

The half-space (ZWNJ) stays. So does the soft hyphen U+00AD, which moe.gov.ir writes in its place: it is part
of what was published, and the normalised text deals with it. No-break and other odd spaces become plain ones.
"""

import re

_DEBRIS = "\u200b\u2060\ufeff\ufffc\u180e"
_EDGES = " \u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_WORD = re.compile(r"\w")


def tidy(text: str) -> str:
    """One line of text: runs of white space are one space, none at the ends, no invisible marks at the
    ends."""
    for mark in _DEBRIS:
        if mark in text:
            text = text.replace(mark, "")
    return " ".join(text.split()).strip(_EDGES)


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit in it."""
    return _WORD.search(text) is not None
