"""Puts articles into stories: those that have the same text.

All of it happens in one transaction of a writer, of which there is one at a time: what is read stays true
until it is written. A story is named after one of its members; an article that has no equal is in none.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from aggregator.batches import batches
from aggregator.store.articles import STEP
from aggregator.store.schema import articles, story_keys, story_texts
from aggregator.stories.group import Unions, components
from aggregator.stories.same import Candidate, same_text
from aggregator.stories.sketch import Keys, sketch
from aggregator.stories.text import StoryText, pack, unpack

#: worded as the partial index is, which only then is used
IS_PENDING = articles.c.sketched_revision < articles.c.revision

CROWD = 64  #: texts under one key; more have nothing special in common, and further ones are not entered
CANDIDATES = 32  #: texts that one is compared with, those that share the most keys first
AT_ONCE = 50  #: texts whose candidates are in memory together
KEPT = 1_000  #: texts that stay in memory for the next ones: those of one form meet the same again and again
REGROUPED = 64  #: members, at most, of a story that is looked through again when one of them has changed


class Pending(NamedTuple):
    """An article whose text has not been compared in its present form."""

    id: str
    revision: int
    headline: str
    lead: str | None
    body: tuple[str, ...]


Sketched = tuple[Pending, StoryText, Keys]


@dataclass(frozen=True, eq=False)
class _Row(Candidate):
    """A text as it stands among the others."""

    number: int
    article_id: str
    story: str | None
    first_seen: datetime

    @property
    def age(self) -> tuple[datetime, datetime, str]:
        """Orders by publication."""
        return self.dated, self.first_seen, self.article_id


def group(connection: Connection, batch: Sequence[Sketched]) -> None:
    """Puts these articles into their stories; one that has changed since it was read stays pending."""
    current = _as_read(connection, [one for one, _, _ in batch])
    fresh = [item for item in batch if item[0].id in current]
    known = _rows(connection, story_texts.c.article_id, [one.id for one, _, _ in fresh])
    by_id = {row.article_id: row for row in known.values()}
    changed = [item for item in fresh if item[0].id in by_id and by_id[item[0].id].text != item[1]]
    new = [item for item in fresh if item[0].id not in by_id]
    numbers = _enter(connection, new) | _replace(connection, changed, by_id)
    _split(connection, {by_id[one.id].story for one, _, _ in changed} - {None})
    _unite(connection, numbers)
    if fresh:
        connection.execute(_MARK, [{"article": one.id, "upto": one.revision} for one, _, _ in fresh])


def _as_read(connection: Connection, read: Sequence[Pending]) -> set[str]:
    """Those that still are as they were read, and that nobody else has grouped meanwhile."""
    now: dict[str, int] = {}
    for some in batches([one.id for one in read], STEP):
        query = select(articles.c.id, articles.c.revision).where(articles.c.id.in_(some), IS_PENDING)
        now.update((row.id, row.revision) for row in connection.execute(query))
    return {one.id for one in read if now.get(one.id) == one.revision}


def _enter(connection: Connection, new: Sequence[Sketched]) -> dict[int, Keys]:
    """Enters texts; their numbers and keys."""
    following = (connection.scalar(select(func.max(story_texts.c.number))) or 0) + 1
    numbered = dict(enumerate(new, following))
    rows = [
        {"number": number, "article_id": one.id, "text": pack(text), "story": None}
        for number, (one, text, _) in numbered.items()
    ]
    if rows:
        connection.execute(insert(story_texts), rows)
    return {number: keys for number, (_, _, keys) in numbered.items()}


def _replace(
    connection: Connection, changed: Sequence[Sketched], before: Mapping[str, _Row]
) -> dict[int, Keys]:
    """Puts texts in the place of their former ones; their numbers and keys."""
    old = [before[one.id] for one, _, _ in changed]
    forgotten = [
        {"its_key": key, "its_number": row.number}
        for row, keys in zip(old, sketch(row.text for row in old), strict=True)
        for key in keys
    ]
    if forgotten:
        connection.execute(_FORGET, forgotten)
    texts = [
        {"its_number": row.number, "new_text": pack(text)}
        for row, (_, text, _) in zip(old, changed, strict=True)
    ]
    if texts:
        connection.execute(_REPLACE, texts)
    return {row.number: keys for row, (_, _, keys) in zip(old, changed, strict=True)}


def _split(connection: Connection, changed: Collection[str | None]) -> None:
    """Looks through stories of which a member has another text now: some may not belong there any more."""
    for story in changed:
        rows = list(_rows(connection, story_texts.c.story, [story], REGROUPED + 1).values())
        if len(rows) > REGROUPED:
            continue
        rows.sort(key=lambda row: row.age)
        parts = components(rows, same_text)
        for part in parts if len(parts) > 1 else ():
            ids = [row.article_id for row in part]
            name = None if len(part) == 1 else story if story in ids else ids[0]
            numbers = [row.number for row in part]
            connection.execute(
                update(story_texts).where(story_texts.c.number.in_(numbers)).values(story=name)
            )


def _unite(connection: Connection, sketched: Mapping[int, Keys]) -> None:
    """Puts texts together with their equals among all."""
    rankings = _candidates(connection, sketched)
    joined = _Joined()
    rows: dict[int, _Row] = {}
    for some in batches(rankings.items(), AT_ONCE):
        wanted = {number for own, others in some for number in (own, *others)}
        if len(rows) > KEPT:
            rows = {number: row for number, row in rows.items() if number in wanted}
        rows |= _rows(connection, story_texts.c.number, wanted - rows.keys())
        for number, others in some:
            joined.place(rows[number], [rows[other] for other in others])
    for numbers, names in joined.results():
        _name(connection, numbers, names)


@dataclass(slots=True)
class _Joined:
    """Which texts and stories hang together. A node is a story, or the number of a text that is in none."""

    unions: Unions[int | str] = field(default_factory=Unions)
    nodes: dict[int | str, None] = field(default_factory=dict)

    def place(self, row: _Row, others: Iterable[_Row]) -> None:
        """Joins a text with those that are the same."""
        here = self._node(row)
        for other in others:
            there = self._node(other)
            if self.unions.find(here) != self.unions.find(there) and same_text(row, other):
                self.unions.join(here, there)
                self.nodes |= {here: None, there: None}

    def results(self) -> Iterator[tuple[list[int], list[str]]]:
        """The texts in no story and the stories that are to be one."""
        for nodes in self.unions.sets(self.nodes):
            yield (
                [node for node in nodes if isinstance(node, int)],
                [node for node in nodes if isinstance(node, str)],
            )

    @staticmethod
    def _node(row: _Row) -> int | str:
        return row.number if row.story is None else row.story


def _candidates(connection: Connection, sketched: Mapping[int, Keys]) -> dict[int, list[int]]:
    """The texts that each of these is to be compared with; enters their keys."""
    crowds: dict[int, list[int]] = {}
    for some in batches(sorted({key for keys in sketched.values() for key in keys}), STEP):
        query = select(story_keys).where(story_keys.c.key.in_(some))
        for key, number in connection.execute(query.order_by(story_keys.c.key, story_keys.c.number)):
            crowds.setdefault(key, []).append(number)
    found: dict[int, list[int]] = {}
    entered = []
    for number, keys in sketched.items():
        met = Counter(other for key in keys for other in crowds.get(key, ()))
        found[number] = [other for other, _ in met.most_common(CANDIDATES)]
        for key in dict.fromkeys(keys):
            crowd = crowds.setdefault(key, [])
            if len(crowd) < CROWD:
                crowd.append(number)
                entered.append({"key": key, "number": number})
    if entered:  # in the order of the table, so that each of its pages is written once
        connection.execute(insert(story_keys), sorted(entered, key=lambda row: (row["key"], row["number"])))
    return {number: others for number, others in found.items() if others}


def _name(connection: Connection, numbers: Sequence[int], names: Sequence[str]) -> None:
    """Makes one story of these: it is named after the oldest of the stories, else after its oldest member."""
    column, values = (story_texts.c.story, names) if names else (story_texts.c.number, numbers)
    query = (
        select(story_texts.c.story, story_texts.c.article_id)
        .join(articles, articles.c.id == story_texts.c.article_id)
        .where(column.in_(values))
        .order_by(articles.c.dated, articles.c.first_seen, articles.c.id)
        .limit(1)
    )
    oldest = connection.execute(query).one()
    name = oldest.story if names else oldest.article_id
    others = [other for other in names if other != name]
    for some in batches(others, STEP):
        connection.execute(update(story_texts).where(story_texts.c.story.in_(some)).values(story=name))
    for batch in batches(numbers, STEP):
        connection.execute(update(story_texts).where(story_texts.c.number.in_(batch)).values(story=name))


def _rows(
    connection: Connection, column: Any, values: Iterable[Any], limit: int | None = None
) -> dict[int, _Row]:
    """The texts whose column has one of these values, by number."""
    found: dict[int, _Row] = {}
    for some in batches(values, STEP):
        query = _ROWS.where(column.in_(some)).limit(limit)
        for row in connection.execute(query):
            found[row.number] = _Row(**{**row._asdict(), "text": unpack(row.text)})
    return found


_ROWS = select(
    story_texts.c.number,
    story_texts.c.article_id,
    story_texts.c.text,
    story_texts.c.story,
    articles.c.source,
    articles.c.dated,
    articles.c.first_seen,
).join(articles, articles.c.id == story_texts.c.article_id)
_MARK = (
    update(articles).where(articles.c.id == bindparam("article")).values(sketched_revision=bindparam("upto"))
)
_FORGET = delete(story_keys).where(
    story_keys.c.key == bindparam("its_key"), story_keys.c.number == bindparam("its_number")
)
_REPLACE = (
    update(story_texts)
    .where(story_texts.c.number == bindparam("its_number"))
    .values(text=bindparam("new_text"))
)
