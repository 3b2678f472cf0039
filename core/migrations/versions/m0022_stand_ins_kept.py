"""Search inside words does not spell the words of each hit anew.

PostgreSQL compares every row that the index of trigrams names once more, and had the stand-ins of
its letters (m0014) made each time: four fifths of such a search. They are kept beside the words
now, by the database itself. The table is written anew once; yesterday's code still finds, slower.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(
        "ALTER TABLE case_words ADD COLUMN stand_ins text NOT NULL"
        " GENERATED ALWAYS AS (tuzet_in_ascii(words)) STORED"
    )
    _index("stand_ins")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    _index("tuzet_in_ascii(words)")
    op.execute("ALTER TABLE case_words DROP COLUMN stand_ins")


def _index(what: str) -> None:
    """The index of trigrams, of something else; none where the extension could not be made."""
    op.execute("DROP INDEX IF EXISTS ix_case_words_inside")
    made = sa.text("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
    if op.get_bind().execute(made).first():
        op.execute(
            f"CREATE INDEX ix_case_words_inside ON case_words USING gin ({what} gin_trgm_ops)"
        )
        op.execute("ANALYZE case_words")
