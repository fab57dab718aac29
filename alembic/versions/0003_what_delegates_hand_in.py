"""what delegates hand in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "handed_in",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("address_id", BIG_ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mime", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["address_id"], ["address.id"], name=op.f("fk_handed_in_address_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handed_in")),
        sa.UniqueConstraint("address_id", "key", name=op.f("uq_handed_in_address_id_key")),
    )
    with op.batch_alter_table("handed_in", schema=None) as batch_op:
        batch_op.create_index("ix_handed_in_at", ["at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("handed_in", schema=None) as batch_op:
        batch_op.drop_index("ix_handed_in_at")

    op.drop_table("handed_in")
