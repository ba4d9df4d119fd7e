"""What the store tells of a source's past, for ``aggregator.crawl.health`` to judge. Only reads."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from aggregator.model import Run
from aggregator.store import runs as run_records
from aggregator.store.schema import articles, runs

RUNS = 30  #: newest runs of a source that are looked at
DATES = 5_000  #: newest articles whose dates are looked at
NEWEST = 40  #: newest articles whose fields are looked at, all of them
SAMPLE = 160  #: older articles whose fields are looked at, evenly spread over the rest of ``DATES``


@dataclass(frozen=True, slots=True)
class ArticleShape:
    """Which fields an article has."""

    fields: frozenset[str]  #: names in ``Article`` of those that say something
    body: int  #: characters


@dataclass(frozen=True, slots=True)
class SourceHistory:
    """The past of one source."""

    source: str
    articles: int = 0
    runs: tuple[Run, ...] = ()  #: newest first
    watched_since: datetime | None = None  #: start of the first run
    last_success: datetime | None = None  #: end of the last run that finished
    dates: tuple[datetime, ...] = ()  #: publish dates, else when first seen; newest first
    newest: tuple[ArticleShape, ...] = ()  #: newest first
    older: tuple[ArticleShape, ...] = ()  #: a sample of those before, newest first


def crawled_sources(connection: Connection) -> list[str]:
    """The sources that have runs, by name."""
    return list(connection.scalars(select(runs.c.source).distinct().order_by(runs.c.source)))


def history(connection: Connection, source: str) -> SourceHistory:
    """The past of a source; an empty one where nothing is known of it."""
    given = {"source": source}
    first, success = connection.execute(_TIMES, given).one()
    found = connection.execute(_DATES, given).all()
    rest = found[NEWEST:]
    sample = rest[:: max(1, -(-len(rest) // SAMPLE))]
    return SourceHistory(
        source=source,
        articles=connection.scalar(_COUNT, given) or 0,
        runs=tuple(run_records.latest(connection, source, RUNS)),
        watched_since=first,
        last_success=success,
        dates=tuple(row.dated for row in found),
        newest=_shapes(connection, [row.id for row in found[:NEWEST]]),
        older=_shapes(connection, [row.id for row in sample]),
    )


_TIMES = select(
    func.min(runs.c.started), func.max(runs.c.finished).filter(runs.c.status == "finished")
).where(runs.c.source == bindparam("source"))
_COUNT = select(func.count()).select_from(articles).where(articles.c.source == bindparam("source"))
_DATES = (
    select(articles.c.id, articles.c.dated)
    .where(articles.c.source == bindparam("source"))
    .order_by(articles.c.dated.desc())
    .limit(DATES)
)
_RECORDS = select(articles.c.id, articles.c.record).where(articles.c.id.in_(bindparam("ids", expanding=True)))


def _shapes(connection: Connection, ids: Sequence[str]) -> tuple[ArticleShape, ...]:
    """In the order of ``ids``."""
    found = {row.id: _shape(json.loads(row.record)) for row in connection.execute(_RECORDS, {"ids": ids})}
    return tuple(found[name] for name in ids if name in found)


def _shape(record: dict[str, Any]) -> ArticleShape:
    """Of a stored record: an absent key is an empty field, see ``codec.encode_article``."""
    body = record.get("body", [])
    return ArticleShape(
        frozenset(key for key, value in record.items() if value), sum(len(paragraph) for paragraph in body)
    )
