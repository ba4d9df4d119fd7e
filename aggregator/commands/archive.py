"""``aggregator archive``: one page back out of the archive, and whether the archive is whole."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from aggregator.commands.output import note, plain, print_json, print_table, stderr
from aggregator.commands.text import read_instant
from aggregator.crawl.archive import archive_files
from aggregator.crawl.archive.check import FileReport, check_file
from aggregator.crawl.archive.index import Entry, find
from aggregator.crawl.archive.reading import page_at, records_at
from aggregator.errors import FixCommandError
from aggregator.model import iso_utc
from aggregator.workspace import Workspace


def get_page(workspace: Workspace, url: str, *, at: str | None, record: bool, as_json: bool) -> int:
    """Print a page as it was archived; 1: there is none of that address."""
    directory = workspace.settings.archive_dir
    try:
        captures = find(directory, url)
    except ValueError:
        raise FixCommandError(f"{url!r} is no address") from None
    if not captures:
        note(f"aggregator: the archive in {directory} has no page of {url}")
        return 1
    chosen = _chosen(captures, None if at is None else read_instant(at))
    if as_json:
        print_json(_described(chosen, captures))
        return 0
    sys.stdout.flush()
    sys.stdout.buffer.write(records_at(chosen) if record else page_at(chosen).body)
    note(f"aggregator: {chosen.url}, fetched {plain(chosen.fetched_at)}, {_among(captures)}")
    return 0


def check_archive(workspace: Workspace, files: list[Path], *, as_json: bool) -> int:
    """Read every file to its end, mend what can be mended; 1: something is wrong in one still."""
    paths = files or archive_files(workspace.settings.archive_dir)
    reports = []
    with stderr().status("checking …") as status:
        for number, path in enumerate(paths, 1):
            status.update(f"{number:,} of {len(paths):,} files: {path.name}")
            reports.append(check_file(path))
    if as_json:
        print_json([_as_record(report) for report in reports])
    else:
        print_table(
            ("file", "bytes", "records", "pages", "state"),
            ((one.path.name, one.bytes, one.records, one.pages, _state(one)) for one in reports),
        )
    bad = [report for report in reports if not report.is_whole]
    for report in bad:
        note(f"aggregator: {report.path}: {_state(report)}")
    return 1 if bad else 0


def _chosen(captures: list[Entry], at: datetime | None) -> Entry:
    """The last one until then, or the first where all are later."""
    until = [one for one in captures if at is None or one.fetched_at <= at]
    return until[-1] if until else captures[0]


def _among(captures: list[Entry]) -> str:
    if len(captures) == 1:
        return "the only time"
    first, last = plain(captures[0].fetched_at), plain(captures[-1].fetched_at)
    return f"one of {len(captures)} times from {first} to {last}"


def _described(chosen: Entry, captures: list[Entry]) -> dict[str, Any]:
    return {
        "url": chosen.url,
        "fetched_at": iso_utc(chosen.fetched_at),
        "source": chosen.source,
        "status": chosen.status,
        "mime": chosen.mime,
        "digest": chosen.digest,
        "file": str(chosen.path),
        "offset": chosen.offset,
        "length": chosen.length,
        "headers": dict(page_at(chosen).headers),
        "fetched": [iso_utc(one.fetched_at) for one in captures],
    }


def _state(report: FileReport) -> str:
    parts = [f"{one.length} bad bytes at {one.offset}: {one.reason}" for one in report.damages]
    if report.torn and report.torn_path:
        parts.append(f"{report.torn.length} torn bytes moved to {report.torn_path.name}")
    if report.trouble:
        parts.append(report.trouble)
    if report.in_use:
        parts.append("being written")
    return "; ".join(parts) or "whole"


def _as_record(report: FileReport) -> dict[str, Any]:
    return {
        "file": str(report.path),
        "bytes": report.bytes,
        "records": report.records,
        "pages": report.pages,
        "whole": report.is_whole,
        "in_use": report.in_use,
        "damages": [
            {"offset": one.offset, "length": one.length, "reason": one.reason} for one in report.damages
        ],
        "torn": {"bytes": report.torn.length, "file": str(report.torn_path)} if report.torn else None,
        "trouble": report.trouble,
    }
