"""``aggregator demo``: the first thing that a newcomer sees."""

from pathlib import Path

from aggregator.demo.bundle import bundled_sites
from tests.e2e.conftest import Run

STORIES = sum(len(site.items) for site in bundled_sites())


def test_it_crawls_searches_and_can_be_run_again(run: Run, data: Path) -> None:
    first = run("demo", "--no-serve", "--json", "--port", "18765")
    assert first.status == 0, first.err
    crawls = first.json["crawls"]
    assert [sum(one["counts"]["new"] for one in crawl) for crawl in crawls] == [STORIES, 0]
    assert sum(one["counts"]["changed"] for one in crawls[1]) == 1
    assert {one["status"] for crawl in crawls for one in crawl} == {"finished"}
    rejected = {name for crawl in crawls for one in crawl for name in one["counts"]["rejected"]}
    assert {"soft-404", "login", "robots-forbidden"} <= rejected
    assert all(search["total"] for search in first.json["searches"])
    assert all(search["hits"][0]["highlights"] for search in first.json["searches"])

    again = run("demo", "--port", "18765")
    assert again.status == 0, again.err
    assert "nothing new" in again.out
    assert "What to type next" in again.out
    folder = first.json["data"]
    assert run("search", "--data", folder, "--json", "--size", "0").json["total"] == STORIES
