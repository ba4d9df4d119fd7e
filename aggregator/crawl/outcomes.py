"""What can go wrong with a request, each under one name: in the ledger, in the run's counts, in messages."""

from dataclasses import dataclass
from typing import Literal

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
from scrapy.spidermiddlewares.httperror import HttpError

from aggregator.model import Rejection

#: The page may come another day: it is failed and tried again, as after 5xx. All others are rejected.
TEMPORARY_STATUSES = frozenset({401, 403, 408, 425, 429})
#: Pages that stand in for the article for a while: a bot check, a server's apology.
TEMPORARY_REJECTIONS = frozenset({Rejection.CHALLENGE, Rejection.ERROR_PAGE})

_EXCEPTIONS: tuple[tuple[type[BaseException], str], ...] = (
    (DownloadTimeoutError, "timeout"),
    (CannotResolveHostError, "dns"),
    (DownloadConnectionRefusedError, "connection-refused"),
    (ResponseDataLossError, "data-loss"),
    (DownloadFailedError, "connection-lost"),
)


class RefusedError(IgnoreRequest):
    """We do not make this request: against robots.txt, off the site, to a private address."""

    def __init__(self, outcome: str, detail: str):
        super().__init__(detail)
        self.outcome, self.detail = outcome, detail


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why there is no page."""

    outcome: str  #: name for the ledger and the counts, for example ``timeout`` or ``http-503``
    detail: str  #: for people
    status: Literal["failed", "rejected"]  #: failed: worth another try in a later crawl
    http_status: int | None = None


def trouble_of(error: BaseException) -> Trouble:
    """What an errback was called with, named."""
    if isinstance(error, HttpError):
        return _http_trouble(error.response.status)
    if isinstance(error, RefusedError):
        later = error.outcome == "robots-unreachable"
        return Trouble(error.outcome, error.detail, "failed" if later else "rejected")
    for kind, name in _EXCEPTIONS:
        if isinstance(error, kind):
            name = "tls" if _is_tls(error) else name
            return Trouble(name, f"{name}: {_first_line(error)}", "failed")
    return _given_up(error)


def _http_trouble(status: int) -> Trouble:
    later = status >= 500 or status in TEMPORARY_STATUSES
    return Trouble(f"http-{status}", f"HTTP {status}", "failed" if later else "rejected", status)


def _given_up(error: BaseException) -> Trouble:
    text = _first_line(error)
    if isinstance(error, DownloadCancelledError) or "DOWNLOAD_MAXSIZE" in text:
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
