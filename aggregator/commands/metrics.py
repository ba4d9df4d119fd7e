"""The numbers of ``aggregator status`` for Prometheus, in the text format that node_exporter's textfile
collector reads: https://prometheus.io/docs/instrumenting/exposition_formats/"""

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aggregator.crawl.health import KINDS, Health
from aggregator.model import Run
from aggregator.store.health import SourceHistory

Sample = tuple[Mapping[str, str], float]
Judged = Sequence[tuple[SourceHistory, Health]]

PREFIX = "aggregator_"
_FINDINGS = {
    "blocked": "the site refuses us",
    "failing": "the last run failed",
    "silent": "nothing new came for much longer than usual",
    "drifted": "articles have lost a field that they used to have",
}


def metrics_text(counts: Mapping[str, Any], judged: Judged) -> str:
    """The whole file. ``counts``: see ``aggregator.store.counts``."""
    return "".join(
        _family(name, about, samples) for name, about, samples in (*_totals(counts), *_sources(judged))
    )


def replace_file(path: Path, text: str) -> None:
    """Puts the text in the place of the file in one step: a reader sees the old or the new one. OSError."""
    number, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(number, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)  # the collector is another user
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


# --- what is told -------------------------------------------------------------------------------------------


def _totals(counts: Mapping[str, Any]) -> Iterator[tuple[str, str, list[Sample]]]:
    yield (
        "status_timestamp_seconds",
        "When these numbers were written.",
        [({}, datetime.now(UTC).timestamp())],
    )
    yield "articles", "Articles stored.", [({}, counts["articles"])]
    yield "revisions", "Revisions stored, the current ones too.", [({}, counts["revisions"])]
    yield (
        "index_pending_articles",
        "Articles that the index has yet to take in.",
        [({}, counts["pending_index"])],
    )
    yield (
        "source_pages",
        "Addresses in the ledger of a source, by status.",
        [
            ({"source": source, "status": status}, number)
            for source, of in counts["sources"].items()
            for status, number in of["pages"].items()
        ],
    )


def _sources(judged: Judged) -> Iterator[tuple[str, str, list[Sample]]]:
    yield (
        "source_articles",
        "Articles stored of a source.",
        [({"source": history.source}, history.articles) for history, _ in judged],
    )
    yield (
        "source_last_success_timestamp_seconds",
        "End of the last run that finished; absent: none did.",
        [
            ({"source": history.source}, history.last_success.timestamp())
            for history, _ in judged
            if history.last_success
        ],
    )
    yield (
        "source_failures_in_row",
        "Runs in a row that failed or were killed.",
        [({"source": health.source}, health.failures) for _, health in judged],
    )
    yield from _last_runs([run for history, _ in judged if (run := last_ended(history.runs))])
    for kind in KINDS:
        yield (
            f"source_{kind}",
            f"1 where {_FINDINGS[kind]}, else 0.",
            [({"source": health.source}, health.is_(kind)) for _, health in judged],
        )


def _last_runs(runs: Sequence[Run]) -> Iterator[tuple[str, str, list[Sample]]]:
    yield (
        "source_last_run_timestamp_seconds",
        "End of the last run, however it ended.",
        [({"source": run.source}, run.finished.timestamp()) for run in runs if run.finished],
    )
    yield (
        "source_last_run_duration_seconds",
        "How long the last run took.",
        [
            ({"source": run.source}, (run.finished - run.started).total_seconds())
            for run in runs
            if run.finished
        ],
    )
    yield (
        "source_last_run_new_articles",
        "New articles of the last run.",
        [({"source": run.source}, run.counts.get("new", 0)) for run in runs],
    )
    yield (
        "source_last_run_bytes",
        "Bytes fetched by the last run, unpacked.",
        [({"source": run.source}, run.counts.get("bytes", 0)) for run in runs],
    )
    yield (
        "source_last_run_pages",
        "Pages of the last run, by outcome.",
        [
            ({"source": run.source, "outcome": outcome}, number)
            for run in runs
            for outcome, number in outcomes(run).items()
        ],
    )


def last_ended(runs: Iterable[Run]) -> Run | None:
    """The newest run that has an end."""
    return next((run for run in runs if run.finished is not None), None)


def outcomes(run: Run) -> dict[str, int]:
    """What became of the pages of a run: articles, and what else they were."""
    articles = {name: run.counts.get(name, 0) for name in ("new", "changed", "unchanged", "deleted")}
    return {**articles, **run.counts.get("rejected", {}), **run.counts.get("failed", {})}


# --- the format ---------------------------------------------------------------------------------------------


def _family(name: str, about: str, samples: Iterable[Sample]) -> str:
    lines = [f"{PREFIX}{name}{_labels(labels)} {_number(value)}\n" for labels, value in samples]
    head = f"# HELP {PREFIX}{name} {about}\n# TYPE {PREFIX}{name} gauge\n"
    return head + "".join(lines) if lines else ""


def _labels(labels: Mapping[str, str]) -> str:
    pairs = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{pairs}}}" if pairs else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.3f}"
