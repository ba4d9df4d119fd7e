"""Storing articles in PostgreSQL beside SQLite: a commit each, as a crawl does, and fifty a commit.

Both as safe as in use: SQLite with a synchronised log, PostgreSQL with ``fsync`` and ``synchronous_commit``.
"""

import tempfile
import time
from itertools import islice
from pathlib import Path

from aggregator.model import StoredArticle
from aggregator.registry import load_registry
from aggregator.store import Store
from benchmarks.elastic import documents
from tools.postgresql import Server

ARTICLES = 2_000
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "autovacuum": "on"}


def main() -> None:
    """Print articles a second, and PostgreSQL's share of SQLite's."""
    articles = [document.stored for document in islice(documents(load_registry()), ARTICLES)]
    with tempfile.TemporaryDirectory() as folder, Server(DURABLE) as server:
        for together, few in ((1, articles[: ARTICLES // 4]), (50, articles)):
            path = Path(folder) / f"{together}.sqlite3"
            sqlite = speed(f"sqlite:///{path}", few, together)
            postgresql = speed(server.database(), few, together)
            print(f"{len(few):,} articles, {together} a commit")
            print(
                f"  SQLite      {sqlite:8,.0f} articles/s, {path.stat().st_size / len(few):,.0f} bytes each"
            )
            print(f"  PostgreSQL  {postgresql:8,.0f} articles/s   ratio {postgresql / sqlite:.2f}")


def speed(url: str, articles: list[StoredArticle], together: int) -> float:
    """Articles a second into an empty database."""
    with Store.open(url) as store:
        start = time.perf_counter()
        for first in range(0, len(articles), together):
            store.put_articles(articles[first : first + together])
        return len(articles) / (time.perf_counter() - start)
