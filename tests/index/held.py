"""What an index in Elasticsearch holds, read document by document."""

from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan

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
