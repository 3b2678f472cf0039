"""Texts of pages as they were read, when to read next, and cases that were merged."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "page_version",
        sa.Column("id", BIG, primary_key=True, autoincrement=True),
        sa.Column(
            "page_id",
            BIG,
            sa.ForeignKey("page.id", name="fk_page_version_page_id"),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("read_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_page_version"),
        sa.UniqueConstraint("page_id", "number", name="uq_page_version_page_id_number"),
    )
    for column in (
        sa.Column("read_at", TIME, nullable=True),
        sa.Column("read_due_at", TIME, nullable=True),
        sa.Column("read_attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("read_fault", sa.String(), nullable=True),
        sa.Column("body_digest", sa.String(), nullable=True),
        sa.Column("validator_url", sa.String(), nullable=True),
        sa.Column("etag", sa.String(), nullable=True),
        sa.Column("last_modified", sa.String(), nullable=True),
    ):
        op.add_column("page", column)
    due = sa.text("read_due_at IS NOT NULL")
    op.create_index(
        "ix_page_read_due_at", "page", ["read_due_at"], sqlite_where=due, postgresql_where=due
    )
    # A reference that SQLite could only add by copying the table: the code sees to it instead.
    op.add_column("case", sa.Column("merged_into_id", BIG, nullable=True))
    op.create_index("ix_case_merged_into_id", "case", ["merged_into_id"])


def downgrade() -> None:
    op.drop_index("ix_case_merged_into_id", "case")
    op.drop_column("case", "merged_into_id")
    op.drop_index("ix_page_read_due_at", "page")
    for name in (
        "last_modified",
        "etag",
        "validator_url",
        "body_digest",
        "read_fault",
        "read_attempts",
        "read_due_at",
        "read_at",
    ):
        op.drop_column("page", name)
    op.drop_table("page_version")
