"""Pages of our own, modelled on the markup of each family, against the articles expected of them."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from aggregator.extract import extract
from aggregator.model import Article, Page

PAGES = Path(__file__).parent.parent / "pages"
CASES = sorted(PAGES.glob("*/*.json"))
FETCHED = datetime(2024, 6, 1, tzinfo=UTC)


def read(case: Path) -> tuple[Article, dict[str, Any]]:
    expected = json.loads(case.read_text(encoding="utf-8"))
    article = extract(Page(expected["url"], case.with_suffix(".html").read_bytes(), FETCHED, "test"))
    assert isinstance(article, Article), article
    return article, expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.stem}")
def test_article(case: Path) -> None:
    article, expected = read(case)
    found: dict[str, Any] = {
        "url": article.url,
        "platform": article.platform,
        "canonical_url": article.canonical_url,
        "headline": article.headline,
        "kicker": article.kicker,
        "lead": article.lead,
        "section": article.section,
        "body": list(article.body),
        "keywords": list(article.keywords),
        "authors": list(article.authors),
        "main_image": article.main_image,
        "images": list(article.images),
        "attachments": list(article.attachments),
        "code": article.code,
        "date_published": article.published.iso() if article.published else None,
        "date_published_raw": article.date_published_raw,
        "date_modified": article.modified.iso() if article.modified else None,
        "conflicts": [reading.iso() for reading in article.date_conflicts],
    }
    assert {name: found[name] for name in expected} == expected


def test_every_family_has_a_page() -> None:
    from aggregator.platforms import PLATFORMS

    assert set(PLATFORMS) <= {case.parent.name for case in CASES} | {"dorsa-paths"}
