"""The files of the archive: their names, and whose they are while they are being written.

``pages-20260301T123015Z-00000-host-4711.warc.gz``: when it was begun in UTC, which file of its process, the
machine and the process. Beside it stand ``….cdxj``, its index, and perhaps ``….torn``, what a kill tore off.
"""

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from aggregator.store.process import this_host

try:
    import fcntl
except ImportError:  # Windows has no such locks
    fcntl = None  # type: ignore[assignment]

SUFFIX = ".warc.gz"
_QUIET = 3600.0  # seconds; without locks, a file that rested so long is taken for a dead process'


def archive_files(directory: Path) -> list[Path]:
    """The files of an archive, oldest first."""
    return sorted(directory.glob(f"*{SUFFIX}"))


def file_name(begun: datetime, sequence: int) -> str:
    """The name of a file of this process."""
    host = re.sub(r"[^A-Za-z0-9]+", "-", this_host()).strip("-") or "unnamed"
    return f"pages-{begun:%Y%m%dT%H%M%SZ}-{sequence:05}-{host}-{os.getpid()}{SUFFIX}"


def beside(path: Path, suffix: str) -> Path:
    """The file of the same name with another suffix."""
    return path.with_name(path.name.removesuffix(SUFFIX).removesuffix(".warc") + suffix)


def take(file: BinaryIO) -> None:
    """Marks a file as this process' until it is closed, or the process ends in whatever way."""
    if fcntl is not None:
        fcntl.flock(file, fcntl.LOCK_EX)


@contextmanager
def unowned(path: Path) -> Iterator[bool]:
    """Whether no process is writing the file; none else can take it meanwhile. OSError: no such file."""
    with path.open("rb") as file:
        if fcntl is None:
            yield time.time() - path.stat().st_mtime > _QUIET
            return
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True


def sync_folder(directory: Path) -> None:
    """After this the names in a folder outlive a power cut."""
    if os.name == "nt":
        return  # a folder cannot be opened there
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
