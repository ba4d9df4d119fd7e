"""The last step before the network and the first after it: Scrapy's download handler, made suspicious.

Whatever a name resolved to, here the address is known that was connected to, and nothing has been sent yet.
From here on, a body is unpacked, whole and no larger than allowed; anything else is an error with a name.
"""

from collections.abc import Callable
from functools import partial
from ipaddress import ip_address
from typing import Any, cast

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import ResponseDataLossError
from scrapy.http import Response
from scrapy.responsetypes import responsetypes
from twisted.internet.error import ConnectionLost
from twisted.internet.interfaces import IAddress, IStreamClientEndpoint
from twisted.internet.protocol import Factory
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS, HTTP11ClientProtocol
from twisted.web.client import HTTPConnectionPool
from zope.interface import implementer

from aggregator.crawl.guards import check_address, is_named_host
from aggregator.crawl.outcomes import RefusedError
from aggregator.crawl.unpacking import TooLargeError, TornError, unpack
from aggregator.limits import MAX_HEAD

#: Key of a request's meta: bytes of the body that are wanted; the rest is not read.
READ_AT_MOST = "read_at_most"


class GuardedHandler(HTTP11DownloadHandler):
    """Downloads over http and https, for ``DOWNLOAD_HANDLERS``."""

    lazy = False

    def __init__(self, crawler: Crawler):
        super().__init__(crawler)
        self._pool = _GuardedPool(crawler, self._pool)

    async def download_request(self, request: Request) -> Response:
        return _unpacked(await super().download_request(request), request, self._default_maxsize)


def _unpacked(response: Response, request: Request, limit: int) -> Response:
    """The response without its Content-Encoding."""
    labels = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1").lower()
    codings = [label.strip() for label in labels.split(",") if label.strip()]
    wanted: int | None = request.meta.get(READ_AT_MOST)
    if not codings or not response.body:
        return response.replace(body=response.body[:wanted])
    try:
        body, remaining = unpack(response.body, codings, wanted or limit, cut=wanted is not None)
    except TooLargeError as error:
        raise RefusedError("too-large", str(error)) from None
    except TornError as error:
        raise ResponseDataLossError(str(error)) from None
    headers = response.headers.copy()
    del headers["Content-Encoding"]
    if remaining:
        headers["Content-Encoding"] = ", ".join(remaining)
    kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
    return response.replace(cls=kind, headers=headers, body=body)


# --- what is connected to -----------------------------------------------------------------------------------


class _GuardedPool(HTTPConnectionPool):
    """Makes connections that look at the address first, and listens for answers that break the rules."""

    def __init__(self, crawler: Crawler, pool: HTTPConnectionPool):
        cast(Any, super()).__init__(pool._reactor, persistent=pool.persistent)
        self.maxPersistentPerHost = pool.maxPersistentPerHost
        self.retryAutomatically = False  # at once, without the delay and unseen: BackOff does it
        self._factory = pool._factory
        self._crawler = crawler

    def _newConnection(self, key: Any, endpoint: IStreamClientEndpoint) -> Any:  # noqa: N802
        host = key[1].decode("ascii")
        is_proxy = key[0] == b"http-proxy" or len(key) > 4  # chosen by the user; the proxy has to guard then
        check = None if is_proxy or is_named_host(self._crawler, host) else partial(check_address, host)
        return super()._newConnection(key, cast(IStreamClientEndpoint, _GuardedEndpoint(endpoint, check)))


@implementer(IStreamClientEndpoint)
class _GuardedEndpoint:
    def __init__(self, endpoint: IStreamClientEndpoint, check: Callable[[Any], None] | None):
        self._endpoint: Any = endpoint
        self._check = check

    def connect(self, factory: Factory) -> Any:
        return self._endpoint.connect(_GuardedFactory(factory, self._check))


class _GuardedFactory(Factory):
    """Checks the address when a connection stands, before a byte of TLS or HTTP is sent over it."""

    noisy = False

    def __init__(self, factory: Factory, check: Callable[[Any], None] | None):
        self._factory, self._check = factory, check

    def buildProtocol(self, addr: IAddress | None) -> Any:  # noqa: N802
        if self._check is not None:
            self._check(ip_address(cast(Any, addr).host.partition("%")[0]))
        return _watched(cast(HTTP11ClientProtocol, self._factory.buildProtocol(addr)))


# --- what is answered ---------------------------------------------------------------------------------------


class HeadTooLargeError(Exception):
    """Status line and headers of an answer do not end."""


def _watched(http: HTTP11ClientProtocol) -> HTTP11ClientProtocol:
    """The protocol, which now also refuses endless headers and bodies that contradict their length."""
    changeable = cast(Any, http)
    changeable.dataReceived = partial(_receive, http, changeable.dataReceived)
    changeable.connectionLost = partial(_lose, http, changeable.connectionLost)
    changeable._finishResponse = partial(_finish, http, changeable._finishResponse)
    return http


def _receive(http: Any, receive: Callable[[bytes], None], data: bytes) -> None:
    parser = http._parser
    if parser is not None and parser.state in (STATUS, HEADER):
        parser.MAX_LENGTH = MAX_HEAD  # of one line
        parser.head_bytes = getattr(parser, "head_bytes", 0) + len(data)
        if parser.head_bytes > MAX_HEAD:
            http._giveUp(Failure(HeadTooLargeError(f"headers larger than {MAX_HEAD} bytes")))
            return
    receive(data)


def _lose(http: Any, lose: Callable[[Failure], None], reason: Failure) -> None:
    """A connection that breaks is no proper end of a body without a length."""
    decoder = getattr(http._parser, "bodyDecoder", None)
    if decoder is not None and reason.check(ConnectionLost) and getattr(decoder, "contentLength", 0) is None:
        _mark_torn(decoder)
    lose(reason)


def _finish(http: Any, finish: Callable[[bytes], None], rest: bytes) -> None:
    """A body that is longer than its Content-Length: what was read is a part of it, and what follows on this
    connection would be taken for the next answer."""
    decoder = getattr(http._parser, "bodyDecoder", None)
    if rest.strip() and hasattr(decoder, "contentLength"):
        _mark_torn(decoder)
        http._giveUp(Failure(ConnectionLost("more bytes than the Content-Length says")))
        return
    finish(rest)
    if rest:
        http.transport.loseConnection()


def _mark_torn(decoder: Any) -> None:
    """Twisted reports data loss where bytes of the length are missing at the end."""
    decoder.contentLength = 1
