"""The index of the archive: beside each file a CDXJ file, by which one page is found among millions.

CDXJ is what web archives use: a line for each capture, sorted: the address turned around and without what
does not tell pages apart, the time, and where the record stands, as JSON. It is always derived: where it is
missing or older than its file, the file is read again.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlsplit

from aggregator.crawl.archive.files import archive_files, beside, unowned
from aggregator.crawl.archive.records import page_of_record
from aggregator.crawl.archive.scan import Damage, Found, scan
from aggregator.model import Page
from aggregator.urls import clean_url

SUFFIX = ".cdxj"
_WWW = re.compile(r"www\d*\.")


@dataclass(frozen=True, slots=True)
class Entry:
    """Where one page stands."""

    url: str
    fetched_at: datetime  #: aware, UTC, in whole seconds
    source: str  #: source id
    status: int
    mime: str
    digest: str
    path: Path  #: the archive file
    offset: int  #: of its response record
    length: int  #: of that record
    requested_url: str | None = None  #: where a redirect began

    def lines(self) -> Iterator[bytes]:
        """Its lines in the index: one under each address that it was had by."""
        fields = {
            "url": self.url,
            "mime": self.mime,
            "status": str(self.status),
            "digest": self.digest.removeprefix("sha1:"),
            "length": str(self.length),
            "offset": str(self.offset),
            "filename": self.path.name,
            "source": self.source,
        }
        if self.requested_url:
            fields["requested"] = self.requested_url
        rest = f"{self.fetched_at:%Y%m%d%H%M%S} {json.dumps(fields, ensure_ascii=False)}\n"
        for key in {url_key(url) for url in (self.url, self.requested_url) if url}:
            yield f"{key} {rest}".encode("utf-8", "backslashreplace")


def entry_of(page: Page, digest: str, path: Path, offset: int, length: int) -> Entry:
    """The entry of a page that stands there."""
    return Entry(
        url=page.url,
        fetched_at=page.fetched_at.astimezone(UTC).replace(microsecond=0),
        source=page.source,
        status=page.status,
        mime=page.headers.get("content-type", "").partition(";")[0].strip() or "unk",
        digest=digest,
        path=path,
        offset=offset,
        length=length,
        requested_url=page.requested_url,
    )


def entry_of_record(found: Found, path: Path) -> Entry | None:
    """The entry of a record; None where it is no page, or has no place of its own in the file."""
    if found.length is None:
        return None
    try:
        page = page_of_record(found.record)
    except (TypeError, ValueError):
        return None
    if page is None:
        return None
    digest = found.record.rec_headers.get_header("WARC-Payload-Digest") or ""
    return entry_of(page, digest, path, found.offset, found.length)


def url_key(url: str) -> str:
    """The address as web archives sort it: ``https://www.example.ir/news/1?b=2&a=1`` is
    ``ir,example)/news/1?a=1&b=2``. ValueError: no address."""
    parts = urlsplit(url)
    host = _WWW.sub("", parts.hostname or "", count=1)
    if not re.fullmatch(r"[\d.]+|.*:.*", host):
        host = ",".join(reversed(host.split(".")))
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    path = _one_spelling(parts.path).rstrip("/") or "/"
    query = "&".join(sorted(_one_spelling(parts.query).split("&")))
    return f"{host}{port}){path}{'?' if query else ''}{query}".lower()


def _one_spelling(text: str) -> str:
    return quote_from_bytes(unquote_to_bytes(text), safe="/!$&'()*+,;=:@-._~?")


# --- writing ------------------------------------------------------------------------------------------------


def write_index(path: Path, lines: Iterable[bytes]) -> None:
    """Writes the index of a file anew; a reader meets the old one or the new one. OSError: disk full."""
    place = beside(path, SUFFIX)
    new = place.with_name(f"{place.name}.{os.getpid()}.new")
    try:
        new.write_bytes(b"".join(sorted(lines)))
        new.replace(place)
    except OSError:
        with suppress(OSError):
            new.unlink()
        raise


def is_indexed(path: Path) -> bool:
    """Whether the file has an index, and was not written to since."""
    try:
        return beside(path, SUFFIX).stat().st_mtime_ns >= path.stat().st_mtime_ns
    except OSError:
        return False


# --- reading ------------------------------------------------------------------------------------------------


def find(directory: Path, url: str) -> list[Entry]:
    """The captures of an address, oldest first; those of just this spelling of it, if there are any."""
    wanted = {url, clean_url(url)}
    key = url_key(clean_url(url) or url)
    found = [entry for path in archive_files(directory) for entry in _in_file(path, key)]
    exact = [entry for entry in found if {entry.url, entry.requested_url} & wanted]
    return sorted(exact or found, key=lambda entry: (entry.fetched_at, entry.path, entry.offset))


def find_last(directory: Path, url: str, files: int) -> list[Entry]:
    """The captures of an address in the newest file that has any, oldest first, for those who cannot wait:
    only so many of the newest files are looked into, and those without an index are left out."""
    wanted, key = {url, clean_url(url)}, url_key(clean_url(url) or url)
    for path in reversed(archive_files(directory)[-files:]):
        found = _in_file(path, key) if is_indexed(path) else []
        exact = [entry for entry in found if {entry.url, entry.requested_url} & wanted]
        if found:
            return sorted(exact or found, key=lambda entry: (entry.fetched_at, entry.offset))
    return []


def _in_file(path: Path, key: str) -> list[Entry]:
    begin = f"{key} ".encode()
    if is_indexed(path):
        with beside(path, SUFFIX).open("rb") as file:
            return [_entry(line, path) for line in _lines(file, begin)]
    return [_entry(line, path) for line in _indexed_now(path) if line.startswith(begin)]


def _indexed_now(path: Path) -> list[bytes]:
    """The index of a file that has none; it is written where the file is whole."""
    lines: list[bytes] = []
    is_torn = False
    with path.open("rb") as file:
        for found in scan(file):
            if isinstance(found, Damage):
                is_torn = is_torn or found.is_tail
            elif entry := entry_of_record(found, path):
                lines += entry.lines()
    with suppress(OSError), unowned(path) as is_free:  # a read-only folder does without
        if is_free and not is_torn:
            write_index(path, lines)
    return lines


def _lines(file: BinaryIO, begin: bytes) -> Iterator[bytes]:
    """The lines of a sorted file that begin so, found by halving."""
    low, high = 0, file.seek(0, os.SEEK_END)
    while low < high:
        middle = (low + high) // 2
        _to_line(file, middle)
        line = file.readline()
        if line and line[: len(begin)] < begin:
            low = middle + 1
        else:
            high = middle
    _to_line(file, low)
    for line in file:
        if not line.startswith(begin):
            return
        yield line


def _to_line(file: BinaryIO, place: int) -> None:
    """Goes to the first line that begins at ``place`` or behind it."""
    file.seek(max(place - 1, 0))
    if place:
        file.readline()


def _entry(line: bytes, path: Path) -> Entry:
    _, when, fields = line.decode("utf-8").split(" ", 2)
    known = json.loads(fields)
    return Entry(
        url=known["url"],
        fetched_at=datetime.strptime(when, "%Y%m%d%H%M%S").replace(tzinfo=UTC),
        source=known["source"],
        status=int(known["status"]),
        mime=known["mime"],
        digest=known["digest"] if ":" in known["digest"] else f"sha1:{known['digest']}",
        path=path,
        offset=int(known["offset"]),
        length=int(known["length"]),
        requested_url=known.get("requested"),
    )
