"""Newsrooms' own systems, what was written there, correction notices, and searches elsewhere."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=null)


def _time(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, TIME, nullable=null)


def _id() -> sa.Column[object]:
    return sa.Column("id", BIG, primary_key=True, autoincrement=True)


def _to(table: str, target: str) -> sa.Column[object]:
    name = f"{target}_id"
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}")
    return sa.Column(name, BIG, key, nullable=False)


def upgrade() -> None:
    op.create_table(
        "cms_connection",
        _id(),
        _to("cms_connection", "site"),
        _text("kind"),
        _text("url"),
        _text("user"),
        _text("sealed_secret"),
        _text("sealed_hook_secret"),
        _time("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_cms_connection"),
        sa.UniqueConstraint("site_id", name="uq_cms_connection_site_id"),
    )
    op.create_table(
        "cms_change",
        _id(),
        _to("cms_change", "case"),
        _text("kind"),
        _text("document_id"),
        _text("field"),
        _text("state"),
        _text("revision"),
        _text("edit_url", null=True),
        sa.Column("inverse", JSON, nullable=False),
        _text("by"),
        _time("at"),
        _time("reverted_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_cms_change"),
    )
    op.create_index("ix_cms_change_case_id", "cms_change", ["case_id", "id"])
    _notices()
    _searches()


def _notices() -> None:
    op.create_table(
        "correction_notice",
        _id(),
        _to("correction_notice", "site"),
        _to("correction_notice", "case"),
        _to("correction_notice", "page"),
        _text("state"),
        _text("language"),
        _text("before"),
        _text("after"),
        _text("prefix"),
        _text("suffix"),
        _text("sentence", null=True),
        _text("by"),
        _time("published_at"),
        _time("changed_at"),
        sa.PrimaryKeyConstraint("id", name="pk_correction_notice"),
        sa.UniqueConstraint("case_id", name="uq_correction_notice_case_id"),
    )
    op.create_index(
        "ix_correction_notice_site_id", "correction_notice", ["site_id", "published_at"]
    )
    where = sa.text("state = 'published'")
    op.create_index(
        "ix_correction_notice_page_id",
        "correction_notice",
        ["page_id"],
        sqlite_where=where,
        postgresql_where=where,
    )


def _searches() -> None:
    op.create_table(
        "elsewhere_search",
        _id(),
        _to("elsewhere_search", "case"),
        _text("form"),
        sa.Column("progress", JSON, nullable=False),
        _text("asked_by"),
        _time("asked_at"),
        _time("due_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_elsewhere_search"),
        sa.UniqueConstraint("case_id", name="uq_elsewhere_search_case_id"),
    )
    where = sa.text("due_at IS NOT NULL")
    op.create_index(
        "ix_elsewhere_search_due_at",
        "elsewhere_search",
        ["due_at"],
        sqlite_where=where,
        postgresql_where=where,
    )


def downgrade() -> None:
    for table in ("elsewhere_search", "correction_notice", "cms_change", "cms_connection"):
        op.drop_table(table)
