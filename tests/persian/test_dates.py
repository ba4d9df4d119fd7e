"""Dates: stamps as sites write them, dates in running text, and what is no date."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.persian.dates import find_dates, parse_date
from aggregator.persian.dates.hijri import from_hijri, hijri_year
from tests.persian.date_shapes import DAY, DOUBTS, MINUTE, NOW, REFUSED, RELATIVE, STAMP, STAMPS
from tests.persian.date_texts import date_texts
from tests.persian.texts import texts

FORMATS = Path(__file__).resolve().parents[3] / "shared" / "facts" / "date-formats.tsv"


@pytest.mark.parametrize(
    ("stamp", "expected"), [(stamp, answer) for answer, stamps in STAMPS.items() for stamp in stamps]
)
def test_a_stamp_is_read(stamp: str, expected: str) -> None:
    reading = parse_date(stamp, now=NOW)
    assert reading is not None
    assert reading.iso() == expected
    assert reading.raw == stamp.strip()
    assert reading.precision == ("minute" if "T" in expected else "day")


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_date(text, now=NOW) is None


def test_every_fact_about_date_formats() -> None:
    if not FORMATS.is_file():
        pytest.skip("no date-formats.tsv beside the checkout")
    with FORMATS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    for row in rows:
        if row["expected_utc_or_day"]:
            at = STAMP if row["role"] == "event" else NOW
            reading = parse_date(row["raw"].replace("\\u00a0", "\u00a0"), now=at)
            assert reading is not None, row["raw"]
            assert reading.iso() == row["expected_utc_or_day"], row["raw"]


@pytest.mark.parametrize(
    ("text", "calendar"),
    [
        ("۱۳۹۹/۰۳/۲۰", "jalali"),
        ("2020-06-09", "gregorian"),
        ("۱۷ شوال ۱۴۴۱", "hijri"),
        ("1399-03-20T09:01Z", "jalali"),
    ],
)
def test_the_calendar_is_told(text: str, calendar: str) -> None:
    reading = parse_date(text, now=NOW, origin="meta")
    assert reading is not None
    assert (reading.calendar, reading.origin) == (calendar, "meta")


@pytest.mark.parametrize(("text", "expected"), DOUBTS.items())
def test_what_lowers_the_confidence_is_told(text: str, expected: tuple[float, tuple[str, ...]]) -> None:
    reading = parse_date(text, now=NOW)
    assert reading is not None
    assert (reading.confidence, reading.doubts) == expected


@pytest.mark.parametrize(("text", "expected"), RELATIVE.items())
def test_what_a_stamp_leaves_out_is_taken_from_now(text: str, expected: str) -> None:
    reading = parse_date(text, now=STAMP)
    assert reading is not None
    assert reading.iso() == expected
    assert reading.confidence < 1
    assert {"relative", "year"}.intersection(reading.doubts)


def test_a_day_of_grace_for_clocks_that_run_ahead() -> None:
    assert parse_date("2020-06-10T04:30:00Z", now=STAMP) is not None
    assert parse_date("2020-06-10T04:32:00Z", now=STAMP) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "روز دوشنبه 19 خرداد برگزار شد. ۲۰ خرداد ۱۳۹۹ ۰۹:۰۱",
            [("دوشنبه 19 خرداد", "2020-06-08"), ("۲۰ خرداد ۱۳۹۹ ۰۹:۰۱", MINUTE)],
        ),
        ("از ۳ تیر تا ۵ تیرماه", [("۳ تیر", "2020-06-23"), ("۵ تیرماه", "2020-06-25")]),
        ("در ۱۹ خرداد ۵۰ نفر", [("۱۹ خرداد", "2020-06-08")]),
        ("در ۱۹ خرداد ۲۵۰۰ نفر", [("۱۹ خرداد", "2020-06-08")]),
        ("در ۱۹ خرداد ۹۸، ۵۰ نفر", [("۱۹ خرداد ۹۸", "2019-06-09")]),
        ("۱۵ تیر ۱۳۹۹ برگزار می‌شود", [("۱۵ تیر ۱۳۹۹", "2020-07-05")]),
        ("سه‌\u200fشنبه، بیستم خرداد آمد", [("سه‌\u200fشنبه، بیستم خرداد", "2020-06-09")]),
        ("در ۲۰ خرداد، ساعت ۱۰ صبح آمد", [("۲۰ خرداد، ساعت ۱۰ صبح", "2020-06-09T05:30:00Z")]),
        ("۵ می رود و ۵ می آمد و ۶ می", [("۶ می", "2020-05-06")]),
        ("دنیای امروز و امروز (سه‌شنبه)", [("امروز", "2020-06-09")]),
        ("در ۱۹ خرداد، ۹۸ نفر و در ۲۰ خرداد ۱۳۵۰ تن", [("۱۹ خرداد", "2020-06-08"), ("۲۰ خرداد", DAY)]),
        ("در ۲۲ بهمن ۵۷، روزی بزرگ", [("۲۲ بهمن ۵۷", "1979-02-11")]),
        ("۲۰ خرداد ۱۳۹۹\n۰۹:۰۱", [("۲۰ خرداد ۱۳۹۹", DAY)]),  # a date crosses no line
        ("تعداد: ۲۰\nخرداد ۱۳۹۹", []),
        ("نامه شماره ۹۹/۰۳/۲۰ مورخ ۹۹/۰۳/۱۸", [("۹۹/۰۳/۱۸", "2020-06-07")]),
        ("دولت دوازدهم تیرماه و ۱۵ تیر برق و نیمه اول تیر", []),
        ("دو ساعت پیش از افتتاح، ۲ روز قبل از آن", []),
        ("یکشنبه ۱۹ خرداد", [("یکشنبه ۱۹ خرداد", "2020-06-08")]),  # near: rather the weekday is wrong
        ("جمعه ۲۲ آذر", [("جمعه ۲۲ آذر", "2019-12-13")]),
        ("دیروز گفت", [("دیروز", "2020-06-08")]),
        ("ﻻزم است ﷺ تا ۱۳۹۹/۰۳/۲۰.", [("۱۳۹۹/۰۳/۲۰", "2020-06-09")]),
        ("تلفن ۰۲۱-۶۴-۴۹ و نتیجه ۳-۲-۱ و 192.168.1.1 و ۵/۲ و ۳۱ مهر", []),
        ("۳۱ مهر ۱۳۹۹ و ۱ آبان ۱۳۹۹", [("۱ آبان ۱۳۹۹", "2020-10-22")]),
        ("https://x.ir/fa/news/1399/03/20/5", []),
        ("", []),
    ],
)  # fmt: skip
def test_dates_are_found_in_running_text(text: str, found: list[tuple[str, str]]) -> None:
    dates = find_dates(text, at=STAMP)
    assert [(date.text, date.reading.iso()) for date in dates] == found
    assert all(text[date.start : date.end] == date.text for date in dates)


@given(st.dates(date(1990, 1, 1), date(2026, 1, 1)))
def test_lunar_arithmetic_keeps_the_order_of_days(day: date) -> None:
    year = hijri_year(day)
    assert from_hijri(year, 1, 1) - timedelta(days=1) <= day < from_hijri(year + 1, 1, 1) + timedelta(days=1)


@settings(max_examples=300, deadline=None)
@given(st.one_of(texts, date_texts))
def test_any_text_is_searched_without_an_error(text: str) -> None:
    last = 0
    for found in find_dates(text, at=STAMP):
        assert last <= found.start < found.end <= len(text)
        assert found.text == text[found.start : found.end]
        assert found.reading.instant.tzinfo is not None
        assert bool(found.reading.doubts) == (found.reading.confidence < 1)
        last = found.end


@settings(max_examples=300, deadline=None)
@given(st.one_of(texts, date_texts))
def test_any_text_is_read_as_a_stamp_without_an_error(text: str) -> None:
    reading = parse_date(text, now=STAMP)
    if reading is not None:
        assert reading.instant <= STAMP + timedelta(days=1)
        assert bool(reading.doubts) == (reading.confidence < 1)
