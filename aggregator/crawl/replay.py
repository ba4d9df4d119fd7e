"""Reading the archive again with today's rules. Nothing is fetched.

An article is stored as its newest page has it; older pages are read too, and count where the database does
not know them. To run it again, also after it was ended in the middle, changes nothing more.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from aggregator.crawl.archive import pages_in_order
from aggregator.crawl.pages import page_state
from aggregator.extract import extract
from aggregator.model import Article, NotArticle, Page, PageState, Source, StoredArticle
from aggregator.persian.article import annotate_article
from aggregator.registry import Registry
from aggregator.store import Store
from aggregator.store.articles import SAME_LOOK, Outcome

#: ``lost``: the page gave an article that is stored, and today's rules find none in it. Nothing is deleted.
ReplayOutcome = Literal["new", "changed", "unchanged", "rejected", "lost"]
OUTCOMES: tuple[ReplayOutcome, ...] = ("new", "changed", "unchanged", "rejected", "lost")

_WHOLE_SECONDS = timedelta(seconds=1)  # other programs cut the time of a fetch


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of one archived page."""

    page: Page
    outcome: ReplayOutcome
    result: Article | NotArticle
    before: Article | None = None  #: what was stored of the article until now


def replay(
    paths: Iterable[Path],
    store: Store,
    registry: Registry,
    *,
    source: str | None = None,
    dry_run: bool = False,
) -> Iterator[Replayed]:
    """Extract every archived page again, in the order of the fetches; an article gets a revision only where
    its content changes.

    ``source``: only this source's pages. With ``dry_run`` nothing is written; the outcomes are those that a
    real run would have. FixFileError: a file is missing or no archive.
    """
    with _scratch_store() if dry_run else nullcontext(None) as scratch:
        books = _Books(store, scratch)
        for page in pages_in_order(paths):
            owner = registry.sources.get(page.source) or registry.source_for_url(page.url)
            if source is None or source in (page.source, owner.id if owner else None):
                yield _replayed(page, owner, books, registry)


def _replayed(page: Page, source: Source | None, books: "_Books", registry: Registry) -> Replayed:
    result = extract(page, source.platform if source else None)
    ledger = books.ledger(page)
    if isinstance(result, NotArticle):
        gave_one = ledger is not None and ledger.article_id is not None and _is_of(page, ledger)
        return Replayed(page, "lost" if gave_one else "rejected", result)
    organisation, province = registry.owner(source)
    article = annotate_article(result, registry.gazetteer, organisation=organisation, province=province)
    known = books.article(article.id)
    seen_at = _seen_at(page, article, ledger, known)
    if known is not None and _says_nothing_new(article, known, seen_at, (organisation, province)):
        return Replayed(page, "unchanged", article, known.article)
    state = _to_enter(page, article, ledger)
    outcome = books.put(StoredArticle(article, organisation, province, seen_at, seen_at, 1), state)
    return Replayed(page, outcome, article, known.article if known else None)


def _seen_at(page: Page, article: Article, ledger: PageState | None, known: StoredArticle | None) -> datetime:
    """Until when the page was seen to stand like this: the site may have said "not modified" since."""
    if known is None or ledger is None or ledger.article_id != article.id or not _is_of(page, ledger):
        return page.fetched_at
    checked = ledger.checked_at or page.fetched_at
    return max(page.fetched_at, known.last_seen) if checked >= known.last_seen else page.fetched_at


def _is_of(page: Page, ledger: PageState) -> bool:
    """Whether the ledger speaks of this very fetch."""
    return ledger.fetched_at is not None and abs(ledger.fetched_at - page.fetched_at) < _tolerance(
        page.fetched_at
    )


def _tolerance(instant: datetime) -> timedelta:
    return timedelta(microseconds=1) if instant.microsecond else _WHOLE_SECONDS


def _says_nothing_new(
    article: Article, known: StoredArticle, seen_at: datetime, owner: tuple[str | None, str | None]
) -> bool:
    """Whether there is nothing to write: the page is not the newest of its article, or is read as before."""
    if seen_at < known.first_seen - SAME_LOOK:
        return False  # it moves the day when the article was first seen, and that only
    if seen_at <= known.last_seen - _tolerance(seen_at):
        return True
    same_owner = owner == (known.organisation, known.province)
    return seen_at <= known.last_seen and same_owner and article == known.article


def _to_enter(page: Page, article: Article, ledger: PageState | None) -> PageState | None:
    """What the ledger is to learn: nothing where it knows of this fetch, or of a later one."""
    if ledger is not None and ledger.fetched_at is not None:
        if ledger.fetched_at > page.fetched_at + _tolerance(page.fetched_at):
            return None
        if _is_of(page, ledger) and ledger.article_id == article.id:
            return None
    return page_state(page)


class _Books:
    """What is stored and, beside it, what a dry run would have stored."""

    def __init__(self, store: Store, scratch: Store | None):
        self._store, self._scratch = store, scratch

    def ledger(self, page: Page) -> PageState | None:
        state = page_state(page)
        return self._store.known_pages(state.source, [state.url]).get(state.url)

    def article(self, article_id: str) -> StoredArticle | None:
        written = self._scratch.get_article(article_id) if self._scratch else None
        return written or self._store.get_article(article_id)

    def put(self, look: StoredArticle, state: PageState | None) -> Outcome:
        if self._scratch is not None:
            known = self.article(look.article.id)
            return self._scratch.put_articles([known, look] if known else [look])[-1]
        return self._store.put_article(
            look.article,
            organisation=look.organisation,
            province=look.province,
            seen_at=look.last_seen,
            page=state,
        )


@contextmanager
def _scratch_store() -> Iterator[Store]:
    """A database for the length of a dry run."""
    with (
        TemporaryDirectory(prefix="aggregator-replay-") as folder,
        Store.open(f"sqlite:///{folder}/scratch.sqlite3") as store,
    ):
        yield store
