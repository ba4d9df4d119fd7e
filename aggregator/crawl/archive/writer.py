"""Writing pages to the archive."""

import logging
import os
import threading
import time
from contextlib import suppress
from datetime import UTC, date, datetime
from io import FileIO
from pathlib import Path

from aggregator.crawl.archive.check import recover
from aggregator.crawl.archive.files import file_name, sync_folder, take
from aggregator.crawl.archive.index import entry_of, write_index
from aggregator.crawl.archive.records import captured, info_record
from aggregator.model import Page

logger = logging.getLogger(__name__)

MAX_FILE_BYTES = 512_000_000  #: compressed
SYNC_SECONDS = 5.0  #: so much of the newest pages may be lost to a power cut, and nothing to a kill


class PageArchive:
    """Writes pages to ``directory``: a file per process, day (UTC) and size. Safe to call from threads.

    A page is in the system's hands when ``write`` returns, and on the disk within ``SYNC_SECONDS`` of further
    pages, or when its file is closed. The first file begun also mends what dead processes left behind.
    """

    def __init__(self, directory: Path, max_bytes: int = MAX_FILE_BYTES, user_agent: str = ""):
        self.directory = directory
        self._max_bytes, self._user_agent = max_bytes, user_agent
        self._lock = threading.Lock()
        self._file: _File | None = None
        self._sequence = 0
        self._mending: threading.Thread | None = None
        self._is_over = threading.Event()

    def write(self, page: Page) -> None:
        """Append one page. OSError: disk full, no permission; what was written before is whole."""
        capture = captured(page)
        with self._lock:
            file = self._current()
            try:
                offset = file.append(capture.response + capture.request)
            except OSError:
                self._close()
                raise
            file.lines += entry_of(page, capture.digest, file.path, offset, len(capture.response)).lines()

    def close(self) -> None:
        """Close the file under way; a later write begins a new one."""
        self._is_over.set()
        if self._mending is not None:
            self._mending.join()
        with self._lock:
            self._close()

    def _current(self) -> "_File":
        today = datetime.now(UTC).date()
        if self._file is not None and (self._file.day != today or self._file.size >= self._max_bytes):
            self._close()
        if self._file is None:
            self._file = self._begin()
        return self._file

    def _begin(self) -> "_File":
        self.directory.mkdir(parents=True, exist_ok=True)
        if self._mending is None:
            self._mending = threading.Thread(
                target=recover, args=(self.directory, self._is_over.is_set), daemon=True
            )
            self._mending.start()
        while True:
            now = datetime.now(UTC)
            path = self.directory / file_name(now, self._sequence)
            self._sequence += 1
            with suppress(FileExistsError):  # of an earlier process with our number
                return _File(path, now.date(), self._user_agent)

    def _close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()


class _File:
    """A file of the archive that this process writes."""

    def __init__(self, path: Path, day: date, user_agent: str):
        self.path, self.day, self.size = path, day, 0
        self.lines: list[bytes] = []  #: of its index
        self._file = FileIO(path, "xb")
        self._synced = time.monotonic()
        self._is_torn = False
        try:
            take(self._file)
            self.append(info_record(path.name, user_agent))
            sync_folder(path.parent)
        except OSError:
            self._file.close()
            with suppress(OSError):
                path.unlink()
            raise

    def append(self, records: bytes) -> int:
        """Writes all of it or, on OSError, nothing; where it stands."""
        offset = self.size
        try:
            written = 0
            while written < len(records):  # a disk that fills up takes a part at first
                written += self._file.write(records[written:])
            if time.monotonic() - self._synced >= SYNC_SECONDS:
                self._sync()
        except OSError as error:
            self._undo(offset)
            raise type(error)(error.errno, error.strerror, str(self.path)) from None
        self.size += len(records)
        return offset

    def close(self) -> None:
        """Brings it to the disk and writes the index. What fails of that, the next crawl makes up for."""
        try:
            self._sync()
        except OSError as error:
            logger.warning("%s could not be brought to the disk: %s", self.path, error)
        self._file.close()
        if not self._is_torn:  # without an index the next crawl looks at it
            with suppress(OSError):
                write_index(self.path, self.lines)

    def _undo(self, size: int) -> None:
        try:
            self._file.truncate(size)
        except OSError:
            self._is_torn = True

    def _sync(self) -> None:
        os.fsync(self._file.fileno())
        self._synced = time.monotonic()
