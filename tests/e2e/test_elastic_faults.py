"""Three nodes of Elasticsearch that are killed, cut off, filled and restarted while articles come.

At the end every article is in the index exactly once, at its newest revision.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from elasticsearch import ApiError, Elasticsearch
from elasticsearch import ConnectionError as NoConnection

from aggregator.demo.server import Portal
from aggregator.demo.site import Site
from aggregator.demo.synthetic import synthetic_articles
from aggregator.index.elastic import write
from aggregator.index.elastic.client import Access
from aggregator.index.elastic.index import ElasticIndex
from aggregator.store import Store
from tests import servers
from tests.e2e.conftest import Run
from tests.e2e.processes import PATIENCE, Watch, begun, wait_until
from tests.e2e.traffic import Traffic
from tests.index import proxy as faults
from tests.index.conftest import make_quickly, sample_registry
from tests.index.held import assert_complete
from tests.index.proxy import Proxy
from tools.elasticsearch import Cluster, Node
from tools.processes import MissingError, free_port

NAME = "news"
NOT_YET = "the articles are stored, but not yet in the index: Elasticsearch "


@pytest.fixture(autouse=True)
def one_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_CPU_COUNT", "1")


@pytest.fixture
def watch() -> Iterator[Watch]:
    site = Site("nastooh", synthetic_articles(30, seed=5))
    with Portal([site]) as portal:
        yield Watch(portal, site)


def addresses(site: Site) -> list[str]:
    return sorted(one["url"] for one in site.truth())


def stored(data: Path) -> list[str]:
    with Store.open(f"sqlite:///{data / 'aggregator.sqlite3'}") as store:
        return sorted(one.article.url for one in store.articles())


def found(run: Run, index: str) -> list[str]:
    """The addresses that a search finds, whose process brings the index up to date."""
    done = run("search", "", "--json", "--size", "100", "--index", index)
    assert done.status == 0, done.err
    return sorted(hit["url"] for hit in done.json["hits"])


def test_a_crawl_without_its_index_stores_everything(
    watch: Watch, run: Run, data: Path, elasticsearch_url: str
) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}/news"
    done = run("crawl", watch.site.base_url + "/", "--delay", "0", "--index", nowhere)
    (line,) = done.err.splitlines()
    assert (done.status, line.startswith(f"aggregator: {NOT_YET}")) == (1, True)
    assert stored(data) == addresses(watch.site)
    name = f"test-{uuid4().hex}"
    try:
        assert found(run, f"{elasticsearch_url}/{name}") == addresses(watch.site)
    finally:
        with Elasticsearch(elasticsearch_url) as client:
            client.indices.delete(index=f"{name}-000001")


class World:
    """The cluster, the proxies before it, and the traffic; tells what each fault came to."""

    def __init__(self, cluster: Cluster, proxies: list[Proxy], traffic: Traffic) -> None:
        self.cluster, self.proxies, self.traffic = cluster, proxies, traffic
        self.client = Elasticsearch(cluster.urls, max_retries=5, retry_on_timeout=True)

    @contextmanager
    def fault(self, name: str) -> Iterator[None]:
        """After it everything goes on."""
        traffic, begin = self.traffic, time.monotonic()
        before = traffic.arrived, traffic.put_off, traffic.unanswered
        yield
        traffic.goes_on()
        print(
            f"{name}: {time.monotonic() - begin:.0f} s, {traffic.arrived - before[0]} articles came, put off "
            f"{traffic.put_off - before[1]} syncs, unanswered {traffic.unanswered - before[2]} searches"
        )

    def master(self) -> Node:
        return self._named(self.client.cat.master(format="json")[0]["node"])

    def holder(self) -> Node:
        """One that has the articles and is not the master."""
        shards = self.client.cat.shards(index=NAME, format="json")
        return self._named(next(one["node"] for one in shards if one["node"] != self.master().name))

    def _named(self, name: str) -> Node:
        return next(node for node in self.cluster.nodes if node.name == name)

    def wait_green(self) -> None:
        """Until all three are there, and each article on two of them."""
        for node in self.cluster.nodes:
            node.wait_ready()
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                health = self.client.cluster.health(
                    wait_for_nodes="3", wait_for_status="green", timeout="10s"
                )
            except (ApiError, NoConnection):
                health = {"timed_out": True}
            if not health["timed_out"]:
                return
            assert time.monotonic() < deadline, health


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'news.sqlite3'}") as opened:
        yield opened


@pytest.fixture
def world(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    make_quickly(monkeypatch)
    monkeypatch.setattr(write, "PATIENCE", 1.0)
    try:
        cluster = Cluster(nodes=3, heap="256m", settings={"cluster.info.update.interval": "10s"})
    except MissingError as error:
        servers.missing(str(error))
    with cluster, ExitStack() as opened:
        proxies = [opened.enter_context(Proxy(url)) for url in cluster.urls]
        writing = ElasticIndex(Access(tuple(proxy.url for proxy in proxies), NAME))
        reading = ElasticIndex(Access(tuple(cluster.urls), NAME))
        traffic = Traffic(store, sample_registry(), writing, reading)
        traffic.start()
        opened.callback(traffic.stop)
        made = World(cluster, proxies, traffic)
        traffic.goes_on()
        made.wait_green()
        yield made


def all_go_in_turn(world: World) -> None:
    """The first is killed, the others are stopped for their restart."""
    first = world.holder()
    with world.fault("kill -9 of a node with articles"):
        first.kill()
        world.traffic.goes_on(8)
    with world.fault("a rolling restart"):
        first.start()
        world.wait_green()
        for node in world.cluster.nodes:
            if node is not first:
                node.stop()
                node.start()
                world.wait_green()


def the_master_dies(world: World) -> None:
    node = world.master()
    with world.fault("kill -9 of the elected master"):
        node.kill()
        world.traffic.goes_on(8)
    assert world.master() is not node


def all_die_during_a_crawl(world: World, watch: Watch, run: Run, data: Path) -> None:
    """The two that are left. The crawl has been there before, so its index is as well."""
    index = ",".join(f"{url}/crawled" for url in world.cluster.urls)
    crawl = ("crawl", watch.site.base_url + "/", "--delay", "0", "--index", index)
    assert run(*crawl, "--limit", "5").status == 0
    watch.begin()
    with world.fault("kill -9 of all"):
        with begun(*crawl, data=data) as process:
            wait_until(lambda: len(watch.articles) >= 5, process)
            for node in world.cluster.nodes:
                if node.running:
                    node.kill()
            _, err = process.communicate(timeout=PATIENCE)
        (line,) = err.splitlines()
        assert (process.returncode, line.startswith(f"aggregator: {NOT_YET}")) == (1, True)
        assert stored(data) == addresses(watch.site)
        unanswered, put_off = world.traffic.unanswered, world.traffic.put_off
        wait_until(lambda: world.traffic.unanswered > unanswered and world.traffic.put_off > put_off)
        for node in world.cluster.nodes:
            node.start()
        world.wait_green()


def the_network_fails(world: World) -> None:
    for name, fault in {
        "answers swallowed": faults.swallow,
        "answers cut": faults.cut_answer,
        "requests cut": faults.cut_request,
        "a storm of 429": faults.refuse(429),
        "a storm of 429 for every third document": faults.reject(
            429, "es_rejected_execution_exception", lambda number: number % 3 == 0
        ),
        "nobody there": faults.cut_off,
    }.items():
        with world.fault(name):
            put_off = world.traffic.put_off
            for proxy in world.proxies:
                proxy.add(fault)
            wait_until(lambda before=put_off: world.traffic.put_off > before)
            for proxy in world.proxies:
                proxy.mend()


def the_disk_is_full(world: World) -> None:
    """As far as Elasticsearch is told: no disk has so much room. It looks every ten seconds."""
    marks = ("low", "high", "flood_stage")
    key = "cluster.routing.allocation.disk"
    full = {f"{key}.watermark.{mark}": "900000gb" for mark in marks}
    full |= {f"{key}.threshold_enabled": "true"}
    with world.fault("a full disk"):
        put_off, unanswered = world.traffic.put_off, world.traffic.unanswered
        world.client.cluster.put_settings(persistent=full)
        wait_until(lambda: world.traffic.put_off > put_off)
        assert world.traffic.unanswered == unanswered
        room = dict.fromkeys(key for key in full if "watermark" in key)
        world.client.cluster.put_settings(persistent={**room, f"{key}.threshold_enabled": None})


def test_nothing_is_lost_or_doubled_whatever_becomes_of_the_cluster(
    world: World, store: Store, watch: Watch, run: Run, data: Path
) -> None:
    all_go_in_turn(world)
    the_master_dies(world)
    all_die_during_a_crawl(world, watch, run, data)
    the_network_fails(world)
    the_disk_is_full(world)
    assert world.traffic.broken == []
    world.traffic.catch_up()
    assert store.dead_letters() == []
    assert_complete(store, world.client, NAME)
    print(f"at the end {store.counts()['articles']:,} articles, each once at its newest revision")
    assert found(run, ",".join(f"{url}/crawled" for url in world.cluster.urls)) == addresses(watch.site)
