"""notices go out, quiet hours."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "notice_recipient",
        sa.Column("notice_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_notice_recipient_notice_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_notice_recipient_person_id")
        ),
        sa.PrimaryKeyConstraint("notice_id", "person_id", name=op.f("pk_notice_recipient")),
    )
    with op.batch_alter_table("notice_recipient", schema=None) as batch_op:
        batch_op.create_index("ix_notice_recipient_person", ["person_id"], unique=False)

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_delivery_queue_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_delivery_event_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_delivery_person_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_delivery_letter_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_delivery_address_id"), type_="foreignkey")

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("quiet_hours", JSON, nullable=True))
        batch_op.add_column(sa.Column("phones_away", JSON, nullable=True))

    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("max_rounds", sa.Integer(), server_default="0", nullable=False)
        )
        batch_op.add_column(
            sa.Column("gap_seconds", sa.Integer(), server_default="900", nullable=False)
        )
        batch_op.add_column(sa.Column("tags", JSON, nullable=True))
        batch_op.add_column(sa.Column("next_look_at", TIME, nullable=True))
        batch_op.add_column(sa.Column("closed_at", TIME, nullable=True))
        batch_op.create_index("ix_notice_state", ["state"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_state")
        batch_op.drop_column("closed_at")
        batch_op.drop_column("next_look_at")
        batch_op.drop_column("tags")
        batch_op.drop_column("gap_seconds")
        batch_op.drop_column("max_rounds")

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_column("phones_away")
        batch_op.drop_column("quiet_hours")

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_foreign_key(
            batch_op.f("fk_delivery_address_id"), "address", ["address_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_delivery_letter_id"), "letter", ["letter_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_delivery_person_id"), "person", ["person_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_delivery_event_id"), "event", ["event_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_delivery_queue_id"), "queue_lease", ["queue_id"], ["id"]
        )

    with op.batch_alter_table("notice_recipient", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_recipient_person")

    op.drop_table("notice_recipient")
