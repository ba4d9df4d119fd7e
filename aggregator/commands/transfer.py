"""``aggregator export`` and ``import``: articles out and in, as a stream."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TextIO

from aggregator.batches import batches
from aggregator.commands.output import note, print_json
from aggregator.commands.search import catch_up
from aggregator.errors import FixCommandError
from aggregator.exchange import WRITERS, read_jsonl
from aggregator.model import StoredArticle
from aggregator.persian.article import annotate_article
from aggregator.record import Record, to_record
from aggregator.registry import Registry
from aggregator.search import matching_ids
from aggregator.workspace import Workspace

BATCH = 200  # articles a transaction


def export_articles(workspace: Workspace, query: str, format: str, output: Path | None) -> int:
    """Write all articles, or those that a query finds, to a file or standard output."""
    stored = found_by(workspace, query) if query.strip() else workspace.store.articles()
    records = (to_record(article) for article in stored)
    if format == "xlsx":
        count = write_xlsx(records, output, workspace.registry)
    else:
        with open_output(output) as out:
            count = WRITERS[format](records, out)
    note(f"aggregator: {count:,} articles written" + (f" to {output}" if output else ""))
    return 0


def found_by(workspace: Workspace, query: str) -> Iterator[StoredArticle]:
    """Every article that a query finds, newest first, however many."""
    catch_up(workspace)
    for article_id in matching_ids(query, workspace.index, workspace.registry):
        stored = workspace.store.get_article(article_id)
        if stored is not None:
            yield stored


def write_xlsx(records: Iterator[Record], output: Path | None, registry: Registry) -> int:
    """An Excel workbook to a file or standard output, which must not be a terminal; how many articles."""
    from aggregator.spreadsheet import xlsx_chunks

    if output is None and sys.stdout.isatty():
        raise FixCommandError("a workbook is no text for a terminal: name a file with --output")
    count = 0

    def counted() -> Iterator[Record]:
        nonlocal count
        for record in records:
            count += 1
            yield record

    with open_output(output) as out:
        for chunk in xlsx_chunks(counted(), registry.label):
            out.buffer.write(chunk)
    return count


@contextmanager
def open_output(path: Path | None) -> Iterator[TextIO]:
    """A file that appears whole or not at all, or standard output; line ends as written."""
    if path is None:
        sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
        yield sys.stdout
        return
    partial = path.with_name(path.name + ".partial")
    try:
        with partial.open("w", encoding="utf-8", newline="") as out:
            yield out
        partial.replace(path)
    except OSError as error:
        raise FixCommandError(f"{path} cannot be written: {error.strerror}") from None
    finally:
        partial.unlink(missing_ok=True)


def import_articles(workspace: Workspace, file: str, *, source: str, as_json: bool) -> int:
    """Read records into the store and the index; wrong lines are named, and cost the rest nothing."""
    from aggregator.index.sync import sync
    from aggregator.stories.catch_up import group_stories

    counts = {"new": 0, "changed": 0, "unchanged": 0, "wrong": 0}
    with open_input(file) as lines:
        records = good_records(lines, file, source, counts)
        for batch in batches(annotated(records, workspace.registry), BATCH):
            for outcome in workspace.store.put_articles(batch):
                counts[outcome] += 1
            progress(counts)
    indexed = sync(workspace.store, workspace.index, workspace.registry)
    group_stories(workspace.store)
    if as_json:
        print_json({**counts, "indexed": indexed})
    else:
        print(", ".join(f"{count:,} {name}" for name, count in counts.items()) + f"; {indexed:,} indexed")
    return 1 if counts["wrong"] else 0


def good_records(lines: IO[bytes], file: str, source: str, counts: dict[str, int]) -> Iterator[StoredArticle]:
    """The articles of the lines that can be read; the others are told on standard error."""
    for item in read_jsonl(lines, name=file, source=source, now=datetime.now(UTC)):
        if isinstance(item, StoredArticle):
            yield item
        else:
            counts["wrong"] += 1
            note(f"aggregator: {item}")


def annotated(items: Iterable[StoredArticle], registry: Registry) -> Iterator[StoredArticle]:
    """The articles with what is found in their texts; what their records said of it is not read."""
    for item in items:
        article = annotate_article(
            item.article, registry.gazetteer, organisation=item.organisation, province=item.province
        )
        yield replace(item, article=article)


@contextmanager
def open_input(file: str) -> Iterator[IO[bytes]]:
    """A file, or standard input for ``-``."""
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        opened = Path(file).open("rb")  # noqa: SIM115 - closed below; only the opening may fail here
    except OSError as error:
        raise FixCommandError(f"{file} cannot be read: {error.strerror}") from None
    with opened:
        yield opened


def progress(counts: dict[str, int]) -> None:
    """How many lines were read so far, on a terminal only."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{sum(counts.values()):,} read ")
        sys.stderr.flush()
