"""When a site is in trouble, or says that it wants a rest: waiting, for the whole host, and an end to it.

``BackOff`` takes the place of Scrapy's retry middleware and decides; ``PatientDownloader`` holds the requests
that are on their way. Every crawl has its own, so that one site's troubles do not slow another's.
"""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self, cast

from scrapy import Request
from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Response
from scrapy.utils.asyncio import call_later
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from aggregator.crawl.guards import IS_ROBOTS, slot_of
from aggregator.crawl.outcomes import (
    LEFT_ALONE,
    RETRIED,
    RETRIED_STATUSES,
    RefusedError,
    header_of,
    trouble_of,
)
from aggregator.limits import (
    BACKOFF_CAP,
    FORGIVEN_FAILURES,
    MAX_FAILURES,
    MAX_RETRY_AFTER,
    MAX_WAITING,
    RETRIES_WHEN_TOLD,
    ROBOTS_RETRIES,
)

logger = logging.getLogger(__name__)

_TOLD = (429, 503)  #: statuses with which a site may say when to come back
_LOOK = 1.0  #: seconds after which a waiting downloader looks whether there is still anything to wait for


def pause_after(failures: int, start: float, chance: Callable[[], float] = random.random) -> float:
    """Seconds to wait after so many failures in a row: doubled each time, up to a cap, half of it by chance,
    so that not everybody comes back at once. ``start``: seconds of the first."""
    longest = min(start * 2.0 ** min(failures - 1, 30), BACKOFF_CAP)
    return longest * (0.5 + 0.5 * chance())


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for, from a number or a date; None: it says nothing."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        instant = parsedate_to_datetime(text)
    except ValueError:
        return None
    instant = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return max(0.0, (instant - now).total_seconds())


@dataclass(slots=True)
class Host:
    """How one host is doing in this crawl."""

    failures: int = 0  #: in a row, of different pages
    told: int = 0  #: times in a row that it asked for a rest
    until: float = 0.0  #: ``time.monotonic`` up to which nothing is asked
    waited: float = 0.0  #: seconds of all rests
    left_alone: str | None = None  #: why nothing is asked any more

    @property
    def rests_for(self) -> float:
        """Seconds until it may be asked again."""
        return self.until - time.monotonic()

    def rest(self, seconds: float) -> None:
        """Ask nothing for so long, or for longer where that was settled already."""
        more = seconds - max(self.rests_for, 0.0)
        if more > 0:
            self.waited += more
            self.until = time.monotonic() + seconds


class BackOff:
    """Makes a request again that failed for a while, and gives a host in trouble a rest."""

    def __init__(self, crawler: Crawler):
        self._crawler = crawler
        self._start = crawler.settings.getfloat("BACKOFF_START")
        self._retries = crawler.settings.getint("RETRY_TIMES")
        self._hosts: dict[str, Host] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def host(self, slot: str) -> Host:
        """The host of a downloader's slot."""
        return self._hosts.setdefault(slot, Host())

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        host = self.host(slot_of(request.url))
        if response.status not in RETRIED_STATUSES:
            host.failures = host.told = 0
            return response
        name = f"HTTP {response.status}"
        asked = None
        if response.status in _TOLD:
            asked = retry_after(header_of(response, "Retry-After"), datetime.now(UTC))
        if asked is None and response.status == 429:
            asked = pause_after(host.told + 2, self._start)
        if asked is not None:
            self._told(host, asked, name)
            return self._again(request, name, RETRIES_WHEN_TOLD) or response
        return await self._failed(request, host, name) or response

    async def process_exception(self, request: Request, exception: Exception) -> Request | None:
        trouble = trouble_of(exception)
        if isinstance(exception, RefusedError) or trouble.outcome not in RETRIED:
            return None
        return await self._failed(request, self.host(slot_of(request.url)), trouble.detail)

    def _told(self, host: Host, seconds: float, name: str) -> None:
        host.told += 1
        if seconds > MAX_RETRY_AFTER:
            self._leave(host, f"asked to be left alone for {seconds:.0f} seconds ({name})")
        self._rest(host, seconds, name)

    async def _failed(self, request: Request, host: Host, name: str) -> Request | None:
        """What becomes of a request that failed; None: there were tries enough."""
        is_robots = bool(request.meta.get(IS_ROBOTS))
        tries = request.meta.get("retry_times", 0)
        is_resting = host.rests_for > 0  # what fails meanwhile was asked before
        if not tries and not is_robots and not is_resting:
            host.failures += 1
            if host.failures >= MAX_FAILURES:
                self._leave(host, f"left alone after {host.failures} failures in a row, the last: {name}")
            if host.failures > FORGIVEN_FAILURES:
                self._rest(host, pause_after(host.failures - FORGIVEN_FAILURES, self._start), name)
        again = self._again(request, name, ROBOTS_RETRIES if is_robots else self._retries)
        if again is not None:
            await asyncio.sleep(pause_after(tries + 1, self._start))
        return again

    def _again(self, request: Request, name: str, retries: int) -> Request | None:
        return get_retry_request(
            request,
            spider=cast(Any, self._crawler.spider),
            reason=name,
            max_retry_times=retries,
            priority_adjust=1,
        )

    def _rest(self, host: Host, seconds: float, name: str) -> None:
        host.rest(seconds)
        if host.waited > MAX_WAITING:
            self._leave(host, f"left alone after {MAX_WAITING:.0f} seconds of waiting, the last for: {name}")
        logger.info("%s: a rest of %.1f seconds (%s)", self._name, seconds, name)

    def _leave(self, host: Host, reason: str) -> None:
        """Ends the crawl of the source; what was not asked for stays in the queue. Raises RefusedError."""
        if host.left_alone is None:
            host.left_alone = reason
            logger.warning("%s: %s", self._name, reason)
            self._crawler.stats.inc_value(f"aggregator/{LEFT_ALONE}")
            self._closing = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason=reason))
        raise RefusedError(LEFT_ALONE, reason)

    @property
    def _name(self) -> str:
        return str(cast(Any, self._crawler.spider).name)


class PatientDownloader(Downloader):
    """Scrapy's downloader, which also holds back the requests for a host that is given a rest."""

    def _process_queue(self, slot: Slot) -> None:
        host = self._host(slot)
        if host is None:
            super()._process_queue(slot)
        elif host.left_alone or (host.rests_for > 0 and not self.crawler.crawling):
            self._refuse(slot, host.left_alone or "the crawl is ending")
        elif host.rests_for <= 0:
            super()._process_queue(slot)
        elif not slot.latercall:
            slot.latercall = call_later(min(host.rests_for, _LOOK), self._latercall, slot)

    def _wait_for_download(
        self, slot: Slot, request: Request, queue_dfd: Deferred[Response]
    ) -> Coroutine[Any, Any, None]:
        """Scrapy counts a request once its task has begun: of several at once it would begin too many."""
        slot.transferring.add(request)
        return super()._wait_for_download(slot, request, queue_dfd)

    def _host(self, slot: Slot) -> Host | None:
        """The host of the slot's requests; None where there are none, or without ``BackOff``."""
        back_off = self.crawler.get_downloader_middleware(BackOff)
        if back_off is None or not slot.queue:
            return None
        return back_off.host(slot.queue[0][0].meta[self.DOWNLOAD_SLOT])

    def _refuse(self, slot: Slot, reason: str) -> None:
        while slot.queue:
            _, waiting = slot.queue.popleft()
            waiting.errback(Failure(RefusedError(LEFT_ALONE, reason)))
