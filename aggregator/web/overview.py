"""The overview pages: who publishes, and how much, against its own past."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from aggregator.model import Organisation
from aggregator.persian.calendar import jalali_month
from aggregator.registry import Registry
from aggregator.search.results import FacetValue, SearchRequest, SearchResult
from aggregator.web import months, views
from aggregator.web.api import ask, service_of
from aggregator.web.language import Language, language_of
from aggregator.web.parameters import Nothing, each_once
from aggregator.web.problems import ProblemError
from aggregator.web.rendering import render
from aggregator.web.service import persian_key
from aggregator.web.words import KINDS

LATEST = 10  # articles
MENTIONED = 12  # names

router = APIRouter(include_in_schema=False, dependencies=[Depends(each_once)])
NoQuery = Annotated[Nothing, Query()]


# --- all of them --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Branch:
    """An organisation with those that belong to it, in Persian order."""

    organisation: Organisation
    count: int  #: its own articles
    total: int  #: with those of its offices
    offices: tuple["Branch", ...]


def tree(organisations: Iterable[Organisation], counts: Mapping[str, int]) -> list[Branch]:
    """The organisations that belong to none, with all below them."""
    known = {one.id: one for one in organisations}
    below: dict[str | None, list[Organisation]] = {}
    for one in known.values():
        below.setdefault(one.parent if one.parent in known else None, []).append(one)
    return _branches(None, below, counts)


def _branches(
    parent: str | None, below: Mapping[str | None, list[Organisation]], counts: Mapping[str, int]
) -> list[Branch]:
    branches = []
    for one in sorted(below.get(parent, ()), key=lambda one: persian_key(one.name)):
        offices = tuple(_branches(one.id, below, counts))
        own = counts.get(one.id, 0)
        branches.append(Branch(one, own, own + sum(office.total for office in offices), offices))
    return branches


@router.get("/organisations")
async def organisations_page(request: Request, _: NoQuery) -> Response:
    """Everybody who publishes, and the provinces, with how many articles are theirs."""
    result: SearchResult = await ask(request, lambda service: service.search(SearchRequest(size=0)))
    registry = service_of(request).workspace.registry
    provinces = _counts(result, "province")
    return render(
        request,
        "organisations.html.j2",
        branches=tree(registry.organisations.values(), _counts(result, "organisation")),
        provinces=[
            (one, provinces.get(one.id, 0))
            for one in sorted(registry.provinces.values(), key=lambda one: persian_key(one.name))
        ],
        total=result.total,
    )


def _counts(result: SearchResult, facet: str) -> dict[str, int]:
    return {value.value: value.count for value in result.facets.get(facet, ())}


# --- one of them --------------------------------------------------------------------------------------------


@router.get("/organisations/{id}")
async def organisation_page(request: Request, id: str, _: NoQuery) -> Response:
    """An organisation with its offices."""
    registry = service_of(request).workspace.registry
    known = registry.organisations.get(id)
    if known is None:
        raise ProblemError(404, "there is no organisation with this id", parameter="id")
    offices = [one for one in registry.organisations.values() if one.parent == id]
    return await _overview(
        request,
        "organisation",
        id,
        title=known.name,
        title_en=known.name_en,
        kind=KINDS[known.kind],
        parent=registry.organisations.get(known.parent or ""),
        province=registry.provinces.get(known.province or ""),
        offices=sorted(offices, key=lambda one: persian_key(one.name)),
        sources=[source.id for source in registry.sources.values() if source.organisation == id],
    )


@router.get("/provinces/{id}")
async def province_page(request: Request, id: str, _: NoQuery) -> Response:
    """A province: all that works for it."""
    registry = service_of(request).workspace.registry
    known = registry.provinces.get(id)
    if known is None:
        raise ProblemError(404, "there is no province with this id", parameter="id")
    offices = [one for one in registry.organisations.values() if one.province == id]
    return await _overview(
        request,
        "province",
        id,
        title=known.name,
        title_en=known.name_en,
        kind="استان",
        parent=None,
        province=None,
        offices=sorted(offices, key=lambda one: persian_key(one.name)),
        sources=[],
    )


async def _overview(request: Request, field: str, id: str, **shown: Any) -> Response:
    wanted = SearchRequest(size=LATEST, sort="date", **{field: id})  # type: ignore[arg-type]
    result: SearchResult = await ask(request, lambda service: service.search(wanted))
    registry, language = service_of(request).workspace.registry, language_of(request)
    counts = {month.month: month.count for month in result.timeline}
    mentioned = [value for value in result.facets.get("mentions", ()) if value.value != id]
    return render(
        request,
        "overview.html.j2",
        field=field,
        result=result,
        hits=result.to_json()["hits"],
        own=_counts(result, "organisation"),
        drawing=draw_activity(counts, jalali_month(datetime.now(UTC)), language),
        organisations=_mentioned(mentioned, registry.organisations.__contains__, field, id),
        provinces=_mentioned(mentioned, registry.provinces.__contains__, field, id),
        search_url=views.state_url({field: id, "sort": "date"}),
        mentions_url=views.state_url({"mentions": id}),
        compare_url=views.state_url({"a": compared(registry, field, id)}, path="/compare"),
        label=registry.label,
        **shown,
    )


def compared(registry: Registry, field: str, id: str) -> str:
    """The query that finds what an overview counts."""
    name = registry.label(id)
    return f'{"سازمان" if field == "organisation" else "استان"}:"{name}"'


def _mentioned(
    values: Iterable[FacetValue], is_one: Callable[[str], bool], field: str, id: str
) -> list[tuple[FacetValue, str]]:
    """The most mentioned, with the search for where they are."""
    chosen = [value for value in values if is_one(value.value)][:MENTIONED]
    return [(value, views.state_url({field: id, "mentions": value.value})) for value in chosen]


@dataclass(frozen=True, slots=True)
class Drawing:
    """An activity as it is drawn: each month with its column, its bar and the mark of a year before."""

    bars: list[tuple[months.Activity, months.Column, float, float | None]]
    means: list[str]  #: points of the line of the means
    highest: float


def draw_activity(counts: Mapping[str, int], now: str, language: Language) -> Drawing | None:
    """The months up to now, or up to the last with an article; None: there is none at all."""
    if not counts:
        return None
    found = months.activity(counts, months.last_month(counts, now))
    highest = max(max(one.count, one.year_before or 0, one.mean or 0) for one in found)
    places = months.columns(len(found), language.direction)
    bars = [
        (
            one,
            place,
            months.height_of(one.count, highest),
            None if one.year_before is None else months.level_of(one.year_before, highest),
        )
        for one, place in zip(found, places, strict=True)
    ]
    points = [
        None if one.mean is None else (place.middle, months.level_of(one.mean, highest))
        for one, place in zip(found, places, strict=True)
    ]
    return Drawing(bars, months.lines_through(points), highest)
