"""The one way to the database. Every method is a transaction of its own."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine

from aggregator.model import Article, Link, PageState, Run, StoredArticle
from aggregator.store import articles, counts, pages, runs
from aggregator.store.articles import Order, Outcome
from aggregator.store.engine import open_engine, writing
from aggregator.store.migrate import migrate
from aggregator.store.wal import LogKeeper


class Store:
    """Articles, pages and runs. Threads may share one; so may processes share the database.

    Any method may raise TryLaterError (locked, unreachable, full) or FixCommandError (read-only, damaged).
    """

    def __init__(self, engine: Engine):
        self._engine = engine
        self._writing = writing(engine)
        self._log = LogKeeper(engine)

    @classmethod
    def open(cls, url: str) -> "Store":
        """Opens, and creates or migrates where needed, ``sqlite:///path`` or ``postgresql://user@host/name``."""
        engine = open_engine(url)
        try:
            migrate(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine)

    def close(self) -> None:
        """Closes all connections."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- runs ---------------------------------------------------------------------------------------------

    def start_run(self, source: str) -> int:
        """Enters a run of this process and returns its number."""
        with self._write() as connection:
            return runs.start(connection, source)

    def update_run(self, run_id: int, counts: Mapping[str, Any]) -> None:
        """Notes the counts so far; also a sign of life."""
        with self._write() as connection:
            runs.note(connection, run_id, counts)

    def finish_run(self, run_id: int, status: str, counts: Mapping[str, Any]) -> None:
        """Notes the end: ``finished``, ``interrupted`` or ``failed``."""
        with self._write() as connection:
            runs.note(connection, run_id, counts, status)

    def runs(self, source: str | None = None, limit: int = 20) -> list[Run]:
        """The last runs, newest first; one left ``running`` by a dead process is shown as ``killed``."""
        with self._read() as connection:
            return runs.latest(connection, source, limit)

    # --- pages --------------------------------------------------------------------------------------------

    def known_pages(self, source: str, urls: Iterable[str]) -> dict[str, PageState]:
        """The states of those addresses that the ledger has, by address."""
        with self._read() as connection:
            return pages.known(connection, source, urls)

    def add_pending(self, source: str, links: Sequence[Link]) -> int:
        """Enters the links that the ledger does not have; returns how many were new."""
        with self._write() as connection:
            return pages.add_pending(connection, source, links)

    def pending_links(self, source: str, limit: int | None = None) -> list[Link]:
        """Links to be fetched: pending, then those that failed fewer than three times in a row."""
        with self._read() as connection:
            return pages.pending_links(connection, source, limit)

    def save_page(self, state: PageState) -> None:
        """Enters or replaces what is known of a page; its link, article and ``settled`` are kept.

        ``attempts`` counts failures in a row: the store adds one for each ``failed``.
        """
        with self._write() as connection:
            pages.save(connection, state)

    def settle(self, source: str) -> None:
        """Notes that a crawl of the source, which saw all of these pages, ended by itself."""
        with self._write() as connection:
            pages.settle(connection, source)

    # --- articles -----------------------------------------------------------------------------------------

    def put_article(
        self,
        article: Article,
        *,
        organisation: str | None,
        province: str | None,
        seen_at: datetime,
        page: PageState | None = None,
    ) -> Outcome:
        """Stores one look at an article and the state of its page in one transaction.

        ``seen_at`` is when the page was fetched: an older look never replaces a newer one. The page's
        outcome and article are filled in.
        """
        item = StoredArticle(
            article, organisation, province, first_seen=seen_at, last_seen=seen_at, revision=1
        )
        with self._write() as connection:
            (outcome,) = articles.put(connection, [item])
            if page is not None:
                pages.save(connection, replace(page, outcome=outcome, article_id=article.id))
        return outcome

    def put_articles(self, batch: Sequence[StoredArticle]) -> list[Outcome]:
        """The same for many articles in one transaction, keeping their times and revision numbers: imports.

        All are stored or none. A few hundred at once are fast; the outcomes are in the batch's order.
        """
        with self._write() as connection:
            return articles.put(connection, batch)

    def get_article(self, article_id: str) -> StoredArticle | None:
        """The current revision."""
        with self._read() as connection:
            return articles.get(connection, article_id)

    def revisions(self, article_id: str) -> list[StoredArticle]:
        """All revisions, oldest first, each with the times between which it was seen; [] if unknown."""
        with self._read() as connection:
            return articles.history(connection, article_id)

    def articles(
        self,
        *,
        source: str | None = None,
        organisations: Collection[str] | None = None,
        provinces: Collection[str] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        order: Order = "newest",
    ) -> Iterator[StoredArticle]:
        """Streams current revisions in constant memory, newest first or by id; None is no condition.

        ``since`` ≤ publish date < ``until``; an article without one counts from when it was first seen.
        It reads in steps, so a long stream holds nobody up; what is written meanwhile may or may not appear.
        """
        conditions = articles.selection(
            source=source, organisations=organisations, provinces=provinces, since=since, until=until
        )
        after: Mapping[str, Any] | None = None
        while True:
            with self._read() as connection:
                rows = articles.step(connection, conditions, order, after)
            yield from map(articles.stored, rows)
            if len(rows) < articles.STEP:
                return
            after = rows[-1]

    # --- index --------------------------------------------------------------------------------------------

    def pending_index(self, limit: int) -> list[StoredArticle]:
        """Articles that the index does not have in their present form."""
        with self._read() as connection:
            return articles.pending(connection, limit)

    def mark_indexed(self, items: Iterable[tuple[str, int]]) -> None:
        """Notes that the index has these (id, revision)."""
        with self._write() as connection:
            articles.mark_indexed(connection, list(items))

    def mark_all_pending(self) -> None:
        """Notes that the index has nothing."""
        with self._write() as connection:
            articles.mark_all_pending(connection)

    def pending_count(self) -> int:
        """How many articles the index does not have in their present form."""
        with self._read() as connection:
            return articles.pending_count(connection)

    def counts(self) -> dict[str, Any]:
        """What ``aggregator status`` tells, see ``aggregator.store.counts``."""
        with self._read() as connection:
            return counts.counts(connection)

    # --- transactions -------------------------------------------------------------------------------------

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with self._writing.begin() as connection:
            yield connection
        self._log.after_commit()
