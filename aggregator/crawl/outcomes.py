"""What can go wrong with a request, each under one name: in the ledger, in the run's counts, in messages."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin, urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet.error import ConnectError, ConnectionClosed

from aggregator.model import Rejection

#: The page may come another day: it is failed and tried again, as after 5xx. All others are rejected.
TEMPORARY_STATUSES = frozenset({401, 403, 408, 425, 429})
#: The site says that there is no such page.
GONE = frozenset({404, 410})
#: Pages that stand in for the article for a while: a bot check, a server's apology.
TEMPORARY_REJECTIONS = frozenset({Rejection.CHALLENGE, Rejection.ERROR_PAGE})

_EXCEPTIONS: tuple[tuple[type[BaseException], str], ...] = (
    (DownloadTimeoutError, "timeout"),
    (CannotResolveHostError, "dns"),
    (DownloadConnectionRefusedError, "connection-refused"),
    (ResponseDataLossError, "data-loss"),
    (DownloadFailedError, "connection-lost"),
    (ConnectError, "connection-lost"),
    (ConnectionClosed, "connection-lost"),
)
#: Words by which Twisted's account of a lost connection tells that the answer was no HTTP.
_NOT_HTTP = ("ParseError", "BadResponseVersion", "InvalidHeaderName", "ValueError", "KeyError")

#: Outcomes after which the same request is made again in the same crawl, beside some statuses.
RETRIED = frozenset(
    {"timeout", "dns", "connection-refused", "connection-lost", "data-loss", "not-http", "download-error"}
)
#: Statuses after which the same request is made again in the same crawl.
RETRIED_STATUSES = frozenset({408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})


#: The whole site cannot be reached, whichever of its pages is asked for.
AWAY = frozenset({"dns", "connection-refused", "tls"})
#: We refused, yet only for this crawl: robots.txt did not answer.
_REFUSED_FOR_NOW = AWAY | {"robots-unreachable"}
LEFT_ALONE = "left-alone"  #: the host is in trouble, or asked for a rest: nobody was asked for the page


class RefusedError(IgnoreRequest):
    """We do not make this request, or want no more of its answer: against robots.txt, off the site, to a
    private address, too large."""

    def __init__(self, outcome: str, detail: str):
        super().__init__(detail)
        self.outcome, self.detail = outcome, detail


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why there is no page."""

    outcome: str  #: name for the ledger and the counts, for example ``timeout`` or ``http-503``
    detail: str  #: for people
    status: Literal["failed", "rejected", "pending"]
    #: failed: worth another try in a later crawl; pending: was not asked for, stays in the queue
    http_status: int | None = None


def trouble_of(error: BaseException) -> Trouble:
    """What an errback was called with, named."""
    if isinstance(error, HttpError):
        return _http_trouble(error.response)
    if isinstance(error, RefusedError):
        return _refused(error)
    for kind, name in _EXCEPTIONS:
        if isinstance(error, kind):
            return _failed(name, error)
    return _given_up(error)


def _http_trouble(response: Response) -> Trouble:
    status = response.status
    where = header_of(response, "Location") or ""
    if 300 <= status < 400 and where and _scheme(urljoin(response.url, where)) not in ("http", "https"):
        return Trouble("scheme", f"HTTP {status} leads to {where[:100]}", "rejected", status)
    later = status >= 500 or status in TEMPORARY_STATUSES
    return Trouble(f"http-{status}", f"HTTP {status}", "failed" if later else "rejected", status)


def header_of(response: Response, name: str) -> str | None:
    """A header as text; None: there is none."""
    value = response.headers.get(name)
    return None if value is None else value.decode("latin-1")


def _scheme(url: str) -> str:
    try:
        return urlsplit(url).scheme
    except ValueError:
        return ""


def _refused(error: RefusedError) -> Trouble:
    if error.outcome == LEFT_ALONE:
        return Trouble(error.outcome, error.detail, "pending")
    return Trouble(error.outcome, error.detail, "failed" if error.outcome in _REFUSED_FOR_NOW else "rejected")


def _failed(name: str, error: BaseException) -> Trouble:
    text = str(error)
    if "HeadTooLargeError" in text:
        return Trouble("too-large", "the headers do not end", "rejected")
    if _is_tls(error):
        name = "tls"
    elif name == "connection-lost" and any(word in text for word in _NOT_HTTP):
        name = "not-http"
    return Trouble(name, f"{name}: {_first_line(error)}", "failed")


def _given_up(error: BaseException) -> Trouble:
    text = _first_line(error)
    if isinstance(error, DownloadCancelledError):
        return Trouble("too-large", "larger than DOWNLOAD_MAXSIZE", "rejected")
    if isinstance(error, UnsupportedURLSchemeError):
        return Trouble("scheme", text, "rejected")
    if isinstance(error, IgnoreRequest) and "redirections" in text:
        return Trouble("redirect-loop", text, "rejected")
    return Trouble("download-error", f"{type(error).__name__}: {text}", "failed")


def _is_tls(error: BaseException) -> bool:
    return "SSL" in str(error) or "certificate" in str(error)


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:300]
