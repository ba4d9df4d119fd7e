"""What a crawl still has to fetch."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import pytest

from aggregator.crawl.ledger import Ledger, Verdict
from aggregator.crawl.outcomes import Trouble
from aggregator.model import Article, DateReading, Link, PageState, Source
from aggregator.platforms import by_name
from aggregator.registry import Registry
from aggregator.store import Store
from aggregator.urls import article_id

HOME = "https://example.ir"
SOURCE = Source("sample", None, HOME + "/")
NOBODY = Registry(MappingProxyType({}), MappingProxyType({}), MappingProxyType({}))
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'a.sqlite3'}") as opened:
        yield opened


def ledger(store: Store, since: date | None = None, registry: Registry = NOBODY) -> Ledger:
    return Ledger(store, SOURCE, registry, since)


def link(number: int, **fields: object) -> Link:
    return replace(Link(f"{HOME}/news/{number}", "listing"), **fields)  # type: ignore[arg-type]


def dated(number: int, day: datetime) -> Link:
    return link(number, published=DateReading("", day, "minute", "gregorian", "visible"))


def done(store: Store, number: int, when: datetime = NOW) -> None:
    store.save_page(PageState(f"{HOME}/news/{number}", "sample", "done", "new", None, when, 200))


def verdicts(book: Ledger, *links: Link) -> list[Verdict]:
    return [verdict for _, verdict in book.offer(links).verdicts]


def everything(book: Ledger) -> list[str]:
    taken = []
    while batch := book.take(50):
        taken += [each.url for each in batch]
    return taken


def test_links_are_entered_once_and_taken_once(store: Store) -> None:
    book = ledger(store)
    assert verdicts(book, link(1), link(2)) == [Verdict.NEW, Verdict.NEW]
    assert verdicts(book, link(1), link(3)) == [Verdict.KNOWN, Verdict.NEW]
    assert [each.url for each in book.take(2)] == [link(1).url, link(2).url]
    assert book.take(9) == [link(3)]
    assert book.take(9) == []


def test_what_was_not_fetched_is_left_to_the_next_crawl(store: Store) -> None:
    first = ledger(store)
    first.offer([link(number) for number in range(1200)])
    for taken in first.take(400):
        store.save_page(PageState(taken.url, "sample", "done", fetched_at=NOW))
    assert everything(ledger(store)) == [link(number).url for number in range(400, 1200)]


def test_a_long_queue_is_taken_to_its_end(store: Store) -> None:
    book = ledger(store)
    book.offer([link(number) for number in range(1700)])
    assert everything(book) == [link(number).url for number in range(1700)]


def test_settled_links_are_told_from_known_ones(store: Store) -> None:
    done(store, 1)
    store.settle("sample")
    done(store, 2)
    assert verdicts(ledger(store), link(1), link(2)) == [Verdict.SETTLED, Verdict.KNOWN]


def test_failed_pages_come_again_in_the_next_crawl_but_not_in_this_one(store: Store) -> None:
    book = ledger(store)
    book.offer([link(1)])
    (taken,) = book.take(5)
    book.record(taken, Trouble("timeout", "slow", "failed"))
    assert book.take(5) == []
    again = ledger(store)
    assert again.take(5) == [link(1)]
    again.record(link(1), Trouble("http-404", "gone", "rejected", 404))
    assert ledger(store).take(5) == []


def test_only_what_was_modified_after_the_fetch_is_fetched_again(store: Store) -> None:
    done(store, 1)
    done(store, 2)
    book = ledger(store)
    book.offer([link(1, modified=NOW + timedelta(minutes=1)), link(2, modified=NOW - timedelta(minutes=1))])
    assert [each.url for each in book.take(9)] == [link(1).url]
    book.offer([link(1, modified=NOW + timedelta(minutes=1))])
    assert book.take(9) == []


def test_a_sitemap_that_calls_everything_modified_is_not_believed(store: Store) -> None:
    for number in range(100):
        done(store, number)
    book = ledger(store)
    book.offer([link(number, modified=NOW + timedelta(days=1)) for number in range(100)])
    assert book.take(200) == []


def test_since_leaves_out_what_is_dated_before(store: Store) -> None:
    book = ledger(store, since=date(2026, 3, 1))
    before, after = datetime(2026, 2, 28, 20, 29, tzinfo=UTC), datetime(2026, 2, 28, 20, 31, tzinfo=UTC)
    old, new, undated = dated(1, before), dated(2, after), link(3)  # a day in Tehran begins at 20:30 UTC
    assert verdicts(book, old, new, undated) == [Verdict.OLD, Verdict.NEW, Verdict.NEW]
    assert book.take(9) == [new, undated]


def test_since_leaves_old_ones_of_an_earlier_crawl_in_the_queue(store: Store) -> None:
    store.add_pending("sample", [dated(1, datetime(2020, 1, 1, tzinfo=UTC)), link(2)])
    assert ledger(store, since=date(2026, 3, 1)).take(9) == [link(2)]
    assert len(ledger(store).take(9)) == 2


def test_other_sites_and_lists_are_left_out(store: Store) -> None:
    book = ledger(store)
    book.exclude(f"{HOME}/news/9")
    offered = [Link("https://other.ir/news/1", "feed"), link(9), Link(f"{HOME}:81/news/1", "feed"), link(1)]
    assert book.offer(offered).new == 1
    assert book.take(9) == [link(1)]


def test_a_folder_that_is_another_source_s_is_left_to_it(store: Store) -> None:
    province = Source("province", "x", f"{HOME}/fa/alborz/")
    sources = {"sample": SOURCE, "province": province}
    registry = Registry(MappingProxyType({}), MappingProxyType({}), MappingProxyType(sources))
    book = ledger(store, registry=registry)
    assert book.offer([Link(f"{HOME}/fa/alborz/news/1", "feed"), Link(f"{HOME}/fa/news/1", "feed")]).new == 1


# --- several addresses of one article -----------------------------------------------------------------------


def slug(number: int, name: str) -> Link:
    return Link(f"{HOME}/news/8100{number}/{name}", "listing")


@pytest.fixture
def nastooh(store: Store) -> Ledger:
    """A ledger of a site whose articles are told by their number, whatever the slug."""
    book = ledger(store)
    book.platform = by_name("nastooh")
    return book


def test_one_address_of_an_article_is_fetched(nastooh: Ledger) -> None:
    assert verdicts(nastooh, slug(1, "a"), slug(2, "a")) == [Verdict.NEW, Verdict.NEW]
    assert verdicts(nastooh, slug(1, "b"), slug(2, "a")) == [Verdict.KNOWN, Verdict.KNOWN]
    assert everything(nastooh) == [slug(1, "a").url, slug(2, "a").url]


def test_a_further_address_counts_as_seen_in_the_next_crawl(nastooh: Ledger, store: Store) -> None:
    nastooh.offer([slug(1, "a"), slug(1, "b")])
    store.settle("sample")
    assert verdicts(ledger(store), slug(1, "b")) == [Verdict.SETTLED]


def test_another_address_of_a_stored_article_is_not_fetched(nastooh: Ledger, store: Store) -> None:
    url = slug(1, "a").url
    article = Article(article_id(f"{HOME}/news/81001"), url, f"{HOME}/news/81001", "sample", "خبر", ("متن",))
    store.put_article(article, organisation=None, province=None, seen_at=NOW)
    assert verdicts(nastooh, slug(1, "b")) == [Verdict.KNOWN]
    assert everything(nastooh) == []


def test_the_other_address_is_tried_where_the_first_gives_nothing(nastooh: Ledger) -> None:
    nastooh.offer([slug(1, "a"), slug(1, "b")])
    (first,) = nastooh.take(9)
    nastooh.record(first, Trouble("http-404", "gone", "rejected", 404))
    assert nastooh.take(9) == [slug(1, "b")]
    nastooh.gave_nothing(slug(1, "b"))
    assert nastooh.take(9) == []


def test_the_next_page_may_know_another_address_of_what_could_not_be_had(nastooh: Ledger) -> None:
    first, second = Link(f"{HOME}/news/7001/a?print=1", "listing"), Link(f"{HOME}/news/7001/b", "listing")
    nastooh.offer([first])
    assert nastooh.take(5) == [first]
    nastooh.record(first, Trouble("robots-forbidden", "robots.txt forbids it", "rejected"))
    assert nastooh.offer([second]).new == 1
    assert nastooh.take(5) == [second]


def test_a_page_for_telephones_is_no_other_article_on_an_unknown_site(store: Store) -> None:
    book = ledger(store)
    shown = [Link(f"{HOME}/show?id=7001{view}", "listing") for view in ("", "&mobile=1", "&print=1")]
    assert book.offer(shown).new == 1
    assert book.take(5) == shown[:1]
