"""Articles and their revisions: how one more look at an article changes what is stored of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Update,
    bindparam,
    case,
    insert,
    literal,
    select,
    tuple_,
    update,
)

from aggregator.model import StoredArticle
from aggregator.store import arrivals
from aggregator.store.codec import content_hash, decode_article, encode_article
from aggregator.store.schema import Instant, articles, revisions

#: ``indexed_revision`` where the index no longer has the present form, see ``indexing``.
INDEX_AGAIN = case((articles.c.indexed_revision > 0, 0), else_=articles.c.indexed_revision - 1)

Outcome = Literal["new", "changed", "unchanged"]
Order = Literal["newest", "id"]
Row = Mapping[str, Any]

#: An archive keeps the time of a fetch in whole seconds: a look this much older is the same look, replayed.
SAME_LOOK = timedelta(minutes=1)
STEP = 500  #: rows in one step of a stream; also ids in one statement


@dataclass(frozen=True, slots=True)
class Change:
    """What one look does to the row of an article."""

    outcome: Outcome
    row: Row
    superseded: Row | None = None  #: row for ``revisions``


def first_look(item: StoredArticle) -> Change:
    """The row of an article that is new to the store."""
    row = {
        **_text_columns(item),
        "id": item.article.id,
        "organisation": item.organisation,
        "province": item.province,
        "first_seen": item.first_seen,
        "last_seen": item.last_seen,
        "revised": item.first_seen,
        "revision": item.revision,
        "indexed_revision": 0,
        "sketched_revision": 0,
        "deleted_at": item.deleted_at,
    }
    return Change("new", row)


def another_look(row: Row, item: StoredArticle) -> Change:
    """The row after one more look at an article that is known.

    An older look (a replayed archive, an old export) never replaces what a newer one saw.
    """
    item = _settle_owner(row, item)
    seen = {
        "first_seen": min(row["first_seen"], item.first_seen),
        "last_seen": max(row["last_seen"], item.last_seen),
        **({"deleted_at": None, **_again(row)} if _is_back(row, item) else {}),
    }
    if item.last_seen < row["last_seen"] - SAME_LOOK:
        return Change("unchanged", {**row, **seen})
    owner = {"organisation": item.organisation, "province": item.province}
    columns = _text_columns(item)
    if columns["content_hash"] == row["content_hash"]:
        return Change("unchanged", {**row, **seen, **owner, **_refreshed(row, item, columns, owner)})
    new = {
        "revision": max(row["revision"] + 1, item.revision),
        "revised": max(row["last_seen"], item.first_seen),
        "dated": columns["published"] or seen["first_seen"],
    }
    return Change("changed", {**row, **columns, **seen, **owner, **new}, _superseded(row))


def put(connection: Connection, batch: Sequence[StoredArticle]) -> list[Outcome]:
    """Stores one more look at each of these articles, in order; to be called inside one transaction."""
    before = _rows(connection, {item.article.id for item in batch})
    now = dict(before)
    changes = []
    for item in batch:
        known = now.get(item.article.id)
        change = first_look(item) if known is None else another_look(known, item)
        now[item.article.id] = change.row
        changes.append(change)
    _write(connection, before, now, [change.superseded for change in changes if change.superseded])
    new = [change.row for change in changes if change.outcome != "unchanged"]
    arrivals.note(connection, [(row["id"], row["revision"]) for row in new])
    return [change.outcome for change in changes]


def get(connection: Connection, article_id: str) -> StoredArticle | None:
    """The current revision."""
    row = _rows(connection, {article_id}).get(article_id)
    return None if row is None else stored(row)


def url_of(connection: Connection, article_id: str) -> str | None:
    """The address of an article; None: unknown."""
    return connection.scalar(select(articles.c.url).where(articles.c.id == article_id))


def history(connection: Connection, article_id: str) -> list[StoredArticle]:
    """All revisions, oldest first; ``first_seen`` and ``last_seen`` are those of each revision."""
    query = select(revisions).where(revisions.c.article_id == article_id).order_by(revisions.c.revision)
    found = [stored(row._asdict()) for row in connection.execute(query)]
    current = _rows(connection, {article_id}).get(article_id)
    if current is not None:
        found.append(replace(stored(current), first_seen=current["revised"]))
    return found


def selection(
    *,
    source: str | None,
    organisations: Collection[str] | None,
    provinces: Collection[str] | None,
    since: datetime | None,
    until: datetime | None,
) -> list[ColumnElement[bool]]:
    """Conditions for ``stream``; None: no condition. ``since`` belongs to the span, ``until`` does not."""
    conditions: list[ColumnElement[bool]] = []
    if source is not None:
        conditions.append(articles.c.source == source)
    if organisations is not None:
        conditions.append(articles.c.organisation.in_(organisations))
    if provinces is not None:
        conditions.append(articles.c.province.in_(provinces))
    if since is not None:
        conditions.append(articles.c.dated >= since)
    if until is not None:
        conditions.append(articles.c.dated < until)
    return conditions


def step(
    connection: Connection, conditions: Sequence[ColumnElement[bool]], order: Order, after: Row | None
) -> list[Row]:
    """The next rows of a stream: up to ``STEP`` beyond the last row seen; fewer: that was the end."""
    query = select(articles).where(*conditions).limit(STEP)
    if order == "id":
        query = query.order_by(articles.c.id)
    else:
        query = query.order_by(articles.c.dated.desc(), articles.c.id.desc())
    if after is not None:
        query = query.where(_beyond(order, after))
    return [row._asdict() for row in connection.execute(query)]


def _beyond(order: Order, after: Row) -> ColumnElement[bool]:
    if order == "id":
        return articles.c.id > bindparam(None, after["id"])
    here = tuple_(articles.c.dated, articles.c.id)
    last: ColumnElement[bool] = here < tuple_(literal(after["dated"], Instant), after["id"])
    return last


def stored(row: Row) -> StoredArticle:
    """What a row of ``articles`` or ``revisions`` says."""
    return StoredArticle(
        article=decode_article(row["record"]),
        organisation=row["organisation"],
        province=row["province"],
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        revision=row["revision"],
        deleted_at=row.get("deleted_at"),
    )


def saw_again(connection: Connection, article_id: str, at: datetime) -> None:
    """Notes that the article stood unchanged on its site at ``at``; lifts a tombstone."""
    here = articles.c.id == article_id
    connection.execute(update(articles).where(here, articles.c.last_seen < at).values(last_seen=at))
    back = {"deleted_at": None, "indexed_revision": INDEX_AGAIN}
    connection.execute(update(articles).where(here, articles.c.deleted_at < at).values(back))


def delete(connection: Connection, article_id: str, at: datetime) -> bool:
    """Sets a tombstone; whether there was none yet. The article and its revisions stay."""
    alive = (articles.c.id == article_id, articles.c.deleted_at.is_(None))
    gone = {"deleted_at": at, "indexed_revision": INDEX_AGAIN}
    return connection.execute(update(articles).where(*alive).values(gone)).rowcount == 1


def _is_back(row: Row, item: StoredArticle) -> bool:
    return row["deleted_at"] is not None and item.last_seen > row["deleted_at"]


def _text_columns(item: StoredArticle) -> dict[str, Any]:
    article = item.article
    published = article.published.instant if article.published else None
    return {
        "url": article.url,
        "canonical_url": article.canonical_url,
        "source": article.source,
        "dated": published or item.first_seen,
        "published": published,
        "content_hash": content_hash(article),
        "record": encode_article(article),
    }


def _settle_owner(row: Row, item: StoredArticle) -> StoredArticle:
    """The same article elsewhere stays with the source that had it first; nobody's goes to an owner."""
    article = item.article
    orphan = row["organisation"] is None and item.organisation is not None
    if article.source == row["source"] or orphan:
        return item
    kept = replace(article, source=row["source"], url=row["url"], canonical_url=row["canonical_url"])
    return replace(item, article=kept, organisation=row["organisation"], province=row["province"])


def _refreshed(row: Row, item: StoredArticle, columns: Row, owner: Row) -> dict[str, Any]:
    """The same content read better (by a newer reader, say) replaces the record without a revision.

    A record without provenance comes from an export, which holds less than the page gave.
    """
    same_owner = all(row[name] == value for name, value in owner.items())
    poorer = not item.article.provenance and '"provenance":' in row["record"]
    if poorer or columns["record"] == row["record"]:
        return {} if same_owner else _again(row)
    return {**columns, "dated": columns["published"] or row["first_seen"], **_again(row)}


def _again(row: Row) -> dict[str, Any]:
    """The index does not have it in its present form, see ``indexing``."""
    return {"indexed_revision": min(row["indexed_revision"], 1) - 1}


def _superseded(row: Row) -> Row:
    same = ("revision", "organisation", "province", "last_seen", "content_hash", "record")
    return {"article_id": row["id"], "first_seen": row["revised"], **{name: row[name] for name in same}}


def _rows(connection: Connection, ids: Collection[str]) -> dict[str, Row]:
    wanted = list(ids)
    found: dict[str, Row] = {}
    for start in range(0, len(wanted), STEP):
        rows = connection.execute(_SELECT, {"ids": wanted[start : start + STEP]})
        found.update((row.id, row._asdict()) for row in rows)
    return found


def _write(
    connection: Connection, before: Mapping[str, Row], now: Mapping[str, Row], past: list[Row]
) -> None:
    new = [row for key, row in now.items() if key not in before]
    if new:
        connection.execute(_INSERT, new)
    for columns, statement in _UPDATES.items():
        rows = [now[key] for key in before if _to_write(before[key], now[key]) == columns]
        if rows:
            connection.execute(statement, [_bound(row, columns) for row in rows])
    if past:
        connection.execute(_INSERT_PAST, past)


_SEEN = ("first_seen", "last_seen")
_ALL = tuple(column.name for column in articles.columns if column.name != "id")


def _to_write(old: Row, new: Row) -> tuple[str, ...]:
    """Most looks only move ``last_seen``: the text need not be written again."""
    return _SEEN if all(old[name] == new[name] for name in _ALL if name not in _SEEN) else _ALL


def _update(columns: Sequence[str]) -> Update:
    new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in columns}
    return update(articles).where(articles.c.id == bindparam("article")).values(new)


def _bound(row: Row, columns: Sequence[str]) -> dict[str, Any]:
    return {"article": row["id"], **{f"new_{name}": row[name] for name in columns}}


# Statements are built once: building one costs SQLAlchemy more than running it.
_SELECT = select(articles).where(articles.c.id.in_(bindparam("ids", expanding=True)))
_INSERT = insert(articles)
_INSERT_PAST = insert(revisions)
_UPDATES = {columns: _update(columns) for columns in (_SEEN, _ALL)}
