"""What happens to a page that a spider yields. Three thin wrappers; the work is done by pure functions.

``Page`` → archive → extract and normalise → store. What is read from a page travels on as an ``Extraction``.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

from scrapy.crawler import Crawler

from aggregator.crawl.outcomes import TEMPORARY_REJECTIONS
from aggregator.crawl.pages import page_state
from aggregator.crawl.progress import Tally
from aggregator.crawl.revisits import Schedule, schedule_of
from aggregator.crawl.shared import config_of, shared_archive, source_of, workers_of, workspace_of
from aggregator.crawl.threads import in_thread
from aggregator.model import Article, NotArticle, Page, PageState, Rejection


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


class ReadPipeline(_Pipeline):
    """Extracts the article, and adds what can be said of its text: normalised form, names and days in it."""

    async def process_item(self, item: Page) -> Extraction:
        source = source_of(self.crawler)
        owner = workspace_of(self.crawler).registry.owner(source)
        return Extraction(item, await workers_of(self.crawler).read(item, source.platform, *owner))


class StorePipeline(_Pipeline):
    """Stores the article and its page's state in one transaction, or what the page is instead."""

    @cached_property
    def _schedule(self) -> Schedule:
        store = workspace_of(self.crawler).store
        return schedule_of(store, source_of(self.crawler).id, config_of(self.crawler))

    async def process_item(self, item: Extraction) -> Extraction:
        workspace, tally = workspace_of(self.crawler), Tally(self.crawler)
        store = workspace.store
        if isinstance(item.result, NotArticle):
            self._note(rejected_state(item.page, item.result), item.result.kind)
            return item
        organisation, province = workspace.registry.owner(source_of(self.crawler))
        state = page_state(item.page)
        seen = item.page.fetched_at
        outcome = store.put_article(
            item.result,
            organisation=organisation,
            province=province,
            seen_at=seen,
            page=state,
            next_check=self._schedule.next_check,
        )
        tally.add(outcome)
        return item

    def _note(self, state: PageState, kind: Rejection) -> None:
        """A page that is no article; where one stood before, "not found" in any words may be its deletion."""
        store, tally, schedule = workspace_of(self.crawler).store, Tally(self.crawler), self._schedule
        if kind is not Rejection.SOFT_404:
            store.save_page(state, schedule.next_check)
        elif store.page_missing(state, schedule.confirm_after, schedule.next_check):
            tally.add("deleted")
        (tally.fail if state.status == "failed" else tally.reject)(kind)


def rejected_state(page: Page, result: NotArticle) -> PageState:
    """The ledger's entry for a page that is none; what stands there for a while is failed, not rejected."""
    later = result.kind in TEMPORARY_REJECTIONS
    return replace(
        page_state(page), status="failed" if later else "rejected", outcome=result.kind, attempts=int(later)
    )
