"""The pairs of text collected for the project, where they are at hand: where GOLD says, or beside us."""

import csv
import os
from pathlib import Path

import pytest

GOLD = Path(os.environ.get("GOLD", Path(__file__).resolve().parents[3] / "shared" / "gold"))


def gold_pairs(name: str) -> list[tuple[str, str]]:
    """The pairs (input, expected) of a file; skips the test where there is none."""
    path = GOLD / name
    if not path.is_file():
        pytest.skip(f"no {name} beside the checkout")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    return [(_unescape(row[0]), _unescape(row[1])) for row in rows]


def _unescape(cell: str) -> str:
    return cell.replace("\\n", "\n").replace("\\t", "\t")
