"""Reading sitemaps: indexes, URL sets with the news extension, text files, packed or not. Pure."""

import io
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from lxml import etree

from aggregator.crawl.markup import decoded, plain_text, root_name, safe_xml
from aggregator.model import DateReading, Link, Page
from aggregator.persian.dates import parse_date
from aggregator.urls import clean_url

_ROBOTS_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_ADDRESS_LINE = re.compile(r"https?://\S+")
_LOOSE_LOC = re.compile(r"<loc>\s*(?:<!\[CDATA\[)?\s*([^<\]]+)", re.IGNORECASE)
_BLOCK_MARK = re.compile(r"<(/?)(?:[\w.-]+:)?(?:url|sitemap)[\s>]", re.IGNORECASE)
REREAD = timedelta(days=30)  #: after which a sitemap is read again whatever its index says
_SETTLING = timedelta(days=2)
_MAX_ROBOTS = 500 * 1024  #: characters; what RFC 9309 asks to be read


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap names; one of the two is empty for most."""

    children: list[str]  #: addresses of further sitemaps, cleaned
    links: list[Link]  #: pages of the site, articles or not; those of a news sitemap have a headline
    modified: dict[str, DateReading] = field(default_factory=dict)  #: what an index says of a child's age

    @property
    def newest_first(self) -> list[str]:
        """The children: those that nothing is said of, then by the day of their last change."""
        ages = {url: -reading.instant.timestamp() for url, reading in self.modified.items()}
        return sorted(self.children, key=lambda url: ages.get(url, -math.inf))


def is_sitemap(page: Page) -> bool:
    """Whether the document is a sitemap in XML, or a text file of addresses."""
    text = decoded(page)
    return root_name(text) in ("urlset", "sitemapindex") or _is_list_of_addresses(text)


def read_sitemap(page: Page) -> Sitemap:
    """What the sitemap names, in its order, each address once; broken XML is read as far as it goes."""
    text = decoded(page)
    if _is_list_of_addresses(text):
        return Sitemap([], _unique([_link({"loc": line}, page) for line in text.split()]))
    if root_name(text) not in ("urlset", "sitemapindex"):
        return Sitemap([], [])
    blocks = list(_blocks(safe_xml(text))) or [("url", {"loc": loc}) for loc in _LOOSE_LOC.findall(text)]
    blocks = blocks[:-1] if _is_torn(text) else blocks
    children = [(_address(block, page), block) for kind, block in blocks if kind == "sitemap"]
    dated = ((url, _reading(block, "lastmod", page)) for url, block in children if url)
    links = [_link(block, page) for kind, block in blocks if kind == "url"]
    own = clean_url(page.url)
    return Sitemap(
        [url for url in dict.fromkeys(url for url, _ in children) if url and url != own],
        _unique(links),
        {url: reading for url, reading in dated if reading},
    )


def is_unchanged(
    state: Mapping[str, Any], modified: DateReading | None, since: date | None, now: datetime
) -> bool:
    """Whether a child of an index need not be read again: it was read since the change that the index tells.

    ``state``: what was kept of it, see ``read_state``. An index may forget to tell: at times all are read.
    """
    if modified is None or state.get("lastmod") != modified.raw or state.get("outcome"):
        return False
    read_at = datetime.fromisoformat(state["read_at"])
    is_covered = state["since"] is None or (since is not None and state["since"] <= since.isoformat())
    # A day, or a clock of theirs, may stand for any instant around it.
    return is_covered and modified.instant + _SETTLING < read_at and now < read_at + REREAD


def read_state(
    modified: DateReading | None, since: date | None, promised: int, now: datetime
) -> dict[str, Any]:
    """What is kept of a sitemap that was read. ``since``: what is older than this day was left out."""
    return {
        "kind": "sitemap",
        "promised": promised,
        "lastmod": modified.raw if modified else None,
        "since": since.isoformat() if since else None,
        "read_at": now.isoformat(),
        "outcome": None,
    }


def sitemaps_in_robots(text: str) -> list[str]:
    """The addresses of a robots.txt's ``Sitemap:`` lines, as written there, each once."""
    return list(dict.fromkeys(_ROBOTS_LINE.findall(text[:_MAX_ROBOTS].lstrip("\ufeff"))))


def _is_list_of_addresses(text: str) -> bool:
    lines = text[:4096].lstrip("\ufeff").split("\n", 2)[:2]
    return all(not line.strip() or _ADDRESS_LINE.fullmatch(line.strip()) for line in lines) and bool(
        _ADDRESS_LINE.match(text.lstrip("\ufeff \r\n\t"))
    )


def _blocks(data: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """Each ``url`` and ``sitemap`` element: its name, and the texts of its fields by their local name. What
    belongs to a picture or a film is left out: ``image:loc`` is no page."""
    parsing = etree.iterparse(
        io.BytesIO(data),
        events=("end",),
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
    )
    try:
        for _, element in parsing:
            kind = _local(element)
            if kind in ("url", "sitemap"):
                yield kind, _fields(element)
                element.clear()
    except etree.XMLSyntaxError:
        return


def _is_torn(text: str) -> bool:
    """Whether the document ends within a ``url`` or ``sitemap``, whose address may be cut then."""
    marks = _BLOCK_MARK.findall(text)
    return bool(marks) and marks[-1] != "/"


def _fields(element: etree._Element) -> dict[str, str]:
    fields: dict[str, str] = {}
    for child in element:
        parts = child if _local(child) == "news" else [child]
        for part in parts:
            fields.setdefault(_local(part), "".join(map(str, part.itertext())).strip())
    return fields


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()


def _link(block: dict[str, str], page: Page) -> Link | None:
    url = _address(block, page)
    if not url:
        return None
    published, modified = (_reading(block, name, page) for name in ("publication_date", "lastmod"))
    return Link(
        url=url,
        origin="sitemap",
        headline=plain_text(block.get("title")),
        published=published,
        modified=modified.instant if modified else None,
    )


def _reading(block: dict[str, str], name: str, page: Page) -> DateReading | None:
    return parse_date(block[name], origin="sitemap", now=page.fetched_at) if block.get(name) else None


def _address(block: dict[str, str], page: Page) -> str | None:
    return clean_url(block["loc"], page.url) if block.get("loc") else None


def _unique(links: list[Link | None]) -> list[Link]:
    unique: dict[str, Link] = {}
    for link in links:
        if link:
            unique.setdefault(link.url, link)
    return list(unique.values())
