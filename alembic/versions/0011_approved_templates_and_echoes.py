"""approved templates and echoes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "echo",
        sa.Column("account_id", BIG_ID, nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["channel_account.id"], name=op.f("fk_echo_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "message_id", name=op.f("pk_echo")),
    )
    with op.batch_alter_table("echo", schema=None) as batch_op:
        batch_op.create_index("ix_echo_sender", ["account_id", "sender"], unique=False)

    op.create_table(
        "zalo_template",
        sa.Column("event_id", BIG_ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("account_id", BIG_ID, nullable=False),
        sa.Column("template", JSON, nullable=False),
        sa.Column("refused", sa.Text(), server_default="", nullable=False),
        sa.Column("refused_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["channel_account.id"], name=op.f("fk_zalo_template_account_id")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_zalo_template_event_id")),
        sa.PrimaryKeyConstraint("event_id", "name", name=op.f("pk_zalo_template")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("template", JSON, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_column("template")

    op.drop_table("zalo_template")
    with op.batch_alter_table("echo", schema=None) as batch_op:
        batch_op.drop_index("ix_echo_sender")

    op.drop_table("echo")
