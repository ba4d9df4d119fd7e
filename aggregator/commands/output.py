"""Where results and messages go: results to standard output, messages and progress to standard error."""

import json
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console


@cache
def stdout() -> "Console":
    """The console for results; without a terminal it never wraps, so that output pipes."""
    from rich.console import Console

    class Output(Console):
        def on_broken_pipe(self) -> None:
            """``… | head`` has had enough: for ``options.exit_status``, not an exit of rich's own."""
            raise BrokenPipeError

    return Output(highlight=False, soft_wrap=not sys.stdout.isatty())


@cache
def stderr() -> "Console":
    """The console for messages and progress."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def print_json(value: Any, *, indent: int | None = 2) -> None:
    """One JSON document on standard output, Persian letters as they are."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=indent) + "\n")


def print_json_line(value: Any) -> None:
    """One JSON document on one line."""
    print_json(value, indent=None)


def print_table(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Rows as a table on a terminal, else parted by tabs for other programs."""
    if not sys.stdout.isatty():
        for row in rows:
            sys.stdout.write("\t".join(plain(cell) for cell in row) + "\n")
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(*headings, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    stdout().print(table)


def plain(cell: object) -> str:
    """A table's cell as text."""
    if cell is None:
        return "–"
    if isinstance(cell, datetime):
        from aggregator.persian.calendar import TEHRAN, jalali_date

        local = cell.astimezone(TEHRAN)
        return f"{jalali_date(local.date())} {local:%H:%M}"
    return str(cell)


def note(message: str) -> None:
    """A message for the person at the keyboard."""
    sys.stderr.write(f"{message}\n")


def reasons(counts: Mapping[str, int] | None) -> str:
    """``{"listing": 2}`` as ``2 listing``."""
    return ", ".join(f"{number} {name}" for name, number in counts.items()) if counts else "0"
