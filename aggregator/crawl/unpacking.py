"""Taking the Content-Encoding off a body within bounds: a bomb costs no more than the limit. Pure.

Scrapy's own takes a stream that was cut off for a whole one, and gives up a page whose label is wrong.
"""

import zlib
from collections.abc import Callable, Sequence

import brotli

from aggregator.limits import MAX_CODINGS

ACCEPTED = "gzip, deflate, br"  #: as the request tells it

_GZIP = b"\x1f\x8b"
_PIECE = 2**16  #: bytes handed to a decoder, and taken from it, at once
_GZIP_TRAILER = 8  #: bytes of checksum and length at the end of a gzip


class TooLargeError(Exception):
    """The unpacked body is larger than the limit, or packed more often than anybody does."""


class TornError(Exception):
    """The packed stream ends too early or is damaged: what is there is not the whole body."""


def unpack(body: bytes, codings: Sequence[str], limit: int, *, cut: bool = False) -> tuple[bytes, list[str]]:
    """The body without those codings that are known, and the names of the others, innermost last.

    ``codings``: as in Content-Encoding, the last one was applied last. ``limit``: bytes of the result; more
    raise TooLargeError or, with ``cut``, are left away, and then a torn stream is no error either. TornError
    for a stream that is not whole. What is not packed at all, whatever its label says, stays as it is.
    """
    remaining = [name for name in codings if name != "identity"]
    if len(remaining) > MAX_CODINGS:
        raise TooLargeError(f"packed {len(remaining)} times")
    while remaining and (decode := _DECODERS.get(remaining[-1])):
        remaining.pop()
        pieces = _Pieces(limit, cut)
        try:
            decode(body, pieces)
        except _FullError:
            pass
        except TornError:
            if not cut:
                raise
        body = pieces.joined()
    return body, remaining


class _FullError(Exception):
    """As much as is wanted has been unpacked."""


class _Pieces:
    """What was unpacked so far."""

    def __init__(self, limit: int, cut: bool):
        self._limit, self._cut = limit, cut
        self._whole = bytearray()

    def add(self, piece: bytes) -> None:
        self._whole += piece
        if len(self._whole) > self._limit:
            if not self._cut:
                raise TooLargeError(f"larger than {self._limit} bytes when unpacked")
            del self._whole[self._limit :]
            raise _FullError

    def joined(self) -> bytes:
        return bytes(self._whole)


def _gunzip(body: bytes, pieces: _Pieces) -> None:
    """One gzip stream or several, one after the other; what follows them and is none is padding."""
    if not body.startswith(_GZIP):
        pieces.add(body)
        return
    while body.startswith(_GZIP):
        body = _inflate_stream(body, _gzip_head(body), pieces)[_GZIP_TRAILER:]


def _gzip_head(body: bytes) -> int:
    """Length of a gzip's header (RFC 1952). TornError where it does not end."""
    flags, place = (body[3] if len(body) > 3 else 0), 10
    if flags & 4:  # extra field
        place += 2 + int.from_bytes(body[place : place + 2], "little")
    for flag in (8, 16):  # file name, comment
        if flags & flag:
            end = body.find(0, place)
            place = end + 1 if end >= 0 else len(body)
    place += 2 if flags & 2 else 0  # checksum of the header
    if place >= len(body):
        raise TornError("the packed stream is cut off")
    return place


def _inflate(body: bytes, pieces: _Pieces) -> None:
    """A zlib stream or, as some servers understand the word, a bare one."""
    if len(body) > 1 and body[0] & 0x0F == 8 and int.from_bytes(body[:2]) % 31 == 0:
        _inflate_stream(body, 2, pieces)
    elif body.lstrip().startswith(b"<"):
        pieces.add(body)
    else:
        _inflate_stream(body, 0, pieces)


def _inflate_stream(body: bytes, start: int, pieces: _Pieces) -> bytes:
    """Unpacks the bare stream that begins at ``start``; returns what stands after it.

    Checksums are not looked at: careless servers send wrong ones or none, and the stream tells its own end.
    """
    unpacker = zlib.decompressobj(wbits=-15)
    view = memoryview(body)
    try:
        for place in range(start, len(view), _PIECE):
            data: bytes | memoryview = view[place : place + _PIECE]
            while data and not unpacker.eof:
                pieces.add(unpacker.decompress(data, _PIECE))
                data = unpacker.unconsumed_tail
            if unpacker.eof:
                return unpacker.unused_data + bytes(view[place + _PIECE :])
        while not unpacker.eof and (piece := unpacker.decompress(b"", _PIECE)):
            pieces.add(piece)
    except zlib.error as error:
        raise TornError(str(error)) from None
    if not unpacker.eof:
        raise TornError("the packed stream is cut off")
    return b""


def _unbrotli(body: bytes, pieces: _Pieces) -> None:
    if body.lstrip()[:2] in (b"<!", b"<h", b"<H", b"<?"):
        pieces.add(body)
        return
    unpacker = brotli.Decompressor()
    try:
        pieces.add(unpacker.process(body, output_buffer_limit=_PIECE))
        while not unpacker.is_finished():
            piece = unpacker.process(b"", output_buffer_limit=_PIECE)
            if not piece:
                raise TornError("the packed stream is cut off")
            pieces.add(piece)
    except brotli.error as error:
        raise TornError(str(error)) from None


_DECODERS: dict[str, Callable[[bytes, _Pieces], None]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
}
