"""Crawls as a whole: killed, interrupted, several at once, and started by Scrapy's own command."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_site import PATIENCE, Answer, Site, path_of

from aggregator.crawl.archive import archive_files, read_pages
from aggregator.store import Store

Crawl = Callable[..., dict[str, Any]]
Start = Callable[..., "subprocess.Popen[str]"]
ROOT = Path(__file__).parents[2]


def wait_until(condition: Callable[[], object], process: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)


def stored_headlines(store: Store) -> set[str]:
    return {stored.article.headline for stored in store.articles()}


@pytest.mark.parametrize("killed_after", [3, 45, 90])
def test_killed_crawl_is_resumed_without_loss(
    site: Site, start: Start, crawl: Crawl, store: Store, killed_after: int, data: Path
) -> None:
    site.add(95)
    process = start(site.url + "/")
    wait_until(lambda: len(site.articles_asked()) >= killed_after, process)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    kept = stored_headlines(store)
    assert [run.status for run in store.runs()] == ["killed"]
    site.asked.clear()
    run = crawl(site.url + "/")["run"]
    assert stored_headlines(store) == set(site.articles.values())
    assert run["new"] == 100 - len(kept)
    # Whatever was stored is not asked for again.
    assert len(site.articles_asked()) == 100 - len(kept)
    site.asked.clear()
    assert crawl(site.url + "/")["run"]["new"] == 0
    assert site.articles_asked() == []
    archived = [page.url for path in archive_files(data / "archive") for page in read_pages(path)]
    assert {site.url + path_of(number) for number in site.articles} == set(archived)


def test_ctrl_c_finishes_what_is_under_way(site: Site, start: Start, crawl: Crawl, store: Store) -> None:
    site.add(60)
    site.before = lambda path: time.sleep(0.1)
    process = start(site.url + "/")
    wait_until(lambda: len(site.articles_asked()) >= 5, process)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    assert '"interrupted": true' in out, err
    assert '"state": "interrupted"' in out
    (run,) = store.runs()
    assert run.status == "interrupted"
    assert run.counts["new"] == len(stored_headlines(store)) == len(site.articles_asked())
    site.before = lambda path: None
    assert crawl(site.url + "/")["run"]["new"] == 65 - run.counts["new"]


def test_second_ctrl_c_stops_at_once(site: Site, start: Start) -> None:
    site.before = lambda path: time.sleep(20) if path == path_of(5) else None
    process = start(site.url + "/")
    wait_until(lambda: path_of(5) in site.asked, process)
    process.send_signal(signal.SIGINT)
    time.sleep(1)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=15)  # the page itself takes 20 seconds
    assert '"state": "interrupted"' in out


def test_one_bad_source_does_not_end_the_others(site: Site, crawl: Crawl, store: Store) -> None:
    with Site(3).running() as second:
        result = crawl(
            {"id": "good", "organisation": None, "url": site.url + "/"},
            {"id": "bad", "organisation": None, "url": "http://127.0.0.1:1/"},
            {"id": "too", "organisation": None, "url": second.url + "/"},
        )
    assert [(run["source"], run["state"], run["new"]) for run in result["runs"]] == [
        ("good", "finished", 5),
        ("bad", "failed", 0),
        ("too", "finished", 3),
    ]
    assert result["failed"] == ["bad"]
    assert {run.source: run.status for run in store.runs()} == {
        "good": "finished",
        "bad": "failed",
        "too": "finished",
    }
    (bad,) = store.runs("bad")
    assert "connection-refused" in bad.counts["reason"]


def test_sources_of_one_host_wait_for_each_other(site: Site, crawl: Crawl) -> None:
    lock, most, now = threading.Lock(), [0], [0]

    def count(path: str) -> None:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.02)
        with lock:
            now[0] -= 1

    site.before = count
    sources = [{"id": f"s{n}", "organisation": None, "url": f"{site.url}/"} for n in range(3)]
    result = crawl(*sources, settings={"concurrency_per_site": 1})
    assert [run["state"] for run in result["runs"]] == ["finished"] * 3
    assert most == [1]


def test_progress_is_told(site: Site, crawl: Crawl) -> None:
    told = crawl(site.url + "/")["told"]
    assert told[-1] == "finished"
    assert set(told[:-1]) <= {"running"}


def test_articles_can_be_searched_afterwards(site: Site, crawl: Crawl, store: Store, data: Path) -> None:
    from aggregator.index.local import LocalIndex

    assert crawl(site.url + "/")["index_trouble"] is None
    assert store.pending_count() == 0
    assert LocalIndex(data / "index").count() == 5


def test_without_archive(site: Site, crawl: Crawl, data: Path) -> None:
    assert crawl(site.url + "/", settings={"archive": False})["run"]["new"] == 5
    assert not (data / "archive").exists()


def test_archive_that_cannot_be_written_ends_the_crawl(
    site: Site, crawl: Crawl, store: Store, data: Path
) -> None:
    (data / "archive").write_text("a file where the folder should be")
    run = crawl(site.url + "/")["run"]
    assert run["state"] == "failed"
    assert run["reason"].startswith("archive: ")
    assert stored_headlines(store) == set()
    (data / "archive").unlink()
    assert crawl(site.url + "/")["run"]["new"] == 5


# --- Scrapy's own command -----------------------------------------------------------------------------------


def scrapy(*arguments: str, data: Path, sources: Path) -> str:
    """Runs ``scrapy`` in the project and gives its standard output."""
    environment = os.environ | {
        "AGGREGATOR_DATA": str(data),
        "AGGREGATOR_SOURCES": str(sources),
        "AGGREGATOR_DELAY": "0",
    }
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def sources(tmp_path: Path, site: Site) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "small.yaml").write_text(
        "id: small\nname: سازمان نمونه\nname_en: Sample\nkind: other\n"
        f"sources:\n- id: small-site\n  url: {site.url}/\n  evidence: a test\n",
        encoding="utf-8",
    )
    return folder


def test_scrapy_list_and_crawl(site: Site, store: Store, data: Path, sources: Path) -> None:
    assert "small-site" in scrapy("list", data=data, sources=sources).split()
    scrapy("crawl", "small-site", "-a", "limit=2", data=data, sources=sources)
    assert {stored.organisation for stored in store.articles()} == {"small"}
    assert len(site.articles_asked()) == 2
    scrapy("crawl", "small-site", "-a", "since=۱۳۹۹/۰۳/۱۲", data=data, sources=sources)
    assert stored_headlines(store) == set(site.articles.values())
    assert [run.status for run in store.runs("small-site")] == ["finished", "finished"]
    assert store.pending_count() == 0


def test_scrapy_crawl_of_an_address(site: Site, store: Store, data: Path, tmp_path: Path) -> None:
    site.paths["/robots.txt"] = Answer("User-agent: *\nDisallow:\n")
    scrapy("crawl", f"{site.url}/", data=data, sources=tmp_path)
    assert stored_headlines(store) == set(site.articles.values())
    (run,) = store.runs()
    assert run.source == site.url.removeprefix("http://")
