"""Connections: SQLite set up for two processes at once and for the power cut, and errors in plain words."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from aggregator.errors import AggregatorError, FixCommandError, TryLaterError

_WRITE_LOCK = 0x4E657773  # any number that nobody else on the database locks
BUSY_TIMEOUT = 30  #: seconds that one process waits for another one's write


def open_engine(address: str) -> Engine:
    """An engine for ``sqlite:///path`` or ``postgresql://…``; creates the directory of an SQLite file.

    Raises FixCommandError for an address that cannot be used.
    """
    url = _read(address)
    engine = _sqlite(url) if url.get_backend_name() == "sqlite" else _postgresql(url)
    name = url.render_as_string(hide_password=True)

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
    except ArgumentError:
        raise FixCommandError(
            f"{address!r} is no database address: write sqlite:///path or postgresql://user@host/name"
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


def _create(url: URL, **options: Any) -> Engine:
    try:
        return create_engine(url, **options)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise FixCommandError(
            f"the driver of this database is not installed ({error}); for PostgreSQL install psycopg"
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

    turn = _Turn()

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
    """The wait for the one lock of an SQLite file.

    Who has waited in vain does not wait again before it has been free once: a crawl with many pages under
    way is to end, not to wait for each of them.
    """

    def __init__(self) -> None:
        self._patience = BUSY_TIMEOUT

    def take(self, connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {self._patience * 1000}")
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except TryLaterError:
            self._patience = 0
            raise
        self._patience = BUSY_TIMEOUT


def _postgresql(url: URL) -> Engine:
    # The server's own way of waiting no longer than this for a lock.
    options = {"options": f"-c lock_timeout={BUSY_TIMEOUT}s"}
    engine = _create(url, pool_pre_ping=True, connect_args=options)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # As with SQLite, writers queue up: two that meet the same new article must not both enter it.
        if connection.get_execution_options().get("writes"):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITE_LOCK})")

    return engine


def explain(error: BaseException | None, name: str) -> AggregatorError | None:
    """The error for the person at the keyboard; None where it is none of theirs (a bug)."""
    if isinstance(error, sqlite3.Error):
        # The low byte is the primary result code.
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        kind, sentence = _SQLITE.get(code, (None, ""))
        return kind(sentence.format(name=name)) if kind else None
    if any(
        kind.__module__ == "psycopg" and kind.__name__ == "OperationalError" for kind in type(error).__mro__
    ):
        return TryLaterError(f"the database {name} does not answer: {str(error).strip()}")
    return None


_SQLITE: dict[int, tuple[type[AggregatorError], str]] = {
    sqlite3.SQLITE_BUSY: (
        TryLaterError,
        f"the database {{name}} is locked by another process (waited {BUSY_TIMEOUT} s)",
    ),
    sqlite3.SQLITE_LOCKED: (TryLaterError, "the database {name} is locked"),
    sqlite3.SQLITE_FULL: (TryLaterError, "no space left for the database {name}"),
    sqlite3.SQLITE_IOERR: (TryLaterError, "the disk failed to read or write the database {name}"),
    sqlite3.SQLITE_READONLY: (
        FixCommandError,
        "the database {name} cannot be written: it is read-only; make it writable, or choose another "
        "with --database",
    ),
    sqlite3.SQLITE_PERM: (FixCommandError, "the database {name} cannot be accessed: permission denied"),
    sqlite3.SQLITE_AUTH: (FixCommandError, "the database {name} cannot be accessed: permission denied"),
    sqlite3.SQLITE_CANTOPEN: (FixCommandError, "the database {name} cannot be opened: is the path right?"),
    sqlite3.SQLITE_NOTADB: (FixCommandError, "{name} is not a database"),
    sqlite3.SQLITE_CORRUPT: (FixCommandError, "the database {name} is damaged: restore a backup"),
}
