"""The query language and the results."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from aggregator.search.plan import plan_search
from aggregator.search.results import FacetValue, SearchRequest, SearchResult

if TYPE_CHECKING:
    from aggregator.index.protocol import SearchIndex
    from aggregator.registry import Registry


def search(request: SearchRequest, index: "SearchIndex", registry: "Registry") -> SearchResult:
    """Search an index, with names resolved and facets labelled by the registry.

    FixQueryError for a request that makes no sense; RebuildIndexError, see ``aggregator.index.protocol``.
    """
    plan = plan_search(request, registry)
    result = index.search(plan)
    facets = {
        name: tuple(FacetValue(of.value, registry.label(of.value), of.count) for of in values)
        for name, values in result.facets.items()
        if name != "section"  # a section is its own label
    }
    return replace(result, facets={**result.facets, **facets}, notes=(*plan.notes, *result.notes))


def matching_ids(query: str, index: "SearchIndex", registry: "Registry") -> Iterator[str]:
    """The ids of all articles that a query finds, newest first, however many."""
    return index.ids(plan_search(SearchRequest(query=query, sort="date"), registry))
