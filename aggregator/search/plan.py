"""A request, read and resolved: what an index backend is given."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import get_args

from aggregator.errors import FixQueryError
from aggregator.persian.calendar import tehran_day
from aggregator.registry import Registry
from aggregator.search.cursor import Place, read_cursor
from aggregator.search.names import resolve_names
from aggregator.search.query import parse_query
from aggregator.search.results import MAX_SIZE, Match, SearchRequest, Sort
from aggregator.search.syntax import And, DateRange, FieldFilter, FilterField, Node, is_condition


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """What to look for. ``root`` has everything that selects, with ids in its filters."""

    root: Node
    match: Match
    sort: Sort  #: date also where there is nothing to rank by
    size: int
    place: Place  #: where this page begins
    notes: tuple[str, ...] = ()
    today: date | None = None  #: in Tehran, where freshness counts

    @property
    def identity(self) -> str:
        """Equal for the pages of one search, and only for them."""
        return repr((self.root, self.match, self.sort))


def plan_search(request: SearchRequest, registry: Registry) -> SearchPlan:
    """Read a request. FixQueryError where it makes no sense."""
    if not 0 <= request.size <= MAX_SIZE:
        raise FixQueryError(f"a page has 0 to {MAX_SIZE:,} results, not {request.size:,}")
    query = parse_query(request.query)
    notes = list(query.notes)
    filters = tuple(_filters(request))
    root = And((query.root, *filters), explicit=True) if filters else query.root
    root = resolve_names(root, registry, notes)
    if _is_empty(list(_ranges(root))):
        notes.append("no day is within the dates asked for: since is after until")
    sort: Sort = "date" if is_condition(root) else request.sort
    today = tehran_day(datetime.now(UTC)) if sort == "fresh" else None
    told = tuple(dict.fromkeys(notes))
    plan = SearchPlan(root, request.match, sort, request.size, Place(), told, today)
    return replace(plan, place=read_cursor(request.cursor, plan.identity))


def _filters(request: SearchRequest) -> Iterator[Node]:
    """The filters given beside the query."""
    fields: tuple[FilterField, ...] = get_args(FilterField)
    for field in fields:
        value: str | None = getattr(request, field)
        if value and value.strip():
            yield FieldFilter(field, (value.strip(),))
    if request.since or request.until:
        yield DateRange(request.since, request.until)


def _ranges(node: Node) -> Iterator[DateRange]:
    """The date ranges that every article found lies in."""
    if isinstance(node, DateRange):
        yield node
    elif isinstance(node, And):
        for item in node.items:
            yield from _ranges(item)


def _is_empty(ranges: list[DateRange]) -> bool:
    since = max((found.since for found in ranges if found.since), default=date.min)
    return since > min((found.until for found in ranges if found.until), default=date.max)
