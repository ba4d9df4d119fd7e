"""The texts of articles as they are compared with each other, and the stories that they make."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Adds a column and tables. All articles are pending for them."""
    op.add_column(
        "articles", sa.Column("sketched_revision", sa.Integer(), server_default="0", nullable=False)
    )
    pending = sa.text("sketched_revision < revision")
    op.create_index(
        "ix_articles_unsketched",
        "articles",
        ["id"],
        unique=False,
        sqlite_where=pending,
        postgresql_where=pending,
    )
    op.create_table(
        "story_texts",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.String(40), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("story", sa.String(40), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_story_texts_article_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_story_texts")),
        sa.UniqueConstraint("article_id", name=op.f("uq_story_texts_article_id")),
    )
    in_story = sa.text("story IS NOT NULL")
    op.create_index(
        "ix_story_texts_story",
        "story_texts",
        ["story"],
        unique=False,
        sqlite_where=in_story,
        postgresql_where=in_story,
    )
    op.create_table(
        "story_keys",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "number", name=op.f("pk_story_keys")),
        sqlite_with_rowid=False,
    )
