"""Letters to readers that are under way are counted before each message: by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

LEASED = sa.text("leased_until IS NOT NULL")
INDEX = "ix_reader_address_leased_until"


def upgrade() -> None:
    op.create_index(
        INDEX,
        "reader_address",
        ["leased_until"],
        sqlite_where=LEASED,
        postgresql_where=LEASED,
    )


def downgrade() -> None:
    op.drop_index(INDEX, "reader_address")
