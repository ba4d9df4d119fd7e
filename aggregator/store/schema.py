"""The tables. A change here needs a migration in ``migrations/versions`` and a new ``HEAD``."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

HEAD = "0005"  #: the schema that this code works with


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
    Column("sketched_revision", Integer, nullable=False, server_default="0"),  # compared with the others
)
Index("ix_articles_dated_id", articles.c.dated, articles.c.id)
Index("ix_articles_source_dated", articles.c.source, articles.c.dated)
Index("ix_articles_organisation_dated", articles.c.organisation, articles.c.dated)
_PENDING = text("indexed_revision < revision")
Index("ix_articles_pending", articles.c.id, sqlite_where=_PENDING, postgresql_where=_PENDING)
_UNSKETCHED = text("sketched_revision < revision")
Index("ix_articles_unsketched", articles.c.id, sqlite_where=_UNSKETCHED, postgresql_where=_UNSKETCHED)

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

#: The order in which contents arrived, new or changed. Whoever writes holds the one lock of the database, so
#: a lower number was always committed earlier. Kept while alerts need it; the last row stays, for its number.
arrivals = Table(
    "arrivals",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("article_id", String(40), ForeignKey("articles.id"), nullable=False),
    Column("revision", Integer, nullable=False),
)

saved_searches = Table(
    "saved_searches",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),  # the name folded
    Column("search", Text, nullable=False),  # JSON: the parameters as they were given
    Column("created", Instant, nullable=False),
    Column("compared", Integer, nullable=False),  # the last arrival that it was compared with
    UniqueConstraint("name_key"),
)

#: Articles that a saved search found after it was saved, in the order in which it found them.
alert_matches = Table(
    "alert_matches",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("search_id", Integer, ForeignKey("saved_searches.id"), nullable=False),
    Column("article_id", String(40), ForeignKey("articles.id"), nullable=False),
    Column("found", Instant, nullable=False),
    UniqueConstraint("search_id", "article_id"),
)
Index("ix_alert_matches_search_id_id", alert_matches.c.search_id, alert_matches.c.id)

alert_targets = Table(
    "alert_targets",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("search_id", Integer, ForeignKey("saved_searches.id"), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("address", Text, nullable=False),
    Column("secret", Text),  # what a webhook is signed with
    Column("public_only", Boolean, nullable=False),
    Column("queued", Integer, nullable=False),  # the last match that is in a delivery
    Column("gone_at", Instant),  # when it asked not to be told any more
    UniqueConstraint("search_id", "kind", "address"),
)

#: Messages. Which articles one has is settled when it is entered: each further try has the same key.
alert_deliveries = Table(
    "alert_deliveries",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("target_id", Integer, ForeignKey("alert_targets.id"), nullable=False),
    Column("key", String(40), nullable=False),  # tells the target what it has already
    Column("first_match", Integer, nullable=False),
    Column("last_match", Integer, nullable=False),
    Column("articles", Integer, nullable=False),
    Column("created", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt", Instant),  # None: delivered or given up
    Column("delivered_at", Instant),
    Column("error", Text),  # why the last try failed
    UniqueConstraint("key"),
)
Index("ix_alert_deliveries_target_id_id", alert_deliveries.c.target_id, alert_deliveries.c.id)

#: The texts of all articles as they are compared with each other, and which of them are one story.
story_texts = Table(
    "story_texts",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),  # short, as the keys have many of them
    Column("article_id", String(40), ForeignKey("articles.id"), nullable=False),
    Column("text", LargeBinary, nullable=False),  # see aggregator.stories.text
    Column("story", String(40)),  # id of one of the members; None: there is no other
    UniqueConstraint("article_id"),
)
_IN_STORY = text("story IS NOT NULL")
Index("ix_story_texts_story", story_texts.c.story, sqlite_where=_IN_STORY, postgresql_where=_IN_STORY)

#: Texts that have a key in common may be one story, see aggregator.stories.sketch.
story_keys = Table(
    "story_keys",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),  # of the text
    sqlite_with_rowid=False,
)
