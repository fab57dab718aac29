"""questions people sent, what was decided, examples proposed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "example_proposal",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("event_id", BIG_ID, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("answer_id", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_example_proposal_event_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_example_proposal")),
        sa.UniqueConstraint(
            "event_id",
            "language",
            "folded",
            "answer_id",
            name=op.f("uq_example_proposal_event_id_language_folded_answer_id"),
        ),
    )
    op.create_table(
        "question_decision",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("event_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("answer_id", sa.Text(), server_default="", nullable=False),
        sa.Column("draft", JSON, nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("approver", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("approved_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_question_decision_event_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_decision")),
    )
    op.create_table(
        "question_sent",
        sa.Column("question_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=True),
        sa.Column("address_id", BIG_ID, nullable=True),
        sa.Column("decision_id", BIG_ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["address_id"], ["address.id"], name=op.f("fk_question_sent_address_id")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["question_decision.id"], name=op.f("fk_question_sent_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_question_sent_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_sent_question_id")
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_question_sent")),
    )
    with op.batch_alter_table("question_sent", schema=None) as batch_op:
        batch_op.create_index("ix_question_sent_address", ["address_id"], unique=False)
        batch_op.create_index("ix_question_sent_decision", ["decision_id"], unique=False)
        batch_op.create_index("ix_question_sent_person", ["person_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("question_sent", schema=None) as batch_op:
        batch_op.drop_index("ix_question_sent_person")
        batch_op.drop_index("ix_question_sent_decision")
        batch_op.drop_index("ix_question_sent_address")

    op.drop_table("question_sent")
    op.drop_table("question_decision")
    op.drop_table("example_proposal")
