"""Folding: the form of a text for matching only.

Index and queries are folded alike, and nothing folded is shown. What meets what is the table in rules.py; it
is carried out by letters.py (characters), endings.py and affixes.py (endings and beginnings) and glued.py
(words without a blank between them). This file finds the words and keeps their places.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from aggregator.persian.affixes import ENDINGS, PREFIXES, attach, begin, terms_of
from aggregator.persian.letters import FOLDING, TATWEEL, ZWNJ


class Term(NamedTuple):
    """One term with the characters of the given text that it covers, ending included."""

    text: str
    start: int
    end: int


_PERSIAN = "\u0621-\u063f\u0641-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f"
_OTHER = r"[^\W_\u0600-\u06ff\u0750-\u077f]"
#: A Persian word up to a half-space; or (group 1) a number or a word in another script.
_SEGMENT = re.compile(
    rf"[{_PERSIAN}][{_PERSIAN}{TATWEEL}]*"
    r"|(\d{1,3}(?:[,٬،]\d{3})+(?![.٫]?\d)"
    rf"|{_OTHER}(?:[{TATWEEL}{ZWNJ}]*{_OTHER})*(?:[.٫]{_OTHER}+)*)"
)
_IGNORED = re.compile(f"[{TATWEEL}{ZWNJ},٬،]")


#: ``Term(…)`` without the costs of a call in Python: folding is what indexing waits for.
_new_term = tuple.__new__


def fold(text: str) -> list[Term]:
    """The terms of a text in their order; offsets are in characters of the given text."""
    plain = text.translate(FOLDING)
    if len(plain) == len(text):
        return _terms(plain)
    places = _places(text)
    return [Term(term, places[start], places[end - 1] + 1) for term, start, end in _terms(plain)]


def fold_terms(text: str) -> list[str]:
    """The terms of a text, without their places."""
    return [term.text for term in fold(text)]


def fold_key(text: str) -> str:
    """A name as one key: its letters and digits, folded, however its words are parted.

    «تعاون،کارورفاه», «تعاون، کار ورفاه» and «تعاون، کار و رفاه» have one key. The conjunction و cannot be
    told from a letter where words are glued, so every و is left out, unless hardly a name would be left: a
    key of less than six letters loses only the words «و» («قوه» and «قه» stay two).
    """
    words = [term for term in fold_terms(text) if term != "و"]
    key = "".join(words).replace(".", "")
    short = key.replace("و", "")
    return short if len(short) >= 6 else key


def _places(text: str) -> list[int]:
    """For each character of the folded text, the character of the given text it comes from."""
    return [place for place, sign in enumerate(text) for _ in FOLDING.get(ord(sign), sign)]


@lru_cache(maxsize=200_000)
def _read(segment: str) -> tuple[tuple[str, int], ...]:
    """The terms of a Persian segment, each with the characters it covers."""
    word = segment.replace(TATWEEL, "")
    terms = terms_of(word)
    if len(word) == len(segment):
        return terms
    return _stretched(segment, terms)


def _stretched(segment: str, terms: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    """Lengths that count the ignored characters too: a term ends before the first letter of the next one."""
    letters = [place for place, sign in enumerate(segment) if sign != TATWEEL]
    stretched, done, covered = [], 0, 0
    for term, length in terms[:-1]:
        covered += length
        stretched.append((term, letters[covered] - done))
        done = letters[covered]
    return (*stretched, (terms[-1][0], len(segment) - done))


def _terms(plain: str) -> list[Term]:
    """The terms of a text whose characters are folded: words, joined to the affixes that stand apart."""
    terms: list[Term] = []
    last, after_ending = "", False
    for found in _SEGMENT.finditer(plain):
        start, end = found.span()
        if found.lastindex:
            last, after_ending = _IGNORED.sub("", found[0]).replace("٫", "."), False
            terms.append(_new_term(Term, (last, start, end)))
            continue
        read = _read(found[0])
        first = read[0][0]
        ending = first in ENDINGS
        if terms and (ending or last in PREFIXES):
            half_space = plain[start - 1] == ZWNJ
            joined = _joined(last, first, half_space=half_space, after_ending=after_ending)
            if joined is not None:
                last, after_ending = joined, ending
                middle = start + read[0][1]
                terms[-1] = Term(joined, terms[-1].start, end if len(read) == 1 else middle)
                start, read = middle, read[1:]
        after_ending = after_ending and not read
        for last, length in read:
            terms.append(_new_term(Term, (last, start, start + length)))
            start += length
    return terms


def _joined(last: str, first: str, *, half_space: bool, after_ending: bool) -> str | None:
    """The one term that the last term makes with the next; None: they stay two."""
    joined = begin(last, first, half_space=half_space) if last in PREFIXES else None
    if joined is None and first in ENDINGS:
        joined = attach(last, first, half_space=half_space, after_ending=after_ending)
    if joined is None:
        return None
    whole = terms_of(joined)
    return whole[0][0] if len(whole) == 1 else None
