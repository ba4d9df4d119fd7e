"""The numbers of ``aggregator status``."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from aggregator.model import iso_or_none
from aggregator.store import indexing
from aggregator.store.runs import read
from aggregator.store.schema import articles as articles_table
from aggregator.store.schema import dead_letters, pages, revisions, runs


def counts(connection: Connection) -> dict[str, Any]:
    """``{"articles", "revisions", "dead_letters", "pending_index", "sources": {id: {"articles",
    "pages": {status: n}, "last_run", "last_status", "last_success"}}}``; instants as ISO 8601 in UTC or None.

    ``revisions`` counts the current ones too. ``last_success`` is the end of the last run that finished.
    """
    per_source: dict[str, dict[str, Any]] = defaultdict(_nothing)
    for source, number in connection.execute(_PER_SOURCE):
        per_source[source]["articles"] = number
    for source, status, number in connection.execute(_PER_STATUS):
        per_source[source]["pages"][status] = number
    for row in connection.execute(_LAST_RUNS):
        per_source[row.source] |= _last_run(row._asdict())
    for source, finished in connection.execute(_LAST_SUCCESSES):
        per_source[source]["last_success"] = iso_or_none(finished)
    total = sum(numbers["articles"] for numbers in per_source.values())
    superseded = connection.scalar(select(func.count()).select_from(revisions)) or 0
    return {
        "articles": total,
        "revisions": total + superseded,
        "dead_letters": connection.scalar(select(func.count()).select_from(dead_letters)) or 0,
        "pending_index": indexing.pending_count(connection),
        "sources": dict(sorted(per_source.items())),
    }


_PER_SOURCE = select(articles_table.c.source, func.count()).group_by(articles_table.c.source)
_PER_STATUS = select(pages.c.source, pages.c.status, func.count()).group_by(pages.c.source, pages.c.status)
_LAST_RUNS = select(runs).where(runs.c.id.in_(select(func.max(runs.c.id)).group_by(runs.c.source)))
_LAST_SUCCESSES = (
    select(runs.c.source, func.max(runs.c.finished))
    .where(runs.c.status == "finished")
    .group_by(runs.c.source)
)


def _nothing() -> dict[str, Any]:
    return {"articles": 0, "pages": {}, "last_run": None, "last_status": None, "last_success": None}


def _last_run(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"last_run": iso_or_none(row["started"]), "last_status": read(row).status}
