"""What is known of a source as a whole: how it fares, when it is due, how often it publishes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from aggregator.model import SourceState
from aggregator.store.schema import articles, source_states

_RECENT = 20  # articles whose times tell how often a source publishes


def state(connection: Connection, source: str) -> SourceState | None:
    """How the source fares; None: it was never crawled to an end."""
    row = connection.execute(select(source_states).where(source_states.c.source == source)).first()
    return None if row is None else SourceState(**row._asdict())


def note(
    connection: Connection, source: str, *, at: datetime, succeeded: bool, changed: bool, next_due: datetime
) -> None:
    """Notes the end of a run at ``at``."""
    before = state(connection, source)
    values: dict[str, Any] = {
        "last_run": at,
        "last_success": at if succeeded else before and before.last_success,
        "last_change": at if changed else before and before.last_change,
        "failures": 0 if succeeded else (before.failures if before else 0) + 1,
        "next_due": next_due,
    }
    kind: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = kind.insert(source_states).values(source=source, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["source"], set_=values))


def recent_times(connection: Connection, source: str) -> Sequence[datetime]:
    """When the last articles of the source were published, newest first; undated: first seen."""
    query = select(articles.c.dated).where(articles.c.source == source)
    return connection.scalars(query.order_by(articles.c.dated.desc()).limit(_RECENT)).all()
