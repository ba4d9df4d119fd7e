"""Excerpts of the texts as published, with what was searched for marked in them."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from aggregator.index.document import TEXT_FIELDS, FoldedText, Shown
from aggregator.search.results import Highlight, Hit

EXCERPT = 200  # characters, about
CONTEXT = 60  # of them before the first mark
SLACK = 30  # looked through for a blank to cut at

Pattern = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    pattern: Pattern


def highlights(
    shown: Shown, texts: Mapping[str, FoldedText], patterns: Iterable[Pattern]
) -> tuple[Highlight, ...]:
    """An excerpt of every field that has one of the patterns (terms in sequence).

    Where neither lead nor body has one, the beginning of the text follows, without marks.
    """
    by_first: dict[str, list[Pattern]] = {}
    for pattern in sorted(set(patterns), key=len, reverse=True):
        by_first.setdefault(pattern[0], []).append(pattern)
    found = []
    for field in TEXT_FIELDS:
        if marks := list(_find(texts[field], by_first)):
            found.append(_excerpt(field, getattr(shown, field), marks))
    if not any(highlight.field in ("lead", "body") for highlight in found):
        found += _beginning(shown)
    return tuple(found)


def to_hit(shown: Shown, score: float | None, found: tuple[Highlight, ...]) -> Hit:
    """A hit as it is told."""
    return Hit(
        id=shown.id,
        url=shown.url,
        headline=shown.headline,
        kicker=shown.kicker,
        organisation=shown.organisation,
        province=shown.province,
        source=shown.source,
        date_published=shown.date_published,
        date_published_jalali=shown.date_published_jalali,
        deleted_at=shown.deleted_at,
        score=score,
        highlights=found,
    )


def _find(text: FoldedText, by_first: Mapping[str, list[Pattern]]) -> Iterator[_Mark]:
    """The patterns in the text, from left to right, the longest where several begin; never overlapping."""
    terms, places = text.terms, text.places
    free = 0
    for at, term in enumerate(terms):
        if at < free or term not in by_first:
            continue
        for pattern in by_first[term]:
            behind = at + len(pattern)
            if tuple(terms[at:behind]) == pattern:
                yield _Mark(places[2 * at], places[2 * behind - 1], pattern)
                free = behind
                break


def _excerpt(field: str, text: str, marks: list[_Mark]) -> Highlight:
    """The stretch of about ``EXCERPT`` characters with most of the patterns, the first of equals."""
    start, end = 0, len(text)
    if len(text) > EXCERPT + SLACK:
        first = max(range(len(marks)), key=lambda i: (_variety(marks, i), -i))
        start = _cut_before(text, marks[first].start - CONTEXT, marks[first].start)
        end = _cut_after(text, start + EXCERPT, marks[first].end)
    inside = [mark for mark in marks if start <= mark.start and mark.end <= end]
    return Highlight(field, text[start:end], tuple((mark.start - start, mark.end - start) for mark in inside))


def _variety(marks: list[_Mark], first: int) -> int:
    """How many different patterns the excerpt that begins at a mark has."""
    limit = marks[first].start - CONTEXT + EXCERPT
    last = bisect_left(marks, limit, lo=first, key=lambda mark: mark.end)
    return len({mark.pattern for mark in marks[first:last]})


def _cut_before(text: str, at: int, latest: int) -> int:
    """The beginning of a word at or after ``at``, not after ``latest``."""
    if at <= 0:
        return 0
    while at < latest and not text[at - 1].isspace():
        at += 1
    return at


def _cut_after(text: str, at: int, earliest: int) -> int:
    """The end of a word at or before ``at``, not before ``earliest``."""
    at = min(max(at, earliest), len(text))
    if at == len(text):
        return at
    end = at
    while end > max(earliest, at - SLACK) and not text[end].isspace():
        end -= 1
    return end if text[end].isspace() else at


def _beginning(shown: Shown) -> Iterator[Highlight]:
    for field in ("lead", "body"):
        text: str = getattr(shown, field) or ""
        if text.strip():
            yield Highlight(field, text[: _cut_after(text, EXCERPT, 0)], ())
            return
