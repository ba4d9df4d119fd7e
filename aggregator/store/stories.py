"""Stories: the articles that have the same text. How they are put together is in ``grouping``."""

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from aggregator.batches import batches
from aggregator.model import StoredArticle
from aggregator.store import grouping
from aggregator.store.articles import STEP, stored
from aggregator.store.codec import decode_article
from aggregator.store.grouping import IS_PENDING, Pending, Sketched
from aggregator.store.schema import articles, story_texts

_Transaction = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True, slots=True)
class Membership:
    """The story that an article is in."""

    story: str  #: the id of one of its members
    size: int  #: articles in it, two or more


class Stories:
    """What a ``Store`` knows of them. Every method is a transaction of its own."""

    def __init__(self, read: _Transaction, write: _Transaction) -> None:
        self._read, self._write = read, write

    # --- catching up ----------------------------------------------------------------------------------------

    def pending(self, limit: int) -> list[Pending]:
        """Articles whose texts have not been compared in their present form."""
        query = select(articles.c.id, articles.c.revision, articles.c.record).where(IS_PENDING)
        with self._read() as connection:
            rows = connection.execute(query.order_by(articles.c.id).limit(limit)).all()
        read = ((row, decode_article(row.record)) for row in rows)
        return [Pending(row.id, row.revision, one.headline, one.lead, one.body) for row, one in read]

    def pending_count(self) -> int:
        """How many they are."""
        with self._read() as connection:
            query = select(func.count()).select_from(articles).where(IS_PENDING)
            return connection.scalar(query) or 0

    def group(self, batch: Sequence[Sketched]) -> None:
        """Puts these into their stories, all or none; what has changed since it was read stays pending."""
        with self._write() as connection:
            grouping.group(connection, batch)

    def counts(self) -> dict[str, int]:
        """How many ``stories`` there are, and how many ``articles`` in them."""
        column = story_texts.c.story
        query = select(func.count(column.distinct()), func.count(column)).where(column.is_not(None))
        with self._read() as connection:
            stories, members = connection.execute(query).one()
        return {"stories": stories, "articles": members}

    # --- asking ---------------------------------------------------------------------------------------------

    def of(self, ids: Collection[str]) -> dict[str, Membership]:
        """The stories of these articles, without those that are in none."""
        found: dict[str, str] = {}
        sizes: dict[str, int] = {}
        with self._read() as connection:
            for some in batches(ids, STEP):
                here = story_texts.c.article_id.in_(some), story_texts.c.story.is_not(None)
                rows = connection.execute(select(story_texts.c.article_id, story_texts.c.story).where(*here))
                found.update((row.article_id, row.story) for row in rows)
            for some in batches(set(found.values()), STEP):
                counted = select(story_texts.c.story, func.count()).where(story_texts.c.story.in_(some))
                for story, size in connection.execute(counted.group_by(story_texts.c.story)):
                    sizes[story] = size
        return {article_id: Membership(story, sizes[story]) for article_id, story in found.items()}

    def members(self, story: str, limit: int) -> list[StoredArticle]:
        """The articles of a story, up to ``limit``, in the order of their dates."""
        query = (
            select(articles)
            .join(story_texts, story_texts.c.article_id == articles.c.id)
            .where(story_texts.c.story == story)
            .order_by(articles.c.dated, articles.c.first_seen, articles.c.id)
            .limit(limit)
        )
        with self._read() as connection:
            return [stored(row._asdict()) for row in connection.execute(query)]
