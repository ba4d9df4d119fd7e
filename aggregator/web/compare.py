"""``/compare``: two searches against each other over time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field
from starlette.responses import Response

from aggregator.errors import FixQueryError
from aggregator.search.days import first_day, last_day
from aggregator.search.results import SearchRequest, SearchResult
from aggregator.web import months, views
from aggregator.web.api import ask
from aggregator.web.language import language_of
from aggregator.web.parameters import MAX_QUERY, Form, Since, Until, each_once
from aggregator.web.problems import ProblemError
from aggregator.web.rendering import render
from aggregator.web.service import Service
from aggregator.web.words import explain

router = APIRouter(include_in_schema=False, dependencies=[Depends(each_once)])


class CompareParameters(Form):
    """Two queries and the days that both are asked of. An empty query finds everything."""

    a: Annotated[str, Field(max_length=MAX_QUERY)] = ""
    b: Annotated[str, Field(max_length=MAX_QUERY)] = ""
    since: Since = None
    until: Until = None


@dataclass(frozen=True, slots=True)
class Series:
    """One search: its number in each period, and how it is drawn."""

    query: str
    total: int
    counts: Mapping[str, int]
    url: str
    lines: list[str]  #: points of its lines
    dots: list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two searches over the same months, or years where these are many."""

    periods: list[str]
    a: Series
    b: Series
    all: Mapping[str, int]  #: articles at all
    total: int

    def share(self, number: int, period: str | None = None) -> float:
        """Of all articles, or of those of a period; 0 to 1."""
        of = self.total if period is None else self.all.get(period, 0)
        return number / of if of else 0.0


@router.get("/compare")
async def compare_page(request: Request, asked: Annotated[CompareParameters, Query()]) -> Response:
    """The form, and what it asks for."""
    state = asked.given()
    if not asked.a and not asked.b:
        return compare_form(request, state)
    results = await ask(request, lambda service: _results(service, asked))
    comparison = _comparison(results, state, language_of(request).direction)
    return compare_form(request, state, comparison)


def compare_form(
    request: Request,
    state: Mapping[str, str],
    comparison: Comparison | None = None,
    problem: ProblemError | None = None,
) -> Response:
    """The page, with what was found or with what was wrong."""
    return render(
        request,
        "compare.html.j2",
        problem.status if problem else 200,
        state=state,
        comparison=comparison,
        problem=problem and explain(problem, language_of(request)),
    )


def _results(service: Service, asked: CompareParameters) -> tuple[SearchResult, ...]:
    """Of the two, and of everything in these days."""
    return tuple(_result(service, asked, name) for name in ("a", "b", ""))


def _result(service: Service, asked: CompareParameters, name: str) -> SearchResult:
    wanted = SearchRequest(
        query=getattr(asked, name) if name else "",
        since=first_day(asked.since) if asked.since else None,
        until=last_day(asked.until) if asked.until else None,
        size=0,
    )
    try:
        return service.search(wanted)
    except FixQueryError as error:
        raise ProblemError(400, str(error), parameter=name, position=error.position) from None


def _comparison(
    results: tuple[SearchResult, ...], state: Mapping[str, str], direction: str
) -> Comparison | None:
    """None: neither found anything that has a date."""
    counts: list[dict[str, int]] = [{m.month: m.count for m in one.timeline} for one in results]
    found = counts[0].keys() | counts[1].keys()
    if not found:
        return None
    periods = months.months_between(min(found), max(found))
    if len(periods) > months.MOST_MONTHS:
        counts = [months.by_year(one) for one in counts]
        periods = [f"{year:04d}" for year in range(int(periods[0][:4]), int(periods[-1][:4]) + 1)]
        periods = periods[-months.MOST_MONTHS :]
    highest = max((one.get(period, 0) for one in counts[:2] for period in periods), default=0)
    columns = months.columns(len(periods), direction)

    def series(name: str, result: SearchResult, of: Mapping[str, int]) -> Series:
        dots = [
            (column.middle, months.level_of(of.get(period, 0), highest))
            for period, column in zip(periods, columns, strict=True)
        ]
        given = {key: state[key] for key in ("since", "until") if key in state}
        url = views.state_url({"q": state.get(name, ""), **given})
        return Series(state.get(name, ""), result.total, of, url, months.lines_through(dots), dots)

    return Comparison(
        periods,
        series("a", results[0], counts[0]),
        series("b", results[1], counts[1]),
        counts[2],
        results[2].total,
    )
