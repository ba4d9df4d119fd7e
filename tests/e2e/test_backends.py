"""The same product on every back end: commands, searches and what is stored."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from aggregator.demo.bundle import bundled_sites
from aggregator.demo.server import Portal
from aggregator.demo.site import Site
from aggregator.demo.synthetic import synthetic_articles
from aggregator.index.elastic.client import Access
from aggregator.index.elastic.index import ElasticIndex
from aggregator.index.local import LocalIndex
from aggregator.index.sync import reindex
from aggregator.registry import load_registry
from aggregator.search import search
from aggregator.search.results import SearchRequest, SearchResult
from aggregator.store import Store
from tests.e2e.conftest import Run
from tests.e2e.processes import begun, counts_of, records_of

#: What analysts ask of the demo, in several spellings.
QUERIES = (
    "", "آب", "شبکه‌های اجتماعی", "شبکه های اجتماعی", "شبكه هاي اجتماعي", "شبکههای اجتماعی",
    '"روابط عمومی"', "«تعاون،کارورفاه»", "تعاون، کار و رفاه اجتماعی", "دوره آموزشی استان:البرز",
    "کارگاه OR نمایشگاه", "کارآفرینان برتر -استان:فارس", 'اشاره:"سیستان وبلوچستان"', "mentions:mcls",
    "سازمان:mcls", 'سازمان:"وزارت تعاون کار"', "since:1399-03 until:1399-04", "از:۱۴۰۰ تا:1402 کار",
    "(آب OR برق) -(سد)", "NOT کار", "بخش:اخبار", "هیچ‌جا‌نیست", "۱۳۹۹", "وزیر AND کار", "-since:1300",
)  # fmt: skip


@pytest.fixture
def index_url(elasticsearch_url: str) -> Iterator[str]:
    """The address of an index that does not exist yet."""
    name = f"test-{uuid4().hex}"
    yield f"{elasticsearch_url}/{name}"
    with Elasticsearch(elasticsearch_url) as client:
        for index in client.indices.get_alias(index=f"{name}*"):
            client.indices.delete(index=index)


def classes(result: SearchResult) -> list[set[str]]:
    """The hits in order, those together that score alike: within half a percent of the one before."""
    found: list[set[str]] = []
    before: float | None = None
    for hit in result.hits:
        if found and hit.score is not None and before is not None and hit.score > 0.995 * before:
            found[-1].add(hit.id)
        else:
            found.append({hit.id})
        before = hit.score
    return found


def shown(result: SearchResult) -> dict[str, Any]:
    """All of an answer that has to be equal on every back end; only scores are an engine's own."""
    told = result.to_json()
    hits = {hit["id"]: hit | {"score": None} for hit in told["hits"]}
    return told | {"hits": hits, "next_cursor": None}


def test_the_demo_gives_the_same_answers_on_both(run: Run, data: Path, index_url: str) -> None:
    told = run("demo", "--no-serve", "--json", "--port", "18795", "--index", index_url)
    assert told.status == 0, told.err
    folder = Path(told.json["data"])
    host, _, name = index_url.rpartition("/")
    elastic, local = ElasticIndex(Access((host,), f"{name}-demo")), LocalIndex(data / "index")
    registry = load_registry((folder / "sources",))
    with Store.open(f"sqlite:///{folder / 'aggregator.sqlite3'}") as store:
        assert reindex(store, local, registry).count == elastic.count() == len(list(store.articles()))
    for query in QUERIES:
        for match in ("all", "any"):
            for sort in ("relevance", "date"):
                request = SearchRequest(query, match, sort=sort, size=100)  # type: ignore[arg-type]
                ours, theirs = search(request, local, registry), search(request, elastic, registry)
                assert shown(ours) == shown(theirs), request
                assert classes(ours) == classes(theirs), request
    assert any(search(SearchRequest(query), local, registry).total for query in QUERIES[1:])
    elastic.close()


def test_a_crawl_into_postgresql_and_elasticsearch_is_one_into_files(
    run: Run, data: Path, index_url: str, postgresql_database: str
) -> None:
    site = Site("nastooh", synthetic_articles(40, seed=6))
    there = ("--database", postgresql_database, "--index", index_url)
    with Portal([site]):
        url = site.base_url + "/"
        for where in ((), there):
            done = run("crawl", url, "--delay", "0", "--json", *where)
            assert (done.status, counts_of(done.out)["new"]) == (0, 40), done.err
        for where in ((), there):
            done = run("crawl", url, "--delay", "0", "--json", *where)
            assert (done.status, counts_of(done.out)["new"]) == (0, 0), done.err
    here, elsewhere = run("export"), run("export", *there)
    assert records_of(elsewhere.records) == records_of(here.records)
    assert len(here.records) == 40
    query = ("search", "--json", "--sort", "date", "--size", "50", "کار", "--any")
    assert run(*query, *there).json == run(*query).json | {"next_cursor": None}
    status = run("status", "--json", *there).json
    assert (status["articles"], status["indexed"], status["pending_index"]) == (40, 40, 0)
    shutil.rmtree(data)


def test_several_crawls_share_the_sources_of_one_database(
    run: Run, data: Path, tmp_path: Path, index_url: str, postgresql_database: str
) -> None:
    sites = bundled_sites()[:4]
    with Portal(sites):
        urls = [f"{site.base_url}/" for site in sites]
        there = ("--database", postgresql_database, "--index", index_url, "--delay", "0")
        with (
            begun("crawl", *urls, *there, data=data) as one,
            begun("crawl", *reversed(urls), *there, data=tmp_path / "second") as two,
        ):
            assert {one.wait(timeout=240), two.wait(timeout=240)} <= {0, 1}
        assert run("crawl", *urls, *there).status == 0
    records = run("export", *there[:4]).records
    expected = {item.href for site in sites for item in site.items}
    assert len(records) == len(records_of(records)) == sum(len(site.items) for site in sites)
    assert {record["revision"] for record in records} == {1}
    assert expected
    assert run("search", "--json", "--size", "0", *there[:4]).json["total"] == len(records)
