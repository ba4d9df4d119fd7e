"""What was promised, what was collected, what is missing and why."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from aggregator.crawl.backfill import DAYS, Reach
from aggregator.crawl.completeness import completeness
from aggregator.crawl.ledger import DUPLICATE
from aggregator.model import Article, Link, LinkOrigin, PageState, PageStatus
from aggregator.store import Store, entrances

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'a.sqlite3'}") as opened:
        yield opened


def promise(store: Store, path: str, origin: LinkOrigin, headline: str | None = None) -> str:
    url = f"http://a.ir{path}"
    store.add_pending("a", [Link(url, origin, headline=headline)])
    return url


def look(store: Store, url: str, status: PageStatus, outcome: str) -> None:
    store.save_page(PageState(url, "a", status, outcome, None, NOW))


def collect(store: Store, url: str) -> None:
    article = Article(url[-20:].rjust(20, "0"), url, url, "a", "خبر", ("متن",))
    state = PageState(url, "a", "done", fetched_at=NOW)
    store.put_article(article, organisation=None, province=None, seen_at=NOW, page=state)


def test_nothing_is_known_of_a_source_that_was_never_crawled(store: Store) -> None:
    record = completeness(store, "a")
    assert (record.share, dict(record.promised), dict(record.missing), record.entrances) == (None, {}, {}, ())


def test_pages_are_counted_by_what_promised_them_and_by_what_became_of_them(store: Store) -> None:
    for number in range(3):
        collect(store, promise(store, f"/news/{number}", "feed"))
    collect(store, promise(store, "/news/3", "sitemap"))
    # A headline may hold anything.
    collect(store, promise(store, "/news/4", "listing", headline='"origin":"feed"'))
    look(store, promise(store, "/news/5", "listing"), "rejected", "http-404")
    look(store, promise(store, "/news/6", "sitemap"), "rejected", "listing")
    look(store, promise(store, "/news/7", "feed"), "failed", "timeout")
    look(store, promise(store, "/news/8", "listing"), "rejected", "http-404")
    promise(store, "/news/9", "feed")
    look(store, promise(store, "/news/3/slug", "listing"), "done", DUPLICATE)
    collect(store, promise(store, "/news/10", "id"))
    look(store, promise(store, "/news/11", "id"), "rejected", "http-404")
    store.add_pending("b", [Link("http://b.ir/news/1", "feed")])

    record = completeness(store, "a")
    assert record.promised == {"feed": 5, "sitemap": 2, "listing": 3}
    assert record.collected == {"feed": 3, "sitemap": 1, "listing": 1}
    assert record.missing == {"http-404": 2, "listing": 1, "timeout": 1, "pending": 1}
    assert record.share == 0.5
    assert (record.asked, record.found) == (2, 1)
    assert sum(record.promised.values()) == sum(record.collected.values()) + sum(record.missing.values())


def test_an_article_that_fails_later_stays_collected(store: Store) -> None:
    url = promise(store, "/news/1", "feed")
    collect(store, url)
    look(store, url, "failed", "http-503")
    record = completeness(store, "a")
    assert (record.collected, dict(record.missing)) == ({"feed": 1}, {})


def test_what_could_not_be_read_is_named(store: Store) -> None:
    reach = Reach(date(2019, 3, 21), at="/archive?page=9", pages=9, reached=date(2020, 6, 1))
    store.note_entrance("a", "http://a.ir/rss", {"kind": "feed", "outcome": "http-500", "promised": 10})
    listing = {"kind": "listing", "outcome": None, "end": "last", "pages": 4, "backfill": reach.state()}
    store.note_entrance("a", "http://a.ir/archive", listing)
    store.note_entrance(
        "a", DAYS, {"kind": "days", "first": "2026-01-01", "reached": "2021-05-05", "end": None}
    )
    store.note_entrance("b", "http://b.ir/rss", {"kind": "feed", "outcome": None})
    days, feed, archive = completeness(store, "a").entrances
    assert completeness(store, "a").unread == (feed,)
    assert (feed.url, feed.outcome) == ("http://a.ir/rss", "http-500")
    assert (archive.kind, archive.end, archive.reached) == ("listing", "last", date(2020, 6, 1))
    assert (days.kind, days.reached) == ("days", date(2021, 5, 5))


def test_an_entrance_is_replaced_and_keeps_any_text(store: Store) -> None:
    store.note_entrance("a", "http://a.ir/x", {"kind": "feed", "پ": ["ت", None, 1, "\ud800"]})
    store.note_entrance("a", "http://a.ir/x", {"kind": "feed", "پ": ["ت", None, 2, "\ud800"]})
    assert store.entrances("a") == {"http://a.ir/x": {"kind": "feed", "پ": ["ت", None, 2, "\ud800"]}}
    assert store.entrances("b") == {}


def test_addresses_are_streamed_in_order(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entrances, "STEP", 3)
    urls = [promise(store, f"/news/{number}", "feed") for number in range(7)]
    store.add_pending("b", [Link("http://b.ir/news/1", "feed")])
    assert list(store.page_addresses("a")) == urls
    assert list(store.page_addresses("c")) == []
