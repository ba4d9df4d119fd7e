"""``aggregator normalise``: a text as this software reads it."""

import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from aggregator.commands.explain import explain
from aggregator.commands.output import print_json_line
from aggregator.errors import FixCommandError
from aggregator.persian.dates import find_dates
from aggregator.persian.fold import fold_terms
from aggregator.persian.names.mentions import find_mentions
from aggregator.persian.normalise import normalise
from aggregator.workspace import Workspace


def print_texts(
    text: str, workspace: Workspace, *, fold: bool, everything: bool, at: str | None, as_json: bool
) -> int:
    """Print one result a line, or one block with ``everything``: of ``text``, or of each line of standard
    input for ``-``."""
    instant = read_instant(at)
    for line in read_lines() if text == "-" else [text]:
        if as_json:
            print_json_line(describe(line, instant, workspace))
        elif everything:
            explain(line, describe(line, instant, workspace), workspace.registry)
        else:
            sys.stdout.write((" ".join(fold_terms(line)) if fold else normalise(line)) + "\n")
    return 0


def describe(text: str, at: datetime, workspace: Workspace) -> dict[str, Any]:
    """All that is known of a text; offsets in characters of the given text."""
    return {
        "normalised": normalise(text),
        "folded": fold_terms(text),
        "dates": [
            {
                "text": text[found.start : found.end],
                "start": found.start,
                "end": found.end,
                "instant": found.reading.iso(),
                "precision": found.reading.precision,
                "calendar": found.reading.calendar,
                "confidence": found.reading.confidence,
                "doubts": list(found.reading.doubts),
            }
            for found in find_dates(text, at=at)
        ],
        "mentions": [
            {name: value for name, value in asdict(found).items() if name != "field"}
            for found in find_mentions(text, workspace.registry.gazetteer)
        ],
    }


def read_lines() -> Iterable[str]:
    """The lines of standard input without their ends; bytes that are no UTF-8 become U+FFFD."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", "replace").rstrip("\r\n")


def read_instant(at: str | None) -> datetime:
    """``--at`` as an aware instant; a day or a time without offset is Tehran's."""
    if at is None:
        return datetime.now(UTC)
    from aggregator.persian.calendar import TEHRAN, instant_of_day, parse_day

    try:
        instant = datetime.fromisoformat(at)
        if instant.year >= 1700:  # below, the year is Jalali: for parse_day
            return instant if instant.tzinfo else instant.replace(tzinfo=TEHRAN)
    except ValueError:
        pass
    try:
        return instant_of_day(parse_day(at))
    except ValueError as error:
        raise FixCommandError(f"--at: {error}") from None
