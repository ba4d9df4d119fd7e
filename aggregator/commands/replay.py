"""``aggregator replay``: today's rules over the archived pages, and what they change."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aggregator.commands.differences import print_differences
from aggregator.commands.output import note, plain, print_json, print_json_line, print_table, stderr, stdout
from aggregator.crawl.archive import archive_files
from aggregator.crawl.replay import OUTCOMES, Replayed, replay
from aggregator.errors import FixCommandError
from aggregator.index.sync import sync
from aggregator.model import Article, NotArticle, iso_utc
from aggregator.store.codec import content
from aggregator.stories.catch_up import group_stories
from aggregator.workspace import Workspace

TOLD = frozenset({"new", "changed", "lost"})  #: what a dry run shows one by one

Differences = dict[str, tuple[Any, Any]]  #: field → before, after


def replay_archive(
    workspace: Workspace, files: list[Path], *, source: str | None, dry_run: bool, as_json: bool
) -> int:
    """Extract again from the archive; a revision only where an article changes."""
    paths = _paths(workspace, files)
    results = replay(paths, workspace.store, workspace.registry, source=source, dry_run=dry_run)
    counts = dict.fromkeys(("pages", *OUTCOMES), 0)
    with _progress(quiet=dry_run and stdout().is_terminal) as tell:
        for result in results:
            counts["pages"] += 1
            counts[result.outcome] += 1
            if dry_run and result.outcome in TOLD:
                print_json_line(as_record(result)) if as_json else _show(result)
            tell(result, counts)
    if not dry_run:
        sync(workspace.store, workspace.index, workspace.registry)
        group_stories(workspace.store)
    _conclude(counts, dry_run=dry_run, as_json=as_json)
    return 0


def differences(before: Article, after: Article) -> Differences:
    """The fields of the content that are not the same."""
    old, new = content(before), content(after)
    return {name: (old[name], new[name]) for name in new if old[name] != new[name]}


def as_record(result: Replayed) -> dict[str, Any]:
    """One page of a dry run as JSON."""
    found, changes = result.result, {}
    if result.before is not None and isinstance(found, Article):
        changes = {
            name: {"before": before, "after": after}
            for name, (before, after) in differences(result.before, found).items()
        }
    return {
        "outcome": result.outcome,
        "id": found.id if isinstance(found, Article) else None,
        "url": result.page.url,
        "fetched_at": iso_utc(result.page.fetched_at),
        "why": None if isinstance(found, Article) else f"{found.kind}: {found.reason}",
        "changes": changes,
    }


def _paths(workspace: Workspace, files: list[Path]) -> list[Path]:
    missing = [str(path) for path in files if not path.is_file()]
    if missing:
        raise FixCommandError(f"no such file: {', '.join(missing)}")
    paths = files or archive_files(workspace.settings.archive_dir)
    if not paths:
        raise FixCommandError(
            f"there is nothing to replay: {workspace.settings.archive_dir} has no WARC file"
        )
    return paths


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[[Replayed, dict[str, int]], None]]:
    """How far it is, on a terminal that shows nothing else meanwhile."""
    if quiet:
        yield lambda result, counts: None
        return
    with stderr().status("replaying …") as status:

        def tell(result: Replayed, counts: dict[str, int]) -> None:
            if counts["pages"] % 10 == 0:
                done = ", ".join(f"{counts[name]:,} {name}" for name in ("pages", "new", "changed"))
                status.update(f"{done}; now those of {plain(result.page.fetched_at)}")

        yield tell


def _show(result: Replayed) -> None:
    found = result.result
    if isinstance(found, NotArticle):
        print_differences(
            f"{result.outcome}  {result.page.url}", [("why", "", f"{found.kind}: {found.reason}")]
        )
        return
    changed = differences(result.before, found) if result.before else {"headline": ("", found.headline)}
    print_differences(
        f"{result.outcome}  {result.page.url}",
        [(name, _text(before), _text(after)) for name, (before, after) in changed.items()],
    )


def _text(value: str | Iterable[str] | None) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else "\n".join(value)


def _conclude(counts: dict[str, int], *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        (print_json_line if dry_run else print_json)(counts)
    else:
        print_table(("outcome", "pages"), counts.items())
    if counts["lost"]:
        note(
            f"aggregator: {counts['lost']} pages that had given an article give none by today's rules; "
            "their articles stay as they are"
        )
    if dry_run:
        note("aggregator: nothing was changed (--dry-run)")
