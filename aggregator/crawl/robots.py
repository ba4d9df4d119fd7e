"""robots.txt by RFC 9309: 4xx allows everything, 5xx and silence allow nothing, and only 500 KiB are read.

Scrapy's own middleware fetches pages where robots.txt cannot be had. This one also lets the spider ask for
the sitemaps that the file names, and keeps the delay that it asks for.
"""

import asyncio
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from aggregator.crawl.outcomes import RefusedError, trouble_of
from aggregator.crawl.sitemaps import sitemaps_in_robots
from aggregator.urls import site_root

MAX_BYTES = 500 * 1024  #: RFC 9309, section 2.5
MAX_CRAWL_DELAY = 60.0  #: seconds; a longer one is taken for a slip
_IS_ROBOTS = "is_robots_request"


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """What one robots.txt says to us."""

    parser: Protego | None = None  #: None: no file
    agent: str = ""
    sitemaps: tuple[str, ...] = ()  #: addresses as the file gives them
    unreachable: str | None = None  #: why the file could not be had; then nothing may be fetched

    def check(self, url: str) -> None:
        """Raises RefusedError where the address may not be fetched."""
        if self.unreachable is not None:
            raise RefusedError("robots-unreachable", f"robots.txt cannot be had: {self.unreachable}")
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

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if not request.meta.get(_IS_ROBOTS):
            (await self.rules(request.url)).check(request.url)

    async def rules(self, url: str) -> RobotsRules:
        """The rules for the site of an address, fetched when first asked for."""
        root = site_root(url)
        if root not in self._rules:
            self._rules[root] = asyncio.ensure_future(self._fetch(root))
        return await asyncio.shield(self._rules[root])

    async def _fetch(self, root: str) -> RobotsRules:
        request = Request(root + "robots.txt", meta={_IS_ROBOTS: True}, callback=NO_CALLBACK)
        try:
            response = await self._crawler.engine.download_async(request)
        except IgnoreRequest:  # led in circles or off the site: as good as none
            return RobotsRules()
        except Exception as error:
            return RobotsRules(unreachable=trouble_of(error).detail)
        rules = self._read(response)
        self._slow_down(urlsplit(root).hostname or "", rules.delay)
        return rules

    def _read(self, response: Response) -> RobotsRules:
        if response.status >= 500:
            return RobotsRules(unreachable=f"HTTP {response.status}")
        if not 200 <= response.status < 300:
            return RobotsRules()
        text = response.body[:MAX_BYTES].decode("utf-8-sig", "replace")
        return RobotsRules(Protego.parse(text), self._agent, tuple(sitemaps_in_robots(text)))

    def _slow_down(self, host: str, delay: float) -> None:
        downloader = self._crawler.engine.downloader
        if delay <= self._crawler.settings.getfloat("DOWNLOAD_DELAY"):
            return
        downloader.per_slot_settings[host] = {"delay": delay}
        if host in downloader.slots:
            downloader.slots[host].delay = delay
        throttle = self._crawler.get_extension(AutoThrottle)
        if throttle is not None:
            throttle.mindelay = delay
