"""From Scrapy's response to our Page, and from a page to its entry in the ledger."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from scrapy.http import Request, Response

from aggregator.model import Link, Page, PageState, SentRequest

_MAX_VALIDATOR = 500  # characters


def page_of(response: Response, source: str, link: Link | None = None) -> Page:
    """The response as a page of the source with this id, fetched now."""
    redirects = response.meta.get("redirect_urls") if response.request else None
    return Page(
        url=response.url,
        body=response.body,
        fetched_at=datetime.now(UTC),
        source=source,
        status=response.status,
        headers=_plain(response.headers),
        requested_url=redirects[0] if redirects else None,
        link=link,
        sent=_sent(response.request),
    )


def _sent(request: Request | None) -> SentRequest | None:
    return SentRequest(request.method, _plain(request.headers), request.body) if request else None


def _plain(headers: Any) -> Mapping[str, str]:
    """Scrapy's headers, which are bytes, several of a name, as ours."""
    return MappingProxyType(
        {
            name.decode("latin-1").lower(): b", ".join(values).decode("utf-8", "replace")
            for name, values in headers.items()
        }
    )


def page_state(page: Page) -> PageState:
    """The ledger's entry for a page that is an article. It stands under the address that the link had."""
    return PageState(
        url=page.link.url if page.link else page.requested_url or page.url,
        source=page.source,
        status="done",
        fetched_at=page.fetched_at,
        http_status=page.status,
        etag=validator(page, "etag"),
        last_modified=validator(page, "last-modified"),
        body_hash=body_hash(page.body),
        checked_at=page.fetched_at,
    )


def validator(page: Page, name: str) -> str | None:
    """A header to ask with the next time; None: not sent, or nothing that one would send back."""
    value = page.headers.get(name, "").strip()
    return value if 0 < len(value) <= _MAX_VALIDATOR and value.isprintable() else None


def body_hash(body: bytes) -> str:
    """32 hex characters: two answers with the same hash are the same to the byte."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()
