"""What every crawl of a source does, wherever its links come from: its articles, limits and counts."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self, cast

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from aggregator.crawl.ledger import Ledger, Offer
from aggregator.crawl.outcomes import TEMPORARY_REJECTIONS, Trouble, trouble_of
from aggregator.crawl.pages import page_of, page_state, validator
from aggregator.crawl.pipelines import Extraction
from aggregator.crawl.progress import Tally
from aggregator.crawl.revisits import schedule_of
from aggregator.crawl.shared import config_of, workspace_of
from aggregator.crawl.verdict import LIMIT
from aggregator.errors import AggregatorError
from aggregator.model import Link, ListState, NotArticle, Page, PageState, Source
from aggregator.persian.calendar import parse_day
from aggregator.platforms import by_name
from aggregator.platforms.base import Platform
from aggregator.urls import same_site

WINDOW = 50  #: article requests in Scrapy's hands at once; the others wait in the ledger
PATIENCE = 10  #: failures in a row after which a site is left alone until the next crawl

#: Priorities: start page and feeds, articles, the long walks, pages that are looked at again.
FIRST, ARTICLE, LATER, AGAIN = 20, 10, 0, -10
FULL_READ = timedelta(days=1)  #: after which a list is asked for whole: some servers never say "modified"
NOT_MODIFIED = 304


class SourceSpider(Spider):
    """Fetches what the ledger has of ``source``. What is offered to the ledger is a subclass's business."""

    source: Source
    _ledger: Ledger
    _tally: Tally

    def __init__(self, since: date | str | None = None, limit: int | str | None = None, **kwargs: Any):
        """``since``: the first day that is wanted, to which lists are walked back. ``limit``: articles."""
        super().__init__(**kwargs)
        self.since = parse_day(since) if isinstance(since, str) else since
        self.limit = int(limit) if limit is not None else None
        self.trouble: str | None = None  #: what was the matter with the start page
        self.is_complete = self.since is None  #: whether this crawl sees all that the site shows
        self._asked: set[str] = set()  # feeds, sitemaps and listings
        self._started = self._under_way = 0  # articles
        self._failures = 0  # in a row

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        workspace, config = workspace_of(crawler), config_of(crawler)
        spider._ledger = Ledger(
            workspace.store,
            spider.source,
            workspace.registry,
            spider.since,
            schedule=schedule_of(workspace.store, spider.source.id, config),
            revisits=0 if spider.since else config.revisits,
        )
        spider._ledger.platform = by_name(spider.source.platform or "")
        spider._tally = Tally(crawler)
        crawler.signals.connect(spider._judged, signals.item_scraped)
        return spider

    @property
    def platform(self) -> Platform | None:
        """The site's CMS family, as the registry or the start page tells."""
        return self._ledger.platform

    # --- articles -------------------------------------------------------------------------------------------

    def _refill(self) -> None:
        """Hands Scrapy the next articles from the ledger."""
        room = WINDOW - self._under_way
        if self.limit is not None:
            room = min(room, self.limit - self._started)
        try:
            links = self._ledger.take(room) if room > 0 else []
        except AggregatorError as error:
            self._close(f"store: {error}")
            return
        for link in links:
            self._started += 1
            self._under_way += 1
            self.crawler.engine.crawl(self._article_request(link))

    def _article_request(self, link: Link) -> Request:
        known = self._ledger.known(link)
        return Request(
            link.url,
            self.parse_article,
            errback=self.article_failed,
            cb_kwargs={"link": link},
            priority=AGAIN if known else ARTICLE,
            **_only_if_modified(known),
        )

    def parse_article(self, response: Response, link: Link) -> Iterator[Page]:
        self._under_way -= 1
        self._tally.add("articles")
        known = self._ledger.known(link)
        is_modified = response.status != NOT_MODIFIED
        page = self._fetched(response, link) if is_modified else page_of(response, self.source.id, link)
        state = page_state(page)
        if known and (not is_modified or state.body_hash == known.body_hash):
            self._failures = 0
            self._ledger.unchanged(link, state)
            self._tally.add("unchanged")
        else:
            yield page
        self._stop_at_limit()

    def article_failed(self, failure: Failure) -> None:
        self._under_way -= 1
        self._tally.add("articles")
        trouble = trouble_in(failure)
        if trouble.status != "pending" and self._ledger.record(arguments_of(failure)["link"], trouble):
            self._tally.add("deleted")
        self._count(trouble)
        self._stop_at_limit()

    def _stop_at_limit(self) -> None:
        if self.limit is not None and self._started >= self.limit and not self._under_way:
            raise CloseSpider(LIMIT)

    def _judged(self, item: Extraction) -> None:
        """Looks at what came of a page: a site with a bot check at every address is left alone as well."""
        if isinstance(item.result, NotArticle) and item.page.link is not None:
            self._ledger.gave_nothing(item.page.link)
        if not isinstance(item.result, NotArticle) or item.result.kind not in TEMPORARY_REJECTIONS:
            self._failures = 0
            return
        self._failures += 1
        if self._failures >= PATIENCE:
            self._close(_left_alone(item.result.kind))

    def _begin_articles(self) -> None:
        """From now on articles are fetched whenever there is nothing better to do."""
        self.crawler.signals.connect(self._refill, signals.scheduler_empty)

    # --- what all share -------------------------------------------------------------------------------------

    def _ask(
        self, url: str, callback: Any, errback: Any, priority: int, /, **arguments: Any
    ) -> list[Request]:
        """A request for a page that names articles, once in a crawl; [] for another site's.

        A list that says it was not modified names nothing that is not known: ``callback`` is not called.
        """
        if url in self._asked or not same_site(url, self.source.url):
            return []
        self._asked.add(url)
        self._ledger.exclude(url)
        known = self._known_list(url)

        def answered(response: Response, **arguments: Any) -> Any:
            if known is not None and response.status == NOT_MODIFIED:
                self._failures = 0
                self._tally.add("links", known.links)
                return None
            return callback(response, **arguments)

        return [
            Request(
                url,
                answered,
                errback=errback,
                cb_kwargs=arguments,
                priority=priority,
                **_only_if_modified(known),
            )
        ]

    def _known_list(self, url: str) -> ListState | None:
        """A list that a finished crawl has read not long ago; the start page is always read."""
        if url == self.source.url or self.since is not None:
            return None
        known = workspace_of(self.crawler).store.list_state(self.source.id, url)
        is_recent = known is not None and known.read_at > datetime.now(UTC) - FULL_READ
        return known if known is not None and known.settled and is_recent else None

    def _note_list(self, page: Page, links: int) -> None:
        """Remembers that a list was read, for the next crawl to ask whether it was modified since."""
        etag, last_modified = validator(page, "etag"), validator(page, "last-modified")
        url = page.requested_url or page.url
        if self.since is None and url != self.source.url and (etag or last_modified):
            workspace_of(self.crawler).store.note_list(
                ListState(url, self.source.id, etag, last_modified, links, page.fetched_at)
            )

    def _offer(self, links: Sequence[Link]) -> Offer:
        offer = self._ledger.offer(links)
        self._tally.add("links", len(offer.verdicts))
        self._refill()
        return offer

    def _fetched(self, response: Response, link: Link | None = None) -> Page:
        if link is None:
            self._failures = 0
        self._tally.add("pages")
        self._tally.add("bytes", len(response.body))
        return page_of(response, self.source.id, link)

    def _count(self, trouble: Trouble) -> None:
        """Counts what went wrong; a site that only fails is left alone."""
        if trouble.status == "pending":
            return
        if trouble.status == "rejected":
            self._failures = 0
            self._tally.reject(trouble.outcome)
            return
        self._tally.fail(trouble.outcome)
        self._failures += 1
        if self._failures >= PATIENCE:
            raise CloseSpider(_left_alone(trouble.detail))

    def _close(self, reason: str) -> None:
        self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=reason))


def trouble_in(failure: Failure) -> Trouble:
    """What an errback was called for."""
    return trouble_of(cast(BaseException, failure.value))


def arguments_of(failure: Failure) -> dict[str, Any]:
    """The keyword arguments that the callback would have had."""
    return cast(dict[str, Any], cast(Any, failure).request.cb_kwargs)


def _only_if_modified(known: PageState | ListState | None) -> dict[str, Any]:
    """Arguments of a conditional request (RFC 9110)."""
    validators = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified} if known else {}
    headers = {name: value for name, value in validators.items() if value}
    return {"headers": headers, "meta": {"handle_httpstatus_list": [NOT_MODIFIED]}} if headers else {}


def _left_alone(detail: str) -> str:
    return f"left alone after {PATIENCE} failures in a row, the last: {detail}"
