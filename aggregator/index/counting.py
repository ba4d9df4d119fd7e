"""Facets and timeline out of an engine's buckets (``key``, ``doc_count``), alike for every engine."""

from collections import Counter
from functools import lru_cache
from typing import Any

from aggregator.index.document import section_key
from aggregator.search.results import FacetValue, MonthCount

FACETS = ("organisation", "province", "source", "section", "mentions")
FACET_VALUES = 1000  # so many of each at most


def facet(name: str, buckets: list[dict[str, Any]]) -> tuple[FacetValue, ...]:
    """The values of a facet, most frequent first; sections spelt in several ways are one value."""
    counts: Counter[str] = Counter()
    spelling: dict[str, str] = {}
    for bucket in buckets:  # most frequent first, so a value is called by its most frequent spelling
        key = _section_key(bucket["key"]) if name == "section" else bucket["key"]
        counts[spelling.setdefault(key, bucket["key"])] += bucket["doc_count"]
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(FacetValue(value, value, count) for value, count in ordered[:FACET_VALUES])


def timeline(buckets: list[dict[str, Any]]) -> tuple[MonthCount, ...]:
    return tuple(
        sorted((MonthCount(b["key"], b["doc_count"]) for b in buckets), key=lambda month: month.month)
    )


_section_key = lru_cache(maxsize=20_000)(section_key)  # folding thousands of sections a search is slow
