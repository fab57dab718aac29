"""windows of the channels and their receipts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "receipt",
        sa.Column("account_id", BIG_ID, nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("delivered_at", TIME, nullable=True),
        sa.Column("seen_at", TIME, nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["channel_account.id"], name=op.f("fk_receipt_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "message_id", name=op.f("pk_receipt")),
    )
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.add_column(sa.Column("heard_at", TIME, nullable=True))
        batch_op.add_column(sa.Column("staff_until", TIME, nullable=True))

    with op.batch_alter_table("channel_account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("heard_at", TIME, nullable=True))

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_delivery_said",
            ["platform_message_id"],
            unique=False,
            sqlite_where=sa.text("platform_message_id IS NOT NULL"),
            postgresql_where=sa.text("platform_message_id IS NOT NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_delivery_said",
            sqlite_where=sa.text("platform_message_id IS NOT NULL"),
            postgresql_where=sa.text("platform_message_id IS NOT NULL"),
        )

    with op.batch_alter_table("channel_account", schema=None) as batch_op:
        batch_op.drop_column("heard_at")

    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.drop_column("staff_until")
        batch_op.drop_column("heard_at")

    op.drop_table("receipt")
