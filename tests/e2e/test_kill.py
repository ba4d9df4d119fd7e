"""Killing a crawl loses nothing that was stored, and the same command goes on."""

import os
import random
import signal
import subprocess
import time
from pathlib import Path

from aggregator.demo.server import Portal
from aggregator.demo.site import Site
from aggregator.demo.synthetic import synthetic_articles
from tests.e2e.conftest import Run, command, environment

ARTICLES = 60


def crawl_until(seen: int, url: str, portal: Portal, site: Site, data: Path, number: signal.Signals) -> int:
    """Start a crawl, send it a signal once the site has seen so many requests; its exit status."""
    with subprocess.Popen(
        command("crawl", url, "--delay", "0"),
        env=environment(data),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        before = len(portal.requests(site.source_id))
        deadline = time.monotonic() + 120
        while len(portal.requests(site.source_id)) - before < seen and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        if process.poll() is None:
            os.kill(process.pid, number)
        return process.wait(timeout=120)


def test_kill_and_go_on(run: Run, data: Path) -> None:
    site = Site("nastooh", synthetic_articles(ARTICLES, seed=3))
    chance = random.Random(1)
    with Portal([site]) as portal:
        for _ in range(4):
            crawl_until(chance.randint(3, 25), site.base_url + "/", portal, site, data, signal.SIGKILL)
        assert run("status", "--json").status == 0  # whatever was killed, the database opens
        done = run("crawl", site.base_url + "/", "--delay", "0", "--json")
        assert done.status == 0, done.err
        asked = len(portal.requests(site.source_id))
        again = run("crawl", site.base_url + "/", "--delay", "0", "--json")
        assert again.status == 0, again.err
        repeated = portal.requests(site.source_id)[asked:]
    (counts,) = [source["counts"] for source in again.json]
    assert (counts["new"], counts["changed"], counts["articles"]) == (0, 0, 0)
    assert not [request.target for request in repeated if request.target.startswith("/news/")]

    records = run("export").records
    assert sorted(record["url"] for record in records) == sorted(record["url"] for record in site.truth())
    assert {record["revision"] for record in records} == {1}
    assert run("search", "--json", "--size", "0").json["total"] == ARTICLES
    assert "killed" in {one["status"] for one in run("runs", "--json").json}


def test_control_c_ends_cleanly_and_goes_on(run: Run, data: Path) -> None:
    site = Site("iransamaneh", synthetic_articles(ARTICLES, seed=4))
    with Portal([site]) as portal:
        status = crawl_until(15, site.base_url + "/", portal, site, data, signal.SIGINT)
        assert status == 130
        (first,) = run("runs", "--json").json
        assert first["status"] == "interrupted"
        stored = run("status", "--json").json["articles"]
        assert 0 < stored < ARTICLES
        assert run("crawl", site.base_url + "/", "--delay", "0").status == 0
    assert len(run("export").records) == ARTICLES
