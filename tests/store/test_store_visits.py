"""Looks at pages that are known: unchanged, edited, gone, and back again."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from aggregator.model import Article, Link, ListState, PageState
from aggregator.store import Store
from aggregator.store.engine import open_engine, writing
from aggregator.store.migrate import MIGRATIONS
from tests.making import NOW, make_article

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CONFIRM = 3 * DAY
URL = make_article().url


def after_a_week(state: PageState) -> datetime:
    """A time to look again that is easily told."""
    looked = state.checked_at or state.fetched_at
    assert looked is not None
    return looked + 7 * DAY


def look(store: Store, article: Article, at: datetime, url: str = URL, **fields: object) -> str:
    page = PageState(url, "example", "done", fetched_at=at, http_status=200, **fields)  # type: ignore[arg-type]
    return store.put_article(
        article, organisation=None, province=None, seen_at=at, page=page, next_check=after_a_week
    )


def gone(store: Store, at: datetime, url: str = URL) -> bool:
    page = PageState(url, "example", "rejected", "http-404", fetched_at=at, http_status=404)
    return store.page_missing(page, CONFIRM, after_a_week)


def state_of(store: Store, url: str = URL) -> PageState:
    return store.known_pages("example", [url])[url]


def is_deleted(store: Store) -> bool:
    stored = store.get_article(make_article().id)
    assert stored is not None
    return stored.deleted_at is not None


# --- edits --------------------------------------------------------------------------------------------------


def test_the_history_of_a_page(store: Store) -> None:
    article = make_article()
    assert article.published is not None
    look(store, article, NOW, etag='"1"')
    first = state_of(store)
    assert (first.changed_at, first.changes) == (article.published.instant, 0)
    assert (first.checked_at, first.due_at, first.etag) == (NOW, NOW + 7 * DAY, '"1"')
    assert look(store, article, NOW + DAY) == "unchanged"
    assert state_of(store).changed_at == first.changed_at
    assert look(store, replace(article, headline="دیگر"), NOW + 2 * DAY) == "changed"
    assert (state_of(store).changed_at, state_of(store).changes) == (NOW + 2 * DAY, 1)
    (edit,) = store.changes(article.id)
    assert [change.field for change in edit.changes] == ["headline"]


def test_not_modified_is_a_look_too(store: Store) -> None:
    look(store, make_article(), NOW, etag='"1"')
    answer = replace(state_of(store), outcome="unchanged", http_status=304, checked_at=NOW + DAY)
    store.page_unchanged(answer, after_a_week)
    state, stored = state_of(store), store.get_article(make_article().id)
    assert (state.fetched_at, state.checked_at, state.due_at) == (NOW, NOW + DAY, NOW + 8 * DAY)
    assert (state.status, state.etag) == ("done", '"1"')
    assert stored is not None
    assert (stored.last_seen, stored.revision) == (NOW + DAY, 1)


def test_a_failure_says_nothing_of_the_page(store: Store) -> None:
    look(store, make_article(), NOW, etag='"1"', body_hash="0" * 32)
    gone(store, NOW + DAY)
    before = state_of(store)
    failed = PageState(URL, "example", "failed", "http-503", fetched_at=NOW + 2 * DAY, http_status=503)
    for _ in range(2):
        store.save_page(failed, after_a_week)
    state = state_of(store)
    assert (state.missing_since, state.missing_count) == (before.missing_since, 1)
    assert (state.status, state.attempts, state.checked_at) == ("failed", 2, before.checked_at)
    assert not is_deleted(store)


# --- deletions ----------------------------------------------------------------------------------------------


def test_a_page_that_is_gone_is_a_deletion_when_it_is_gone_days_later(store: Store) -> None:
    look(store, make_article(), NOW)
    assert not gone(store, NOW + DAY)
    state = state_of(store)
    assert (state.missing_since, state.missing_count, state.due_at) == (NOW + DAY, 1, NOW + DAY + CONFIRM)
    assert not gone(store, NOW + 2 * DAY)  # too soon to count
    assert state_of(store).due_at == NOW + DAY + CONFIRM
    assert gone(store, NOW + DAY + CONFIRM)
    stored = store.get_article(make_article().id)
    assert stored is not None
    assert (stored.deleted_at, stored.article) == (NOW + DAY + CONFIRM, make_article())
    assert [item.article for item in store.articles()] == [make_article()]
    assert not gone(store, NOW + 20 * DAY)  # counted once


def test_a_page_that_comes_back_lifts_it(store: Store) -> None:
    look(store, make_article(), NOW)
    gone(store, NOW + DAY)
    gone(store, NOW + 5 * DAY)
    assert is_deleted(store)
    assert look(store, make_article(), NOW + 6 * DAY) == "unchanged"
    assert not is_deleted(store)
    state = state_of(store)
    assert (state.status, state.missing_since, state.missing_count) == ("done", None, 0)


def test_an_older_look_does_not_lift_it(store: Store) -> None:
    look(store, make_article(), NOW)
    gone(store, NOW + DAY)
    gone(store, NOW + 5 * DAY)
    store.put_article(make_article(), organisation=None, province=None, seen_at=NOW + DAY)
    assert is_deleted(store)


def test_a_page_that_never_gave_an_article_is_only_rejected(store: Store) -> None:
    store.add_pending("example", [Link(URL, "feed")])
    assert not gone(store, NOW)
    assert not gone(store, NOW + 9 * DAY)
    state = state_of(store)
    assert (state.status, state.missing_since, state.due_at) == ("rejected", None, None)


def test_an_article_that_stands_at_another_address_is_not_deleted(store: Store) -> None:
    second = URL + "/with-a-slug"
    look(store, make_article(), NOW)
    look(store, make_article(), NOW + HOUR, second)
    assert state_of(store).due_at is None  # the newer address is the one that is looked at
    assert not gone(store, NOW + DAY, second)
    assert not gone(store, NOW + 5 * DAY, second)
    assert state_of(store).due_at == NOW + 5 * DAY
    assert not gone(store, NOW + 6 * DAY)
    assert gone(store, NOW + 9 * DAY)
    assert is_deleted(store)


# --- what is due --------------------------------------------------------------------------------------------


def test_the_most_urgent_pages_come_first(store: Store) -> None:
    links = [Link(f"https://news.example.ir/news/{number}", "feed", headline="خبر") for number in range(10)]
    store.add_pending("example", links)
    for number, link in enumerate(links):
        # The higher the number, the longer ago it was looked at, and the longer ago it was published.
        article = make_article(number, url=link.url, published=None)
        look(store, article, NOW - number * DAY, link.url)
    gone(store, NOW - 20 * DAY, links[5].url)
    assert store.due_links("example", NOW, 10) == [links[5], links[7], links[8], links[9]]
    assert store.due_links("example", NOW, 3) == [links[5], links[7], links[9]]
    assert store.due_links("example", NOW - 5 * DAY, 10) == [links[5]]
    assert store.due_links("other", NOW, 10) == []


def test_what_gave_no_article_is_never_due(store: Store) -> None:
    page = PageState(URL, "example", "rejected", "listing", fetched_at=NOW)
    store.save_page(page, after_a_week)
    assert store.due_links("example", NOW + 99 * DAY, 10) == []


# --- lists --------------------------------------------------------------------------------------------------


def test_lists_are_settled_with_the_pages(store: Store) -> None:
    feed = ListState("https://news.example.ir/rss", "example", '"1"', None, 20, NOW)
    store.note_list(feed)
    store.note_list(replace(feed, source="other"))
    assert store.list_state("example", feed.url) == feed
    store.settle("example")
    assert store.list_state("example", feed.url) == replace(feed, settled=True)
    assert store.list_state("other", feed.url) == replace(feed, source="other")
    store.note_list(replace(feed, links=21))
    assert store.list_state("example", feed.url) == replace(feed, links=21)
    assert store.list_state("example", "https://news.example.ir/atom") is None


# --- databases of before ------------------------------------------------------------------------------------


@pytest.fixture
def first_schema(address: str) -> str:
    """A database of schema 0001 with an edited article, and a page that gave none."""
    engine = open_engine(address)
    with writing(engine).begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.upgrade(config, "0001")
        when = {"seen": "2026-01-01T00:00:00.000000Z", "edited": "2026-02-01T00:00:00.000000Z"}
        connection.execute(
            text(
                "INSERT INTO articles (id, url, canonical_url, source, dated, first_seen, last_seen, revised,"
                " revision, indexed_revision, content_hash, record) VALUES ('a', 'u', 'u', 'example', :seen,"
                " :seen, :edited, :edited, 2, 2, 'h', '{}')"
            ),
            when,
        )
        pages = "INSERT INTO pages (source, url, status, article_id, fetched_at, attempts, settled) VALUES"
        connection.execute(text(f"{pages} ('example', 'u', 'done', 'a', :edited, 0, true)"), when)
        connection.execute(text(f"{pages} ('example', 'v', 'rejected', NULL, :edited, 0, true)"), when)
    engine.dispose()
    return address


def test_the_pages_of_an_old_database_become_due(first_schema: str) -> None:
    edited = datetime.fromisoformat("2026-02-01T00:00:00Z")
    with Store.open(first_schema) as store:
        states = store.known_pages("example", ["u", "v"])
        assert store.due_links("example", NOW, 10) == [Link("u", "listing")]
    assert (states["u"].due_at, states["u"].changed_at, states["u"].changes) == (edited, edited, 1)
    assert (states["v"].due_at, states["v"].changes, states["v"].missing_count) == (None, 0, 0)
