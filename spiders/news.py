"""NewsSpider: one source → its pages. It finds and fetches, and never parses an article.

The start page tells the platform; feeds, sitemaps and listings tell the links; the ledger tells which of them
are to be fetched. An odd site is a subclass in this package whose ``name`` is the source's id.
"""

import math
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from aggregator.crawl.discovery import (
    FrontPage,
    is_feed,
    is_sitemap,
    looks_like_article,
    read_feed,
    read_front,
    read_sitemap,
)
from aggregator.crawl.outcomes import LEFT_ALONE
from aggregator.crawl.robots import RobotsMiddleware
from aggregator.crawl.shared import workers_of, workspace_of
from aggregator.crawl.sitemaps import is_unchanged, read_state
from aggregator.crawl.workers import Workers
from aggregator.limits import MAX_LISTINGS, MAX_SITEMAPS
from aggregator.model import Article, DateReading, Link, NotArticle, Page, Rejection
from aggregator.persian.calendar import instant_of_day
from aggregator.platforms import by_name
from aggregator.urls import clean_url, is_home, site_root
from spiders.backfill import BackfillSpider
from spiders.base import FIRST, LATER, arguments_of, trouble_in

GUESSED_SITEMAPS = (
    "sitemap.xml",
    "sitemap_index.xml",
    "news-sitemap.xml",
    "sitemap-news.xml",
    "sitemap.xml.gz",
)

#: What an ordinary start page looks like to the reader of articles.
_HOME_PAGES = frozenset({Rejection.LISTING, Rejection.NO_ARTICLE})
#: After these there is no use in asking the site for anything else.
_UNREACHABLE = frozenset(
    {
        "dns",
        "connection-refused",
        "connection-lost",
        "timeout",
        "tls",
        "robots-unreachable",
        "private-address",
        LEFT_ALONE,
    }
)


class NewsSpider(BackfillSpider):
    """Crawls ``source``; see ``SourceSpiderLoader``."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._sitemaps: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.is_complete = spider.is_complete and spider._is_home()
        return spider

    # --- the start page -------------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Any]:
        for request in self._ask(self.source.url, self.parse_start, self.start_failed, FIRST):
            yield request

    async def parse_start(self, response: Response) -> AsyncIterator[Any]:
        """Whatever the address holds: a home page, a listing, a feed, a sitemap, or one article."""
        page = self._fetched(response)
        self._begin_articles()
        if is_feed(page):
            self._offer(await self._workers.call(read_feed, page, self.platform))
            return
        if is_sitemap(page):
            for request in await self._read_sitemap(page, self.source.url):
                yield request
            return
        front = await self._workers.call(read_front, page, self.source.platform)
        if front is not None:
            self._ledger.platform = by_name(front.platform or "")
        result = await self._workers.extract(page, self.source.platform)
        if (
            isinstance(result, Article)
            and not self._is_home()
            and looks_like_article(page.url, self.platform)
        ):
            yield self._named_article(page)
            return
        if isinstance(result, NotArticle) and result.kind not in _HOME_PAGES:
            self.trouble = f"start page: {result.kind}: {result.reason}"
            self._tally.miss_start(result.kind)
        async for request in self._explore(page.url, front):
            yield request

    async def start_failed(self, failure: Failure) -> AsyncIterator[Any]:
        """No start page: what is known of the site is tried all the same, if it answers at all."""
        trouble = trouble_in(failure)
        self.trouble = f"start page: {trouble.detail}"
        self._tally.miss_start(trouble.outcome)
        self._count(trouble)
        if trouble.outcome not in _UNREACHABLE:
            self._begin_articles()
            async for request in self._explore(self.source.url, None):
                yield request

    async def _explore(self, home: str, front: FrontPage | None) -> AsyncIterator[Request]:
        """Asks for everything that may promise articles, known beforehand or named by the start page."""
        platform, source = self.platform, self.source
        self._explored = home
        if front is not None:
            for request in self._follow(front.listing, source.url, self._new_walk(source.url)):
                yield request
        feeds = [*source.feeds, *(front.feeds if front else ())]
        for url in self._absolute(home, feeds, platform.feeds if platform else ()):
            for request in self._ask(url, self.parse_feed, self.feed_failed, FIRST, url=url):
                yield request
        for request in await self._ask_sitemaps(home):
            yield request
        listings = [*source.listings, *(front.listings if front else ())]
        for url in self._absolute(home, listings, platform.listings if platform else ())[:MAX_LISTINGS]:
            for request in self._ask_listing(url, self._new_walk(url)):
                yield request

    @property
    def _workers(self) -> Workers:
        return workers_of(self.crawler)

    def _is_home(self) -> bool:
        """Whether the source's address is its site's start page, and not some feed, list or article there."""
        known = workspace_of(self.crawler).registry.sources.get(self.source.id)
        return self.source == known or is_home(urlsplit(self.source.url).path)

    def _named_article(self, page: Page) -> Page:
        """The article that the person named by its address."""
        link = Link(url=clean_url(self.source.url) or self.source.url, origin="listing")
        self._ledger.enter(link)
        self._tally.add("links")
        self._tally.add("articles")
        return replace(page, link=link)

    # --- feeds and sitemaps ---------------------------------------------------------------------------------

    async def parse_feed(self, response: Response, url: str) -> None:
        page = self._fetched(response)
        links = await self._workers.call(read_feed, page, self.platform)
        self._offer(links)
        self._note_list(page, len(links))
        self._keep(url, kind="feed", promised=len(links), outcome=None)

    def feed_failed(self, failure: Failure) -> None:
        trouble = trouble_in(failure)
        self._keep(arguments_of(failure)["url"], kind="feed", outcome=trouble.outcome)
        self._count(trouble)

    async def _ask_sitemaps(self, home: str) -> list[Request]:
        """Sitemaps that the registry or robots.txt names; where there is none, the usual places in turn."""
        robots = self.crawler.get_downloader_middleware(RobotsMiddleware)
        rules = await robots.rules(home) if robots else None
        named = self._absolute(home, self.source.sitemaps, rules.sitemaps if rules else ())
        if named:
            return [request for url in named for request in self._ask_sitemap(url)]
        return self._guess_sitemap([site_root(home) + name for name in GUESSED_SITEMAPS])

    def _ask_sitemap(
        self, url: str, guesses: Sequence[str] | None = None, modified: DateReading | None = None
    ) -> list[Request]:
        """``guesses``: where else it may be, if this place is a guess; ``modified``: what an index says."""
        if len(self._sitemaps) >= MAX_SITEMAPS:
            return []
        self._sitemaps.add(url)
        arguments = {"url": url, "guesses": guesses, "modified": modified}
        return self._ask(url, self.parse_sitemap, self.sitemap_failed, LATER, **arguments)

    def _guess_sitemap(self, guesses: Sequence[str]) -> list[Request]:
        return self._ask_sitemap(guesses[0], guesses[1:]) if guesses else []

    async def parse_sitemap(
        self, response: Response, url: str, guesses: Sequence[str] | None, modified: DateReading | None
    ) -> list[Request]:
        page = self._fetched(response)
        if is_sitemap(page):
            return await self._read_sitemap(page, url, modified)
        return self._guess_sitemap(guesses or ())

    def sitemap_failed(self, failure: Failure) -> list[Request]:
        arguments, trouble = arguments_of(failure), trouble_in(failure)
        if arguments["guesses"] is None:
            self._keep(arguments["url"], kind="sitemap", outcome=trouble.outcome)
            self._count(trouble)
        return self._guess_sitemap(arguments["guesses"] or ())

    async def _read_sitemap(self, page: Page, url: str, modified: DateReading | None = None) -> list[Request]:
        sitemap = await self._workers.call(read_sitemap, page)
        promising = sorted(filter(self._is_promising, sitemap.links), key=_age)
        self._offer(promising)
        if not sitemap.children:  # what an index names may change without it
            self._note_list(page, len(promising))
        self._keep(url, **read_state(modified, self.since, len(promising), page.fetched_at))
        children = ((child, sitemap.modified.get(child)) for child in sitemap.newest_first)
        return [
            request
            for child, changed in children
            if self._is_wanted(child, changed)
            for request in self._ask_sitemap(child, modified=changed)
        ]

    def _is_wanted(self, url: str, modified: DateReading | None) -> bool:
        """Whether a child of an index may hold what is not known: old months need not be read again."""
        if self.since and modified and modified.instant < instant_of_day(self.since):
            return False
        state = self._kept.get(url)
        if state is None or not is_unchanged(state, modified, self.since, datetime.now(UTC)):
            return True
        self._tally.add("links", state["promised"])
        return False

    def _is_promising(self, link: Link) -> bool:
        """Sitemaps name all pages of a site, and most have no text to tell them by."""
        return looks_like_article(link.url, self.platform, link.headline or "")

    def _absolute(self, home: str, *groups: Iterable[str]) -> list[str]:
        """Addresses that may be relative to the start page, each once."""
        urls = (clean_url(url, home) for group in groups for url in group)
        return list(dict.fromkeys(url for url in urls if url))


def _age(link: Link) -> float:
    """What sorts the newest first, and behind them what has no date."""
    dated = link.published.instant if link.published else link.modified
    return -dated.timestamp() if dated else math.inf
