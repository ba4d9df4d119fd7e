"""The one way to the database. Every method is a transaction of its own."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine

from aggregator.changes import Edit, edits
from aggregator.model import (
    Article,
    Link,
    ListState,
    PageState,
    Run,
    SourceState,
    StoredArticle,
)
from aggregator.store import (
    articles,
    counts,
    entrances,
    health,
    indexing,
    leases,
    lists,
    pages,
    runs,
    sources,
    visits,
)
from aggregator.store.articles import Order, Outcome
from aggregator.store.coverage import Coverage
from aggregator.store.engine import open_engine, writing
from aggregator.store.health import SourceHistory
from aggregator.store.indexing import DeadLetter, Mark, ToIndex
from aggregator.store.migrate import migrate
from aggregator.store.saved import Saved
from aggregator.store.stories import Stories
from aggregator.store.visits import NextCheck
from aggregator.store.wal import LogKeeper


class Store:
    """Articles, pages and runs. Threads may share one; so may processes share the database.

    Any method may raise TryLaterError (locked, unreachable, full) or FixCommandError (read-only, damaged).
    """

    def __init__(self, engine: Engine):
        self._engine = engine
        self._writing = writing(engine)
        self._log = LogKeeper(engine)
        self.coverage = Coverage(self._read)  #: what of a source was collected, see there
        self.saved = Saved(self._read, self._write)  #: saved searches, see there
        self.stories = Stories(self._read, self._write)  #: the same text in several places, see there

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

    # --- sources ------------------------------------------------------------------------------------------

    def lease(self, source: str, owner: str, seconds: float) -> bool:
        """Takes the one lease of a source for so long; False: somebody else has it. See ``leases``."""
        with self._write() as connection:
            return leases.take(connection, source, owner, seconds)

    def renew_lease(self, source: str, owner: str, seconds: float) -> bool:
        """Makes a lease last so long from now; False: it was lost to somebody else, or given back."""
        with self._write() as connection:
            return leases.renew(connection, source, owner, seconds)

    def release_lease(self, source: str, owner: str) -> None:
        """Gives a lease back; one that is somebody else's stays."""
        with self._write() as connection:
            leases.release(connection, source, owner)

    def source_state(self, source: str) -> SourceState | None:
        """How a source fares and when it is due; None: no run of it has ended yet."""
        with self._read() as connection:
            return sources.state(connection, source)

    def note_source(
        self, source: str, *, at: datetime, succeeded: bool, changed: bool, next_due: datetime
    ) -> None:
        """Notes the end of a run; ``changed``: it brought a new, changed or deleted article."""
        with self._write() as connection:
            sources.note(connection, source, at=at, succeeded=succeeded, changed=changed, next_due=next_due)

    def recent_times(self, source: str) -> Sequence[datetime]:
        """When the source's last articles (up to 20) were published, newest first."""
        with self._read() as connection:
            return sources.recent_times(connection, source)

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

    def save_page(self, state: PageState, next_check: NextCheck | None = None) -> None:
        """Enters or replaces what is known of a page; its link, article and history are kept.

        ``attempts`` counts failures in a row: the store adds one for each ``failed``. ``next_check`` tells
        from the new state when a page that has an article is due again; without it that stays.
        """
        with self._write() as connection:
            visits.note(connection, state, next_check)

    def page_unchanged(self, state: PageState, next_check: NextCheck) -> None:
        """Notes that a page stood as before at ``checked_at``; its article was seen then, too."""
        with self._write() as connection:
            visits.unchanged(connection, state, next_check)

    def page_missing(self, state: PageState, confirm_after: timedelta, next_check: NextCheck) -> bool:
        """Notes that a page was gone at ``checked_at``; whether its article got a tombstone by that.

        The first time only sets when to look again; see ``visits.missing``.
        """
        with self._write() as connection:
            return visits.missing(connection, state, confirm_after, next_check)

    def due_links(self, source: str, now: datetime, limit: int) -> list[Link]:
        """Links of pages with an article that are to be looked at again, the most urgent first."""
        with self._read() as connection:
            return pages.due_links(connection, source, now, limit)

    def list_state(self, source: str, url: str) -> ListState | None:
        """What is known of a feed, sitemap or listing page; None: nothing."""
        with self._read() as connection:
            return lists.known(connection, source, url)

    def note_list(self, state: ListState) -> None:
        """Enters or replaces what is known of a feed, sitemap or listing page."""
        with self._write() as connection:
            lists.note(connection, state)

    def settle(self, source: str) -> None:
        """Notes that a crawl of the source, which saw all of these pages and lists, ended by itself."""
        with self._write() as connection:
            pages.settle(connection, source)
            lists.settle(connection, source)

    # --- discovery ----------------------------------------------------------------------------------------

    def entrances(self, source: str) -> dict[str, dict[str, Any]]:
        """What is kept of the source's feeds, sitemaps and listings, by address; see ``crawl.backfill``."""
        with self._read() as connection:
            return entrances.all_of(connection, source)

    def note_entrance(self, source: str, url: str, state: Mapping[str, Any]) -> None:
        """Enters or replaces what is kept of an entrance; anything that JSON can say."""
        with self._write() as connection:
            entrances.note(connection, source, url, state)

    def page_tally(self, source: str) -> list[tuple[str, str, str | None, int]]:
        """How many pages of the source there are: (what promised them, status, outcome, number)."""
        with self._read() as connection:
            return entrances.tally(connection, source)

    def page_addresses(self, source: str) -> Iterator[str]:
        """Streams the addresses of all pages of the source, in the order in which they were met."""
        after = 0
        while True:
            with self._read() as connection:
                rows = entrances.addresses(connection, source, after)
            yield from (url for _, url in rows)
            if len(rows) < entrances.STEP:
                return
            after = rows[-1][0]

    # --- articles -----------------------------------------------------------------------------------------

    def put_article(
        self,
        article: Article,
        *,
        organisation: str | None,
        province: str | None,
        seen_at: datetime,
        page: PageState | None = None,
        next_check: NextCheck | None = None,
    ) -> Outcome:
        """Stores one look at an article and the state of its page in one transaction.

        ``seen_at`` is when the page was fetched: an older look never replaces a newer one. The page's
        outcome, article and history are filled in; ``next_check`` as in ``save_page``.
        """
        item = StoredArticle(
            article, organisation, province, first_seen=seen_at, last_seen=seen_at, revision=1
        )
        with self._write() as connection:
            (outcome,) = articles.put(connection, [item])
            if page is not None:
                visits.article(connection, page, article, outcome, seen_at, next_check)
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

    def article_url(self, article_id: str) -> str | None:
        """The address of an article; None: unknown. The cheap way to ask whether it is stored."""
        with self._read() as connection:
            return articles.url_of(connection, article_id)

    def article_at(self, url: str) -> StoredArticle | None:
        """The current revision of the article that an address gave; it may have several."""
        with self._read() as connection:
            found = visits.article_at(connection, url)
            return articles.get(connection, found) if found else None

    def revisions(self, article_id: str) -> list[StoredArticle]:
        """All revisions, oldest first, each with the times between which it was seen; [] if unknown."""
        with self._read() as connection:
            return articles.history(connection, article_id)

    def changes(self, article_id: str) -> list[Edit]:
        """What each revision after the first changed, oldest first; [] if there is none."""
        return edits(self.revisions(article_id))

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

    def pending_index(self, limit: int) -> list[ToIndex]:
        """Articles that the index does not have in their present form."""
        with self._read() as connection:
            return indexing.pending(connection, limit)

    def all_to_index(self) -> Iterator[ToIndex]:
        """Streams all articles by id, as ``articles`` does."""
        after = ""
        while True:
            with self._read() as connection:
                found = indexing.step(connection, after)
            yield from found
            if len(found) < articles.STEP:
                return
            after = found[-1].mark.id

    def mark_indexed(self, marks: Iterable[Mark], refused: Iterable[tuple[str, int, str]] = ()) -> None:
        """Notes that the index has these, but for those that it refused: (id, revision, reason).

        Those are set aside until they change, or the index is built again.
        """
        with self._write() as connection:
            indexing.mark_indexed(connection, list(marks))
            indexing.set_aside(connection, list(refused))

    def mark_all_pending(self) -> None:
        """Notes that the index has nothing."""
        with self._write() as connection:
            indexing.mark_all_pending(connection)

    def pending_count(self) -> int:
        """How many articles the index does not have in their present form."""
        with self._read() as connection:
            return indexing.pending_count(connection)

    def dead_letters(self, limit: int = 1000) -> list[DeadLetter]:
        """Articles that the index will not take in their present form, newest first."""
        with self._read() as connection:
            return indexing.letters(connection, limit)

    def counts(self) -> dict[str, Any]:
        """What ``aggregator status`` tells, see ``aggregator.store.counts``."""
        with self._read() as connection:
            return counts.counts(connection)

    def crawled_sources(self) -> list[str]:
        """The sources that have runs, by name."""
        with self._read() as connection:
            return health.crawled_sources(connection)

    def source_history(self, source: str) -> SourceHistory:
        """What the health of a source is judged by; an empty one where nothing is known of it."""
        with self._read() as connection:
            return health.history(connection, source)

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
