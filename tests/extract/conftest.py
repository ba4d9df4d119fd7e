"""What the tests of extraction share."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from aggregator.extract import extract
from aggregator.model import Article, NotArticle, Page

FETCHED = datetime(2024, 6, 1, tzinfo=UTC)
PAGES = Path(__file__).parent.parent / "pages"


@pytest.fixture
def page() -> Callable[..., Page]:
    """Makes a page of markup."""

    def make(body: str | bytes, url: str = "https://www.example.ir/fa/page/7", **more: Any) -> Page:
        data = body.encode() if isinstance(body, str) else body
        return Page(url, data, FETCHED, "test", **more)

    return make


@pytest.fixture
def read(page: Callable[..., Page]) -> Callable[..., Article]:
    """Extracts markup that is an article."""

    def run(body: str | bytes, url: str = "https://www.example.ir/fa/page/7", **more: Any) -> Article:
        article = extract(page(body, url, **more))
        assert isinstance(article, Article), article
        return article

    return run


@pytest.fixture
def reject(page: Callable[..., Page]) -> Callable[..., NotArticle]:
    """Extracts markup that is no article."""

    def run(body: str | bytes, url: str = "https://www.example.ir/fa/page/7", **more: Any) -> NotArticle:
        verdict = extract(page(body, url, **more))
        assert isinstance(verdict, NotArticle), verdict
        assert verdict.reason.endswith(".")
        return verdict

    return run
