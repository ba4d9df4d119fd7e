"""The index catches up with the database, whatever happens on the way."""

import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.errors import TryLaterError
from aggregator.index import sync as sync_module
from aggregator.index.local import LocalIndex
from aggregator.index.sync import reindex, sync
from aggregator.search import search
from aggregator.search.results import SearchRequest
from aggregator.store import Store


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(f"sqlite:///{tmp_path / 'news.sqlite3'}") as opened:
        yield opened


@pytest.fixture(autouse=True)
def small_batches(monkeypatch) -> None:
    monkeypatch.setattr(sync_module, "BATCH", 10)


def total(index, registry, query: str = "") -> int:
    return search(SearchRequest(query), index, registry).total


def test_everything_pending_is_indexed_in_batches(store, index, registry, article):
    store.put_articles([article(n, "آب") for n in range(25)])
    told: list[int] = []
    assert sync(store, index, registry, told.append) == 25
    assert told == [10, 20, 25]
    assert (total(index, registry), store.pending_count()) == (25, 0)
    assert sync(store, index, registry) == 0


def test_a_changed_article_is_indexed_again(store, index, registry, article):
    store.put_articles([article(1, "آب")])
    sync(store, index, registry)
    changed = article(1, "برق")
    store.put_articles([replace(changed, last_seen=changed.last_seen.replace(year=2027))])
    assert sync(store, index, registry) == 1
    assert (total(index, registry, "آب"), total(index, registry, "برق")) == (0, 1)


def test_nothing_is_marked_before_the_index_has_it(store, index, registry, article, monkeypatch):
    store.put_articles([article(n) for n in range(25)])

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(store, "mark_indexed", fail)
        with pytest.raises(KeyboardInterrupt):
            sync(store, index, registry)
    assert (total(index, registry), store.pending_count()) == (10, 25)
    assert sync(store, index, registry) == 25
    assert total(index, registry) == 25


def test_an_article_that_cannot_be_read_marks_nothing(store, index, registry, article, monkeypatch):
    store.put_articles([article(n) for n in range(5)])

    def fail(*_: object) -> None:
        raise RuntimeError("no document")

    with monkeypatch.context() as patched:
        patched.setattr(sync_module, "to_document", fail)
        with pytest.raises(RuntimeError):
            sync(store, index, registry)
    assert store.pending_count() == 5
    assert sync(store, index, registry) == 5


def test_a_lost_index_is_filled_again(store, tmp_path, registry, article):
    store.put_articles([article(n) for n in range(25)])
    sync(store, LocalIndex(tmp_path / "one"), registry)
    other = LocalIndex(tmp_path / "two")
    assert sync(store, other, registry) == 25
    assert total(other, registry) == 25


def test_several_at_once_are_harmless(store, tmp_path, registry, article):
    store.put_articles([article(n) for n in range(200)])
    errors: list[BaseException] = []

    def run() -> None:
        try:
            sync(store, LocalIndex(tmp_path / "index"), registry)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert (total(LocalIndex(tmp_path / "index"), registry), store.pending_count()) == (200, 0)


def test_a_sync_that_finds_the_index_locked_for_long_is_for_later(store, tmp_path, registry, article):
    store.put_articles([article(1)])
    with LocalIndex(tmp_path / "index").writing(), pytest.raises(TryLaterError):
        sync(store, LocalIndex(tmp_path / "index", patience=0), registry)
    assert sync(store, LocalIndex(tmp_path / "index"), registry) == 1


PROGRAM = """
import sys
from pathlib import Path
from aggregator.errors import TryLaterError
from aggregator.index import sync as module
from aggregator.index.local import LocalIndex
from aggregator.registry import load_registry
from aggregator.store import Store
module.BATCH = 10
store = Store.open(sys.argv[1])
module.sync(store, LocalIndex(Path(sys.argv[2])), load_registry(), lambda n: print(n, flush=True))
"""


@pytest.mark.parametrize("batches", [1, 3])
def test_a_sync_that_is_killed_loses_nothing(store, tmp_path, registry, article, batches):
    store.put_articles([article(n) for n in range(150)])
    database, folder = f"sqlite:///{tmp_path / 'news.sqlite3'}", tmp_path / "index"
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, database, str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    for _ in range(batches):
        assert process.stdout.readline().strip()
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert store.pending_count() > 0
    sync(store, LocalIndex(folder), registry)
    assert (total(LocalIndex(folder), registry), store.pending_count()) == (150, 0)


def test_reindex_has_everything_and_nothing_else(store, index, registry, article, put):
    put([article(99, "از پیش")])
    store.put_articles([article(n) for n in range(25)])
    told: list[int] = []
    assert reindex(store, index, registry, told.append).count == 25
    assert told == [10, 20]
    assert (total(index, registry), total(index, registry, "پیش")) == (25, 0)
    assert store.pending_count() == 0


def test_what_changes_during_a_reindex_stays_pending(store, index, registry, article):
    store.put_articles([article(n) for n in range(25)])
    changed = article(3, "آب")

    def change(done: int) -> None:
        if done == 10:
            store.put_articles([replace(changed, last_seen=changed.last_seen.replace(year=2027))])

    reindex(store, index, registry, change)
    assert store.pending_count() == 1
    sync(store, index, registry)
    assert total(index, registry, "آب") == 1
