"""One site of the sample portal: which address answers with what. Opens no sockets and no threads."""

import gzip
import hashlib
import re
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Literal
from urllib.parse import unquote, urljoin

from aggregator.demo import views
from aggregator.demo.families import FAMILIES, Family
from aggregator.demo.pictures import pdf, png
from aggregator.demo.rendering import jalali, quoted
from aggregator.demo.spelling import Spelling
from aggregator.demo.stories import Block, Story, respell_story
from aggregator.demo.truth import expected_record
from aggregator.model import Source

FIRST_DEAD_END = 9_800_001  #: number of the first dead end
DRAFT = 9_900_001  #: number of the page that robots.txt forbids although every list links to it
CACHE_SIZE = 5_000  #: answers kept

DeadEndKind = Literal["soft-404", "login", "gone", "draft"]


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """A link of a list that leads to no article: a page not found that answers 200, a log-in page,
    a page not found, or a page that robots.txt forbids."""

    kind: DeadEndKind
    headline: str


@dataclass(frozen=True)
class Answer:
    """What a site says to an address."""

    status: int
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    modified: datetime | None = None
    location: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)  #: further ones
    wait: float = 0.0  #: seconds before it is sent
    raw: Callable[[socket.socket], None] | None = None  #: writes something else, after which nothing follows

    @cached_property
    def etag(self) -> str:
        return self.headers.get("ETag") or f'"{hashlib.blake2b(self.body, digest_size=8).hexdigest()}"'

    @cached_property
    def zipped(self) -> bytes:
        return gzip.compress(self.body, 5, mtime=0)


@dataclass(frozen=True)
class Item:
    """A link to a story, as lists, feeds and related boxes show it."""

    story: Story
    address: str  #: path and query, not percent-encoded
    replaced: datetime | None = (
        None  #: when its second version took the place of its first, by the real clock
    )

    @property
    def changed(self) -> datetime:
        """When the page was last touched."""
        return self.replaced or self.story.changed

    @cached_property
    def href(self) -> str:
        """The address percent-encoded."""
        return quoted(self.address)


class Site:
    """A site of one CMS family that publishes some stories.

    ``base_url`` ends without a slash; a ``Portal`` sets it when the port is known. ``clock`` is the moment
    that page clocks show, a day after the newest story, so that pages are the same in every run.
    """

    def __init__(
        self,
        family: str,
        stories: Sequence[Story],
        *,
        source: str = "sample",
        organisation: str | None = None,
        name: str = "پایگاه اطلاع‌رسانی نمونه",
        charset: str = "utf-8",
        dead_ends: Sequence[DeadEnd] = (),
        base_url: str = "http://127.0.0.1",
    ):
        self.family: Family = FAMILIES[family]
        self.source_id, self.organisation, self.name = source, organisation, name
        self.charset, self._base_url = charset, base_url
        spelt = [respell_story(story, self._spelling()) for story in stories]
        self.items = [Item(story, self._address(story)) for story in spelt]
        self.items.sort(key=lambda item: item.story.published, reverse=True)
        self.clock = self.items[0].story.published + timedelta(days=1)
        self._dead_ends = {
            self._key(item.address): (item, dead_end.kind) for dead_end, item in self._dead_items(dead_ends)
        }
        self._index()

    @property
    def base_url(self) -> str:
        return self._base_url

    @base_url.setter
    def base_url(self, url: str) -> None:
        self._base_url = url
        self._cache.clear()

    def publish_edit(self) -> int:
        """Replaces the stories that have a second version by it; how many there were."""
        edited = [item for item in self.items if item.story.edition]
        self.items = [self._second_version(item) for item in self.items]
        self._index()
        return len(edited)

    def withdraw(self, count: int) -> list[str]:
        """Takes the oldest stories down, as if they had never been there; their addresses."""
        gone, self.items = self.items[-count:], self.items[:-count]
        self._index()
        return [self.absolute(item.address) for item in gone]

    def truth(self) -> list[dict[str, Any]]:
        """The articles that a crawl should find, newest first; see ``truth.expected_record``."""
        return [expected_record(self, item) for item in self.items]

    @property
    def source(self) -> Source:
        """The source that stands for this site."""
        return Source(self.source_id, self.organisation, self.base_url + "/")

    # --- addresses ----------------------------------------------------------------------------------------

    def _spelling(self) -> Spelling:
        """What the site's character set or CMS does to every text."""
        if self.charset == "windows-1256":
            return Spelling(letters="windows-1256", digits="latin")
        return Spelling(half_space="soft-hyphen") if self.family.name == "kentico" else Spelling()

    def _index(self) -> None:
        self._by_key = {self._key(item.address): item for item in self.items}
        self._lists: dict[str, tuple[str, ...]] = {"/": (), self.family.archive: ()}
        if self.family.section_list:
            for item in self.items:
                self._lists |= {self.section_address(path): path for path in item.story.section_paths}
        self._cache: dict[str, Answer] = {}

    def _key(self, address: str) -> str | None:
        """What identifies an article in an address: its number or slug."""
        match = self.family.identity.search(address)
        return match[1] if match else None

    def _address(self, story: Story) -> str:
        slug = slug_of(story.headline, self.family)
        section = slug_of(story.section[-1], self.family)
        return self.family.article.format(id=story.number, slug=slug, section=section)

    def _second_version(self, item: Item) -> Item:
        """Where the slug is all there is, it outlives a change of the headline."""
        if item.story.edition is None:
            return item
        keep = "{id}" not in self.family.article
        address = item.address if keep else self._address(item.story.edition)
        return Item(item.story.edition, address, replaced=datetime.now(UTC))

    def _dead_items(self, dead_ends: Sequence[DeadEnd]) -> list[tuple[DeadEnd, Item]]:
        draft = DeadEnd("draft", "پیش‌نویس داخلی؛ پیش از تأیید منتشر نشود")
        found = []
        for place, dead_end in enumerate([draft, *dead_ends]):
            number = FIRST_DEAD_END + place - 1 if place else DRAFT
            text = Block("paragraph", ((dead_end.headline,),))
            stub = Story(number, dead_end.headline, self.items[0].story.published, (text,))
            story = respell_story(stub, self._spelling())
            found.append((dead_end, Item(story, self._address(story))))
        return found

    @property
    def forbidden(self) -> str:
        """What robots.txt forbids: the beginning, percent-encoded, of every address of the draft."""
        href = next(item.href for item, kind in self._dead_ends.values() if kind == "draft")
        before, number, _ = href.partition(str(DRAFT))
        return before + number

    def section_address(self, path: tuple[str, ...]) -> str:
        """The list of a section, or of all news where the family has none."""
        if not self.family.section_list:
            return self.family.archive
        return self.family.section_list.format(section=slug_of(path[-1], self.family))

    def image_address(self, story: Story, size: int = 3, picture: int = 0) -> str:
        """The main image of a story, or the nth picture in its body."""
        return self.family.image.format(
            id=f"{story.number}{picture or ''}",
            size=size,
            jalali=jalali(story.published, "%Y/%-m/%-d"),
            gregorian=story.published.strftime("%Y/%m/%d"),
        )

    def absolute(self, address: str) -> str:
        """An absolute URL, percent-encoded."""
        return urljoin(self.base_url + "/", quoted(address))

    # --- answers ------------------------------------------------------------------------------------------

    def respond(self, target: str) -> Answer:
        """The answer to a path and query as they stand in a request."""
        if target not in self._cache:
            if len(self._cache) >= CACHE_SIZE:
                self._cache.clear()
            self._cache[target] = self._respond(unquote(target))
        return self._cache[target]

    def _respond(self, address: str) -> Answer:
        routes: tuple[Callable[[str], Answer | None], ...] = (
            self._article,
            self._dead_end,
            self._service,
            self._file,
            self._list,
        )
        for route in routes:
            if answer := route(address):
                return answer
        return self._html(404, views.message(self, "missing"))

    def _html(self, status: int, markup: str, modified: datetime | None = None) -> Answer:
        # An old site declares its character set in the page alone.
        declared = "" if self.charset == "windows-1256" else f"; charset={self.charset}"
        body = markup.encode(self.charset, "xmlcharrefreplace")
        return Answer(status, body, "text/html" + declared, modified)

    def _service(self, address: str) -> Answer | None:
        """robots.txt, feed, sitemaps."""
        newest = max(item.changed for item in self.items)
        if address == "/robots.txt":
            return Answer(200, views.robots(self).encode(), "text/plain; charset=utf-8", newest)
        if address == self.family.feed:
            return Answer(200, views.feed(self).encode(), "application/rss+xml; charset=utf-8", newest)
        markup = views.sitemap(self, address)
        return Answer(200, markup.encode(), "application/xml; charset=utf-8", newest) if markup else None

    def _file(self, address: str) -> Answer | None:
        oldest = self.items[-1].story.published
        if address.endswith(".png"):
            return Answer(200, png(address), "image/png", oldest)
        names = {name for item in self.items for name in item.story.documents}
        if any(address == self.family.documents.format(name=name) for name in names):
            return Answer(200, pdf(), "application/pdf", oldest)
        return None

    def _article(self, address: str) -> Answer | None:
        item = self._by_key.get(self._key(address) or "")
        return self._html(200, views.article(self, item), item.changed) if item else None

    def _dead_end(self, address: str) -> Answer | None:
        item, kind = self._dead_ends.get(self._key(address), (None, None))
        if item is None:
            return self._html(200, views.message(self, "login")) if address.startswith("/login") else None
        if kind == "draft":
            return self._html(200, views.article(self, item), item.changed)
        if kind == "login":
            return Answer(302, location="/login?returnUrl=" + item.href)
        return self._html(200 if kind == "soft-404" else 404, views.message(self, "missing"))

    def _list(self, address: str) -> Answer | None:
        match = self.family.page_number.search(address)
        if match:
            address = address.replace(match[0], "?" if match[0][0] == "?" else "")
        number = int(match[1]) - self.family.first_page if match else 0
        for known, section in self._lists.items():
            if _same_list(address, known):
                stories = self.listed(section)
                newest = max(item.changed for item in stories)
                return self._html(200, views.listing(self, known, section, stories, number), newest)
        return None

    def listed(self, section: tuple[str, ...]) -> list[Item]:
        """What the list of a section links to, newest first; (): that of all news."""
        return [item for item in self.items if item.story.section[: len(section)] == section]

    def list_links(self, items: Sequence[Item]) -> list[Item]:
        """The items of a list's first page with the links that lead nowhere among them."""
        return [*items[:2], *(item for item, _ in self._dead_ends.values()), *items[2:]]


def slug_of(text: str, family: Family) -> str:
    """The words of a headline joined by hyphens, as the family does it."""
    words = re.sub(r"[^\w\u200c\u00ad\u2044]+", " ", text.replace("/", family.slug_slash)).split()
    return "-".join(words).replace("-", family.slug_space, 1)[: family.slug_length].strip("-")


def _same_list(address: str, known: str) -> bool:
    """Same path, and every parameter of the known address."""
    path, _, query = address.partition("?")
    known_path, _, known_query = known.partition("?")
    same_path = path.casefold().rstrip("/") == known_path.casefold().rstrip("/")
    return same_path and set(known_query.casefold().split("&")) - {""} <= set(query.casefold().split("&"))
