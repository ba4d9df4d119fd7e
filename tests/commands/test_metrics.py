"""The file for Prometheus: every line by the grammar of the text format, and the numbers in it."""

import re
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.commands.metrics import metrics_text, replace_file
from aggregator.crawl.health import judge
from aggregator.model import Run
from aggregator.store.health import SourceHistory

# https://prometheus.io/docs/instrumenting/exposition_formats/
NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
HELP = re.compile(rf"# HELP ({NAME}) (?:[^\\\n]|\\\\|\\n)+")
TYPE = re.compile(rf"# TYPE ({NAME}) (counter|gauge|histogram|summary|untyped)")
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\\\|\\"|\\n)*"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (-?[0-9]+(?:\.[0-9]+)?)")
PAIR = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')

ENDED = datetime(2026, 3, 1, tzinfo=UTC)


def parse(text: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Name and labels of each sample → value. Each family has its HELP and TYPE first, and stands once."""
    found: dict[tuple[str, frozenset[tuple[str, str]]], float] = {}
    assert text.endswith("\n")
    lines = iter(text.removesuffix("\n").split("\n"))
    seen: set[str] = set()
    family = ""
    for line in lines:
        if line.startswith("#"):
            helped, typed = HELP.fullmatch(line), TYPE.fullmatch(next(lines))
            assert helped, line
            assert typed, line
            assert helped[1] == typed[1], line
            family = helped[1]
            assert family not in seen, family
            seen.add(family)
            continue
        sample = SAMPLE.fullmatch(line)
        assert sample, line
        assert sample[1] == family, line
        labels = frozenset((name, unescaped(value)) for name, value in PAIR.findall(sample[2] or ""))
        assert (family, labels) not in found, line
        found[family, labels] = float(sample[3])
    assert {family for family, _ in found} == seen
    return found


def unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda match: {"n": "\n"}.get(match[1], match[1]), value)


def run(source: str, status: str = "finished", **counts: Any) -> Run:
    return Run(1, source, ENDED - timedelta(seconds=90), ENDED, status, counts)


def test_numbers_and_names_of_all_kinds() -> None:
    odd = 'odd "name"\\with\neverything'
    histories = [
        SourceHistory(
            "one",
            articles=7,
            runs=(run("one", new=2, bytes=1000, rejected={"listing": 3}, failed={"http-503": 1}),),
            watched_since=ENDED,
            last_success=ENDED,
        ),
        SourceHistory(odd, runs=(run(odd, "failed", reason="dns"),) * 2),
    ]
    counts = {
        "articles": 7,
        "revisions": 9,
        "pending_index": 4,
        "sources": {"one": {"pages": {"done": 7, "failed": 1}}, odd: {"pages": {}}},
    }
    found = parse(metrics_text(counts, [(history, judge(history)) for history in histories]))

    def value(name: str, **labels: str) -> float:
        return found[f"aggregator_{name}", frozenset(labels.items())]

    assert value("articles") == 7
    assert value("index_pending_articles") == 4
    assert value("source_last_success_timestamp_seconds", source="one") == ENDED.timestamp()
    assert value("source_last_run_duration_seconds", source="one") == 90
    assert value("source_last_run_new_articles", source="one") == 2
    assert value("source_last_run_pages", source="one", outcome="listing") == 3
    assert value("source_last_run_pages", source="one", outcome="http-503") == 1
    assert value("source_pages", source="one", status="done") == 7
    assert value("source_failures_in_row", source=odd) == 2
    assert (value("source_failing", source=odd), value("source_failing", source="one")) == (1, 0)
    assert value("source_silent", source="one") == value("source_blocked", source="one") == 0
    assert ("aggregator_source_last_success_timestamp_seconds", frozenset({("source", odd)})) not in found


def test_an_empty_store_gives_a_valid_file() -> None:
    counts = {"articles": 0, "revisions": 0, "pending_index": 0, "sources": {}}
    assert {name for name, _ in parse(metrics_text(counts, []))} == {
        "aggregator_status_timestamp_seconds",
        "aggregator_articles",
        "aggregator_revisions",
        "aggregator_index_pending_articles",
    }


def test_the_parser_of_this_test_is_strict() -> None:
    for wrong in (
        "a 1\n",  # no HELP
        "# HELP a x\n# TYPE a gauge\na{b=c} 1\n",
        "# HELP a x\n# TYPE a gauge\na 1\na 2\n",
        "# HELP a x\n# TYPE a gauge\nb 1\n",
        '# HELP a x\n# TYPE a gauge\na{b="\\x"} 1\n',
        "# HELP a x\n# TYPE a gauge\na NaN?\n",
    ):
        with pytest.raises(AssertionError):
            parse(wrong)


def test_the_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "aggregator.prom"
    path.write_text("old", encoding="utf-8")
    before = path.open(encoding="utf-8")
    replace_file(path, "new\n")
    with before:
        assert before.read() == "old"  # who has it open still reads the old one
    assert path.read_text(encoding="utf-8") == "new\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert [file.name for file in tmp_path.iterdir()] == ["aggregator.prom"]


def test_where_it_cannot_be_written_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(IsADirectoryError):
        replace_file(tmp_path / "taken", "x\n")
    assert [file.name for file in tmp_path.iterdir()] == ["taken"]
