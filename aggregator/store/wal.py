"""Keeps SQLite's write-ahead log short.

Up to version 3.51.2, SQLite can lose transactions when one process moves the log into the database
just while another one, writing, begins the log anew (https://www.sqlite.org/wal.html#walresetbug).
So nobody does it in passing: automatic checkpoints are off, and the explicit ones here hold the write lock.
"""

import contextlib
import sqlite3
from pathlib import Path

from sqlalchemy import Engine

LIMIT = 4_000_000  #: bytes of log that are worth a checkpoint
PATIENCE = 2  #: seconds that a checkpoint waits for writers and long readers


class LogKeeper:
    """Moves the log of an engine's SQLite file into the database when it has grown; else does nothing."""

    def __init__(self, engine: Engine):
        self._path = str(engine.url.database)
        self._log = Path(self._path + "-wal")
        self._next = LIMIT if engine.dialect.name == "sqlite" else None

    def after_commit(self) -> None:
        """To be called, outside of a transaction, after each write."""
        if self._next is None or self._size() < self._next:
            return
        # A reader that does not let go must not cost every commit a wait.
        self._next = LIMIT if self._emptied() else self._size() + LIMIT

    def _size(self) -> int:
        try:
            return self._log.stat().st_size
        except OSError:
            return 0

    def _emptied(self) -> bool:
        # What cannot be done now is done after a later commit: nothing is lost in the log.
        with contextlib.suppress(sqlite3.OperationalError), contextlib.closing(self._connect()) as connection:
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            return not busy
        return False

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=PATIENCE)
