"""The last stages of a back-fill (``--since``): archives of single days, then numbers that are missing."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider

from aggregator.crawl.backfill import DAYS, Days, Reach, after_day, spans
from aggregator.crawl.gaps import BATCH, BUDGET, MAX_MISSES, gap_links
from aggregator.crawl.ledger import Offer
from aggregator.crawl.listings import ListingPage
from aggregator.crawl.shared import workspace_of
from aggregator.crawl.walk import Place, Walk
from aggregator.model import Link
from aggregator.persian.calendar import tehran_day
from aggregator.urls import clean_url, site_root
from spiders.walking import WalkingSpider

_PAGES_A_DAY = 50  # of an archive, before it counts as endless


class BackfillSpider(WalkingSpider):
    """When feeds, sitemaps and listings have given what they have, asks for what they do not show."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._explored: str | None = None  # the start page, once the whole site is being looked at
        self._has_asked_days = False
        self._numbers: Iterator[Link] | None = None
        self._probes: list[str] = []  # the last batch of numbers
        self._probed = self._misses = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        if spider.since is not None:
            crawler.signals.connect(spider._idle, signals.spider_idle)
        return spider

    def _idle(self) -> None:
        """Nothing is left to do: begins the next stage."""
        if self._explored is None:
            return
        requests = self._ask_days(self._explored)
        for request in requests:
            self.crawler.engine.crawl(request)
        if requests or self._ask_numbers(self._explored):
            raise DontCloseSpider

    # --- days -----------------------------------------------------------------------------------------------

    def _ask_days(self, home: str) -> list[Request]:
        """The first day of the platform's archive, unless its listings went all the way back."""
        platform, since = self.platform, self.since
        if self._has_asked_days or platform is None or platform.archive_day is None or since is None:
            return []
        self._has_asked_days = True
        root = site_root(home)
        reaches = (Reach.read(self._kept.get(clean_url(path, root) or "", {})) for path in platform.listings)
        if any(reach and reach.end == "since" and reach.since <= since for reach in reaches):
            return []
        today = tehran_day(datetime.now(UTC))
        days = Days(platform.archive_day, root, spans(self._kept.get(DAYS, {}), since, today))
        walk = Walk(None, max_pages=days.count * _PAGES_A_DAY, name=DAYS, days=days)
        return self._next_listing(walk, next(days, None))

    def _keep_walk(
        self, walk: Walk, place: Place, listing: ListingPage, offer: Offer, was_above: bool
    ) -> None:
        if not isinstance(walk.days, Days) or walk.days.day is None:
            super()._keep_walk(walk, place, listing, offer, was_above)
            return
        today = tehran_day(datetime.now(UTC))
        self._keep(DAYS, **after_day(self._kept.get(DAYS, {}), walk.days.day, walk.end, today))

    # --- numbers --------------------------------------------------------------------------------------------

    def _ask_numbers(self, home: str) -> bool:
        """Enters the next few missing numbers; False: there are no more, or it leads to nothing."""
        store, source = workspace_of(self.crawler).store, self.source.id
        if self._numbers is None:
            self._numbers = gap_links(store.page_addresses(source), self.platform, site_root(home))
        self._look_at_probes()
        if self._misses >= MAX_MISSES:
            return False
        while batch := list(islice(self._numbers, min(BATCH, BUDGET - self._probed))):
            known = store.known_pages(source, [link.url for link in batch])
            fresh = [link for link in batch if link.url not in known]
            if fresh and self._offer(fresh).new:
                self._probes = [link.url for link in fresh]
                self._probed += len(fresh)
                return True
        return False

    def _look_at_probes(self) -> None:
        """Counts what came of the last batch."""
        states = workspace_of(self.crawler).store.known_pages(self.source.id, self._probes).values()
        found = any(state.article_id is not None for state in states)
        self._misses = 0 if found else self._misses + len(self._probes)
        self._probes = []
