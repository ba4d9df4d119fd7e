"""The record of crawls."""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, insert, select, update

from aggregator.model import Run
from aggregator.store.codec import to_json
from aggregator.store.process import alive, fingerprint, this_host
from aggregator.store.schema import runs

#: A run on another machine cannot be asked whether it lives; after so long without a sign it counts as dead.
SILENCE = timedelta(hours=6)


def start(connection: Connection, source: str) -> int:
    """Enters a run of this process; returns its number."""
    now = datetime.now(UTC)
    row = {
        "source": source,
        "started": now,
        "updated": now,
        "status": "running",
        "counts": "{}",
        "host": this_host(),
        "pid": os.getpid(),
        "process": fingerprint(os.getpid()),
    }
    return int(connection.execute(insert(runs).values(row).returning(runs.c.id)).scalar_one())


def note(connection: Connection, run_id: int, counts: Mapping[str, Any], status: str | None = None) -> None:
    """Writes the counts so far, and with a status the end of the run."""
    now = datetime.now(UTC)
    values: dict[str, Any] = {"counts": to_json(counts), "updated": now}
    if status is not None:
        values |= {"status": status, "finished": now}
    connection.execute(update(runs).where(runs.c.id == run_id).values(values))


def latest(connection: Connection, source: str | None, limit: int) -> list[Run]:
    """The last runs (of a source), newest first."""
    query = select(runs).order_by(runs.c.id.desc()).limit(limit)
    if source is not None:
        query = query.where(runs.c.source == source)
    return [read(row._asdict()) for row in connection.execute(query)]


def read(row: Mapping[str, Any]) -> Run:
    """A run as it is now: one whose process is gone is ``killed``."""
    status = row["status"]
    return Run(
        id=row["id"],
        source=row["source"],
        started=row["started"],
        finished=row["finished"],
        status="killed" if status == "running" and not _lives(row) else status,
        counts=MappingProxyType(json.loads(row["counts"])),
    )


def _lives(row: Mapping[str, Any]) -> bool:
    if row["host"] == this_host() and not alive(row["pid"], row["process"]):
        return False
    return row["host"] == this_host() or bool(datetime.now(UTC) - row["updated"] < SILENCE)
