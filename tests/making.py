"""Articles for tests: a plain one to vary, and any there may be (Hypothesis)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from hypothesis import strategies as st

from aggregator.model import Article, DateReading, Link, NormalisedText, StoredArticle
from aggregator.persian.calendar import instant_of_day, tehran_day
from aggregator.urls import article_id

NOW = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)


def make_article(number: int = 1, **changes: Any) -> Article:
    """An article with its own address; ``changes`` are fields."""
    url = changes.pop("url", f"https://news.example.ir/news/{number}")
    article = Article(
        id=article_id(url),
        url=url,
        canonical_url=url,
        source="example",
        headline=f"خبر شمارهٔ {number}",
        body=("پاراگراف نخست این خبر.", "پاراگراف دوم، با «نقل‌قول»."),
        published=DateReading(
            raw="۱۰ آبان ۱۴۰۵",
            instant=NOW - timedelta(minutes=number),
            precision="minute",
            calendar="jalali",
            origin="visible",
        ),
        provenance=MappingProxyType({"headline": "platform"}),
    )
    return replace(article, **changes)


def make_stored(number: int = 1, *, seen: datetime = NOW, **changes: Any) -> StoredArticle:
    """The same as stored when it was first seen, for an organisation in Alborz."""
    return StoredArticle(make_article(number, **changes), "office", "alborz", seen, seen, revision=1)


# --- any article that extraction may give ------------------------------------------------------------

_letters = st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"])
texts = st.text(_letters, min_size=1, max_size=30).map(str.strip).filter(bool)
_some = st.lists(texts, max_size=3).map(tuple)
_addresses = st.integers(1, 10**6).map(lambda number: f"https://news.example.ir/fa/news/{number}")
_many_addresses = st.lists(_addresses, max_size=3).map(tuple)
instants = st.datetimes(datetime(1990, 1, 1), datetime(2026, 10, 30), timezones=st.just(UTC)).map(
    lambda instant: instant.replace(microsecond=0)
)


def _reading(
    raw: str, instant: datetime, precision: Any, calendar: Any, origin: str, sure: float
) -> DateReading:
    if precision == "day":
        instant = instant_of_day(tehran_day(instant))
    return DateReading(raw, instant, precision, calendar, origin, sure)


readings = st.builds(
    _reading,
    texts,
    instants,
    st.sampled_from(["minute", "day"]),
    st.sampled_from(["jalali", "gregorian", "hijri"]),
    st.sampled_from(["visible", "meta", "json-ld"]),
    st.floats(0, 1),
)
_normalised = st.builds(
    NormalisedText, headline=texts, kicker=st.none() | texts, lead=st.none() | texts, body=_some
)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """Any article whose fields agree with each other."""
    canonical = draw(_addresses)
    published = draw(st.none() | readings)
    return Article(
        id=article_id(canonical),
        url=draw(_addresses),
        canonical_url=canonical,
        source=draw(texts),
        headline=draw(texts),
        body=draw(_some),
        kicker=draw(st.none() | texts),
        lead=draw(st.none() | texts),
        section=draw(st.none() | texts),
        keywords=draw(_some),
        authors=draw(_some),
        main_image=draw(st.none() | _addresses),
        images=draw(_many_addresses),
        attachments=draw(_many_addresses),
        code=draw(st.none() | texts),
        published=published,
        date_published_raw=published.raw if published else draw(st.none() | texts),
        modified=draw(st.none() | readings),
        date_conflicts=tuple(draw(st.lists(readings, max_size=2))),
        language=draw(st.sampled_from(["fa", "ar", "en"])),
        platform=draw(st.none() | texts),
        provenance=MappingProxyType(draw(st.dictionaries(texts, texts, max_size=3))),
        normalised=draw(st.none() | _normalised),
    )


@st.composite
def stored_articles(draw: st.DrawFn) -> StoredArticle:
    """Any article with any history."""
    first, last = sorted([draw(instants), draw(instants)])
    return StoredArticle(
        article=draw(articles()),
        organisation=draw(st.none() | texts),
        province=draw(st.none() | texts),
        first_seen=first,
        last_seen=last,
        revision=draw(st.integers(1, 100)),
    )


links = st.builds(
    Link,
    url=_addresses,
    origin=st.sampled_from(["feed", "sitemap", "listing"]),
    headline=st.none() | texts,
    kicker=st.none() | texts,
    lead=st.none() | texts,
    published=st.none() | readings,
    modified=st.none() | instants,
)
