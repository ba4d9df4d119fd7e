"""``aggregator status``, ``runs``, ``replay`` and ``reindex``."""

from pathlib import Path

from aggregator.commands.output import note, print_json, print_table, reasons, stderr
from aggregator.errors import FixCommandError
from aggregator.model import Run, iso_utc
from aggregator.workspace import Workspace


def print_status(workspace: Workspace, *, as_json: bool) -> int:
    """What is stored, what waits to be indexed, and how each source fared."""
    counts = workspace.store.counts()
    sources = counts.pop("sources")
    if as_json:
        print_json(
            counts
            | {"data": str(workspace.settings.data), "indexed": workspace.index.count(), "sources": sources}
        )
        return 0
    print_table(
        ("", ""),
        [("data folder", workspace.settings.data), *counts.items(), ("indexed", workspace.index.count())],
    )
    print()
    print_table(
        ("source", "articles", "last run", "status", "last success", "waiting", "rejected", "failed"),
        (
            (
                name,
                of["articles"],
                of["last_run"],
                of["last_status"],
                of["last_success"],
                of["pages"].get("pending", 0),
                of["pages"].get("rejected", 0),
                of["pages"].get("failed", 0),
            )
            for name, of in sources.items()
        ),
    )
    return 0


def print_runs(runs: list[Run], *, as_json: bool) -> int:
    """The crawls, newest first."""
    if as_json:
        print_json([run_record(run) for run in runs])
        return 0
    print_table(
        (
            "run",
            "source",
            "started",
            "status",
            "pages",
            "new",
            "changed",
            "unchanged",
            "rejected",
            "failed",
            "why",
        ),
        (
            (
                run.id,
                run.source,
                run.started,
                run.status,
                *(run.counts.get(name, 0) for name in ("pages", "new", "changed", "unchanged")),
                reasons(run.counts.get("rejected")),
                reasons(run.counts.get("failed")),
                run.counts.get("reason") or "",
            )
            for run in runs
        ),
    )
    return 0


def run_record(run: Run) -> dict[str, object]:
    """A run as JSON."""
    return {
        "id": run.id,
        "source": run.source,
        "started": iso_utc(run.started),
        "finished": iso_utc(run.finished) if run.finished else None,
        "status": run.status,
        "counts": dict(run.counts),
    }


def replay_archive(workspace: Workspace, files: list[Path], *, dry_run: bool, as_json: bool) -> int:
    """Extract again from the archive; a revision only where an article changes."""
    from aggregator.crawl.archive import archive_files
    from aggregator.crawl.replay import replay
    from aggregator.index.sync import sync

    missing = [str(path) for path in files if not path.is_file()]
    if missing:
        raise FixCommandError(f"no such file: {', '.join(missing)}")
    paths = files or archive_files(workspace.settings.archive_dir)
    if not paths:
        raise FixCommandError(
            f"there is nothing to replay: {workspace.settings.archive_dir} has no WARC file"
        )
    counts = replay(paths, workspace.store, workspace.registry, dry_run=dry_run)
    if not dry_run:
        sync(workspace.store, workspace.index, workspace.registry)
    if as_json:
        print_json(counts)
    else:
        print_table(("outcome", "pages"), counts.items())
        if dry_run:
            note("aggregator: nothing was changed (--dry-run)")
    return 0


def rebuild_index(workspace: Workspace, *, as_json: bool) -> int:
    """The index again from the database, with progress."""
    from aggregator.index.sync import reindex

    with stderr().status("indexing …") as status:
        indexed = reindex(
            workspace.store,
            workspace.index,
            workspace.registry,
            progress=lambda done: status.update(f"{done:,} articles indexed"),
        )
    if as_json:
        print_json({"indexed": indexed})
    else:
        print(f"{indexed:,} articles indexed")
    return 0
