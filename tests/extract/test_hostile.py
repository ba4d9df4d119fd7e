"""Pages made to cost much: each is read in a time that grows with its size, not with its square."""

import time
from collections.abc import Callable

import pytest

from aggregator.extract import extract
from aggregator.model import Article, NotArticle, Page

FAMILY = "<!-- www.nastooh.ir -->"
TEXT = "<p>مردم روستا از بامداد برای کاشت نهال در دامنه کوه گرد آمدند و تا نیمروز ماندند.</p>"
HEAVY = {
    "kickers": f"{FAMILY}<h1>کاشت</h1>{'<h4 class=kicker></h4>' * 30_000}<div class=item-text>{TEXT}</div>",
    "bodies": FAMILY + "<h1>کاشت نهال</h1>" + f"<div class=item-text>{TEXT}</div>" * 5_000,
    "nested bodies": FAMILY + "<h1>کاشت نهال</h1>" + "<div class=item-text>۱" * 1_800,
    "title": f"<title>{'کاشت نهال در کوه ' * 60_000}</title><h1>کاشت نهال</h1>{TEXT * 3}",
    "one paragraph": "<h1>کاشت نهال در دامنه کوه</h1><div>" + "متن ۱۲ تیر ۱۳۹۹ بلند " * 50_000 + "</div>",
    "dates": "<h1>کاشت نهال در دامنه کوه</h1><div>" + "<p>۱۲ تیر ۱۳۹۹</p>" * 10_000 + TEXT * 3 + "</div>",
    "links": "<ul>" + "<li><a href='/n/1'>کاشت نهال در دامنه کوه</a></li>" * 20_000 + "</ul>",
    "tables": "<table><tr><td>" * 600 + TEXT,
    "headings": "<h2>کاشت نهال در دامنه کوه</h2>" * 20_000 + TEXT * 3,
    "json": '<script type="application/ld+json">' + '{"@graph":[' * 20_000 + "</script>" + TEXT,
    "attribute": f"<meta property='article:published_time' content='{'۱۲ تیر ۱۳۹۹ ' * 50_000}'>"
    f"<h1>کاشت نهال در کوه</h1>{TEXT * 3}",
}  # fmt: skip


@pytest.mark.parametrize("name", HEAVY)
def test_time(page: Callable[..., Page], name: str) -> None:
    began = time.process_time()
    assert isinstance(extract(page(HEAVY[name])), Article | NotArticle)
    assert time.process_time() - began < 12
