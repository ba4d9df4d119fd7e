"""Reading feeds: RSS 0.9 to 2.0, RDF, Atom (through feedparser) and JSON Feed. Pure.

feedparser's own dates are not used: they are wrong for Jalali years, and it knows no Persian digits.
"""

import io
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast

import feedparser

from aggregator.crawl.markup import decoded, plain_text, root_name, safe_xml
from aggregator.model import DateReading, Link, Page
from aggregator.persian.dates import parse_date
from aggregator.platforms.base import Platform
from aggregator.urls import canonical_url, clean_url

MAX_ITEMS = 5000  #: of one feed; what is beyond is no feed of news


def is_feed(page: Page) -> bool:
    """Whether the document is a feed, by what it holds rather than by what it calls itself."""
    text = decoded(page)
    return root_name(text) in ("rss", "rdf", "feed") or _json_items(text) is not None


def read_feed(page: Page, platform: Platform | None = None) -> list[Link]:
    """What the feed promises, in its order, each article once; empty for what is no feed.

    ``published`` is read from the raw date string; ``modified`` is only what the feed calls an update.
    """
    text = decoded(page)
    items = _json_items(text)
    if items is not None:
        links: Iterable[Link | None] = (_json_link(item, page) for item in items[:MAX_ITEMS])
    elif root_name(text) in ("rss", "rdf", "feed"):
        links = _parsed_links(text, page)
    else:
        return []
    unique: dict[str, Link] = {}
    for link in links:
        if link:
            unique.setdefault(canonical_url(link.url, platform), link)
    return list(unique.values())


# --- RSS, RDF, Atom -----------------------------------------------------------------------------------------


def _parsed_links(text: str, page: Page) -> list[Link | None]:
    headers = {"content-type": "application/xml; charset=utf-8"}
    parsed = feedparser.parse(
        io.BytesIO(safe_xml(text)), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    is_atom = str(parsed.version).startswith("atom")
    return [_entry_link(entry, page, is_atom) for entry in parsed.entries[:MAX_ITEMS]]


def _entry_link(entry: Mapping[str, Any], page: Page, is_atom: bool) -> Link | None:
    address = _entry_address(entry)
    url = clean_url(address, page.url) if address else None
    if not url:
        return None
    # Not entry.get: feedparser would answer «published» where «updated» is missing.
    published, updated = (dict.get(cast(dict[str, str], entry), name) for name in ("published", "updated"))
    if not published and not is_atom:  # dc:date, which is the only date of many RSS feeds
        published, updated = updated, None
    return Link(
        url=url,
        origin="feed",
        headline=plain_text(entry.get("title")),
        lead=plain_text(entry.get("summary")),
        published=_reading(published or entry.get("created"), page),
        modified=_instant(updated, page),
    )


def _entry_address(entry: Mapping[str, Any]) -> str:
    """The item's link; where it has none, its guid, if that is an address; else empty."""
    link = str(entry.get("link") or entry.get("id") or "")
    is_guid = link == entry.get("id")
    return "" if is_guid and not link.startswith(("http://", "https://")) else link


# --- JSON Feed ----------------------------------------------------------------------------------------------


def _json_items(text: str) -> list[Any] | None:
    """The items of a JSON Feed; None: the text is none."""
    if not text.lstrip().startswith("{") or "jsonfeed.org/version" not in text[:_JSON_HEAD]:
        return None
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError):
        return None
    items = feed.get("items") if isinstance(feed, dict) else None
    return items if isinstance(items, list) else None


_JSON_HEAD = 4096  #: characters in which a JSON Feed has to name its version


def _json_link(item: object, page: Page) -> Link | None:
    if not isinstance(item, dict):
        return None
    texts = {name: value for name, value in item.items() if isinstance(value, str)}
    address = texts.get("url") or texts.get("external_url") or texts.get("id")
    url = clean_url(address, page.url) if address else None
    if not url:
        return None
    return Link(
        url=url,
        origin="feed",
        headline=plain_text(texts.get("title")),
        lead=plain_text(texts.get("summary")),
        published=_reading(texts.get("date_published"), page),
        modified=_instant(texts.get("date_modified"), page),
    )


# --- dates --------------------------------------------------------------------------------------------------


def _reading(raw: str | None, page: Page) -> DateReading | None:
    return parse_date(raw, origin="feed", now=page.fetched_at) if raw else None


def _instant(raw: str | None, page: Page) -> datetime | None:
    reading = _reading(raw, page)
    return reading.instant if reading else None
