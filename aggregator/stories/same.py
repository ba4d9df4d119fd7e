"""Whether two articles have the same text: exact, on all of their terms.

A re-post keeps whole passages in their order, and the facts in them. It may have another lead, more or fewer
paragraphs, a province's name in the place of another's. Two notices from one template keep even more of the
words, but state other numbers and days in the same places: that is what tells them apart.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from functools import cached_property
from typing import NamedTuple

from aggregator.stories.facts import facts
from aggregator.stories.sketch import LONG, SHINGLE, SHORT
from aggregator.stories.text import StoryText

MIN_SHARED = 30  #: terms that both have
OF_SHORTER = 0.6  #: so much of the shorter text stands in the longer one
OF_LONGER = 0.5  #: and so much of the longer one in the shorter: below it a roundup would join two stories
OF_SHORTER_AT_HOME = 0.8  #: the same within one source, which follows its own stories up
OF_LONGER_AT_HOME = 0.6
WORTH_IT = 0.3  #: share of the shorter text's shingles without which the texts are not laid side by side
SLOT = 8  #: terms; where more gave way to others, a passage was rewritten, not a blank filled in
SAME_WORD = 0.75  #: likeness of letters from which on one word is a spelling of the other
TELLING = 100  #: terms; what stands below many headlines of one source, as below its films, is shorter
SAME_WEEK = timedelta(days=7)  #: between two short texts that are the same; notices return
REPEATED = 4  #: places of one shingle in a text; what stands there more often tells nothing

Terms = tuple[str, ...]
Shingle = tuple[str, str, str]


@dataclass(frozen=True, eq=False)
class Candidate:
    """An article as it is compared."""

    text: StoryText
    source: str
    dated: datetime  #: when published, else first seen

    @property
    def terms(self) -> Terms:
        return self.text.terms

    @cached_property
    def shingles(self) -> list[Shingle]:
        """Every three terms in a row."""
        return list(zip(self.terms, self.terms[1:], self.terms[2:], strict=False))

    @cached_property
    def distinct(self) -> frozenset[Shingle]:
        """Each shingle once."""
        return frozenset(self.shingles)

    @cached_property
    def places(self) -> dict[Shingle, list[int]]:
        """Where each shingle begins, the last place first."""
        found: dict[Shingle, list[int]] = {}
        for place in range(len(self.shingles) - 1, -1, -1):
            found.setdefault(self.shingles[place], []).append(place)
        return found

    @cached_property
    def facts(self) -> frozenset[str]:
        return facts(self.terms)


class Slot(NamedTuple):
    """A few terms of each text that stand in the same place."""

    one: Terms
    other: Terms

    @property
    def contradicts(self) -> bool:
        """Whether both state facts, and neither just states more of them."""
        here, there = facts(self.one), facts(self.other)
        return bool(here and there) and not (here <= there or there <= here)

    @property
    def is_spelling(self) -> bool:
        """Whether these are the same words, written otherwise."""
        matcher = SequenceMatcher(None, "".join(self.one), "".join(self.other), autojunk=False)
        return matcher.ratio() >= SAME_WORD


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two texts share."""

    shared: int  #: terms of the shorter text that stand in the longer one, in the same order
    of_shorter: float  #: the same as a share, 0 to 1
    of_longer: float  #: share of the longer text that stands in the shorter
    slots: frozenset[Slot]  #: what gave way to what

    @property
    def similarity(self) -> float:
        """0 to 1: the harmonic mean of the two shares."""
        return 2 * self.of_shorter * self.of_longer / ((self.of_shorter + self.of_longer) or 1.0)


def same_text(one: Candidate, other: Candidate) -> bool:
    """Whether these are one text; the order does not matter."""
    shorter = min(len(one.terms), len(other.terms))
    if shorter < LONG:
        return _same_short(one, other)
    at_home = one.source == other.source
    if at_home and shorter < TELLING and not _same_headline(one, other):
        return False
    if one.terms == other.terms:
        return True
    return _may_be_same(one, other) and _is_same(likeness(one, other), at_home=at_home)


def _same_short(one: Candidate, other: Candidate) -> bool:
    """A few words say little: headline and text have to be equal, and about as old."""
    return len(one.terms) >= SHORT and one.text == other.text and abs(one.dated - other.dated) <= SAME_WEEK


def _same_headline(one: Candidate, other: Candidate) -> bool:
    """Whether one headline is the other, or a part of it."""
    short, long = sorted((one.text.headline, other.text.headline), key=len)
    return short in long


def _may_be_same(one: Candidate, other: Candidate) -> bool:
    """What is quickly told: whether both state the same facts, and have enough words in common."""
    agreeing = len(one.facts & other.facts)
    disagreeing = min(len(one.facts), len(other.facts)) - agreeing
    if disagreeing > max(1, agreeing // 2):
        return False
    fewer = min(len(one.distinct), len(other.distinct))
    return len(one.distinct & other.distinct) >= WORTH_IT * fewer


def _is_same(found: Likeness, *, at_home: bool) -> bool:
    if found.shared < MIN_SHARED:
        return False
    if found.of_shorter < (OF_SHORTER_AT_HOME if at_home else OF_SHORTER):
        return False
    if found.of_longer < (OF_LONGER_AT_HOME if at_home else OF_LONGER):
        return False
    if any(slot.contradicts for slot in found.slots):
        return False
    # An office puts its own names into the text of another; in its own texts other names mean other news.
    return not at_home or all(slot.is_spelling for slot in found.slots)


def likeness(one: Candidate, other: Candidate) -> Likeness:
    """Lays two texts side by side."""
    short, long = sorted((one, other), key=lambda text: (len(text.terms), text.terms))
    in_short, in_long = bytearray(len(short.terms)), bytearray(len(long.terms))
    for here, there in _aligned(short, long):
        in_short[here : here + SHINGLE] = in_long[there : there + SHINGLE] = b"\1" * SHINGLE
    shared = sum(in_short)
    return Likeness(
        shared=shared,
        of_shorter=shared / max(len(short.terms), 1),
        of_longer=sum(in_long) / max(len(long.terms), 1),
        slots=_slots(_gaps(short.terms, in_short), _gaps(long.terms, in_long)),
    )


def _aligned(short: Candidate, long: Candidate) -> Iterator[tuple[int, int]]:
    """The longest sequence of shingles that both have: their places (Hunt and Szymanski, 1977)."""
    if short.terms == long.terms:  # also where all of it is repeated
        yield from ((place, place) for place in range(len(short.shingles)))
        return
    ends: list[int] = []  # of the best sequence of each length, its last place in the long text
    chains: list[tuple[int, int, tuple[int, int, object] | None]] = []
    for here, shingle in enumerate(short.shingles):
        places = long.places.get(shingle, ())
        for there in places if len(places) <= REPEATED else ():
            length = bisect_left(ends, there)
            chain = (here, there, chains[length - 1] if length else None)
            if length == len(ends):
                ends.append(there)
                chains.append(chain)
            else:
                ends[length], chains[length] = there, chain
    link: object = chains[-1] if chains else None
    while isinstance(link, tuple):
        here, there, link = link
        yield here, there


class _Gap(NamedTuple):
    """Terms that the other text has not, and the terms around them, which it has."""

    terms: Terms
    before: Terms
    after: Terms


def _gaps(terms: Terms, covered: bytearray) -> list[_Gap]:
    gaps = []
    start = covered.find(0)
    while start >= 0:
        end = covered.find(1, start)
        end = len(terms) if end < 0 else end
        before, after = terms[max(start - SHINGLE, 0) : start], terms[end : end + SHINGLE]
        gaps.append(_Gap(terms[start:end], before, after))
        start = covered.find(0, end)
    return gaps


def _slots(ours: Sequence[_Gap], theirs: Sequence[_Gap]) -> frozenset[Slot]:
    """What stands in the one and in the other text beside the same terms, each pair once."""
    beside: dict[tuple[str, Terms], list[_Gap]] = defaultdict(list)
    for gap in theirs:
        if len(gap.terms) <= SLOT:
            beside["before", gap.before].append(gap)
            beside["after", gap.after].append(gap)
    return frozenset(
        Slot(gap.terms, other.terms)
        for gap in ours
        if len(gap.terms) <= SLOT
        for side in (("before", gap.before), ("after", gap.after))
        for other in beside.get(side, ())
        if gap.terms != other.terms
    )
