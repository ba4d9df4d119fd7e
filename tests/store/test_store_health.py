"""What the store tells of a source's past."""

from datetime import UTC, datetime, timedelta
from typing import Any

from aggregator.model import DateReading, StoredArticle
from aggregator.store import Store
from aggregator.store.health import NEWEST, SAMPLE, SourceHistory
from tests.making import make_stored

FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def dated(number: int, **fields: Any) -> StoredArticle:
    """An article of day ``number``."""
    instant = FIRST + timedelta(days=number)
    published = DateReading("x", instant, "day", "gregorian", "meta")
    return make_stored(number, seen=instant, source="one", published=published, **fields)


def test_nothing_is_known_of_an_unknown_source(store: Store) -> None:
    assert store.crawled_sources() == []
    assert store.source_history("nobody") == SourceHistory("nobody")


def test_runs_and_successes(store: Store) -> None:
    for source, status in (("one", "finished"), ("one", "failed"), ("two", "failed")):
        store.finish_run(store.start_run(source), status, {"new": 1})
    assert store.crawled_sources() == ["one", "two"]
    history = store.source_history("one")
    assert [run.status for run in history.runs] == ["failed", "finished"]
    assert history.watched_since == history.runs[1].started
    assert history.last_success == history.runs[1].finished
    assert store.source_history("two").last_success is None


def test_fields_of_the_newest_and_of_those_before(store: Store) -> None:
    old = [dated(number, lead="لید", images=("https://example.ir/1.jpg",)) for number in range(60)]
    new = [dated(number, lead=None, body=("یک", "دو سه")) for number in range(60, 60 + NEWEST)]
    store.put_articles([*new, *old])
    history = store.source_history("one")
    assert history.articles == 60 + NEWEST
    assert history.dates[0] == FIRST + timedelta(days=59 + NEWEST)
    assert list(history.dates) == sorted(history.dates, reverse=True)
    assert len(history.newest) == NEWEST
    assert len(history.older) == 60
    assert all("lead" not in shape.fields and "published" in shape.fields for shape in history.newest)
    assert all({"lead", "images", "headline"} <= shape.fields for shape in history.older)
    assert {shape.body for shape in history.newest} == {len("یکدو سه")}


def test_the_sample_of_older_ones_is_spread_over_all(store: Store) -> None:
    number = NEWEST + 5 * SAMPLE
    # The half before the middle has a lead.
    store.put_articles([dated(n, lead="لید" if n < number // 2 else None) for n in range(number)])
    older = store.source_history("one").older
    assert len(older) == SAMPLE
    assert SAMPLE * 0.45 < sum("lead" in shape.fields for shape in older) < SAMPLE * 0.65
