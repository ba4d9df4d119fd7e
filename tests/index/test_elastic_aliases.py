"""Indices that this version did not make so, that are partly away, or are replaced while they are written."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from aggregator.errors import TryLaterError
from aggregator.index import sync as sync_module
from aggregator.index.elastic import mapping
from aggregator.index.elastic.client import Access
from aggregator.index.elastic.index import ElasticIndex
from aggregator.index.protocol import RebuildIndexError
from aggregator.index.sync import sync
from aggregator.registry import Registry
from aggregator.search.plan import plan_search
from aggregator.search.results import SearchRequest
from aggregator.store import Store
from tests.index.conftest import make_article
from tests.index.held import assert_complete
from tests.index.proxy import Answer, Asked, Fault, Proxy


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'news.sqlite3'}") as opened:
        opened.put_articles([make_article(1, "خبر")])
        yield opened


@pytest.fixture
def index(elastic: ElasticIndex, proxy: Proxy, store: Store, registry: Registry) -> Iterator[ElasticIndex]:
    """By the proxy, with the article in it."""
    made = ElasticIndex(Access((proxy.url,), elastic.name))
    sync(store, made, registry)
    yield made
    made.close()


def fill(store: Store) -> None:
    """25 new articles, pending."""
    store.put_articles([make_article(100 + n, "خبر") for n in range(25)])


def test_an_index_of_another_version_is_not_written(store, index, proxy, client, registry):
    fill(store)
    client.indices.put_mapping(index=index.name, meta={"fields": "0-abc"})
    before = len(proxy.bulks())
    with pytest.raises(RebuildIndexError, match="its fields are others"):
        sync(store, index, registry)
    assert len(proxy.bulks()) == before
    assert store.pending_count() == 25


def test_a_field_that_the_index_does_not_know_makes_no_dead_letters(store, elastic, client, registry):
    body = mapping.index_body(1)
    fields = {key: field for key, field in mapping.FIELDS.items() if key != "lead"}
    body["mappings"] = body["mappings"] | {"properties": fields}
    names: dict[str, dict[str, str]] = {elastic.name: {}, f"{elastic.name}-write": {}}
    client.indices.create(index=f"{elastic.name}-000001", aliases=names, **body)
    store.put_articles([make_article(2, lead="آب")])
    with pytest.raises(RebuildIndexError, match="does not know a field"):
        sync(store, elastic, registry)
    assert (store.pending_count(), store.dead_letters()) == (2, [])


def test_an_index_without_its_aliases_is_not_written(store, index, client, registry):
    client.indices.delete_alias(index=f"{index.name}-000001", name=f"{index.name}*")
    with pytest.raises(RebuildIndexError, match="has lost the aliases"):
        sync(store, index, registry)
    assert store.pending_count() == 1


def a_part_is_away(asked: Asked) -> Answer:
    """As Elasticsearch answers then: with what is left, unless it is told that this is not enough."""
    if "allow_partial_search_results=false" in asked.path:
        return Answer(503, b'{"error": {"type": "search_phase_execution_exception"}, "status": 503}')
    answer = asked.answer()
    part = {"_shards": {"total": 2, "successful": 1, "skipped": 0, "failed": 1}}
    return answer._replace(body=json.dumps(answer.json | part).encode())


def test_with_a_part_of_the_index_away_nothing_is_found_rather_than_less(index, proxy, registry):
    plan = plan_search(SearchRequest("خبر"), registry)
    questions = (lambda: index.search(plan), lambda: list(index.ids(plan)), index.count)
    for ask in questions:
        proxy.add(a_part_is_away, on="/_search")
        proxy.add(a_part_is_away, on="/_count")
        with pytest.raises(TryLaterError):
            ask()
        proxy.mend()
        assert ask()


def taking_over(client: Elasticsearch, name: str) -> Fault:
    """When the request arrives, what was ``-next`` has just been made the index."""

    def fault(asked: Asked) -> Answer:
        old, new = f"{name}-000001", f"{name}-000002"
        actions = [{"remove": {"index": new, "alias": f"{name}-next"}}]
        for alias in (name, f"{name}-write"):
            actions += [{"remove": {"index": old, "alias": alias}}, {"add": {"index": new, "alias": alias}}]
        client.indices.update_aliases(actions=actions)
        return asked.answer()

    return fault


@pytest.mark.parametrize("before", ["-write/_bulk", "-next/_bulk", "_refresh"])
def test_an_index_that_is_replaced_while_it_is_written(
    before: str, store, index, proxy, client, registry, monkeypatch
):
    """The new one has all that was written after it was begun."""
    monkeypatch.setattr(sync_module, "BATCH", 10)
    new, names = f"{index.name}-000002", {f"{index.name}-next": {}}
    client.indices.create(index=new, aliases=names, **mapping.index_body(1))
    store.put_articles([make_article(1, "تازه")])
    fill(store)
    proxy.add(taking_over(client, index.name), on=before, times=1)
    assert sync(store, index, registry) == 26
    assert list(client.indices.get_alias(name=f"{index.name}*")) == [new]
    assert_complete(store, client, index.name)
