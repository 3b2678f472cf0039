"""A message says why it comes to whom it comes: the reason is written down when it is owed."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("delivery", sa.Column("why", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("delivery", "why")
