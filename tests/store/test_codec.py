"""Articles and links survive storage; a hash tells content from circumstance."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings

from aggregator.model import Article, DateReading, EventDate, Link, Mention, NormalisedText
from aggregator.store.codec import (
    content_hash,
    decode_article,
    decode_link,
    encode_article,
    encode_link,
    to_json,
)
from tests.making import NOW, articles, links, make_article


@given(articles())
@settings(deadline=None)
def test_an_article_comes_back_as_it_was(article: Article) -> None:
    assert decode_article(encode_article(article)) == article


@given(links)
@settings(deadline=None)
def test_a_link_comes_back_as_it_was(link: Link) -> None:
    assert decode_link(encode_link(link)) == link


def test_empty_values_take_no_space() -> None:
    article = Article(id="1", url="u", canonical_url="c", source="s", headline="h", body=())
    assert set(json.loads(encode_article(article))) == {
        "id", "url", "canonical_url", "source", "headline", "language",
    }  # fmt: skip


def test_what_is_found_in_a_text_is_stored_readably() -> None:
    article = make_article(
        mentions=(
            Mention("organisation", "وزارت کار", 3, 12, id="mcls", field="lead"),
            Mention("speaker", "مهرداد کوهستانی", 0, 15, role="دبیر شورا", field="body"),
        ),
        event_dates=(EventDate("۱۹ خرداد", 0, 8, date(2020, 6, 8), "jalali", 0.8, ("year",), "body"),),
    )
    stored = json.loads(encode_article(article))
    assert stored["mentions"] == [
        {"kind": "organisation", "text": "وزارت کار", "start": 3, "end": 12, "id": "mcls", "field": "lead"},
        {
            "kind": "speaker",
            "text": "مهرداد کوهستانی",
            "start": 0,
            "end": 15,
            "role": "دبیر شورا",
            "field": "body",
        },
    ]
    assert stored["event_dates"] == [
        {
            "text": "۱۹ خرداد",
            "start": 0,
            "end": 8,
            "day": "2020-06-08",
            "calendar": "jalali",
            "confidence": 0.8,
            "doubts": ["year"],
            "field": "body",
        }
    ]


def test_an_article_stored_before_there_were_mentions_can_be_read() -> None:
    article = decode_article(
        '{"id":"1","url":"u","canonical_url":"c","source":"s","headline":"خبر","body":["متن"],"published":'
        '{"raw":"دیروز","instant":"2026-11-01T08:30:00+00:00","precision":"minute","calendar":"jalali",'
        '"origin":"visible","confidence":1.0},"language":"fa"}'
    )
    assert (article.headline, article.mentions, article.event_dates) == ("خبر", (), ())
    assert article.published is not None
    assert article.published.doubts == ()


def test_half_a_surrogate_pair_can_be_stored() -> None:
    article = make_article(headline="خبر \ud83d")
    encode_article(article).encode()
    assert decode_article(encode_article(article)) == article


def test_persian_stays_readable() -> None:
    assert to_json({"headline": "خبر"}) == '{"headline":"خبر"}'


OTHER = DateReading("دیروز", NOW.replace(year=2025), "minute", "jalali", "visible")
CONTENT: dict[str, Any] = {
    "headline": "خبر دیگر",
    "kicker": "روتیتر",
    "lead": "لید",
    "body": ("پاراگراف نخست این خبر.",),
    "section": "استان‌ها",
    "keywords": ("کار",),
    "authors": ("نویسنده",),
    "main_image": "https://news.example.ir/a.jpg",
    "images": ("https://news.example.ir/a.jpg",),
    "attachments": ("https://news.example.ir/a.pdf",),
    "code": "1234",
    "published": OTHER,
}


@pytest.mark.parametrize("field", CONTENT)
def test_what_the_article_says_makes_another_hash(field: str) -> None:
    article = make_article()
    assert content_hash(replace(article, **{field: CONTENT[field]})) != content_hash(article)


CIRCUMSTANCES: dict[str, Any] = {
    "id": "other",
    "url": "https://m.example.ir/1",
    "canonical_url": "https://m.example.ir/1",
    "source": "mirror",
    "modified": OTHER,
    "date_conflicts": (OTHER,),
    "platform": "nastooh",
    "provenance": {"headline": "meta"},
    "normalised": NormalisedText("خبر", None, None, ()),
    "mentions": (Mention("province", "البرز", 0, 5, id="alborz", field="body"),),
    "event_dates": (EventDate("دیروز", 0, 5, NOW.date(), "jalali", field="body"),),
    "published": replace(
        make_article().published, raw="2026-11-01", origin="meta", calendar="gregorian", doubts=("order",)
    ),  # type: ignore[type-var]
}


@pytest.mark.parametrize("field", CIRCUMSTANCES)
def test_how_it_was_read_makes_no_other_hash(field: str) -> None:
    article = make_article()
    assert content_hash(replace(article, **{field: CIRCUMSTANCES[field]})) == content_hash(article)


def test_an_unreadable_date_counts_by_its_text() -> None:
    article = make_article(published=None, date_published_raw="۳۱ مهر")
    assert content_hash(article) != content_hash(replace(article, date_published_raw="۳۰ مهر"))
