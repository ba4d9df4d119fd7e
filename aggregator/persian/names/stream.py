"""A text as one stream of letters, for finding names however their words are parted.

«تعاون،کارورفاه», «تعاون، کار و رفاه» and «تعاون كار ورفاه» differ in what stands between the letters, and in
nothing else. So blanks, half-spaces and commas are left out of the stream, but what was there is remembered.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from enum import IntEnum

from aggregator.persian.letters import FOLDING, LONGEST_WORD, TATWEEL, ZWNJ, folded_places

#: Stands in the stream where a sentence, a line, a quotation or a bracket begins or ends: no name goes on.
BREAK = "\n"

_RUN = re.compile(rf"[^\W_{TATWEEL}]+")
_BREAKING = re.compile(r"""[.:;؛!?؟\n\r«»"“”()\[\]{}|…•]""")
_SPACING = re.compile(rf"[^{TATWEEL}{ZWNJ}]")
_SPELT_ALIKE = (("هییت", "هیات"),)  # هیئت and هیأت, in the letters of matching


class Edge(IntEnum):
    """What stands between two letters; the stronger, the higher."""

    NONE = 0
    HALF = 1  #: a half-space
    SPACE = 2  #: a blank, or another mark that parts words
    COMMA = 3
    BREAK = 4


class LetterStream:
    """The letters and digits of a text, folded, with a ``BREAK`` where names end.

    ``edges`` has for each place in ``letters`` where something stood before the letter what that was.
    """

    def __init__(self, text: str):
        self.text = text
        self._places = _Places(text)
        self._starts: list[int] = []  # of each run, in letters
        self._origins: list[int] = []  # of each run, in the folded text
        self.edges: dict[int, Edge] = {0: Edge.BREAK}
        self.letters = "".join(self._runs())
        self.edges[len(self.letters)] = Edge.BREAK
        self.words = sorted(place for place, edge in self.edges.items() if edge >= Edge.HALF)

    def _runs(self) -> Iterator[str]:
        plain, length, behind, last, edge = self._places.plain, 0, 0, "", Edge.NONE
        for found in _RUN.finditer(plain):
            run = found[0]
            edge = max(edge, _edge(plain[behind : found.start()]))
            behind = found.end()
            if run == "ی" and last.endswith("ه") and edge < Edge.COMMA:
                continue  # the ezafe of «اداره ی کل»: what follows is parted from what stands before it
            if edge is Edge.BREAK:
                self.edges[length] = edge
                yield BREAK
                length += 1
            for spelling, common in _SPELT_ALIKE:
                run = run.replace(spelling, common)
            if edge:
                self.edges[length] = edge
            self._starts.append(length)
            self._origins.append(found.start())
            yield run
            length += len(run)
            last, edge = run, Edge.NONE

    def edge(self, place: int) -> Edge:
        """What stands before the letter at a place of the stream."""
        return self.edges.get(place, Edge.NONE)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the text that a part of the stream, which is not empty, stands for."""
        return self._places.of(self._origin(start)), self._places.of(self._origin(end - 1)) + 1

    def word_before(self, place: int) -> str:
        """The word or part of a word that ends at ``place``; none where a break stands between."""
        if not place or self.letters[place - 1] == BREAK:
            return ""
        start = self.words[bisect_right(self.words, place - 1) - 1]
        return self.letters[max(start, place - LONGEST_WORD) : place]

    def word_after(self, place: int) -> str:
        """The word, or the rest of one, that begins at ``place``."""
        index = bisect_right(self.words, place)
        end = self.words[index] if index < len(self.words) else len(self.letters)
        return self.letters[place : min(end, place + LONGEST_WORD)].rstrip(BREAK)

    def _origin(self, place: int) -> int:
        run = bisect_right(self._starts, place) - 1
        return self._origins[run] + place - self._starts[run]


class _Places:
    """A text in the letters of matching, and where each of them stands in it."""

    def __init__(self, text: str):
        self.plain = text.translate(FOLDING)
        self._of: list[int] | None = None
        if len(self.plain) != len(text):
            self._of = folded_places(text)

    def of(self, place: int) -> int:
        return self._of[place] if self._of else place


def _edge(between: str) -> Edge:
    if not between:
        return Edge.NONE
    if between == " ":
        return Edge.SPACE
    if _BREAKING.search(between):
        return Edge.BREAK
    if "،" in between or "," in between:
        return Edge.COMMA
    if _SPACING.search(between):
        return Edge.SPACE
    return Edge.HALF if ZWNJ in between else Edge.NONE
