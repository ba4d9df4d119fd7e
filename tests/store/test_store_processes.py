"""Several processes at once, and processes that are killed."""

import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest

from aggregator.store import Store
from tests.making import NOW, make_article

ROOT = str(Path(__file__).parents[2])
PUTS = f"""
import sys
sys.path.insert(0, {ROOT!r})
from tests.making import NOW, make_article
from aggregator.model import PageState
from aggregator.store import Store

address, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
store = Store.open(address)
for number in range(first, last):
    article = make_article(number, headline=sys.argv[4])
    page = PageState(article.url, "example", "done")
    store.put_article(article, organisation=None, province=None, seen_at=NOW, page=page)
    print(number, flush=True)
"""


def putting(address: str, first: int, last: int, headline: str = "خبر") -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", PUTS, address, str(first), str(last), headline]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


def acknowledged(child: subprocess.Popen[str]) -> list[int]:
    """What the child told, whole lines only."""
    assert child.stdout is not None
    return [int(line) for line in child.stdout.read().splitlines(keepends=True) if line.endswith("\n")]


@pytest.mark.parametrize("seconds", [0.05, 0.2, 0.5])
def test_what_was_acknowledged_survives_a_kill(tmp_path: Path, seconds: float) -> None:
    path = tmp_path / "news.db"
    with putting(f"sqlite:///{path}", 1, 100_000) as child:
        assert child.stdout is not None
        first = int(child.stdout.readline())
        time.sleep(seconds)
        child.send_signal(signal.SIGKILL)
        told = [first, *acknowledged(child)]
    with Store.open(f"sqlite:///{path}") as store:
        there = [item.article.id for item in store.articles(order="id")]
        pages = store.known_pages("example", [make_article(number).url for number in told])
    assert len(told) > 1
    assert {make_article(number).id for number in told} <= set(there)
    assert len(there) == len(set(there)) <= len(told) + 1  # the last one may have been stored untold
    assert len(pages) == len(told)
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    half = "SELECT count(*) FROM articles WHERE id NOT IN (SELECT article_id FROM pages)"
    assert connection.execute(half).fetchone() == (0,)
    connection.close()


def test_processes_create_and_fill_one_database_together(address: str) -> None:
    children = [putting(address, 1, 150, headline) for headline in ("الف", "الف", "ب")]
    for child in children:
        with child:
            assert acknowledged(child) == list(range(1, 150))
        assert child.returncode == 0
    with Store.open(address) as store:
        assert store.counts()["articles"] == 149
        for item in store.articles():
            history = store.revisions(item.article.id)
            assert [found.revision for found in history] == list(range(1, len(history) + 1))
            headlines = [found.article.headline for found in history]
            assert set(headlines) == {"الف", "ب"}
            assert all(one != other for one, other in pairwise(headlines))


def test_threads_share_one_store(address: str) -> None:
    with Store.open(address) as store, ThreadPoolExecutor(8) as pool:

        def put(number: int) -> str:
            return store.put_article(
                make_article(number % 100), organisation=None, province=None, seen_at=NOW
            )

        outcomes = list(pool.map(put, range(300)))
        assert sorted(outcomes) == ["new"] * 100 + ["unchanged"] * 200
        assert store.counts()["revisions"] == 100
