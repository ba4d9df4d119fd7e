"""Fetching one page that a person named, under the same rules and limits as a crawl."""

from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from twisted.python.failure import Failure

from aggregator.config import Settings
from aggregator.crawl.outcomes import trouble_of
from aggregator.crawl.pages import page_of
from aggregator.crawl.shared import shared_workspace
from aggregator.crawl.targets import source_of_url
from aggregator.errors import TryLaterError
from aggregator.model import Page, Source
from aggregator.registry import Registry
from aggregator.settings import scrapy_settings, source_settings


def fetch_page(url: str, settings: Settings, registry: Registry | None = None) -> Page:
    """The page at an address, after redirects on its site. Only once in a process.

    ``registry``: where it is loaded already.

    TryLaterError, which names what is wrong, where it cannot be had; FixCommandError for no address.
    """
    got: list[Page] = []
    troubles: list[str] = []
    source = source_of_url(url, registry or shared_workspace(settings).registry)
    process = AsyncCrawlerProcess(scrapy_settings(settings, _ALONE | source_settings(source)))
    process.crawl(_PageSpider, source=source, address=url, got=got, troubles=troubles)
    process.start()
    if not got:
        raise TryLaterError(f"{url} cannot be had: {''.join(troubles) or 'interrupted'}")
    return got[0]


class _PageSpider(Spider):
    name = "page"
    source: Source
    address: str
    got: list[Page]
    troubles: list[str]

    async def start(self) -> AsyncIterator[Any]:
        yield Request(self.address, self.keep, errback=self.note)

    def keep(self, response: Response) -> None:
        self.got.append(page_of(response, self.source.id))

    def note(self, failure: Failure) -> None:
        assert failure.value is not None
        self.troubles.append(trouble_of(failure.value).detail)


#: A single page is neither archived nor stored.
_ALONE = {
    "ITEM_PIPELINES": {},
    "EXTENSIONS": {},
    "SPIDER_LOADER_CLASS": "scrapy.spiderloader.DummySpiderLoader",
}
