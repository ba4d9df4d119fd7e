"""Feeds, sitemaps and listing pages that were read: their validators, and how many links they had."""

from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from aggregator.model import ListState
from aggregator.store.schema import lists

_FIELDS = tuple(item.name for item in fields(ListState))


def known(connection: Connection, source: str, url: str) -> ListState | None:
    """What is known of a list; None: nothing."""
    columns = (lists.c[name] for name in _FIELDS)
    row = connection.execute(select(*columns).where(lists.c.source == source, lists.c.url == url)).first()
    return None if row is None else ListState(**row._asdict())


def note(connection: Connection, state: ListState) -> None:
    """Enters or replaces what is known of a list."""
    kind: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    values = {name: getattr(state, name) for name in _FIELDS}
    statement = kind.insert(lists).values(values)
    connection.execute(statement.on_conflict_do_update(index_elements=["source", "url"], set_=values))


def settle(connection: Connection, source: str) -> None:
    """Marks every list of the source as read by a crawl that ended by itself."""
    connection.execute(update(lists).where(lists.c.source == source, ~lists.c.settled).values(settled=True))
