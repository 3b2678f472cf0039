"""The first schema: sites, pages, reports, cases, events, channels, deliveries, people."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
TIME = sa.DateTime(timezone=True)


def _key() -> sa.Column[int]:
    return sa.Column("id", BIG, primary_key=True, autoincrement=True)


def _text(name: str, *, null: bool = False, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=null, server_default=default)


def _time(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, TIME, nullable=null)


def _count(name: str, default: int) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default=str(default))


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def _to(table: str, name: str, column: str, *, null: bool = False) -> sa.Column[int]:
    target = sa.ForeignKey(f"{table}.id", name=f"fk_{column}_{name}")
    return sa.Column(name, BIG, target, nullable=null)


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool) -> None:
    condition = sa.text(where)
    op.create_index(
        name,
        table,
        columns,
        unique=unique,
        sqlite_where=condition,
        postgresql_where=condition,
    )


def upgrade() -> None:
    _people()
    _sites()
    _cases()
    _reports()
    _channels()


def _people() -> None:
    op.create_table(
        "user",
        _key(),
        _text("email"),
        _text("name"),
        _text("password_hash"),
        _text("language", default="kk"),
        _text("theme", default="auto"),
        _time("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_user"),
        sa.UniqueConstraint("email", name="uq_user_email"),
    )
    op.create_table(
        "desk_session",
        sa.Column("id", sa.String(), nullable=False),
        _to("user", "user_id", "desk_session"),
        _text("form_token"),
        _time("created_at"),
        _time("seen_at"),
        _time("expires_at"),
        _text("user_agent"),
        sa.PrimaryKeyConstraint("id", name="pk_desk_session"),
    )
    op.create_index("ix_desk_session_user_id", "desk_session", ["user_id"])
    op.create_table(
        "token",
        _key(),
        _to("user", "user_id", "token"),
        _text("name"),
        _text("digest"),
        _time("created_at"),
        _time("last_used_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_token"),
        sa.UniqueConstraint("digest", name="uq_token_digest"),
    )
    op.create_index("ix_token_user_id", "token", ["user_id"])
    op.create_table(
        "login_failure",
        _key(),
        _text("subject"),
        _time("at"),
        sa.PrimaryKeyConstraint("id", name="pk_login_failure"),
    )
    op.create_index("ix_login_failure_subject_at", "login_failure", ["subject", "at"])


def _sites() -> None:
    op.create_table(
        "site",
        _key(),
        _text("key"),
        _text("name"),
        _text("url"),
        sa.Column("origins", JSON, nullable=False),
        sa.Column("languages", JSON, nullable=False),
        _text("timezone", default="Asia/Almaty"),
        _time("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_site"),
        sa.UniqueConstraint("key", name="uq_site_key"),
    )
    op.create_table(
        "membership",
        _key(),
        _to("user", "user_id", "membership"),
        _to("site", "site_id", "membership", null=True),
        _text("role"),
        sa.PrimaryKeyConstraint("id", name="pk_membership"),
    )
    op.create_index("ix_membership_user_id", "membership", ["user_id"])
    op.create_table(
        "page",
        _key(),
        _to("site", "site_id", "page"),
        _text("url"),
        _text("link"),
        _text("title", null=True),
        _text("author", null=True),
        _text("section", null=True),
        _text("published", null=True),
        _text("modified", null=True),
        _text("cms_id", null=True),
        _time("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_page"),
        sa.UniqueConstraint("site_id", "url", name="uq_page_site_id_url"),
    )
    op.create_table(
        "page_alias",
        _key(),
        _to("site", "site_id", "page_alias"),
        _to("page", "page_id", "page_alias"),
        _text("url"),
        sa.PrimaryKeyConstraint("id", name="pk_page_alias"),
        sa.UniqueConstraint("site_id", "url", name="uq_page_alias_site_id_url"),
    )
    op.create_index("ix_page_alias_page_id", "page_alias", ["page_id"])


def _cases() -> None:
    op.create_table(
        "case",
        _key(),
        _to("site", "site_id", "case"),
        _to("page", "page_id", "case"),
        _text("exact"),
        _text("prefix"),
        _text("suffix"),
        _text("claim_right", null=True),
        _flag("claim_certain"),
        sa.Column("claim_position", sa.BigInteger(), nullable=True),
        sa.Column("span_start", sa.Integer(), nullable=True),
        sa.Column("span_end", sa.Integer(), nullable=True),
        _text("language"),
        _text("suggestion", null=True),
        _text("kind"),
        _text("status", default="new"),
        _text("resolution", null=True),
        _flag("regressed"),
        _count("readers", 1),
        _count("priority", 0),
        _to("user", "assignee_id", "case", null=True),
        _time("snoozed_until", null=True),
        _count("version", 1),
        _time("first_reported_at"),
        _time("last_reported_at"),
        _time("fixed_at", null=True),
        _text("verdict", null=True),
        _time("checked_at", null=True),
        sa.Column("evidence", JSON, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_case"),
    )
    by_time = ["site_id", "status", "last_reported_at"]
    op.create_index("ix_case_site_id_status_last", "case", by_time)
    op.create_index("ix_case_site_id_priority", "case", ["site_id", "priority"])
    op.create_index("ix_case_page_id_span_start", "case", ["page_id", "span_start"])
    op.create_table(
        "case_key",
        _to("page", "page_id", "case_key"),
        sa.Column("key", sa.BigInteger(), nullable=False),
        _to("case", "case_id", "case_key"),
        sa.PrimaryKeyConstraint("page_id", "key", "case_id", name="pk_case_key"),
    )
    op.create_index("ix_case_key_case_id", "case_key", ["case_id"])
    op.create_table(
        "event",
        _key(),
        _to("case", "case_id", "event"),
        _text("type"),
        _text("actor"),
        _text("via"),
        _time("at"),
        sa.Column("data", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )
    op.create_index("ix_event_case_id", "event", ["case_id", "id"])
    _partial("uq_event_created", "event", ["case_id"], "type = 'created'", unique=True)


def _reports() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.String(), nullable=False),
        _to("site", "site_id", "report"),
        _text("fingerprint"),
        _text("receipt"),
        _time("received_at"),
        _text("url"),
        _text("canonical_url", null=True),
        _text("title", null=True),
        _text("language", null=True),
        _text("exact"),
        _text("prefix"),
        _text("suffix"),
        sa.Column("position_start", sa.BigInteger(), nullable=True),
        sa.Column("position_end", sa.BigInteger(), nullable=True),
        _text("kind", null=True),
        _text("suggestion", null=True),
        _text("comment", null=True),
        _text("email", null=True),
        sa.Column("page_metadata", JSON, nullable=True),
        _time("erased_at", null=True),
        _to("page", "page_id", "report", null=True),
        _to("case", "case_id", "report", null=True),
        _time("sorted_at", null=True),
        _time("sort_due_at"),
        _count("sort_attempts", 0),
        _text("sort_error", null=True),
        _flag("already_known"),
        _flag("already_fixed"),
        sa.Column("match", JSON, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
        sa.UniqueConstraint("receipt", name="uq_report_receipt"),
    )
    _partial("ix_report_unsorted", "report", ["sort_due_at"], "sorted_at IS NULL", unique=False)
    op.create_index("ix_report_case_id", "report", ["case_id"])
    op.create_index("ix_report_page_id", "report", ["page_id"])


def _channels() -> None:
    op.create_table(
        "channel",
        _key(),
        _to("site", "site_id", "channel"),
        _text("kind"),
        _text("target"),
        _text("language"),
        _text("sealed_secret", null=True),
        _time("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_channel"),
        sa.UniqueConstraint("site_id", "kind", "target", name="uq_channel_site_id_kind_target"),
    )
    op.create_table(
        "delivery",
        _key(),
        _to("channel", "channel_id", "delivery"),
        _to("case", "case_id", "delivery"),
        _to("event", "event_id", "delivery"),
        _text("event_type"),
        _text("rhythm", default="now"),
        _text("status", default="pending"),
        _count("attempts", 0),
        _text("last_error", null=True),
        _time("due_at"),
        _time("sent_at", null=True),
        _text("lease", null=True),
        _time("leased_until", null=True),
        _text("message_key"),
        _time("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("channel_id", "event_id", name="uq_delivery_channel_id_event_id"),
    )
    _partial(
        "uq_delivery_first_word",
        "delivery",
        ["channel_id", "case_id"],
        "event_type = 'case.created'",
        unique=True,
    )
    _partial("ix_delivery_pending", "delivery", ["due_at"], "status = 'pending'", unique=False)
    op.create_index("ix_delivery_case_id", "delivery", ["case_id"])


def downgrade() -> None:
    for table in (
        "delivery",
        "channel",
        "report",
        "event",
        "case_key",
        "case",
        "page_alias",
        "page",
        "membership",
        "site",
        "login_failure",
        "token",
        "desk_session",
        "user",
    ):
        op.drop_table(table)
