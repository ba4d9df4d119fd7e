"""When pages and sources are looked at again."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.crawl.revisits import (
    DAY,
    HOUR,
    LONGEST,
    MARKS,
    SHORTEST,
    YEAR,
    Schedule,
    after_failures,
    crawl_interval,
    next_check,
    note_end,
)
from aggregator.model import PageState
from aggregator.store import Store
from tests.making import make_stored

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'a.sqlite3'}") as opened:
        yield opened


# --- pages --------------------------------------------------------------------------------------------------


def looks(age: timedelta, count: int, *, changes: int = 0, interval: timedelta = SHORTEST) -> list[timedelta]:
    """Ages at which a page is looked at, from a first look at ``age``."""
    published, now, found = NOW - age, NOW, []
    for _ in range(count):
        now = next_check(now, changed=published, changes=changes, interval=interval)
        found.append(now - published)
    return found


def test_a_fresh_article_is_looked_at_more_and_more_seldom() -> None:
    assert looks(timedelta(0), 9) == [*MARKS, 91 * DAY + YEAR, 91 * DAY + 2 * YEAR]


def test_an_old_article_waits_for_a_year() -> None:
    assert looks(10 * YEAR, 1) == [11 * YEAR]


def test_a_page_that_changed_before_is_never_left_for_a_whole_year() -> None:
    assert looks(10 * YEAR, 1, changes=3) == [10 * YEAR + YEAR / 4]


def test_nothing_is_looked_at_more_often_than_its_source_is_crawled() -> None:
    assert looks(timedelta(0), 4, interval=DAY) == [DAY, 3 * DAY, 7 * DAY, 30 * DAY]
    assert looks(50 * timedelta(minutes=1), 1) == [6 * HOUR]  # an hour's mark is nearer than that


@given(
    age=st.timedeltas(timedelta(0), 30 * YEAR),
    changes=st.integers(0, 500),
    interval=st.timedeltas(SHORTEST, LONGEST),
    factor=st.floats(0, 1000),
)
def test_the_next_look_is_neither_too_soon_nor_never(
    age: timedelta, changes: int, interval: timedelta, factor: float
) -> None:
    found = next_check(NOW, changed=NOW - age, changes=changes, interval=interval, factor=factor)
    latest = NOW + factor * max(interval, YEAR / (1 + changes))
    assert NOW + factor * interval <= found <= latest + timedelta(seconds=1)  # rounded otherwise


def test_with_no_factor_everything_is_due_at_once() -> None:
    schedule = Schedule(factor=0)
    assert schedule.next_check(PageState("u", "s", "done", checked_at=NOW, changed_at=NOW - DAY)) == NOW
    assert schedule.next_check(PageState("u", "s", "failed", fetched_at=NOW, attempts=2)) == NOW


def test_a_page_that_fails_waits_longer_and_longer() -> None:
    waits = [
        Schedule().next_check(PageState("u", "s", "failed", fetched_at=NOW, attempts=number)) - NOW
        for number in (1, 2, 3, 9, 1000)
    ]
    assert waits == [DAY, 2 * DAY, 4 * DAY, 30 * DAY, 30 * DAY]


# --- sources ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "interval"),
    [
        ([], LONGEST),
        ([2], 2 * HOUR),
        ([0, 3, 6, 9, 12], 2.4 * HOUR),
        ([0] * 20, SHORTEST),
        ([10, 20, 5000], LONGEST),
        ([-3, 1], SHORTEST * 2),  # dated ahead
    ],
)
def test_a_source_is_crawled_as_often_as_it_publishes(hours: list[int], interval: timedelta) -> None:
    assert crawl_interval([NOW - hour * HOUR for hour in hours], NOW) == interval


def test_waits_after_failures() -> None:
    assert [after_failures(number, HOUR, DAY) / HOUR for number in (0, 1, 2, 5, 6, 10_000)] == [
        *(1, 1, 2, 16, 24, 24)
    ]


def test_the_end_of_a_run_is_noted(store: Store) -> None:
    note_end(store, "small", "interrupted", {})
    assert store.source_state("small") is None
    before = datetime.now(UTC)
    note_end(store, "small", "finished", {"new": 3})
    state = store.source_state("small")
    assert state is not None
    assert state.last_success == state.last_change == state.last_run >= before
    assert (state.failures, state.next_due - state.last_run) == (0, LONGEST)
    note_end(store, "small", "finished", {"unchanged": 3})
    later = store.source_state("small")
    assert later is not None
    assert (later.last_change, later.last_success) == (state.last_change, later.last_run)


def test_a_source_that_fails_waits_longer_and_longer_and_recovers(store: Store) -> None:
    published = datetime.now(UTC) - 10 * HOUR
    store.put_articles([make_stored(seen=published, source="small", published=None)])
    waits = []
    for _ in range(3):
        note_end(store, "small", "failed", {})
        state = store.source_state("small")
        assert state is not None
        waits.append((state.next_due - state.last_run) / HOUR)
    assert waits == pytest.approx([20, 24, 24], rel=0.01)
    assert (state.failures, state.last_success) == (3, None)
    note_end(store, "small", "finished", {})
    state = store.source_state("small")
    assert state is not None
    assert state.failures == 0
    assert (state.next_due - state.last_run) / HOUR == pytest.approx(10, rel=0.01)


def test_where_pages_are_still_due_the_source_is_due_soon(store: Store) -> None:
    item = make_stored(source="small")
    page = PageState(item.article.url, "small", "done", fetched_at=NOW)
    store.put_article(item.article, organisation=None, province=None, seen_at=NOW, page=page)
    note_end(store, "small", "finished", {})
    state = store.source_state("small")
    assert state is not None
    assert state.next_due - state.last_run == SHORTEST
