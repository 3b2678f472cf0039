"""Snoozes that end with more readers; who is looking at which case."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("case", sa.Column("wake_at_readers", sa.Integer(), nullable=True))
    op.create_table(
        "presence",
        sa.Column(
            "case_id", BIG, sa.ForeignKey("case.id", name="fk_presence_case_id"), nullable=False
        ),
        sa.Column(
            "user_id", BIG, sa.ForeignKey("user.id", name="fk_presence_user_id"), nullable=False
        ),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "user_id", name="pk_presence"),
    )


def downgrade() -> None:
    op.drop_table("presence")
    op.drop_column("case", "wake_at_readers")
