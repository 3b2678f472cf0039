"""Pages of an author or a section are found without being read: the index has their numbers."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

COLUMNS = ("author", "section")


def upgrade() -> None:
    for column in COLUMNS:
        op.drop_index(f"ix_page_{column}", "page")
        op.create_index(f"ix_page_{column}", "page", [column, "id"])


def downgrade() -> None:
    for column in COLUMNS:
        op.drop_index(f"ix_page_{column}", "page")
        op.create_index(f"ix_page_{column}", "page", [column])
