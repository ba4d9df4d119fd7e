"""The archive: every fetched page as it came, in WARC/1.1 files that any web-archiving tool can read.

Each record is a gzip member of its own and is handed to the system in one write, so a process killed at any
moment leaves a torn last record at worst. Nobody ever appends to another process' file: a torn file stays
as it is, and everything before its end can be read.
"""

import gzip
import io
import logging
import os
import re
import threading
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from aggregator import __version__
from aggregator.errors import FixFileError
from aggregator.model import Page
from aggregator.store.codec import decode_link, encode_link

logger = logging.getLogger(__name__)

MAX_FILE_BYTES = 1_000_000_000  #: compressed; the customary size of WARC files
_LEVEL = 4  # a third of the time of zlib's 9 (warcio's own choice), for a tenth more bytes
_GZIP = 16 + zlib.MAX_WBITS

# The body is kept unpacked: these speak of how it travelled and would make a reader unpack it once more.
_TRAVEL = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_ORIGINAL = "x-archive-orig-"
_SOURCE, _REQUESTED, _LINK = "Aggregator-Source", "Aggregator-Requested-URI", "Aggregator-Link"


class PageArchive:
    """Writes pages to ``directory``: a file per process, day and size. Safe to call from threads."""

    def __init__(self, directory: Path, max_bytes: int = MAX_FILE_BYTES):
        self.directory = directory
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._file: BinaryIO | None = None
        self._day: date | None = None

    def write(self, page: Page) -> None:
        """Append one page; on return the system has it. OSError: disk full, no permission."""
        member = _compress(_record(page))
        with self._lock:
            file = self._current()
            try:
                file.write(member)
                file.flush()
            except OSError:
                self._close()  # torn: never to be appended to
                raise

    def close(self) -> None:
        """Close the file under way; a later write begins a new one."""
        with self._lock:
            self._close()

    def _current(self) -> BinaryIO:
        today = datetime.now(UTC).date()
        if self._file is not None and (self._day != today or self._file.tell() >= self._max_bytes):
            self._close()
        if self._file is None:
            self._file, self._day = self._create(), today
        return self._file

    def _create(self) -> BinaryIO:
        self.directory.mkdir(parents=True, exist_ok=True)
        number = 0
        while True:
            name = f"pages-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}-{number}.warc.gz"
            try:
                file = (self.directory / name).open("xb")
            except FileExistsError:
                number += 1
                continue
            file.write(_compress(_warcinfo(name)))
            return file

    def _close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            with suppress(OSError):
                file.close()


def archive_files(directory: Path) -> list[Path]:
    """The files of an archive, oldest first."""
    return sorted(directory.glob("*.warc.gz"))


def read_pages(path: Path) -> Iterator[Page]:
    """The pages of a WARC file, gzipped or not, also of other programs' files.

    A torn end is reported as a warning, and ends the reading. FixFileError: no such file, or no WARC file.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise FixFileError(error.strerror or str(error), path=path) from None
    with file:
        if not file.peek(1):
            return  # its process was killed before the first page
        records = enumerate(_whole_pages(file))
        count = 0
        while True:
            try:
                count, page = next(records)
            except StopIteration:
                return
            except Exception as error:  # on torn bytes warcio stumbles in many ways
                if not count:
                    raise FixFileError("this is no WARC file", path=path) from None
                logger.warning("%s is damaged after %d records, its rest is left out: %r", path, count, error)
                return
            if page is not None:
                yield page


def _whole_pages(file: io.BufferedReader) -> Iterator[Page | None]:
    """The page of each record, None for another kind. Raises anything where the file is damaged."""
    yield None
    for record in ArchiveIterator(_Unpacked(file) if file.peek(2)[:2] == b"\x1f\x8b" else file):
        yield _page(record) if record.rec_type == "response" and record.http_headers else None


class _TornError(Exception):
    """The file ends too early."""


class _Unpacked:
    """The records of a gzipped file one after another. warcio's own unpacking says nothing of a torn end."""

    def __init__(self, file: BinaryIO):
        self._file = gzip.GzipFile(fileobj=file)

    def read(self, size: int = -1) -> bytes:
        try:
            return self._file.read1(size)  # never beyond a record, so that whole ones come before the error
        except EOFError as error:  # which warcio would take for a good end
            raise _TornError(str(error)) from None


def _record(page: Page) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="WARC/1.1")
    record = writer.create_warc_record(
        page.url,
        "response",
        payload=io.BytesIO(page.body),
        length=len(page.body),
        http_headers=_HttpHeaders(_status_line(page.status), _packed(page), protocol="HTTP/1.1"),
        warc_headers_dict=_warc_fields(page),
    )
    writer.write_record(record)
    return out.getvalue()


class _HttpHeaders(StatusAndHeaders):  # type: ignore[misc]
    """Headers written in UTF-8. warcio percent-encodes what is not ASCII, which cannot be undone."""

    def compute_headers_buffer(self, header_filter: Any = None) -> None:
        self.headers_buff = self.to_bytes(header_filter)


def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _warc_fields(page: Page) -> dict[str, str]:
    fields = {
        "WARC-Date": page.fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        _SOURCE: page.source,
    }
    if page.requested_url is not None:
        fields[_REQUESTED] = page.requested_url
    if page.link is not None:
        fields[_LINK] = encode_link(page.link)
    return fields


def _packed(page: Page) -> list[tuple[str, str]]:
    headers = [
        (_ORIGINAL + name if name in _TRAVEL else name, re.sub(r"[\r\n]+", " ", value))
        for name, value in page.headers.items()
    ]
    return [*headers, ("content-length", str(len(page.body)))]


def _unpacked(headers: list[tuple[str, str]]) -> Mapping[str, str]:
    ours = any(name.lower().startswith(_ORIGINAL) for name, _ in headers)
    found: dict[str, str] = {}
    for name, value in headers:
        name = name.lower()
        if name in _TRAVEL and (ours or name == "content-length"):
            continue
        name = name.removeprefix(_ORIGINAL)
        found[name] = f"{found[name]}, {value}" if name in found else value
    return MappingProxyType(found)


def _page(record: Any) -> Page:
    payload = record.raw_stream.read()
    if len(payload) != record.payload_length:
        raise _TornError(f"{len(payload)} bytes of {record.payload_length}")
    record.raw_stream = io.BytesIO(payload)
    fields, link = record.rec_headers, record.rec_headers.get_header(_LINK)
    return Page(
        url=fields.get_header("WARC-Target-URI"),
        body=record.content_stream().read(),
        fetched_at=datetime.fromisoformat(fields.get_header("WARC-Date")),
        source=fields.get_header(_SOURCE) or "",
        status=int(record.http_headers.get_statuscode()),
        headers=_unpacked(record.http_headers.headers),
        requested_url=fields.get_header(_REQUESTED),
        link=decode_link(link) if link else None,
    )


def _warcinfo(name: str) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="WARC/1.1")
    software = f"persian-news-aggregator/{__version__}"
    writer.write_record(
        writer.create_warcinfo_record(name, {"software": software, "format": "WARC File Format 1.1"})
    )
    return out.getvalue()


def _compress(record: bytes) -> bytes:
    compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    return compressor.compress(record) + compressor.flush()
