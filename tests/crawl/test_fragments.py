"""What the "more" button of a listing fetches."""

import json
from datetime import UTC, datetime

import pytest

from aggregator.crawl.discovery import read_listing_page
from aggregator.crawl.fragments import read_json
from aggregator.model import Page

TITLE = "افتتاح مرکز خدمات درمانی در استان"
ITEM = {"title": TITLE, "url": "/news/1204/x", "date": "2024-08-02T10:00:00+03:30"}
STORIES = "".join(f'<li><a href="/news/{n}/x">{TITLE} {n}</a></li>' for n in (1204, 1203, 1202))


def page(body: object, path: str = "/api/news?page=2") -> Page:
    text = body if isinstance(body, str) else json.dumps(body)
    return Page("http://e.ir" + path, text.encode(), datetime.now(UTC), "x")


def read(body: object, path: str = "/api/news?page=2") -> tuple[list[str], list[str]]:
    """Addresses of the stories, and of what follows."""
    listing = read_listing_page(page(body, path), None)
    assert listing is not None
    links = [link.url.removeprefix("http://e.ir") for link in listing.links]
    return links, [url.removeprefix("http://e.ir") for url in listing.next_pages]


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"items": [ITEM]}, "next": "/api/news?after=1204"},
        [ITEM, {"next_page_url": "http://e.ir/api/news?after=1204"}],
        {"html": f'<div><h3><a href="/news/1204/x">{TITLE}</a></h3></div>', "nextUrl": "?after=1204"},
    ],
)
def test_json(body: object) -> None:
    links, following = read(body)
    assert links == ["/news/1204/x"]
    assert following == ["/api/news?after=1204"]


def test_a_story_keeps_headline_and_day() -> None:
    listing = read_listing_page(page([ITEM]), None)
    assert listing is not None
    assert listing.links[0].headline == TITLE
    assert listing.links[0].published is not None


@pytest.mark.parametrize(
    ("path", "following"),
    [
        ("/ajax/list?page=2", ["/ajax/list?page=3"]),
        ("/ajax/list?start=20", ["/ajax/list?start=23"]),
        ("/ajax/list/page/2", ["/ajax/list/page/3"]),
        ("/ajax/list", []),
    ],
)
def test_the_next_fragment_is_counted_where_none_is_named(path: str, following: list[str]) -> None:
    assert read(f"<ul>{STORIES}</ul>", path)[1] == following
    assert read(f"<html><body><ul>{STORIES}</ul></body></html>", path)[1] == []


@pytest.mark.parametrize("body", ["", "[", "{}x", "[" * 100_000, "<p>x</p>"])
def test_what_is_no_json(body: str) -> None:
    assert read_json(page(body)) is None
