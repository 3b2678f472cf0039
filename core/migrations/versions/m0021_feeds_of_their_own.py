"""The address of a person's feed hangs on a random value of its own, not on the password.

Addresses from before hold until the person asks for a new one: `feed_old`.
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

PEOPLE = sa.table("user", sa.column("id", sa.BigInteger), sa.column("feed_salt", sa.String))


def upgrade() -> None:
    op.add_column("user", sa.Column("feed_salt", sa.String(), nullable=True))
    op.add_column(
        "user", sa.Column("feed_old", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    connection = op.get_bind()
    for number in connection.scalars(sa.select(PEOPLE.c.id)).all():
        salted = sa.update(PEOPLE).where(PEOPLE.c.id == number)
        connection.execute(salted.values(feed_salt=secrets.token_urlsafe(24)))


def downgrade() -> None:
    op.drop_column("user", "feed_old")
    op.drop_column("user", "feed_salt")
