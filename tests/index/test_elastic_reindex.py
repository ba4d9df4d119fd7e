"""A new index beside the old one: nobody finds less meanwhile; whatever breaks, one of the two is whole."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from aggregator.commands.upkeep import tell_changes
from aggregator.errors import TryLaterError
from aggregator.index import sync as sync_module
from aggregator.index.elastic import index as index_module
from aggregator.index.elastic import write
from aggregator.index.elastic.client import Access
from aggregator.index.elastic.index import ElasticIndex
from aggregator.index.protocol import RebuildIndexError
from aggregator.index.sync import reindex, sync
from aggregator.registry import Registry
from aggregator.search import search
from aggregator.search.results import SearchRequest
from aggregator.store import Store
from aggregator.workspace import open_workspace
from tests.index import proxy as faults
from tests.index.conftest import make_article, make_quickly
from tests.index.held import assert_complete
from tests.index.proxy import Fault, Proxy

ARTICLES = 60


@pytest.fixture(autouse=True)
def quick_and_small(monkeypatch: pytest.MonkeyPatch) -> None:
    make_quickly(monkeypatch)
    monkeypatch.setattr(write, "FIRST_WAIT", 0.02)
    monkeypatch.setattr(write, "PATIENCE", 1.5)
    monkeypatch.setattr(sync_module, "BATCH", 10)
    monkeypatch.setattr(index_module, "FILLED_AT_ONCE", 10)


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'news.sqlite3'}"


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    with Store.open(database) as opened:
        opened.put_articles([make_article(n, "خبر") for n in range(ARTICLES)])
        yield opened


@pytest.fixture
def index(store: Store, elastic: ElasticIndex, registry: Registry) -> ElasticIndex:
    """With all articles in it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sync_module, "BATCH", ARTICLES)
        sync(store, elastic, registry)
    return elastic


@pytest.fixture
def by_proxy(index: ElasticIndex, proxy: Proxy) -> Iterator[ElasticIndex]:
    """The same index."""
    made = ElasticIndex(Access((proxy.url,), index.name))
    yield made
    made.close()


def behind(client: Elasticsearch, name: str) -> dict[str, list[str]]:
    """The indices, each with what its aliases have behind the name."""
    found = client.indices.get_alias(index=f"{name}-*")
    return {
        index.removeprefix(f"{name}-"): sorted(alias.removeprefix(name) for alias in its["aliases"])
        for index, its in found.items()
    }


def change(store: Store, number: int, revision: int) -> None:
    """Another revision of an article."""
    store.put_articles([make_article(number, f"خبر {revision}")])


def total(index: ElasticIndex, registry: Registry) -> int:
    return search(SearchRequest("خبر"), index, registry).total


def test_nobody_finds_less_while_articles_come_and_change(store, index, client, registry):
    done, broken = threading.Event(), []

    def forever(step) -> threading.Thread:
        def run() -> None:
            try:
                while not done.is_set():
                    step()
            except BaseException as error:
                broken.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    found = [total(index, registry)]
    written = [ARTICLES]

    def look() -> None:
        found.append(total(index, registry))

    def crawl() -> None:
        written[0] += 1
        store.put_articles([make_article(written[0], "خبر")])
        change(store, written[0] % ARTICLES, written[0])
        sync(store, index, registry)

    threads = [forever(look), forever(crawl)]
    for _ in range(2):
        assert reindex(store, index, registry).count >= ARTICLES
    done.set()
    for thread in threads:
        thread.join()
    sync(store, index, registry)
    assert broken == []
    assert found == sorted(found)
    assert len(found) > 5
    assert written[0] > ARTICLES + 2
    assert_complete(store, client, index.name)
    assert behind(client, index.name) == {"000001": [], "000002": [], "000003": ["", "-write"]}


def test_the_old_index_is_kept_until_told(store, index, client, registry):
    rebuilt = reindex(store, index, registry)
    assert (rebuilt.count, rebuilt.kept) == (ARTICLES, (f"{index.name}-000001",))
    assert behind(client, index.name) == {"000001": [], "000002": ["", "-write"]}
    assert index.drop_old() == rebuilt.kept
    assert behind(client, index.name) == {"000002": ["", "-write"]}
    assert index.drop_old() == ()
    assert_complete(store, client, index.name)


def test_it_does_not_bring_back_what_was_read_worse(store, index, registry, monkeypatch):
    """Of one revision, which the version cannot tell apart: its owner came to be known meanwhile."""
    monkeypatch.setattr(index_module, "FILLED_AT_ONCE", 30)

    def improve(done: int) -> None:
        if done == 10:  # of which none has been sent
            store.put_articles([make_article(3, "خبر", organisation="mcls")])
            assert sync(store, index, registry) == 1

    reindex(store, index, registry, improve)
    sync(store, index, registry)
    assert search(SearchRequest("سازمان:mcls"), index, registry).total == 1


def test_it_has_what_the_database_has(store, index, client, registry):
    with index.writing() as writer:
        writer.delete([f"{1:020x}"])
    client.index(
        index=index.name + "-write", id="stray", document={"id": "stray", "revision": 1}, refresh=True
    )
    reindex(store, index, registry)
    assert_complete(store, client, index.name)


PROGRAM = """
import sys
from aggregator.index import sync as module
from aggregator.index.elastic import index as elastic
from aggregator.index.elastic.client import Access
from aggregator.registry import load_registry
from aggregator.store import Store
from aggregator.workspace import open_workspace
module.BATCH = elastic.FILLED_AT_ONCE = 10
index = elastic.ElasticIndex(Access((sys.argv[2],), sys.argv[3]))
module.reindex(Store.open(sys.argv[1]), index, load_registry(), lambda n: print(n, flush=True))
"""


def test_one_that_is_killed_leaves_the_old_index(store, database, index, client, registry, elasticsearch_url):
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, database, elasticsearch_url, index.name],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    for _ in range(3):
        assert process.stdout.readline().strip()
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()

    assert behind(client, index.name) == {"000001": ["", "-write"], "000002": ["-next"]}
    assert total(index, registry) == ARTICLES
    change(store, 1, 2)
    assert sync(store, index, registry) == 1
    assert_complete(store, client, index.name)

    assert reindex(store, index, registry).count == ARTICLES
    assert behind(client, index.name) == {"000001": [], "000002": ["", "-write"]}
    assert_complete(store, client, index.name)


def test_of_two_at_once_the_second_is_told(store, index, client, registry):
    told = []

    def second(done: int) -> None:
        with pytest.raises(TryLaterError, match="another process is building"):
            reindex(store, index, registry)
        told.append(done)

    assert reindex(store, index, registry, second).count == ARTICLES
    assert told == [10, 20, 30, 40, 50, 60][: len(told)]
    assert len(told) >= 5
    assert_complete(store, client, index.name)


def test_one_that_was_taken_for_dead_does_not_touch_what_another_made(store, index, client, registry):
    """Its computer slept for longer than its lease."""

    def overtaken(done: int) -> None:
        if done == 20:
            store.release_lease(sync_module.REBUILDING, owner[0])
            reindex(store, index, registry)

    owner: list[str] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sync_module, "new_owner", lambda: owner.append(f"host/{len(owner)}") or owner[-1])
        with pytest.raises(TryLaterError):
            reindex(store, index, registry, overtaken)
    assert behind(client, index.name) == {"000001": [], "000002": ["", "-write"]}
    assert_complete(store, client, index.name)


# --- on a bad way -------------------------------------------------------------------------------------------


def test_what_is_lost_on_the_way_is_noticed(store, index, by_proxy, proxy, client, registry):
    proxy.add(faults.pretend(lambda n: n == 3), on="-next/_bulk", times=1)
    with pytest.raises(RebuildIndexError, match="59 of 60 articles arrived"):
        reindex(store, by_proxy, registry)
    assert behind(client, index.name) == {"000001": ["", "-write"]}
    assert_complete(store, client, index.name)


def test_trouble_on_the_way_that_passes(store, by_proxy, proxy, client, registry):
    half = faults.reject(429, "es_rejected_execution_exception", lambda n: n % 2 == 0)
    for fault in (faults.swallow, faults.cut_answer, faults.cut_request, faults.refuse(429), half):
        proxy.add(fault, on="-next/_bulk", times=1)
    assert reindex(store, by_proxy, registry).count == ARTICLES
    assert len(proxy.bulks()) == 6 + 5
    assert_complete(store, client, by_proxy.name)


def test_trouble_on_the_way_that_stays_leaves_the_old_index(store, by_proxy, proxy, client, registry):
    for on in ("-next/_bulk", "-000002", "_mget"):
        with proxy.misbehaving(faults.cut_off, on=on), pytest.raises(TryLaterError):
            reindex(store, by_proxy, registry)
        assert behind(client, by_proxy.name)["000001"] == ["", "-write"]
        assert total(by_proxy, registry) == ARTICLES
    assert reindex(store, by_proxy, registry).count == ARTICLES
    assert behind(client, by_proxy.name) == {"000001": [], "000002": ["", "-write"]}
    assert_complete(store, client, by_proxy.name)


@pytest.mark.parametrize("fault", [faults.swallow, faults.cut_off])
def test_the_last_step_is_done_or_not_done(fault: Fault, store, by_proxy, proxy, client, registry):
    """An index that has taken over is not thrown away because the answer was lost."""
    proxy.add(fault, on="/_aliases")
    if fault is faults.swallow:
        assert reindex(store, by_proxy, registry).count == ARTICLES
    else:
        with pytest.raises(TryLaterError):
            reindex(store, by_proxy, registry)
    live = "000002" if fault is faults.swallow else "000001"
    assert behind(client, by_proxy.name)[live] == ["", "-write"]
    change(store, 1, 2)
    sync(store, by_proxy, registry)
    assert_complete(store, client, by_proxy.name)
    proxy.mend()
    assert reindex(store, by_proxy, registry).count == ARTICLES
    assert_complete(store, client, by_proxy.name)


def test_an_index_whose_making_was_not_confirmed(store, by_proxy, proxy, client, registry):
    proxy.add(faults.swallow, on=f"{by_proxy.name}-000002", times=1)
    with pytest.raises(TryLaterError):
        reindex(store, by_proxy, registry)
    assert behind(client, by_proxy.name) == {"000001": ["", "-write"], "000002": ["-next"]}
    assert reindex(store, by_proxy, registry).count == ARTICLES
    assert behind(client, by_proxy.name) == {"000001": [], "000002": ["", "-write"]}


# --- whether it is needed -----------------------------------------------------------------------------------


def test_a_dry_run_says_whether_it_is_needed(index, client, tmp_path, elasticsearch_url, capsys):
    def dry_run() -> tuple[int, str]:
        address = f"{elasticsearch_url}/{index.name}"
        with open_workspace(data=tmp_path / "data", index=address) as workspace:
            return tell_changes(workspace, as_json=False), capsys.readouterr().out

    status, said = dry_run()
    assert (status, "nothing has to be built again" in said) == (0, True)
    client.indices.put_mapping(index=index.name, meta={"fields": "0-abc"})
    status, said = dry_run()
    assert (status, "its fields are others" in said) == (1, True)
    assert behind(client, index.name) == {"000001": ["", "-write"]}
