"""Elasticsearch: our indexing beside the client's plain bulk helper, our mapping beside the built-in
``persian`` analyzer, our search beside a bare match query. All in one run, on one node.

``--articles 50000,500000`` says how many articles are searched in. Beyond the first 20,000, articles have the
texts of earlier ones under new ids: postings grow as they do with news, the dictionary does not.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from uuid import uuid4

from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk

from aggregator.demo.site import Site
from aggregator.demo.synthetic import synthetic_articles
from aggregator.index.document import TEXT_FIELDS, IndexDocument, to_document
from aggregator.index.elastic.client import Access
from aggregator.index.elastic.document import elastic_document
from aggregator.index.elastic.index import ElasticIndex
from aggregator.index.elastic.mapping import index_body
from aggregator.index.elastic.write import Change, Delivery
from aggregator.record import from_record
from aggregator.registry import Registry, load_registry
from aggregator.search import search
from aggregator.search.results import SearchRequest
from benchmarks.search import QUERIES, record
from tools.elasticsearch import Cluster

TEXTS = 20_000  # articles of different text
BATCH = 5_000  # documents of one indexing run
ROUNDS = 5  # of it, each on an index of its own
SEARCHES = 30  # of each query

_PERSIAN = {"type": "text", "analyzer": "persian"}


def main(options: list[str] | None = None) -> None:
    """Print the ratios; needs what ``make elasticsearch`` needs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks elastic", description=__doc__)
    parser.add_argument(
        "--articles", default="50000", help="numbers of articles to search in, parted by commas"
    )
    numbers = [int(part) for part in parser.parse_args(options or []).articles.split(",")]
    with (
        Cluster(heap="1g", quick_start=False) as cluster,
        Elasticsearch(cluster.url, request_timeout=120) as client,
    ):
        registry = load_registry()
        made = documents(registry)
        first = [Change(one.id, one.revision, elastic_document(one)) for one in islice(made, BATCH)]
        compare_indexing(client, first)
        compare_searches(cluster.url, client, registry, numbers)


def documents(registry: Registry) -> Iterator[IndexDocument]:
    """Endless articles; the first ``TEXTS`` differ in their text."""
    now = datetime.now(UTC)
    truths = Site("nastooh", synthetic_articles(TEXTS, seed=2)).truth()
    for number in range(10**9):
        one = record(truths[number % TEXTS])
        again = {"url": f"https://news.example.ir/{number}", "canonical_url": None} if number >= TEXTS else {}
        yield to_document(from_record(one | again, now=now), registry)


# --- indexing -----------------------------------------------------------------------------------------------


def compare_indexing(client: Elasticsearch, changes: list[Change]) -> None:
    """Documents a second, the ways in turn, so that all meet the same weather."""
    plain = [dict(change.document or {}) for change in changes]
    published = [{key: value for key, value in one.items() if key != "folded"} for one in plain]
    persian = index_body(1)
    persian["mappings"]["properties"] = {
        key: _PERSIAN if key in TEXT_FIELDS else field
        for key, field in persian["mappings"]["properties"].items()
    }
    ways: dict[str, Callable[[], float]] = {
        "ours": lambda: timed_delivery(client, changes),
        "helpers.bulk, the same documents": lambda: timed_bulk(client, index_body(1), plain),
        "helpers.bulk, texts under `persian`": lambda: timed_bulk(client, persian, published),
    }
    for way in ways.values():
        way()  # the server's compiler has to meet each once
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            seconds[name].append(way())
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    print(f"indexing {len(changes):,} documents, median of {ROUNDS}, one stream")
    for name, median in medians.items():
        print(
            f"  {name:36} {len(changes) / median:8,.0f} documents/s   ours/it {median / medians['ours']:.2f}"
        )


def timed_delivery(client: Elasticsearch, changes: list[Change]) -> float:
    """As ``sync`` does it, but in one go."""
    alias = f"bench-{uuid4().hex}"
    client.indices.create(index=f"{alias}-1", **index_body(1), aliases={alias: {}})
    start = time.perf_counter()
    refused = Delivery(client, "here").send(alias, changes)
    client.indices.refresh(index=alias)
    seconds = time.perf_counter() - start
    assert not refused
    assert client.count(index=alias)["count"] == len(changes)
    client.indices.delete(index=f"{alias}-1")
    return seconds


def timed_bulk(client: Elasticsearch, body: dict[str, Any], plain: list[dict[str, Any]]) -> float:
    """The client's own helper with its own settings."""
    index = f"bench-{uuid4().hex}"
    client.indices.create(index=index, **body)
    start = time.perf_counter()
    bulk(client, ({"_index": index, "_id": one["id"], "_source": one} for one in plain))
    client.indices.refresh(index=index)
    seconds = time.perf_counter() - start
    client.indices.delete(index=index)
    return seconds


# --- searching ----------------------------------------------------------------------------------------------


def compare_searches(url: str, client: Elasticsearch, registry: Registry, numbers: Iterable[int]) -> None:
    """Milliseconds of a search with facets, timeline and highlights, beside a bare match query."""
    index = ElasticIndex(Access((url,), "bench"))
    made, filled = documents(registry), 0
    for number in sorted(numbers):
        start = time.perf_counter()
        while filled < number:
            with index.writing() as writer:
                writer.add(islice(made, min(2000, number - filled)))
            filled += min(2000, number - filled)
        client.indices.forcemerge(index="bench", max_num_segments=5)
        size = client.indices.stats(index="bench")["_all"]["primaries"]["store"]["size_in_bytes"]
        took = time.perf_counter() - start
        print(f"\n{filled:,} articles, {size / filled:,.0f} bytes each (folded and filled in {took:.0f} s)")
        report("ours, all of it", lambda query: search(SearchRequest(query), index, registry))
        report(
            "bare match query",
            lambda query: client.search(index="bench", query={"match": {"folded.text": query}}),
        )
    index.close()


def report(name: str, ask: Callable[[str], object]) -> None:
    """Median and 95th percentile."""
    times = []
    for turn in range(SEARCHES + 3):
        for query in QUERIES:
            start = time.perf_counter()
            ask(query)
            if turn >= 3:
                times.append(1000 * (time.perf_counter() - start))
    cuts = statistics.quantiles(times, n=20)
    print(f"  {name:20} p50 {cuts[9]:6.1f} ms   p95 {cuts[18]:6.1f} ms")
