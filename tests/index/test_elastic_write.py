"""Documents on a bad way to Elasticsearch: each arrives once at its newest revision, or stays pending."""

import random
import threading
import time
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
from aggregator.index.elastic import write
from aggregator.index.elastic.client import Access
from aggregator.index.elastic.index import ElasticIndex
from aggregator.index.sync import sync
from aggregator.model import StoredArticle
from aggregator.registry import Registry
from aggregator.search import search
from aggregator.search.results import SearchRequest
from aggregator.store import Store
from tests.index import proxy as faults
from tests.index.conftest import make_article, make_quickly
from tests.index.held import assert_complete, versions
from tests.index.proxy import Asked, Fault, Proxy
from tools.processes import free_port

TEXT = "آب و برق و گاز و نفت " * 10


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        make_quickly(patched)
        patched.setattr(write, "FIRST_WAIT", 0.02)
        yield


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "PATIENCE", 0.3)


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


def test_a_reader_waits_no_longer_than_asked(store, index, client, registry):
    fill(store)
    client.indices.put_settings(index=index.name, settings={"index.blocks.write": True})
    begun = time.monotonic()
    with pytest.raises(TryLaterError, match="block"):
        sync(store, index, registry, patience=0.3)
    assert time.monotonic() - begun < write.PATIENCE / 2
    client.indices.put_settings(index=index.name, settings={"index.blocks.write": None})
    assert sync(store, index, registry) == 25


def test_an_index_that_is_blocked_for_writing(store, index, client, registry, impatient):
    fill(store)
    client.indices.put_settings(index=index.name, settings={"index.blocks.write": True})
    all_for_later(store, index, registry, "block")
    assert total(index, registry, "خبر") > 0
    client.indices.put_settings(index=index.name, settings={"index.blocks.write": None})
    assert sync(store, index, registry) == 25


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(faults.say(b'{"items": []}', headers={"Content-Type": "application/json"}), id="json"),
        pytest.param(faults.say(b"<h1>Welcome</h1>", headers={"Content-Type": "text/html"}), id="html"),
        pytest.param(faults.say(b'{"items": ['), id="torn"),
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
    fill(store, 40)
    assert sync(store, index, registry) == 40
    seen = len(proxy.bulks())
    fill(store, 40)
    assert sync(store, index, registry) == 40
    assert set(statuses(proxy)[seen:]) == {200}
    assert len(proxy.bulks()) - seen < 15


def too_large(article: StoredArticle) -> StoredArticle:
    """Alone as well."""
    return replace(article, article=replace(article.article, body=(TEXT * 100,)))


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


def test_a_late_writer_does_not_bring_back_what_was_read_worse(
    store, index, elasticsearch_url, proxy, registry
):
    """Of one revision, which the version cannot tell apart: its owner came to be known meanwhile."""
    (article,) = fill(store, 1)
    quick = ElasticIndex(Access((elasticsearch_url,), index.name))

    def overtaken(asked: Asked) -> faults.Answer:
        store.put_articles([replace(article, organisation="mcls")])
        sync(store, quick, registry)
        assert total(index, registry, "سازمان:mcls") == 1
        return asked.answer()

    proxy.add(overtaken, times=1)
    sync(store, index, registry)
    assert total(index, registry, "سازمان:mcls") == 1
    quick.close()


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
    done, deadline = threading.Event(), time.monotonic() + 120
    broken: list[BaseException] = []

    def write_on() -> None:
        while time.monotonic() < deadline and not (done.is_set() and store.pending_count() == 0):
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
    made = [fill(store, 30) for _ in range(2)]
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
