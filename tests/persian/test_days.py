"""Every day of 150 years: printed and read again, and placed in time as the tz database says."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from aggregator.persian.calendar import (
    JALALI_MONTHS,
    format_jalali,
    from_jalali,
    instant_of_day,
    jalali_date,
    jalali_parts,
)
from aggregator.persian.dates import parse_date
from aggregator.persian.digits import to_persian_digits

TEHRAN = ZoneInfo("Asia/Tehran")
FIRST, LAST = from_jalali(1300, 1, 1), from_jalali(1450, 12, 29)
AFTER = datetime(2080, 1, 1, tzinfo=UTC)
WEEKDAYS = ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def days() -> Iterator[date]:
    return (FIRST + timedelta(days=count) for count in range((LAST - FIRST).days + 1))


def named(day: date) -> str:
    year, month, number = jalali_parts(day)
    return f"{WEEKDAYS[day.weekday()]} {number} {JALALI_MONTHS[month - 1]}‌ماه {year}"


def slashed(day: date) -> str:
    return to_persian_digits(jalali_date(day).replace("-", "/"))


def read(text: str) -> datetime:
    reading = parse_date(text, now=AFTER)
    assert reading is not None, text
    assert reading.confidence == 1
    return reading.instant


@pytest.mark.parametrize(
    "written",
    [
        date.isoformat,
        lambda day: jalali_date(day) if day.day % 2 else slashed(day),
        lambda day: named(day) if day.day % 2 else format_jalali(instant_of_day(day), "day"),
    ],
    ids=["gregorian", "numbers", "names"],
)
def test_every_day_is_read_as_it_is_printed(written: Callable[[date], str]) -> None:
    for day in days():
        assert read(written(day)) == instant_of_day(day), day


def test_every_day_has_the_offset_of_the_tz_database() -> None:
    """At noon, as pages print it and, in UTC, as records do."""
    for day in days():
        noon = datetime.combine(day, time(12), TEHRAN)
        offset = noon.utcoffset()
        assert offset is not None
        instant = read(format_jalali(noon, "minute"))
        assert datetime.combine(day, time(12), UTC) - instant == offset, day


def turns() -> list[datetime]:
    """The instants at which the clocks of Tehran were put forward or back, to the hour, from 1314 on."""
    steps = (datetime(1935, 7, 1, tzinfo=UTC) + HOUR * count for count in range(24 * 366 * 100))
    found, before = [], None
    for instant in (step for step in steps if step.hour in (19, 20, 21)):
        offset = instant.astimezone(TEHRAN).utcoffset()
        if before is not None and offset != before:
            found.append(instant)
        before = offset
    return found


def test_an_hour_that_was_skipped_is_read_an_hour_later_and_a_doubled_one_as_the_first() -> None:
    skipped = doubled = 0
    for turn in turns():
        for minutes in range(-120, 120, 15):
            wall = (turn + timedelta(minutes=minutes)).astimezone(TEHRAN).replace(tzinfo=None, fold=0)
            for clock in (wall, wall + HOUR):
                local = clock.replace(tzinfo=TEHRAN)
                exists = local.astimezone(UTC).astimezone(TEHRAN).replace(tzinfo=None) == clock
                instant = read(f"{jalali_date(clock.date())} {clock:%H:%M}")
                shown = instant.astimezone(TEHRAN)
                assert shown.replace(tzinfo=None, fold=0) == (clock if exists else clock + HOUR)
                assert shown.fold == 0
                skipped += not exists
                doubled += exists and local.utcoffset() != local.replace(fold=1).utcoffset()
    assert skipped > 100
    assert doubled > 100


def test_no_day_but_those_of_the_calendar_is_read() -> None:
    """31 days in the first six months, 30 in the next five, and 29 or 30 in Esfand."""
    for year in range(1300, 1451):
        leap = (from_jalali(year + 1, 1, 1) - from_jalali(year, 1, 1)).days == 366
        for month in range(1, 13):
            length = 31 if month < 7 else 30 if month < 12 or leap else 29
            assert parse_date(f"{year}/{month}/{length}", now=AFTER) is not None
            assert parse_date(f"{year}/{month}/{length + 1}", now=AFTER) is None
