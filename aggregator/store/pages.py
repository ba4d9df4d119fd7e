"""The ledger of pages: what a crawl knows of every address of a source."""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from aggregator.model import Link, PageState
from aggregator.store.codec import decode_link, encode_link
from aggregator.store.schema import pages

MAX_ATTEMPTS = 3  #: after so many failures in a row a page is no longer tried
_CHUNK = 500  # addresses in one statement
_FIELDS = tuple(item.name for item in fields(PageState))
#: What an answer tells of the page itself.
_OF_THE_PAGE = ("etag", "last_modified", "body_hash", "missing_since", "missing_count")


def known(connection: Connection, source: str, urls: Iterable[str]) -> dict[str, PageState]:
    """The states of those of these addresses that the ledger has."""
    wanted = list(dict.fromkeys(urls))
    found: dict[str, PageState] = {}
    for start in range(0, len(wanted), _CHUNK):
        given = {"source": source, "urls": wanted[start : start + _CHUNK]}
        found.update((row.url, PageState(**row._asdict())) for row in connection.execute(_KNOWN, given))
    return found


def add_pending(connection: Connection, source: str, links: Sequence[Link]) -> int:
    """Enters the links that are new; returns how many were."""
    once = {link.url: link for link in reversed(links)}
    there = known(connection, source, once)
    new = [link for link in links if link.url not in there and once[link.url] is link]
    if new:
        rows = [_new_row(source, link) for link in new]
        connection.execute(_insert(connection.dialect.name).on_conflict_do_nothing(), rows)
    return len(new)


def pending_links(connection: Connection, source: str, limit: int | None) -> list[Link]:
    """The links still to be fetched as they were met, those that failed before at the end."""
    retry = (pages.c.status == "failed") & (pages.c.attempts < MAX_ATTEMPTS)
    query = (
        select(pages.c.url, pages.c.link)
        .where(pages.c.source == source, or_(pages.c.status == "pending", retry))
        .order_by(pages.c.attempts, pages.c.id)
        .limit(limit)
    )
    return [_link(row.url, row.link) for row in connection.execute(query)]


def write(connection: Connection, state: PageState) -> None:
    """Enters or replaces a state as it stands; the link stays."""
    connection.execute(_upsert(connection.dialect.name), _row(state))


def merged(before: PageState | None, given: PageState) -> PageState:
    """The state after one more look at a page.

    Its article, its history and ``settled`` stay. Failures in a row are counted, whether or not the caller
    has; a failure says nothing of the page, so what was known of it stays too.
    """
    failed = given.status == "failed"
    if before is None:
        before = PageState(given.url, given.source, "pending")
    first_article = given.article_id is not None and before.article_id is None
    so_far = before.attempts if before.status == "failed" else 0
    kept = {name: getattr(before, name) for name in _OF_THE_PAGE} if failed else {}
    return replace(
        given,
        **kept,
        fetched_at=_had_at(before, given),
        article_id=given.article_id or before.article_id,
        settled=given.settled or before.settled,
        attempts=max(given.attempts, so_far + 1) if failed else given.attempts,
        checked_at=before.checked_at if failed else given.checked_at or given.fetched_at or before.checked_at,
        changed_at=given.changed_at or before.changed_at,
        changes=max(given.changes, before.changes),
        # A page that nobody has given a time is looked at when there is time.
        due_at=given.due_at or before.due_at or (given.fetched_at if first_article else None),
    )


def _had_at(before: PageState, given: PageState) -> datetime | None:
    """When a page last gave its article; replay finds its archived form by that."""
    has_none = given.status == "rejected" and given.article_id is None and before.article_id is not None
    return before.fetched_at if has_none and before.status != "failed" else given.fetched_at


def due_links(connection: Connection, source: str, now: datetime, limit: int) -> list[Link]:
    """The links, as first met, of pages with an article that are due.

    First those that may be gone. Of the others half are those that changed last, where an edit is likeliest,
    and half those that are due for longest, so that none waits for ever.
    """
    due = (pages.c.source == source, pages.c.due_at <= now, pages.c.article_id.is_not(None))
    gone = pages.c.missing_since.is_not(None)
    found: dict[str, Link] = {}
    for order, share in (
        ((gone.desc(), pages.c.changed_at.desc(), pages.c.id), (limit + 1) // 2),
        ((gone.desc(), pages.c.due_at, pages.c.id), limit),
    ):
        query = select(pages.c.url, pages.c.link).where(*due).order_by(*order).limit(share)
        found.update((row.url, _link(row.url, row.link)) for row in connection.execute(query))
    return list(found.values())[:limit]


def settle(connection: Connection, source: str) -> None:
    """Marks every page of the source as seen by a crawl that ended by itself."""
    connection.execute(update(pages).where(pages.c.source == source, ~pages.c.settled).values(settled=True))


# Statements are built once: building one costs SQLAlchemy more than running it.
_KNOWN = select(*(pages.c[name] for name in _FIELDS)).where(
    pages.c.source == bindparam("source"), pages.c.url.in_(bindparam("urls", expanding=True))
)


def _insert(dialect: str) -> sqlite.Insert | postgresql.Insert:
    return postgresql.insert(pages) if dialect == "postgresql" else sqlite.insert(pages)


@cache
def _upsert(dialect: str) -> sqlite.Insert | postgresql.Insert:
    statement = _insert(dialect)
    given = {name: statement.excluded[name] for name in _FIELDS if name not in ("source", "url")}
    return statement.on_conflict_do_update(index_elements=["source", "url"], set_=given)


def _link(url: str, link: str | None) -> Link:
    return Link(url=url, origin="listing") if link is None else decode_link(link)


def _new_row(source: str, link: Link) -> dict[str, Any]:
    return {**_row(PageState(url=link.url, source=source, status="pending")), "link": encode_link(link)}


def _row(state: PageState) -> dict[str, Any]:
    return {name: getattr(state, name) for name in _FIELDS}
