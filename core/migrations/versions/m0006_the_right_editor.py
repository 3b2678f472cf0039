"""How channels fare, rules for who hears of what, and messages that are about no case."""

from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
TIME = sa.DateTime(timezone=True)
LEASED = sa.text("leased_until IS NOT NULL")


def _on_channel() -> "tuple[sa.Column[object], ...]":
    return (
        sa.Column("host", sa.String(), nullable=False, server_default=""),
        sa.Column(
            "user_id", BIG, sa.ForeignKey("user.id", name="fk_channel_user_id_user"), nullable=True
        ),
        sa.Column("options", JSON, nullable=False, server_default="{}"),
        sa.Column("former_secret", sa.String(), nullable=True),
        sa.Column("former_until", TIME, nullable=True),
        sa.Column("free_at", TIME, nullable=True),
        sa.Column("is_slow", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("failing_since", TIME, nullable=True),
        sa.Column("paused_at", TIME, nullable=True),
        sa.Column("paused_why", sa.String(), nullable=True),
    )


def upgrade() -> None:
    with op.batch_alter_table("channel") as channel:
        for column in _on_channel():
            channel.add_column(column)
    _name_hosts()
    with op.batch_alter_table("delivery") as delivery:
        delivery.alter_column("case_id", existing_type=BIG, nullable=True)
        delivery.alter_column("event_id", existing_type=BIG, nullable=True)
        delivery.add_column(sa.Column("reference", sa.String(), nullable=True))
        delivery.add_column(sa.Column("about", JSON, nullable=True))
    op.create_index(
        "ix_delivery_leased_until",
        "delivery",
        ["leased_until"],
        sqlite_where=LEASED,
        postgresql_where=LEASED,
    )
    _routing()


def _name_hosts() -> None:
    """Webhooks share a server when their addresses do; mail has one server for all."""
    channel = sa.table("channel", sa.column("id", BIG), sa.column("target"), sa.column("host"))
    connection = op.get_bind()
    for number, target in connection.execute(sa.select(channel.c.id, channel.c.target)).all():
        host = (urlsplit(target).hostname or "") if "://" in target else ""
        connection.execute(channel.update().where(channel.c.id == number).values(host=host))


def _routing() -> None:
    op.create_table(
        "routing_rule",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        _to("routing_rule", "site_id", "site"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("when", JSON, nullable=False),
        sa.Column("then", JSON, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_routing_rule"),
    )
    op.create_index("ix_routing_rule_site_id_position", "routing_rule", ["site_id", "position"])
    op.create_table(
        "routing_plan",
        _to("routing_plan", "site_id", "site"),
        sa.Column("match", sa.String(), nullable=False),
        sa.Column("fallback", JSON, nullable=False),
        sa.Column("thresholds", JSON, nullable=False),
        sa.Column("remind_hours", sa.Integer(), nullable=True),
        sa.Column("escalate_hours", sa.Integer(), nullable=True),
        _to("routing_plan", "escalate_to", "user", null=True),
        sa.Column("weekly_at", sa.String(), nullable=True),
        sa.Column("weekly_due_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("site_id", name="pk_routing_plan"),
    )
    op.create_table(
        "duty",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        _to("duty", "site_id", "site"),
        _to("duty", "user_id", "user"),
        sa.Column("begins_at", TIME, nullable=False),
        sa.Column("ends_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_duty"),
    )
    op.create_index("ix_duty_site_id_begins_at", "duty", ["site_id", "begins_at"])
    op.create_table(
        "chat_person",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        _to("chat_person", "user_id", "user"),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chat_person"),
        sa.UniqueConstraint("kind", "place", "name", name="uq_chat_person_kind_place_name"),
    )
    op.create_index("ix_chat_person_user_id", "chat_person", ["user_id"])


def _to(table: str, column: str, target: str, *, null: bool = False) -> sa.Column[int]:
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{column}_{target}")
    return sa.Column(column, BIG, key, nullable=null)


def downgrade() -> None:
    for table in ("chat_person", "duty", "routing_plan", "routing_rule"):
        op.drop_table(table)
    op.drop_index("ix_delivery_leased_until", "delivery")
    op.execute("DELETE FROM delivery WHERE case_id IS NULL OR event_id IS NULL")
    with op.batch_alter_table("delivery") as delivery:
        delivery.drop_column("about")
        delivery.drop_column("reference")
        delivery.alter_column("event_id", existing_type=BIG, nullable=False)
        delivery.alter_column("case_id", existing_type=BIG, nullable=False)
    with op.batch_alter_table("channel") as channel:
        for column in reversed(_on_channel()):
            channel.drop_column(column.name)
