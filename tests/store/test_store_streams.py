"""Streams of articles: order, filters, memory; and what the index still has to get."""

import tracemalloc
from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.store import Store
from aggregator.store.indexing import Mark
from tests.making import NOW, make_article, make_stored

DAY = timedelta(days=1)


def numbers(store: Store, **filters: object) -> list[int]:
    return [int(item.article.url.rpartition("/")[2]) for item in store.articles(**filters)]  # type: ignore[arg-type]


def test_newest_first_across_all_steps_of_the_stream(store: Store) -> None:
    day = replace(make_article().published, instant=NOW - DAY, precision="day")  # type: ignore[type-var]
    same_day = [make_stored(number, published=day) for number in range(600, 1300)]
    store.put_articles([make_stored(number) for number in range(600)] + same_day)
    found = numbers(store)
    assert found[:600] == list(range(600))
    assert sorted(found[600:]) == list(range(600, 1300))
    by_id = [item.article.id for item in store.articles(order="id")]
    assert by_id == sorted(by_id)
    assert len(by_id) == 1300


@pytest.mark.parametrize("count", [0, 1, 500, 501, 1000])
def test_a_stream_ends_where_the_articles_end(store: Store, count: int) -> None:
    store.put_articles([make_stored(number) for number in range(count)])
    assert numbers(store) == list(range(count))


def test_an_article_without_date_stands_where_it_was_first_seen(store: Store) -> None:
    undated = make_stored(9, published=None, seen=NOW - timedelta(minutes=1, seconds=30))
    store.put_articles([make_stored(1), make_stored(2), undated])
    assert numbers(store) == [1, 9, 2]
    store.put_articles([replace(undated, last_seen=NOW + DAY, first_seen=NOW + DAY)])
    assert numbers(store) == [1, 9, 2]


def test_filters(store: Store) -> None:
    other = replace(make_stored(3, source="other"), organisation="ministry", province=None)
    store.put_articles([make_stored(1), make_stored(2), other])
    assert numbers(store, source="other") == [3]
    assert numbers(store, organisations=["office"]) == [1, 2]
    assert numbers(store, organisations=["office", "ministry"]) == [1, 2, 3]
    assert numbers(store, organisations=[]) == []
    assert numbers(store, provinces=("alborz",)) == [1, 2]
    assert numbers(store, source="example", provinces=["tehran"]) == []


def test_a_span_has_its_first_instant_and_not_its_last(store: Store) -> None:
    store.put_articles([make_stored(number) for number in (1, 2, 3)])
    first, last = NOW - timedelta(minutes=3), NOW - timedelta(minutes=1)
    assert numbers(store, since=first, until=last) == [2, 3]
    assert numbers(store, since=last) == [1]
    assert numbers(store, until=first) == []


def test_a_stream_lets_others_write(store: Store) -> None:
    store.put_articles([make_stored(number) for number in range(700)])
    stream = store.articles()
    next(stream)
    assert store.put_articles([make_stored(5000)]) == ["new"]
    assert len(list(stream)) == 700


def test_five_thousand_articles_in_and_out_take_constant_memory(store: Store) -> None:
    body = ("متن خبر " * 100,) * 4
    for start in range(0, 1000, 200):  # warm: caches are filled
        store.put_articles([make_stored(number, body=body) for number in range(start, start + 200)])
    sum(1 for _ in store.articles())
    tracemalloc.start()
    for start in range(1000, 6000, 200):
        store.put_articles([make_stored(number, body=body) for number in range(start, start + 200)])
    count = sum(1 for _ in store.articles())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 6000
    assert peak < 15_000_000  # all at once would be 60 MB


def mark_of(store: Store, number: int) -> Mark:
    (mark,) = (item.mark for item in store.pending_index(10) if item.mark.id == make_article(number).id)
    return mark


# --- what the index has --------------------------------------------------------------------------------


def test_pending_until_marked_and_again_after_a_change(store: Store) -> None:
    store.put_articles([make_stored(1), make_stored(2)])
    assert len(store.pending_index(10)) == store.pending_count() == 2
    assert len(store.pending_index(1)) == 1
    store.mark_indexed([mark_of(store, 1)])
    assert [item.article.article for item in store.pending_index(10)] == [make_article(2)]
    store.put_articles([make_stored(1, headline="ب")])
    assert store.pending_count() == 2
    store.mark_indexed(item.mark for item in store.pending_index(10))
    assert store.pending_index(10) == []
    assert store.pending_count() == 0


def test_a_late_mark_does_not_go_back(store: Store) -> None:
    store.put_articles([make_stored(1)])
    first = mark_of(store, 1)
    store.put_articles([make_stored(1, headline="ب")])
    store.mark_indexed([mark_of(store, 1)])
    store.mark_indexed([first])
    assert store.pending_count() == 0
    store.mark_indexed([])


def test_a_change_while_the_index_was_written_stays_pending(store: Store) -> None:
    store.put_articles([make_stored(1)])
    read = mark_of(store, 1)
    store.put_articles([make_stored(1, headline="ب")])
    store.mark_indexed([read])
    assert store.pending_count() == 1


def test_a_better_reading_while_the_index_was_written_stays_pending(store: Store) -> None:
    store.put_articles([make_stored(1)])
    for seen in range(3):
        read = mark_of(store, 1)
        store.put_articles([make_stored(1, platform=f"dorsa{seen}")])
        store.mark_indexed([read])
        assert store.pending_count() == 1
    store.mark_indexed([mark_of(store, 1)])
    assert store.pending_count() == 0


def test_an_index_lost_while_it_was_written_has_nothing(store: Store) -> None:
    store.put_articles([make_stored(1)])
    read = mark_of(store, 1)
    store.mark_all_pending()
    store.mark_indexed([read])
    assert store.pending_count() == 1


def test_what_the_index_refuses_is_set_aside_until_it_changes(store: Store) -> None:
    store.put_articles([make_stored(1), make_stored(2)])
    marks = [item.mark for item in store.pending_index(10)]
    refused = make_article(1)
    store.mark_indexed(marks, [(refused.id, 1, "too long")])
    assert store.pending_count() == 0
    (letter,) = store.dead_letters()
    assert (letter.article_id, letter.url, letter.revision, letter.reason) == (
        refused.id, refused.url, 1, "too long",
    )  # fmt: skip
    assert store.counts()["dead_letters"] == 1
    store.put_articles([make_stored(1, headline="ب")])
    store.mark_indexed([mark_of(store, 1)])
    assert store.dead_letters() == []


def test_everything_can_be_made_pending(store: Store) -> None:
    store.put_articles([make_stored(1), make_stored(2)])
    store.mark_indexed(item.mark for item in store.pending_index(10))
    store.mark_all_pending()
    assert store.pending_count() == 2
