"""Dates in Persian pages: Jalali above all, Gregorian and Hijri, absolute and relative, in any digits.

``parse_date`` reads a string that is a date (a stamp, an attribute, an item of a feed); ``find_dates`` finds
dates in running text. Both return nothing for what is no date: a guess is worse than none. Where the calendar
is not named, a year below 1700 is Jalali. Times without an offset are Tehran's.

Confidence: 1 for a full date; less for what had to be supplied, or contradicts itself. Each reason for less
is named among the reading's doubts (found.py).
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from aggregator.model import DateReading
from aggregator.persian.dates import patterns
from aggregator.persian.dates.clock import has_impossible_time, with_time
from aggregator.persian.dates.found import GRACE, Context, Found
from aggregator.persian.dates.reading import read_compact
from aggregator.persian.dates.scan import make_plain, scan

#: What stands before the date of a change, or before today's: another in the stamp is that of publication.
_OTHER_LABEL = re.compile(
    r"(?:ویرایش|به\s*روز\s*رسانی|بروز\s*رسانی|اصلاح|تغییر|بازدید|مشاهده|چاپ|امروز|اکنون|updated|modified)"
    r"[^\d]{0,15}\Z"
)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text, with the characters of the given text that it covers."""

    text: str
    start: int
    end: int
    reading: DateReading


def parse_date(text: str, *, origin: str = "visible", now: datetime | None = None) -> DateReading | None:
    """The date that a string holds; labels such as «تاریخ انتشار:» may stand around it.

    None where there is none, for a day or an hour that does not exist (۳۱ مهر, 25:00), and for one after
    ``now`` (aware; the present, if not given), a day's grace allowed. ``raw`` is the text without the white
    space around it.
    """
    context = Context(now or datetime.now(UTC), stamp=True)
    plain = make_plain(text, running=False).text
    found = read_compact(plain.strip()) or _best(plain, context)
    if found is None or found.instant > context.at + GRACE:
        return None
    return found.reading(text.strip(), origin)


def find_dates(text: str, *, at: datetime) -> list[FoundDate]:
    """All dates in running text, in their order; one without a year is the nearest to ``at`` (aware).

    Dates of the future are kept: an announcement is full of them.
    """
    plain = make_plain(text, running=True)
    dates = []
    for found in scan(plain.text, Context(at, stamp=False)):
        start, end = plain.span(found.start, found.end)
        raw = text[start:end]
        dates.append(FoundDate(raw, start, end, found.reading(raw, "text")))
    return dates


def _best(plain: str, context: Context) -> Found | None:
    """The first of the surest dates of a stamp; a single time elsewhere in the stamp is its time."""
    found = max(scan(plain, context), key=lambda one: _rank(one, plain), default=None)
    if found is None or found.precision == "minute":
        return found
    if has_impossible_time(found, plain):
        return None
    around = plain[: found.start] + " | " + plain[found.end :]
    times = list(patterns.TIME.finditer(around))
    return (with_time(found, times[0]) or found) if len(times) == 1 else found


def _rank(found: Found, plain: str) -> tuple[bool, float]:
    begin = max(0, found.start - 40)
    return _OTHER_LABEL.search(plain, begin, found.start) is None, found.confidence
