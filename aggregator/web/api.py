"""``/api``: what programs ask. The shapes are in ``answers``."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Annotated, Any, cast
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from aggregator.changes import edits_record
from aggregator.model import Organisation, StoredArticle, iso_or_none
from aggregator.record import to_record
from aggregator.search.results import SearchRequest, SearchResult
from aggregator.store.codec import to_json
from aggregator.web import answers
from aggregator.web.parameters import Nothing, SearchParameters, Selection, each_once
from aggregator.web.service import Service, SourceStatus
from aggregator.web.work import Work

#: What any request may be answered with instead.
PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: {"model": answers.Problem, "description": "The token is missing or wrong, where one is asked for"},
    422: {"model": answers.Problem, "description": "A parameter is unknown, missing or wrong; it is named"},
    429: {"model": answers.Problem, "description": "Too many requests; Retry-After says when to come back"},
    503: {"model": answers.Problem, "description": "The index or the database is away, or it took too long"},
}
BAD_QUERY: dict[int | str, dict[str, Any]] = {
    400: {"model": answers.Problem, "description": "The query makes no sense, at `position`; or the cursor"}
}
UNKNOWN: dict[int | str, dict[str, Any]] = {
    404: {"model": answers.Problem, "description": "There is no such article"}
}
UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "Unchanged (If-None-Match)"}}

router = APIRouter(prefix="/api", responses=PROBLEMS, dependencies=[Depends(each_once)])

Id = Annotated[str, Path(description="Id of an article", examples=[answers.ARTICLE_ID], max_length=100)]
NoQuery = Annotated[Nothing, Query()]


def service_of(request: Request) -> Service:
    return cast(Service, request.app.state.service)


async def ask(request: Request, function: Callable[[Service], Any]) -> Any:
    """Runs what blocks with the service, within the time limit."""
    work = cast(Work, request.app.state.work)
    service = service_of(request)
    return await work.run(lambda: function(service))


def json_answer(value: Any, headers: Mapping[str, str] | None = None) -> Response:
    return Response(to_json(value), 200, headers, "application/json")


def unless_known(request: Request, body: str, media_type: str) -> Response:
    """The answer with an entity tag; 304 for a client that has it already (RFC 9110)."""
    tag = f'W/"{hashlib.blake2b(body.encode(), digest_size=12).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    known = request.headers.get("if-none-match", "")
    opaque = {one.strip().removeprefix("W/") for one in known.split(",")}
    if known.strip() == "*" or tag.removeprefix("W/") in opaque:
        return Response(None, 304, headers)
    return Response(body, 200, headers, media_type)


# --- searches -----------------------------------------------------------------------------------------------


@router.get("/search", response_model=answers.SearchAnswer, responses=BAD_QUERY, tags=["search"])
async def search(request: Request, asked: Annotated[SearchParameters, Query()]) -> Response:
    """Find articles. `Link: <…>; rel="next"` leads to the next page."""
    result, hits = await ask(request, lambda service: found_hits(service, asked.request()))
    links = [_link(request, asked.given() | {"cursor": ""}, "first")]
    if result.next_cursor:
        links.append(_link(request, asked.given() | {"cursor": result.next_cursor}, "next"))
    return json_answer(result.to_json() | {"hits": hits}, {"Link": ", ".join(links)})


def found_hits(service: Service, wanted: SearchRequest) -> tuple[SearchResult, list[dict[str, Any]]]:
    """What is found, and the hits as the API tells them."""
    result = service.search(wanted)
    return result, service.hits(result)


def _link(request: Request, given: Mapping[str, str], relation: str) -> str:
    query = urlencode({name: value for name, value in given.items() if value})
    return f'<{request.url.path}{f"?{query}" if query else ""}>; rel="{relation}"'


@router.get("/stats", response_model=answers.StatsAnswer, responses=BAD_QUERY, tags=["search"])
async def stats(request: Request, asked: Annotated[Selection, Query()]) -> Response:
    """Count what a search finds by day, Jalali month, organisation and province."""
    return json_answer(await ask(request, lambda service: _stats(service, asked)))


def _stats(service: Service, asked: Selection) -> dict[str, Any]:
    wanted = asked.request(size=0)
    result = service.search(wanted)
    days = service.days(wanted, result)
    found = result.to_json()
    return {
        "total": result.total,
        "days": days
        and [{"day": one.day.isoformat(), "jalali": one.jalali, "count": one.count} for one in days],
        "months": found["timeline"],
        "organisations": found["facets"].get("organisation", []),
        "provinces": found["facets"].get("province", []),
        "notes": found["notes"],
    }


# --- articles -----------------------------------------------------------------------------------------------


@router.get(
    "/articles/{id}",
    response_model=answers.ArticleAnswer,
    responses={**UNKNOWN, **UNCHANGED},
    tags=["articles"],
)
async def article(request: Request, id: Id, _: NoQuery) -> Response:
    """One article in its current revision: the export record, and where each field came from."""
    stored: StoredArticle = await ask(request, lambda service: service.article(id))
    record = to_record(stored) | {"provenance": dict(stored.article.provenance)}
    return unless_known(request, to_json(record), "application/json")


@router.get(
    "/articles/{id}/revisions",
    response_model=answers.RevisionsAnswer,
    responses={**UNKNOWN, **UNCHANGED},
    tags=["articles"],
)
async def revisions(request: Request, id: Id, _: NoQuery) -> Response:
    """What was edited in an article since it was collected, sentence by sentence, and its deletion."""
    stored, edits = await ask(request, lambda service: (service.article(id), service.edits(id)))
    return unless_known(request, to_json(edits_record(stored, edits)), "application/json")


# --- who publishes ------------------------------------------------------------------------------------------


@router.get("/organisations", response_model=answers.OrganisationsAnswer, tags=["registry"])
async def organisations(request: Request, _: NoQuery) -> Response:
    """All organisations of the registry."""
    found = await ask(request, lambda service: service.organisations())
    return json_answer({"organisations": [_organisation(one, count) for one, count in found]})


def _organisation(one: Organisation, count: int) -> dict[str, Any]:
    return asdict(one) | {"articles": count}


@router.get("/sources", response_model=answers.SourcesAnswer, tags=["registry"])
async def sources(request: Request, _: NoQuery) -> Response:
    """All sources, and how each fares; at most a minute old."""
    found = await ask(request, lambda service: service.sources())
    return json_answer({"sources": [_source(one) for one in found]})


def _source(one: SourceStatus) -> dict[str, Any]:
    return asdict(one) | {
        "newest": iso_or_none(one.newest),
        "last_success": iso_or_none(one.last_success),
    }
