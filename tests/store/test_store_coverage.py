"""What of a source was collected, and which fields its articles have."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.crawl.completeness import completeness
from aggregator.crawl.ledger import DUPLICATE
from aggregator.model import Link, LinkOrigin, PageState, StoredArticle
from aggregator.store import Store
from aggregator.store import coverage as module
from tests.making import make_stored

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
BOUNDS = [BEGIN + timedelta(days=30 * number) for number in range(4)]


def published(number: int, when: datetime, **changes: object) -> StoredArticle:
    stored = make_stored(number, **changes)
    reading = stored.article.published
    assert reading
    return replace(stored, article=replace(stored.article, published=replace(reading, instant=when)))


def test_fields_are_counted_by_the_period_of_their_articles(store: Store) -> None:
    store.put_articles(
        [
            published(1, BOUNDS[0], lead='خبر با "section": در متن', main_image="https://a.example/1.png"),
            published(2, BOUNDS[1] - timedelta(seconds=1), authors=("الف",)),
            published(3, BOUNDS[1], section="اخبار", body=()),
            published(4, BOUNDS[3]),  # outside
            published(5, BOUNDS[1], source="other", kicker="روتیتر"),
        ]
    )
    first, second, third = store.coverage.fields("example", BOUNDS)
    assert (first.articles, first.looked_into) == (2, 2)
    assert {name: number for name, number in first.fields.items() if number} == {
        "published": 2,
        "lead": 1,
        "body": 2,
        "main_image": 1,
        "authors": 1,
    }
    assert (second.share("section"), second.share("body"), second.share("kicker")) == (1.0, 0.0, 0.0)
    assert (third.articles, third.share("lead")) == (0, None)


def test_an_undated_article_counts_where_it_was_first_seen(store: Store) -> None:
    store.put_articles([make_stored(1, seen=BOUNDS[2] + timedelta(days=1), published=None)])
    found = store.coverage.fields("example", BOUNDS)
    assert [one.articles for one in found] == [0, 0, 1]
    assert found[2].share("published") == 0


def test_only_the_newest_of_a_period_are_looked_into(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "NEWEST", 2)
    store.put_articles(
        [
            published(number, BEGIN + timedelta(days=number), lead="لید" if number > 3 else None)
            for number in range(1, 6)
        ]
    )
    (found,) = store.coverage.fields("example", BOUNDS[:2])
    assert (found.articles, found.looked_into, found.share("lead")) == (5, 2, 1.0)


def test_what_was_collected_is_counted_as_completeness_counts_it(store: Store) -> None:
    origins: tuple[LinkOrigin, ...] = ("feed", "sitemap", "listing", "id", "feed", "listing")
    links = [Link(f"https://news.example.ir/news/{number}", origin) for number, origin in enumerate(origins)]
    for source in ("example", "other"):
        store.add_pending(source, links)
    store.put_articles([make_stored(0)])
    given = make_stored(0).article
    store.save_page(PageState(links[0].url, "example", "done", outcome="new", article_id=given.id))
    store.save_page(PageState(links[1].url, "example", "done", outcome=DUPLICATE))
    store.save_page(PageState(links[2].url, "example", "rejected", outcome="http-404"))
    store.save_page(PageState(links[3].url, "example", "rejected", outcome="http-404"))
    complete = completeness(store, "example")
    promised, collected = store.coverage.collected()["example"]
    assert (promised, collected) == (sum(complete.promised.values()), sum(complete.collected.values()))
    assert (promised, collected) == (4, 1)
    assert store.coverage.collected()["other"] == (5, 0)
