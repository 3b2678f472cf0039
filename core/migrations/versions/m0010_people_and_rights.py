"""Invitations, tokens that end and may only read, and the book of administrative acts.

Triggers keep the book: its lines can be added, not changed and not removed.
"""

import sqlalchemy as sa
import sqlalchemy.dialects.postgresql
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("token", sa.Column("scope", sa.String(), nullable=False, server_default="write"))
    op.add_column("token", sa.Column("expires_at", TIME, nullable=True))
    op.create_table(
        "invitation",
        sa.Column("id", BIG, primary_key=True, autoincrement=True),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column(
            "site_id", BIG, sa.ForeignKey("site.id", name="fk_invitation_site_id"), nullable=True
        ),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("invited_by", sa.String(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint("digest", name="uq_invitation_digest"),
    )
    op.create_table(
        "administrative_act",
        sa.Column("id", BIG, primary_key=True, autoincrement=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("site_id", BIG, nullable=True),
        sa.Column("data", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_administrative_act"),
    )
    op.create_index("ix_administrative_act_site_id", "administrative_act", ["site_id", "id"])
    _guard()


def _guard() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION tuzet_only_added() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'administrative acts are only added'; END $$"
        )
        op.execute(
            "CREATE TRIGGER tuzet_only_added BEFORE UPDATE OR DELETE ON administrative_act "
            "FOR EACH ROW EXECUTE FUNCTION tuzet_only_added()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER tuzet_only_added_{verb.lower()} BEFORE {verb} ON administrative_act "
            "BEGIN SELECT RAISE(ABORT, 'administrative acts are only added'); END"
        )


def downgrade() -> None:
    op.drop_table("administrative_act")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION tuzet_only_added()")
    op.drop_table("invitation")
    op.drop_column("token", "expires_at")
    op.drop_column("token", "scope")
