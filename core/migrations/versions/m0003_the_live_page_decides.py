"""When pages are read for their cases and what they said; servers; readers who want to hear."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
ON_CASE = (
    ("check_since", TIME),
    ("check_due_at", TIME),
    ("seen_version", sa.Integer()),
    ("seen_start", sa.Integer()),
    ("seen_end", sa.Integer()),
    ("verification_id", BIG),
)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=null)


def _time(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, TIME, nullable=null)


def _count(name: str, default: int) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default=str(default))


def _to(table: str, target: str, kind: sa.types.TypeEngine[object] = BIG) -> sa.Column[object]:
    name = f"{target}_id"
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}")
    return sa.Column(name, kind, key, nullable=False)


def _due(name: str, table: str, column: str) -> None:
    where = sa.text(f"{column} IS NOT NULL")
    op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    for name, kind in ON_CASE:
        op.add_column("case", sa.Column(name, kind, nullable=True))
    _due("ix_case_check_due_at", "case", "check_due_at")
    op.execute(  # cases that were there before are looked at soon
        'UPDATE "case" SET check_since = CURRENT_TIMESTAMP, check_due_at = CURRENT_TIMESTAMP '
        "WHERE status IN ('new', 'accepted', 'fixed')"
    )
    op.add_column("page", _text("check_lease", null=True))
    op.add_column("page", _time("check_leased_until", null=True))
    op.add_column("page", _count("check_attempts", 0))
    op.add_column(
        "page", sa.Column("needs_browser", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    _verifications()
    _servers()
    _readers()


def _verifications() -> None:
    op.create_table(
        "verification",
        sa.Column("id", BIG, primary_key=True, autoincrement=True),
        _to("verification", "case"),
        _text("case_status"),
        _text("verdict"),
        _text("reason"),
        _text("before", null=True),
        _text("after", null=True),
        sa.Column("as_suggested", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("http_status", sa.Integer(), nullable=True),
        _text("etag", null=True),
        _text("final_url", null=True),
        _text("source"),
        _count("readings", 1),
        _time("first_at"),
        _time("last_at"),
        sa.PrimaryKeyConstraint("id", name="pk_verification"),
    )
    op.create_index("ix_verification_case_id", "verification", ["case_id", "id"])


def _servers() -> None:
    op.create_table(
        "host",
        _text("name"),
        _time("free_at"),
        _count("faults", 0),
        _time("rests_until", null=True),
        _text("robots", null=True),
        _time("robots_until", null=True),
        sa.PrimaryKeyConstraint("name", name="pk_host"),
    )
    op.create_table(
        "reading_budget",
        _to("reading_budget", "site"),
        _time("since"),
        _count("spent", 0),
        sa.PrimaryKeyConstraint("site_id", name="pk_reading_budget"),
    )


def _readers() -> None:
    op.create_table(
        "reader_address",
        sa.Column("id", BIG, primary_key=True, autoincrement=True),
        _to("reader_address", "site"),
        _text("digest"),
        _time("created_at"),
        _time("confirmed_at", null=True),
        _time("stopped_at", null=True),
        _time("due_at", null=True),
        _time("last_sent_at", null=True),
        _text("message_key", null=True),
        _count("attempts", 0),
        _text("last_error", null=True),
        _text("lease", null=True),
        _time("leased_until", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_reader_address"),
        sa.UniqueConstraint("site_id", "digest", name="uq_reader_address_site_id_digest"),
    )
    _due("ix_reader_address_due_at", "reader_address", "due_at")
    op.create_table(
        "reader_outcome",
        _to("reader_outcome", "report", sa.String()),
        sa.Column(
            "address_id",
            BIG,
            sa.ForeignKey("reader_address.id", name="fk_reader_outcome_address_id"),
            nullable=False,
        ),
        _text("told", null=True),
        _time("told_at", null=True),
        _text("message_key", null=True),
        sa.PrimaryKeyConstraint("report_id", name="pk_reader_outcome"),
    )
    op.create_index("ix_reader_outcome_address_id", "reader_outcome", ["address_id"])
    op.create_table(
        "reader_wording",
        sa.Column("id", BIG, primary_key=True, autoincrement=True),
        _to("reader_wording", "site"),
        _text("language"),
        _text("outcome"),
        _text("text"),
        sa.PrimaryKeyConstraint("id", name="pk_reader_wording"),
        sa.UniqueConstraint(
            "site_id", "language", "outcome", name="uq_reader_wording_site_id_language_outcome"
        ),
    )


def downgrade() -> None:
    for table in (
        "reader_wording",
        "reader_outcome",
        "reader_address",
        "reading_budget",
        "host",
        "verification",
    ):
        op.drop_table(table)
    for name in ("needs_browser", "check_attempts", "check_leased_until", "check_lease"):
        op.drop_column("page", name)
    op.drop_index("ix_case_check_due_at", "case")
    for name, _ in reversed(ON_CASE):
        op.drop_column("case", name)
