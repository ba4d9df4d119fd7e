"""robots.txt by RFC 9309: 4xx allows everything, 5xx and silence allow nothing, and only 500 KiB are read.

Scrapy's own middleware fetches pages where robots.txt cannot be had. This one also follows redirects to other
sites (five in a row), lets the spider ask for the sitemaps that the file names, and keeps the delay that it
asks for. What it says holds for one crawl; the next one asks again.
"""

import asyncio
from dataclasses import dataclass
from typing import Self

from protego import Protego
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured, StopDownload
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from aggregator.crawl.connection import READ_AT_MOST
from aggregator.crawl.guards import IS_ROBOTS, slot_of
from aggregator.crawl.outcomes import AWAY, RefusedError, Trouble, trouble_of
from aggregator.crawl.sitemaps import sitemaps_in_robots
from aggregator.limits import MAX_CRAWL_DELAY, MAX_ROBOTS, MAX_ROBOTS_REDIRECTS
from aggregator.urls import site_root

_RECEIVED = "robots_bytes"  #: key of a request's meta: bytes of the body so far


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """What one robots.txt says to us."""

    parser: Protego | None = None  #: None: no file
    agent: str = ""
    sitemaps: tuple[str, ...] = ()  #: addresses as the file gives them
    unreachable: str | None = None  #: why the file could not be had; then nothing may be fetched
    outcome: str = "robots-unreachable"  #: name of that; where the whole site is away, its trouble's own

    def check(self, url: str) -> None:
        """Raises RefusedError where the address may not be fetched."""
        if self.unreachable is not None:
            raise RefusedError(self.outcome, f"robots.txt cannot be had: {self.unreachable}")
        if self.parser is not None and not self.parser.can_fetch(url, self.agent):
            raise RefusedError("robots-forbidden", f"robots.txt forbids {url}")

    @property
    def delay(self) -> float:
        """Seconds between two requests that the file asks for; 0: it asks for none."""
        delay = self.parser.crawl_delay(self.agent) if self.parser else None
        return min(float(delay or 0), MAX_CRAWL_DELAY)


class RobotsMiddleware:
    """Asks robots.txt, once a host, before every request."""

    def __init__(self, crawler: Crawler):
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._agent = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._rules: dict[str, asyncio.Future[RobotsRules]] = {}
        crawler.signals.connect(self._received, signals.bytes_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if not request.meta.get(IS_ROBOTS):
            (await self.rules(request.url)).check(request.url)

    async def rules(self, url: str) -> RobotsRules:
        """The rules for the site of an address, fetched when first asked for."""
        root = site_root(url)
        if root not in self._rules:
            self._rules[root] = asyncio.ensure_future(self._fetch(root))
        return await asyncio.shield(self._rules[root])

    async def _fetch(self, root: str) -> RobotsRules:
        meta = {
            IS_ROBOTS: True,
            READ_AT_MOST: MAX_ROBOTS,
            "download_maxsize": 0,  # a longer file is cut, not refused
            "redirect_ttl": MAX_ROBOTS_REDIRECTS,
        }
        request = Request(root + "robots.txt", meta=meta, callback=NO_CALLBACK)
        try:
            rules = self._read(await self._crawler.engine.download_async(request))
        except RefusedError as error:  # led to a private address; or the host is left alone
            return RobotsRules(unreachable=error.detail)
        except IgnoreRequest:  # led in circles: as good as none
            return RobotsRules()
        except Exception as error:
            return _unreachable(trouble_of(error))
        self._slow_down(slot_of(root), rules.delay)
        return rules

    def _received(self, data: bytes, request: Request) -> None:
        """Reads no further than allowed."""
        if request.meta.get(IS_ROBOTS):
            request.meta[_RECEIVED] = request.meta.get(_RECEIVED, 0) + len(data)
            if request.meta[_RECEIVED] > MAX_ROBOTS:
                raise StopDownload(fail=False)

    def _read(self, response: Response) -> RobotsRules:
        if response.status >= 500 or response.status == 429:
            return RobotsRules(unreachable=f"HTTP {response.status}")
        if not 200 <= response.status < 300:
            return RobotsRules()
        body = response.body
        if len(body) >= MAX_ROBOTS:  # a rule cut in its middle would forbid more than is meant
            body = body[: body.rfind(b"\n") + 1]
        text = body.decode("utf-8-sig", "replace")
        return RobotsRules(Protego.parse(text), self._agent, tuple(sitemaps_in_robots(text)))

    def _slow_down(self, slot: str, delay: float) -> None:
        downloader = self._crawler.engine.downloader
        if delay <= self._crawler.settings.getfloat("DOWNLOAD_DELAY"):
            return
        downloader.per_slot_settings[slot] = {"delay": delay}
        if slot in downloader.slots:
            downloader.slots[slot].delay = delay
        throttle = self._crawler.get_extension(AutoThrottle)
        if throttle is not None:
            throttle.mindelay = delay
            throttle.maxdelay = max(throttle.maxdelay, delay)


def _unreachable(trouble: Trouble) -> RobotsRules:
    if trouble.outcome in AWAY:
        return RobotsRules(unreachable=trouble.detail, outcome=trouble.outcome)
    return RobotsRules(unreachable=trouble.detail)
