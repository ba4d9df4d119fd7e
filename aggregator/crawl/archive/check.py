"""Whether the files of the archive are whole, and what is done where one is not.

The torn end that a kill or a power cut leaves is moved to ``NAME.torn``: the file keeps every whole record,
and nothing is thrown away. Damage elsewhere is only told: there is no knowing what is right.
"""

import logging
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aggregator.crawl.archive.files import archive_files, beside, sync_folder, unowned
from aggregator.crawl.archive.index import entry_of_record, is_indexed, write_index
from aggregator.crawl.archive.scan import Damage, scan
from aggregator.errors import FixFileError

logger = logging.getLogger(__name__)

TORN = ".torn"


@dataclass(frozen=True, slots=True)
class FileReport:
    """What a check found in one file, and what it did."""

    path: Path
    bytes: int  #: of the file as it was found
    records: int  #: whole ones
    pages: int
    in_use: bool  #: some process is writing it; nothing was changed
    damages: tuple[Damage, ...] = ()  #: what is wrong in the file still
    torn: Damage | None = None  #: the end that was moved away …
    torn_path: Path | None = None  #: … to this file
    trouble: str | None = None  #: why the torn end or the index could not be written

    @property
    def is_whole(self) -> bool:
        """Whether all that is in the file now is right."""
        return not self.damages and self.trouble is None


def check_file(path: Path) -> FileReport:
    """Reads all of a file, checksums included; moves away a torn end, and writes the index anew.

    FixFileError: it cannot be read.
    """
    try:
        with unowned(path) as is_free:
            return _checked(path, is_free)
    except OSError as error:
        raise FixFileError(error.strerror or str(error), path=path) from None


def recover(directory: Path, is_over: Callable[[], bool] = lambda: False) -> list[FileReport]:
    """Checks what dead processes left behind: the files without an index, the newest first.

    Ends between two files when ``is_over`` says so. What could not be done is a warning in the log.
    """
    reports = []
    for path in reversed(archive_files(directory)):
        try:
            if is_indexed(path) or not path.stat().st_size:
                continue
            with unowned(path) as is_free:
                if not is_free:
                    continue
                report = _checked(path, is_free)
        except OSError as error:
            logger.warning("the archive's %s could not be checked: %s", path.name, error)
            continue
        reports.append(report)
        _tell(report)
        if is_over():
            break
    return reports


def _tell(report: FileReport) -> None:
    name = report.path.name
    if report.torn and report.torn_path:
        moved = f"{report.torn.length} bytes to {report.torn_path.name}"
        logger.warning("a kill had torn the end of %s: moved %s, kept %d pages", name, moved, report.pages)
    for damage in report.damages:
        logger.warning("%s: %d bad bytes at %d: %s", name, damage.length, damage.offset, damage.reason)
    if report.trouble:
        logger.warning("%s: %s", name, report.trouble)


def _checked(path: Path, is_free: bool) -> FileReport:
    size, records, pages = path.stat().st_size, 0, 0
    damages: list[Damage] = []
    lines: list[bytes] = []
    with path.open("rb") as file:
        for found in scan(file, check_digests=True):
            if isinstance(found, Damage):
                damages.append(found)
                continue
            records += 1
            if not found.digests_agree:
                damages.append(Damage(found.offset, found.length or 0, "its digest is another", False))
            if entry := entry_of_record(found, path):
                pages += 1
                lines += entry.lines()
    tail = damages.pop() if damages and damages[-1].is_tail else None
    if not is_free:
        return FileReport(path, size, records, pages, True, tuple(damages))
    try:
        torn_path = _set_aside(path, tail.offset) if tail else None
        if path.exists():
            write_index(path, lines)
    except OSError as error:
        trouble = f"{error.strerror or error}: {error.filename or path}"
        left = (*damages, tail) if tail else tuple(damages)
        return FileReport(path, size, records, pages, False, left, trouble=trouble)
    return FileReport(path, size, records, pages, False, tuple(damages), tail, torn_path)


def _set_aside(path: Path, end: int) -> Path:
    """Moves what stands behind ``end`` to a file of its own, so that a kill at any moment loses nothing."""
    aside = beside(path, TORN)
    if not end:
        path.replace(aside)
        sync_folder(path.parent)
        return aside
    with path.open("rb") as file, aside.open("wb") as torn:
        file.seek(end)
        shutil.copyfileobj(file, torn)
        torn.flush()
        os.fsync(torn.fileno())
    sync_folder(path.parent)
    with path.open("r+b") as file:
        file.truncate(end)
        os.fsync(file.fileno())
    return aside
