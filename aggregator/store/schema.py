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

HEAD = "0003"  #: the schema that this code works with


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
    Column("indexed_revision", Integer, nullable=False),  # below 1: not in the index, see ``indexing``
    Column("content_hash", String(32), nullable=False),
    Column("record", Text, nullable=False),  # the current revision, see codec
    Column("deleted_at", Instant),  # the tombstone: its site has taken it down, and we keep it
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

#: Articles that the index will not take in their present form.
dead_letters = Table(
    "dead_letters",
    metadata,
    Column("article_id", String(40), ForeignKey("articles.id"), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
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
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", String(32)),
    Column("checked_at", Instant),
    Column("changed_at", Instant),
    Column("changes", Integer, nullable=False, server_default="0"),
    Column("missing_since", Instant),
    Column("missing_count", Integer, nullable=False, server_default="0"),
    Column("due_at", Instant),
    UniqueConstraint("source", "url"),
)
Index("ix_pages_source_status_id", pages.c.source, pages.c.status, pages.c.id)
Index("ix_pages_source_due_at", pages.c.source, pages.c.due_at)
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

#: Feeds, sitemaps and listing pages that a crawl has read: what to ask them with the next time.
lists = Table(
    "lists",
    metadata,
    Column("source", Text, primary_key=True),
    Column("url", Text, primary_key=True),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("links", Integer, nullable=False),
    Column("read_at", Instant, nullable=False),
    Column("settled", Boolean, nullable=False),
)

#: Where the news of a source is found, and how far discovery has come there.
entrances = Table(
    "entrances",
    metadata,
    Column("source", Text, primary_key=True),
    Column("url", Text, primary_key=True),  # of a feed, sitemap or listing; or a name, see crawl.backfill
    Column("state", Text, nullable=False),  # JSON
    Column("updated", Instant, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("source", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("process", Text, nullable=False),  # as in ``runs``
    Column("expires", Instant, nullable=False),
)

source_states = Table(
    "source_states",
    metadata,
    Column("source", Text, primary_key=True),
    Column("last_run", Instant, nullable=False),
    Column("last_success", Instant),
    Column("last_change", Instant),
    Column("failures", Integer, nullable=False),  # in a row
    Column("next_due", Instant, nullable=False),
)
