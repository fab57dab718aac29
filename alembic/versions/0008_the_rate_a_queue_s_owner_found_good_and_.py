"""the rate a queue's owner found good, and an index of what may expire."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_delivery_late",
            ["queue_id", "expires_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('pending', 'retry') AND expires_at IS NOT NULL"),
            postgresql_where=sa.text("state IN ('pending', 'retry') AND expires_at IS NOT NULL"),
        )

    with op.batch_alter_table("queue_lease", schema=None) as batch_op:
        batch_op.add_column(sa.Column("good_rate", sa.Float(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("queue_lease", schema=None) as batch_op:
        batch_op.drop_column("good_rate")

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_delivery_late",
            sqlite_where=sa.text("state IN ('pending', 'retry') AND expires_at IS NOT NULL"),
            postgresql_where=sa.text("state IN ('pending', 'retry') AND expires_at IS NOT NULL"),
        )
