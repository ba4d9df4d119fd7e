"""Times of day: the one that stands beside a date, read in Tehran or at the offset written."""

import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, timezone

from aggregator.persian.calendar import tehran_day, tehran_instant
from aggregator.persian.dates import patterns
from aggregator.persian.dates.found import Found
from aggregator.persian.dates.names import number_of

_BEFORE = 50  #: how many characters before a date are searched for its time
_PARTS = {"نیم": 30, "ربع": 15}
_ZONES = {"irst": timedelta(hours=3, minutes=30), "irdt": timedelta(hours=4, minutes=30)}
_OFFSET = re.compile(r"([+\-])(\d\d?):?(\d\d)?$")


def with_time(found: Found, match: re.Match[str]) -> Found | None:
    """The reading of a day with the time of day that one of the patterns of time matched.

    None for a number in words that is no hour («ساعت سی»).
    """
    clock = _clock(match)
    if clock is None:
        return None
    zone, day = _zone(match["zone"]), tehran_day(found.instant)
    if zone is None:
        instant = tehran_instant(day, clock)
    else:
        instant = datetime.combine(day, clock, zone).astimezone(UTC)
    return replace(found, instant=instant, precision="minute")


def with_clock(found: Found, plain: str, position: int) -> Found:
    """With the time that stands after the date, else before it, though not before the position."""
    if found.precision == "minute":
        return found
    after = patterns.TIME_AFTER.match(plain, found.end) or patterns.TIME_AFTER.match(plain, found.next)
    if after and (timed := with_time(found, after)):
        return replace(timed, end=after.end(), next=max(found.next, after.end()))
    begin = max(position, found.start - _BEFORE)
    before = patterns.TIME_BEFORE.search(plain, begin, found.start)
    timed = with_time(found, before) if before else None
    return replace(timed, start=before.start()) if before and timed else found


def has_impossible_time(found: Found, plain: str) -> bool:
    """Whether an hour that does not exist stands beside the date of a stamp."""
    begin = max(0, found.start - _BEFORE)
    return bool(
        patterns.NO_TIME_AFTER.match(plain, found.next)
        or patterns.NO_TIME_BEFORE.search(plain, begin, found.start)
    )


def _clock(match: re.Match[str]) -> time | None:
    hour = int(number_of(match["hour"] or match["bare_hour"] or match["only_hour"]))
    if match["am"] and hour == 12:
        hour = 0
    elif (match["pm"] and hour < 12) or (match["noon"] and hour < 4):
        hour += 12
    elif match["night"] and 5 < hour < 13:
        hour = (hour + 12) % 24
    if not 0 <= hour < 24:
        return None
    minute = match["minute"] or match["dotted"] or match["spelt"] or _PARTS.get(match["part"] or "", 0)
    return time(hour, int(minute), int(match["second"] or 0))


def _zone(text: str | None) -> timezone | None:
    if text is None:
        return None
    offset = _OFFSET.search(text)
    if offset is None:
        return timezone(_ZONES.get(text, timedelta()))
    span = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
    return timezone(span if offset[1] == "+" else -span)
