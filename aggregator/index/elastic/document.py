"""An article as Elasticsearch takes it: the export record's fields, folded terms, and keys to filter by."""

from typing import Any

from aggregator.index.document import TEXT_FIELDS, IndexDocument, order_key
from aggregator.model import iso_utc
from aggregator.persian.calendar import jalali_week, jalali_weekday
from aggregator.record import to_record

#: Of the record, what the index does not hold: it can be made again from what it has, or is only for reading.
_LEFT_OUT = ("normalised", "mentions", "event_dates")


def elastic_document(document: IndexDocument) -> dict[str, Any]:
    """The fields of ``mapping.FIELDS``; absent ones are left out.

    ``folded.text`` has the headline twice: a word of it counts double, in one ranking over all of the text.
    """
    article, record = document.stored.article, to_record(document.stored)
    texts = [document.texts[field].joined() for field in TEXT_FIELDS]
    made = {key: value for key, value in record.items() if key not in _LEFT_OUT} | {
        "organisation_path": document.organisation_path,
        "section_key": document.section_keys,
        "mentions": document.mentions,
        "mention_path": document.mention_path,
        "event_dates": sorted({found.day.isoformat() for found in article.event_dates}),
        "folded": {
            "headline": texts[0],
            "text": [text for text in (texts[0], *texts) if text],
            "spelt": document.spelt,
        },
        "order": order_key(document.seconds, document.id),
        **_published(document),
        **_modified(document),
    }
    return {key: value for key, value in made.items() if value is not None and value not in ((), [], "")}


def _published(document: IndexDocument) -> dict[str, Any]:
    published, day = document.stored.article.published, document.day
    if published is None or day is None or document.month is None:
        return {"date_published": None}
    number, name = jalali_weekday(day)
    return {
        "date_published": iso_utc(published.instant),  # of a date without a time: midnight in Tehran
        "day": day.isoformat(),
        "jalali": {
            "year": int(document.month[:4]),
            "month": document.month,
            "week": jalali_week(day),
            "weekday": name,
            "weekday_number": number,
        },
    }


def _modified(document: IndexDocument) -> dict[str, Any]:
    modified = document.stored.article.modified
    return {"date_modified": iso_utc(modified.instant) if modified else None}
