"""The readers of discovery in one place: what a document is, and what it promises. Pure."""

from dataclasses import dataclass, replace
from typing import Literal

from aggregator.crawl.entrances import find_feeds, find_listings
from aggregator.crawl.feeds import is_feed, read_feed
from aggregator.crawl.fragments import read_json
from aggregator.crawl.listings import ListingPage, read_listing
from aggregator.crawl.shapes import looks_like_article
from aggregator.crawl.sitemaps import Sitemap, is_sitemap, read_sitemap, sitemaps_in_robots
from aggregator.extract.document import Document, parse_document
from aggregator.model import Link, Page
from aggregator.platforms import by_name, recognise
from aggregator.platforms.base import Platform

__all__ = [
    "FrontPage",
    "Kind",
    "ListingPage",
    "Sitemap",
    "classify",
    "find_feeds",
    "find_listings",
    "is_feed",
    "is_sitemap",
    "looks_like_article",
    "read_feed",
    "read_front",
    "read_links",
    "read_listing",
    "read_listing_page",
    "read_sitemap",
    "sitemaps_in_robots",
]

Kind = Literal["feed", "sitemap", "html", "other"]


def classify(page: Page) -> Kind:
    """What a document is, by its content rather than by what the server calls it."""
    if is_feed(page):
        return "feed"
    if is_sitemap(page):
        return "sitemap"
    return "html" if isinstance(parse_document(page), Document) else "other"


@dataclass(frozen=True, slots=True)
class FrontPage:
    """What a start page tells of its site."""

    platform: str | None  #: CMS family
    feeds: tuple[str, ...]  #: addresses, which may be relative
    listings: tuple[str, ...]  #: likewise
    listing: ListingPage


def read_front(page: Page, platform: str | None) -> FrontPage | None:
    """A start page; None where it is no HTML. ``platform``: the registry's word, which goes first."""
    document = parse_document(page)
    if not isinstance(document, Document):
        return None
    family = by_name(platform or "") or recognise(document.markup, page.url)
    return FrontPage(
        family.name if family else None,
        tuple(find_feeds(document)),
        tuple(find_listings(document, family)),
        read_listing(document, family),
    )


def read_listing_page(page: Page, platform: Platform | None) -> ListingPage | None:
    """A page of a listing, or of its JSON; None where it is neither."""
    document = read_json(page) or parse_document(page)
    if not isinstance(document, Document):
        return None
    listing = read_listing(document, platform)
    if listing.links:
        return listing
    return replace(listing, listings=tuple(find_listings(document, platform, named=True)))


def read_links(page: Page) -> list[Link]:
    """What any document promises: the links of a feed, a sitemap or a listing; empty for anything else."""
    kind = classify(page)
    if kind == "feed":
        return read_feed(page)
    if kind == "sitemap":
        return read_sitemap(page).links
    document = parse_document(page)
    if not isinstance(document, Document):
        return []
    return read_listing(document, recognise(document.markup, document.url)).links
