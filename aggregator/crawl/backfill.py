"""How far back-fills (``--since``) have come, so that the next one goes on there. Pure.

What is kept of a listing in the store, under its address: ``kind``, ``pages``, ``end`` and ``outcome`` of the
last walk through it, and ``backfill``, see ``Reach``. The archive of single days stands under DAYS.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Self, cast

from aggregator.crawl.ledger import Verdict
from aggregator.crawl.postback import PostForm
from aggregator.crawl.walk import End, Place, Walk
from aggregator.model import Link
from aggregator.persian.calendar import jalali_parts, tehran_day
from aggregator.urls import clean_url

DAYS = "archive-days"  #: the name under which the archive of single days is kept

_FINAL: frozenset[End] = frozenset({"circle", "empty", "last", "limit"})  #: nothing stands behind


@dataclass(frozen=True, slots=True)
class Reach:
    """How far walks have come through one listing."""

    since: date  #: the earliest day that any of them was to go back to
    at: Place | None = None  #: the last page that was read
    pages: int = 0
    reached: date | None = None  #: day of the last article of that page, where lists tell
    end: End | None = None  #: why the walk ended; None: it was cut short
    above: int = 0  #: links that a later walk entered from the beginning on without coming to what is known

    @classmethod
    def read(cls, state: Mapping[str, Any]) -> Self | None:
        """What a listing's state says of it; None: no back-fill has been there."""
        kept = state.get("backfill")
        if not kept:
            return None
        days = {name: date.fromisoformat(kept[name]) for name in ("since", "reached") if kept.get(name)}
        return cls(**{**kept, **days, "at": _read_place(kept.get("at"))})

    def state(self) -> dict[str, Any]:
        """As it is kept: what JSON can say."""
        return {
            "since": self.since.isoformat(),
            "at": _place_state(self.at),
            "pages": self.pages,
            "reached": self.reached.isoformat() if self.reached else None,
            "end": self.end,
            "above": self.above,
        }

    def is_done(self, since: date) -> bool:
        """Whether there is nothing left to read on the way back to a day."""
        return self.end in _FINAL or (self.end == "since" and since >= self.since)


def walk_back(reach: Reach | None, since: date, stop_after: int, name: str) -> Walk:
    """The walk back to a day through a listing: first what is new since the last one, then on from there."""
    if reach is None or reach.at is None:
        return Walk(None, name=name)
    resume = None if reach.is_done(since) else reach.at
    return Walk(stop_after + reach.above, resume=resume, name=name)


def after_page(
    reach: Reach | None, walk: Walk, was_above: bool, place: Place, links: list[Link], new: int, since: date
) -> Reach:
    """How far it has come with one more page. ``was_above``: the page was read above what is known."""
    reach = reach or Reach(since)
    if was_above:
        is_joined = walk.stop_after is None or walk.end in ("known", *_FINAL)
        return replace(reach, above=0 if is_joined else reach.above + new)
    days = [tehran_day(link.published.instant) for link in links if link.published]
    return replace(
        reach,
        since=min(since, reach.since),
        at=place,
        pages=reach.pages + 1,
        reached=days[-1] if days else reach.reached,
        end=walk.end,
    )


def familiar(
    verdicts: tuple[tuple[str, Verdict], ...], entered_now: set[str]
) -> tuple[tuple[str, Verdict], ...]:
    """A back-fill never ends by itself until it is at its end: what an earlier one entered counts as seen."""
    return tuple(
        (url, Verdict.SETTLED if verdict is Verdict.KNOWN and url not in entered_now else verdict)
        for url, verdict in verdicts
    )


# --- days ---------------------------------------------------------------------------------------------------


class Days(Iterator[str]):
    """Addresses of a platform's archive of single days: each span from its first day back to its last."""

    def __init__(self, template: str, root: str, spans: list[tuple[date, date]]):
        self._template, self._root = template, root
        self._days = iter([day for span in spans for day in _back(*span)])
        self.count = sum((first - last).days + 1 for first, last in spans if first >= last)
        self.day: date | None = None  #: whose address was given last

    def __next__(self) -> str:
        self.day = next(self._days)
        year, month, day = jalali_parts(self.day)
        url = clean_url(self._template.format(year=year, month=month, day=day), self._root)
        if url is None:
            raise StopIteration
        return url


def _back(first: date, last: date) -> Iterator[date]:
    while first >= last:
        yield first
        first -= timedelta(days=1)


def spans(state: Mapping[str, Any], since: date, today: date) -> list[tuple[date, date]]:
    """The days that are still to be asked for: those since the last back-fill, and those before it."""
    if not state.get("first"):
        return [(today, since)]
    first, reached = date.fromisoformat(state["first"]), date.fromisoformat(state["reached"])
    later = [(today, first)] if today > first else []
    return later if state.get("end") == "empty" else [*later, (reached, since)]


def after_day(state: Mapping[str, Any], day: date, end: End | None, today: date) -> dict[str, Any]:
    """What is kept of the archive of single days after a page of this day.

    ``first`` and ``reached``: between them every day was asked for. A day after ``first`` changes nothing
    until those in between have been asked for too.
    """
    kept = {"kind": "days", "outcome": None}
    if not state.get("first"):
        return {**kept, "first": today.isoformat(), "reached": day.isoformat(), "end": end}
    reached = date.fromisoformat(state["reached"])
    if state.get("end") == "empty":
        return {**kept, "first": today.isoformat()} if end is not None else kept
    if day > reached:
        return kept
    return {**kept, "first": today.isoformat(), "reached": day.isoformat(), "end": end}


# --- places as JSON -----------------------------------------------------------------------------------------


def _place_state(place: Place | None) -> Any:
    if isinstance(place, PostForm):
        return {"url": place.url, "fields": place.fields, "by_day": place.by_day}
    return place


def _read_place(kept: Any) -> Place | None:
    if isinstance(kept, dict):
        fields = tuple((str(name), str(value)) for name, value in kept["fields"])
        return PostForm(kept["url"], fields, kept["by_day"])
    return cast(str | None, kept)
