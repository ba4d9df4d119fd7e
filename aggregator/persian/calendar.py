"""Days and instants in Tehran, and the Jalali calendar.

Conversions are jdatetime's (right for 1300–1500); the clock is the tz database's: +04:30 in the summers
up to 1401, +03:30 since. Instants are aware; those given back are in UTC.
"""

import re
from datetime import UTC, date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

import jdatetime

from aggregator.persian.digits import to_latin_digits, to_persian_digits

TEHRAN = ZoneInfo("Asia/Tehran")

JALALI_MONTHS = (
    "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
)  # fmt: skip
#: From the first day of the week on.
WEEKDAYS = ("شنبه", "یکشنبه", "دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه")

#: A year below it is Jalali, another one Gregorian.
FIRST_GREGORIAN_YEAR = 1700

_DAY = re.compile(r"\s*(\d{4})([-/])(\d{1,2})\2(\d{1,2})\s*", re.ASCII)


def tehran_day(instant: datetime) -> date:
    """The calendar day in Tehran of an aware instant."""
    return instant.astimezone(TEHRAN).date()


def instant_of_day(day: date) -> datetime:
    """The first instant of a day in Tehran.

    In years with summer time 2 Farvardin began at 01:00; the round trip through UTC lands there.
    """
    return tehran_instant(day, time())


def tehran_instant(day: date, clock: time) -> datetime:
    """The instant of a wall-clock time in Tehran; a time that the spring skipped is read one hour later."""
    return datetime.combine(day, clock, TEHRAN).astimezone(UTC)


def from_jalali(year: int, month: int, day: int) -> date:
    """The Gregorian date of a Jalali one; ValueError where there is no such day."""
    converted: date = jdatetime.date(year, month, day).togregorian()
    return converted


def jalali_parts(day: date) -> tuple[int, int, int]:
    """Jalali year, month and day of the month."""
    jalali = jdatetime.date.fromgregorian(date=day)
    return jalali.year, jalali.month, jalali.day


def jalali_date(day: date) -> str:
    """For example ``1399-03-20``."""
    return "{:04d}-{:02d}-{:02d}".format(*jalali_parts(day))


def jalali_month(instant: datetime) -> str:
    """The Jalali month in Tehran of an aware instant, for example ``1399-03``."""
    return jalali_date(tehran_day(instant))[:7]


def jalali_week(day: date) -> str:
    """The week of the Jalali year, for example ``1399-W12``: from Saturday on, the first has 1 Farvardin."""
    jalali = jdatetime.date.fromgregorian(date=day)
    return f"{jalali.year:04d}-W{jalali.weeknumber():02d}"


def jalali_weekday(day: date) -> tuple[int, str]:
    """The day of the week: its number, 1 for Saturday, and its name."""
    number = jdatetime.date.fromgregorian(date=day).weekday()
    return number + 1, WEEKDAYS[number]


def format_jalali(instant: datetime, precision: Literal["minute", "day"]) -> str:
    """For people: ``۲۰ خرداد ۱۳۹۹، ۰۹:۰۱``; without the time where the precision is a day."""
    local = instant.astimezone(TEHRAN)
    year, month, day = jalali_parts(local.date())
    text = f"{day} {JALALI_MONTHS[month - 1]} {year}"
    if precision == "minute":
        text += f"، {local:%H:%M}"
    return to_persian_digits(text)


def parse_day(text: str) -> date:
    """A day as a person types it: year, month, day, in any digits, parted by ``-`` or ``/``.

    A year below 1700 is Jalali. ValueError, with a sentence for that person, for anything else.
    """
    found = _DAY.fullmatch(to_latin_digits(text))
    if found is None:
        raise ValueError(f"“{text}” is not a date; write it as 1399-03-20 or 2020-06-09")
    year, month, day = int(found[1]), int(found[3]), int(found[4])
    try:
        return from_jalali(year, month, day) if year < FIRST_GREGORIAN_YEAR else date(year, month, day)
    except ValueError:
        raise ValueError(f"“{text}” is not a day of the calendar") from None
