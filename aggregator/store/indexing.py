"""What the search index has of the articles, and what it does not.

``indexed_revision`` is the revision that the index has, or a number below 1: it has none, or not in its
present form. That number falls each time the present form changes, so that an index that has caught up with
what was read before is not taken for one that has what is there now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from aggregator.model import StoredArticle
from aggregator.store.articles import INDEX_AGAIN, STEP, stored
from aggregator.store.schema import articles, dead_letters

#: worded as the partial index is, which only then is used
IS_PENDING = articles.c.indexed_revision < articles.c.revision


class Mark(NamedTuple):
    """Which form of an article was read for the index."""

    id: str
    seen: int  #: ``indexed_revision`` at that moment
    revision: int
    form: str  #: what it was, in short


@dataclass(frozen=True, slots=True)
class ToIndex:
    """An article as it was read for the index."""

    article: StoredArticle
    mark: Mark


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An article that the index will not take in its present form."""

    article_id: str
    url: str
    revision: int
    reason: str
    at: datetime


def pending(connection: Connection, limit: int) -> list[ToIndex]:
    """Articles that the index does not have in their present form."""
    query = select(articles).where(IS_PENDING).order_by(articles.c.id).limit(limit)
    return _read(connection, query)


def step(connection: Connection, after: str) -> list[ToIndex]:
    """The next articles by id, up to ``STEP``; fewer: that was the end."""
    query = select(articles).where(articles.c.id > after).order_by(articles.c.id).limit(STEP)
    return _read(connection, query)


def mark_indexed(connection: Connection, marks: Sequence[Mark]) -> None:
    """Notes that the index has these; one whose present form has changed since it was read stays pending.

    One that somebody else has put in meanwhile in a newer form, which this older one may just have replaced
    there, is pending again. The rows are locked in one order, so that nobody waits for each other.
    """
    ids = [mark.id for mark in marks]
    query = select(articles).where(articles.c.id.in_(ids)).order_by(articles.c.id).with_for_update()
    rows = {row.id: row for row in connection.execute(query)}
    known = [(mark, rows[mark.id]) for mark in marks if mark.id in rows]
    had = [{"article": mark.id, "upto": mark.revision} for mark, row in known if _is_as_read(mark, row)]
    older = [mark.id for mark, row in known if _is_overtaken(mark, row)]
    if had:
        connection.execute(_MARK, had)
    if older:
        again = update(articles).where(articles.c.id.in_(older))
        connection.execute(again.values(indexed_revision=INDEX_AGAIN))
    if marks and connection.scalar(select(dead_letters.c.article_id).limit(1)):
        connection.execute(_FORGET, [{"article": mark.id} for mark in marks])


def mark_all_pending(connection: Connection) -> None:
    """Notes that the index has nothing."""
    connection.execute(update(articles).values(indexed_revision=INDEX_AGAIN))


def pending_count(connection: Connection) -> int:
    """How many articles the index does not have in their present form."""
    return connection.scalar(select(func.count()).select_from(articles).where(IS_PENDING)) or 0


def set_aside(connection: Connection, refused: Sequence[tuple[str, int, str]]) -> None:
    """Enters (id, revision, reason) of articles that the index will not take, instead of what was there."""
    now = datetime.now(UTC)
    for article_id, revision, reason in refused:
        connection.execute(_FORGET, {"article": article_id})
        row = {"article_id": article_id, "revision": revision, "reason": reason, "at": now}
        connection.execute(insert(dead_letters), row)


def letters(connection: Connection, limit: int) -> list[DeadLetter]:
    """What was set aside, newest first."""
    query = (
        select(dead_letters, articles.c.url)
        .join(articles, articles.c.id == dead_letters.c.article_id)
        .order_by(dead_letters.c.at.desc(), dead_letters.c.article_id)
        .limit(limit)
    )
    rows = connection.execute(query)
    return [DeadLetter(row.article_id, row.url, row.revision, row.reason, row.at) for row in rows]


def _read(connection: Connection, query: Any) -> list[ToIndex]:
    return [
        ToIndex(stored(row._asdict()), Mark(row.id, row.indexed_revision, row.revision, _form(row)))
        for row in connection.execute(query)
    ]


def _form(row: Any) -> str:
    """Differs where two readings of one revision do."""
    parts = (row.record, row.organisation, row.province, row.deleted_at)
    return blake2b(repr(parts).encode(errors="surrogatepass"), digest_size=8).hexdigest()


def _is_as_read(mark: Mark, row: Any) -> bool:
    return row.indexed_revision == mark.seen and _form(row) == mark.form


def _is_overtaken(mark: Mark, row: Any) -> bool:
    is_indexed = row.indexed_revision >= row.revision
    return is_indexed and row.revision == mark.revision and _form(row) != mark.form


_MARK = (
    update(articles).where(articles.c.id == bindparam("article")).values(indexed_revision=bindparam("upto"))
)
_FORGET = delete(dead_letters).where(dead_letters.c.article_id == bindparam("article"))
