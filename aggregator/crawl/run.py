"""Crawling from a program: many sources in one process, with progress, and a clean end on Ctrl-C."""

import asyncio
import signal
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Protocol, cast

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler

from aggregator.config import Settings
from aggregator.crawl.extensions import INDEX_TROUBLE, VERDICT
from aggregator.crawl.progress import GROUPS, Progress, State, Tally
from aggregator.crawl.shared import shared_archive, shared_workers, shared_workspace
from aggregator.errors import AggregatorError
from aggregator.model import Source
from aggregator.registry import Registry
from aggregator.settings import scrapy_settings
from aggregator.urls import host_of

OnProgress = Callable[[Progress], None]

_REFRESH = 0.5  # seconds between two reports of progress


@dataclass(frozen=True, slots=True)
class CrawlResult:
    """What came of a crawl."""

    sources: tuple[Progress, ...]  #: in the order in which they were given
    interrupted: bool  #: by Ctrl-C or SIGTERM
    index_trouble: AggregatorError | None  #: why the index could not catch up; the articles are stored

    @property
    def failed(self) -> tuple[Progress, ...]:
        """Those that failed; ``reason`` says why."""
        return tuple(source for source in self.sources if source.state == "failed")

    @property
    def busy(self) -> tuple[Progress, ...]:
        """Those that another process is crawling; they were left alone, which is no failure."""
        return tuple(source for source in self.sources if source.state == "busy")


def crawl(
    sources: Sequence[Source],
    settings: Settings,
    *,
    since: date | None = None,
    limit: int | None = None,
    on_progress: OnProgress | None = None,
    registry: Registry | None = None,
    changes: dict[str, Any] | None = None,
) -> CrawlResult:
    """Crawl these sources, several at once, and bring the index up to date. Only once in a process.

    The first Ctrl-C finishes what is under way, the second stops at once. ``on_progress`` is called about
    twice a second for each source under way, and at each change of state. ``registry``: where it is loaded
    already. ``changes`` win over Scrapy's settings.
    """
    workspace = shared_workspace(settings)
    workspace.ensure_writable()
    if registry is not None:
        workspace.registry = registry
    try:
        return _Crawl(sources, settings, since, limit, on_progress, changes or {}).run()
    finally:
        shared_workers(settings).close()
        shared_archive(settings).close()
        workspace.close()


class _Loader(Protocol):
    def spider_for(self, source: Source) -> type[Spider]: ...


class _Crawl:
    """One call of ``crawl``."""

    def __init__(
        self,
        sources: Sequence[Source],
        settings: Settings,
        since: date | None,
        limit: int | None,
        on_progress: OnProgress | None,
        changes: dict[str, Any],
    ):
        self._sources, self._arguments = sources, {"since": since, "limit": limit}
        self._on_progress = on_progress
        self._at_once = min(settings.sites_at_once, settings.concurrency, max(len(sources), 1))
        self._progress = {source.id: Progress(source.id) for source in sources}
        self._running: dict[str, tuple[Crawler, float]] = {}
        self._interrupted = False
        self._index_trouble: AggregatorError | None = None
        # So many requests at once over all sites: each site's share.
        share = {"CONCURRENT_REQUESTS": max(1, settings.concurrency // self._at_once)}
        self._process = AsyncCrawlerProcess(scrapy_settings(settings, share | changes))

    def run(self) -> CrawlResult:
        loop = asyncio.get_event_loop()
        task = loop.create_task(self._all())
        task.add_done_callback(lambda _: self._stop_reactor())
        self._process.start(stop_after_crawl=False, install_signal_handlers=False)
        if task.done():
            task.result()  # raises what went wrong on our side
        for name in self._running:  # a second Ctrl-C cut them off
            self._progress[name] = replace(
                self._progress[name], state="interrupted", reason="stopped at once"
            )
        return CrawlResult(tuple(self._progress.values()), self._interrupted, self._index_trouble)

    async def _all(self) -> None:
        """All sources, so many at once; those of one host one after another, to keep its delay."""
        self._catch_signals()
        places = asyncio.Semaphore(self._at_once)
        reporter = asyncio.ensure_future(self._report_now_and_then())
        hosts: dict[str, list[Source]] = {}
        for source in self._sources:
            hosts.setdefault(host_of(source.url), []).append(source)
        try:
            await asyncio.gather(*(self._host(group, places) for group in hosts.values()))
        finally:
            reporter.cancel()

    async def _host(self, sources: Iterable[Source], places: asyncio.Semaphore) -> None:
        for source in sources:
            async with places:
                if not self._interrupted:
                    await self._one(source)

    async def _one(self, source: Source) -> None:
        spider = cast(_Loader, self._process.spider_loader).spider_for(source)
        crawler = self._process.create_crawler(spider)
        self._running[source.id] = crawler, time.monotonic()
        error: Exception | None = None
        try:
            await self._process.crawl(crawler, **self._arguments)
        except Exception as raised:  # one source must not end the others
            error = raised
        self._finish(source, crawler, error)

    def _finish(self, source: Source, crawler: Crawler, error: Exception | None) -> None:
        self._update(source.id)
        del self._running[source.id]
        state: State
        if error is not None:
            ours = isinstance(error, AggregatorError)
            state, reason = "failed", str(error) if ours else f"{type(error).__name__}: {error}"
        else:
            state, reason = crawler.stats.get_value(VERDICT) or ("failed", "ended before it began")
            self._index_trouble = self._index_trouble or crawler.stats.get_value(INDEX_TROUBLE)
        self._progress[source.id] = replace(self._progress[source.id], state=state, reason=reason)
        self._tell(source.id)

    # --- progress -------------------------------------------------------------------------------------------

    async def _report_now_and_then(self) -> None:
        while True:
            for name in list(self._running):
                self._update(name)
                self._tell(name)
            await asyncio.sleep(_REFRESH)

    def _update(self, name: str) -> None:
        crawler, began = self._running[name]
        with suppress(RuntimeError):  # no statistics yet
            counts = Tally(crawler).counts()
            named: dict[str, Any] = {key: MappingProxyType(counts.pop(key)) for key in GROUPS}
            seconds = time.monotonic() - began
            self._progress[name] = Progress(name, "running", seconds=seconds, **counts, **named)

    def _tell(self, name: str) -> None:
        if self._on_progress is not None:
            self._on_progress(self._progress[name])

    # --- the end --------------------------------------------------------------------------------------------

    def _catch_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError, RuntimeError):  # Windows; not the main thread
                loop.add_signal_handler(number, self._interrupt)

    def _interrupt(self) -> None:
        if self._interrupted:
            self._stop_reactor()
            return
        self._interrupted = True
        self._stopping = asyncio.ensure_future(self._process.stop())

    def _stop_reactor(self) -> None:
        from twisted.internet import reactor  # only exists once Scrapy has chosen one

        with suppress(RuntimeError):  # stopping already
            cast(Any, reactor).stop()
