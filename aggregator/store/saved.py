"""Saved searches: what they found, whom to tell, and what was sent.

Two steps. First the articles that arrived are compared with each search: what it finds becomes a match, once.
Then the matches of a search are put into messages for each of its targets.
"""

import json
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from aggregator.errors import FixCommandError
from aggregator.persian.fold import fold_terms
from aggregator.store import arrivals
from aggregator.store.arrivals import Arrival
from aggregator.store.codec import to_json
from aggregator.store.schema import (
    alert_deliveries,
    alert_matches,
    alert_targets,
    saved_searches,
)

Kind = Literal["email", "webhook"]
STEP = 500  #: rows read at once


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a saved search tells."""

    kind: Kind
    address: str
    secret: str | None = field(default=None, repr=False)  #: what a webhook is signed with
    public_only: bool = False  #: saved through the web: a webhook must not lead into a private network
    id: int = 0  #: 0: not saved yet
    search_id: int = 0
    queued: int = 0  #: the last match that is in a delivery
    gone_at: datetime | None = None  #: when it asked not to be told any more


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search under a name."""

    id: int
    name: str
    search: Mapping[str, str]  #: parameters of the API, as they were given
    created: datetime
    compared: int  #: the last arrival that it was compared with
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message to a target: waiting while it has a ``next_attempt``, else delivered or given up."""

    id: int
    target_id: int
    key: str  #: the same at each try
    first_match: int
    last_match: int
    articles: int
    created: datetime
    attempts: int  #: tries that failed
    next_attempt: datetime | None
    delivered_at: datetime | None
    error: str | None  #: why the last try failed

    @property
    def given_up(self) -> bool:
        return self.delivered_at is None and self.next_attempt is None


@dataclass(frozen=True, slots=True)
class Progress:
    """How a target fares."""

    delivered: int = 0  #: articles
    last_delivery: datetime | None = None
    waiting: int = 0  #: articles that were found and not delivered yet, without those given up
    given_up: int = 0  #: articles whose message was given up
    error: str | None = None  #: why the last message did not arrive
    next_attempt: datetime | None = None


class Saved:
    """All that the database knows of saved searches; given by ``Store.saved``. See ``Store`` for errors."""

    def __init__(
        self,
        read: Callable[[], AbstractContextManager[Connection]],
        write: Callable[[], AbstractContextManager[Connection]],
    ) -> None:
        self._read, self._write = read, write

    # --- searches -----------------------------------------------------------------------------------------

    def add(
        self, name: str, search: Mapping[str, str], targets: Sequence[Target] = (), *, most: int | None = None
    ) -> SavedSearch:
        """Saves a search. FixCommandError for a name that is taken in any spelling, or beyond ``most``."""
        row = {"name": name, "name_key": name_key(name), "search": to_json(dict(search))}
        with self._write() as connection:
            if _found(connection, saved_searches.c.name_key == row["name_key"]):
                raise FixCommandError(f"there is a saved search {name!r} already: choose another name")
            if most is not None and len(_found(connection)) >= most:
                raise FixCommandError(f"{most} searches are saved, and no more can be: remove one")
            entered = {**row, "created": datetime.now(UTC), "compared": arrivals.last(connection)}
            returned = insert(saved_searches).returning(saved_searches.c.id)
            number = connection.execute(returned, entered).scalar_one()
            for target in targets:
                connection.execute(insert(alert_targets), _target_row(target, number))
            (saved,) = _found(connection, saved_searches.c.id == number)
        return saved

    def all(self) -> list[SavedSearch]:
        """In the order in which they were saved."""
        with self._read() as connection:
            return _found(connection)

    def get(self, number: int) -> SavedSearch | None:
        """The search with this id."""
        with self._read() as connection:
            return next(iter(_found(connection, saved_searches.c.id == number)), None)

    def named(self, name: str) -> SavedSearch | None:
        """The search of this name, in any spelling."""
        with self._read() as connection:
            return next(iter(_found(connection, saved_searches.c.name_key == name_key(name))), None)

    def remove(self, number: int) -> bool:
        """Forgets a search with its matches and deliveries; False: there was none."""
        theirs = select(alert_targets.c.id).where(alert_targets.c.search_id == number)
        with self._write() as connection:
            connection.execute(delete(alert_deliveries).where(alert_deliveries.c.target_id.in_(theirs)))
            connection.execute(delete(alert_targets).where(alert_targets.c.search_id == number))
            connection.execute(delete(alert_matches).where(alert_matches.c.search_id == number))
            found = connection.execute(delete(saved_searches).where(saved_searches.c.id == number))
            return found.rowcount == 1

    # --- matches ------------------------------------------------------------------------------------------

    def arrivals(self, after: int) -> list[Arrival]:
        """The next arrivals, up to ``arrivals.STEP``."""
        with self._read() as connection:
            return arrivals.after(connection, after)

    def known_matches(self, number: int, ids: Collection[str]) -> set[str]:
        """Which of these articles, up to ``STEP``, the search has found before."""
        here = (alert_matches.c.search_id == number, alert_matches.c.article_id.in_(ids))
        with self._read() as connection:
            return set(connection.scalars(select(alert_matches.c.article_id).where(*here)))

    def note_matches(self, number: int, ids: Sequence[str], compared: int) -> None:
        """Notes what a search found among the arrivals up to ``compared``, all of it in one step.

        Nothing happens where the search was removed, or has been compared with these meanwhile.
        """
        here = (saved_searches.c.id == number, saved_searches.c.compared < compared)
        now = datetime.now(UTC)
        with self._write() as connection:
            moved = connection.execute(update(saved_searches).where(*here).values(compared=compared))
            if moved.rowcount == 1 and ids:
                rows = [{"search_id": number, "article_id": one, "found": now} for one in ids]
                connection.execute(insert(alert_matches), rows)

    def forget_arrivals(self) -> None:
        """Deletes the arrivals that every search with targets was compared with, but for the last one."""
        with self._write() as connection:
            arrivals.forget(connection)

    def matches(self, number: int) -> Iterator[tuple[str, datetime]]:
        """Streams ids of all articles that a search found after it was saved, and when; the newest first."""
        before: int | None = None
        while True:
            query = select(alert_matches).where(alert_matches.c.search_id == number)
            if before is not None:
                query = query.where(alert_matches.c.id < before)
            with self._read() as connection:
                rows = connection.execute(query.order_by(alert_matches.c.id.desc()).limit(STEP)).all()
            yield from ((row.article_id, row.found) for row in rows)
            if len(rows) < STEP:
                return
            before = rows[-1].id

    # --- deliveries ---------------------------------------------------------------------------------------

    def next_delivery(self, target_id: int, most: int | None, now: datetime) -> Delivery | None:
        """The message that waits for this target, else a new one with what was found since the last; None:
        there is nothing to tell.

        It has up to ``most`` articles (None: any number), the oldest match first.
        """
        with self._write() as connection:
            waits = (alert_deliveries.c.target_id == target_id, alert_deliveries.c.next_attempt.is_not(None))
            return _first_delivery(connection, *waits) or _enter_delivery(connection, target_id, most, now)

    def articles_of(self, delivery: Delivery, most: int) -> list[str]:
        """Ids of the articles of a message, the first ``most`` of them."""
        query = (
            select(alert_matches.c.article_id)
            .join(alert_targets, alert_targets.c.search_id == alert_matches.c.search_id)
            .where(alert_targets.c.id == delivery.target_id)
            .where(alert_matches.c.id.between(delivery.first_match, delivery.last_match))
            .order_by(alert_matches.c.id)
            .limit(most)
        )
        with self._read() as connection:
            return list(connection.scalars(query))

    def note_delivered(self, delivery: Delivery, at: datetime) -> None:
        """Notes that the target took a message."""
        self._note(delivery, delivered_at=at, next_attempt=None, error=None)

    def note_failed(self, delivery: Delivery, error: str, next_attempt: datetime | None) -> None:
        """Notes that a try failed, and when the next one is; None: it is given up."""
        self._note(delivery, attempts=delivery.attempts + 1, error=error, next_attempt=next_attempt)

    def _note(self, delivery: Delivery, **changes: Any) -> None:
        with self._write() as connection:
            here = alert_deliveries.c.id == delivery.id
            connection.execute(update(alert_deliveries).where(here).values(**changes))

    def note_gone(self, target_id: int, at: datetime) -> None:
        """Notes that a target asked not to be told any more."""
        with self._write() as connection:
            here = alert_targets.c.id == target_id
            connection.execute(update(alert_targets).where(here).values(gone_at=at))

    def retry(self, number: int, at: datetime) -> int:
        """Lets everything of a search that waits or was given up be tried again; how many messages."""
        theirs = select(alert_targets.c.id).where(alert_targets.c.search_id == number)
        here = (alert_deliveries.c.target_id.in_(theirs), alert_deliveries.c.delivered_at.is_(None))
        with self._write() as connection:
            gone = update(alert_targets).where(alert_targets.c.search_id == number)
            connection.execute(gone.values(gone_at=None))
            again = update(alert_deliveries).where(*here).values(next_attempt=at, attempts=0)
            return connection.execute(again).rowcount

    def deliveries(self, number: int, limit: int) -> list[tuple[Target, Delivery]]:
        """The last messages of a search, newest first."""
        query = (
            select(alert_deliveries, alert_targets.c.address)
            .join(alert_targets, alert_targets.c.id == alert_deliveries.c.target_id)
            .where(alert_targets.c.search_id == number)
            .order_by(alert_deliveries.c.id.desc())
            .limit(limit)
        )
        with self._read() as connection:
            targets = {one.id: one for found in _found(connection) for one in found.targets}
            rows = connection.execute(query).all()
        return [(targets[row.target_id], _delivery(row)) for row in rows]

    def progress(self) -> dict[int, Progress]:
        """How each target fares, by its id."""
        with self._read() as connection:
            return {
                one.id: _progress(connection, one) for found in _found(connection) for one in found.targets
            }


def name_key(name: str) -> str:
    """Equal for names that are spelt differently; FixCommandError for a text that cannot be a name."""
    name = " ".join(name.split())
    if not name or len(name) > 200 or not name.replace("\u200c", "").isprintable():
        raise FixCommandError("a saved search needs a name of 1 to 200 characters")
    return " ".join(fold_terms(name)) or name


def _found(connection: Connection, *conditions: ColumnElement[bool]) -> list[SavedSearch]:
    rows = connection.execute(select(saved_searches).where(*conditions).order_by(saved_searches.c.id)).all()
    targets: dict[int, list[Target]] = {row.id: [] for row in rows}
    query = select(alert_targets).order_by(alert_targets.c.id)
    if conditions:
        query = query.where(alert_targets.c.search_id.in_(targets))
    for row in connection.execute(query):
        targets[row.search_id].append(Target(**row._mapping))
    return [
        SavedSearch(
            row.id, row.name, json.loads(row.search), row.created, row.compared, tuple(targets[row.id])
        )
        for row in rows
    ]


def _target_row(target: Target, search_id: int) -> dict[str, Any]:
    return {
        "search_id": search_id,
        "kind": target.kind,
        "address": target.address,
        "secret": target.secret,
        "public_only": target.public_only,
        "queued": 0,
    }


def _first_delivery(connection: Connection, *conditions: ColumnElement[bool]) -> Delivery | None:
    query = select(alert_deliveries).where(*conditions).order_by(alert_deliveries.c.id).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else _delivery(row)


def _enter_delivery(
    connection: Connection, target_id: int, most: int | None, now: datetime
) -> Delivery | None:
    target = connection.execute(select(alert_targets).where(alert_targets.c.id == target_id)).one_or_none()
    if target is None:  # removed meanwhile
        return None
    new = (
        select(alert_matches.c.id)
        .where(alert_matches.c.search_id == target.search_id, alert_matches.c.id > target.queued)
        .order_by(alert_matches.c.id)
        .limit(most)
        .subquery()
    )
    first, last, number = connection.execute(
        select(func.min(new.c.id), func.max(new.c.id), func.count()).select_from(new)
    ).one()
    if not number:
        return None
    row = {
        "target_id": target_id,
        "key": f"msg_{secrets.token_hex(16)}",
        "first_match": first,
        "last_match": last,
        "articles": number,
        "created": now,
        "attempts": 0,
        "next_attempt": now,
    }
    connection.execute(insert(alert_deliveries), row)
    connection.execute(update(alert_targets).where(alert_targets.c.id == target_id).values(queued=last))
    return _first_delivery(connection, alert_deliveries.c.key == row["key"])


def _delivery(row: Any) -> Delivery:
    return Delivery(**{name: getattr(row, name) for name in Delivery.__slots__})


def _progress(connection: Connection, target: Target) -> Progress:
    table = alert_deliveries.c
    total = func.coalesce(func.sum(table.articles), 0)
    here = table.target_id == target.id
    arrived = (here, table.delivered_at.is_not(None))
    delivered, last = connection.execute(select(total, func.max(table.delivered_at)).where(*arrived)).one()
    given_up = connection.scalar(
        select(total).where(here, table.delivered_at.is_(None), table.next_attempt.is_(None))
    )
    found = connection.scalar(
        select(func.count()).select_from(alert_matches).where(alert_matches.c.search_id == target.search_id)
    )
    newest = connection.execute(
        select(alert_deliveries).where(here).order_by(table.id.desc()).limit(1)
    ).one_or_none()
    return Progress(
        delivered=int(delivered),
        last_delivery=last,
        waiting=int(found or 0) - int(delivered) - int(given_up or 0),
        given_up=int(given_up or 0),
        error=newest.error if newest else None,
        next_attempt=newest.next_attempt if newest else None,
    )
