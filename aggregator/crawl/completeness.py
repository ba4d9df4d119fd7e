"""What a source promised, what was collected of it, what is missing and why. Computed from the ledger."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from aggregator.crawl.backfill import DAYS, Reach
from aggregator.crawl.ledger import DUPLICATE
from aggregator.store import Store

PENDING = "pending"  #: reason of a page that was not asked for yet


@dataclass(frozen=True, slots=True)
class Entrance:
    """A feed, sitemap or listing of the source, as the last crawls found it."""

    url: str
    kind: str  #: ``feed``, ``sitemap``, ``listing`` or, for the archive of single days, ``days``
    outcome: str | None  #: what was the matter with it the last time; None: it was read
    end: str | None  #: of a listing: why the last walk through it ended, see ``walk.End``
    reached: date | None  #: the day to which back-fills have come here


@dataclass(frozen=True, slots=True)
class Completeness:
    """One source's record. A page that several lists promise counts where it was met first; further addresses
    of an article that is collected are left out."""

    source: str
    promised: Mapping[str, int]  #: pages by ``feed``, ``sitemap`` and ``listing``
    collected: Mapping[str, int]  #: those that gave an article, likewise
    missing: Mapping[str, int]  #: the others by reason: ``pending``, or their outcome
    asked: int  #: numbers between those of known articles that were asked for
    found: int  #: articles that they gave
    entrances: tuple[Entrance, ...]  #: by kind and address

    @property
    def share(self) -> float | None:
        """Collected ÷ promised; None: nothing was promised."""
        promised = sum(self.promised.values())
        return sum(self.collected.values()) / promised if promised else None

    @property
    def unread(self) -> tuple[Entrance, ...]:
        """Entrances that could not be read: what they promise is not known."""
        return tuple(entrance for entrance in self.entrances if entrance.outcome is not None)


def completeness(store: Store, source: str) -> Completeness:
    """The record of the source with this id as of now."""
    promised: dict[str, int] = {}
    collected: dict[str, int] = {}
    missing: dict[str, int] = {}
    asked = found = 0
    for origin, status, outcome, number in store.page_tally(source):
        if outcome == DUPLICATE:
            continue
        if origin == "id":
            asked, found = asked + number, found + (number if status == "done" else 0)
            continue
        promised[origin] = promised.get(origin, 0) + number
        if status == "done":
            collected[origin] = collected.get(origin, 0) + number
        else:
            reason = PENDING if status == "pending" else outcome or status
            missing[reason] = missing.get(reason, 0) + number
    return Completeness(
        source,
        promised=MappingProxyType(promised),
        collected=MappingProxyType(collected),
        missing=MappingProxyType(missing),
        asked=asked,
        found=found,
        entrances=tuple(_entrances(store.entrances(source))),
    )


def _entrances(kept: Mapping[str, Mapping[str, Any]]) -> Iterator[Entrance]:
    for url, state in sorted(kept.items(), key=lambda item: (item[1]["kind"], item[0])):
        reach = Reach.read(state)
        reached = reach.reached if reach else None
        if url == DAYS:
            reached = date.fromisoformat(state["reached"])
        yield Entrance(url, state["kind"], state.get("outcome"), state.get("end"), reached)
