"""Dates: stamps as sites write them, dates in running text, and what is no date."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.persian.calendar import JALALI_MONTHS, from_jalali, instant_of_day, jalali_parts
from aggregator.persian.dates import find_dates, parse_date
from aggregator.persian.digits import to_persian_digits
from aggregator.persian.hijri import from_hijri, hijri_year
from tests.persian.texts import texts

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
STAMP = datetime(2020, 6, 9, 4, 31, tzinfo=UTC)
FORMATS = Path(__file__).resolve().parents[3] / "shared" / "facts" / "date-formats.tsv"
FIRST, LAST = from_jalali(1300, 1, 1), from_jalali(1450, 12, 29)

DAY = "2020-06-09"
MINUTE = "2020-06-09T04:31:00Z"

#: Stamps by the answer they give.
STAMPS = {
    MINUTE: [
        "۲۰ خرداد ۱۳۹۹ ۰۹:۰۱", "۲۰ خرداد ۱۳۹۹ - ۰۹:۰۱", "۲۰ خرداد ۱۳۹۹ / ۰۹:۰۱", "۲۰ خرداد ۱۳۹۹، ۰۹:۰۱",
        "۲۰ خرداد ۱۳۹۹ , ۰۹:۰۱", "۲۰ خرداد ۱۳۹۹ ساعت ۰۹:۰۱", "۲۰ خرداد ۱۳۹۹ در ساعت ۹:۰۱",
        "۲۰ خرداد ۱۳۹۹ (۰۹:۰۱)", "20 خرداد 1399 - 9:01", "٢٠ خرداد ١٣٩٩ ٠٩:٠١",
        "۲۰\u00a0خرداد\u00a0۱۳۹۹\u00a0-\u00a0۰۹:۰۱", "۲۰ خرداد ماه ۱۳۹۹ ساعت ۰۹:۰۱",
        "سه‌شنبه ۲۰ خرداد ۱۳۹۹ - ۰۹:۰۱", "سه شنبه ۲۰ خرداد ۱۳۹۹ - ۰۹:۰۱",
        "سهشنبه، ۲۰ خرداد ۱۳۹۹ ساعت ۰۹:۰۱", "تاریخ انتشار: ۲۰ خرداد ۱۳۹۹ - ۰۹:۰۱",
        "تاریخ انتشار : سه شنبه ۲۰ خرداد ۱۳۹۹ ساعت ۰۹:۰۱ کد خبر: ۱۲۳۴", "۱۳۹۹/۰۳/۲۰ ۰۹:۰۱",
        "۱۳۹۹/۰۳/۲۰ - ۰۹:۰۱", "۱۳۹۹/۰۳/۲۰ , ۰۹:۰۱", "۱۳۹۹/۳/۲۰ ساعت ۹:۰۱", "1399-03-20 09:01",
        "1399-03-20T09:01", "1399-03-20T09:01:00+04:30", "۱۳۹۹-۰۳-۲۰T۰۹:۰۱:۰۰+04:30",
        "1399-03-20T04:31:00Z", "1399.03.20 09:01", "20/03/1399 09:01", "۲۰/۳/۱۳۹۹ - ۹:۰۱",
        "۰۹:۰۱ - ۱۳۹۹/۰۳/۲۰", "۰۹:۰۱ ۲۰ خرداد ۱۳۹۹", "ساعت ۰۹:۰۱ روز سه‌شنبه ۲۰ خرداد ۱۳۹۹",
        "تاریخ: ۱۳۹۹/۰۳/۲۰  زمان: ۰۹:۰۱", "۲۰ خرداد ۱۳۹۹ | ۰۹:۰۱", "۲۰ خرداد ۱۳۹۹ ۹:۰۱ ق.ظ",
        "۲۰ خرداد ۱۳۹۹ - ۰۹:۰۱ صبح", "۲۰ خرداد ۱۳۹۹ ۹:۰۱ قبل از ظهر", "1399/03/20 9:01 AM",
        "99/03/20 - 09:01", "99/3/20 9:01", "۹۹/۰۳/۲۰، ۰۹:۰۱", "سه شنبه 99/03/20 - 09:01",
        "2020-06-09T04:31:00Z", "2020-06-09T09:01:00", "2020-06-09 09:01", "2020-06-09T09:01:00+04:30",
        "2020-06-09T09:01:00+0430", "2020-06-09 T 09:01:00 +0430", "2020-06-09T06:31:00.000+02:00",
        "20200609T043100Z", "202006090901", "13990320090100", "09 Jun 2020 09:01:00 +0430",
        "Tue, 09 Jun 2020 04:31:00 GMT", "Tue, 9 Jun 2020 09:01 +0430", "9 June 2020 04:31 UTC",
        "June 9, 2020 9:01 AM", "Jun 9, 2020 9:01 am", "9/6/2020 09:01", "۹ ژوئن ۲۰۲۰ - ۰۹:۰۱",
        "۹ ژوئن ۲۰۲۰ میلادی ساعت ۰۹:۰۱", "2020/06/09 09:01", "۲۰ خرداد ۹۹ - ۰۹:۰۱",
        "\u200f۲۰ خرداد\u200f ۱۳۹۹ ۰۹:۰۱",
    ],
    DAY: [
        "۲۰ خرداد ۱۳۹۹", "20 خرداد 1399", "سه‌شنبه ۲۰ خرداد ۱۳۹۹", "سه شنبه ، 20 خرداد ماه 1399",
        "بیستم خرداد ۱۳۹۹", "بیستم خردادماه سال ۱۳۹۹", "۲۰ام خرداد ۱۳۹۹", "۱۳۹۹/۰۳/۲۰", "1399/3/20",
        "۱۳۹۹-۰۳-۲۰", "1399.3.20", "13990320", "20/03/1399", "۲۰ / ۰۳ / ۱۳۹۹", "99/03/20", "2020-06-09",
        "2020/6/9", "20200609", "9/6/2020", "09.06.2020", "9 June 2020", "June 9th, 2020", "۹ ژوئن ۲۰۲۰",
        "۱۳۹۹/۰۳/۲۰ هجری شمسی", "۲۰ خرداد ۱۳۹۹ شمسی", "تاریخ:۱۳۹۹/۰۳/۲۰",
        "چاپ شده در ۲۰ خرداد ۱۳۹۹ در صفحه ۳", "۲۰ خرداد ۱۳۹۹ برابر با 9 June 2020", "۱۷ شوال ۱۴۴۱",
        "۱۷ شوال المکرم ۱۴۴۱", "۱۴۴۱/۱۰/۱۷ قمری", "۱۷/۱۰/۱۴۴۱ هجری قمری",
    ],
    "2020-06-09T16:31:00Z": [
        "۲۰ خرداد ۱۳۹۹ ۹:۰۱ ب.ظ", "۲۰ خرداد ۱۳۹۹ ۹:۰۱ ب ظ", "۲۰ خرداد ۱۳۹۹ ۹:۰۱ شب", "1399/03/20 9:01 PM",
        "۱۳۹۹/۰۳/۲۰ ۲۱:۰۱",
    ],
    "2020-06-09T07:39:08Z": [
        "۲۰ خرداد ۱۳۹۹ - 12:09:08 ب.ظ", "۲۰ خرداد ۱۳۹۹ 12:09:08 ظهر", "1399-03-20 12:09:08",
    ],
    "2020-06-08T19:39:00Z": [
        "۲۰ خرداد ۱۳۹۹ - 12:09 ق.ظ", "۲۰ خرداد ۱۳۹۹ ۱۲:۰۹ بامداد", "۱۳۹۹/۰۳/۲۰ ۰۰:۰۹",
    ],
    "2020-06-09T12:30:00Z": [
        "۲۰ خرداد ۱۳۹۹ ساعت ۵ عصر", "۲۰ خرداد ۱۳۹۹ ساعت ۵ بعد از ظهر", "۲۰ خرداد ۱۳۹۹ ساعت 17",
        "۲۰ خرداد ۱۳۹۹ ساعت ۱۷.۰۰",
    ],
    "2020-06-09T06:00:00Z": [
        "ساعت ۱۰ و ۳۰ دقیقه روز سه‌شنبه ۲۰ خرداد ۱۳۹۹", "۲۰ خرداد ۱۳۹۹ ساعت ۱۰.۳۰",
    ],
    "2020-05-10T14:29:00Z": [
        "۲۱ ارديبهشت ۱۳۹۹ - ۱۸:۵۹", "۲۱ اردی‌بهشت ۱۳۹۹ - ۱۸:۵۹", "۲۱ اردی بهشت ۱۳۹۹ ۱۸:۵۹",
        "يکشنبه ۲۱ ارديبهشت ۱۳۹۹ - ۱۸:۵۹",
    ],
    "2019-07-12T13:30:00Z": [
        "۲۱ تیر ۱۳۹۸ / ۱۸:۰۰", "جمعه ۲۱ تير ۱۳۹۸ ساعت ۱۸:۰۰",
    ],
    "2024-02-08T06:00:00Z": [
        "۱۹ بهمن ۱۴۰۲، ۹:۳۰", "پنج‌شنبه ۱۹ بهمن ۱۴۰۲ - ۰۹:۳۰", "پنجشنبه ۱۹ بهمن ۱۴۰۲ ۹:۳۰",
        "02/11/19 - 09:30",
    ],
    "2023-06-10T05:31:00Z": [
        "۲۰ خرداد ۱۴۰۲ ۰۹:۰۱", "1402/03/20 09:01",
    ],
    "2020-07-31": [
        "۱۰ مرداد ۱۳۹۹", "۱۰ امرداد ۱۳۹۹", "دهم مرداد ماه ۱۳۹۹", "آدینه ۱۰ مرداد ۱۳۹۹",
        "۱۰ مرداد ماه سال ۱۳۹۹",
    ],
    "2020-10-22": [
        "۱ آبان ۱۳۹۹", "1 ابان 1399", "اول آبان ۱۳۹۹", "یکم آبان‌ماه ۱۳۹۹", "پنجشنبه ۱ آبان ۱۳۹۹",
    ],
    "2020-11-21": [
        "۱ آذر ۱۳۹۹", "۱ اذر ۱۳۹۹", "شنبه ۱ آذر ۱۳۹۹", "۱/۹/۱۳۹۹",
    ],
    "2021-03-20": [
        "۳۰ اسفند ۱۳۹۹", "سی‌ام اسفند ۱۳۹۹", "1399/12/30",
    ],
    "2020-06-20": [
        "سی و یکم خرداد ۱۳۹۹", "۳۱ خرداد ۱۳۹۹",
    ],
    "2020-08-19": [
        "۲۹ ذی‌الحجه ۱۴۴۱", "۲۹ ذیحجه ۱۴۴۱", "۲۹ ذی الحجة ۱۴۴۱",
    ],
    "2019-09-10": [
        "۱۰ محرم ۱۴۴۱", "۱۰ محرم الحرام ۱۴۴۱",
    ],
    "2020-05-05": [
        "۵ می ۲۰۲۰", "۵ مه ۲۰۲۰", "5 May 2020",
    ],
    "2020-06-22": [
        "6/22/2020", "22/6/2020", "22.6.2020",
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("stamp", "expected"), [(stamp, answer) for answer, stamps in STAMPS.items() for stamp in stamps]
)
def test_a_stamp_is_read(stamp: str, expected: str) -> None:
    reading = parse_date(stamp, now=NOW)
    assert reading is not None
    assert reading.iso() == expected
    assert reading.raw == stamp.strip()
    assert reading.precision == ("minute" if "T" in expected else "day")


@pytest.mark.parametrize(
    "text",
    [
        "۳۱ مهر ۱۳۹۹", "۳۰ اسفند ۱۴۰۴", "1398/12/30", "13/13/1399", "۱۳۹۹/۰۰/۲۰", "۱۳۹۹/۰۳/۳۲",
        "2020-02-30", "32 Jan 2020", "۰ خرداد ۱۳۹۹", "2019-02-29T10:00:00", "۱۴۵۰/۰۱/۰۱", "۲۰ خرداد ۱۴۴۰",
        "2030-01-01", "1 Jan 2031", "", "کد خبر: ۱۲۳۴۵۶", "خرداد ۱۳۹۹", "۱۳۹۹", "۰۹:۰۱", "5/2 میلیون",
        "192.168.1.1", "۰۲۱-۶۴۴۹۱۲۳۴", "3.14", "ماه می", "تیراندازی ۲۰ نفر", "0001-01-01T00:00:00",
        "1,234,567", "http://x.ir/1399/03/20/a", "فردا", "شنبه", "20 خرداد 2020", "۹۹۹۹/۹۹/۹۹",
        "12345678", "99999999", "1.2.3.4", "4-3-3 1", "نسخه 1.2.20", "۲۰ خرداد ۱۰۰۰",
    ],
)  # fmt: skip
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


@pytest.mark.parametrize(
    ("surer", "less"),
    [
        ("سه‌شنبه ۲۰ خرداد ۱۳۹۹", "شنبه ۲۰ خرداد ۱۳۹۹"),
        ("۲۰ خرداد ۱۳۹۹", "۲۰ خرداد ۹۹"),
        ("۲۰ خرداد ۱۳۹۹", "۲۰ خرداد"),
        ("دوشنبه ۱۹ خرداد", "شنبه ۱۹ خرداد"),
        ("۹ ژوئن ۲۰۲۰", "۱۷ شوال ۱۴۴۱"),
        ("22/6/2020", "6/22/2020"),
        ("دیروز", "۲ ماه پیش"),
    ],
)
def test_doubt_lowers_the_confidence(surer: str, less: str) -> None:
    one, other = parse_date(surer, now=NOW), parse_date(less, now=NOW)
    assert one is not None
    assert other is not None
    assert one.confidence > other.confidence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("امروز", "2020-06-09"),
        ("امروز ۰۸:۱۵", "2020-06-09T03:45:00Z"),
        ("دیروز", "2020-06-08"),
        ("دیروز، ساعت ۱۴:۳۰", "2020-06-08T10:00:00Z"),
        ("پریروز", "2020-06-07"),
        ("۲ ساعت پیش", "2020-06-09T02:31:00Z"),
        ("2 ساعت قبل", "2020-06-09T02:31:00Z"),
        ("یک ساعت پیش", "2020-06-09T03:31:00Z"),
        ("نیم ساعت پیش", "2020-06-09T04:01:00Z"),
        ("۲ ساعت و ۵ دقیقه پیش", "2020-06-09T02:26:00Z"),
        ("۴۵ دقیقه پیش", "2020-06-09T03:46:00Z"),
        ("لحظاتی پیش", MINUTE),
        ("۳ روز پیش", "2020-06-06"),
        ("دو هفته پیش", "2020-05-26"),
        ("۲۰ خرداد", "2020-06-09"),
        ("دوشنبه 19 خرداد", "2020-06-08"),
        ("۲۹ اسفند", "2020-03-19"),
        ("۵ تیر", "2019-06-26"),  # a stamp is not of the future
        ("۲۰ خرداد سال جاری", "2020-06-09"),
        ("۲۰ خرداد سال گذشته", "2019-06-10"),
    ],
)
def test_what_a_stamp_leaves_out_is_taken_from_now(text: str, expected: str) -> None:
    reading = parse_date(text, now=STAMP)
    assert reading is not None
    assert reading.iso() == expected
    assert reading.confidence < 1


def test_a_day_of_grace_for_clocks_that_run_ahead() -> None:
    assert parse_date("2020-06-10T04:30:00Z", now=STAMP) is not None
    assert parse_date("2020-06-10T04:32:00Z", now=STAMP) is None


def test_the_skipped_hour_of_farvardin_is_read() -> None:
    reading = parse_date("۲ فروردین ۱۳۹۹ ۰۰:۳۰", now=NOW)
    assert reading is not None
    assert reading.iso() == "2020-03-20T21:00:00Z"


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


@given(st.dates(FIRST, LAST), st.times(), st.sampled_from(["{0}/{1}/{2}", "{2} {3} {0}", "{0}-{1}-{2}"]))
def test_any_day_is_read_as_it_is_written(day: date, clock: object, shape: str) -> None:
    year, month, number = jalali_parts(day)
    written = to_persian_digits(shape.format(year, month, number, JALALI_MONTHS[month - 1]))
    reading = parse_date(written, now=instant_of_day(LAST) + timedelta(days=1))
    assert reading is not None
    assert reading.instant == instant_of_day(day)


@given(st.dates(date(1990, 1, 1), date(2026, 1, 1)))
def test_lunar_arithmetic_keeps_the_order_of_days(day: date) -> None:
    year = hijri_year(day)
    assert from_hijri(year, 1, 1) - timedelta(days=1) <= day < from_hijri(year + 1, 1, 1) + timedelta(days=1)


@settings(max_examples=200, deadline=None)
@given(texts)
def test_any_text_is_searched_without_an_error(text: str) -> None:
    last = 0
    for found in find_dates(text, at=STAMP):
        assert last <= found.start < found.end <= len(text)
        assert found.text == text[found.start : found.end]
        last = found.end
    reading = parse_date(text, now=STAMP)
    assert reading is None or reading.instant <= STAMP + timedelta(days=1)
