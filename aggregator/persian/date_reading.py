"""One date as a pattern matched it, read into an instant: which calendar, which year, which hour.

Each reader takes a match of its pattern and gives a ``Found``, or None where there is no such day.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone

from aggregator.model import Calendar, Precision
from aggregator.persian import date_patterns as patterns
from aggregator.persian.calendar import (
    FIRST_GREGORIAN_YEAR,
    from_jalali,
    instant_of_day,
    jalali_parts,
    tehran_day,
    tehran_instant,
)
from aggregator.persian.hijri import from_hijri, hijri_year

GRACE = timedelta(days=1)  #: how far in the future a published date may be: clocks differ
_PLAUSIBLE: dict[Calendar, range] = {
    "jalali": range(1200, 1500),
    "gregorian": range(1700, 2200),
    "hijri": range(1200, 1600),
}
_SHORT_YEARS = 15  #: how old a year of two digits may be in running text, where it may be another number


class _Doubt:
    """Factors of the confidence."""

    WEEKDAY = 0.5  # the weekday named is another
    NO_YEAR = 0.7  # the year is supplied
    NO_YEAR_WEEKDAY = 0.85  # the same, and the weekday agrees
    SHORT_YEAR = 0.8
    MONTH_FIRST = 0.6  # 6/22/2020
    HIJRI = 0.7  # a day more or less
    RELATIVE = 0.8
    RELATIVE_LONG = 0.4  # weeks, months and years are round


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the text."""

    at: datetime
    stamp: bool  #: the text is a stamp: in the past, and of little else than the date


@dataclass(frozen=True, slots=True)
class Found:
    """A reading with its place in the folded text."""

    start: int
    end: int
    instant: datetime
    precision: Precision
    calendar: Calendar
    confidence: float


def with_time(found: Found, match: re.Match[str]) -> Found:
    """The reading of a day with the time of day that one of the patterns of time matched."""
    clock, zone, day = _clock(match), _zone(match["zone"]), tehran_day(found.instant)
    if zone is None:
        instant = tehran_instant(day, clock)
    else:
        instant = datetime.combine(day, clock, zone).astimezone(UTC)
    return replace(found, instant=instant, precision="minute")


def _clock(match: re.Match[str]) -> time:
    hour = int(match["hour"] or match["only_hour"])
    if match["am"] and hour == 12:
        hour = 0
    elif (match["pm"] and hour < 12) or (match["noon"] and hour < 4):
        hour += 12
    elif match["night"] and 5 < hour < 13:
        hour = (hour + 12) % 24
    return time(
        hour, int(match["minute"] or match["dotted"] or match["spelt"] or 0), int(match["second"] or 0)
    )


def _zone(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text[0] not in "+-":
        return UTC
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(offset if text[0] == "+" else -offset)


def _day(calendar: Calendar, year: int, month: int, day: int) -> date | None:
    """The Gregorian date; None for a day that does not exist or a year that no news has."""
    if year not in _PLAUSIBLE[calendar]:
        return None
    convert = {"jalali": from_jalali, "gregorian": date, "hijri": from_hijri}[calendar]
    try:
        return convert(year, month, day)
    except ValueError:
        return None


def _found(
    match: re.Match[str],
    calendar: Calendar,
    day: date | None,
    confidence: float = 1.0,
    *,
    end: int | None = None,
) -> Found | None:
    """The reading of a day, less sure where its weekday is another than the one named."""
    if day is None:
        return None
    if calendar == "hijri":
        confidence *= _Doubt.HIJRI
    elif _weekday(match) not in (None, day.weekday()):
        confidence *= _Doubt.WEEKDAY
    end = match.end() if end is None else end
    return Found(match.start(), end, instant_of_day(day), "day", calendar, confidence)


def _weekday(match: re.Match[str]) -> int | None:
    name = match.groupdict().get("weekday")
    return patterns.lookup(patterns.WEEKDAYS, name) if name else None


def _named(match: re.Match[str], context: Context) -> Found | None:
    """«دوشنبه ۱۹ خرداد ۱۳۹۹», «19 Jun 2020»."""
    calendar, month = patterns.lookup_month(match["month"])
    day = int(match["day"]) if match["day"] else patterns.lookup(patterns.ORDINALS, match["ordinal"])
    if match["relative_year"]:
        this = _year_of(tehran_day(context.at), calendar) - ("گذشته" in match["relative_year"])
        return _found(match, calendar, _day(calendar, this, month, day), _Doubt.NO_YEAR_WEEKDAY)
    year = match["year"] or ""
    if len(year) == 4:
        if context.stamp or int(year) in _PLAUSIBLE[calendar]:
            return _found(match, calendar, _day(calendar, int(year), month, day))
    elif year:
        full = _century(int(year.strip("'")), calendar, context)
        if context.stamp or full > _year_of(tehran_day(context.at), calendar) - _SHORT_YEARS:
            return _found(match, calendar, _day(calendar, full, month, day), _Doubt.SHORT_YEAR)
    if match["month"] in patterns.OTHER_WORDS and not patterns.is_may(match):
        return None
    chosen, confidence = _without_year(match, (calendar, month, day), context)
    return _found(match, calendar, chosen, confidence, end=match.end("month") if year else None)


def _month_first(match: re.Match[str], context: Context) -> Found | None:
    """«June 9, 2020»."""
    calendar, month = patterns.lookup_month(match["month"])
    return _found(match, calendar, _day(calendar, int(match["year"]), month, int(match["day"])))


def _year_of(day: date, calendar: Calendar) -> int:
    if calendar == "jalali":
        return jalali_parts(day)[0]
    return day.year if calendar == "gregorian" else hijri_year(day)


def _century(short: int, calendar: Calendar, context: Context) -> int:
    """The year of two digits that is the last one not after the next."""
    latest = _year_of(tehran_day(context.at), calendar) + 1
    return latest - (latest - short) % 100


def _without_year(
    match: re.Match[str], named: tuple[Calendar, int, int], context: Context
) -> tuple[date | None, float]:
    """The nearest such day to the context's, of a stamp the last; one of the weekday named is preferred."""
    calendar, month, day = named
    today = tehran_day(context.at)
    this = _year_of(today, calendar)
    days = [found for year in range(this - 1, this + 2) if (found := _day(calendar, year, month, day))]
    if context.stamp:
        days = [found for found in days if found <= today + GRACE]
    agreeing = [found for found in days if found.weekday() == _weekday(match)]
    nearest = min(agreeing or days, key=lambda found: abs(found - today), default=None)
    return nearest, _Doubt.NO_YEAR_WEEKDAY if agreeing else _Doubt.NO_YEAR


def _numeric(match: re.Match[str], context: Context) -> Found | None:
    """«۱۳۹۹/۰۳/۲۰», «20/03/1399», «9/6/2020», «99/03/20»."""
    first, second, third = match["first"], match["second"], match["third"]
    lunar = bool(match["lunar"])
    if len(first) == 4 and len(third) <= 2:
        return _four_digits(match, (int(first), int(second), int(third)), lunar=lunar)
    if len(third) == 4 and len(first) <= 2:
        year, month, day = int(third), int(second), int(first)
        if year >= FIRST_GREGORIAN_YEAR and day <= 12 < month:
            return _found(match, "gregorian", _day("gregorian", year, day, month), _Doubt.MONTH_FIRST)
        return _four_digits(match, (year, month, day), lunar=lunar)
    return _short(match, context)


def _four_digits(match: re.Match[str], parts: tuple[int, int, int], *, lunar: bool) -> Found | None:
    calendar: Calendar = "gregorian" if parts[0] >= FIRST_GREGORIAN_YEAR else "hijri" if lunar else "jalali"
    return _found(match, calendar, _day(calendar, *parts))


def _short(match: re.Match[str], context: Context) -> Found | None:
    """Two digits for the Jalali year; in running text only as «99/03/20», all pairs full."""
    first, second, third = match["first"], match["second"], match["third"]
    full = len(first) == len(second) == len(third) == 2 and match["sign"] == "/"
    if match["sign"] == "." or max(len(first), len(third)) > 2 or not (full or context.stamp):
        return None
    for year, day in ((first, third), (third, first)):
        if len(year) < 2:
            continue
        found = _day("jalali", _century(int(year), "jalali", context), int(second), int(day))
        if found and found <= tehran_day(context.at) + GRACE:
            return _found(match, "jalali", found, _Doubt.SHORT_YEAR)
    return None


def _relative(match: re.Match[str], context: Context) -> Found | None:
    """«۲ ساعت پیش» to the minute, «دیروز» to the day."""
    if match["named"]:
        today = match["named"] == "امروز"
        if today and not context.stamp and not patterns.TODAY_IS_A_DAY.match(match.string, match.end()):
            return None
        ago = timedelta(days=patterns.lookup_day(match["named"]))
        return _found(match, "jalali", tehran_day(context.at) - ago, _Doubt.RELATIVE)
    if match["vague"]:
        ago = patterns.lookup_vague(match["vague"])
    else:
        ago = patterns.lookup_span(match["count"], match["unit"])
        if match["count2"]:
            ago += patterns.lookup_span(match["count2"], match["unit2"])
    instant = (context.at - ago).astimezone(UTC)
    if match["unit"] in patterns.UNITS_OF_DAYS:
        confidence = _Doubt.RELATIVE if match["unit"] == "روز" else _Doubt.RELATIVE_LONG
        return _found(match, "jalali", tehran_day(instant), confidence)
    return Found(match.start(), match.end(), instant, "minute", "jalali", _Doubt.RELATIVE)


def read_compact(plain: str) -> Found | None:
    """«13990320», «20200609T043100Z»: digits alone."""
    match = patterns.COMPACT.fullmatch(plain)
    if match is None:
        return None
    parts = (int(match["first"]), int(match["second"]), int(match["third"]))
    found = _four_digits(match, parts, lunar=False)
    if found is None or match["clock_hour"] is None:
        return found
    written = "{}:{}:{}{}".format(
        *match.group("clock_hour", "clock_minute"), match["clock_second"] or "00", match["offset"] or ""
    )
    clock = patterns.TIME.fullmatch(written)
    return with_time(found, clock) if clock else found


#: Each pattern of dates, with its reader.
READERS = {
    patterns.NAMED: _named,
    patterns.MONTH_FIRST: _month_first,
    patterns.NUMERIC: _numeric,
    patterns.RELATIVE: _relative,
}
