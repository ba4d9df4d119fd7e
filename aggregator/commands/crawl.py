"""``aggregator crawl``: progress while it runs, then what came of each source."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from aggregator.commands.output import note, print_json, print_table, reasons, stderr
from aggregator.crawl.progress import Progress
from aggregator.crawl.run import CrawlResult, OnProgress, crawl
from aggregator.model import Source, iso_utc
from aggregator.store import Store
from aggregator.workspace import Workspace

if TYPE_CHECKING:
    from rich.table import Table

INTERRUPTED = 130  # what a shell expects of a program that Ctrl-C ended
SHOWN = 12  # sources under way that are shown one by one


def run_crawl(
    workspace: Workspace,
    sources: list[Source],
    *,
    since: date | None,
    limit: int | None,
    verbose: bool,
    as_json: bool,
) -> int:
    """Crawl, print the outcome of each source, and name what failed."""
    log_to_stderr(verbose)
    with live_progress(len(sources)) as on_progress:
        result = crawl(
            sources,
            workspace.settings,
            since=since,
            limit=limit,
            on_progress=on_progress,
            registry=workspace.registry,
        )
    if as_json:
        print_json([outcome(progress) for progress in result.sources])
    else:
        print_outcomes(result)
    return report_trouble(result)


def choose_due(sources: list[Source], store: Store) -> list[Source]:
    """Those that are due now, those that were never crawled included; says how many, and when the next is."""
    now = datetime.now(UTC)
    states = {source.id: store.source_state(source.id) for source in sources}
    times = {name: state.next_due for name, state in states.items() if state is not None}
    due = [source for source in sources if times.get(source.id, now) <= now]
    later = [time for time in times.values() if time > now]
    following = f"; the next one is due at {iso_utc(min(later))}" if later else ""
    note(f"aggregator: {len(due)} of {len(sources)} sources are due{following}")
    return due


class ConsoleHandler(logging.Handler):
    """Prints log lines above the progress display."""

    def emit(self, record: logging.LogRecord) -> None:
        stderr().print(self.format(record), markup=False, soft_wrap=True)


def log_to_stderr(verbose: bool) -> None:
    """Warnings, or with ``verbose`` also what Scrapy tells of its requests."""
    handler = ConsoleHandler(level=logging.DEBUG if verbose else logging.WARNING)
    logging.basicConfig(handlers=[handler], format="%(levelname)s %(name)s: %(message)s", level=logging.DEBUG)


@contextmanager
def live_progress(total: int) -> Iterator[OnProgress | None]:
    """A table that follows the crawl, on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.live import Live

    seen: dict[str, Progress] = {}
    with Live(console=stderr(), refresh_per_second=4, transient=True) as live:

        def show(progress: Progress) -> None:
            seen[progress.source] = progress
            live.update(progress_table(list(seen.values()), total))

        yield show


def progress_table(seen: list[Progress], total: int) -> "Table":
    """The sources under way, and the sum of all."""
    from rich.table import Table

    table = Table(
        "source", "pages", "articles", "new", "pages/s", box=None, pad_edge=False, header_style="bold"
    )
    for progress in [one for one in seen if one.state == "running"][:SHOWN]:
        table.add_row(
            progress.source,
            f"{progress.pages:,}",
            f"{progress.articles:,}",
            f"{progress.new:,}",
            f"{progress.rate:.1f}",
        )
    done = sum(one.state not in ("waiting", "running") for one in seen)
    sums = [sum(getattr(one, name) for one in seen) for name in ("pages", "articles", "new")]
    table.add_row(f"{done} of {total} sources done", *(f"{number:,}" for number in sums), "", style="bold")
    return table


def outcome(progress: Progress) -> dict[str, Any]:
    """One source's crawl as JSON."""
    return {
        "source": progress.source,
        "status": progress.state,
        "reason": progress.reason,
        "seconds": round(progress.seconds, 3),
        "counts": progress.counts,
    }


def print_outcomes(result: CrawlResult) -> None:
    """A line for each source."""
    print_table(
        ("source", "status", "pages", "new", "changed", "unchanged", "deleted", "rejected", "failed"),
        (
            (
                one.source,
                one.state,
                one.pages,
                one.new,
                one.changed,
                one.unchanged,
                one.deleted,
                reasons(one.rejected),
                reasons(one.failed),
            )
            for one in result.sources
        ),
    )


def report_trouble(result: CrawlResult) -> int:
    """Say what went wrong and what to do; the exit status."""
    for one in result.failed:
        note(f"aggregator: {one.source} failed: {one.reason}")
    for one in result.busy:
        note(f"aggregator: {one.source} left alone: {one.reason}")
    if result.index_trouble:
        note(f"aggregator: the articles are stored, but not yet in the index: {result.index_trouble}")
    if result.interrupted:
        note("aggregator: interrupted; what was fetched is stored, and the same command goes on from here")
        return INTERRUPTED
    if result.index_trouble:
        return result.index_trouble.exit_status
    return 1 if result.failed else 0
