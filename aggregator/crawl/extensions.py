"""Scrapy extensions: the run's record in the store; index and stories brought up to date at the end."""

import asyncio
import logging
from typing import Any, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.utils.asyncio import create_looping_call
from twisted.python.failure import Failure

from aggregator.crawl.progress import State, Tally
from aggregator.crawl.revisits import note_end
from aggregator.crawl.shared import source_of, workspace_of
from aggregator.crawl.threads import in_thread
from aggregator.crawl.verdict import BUSY, FINISHED, conclude
from aggregator.errors import AggregatorError
from aggregator.store.leases import new_owner
from aggregator.stories.catch_up import group_stories

logger = logging.getLogger(__name__)

HEARTBEAT = 10.0  #: seconds between two notes of the counts, and two renewals of the lease
LEASE = 180.0  #: seconds that a source stays ours without a renewal; a dead process' lease is free at once
VERDICT = "aggregator/verdict"  #: key of the statistics: (state, reason) of the run
INDEX_TROUBLE = "aggregator/index_trouble"  #: key of the statistics: why the index could not catch up


class RunRecord:
    """Writes the run down: its beginning, its counts every few seconds, its end. Settles what was seen.

    It holds the source's lease meanwhile: where another process has it, the crawl ends before it begins.
    """

    def __init__(self, crawler: Crawler):
        self._crawler = crawler
        self._owner = new_owner()
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
        store, source = workspace_of(self._crawler).store, source_of(self._crawler).id
        try:
            if not store.lease(source, self._owner, LEASE):
                raise CloseSpider(BUSY)
            self._run = store.start_run(source)
        except AggregatorError as error:
            raise CloseSpider(str(error)) from error
        self._beat.start(HEARTBEAT, now=False)

    def _note(self) -> None:
        store = workspace_of(self._crawler).store
        try:
            if self._run is not None:
                store.update_run(self._run, Tally(self._crawler).counts())
            if not store.renew_lease(source_of(self._crawler).id, self._owner, LEASE):
                self._close("another process took over, as this one gave no sign of life for too long")
        except AggregatorError as error:  # the first page that cannot be stored ends the crawl
            logger.info("the run's counts could not be noted: %s", error)

    def _close(self, reason: str) -> None:
        self._closing = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason=reason))

    def _broke(self, failure: Failure) -> None:
        """A page was lost on our side. It stays pending; with our disk or database away, the crawl ends."""
        error = failure.value
        name = {AggregatorError: "store", OSError: "archive"}
        outcome = next((value for kind, value in name.items() if isinstance(error, kind)), "internal-error")
        Tally(self._crawler).fail(outcome)
        if outcome != "internal-error":
            self._close(f"{outcome}: {error}")

    def _closed(self, spider: Spider, reason: str) -> None:
        if self._beat.running:
            self._beat.stop()
        counts = Tally(self._crawler).counts()
        entry: Any = spider
        state, why = conclude(reason, counts, entry.trouble)
        self._crawler.stats.set_value(VERDICT, (state, why))
        if self._run is None:
            return
        try:
            self._note_end(self._run, state, why, is_complete=reason == FINISHED and entry.is_complete)
        except AggregatorError as error:  # a run without an end counts as killed, and its lease as free
            if state != "failed":
                self._crawler.stats.set_value(VERDICT, ("failed", f"store: {error}"))

    def _note_end(self, run: int, state: State, why: str | None, *, is_complete: bool) -> None:
        store, source = workspace_of(self._crawler).store, source_of(self._crawler).id
        counts = Tally(self._crawler).counts()
        if state == "finished" and is_complete:
            store.settle(source)
        store.finish_run(run, state, counts | ({"reason": why} if why else {}))
        note_end(store, source, state, counts)
        store.release_lease(source, self._owner)


class IndexSync:
    """Brings index and stories up to date when a source is done. What cannot be done now stays pending."""

    _one_at_a_time = asyncio.Lock()

    def __init__(self, crawler: Crawler):
        self._crawler = crawler
        crawler.signals.connect(self._closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def _closed(self, spider: Spider) -> None:
        if "store" in Tally(self._crawler).counts()["failed"]:
            return  # without the database there is nothing to catch up with
        async with self._one_at_a_time:
            try:
                await in_thread(self._catch_up)
            except AggregatorError as error:
                self._crawler.stats.set_value(INDEX_TROUBLE, error)
                logger.info("the index could not catch up: %s", error)
            try:
                await in_thread(self._group)
            except AggregatorError as error:  # whoever comes next catches up
                logger.info("the stories could not catch up: %s", error)

    def _catch_up(self) -> None:
        from aggregator.index.sync import (
            sync,
        )  # the engine takes a while to load, and many runs bring nothing

        workspace = workspace_of(self._crawler)
        if workspace.store.pending_count():
            sync(workspace.store, workspace.index, workspace.registry)

    def _group(self) -> None:
        group_stories(workspace_of(self._crawler).store)
