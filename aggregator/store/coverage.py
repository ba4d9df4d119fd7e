"""What of a source was collected, and which fields its articles have, month by month. Only reads."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import Connection, case, func, select

from aggregator.store.schema import articles, pages

#: Fields that are counted, as ``Article`` calls them; ``published`` is the date.
FIELDS = ("published", "kicker", "lead", "body", "section", "main_image", "authors", "keywords", "code")
NEWEST = 100  #: articles of a period that are looked into at most

_Transaction = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True, slots=True)
class PeriodCoverage:
    """How many articles a period has, and how many of those looked into have each field."""

    articles: int
    looked_into: int
    fields: Mapping[str, int]

    def share(self, field: str) -> float | None:
        """0 to 1; None: there is nothing to look into."""
        return self.fields[field] / self.looked_into if self.looked_into else None


class Coverage:
    """What a ``Store`` knows of it. Every method is a transaction of its own."""

    def __init__(self, read: _Transaction) -> None:
        self._read = read

    def collected(self) -> dict[str, tuple[int, int]]:
        """Source → pages that its lists promised, and how many of these were collected."""
        with self._read() as connection:
            return {row.source: (row.promised, row.collected) for row in connection.execute(_COLLECTED)}

    def fields(self, source: str, bounds: Sequence[datetime]) -> list[PeriodCoverage]:
        """The periods between each bound and the next, in their order: the articles that were published then,
        or first seen where they have no date, and the fields of the newest of them."""
        with self._read() as connection:
            return [_period(connection, source, *ends) for ends in pairwise(bounds)]


# As ``crawl.completeness`` counts: without further addresses of an article, and without numbers that were
# tried between known ones, which nobody promised.
_GAVE = pages.c.article_id.is_not(None) | (pages.c.status == "done")
_COLLECTED = (
    select(
        pages.c.source,
        func.count().label("promised"),
        func.sum(case((_GAVE, 1), else_=0)).label("collected"),
    )
    .where(pages.c.article_id.is_not(None) | (func.coalesce(pages.c.outcome, "") != "duplicate"))
    .where(func.coalesce(pages.c.link, "").not_like('%"origin":"id"%'))
    .group_by(pages.c.source)
)


def _period(connection: Connection, source: str, begin: datetime, end: datetime) -> PeriodCoverage:
    inside = (articles.c.source == source, articles.c.dated >= begin, articles.c.dated < end)
    number = connection.scalar(select(func.count()).select_from(articles).where(*inside)) or 0
    newest = select(articles.c.record).where(*inside).order_by(articles.c.dated.desc()).limit(NEWEST)
    records = connection.scalars(newest).all() if number else []
    # Not parsed: in JSON a quotation mark of a text is escaped, so only a key looks like this. It is there
    # only where the field says something, see ``codec.encode_article``.
    counts = {name: sum(f'"{name}":' in record for record in records) for name in FIELDS}
    return PeriodCoverage(number, len(records), counts)
