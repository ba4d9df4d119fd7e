"""One search in Elasticsearch: hits, facets and timeline of everything that a plan asks for."""

from collections.abc import Iterator
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError

from aggregator.index.counting import FACETS, facet, timeline
from aggregator.index.document import TEXT_FIELDS, Shown, fold_text
from aggregator.index.elastic.query import build_query
from aggregator.index.highlight import highlights, to_hit
from aggregator.search.cursor import Place, write_cursor
from aggregator.search.plan import SearchPlan
from aggregator.search.results import Hit, SearchResult
from aggregator.search.syntax import wanted_words

SNAPSHOT = "10m"  # so long a state of the index is kept for the next page
EXPIRED = (
    "this page was asked for long after the one before: articles that came or changed since "
    "may be missing on it, or be on both"
)
_VALUES = 1000  # of a facet, as many as are told
_SECTIONS = 10_000  # more, as sections spelt in several ways are one value
_ALL_IDS_PAGE = 5_000
_SHOWN = (
    "id", "url", "headline", "kicker", "lead", "body", "organisation", "province", "source",
    "date_published", "date_precision", "day", "date_published_jalali", "deleted_at",
)  # fmt: skip

_BY_SCORE = [{"_score": "desc"}, {"order": "desc"}, {"id": "asc"}]
_ORDERS: dict[str, list[dict[str, str]]] = {
    "date": [{"order": "desc"}, {"id": "asc"}],
    "relevance": _BY_SCORE,
    "fresh": _BY_SCORE,
}
_SCORED = (float, int, str)
#: What the keys of a place are.
_KEYS: dict[str, tuple[type, ...]] = {"date": (int, str), "relevance": _SCORED, "fresh": _SCORED}


class Reading:
    """A plan read in the index behind an alias."""

    def __init__(self, client: Elasticsearch, alias: str, plan: SearchPlan) -> None:
        self.client, self.alias, self.plan = client, alias, plan
        self.query = build_query(plan)
        self.notes: tuple[str, ...] = ()

    def page(self) -> SearchResult:
        """The page at the plan's place, and what there is of everything. NotFoundError where nothing is."""
        plan = self.plan
        plan.place.expect(*_KEYS[plan.sort])
        place = self._at_snapshot(plan.place)
        answer = self._ask(place)
        found = answer["hits"]["hits"]
        more = len(found) > plan.size > 0
        shown, counts = found[: plan.size], answer["aggregations"]
        return SearchResult(
            total=answer["hits"]["total"]["value"],
            hits=tuple(map(self._hit, shown)),
            facets={name: facet(name, counts[name]["buckets"]) for name in FACETS},
            timeline=timeline(counts["month"]["buckets"]),
            next_cursor=self._cursor(shown, answer.get("pit_id")) if more else None,
            notes=self.notes,
        )

    def ids(self) -> Iterator[str]:
        """The ids of everything, newest first, as of one moment."""
        snapshot = self.client.open_point_in_time(index=self.alias, keep_alive=SNAPSHOT)["id"]
        after: list[Any] | None = None
        try:
            while True:
                answer = self.client.search(
                    pit={"id": snapshot, "keep_alive": SNAPSHOT},
                    query=self.query,
                    sort=_ORDERS["date"],
                    search_after=after,
                    size=_ALL_IDS_PAGE,
                    source=False,
                    track_total_hits=False,
                    allow_partial_search_results=False,
                )
                found, snapshot = answer["hits"]["hits"], answer["pit_id"]
                yield from (hit["_id"] for hit in found)
                if len(found) < _ALL_IDS_PAGE:
                    return
                after = found[-1]["sort"]
        finally:
            self.client.close_point_in_time(id=snapshot)

    def _at_snapshot(self, place: Place) -> Place:
        """The place; the second and further pages by relevance are read in the state of the second.

        By date they need none: what comes in meanwhile does not move what is there.
        """
        if self.plan.sort == "date" or place.snapshot or not place.after:
            return place
        opened = self.client.open_point_in_time(index=self.alias, keep_alive=SNAPSHOT)
        return Place(place.after, place.skip, opened["id"])

    def _ask(self, place: Place) -> Any:
        try:
            return self.client.search(**self._request(place))
        except NotFoundError:
            if place.snapshot is None:
                raise
            self.notes = (EXPIRED,)
            return self.client.search(**self._request(self._at_snapshot(Place(place.after))))

    def _request(self, place: Place) -> dict[str, Any]:
        sizes = {name: _SECTIONS if name == "section" else _VALUES for name in FACETS}
        counted = {name: {"terms": {"field": name, "size": size}} for name, size in sizes.items()}
        counted["month"] = {"terms": {"field": "jalali.month", "size": _SECTIONS}}
        where: dict[str, Any] = {"index": self.alias}
        if place.snapshot:
            where = {"pit": {"id": place.snapshot, "keep_alive": SNAPSHOT}}
        return {
            **where,
            "query": self.query,
            "sort": _ORDERS[self.plan.sort],
            "size": self.plan.size + 1 if self.plan.size else 0,  # one more: is there a next page?
            "search_after": list(place.after) or None,
            "aggs": counted,
            "source_includes": list(_SHOWN),
            "track_total_hits": True,
            "allow_partial_search_results": False,  # with a part away, rather none than fewer
        }

    def _cursor(self, shown: list[Any], snapshot: str | None) -> str:
        kinds = _KEYS[self.plan.sort]  # behind them, a snapshot has a key of its own
        after = (kind(key) for kind, key in zip(kinds, shown[-1]["sort"], strict=False))
        return write_cursor(Place(tuple(after), snapshot=snapshot), self.plan.identity)

    def _hit(self, found: dict[str, Any]) -> Hit:
        shown = _to_shown(found["_source"])
        texts = {field: fold_text(getattr(shown, field)) for field in TEXT_FIELDS}
        patterns = [words.terms for words in wanted_words(self.plan.root)]
        score = None if self.plan.sort == "date" else found["sort"][0]
        return to_hit(shown, score, highlights(shown, texts, patterns))


def _to_shown(source: dict[str, Any]) -> Shown:
    day_only = source.get("date_precision") == "day"
    return Shown(
        id=source["id"],
        url=source["url"],
        headline=source.get("headline", ""),
        kicker=source.get("kicker"),
        lead=source.get("lead"),
        body=source.get("body", ""),
        organisation=source.get("organisation"),
        province=source.get("province"),
        source=source["source"],
        date_published=source.get("day" if day_only else "date_published"),
        date_published_jalali=source.get("date_published_jalali"),
        deleted_at=source.get("deleted_at"),
    )
