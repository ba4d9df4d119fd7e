"""When a page and when a source are looked at again. Pure, but for ``note_end``.

A fresh article is often corrected, an old one hardly ever: a page is looked at again at the marks below,
counted from its last change or, before the first, from its publication. A change begins them anew, and a
page that changes often is never left for a whole year. A source is crawled as often as it publishes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from aggregator.config import Settings
from aggregator.model import PageState
from aggregator.store import Store

HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)
#: Ages at which a page is looked at; after the last one it waits ``YEAR`` / (1 + changes).
MARKS = (HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY, 30 * DAY, 91 * DAY)
SHORTEST, LONGEST = timedelta(minutes=15), DAY  #: between two crawls of a source
MAX_WAIT = 30 * DAY  #: for a page that cannot be had


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the pages of one source are looked at again."""

    interval: timedelta = SHORTEST  #: between two crawls of the source: nothing can be seen more often
    factor: float = 1.0  #: on all times; 0: everything is due at once
    confirm_after: timedelta = 3 * DAY  #: between the two answers that make an article a deleted one

    def next_check(self, state: PageState) -> datetime:
        """When a page is due, from its state after a look."""
        looked = (state.fetched_at if state.status == "failed" else state.checked_at) or datetime.now(UTC)
        if state.status == "failed":
            return looked + self.factor * after_failures(state.attempts, DAY, MAX_WAIT)
        return next_check(
            looked,
            changed=state.changed_at or looked,
            changes=state.changes,
            interval=self.interval,
            factor=self.factor,
        )


def next_check(
    now: datetime, *, changed: datetime, changes: int, interval: timedelta, factor: float = 1.0
) -> datetime:
    """When a page looked at ``now`` is looked at again.

    That is the first mark after its last change that is not nearer than ``interval``, but never later than
    the wait after the last mark.
    """
    earliest, latest = now + factor * interval, now + factor * YEAR / (1 + changes)
    marks = (changed + factor * mark for mark in MARKS)
    return max(earliest, min(next((mark for mark in marks if mark >= earliest), latest), latest))


def after_failures(failures: int, interval: timedelta, longest: timedelta) -> timedelta:
    """The wait after so many failures in a row: ``interval`` after the first, twice as long after each."""
    doublings = min(max(failures - 1, 0), 20)
    return min(longest, interval * (1 << doublings))


def crawl_interval(times: Sequence[datetime], now: datetime) -> timedelta:
    """Time between two crawls of a source that published at these times, newest first.

    That is the mean time between two articles, the silence since the last one included, so that a crawl
    finds about one; within ``SHORTEST`` and ``LONGEST``. Where nothing is known yet: ``LONGEST``.
    """
    if not times:
        return LONGEST
    return max(SHORTEST, min((now - times[-1]) / len(times), LONGEST))


def schedule_of(store: Store, source: str, settings: Settings) -> Schedule:
    """The schedule of a source as it publishes now."""
    return Schedule(
        interval=crawl_interval(store.recent_times(source), datetime.now(UTC)),
        factor=settings.revisit_factor,
        confirm_after=timedelta(days=settings.confirm_deletion_after),
    )


def note_end(store: Store, source: str, state: str, counts: Mapping[str, Any]) -> None:
    """Notes how a run of a source ended, and when the next one is due.

    After a failure the source is left alone for longer and longer, up to a day. What was interrupted, and
    what another process does, stays due as it was. Where known pages are still due, it goes on soon.
    """
    if state not in ("finished", "failed"):
        return
    now = datetime.now(UTC)
    interval = crawl_interval(store.recent_times(source), now)
    if state == "failed":
        before = store.source_state(source)
        failures = 1 + (before.failures if before else 0)
        interval = after_failures(failures + 1, interval, LONGEST)
    elif store.due_links(source, now, 1):
        interval = SHORTEST
    store.note_source(
        source,
        at=now,
        succeeded=state == "finished",
        changed=any(counts.get(name) for name in ("new", "changed", "deleted")),
        next_due=now + interval,
    )
