"""Saved views of the queue."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", BIG, primary_key=True, autoincrement=True),
        sa.Column(
            "user_id", BIG, sa.ForeignKey("user.id", name="fk_saved_view_user_id"), nullable=False
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saved_view"),
        sa.UniqueConstraint("user_id", "name", name="uq_saved_view_user_id_name"),
    )


def downgrade() -> None:
    op.drop_table("saved_view")
