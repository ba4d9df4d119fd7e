"""What databases and their drivers complain of, as errors in plain words for the person at the keyboard."""

import re
import sqlite3

from aggregator.errors import AggregatorError, FixCommandError, TryLaterError

BUSY_TIMEOUT = 30  #: seconds that one process waits for another one's write
_Explained = tuple[type[AggregatorError], str]


def explain(error: BaseException | None, name: str) -> AggregatorError | None:
    """The error for the person at the keyboard; None where it is none of theirs (a bug).

    ``name`` is the database's address without its password.
    """
    found: _Explained | None = None
    if isinstance(error, sqlite3.Error):
        # The low byte is the primary result code.
        found = _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    elif error is not None and any(kind.__module__ == "psycopg" for kind in type(error).__mro__):
        found = _of_postgresql(error)
    if found is None:
        return None
    kind, sentence = found
    said = (str(error).splitlines() or [""])[0].strip()
    return kind(sentence.format(name=name, said=said))


def _of_postgresql(error: BaseException) -> _Explained | None:
    state = getattr(error, "sqlstate", None)
    if state is not None:
        return _STATES.get(state) or _STATES.get(state[:2])
    # Where no connection came about the driver tells no state, only what the server or the library said.
    for pattern, explained in _REFUSALS.items():
        if re.search(pattern, str(error)):
            return explained
    away = any(kind.__name__ == "OperationalError" for kind in type(error).__mro__)
    return _AWAY if away else None


_LOCKED = (
    TryLaterError,
    f"the database {{name}} is locked by another process (waited {BUSY_TIMEOUT} s)",
)
_FULL = (TryLaterError, "no space left for the database {name}")
_READ_ONLY = (
    FixCommandError,
    "the database {name} cannot be written: it is read-only; make it writable, or choose another "
    "with --database",
)
_DENIED = (FixCommandError, "the database {name} cannot be accessed: permission denied")

_SQLITE: dict[int, _Explained] = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_IOERR: (TryLaterError, "the disk failed to read or write the database {name}"),
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _DENIED,
    sqlite3.SQLITE_AUTH: _DENIED,
    sqlite3.SQLITE_CANTOPEN: (
        FixCommandError,
        "the database {name} cannot be opened: is the path right?",
    ),
    sqlite3.SQLITE_NOTADB: (FixCommandError, "{name} is not a database"),
    sqlite3.SQLITE_CORRUPT: (FixCommandError, "the database {name} is damaged: restore a backup"),
}

_AWAY = (TryLaterError, "the database {name} does not answer: {said}")
_IDENTITY = (
    FixCommandError,
    "the database {name} does not let this user in: correct user and password in its address "
    "(AGGREGATOR_DATABASE keeps them off the command line), or put the password into ~/.pgpass; {said}",
)
_UNKNOWN = (FixCommandError, "there is no database {name}: make it with createdb, or correct its name")
#: SQLSTATE, or its first two characters for a whole class
_STATES: dict[str, _Explained] = {
    "55P03": _LOCKED,
    "53100": _FULL,
    "25006": _READ_ONLY,
    "42501": (
        FixCommandError,
        "this user may not do that in the database {name}: {said}; let the user own it, or grant the right",
    ),
    "3D000": _UNKNOWN,
    "28": _IDENTITY,
    # Lost connections, conflicts, too few resources, an operator at work, a failing disk.
    **dict.fromkeys(("08", "40", "53", "57", "58"), _AWAY),
}
_REFUSALS: dict[str, _Explained] = {
    r"authentication failed|no password supplied|no pg_hba\.conf entry|role .* does not exist": _IDENTITY,
    r"database .* does not exist": _UNKNOWN,
    r"SSL|certificate": (
        FixCommandError,
        "the connection to the database {name} cannot be secured as its address asks: {said}",
    ),
    r"invalid .*(connection option|value)": (
        FixCommandError,
        "the address of the database {name} is wrong: {said}",
    ),
}
