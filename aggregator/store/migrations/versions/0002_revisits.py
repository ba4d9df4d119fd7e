"""What a crawler needs that runs for years: revisits, tombstones, leases, how each source fares."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Adds columns and tables. Pages that have an article become due; a budget keeps the crowd in order."""
    op.add_column("articles", sa.Column("deleted_at", sa.String(27), nullable=True))
    for column in (
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("body_hash", sa.String(length=32), nullable=True),
        sa.Column("checked_at", sa.String(27), nullable=True),
        sa.Column("changed_at", sa.String(27), nullable=True),
        sa.Column("changes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("missing_since", sa.String(27), nullable=True),
        sa.Column("missing_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", sa.String(27), nullable=True),
    ):
        op.add_column("pages", column)
    op.create_index("ix_pages_source_due_at", "pages", ["source", "due_at"], unique=False)
    op.execute("UPDATE pages SET checked_at = fetched_at")
    op.execute(
        "UPDATE pages SET due_at = fetched_at, changed_at = (SELECT CASE WHEN articles.revision > 1"
        " THEN articles.revised ELSE articles.dated END FROM articles WHERE articles.id = pages.article_id),"
        " changes = (SELECT articles.revision - 1 FROM articles WHERE articles.id = pages.article_id)"
        " WHERE article_id IS NOT NULL"
    )
    _create_tables()


def _create_tables() -> None:
    op.create_table(
        "lists",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("links", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.String(27), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("source", "url", name=op.f("pk_lists")),
    )
    op.create_table(
        "entrances",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("updated", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("source", "url", name=op.f("pk_entrances")),
    )
    op.create_table(
        "leases",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("expires", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_leases")),
    )
    op.create_table(
        "source_states",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("last_run", sa.String(27), nullable=False),
        sa.Column("last_success", sa.String(27), nullable=True),
        sa.Column("last_change", sa.String(27), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_due", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_source_states")),
    )
