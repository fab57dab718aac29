"""The delivery table, which is the queue, and the indexes that keep its hot path off history."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    case,
    exists,
    func,
    literal_column,
    select,
    text,
)

from bot.store.base import BigId, Json, UtcTime, metadata, primary
from bot.values.delivery import State


def _only(state: State) -> dict[str, Any]:
    """A partial index: the hot path never touches history."""
    where = text(f"state = '{state}'")
    return {"sqlite_where": where, "postgresql_where": where}


# In words, not as bound values: only so can both databases tell that the index serves the query.
MAY_EXPIRE = text("state IN ('pending', 'retry') AND expires_at IS NOT NULL")

# No foreign keys: looking up five of them for each row took two thirds of the time of a letter to
# many, and each is copied from the row it names in the statement that writes it. What it names is
# blanked when people are forgotten, never deleted.
delivery = Table(
    "delivery",
    metadata,
    primary(),
    Column("event_id", BigId),
    Column("queue_id", BigId, nullable=False),
    Column("lane", Integer, nullable=False),
    Column("vtime", Float, nullable=False),
    Column("letter_id", BigId, nullable=False),
    Column("person_id", BigId, nullable=False),
    Column("address_id", BigId, nullable=False),
    Column("lang", Text, nullable=False),
    Column("params", Json),
    Column("act", Text, nullable=False),
    Column("round", Integer, nullable=False, server_default="0"),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("unknowns", Integer, nullable=False, server_default="0"),
    Column("due_at", UtcTime),
    Column("expires_at", UtcTime),
    Column("owner_epoch", BigInteger),
    Column("created_at", UtcTime, nullable=False),
    Column("claimed_at", UtcTime),
    Column("sent_at", UtcTime),
    Column("delivered_at", UtcTime),
    Column("seen_at", UtcTime),
    Column("acknowledged_at", UtcTime),
    Column("platform_message_id", Text),
    Column("reason", Text),
    Column("target_id", BigId),
    Column("parts_done", Integer, nullable=False, server_default="0"),
    UniqueConstraint("letter_id", "person_id", "round", "act"),
    Index("ix_delivery_ready", "queue_id", "lane", "vtime", "id", **_only(State.PENDING)),
    Index("ix_delivery_retry", "queue_id", "due_at", **_only(State.RETRY)),
    Index("ix_delivery_retry_address", "address_id", "lane", **_only(State.RETRY)),
    Index(
        "ix_delivery_late",
        "queue_id",
        "expires_at",
        sqlite_where=MAY_EXPIRE,
        postgresql_where=MAY_EXPIRE,
    ),
    Index("ix_delivery_in_flight", "queue_id", "owner_epoch", **_only(State.CLAIMED)),
    Index("ix_delivery_uncertain", "event_id", "id", **_only(State.UNCERTAIN)),
    Index("ix_delivery_address", "address_id", "id"),
)

# Append-only: every try that did not simply arrive, for who asks what became of one.
delivery_attempt = Table(
    "delivery_attempt",
    metadata,
    primary(),
    Column("delivery_id", BigId, ForeignKey("delivery.id"), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("code", Text, nullable=False, server_default=""),
    Index("ix_delivery_attempt_delivery", "delivery_id"),
)


# Written out, as above, for the partial indexes.
PENDING: ColumnElement[str] = literal_column(f"'{State.PENDING}'")
RETRY: ColumnElement[str] = literal_column(f"'{State.RETRY}'")
CLAIMED: ColumnElement[str] = literal_column(f"'{State.CLAIMED}'")

_before = delivery.alias("before")
_SAME_LINE = (
    _before.c.address_id == delivery.c.address_id,
    _before.c.lane == delivery.c.lane,
    _before.c.id < delivery.c.id,
)
# An earlier row to the same address in its lane waits for another try.
HELD_BACK = exists().where(*_SAME_LINE, _before.c.state == RETRY)
# The last tag of fair share of the earlier rows to the same address that may come back.
_TAG_BEFORE = (
    select(func.coalesce(func.max(_before.c.vtime), 0.0))
    .where(*_SAME_LINE, _before.c.state.in_((PENDING, RETRY, CLAIMED)))
    .scalar_subquery()
)


def behind(tag: ColumnElement[float]) -> Any:
    """This tag, or that of what came before to the same address: nothing overtakes that."""
    return case((tag < _TAG_BEFORE, _TAG_BEFORE), else_=tag)
