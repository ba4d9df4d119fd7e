"""Dates in Persian pages: Jalali above all, Gregorian and Hijri, absolute and relative, in any digits.

``parse_date`` reads a string that is a date (a stamp, an attribute, an item of a feed); ``find_dates`` finds
dates in running text. Both return nothing for what is no date: a guess is worse than none. Where the calendar
is not named, a year below 1700 is Jalali. Times without an offset are Tehran's.

Confidence: 1 for a full date; less for what had to be supplied, or contradicts itself (date_reading.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from aggregator.model import DateReading
from aggregator.persian import date_patterns as patterns
from aggregator.persian.date_reading import GRACE, READERS, Context, Found, read_compact, with_time
from aggregator.persian.letters import FOLDING, TATWEEL, ZWNJ

_TIME_BEFORE = 50  #: how many characters before a date are searched for its time


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text, with the characters of the given text that it covers."""

    text: str
    start: int
    end: int
    reading: DateReading


def parse_date(text: str, *, origin: str = "visible", now: datetime | None = None) -> DateReading | None:
    """The date that a string holds; labels such as «تاریخ انتشار:» may stand around it.

    None where there is none, for a day that does not exist (۳۱ مهر), and for one after ``now`` (aware; the
    present, if not given), a day's grace allowed. ``raw`` is the text without the white space around it.
    """
    context = Context(now or datetime.now(UTC), stamp=True)
    plain, _ = _plain(text)
    found = read_compact(plain.strip()) or _best(plain, context)
    if found is None or found.instant > context.at + GRACE:
        return None
    return DateReading(
        raw=text.strip(),
        instant=found.instant,
        precision=found.precision,
        calendar=found.calendar,
        origin=origin,
        confidence=round(found.confidence, 2),
    )


def find_dates(text: str, *, at: datetime) -> list[FoundDate]:
    """All dates in running text, in their order; one without a year is the nearest to ``at`` (aware).

    Dates of the future are kept: an announcement is full of them.
    """
    plain, places = _plain(text)
    dates = []
    for found in _scan(plain, Context(at, stamp=False)):
        start, end = places[found.start], places[found.end - 1] + 1
        raw = text[start:end]
        reading = DateReading(
            raw, found.instant, found.precision, found.calendar, "text", round(found.confidence, 2)
        )
        dates.append(FoundDate(raw, start, end, reading))
    return dates


def _plain(text: str) -> tuple[str, list[int]]:
    """The text in the letters of matching, with a blank for each half-space and no ignored character.

    The second value gives, for each of its characters, the place in the given text.
    """
    characters, places = [], []
    for place, sign in enumerate(text):
        for folded in FOLDING.get(ord(sign), sign):
            if folded != TATWEEL:
                characters.append(" " if folded == ZWNJ else folded)
                places.append(place)
    return "".join(characters), places


def _best(plain: str, context: Context) -> Found | None:
    """The first of the surest dates of a stamp; a single time elsewhere in the stamp is its time."""
    found = max(_scan(plain, context), key=lambda reading: reading.confidence, default=None)
    if found is None or found.precision == "minute":
        return found
    around = plain[: found.start] + " | " + plain[found.end :]
    times = list(patterns.TIME.finditer(around))
    return with_time(found, times[0]) if len(times) == 1 else found


def _scan(plain: str, context: Context) -> Iterator[Found]:
    """All dates, left to right; where two patterns match, the one that begins first, then the longer."""
    position = 0
    waiting = {pattern: pattern.search(plain) for pattern in READERS}
    while any(waiting.values()):
        match = min((m for m in waiting.values() if m), key=lambda m: (m.start(), -m.end()))
        found = READERS[match.re](match, context)
        if found is not None:
            found = _with_clock(found, plain, position)
            yield found
        position = max(found.end if found else match.end(), match.start() + 1)
        for pattern, ahead in waiting.items():
            if ahead and ahead.start() < position:
                waiting[pattern] = pattern.search(plain, position)


def _with_clock(found: Found, plain: str, position: int) -> Found:
    """With the time that stands after the date, else before it, though not before the position."""
    if found.precision == "minute":
        return found
    after = patterns.TIME_AFTER.match(plain, found.end)
    if after:
        return replace(with_time(found, after), end=after.end())
    begin = max(position, found.start - _TIME_BEFORE)
    before = patterns.TIME_BEFORE.search(plain[begin : found.start])
    return replace(with_time(found, before), start=begin + before.start()) if before else found
