"""How a crawl is getting on: counted in Scrapy's statistics, told as one frozen Progress."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from scrapy.crawler import Crawler

_PREFIX = "aggregator/"
_PLAIN = ("pages", "articles", "bytes", "links", "new", "changed", "unchanged", "deleted")
_SAID = ("start", "platform", "warning")
GROUPS = ("rejected", "failed", "lost")  #: counts that are a mapping

State = Literal["waiting", "running", "finished", "interrupted", "failed", "busy"]
#: ``busy``: another process is crawling the source, and we left it alone


@dataclass(frozen=True, slots=True)
class Progress:
    """One source's crawl at one moment."""

    source: str  #: source id
    state: State = "waiting"
    pages: int = 0  #: documents fetched: articles, listings, feeds, sitemaps
    articles: int = 0  #: fetched as articles, whatever they turned out to be
    bytes: int = 0  #: of all these documents, unpacked
    links: int = 0  #: promises of articles met, known ones included
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0  #: that their site has taken down, confirmed by a second look
    rejected: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))  #: by what they were
    failed: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))  #: by what went wrong
    lost: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    #: feeds, sitemaps and listings that the registry names and that are not there: address → outcome
    start: str | None = None  #: what was wrong with the start page, by name; None: nothing
    platform: str | None = None  #: CMS family that the start page was recognised as
    warning: str | None = None  #: what somebody should know of this crawl, whatever came of it
    seconds: float = 0.0  #: since the crawl began
    reason: str | None = None  #: of a failed or interrupted crawl: one sentence

    @property
    def counts(self) -> dict[str, Any]:
        """As kept in the run."""
        named = {name: dict(getattr(self, name)) for name in GROUPS}
        return {name: getattr(self, name) for name in (*_PLAIN, *_SAID)} | named

    @property
    def rate(self) -> float:
        """Documents a second."""
        return self.pages / self.seconds if self.seconds > 0 else 0.0


class Tally:
    """Counts what happens in one crawl."""

    def __init__(self, crawler: Crawler):
        self._crawler = crawler  # its statistics only exist once the crawl has begun

    def add(self, name: str, number: int = 1) -> None:
        """``name``: pages, articles, bytes, links, new, changed, unchanged or deleted."""
        self._crawler.stats.inc_value(_PREFIX + name, number)

    def reject(self, kind: str) -> None:
        """A page that is no article, or that may not be had."""
        self._crawler.stats.inc_value(f"{_PREFIX}rejected/{kind}")

    def fail(self, outcome: str) -> None:
        """A page that could not be had or kept."""
        self._crawler.stats.inc_value(f"{_PREFIX}failed/{outcome}")

    def lose(self, address: str, outcome: str) -> None:
        """A feed, sitemap or listing that the registry names is not there."""
        self._crawler.stats.set_value(f"{_PREFIX}lost/{address}", outcome)

    def miss_start(self, outcome: str) -> None:
        """The start page is none."""
        self._crawler.stats.set_value(f"{_PREFIX}start", outcome)

    def recognise(self, platform: str) -> None:
        """The CMS family of the start page."""
        self._crawler.stats.set_value(f"{_PREFIX}platform", platform)

    def warn(self, sentence: str) -> None:
        """Something that somebody should know of this crawl."""
        self._crawler.stats.set_value(f"{_PREFIX}warning", sentence)

    def counts(self) -> dict[str, Any]:
        """As kept in a run: ``{"pages": 3, …, "rejected": {"listing": 1}, "failed": {}, "lost": {},
        "start": None, "platform": None, "warning": None}``."""
        stats = self._crawler.stats.get_stats()
        groups = {name: _group(stats, f"{_PREFIX}{name}/") for name in GROUPS}
        plain = {name: stats.get(_PREFIX + name, 0) for name in _PLAIN}
        return plain | groups | {name: stats.get(_PREFIX + name) for name in _SAID}

    def total(self, name: str) -> int:
        """One of the plain counts."""
        return int(self._crawler.stats.get_value(_PREFIX + name, 0))


def _group(stats: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {key.removeprefix(prefix): value for key, value in sorted(stats.items()) if key.startswith(prefix)}
