"""What an index in Elasticsearch holds, read document by document."""

import pytest
from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan

from aggregator.index.elastic import mapping
from aggregator.store import Store


def versions(client: Elasticsearch, alias: str) -> dict[str, int]:
    """The version of each document behind an alias, which has none twice."""
    client.indices.refresh(index=alias)
    hits = list(scan(client, index=alias, version=True, _source=["revision"]))
    found = {hit["_id"]: hit["_version"] for hit in hits}
    assert len(found) == len(hits)
    assert found == {hit["_id"]: hit["_source"]["revision"] for hit in hits}
    return found


def assert_complete(store: Store, client: Elasticsearch, alias: str) -> None:
    """Nothing is pending, and every article is in the index exactly once at its newest revision."""
    assert store.pending_count() == 0
    assert versions(client, alias) == {one.article.id: one.revision for one in store.articles()}


def make_quickly(patched: pytest.MonkeyPatch) -> None:
    """Indices without the analyzer of queries typed elsewhere, which takes Elasticsearch two seconds."""
    mapping.made_by()  # is to be what it is of a whole one, here and in other processes
    whole = mapping.analysis()
    plain = {**whole["analyzer"], "persian_query": whole["analyzer"]["terms"]}
    used = {name for analyzer in plain.values() for name in analyzer.get("char_filter", ())}
    filters = {name: whole["char_filter"][name] for name in used}
    patched.setattr(mapping, "analysis", lambda: {**whole, "analyzer": plain, "char_filter": filters})
