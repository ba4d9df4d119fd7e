"""``aggregator extract``: one page, from a file, standard input or the web."""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from aggregator.commands.output import note, print_json, print_json_line
from aggregator.crawl.discovery import read_links
from aggregator.errors import FixCommandError
from aggregator.extract import extract
from aggregator.extract.document import Document, parse_document
from aggregator.model import Link, NotArticle, Page
from aggregator.record import article_record
from aggregator.registry import Registry
from aggregator.urls import clean_url, host_of
from aggregator.workspace import Workspace

UNKNOWN = "https://unknown.invalid/"  # where a page is from that does not say so itself


def read_page(where: str, url: str | None, workspace: Workspace) -> Page:
    """The page that the person named: a file, ``-`` for standard input, or an address to fetch."""
    if "://" in where:
        from aggregator.crawl.fetch import fetch_page

        return fetch_page(where, workspace.settings, workspace.registry)
    try:
        body = sys.stdin.buffer.read() if where == "-" else Path(where).read_bytes()
    except OSError as error:
        raise FixCommandError(f"{where} cannot be read: {error.strerror}") from None
    return saved_page(body, url, workspace.registry)


def saved_page(body: bytes, url: str | None, registry: Registry) -> Page:
    """A page from bytes; its source is the registry's for the address, else the host."""
    if url is not None and clean_url(url) is None:
        raise FixCommandError(f"--url: {url!r} is no web address: it has to start with http:// or https://")
    page = Page(url or UNKNOWN, body, datetime.now(UTC), source="")
    address = url or own_address(page) or UNKNOWN
    known = registry.source_for_url(address)
    return replace(page, url=address, source=known.id if known else host_of(address))


def own_address(page: Page) -> str | None:
    """What a saved page says of its address."""
    document = parse_document(page)
    if not isinstance(document, Document):
        return None
    said = document.root.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content")
    addresses = (clean_url(str(value)) for value in said)
    return next((address for address in addresses if address), None)


def print_article(page: Page, workspace: Workspace) -> int:
    """Print the export record of the page's article; exit status 1 and a message where there is none."""
    from aggregator.persian.article import annotate_article

    source = workspace.registry.sources.get(page.source)
    result = extract(page, platform=source.platform if source else None)
    if isinstance(result, NotArticle):
        note(f"aggregator: no article: {result.kind.value}: {result.reason}")
        return 1
    organisation, province = workspace.registry.owner(source)
    gazetteer = workspace.registry.gazetteer
    article = annotate_article(result, gazetteer, organisation=organisation, province=province)
    print_json(article_record(article, organisation=organisation, province=province, seen=page.fetched_at))
    return 0


def print_links(page: Page) -> int:
    """Print what a listing, feed or sitemap promises, one JSON object a line."""
    links = read_links(page)
    for link in links:
        print_json_line(link_record(link))
    if not links:
        note("aggregator: no links to articles were found on this page")
    return 0 if links else 1


def link_record(link: Link) -> dict[str, object]:
    """A link as JSON; names as in the export record."""
    published = link.published
    return {
        "url": link.url,
        "headline": link.headline,
        "kicker": link.kicker,
        "lead": link.lead,
        "date_published": published.iso() if published else None,
        "date_published_raw": published.raw if published else None,
        "origin": link.origin,
    }
