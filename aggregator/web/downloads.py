"""``/api/export.*`` and ``/api/feed.*``: any search as a file, and as a feed."""

import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from aggregator.exchange import FEED_TITLE, csv_lines, jsonl_lines, rss_lines, xml_element
from aggregator.model import iso_utc
from aggregator.persian.calendar import instant_of_day
from aggregator.record import Record
from aggregator.spreadsheet import MEDIA_TYPE, xlsx_chunks
from aggregator.store.codec import to_json
from aggregator.web.api import BAD_QUERY, PROBLEMS, UNCHANGED, ask, service_of, unless_known
from aggregator.web.parameters import FeedParameters, Selection, each_once
from aggregator.web.problems import try_later
from aggregator.web.service import EXPORT_LIMIT, Service
from aggregator.web.views import web_address

EXPORTS_AT_ONCE = 4
CHUNK = 100  # records sent together

router = APIRouter(prefix="/api", responses=PROBLEMS, dependencies=[Depends(each_once)], tags=["downloads"])

# --- exports ------------------------------------------------------------------------------------------------

Chunks = Callable[[Iterable[Record], Callable[[str], str]], Generator[bytes]]

_slots = threading.BoundedSemaphore(EXPORTS_AT_ONCE)


def _chunks(lines: Callable[[Iterable[Record]], Iterator[str]]) -> Chunks:
    """Lines that are sent many at once."""

    def chunks(records: Iterable[Record], _label: Callable[[str], str]) -> Generator[bytes]:
        made = lines(records)
        while chunk := "".join(islice(made, CHUNK)):
            yield chunk.encode()

    return chunks


_EXPORTS: dict[str, tuple[str, Chunks]] = {
    "jsonl": ("application/x-ndjson; charset=utf-8", _chunks(jsonl_lines)),
    "csv": ("text/csv; charset=utf-8", _chunks(csv_lines)),
    "xlsx": (MEDIA_TYPE, xlsx_chunks),
}


class _Export(StreamingResponse):
    """Gives its slot back however it ends, also when the client goes away; and what it is made with."""

    def __init__(self, chunks: Generator[bytes], headers: dict[str, str], media_type: str) -> None:
        super().__init__(chunks, 200, headers, media_type)
        self._chunks = chunks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            _slots.release()
            self._chunks.close()


@router.get(
    "/export.{form}",
    response_class=Response,
    responses={
        **BAD_QUERY,
        200: {
            "description": "A record a line, a table with a byte order mark as Excel needs it, or a workbook",
            "content": {"application/x-ndjson": {}, "text/csv": {}, MEDIA_TYPE: {}},
        },
    },
)
async def export(
    request: Request,
    form: Annotated[Literal["jsonl", "csv", "xlsx"], Path()],
    asked: Annotated[Selection, Query()],
) -> Response:
    """All that a search finds, newest first, as a stream. An export that breaks off has no proper end."""
    media_type, chunks = _EXPORTS[form]
    if not _slots.acquire(blocking=False):
        raise try_later(f"{EXPORTS_AT_ONCE} exports are under way: wait until one has ended")
    try:
        records = await ask(request, lambda service: _records(service, asked))
    except BaseException:
        _slots.release()
        raise
    headers = {"Content-Disposition": f'attachment; filename="news.{form}"', "Cache-Control": "no-store"}
    label = service_of(request).workspace.registry.label
    return _Export(chunks(records, label), headers, media_type)


export.__doc__ = f"{export.__doc__} At most {EXPORT_LIMIT:,} articles."


def _records(service: Service, asked: Selection) -> Iterator[Record]:
    return service.records(service.export_ids(asked.request()))


# --- feeds --------------------------------------------------------------------------------------------------

Form = Literal["rss", "atom", "json"]
FEED_TYPES: dict[str, str] = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}


@router.get(
    "/feed.{form}",
    response_class=Response,
    responses={
        **BAD_QUERY,
        **UNCHANGED,
        200: {
            "description": "RSS 2.0, Atom 1.0 or JSON Feed 1.1",
            "content": {t: {} for t in FEED_TYPES.values()},
        },
    },
)
async def feed(
    request: Request, form: Annotated[Form, Path()], asked: Annotated[FeedParameters, Query()]
) -> Response:
    """The newest articles of a search, with their whole text, for feed readers."""
    return await feed_answer(request, form, asked, f"{FEED_TITLE}: {asked.q}" if asked.q else FEED_TITLE)


async def feed_answer(request: Request, form: Form, asked: FeedParameters, title: str) -> Response:
    """A feed under this title."""
    newest = await ask(request, lambda service: _newest(service, asked))
    given = {name: value for name, value in asked.given().items() if name != "size"}
    base = str(request.base_url)
    records = [linked(record, base) for record in newest]
    body = _FEEDS[form](records, title, f"{base}?{urlencode(given)}" if given else base, str(request.url))
    return unless_known(request, body, f"{FEED_TYPES[form]}; charset=utf-8")


def _newest(service: Service, asked: FeedParameters) -> list[Record]:
    result = service.search(asked.request(sort="date", size=asked.size))
    return list(service.records(hit.id for hit in result.hits))


def linked(record: Record, base: str) -> Record:
    """For readers who click: ``javascript:`` and the like give way to our own page, or to nothing."""
    return record | {
        "url": web_address(record["url"]) or f"{base}articles/{record['id']}",
        "main_image": web_address(record["main_image"]),
    }


def _rss(records: list[Record], title: str, link: str, _own: str) -> str:
    return "".join(rss_lines(records, title=title, link=link))


def _atom(records: list[Record], title: str, link: str, own: str) -> str:
    updated = max((_changed(record) for record in records), default="1970-01-01T00:00:00Z")
    head = (
        xml_element("title", title)
        + xml_element("id", own)
        + xml_element("updated", updated)
        + f'<link rel="alternate" href={_quoted(link)}/><link rel="self" href={_quoted(own)}/>'
    )
    entries = "\n".join(f"<entry>{''.join(_entry(record))}</entry>" for record in records)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fa">\n'
        f"{head}\n{entries}\n</feed>\n"
    )


def _entry(record: Record) -> Iterator[str]:
    yield xml_element("title", record["headline"])
    yield xml_element("id", f"urn:persian-news:{record['id']}")
    yield f"<link href={_quoted(record['url'])}/>"
    yield xml_element("published", _instant(record["date_published"]))
    yield xml_element("updated", _changed(record))
    for name in record["authors"] or [record["organisation"] or record["source"]]:
        yield f"<author>{xml_element('name', name)}</author>"
    if record["section"]:
        yield f"<category term={_quoted(record['section'])}/>"
    yield xml_element("summary", _summary(record))
    yield xml_element("content", record["body"], ' type="text"')


def _quoted(text: str) -> str:
    """An attribute's value with its quotation marks."""
    inside = xml_element("a", text).removeprefix("<a>").removesuffix("</a>").replace('"', "&quot;")
    return f'"{inside}"'


def _json_feed(records: list[Record], title: str, link: str, own: str) -> str:
    return to_json(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": title,
            "home_page_url": link,
            "feed_url": own,
            "language": "fa",
            "items": [_item(record) for record in records],
        }
    )


def _item(record: Record) -> dict[str, Any]:
    item = {
        "id": record["id"],
        "url": record["url"],
        "title": record["headline"],
        "content_text": record["body"],
        "summary": _summary(record),
        "image": record["main_image"],
        "date_published": _instant(record["date_published"]),
        "date_modified": _instant(record["date_modified"]),
        "authors": [{"name": name} for name in record["authors"]],
        "tags": [*filter(None, (record["section"],)), *record["keywords"]],
    }
    return {name: value for name, value in item.items() if value or name == "content_text"}


def _summary(record: Record) -> str:
    return str(record["lead"] or record["body"].partition("\n")[0])


def _changed(record: Record) -> str:
    return (
        _instant(record["date_modified"]) or _instant(record["date_published"]) or str(record["first_seen"])
    )


def _instant(given: str | None) -> str | None:
    """The date of a record, an instant or a day in Tehran, as an instant in UTC."""
    if given is None:
        return None
    if len(given) == len("2020-06-09"):
        return iso_utc(instant_of_day(date.fromisoformat(given)))
    return iso_utc(datetime.fromisoformat(given))


_FEEDS: dict[Form, Callable[[list[Record], str, str, str], str]] = {
    "rss": _rss,
    "atom": _atom,
    "json": _json_feed,
}
