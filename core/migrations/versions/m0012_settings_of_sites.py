"""What a site sets about its snippet, its readers' data and its CMS; and the words of the house."""

import sqlalchemy as sa
import sqlalchemy.dialects.postgresql
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("site", sa.Column("widget", JSON, nullable=False, server_default="{}"))
    op.add_column("site", sa.Column("privacy", JSON, nullable=False, server_default="{}"))
    op.add_column("site", sa.Column("edit_link", sa.String(), nullable=True))
    op.add_column("site", sa.Column("forget_reader_days", sa.Integer(), nullable=True))
    op.add_column("site", sa.Column("forget_words_days", sa.Integer(), nullable=True))
    op.add_column("report", sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "house_word",
        sa.Column("id", BIG, primary_key=True, autoincrement=True),
        sa.Column(
            "site_id", BIG, sa.ForeignKey("site.id", name="fk_house_word_site_id"), nullable=False
        ),
        sa.Column("right", sa.String(), nullable=False),
        sa.Column("wrong", sa.String(), nullable=True),
        sa.Column("right_key", sa.String(), nullable=False),
        sa.Column("wrong_key", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_house_word"),
    )
    op.create_index("ix_house_word_site_id_right_key", "house_word", ["site_id", "right_key"])
    op.create_index("ix_house_word_site_id_wrong_key", "house_word", ["site_id", "wrong_key"])


def downgrade() -> None:
    op.drop_table("house_word")
    op.drop_column("report", "forgotten_at")
    for column in ("forget_words_days", "forget_reader_days", "edit_link", "privacy", "widget"):
        op.drop_column("site", column)
