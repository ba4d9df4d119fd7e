"""What a spelling corrector must not touch, taken out of a line and put back.

Each protected piece is replaced by one private-use character, so that the corrector sees one strange letter.
The pieces come back in their order; private-use characters of the text itself are protected pieces too.
Nothing is lost: where the corrector dropped or doubled one, ``restore`` says so.
"""

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

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
    rf"[+\-−]?{_DIGIT}+(?:[/:.,٫٬،\-–−×*]{_DIGIT}+|[Tt]{_DIGIT}{{2}}:{_DIGIT}+|[Zz](?!\w))*(?:\s?[٪%](?!\w))?"
)
_MACHINE = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
#: A word that begins or ends with Latin letters.
_LATIN = r"[A-Za-z\u00c0-\u024f0-9]*[A-Za-z\u00c0-\u024f][\w'’.+#&/\-]*(?<![.'’/\-])"
_LATIN = _LATIN.replace(r"\w", r"A-Za-z0-9\u00c0-\u024f_")
_ABBREVIATION = rf"(?<!{_LETTER}){_LETTER}\.(?:{_LETTER}\.)*(?:{_LETTER}+)?(?!{_LETTER})"
#: «کتاب(های)»: an ending in brackets.
_OPTIONAL = r"\((?:ها|های|هایی|ی|ان|ین|ات)\)"
#: Any other sign but the letters, marks, blanks and the punctuation that hazm spaces.
_SIGN = rf"(?!{_MARK})[^\s{PERSIAN_LETTERS}{PLACEHOLDER}\u200c.:!،؛؟»\])}}«\[({{]"
_PIECES = re.compile(
    rf"{PLACEHOLDER}|{_OPTIONAL}|(?P<latin>{_LATIN})|(?P<number>{NUMBER})|{_ABBREVIATION}|{TATWEEL}+|(?:{_SIGN})+"
)


@dataclass
class Pieces:
    """Protected pieces of one line, in their order."""

    line: str  #: with placeholders
    pieces: list[str]

    def restore(self, line: str) -> str | None:
        """The line with the pieces in their places; None where a placeholder is missing or too many."""
        if line.count(PLACEHOLDER) != len(self.pieces):
            return None
        waiting = iter(self.pieces)
        return re.sub(PLACEHOLDER, lambda _: next(waiting), line)


def protect_technical(line: str) -> Pieces:
    """Take out markup and addresses."""
    return _take_out(line, _TECHNICAL, lambda found: found[0])


def protect_signs(taken: Pieces) -> Pieces:
    """Take out, further, Latin words, numbers (in Persian digits), abbreviations and rare signs."""
    earlier = deque(taken.pieces)

    def keep(found: re.Match[str]) -> str:
        if found[0] == PLACEHOLDER:
            return earlier.popleft()
        if found["number"] and not _MACHINE.fullmatch(found[0]):
            return to_persian_digits(found[0])
        return found[0]

    return _take_out(taken.line, _PIECES, keep)


def protect_words(taken: Pieces, words: re.Pattern[str]) -> Pieces:
    """Take out, further, whole words that a pattern finds."""
    earlier = deque(taken.pieces)
    pattern = re.compile(f"{PLACEHOLDER}|{words.pattern}")
    return _take_out(taken.line, pattern, lambda m: earlier.popleft() if m[0] == PLACEHOLDER else m[0])


def _take_out(line: str, pattern: re.Pattern[str], keep: Callable[[re.Match[str]], str]) -> Pieces:
    pieces: list[str] = []

    def take(found: re.Match[str]) -> str:
        pieces.append(keep(found))
        return PLACEHOLDER

    return Pieces(pattern.sub(take, line), pieces)
