"""One date as a pattern matched it, read into an instant: which calendar, which year, which hour.

Each reader takes a match of its pattern and gives a ``Found``, or None where there is no such day.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, timedelta
from typing import NamedTuple

from aggregator.model import Calendar
from aggregator.persian.calendar import (
    FIRST_GREGORIAN_YEAR,
    from_jalali,
    instant_of_day,
    jalali_parts,
)
from aggregator.persian.dates import guards, names, patterns
from aggregator.persian.dates.clock import with_time
from aggregator.persian.dates.found import (
    DAY_FIRST,
    GRACE,
    LUNAR,
    LUNAR_WEEKDAY,
    MONTH_FIRST,
    NO_YEAR,
    NO_YEAR_NEAR,
    NO_YEAR_SURE,
    RELATIVE,
    RELATIVE_LONG,
    SHORT_YEAR,
    WEEKDAY,
    Context,
    Found,
    Reason,
)
from aggregator.persian.dates.hijri import from_hijri, hijri_year
from aggregator.persian.dates.idioms import is_no_named_day

NEAR = timedelta(days=45)  #: a date without a year that is nearer than this hardly has another one
_PLAUSIBLE: dict[Calendar, range] = {
    "jalali": range(1200, 1500),
    "gregorian": range(1700, 2200),
    "hijri": range(1200, 1600),
}
_OLDEST_SHORT_YEAR = 50  #: of three numbers; an older one is rather of another calendar or no date
_SHORT_YEARS = 15  #: how old a year of two digits may be in running text, where it may be another number


class _Choice(NamedTuple):
    """A day that a match can mean."""

    calendar: Calendar
    day: date
    reason: Reason | None = None


def day_of(calendar: Calendar, year: int, month: int, day: int) -> date | None:
    """The Gregorian date; None for a day that does not exist or a year that no news has."""
    if year not in _PLAUSIBLE[calendar]:
        return None
    convert = {"jalali": from_jalali, "gregorian": date, "hijri": from_hijri}[calendar]
    try:
        return convert(year, month, day)
    except ValueError:
        return None


def _choices(calendar: Calendar, parts: tuple[int, int, int], reason: Reason | None = None) -> list[_Choice]:
    day = day_of(calendar, *parts)
    return [_Choice(calendar, day, reason)] if day else []


def _found(
    match: re.Match[str], choices: list[_Choice], *reasons: Reason, end: int | None = None
) -> Found | None:
    """The reading of a day: the first choice, or the first that agrees with the weekday beside it."""
    if not choices:
        return None
    end = match.end() if end is None else end
    weekday, behind = _weekday(match, end)
    chosen = next((one for one in choices if one.day.weekday() == weekday), choices[0])
    calendar, day, reason = chosen
    if calendar == "hijri":
        near = [day + timedelta(days=shift) for shift in (0, -1, 1)]
        agreeing = [one for one in near if one.weekday() == weekday]
        day = (agreeing or near)[0]
        reasons += (LUNAR_WEEKDAY if agreeing else LUNAR,)
    elif reason and (weekday is None or all(one.day.weekday() != weekday for one in choices)):
        reasons += (reason,)
    if weekday not in (None, day.weekday()):
        reasons += (WEEKDAY,)
    return Found(match.start(), end, instant_of_day(day), "day", calendar, reasons, behind)


def _weekday(match: re.Match[str], end: int) -> tuple[int | None, int]:
    """The weekday written before the date or behind it, and where the text goes on."""
    name = match.groupdict().get("weekday")
    if name:
        return names.WEEKDAY_OF[names.key_of(name)], end
    behind = patterns.WEEKDAY_AFTER.match(match.string, end)
    return (names.WEEKDAY_OF[names.key_of(behind["weekday"])], behind.end()) if behind else (None, end)


def _named(match: re.Match[str], context: Context) -> Found | None:
    """«دوشنبه ۱۹ خرداد ۱۳۹۹», «19 Jun 2020»."""
    calendar, month = names.MONTH_OF[names.key_of(match["month"])]
    day = int(match["day"]) if match["day"] else names.ORDINAL_OF[names.key_of(match["ordinal"])]
    if not context.stamp and guards.is_no_day(match):
        return None
    if match["relative_year"]:
        year = year_of(context.today, calendar) + guards.years_from_now(match["relative_year"])
        return _found(match, _choices(calendar, (year, month, day)), NO_YEAR_NEAR)
    year_written = _year(match, calendar, context)
    if year_written is not None:
        reasons = (SHORT_YEAR,) if len(match["year"]) < 4 else ()
        return _found(match, _choices(calendar, (year_written, month, day)), *reasons)
    if match["month"] in names.OTHER_WORDS and not guards.is_may(match):
        return None
    end = match.end("month") + len(guards.month_word(match))
    return _without_year(match, (calendar, month, day), context, end)


def _year(match: re.Match[str], calendar: Calendar, context: Context) -> int | None:
    """The year written; None where there is none, or the number behind the month is hardly one."""
    year = match["year"]
    if not year or (not context.stamp and guards.is_quantity(match)):
        return None
    if len(year) == 4:
        return int(year) if context.stamp or int(year) in _PLAUSIBLE[calendar] else None
    full = _century(int(year.strip("'")), calendar, context)
    recent = full > year_of(context.today, calendar) - _SHORT_YEARS
    return full if context.stamp or recent or guards.is_end_of_phrase(match) else None


def _year_outside(match: re.Match[str], context: Context) -> Found | None:
    """«June 9, 2020», «1399 خرداد 20», «Tue Jun 09 09:01:00 IRDT 2020»."""
    if match.re is patterns.YEAR_FIRST and not context.stamp:
        return None
    calendar, month = names.MONTH_OF[names.key_of(match["month"])]
    found = _found(match, _choices(calendar, (int(match["year"]), month, int(match["day"]))))
    return with_time(found, match) if found and match.re is patterns.CTIME else found


def year_of(day: date, calendar: Calendar) -> int:
    """The year of a day in a calendar."""
    if calendar == "jalali":
        return jalali_parts(day)[0]
    return day.year if calendar == "gregorian" else hijri_year(day)


def _century(short: int, calendar: Calendar, context: Context) -> int:
    """The year of two digits that is the last one not after the next."""
    latest = year_of(context.today, calendar) + 1
    return latest - (latest - short) % 100


def _without_year(
    match: re.Match[str], named: tuple[Calendar, int, int], context: Context, end: int
) -> Found | None:
    """The nearest such day to the context's, of a stamp the last.

    One of the weekday named is preferred, unless the nearest is so near that rather the weekday is wrong.
    """
    calendar, month, day = named
    today = context.today
    this = year_of(today, calendar)
    days = [found for year in range(this - 1, this + 2) if (found := day_of(calendar, year, month, day))]
    if context.stamp:
        days = [found for found in days if found <= today + GRACE]
    days.sort(key=lambda found: abs(found - today))
    weekday, _ = _weekday(match, end)
    near = bool(days) and not context.stamp and abs(days[0] - today) <= NEAR
    choices = [_Choice(calendar, one) for one in (days[:1] if near else days)]
    agrees = any(one.day.weekday() == weekday for one in choices)
    reason = NO_YEAR_SURE if near and agrees else NO_YEAR_NEAR if near or agrees else NO_YEAR
    return _found(match, choices, reason, end=end)


def _numeric(match: re.Match[str], context: Context) -> Found | None:
    """«۱۳۹۹/۰۳/۲۰», «20/03/1399», «9/6/2020», «99/03/20»."""
    if guards.is_numbered_thing(match):
        return None
    first, second, third = match["first"], match["second"], match["third"]
    lunar = bool(match["lunar"])
    if len(first) == 4 and len(third) <= 2:
        return _found(match, _four_digits((int(first), int(second), int(third)), lunar=lunar))
    if len(third) == 4 and len(first) <= 2:
        return _found(match, _year_last(match, context, lunar=lunar))
    return _short(match, context)


def _four_digits(parts: tuple[int, int, int], *, lunar: bool = False) -> list[_Choice]:
    calendar: Calendar = "gregorian" if parts[0] >= FIRST_GREGORIAN_YEAR else "hijri" if lunar else "jalali"
    return _choices(calendar, parts)


def _year_last(match: re.Match[str], context: Context, *, lunar: bool) -> list[_Choice]:
    """Day first; a Gregorian month only where the day could be none or would be in the future."""
    year, one, other = int(match["third"]), int(match["first"]), int(match["second"])
    if year < FIRST_GREGORIAN_YEAR or one == other:
        return _four_digits((year, other, one), lunar=lunar)
    american = _choices("gregorian", (year, one, other), MONTH_FIRST)
    european = _choices("gregorian", (year, other, one), DAY_FIRST if american else None)
    choices = [*european, *american]
    return [each for each in choices if _is_past(each.day, context)] if context.stamp else choices


def _is_past(day: date, context: Context) -> bool:
    return day <= context.today + GRACE


def _short(match: re.Match[str], context: Context) -> Found | None:
    """Two digits for the Jalali year; in running text only as «99/03/20», all pairs full."""
    first, second, third = match["first"], match["second"], match["third"]
    full = len(first) == len(second) == len(third) == 2 and match["sign"] in "/⁄"
    if match["sign"] == "." or max(len(first), len(third)) > 2 or not (full or context.stamp):
        return None
    choices = [*_short_choices(first, second, third, context), *_short_choices(third, second, first, context)]
    recent = [one for one in choices if abs(one.day - context.today).days < _SHORT_YEARS * 365]
    reasons = [SHORT_YEAR, *([DAY_FIRST] if len({one.day for one in recent}) > 1 else [])]
    return _found(match, choices, *reasons)


def _short_choices(year: str, month: str, day: str, context: Context) -> Iterator[_Choice]:
    if len(year) == 2:
        full = _century(int(year), "jalali", context)
        for choice in _choices("jalali", (full, int(month), int(day))):
            ago = (context.today - choice.day).days
            if ago < _OLDEST_SHORT_YEAR * 366 and (not context.stamp or _is_past(choice.day, context)):
                yield choice


def _relative(match: re.Match[str], context: Context) -> Found | None:
    """«۲ ساعت پیش» to the minute, «دیروز» to the day."""
    if match["named"]:
        return _named_day(match, context)
    if match["last"]:
        if not context.stamp:
            return None
        return _days_ago(match, context, names.UNITS[match["last"]], RELATIVE_LONG)
    if match["vague"]:
        ago = names.VAGUE_OF[names.key_of(match["vague"])]
    else:
        unit = names.UNITS[match["unit"]]
        ago = unit * names.number_of(match["count"]) + (unit / 2 if match["half"] else timedelta())
        if match["count2"]:
            ago += names.UNITS[match["unit2"]] * names.number_of(match["count2"])
        if unit >= timedelta(days=1):
            long = unit > timedelta(days=1) or bool(match["half"])
            return _days_ago(match, context, ago, RELATIVE_LONG if long else RELATIVE)
    instant = (context.at - ago).astimezone(UTC)
    return Found(match.start(), match.end(), instant, "minute", "jalali", (RELATIVE,), match.end())


def _named_day(match: re.Match[str], context: Context) -> Found | None:
    days = names.DAY_OF[names.key_of(match["named"])]
    if context.stamp and days > 0:
        return None
    if not context.stamp and is_no_named_day(match):
        return None
    return _days_ago(match, context, timedelta(days=-days), RELATIVE)


def _days_ago(match: re.Match[str], context: Context, ago: timedelta, reason: Reason) -> Found | None:
    return _found(match, [_Choice("jalali", context.today - ago)], reason)


def read_compact(plain: str) -> Found | None:
    """«13990320», «20200609T043100Z»: digits alone."""
    match = patterns.COMPACT.fullmatch(plain)
    if match is None:
        return None
    found = _found(match, _four_digits((int(match["first"]), int(match["second"]), int(match["third"]))))
    if found is None or match["clock_hour"] is None:
        return found
    written = "{}:{}:{}{}".format(
        *match.group("clock_hour", "clock_minute"), match["clock_second"] or "00", match["offset"] or ""
    )
    clock = patterns.TIME.fullmatch(written)
    return with_time(found, clock) if clock else None


#: Each pattern of dates, with its reader.
READERS: dict[re.Pattern[str], Callable[[re.Match[str], Context], Found | None]] = {
    patterns.NAMED: _named,
    patterns.MONTH_FIRST: _year_outside,
    patterns.YEAR_FIRST: _year_outside,
    patterns.CTIME: _year_outside,
    patterns.NUMERIC: _numeric,
    patterns.RELATIVE: _relative,
}
