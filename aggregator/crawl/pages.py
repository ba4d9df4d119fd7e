"""From Scrapy's response to our Page, and from a page to its entry in the ledger."""

from datetime import UTC, datetime
from types import MappingProxyType

from scrapy.http import Response

from aggregator.model import Link, Page, PageState


def page_of(response: Response, source: str, link: Link | None = None) -> Page:
    """The response as a page of the source with this id, fetched now."""
    redirects = response.meta.get("redirect_urls") if response.request else None
    headers = {
        name.decode("latin-1").lower(): b", ".join(values).decode("utf-8", "replace")
        for name, values in response.headers.items()
    }
    return Page(
        url=response.url,
        body=response.body,
        fetched_at=datetime.now(UTC),
        source=source,
        status=response.status,
        headers=MappingProxyType(headers),
        requested_url=redirects[0] if redirects else None,
        link=link,
    )


def page_state(page: Page) -> PageState:
    """The ledger's entry for a page that is an article. It stands under the address that the link had."""
    return PageState(
        url=page.link.url if page.link else page.requested_url or page.url,
        source=page.source,
        status="done",
        fetched_at=page.fetched_at,
        http_status=page.status,
    )
