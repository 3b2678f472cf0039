"""The book of administrative acts can be neither emptied nor rewritten in a roundabout way.

PostgreSQL's TRUNCATE fires no trigger of rows, SQLite's INSERT OR REPLACE none of removal.
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER tuzet_not_emptied BEFORE TRUNCATE ON administrative_act "
            "FOR EACH STATEMENT EXECUTE FUNCTION tuzet_only_added()"
        )
        return
    op.execute(
        "CREATE TRIGGER tuzet_not_replaced BEFORE INSERT ON administrative_act "
        "WHEN EXISTS (SELECT 1 FROM administrative_act WHERE id = NEW.id) "
        "BEGIN SELECT RAISE(ABORT, 'administrative acts are only added'); END"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER tuzet_not_emptied ON administrative_act")
        return
    op.execute("DROP TRIGGER tuzet_not_replaced")
