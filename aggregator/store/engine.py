"""Connections: SQLite set up for two processes at once and for the power cut, and errors in plain words."""

import sqlite3
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from aggregator.errors import AggregatorError, FixCommandError, TryLaterError
from aggregator.store.failures import BUSY_TIMEOUT, explain

_WRITE_LOCK = 0x4E657773  # any number that nobody else on the database locks


def open_engine(address: str) -> Engine:
    """An engine for ``sqlite:///path`` or ``postgresql://…``; creates the directory of an SQLite file.

    Raises FixCommandError for an address that cannot be used.
    """
    url = _read(address)
    engine = _sqlite(url) if url.get_backend_name() == "sqlite" else _postgresql(url)
    name = _told(url)

    @event.listens_for(engine, "handle_error", retval=True)
    def translate(context: ExceptionContext) -> AggregatorError | None:
        return explain(context.original_exception, name)

    return engine


def writing(engine: Engine) -> Engine:
    """The same engine for transactions that write: one at a time, whatever the database and the process."""
    return engine.execution_options(writes=True)


def _read(address: str) -> URL:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        # What has an @ may have a password before it.
        told = "this" if "@" in address else repr(address)
        raise FixCommandError(
            f"{told} is no database address: write sqlite:///path or postgresql://user@host/name"
        ) from None
    backend = url.get_backend_name()
    if backend == "postgresql" and "+" not in url.drivername:
        return url.set(drivername="postgresql+psycopg")
    if backend not in ("sqlite", "postgresql"):
        raise FixCommandError(f"databases of kind {backend!r} are not supported: use sqlite or postgresql")
    if backend == "sqlite" and url.query:
        raise FixCommandError("an SQLite address takes no options: write sqlite:///path")
    if backend == "sqlite" and url.database in (None, "", ":memory:"):
        raise FixCommandError("a database in memory would be lost: write sqlite:///path")
    return url


def _told(url: URL) -> str:
    """The address for people: a password may stand in its options too."""
    return url.set(query={}).render_as_string(hide_password=True)


def _create(url: URL, **options: Any) -> Engine:
    try:
        return create_engine(url, **options)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise FixCommandError(
            f"the driver of this database is not installed ({error}); for PostgreSQL write postgresql://… "
            "and pip install 'persian-news-aggregator[postgresql]'"
        ) from None


def _sqlite(url: URL) -> Engine:
    try:
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FixCommandError(f"cannot create the directory of {url.database}: {error.strerror}") from None
    engine = _create(url, connect_args={"timeout": BUSY_TIMEOUT})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        # sqlite3 must not begin transactions itself: it would begin them late and never IMMEDIATE.
        connection.isolation_level = None
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA wal_autocheckpoint = 0")  # see LogKeeper
        except sqlite3.Error as error:
            raise explain(error, str(url)) or error from None

    def lock(connection: Connection, patient: bool) -> None:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_TIMEOUT * 1000 if patient else 0}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    turn = _Turn(lock)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and writes later would fail, not wait, when another one has
        # written in between: writers take the lock at once.
        if connection.get_execution_options().get("writes"):
            turn.take(connection)
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


class _Turn:
    """The wait for the one lock of those who write.

    Who has waited in vain does not wait again before it has been free once: a crawl with many pages under
    way is to end, not to wait for each of them.
    """

    def __init__(self, lock: Callable[[Connection, bool], None]) -> None:
        self._lock = lock  #: waits as long as one waits, or, without patience, not at all
        self._patient = True

    def take(self, connection: Connection) -> None:
        try:
            self._lock(connection, self._patient)
        except TryLaterError:
            self._patient = False
            raise
        self._patient = True


def _postgresql(url: URL) -> Engine:
    engine = _create(
        url,
        pool_pre_ping=True,
        pool_timeout=4 * BUSY_TIMEOUT,  # those who have a connection may be waiting for the lock
        connect_args=_connect_args(url.query),
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.adapters.register_dumper(str, _without_nul())

    def lock(connection: Connection, patient: bool) -> None:
        if not patient:
            connection.exec_driver_sql("SET LOCAL lock_timeout = 1")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITE_LOCK})")

    turn = _Turn(lock)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # As with SQLite, writers queue up: two that meet the same new article must not both enter it.
        if connection.get_execution_options().get("writes"):
            turn.take(connection)

    return engine


def _connect_args(given: Mapping[str, Any]) -> dict[str, Any]:
    """What to tell the driver beyond the address, whose own options count."""
    here = {"connect_timeout": 30, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
    there = {
        "lock_timeout": int(BUSY_TIMEOUT * 1000),
        # A machine that went dark in the middle of a write must not keep the lock for hours.
        "tcp_keepalives_idle": 30,
        "tcp_keepalives_interval": 10,
        "tcp_keepalives_count": 3,
        "idle_in_transaction_session_timeout": 300_000,
    }
    options = " ".join([*(f"-c {name}={value}" for name, value in there.items()), given.get("options", "")])
    return {**{name: value for name, value in here.items() if name not in given}, "options": options.strip()}


@cache
def _without_nul() -> type:
    """How text is sent. PostgreSQL takes all of Unicode but U+0000: U+FFFD stands for it, as in HTML."""
    from psycopg.types.string import StrDumper

    class Dumper(StrDumper):
        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\0", "\ufffd"))

    return Dumper
