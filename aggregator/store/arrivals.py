"""The order in which new contents arrived, for those who follow it: nothing that is committed is passed over.

Whoever writes holds the one lock of the database until the commit, so numbers become visible in their order.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, exists, func, insert, select

from aggregator.store.schema import alert_targets, arrivals, saved_searches

STEP = 500  #: arrivals read at once


@dataclass(frozen=True, slots=True)
class Arrival:
    """A revision, with its place in the order."""

    id: int
    article_id: str
    revision: int


def note(connection: Connection, revisions: Sequence[tuple[str, int]]) -> None:
    """Notes these new revisions (article id, number), where there is anybody to be told."""
    if revisions and connection.scalar(select(exists().select_from(alert_targets))):
        rows = [{"article_id": one, "revision": number} for one, number in revisions]
        connection.execute(insert(arrivals), rows)


def last(connection: Connection) -> int:
    """The number of the last arrival; 0: there was none yet."""
    return connection.scalar(select(func.max(arrivals.c.id))) or 0


def after(connection: Connection, number: int) -> list[Arrival]:
    """The next arrivals, up to ``STEP``."""
    query = select(arrivals).where(arrivals.c.id > number).order_by(arrivals.c.id).limit(STEP)
    return [Arrival(*row) for row in connection.execute(query)]


def forget(connection: Connection) -> None:
    """Deletes those that every search with targets was compared with, but for the last one of all."""
    followed = saved_searches.c.id.in_(select(alert_targets.c.search_id))
    done = connection.scalar(select(func.min(saved_searches.c.compared)).where(followed))
    before_last = last(connection) - 1
    upto = before_last if done is None else min(done, before_last)
    connection.execute(delete(arrivals).where(arrivals.c.id <= upto))
