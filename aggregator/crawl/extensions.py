"""Scrapy extensions: the run's record in the store, and the index brought up to date at the end."""

import asyncio
import logging
from typing import Any, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.utils.asyncio import create_looping_call
from twisted.python.failure import Failure

from aggregator.crawl.progress import Tally
from aggregator.crawl.shared import source_of, workspace_of
from aggregator.crawl.threads import in_thread
from aggregator.crawl.verdict import FINISHED, conclude
from aggregator.errors import AggregatorError, TryLaterError

logger = logging.getLogger(__name__)

HEARTBEAT = 10.0  #: seconds between two notes of the counts
VERDICT = "aggregator/verdict"  #: key of the statistics: (state, reason) of the run
INDEX_TROUBLE = "aggregator/index_trouble"  #: key of the statistics: why the index could not catch up


class RunRecord:
    """Writes the run down: its beginning, its counts every few seconds, its end. Settles what was seen."""

    def __init__(self, crawler: Crawler):
        self._crawler = crawler
        self._run: int | None = None
        self._beat = create_looping_call(self._note)
        for handler, signal in (
            (self._opened, signals.spider_opened),
            (self._closed, signals.spider_closed),
            (self._broke, signals.item_error),
            (self._broke, signals.spider_error),
        ):
            crawler.signals.connect(handler, signal=signal)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def _opened(self, spider: Spider) -> None:
        try:
            self._run = workspace_of(self._crawler).store.start_run(source_of(self._crawler).id)
        except AggregatorError as error:
            raise CloseSpider(str(error)) from error
        self._beat.start(HEARTBEAT, now=False)

    def _note(self) -> None:
        try:
            if self._run is not None:
                workspace_of(self._crawler).store.update_run(self._run, Tally(self._crawler).counts())
        except TryLaterError as error:
            logger.warning("the run's counts could not be noted: %s", error)

    def _broke(self, failure: Failure) -> None:
        """A page was lost on our side. It stays pending; with our disk or database away, the crawl ends."""
        error = failure.value
        name = {TryLaterError: "store", OSError: "archive"}
        outcome = next((value for kind, value in name.items() if isinstance(error, kind)), "internal-error")
        Tally(self._crawler).fail(outcome)
        if outcome != "internal-error":
            self._closing = asyncio.ensure_future(
                self._crawler.engine.close_spider_async(reason=f"{outcome}: {error}")
            )

    def _closed(self, spider: Spider, reason: str) -> None:
        if self._beat.running:
            self._beat.stop()
        counts = Tally(self._crawler).counts()
        entry: Any = spider
        state, why = conclude(reason, counts, entry.trouble)
        self._crawler.stats.set_value(VERDICT, (state, why))
        if self._run is None:
            return
        store = workspace_of(self._crawler).store
        if state == "finished" and reason == FINISHED and entry.is_complete:
            store.settle(source_of(self._crawler).id)
        store.finish_run(self._run, state, counts | ({"reason": why} if why else {}))


class IndexSync:
    """Brings the index up to date when a source is done. With the index away the articles stay pending."""

    _one_at_a_time = asyncio.Lock()

    def __init__(self, crawler: Crawler):
        self._crawler = crawler
        crawler.signals.connect(self._closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def _closed(self, spider: Spider) -> None:
        async with self._one_at_a_time:
            try:
                await in_thread(self._catch_up)
            except AggregatorError as error:
                self._crawler.stats.set_value(INDEX_TROUBLE, str(error))
                logger.warning("the index could not catch up: %s", error)

    def _catch_up(self) -> None:
        from aggregator.index.sync import (
            sync,
        )  # the engine takes a while to load, and many runs bring nothing

        workspace = workspace_of(self._crawler)
        if workspace.store.pending_count():
            sync(workspace.store, workspace.index, workspace.registry)
