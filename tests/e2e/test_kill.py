"""Killing a crawl loses nothing that was stored, and the same command goes on."""

import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

import pytest

from aggregator.crawl.archive import archive_files, read_pages
from aggregator.demo.server import Portal
from aggregator.demo.site import Site
from aggregator.demo.synthetic import synthetic_articles
from aggregator.store import Store
from tests.e2e.conftest import Run
from tests.e2e.processes import Watch, begun, counts_of, group, records_of, wait_until

ARTICLES, FEW = 400, 60
KILLS = int(os.environ.get("KILLS", "20"))  # five of them at the end; CI has no time for so many
Crawl = Popen[str]


@pytest.fixture(autouse=True)
def one_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """One process that reads pages is enough here: these tests begin many crawls (Python 3.13 heeds it)."""
    monkeypatch.setenv("PYTHON_CPU_COUNT", "1")


class Killer:
    """Crawls a site again and again, and kills each crawl at another moment."""

    def __init__(self, watch: Watch, data: Path, seed: int):
        self.watch, self.data, self.chance = watch, data, random.Random(seed)
        self.helped = 0  #: crawls that were killed while they had processes of their own

    def moments(self) -> list[Callable[[Crawl], None]]:
        """All of them. The last ones are those that come once in a whole crawl."""
        somewhere = [self._start] * 4 + [self._early] * 8 + [self._late] * 3
        self.chance.shuffle(somewhere)
        return [
            *somewhere[: KILLS - 5],
            self._last_page,
            self._indexing,
            self._indexing,
            self._indexing,
            self._noted,
        ]

    def kill_at(self, moment: Callable[[Crawl], None]) -> None:
        """One crawl, killed then; nothing of it may live on."""
        self.watch.begin()
        with begun("crawl", self.watch.site.base_url + "/", "--delay", "0", data=self.data) as process:
            moment(process)
            assert process.poll() is None, f"it ended before {moment.__name__} could come"
            self.helped += len(group(process.pid)) > 1
            if self.chance.random() < 0.5:
                os.killpg(process.pid, signal.SIGKILL)
            else:  # as where memory is short: the processes that it has begun have to notice
                process.kill()
            process.wait()
            wait_until(lambda: not group(process.pid))

    def _start(self, _: Crawl) -> None:
        self._rest(2)

    def _early(self, process: Crawl) -> None:
        self._after(self.chance.randint(1, 25), process)

    def _late(self, process: Crawl) -> None:
        self._after(self.chance.randint(40, 60), process)

    def _after(self, articles: int, process: Crawl) -> None:
        wait_until(lambda: len(self.watch.articles) >= articles, process)
        self._rest(0.2)

    def _last_page(self, process: Crawl) -> None:
        wait_until(lambda: self._stored() == ARTICLES - 1, process)

    def _indexing(self, process: Crawl) -> None:
        before = self._index()
        wait_until(lambda: self._index() != before, process)
        self._rest(0.2)

    def _noted(self, process: Crawl) -> None:
        """The run's end is in the database, and not yet all that follows it."""
        wait_until(lambda: self._value("SELECT status FROM runs ORDER BY id DESC") == "finished", process)

    def _rest(self, longest: float) -> None:
        time.sleep(self.chance.uniform(0, longest))

    def _index(self) -> set[Path]:
        return set((self.data / "index").rglob("*"))

    def _stored(self) -> int:
        return int(self._value("SELECT count(*) FROM articles"))

    def _value(self, query: str) -> object:
        database = self.data / "aggregator.sqlite3"
        connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        try:
            return connection.execute(query).fetchone()[0]
        finally:
            connection.close()


def test_after_many_kills_the_export_is_that_of_an_undisturbed_crawl(
    run: Run, data: Path, tmp_path: Path
) -> None:
    (tmp_path / "aggregator.toml").write_text("concurrency_per_site = 8\n")
    site = Site("nastooh", synthetic_articles(ARTICLES, seed=3))
    with Portal([site]) as portal:
        url, watch = site.base_url + "/", Watch(portal, site)
        undisturbed = run("crawl", url, "--delay", "0", "--data", str(tmp_path / "other"), "--json")
        assert counts_of(undisturbed.out)["new"] == ARTICLES
        expected = records_of(run("export", "--data", str(tmp_path / "other")).records)

        killer = Killer(watch, data, seed=1)
        for moment in killer.moments():
            killer.kill_at(moment)
        assert killer.helped > 0  # or nothing was said of the processes that read pages
        done = run("crawl", url, "--delay", "0", "--json")
        assert (done.status, counts_of(done.out)["new"]) == (0, 0), done.err
        watch.begin()
        again = run("crawl", url, "--delay", "0", "--json")
        assert again.status == 0, again.err
        assert watch.articles == []
    assert counts_of(again.out)["articles"] == 0

    records = run("export").records
    assert records_of(records) == expected
    assert len(records) == ARTICLES
    assert {record["revision"] for record in records} == {1}
    assert run("search", "--json", "--size", "0").json["total"] == ARTICLES
    with Store.open(f"sqlite:///{data / 'aggregator.sqlite3'}") as store:
        told = [one.status for one in store.runs(limit=100)]
    assert told[:3] == ["finished"] * 3  # the one that was killed when its end had been noted among them
    assert set(told) == {"finished", "killed"}
    checked = run("archive", "check", "--json")
    assert checked.status == 0, checked.err
    assert all(one["whole"] and not one["in_use"] for one in checked.json)
    archived = {page.url for path in archive_files(data / "archive") for page in read_pages(path)}
    assert archived == {record["url"] for record in records}


def test_control_c_ends_cleanly_and_goes_on(run: Run, data: Path) -> None:
    site = Site("iransamaneh", synthetic_articles(FEW, seed=4))
    with Portal([site]) as portal:
        watch = Watch(portal, site)
        with begun("crawl", site.base_url + "/", "--delay", "0", data=data) as process:
            wait_until(lambda: len(watch.targets) >= 15, process)
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=120) == 130
            wait_until(lambda: not group(process.pid))  # Python's resource tracker ends a moment after it
        (first,) = run("runs", "--json").json
        assert first["status"] == "interrupted"
        stored = run("status", "--json").json["articles"]
        assert 0 < stored < FEW
        assert run("crawl", site.base_url + "/", "--delay", "0").status == 0
    assert len(run("export").records) == FEW
