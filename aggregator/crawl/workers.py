"""Pages are read in processes of their own: other cores do the work, and the event loop goes on downloading.

They also keep hazm's weight, and whatever a monstrous page costs, out of the crawl's own process.
"""

import asyncio
import copyreg
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import resource_tracker
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from aggregator.extract import extract
from aggregator.model import Article, NotArticle, Page, Rejection
from aggregator.persian.article import annotate_article
from aggregator.persian.names.gazetteer import Gazetteer

if TYPE_CHECKING:
    from aggregator.registry import Registry  # not loaded by the processes, which have no use for it

MOST = 4  #: processes, of some 150 MB each
SMALL = 40  #: pages that one process reads, before others are begun for the rest
_Result = TypeVar("_Result")


def _read_only(mapping: dict[Any, Any]) -> "MappingProxyType[Any, Any]":
    return MappingProxyType(mapping)


# Pages and articles hold read-only mappings, which pickle does not know.
copyreg.pickle(MappingProxyType, lambda mapping: (_read_only, (dict(mapping),)))


class Workers:
    """What reads the pages of a crawl; its processes begin with the first page, and end with it."""

    def __init__(self, registry: "Registry"):
        self._known = dict(registry.organisations), dict(registry.provinces), dict(registry.counties)
        self._pool: ProcessPoolExecutor | None = None
        self._alone = asyncio.Lock()
        self._first = asyncio.Lock()
        self._asked = 0

    async def extract(self, page: Page, platform: str | None) -> Article | NotArticle:
        """See ``aggregator.extract``. A page that kills its reader, by its hunger for memory say, is none."""
        return await self._whatever_it_costs(extract, page, platform)

    async def read(
        self, page: Page, platform: str | None, organisation: str | None, province: str | None
    ) -> Article | NotArticle:
        """Extracts an article and annotates it, see ``aggregator.persian.article``: a page makes one way to a
        reader and back."""
        return await self._whatever_it_costs(_read, page, platform, organisation, province)

    async def _whatever_it_costs(
        self, function: Callable[..., Article | NotArticle], page: Page, *arguments: Any
    ) -> Article | NotArticle:
        try:
            return await self.call(function, page, *arguments)
        except BrokenProcessPool:
            return NotArticle(page.url, Rejection.TOO_LARGE, "reading it killed the process that did so")

    def close(self) -> None:
        """Ends the processes; what they have under way is lost."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None
            children = multiprocessing.active_children()
            for process in children:
                process.kill()
            for process in children:
                process.join()

    async def call(self, function: Callable[..., _Result], *arguments: Any) -> _Result:
        """What a pure function of a module gives or raises; BrokenProcessPool where it kills its process."""
        if self._pool is None:
            self._pool = self._new_pool(min(MOST, max(1, (os.cpu_count() or 1) - 1)))
        pool = self._pool
        self._asked += 1
        try:
            if self._asked > SMALL:
                return await _in(pool, function, *arguments)
            async with self._first:
                return await _in(pool, function, *arguments)
        except BrokenProcessPool:
            if self._pool is pool:
                self._pool = None
        # One of the pages under way killed its process, and the others were lost with it. Which one it was
        # shows where each is read again alone.
        async with self._alone:
            single = self._new_pool(1)
            try:
                return await _in(single, function, *arguments)
            finally:
                single.shutdown(wait=False)

    def _new_pool(self, processes: int) -> ProcessPoolExecutor:
        resource_tracker.ensure_running()  # begun later, it would let Ctrl-C through to the processes
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(processes, context, _begin, self._known)


async def _in(pool: ProcessPoolExecutor, function: Callable[..., _Result], *arguments: Any) -> _Result:
    with _interrupt_held():  # this may begin a process
        future = pool.submit(function, *arguments)
    return await asyncio.wrap_future(future)


@contextmanager
def _interrupt_held() -> Iterator[None]:
    """A process that is begun meanwhile never hears Ctrl-C: what is under way is finished first."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# --- in a process of the pool -------------------------------------------------------------------------------

_gazetteer: Gazetteer | None = None


def _begin(organisations: Any, provinces: Any, counties: Any) -> None:
    """Gets ready, and ends with the crawl's own process, however that ends."""
    global _gazetteer
    _gazetteer = Gazetteer(organisations, provinces, counties)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)


def _read(
    page: Page, platform: str | None, organisation: str | None, province: str | None
) -> Article | NotArticle:
    if _gazetteer is None:
        raise RuntimeError("only in a process of Workers")
    result = extract(page, platform)
    if isinstance(result, NotArticle):
        return result
    return annotate_article(result, _gazetteer, organisation=organisation, province=province)
