"""Articles for tests: a plain one to vary, and any there may be (Hypothesis)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any, get_args

from hypothesis import strategies as st

from aggregator.model import (
    Article,
    Calendar,
    DateReading,
    Doubt,
    EventDate,
    Link,
    Mention,
    MentionKind,
    NormalisedText,
    StoredArticle,
)
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
    raw: str, instant: datetime, precision: Any, calendar: Any, origin: str, sure: float, doubts: Any
) -> DateReading:
    if precision == "day":
        instant = instant_of_day(tehran_day(instant))
    return DateReading(raw, instant, precision, calendar, origin, sure, doubts)


_calendars = st.sampled_from(get_args(Calendar))
_doubts = st.lists(st.sampled_from(get_args(Doubt)), max_size=2, unique=True).map(tuple)
readings = st.builds(
    _reading,
    texts,
    instants,
    st.sampled_from(["minute", "day"]),
    _calendars,
    st.sampled_from(["visible", "meta", "json-ld"]),
    st.floats(0, 1),
    _doubts,
)
_normalised = st.builds(
    NormalisedText, headline=texts, kicker=st.none() | texts, lead=st.none() | texts, body=_some
)


@st.composite
def _pieces(draw: st.DrawFn, within: Mapping[str, str]) -> dict[str, Any]:
    """A piece of one of these texts: the fields that mentions and event dates share."""
    field = draw(st.sampled_from(sorted(within)))
    start = draw(st.integers(0, len(within[field]) - 1))
    end = draw(st.integers(start + 1, len(within[field])))
    return {"text": within[field][start:end], "start": start, "end": end, "field": field}


@st.composite
def _mentions(draw: st.DrawFn, within: Mapping[str, str]) -> Mention:
    kind = draw(st.sampled_from(get_args(MentionKind)))
    speaks = kind == "speaker"
    named = {"id": None, "role": draw(st.none() | texts)} if speaks else {"id": draw(texts)}
    return Mention(kind=kind, **named, **draw(_pieces(within)))


@st.composite
def _event_dates(draw: st.DrawFn, within: Mapping[str, str]) -> EventDate:
    return EventDate(
        day=draw(st.dates(date(1900, 1, 1), date(2100, 1, 1))),
        calendar=draw(_calendars),
        confidence=draw(st.floats(0, 1)),
        doubts=draw(_doubts),
        **draw(_pieces(within)),
    )


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """Any article whose fields agree with each other."""
    canonical = draw(_addresses)
    published = draw(st.none() | readings)
    headline, kicker, lead, body = draw(texts), draw(st.none() | texts), draw(st.none() | texts), draw(_some)
    written = {"headline": headline, "kicker": kicker, "lead": lead, "body": "\n".join(body)}
    within = {field: text for field, text in written.items() if text}
    return Article(
        id=article_id(canonical),
        url=draw(_addresses),
        canonical_url=canonical,
        source=draw(texts),
        headline=headline,
        body=body,
        kicker=kicker,
        lead=lead,
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
        mentions=tuple(draw(st.lists(_mentions(within), max_size=2))),
        event_dates=tuple(draw(st.lists(_event_dates(within), max_size=2))),
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
        deleted_at=draw(st.none() | instants),
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
