"""What happens to a page that a spider yields. Four thin wrappers; the work is done by pure functions.

``Page`` → archive → extract → normalise → store. What is read from the page travels on as an ``Extraction``.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import Self

from scrapy.crawler import Crawler

from aggregator.crawl.outcomes import TEMPORARY_REJECTIONS
from aggregator.crawl.pages import page_state
from aggregator.crawl.progress import Tally
from aggregator.crawl.shared import config_of, shared_archive, source_of, workspace_of
from aggregator.crawl.threads import in_thread
from aggregator.extract import extract
from aggregator.model import Article, NotArticle, Page, PageState
from aggregator.persian.article import annotate_article


@dataclass(frozen=True, slots=True)
class Extraction:
    """A page and what was read from it."""

    page: Page
    result: Article | NotArticle


class _Pipeline:
    def __init__(self, crawler: Crawler):
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)


class ArchivePipeline(_Pipeline):
    """Keeps the page as it came, before anything reads it."""

    async def process_item(self, item: Page) -> Page:
        config = config_of(self.crawler)
        if config.archive:
            await in_thread(shared_archive(config).write, item)
        return item


class ExtractPipeline(_Pipeline):
    """Reads the article, beside the event loop: a monstrous page must not hold up the downloads."""

    async def process_item(self, item: Page) -> Extraction:
        platform = source_of(self.crawler).platform
        return Extraction(item, await in_thread(extract, item, platform))


class NormalisePipeline(_Pipeline):
    """Adds what can be said of the text: the normalised form, and the names and days in it."""

    async def process_item(self, item: Extraction) -> Extraction:
        if isinstance(item.result, NotArticle):
            return item
        registry = workspace_of(self.crawler).registry
        organisation, province = registry.owner(source_of(self.crawler))
        annotate = partial(
            annotate_article, gazetteer=registry.gazetteer, organisation=organisation, province=province
        )
        return replace(item, result=await in_thread(annotate, item.result))


class StorePipeline(_Pipeline):
    """Stores the article and its page's state in one transaction, or what the page is instead."""

    async def process_item(self, item: Extraction) -> Extraction:
        workspace, tally = workspace_of(self.crawler), Tally(self.crawler)
        store = workspace.store
        if isinstance(item.result, NotArticle):
            state = rejected_state(item.page, item.result)
            store.save_page(state)
            (tally.fail if state.status == "failed" else tally.reject)(item.result.kind)
            return item
        organisation, province = workspace.registry.owner(source_of(self.crawler))
        state = page_state(item.page)
        seen = item.page.fetched_at
        outcome = store.put_article(
            item.result, organisation=organisation, province=province, seen_at=seen, page=state
        )
        tally.add(outcome)
        return item


def rejected_state(page: Page, result: NotArticle) -> PageState:
    """The ledger's entry for a page that is none; what stands there for a while is failed, not rejected."""
    later = result.kind in TEMPORARY_REJECTIONS
    return replace(
        page_state(page), status="failed" if later else "rejected", outcome=result.kind, attempts=int(later)
    )
