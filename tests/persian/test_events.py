"""The days that a text speaks of."""

import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model import EventDate
from aggregator.persian.dates import find_dates, find_event_dates, parse_date
from tests.persian.date_shapes import STAMP
from tests.persian.date_texts import date_texts
from tests.persian.event_shapes import EVENTS, NO_EVENTS
from tests.persian.texts import texts

SEED = Path(__file__).resolve().parents[3] / "shared" / "seed-article.txt"
#: A text longer than any paragraph; where time is quadratic, it takes minutes.
LENGTH = 20_000


def shown(found: list[EventDate]) -> str:
    return " | ".join(f"{one.text} = {one.day}" for one in found)


@pytest.mark.parametrize(("text", "expected"), EVENTS.items())
def test_days_are_found_and_resolved(text: str, expected: str) -> None:
    found = find_event_dates(text, STAMP)
    assert shown(found) == expected
    assert all(text[one.start : one.end] == one.text for one in found)


@pytest.mark.parametrize("text", NO_EVENTS)
def test_what_speaks_of_no_day(text: str) -> None:
    assert find_event_dates(text, STAMP) == []


@pytest.mark.parametrize(
    ("text", "confidence", "doubts"),
    [
        ("دوشنبه ۱۹ خرداد ۱۳۹۹", 1.0, ()),
        ("دوشنبه ۱۹ خرداد", 0.95, ("year",)),
        ("۱۹ خرداد", 0.85, ("year",)),
        ("۱۹ آذر", 0.7, ("year",)),
        ("یکشنبه ۱۹ خرداد", 0.42, ("year", "weekday")),
        ("جمعه ۲۲ آذر", 0.85, ("year",)),
        ("۱۹ خرداد ۹۹", 0.8, ("two-digit-year",)),
        ("۹/۶/۲۰۲۰", 0.85, ("order",)),
        ("۱۷ شوال ۱۴۴۱", 0.7, ("lunar",)),
        ("دیروز", 0.8, ("relative",)),
        ("دوشنبه هفته جاری", 0.8, ("relative",)),
        ("دوشنبه برگزار شد", 0.7, ("relative",)),
        ("نشست دوشنبه", 0.6, ("relative",)),
        ("امروز (دوشنبه)", 0.4, ("relative", "weekday")),
    ],
)
def test_what_lowers_the_confidence_is_told(text: str, confidence: float, doubts: tuple[str, ...]) -> None:
    (found,) = find_event_dates(text, STAMP)
    assert (found.confidence, found.doubts) == (confidence, doubts)


@pytest.mark.parametrize(
    ("text", "calendar"), [("۱۹ خرداد", "jalali"), ("۹ ژوئن", "gregorian"), ("۱۷ شوال", "hijri")]
)
def test_the_calendar_is_told(text: str, calendar: str) -> None:
    (found,) = find_event_dates(text, STAMP)
    assert found.calendar == calendar


def test_a_range_tells_each_of_its_days_what_it_knows_of_the_last() -> None:
    found = find_event_dates("شنبه ۱۹ تا سه‌شنبه ۲۱ خرداد", STAMP)
    assert [one.doubts for one in found] == [("year", "weekday"), ("year", "weekday")]
    assert [one.day for one in found] == [date(2020, 6, 8), date(2020, 6, 10)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("۲۰ خرداد ۱۳۹۹ و ۲۱ خرداد", "۲۰ خرداد ۱۳۹۹ = 2020-06-09"),
        ("۲۸ خرداد تا ۳ تیر ۱۳۹۵", "۲۸ خرداد = 2016-06-17 | ۳ تیر ۱۳۹۵ = 2016-06-23"),
        ("۱۹ و ۲۰ خرداد ۱۳۹۹", "۱۹ = 2020-06-08 | ۲۰ خرداد ۱۳۹۹ = 2020-06-09"),
        ("1399/03/20، دیروز، دوشنبه هفته جاری، ۲۰ خرداد ۹۹، ۲ روز پیش", "1399/03/20 = 2020-06-09"),
        ("۹۹/۰۳/۲۰ و سال جاری", ""),
    ],
)
def test_without_a_date_of_publication_only_full_dates_are_kept(text: str, expected: str) -> None:
    assert shown(find_event_dates(text, None)) == expected


def test_tehran_decides_which_day_it_is() -> None:
    evening = datetime(2020, 6, 8, 20, 0, tzinfo=UTC)  # half past midnight of the 9th
    assert shown(find_event_dates("دیروز برگزار شد", evening)) == "دیروز = 2020-06-08"
    assert shown(find_event_dates("2020-06-08T20:00:00Z", STAMP)) == "2020-06-08 = 2020-06-09"


@pytest.mark.parametrize(("published", "day"), [("2020-01-05", "2019-12-31"), ("2019-12-20", "2019-12-31")])
def test_a_date_without_a_year_is_the_nearest(published: str, day: str) -> None:
    at = datetime.fromisoformat(published).replace(hour=9, tzinfo=UTC)
    assert shown(find_event_dates("۱۰ دی", at)) == f"۱۰ دی = {day}"


def test_dates_cross_no_line_and_stand_in_no_address() -> None:
    assert find_event_dates("تعداد ۱۹\nخرداد\nwww.x.ir/1399/03/20 https://x.ir/a-1399-03-20", STAMP) == []


def test_the_seed_article_speaks_of_one_day() -> None:
    if not SEED.is_file():
        pytest.skip("no seed article beside the checkout")
    text = SEED.read_text(encoding="utf-8").strip().rpartition("\n")[0]
    assert shown(find_event_dates(text, STAMP)) == "دوشنبه 19 خرداد = 2020-06-08"
    assert find_event_dates(text, None) == []


@settings(max_examples=400, deadline=None)
@given(st.one_of(texts, date_texts), st.one_of(st.none(), st.just(STAMP)))
def test_any_text_is_searched_without_an_error(text: str, published: datetime | None) -> None:
    last = 0
    for found in find_event_dates(text, published):
        assert last <= found.start < found.end <= len(text)
        assert found.text == text[found.start : found.end]
        assert 0 < found.confidence <= 1
        assert bool(found.doubts) == (found.confidence < 1)
        last = found.end


@pytest.mark.parametrize(
    "unit",
    [
        "1", "1 ", "1/", "1 و ", "20 تا ", "19-", "20خرداد", "روز ", "شنبه ", "شنبه و ", "دوشنبه   ",
        "امروز ", "امروز و ", "دنیای ", "بیستم ", "بیستم و ", "دو روز ", "ماه ", "خیابان ", "هفته ", "می ",
        "شنبه 1 تا ", "ساعت ", "www.", "http://", "(", "ـ", "\u200c",
    ],
)  # fmt: skip
def test_a_long_run_of_anything_is_done_in_no_time(unit: str) -> None:
    text = unit * (LENGTH // len(unit)) + " خرداد"
    start = time.process_time()
    find_event_dates(text, STAMP)
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "start",
    [
        "شنبه", "شنبه مورخ", "شنبه و", "20", "20 و", "بیستم", "بیستم ماه", "20 خرداد", "20 خرداد ماه",
        "20 خرداد سال", "20 خرداد 1399", "20 خرداد 1399 هجری", "1399/03/20 ه", "1399/03/20 ساعت",
        "2 ساعت", "2 ساعت و", "دو", "امروز", "روز", "Jun", "Jun 9", "خرداد 20 09:01", "ساعت", "ساعت 9 و",
        "09:01", "چند",
    ],
)  # fmt: skip
def test_a_long_blank_behind_anything_is_passed_in_no_time(start: str) -> None:
    text = start + " " * 4 * LENGTH + "."
    begun = time.process_time()
    find_event_dates(text, STAMP)
    find_dates(text, at=STAMP)
    parse_date(text, now=STAMP)
    assert time.process_time() - begun < 5
