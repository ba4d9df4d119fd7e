"""The same answers over Elasticsearch."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from aggregator.config import Settings
from aggregator.web.service import Service
from aggregator.workspace import Workspace
from tests.index.conftest import make_quickly
from tests.web.conftest import Client, serving


@pytest.fixture
def elastic(
    service: Service, elasticsearch_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Client]:
    """A client of a server whose index is in Elasticsearch, over the same articles."""
    make_quickly(monkeypatch)
    name = f"test-{uuid4().hex}"
    workspace = Workspace(Settings(data=tmp_path, index=f"{elasticsearch_url}/{name}"))
    workspace.store.put_articles(list(service.workspace.store.articles()))
    other = Service(workspace)
    other.open()
    assert other.catch_up() is None
    with serving(other) as client:
        yield client
    with Elasticsearch(elasticsearch_url) as server:
        for index in server.indices.get_alias(index=f"{name}-*"):
            server.indices.delete(index=index)
    workspace.close()


def test_both_back_ends_answer_the_same(client: Client, elastic: Client) -> None:
    asked = {"q": "کارگاه", "organisation": "mcls", "since": "1399-03"}
    local, other = (one.get("/api/search", **asked, sort="date", size=1000).json for one in (client, elastic))
    assert other["total"] == local["total"] > 5
    for name in ("hits", "facets", "timeline", "notes"):
        assert other[name] == local[name]
    for path in ("/api/export.jsonl", "/api/feed.rss", "/api/stats"):
        here, there = (
            one.get(path, q="کارگاه", since="1399-03", until="1399-03") for one in (client, elastic)
        )
        assert (there.status, len(there.body)) == (200, len(here.body))
    here, there = (one.get("/api/search", q="جشنواره کارآفرینان", sort="date") for one in (client, elastic))
    assert there.json["hits"] == here.json["hits"]
    assert max(hit["reposts"] for hit in there.json["hits"]) == 5


def test_overviews_and_comparisons_are_the_same(client: Client, elastic: Client) -> None:
    for path in (
        "/organisations",
        "/organisations/mcls",
        "/provinces/alborz",
        "/compare?a=org:mcls&since=1399",
    ):
        assert elastic.get(path).text == client.get(path).text


def test_cursors_lead_through_everything_in_elasticsearch(elastic: Client, total: int) -> None:
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = elastic.get("/api/search", q="", size=30, cursor=cursor).json
        seen += [hit["id"] for hit in answer["hits"]]
        cursor = answer["next_cursor"]
    assert len(seen) == len(set(seen)) == total
    assert elastic.get("/").status == elastic.get("/", q="خصمانه").status == 200
