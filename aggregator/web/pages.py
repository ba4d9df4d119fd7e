"""The search page, the documentation and the errors.

All pages for people are made on the server, whole without scripts, their state in the address.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from aggregator.persian.calendar import JALALI_MONTHS, WEEKDAYS
from aggregator.registry import Registry
from aggregator.search.results import SearchResult
from aggregator.store.codec import to_json
from aggregator.web import compare, views
from aggregator.web.api import ask, found_hits, service_of, unless_known
from aggregator.web.language import Language, language_of
from aggregator.web.parameters import Form, Nothing, PageParameters, each_once
from aggregator.web.problems import ProblemError
from aggregator.web.rendering import render, templates
from aggregator.web.stories import collapsed
from aggregator.web.words import FACETS, SORTS, explain, status_title

SHOWN_VALUES = 8  # of a facet at first
MORE_VALUES = 40  # that can be unfolded

router = APIRouter(include_in_schema=False, dependencies=[Depends(each_once)])
NoQuery = Annotated[Nothing, Query()]


# --- searching ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FacetLink:
    """A value of a facet: a link that chooses it, or that lets go of it."""

    label: str
    count: int | None
    url: str
    chosen: bool


@router.get("/")
async def search_page(request: Request, asked: Annotated[PageParameters, Query()]) -> Response:
    """What is found, and everything to narrow it down."""
    result, hits = await ask(request, lambda service: found_hits(service, asked.request()))
    return _search_page(request, asked.given(), result, collapsed(hits))


def _search_page(
    request: Request,
    state: dict[str, str],
    result: SearchResult | None,
    hits: Sequence[Mapping[str, Any]] = (),
    problem: ProblemError | None = None,
) -> Response:
    registry, language = service_of(request).workspace.registry, language_of(request)
    without = {name: value for name, value in state.items() if name not in ("size", "sort", "cursor")}
    months = [(month.month, month.count) for month in result.timeline] if result else []
    cursor = result.next_cursor if result else None
    return render(
        request,
        "search.html.j2",
        problem.status if problem else 200,
        state=state,
        result=result,
        hits=hits,
        notes=result.notes if result else (),
        problem=problem and explain(problem, language),
        facets=_facets(result, state, registry, language) if result else [],
        chips=_chips(state, registry, language),
        bars=views.timeline_bars(months, state, language.direction),
        bulletin_url="/bulletin?" + urlencode([("id", hit["id"]) for hit in hits]),
        months=JALALI_MONTHS,
        weekdays=WEEKDAYS,
        sorts=[
            (
                language.text(title),
                views.state_url(state, {"sort": None if name == "relevance" else name}),
                state.get("sort", "relevance") == name,
            )
            for name, title in SORTS.items()
        ],
        next_url=cursor and views.state_url(state, {"cursor": cursor}),
        first_url=views.state_url(state) if state.get("cursor") else None,
        feeds={form: views.state_url(without, path=f"/api/feed.{form}") for form in ("rss", "atom", "json")},
        exports={
            form: views.state_url(without, path=f"/api/export.{form}") for form in ("xlsx", "csv", "jsonl")
        },
        label=registry.label,
    )


def _facets(
    result: SearchResult, state: dict[str, str], registry: Registry, language: Language
) -> list[tuple[str, list[FacetLink], list[FacetLink]]]:
    """Title, first values and further ones of each facet that has any."""
    facets = []
    for name, title in FACETS.items():
        others = [of for of in result.facets.get(name, ()) if of.value != state.get(name)]
        values = [
            FacetLink(of.label, of.count, views.state_url(state, {name: of.value}), chosen=False)
            for of in others[: SHOWN_VALUES + MORE_VALUES]
        ]
        if name in state:
            shown = registry.label(state[name])
            values.insert(0, FacetLink(shown, None, views.state_url(state, {name: None}), chosen=True))
        if values:
            facets.append(
                (
                    language.text(title),
                    values[:SHOWN_VALUES],
                    values[SHOWN_VALUES : SHOWN_VALUES + MORE_VALUES],
                )
            )
    return facets


def _chips(state: dict[str, str], registry: Registry, language: Language) -> list[tuple[str, str, str]]:
    """Each filter that is in force: what it is, its value, and the address without it."""
    chips = [
        (language.text(title), registry.label(state[name]), views.state_url(state, {name: None}))
        for name, title in FACETS.items()
        if name in state
    ]
    for name, title in (("since", "از"), ("until", "تا")):
        if name in state:
            shown = language.digits(state[name])
            chips.append((language.text(title), shown, views.state_url(state, {name: None})))
    return chips


# --- documentation ------------------------------------------------------------------------------------------


@router.get("/docs")
async def docs_page(request: Request, _: NoQuery) -> Response:
    """The OpenAPI document, to read."""
    document: dict[str, Any] = request.app.state.openapi
    return render(request, "docs.html.j2", document=document, base=str(request.base_url))


@router.get("/api/openapi.json")
async def openapi_document(request: Request, _: NoQuery) -> Response:
    """The OpenAPI document."""
    return unless_known(request, to_json(request.app.state.openapi), "application/json")


@router.get("/opensearch.xml")
async def opensearch(request: Request, _: NoQuery) -> Response:
    """What browsers need to search here from their address bar."""
    text = templates().get_template("opensearch.xml.j2").render(base=str(request.base_url))
    return unless_known(request, text, "application/opensearchdescription+xml; charset=utf-8")


# --- errors -------------------------------------------------------------------------------------------------


def error_page(request: Request, problem: ProblemError) -> Response:
    """What went wrong, for people. A search that cannot be read keeps its form."""
    wrong = problem.status in (400, 422) and "app" in request.scope
    if wrong and request.url.path == "/":
        return _search_page(request, {**_given(request, PageParameters), "cursor": ""}, None, problem=problem)
    if wrong and request.url.path == "/compare":
        return compare.compare_form(request, _given(request, compare.CompareParameters), None, problem)
    answer = render(
        request,
        "error.html.j2",
        problem.status,
        title=status_title(problem.status, language_of(request)),
        problem=problem,
    )
    answer.headers.update(problem.headers)
    return answer


def _given(request: Request, form: type[Form]) -> dict[str, str]:
    """What of the parameters belongs to the form."""
    given = request.query_params.items()
    return {name: value for name, value in given if name in form.model_fields and value}
