"""Scrapy's log, without the bodies of pages."""

import logging
from typing import Any

from scrapy import Spider
from scrapy.http import Request, Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure

from aggregator.errors import AggregatorError


class BriefFormatter(LogFormatter):
    """Names an item by its address."""

    def scraped(self, item: Any, response: Response | Failure | None, spider: Spider) -> LogFormatterResult:
        return super().scraped(_address(item), response, spider)

    def item_error(
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        return _quiet(super().item_error(_address(item), exception, response, spider), exception)

    def spider_error(
        self, failure: Failure, request: Request, response: Response | Failure, spider: Spider
    ) -> LogFormatterResult:
        return _quiet(super().spider_error(failure, request, response, spider), failure.value)


def _quiet(line: LogFormatterResult, error: BaseException | None) -> LogFormatterResult:
    """With our disk or database away, the crawl's end says so: not each page, with where in the code."""
    if isinstance(error, AggregatorError | OSError):
        line["level"] = logging.INFO
    return line


def _address(item: Any) -> str:
    page = getattr(item, "page", item)
    return f"<{type(item).__name__} {getattr(page, 'url', '')}>"
