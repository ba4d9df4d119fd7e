"""Real pages, where they are at hand: they belong to their publishers and are no part of this repository."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from aggregator.extract import extract
from aggregator.model import Article, NotArticle, Page

SHARED = Path(__file__).resolve().parents[3] / "shared"
TRUTHS = sorted((SHARED / "pages").glob("*.gt.json"))
FETCHED = datetime(2024, 6, 1, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not TRUTHS, reason="the shared pages are not here")


def source(truth: Path) -> Path:
    name = truth.name.removesuffix(".gt.json")
    return next(
        path for ending in (".html", ".fragment.html") if (path := truth.with_name(name + ending)).exists()
    )


def plain(text: str | None) -> str | None:
    return " ".join(text.split()) if text else None


def run(truth: Path) -> tuple[Article | NotArticle, dict[str, Any]]:
    expected = json.loads(truth.read_text(encoding="utf-8"))
    page = Page(expected.get("url") or expected["base"], source(truth).read_bytes(), FETCHED, "test")
    return extract(page), expected


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda path: path.name)
def test_real_page(truth: Path) -> None:
    article, expected = run(truth)
    if "items" in expected:
        assert isinstance(article, NotArticle)
        assert article.kind == "listing"
        return
    assert isinstance(article, Article)
    for name in ("headline", "kicker", "lead", "date_published_raw", "main_image", "section"):
        assert plain(getattr(article, name)) == plain(expected[name]), name
    assert list(article.authors) == expected["authors"]
    assert article.published is not None
    assert article.published.iso() == expected["date_published"]
    body = plain("\n".join(article.body)) or ""
    assert article.body[0].startswith(plain(expected["body_first_sentence"]) or "")
    assert body.endswith(plain(expected["body_last_sentence"]) or "")
    assert all((plain(part) or "") in body for part in expected["body_must_include"])
    assert not any((plain(part) or "") in body for part in expected["body_must_exclude"])


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("farhang.gov.ir-redirect-plus-error.html", "redirect-stub"),
        ("arvan-challenge-flightio.html", "challenge"),
        ("tabnak-allnews-2018.xml", "not-html"),
    ],
)
def test_no_article(name: str, kind: str) -> None:
    body = (SHARED / "pages" / name).read_bytes()
    found = extract(Page("https://www.example.ir/news/1", body, FETCHED, "test"))
    assert isinstance(found, NotArticle)
    assert found.kind == kind
