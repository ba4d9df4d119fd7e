"""The ledger of pages: what a crawl knows of every address of a source."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, case, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from aggregator.model import Link, PageState
from aggregator.store.codec import decode_link, encode_link
from aggregator.store.schema import pages

MAX_ATTEMPTS = 3  #: after so many failures in a row a page is no longer tried
_CHUNK = 500  # addresses in one statement
_FIELDS = tuple(item.name for item in fields(PageState))


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
    return [
        Link(url=row.url, origin="listing") if row.link is None else decode_link(row.link)
        for row in connection.execute(query)
    ]


def save(connection: Connection, state: PageState) -> None:
    """Enters or replaces a state; link, article and ``settled`` stay, failures in a row are counted."""
    connection.execute(_upsert(connection.dialect.name), _row(state))


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
    given = statement.excluded
    plain = {name: given[name] for name in ("status", "outcome", "fetched_at", "http_status")}
    kept = {
        "article_id": func.coalesce(given.article_id, pages.c.article_id),
        "settled": or_(given.settled, pages.c.settled),
        "attempts": case((given.status == "failed", _one_more(given.attempts)), else_=given.attempts),
    }
    return statement.on_conflict_do_update(index_elements=["source", "url"], set_={**plain, **kept})


def _one_more(given: ColumnElement[int]) -> ColumnElement[int]:
    """Failures in a row, whether or not the caller has counted them."""
    counted = case((pages.c.status == "failed", pages.c.attempts), else_=0) + 1
    return case((given > counted, given), else_=counted)


def _new_row(source: str, link: Link) -> dict[str, Any]:
    return {**_row(PageState(url=link.url, source=source, status="pending")), "link": encode_link(link)}


def _row(state: PageState) -> dict[str, Any]:
    attempts = max(1, state.attempts) if state.status == "failed" else state.attempts
    return {**{name: getattr(state, name) for name in _FIELDS}, "attempts": attempts}
