"""``aggregator archive`` and ``replay`` as a user runs them, on the archive of a real crawl."""

import gzip
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.demo.server import Portal
from aggregator.demo.site import Site
from aggregator.demo.synthetic import synthetic_articles
from aggregator.store import Store
from tests.e2e.conftest import Run, command, environment


@pytest.fixture
def site() -> Site:
    return Site("saman", synthetic_articles(6, seed=8))


@pytest.fixture
def crawled(run: Run, site: Site) -> list[str]:
    """The addresses of the articles, which were crawled."""
    with Portal([site]):
        done = run("crawl", site.base_url + "/", "--delay", "0")
        assert done.status == 0, done.err
        return [record["url"] for record in run("export").records]


def spoil(data: Path, change: Callable[[str], str]) -> str:
    """Stores the headline of one article as worse rules would have read it; its address."""
    with Store.open(f"sqlite:///{data / 'aggregator.sqlite3'}") as store:
        stored = next(iter(store.articles(order="id")))
        worse = replace(stored.article, headline=change(stored.article.headline))
        store.put_article(
            worse, organisation=stored.organisation, province=stored.province, seen_at=stored.last_seen
        )
    return stored.article.url


def test_get_prints_the_page_as_it_came(run: Run, data: Path, site: Site, crawled: list[str]) -> None:
    url = crawled[0]
    served = site.respond(url.removeprefix(site.base_url)).body.decode()
    page = run("archive", "get", url)
    assert (page.status, page.out) == (0, served)
    assert "the only time" in page.err
    assert run("archive", "get", url, "--at", "1399-01-01").out == served  # the first is nearest

    records = run("archive", "get", url, "--record").out
    assert "WARC-Type: response" in records
    assert "WARC-Type: request" in records
    assert served in records

    where = run("archive", "get", url, "--json").json
    assert (where["url"], where["status"], where["mime"]) == (url, 200, "text/html")
    with Path(where["file"]).open("rb") as file:
        file.seek(where["offset"])
        assert served.encode() in gzip.decompress(file.read(where["length"]))


def test_get_says_what_it_has_not(run: Run, crawled: list[str]) -> None:
    none = run("archive", "get", crawled[0] + "9")
    assert (none.status, none.out) == (1, "")
    assert "has no page of" in none.err
    assert run("archive", "get", "http://[x").status == 2
    assert run("archive", "get", crawled[0], "--at", "yesterday").status == 2


def test_check_finds_nothing_sets_aside_and_finds_damage(run: Run, data: Path, crawled: list[str]) -> None:
    whole = run("archive", "check", "--json")
    assert whole.status == 0
    (report,) = whole.json
    assert (report["pages"], report["whole"], report["torn"]) == (6, True, None)

    path = Path(report["file"])
    with path.open("ab") as file:
        file.write(b"\x1f\x8b\x08 a record that a kill has cut")
    torn = run("archive", "check")
    assert torn.status == 0, torn.err
    assert "torn bytes moved to" in torn.out
    assert run("archive", "check").out.strip().endswith("whole")

    data_of = bytearray(path.read_bytes())
    data_of[len(data_of) // 2] ^= 0xFF
    path.write_bytes(data_of)
    damaged = run("archive", "check")
    assert damaged.status == 1
    assert "bad bytes at" in damaged.err
    assert path.read_bytes() == data_of

    assert run("archive", "check", "nowhere.warc.gz").status == 2


def test_a_dry_replay_shows_each_change_and_a_real_one_makes_it_once(
    run: Run, data: Path, crawled: list[str]
) -> None:
    url = spoil(data, lambda headline: f"بد {headline}")
    shown = run("replay", "--dry-run")
    assert shown.status == 0, shown.err
    assert f"changed  {url}" in shown.out
    assert "headline" in shown.out
    assert "[-بد" in shown.out
    assert "nothing was changed" in shown.err

    change, counts = run("replay", "--dry-run", "--json").records
    assert (change["outcome"], change["url"], list(change["changes"])) == ("changed", url, ["headline"])
    assert change["changes"]["headline"]["before"] == f"بد {change['changes']['headline']['after']}"
    assert counts == {"pages": 6, "new": 0, "changed": 1, "unchanged": 5, "rejected": 0, "lost": 0}

    assert run("replay", "--source", "nobody", "--json").json["pages"] == 0
    assert run("replay", "--json").json == counts
    assert run("replay", "--json").json["changed"] == 0
    revisions = {record["url"]: record["revision"] for record in run("export").records}
    assert revisions.pop(url) == 3  # read well, spoilt, read well
    assert set(revisions.values()) == {1}
    assert run("search", "بد", "--json").json["total"] == 0  # the index follows


def test_the_next_crawl_mends_what_a_kill_tore(run: Run, data: Path) -> None:
    site = Site("nastooh", synthetic_articles(60, seed=3))
    with Portal([site]) as portal:
        with subprocess.Popen(
            command("crawl", site.base_url + "/", "--delay", "0"),
            env=environment(data),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            deadline = time.monotonic() + 120
            while len(portal.requests(site.source_id)) < 20 and process.poll() is None:
                assert time.monotonic() < deadline
                time.sleep(0.005)
            os.kill(process.pid, signal.SIGKILL)
        (dead,) = (data / "archive").glob("*.warc.gz")
        with dead.open("r+b") as file:
            file.truncate(dead.stat().st_size - 5)  # in the middle of its last record
        done = run("crawl", site.base_url + "/", "--delay", "0")
    assert done.status == 0, done.err
    assert "torn the end" in done.err
    assert len(list((data / "archive").glob("*.torn"))) == 1
    reports = run("archive", "check", "--json").json
    assert all(report["whole"] and report["torn"] is None for report in reports)
    assert len(run("export").records) == 60
