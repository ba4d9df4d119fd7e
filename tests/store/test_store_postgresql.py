"""PostgreSQL alone: what can be wrong with a server, and what it does not take."""

import random
import string
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, tzinfo
from typing import Any

import psycopg
import pytest
from sqlalchemy.engine import make_url

from aggregator.errors import AggregatorError, FixCommandError, TryLaterError
from aggregator.model import Link, PageState
from aggregator.store import Store, engine, leases
from aggregator.store.engine import open_engine
from aggregator.urls import MAX_LENGTH, clean_url
from tests import servers
from tests.making import NOW, make_article, make_stored
from tools.postgresql import Server
from tools.processes import MissingError

PASSWORD = "geheim-42"


@pytest.fixture
def database(postgresql_database: str) -> str:
    return postgresql_database


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """One of its own, to be stopped and started again."""
    try:
        with Server({"synchronous_commit": "on"}) as started:
            yield started
    except MissingError as error:
        servers.missing(str(error))


def with_parts(address: str, **parts: Any) -> str:
    return make_url(address)._replace(**parts).render_as_string(hide_password=False)


def failure(address: str) -> AggregatorError:
    with pytest.raises(AggregatorError) as caught:
        Store.open(address)
    return caught.value


def as_superuser(address: str, *statements: str) -> None:
    with psycopg.connect(with_parts(address, drivername="postgresql"), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


# --- addresses and rights ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda url: with_parts(url, password=PASSWORD),
            "does not let this user in: correct user and password",
        ),
        (lambda url: with_parts(url, username="nobody", password=PASSWORD), "does not let this user in"),
        (lambda url: with_parts(url, password=None), "does not let this user in"),
        (lambda url: with_parts(url, password=None) + f"?password={PASSWORD}", "does not let this user in"),
        (lambda url: with_parts(url, database="nowhere"), "make it with createdb"),
        (lambda url: url + "?sslmode=require", "cannot be secured as its address asks"),
        (lambda url: url + "?sslmod=require", 'is wrong: invalid connection option "sslmod"'),
        (lambda _: f"postgresql://news:{PASSWORD}@localhost:port/news", "no database address"),
        (lambda _: f"postgresql//news:{PASSWORD}@localhost/news", "no database address"),
        (lambda _: f"postgresql+nothing://news:{PASSWORD}@localhost/news", "not installed"),
    ],
)
def test_a_wrong_address_is_explained_without_its_password(
    postgresql_url: str, change: Callable[[str], str], message: str
) -> None:
    error = failure(change(postgresql_url))
    assert isinstance(error, FixCommandError)
    assert message in str(error)
    assert PASSWORD not in str(error)
    assert str(make_url(postgresql_url).password) not in str(error)
    assert "\n" not in str(error)


def test_a_server_that_is_away_is_for_later(postgresql_url: str) -> None:
    error = failure(with_parts(postgresql_url, port=9))
    assert isinstance(error, TryLaterError)
    assert "does not answer" in str(error)
    assert str(make_url(postgresql_url).password) not in str(error)


def test_a_user_without_rights(server: Server) -> None:
    full, empty = server.database(), server.database()
    Store.open(full).close()
    as_superuser(server.url, f"CREATE USER reader PASSWORD '{PASSWORD}'")
    for address in (full, empty):
        error = failure(with_parts(address, username="reader", password=PASSWORD))
        assert isinstance(error, FixCommandError)
        assert "this user may not do that" in str(error)
        assert "grant the right" in str(error)


def test_a_database_that_may_only_be_read(server: Server) -> None:
    address = server.database()
    with Store.open(address) as store:
        store.put_articles([make_stored()])
    name = make_url(address).database
    as_superuser(server.url, f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    with Store.open(address) as store:
        assert list(store.articles()) == [make_stored()]
        with pytest.raises(FixCommandError, match="it is read-only"):
            store.put_articles([make_stored(2)])


def test_what_the_address_asks_for_counts(database: str) -> None:
    opened = open_engine(f"{database}?connect_timeout=5&options=-c%20lock_timeout%3D7s")
    with opened.connect() as connection:
        shown = {
            name: connection.exec_driver_sql(f"SHOW {name}").scalar()
            for name in ("lock_timeout", "tcp_keepalives_idle", "idle_in_transaction_session_timeout")
        }
    opened.dispose()
    assert shown == {
        "lock_timeout": "7s",
        "tcp_keepalives_idle": "30",
        "idle_in_transaction_session_timeout": "5min",
    }


# --- servers that come and go -----------------------------------------------------------------------------


def test_a_server_that_was_away_is_used_again(server: Server) -> None:
    with Store.open(server.database()) as store:
        store.put_articles([make_stored()])
        for end in (server.stop, server.kill):
            end()
            for _ in range(2):
                with pytest.raises(TryLaterError, match="does not answer"):
                    store.put_articles([make_stored(2)])
            with pytest.raises(TryLaterError, match="does not answer"):
                list(store.articles())
            server.start()
            assert store.counts()["articles"] == 1
        assert store.put_articles([make_stored(2)]) == ["new"]


def test_what_was_acknowledged_is_there_after_a_crash_and_once(server: Server) -> None:
    address = server.database()
    told: list[int] = []

    def put(store: Store) -> None:
        for number in range(1, 100_000):
            store.put_article(make_article(number), organisation=None, province=None, seen_at=NOW)
            told.append(number)
            if len(told) == 50:
                pool.submit(server.kill)

    with Store.open(address) as store, ThreadPoolExecutor() as pool:
        with pytest.raises(TryLaterError, match="does not answer"):
            put(store)
        pool.shutdown()
        server.start()
        there = [item.article.id for item in store.articles(order="id")]
        assert {make_article(number).id for number in told} <= set(there)
        assert len(there) == len(set(there)) <= len(told) + 1  # the last one may have been stored untold


def test_a_connection_that_is_cut_in_the_middle_leaves_nothing(database: str, postgresql_url: str) -> None:
    article = make_article()
    page = PageState(article.url, "example", "done")
    name = make_url(database).database
    cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"

    def next_check(_: PageState) -> datetime:  # called inside the transaction
        as_superuser(postgresql_url, cut)
        return NOW

    def put(store: Store, **given: Any) -> str:
        return store.put_article(article, organisation=None, province=None, seen_at=NOW, page=page, **given)

    with Store.open(database) as store:
        with pytest.raises(TryLaterError, match="does not answer"):
            put(store, next_check=next_check)
        assert list(store.articles()) == []
        assert store.known_pages("example", [article.url]) == {}
        assert put(store) == "new"


# --- many writers -----------------------------------------------------------------------------------------


def test_a_lock_that_stays_is_for_later_and_waited_for_once(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT", 1)
    with Store.open(database) as store, open_engine(database).connect() as other:
        other.exec_driver_sql(f"SELECT pg_advisory_xact_lock({engine._WRITE_LOCK})")
        assert list(store.articles()) == []  # readers do not wait
        began = time.monotonic()
        with pytest.raises(TryLaterError, match="locked by another process"):
            store.put_articles([make_stored()])
        assert time.monotonic() - began >= 1
        began = time.monotonic()
        for _ in range(20):
            with pytest.raises(TryLaterError, match="locked by another process"):
                store.put_articles([make_stored()])
        assert time.monotonic() - began < 10
        other.rollback()
        assert store.put_articles([make_stored()]) == ["new"]


def test_more_threads_than_connections(database: str) -> None:
    with Store.open(database) as store, ThreadPoolExecutor(40) as pool:

        def put(number: int) -> str:
            return store.put_article(
                make_article(number % 100), organisation=None, province=None, seen_at=NOW
            )

        assert sorted(pool.map(put, range(200))) == ["new"] * 100 + ["unchanged"] * 100


def test_a_lease_counts_by_the_clock_of_the_database(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Ahead(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Ahead":
            return cls.fromtimestamp(datetime.now(tz).timestamp() + 7200, tz)

    with Store.open(database) as store:
        assert store.lease("example", "one", 60)
        monkeypatch.setattr(leases, "datetime", Ahead)
        assert not store.lease("example", "another, whose clock is two hours ahead", 60)


# --- what it does not take --------------------------------------------------------------------------------


def test_a_nul_is_kept_in_texts_and_replaced_elsewhere(database: str) -> None:
    article = make_article(headline="a\0b", body=("c\0d",))
    url = "https://example.ir/e\0f"
    with Store.open(database) as store:
        store.put_article(article, organisation=None, province=None, seen_at=NOW)
        store.save_page(PageState(url, "example", "done", etag="g\0h"))
        assert store.get_article(article.id).article == article  # type: ignore[union-attr]
        (page,) = store.known_pages("example", [url]).values()
        assert (page.url, page.etag) == ("https://example.ir/e\ufffdf", "g\ufffdh")


def test_the_longest_addresses_fit_into_its_indexes(database: str) -> None:
    letters = random.Random(1)
    start = "https://example.ir/"
    urls = [
        start + "".join(letters.choices(string.ascii_letters + string.digits, k=MAX_LENGTH - len(start)))
        for _ in range(3)
    ]
    assert clean_url(urls[0]) == urls[0]
    with Store.open(database) as store:
        links = [Link(url, "listing") for url in urls]
        source = "a-source-with-a-name-that-is-rather-long-even-for-a-province"
        assert store.add_pending(source, links) == 3
        assert store.add_pending(source, links) == 0
        store.note_entrance(source, urls[0], {})
        assert set(store.known_pages(source, urls)) == set(urls)
