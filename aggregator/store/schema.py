"""The tables. A change here needs a migration in ``migrations/versions`` and a new ``HEAD``."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

HEAD = "0001"  #: the schema that this code works with


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept as ISO 8601 text in UTC with microseconds: sorts as text, on every database."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant without a time zone cannot be stored: {value!r}")
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


# Named constraints, so that later migrations can change them on every database.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

articles = Table(
    "articles",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("url", Text, nullable=False),
    Column("canonical_url", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("organisation", Text),
    Column("province", Text),
    Column("dated", Instant, nullable=False),  # published, else first seen: what lists are ordered by
    Column("published", Instant),
    Column("first_seen", Instant, nullable=False),
    Column("last_seen", Instant, nullable=False),
    Column("revised", Instant, nullable=False),  # when the current revision was first seen
    Column("revision", Integer, nullable=False),
    Column("indexed_revision", Integer, nullable=False),  # 0: not in the index, or not in its present form
    Column("content_hash", String(32), nullable=False),
    Column("record", Text, nullable=False),  # the current revision, see codec
)
Index("ix_articles_dated_id", articles.c.dated, articles.c.id)
Index("ix_articles_source_dated", articles.c.source, articles.c.dated)
Index("ix_articles_organisation_dated", articles.c.organisation, articles.c.dated)
_PENDING = text("indexed_revision < revision")
Index("ix_articles_pending", articles.c.id, sqlite_where=_PENDING, postgresql_where=_PENDING)

#: Superseded revisions only: the current one stands in ``articles``, so no text is kept twice.
revisions = Table(
    "revisions",
    metadata,
    Column("article_id", String(40), ForeignKey("articles.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("organisation", Text),
    Column("province", Text),
    Column("first_seen", Instant, nullable=False),  # of this revision
    Column("last_seen", Instant, nullable=False),
    Column("content_hash", String(32), nullable=False),
    Column("record", Text, nullable=False),
)

pages = Table(
    "pages",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),  # the order in which links were met
    Column("source", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("status", String(10), nullable=False),
    Column("outcome", Text),
    Column("article_id", String(40), ForeignKey("articles.id")),
    Column("fetched_at", Instant),
    Column("http_status", Integer),
    Column("attempts", Integer, nullable=False),
    Column("settled", Boolean, nullable=False),
    Column("link", Text),  # the Link that promised the page, see codec
    UniqueConstraint("source", "url"),
)
Index("ix_pages_source_status_id", pages.c.source, pages.c.status, pages.c.id)
Index("ix_pages_article_id", pages.c.article_id)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("source", Text, nullable=False),
    Column("started", Instant, nullable=False),
    Column("updated", Instant, nullable=False),  # last sign of life
    Column("finished", Instant),
    Column("status", String(12), nullable=False),
    Column("counts", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("process", Text, nullable=False),  # tells a later process of the same number apart
)
Index("ix_runs_source_id", runs.c.source, runs.c.id)
