"""What a search is asked and what it answers; ``to_json`` is the shape of the HTTP API."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

MAX_SIZE = 1000  # hits on one page

Match = Literal["all", "any"]
Sort = Literal["relevance", "date", "fresh"]


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search as it is asked; names in any spelling. An empty query finds everything."""

    query: str = ""  #: see docs/search.md
    match: Match = "all"  #: any: one of the words is enough, more of them rank higher
    organisation: str | None = None  #: id or name; its offices are included
    province: str | None = None  #: id or name
    source: str | None = None  #: id or address
    section: str | None = None  #: the whole path or one part of it
    mentions: str | None = None  #: named in the text: organisation, province or county (id or name), speaker
    since: date | None = None  #: first day, in Tehran
    until: date | None = None  #: last day, included
    sort: Sort = "relevance"  #: date: newest first, undated last; fresh: relevance, and newer ones earlier
    size: int = 10  #: hits on a page, 0 to ``MAX_SIZE``
    cursor: str | None = None  #: ``next_cursor`` of the page before


@dataclass(frozen=True, slots=True)
class Highlight:
    """An excerpt of one field, exactly as published, with what was searched for."""

    field: str  #: headline, kicker, lead or body
    text: str
    marks: tuple[tuple[int, int], ...]  #: start and end in characters of ``text``, in order, apart


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found. Texts are as published."""

    id: str
    url: str
    headline: str
    kicker: str | None
    organisation: str | None  #: id
    province: str | None  #: id
    source: str  #: id
    date_published: str | None  #: instant in UTC, or a day, in ISO 8601
    date_published_jalali: str | None  #: day in Tehran, ``1399-03-20``
    score: float | None  #: None where the order is not by relevance
    highlights: tuple[Highlight, ...] = ()
    deleted_at: str | None = None  #: instant at which its site was found to have taken it down


@dataclass(frozen=True, slots=True)
class FacetValue:
    """How many of all articles found have this value."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class MonthCount:
    """How many of all articles found were published in this Jalali month."""

    month: str  #: ``1399-03``
    count: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of hits; total, facets and timeline are of everything found."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=lambda: MappingProxyType({}))
    #: organisation, province, source, section, mentions: most frequent value first
    timeline: tuple[MonthCount, ...] = ()  #: oldest month first, months without articles left out
    next_cursor: str | None = None  #: None: this is the last page
    notes: tuple[str, ...] = ()  #: what of the query was read leniently, a sentence each

    def to_json(self) -> dict[str, Any]:
        """The answer of ``GET /api/search`` and of ``search --json``, ready for ``json.dumps``."""
        return {
            "total": self.total,
            "hits": [_hit_json(hit) for hit in self.hits],
            "facets": {name: [asdict(value) for value in values] for name, values in self.facets.items()},
            "timeline": [asdict(month) for month in self.timeline],
            "next_cursor": self.next_cursor,
            "notes": list(self.notes),
        }


def _hit_json(hit: Hit) -> dict[str, Any]:
    highlights = [
        {"field": found.field, "text": found.text, "marks": [list(mark) for mark in found.marks]}
        for found in hit.highlights
    ]
    return asdict(hit) | {"highlights": highlights}
