"""Joins that hazm's dictionary knows, and the blanks at punctuation.

hazm is asked about words only. What it joins wrongly is hidden from it: short words, particles, participles
of a verb («افزایش یافته است»). Blanks become half-spaces, or come and go at punctuation; nothing else
changes.
"""

import re
from functools import lru_cache

from aggregator.persian.hazm import hazm_normalizer
from aggregator.persian.letters import ZWNJ, words
from aggregator.persian.protect import PLACEHOLDER

_AFTER = r".:!،؛؟»\])}"
_BEFORE = r"«\[({"
_TOKEN = re.compile(f"[{_AFTER}{_BEFORE}]|[^{_AFTER}{_BEFORE}]+")
_MARKS = re.compile("[\u064b-\u065f\u0670]")

_NEVER_JOINED = frozenset(
    words("""می نمی بی شده نشده کرده این روی زیر های هایی تری ترین گری مان تان شان چند همه پیش پس آن""")
)
_SHORTEST = 3
_AUXILIARIES = frozenset(words("است بود بودند باشد باشند بودیم ایم ام"))

#: Blanks at punctuation that are too many or too few.
_MISPLACED = re.compile(f" [{_AFTER}]|[{_BEFORE}] |[{_AFTER}][^ ,;{_AFTER}]|[^ {_BEFORE}][{_BEFORE}]")
_BLANK_BEFORE = re.compile(f" ([{_AFTER}])")
_BLANK_AFTER = re.compile(f"([{_BEFORE}]) ")
_NO_BLANK_AFTER = re.compile(f"([{_AFTER}])(?=[^ ,;{_AFTER}])")
_NO_BLANK_BEFORE = re.compile(f"([^ {_BEFORE}])(?=[{_BEFORE}])")


def space_punctuation(line: str) -> str:
    """No blank before a closing sign or after an opening one; one on their other sides."""
    if not _MISPLACED.search(line):
        return line
    line = _BLANK_AFTER.sub(r"\1", _BLANK_BEFORE.sub(r"\1", line))
    return _NO_BLANK_BEFORE.sub(r"\1 ", _NO_BLANK_AFTER.sub(r"\1 ", line))


def join_known(line: str) -> str:
    """A half-space for each blank inside a word of hazm's dictionary."""
    chunks = line.split(" ")
    tokens_of = [_tokens(chunk) for chunk in chunks]
    tokens = [token for tokens in tokens_of for token in tokens]
    joined = _joined(tuple(_without_participles(tokens)))
    if not joined:
        return line
    made, place = chunks[0], len(tokens_of[0])
    for chunk, found in zip(chunks[1:], tokens_of[1:], strict=True):
        made += (ZWNJ if place in joined else " ") + chunk
        place += len(found)
    return made


@lru_cache(maxsize=50_000)
def _tokens(chunk: str) -> tuple[str, ...]:
    """The words and signs of what stands between two blanks; a placeholder for what is not to be joined."""
    return tuple(PLACEHOLDER if _is_hidden(token) else token for token in _TOKEN.findall(chunk))


def _is_hidden(token: str) -> bool:
    return token in _NEVER_JOINED or len(_MARKS.sub("", token)) < _SHORTEST or PLACEHOLDER in token


def _without_participles(tokens: list[str]) -> list[str]:
    """The tokens, with a placeholder for each participle before its auxiliary."""
    if _AUXILIARIES.isdisjoint(tokens):
        return tokens
    return [
        PLACEHOLDER if token.endswith(("ده", "ته")) and following in _AUXILIARIES else token
        for token, following in zip(tokens, [*tokens[1:], ""], strict=True)
    ]


@lru_cache(maxsize=256)
def _joined(tokens: tuple[str, ...]) -> frozenset[int]:
    """The places of the tokens that hazm joins to the one before. Kept for the second look at a line."""
    spaced = hazm_normalizer().token_spacing(list(tokens))
    if len(spaced) == len(tokens):
        return frozenset()
    joined, place = set(), 0
    for token in spaced:
        length = len(tokens[place])
        while length < len(token):
            place += 1
            joined.add(place)
            length += len(ZWNJ) + len(tokens[place])
        place += 1
    return frozenset(joined)
