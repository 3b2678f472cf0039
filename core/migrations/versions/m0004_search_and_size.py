"""Search over the words of cases, and indices for very many of them.

`case_words` holds, for each case, its words, its suggestion, its page's title, and what readers
wrote besides. Triggers keep it, so that no writer can forget it and yesterday's code keeps it too;
what a reader erases is gone from it in the same transaction. On SQLite it is an FTS5 table of
trigrams; rebuilding the tables `case`, `report` or `page` there would drop the triggers.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INDICES = (
    ("ix_case_last", "case", ["last_reported_at", "id"]),
    ("ix_case_first", "case", ["first_reported_at", "id"]),
    ("ix_case_priority", "case", ["priority", "id"]),
    ("ix_case_readers", "case", ["readers", "id"]),
    ("ix_case_status_last", "case", ["status", "last_reported_at", "id"]),
    ("ix_case_assignee_id", "case", ["assignee_id"]),
    ("ix_page_section", "page", ["section"]),
    ("ix_page_author", "page", ["author"]),
)
ASLEEP = "snoozed_until IS NOT NULL"

# The letters that a database in the C locale leaves capital, and what nobody sees.
CAPITALS = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯӘҒҚҢӨҰҮҺІЇЄҐЎҖҘҠҪӐӖӢӮÇĞİÖŞÜÑÁ"
UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"

COMMENTS = """
    SELECT r.suggestion, r.comment FROM report r
    WHERE r.case_id = c.id AND (r.comment IS NOT NULL OR r.suggestion IS NOT NULL)
    ORDER BY r.received_at LIMIT 50
"""

POSTGRESQL_UP = (
    f"""
    CREATE FUNCTION tuzet_folded(words text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
      SELECT translate(lower(words), '{CAPITALS}{UNSEEN}', '{CAPITALS.lower().replace("i̇", "i")}')
    $$""",
    """
    CREATE TABLE case_words (
      case_id bigint CONSTRAINT pk_case_words PRIMARY KEY
        CONSTRAINT fk_case_words_case_id REFERENCES "case" (id) ON DELETE CASCADE,
      words text NOT NULL,
      lexemes tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED
    )""",
    "CREATE INDEX ix_case_words_lexemes ON case_words USING gin (lexemes)",
    f"""
    CREATE FUNCTION tuzet_words_of(wanted bigint) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO case_words (case_id, words)
      SELECT c.id, tuzet_folded(concat_ws(' ', c.exact, c.suggestion, p.title,
        (SELECT string_agg(concat_ws(' ', s.suggestion, s.comment), ' ') FROM ({COMMENTS}) s)))
      FROM "case" c JOIN page p ON p.id = c.page_id WHERE c.id = wanted
      ON CONFLICT (case_id) DO UPDATE SET words = excluded.words
      WHERE case_words.words <> excluded.words;
    END $$""",  # noqa: S608 (our own)
    """
    CREATE FUNCTION tuzet_case_changed() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM tuzet_words_of(new.id); RETURN NULL; END $$""",
    """
    CREATE FUNCTION tuzet_report_changed() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF tg_op = 'UPDATE' AND old.case_id IS DISTINCT FROM new.case_id THEN
          PERFORM tuzet_words_of(old.case_id);
        END IF;
        PERFORM tuzet_words_of(new.case_id);
        RETURN NULL;
      END $$""",
    """
    CREATE FUNCTION tuzet_title_changed() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM tuzet_words_of(id) FROM "case" WHERE page_id = new.id ORDER BY id;
        RETURN NULL;
      END $$""",
    """
    CREATE TRIGGER tuzet_case_words AFTER INSERT OR UPDATE OF exact, suggestion, page_id
      ON "case" FOR EACH ROW EXECUTE FUNCTION tuzet_case_changed()""",
    """
    CREATE TRIGGER tuzet_report_words AFTER INSERT OR UPDATE OF case_id, suggestion, comment
      ON report FOR EACH ROW WHEN (new.case_id IS NOT NULL)
      EXECUTE FUNCTION tuzet_report_changed()""",
    """
    CREATE TRIGGER tuzet_page_words AFTER UPDATE OF title ON page FOR EACH ROW
      WHEN (old.title IS DISTINCT FROM new.title) EXECUTE FUNCTION tuzet_title_changed()""",
    'SELECT count(tuzet_words_of(id)) FROM "case"',
)
POSTGRESQL_DOWN = (
    "DROP TRIGGER tuzet_page_words ON page",
    "DROP TRIGGER tuzet_report_words ON report",
    'DROP TRIGGER tuzet_case_words ON "case"',
    "DROP FUNCTION tuzet_title_changed()",
    "DROP FUNCTION tuzet_report_changed()",
    "DROP FUNCTION tuzet_case_changed()",
    "DROP FUNCTION tuzet_words_of(bigint)",
    "DROP TABLE case_words",
    "DROP FUNCTION tuzet_folded(text)",
)


def _seen(words: str) -> str:
    """SQL for words without what nobody sees. FTS5 folds capitals by itself."""
    for char in UNSEEN:
        words = f"replace({words}, char({ord(char)}), '')"
    return words


def _sqlite_words(where: str) -> str:
    said = "coalesce(s.suggestion, '') || ' ' || coalesce(s.comment, '')"
    besides = f"(SELECT group_concat({said}, ' ') FROM ({COMMENTS}) s)"  # noqa: S608 (our own)
    words = _seen(
        "c.exact || ' ' || coalesce(c.suggestion, '') || ' ' || coalesce(p.title, '')"
        f" || ' ' || coalesce({besides}, '')"
    )
    return (
        f"INSERT OR REPLACE INTO case_words (rowid, words) SELECT c.id, {words} "  # noqa: S608
        f'FROM "case" c JOIN page p ON p.id = c.page_id WHERE {where}'
    )


SQLITE_UP = (
    "CREATE VIRTUAL TABLE case_words USING fts5(words, tokenize = 'trigram')",
    f"""
    CREATE TRIGGER tuzet_case_opened AFTER INSERT ON "case" BEGIN
      {_sqlite_words("c.id = new.id")};
    END""",
    f"""
    CREATE TRIGGER tuzet_case_changed AFTER UPDATE OF exact, suggestion, page_id ON "case" BEGIN
      {_sqlite_words("c.id = new.id")};
    END""",
    """
    CREATE TRIGGER tuzet_case_gone AFTER DELETE ON "case" BEGIN
      DELETE FROM case_words WHERE rowid = old.id;
    END""",
    f"""
    CREATE TRIGGER tuzet_report_came AFTER INSERT ON report WHEN new.case_id IS NOT NULL BEGIN
      {_sqlite_words("c.id = new.case_id")};
    END""",
    f"""
    CREATE TRIGGER tuzet_report_changed AFTER UPDATE OF case_id, suggestion, comment ON report
    WHEN new.case_id IS NOT NULL BEGIN
      {_sqlite_words("c.id IN (new.case_id, old.case_id)")};
    END""",
    f"""
    CREATE TRIGGER tuzet_title_changed AFTER UPDATE OF title ON page
    WHEN old.title IS NOT new.title BEGIN
      {_sqlite_words("c.page_id = new.id")};
    END""",
    _sqlite_words("true"),
)
SQLITE_DOWN = (
    "DROP TRIGGER tuzet_title_changed",
    "DROP TRIGGER tuzet_report_changed",
    "DROP TRIGGER tuzet_report_came",
    "DROP TRIGGER tuzet_case_gone",
    "DROP TRIGGER tuzet_case_changed",
    "DROP TRIGGER tuzet_case_opened",
    "DROP TABLE case_words",
)


def upgrade() -> None:
    for name, table, columns in INDICES:
        op.create_index(name, table, columns)
    asleep = sa.text(ASLEEP)
    op.create_index(
        "ix_case_asleep", "case", ["snoozed_until"], sqlite_where=asleep, postgresql_where=asleep
    )
    _run(POSTGRESQL_UP if _is_postgresql() else SQLITE_UP)
    if _is_postgresql():
        _look_inside_words()


def _look_inside_words() -> None:
    """Trigrams, where the extension may be made; without them a rare search takes longer."""
    try:
        with op.get_bind().begin_nested():
            op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            op.execute(
                "CREATE INDEX ix_case_words_inside ON case_words USING gin (words gin_trgm_ops)"
            )
    except sa.exc.DBAPIError:
        return


def downgrade() -> None:
    _run(POSTGRESQL_DOWN if _is_postgresql() else SQLITE_DOWN)
    op.drop_index("ix_case_asleep", "case")
    for name, table, _ in reversed(INDICES):
        op.drop_index(name, table)


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _run(statements: tuple[str, ...]) -> None:
    for statement in statements:
        op.get_bind().exec_driver_sql(
            statement.replace("%", "%%") if _is_postgresql() else statement
        )
