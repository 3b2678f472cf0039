"""What people settle about their own mail, and the weekly summary of a site."""

import sqlalchemy as sa
import sqlalchemy.dialects.postgresql
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "own_mail",
        sa.Column(
            "user_id", BIG, sa.ForeignKey("user.id", name="fk_own_mail_user_id"), nullable=False
        ),
        sa.Column("is_off", sa.Boolean(), nullable=False),
        sa.Column("mentions", sa.Boolean(), nullable=False),
        sa.Column("articles", sa.Boolean(), nullable=False),
        sa.Column("weekly", sa.Boolean(), nullable=False),
        sa.Column("rhythm", JSON, nullable=False),
        sa.Column("weekly_due_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("user_id", name="pk_own_mail"),
    )
    op.add_column("routing_plan", sa.Column("summary_at", sa.String(), nullable=True))
    op.add_column("routing_plan", sa.Column("summary_due_at", TIME, nullable=True))


def downgrade() -> None:
    op.drop_column("routing_plan", "summary_due_at")
    op.drop_column("routing_plan", "summary_at")
    op.drop_table("own_mail")
