"""What one more look at a page does to its entry in the ledger and to its article: kept in step."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, select, update

from aggregator.model import Article, PageState
from aggregator.store import articles, pages
from aggregator.store.articles import Outcome
from aggregator.store.schema import articles as table_of_articles
from aggregator.store.schema import pages as table

NextCheck = Callable[[PageState], datetime]  #: from a page's state to when it is to be looked at again


def note(connection: Connection, given: PageState, next_check: NextCheck | None) -> None:
    """A look that gave no article. One that the page gave before stays, and the page is looked at again."""
    state = pages.merged(_known(connection, given), given)
    pages.write(connection, _timed(state, next_check))


def article(
    connection: Connection,
    given: PageState,
    item: Article,
    outcome: Outcome,
    seen_at: datetime,
    next_check: NextCheck | None,
) -> None:
    """A look that gave an article, which has been stored with this outcome."""
    before = _known(connection, given)
    same = before if before is not None and before.article_id == item.id else None
    state = pages.merged(before, replace(given, outcome=outcome, article_id=item.id))
    if outcome == "changed":
        state = replace(state, changes=(same.changes if same else 0) + 1, changed_at=seen_at)
    elif same is None or same.changed_at is None:
        published = item.published.instant if item.published else seen_at
        state = replace(state, changed_at=min(published, seen_at))
    pages.write(connection, _timed(state, next_check))
    if outcome != "new":  # a new one has no other address yet
        _watch_only(connection, state)


def unchanged(connection: Connection, given: PageState, next_check: NextCheck) -> None:
    """An answer that said "not modified", or that was the same to the byte as the one before."""
    state = pages.merged(_known(connection, given), given)
    pages.write(connection, _timed(state, next_check))
    if state.article_id is not None and state.checked_at is not None:
        articles.saw_again(connection, state.article_id, state.checked_at)


def missing(
    connection: Connection, given: PageState, confirm_after: timedelta, next_check: NextCheck
) -> bool:
    """An answer that said there is no such page; whether its article got a tombstone now.

    The first one only sets the time for a second look. That has to come ``confirm_after`` later: sites lose
    pages for an hour or a day and bring them back.
    """
    now = given.checked_at or given.fetched_at
    if now is None:
        raise ValueError(f"nobody said when {given.url} was looked at")
    before = _known(connection, given)
    since = before.missing_since if before and before.missing_since else now
    count = (before.missing_count if before else 0) + 1
    state = pages.merged(before, replace(given, missing_since=since, missing_count=count))
    if state.article_id is None:
        pages.write(connection, replace(state, missing_since=None, missing_count=0))
        return False
    if count == 1 or now < since + confirm_after:
        pages.write(connection, replace(state, due_at=since + confirm_after))
        return False
    if _has_other_address(connection, state, now):
        pages.write(connection, replace(state, due_at=None))
        return False
    # From now on it is looked at as if that was its last change: more and more seldom.
    pages.write(connection, replace(state, due_at=next_check(replace(state, changed_at=since))))
    return articles.delete(connection, state.article_id, now)


def article_at(connection: Connection, url: str) -> str | None:
    """The id of the article that an address gave, or that names it as its own."""
    own = (table_of_articles.c.url == url) | (table_of_articles.c.canonical_url == url)
    gave = (table.c.url == url) & table.c.article_id.is_not(None)
    for query in (select(table_of_articles.c.id).where(own), select(table.c.article_id).where(gave)):
        if found := connection.scalar(query.limit(1)):
            return str(found)
    return None


def _known(connection: Connection, given: PageState) -> PageState | None:
    return pages.known(connection, given.source, [given.url]).get(given.url)


def _timed(state: PageState, next_check: NextCheck | None) -> PageState:
    if next_check is None or state.article_id is None:
        return state
    return replace(state, due_at=next_check(state))


def _others(state: PageState) -> tuple[ColumnElement[bool], ...]:
    here = (table.c.source == state.source) & (table.c.url == state.url)
    return (table.c.article_id == state.article_id, ~here)


def _watch_only(connection: Connection, state: PageState) -> None:
    """Of several addresses of an article, the one that gave it last is looked at again."""
    stale = (*_others(state), table.c.due_at.is_not(None), table.c.missing_since.is_(None))
    connection.execute(update(table).where(*stale).values(due_at=None))


def _has_other_address(connection: Connection, state: PageState, now: datetime) -> bool:
    """Whether the article may still stand under another of its addresses; that is looked at next."""
    alive = (*_others(state), table.c.status == "done", table.c.missing_since.is_(None))
    if connection.scalar(select(table.c.id).where(*alive).limit(1)) is None:
        return False
    connection.execute(update(table).where(*alive).values(due_at=now))
    return True
