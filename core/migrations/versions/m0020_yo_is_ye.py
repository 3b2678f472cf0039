"""Search takes ё for е, as Russian is mostly written: the kept words have е for both.

Only rows that have a ё are written anew.
"""

from collections.abc import Callable

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

CAPITALS = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯӘҒҚҢӨҰҮҺІЇЄҐЎҖҘҠҪӐӖӢӮÇĞİÖŞÜÑÁ"
SMALL = CAPITALS.lower().replace("i̇", "i")
UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
TRIGGERS = (
    "tuzet_case_opened",
    "tuzet_case_changed",
    "tuzet_report_came",
    "tuzet_report_changed",
    "tuzet_title_changed",
)
FROM = 'FROM "case" c JOIN page p'
BEFORE, AFTER = "replace(replace(", ", 'ё', 'е'), 'Ё', 'Е')"
WORDS = "INSERT OR REPLACE INTO case_words (rowid, words) SELECT c.id, "


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _fold(f"ё{CAPITALS}{UNSEEN}", f"е{SMALL.replace('ё', 'е')}")
        op.execute("UPDATE case_words SET words = replace(words, 'ё', 'е') WHERE words LIKE '%ё%'")
        return
    _rewrite(lambda words: f"{BEFORE}{words}{AFTER}")
    op.execute(
        "UPDATE case_words SET words = replace(replace(words, 'ё', 'е'), 'Ё', 'Е')"
        " WHERE instr(words, 'ё') OR instr(words, 'Ё')"
    )


def downgrade() -> None:
    """The words that were written anew stay so until their case changes."""
    if op.get_bind().dialect.name == "postgresql":
        _fold(f"{CAPITALS}{UNSEEN}", SMALL)
        return
    _rewrite(lambda words: words.removeprefix(BEFORE).removesuffix(AFTER))


def _fold(letters: str, into: str) -> None:
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION tuzet_folded(words text) RETURNS text
        LANGUAGE sql IMMUTABLE AS $$
          SELECT translate(lower(words), '{letters}', '{into}')
        $$"""
    )


def _rewrite(change: Callable[[str], str]) -> None:
    """Make SQLite's triggers anew, with other words that they keep (m0004 has them in full)."""
    bind = op.get_bind()
    for name in TRIGGERS:
        found = bind.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = ?", (name,))
        before, words = str(found.scalar_one()).split(WORDS)
        words, after = words.split(f" {FROM}")
        bind.exec_driver_sql(f"DROP TRIGGER {name}")
        bind.exec_driver_sql(f"{before}{WORDS}{change(words)} {FROM}{after}")
