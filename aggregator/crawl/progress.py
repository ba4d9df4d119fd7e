"""How a crawl is getting on: counted in Scrapy's statistics, told as one frozen Progress."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from scrapy.crawler import Crawler

_PREFIX = "aggregator/"
_PLAIN = ("pages", "articles", "bytes", "links", "new", "changed", "unchanged")
_NAMED = ("rejected", "failed")

State = Literal["waiting", "running", "finished", "interrupted", "failed"]


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
    rejected: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))  #: by what they were
    failed: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))  #: by what went wrong
    seconds: float = 0.0  #: since the crawl began
    reason: str | None = None  #: of a failed or interrupted crawl: one sentence

    @property
    def counts(self) -> dict[str, Any]:
        """As kept in the run."""
        named = {name: dict(getattr(self, name)) for name in _NAMED}
        return {name: getattr(self, name) for name in _PLAIN} | named

    @property
    def rate(self) -> float:
        """Documents a second."""
        return self.pages / self.seconds if self.seconds > 0 else 0.0


class Tally:
    """Counts what happens in one crawl."""

    def __init__(self, crawler: Crawler):
        self._crawler = crawler  # its statistics only exist once the crawl has begun

    def add(self, name: str, number: int = 1) -> None:
        """``name``: pages, articles, bytes, links, new, changed or unchanged."""
        self._crawler.stats.inc_value(_PREFIX + name, number)

    def reject(self, kind: str) -> None:
        """A page that is no article, or that may not be had."""
        self._crawler.stats.inc_value(f"{_PREFIX}rejected/{kind}")

    def fail(self, outcome: str) -> None:
        """A page that could not be had or kept."""
        self._crawler.stats.inc_value(f"{_PREFIX}failed/{outcome}")

    def counts(self) -> dict[str, Any]:
        """As kept in a run: ``{"pages": 3, …, "rejected": {"listing": 1}, "failed": {}}``."""
        stats = self._crawler.stats.get_stats()
        named = {name: _group(stats, f"{_PREFIX}{name}/") for name in _NAMED}
        return {name: stats.get(_PREFIX + name, 0) for name in _PLAIN} | named

    def total(self, name: str) -> int:
        """One of the plain counts."""
        return int(self._crawler.stats.get_value(_PREFIX + name, 0))


def _group(stats: Mapping[str, Any], prefix: str) -> dict[str, int]:
    return {key.removeprefix(prefix): value for key, value in sorted(stats.items()) if key.startswith(prefix)}
