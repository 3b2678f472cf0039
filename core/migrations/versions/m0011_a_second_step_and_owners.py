"""A second step at log-in, log-ins that are half done, and owners of the installation.

An owner stays `admin` in `role`, with a mark beside it: yesterday's code, which knows no owners,
goes on to work. Whoever administers the whole installation today becomes an owner of it.
"""

import sqlalchemy as sa
import sqlalchemy.dialects.postgresql
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column(
        "membership", sa.Column("owns", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    membership = sa.table(
        "membership",
        sa.column("owns", sa.Boolean()),
        sa.column("role", sa.String()),
        sa.column("site_id", BIG),
    )
    everywhere = (membership.c.site_id.is_(None)) & (membership.c.role == "admin")
    op.execute(sa.update(membership).where(everywhere).values(owns=sa.true()))
    op.add_column(
        "desk_session",
        sa.Column("way", sa.String(), nullable=False, server_default="password"),
    )
    op.create_table(
        "second_factor",
        sa.Column("user_id", BIG, _user("second_factor"), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("on_since", TIME, nullable=True),
        sa.Column("last_step", BIG, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_second_factor"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("user_id", BIG, _user("recovery_code"), nullable=False),
        sa.Column("used_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("digest", name="pk_recovery_code"),
    )
    op.create_index("ix_recovery_code_user_id", "recovery_code", ["user_id"])
    op.create_table(
        "half_log_in",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("user_id", BIG, _user("half_log_in"), nullable=True),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_half_log_in"),
    )


def _user(table: str) -> sa.ForeignKey:
    return sa.ForeignKey("user.id", name=f"fk_{table}_user_id")


def downgrade() -> None:
    for table in ("half_log_in", "recovery_code", "second_factor"):
        op.drop_table(table)
    op.drop_column("desk_session", "way")
    op.drop_column("membership", "owns")
