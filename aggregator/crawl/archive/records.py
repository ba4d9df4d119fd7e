"""From a page to the records of its capture, and back."""

import io
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from aggregator import __version__
from aggregator.model import Page, SentRequest
from aggregator.store.codec import decode_link, encode_link

GZIP = 16 + zlib.MAX_WBITS
_LEVEL = 4  # a third of the time of zlib's 9 (warcio's own choice), for a tenth more bytes

# The body is kept unpacked: these speak of how it travelled and would make a reader unpack it once more.
_TRAVEL = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_ORIGINAL = "x-archive-orig-"
_SOURCE, _REQUESTED, _LINK = "Aggregator-Source", "Aggregator-Requested-URI", "Aggregator-Link"


@dataclass(frozen=True, slots=True)
class Capture:
    """The records of one page, each a gzip member."""

    response: bytes
    request: bytes  #: b"" where it is not known what was sent
    digest: str  #: of the body, as in the record: ``sha1:…``


def captured(page: Page) -> Capture:
    """The records of a page. The response comes first: if a kill tears the pair, the page is whole."""
    out = io.BytesIO()
    writer = _writer(out)
    record = writer.create_warc_record(
        page.url,
        "response",
        payload=io.BytesIO(page.body),
        length=len(page.body),
        http_headers=_HttpHeaders(_status_line(page.status), _packed(page), protocol="HTTP/1.1"),
        warc_headers_dict=_warc_fields(page),
    )
    writer.write_record(record)
    fields = record.rec_headers
    request = b"" if page.sent is None else _request(page, page.sent, fields.get_header("WARC-Record-ID"))
    return Capture(_compress(out.getvalue()), request, fields.get_header("WARC-Payload-Digest"))


def info_record(name: str, user_agent: str) -> bytes:
    """The first record of a file: who made it."""
    out = io.BytesIO()
    writer = _writer(out)
    info = {
        "software": f"persian-news-aggregator/{__version__}",
        "format": "WARC File Format 1.1",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "robots": "obey",
        "http-header-user-agent": user_agent,
    }
    writer.write_record(writer.create_warcinfo_record(name, info))
    return _compress(out.getvalue())


def page_of_record(record: Any) -> Page | None:
    """The page of a record that was read to its end; None where it is no answer to a request."""
    if record.rec_type != "response" or not record.http_headers:
        return None
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


class _HttpHeaders(StatusAndHeaders):  # type: ignore[misc]
    """Headers written in UTF-8. warcio percent-encodes what is not ASCII, which cannot be undone."""

    def compute_headers_buffer(self, header_filter: Any = None) -> None:
        self.headers_buff = self.to_bytes(header_filter)


def _writer(out: io.BytesIO) -> Any:
    return WARCWriter(out, gzip=False, warc_version="WARC/1.1")


def _request(page: Page, sent: SentRequest, response_id: str) -> bytes:
    out = io.BytesIO()
    writer = _writer(out)
    parts = urlsplit(page.url)
    target = (parts.path or "/") + ("?" + parts.query if parts.query else "")
    headers = _one_line_each(({"host": parts.netloc.rpartition("@")[2]} | dict(sent.headers)).items())
    fields = {"WARC-Date": _warc_date(page), "WARC-Concurrent-To": response_id}
    writer.write_record(
        writer.create_warc_record(
            page.url,
            "request",
            payload=io.BytesIO(sent.body),
            length=len(sent.body),
            http_headers=_HttpHeaders(f"{sent.method} {target} HTTP/1.1", headers, is_http_request=True),
            warc_headers_dict=fields,
        )
    )
    return _compress(out.getvalue())


def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _warc_fields(page: Page) -> dict[str, str]:
    fields = {"WARC-Date": _warc_date(page), _SOURCE: page.source}
    if page.requested_url is not None:
        fields[_REQUESTED] = page.requested_url
    if page.link is not None:
        fields[_LINK] = encode_link(page.link)
    return fields


def _warc_date(page: Page) -> str:
    return page.fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _packed(page: Page) -> list[tuple[str, str]]:
    named = ((_ORIGINAL + name if name in _TRAVEL else name, value) for name, value in page.headers.items())
    return [*_one_line_each(named), ("content-length", str(len(page.body)))]


def _one_line_each(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, re.sub(r"[\r\n]+", " ", value)) for name, value in headers]


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


def _compress(record: bytes) -> bytes:
    compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, GZIP)
    return compressor.compress(record) + compressor.flush()
