"""Our normaliser beside others, as a Markdown table: known defects, collected pairs, documents a second.

usage: python -m benchmarks persian [--gold FOLDER] [--write FILE]

Each library runs in a process and an environment of its own, called as its manual shows. ``--write`` puts the
table into a file, between the two comments that mark its place.
"""

import argparse
import json
import re
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.defects import DEFECTS
from benchmarks.gold import NORMALISATION, gold_folder, read_pairs
from benchmarks.peers import ROOT, find_python, peer_python
from benchmarks.persian_gold import BYTES, DOCUMENTS, documents

ROUNDS = 3
PLACE = re.compile("(<!-- normalisers: begin -->\n).*(<!-- normalisers: end -->)", re.DOTALL)


@dataclass(frozen=True)
class Peer:
    """A library: what to install, on the first of which Pythons there is."""

    library: str
    requirement: str
    pythons: tuple[str, ...]


PEERS = (
    Peer("hazm", "hazm==0.10.0", ("3.11",)),
    Peer("hazm", "hazm>=0.12,<0.13", ("3.13", "3.12")),
    Peer("parsivar", "parsivar>=0.2.3", ("3.13", "3.12", "3.11")),
    Peer("shekar", "shekar>=1.7", ("3.13", "3.12", "3.11")),
)
Result = dict[str, Any]


def main(arguments: Sequence[str] = ()) -> None:
    """Print the table; put it into a file too if asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks persian")
    parser.add_argument("--gold", type=Path, default=gold_folder(), help="folder of the collected pairs")
    parser.add_argument("--write", type=Path, help="file to put the table into")
    given = parser.parse_args(arguments)
    made = table(given.gold)
    print(made)
    if given.write:
        text = given.write.read_text(encoding="utf-8")
        if not PLACE.search(text):
            sys.exit(f"{given.write} has no place for the table: it needs the two comments that mark it")
        given.write.write_text(
            PLACE.sub(lambda found: found[1] + made + "\n" + found[2], text), encoding="utf-8"
        )


def table(gold: Path) -> str:
    """All lines of Markdown."""
    pairs = {name: read_pairs(name, gold) for name in NORMALISATION} if gold.is_dir() else {}
    checks = [check for found in DEFECTS.values() for check in found]
    texts = [check.text for check in checks] + [text for found in pairs.values() for text, _ in found]
    commands = [("this", "aggregator", Path(sys.executable)), *_peer_commands()]
    given = json.dumps({"texts": texts, "documents": documents()})
    rounds = [[run(library, python, given) for _, library, python in commands] for _ in range(ROUNDS)]
    results = rounds[0]
    names = [
        f"{name} {result['version']}" if result and library != "aggregator" else name
        for (name, library, _), result in zip(commands, results, strict=True)
    ]
    rows = [["", *names]]
    rows += [_defect_row(title, texts, results) for title in DEFECTS]
    rows += _pair_rows(pairs, texts, results)
    rows.append(["documents a second", *(_speed(found) for found in zip(*rounds, strict=True))])
    return "\n".join([_head(gold), *_markdown(rows)])


def _peer_commands() -> list[tuple[str, str, Path | None]]:
    found: list[tuple[str, str, Path | None]] = []
    for peer in PEERS:
        base = find_python(*peer.pythons)
        python = peer_python(peer.library, peer.requirement, base=base) if base else None
        name = peer.library if base else f"{peer.requirement} (needs Python {peer.pythons[0]})"
        found.append((name, peer.library, python))
    return found


def run(library: str, python: Path | None, given: str) -> Result | None:
    """One round of one library over texts and documents in JSON; None where its Python is missing."""
    if python is None:
        return None
    command = [str(python), str(ROOT / "benchmarks" / "peer_normaliser.py"), library]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
    result: Result = json.loads(done.stdout.splitlines()[-1])
    return result


def _defect_row(title: str, texts: list[str], results: list[Result | None]) -> list[str]:
    """For each library how many of the texts of a defect come out right."""
    row = [title]
    for result in results:
        if result is None:
            row.append("not measured")
            continue
        answers = dict(zip(texts, zip(result["once"], result["twice"], strict=True), strict=True))
        right = sum(check.passes(*answers[check.text]) for check in DEFECTS[title])
        row.append("right" if right == len(DEFECTS[title]) else f"broken ({right} of {len(DEFECTS[title])})")
    return row


def _pair_rows(
    pairs: dict[str, list[tuple[str, str]]], texts: list[str], results: list[Result | None]
) -> list[list[str]]:
    rows = []
    for name, found in pairs.items():
        row = [f"pairs of {name} ({len(found)})"]
        for result in results:
            answers = dict(zip(texts, result["once"], strict=True)) if result else {}
            met = sum(answers.get(text) == expected for text, expected in found)
            row.append(f"{met / len(found):.0%}" if result else "not measured")
        rows.append(row)
    return rows


def _speed(rounds: Sequence[Result | None]) -> str:
    seconds = [result["seconds"] for result in rounds if result]
    return f"{DOCUMENTS / statistics.median(seconds):,.0f}" if seconds else "not measured"


def _head(gold: Path) -> str:
    python = ".".join(map(str, sys.version_info[:2]))
    day = datetime.now(UTC).date().isoformat()
    head = (
        f"`python -m benchmarks persian`, {day}, «this» on Python {python}; {DOCUMENTS} documents of {BYTES} "
        f"bytes, processor time of one process, median of {ROUNDS} runs."
    )
    return head + ("\n" if gold.is_dir() else " The collected pairs were not at hand.\n")


def _markdown(rows: list[list[str]]) -> list[str]:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return [lines[0], "|" + "---|" * len(rows[0]), *lines[1:]]


if __name__ == "__main__":
    main(sys.argv[1:])
