"""Pages out of the archive: all of a file, or of many files in the order in which they were fetched."""

import heapq
import logging
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from aggregator.crawl.archive.files import unowned
from aggregator.crawl.archive.index import Entry
from aggregator.crawl.archive.records import page_of_record
from aggregator.crawl.archive.scan import Damage, Found, scan, unpacked
from aggregator.errors import FixFileError
from aggregator.model import Page

logger = logging.getLogger(__name__)

_BELONGS_TO = "WARC-Concurrent-To"


def read_pages(path: Path) -> Iterator[Page]:
    """The pages of a WARC file, gzipped or not, also of other programs' files.

    Damage is reported as a warning and left out. FixFileError: no such file, or no WARC file.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise FixFileError(error.strerror or str(error), path=path) from None
    with file:
        yield from _pages(path, file)


def _pages(path: Path, file: BinaryIO) -> Iterator[Page]:
    is_archive = False
    for found in scan(file):
        if not isinstance(found, Damage):
            is_archive = True
            try:
                page = page_of_record(found.record)
            except (TypeError, ValueError) as error:  # another program's, without a date, say
                logger.warning("%s: the record at %d is left out: %s", path, found.offset, error)
                continue
            if page is not None:
                yield page
        elif not is_archive and found.is_tail:
            raise FixFileError("this is no WARC file", path=path)
        elif not found.is_tail or _is_left(path):
            where = f"{found.length} bytes at {found.offset}"
            logger.warning("%s is damaged, %s are left out: %s", path, where, found.reason)


def _is_left(path: Path) -> bool:
    """Whether a torn end is one; a file that is being written may well end within a record."""
    with unowned(path) as is_left:
        return is_left


def pages_in_order(paths: Iterable[Path]) -> Iterator[Page]:
    """The pages of many files by the time of their fetch.

    A file is opened when its first page is due: in memory is one page of each file of that time. Errors as
    of ``read_pages``, for every file before the first page is given.
    """
    waiting = sorted(((start, path) for path in paths if (start := _start(path))), reverse=True)
    open_files: list[tuple[datetime, int, Page, Iterator[Page]]] = []
    number = 0
    while waiting or open_files:
        if waiting and (not open_files or waiting[-1][0] <= open_files[0][0]):
            pages, number = read_pages(waiting.pop()[1]), number + 1
            place = number
        else:
            _, place, page, pages = heapq.heappop(open_files)
            yield page
        following = next(pages, None)
        if following is not None:
            heapq.heappush(open_files, (following.fetched_at, place, following, pages))


def page_at(entry: Entry) -> Page:
    """The page of an entry of the index. FixFileError: it is not there any more."""
    page = page_of_record(_records_at(entry, 1)[0].record)
    if page is None:
        raise _misplaced(entry)
    return page


def records_at(entry: Entry) -> bytes:
    """Its record, unpacked, and that of the request that belongs to it. FixFileError as ``page_at``."""
    answer, *others = _records_at(entry, 2)
    own = answer.record.rec_headers.get_header("WARC-Record-ID")
    found = [answer, *(one for one in others if one.record.rec_headers.get_header(_BELONGS_TO) == own)]
    with entry.path.open("rb") as file:
        return b"".join(unpacked(file, one) for one in found)


def _records_at(entry: Entry, number: int) -> list[Found]:
    """So many records from that of the entry on, if there are so many."""
    try:
        with entry.path.open("rb") as file:
            found = list(islice(scan(file, start=entry.offset), number))
    except OSError as error:
        raise FixFileError(error.strerror or str(error), path=entry.path) from None
    whole = [one for one in found if isinstance(one, Found)]
    if not whole or whole[0].offset != entry.offset:
        raise _misplaced(entry)
    return whole


def _misplaced(entry: Entry) -> FixFileError:
    return FixFileError(
        f"no page stands at {entry.offset}: its index is made again by aggregator archive check",
        path=entry.path,
    )


def _start(path: Path) -> datetime | None:
    """When the first page of a file was fetched."""
    first = next(read_pages(path), None)
    return first.fetched_at if first else None
