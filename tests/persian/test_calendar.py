"""Days, months and instants in Tehran."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.persian.calendar import (
    format_jalali,
    from_jalali,
    instant_of_day,
    jalali_date,
    jalali_month,
    parse_day,
    tehran_day,
)

FIRST, LAST = from_jalali(1300, 1, 1), from_jalali(1450, 12, 29)


def test_every_day_of_150_years_is_one_day_there_and_back() -> None:
    day = FIRST
    seen = 0
    while day <= LAST:
        year, month, number = map(int, jalali_date(day).split("-"))
        assert from_jalali(year, month, number) == day
        assert tehran_day(instant_of_day(day)) == day
        day += timedelta(days=1)
        seen += 1
    assert seen == (LAST - FIRST).days + 1


@pytest.mark.parametrize("year", [1399, 1403, 1408])
def test_leap_years_have_a_30th_of_esfand(year: int) -> None:
    assert jalali_date(from_jalali(year, 12, 30)) == f"{year}-12-30"


@pytest.mark.parametrize("parts", [(1404, 12, 30), (1399, 7, 31), (1399, 13, 1), (1399, 1, 0)])
def test_days_that_do_not_exist_are_refused(parts: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        from_jalali(*parts)


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        ("1399-03-20", "2020-06-08T19:30:00"),  # summer, +04:30
        ("1399-12-01", "2021-02-18T20:30:00"),  # winter, +03:30
        ("1402-03-20", "2023-06-09T20:30:00"),  # summer without summer time
        ("1399-01-02", "2020-03-20T20:30:00"),  # its first hour does not exist
    ],
)
def test_a_day_begins_with_tehrans_clock(day: str, instant: str) -> None:
    assert instant_of_day(parse_day(day)) == datetime.fromisoformat(instant).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["1399-03-20", "1399/3/20", "۱۳۹۹/۰۳/۲۰", "١٣٩٩-٠٣-٢٠", "2020-06-09", "2020/6/9", " ۲۰۲۰-۰۶-۰۹ "],
)
def test_people_may_type_a_day_in_either_calendar(text: str) -> None:
    assert parse_day(text) == date(2020, 6, 9)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "1399-7-31", "2020-02-30", "1399/03-20", "99/03/20", "0000-01-01"]
)
def test_what_is_no_day_is_refused_with_the_text(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a (date|day)") as caught:
        parse_day(text)
    assert text in str(caught.value)


def test_people_are_shown_jalali_dates_in_persian() -> None:
    instant = datetime(2020, 6, 9, 4, 31, tzinfo=UTC)
    assert format_jalali(instant, "minute") == "۲۰ خرداد ۱۳۹۹، ۰۹:۰۱"
    assert format_jalali(instant, "day") == "۲۰ خرداد ۱۳۹۹"


def test_a_month_turns_at_midnight_in_tehran() -> None:
    turn = instant_of_day(parse_day("1399-04-01"))
    assert jalali_month(turn) == "1399-04"
    assert jalali_month(turn - timedelta(seconds=1)) == "1399-03"


@given(st.dates(FIRST, LAST))
def test_a_printed_day_is_read_again(day: date) -> None:
    assert parse_day(jalali_date(day)) == day
