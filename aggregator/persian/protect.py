"""What a spelling corrector must not touch, taken out of a line and put back.

Each protected piece is replaced by one private-use character, so that the corrector sees one strange letter.
The pieces come back in their order; private-use characters of the text itself are protected pieces too.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from aggregator.persian.digits import to_persian_digits
from aggregator.persian.letters import PERSIAN_LETTERS, TATWEEL

PLACEHOLDER = "\ue000"
_PRIVATE = "\ue000-\uf8ff"

_LETTER = f"[{PERSIAN_LETTERS}]"
_MARK = "[\u064b-\u065f\u0670]"
_DIGIT = "[0-9۰-۹٠-٩]"
#: A name that the pieces below may hold: no blank, no quotes, no brackets, no Persian punctuation.
_ADDRESS = r"[^\s<>\"«»“”،؛؟()\[\]{}|]"

#: Pieces of no language: markup, addresses, names of files and people on networks.
_TECHNICAL = re.compile(
    rf"[{_PRIVATE}]"
    r"|</?[A-Za-z!][^<>]*>|&(?:[A-Za-z]{2,10}|#\d{1,7}|#x[\da-fA-F]{1,6});|`[^`\n]+`|\{\{[^{}]{1,200}\}\}|%[sd]\b"
    r"|!?\[[^\[\]]*\]\([^()\s]*\)"
    rf"|(?:(?<![A-Za-z0-9+.\-])[A-Za-z][A-Za-z0-9+.\-]{{1,20}}://|www\.){_ADDRESS}*(?:\({_ADDRESS}*\){_ADDRESS}*)?(?<![.:!،,'])"
    r"|(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.\-]*[A-Za-z0-9])?"
    r"|(?<![\w@])@\w+|#\w[\w\u200c]*"
    rf"|(?<![\w/.])/(?:[A-Za-z0-9_.%~+\-]+/)*[A-Za-z0-9_.%~+\-]*[A-Za-z0-9/]"
    r"|(?<![A-Za-z0-9.\-])(?:[A-Za-z0-9\-]{1,63}\.){1,9}[A-Za-z]{2,63}(?:/[A-Za-z0-9_./%?&=~+#\-]*[A-Za-z0-9/])?"
)

#: A number with what belongs to it: date, time, decimal, thousands, percentage, telephone.
NUMBER = (
    rf"[+\-−]?{_DIGIT}+(?:[/:.,٫٬،\-–−×*]{_DIGIT}+|[Tt]{_DIGIT}{{2}}:{_DIGIT}+|[Zz](?!\w))*(?:[٪%](?!\w))?"
)
_MACHINE = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
#: A word that begins or ends with Latin letters.
_LATIN = r"[A-Za-z\u00c0-\u024f0-9]*[A-Za-z\u00c0-\u024f][\w'’.+#&/\-]*(?<![.'’/\-])"
_LATIN = _LATIN.replace(r"\w", r"A-Za-z0-9\u00c0-\u024f_")
_ABBREVIATION = rf"(?<!{_LETTER}){_LETTER}\.(?:{_LETTER}\.)*(?:{_LETTER}+)?(?!{_LETTER})"
#: A value in notation: «id=12», «a_1».
_NOTATION = rf"[=_\\|~^$]{NUMBER}"
#: «کتاب(های)»: an ending in brackets.
_OPTIONAL = r"\((?:ها|های|هایی|ی|ان|ین|ات)\)"
#: Any other sign but the letters, marks, blanks and the punctuation that hazm spaces.
_SIGN = (
    rf"(?!{_MARK})[^\s0-9۰-۹٠-٩A-Za-z\u00c0-\u024f{PERSIAN_LETTERS}{PLACEHOLDER}\u200c.:!،؛؟,;»\])}}«\[({{]"
)
_PIECES = re.compile(
    rf"{PLACEHOLDER}|{_OPTIONAL}|{_LATIN}|{_NOTATION}|(?P<number>{NUMBER})|{_ABBREVIATION}|{TATWEEL}+|(?:{_SIGN})+"
)

_WORD = f"[{PERSIAN_LETTERS}\u064b-\u065f\u0670]"
#: Between a word and a number there is a blank; an ordinal's ending stays.
_NUMBER_THEN_WORD = re.compile(f"({_DIGIT}[٪%]?)(?!ا?م(?:ین)?(?!{_WORD}))(?={_WORD}{{2}})")
_WORD_THEN_NUMBER = re.compile(f"(?={_DIGIT})(?:(?<={_WORD}{{2}})|(?<=(?<!{_WORD})و))")


#: What any piece that ``protect_technical`` takes out holds: most lines have none.
_TECHNICAL_SIGN = re.compile(rf"[<&`{{%\[@#/A-Za-z{_PRIVATE}]")


@dataclass
class Pieces:
    """Protected pieces of one line, in their order."""

    line: str  #: with placeholders
    pieces: list[str]

    def restore(self, line: str) -> str:
        """A line with the same placeholders, with the pieces in their places."""
        if not self.pieces:
            return line
        first, *others = line.split(PLACEHOLDER)
        pairs = zip(self.pieces, others, strict=True)
        return first + "".join([text for pair in pairs for text in pair])


def protect_technical(line: str) -> Pieces:
    """Take out markup and addresses."""
    if not _TECHNICAL_SIGN.search(line):
        return Pieces(line, [])
    pieces: list[str] = []

    def take(found: re.Match[str]) -> str:
        pieces.append(found[0])
        return PLACEHOLDER

    return Pieces(_TECHNICAL.sub(take, line), pieces)


def protect_signs(taken: Pieces) -> Pieces:
    """Take out, further, Latin words, numbers (in Persian digits), abbreviations and rare signs.

    A blank is put between a word and a number.
    """
    found = [_signs(chunk) for chunk in taken.line.split(" ")]
    earlier = iter(taken.pieces)
    return Pieces(
        " ".join([hidden for hidden, _ in found]),
        [next(earlier) if piece == PLACEHOLDER else piece for _, pieces in found for piece in pieces],
    )


@lru_cache(maxsize=50_000)
def _signs(chunk: str) -> tuple[str, tuple[str, ...]]:
    """A chunk between blanks, with placeholders; and its pieces, a placeholder for an earlier one."""
    pieces: list[str] = []

    def take(found: re.Match[str]) -> str:
        number = found["number"] and not _MACHINE.fullmatch(found[0])
        pieces.append(to_persian_digits(found[0]) if number else found[0])
        return PLACEHOLDER

    spaced = _WORD_THEN_NUMBER.sub(" ", _NUMBER_THEN_WORD.sub(r"\1 ", chunk))
    return _PIECES.sub(take, spaced), tuple(pieces)
