"""Articles, links and dates to JSON text and back, without loss; and what counts as an article's content."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any

from aggregator.model import Article, DateReading, EventDate, Link, Mention, NormalisedText


def to_json(value: Any) -> str:
    """Compact JSON that can always be encoded: Persian is kept readable, half surrogates are escaped."""
    compact = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        compact.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return compact


def encode_article(article: Article) -> str:
    """An article as one JSON object; absent and empty values are left out."""
    return to_json(_plain(article))


def decode_article(text: str) -> Article:
    """The article that ``encode_article`` was given."""
    data = _tuples(json.loads(text))
    for name in ("published", "modified"):
        if name in data:
            data[name] = _reading(data[name])
    data["date_conflicts"] = tuple(_reading(item) for item in data.get("date_conflicts", ()))
    if "normalised" in data:
        data["normalised"] = NormalisedText(**{**_NO_TEXTS, **_tuples(data["normalised"])})
    data["mentions"] = tuple(Mention(**item) for item in data.get("mentions", ()))
    data["event_dates"] = tuple(_event_date(item) for item in data.get("event_dates", ()))
    data["provenance"] = MappingProxyType(data.get("provenance", {}))
    return Article(**{"headline": "", "body": (), **data})


def encode_link(link: Link) -> str:
    """A link as one JSON object."""
    return to_json(_plain(link))


def decode_link(text: str) -> Link:
    """The link that ``encode_link`` was given."""
    data = json.loads(text)
    if "published" in data:
        data["published"] = _reading(data["published"])
    if "modified" in data:
        data["modified"] = datetime.fromisoformat(data["modified"])
    return Link(**data)


def content_hash(article: Article) -> str:
    """32 hex characters over what makes a revision: two articles with the same hash say the same."""
    values = tuple(content(article).values())
    return hashlib.blake2b(to_json(values).encode(), digest_size=16).hexdigest()


def content(article: Article) -> dict[str, str | tuple[str, ...] | None]:
    """What makes a revision, by the names of the export record.

    In it: texts, section, keywords, authors, pictures, attachments, code, publish date. Not in it: where and
    how it was read (addresses, source, platform, provenance, which of several equal dates), what is computed
    (normalised text, the names and days in the text), and the modification date, which many sites move
    without touching the article.
    """
    return {
        "headline": article.headline,
        "kicker": article.kicker,
        "lead": article.lead,
        "body": "\n".join(article.body),
        "section": article.section,
        "keywords": article.keywords,
        "authors": article.authors,
        "main_image": article.main_image,
        "images": article.images,
        "attachments": article.attachments,
        "code": article.code,
        "date_published": article.published.iso() if article.published else article.date_published_raw,
    }


_NO_TEXTS: dict[str, Any] = {"headline": "", "kicker": None, "lead": None, "body": ()}


_Part = DateReading | NormalisedText | Mention | EventDate


def _plain(thing: Article | Link | _Part) -> dict[str, Any]:
    """The fields that say something: None, empty tuples and empty mappings are each field's default."""
    values = ((item.name, getattr(thing, item.name)) for item in fields(thing))
    return {
        name: _value(value) for name, value in values if value is not None and value != () and value != {}
    }


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, _Part):
        return _plain(value)
    if isinstance(value, tuple):
        return [_value(item) for item in value]
    return dict(value) if isinstance(value, Mapping) else value


def _tuples(data: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}


def _reading(data: dict[str, Any]) -> DateReading:
    return DateReading(**{**_tuples(data), "instant": datetime.fromisoformat(data["instant"])})


def _event_date(data: dict[str, Any]) -> EventDate:
    return EventDate(**{**_tuples(data), "day": date.fromisoformat(data["day"])})
