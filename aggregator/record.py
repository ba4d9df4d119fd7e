"""The export record: what ``export`` writes, ``import`` reads and ``extract`` prints.

Its names and their order are a promise to users; absent values are null or []. Instants are ISO 8601 in UTC,
a date without a time is its day in Tehran. ``start`` and ``end`` of what was found in a text are characters
of the record's own ``field``.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from aggregator.errors import FixFileError
from aggregator.model import (
    Article,
    DateReading,
    EventDate,
    Mention,
    NormalisedText,
    StoredArticle,
    iso_or_none,
    iso_utc,
)
from aggregator.persian.calendar import instant_of_day, jalali_date, tehran_day
from aggregator.persian.dates import parse_date
from aggregator.urls import article_id, canonical_url, clean_url

Record = dict[str, Any]
T = TypeVar("T")

KEYS = (
    "id", "url", "canonical_url", "source", "organisation", "province", "headline", "kicker", "lead", "body",
    "section", "keywords", "authors", "main_image", "images", "attachments", "code", "date_published",
    "date_published_raw", "date_precision", "date_published_jalali", "date_modified", "first_seen",
    "last_seen", "revision", "language", "normalised", "event_dates", "mentions", "deleted_at",
)  # fmt: skip


# --- writing ------------------------------------------------------------------------------------------------


def to_record(stored: StoredArticle) -> Record:
    """The record of a stored article."""
    given = {
        "organisation": stored.organisation,
        "province": stored.province,
        "first_seen": iso_utc(stored.first_seen),
        "last_seen": iso_utc(stored.last_seen),
        "revision": stored.revision,
        "deleted_at": iso_or_none(stored.deleted_at),
        **_texts(stored.article),
        **_dates(stored.article),
        "event_dates": [_event_date(found) for found in stored.article.event_dates],
        "mentions": [_mention(found) for found in stored.article.mentions],
    }
    return {key: given[key] if key in given else _plain(getattr(stored.article, key)) for key in KEYS}


def article_record(
    article: Article, *, organisation: str | None = None, province: str | None = None, seen: datetime
) -> Record:
    """The record of an article that is not stored: as if ``seen`` were the first time."""
    return to_record(StoredArticle(article, organisation, province, seen, seen, revision=1))


def _texts(article: Article) -> Record:
    tidy = article.normalised
    normalised = tidy and {
        "headline": tidy.headline,
        "kicker": tidy.kicker,
        "lead": tidy.lead,
        "body": "\n".join(tidy.body),
    }
    return {"body": "\n".join(article.body), "normalised": normalised}


def _dates(article: Article) -> Record:
    published, modified = article.published, article.modified
    return {
        "date_published": published.iso() if published else None,
        "date_published_raw": article.date_published_raw or (published.raw if published else None),
        "date_precision": published.precision if published else None,
        "date_published_jalali": jalali_date(tehran_day(published.instant)) if published else None,
        "date_modified": modified.iso() if modified else None,
    }


def _event_date(found: EventDate) -> Record:
    return {
        "text": found.text,
        "field": found.field,
        "start": found.start,
        "end": found.end,
        "day": found.day.isoformat(),
        "day_jalali": jalali_date(found.day),
        "calendar": found.calendar,
        "confidence": found.confidence,
        "doubts": list(found.doubts),
    }


def _mention(found: Mention) -> Record:
    return {
        "id": found.id,
        "kind": found.kind,
        "text": found.text,
        "field": found.field,
        "start": found.start,
        "end": found.end,
        "role": found.role,
    }


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


# --- reading ------------------------------------------------------------------------------------------------

_GRACE = timedelta(days=1)  # clocks differ


def from_record(
    record: Mapping[str, Any],
    *,
    now: datetime,
    source: str = "import",
    path: object = None,
    line: int | None = None,
) -> StoredArticle:
    """The article of a record, which needs only ``url``, ``headline`` and ``body`` (text or a list of texts).

    ``source`` stands in where the record names none, ``now`` where it does not say when it was seen. Unknown
    keys are ignored, as are ``id``, ``date_published_jalali``, ``event_dates`` and ``mentions``, which are
    derived. A date that cannot be read or lies in the future is no date: only its raw string is kept. Raises
    FixFileError with ``path``, ``line`` and field.
    """
    fields = _Fields(record, path, line)
    first_seen, last_seen = fields.instant("first_seen", now), fields.instant("last_seen", now)
    first_seen, last_seen = first_seen or last_seen or now, last_seen or first_seen or now
    if first_seen > last_seen:
        raise fields.wrong("first_seen", "must not be later than last_seen")
    return StoredArticle(
        article=_article(fields, now, source),
        organisation=fields.text("organisation"),
        province=fields.text("province"),
        first_seen=first_seen,
        last_seen=last_seen,
        revision=fields.number("revision") or 1,
        deleted_at=fields.instant("deleted_at", now),
    )


def _article(fields: "_Fields", now: datetime, source: str) -> Article:
    url = fields.needed("url", fields.address("url"))
    canonical = fields.address("canonical_url") or canonical_url(url, None)
    published = fields.date("date_published", now)
    raw = fields.text("date_published_raw") or fields.text("date_published")
    if published and raw:
        published = replace(published, raw=raw)
    return Article(
        id=article_id(canonical),
        url=url,
        canonical_url=canonical,
        source=fields.text("source") or source,
        headline=fields.needed("headline", fields.text("headline")),
        body=fields.needed("body", fields.paragraphs("body")),
        kicker=fields.text("kicker"),
        lead=fields.text("lead"),
        section=fields.text("section"),
        keywords=fields.texts("keywords"),
        authors=fields.texts("authors"),
        main_image=fields.address("main_image"),
        images=fields.addresses("images"),
        attachments=fields.addresses("attachments"),
        code=fields.text("code"),
        published=_with_precision(published, fields.choice("date_precision", ("minute", "day"))),
        date_published_raw=raw,
        modified=fields.date("date_modified", now),
        language=fields.text("language") or "fa",
        normalised=_normalised(fields.nested("normalised")),
    )


def _with_precision(reading: DateReading | None, precision: str | None) -> DateReading | None:
    """A midnight that stands for a day is that day."""
    if reading is None or precision != "day":
        return reading
    return replace(reading, instant=instant_of_day(tehran_day(reading.instant)), precision="day")


def _normalised(fields: "_Fields | None") -> NormalisedText | None:
    if fields is None:
        return None
    return NormalisedText(
        headline=fields.needed("headline", fields.text("headline")),
        kicker=fields.text("kicker"),
        lead=fields.text("lead"),
        body=fields.needed("body", fields.paragraphs("body")),
    )


class _Fields:
    """The fields of one record, each read as its type; knows where the record stands.

    null, a missing key and a blank text are the same: None.
    """

    def __init__(self, record: Mapping[str, Any], path: object, line: int | None, parent: str = ""):
        self._record, self._path, self._line, self._parent = record, path, line, parent

    def wrong(self, name: str, message: str) -> FixFileError:
        """The error to raise for a field."""
        return FixFileError(message, path=self._path, line=self._line, field=self._parent + name)

    def needed(self, name: str, value: T | None) -> T:
        """The value, which must be there."""
        if value is None:
            raise self.wrong(name, "is missing or empty")
        return value

    def text(self, name: str) -> str | None:
        value = self._record.get(name)
        if name == "code" and type(value) is int:
            value = str(value)
        if value is not None and not isinstance(value, str):
            raise self.wrong(name, f"must be a text, not {_kind(value)}")
        return self._readable(name, value) if value and not value.isspace() else None

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; blank ones are left out."""
        value = self._record.get(name)
        if value is not None and not isinstance(value, list):
            raise self.wrong(name, f"must be a list of texts, not {_kind(value)}")
        for item in value or ():
            if not isinstance(item, str):
                raise self.wrong(name, f"must be a list of texts, but holds {_kind(item)}")
        return tuple(self._readable(name, item) for item in value or () if item and not item.isspace())

    def paragraphs(self, name: str) -> tuple[str, ...] | None:
        """A text with a paragraph a line, or a list of paragraphs; an empty one stands for itself."""
        value = self._record.get(name)
        if value is None:
            return None
        text = "\n".join(self.texts(name)) if isinstance(value, list) else self.text(name) or ""
        lines = text.replace("\r\n", "\n").split("\n")
        return tuple(line for line in lines if line and not line.isspace())

    def address(self, name: str) -> str | None:
        """An absolute http(s) address, as given."""
        value = self.text(name)
        return value if value is None else self._checked_address(name, value.strip())

    def addresses(self, name: str) -> tuple[str, ...]:
        return tuple(self._checked_address(name, value) for value in self.texts(name))

    def date(self, name: str, now: datetime) -> DateReading | None:
        value = self.text(name)
        return value if value is None else parse_date(value, origin="import", now=now)

    def instant(self, name: str, now: datetime) -> datetime | None:
        """An instant of the past with its time zone, as ISO 8601."""
        value = self.text(name)
        if value is None:
            return None
        try:
            instant = datetime.fromisoformat(value)
            instant = instant if instant.tzinfo is None else instant.astimezone(UTC)
        except (ValueError, OverflowError):
            raise self.wrong(
                name, f"must be an instant such as 2020-06-09T04:31:00Z, not {value!r}"
            ) from None
        if instant.tzinfo is None:
            raise self.wrong(name, f"needs a time zone, such as the Z in 2020-06-09T04:31:00Z: {value!r}")
        if instant > now + _GRACE:
            raise self.wrong(name, f"lies in the future: {value!r}")
        return instant

    def number(self, name: str) -> int | None:
        value = self._record.get(name)
        if value is not None and (type(value) is not int or not 1 <= value < 2**31):
            raise self.wrong(name, "must be a whole number from 1")
        return value

    def choice(self, name: str, allowed: tuple[str, ...]) -> str | None:
        value = self.text(name)
        if value is not None and value not in allowed:
            raise self.wrong(name, f"must be one of {', '.join(allowed)}, not {value!r}")
        return value

    def nested(self, name: str) -> "_Fields | None":
        """The fields of an object inside the record."""
        value = self._record.get(name)
        if value is not None and not isinstance(value, dict):
            raise self.wrong(name, f"must be an object, not {_kind(value)}")
        return None if value is None else _Fields(value, self._path, self._line, f"{name}.")

    def _readable(self, name: str, value: str) -> str:
        if "\0" in value or _HALF_CHARACTER.search(value):
            raise self.wrong(name, "holds a character that is none (NUL, or half a surrogate pair)")
        return value

    def _checked_address(self, name: str, value: str) -> str:
        if clean_url(value) is None:
            raise self.wrong(name, f"must be an absolute http(s) address, not {value[:80]!r}")
        return value


_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_KINDS = {
    dict: "an object",
    list: "a list",
    str: "a text",
    bool: "true or false",
    int: "a number",
    float: "a number",
}


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "null")
