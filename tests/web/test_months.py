"""Counts by Jalali month, against their own past and as they are drawn."""

from datetime import UTC, datetime, timedelta

from aggregator.store.health import DATES
from aggregator.web import months
from aggregator.web.service import per_day


def test_months_follow_each_other_over_the_year() -> None:
    assert months.months_between("1398-11", "1399-02") == ["1398-11", "1398-12", "1399-01", "1399-02"]
    assert months.months_before("1399-02", 3) == ["1398-12", "1399-01", "1399-02"]
    assert months.month_after("1398-12") == "1399-01"


def test_a_month_is_held_against_the_same_one_and_the_twelve_before() -> None:
    counts = {"1397-12": 6, "1398-02": 3, "1398-12": 10, "1399-01": 4}
    found = months.activity(counts, "1399-02", shown=4)
    assert [(one.month, one.count, one.year_before) for one in found] == [
        ("1398-11", 0, None),  # nothing had been collected a year before
        ("1398-12", 10, 6),
        ("1399-01", 4, 0),
        ("1399-02", 0, 3),
    ]
    assert [one.mean for one in found] == [None, 9 / 12, 13 / 12, 17 / 12]


def test_an_activity_ends_now_or_where_it_ended_long_ago() -> None:
    assert months.last_month({"1399-01": 1}, "1399-06") == "1399-06"
    assert months.last_month({"1399-01": 1}, "1405-06") == "1399-01"
    assert months.last_month({}, "1405-06") == "1405-06"
    assert months.last_month({"1405-08": 1}, "1405-06") == "1405-06"


def test_nothing_is_drawn_before_the_first_article() -> None:
    assert [one.month for one in months.activity({"1399-01": 1}, "1399-03")] == [
        "1399-01",
        "1399-02",
        "1399-03",
    ]


def test_columns_begin_where_reading_begins() -> None:
    rightmost, *_ = months.columns(30, "rtl")
    leftmost, *_ = months.columns(30, "ltr")
    assert rightmost.x + rightmost.width > months.WIDTH * 0.98
    assert leftmost.x < months.WIDTH * 0.02
    assert all(
        0 <= one.x < one.middle < one.x + one.width <= months.WIDTH for one in months.columns(7, "rtl")
    )


def test_a_line_has_gaps_where_nothing_is_known() -> None:
    points = [(1.0, 2.0), (2.0, 3.5), None, None, (5.0, 1.0), None, (7.0, 1.0), (8.0, 0.0)]
    assert months.lines_through(points) == ["1,2 2,3.5", "7,1 8,0"]


def test_few_articles_can_be_seen_beside_many() -> None:
    assert months.height_of(1, 100_000) == 2
    assert months.height_of(0, 100_000) == months.height_of(0, 0) == 0
    assert months.level_of(5, 10) == months.HEIGHT / 2


def test_articles_a_day() -> None:
    now = datetime(2026, 11, 1, tzinfo=UTC)
    assert per_day([], now) == 0
    assert per_day([now - timedelta(days=n) for n in range(90)], now) == 1
    # Of a busy source only the newest are known: they are of fewer days.
    busy = [now - timedelta(minutes=n) for n in range(DATES)]
    assert round(per_day(busy, now)) == 24 * 60
