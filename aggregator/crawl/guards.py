"""Where requests may go. Two downloader middlewares that see every request: links, redirects, robots.txt.

``SiteGuard`` keeps a crawl on its site, before anything else looks at the request. ``AddressGuard`` stands
next to the network and keeps it out of private networks, whatever a name resolves to.
"""

from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, Self, cast
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.error import DNSLookupError

from aggregator.crawl.outcomes import RefusedError
from aggregator.crawl.shared import source_of
from aggregator.urls import same_site

_NAT64 = IPv6Network("64:ff9b::/96")


class SiteGuard:
    """Refuses what is not http(s) and what is not on the spider's site."""

    def __init__(self, crawler: Crawler):
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        scheme = urlsplit(request.url).scheme
        if scheme not in ("http", "https"):
            raise RefusedError("scheme", f"{scheme}: is not fetched")
        home = source_of(self._crawler).url
        if not same_site(request.url, home):
            raise RefusedError("offsite", f"{request.url} is not on the site {home}")


class AddressGuard:
    """Refuses private addresses, except under the very host name that the source has.

    The name is resolved by the resolver (and its cache) that the connection will use; the address that was
    connected to is checked once more. Behind a proxy it is the proxy that resolves, and that has to guard.
    """

    def __init__(self, crawler: Crawler):
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if not self._is_trusted(request):
            host = urlsplit(request.url).hostname or ""
            self._check(host, await _resolve(host))

    def process_response(self, request: Request, response: Response) -> Response:
        if response.ip_address is not None and not self._is_trusted(request):
            self._check(urlsplit(request.url).hostname or "", response.ip_address)
        return response

    def _is_trusted(self, request: Request) -> bool:
        named = urlsplit(source_of(self._crawler).url).hostname
        return bool(request.meta.get("proxy")) or urlsplit(request.url).hostname == named

    def _check(self, host: str, address: IPv4Address | IPv6Address | None) -> None:
        if address is not None and not is_public(address):
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


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is on the public internet, also when it is an IPv4 address in IPv6's clothes."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is None and address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved
