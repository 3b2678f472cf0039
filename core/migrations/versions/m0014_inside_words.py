"""Search inside words as quickly where the database takes only ASCII for letters.

PostgreSQL's trigrams are made of what its locale calls letters. In a cluster of the locale C
Cyrillic has none, so a search inside words read every row. The index is of stand-ins now, one
ASCII letter or digit for each Cyrillic or accented letter; a few share one, and the words
themselves are compared after it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SMALL = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһіїєґўҗҙҡҫӑӗңӣӯçğıöşüñáéíóúâêîôûàèäãõ"
STAND_INS = "abvgdee6zi1klmnoprstufhc4w5x7q3890gkn0uyh2iegu6zksaen1ucgiosunaeiouaeiouaeaao"


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    letters, stand_ins = SMALL + SMALL.upper(), STAND_INS * 2
    op.execute(
        f"""
        CREATE FUNCTION tuzet_in_ascii(words text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
          SELECT translate(words, '{letters}', '{stand_ins}')
        $$"""
    )
    _index("tuzet_in_ascii(words)")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    _index("words")
    op.execute("DROP FUNCTION tuzet_in_ascii(text)")


def _index(what: str) -> None:
    """The index of trigrams, of something else; none where the extension could not be made."""
    op.execute("DROP INDEX IF EXISTS ix_case_words_inside")
    made = sa.text("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
    if op.get_bind().execute(made).first():
        op.execute(
            f"CREATE INDEX ix_case_words_inside ON case_words USING gin ({what} gin_trgm_ops)"
        )
        op.execute("ANALYZE case_words")
