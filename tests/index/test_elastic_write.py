"""Documents on a bad way to Elasticsearch: each arrives once at its newest revision, or stays pending."""

import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from aggregator.errors import AggregatorError, TryLaterError
from aggregator.index import sync as sync_module
from aggregator.index.document import to_document
from aggregator.index.elastic import mapping, write
from aggregator.index.elastic.client import Access
from aggregator.index.elastic.index import ElasticIndex
from aggregator.index.protocol import RebuildIndexError
from aggregator.index.sync import sync
from aggregator.model import StoredArticle
from aggregator.registry import Registry
from aggregator.search import search
from aggregator.search.results import SearchRequest
from aggregator.store import Store
from tests.index import proxy as faults
from tests.index.conftest import make_article
from tests.index.held import assert_complete, make_quickly, versions
from tests.index.proxy import Asked, Fault, Proxy
from tools.processes import free_port

TEXT = "آب و برق و گاز و نفت " * 20


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        make_quickly(patched)
        patched.setattr(write, "FIRST_WAIT", 0.02)
        yield


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "PATIENCE", 0.3)


@pytest.fixture
def proxy(elasticsearch_url: str) -> Iterator[Proxy]:
    with Proxy(elasticsearch_url) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(elasticsearch_url: str) -> Iterator[Elasticsearch]:
    """Not by the proxy."""
    with Elasticsearch(elasticsearch_url) as opened:
        yield opened


@pytest.fixture(scope="module")
def common(
    tmp_path_factory: pytest.TempPathFactory,
    client: Elasticsearch,
    registry: Registry,
    elasticsearch_url: str,
) -> Iterator[tuple[Store, str]]:
    """A database and its index, for all tests that leave them in order."""
    name = f"test-{uuid4().hex}"
    index = ElasticIndex(Access((elasticsearch_url,), name))
    with Store.open(f"sqlite:///{tmp_path_factory.mktemp('news') / 'news.sqlite3'}") as store:
        store.put_articles([make_article(1, "خبر")])
        sync(store, index, registry)
        yield store, name
    client.indices.delete(index=f"{name}-000001")
    index.close()


@pytest.fixture
def store(common: tuple[Store, str], client: Elasticsearch, proxy: Proxy) -> Iterator[Store]:
    """With nothing pending; after the test all is in the index."""
    store, name = common
    yield store
    assert_complete(store, client, name)
    assert store.dead_letters() == []


@pytest.fixture
def index(common: tuple[Store, str], proxy: Proxy) -> Iterator[ElasticIndex]:
    """Its index, by the proxy."""
    made = ElasticIndex(Access((proxy.url,), common[1]))
    yield made
    made.close()


@pytest.fixture
def own_store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'own.sqlite3'}") as opened:
        yield opened


@pytest.fixture
def own_index(
    elastic: ElasticIndex, proxy: Proxy, own_store: Store, registry: Registry
) -> Iterator[ElasticIndex]:
    """The index of that, by the proxy, with an article in it."""
    made = ElasticIndex(Access((proxy.url,), elastic.name))
    own_store.put_articles([make_article(1, "خبر")])
    sync(own_store, made, registry)
    yield made
    made.close()


_numbers = count(100)


def fill(store: Store, number: int = 25, body: str = TEXT) -> list[StoredArticle]:
    """New articles, pending."""
    made = [make_article(next(_numbers), "خبر", body=f"{n} {body}") for n in range(number)]
    store.put_articles(made)
    return made


def statuses(proxy: Proxy) -> list[int | None]:
    """What became of the requests that brought documents."""
    return [asked.status for asked in proxy.bulks()]


def total(index: ElasticIndex, registry: Registry, query: str) -> int:
    return search(SearchRequest(query), index, registry).total


# --- what passes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(
            faults.reject(429, "es_rejected_execution_exception", lambda n: n % 3 == 0), id="item-429"
        ),
        pytest.param(faults.reject(503, "unavailable_shards_exception"), id="item-503"),
        pytest.param(faults.reject(500, "node_closed_exception", lambda n: n > 3), id="item-500"),
        pytest.param(faults.lose(lambda n: n % 2 == 0), id="items-missing"),
        pytest.param(faults.lose(lambda _: True), id="all-items-missing"),
        pytest.param(faults.refuse(429), id="429"),
        pytest.param(faults.refuse(503, "cluster_block_exception"), id="503"),
        pytest.param(faults.refuse(500, "node_closed_exception"), id="500"),
        pytest.param(faults.swallow, id="answer-swallowed"),
        pytest.param(faults.cut_answer, id="answer-cut"),
        pytest.param(faults.cut_request, id="request-cut"),
        pytest.param(faults.cut_off, id="no-connection"),
        pytest.param(faults.say(b'{"acknowledged": true}'), id="no-bulk-answer"),
        pytest.param(faults.say(b'{"items": ['), id="no-json"),
    ],
)
def test_trouble_that_passes_costs_one_more_request_each_time(fault: Fault, store, index, proxy, registry):
    fill(store)
    proxy.add(fault, times=3)
    assert sync(store, index, registry) == 25
    assert len(proxy.bulks()) == 4


def test_a_storm_of_429_is_not_multiplied(store, index, proxy, registry, monkeypatch):
    """Neither by the client nor by the number of requests that the documents need."""
    monkeypatch.setattr(index._delivery, "_bytes", 10_000)
    fill(store, 60)
    proxy.add(faults.refuse(429), times=4)
    assert sync(store, index, registry) == 60
    assert statuses(proxy)[:4] == [429] * 4
    assert set(statuses(proxy)[4:]) == {200}


def test_a_search_in_a_storm_asks_once(index, proxy, registry):
    proxy.add(faults.refuse(429), on="/_search")
    with pytest.raises(TryLaterError, match="cannot do this now"):
        total(index, registry, "خبر")
    assert len([asked for asked in proxy.asked if "/_search" in asked.path]) == 1


def test_what_took_too_long_for_us_is_sent_again_and_there_once(store, index, proxy, registry, monkeypatch):
    fill(store)
    slow = index._client.options(max_retries=0, request_timeout=0.5)
    monkeypatch.setattr(index._delivery, "_client", slow)
    proxy.add(faults.delay(1), times=1)
    assert sync(store, index, registry) == 25
    assert len(proxy.bulks()) == 2


# --- what stays ---------------------------------------------------------------------------------------------


def all_for_later(store: Store, index: ElasticIndex, registry: Registry, said: str) -> None:
    """A sync that says that it cannot."""
    with pytest.raises(TryLaterError, match=said):
        sync(store, index, registry)
    assert (store.pending_count(), store.dead_letters()) == (25, [])


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        pytest.param(faults.cut_off, "cannot be reached", id="away"),
        pytest.param(faults.refuse(429), "cannot do this now", id="429"),
        pytest.param(faults.refuse(500, "node_closed_exception"), "cannot do this now", id="500"),
        pytest.param(faults.reject(503, "unavailable_shards_exception"), "takes no documents", id="item-503"),
        pytest.param(faults.reject(500, "node_closed_exception"), "takes no documents", id="item-500"),
        pytest.param(faults.lose(lambda _: True), "fewer documents", id="missing"),
        pytest.param(faults.say(b"<h1>Busy</h1>", 502, {"Content-Type": "text/html"}), "now", id="gateway"),
    ],
)
def test_when_the_patience_ends_all_is_for_later(
    fault: Fault, said: str, store, index, proxy, registry, impatient
):
    fill(store)
    with proxy.misbehaving(fault):
        all_for_later(store, index, registry, said)
    assert sync(store, index, registry) == 25


def test_without_a_cluster_all_is_for_later(store, index, registry):
    fill(store)
    nowhere = ElasticIndex(Access((f"http://127.0.0.1:{free_port()}",), index.name))
    all_for_later(store, nowhere, registry, "cannot be reached")
    with pytest.raises(TryLaterError):
        total(nowhere, registry, "خبر")
    nowhere.close()
    assert sync(store, index, registry) == 25


@pytest.mark.parametrize("block", ["read_only_allow_delete", "write"])
def test_a_block_as_of_a_full_disk(block: str, store, index, client, registry, impatient):
    fill(store)
    client.indices.put_settings(index=index.name, settings={f"index.blocks.{block}": True})
    all_for_later(store, index, registry, "block")
    assert total(index, registry, "خبر") > 0
    client.indices.put_settings(index=index.name, settings={f"index.blocks.{block}": None})
    assert sync(store, index, registry) == 25


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(faults.say(b'{"items": []}', headers={"Content-Type": "application/json"}), id="json"),
        pytest.param(faults.say(b"<h1>Welcome</h1>", headers={"Content-Type": "text/html"}), id="html"),
        pytest.param(faults.say(b"<h1>Bad</h1>", 400, {"Content-Type": "text/html"}), id="html-400"),
        pytest.param(faults.say(b"<h1>None</h1>", 404, {"Content-Type": "text/html"}), id="html-404"),
    ],
)
@pytest.mark.parametrize("on", ["/", "/_bulk"])
def test_what_is_no_elasticsearch_is_given_nothing(
    fault: Fault, on: str, store, index, proxy, registry, impatient
):
    """Also where it comes between: the page of a gateway is no reason to take anything for done."""
    fill(store)
    with proxy.misbehaving(fault, on=on), pytest.raises(AggregatorError):
        sync(store, index, registry)
    assert (store.pending_count(), store.dead_letters()) == (25, [])
    assert sync(store, index, registry) == 25


# --- what is too large, and what is refused -----------------------------------------------------------------


def test_where_requests_are_too_large_they_become_smaller_and_stay_so(store, index, proxy, registry):
    proxy.add(faults.too_large(20_000))
    fill(store, 60)
    assert sync(store, index, registry) == 60
    seen = len(proxy.bulks())
    fill(store, 60)
    assert sync(store, index, registry) == 60
    assert set(statuses(proxy)[seen:]) == {200}
    assert len(proxy.bulks()) - seen < 30


def too_large(article: StoredArticle) -> StoredArticle:
    """Alone as well."""
    return replace(article, article=replace(article.article, body=(TEXT * 50,)))


def unfit(article: StoredArticle) -> StoredArticle:
    """A number that the field does not hold."""
    return replace(article, revision=2**31)


def spoiling(article: StoredArticle) -> StoredArticle:
    """An id for which Elasticsearch refuses all of the request that it is in."""
    return replace(article, article=replace(article.article, id="x" * 600))


@pytest.mark.parametrize(
    ("spoil", "said"), [(too_large, "413"), (unfit, "out of range"), (spoiling, "validation_exception")]
)
def test_a_document_that_is_refused_is_set_aside_and_the_rest_arrives(
    spoil: Callable[[StoredArticle], StoredArticle], said: str, own_store, own_index, proxy, client, registry
):
    proxy.add(faults.too_large(20_000))
    fill(own_store)
    bad = spoil(make_article(7, "بد"))
    own_store.put_articles([bad])
    assert sync(own_store, own_index, registry) == 26
    (letter,) = own_store.dead_letters()
    assert (letter.article_id, letter.revision, said in letter.reason) == (bad.article.id, bad.revision, True)
    assert set(versions(client, own_index.name)) == {
        one.article.id for one in own_store.articles() if one.article.id != bad.article.id
    }
    assert sync(own_store, own_index, registry) == 0


def test_half_a_surrogate_pair_is_no_reason_to_refuse(store, index, registry):
    store.put_articles([make_article(next(_numbers), "ناقص \ud83d است")])
    assert sync(store, index, registry) == 1
    assert total(index, registry, "ناقص") == 1


# --- an index that is not as this version makes it ----------------------------------------------------------


def test_an_index_of_another_version_is_not_written(own_store, own_index, proxy, client, registry):
    fill(own_store)
    client.indices.put_mapping(index=own_index.name, meta={"fields": "0-abc"})
    before = len(proxy.bulks())
    with pytest.raises(RebuildIndexError, match="its fields are others"):
        sync(own_store, own_index, registry)
    assert len(proxy.bulks()) == before
    assert own_store.pending_count() == 25


def test_a_field_that_the_index_does_not_know_makes_no_dead_letters(own_store, elastic, client, registry):
    body = mapping.index_body(1)
    fields = {key: field for key, field in mapping.FIELDS.items() if key != "lead"}
    body["mappings"] = body["mappings"] | {"properties": fields}
    names: dict[str, dict[str, str]] = {elastic.name: {}, f"{elastic.name}-write": {}}
    client.indices.create(index=f"{elastic.name}-000001", aliases=names, **body)
    own_store.put_articles([make_article(1), make_article(2, lead="آب")])
    with pytest.raises(RebuildIndexError, match="does not know a field"):
        sync(own_store, elastic, registry)
    assert (own_store.pending_count(), own_store.dead_letters()) == (2, [])


def test_an_index_without_its_aliases_is_not_written(own_store, own_index, client, registry):
    client.indices.delete_alias(index=f"{own_index.name}-000001", name=f"{own_index.name}*")
    with pytest.raises(RebuildIndexError, match="has lost the aliases"):
        sync(own_store, own_index, registry)
    assert own_store.pending_count() == 1


def test_with_a_part_of_the_index_away_nothing_is_found_rather_than_less(
    own_store, elastic, client, elasticsearch_url, registry
):
    index = ElasticIndex(Access((elasticsearch_url,), elastic.name, shards=2))
    fill(own_store)
    sync(own_store, index, registry)
    client.indices.put_settings(index=index.name, settings={"index.routing.allocation.enable": "none"})
    (node,) = {one["node"] for one in client.cat.shards(index=index.name, format="json") if one["node"]}
    where = {"index": f"{index.name}-000001", "shard": 0, "node": node, "allow_primary": True}
    client.cluster.reroute(commands=[{"cancel": where}])
    for ask in (lambda: total(index, registry, "خبر"), index.count):
        with pytest.raises(TryLaterError):
            ask()
    client.indices.put_settings(index=index.name, settings={"index.routing.allocation.enable": None})
    client.cluster.health(index=index.name, wait_for_status="green", timeout="30s")
    assert (total(index, registry, "خبر"), index.count()) == (25, 25)
    index.close()


# --- aliases that move --------------------------------------------------------------------------------------


def taking_over(client: Elasticsearch, name: str) -> Fault:
    """When the request arrives, what was ``-next`` has just been made the index."""

    def fault(asked: Asked) -> faults.Answer:
        old, new = f"{name}-000001", f"{name}-000002"
        actions = [{"remove": {"index": new, "alias": f"{name}-next"}}]
        for alias in (name, f"{name}-write"):
            actions += [{"remove": {"index": old, "alias": alias}}, {"add": {"index": new, "alias": alias}}]
        client.indices.update_aliases(actions=actions)
        return asked.answer()

    return fault


@pytest.mark.parametrize("before", ["-write/_bulk", "-next/_bulk", "_refresh"])
def test_an_index_that_is_replaced_while_it_is_written(
    before: str, own_store, own_index, proxy, client, registry, monkeypatch
):
    """The new one has all that was written after it was begun."""
    monkeypatch.setattr(sync_module, "BATCH", 10)
    new, names = f"{own_index.name}-000002", {f"{own_index.name}-next": {}}
    client.indices.create(index=new, aliases=names, **mapping.index_body(1))
    own_store.put_articles([make_article(1, "تازه")])
    fill(own_store)
    proxy.add(taking_over(client, own_index.name), on=before, times=1)
    assert sync(own_store, own_index, registry) == 26
    assert list(client.indices.get_alias(name=f"{own_index.name}*")) == [new]
    assert_complete(own_store, client, own_index.name)


# --- many at once, and everything at once -------------------------------------------------------------------


def test_an_older_revision_never_replaces_a_newer_one(own_index, client, registry):
    newer, older = make_article(1, "نو", revision=3), make_article(1, "کهنه", revision=2)
    for one in (newer, older):
        with own_index.writing() as writer:
            writer.add([to_document(one, registry)])
        assert writer.refused == []
    assert versions(client, own_index.name) == {newer.article.id: 3}
    assert total(own_index, registry, "نو") == 1


def test_the_same_revision_read_better_replaces_itself(own_index, client, registry):
    for headline in ("بد", "خوب"):
        with own_index.writing() as writer:
            writer.add([to_document(make_article(1, headline, revision=2), registry)])
    assert versions(client, own_index.name) == {f"{1:020x}": 2}
    assert total(own_index, registry, "خوب") == 1


def weather(seed: int) -> Fault:
    """Any fault, or none, for each request."""
    chance = random.Random(seed)
    some = lambda _: chance.random() < 0.4  # noqa: E731
    kinds: list[Callable[[], Fault]] = [
        lambda: faults.reject(429, "es_rejected_execution_exception", some),
        lambda: faults.reject(503, "unavailable_shards_exception", some),
        lambda: faults.lose(some),
        lambda: faults.refuse(chance.choice((429, 503, 500))),
        lambda: chance.choice((faults.swallow, faults.cut_answer, faults.cut_request, faults.cut_off)),
        lambda: faults.too_large(8_000),
        lambda: Asked.answer,
    ]
    return lambda asked: chance.choice(kinds)()(asked)


def test_several_writers_in_any_weather(store, index, proxy, registry, monkeypatch, impatient):
    """While articles come and change, and now and then a writer gives up."""
    monkeypatch.setattr(sync_module, "BATCH", 20)
    proxy.add(weather(6))
    done = threading.Event()
    broken: list[BaseException] = []

    def write_on() -> None:
        while not (done.is_set() and store.pending_count() == 0):
            try:
                sync(store, index, registry)
            except TryLaterError:
                continue
            except BaseException as error:
                broken.append(error)
                return

    writers = [threading.Thread(target=write_on) for _ in range(3)]
    for writer in writers:
        writer.start()
    made = [fill(store, 40) for _ in range(3)]
    for revision in (2, 3):
        for batch in made:
            headline = f"خبر {revision}"
            store.put_articles(
                [replace(one, article=replace(one.article, headline=headline)) for one in batch]
            )
    done.set()
    for writer in writers:
        writer.join()
    assert broken == []
    assert {asked.status for asked in proxy.bulks()} >= {200, 413, 429, None}
    assert {store.get_article(one.article.id).revision for batch in made for one in batch} == {3}
