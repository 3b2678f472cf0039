"""A snooze that enough readers have ended is over: it no longer comes back when some are split off.

From now on that is written when the reader comes; here it is done for those who came before.
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        'UPDATE "case" SET snoozed_until = NULL, wake_at_readers = NULL'
        " WHERE snoozed_until IS NOT NULL AND readers >= wake_at_readers"
    )


def downgrade() -> None:
    """A case that is awake stays so."""
