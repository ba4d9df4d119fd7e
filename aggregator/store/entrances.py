"""What discovery keeps of a source's feeds, sitemaps and listings, and what became of what they promised."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, case, func, select
from sqlalchemy.dialects import postgresql, sqlite

from aggregator.store.codec import to_json
from aggregator.store.schema import entrances, pages

STEP = 5000  #: addresses read at once
_ORIGINS = ("feed", "sitemap", "listing", "id")


def all_of(connection: Connection, source: str) -> dict[str, dict[str, Any]]:
    """The states of the source's entrances, by address."""
    query = select(entrances.c.url, entrances.c.state).where(entrances.c.source == source)
    return {row.url: json.loads(row.state) for row in connection.execute(query)}


def note(connection: Connection, source: str, url: str, state: Mapping[str, Any]) -> None:
    """Enters or replaces the state of an entrance."""
    row = {"source": source, "url": url, "state": to_json(dict(state)), "updated": datetime.now(UTC)}
    connection.execute(_upsert(connection.dialect.name), row)


def tally(connection: Connection, source: str) -> list[tuple[str, str, str | None, int]]:
    """How many pages of the source there are, by what promised them (``feed``, ``sitemap``, ``listing``,
    ``id``; a page that was named by a person counts as ``listing``), status and outcome.

    A page that once gave an article counts as ``done``, whatever its last look was.
    """
    # In the JSON of a link a quotation mark of a text is escaped: only the key itself looks like this.
    origin = case(
        *((pages.c.link.like(f'%"origin":"{name}"%'), name) for name in _ORIGINS), else_="listing"
    ).label("origin")
    gave = pages.c.article_id.is_not(None)
    status = case((gave, "done"), else_=pages.c.status).label("status")
    outcome = case((gave, None), else_=pages.c.outcome).label("outcome")
    found = select(origin, status, outcome).where(pages.c.source == source).subquery()
    query = select(*found.c, func.count().label("number")).group_by(*found.c).order_by(*found.c)
    return [(row.origin, row.status, row.outcome, row.number) for row in connection.execute(query)]


def addresses(connection: Connection, source: str, after: int) -> list[tuple[int, str]]:
    """Up to STEP addresses of the source's pages behind the one with this number, with their numbers."""
    query = (
        select(pages.c.id, pages.c.url)
        .where(pages.c.source == source, pages.c.id > after)
        .order_by(pages.c.id)
        .limit(STEP)
    )
    return [(row.id, row.url) for row in connection.execute(query)]


@cache
def _upsert(dialect: str) -> sqlite.Insert | postgresql.Insert:
    statement = postgresql.insert(entrances) if dialect == "postgresql" else sqlite.insert(entrances)
    changed = {name: statement.excluded[name] for name in ("state", "updated")}
    return statement.on_conflict_do_update(index_elements=["source", "url"], set_=changed)
