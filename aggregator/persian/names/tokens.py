"""Sentences as tokens: words and the marks between them."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from aggregator.model import Mention
from aggregator.persian.letters import FOLDING, LONGEST_WORD, TATWEEL, ZWNJ

_TOKEN = re.compile(
    r"""[^\W_](?:[\w\u200c\u200d\u0640\u064b-\u0670\u00ad\u00ac-]*[\w\u064b-\u0670])?|[^\w\s]|\n"""
)
_LONGEST = 500  # tokens; a longer sentence is none
_LONG = 2 * LONGEST_WORD  # letters of a word that are looked at
_END = frozenset(".!؟?\n…")


class Token(NamedTuple):
    """A word, or a mark."""

    start: int  #: in characters of the text
    end: int
    parts: tuple[str, ...]  #: of the word between its half-spaces, in the letters of matching
    key: str  #: the word without half-spaces, or the mark; both commas are «،»
    name: Mention | None  #: of the organisation or place whose name it belongs to
    is_word: bool


def sentences(text: str, names: Sequence[Mention]) -> Iterator[list[Token]]:
    """The sentences of a text; ``names`` are those of organisations and places in it, in order."""
    tokens: list[Token] = []
    number = 0
    for found in _TOKEN.finditer(text):
        while number < len(names) and names[number].end <= found.start():
            number += 1
        inside = number < len(names) and names[number].start < found.end()
        token = _token(found, names[number] if inside else None)
        ends = not token.is_word and token.key in _END
        if not ends:
            tokens.append(token)
        if tokens and (ends or len(tokens) == _LONGEST):
            yield tokens
            tokens = []
    if tokens:
        yield tokens


def _token(found: re.Match[str], name: Mention | None) -> Token:
    sign = found[0]
    is_word = sign[0].isalnum()
    parts = _parts(sign) if is_word else ("،" if sign == "," else sign,)
    return Token(found.start(), found.end(), parts, "".join(parts), name, is_word)


@lru_cache(maxsize=50_000)
def _parts(word: str) -> tuple[str, ...]:
    return tuple(filter(None, word[:_LONG].translate(FOLDING).replace(TATWEEL, "").split(ZWNJ)))
