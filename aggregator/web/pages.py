"""The pages for people: made on the server, whole without scripts, their state in the address."""

from dataclasses import dataclass, fields
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from aggregator.changes import Edit
from aggregator.model import Article, Mention, StoredArticle
from aggregator.persian.calendar import format_jalali
from aggregator.registry import Registry
from aggregator.search.results import SearchResult
from aggregator.store.codec import to_json
from aggregator.web import views
from aggregator.web.api import ask, service_of, unless_known
from aggregator.web.parameters import Nothing, PageParameters, each_once
from aggregator.web.problems import ProblemError
from aggregator.web.rendering import render, templates
from aggregator.web.service import SourceStatus
from aggregator.web.words import FACETS, FIELDS, FINDINGS, ORIGINS, SORTS, explain, status_title

SHOWN_VALUES = 8  # of a facet at first
MORE_VALUES = 40  # that can be unfolded
MENTIONS = 200  # shown of one article

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
    result: SearchResult = await ask(request, lambda service: service.search(asked.request()))
    return _search_page(request, asked.given(), result)


def _search_page(
    request: Request,
    state: dict[str, str],
    result: SearchResult | None,
    problem: ProblemError | None = None,
) -> Response:
    registry = service_of(request).workspace.registry
    without = {name: value for name, value in state.items() if name not in ("size", "sort", "cursor")}
    months = [(month.month, month.count) for month in result.timeline] if result else []
    found = result.to_json() if result else {"hits": [], "notes": []}
    cursor = result.next_cursor if result else None
    return render(
        request,
        "search.html.j2",
        problem.status if problem else 200,
        state=state,
        result=result,
        hits=found["hits"],
        notes=found["notes"],
        problem=problem and explain(problem),
        facets=_facets(result, state, registry) if result else [],
        chips=_chips(state, registry),
        bars=views.timeline_bars(months, state),
        sorts=[
            (
                title,
                views.state_url(state, {"sort": None if name == "relevance" else name}),
                state.get("sort", "relevance") == name,
            )
            for name, title in SORTS.items()
        ],
        next_url=cursor and views.state_url(state, {"cursor": cursor}),
        first_url=views.state_url(state) if state.get("cursor") else None,
        feeds={form: views.state_url(without, path=f"/api/feed.{form}") for form in ("rss", "atom", "json")},
        exports={form: views.state_url(without, path=f"/api/export.{form}") for form in ("csv", "jsonl")},
        label=registry.label,
    )


def _facets(
    result: SearchResult, state: dict[str, str], registry: Registry
) -> list[tuple[str, list[FacetLink], list[FacetLink]]]:
    """Title, first values and further ones of each facet that has any."""
    facets = []
    for name, title in FACETS.items():
        values = [
            FacetLink(of.label, of.count, views.state_url(state, {name: of.value}), chosen=False)
            for of in result.facets.get(name, ())
            if of.value != state.get(name)
        ]
        if name in state:
            shown = registry.label(state[name])
            values.insert(0, FacetLink(shown, None, views.state_url(state, {name: None}), chosen=True))
        if values:
            facets.append((title, values[:SHOWN_VALUES], values[SHOWN_VALUES : SHOWN_VALUES + MORE_VALUES]))
    return facets


def _chips(state: dict[str, str], registry: Registry) -> list[tuple[str, str, str]]:
    """Each filter that is in force: what it is, its value, and the address without it."""
    chips = [
        (title, registry.label(state[name]), views.state_url(state, {name: None}))
        for name, title in FACETS.items()
        if name in state
    ]
    for name, title in (("since", "از"), ("until", "تا")):
        if name in state:
            chips.append((title, views.fa(state[name]), views.state_url(state, {name: None})))
    return chips


# --- one article --------------------------------------------------------------------------------------------


class ArticleParameters(Nothing):
    form: Literal["published", "normalised"] = "published"


@router.get("/articles/{id}")
async def article_page(request: Request, id: str, asked: Annotated[ArticleParameters, Query()]) -> Response:
    """All that is known of one article."""
    stored, edits = await ask(request, lambda service: (service.article(id), service.edits(id)))
    return _article_page(request, stored, edits, normalised=asked.form == "normalised")


def _article_page(
    request: Request, stored: StoredArticle, edits: list[Edit], *, normalised: bool
) -> Response:
    registry = service_of(request).workspace.registry
    article = stored.article
    publisher = registry.label(stored.organisation or article.source)
    tidy = article.normalised if normalised else None
    shown = tidy or article
    mentions = () if tidy else article.mentions
    texts = {
        name: views.paragraphs(text, [one for one in mentions if one.field == name])
        for name in ("headline", "kicker", "lead")
        if (text := getattr(shown, name))
    }
    texts["body"] = views.paragraphs("\n".join(shown.body), [one for one in mentions if one.field == "body"])
    return render(
        request,
        "article.html.j2",
        article=article,
        stored=stored,
        publisher=publisher,
        texts=texts,
        normalised=tidy is not None,
        has_normalised=article.normalised is not None,
        rows=_rows(article),
        mentions=_mentions(article, registry),
        edits=edits,
        field_names=FIELDS,
        label=registry.label,
        citation=views.citation(stored, publisher),
        bibtex=views.bibtex(stored, publisher),
    )


def _rows(article: Article) -> list[tuple[str, list[str], str]]:
    """Name, values and origin of each field that has something in it, but for the long texts."""
    rows = []
    for name in (field.name for field in fields(Article) if field.name in FIELDS):
        if name in ("lead", "body", "headline", "kicker"):
            values = [""] if getattr(article, name) else []
        elif name in ("published", "modified"):
            reading = getattr(article, name)
            values = [views.when(reading.iso()), f"«{reading.raw}»"] if reading else []
        else:
            value = getattr(article, name)
            values = list(value) if isinstance(value, tuple) else [str(value)] if value else []
        if values:
            rows.append((FIELDS[name], [value for value in values if value], _origin(article, name)))
    return rows


def _origin(article: Article, name: str) -> str:
    reading = getattr(article, name) if name in ("published", "modified") else None
    found = article.provenance.get(name) or (reading.origin if reading else "")
    return ORIGINS.get(found, found)


def _mentions(article: Article, registry: Registry) -> list[tuple[str, str, int]]:
    """What the text names: its name, the search for it, how often; the most frequent first."""
    counted: dict[tuple[str, str], int] = {}
    for one in article.mentions:
        key = (_mention_name(one, registry), views.mention_search(one))
        counted[key] = counted.get(key, 0) + 1
    ranked = sorted(counted.items(), key=lambda item: -item[1])
    return [(name, url, number) for (name, url), number in ranked[:MENTIONS]]


def _mention_name(mention: Mention, registry: Registry) -> str:
    return registry.label(mention.id) if mention.id else mention.text


# --- sources and documentation ------------------------------------------------------------------------------


@router.get("/sources")
async def sources_page(request: Request, _: NoQuery) -> Response:
    """How the sources fare: a gap in the data is to be seen as a gap."""
    found: list[SourceStatus] = await ask(request, lambda service: service.sources())
    crawled = sorted((one for one in found if one.crawled), key=lambda one: not one.findings)
    return render(
        request,
        "sources.html.j2",
        crawled=crawled,
        unwell=sum(1 for one in crawled if one.findings),
        waiting=[one for one in found if not one.crawled],
        finding_names=FINDINGS,
        stamp=lambda instant: format_jalali(instant, "minute"),
    )


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
    if request.url.path == "/" and problem.status in (400, 422) and "app" in request.scope:
        known = PageParameters.model_fields
        state = {name: value for name, value in request.query_params.items() if name in known and value}
        return _search_page(request, {**state, "cursor": ""}, None, problem)
    answer = render(
        request,
        "error.html.j2",
        problem.status,
        title=status_title(problem.status),
        problem=problem,
    )
    answer.headers.update(problem.headers)
    return answer
