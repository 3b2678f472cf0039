"""Reports by the time of their receipt, for the numbers of a span."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_report_received_at", "report", ["received_at"])


def downgrade() -> None:
    op.drop_index("ix_report_received_at", "report")
