"""From a page to what is stored of it, step by step, without a crawl."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.statscollectors import MemoryStatsCollector

from aggregator import settings as scrapy_settings
from aggregator.config import Settings
from aggregator.crawl import pipelines
from aggregator.crawl.archive import archive_files, read_pages
from aggregator.crawl.pipelines import Extraction
from aggregator.crawl.progress import Tally
from aggregator.crawl.shared import shared_archive, workspace_of
from aggregator.crawl.workers import Workers
from aggregator.model import Article, Link, NotArticle, Page, Rejection, Source
from aggregator.registry import load_registry

NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
SOURCE = Source("small", None, "https://example.ir/")
TEXT = "اداره کل تعاون، کار و رفاه اجتماعی استان از برگزاری دوره آموزشی ایمنی كارگاه ها خبر داد. " * 4
TITLE = "برگزاری دوره آموزشی ایمنی کارگاه‌ها"
ARTICLE = (
    f"<!doctype html><html lang=fa><head><meta charset=utf-8><title>{TITLE}</title>"
    f'<meta property="og:type" content="article"></head><body><article><h1>{TITLE}</h1>'
    "<time datetime=2026-02-28T10:00:00+03:30>۹ اسفند ۱۴۰۴</time>"
    f"<p>{TEXT}</p><p>{TEXT}</p></article></body></html>"
)


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    """The same for all tests: each has to load much."""
    found = Workers(load_registry())
    yield found
    found.close()


@pytest.fixture
def crawler(tmp_path: Path, workers: Workers, monkeypatch: pytest.MonkeyPatch) -> Any:
    """As much of a crawler as the pipelines ask for."""
    found = SimpleNamespace(
        settings={"AGGREGATOR": Settings(data=tmp_path)}, spider=SimpleNamespace(source=SOURCE)
    )
    found.stats = MemoryStatsCollector(SimpleNamespace(settings=SimpleNamespace(getbool=bool)))
    monkeypatch.setattr(pipelines, "workers_of", lambda crawler: workers)
    yield found
    shared_archive(found.settings["AGGREGATOR"]).close()
    workspace_of(found).close()


def page(body: str = ARTICLE, **fields: Any) -> Page:
    link = Link("https://example.ir/news/12", "listing")
    return Page(link.url, body.encode(), NOW, "small", link=link, **fields)


def through(crawler: Any, item: Page) -> Extraction:
    """The page through all pipelines, in the order of the settings."""

    async def run() -> Any:
        result: Any = item
        for path in sorted(scrapy_settings.ITEM_PIPELINES, key=scrapy_settings.ITEM_PIPELINES.__getitem__):
            pipeline = getattr(pipelines, path.rpartition(".")[2]).from_crawler(crawler)
            result = await pipeline.process_item(result)
        return result

    found: Extraction = asyncio.run(run())
    return found


def test_an_article_is_archived_extracted_normalised_and_stored(crawler: Any, tmp_path: Path) -> None:
    item = through(crawler, page())
    assert isinstance(item.result, Article)
    store = workspace_of(crawler).store
    (stored,) = store.articles()
    assert stored.article == item.result
    assert "كارگاه ها" in stored.article.body[0]  # as published
    assert stored.article.normalised is not None
    assert "کارگاه‌ها" in stored.article.normalised.body[0]
    assert (stored.first_seen, stored.revision) == (NOW, 1)
    state = store.known_pages("small", [page().url])[page().url]
    assert (state.status, state.outcome, state.article_id) == ("done", "new", item.result.id)
    (path,) = archive_files(tmp_path / "archive")
    assert list(read_pages(path)) == [page()]
    assert Tally(crawler).counts()["new"] == 1


def test_the_names_and_days_in_the_text_are_stored_too(crawler: Any) -> None:
    opening = "<p>به گزارش وزارت تعاون، کار و رفاه اجتماعی در ۵ اسفند ۱۴۰۴، "
    through(crawler, page(ARTICLE.replace("<p>", opening, 1)))
    (stored,) = workspace_of(crawler).store.articles()
    assert "mcls" in {mention.id for mention in stored.article.mentions}
    assert [found.day for found in stored.article.event_dates] == [date(2026, 2, 24)]


@pytest.mark.parametrize(("source", "named"), [("mcls-alborz", True), ("mcls-qom", False), (None, False)])
def test_the_province_of_the_source_settles_names(crawler: Any, source: str | None, named: bool) -> None:
    crawler.spider.source = Source("small", source, "https://example.ir/")
    through(crawler, page(ARTICLE.replace("<p>", "<p>به گفته وی، مردم البرز همراه هستند. ", 1)))
    (stored,) = workspace_of(crawler).store.articles()
    assert ("alborz" in {mention.id for mention in stored.article.mentions}) is named


def test_the_same_page_again_is_unchanged_and_another_text_a_revision(crawler: Any) -> None:
    through(crawler, page())
    through(crawler, page())
    through(crawler, page(ARTICLE.replace("خبر داد", "خبر داده است")))
    counts = Tally(crawler).counts()
    assert (counts["new"], counts["unchanged"], counts["changed"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("", Rejection.EMPTY, "rejected"),
        ("%PDF-1.7", Rejection.NOT_HTML, "rejected"),
    ],
)
def test_what_is_no_article_is_stored_as_such(crawler: Any, body: str, kind: Rejection, status: str) -> None:
    item = through(crawler, page(body))
    assert isinstance(item.result, NotArticle)
    store = workspace_of(crawler).store
    state = store.known_pages("small", [page().url])[page().url]
    assert (state.status, state.outcome, state.settled) == (status, kind, False)
    assert list(store.articles()) == []
    assert Tally(crawler).counts()["rejected"] == {kind: 1}


def test_a_bot_check_is_tried_again_three_times(crawler: Any) -> None:
    store = workspace_of(crawler).store
    result = NotArticle(page().url, Rejection.CHALLENGE, "a bot check")
    for attempts in (1, 2, 3):
        asyncio.run(pipelines.StorePipeline(crawler).process_item(Extraction(page(), result)))
        assert bool(store.pending_links("small")) is (attempts < 3)
    assert Tally(crawler).counts()["failed"] == {"challenge": 3}


def test_a_redirected_page_stands_under_the_address_of_its_link(crawler: Any) -> None:
    moved = Page("https://example.ir/news/12/slug", ARTICLE.encode(), NOW, "small", link=page().link)
    through(crawler, moved)
    store = workspace_of(crawler).store
    assert store.known_pages("small", [page().url])[page().url].status == "done"
    (stored,) = store.articles()
    assert stored.article.url == moved.url
