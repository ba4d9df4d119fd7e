"""Record after record through a WARC file, also through one that is damaged.

The checksum of a gzip member says whether a record is whole. Behind damage the next whole member is looked
for, so that bad bytes cost the records they hit and no other.
"""

import io
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator

from aggregator.crawl.archive.records import GZIP

_CHUNK = 2**16
_MAGIC = b"\x1f\x8b\x08"
_PLAIN = b"WARC/"


@dataclass(frozen=True, slots=True)
class Found:
    """A whole record."""

    record: Any  #: warcio's; its ``raw_stream`` is in memory, at the beginning of what follows HTTP headers
    offset: int  #: of its gzip member in the file
    length: int | None  #: of the member; None where the record has none of its own
    digests_agree: bool  #: False: it says another checksum of its content than it has


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that hold no whole record."""

    offset: int
    length: int
    reason: str
    is_tail: bool  #: no record at all begins or stands behind: what a kill or a power cut leaves


class _TornError(Exception):
    """The file ends within a record."""


def scan(file: BinaryIO, *, start: int = 0, check_digests: bool = False) -> Iterator[Found | Damage]:
    """The records of a WARC file in their order: gzipped each, as one stream, or not at all.

    ``start``: where to begin, the offset of a record.

    In memory is one record at a time. Whatever the bytes are, nothing is raised but OSError.
    """
    size = file.seek(0, os.SEEK_END)
    offset, damage = start, None
    while offset < size:
        gave = False
        try:
            member = _member(file, offset)
            for found in _records(member, check_digests):
                if damage is not None:
                    yield Damage(damage[0], offset - damage[0], damage[1], is_tail=False)
                    damage = None
                gave = True
                yield found
        except Exception as error:  # on torn bytes warcio stumbles in many ways
            following = _next_member(file, offset + 1)
            if gave:  # one stream of many records: what of it is bad cannot be told
                yield Damage(offset, (following or size) - offset, _reason(error), is_tail=False)
            elif damage is None:
                damage = offset, _reason(error)
            offset = following or size
        else:
            offset += member.taken
    if damage is not None:
        yield Damage(damage[0], size - damage[0], damage[1], is_tail=True)


def unpacked(file: BinaryIO, found: Found) -> bytes:
    """The bytes of a record that is a gzip member: its headers and all."""
    file.seek(found.offset)
    return zlib.decompress(file.read(found.length or 0), GZIP)


class _Member:
    """One gzip member as a file to read from. zlib.error: bad bytes."""

    def __init__(self, file: BinaryIO, offset: int):
        self._file, self.offset, self.taken = file, offset, 0
        self._unpacker = zlib.decompressobj(GZIP)
        file.seek(offset)

    def read(self, size: int = _CHUNK) -> bytes:
        """b"" only at its end, when the checksum has been found right."""
        while not self._unpacker.eof:
            packed = self._unpacker.unconsumed_tail or self._file.read(_CHUNK)
            if not packed:
                raise _TornError("the file ends within a record")
            data = self._unpacker.decompress(packed, size)
            self.taken += len(packed) - len(self._unpacker.unconsumed_tail or self._unpacker.unused_data)
            if data:
                return data
        return b""


class _Plain:
    """The rest of a file that is not packed."""

    def __init__(self, file: BinaryIO, offset: int):
        self._file, self.offset, self.taken = file, offset, 0
        file.seek(offset)

    def read(self, size: int = _CHUNK) -> bytes:
        data = self._file.read(size)
        self.taken += len(data)
        return data


def _member(file: BinaryIO, offset: int) -> "_Member | _Plain":
    file.seek(offset)
    begin = file.read(len(_MAGIC))
    if begin == _MAGIC:
        return _Member(file, offset)
    if offset == 0 and _PLAIN.startswith(begin):
        return _Plain(file, offset)
    raise _TornError("no record begins here")


def _records(member: _Member | _Plain, check_digests: bool) -> Iterator[Found]:
    """The records of a member, each when the next, or the member's end, has proved it to be whole."""
    held: Any = None
    is_single = isinstance(member, _Member)
    for record in ArchiveIterator(member, check_digests=check_digests):
        if held is not None:
            is_single = False
            yield _found(held, member.offset, None)
        held = _loaded(record)
    while member.read():
        pass
    if held is None:
        raise _TornError("no WARC record")
    yield _found(held, member.offset, member.taken if is_single else None)


def _found(record: Any, offset: int, length: int | None) -> Found:
    record.raw_stream.seek(0)  # warcio has been through it once more, looking for the end
    return Found(record, offset, length, record.digest_checker.passed is not False)


def _loaded(record: Any) -> Any:
    expected = record.payload_length if record.payload_length >= 0 else record.length
    content = record.raw_stream.read()
    if expected is not None and len(content) != expected:
        raise _TornError(f"{len(content)} bytes of {expected}")
    record.raw_stream = io.BytesIO(content)
    return record


def _next_member(file: BinaryIO, offset: int) -> int | None:
    """Where the next gzip member may begin."""
    file.seek(offset)
    kept = b""
    while chunk := file.read(_CHUNK):
        kept += chunk
        place = kept.find(_MAGIC)
        if place >= 0:
            return offset + place
        offset += len(kept) - 2
        kept = kept[-2:]
    return None


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
