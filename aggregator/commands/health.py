"""``aggregator status`` and ``runs``: what was crawled, and which sources need a person's eye."""

from collections import Counter
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aggregator.alerts.trouble import troubles
from aggregator.commands.output import note, print_json, print_table, reasons
from aggregator.crawl.health import KINDS, Coverage, Health, judge
from aggregator.errors import AggregatorError, FixCommandError, TryLaterError
from aggregator.model import Run, SourceState, iso_or_none, iso_utc
from aggregator.registry import Registry
from aggregator.store import Store
from aggregator.store.health import SourceHistory
from aggregator.workspace import Workspace

if TYPE_CHECKING:
    from aggregator.crawl.completeness import Completeness

SHOWN_RUNS = 10  # of one source
SHOWN_LETTERS = 10  # articles that the index does not take


# --- all sources --------------------------------------------------------------------------------------------


def print_status(workspace: Workspace, *, as_json: bool) -> int:
    """A line for each source that needs attention, then what is stored and what waits to be indexed."""
    counts = workspace.store.counts()
    sources = counts.pop("sources")
    found = [judge(workspace.store.source_history(name)) for name in workspace.store.crawled_sources()]
    indexed, trouble = _indexed(workspace)
    totals = {"data": str(workspace.settings.data), **counts, "indexed": indexed}
    if trouble:
        note(f"aggregator: {trouble}")
    for letter in workspace.store.dead_letters(SHOWN_LETTERS):
        note(f"aggregator: the index does not take {letter.article_id} ({letter.url}): {letter.reason}")
    unreached = troubles(workspace.store.saved)
    for sentence in unreached:
        note(f"aggregator: {sentence}")
    totals["alerts_failing"] = len(unreached)
    if as_json:
        for health in found:
            sources[health.source] |= {"failures": health.failures, "findings": findings(health)}
        print_json(totals | {"sources": sources})
        return trouble.exit_status if trouble else 0
    print_table(
        ("needs attention", "", "why"),
        ((health.source, finding.kind, finding.why) for health in found for finding in health.findings),
    )
    number = Counter(finding.kind for health in found for finding in health.findings)
    well = sum(not health.findings for health in found)
    kinds = ((kind, number[kind]) for kind in KINDS)
    print_table(("", ""), [*totals.items(), ("sources crawled", len(found)), ("well", well), *kinds])
    return trouble.exit_status if trouble else 0


def _indexed(workspace: Workspace) -> tuple[int | None, AggregatorError | None]:
    """How many articles the index has; where it cannot be asked, why."""
    try:
        return workspace.index.count(), None
    except AggregatorError as error:
        return None, error


def findings(health: Health) -> list[dict[str, str]]:
    """What is to be said of a source, as JSON."""
    return [{"kind": finding.kind, "why": finding.why} for finding in health.findings]


# --- one source ---------------------------------------------------------------------------------------------


def print_source_status(workspace: Workspace, source: str, *, as_json: bool) -> int:
    """All that is known of how one source fares."""
    from aggregator.crawl.completeness import completeness  # takes the crawler with it, which loads slowly

    store = workspace.store
    require_known(source, workspace.registry, store)
    history = store.source_history(source)
    health = judge(history)
    pages = store.counts()["sources"].get(source, {}).get("pages", {})
    state, complete = store.source_state(source), completeness(store, source)
    if as_json:
        print_json(status_record(history, health, pages, state, complete))
        return 0
    print_table(("", ""), summary(history, health, pages, state, complete))
    print()
    print_table(("field", "newest", "before", ""), map(coverage_row, health.coverage))
    print()
    print_runs(list(history.runs[:SHOWN_RUNS]), as_json=False)
    return 0


def require_known(source: str, registry: Registry, store: Store) -> None:
    """A source of the registry, or one that was crawled by its address; FixCommandError for another."""
    if source not in registry.sources and source not in store.counts()["sources"]:
        from aggregator.crawl.targets import source_by_id

        source_by_id(source, registry)


def status_record(
    history: SourceHistory,
    health: Health,
    pages: dict[str, int],
    state: SourceState | None,
    complete: "Completeness",
) -> dict[str, Any]:
    """The status of one source as JSON."""
    return {
        "source": history.source,
        "articles": history.articles,
        "pages": pages,
        "findings": findings(health),
        "failures": health.failures,
        "last_error": health.last_error,
        "last_success": iso_or_none(history.last_success),
        "newest": iso_utc(history.dates[0]) if history.dates else None,
        "usual_gap_days": health.usual_gap.days if health.usual_gap else None,
        "next_due": iso_utc(state.next_due) if state else None,
        "completeness": complete_record(complete),
        "fields": {item.field: coverage_record(item) for item in health.coverage},
        "runs": [run_record(run) for run in history.runs[:SHOWN_RUNS]],
    }


def complete_record(complete: "Completeness") -> dict[str, Any]:
    """What was promised and collected, as JSON."""
    return {
        "share": None if complete.share is None else round(complete.share, 4),
        "promised": dict(complete.promised),
        "collected": dict(complete.collected),
        "missing": dict(complete.missing),
        "numbers": {"asked": complete.asked, "found": complete.found},
        "entrances": [
            {**asdict(entrance), "reached": entrance.reached and entrance.reached.isoformat()}
            for entrance in complete.entrances
        ],
    }


def coverage_record(item: Coverage) -> dict[str, Any]:
    """Shares from 0 to 1, and of how many articles."""
    return {
        "newest": round(item.newest, 3),
        "before": round(item.before, 3),
        "articles": item.articles,
        "older": item.older,
        "lost": item.lost,
    }


def summary(
    history: SourceHistory,
    health: Health,
    pages: dict[str, int],
    state: SourceState | None,
    complete: "Completeness",
) -> list[tuple[str, object]]:
    """The status of one source as lines of a table."""
    return [
        ("source", history.source),
        *((finding.kind, finding.why) for finding in health.findings),
        ("articles", history.articles),
        ("collected", collected(complete)),
        ("missing", reasons(complete.missing)),
        *(
            ("not read", f"{entrance.kind} {entrance.url}: {entrance.outcome}")
            for entrance in complete.unread
        ),
        ("pages", reasons(pages)),
        ("last success", history.last_success),
        ("next due", state.next_due if state else None),
        ("newest article", history.dates[0] if history.dates else None),
        ("usual gap, days", health.usual_gap.days if health.usual_gap else None),
    ]


def collected(complete: "Completeness") -> str:
    """For example ``398 of 400 (99.5%), and 3 of 20 numbers between them``."""
    promised, got = sum(complete.promised.values()), sum(complete.collected.values())
    numbers = f", and {complete.found} of {complete.asked} numbers between them" if complete.asked else ""
    return f"{got} of {promised} promised{f' ({complete.share:.1%})' if complete.share else ''}{numbers}"


def coverage_row(item: Coverage) -> tuple[str, str, str, str]:
    """A line of the table of fields."""
    before = f"{item.before:.0%} of {item.older}" if item.older else "–"
    return item.field, f"{item.newest:.0%} of {item.articles}", before, "lost" if item.lost else ""


# --- runs ---------------------------------------------------------------------------------------------------


def print_runs(runs: list[Run], *, as_json: bool) -> int:
    """The crawls, newest first."""
    if as_json:
        print_json([run_record(run) for run in runs])
        return 0
    counted = ("pages", "bytes", "new", "changed", "unchanged", "deleted")
    print_table(
        ("run", "source", "started", "took", "status", *counted, "rejected", "failed", "why"),
        (
            (
                run.id,
                run.source,
                run.started,
                took(run),
                run.status,
                *(run.counts.get(name, 0) for name in counted),
                reasons(run.counts.get("rejected")),
                reasons(run.counts.get("failed")),
                run.counts.get("reason") or "",
            )
            for run in runs
        ),
    )
    return 0


def print_known_runs(workspace: Workspace, source: str | None, limit: int, *, as_json: bool) -> int:
    """The last runs, of one source where one is named."""
    if source is not None:
        require_known(source, workspace.registry, workspace.store)
    runs = workspace.store.runs(source=source, limit=limit)
    if not runs:
        note("aggregator: nothing was crawled yet")
    return print_runs(runs, as_json=as_json)


def took(run: Run) -> timedelta | None:
    """How long a run took, in whole seconds; None: it has no end."""
    return timedelta(seconds=round((run.finished - run.started).total_seconds())) if run.finished else None


def run_record(run: Run) -> dict[str, object]:
    """A run as JSON."""
    return {
        "id": run.id,
        "source": run.source,
        "started": iso_utc(run.started),
        "finished": iso_or_none(run.finished),
        "seconds": round((run.finished - run.started).total_seconds(), 3) if run.finished else None,
        "status": run.status,
        "counts": dict(run.counts),
    }


# --- Prometheus ---------------------------------------------------------------------------------------------


def write_prometheus(workspace: Workspace, path: Path) -> int:
    """The metrics file, replaced as a whole."""
    from aggregator.commands.metrics import metrics_text, replace_file

    store = workspace.store
    counts = store.counts()
    found = [store.source_history(name) for name in store.crawled_sources()]
    try:
        replace_file(path, metrics_text(counts, [(history, judge(history)) for history in found]))
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError) as error:
        raise FixCommandError(f"{path} cannot be written: {error.strerror}") from None
    except OSError as error:  # a full disk
        raise TryLaterError(f"{path} cannot be written: {error.strerror}") from None
    return 0
