"""Scrapy's log, without the bodies of pages."""

from typing import Any

from scrapy import Spider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure


class BriefFormatter(LogFormatter):
    """Names an item by its address."""

    def scraped(self, item: Any, response: Response | Failure | None, spider: Spider) -> LogFormatterResult:
        return super().scraped(_address(item), response, spider)

    def item_error(
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        return super().item_error(_address(item), exception, response, spider)


def _address(item: Any) -> str:
    page = getattr(item, "page", item)
    return f"<{type(item).__name__} {getattr(page, 'url', '')}>"
