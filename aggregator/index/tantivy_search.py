"""One search in the local index: hits, facets and timeline of everything that a plan asks for."""

from collections.abc import Iterator
from typing import Any

from tantivy import DocAddress, Order, Query, Schema, Searcher

from aggregator.index.counting import FACETS, facet, timeline
from aggregator.index.highlight import highlights, to_hit
from aggregator.index.tantivy_document import read_stored
from aggregator.index.tantivy_query import at_or_after, build_query
from aggregator.search.cursor import Place, write_cursor
from aggregator.search.plan import SearchPlan
from aggregator.search.results import Hit, SearchResult
from aggregator.search.syntax import wanted_words

_MONTHS = 10_000
_ALL_IDS_PAGE = 5_000

_Found = list[tuple[Any, DocAddress]]  # score or order key, and where the document is


class Reading:
    """A plan read against one state of the index."""

    def __init__(self, searcher: Searcher, schema: Schema, plan: SearchPlan) -> None:
        self.searcher, self.schema, self.plan = searcher, schema, plan
        self.query = build_query(plan, schema)

    def page(self) -> SearchResult:
        """The page at the plan's place, and what there is of everything."""
        plan = self.plan
        if plan.sort == "date":
            plan.place.expect(int)
        wanted = plan.size + 1  # one more tells whether there is a next page
        read = self.by_date if plan.sort == "date" else self.by_relevance
        found = read(plan.place, wanted) if plan.size else []
        shown, more = found[: plan.size], len(found) == wanted
        counts = self.counts()
        return SearchResult(
            total=int(counts["total"]["value"]),
            hits=tuple(self.hits(shown)),
            facets={name: facet(name, counts[name]["buckets"]) for name in FACETS},
            timeline=timeline(counts["month"]["buckets"]),
            next_cursor=write_cursor(self.next_place(shown), plan.identity) if more else None,
        )

    def ids(self) -> Iterator[str]:
        """The ids of everything, newest first."""
        place = Place()
        while found := self.by_date(place, _ALL_IDS_PAGE):
            for _, address in found:
                yield str(self.searcher.doc(address).get_first("id"))
            place = _place_after(place, found)

    def by_date(self, place: Place, limit: int) -> _Found:
        query = self.query if not place.after else at_or_after(self.query, int(place.after[0]), self.schema)
        return self.best(query, limit, place.skip, order_by_field="order", order=Order.Desc)

    def by_relevance(self, place: Place, limit: int) -> _Found:
        return self.best(self.query, limit, place.skip)

    def best(self, query: Query, limit: int, skip: int, **order: Any) -> _Found:
        if skip >= max(self.searcher.num_docs, 1):  # the engine reserves memory for all that is skipped
            return []
        found: _Found = self.searcher.search(query, limit, offset=skip, count=False, **order).hits
        return found

    def next_place(self, shown: _Found) -> Place:
        place = self.plan.place
        if self.plan.sort == "date":
            return _place_after(place, shown)
        return Place(skip=place.skip + len(shown))

    def hits(self, found: _Found) -> Iterator[Hit]:
        patterns = [words.terms for words in wanted_words(self.plan.root)]
        for score, address in found:
            shown, texts = read_stored(self.searcher.doc(address))
            yield to_hit(
                shown, None if self.plan.sort == "date" else score, highlights(shown, texts, patterns)
            )

    def counts(self) -> dict[str, Any]:
        """Counts of everything found, in one pass over it."""
        asked: dict[str, Any] = {
            name: {"terms": {"field": name, "size": _MONTHS}} for name in (*FACETS, "month")
        }
        asked["total"] = {"value_count": {"field": "order"}}
        counts: dict[str, Any] = self.searcher.aggregate(self.query, asked)
        return counts


def _place_after(place: Place, found: _Found) -> Place:
    """Where the order by date goes on: at the last key, behind the hits that had it already."""
    last = found[-1][0]
    same = sum(1 for key, _ in found if key == last)
    return Place((last,), same + place.skip if place.after == (last,) else same)
