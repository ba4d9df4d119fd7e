"""A Scrapy extension that compares a site with what the registry says of it: its CMS, its feeds and lists."""

from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse

from aggregator.crawl.progress import Tally
from aggregator.crawl.shared import source_of
from aggregator.model import Source
from aggregator.platforms import candidates
from aggregator.urls import clean_url


class SiteWatch:
    """Notes the CMS family of the start page, and which addresses of the registry are no longer there."""

    def __init__(self, crawler: Crawler):
        self._crawler = crawler
        self._named: frozenset[str] = frozenset()
        crawler.signals.connect(self._opened, signal=signals.spider_opened)
        crawler.signals.connect(self._received, signal=signals.response_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def _opened(self) -> None:
        self._named = named_addresses(source_of(self._crawler))

    def _received(self, response: Response, request: Request) -> None:
        """``request`` is the last of a chain of redirects, and ``response`` its answer."""
        asked = request.meta.get("redirect_urls", [request.url])[0]
        tally = Tally(self._crawler)
        if asked in self._named and response.status >= 400:
            tally.lose(asked, f"http-{response.status}")
        if asked == source_of(self._crawler).url and isinstance(response, TextResponse):
            self._recognise(response)

    def _recognise(self, response: TextResponse) -> None:
        """A page may bear the marks of several families: the registry's is believed if it is one of them."""
        names = [platform.name for platform in candidates(response.text, response.url)]
        said = source_of(self._crawler).platform
        if names:
            Tally(self._crawler).recognise(said if said in names else names[0])


def named_addresses(source: Source) -> frozenset[str]:
    """The feeds, sitemaps and listings that the registry names, absolute."""
    named = (clean_url(url, source.url) for url in (*source.feeds, *source.sitemaps, *source.listings))
    return frozenset(url for url in named if url)
