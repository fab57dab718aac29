"""the tokens of a zalo account."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "zalo_token",
        sa.Column("account_id", BIG_ID, nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("refresh", sa.Text(), nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("stored_at", TIME, nullable=False),
        sa.Column("refreshed_at", TIME, nullable=True),
        sa.Column("last_access", sa.Text(), server_default="", nullable=False),
        sa.Column("last_refresh", sa.Text(), server_default="", nullable=False),
        sa.Column("lease", sa.Text(), server_default="", nullable=False),
        sa.Column("leased_until", TIME, nullable=True),
        sa.Column("consent_needed_at", TIME, nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["channel_account.id"], name=op.f("fk_zalo_token_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_zalo_token")),
    )


def downgrade() -> None:
    op.drop_table("zalo_token")
