"""The readable form of a text: Persian letters and digits, blanks and half-spaces put right.

Spacing is hazm's work, kept inside a guard: markup, addresses, numbers and Latin words are taken out first
(protect.py), what hazm misses is put right before it (halfspaces.py), and what it joins wrongly is hidden
from it. Its result counts only where every letter is still there. Lines without a Persian letter keep all but
stray blanks.
"""

import re
import threading
import unicodedata
from functools import lru_cache
from typing import Any

from aggregator.persian.halfspaces import repair_spaces
from aggregator.persian.letters import (
    HALF_SPACES,
    LETTER_VARIANTS,
    PERSIAN_LETTERS,
    TATWEEL,
    ZWNJ,
)
from aggregator.persian.protect import (
    Pieces,
    protect_signs,
    protect_technical,
    protect_words,
)

_LINE_BREAK = re.compile("(\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])")
_PERSIAN = re.compile(f"[{PERSIAN_LETTERS}يكىﭐ-ﷺﹰ-ﻼ]")
_BLANKS = re.compile(r"[^\S\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_ODD_BLANKS = re.compile(r"[^\S ]|  ")
_WORD_SIGN = f"[{PERSIAN_LETTERS}\u064b-\u065f\u0670]"

#: Forms of letters and of words (ﷲ); not the signs ﷺ ﷻ ﷼ ﷽, which are no letters of the text.
_PRESENTATION = re.compile("[ﭐ-ﷹﹰ-ﻼ]")
#: A letter and a combining mark that are one letter.
_COMPOSED = {"ا\u0653": "آ", "ا\u0654": "أ", "ا\u0655": "إ", "و\u0654": "ؤ", "ی\u0654": "ئ", "ي\u0654": "ئ"}
_COMPOSING = re.compile("|".join(_COMPOSED))
_OTHER_HALF_SPACES = re.compile(f"(?<={_WORD_SIGN})[{HALF_SPACES}]+(?={_WORD_SIGN})")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u061c\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_JOINER = re.compile(f"\u200d(?={_WORD_SIGN})|(?<={_WORD_SIGN})\u200d")
_STRETCH = re.compile(f"(?<={_WORD_SIGN}){TATWEEL}+|(?<!{TATWEEL}){TATWEEL}+(?={_WORD_SIGN})")

#: What any of these begins with: most lines have none.
_TO_REPAIR = re.compile(
    "[ﭐ-ﷹﹰ-ﻼ\u0653-\u0655\u00ac\u00ad\u061c\u200b\u200d-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
    f"{TATWEEL}{''.join(map(chr, LETTER_VARIANTS))}]"
)

_DIGIT = re.compile("[0-9۰-۹٠-٩]")
#: Between a word and a number there is a blank; an ordinal's ending stays.
_NUMBER_THEN_WORD = re.compile(f"(?<=[0-9۰-۹٠-٩])(?!ا?م{{1}}(?:ین)?(?!{_WORD_SIGN}))(?={_WORD_SIGN}{{2}})")
_WORD_THEN_NUMBER = re.compile(f"(?<={_WORD_SIGN}{{2}})(?=[0-9۰-۹٠-٩])")

#: Words that hazm joins to a neighbour where it should not: short ones, particles, «شده» («تعیین شده است»).
_NEVER_JOINED = re.compile(
    f"(?<![{PERSIAN_LETTERS}\u064b-\u065f\u0670{ZWNJ}])"
    f"(?:{_WORD_SIGN}{{1,2}}|شده|نشده|کرده|این|روی|زیر|های|هایی|تری|ترین|گری|مان|تان|شان|چند|همه|پیش|پس|آن)"
    f"(?![{PERSIAN_LETTERS}\u064b-\u065f\u0670{ZWNJ}])"
)

_BUILDING = threading.Lock()


def normalise(text: str) -> str:
    """The readable form of a text of one or several lines; line breaks stay. Idempotent, never raises."""
    parts = _LINE_BREAK.split(text)
    return "".join(part if place % 2 else _line(part) for place, part in enumerate(parts))


@lru_cache(maxsize=1024)
def _line(line: str) -> str:
    """One line, normalised until it stays: a join may bring the next one."""
    for _ in range(6):
        again = _once(line)
        if again == line:
            break
        line = again
    return line


def _once(line: str) -> str:
    line = _one_blank(line)
    if not _PERSIAN.search(line):
        return line
    technical = protect_technical(line)
    technical.line = _repair_letters(technical.line)
    signs = protect_signs(Pieces(_space_numbers(technical.line), technical.pieces))
    signs.line = repair_spaces(_one_blank(signs.line))
    return _spaced_by_hazm(signs)


def _one_blank(line: str) -> str:
    return (_BLANKS.sub(" ", line) if _ODD_BLANKS.search(line) else line).strip(" ")


def _repair_letters(line: str) -> str:
    if not _TO_REPAIR.search(line):
        return line
    line = _PRESENTATION.sub(_letters, line)
    line = _COMPOSING.sub(lambda found: _COMPOSED[found[0]], line)
    line = _JOINER.sub("", line.translate(LETTER_VARIANTS))
    line = _OTHER_HALF_SPACES.sub(ZWNJ, line)
    return _STRETCH.sub("", _INVISIBLE.sub("", line))


def _letters(found: re.Match[str]) -> str:
    """The letters of a presentation form; a mark in its spacing form (ﹷ) comes with a blank or tatweel."""
    return unicodedata.normalize("NFKC", found[0]).strip(" " + TATWEEL) or found[0]


def _space_numbers(line: str) -> str:
    if not _DIGIT.search(line):
        return line
    return _WORD_THEN_NUMBER.sub(" ", _NUMBER_THEN_WORD.sub(" ", line))


def _spaced_by_hazm(signs: Pieces) -> str:
    """The line after hazm; without it where a letter or a protected piece would be lost."""
    hidden = protect_words(signs, _NEVER_JOINED)
    spaced = _correct_spacing(hidden.line)
    if _solid(spaced) == _solid(hidden.line):
        restored = hidden.restore(spaced)
        if restored is not None:
            return restored
    return signs.restore(signs.line) or ""


@lru_cache(maxsize=256)
def _correct_spacing(line: str) -> str:
    """Kept for the second look at a line, which mostly finds what the first one left."""
    return str(_hazm().correct_spacing(line)).strip(" ")


def _solid(line: str) -> str:
    return line.replace(" ", "").replace(ZWNJ, "")


def _hazm() -> Any:
    """hazm's Normalizer, built when first needed; threads that need it first wait for one of them."""
    with _BUILDING:
        return _build_hazm()


@lru_cache(maxsize=1)
def _build_hazm() -> Any:
    """A second and 190 MB."""
    from hazm import Normalizer

    return Normalizer()
