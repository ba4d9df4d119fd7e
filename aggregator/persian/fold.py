"""Folding: the form of a text for matching only.

Index and queries are folded alike, and nothing folded is shown. What meets what is the table in rules.py; it
is carried out by letters.py (characters), endings.py and affixes.py (endings and beginnings) and glued.py
(words without a blank between them). This file finds the words and keeps their places.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from aggregator.persian.affixes import ENDINGS, PREFIXES, Part, attach, begin, terms_of
from aggregator.persian.letters import FOLDING, TATWEEL, ZWNJ, folded_places


class Term(NamedTuple):
    """One term with the characters of the given text that it covers, ending included."""

    text: str
    start: int
    end: int


_PERSIAN = "\u0621-\u063f\u0641-\u064a\u066e-\u06d3\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f"
OTHER = r"[^\W_\u0600-\u06ff\u0750-\u077f]"
#: A Persian word up to a half-space; or (group 1) a number or a word in another script.
SEGMENT = re.compile(
    rf"[{_PERSIAN}][{_PERSIAN}{TATWEEL}]*"
    r"|(\d{1,3}(?:[,٬،]\d{3})+(?![.٫]?\d)"
    rf"|{OTHER}(?:[{TATWEEL}{ZWNJ}]*{OTHER})*(?:[.٫]{OTHER}+)*)"
)
IGNORED = re.compile(f"[{TATWEEL}{ZWNJ},٬،]")


#: ``Term(…)`` without the costs of a call in Python: folding is what indexing waits for.
_new_term = tuple.__new__


def fold(text: str) -> list[Term]:
    """The terms of a text in their order; offsets are in characters of the given text."""
    plain = text.translate(FOLDING)
    if len(plain) == len(text):
        return _terms(plain)
    places = folded_places(text)
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


@lru_cache(maxsize=200_000)
def _read(segment: str) -> tuple[Part, ...]:
    """The terms of a Persian segment, each with its place in it."""
    word = segment.replace(TATWEEL, "")
    terms = terms_of(word)
    if len(word) == len(segment):
        return terms
    # Ignored characters belong to the term before them.
    letters = [place for place, sign in enumerate(segment) if sign != TATWEEL]
    ends = [*letters, len(segment)]
    return tuple((term, letters[start], ends[end]) for term, start, end in terms)


def _terms(plain: str) -> list[Term]:
    """The terms of a text whose characters are folded: words, joined to the affixes that stand apart."""
    terms: list[Term] = []
    last, after_ending = "", False
    for found in SEGMENT.finditer(plain):
        start, end = found.span()
        if found.lastindex:
            last, after_ending = IGNORED.sub("", found[0]).replace("٫", "."), False
            terms.append(_new_term(Term, (last, start, end)))
            continue
        read = _read(found[0])
        if len(read) == 1 and read[0][0] not in ENDINGS and last not in PREFIXES:  # most words
            last, after_ending = read[0][0], False
            terms.append(_new_term(Term, (last, start, end)))
            continue
        half_space = bool(terms) and plain[start - 1] == ZWNJ
        after_ending = _add(terms, read, start, half_space=half_space, after_ending=after_ending)
        last = terms[-1].text
    return terms


def _add(
    terms: list[Term], read: tuple[Part, ...], start: int, *, half_space: bool, after_ending: bool
) -> bool:
    """Add the terms of a word that begins at ``start``, or join them to the last term.

    The result tells whether the last term now has an ending that stood apart.
    """
    word = start
    for term, first, end in read:
        last = terms[-1] if terms else None
        joined = None
        if last and (term in ENDINGS or last.text in PREFIXES):
            joined = _joined(last.text, term, half_space=half_space, after_ending=after_ending)
        half_space, after_ending = False, joined is not None and term in ENDINGS
        # Terms that share a word begin where it does, joined to the one before or not.
        if last is None or joined is None:
            terms.append(Term(term, start + first if first else word, start + end))
            continue
        word = word if first else last.start
        terms[-1] = Term(joined, last.start, start + end)
        if len(terms) > 1 and terms[-2].text in PREFIXES:
            _join_prefix(terms)
    return after_ending


def _join_prefix(terms: list[Term]) -> None:
    """Join a prefix to the last term, which has changed since they were two."""
    prefix, last = terms[-2:]
    joined = _joined(prefix.text, last.text, half_space=False, after_ending=False)
    if joined is not None:
        terms[-2:] = [Term(joined, prefix.start, last.end)]


def _joined(last: str, first: str, *, half_space: bool, after_ending: bool) -> str | None:
    """The one term that the last term makes with the next; None: they stay two."""
    joined = begin(last, first, half_space=half_space) if last in PREFIXES else None
    if joined is None and first in ENDINGS:
        joined = attach(last, first, half_space=half_space, after_ending=after_ending)
    if joined is None:
        return None
    whole = terms_of(joined)
    return whole[0][0] if len(whole) == 1 else None
