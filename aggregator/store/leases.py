"""One crawl of a source at a time, over all processes and machines that share the database.

A lease ends by itself when its time has passed, so one that a machine took with it into the dark holds
nobody up for long; one of a process that died on this machine is taken over at once.
"""

import os
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from aggregator.store.process import alive, fingerprint, this_host
from aggregator.store.schema import leases


def new_owner() -> str:
    """A name for one who takes leases, unlike any other: host, process, and a token."""
    return f"{this_host()}/{os.getpid()}/{secrets.token_hex(4)}"


def take(connection: Connection, source: str, owner: str, seconds: float) -> bool:
    """Takes the lease for so long if it is free, or the owner's own; whether that worked."""
    free = or_(leases.c.expires <= _now(connection), leases.c.owner == owner)
    if _put(connection, source, owner, seconds, free):
        return True
    row = connection.execute(select(leases).where(leases.c.source == source)).one()
    if row.host != this_host() or alive(row.pid, row.process):
        return False
    return _put(connection, source, owner, seconds, leases.c.owner == row.owner)


def renew(connection: Connection, source: str, owner: str, seconds: float) -> bool:
    """Makes the owner's lease last so long from now; False: it is no longer the owner's."""
    expires = _now(connection) + timedelta(seconds=seconds)
    mine = (leases.c.source == source, leases.c.owner == owner)
    return connection.execute(update(leases).where(*mine).values(expires=expires)).rowcount == 1


def release(connection: Connection, source: str, owner: str) -> None:
    """Gives the lease back, if it is the owner's."""
    connection.execute(delete(leases).where(leases.c.source == source, leases.c.owner == owner))


def _now(connection: Connection) -> datetime:
    """By the clock of the database's machine: those of the crawlers' may differ."""
    if connection.dialect.name == "postgresql":
        told: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return told
    return datetime.now(UTC)


def _put(
    connection: Connection, source: str, owner: str, seconds: float, condition: ColumnElement[bool]
) -> bool:
    """Enters the lease; where there is one, only under the condition. It is one statement."""
    kind: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    values = {
        "owner": owner,
        "host": this_host(),
        "pid": os.getpid(),
        "process": fingerprint(os.getpid()),
        "expires": _now(connection) + timedelta(seconds=seconds),
    }
    statement = kind.insert(leases).values(source=source, **values)
    statement = statement.on_conflict_do_update(index_elements=["source"], set_=values, where=condition)
    return connection.execute(statement.returning(leases.c.source)).first() is not None
