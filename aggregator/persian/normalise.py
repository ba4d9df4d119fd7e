"""The readable form of a text: Persian letters and digits, blanks and half-spaces put right.

Markup, addresses, numbers and Latin words are taken out first (protect.py); words that are glued together
are parted and forgotten half-spaces put in (halfspaces.py); then hazm's dictionary joins what it knows, and
blanks at punctuation are put right (spacing.py). Lines without a Persian letter keep all but stray blanks.
"""

import re
import unicodedata
from functools import lru_cache

from aggregator.persian.halfspaces import repair_spaces
from aggregator.persian.letters import (
    HALF_SPACES,
    LETTER_VARIANTS,
    PERSIAN_LETTERS,
    TATWEEL,
    ZWNJ,
)
from aggregator.persian.protect import protect_signs, protect_technical
from aggregator.persian.spacing import join_known, space_punctuation

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
#: A half-space that does not stand between two words or parts of one; and all but one of several.
_STRAY = re.compile(f"{ZWNJ}+(?![{ZWNJ}\\w])|(?<![{ZWNJ}\\w\u064b-\u065f\u0670]){ZWNJ}+|(?<={ZWNJ}){ZWNJ}+")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u061c\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_JOINER = re.compile(f"\u200d(?={_WORD_SIGN})|(?<={_WORD_SIGN})\u200d")
_STRETCH = re.compile(f"(?<={_WORD_SIGN}){TATWEEL}+|(?<!{TATWEEL}){TATWEEL}+(?={_WORD_SIGN})")

#: What any of these begins with: most lines have none.
_TO_REPAIR = re.compile(
    "[ﭐ-ﷹﹰ-ﻼ\u0653-\u0655\u00ac\u00ad\u061c\u200b\u200d-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
    f"{TATWEEL}{''.join(map(chr, LETTER_VARIANTS))}]"
)


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
    pieces = protect_technical(line)
    pieces.line = _drop_stray(_repair_letters(pieces.line))
    pieces = protect_signs(pieces)
    spaced = space_punctuation(join_known(repair_spaces(pieces.line)))
    return pieces.restore(spaced).strip(" ")


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


def _drop_stray(line: str) -> str:
    return _STRAY.sub("", line) if ZWNJ in line else line


def _letters(found: re.Match[str]) -> str:
    """The letters of a presentation form; a mark in its spacing form (ﹷ) comes with a blank or tatweel."""
    return unicodedata.normalize("NFKC", found[0]).strip(" " + TATWEEL) or found[0]
