"""Which sources need a person's eye. Pure: from the numbers of ``aggregator.store.health`` to sentences.

A source is ``failing`` or ``blocked`` by its last runs, ``silent`` by its own rhythm, and has ``drifted``
where its articles have lost a field that those before them had, as after a new layout of the site.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Literal

from aggregator.model import Rejection, Run
from aggregator.persian.calendar import jalali_date, tehran_day
from aggregator.store.health import ArticleShape, SourceHistory

# --- all thresholds -----------------------------------------------------------------------------------------

FAILURES = 1  #: failed runs in a row; the sentence says how many there are
BLOCKED_SHARE = 0.5  #: of the pages that a run asked for, refused to us …
BLOCKED_PAGES = 5  #: … and at least so many of them, unless the whole run failed
SILENT_AT_LEAST = timedelta(days=3)  #: nobody is silent before
SILENT_FACTOR = 3  #: times the usual gap between two days with news …
USUAL_SHARE = 0.95  #: … which is the one that so many of its gaps do not exceed
RHYTHM_DAYS = 5  #: days with news that it takes to know a rhythm
WINDOWS = (5, 10, 20, 40)  #: newest articles that are compared with those before
HISTORY = 20  #: articles that it takes to know what a source used to have
LOST_SHARE = 0.5  #: a field is lost where its coverage fell to less than this share of what it was …
CHANCE = 1e-5  #: … and by chance alone it would be so low less often than this
SHORT_BODY = 1 / 3  #: of the usual length: a body below has been lost

#: Outcomes of pages that a site refuses to us: bot checks, log-ins, robots.txt, and statuses that say so.
BLOCKED = frozenset(
    {
        Rejection.CHALLENGE,
        Rejection.LOGIN,
        "robots-forbidden",
        "robots-unreachable",
        "http-401",
        "http-403",
        "http-429",
        "http-451",
    }
)
#: Outcomes of pages that were promised as articles, and that a new layout may keep us from reading as such.
UNREAD = frozenset({Rejection.NO_ARTICLE, Rejection.EMPTY, Rejection.LISTING, Rejection.REDIRECT_STUB})

Kind = Literal["blocked", "failing", "silent", "drifted"]
KINDS: tuple[Kind, ...] = ("blocked", "failing", "silent", "drifted")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a source that a person should look at."""

    kind: Kind
    why: str  #: one sentence


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of a source's articles have a field: the newest, and those before."""

    field: str
    newest: float  #: 0 to 1
    before: float  #: 0 to 1
    articles: int  #: how many are the newest; 0: there are none
    older: int  #: how many of those before were looked at
    lost: bool


@dataclass(frozen=True, slots=True)
class Health:
    """What is to be said of a source."""

    source: str
    findings: tuple[Finding, ...]
    failures: int  #: runs in a row that failed or were killed
    last_error: str | None  #: of the newest of them
    usual_gap: timedelta | None  #: between two days with news; None: not known yet
    coverage: tuple[Coverage, ...]

    def is_(self, kind: Kind) -> bool:
        """Whether there is such a finding."""
        return any(finding.kind == kind for finding in self.findings)


def judge(history: SourceHistory) -> Health:
    """The health of one source."""
    failures, error = failures_in_row(history.runs)
    gap = usual_gap(history.dates)
    coverage = field_coverage(history.newest, history.older) + read_coverage(history.runs)
    findings = [
        found
        for found in (
            _blocked(history.runs) or _failing(failures, error),
            _silent(history, gap),
            _drifted(coverage, history.runs),
        )
        if found is not None
    ]
    return Health(history.source, tuple(findings), failures, error, gap, coverage)


# --- runs ---------------------------------------------------------------------------------------------------


def failures_in_row(runs: Sequence[Run]) -> tuple[int, str | None]:
    """How many of the newest runs failed or were killed, and why the last one did.

    Runs that are under way or that a person interrupted say nothing.
    """
    failed: list[Run] = []
    for run in runs:
        if run.status == "finished":
            break
        if run.status in ("failed", "killed"):
            failed.append(run)
    return len(failed), _error(failed[0]) if failed else None


def _error(run: Run) -> str:
    return str(run.counts.get("reason") or ("killed" if run.status == "killed" else "no reason was noted"))


def _failing(failures: int, error: str | None) -> Finding | None:
    if failures < FAILURES:
        return None
    times = "the last run failed" if failures == 1 else f"the last {failures} runs failed"
    return Finding("failing", f"{times}: {error}")


def _blocked(runs: Sequence[Run]) -> Finding | None:
    """By the last run that ended by itself."""
    run = next((run for run in runs if run.status in ("finished", "failed")), None)
    if run is None:
        return None
    outcomes = {**run.counts.get("rejected", {}), **run.counts.get("failed", {})}
    refused = {name: number for name, number in outcomes.items() if name in BLOCKED}
    if run.status == "failed" and run.counts.get("start") in BLOCKED:
        return Finding("blocked", f"the site refuses us: {_error(run)}")
    kept = sum(int(run.counts.get(name, 0)) for name in ("new", "changed", "unchanged"))
    number, asked = sum(refused.values()), sum(outcomes.values()) + kept
    if not number or number < BLOCKED_SHARE * asked:
        return None
    if number < BLOCKED_PAGES and run.status == "finished":
        return None
    named = ", ".join(f"{count} × {name}" for name, count in refused.items())
    return Finding("blocked", f"the site refuses us, {number} of {asked} pages: {named}")


# --- rhythm -------------------------------------------------------------------------------------------------


def usual_gap(dates: Sequence[datetime]) -> timedelta | None:
    """The gap between two days with news that a source seldom exceeds; None where there are too few."""
    days: list[date] = sorted({tehran_day(instant) for instant in dates})
    if len(days) < RHYTHM_DAYS:
        return None
    gaps = sorted(later - earlier for earlier, later in pairwise(days))
    return gaps[math.ceil(USUAL_SHARE * len(gaps)) - 1]


def _silent(history: SourceHistory, gap: timedelta | None) -> Finding | None:
    """Measured at the last success: what nobody looked at is not silent. Nor is what was just begun with."""
    if gap is None or history.last_success is None or history.watched_since is None:
        return None
    allowed = max(SILENT_AT_LEAST, SILENT_FACTOR * gap)
    newest = history.dates[0]
    if history.last_success - max(newest, history.watched_since) <= allowed:
        return None
    quiet = (history.last_success - newest).days
    return Finding(
        "silent",
        f"nothing new for {quiet} days, since {jalali_date(tehran_day(newest))}; "
        f"usually there is news every {_days(gap)}",
    )


def _days(gap: timedelta) -> str:
    return "day" if gap.days == 1 else f"{gap.days} days"


# --- layout -------------------------------------------------------------------------------------------------

_FIELDS: dict[str, Callable[[ArticleShape], bool]] = {
    "headline": lambda shape: "headline" in shape.fields,
    "kicker": lambda shape: "kicker" in shape.fields,
    "lead": lambda shape: "lead" in shape.fields,
    "date": lambda shape: "published" in shape.fields,
    "image": lambda shape: bool(shape.fields & {"main_image", "images"}),
    "section": lambda shape: "section" in shape.fields,
    "authors": lambda shape: "authors" in shape.fields,
}


def field_coverage(newest: Sequence[ArticleShape], older: Sequence[ArticleShape]) -> tuple[Coverage, ...]:
    """How much of each field the newest articles have, beside those before."""
    long_enough = SHORT_BODY * _median([shape.body for shape in (*newest, *older)])

    def has_body(shape: ArticleShape) -> bool:
        return shape.body >= max(1, long_enough)

    return tuple(
        _compare(name, [has(shape) for shape in newest], [has(shape) for shape in older])
        for name, has in (*_FIELDS.items(), ("body", has_body))
    )


def _compare(field: str, newest: Sequence[bool], older: Sequence[bool]) -> Coverage:
    """The longest run of newest articles that has lost the field, else what the usual look at it shows.

    What is newer than the older ones, but older than the window, counts as before.
    """
    views = [_view(field, newest[:size], [*newest[size:], *older]) for size in WINDOWS if size <= len(newest)]
    lost = [view for view in views if view.lost]
    if lost:
        return lost[-1]
    return views[-1] if views else _view(field, newest, older)


def _view(field: str, newest: Sequence[bool], before: Sequence[bool]) -> Coverage:
    return _measure(field, sum(newest), len(newest), sum(before), len(before))


def read_coverage(runs: Sequence[Run]) -> tuple[Coverage, ...]:
    """How many of the pages promised as articles could be read as such: in the last runs, and before."""
    counts = list(_judged(runs))
    if not counts:
        return ()
    views = []
    for end in range(1, len(counts) + 1):
        newest = [sum(numbers) for numbers in zip(*counts[:end], strict=True)]
        before = [sum(numbers) for numbers in zip((0, 0), *counts[end:], strict=True)]
        views.append(_measure("article", newest[0], newest[1], before[0], before[1]))
    lost = [view for view in views if view.lost]
    return (lost[-1] if lost else views[0],)


def _judged(runs: Sequence[Run]) -> Iterator[tuple[int, int]]:
    """Of each run that had any: pages read as articles, and all that were promised as such."""
    for run in runs:
        read = sum(int(run.counts.get(name, 0)) for name in ("new", "changed"))  # unchanged: not read at all
        unread = sum(number for name, number in run.counts.get("rejected", {}).items() if name in UNREAD)
        if read + unread:
            yield read, read + unread


def _measure(field: str, have: int, articles: int, had: int, older: int) -> Coverage:
    newest, before = have / articles if articles else 0.0, had / older if older else 0.0
    fell = articles >= WINDOWS[0] and older >= HISTORY and newest < LOST_SHARE * before
    lost = fell and _at_most(have, articles, (had + 1) / (older + 2)) < CHANCE
    return Coverage(field, newest, before, articles, older, lost)


def _at_most(successes: int, trials: int, chance: float) -> float:
    """Probability of so few successes or fewer, each with a chance between 0 and 1, both excluded."""
    return math.fsum(
        math.exp(
            math.lgamma(trials + 1)
            - math.lgamma(count + 1)
            - math.lgamma(trials - count + 1)
            + count * math.log(chance)
            + (trials - count) * math.log1p(-chance)
        )
        for count in range(successes + 1)
    )


def _median(numbers: Sequence[int]) -> float:
    return sorted(numbers)[len(numbers) // 2] if numbers else 0.0


def _drifted(coverage: Sequence[Coverage], runs: Sequence[Run]) -> Finding | None:
    lost = [
        f"{item.field} in {item.newest:.0%} of the last {item.articles} (before: {item.before:.0%})"
        for item in coverage
        if item.lost
    ]
    said = ["lost: " + ", ".join(lost)] if lost else []
    return Finding("drifted", "; ".join(said)) if (said := said + _new_platform(runs)) else None


def _new_platform(runs: Sequence[Run]) -> list[str]:
    """Says so where the newest run met another content-management system than the runs before it."""
    met = [str(run.counts["platform"]) for run in runs if run.counts.get("platform")]
    return [f"the site now runs on {met[0]}, before: {met[-1]}"] if met and met[0] != met[-1] else []
