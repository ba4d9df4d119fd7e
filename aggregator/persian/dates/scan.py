"""Looking for dates from left to right, in a text made plain for it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aggregator.persian.dates import patterns
from aggregator.persian.dates.clock import with_clock
from aggregator.persian.dates.found import Context, Found
from aggregator.persian.dates.reading import READERS
from aggregator.persian.letters import FOLDING, TATWEEL, ZWNJ

Patterns = tuple[re.Pattern[str], ...]

_TOKEN = re.compile(r"[0-9]+|[^\W\d_]+")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S{1,2000}")
_RUNNING = FOLDING | {ord(end): "\0" for end in "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"}


@dataclass(frozen=True, slots=True)
class Plain:
    """A text in the letters of matching, with a blank for each half-space and no ignored character."""

    text: str
    places: range | list[int]  #: of each of its characters in the given text

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Start and end in the given text of a piece of this one."""
        return self.places[start], self.places[end - 1] + 1


def make_plain(text: str, *, running: bool) -> Plain:
    """The text for the patterns. In running text dates cross no end of a line, and addresses hold none."""
    table = _RUNNING if running else FOLDING
    if running and ("://" in text or "www." in text):
        text = _ADDRESS.sub(lambda match: "\0" * len(match[0]), text)
    folded = text.translate(table)
    if len(folded) == len(text) and TATWEEL not in folded:
        return Plain(folded.replace(ZWNJ, " "), range(len(text)))
    characters, places = [], []
    for place, sign in enumerate(text):
        for character in table.get(ord(sign), sign):
            if character != TATWEEL:
                characters.append(" " if character == ZWNJ else character)
                places.append(place)
    return Plain("".join(characters), places)


def scan(plain: str, context: Context) -> Iterator[Found]:
    """All dates with their times, left to right; where two patterns match, the longer."""
    position = 0
    for start, candidates in beginnings(plain, stamp=context.stamp):
        if start >= position:
            found, end = read_at(plain, start, candidates, context)
            if found is not None:
                found = with_clock(found, plain, position)
                yield found
                end = found.next
            position = max(position, end)


def beginnings(plain: str, *, stamp: bool) -> Iterator[tuple[int, Patterns]]:
    """The places at which a date can begin, with the patterns to try there."""
    at_number = patterns.AT_NUMBER_OF_STAMP if stamp else patterns.AT_NUMBER
    at_word = patterns.AT_WORD
    for token in _TOKEN.finditer(plain):
        word = token[0]
        if word in at_word:
            yield token.start(), at_word[word]
        elif word[0] <= "9":
            yield token.start(), at_number


def read_at(plain: str, start: int, candidates: Patterns, context: Context) -> tuple[Found | None, int]:
    """The date that begins there, and the end of whatever was matched: the search goes on there."""
    matches = [match for one in candidates if (match := one.match(plain, start))]
    if len(matches) > 1:
        matches.sort(key=lambda match: -match.end())
    for match in matches:
        found = READERS[match.re](match, context)
        if found is not None:
            return found, found.next
    return None, matches[0].end() if matches else 0
