"""Articles that mean no good, on every page, feed and export: they are only text, and not too much of it."""

import csv
import importlib
import io
import json
import pkgutil
from collections.abc import Iterator
from urllib.parse import urlencode

import feedparser
import pytest
from fastapi.routing import APIRoute
from lxml import etree, html
from openpyxl import load_workbook

import aggregator.web
from aggregator.web.service import Service
from tests.web.conftest import EVIL, SCRIPT, Client, hostile_articles
from tests.web.places import PLACES, address_of

HOSTILE = {"q": "خصمانه"}
SIZE_LIMIT = 600_000  # bytes of a page, whatever is on it
SAFE = ("/", "#", "http://", "https://", "?")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_page_has_nothing_that_runs(client: Client, service: Service, place: str, language: str) -> None:
    answer = client.get(address_of(place, service), {"Cookie": f"aggregator_language={language}"})
    assert answer.status == PLACES[place][0]
    assert len(answer.body) < SIZE_LIMIT
    page = html.document_fromstring(answer.text)
    assert [one for one in page.iter("script") if not one.get("src", "").startswith("/static/")] == []
    assert list(page.iter("style", "iframe", "object", "embed", "base", "img")) == []
    for element in page.iter(etree.Element):
        for name, value in element.attrib.items():
            assert not name.startswith("on"), (element.tag, name)
            assert name != "style"
            if name in ("href", "src", "action", "formaction"):
                assert value.startswith(SAFE), value
                assert not value.startswith("//")


def test_exports_hold_all_of_it(client: Client) -> None:
    expected = {one.article.id: one.article.headline for one in hostile_articles()}
    lines = client.get("/api/export.jsonl", **HOSTILE).text.splitlines()
    assert {one["id"]: one["headline"] for one in map(json.loads, lines)} == expected
    table = csv.DictReader(io.StringIO(client.get("/api/export.csv", **HOSTILE).text.removeprefix("\ufeff")))
    csv.field_size_limit(10**7)
    assert {row["id"] for row in table} == set(expected)


def test_a_spreadsheet_holds_it_as_text(client: Client) -> None:
    answer = client.get("/api/export.xlsx", **HOSTILE)
    assert answer.status == 200
    cells = [cell for row in load_workbook(io.BytesIO(answer.body)).worksheets[0].iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)  # no formulas
    assert not any(cell.hyperlink and not cell.hyperlink.target.startswith("http") for cell in cells)
    assert any(SCRIPT in str(cell.value) for cell in cells)
    assert len({str(cell.value) for cell in cells} & {one.article.id for one in hostile_articles()}) == len(
        hostile_articles()
    )


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_a_feed_holds_it_as_text(client: Client, form: str) -> None:
    body = client.get(f"/api/feed.{form}", **HOSTILE).body
    etree.fromstring(body)  # well-formed
    found = feedparser.parse(body)
    assert len(found.entries) == len(hostile_articles())
    assert not any(entry.get("link", "").startswith("javascript:") for entry in found.entries)


def test_the_json_feed_does_too(client: Client) -> None:
    items = client.get("/api/feed.json", **HOSTILE).json["items"]
    assert {item["id"] for item in items} == {one.article.id for one in hostile_articles()}
    assert EVIL not in {item.get("url") for item in items} | {item.get("image") for item in items}


def test_a_saved_search_shows_as_text(client: Client) -> None:
    given = urlencode({"name": f"خصمانه {SCRIPT}", "q": SCRIPT, "section": SCRIPT}).encode()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": f"http://127.0.0.1:{client.port}",
    }
    assert client.ask("POST", "/saved", headers, given).status == 303
    page = html.document_fromstring(client.get("/saved").text)
    assert SCRIPT in page.text_content()
    assert len(list(page.iter("img"))) == 0
    (gone,) = page.xpath("//form[contains(@action, '/delete')]/@action")
    assert client.ask("POST", str(gone), headers, b"").status == 303


def test_every_page_is_among_these(service: Service) -> None:
    """A page that is new has to be added to the places."""
    visited = [address_of(place, service).partition("?")[0] for place in PLACES]
    unvisited = [
        route.path for route in page_routes() if not any(route.path_regex.fullmatch(path) for path in visited)
    ]
    assert unvisited == []


def page_routes() -> Iterator[APIRoute]:
    """Those that answer with HTML."""
    for found in pkgutil.iter_modules(aggregator.web.__path__, "aggregator.web."):
        router = getattr(importlib.import_module(found.name), "router", None)
        for route in router.routes if router else ():
            is_page = "GET" in route.methods and not route.path.startswith(("/api/", "/static/"))
            if is_page and route.path not in ("/language", "/opensearch.xml", "/saved/{id}/feed.{form}"):
                yield route
