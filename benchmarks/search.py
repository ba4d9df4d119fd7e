"""Import and search of 5,000 articles, beside SQLite's own full-text index (FTS5) over the same texts.

``aggregator import`` does all of its work: reading, normalising, storing, indexing. The peer gets the plain
texts in one transaction, knows no Persian, and is searched for the words as they stand.
"""

import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from aggregator.demo.site import Site
from aggregator.demo.synthetic import synthetic_articles
from aggregator.search import search
from aggregator.search.results import SearchRequest
from aggregator.workspace import open_workspace

ARTICLES = 5_000
QUERIES = (
    "کارگاه ایمنی",
    "نشست اشتغال تبریز",
    "تعاونی مسکن کرج",
    "بازنشستگان",
    "جشنواره کارآفرینان برتر",
    "حوادث کار",
)
ROUNDS = 20
PEER_QUERY = (
    "SELECT headline, snippet(news, 2, '[', ']', '…', 30) FROM news WHERE news MATCH ? ORDER BY rank LIMIT 10"
)
MEMORY = "import resource; print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"


def main() -> None:
    """Print articles a second, search times, ratios to the peer, and the peak memory of each command."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        records = [record(truth) for truth in Site("nastooh", synthetic_articles(ARTICLES, seed=2)).truth()]
        lines = folder / "articles.jsonl"
        lines.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")
        size = lines.stat().st_size / len(records) / 1024
        print(f"{len(records):,} articles, {size:.1f} KB each as JSON")

        ours = timed_command(folder, "import", str(lines))
        peer, seconds = fts5(folder / "peer.db", records)
        print(f"  import   {len(records) / ours:8,.0f} articles/s")
        print(f"  FTS5     {len(records) / seconds:8,.0f} articles/s   ratio {seconds / ours:.3f}")
        exported = timed_command(folder, "export", "--output", str(folder / "out.jsonl"))
        print(f"  export   {len(records) / exported:8,.0f} articles/s")
        compare_searches(folder, peer)


def record(truth: dict[str, object]) -> dict[str, object]:
    """An export record with what an import needs."""
    return truth | {"body": "\n".join(truth["body"])}  # type: ignore[arg-type]


def timed_command(folder: Path, *arguments: str) -> float:
    """Run a command as a user would; its wall-clock seconds, with its peak memory printed."""
    command = [sys.executable, "-m", "aggregator", *arguments, "--data", str(folder / "data")]
    wrapped = f"import subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=2); {MEMORY}"
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", wrapped, *command], capture_output=True, text=True, check=True
    )
    seconds = time.perf_counter() - start
    print(f"  {arguments[0]:8} {seconds:8.1f} s, peak memory {done.stdout.strip()} MB")
    return seconds


def fts5(path: Path, records: list[dict[str, object]]) -> tuple[sqlite3.Connection, float]:
    """The peer, filled; and how long that took."""
    connection = sqlite3.connect(path)
    start = time.perf_counter()
    connection.execute("CREATE VIRTUAL TABLE news USING fts5(headline, lead, body)")
    rows = ((r["headline"], r["lead"], r["body"]) for r in records)
    with connection:
        connection.executemany("INSERT INTO news VALUES (?, ?, ?)", rows)
    return connection, time.perf_counter() - start


def compare_searches(folder: Path, peer: sqlite3.Connection) -> None:
    """Ten hits with highlights, facets and timeline, against ten ranked rows with a snippet."""
    with open_workspace(data=folder / "data") as workspace:
        index, registry = workspace.index, workspace.registry

        def ours(query: str) -> None:
            search(SearchRequest(query=query), index, registry)

        def theirs(query: str) -> None:
            peer.execute(PEER_QUERY, (query,)).fetchall()

        times = {name: milliseconds(run) for name, run in (("aggregator", ours), ("FTS5", theirs))}
    for name, found in times.items():
        cuts = statistics.quantiles(found, n=20)
        print(f"  search   {name:12} p50 {statistics.median(found):6.1f} ms   p95 {cuts[18]:6.1f} ms")
    print(f"  ratio of p50 {statistics.median(times['aggregator']) / statistics.median(times['FTS5']):.2f}")


def milliseconds(run: Callable[[str], None]) -> list[float]:
    """Each query's time, the first round left out."""
    found = []
    for number in range(ROUNDS + 1):
        for query in QUERIES:
            start = time.perf_counter()
            run(query)
            if number:
                found.append((time.perf_counter() - start) * 1000)
    return found
