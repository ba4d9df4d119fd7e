"""The pages of the sources: a gap in the data is to be seen as a gap."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from aggregator.crawl.health import Health, judge
from aggregator.model import SourceState
from aggregator.persian.calendar import instant_of_day, jalali_month
from aggregator.search.days import first_day
from aggregator.search.results import SearchRequest
from aggregator.store.coverage import FIELDS as COVERED
from aggregator.store.coverage import NEWEST, PeriodCoverage
from aggregator.store.health import SourceHistory
from aggregator.web import months, views
from aggregator.web.api import ask, service_of
from aggregator.web.language import language_of
from aggregator.web.overview import draw_activity
from aggregator.web.parameters import Nothing, each_once
from aggregator.web.problems import ProblemError
from aggregator.web.rendering import render
from aggregator.web.service import Service, SourceStatus, per_day
from aggregator.web.words import ENTRANCES, FIELDS, FINDINGS, RUN_STATES

if TYPE_CHECKING:
    from aggregator.crawl.completeness import Completeness

RUNS = 20  # of one source that are shown
REASONS = 30  # likewise
ENTRANCES_SHOWN = 100  # likewise
COUNTED = ("pages", "new", "changed", "unchanged", "deleted")  # of a run

router = APIRouter(include_in_schema=False, dependencies=[Depends(each_once)])
NoQuery = Annotated[Nothing, Query()]


@router.get("/sources")
async def sources_page(request: Request, _: NoQuery) -> Response:
    """How all of them fare, those first that need a person's eye."""
    found: list[SourceStatus] = await ask(request, lambda service: service.sources())
    crawled = sorted((one for one in found if one.crawled), key=lambda one: not one.findings)
    return render(
        request,
        "sources.html.j2",
        crawled=crawled,
        unwell=sum(1 for one in crawled if one.findings),
        waiting=[one for one in found if not one.crawled],
        finding_names=FINDINGS,
    )


# --- one of them --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of how a source fares."""

    history: SourceHistory
    health: Health
    state: SourceState | None
    complete: "Completeness"
    published: Mapping[str, int]  #: articles by Jalali month
    coverage: list[tuple[str, PeriodCoverage]]  #: Jalali months, the newest first


@router.get("/sources/{id}")
async def source_page(request: Request, id: str, _: NoQuery) -> Response:
    """One source: its runs, what it promised, what is missing and why, and which fields its articles have."""
    known: Known = await ask(request, lambda service: _known(service, id))
    registry = service_of(request).workspace.registry
    source = registry.sources.get(id)
    now = datetime.now(UTC)
    return render(
        request,
        "source.html.j2",
        id=id,
        title=registry.label(id),
        source=source,
        organisation=registry.organisations.get(source.organisation or "") if source else None,
        known=known,
        rate=per_day(known.history.dates, now),
        runs=known.history.runs[:RUNS],
        counted=COUNTED,
        run_states=RUN_STATES,
        entrances=known.complete.entrances[:ENTRANCES_SHOWN],
        entrance_names=ENTRANCES,
        missing=sorted(known.complete.missing.items(), key=lambda item: -item[1])[:REASONS],
        drawing=draw_activity(known.published, jalali_month(now), language_of(request)),
        fields=[(name, FIELDS[name]) for name in COVERED],
        newest=NEWEST,
        finding_names=FINDINGS,
        search_url=views.state_url({"source": id, "sort": "date"}),
    )


def _known(service: Service, id: str) -> Known:
    from aggregator.crawl.completeness import completeness  # takes the crawler with it, which loads slowly

    store = service.workspace.store
    history = store.source_history(id)
    if id not in service.workspace.registry.sources and not history.runs and not history.articles:
        raise ProblemError(404, "there is no source with this id", parameter="id")
    found = service.search(SearchRequest(source=id, size=0)).timeline
    published = {month.month: month.count for month in found}
    last = months.last_month(published, jalali_month(datetime.now(UTC)))
    shown = months.months_before(last, months.SHOWN)
    bounds = [instant_of_day(first_day(month)) for month in shown]
    bounds.append(instant_of_day(first_day(months.month_after(last))))
    coverage = list(zip(shown, store.coverage.fields(id, bounds), strict=True))
    return Known(
        history,
        judge(history),
        store.source_state(id),
        completeness(store, id),
        published,
        coverage[::-1],
    )
