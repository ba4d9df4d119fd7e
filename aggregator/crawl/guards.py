"""Where requests may go. Two downloader middlewares that see every request: links, redirects, robots.txt.

``SiteGuard`` keeps a crawl on its site, before anything else looks at the request. ``AddressGuard`` stands
next to the network and keeps it out of private networks, whatever a name resolves to; the connection itself
is checked once more (``aggregator.crawl.connection``), for a name may resolve to something else by then.
"""

import logging
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, Self, cast
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware
from scrapy.http import Response
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.error import DNSLookupError

from aggregator.crawl.outcomes import RefusedError
from aggregator.crawl.progress import Tally
from aggregator.crawl.public import is_public
from aggregator.crawl.shared import source_of
from aggregator.limits import MAX_COOKIE, MAX_COOKIES, MAX_META_REFRESH
from aggregator.urls import same_site

logger = logging.getLogger(__name__)

#: Key of a request's meta: robots.txt may stand on another site (RFC 9309, 2.3.1.2).
IS_ROBOTS = "is_robots_request"


class SiteGuard:
    """Refuses what is not http(s) and what is not on the spider's site. ``www.`` shares the site's delay."""

    def __init__(self, crawler: Crawler):
        self._crawler = crawler
        crawler.signals.connect(self._opened, signals.spider_opened)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def _opened(self) -> None:
        source = source_of(self._crawler)
        if not source.verify_tls:
            host = urlsplit(source.url).hostname
            warning = f"the certificate of {host} is not verified (verify_tls: false)"
            logger.warning("%s: %s", source.id, warning)
            Tally(self._crawler).warn(warning)

    def process_request(self, request: Request) -> None:
        scheme = urlsplit(request.url).scheme
        if scheme not in ("http", "https"):
            raise RefusedError("scheme", f"{scheme}: is not fetched")
        source = source_of(self._crawler)
        # A source whose certificate is not looked at is believed at its own address only.
        may_leave = request.meta.get(IS_ROBOTS) and source.verify_tls
        if not may_leave and not same_site(request.url, source.url):
            raise RefusedError("offsite", f"{request.url} is not on the site {source.url}")
        request.meta["download_slot"] = slot_of(request.url)


def slot_of(url: str) -> str:
    """Name of the downloader's slot for an address: what shares one delay and one concurrency."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


class AddressGuard:
    """Refuses private addresses, except under the very host name that the source has.

    The name is resolved by the resolver (and its cache) that the connection will use. Behind a proxy it is
    the proxy that resolves, and that has to guard.
    """

    def __init__(self, crawler: Crawler):
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        host = urlsplit(request.url).hostname or ""
        if not request.meta.get("proxy") and not is_named_host(self._crawler, host):
            address = await _resolve(host)
            if address is not None:
                check_address(host, address)


def is_named_host(crawler: Crawler, host: str) -> bool:
    """Whether it is the very host that the user named: there, a private address is meant."""
    return host == urlsplit(source_of(crawler).url).hostname


def check_address(host: str, address: IPv4Address | IPv6Address) -> None:
    """Raises RefusedError for an address that is not on the public internet."""
    if not is_public(address):
        raise RefusedError("private-address", f"{host} is the private address {address}")


async def _resolve(host: str) -> IPv4Address | IPv6Address | None:
    """The address of a name; None where there is none, which the connection will find out as well."""
    with suppress(ValueError):
        return ip_address(host)
    from twisted.internet import reactor  # only exists once Scrapy has chosen one

    try:
        found: str = await maybe_deferred_to_future(cast(Any, reactor).resolve(host))
    except (DNSLookupError, OSError):
        return None
    return ip_address(found)


class MetaRefresh(MetaRefreshMiddleware):
    """Follows a page that does nothing but lead to another one. A larger page is one; decoding it whole to
    look for such a tag would cost more than reading it."""

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        if len(response.body) > MAX_META_REFRESH:
            return response
        return super().process_response(request, response)


class Cookies(CookiesMiddleware):
    """Keeps cookies, as long as they are not so many or so long that the next request would be refused."""

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        result = super().process_response(request, response)
        jar = self.jars[request.meta.get("cookiejar")].jar
        for cookie in [cookie for cookie in jar if len(cookie.value or "") > MAX_COOKIE]:
            jar.clear(cookie.domain, cookie.path, cookie.name)
        if len(jar) > MAX_COOKIES:
            jar.clear()
        return result
