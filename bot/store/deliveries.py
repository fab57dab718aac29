"""The delivery table, which is the queue: each row one letter owed to one person somewhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Float,
    ForeignKey,
    Index,
    Integer,
    Row,
    Table,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    insert,
    select,
    text,
    update,
)

from bot.store.accounts import address, channel_account
from bot.store.base import BigId, Family, Json, UtcTime, metadata, primary
from bot.store.events import event
from bot.store.letters import letter, letter_text
from bot.store.people import person
from bot.values.delivery import Act, Delivery, State
from bot.values.letter import Lane, OnUnknown
from bot.values.notice import addressed
from bot.values.reply import Reply


def _only(state: State) -> dict[str, Any]:
    """A partial index: the hot path never touches history."""
    where = text(f"state = '{state}'")
    return {"sqlite_where": where, "postgresql_where": where}


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
    Index("ix_delivery_in_flight", "queue_id", "owner_epoch", **_only(State.CLAIMED)),
    Index("ix_delivery_report", "letter_id", "state"),
    Index("ix_delivery_address", "address_id", "id"),
)

# Append-only: what the platform said, for the organisers' report.
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


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a claimed delivery. `attempt` False: the try is not counted (a 429)."""

    delivery_id: int
    epoch: int
    state: State
    message_id: str | None = None
    reason: str | None = None
    due_at: datetime | None = None
    parts_done: int = 0
    attempt: bool = True
    unknown: bool = False


class Told(NamedTuple):
    """One thing a person was told: when we owed it, on which channel, how it went, the words."""

    at: datetime
    channel: str
    state: State
    text: str


# On the way of every turn: made once, so that only values are bound.
_ADD = insert(delivery).returning(
    delivery.c.id, delivery.c.letter_id, delivery.c.person_id, delivery.c.act
)
_SETTLE = (
    update(delivery)
    .where(
        delivery.c.id == bindparam("row_id"),
        delivery.c.state == State.CLAIMED,
        delivery.c.owner_epoch == bindparam("row_epoch"),
    )
    .values(
        state=bindparam("new_state"),
        platform_message_id=func.coalesce(bindparam("message_id"), delivery.c.platform_message_id),
        reason=bindparam("why"),
        due_at=bindparam("due"),
        parts_done=bindparam("parts"),
        attempts=delivery.c.attempts + bindparam("tried", type_=Integer),
        unknowns=delivery.c.unknowns + bindparam("unknown", type_=Integer),
        sent_at=bindparam("sent"),
    )
)


class Deliveries(Family):
    """Writes, claims and settles deliveries. Every change names the state it expects."""

    def add_all(self, rows: list[dict[str, Any]]) -> list[int]:
        """New rows of new letters, so nothing can clash; ids in order."""
        if not rows:
            return []
        stamped = [row | {"created_at": self.now} for row in rows]
        # Asked for ids in order, SQLite would take each row in a statement of its own.
        added = self.conn.execute(_ADD, stamped)
        ids = {(row.letter_id, row.person_id, row.act): row.id for row in added}
        return [ids[row["letter_id"], row["person_id"], row["act"]] for row in rows]

    def last_vtime(self, queue_id: int, event_id: int | None, lane: Lane) -> float | None:
        """The tag of the last waiting row of an event in a lane."""
        c = delivery.c
        query = select(func.max(c.vtime)).where(
            c.queue_id == queue_id,
            c.lane == lane,
            c.event_id.is_(None) if event_id is None else c.event_id == event_id,
            c.state == State.PENDING,
        )
        last: float | None = self.conn.execute(query).scalar_one()
        return last

    def claim(
        self, queue_id: int, epoch: int, limit: int, *, busy: Iterable[int] = ()
    ) -> list[Delivery]:
        """Take up to `limit` rows that may leave now: lowest lane first, then fair share.

        `busy` are addresses with a request on the wire. A row waits while an earlier one to the
        same address in its lane is in retry, so that the order a person sees holds.
        """
        c = delivery.c
        earlier = delivery.alias("earlier")
        held_back = exists().where(
            earlier.c.address_id == c.address_id,
            earlier.c.lane == c.lane,
            earlier.c.state == State.RETRY,
            earlier.c.id < c.id,
        )
        ready = (
            select(c.id)
            .where(
                c.queue_id == queue_id,
                c.state == State.PENDING,
                c.address_id.not_in(list(busy)),
                ~held_back,
            )
            .order_by(c.lane, c.vtime, c.id)
            .limit(limit)
        )
        take = (
            update(delivery)
            .where(c.id.in_(ready), c.state == State.PENDING)
            .values(state=State.CLAIMED, owner_epoch=epoch, claimed_at=self.now)
            .returning(c.id)
        )
        ids = list(self.conn.execute(take).scalars())
        return self.rendered(ids) if ids else []

    def rendered(self, ids: Sequence[int]) -> list[Delivery]:
        """Claimed rows with everything a channel needs, in the order they should leave."""
        d = delivery.c
        joined = (
            delivery.join(letter, letter.c.id == d.letter_id)
            .join(address, address.c.id == d.address_id)
            .join(person, person.c.id == d.person_id)
            .outerjoin(event, event.c.id == d.event_id)
            .outerjoin(
                letter_text,
                and_(letter_text.c.letter_id == d.letter_id, letter_text.c.lang == d.lang),
            )
        )
        slow = func.coalesce(person.c.simple_mode, event.c.simple_mode, false()).label("slow")
        query = (
            select(
                delivery,
                letter.c.on_unknown,
                letter.c.notice_id,
                address.c.sender,
                letter_text.c.reply,
                slow,
            )
            .select_from(joined)
            .where(d.id.in_(ids))
            .order_by(d.lane, d.vtime, d.id)
        )
        return [_delivery(row) for row in self.conn.execute(query)]

    def settle(self, outcomes: Sequence[Outcome]) -> int:
        """Write results of claimed rows, not of those another epoch owns. Returns how many."""
        if not outcomes:
            return 0
        return self.conn.execute(_SETTLE, [self._bound(one) for one in outcomes]).rowcount

    def _bound(self, one: Outcome) -> dict[str, Any]:
        return {
            "row_id": one.delivery_id,
            "row_epoch": one.epoch,
            "new_state": one.state,
            "message_id": one.message_id,
            "why": one.reason,
            "due": one.due_at,
            "parts": one.parts_done,
            "tried": int(one.attempt),
            "unknown": int(one.unknown),
            "sent": self.now if one.state is State.SENT else None,
        }

    def release(self, ids: Sequence[int], epoch: int) -> None:
        """Claimed rows that never left go back to the queue, behind what waits there.

        They were claimed by their turn's own commit, without a tag of fair share; with tag 0 they
        would overtake earlier rows to the same address, those in retry among them.
        """
        c = delivery.c
        ahead, earlier = delivery.alias("ahead"), delivery.alias("earlier")
        waiting = select(func.max(ahead.c.vtime)).where(
            ahead.c.queue_id == c.queue_id,
            ahead.c.lane == c.lane,
            ahead.c.state == State.PENDING,
        )
        retrying = select(func.max(earlier.c.vtime)).where(
            earlier.c.address_id == c.address_id,
            earlier.c.lane == c.lane,
            earlier.c.state == State.RETRY,
        )
        tag: ColumnElement[float] = c.vtime
        for other in (waiting.scalar_subquery(), retrying.scalar_subquery()):
            tag = case((other > tag, other), else_=tag)
        back = update(delivery).where(
            c.id.in_(ids), c.state == State.CLAIMED, c.owner_epoch == epoch
        )
        self.conn.execute(
            back.values(state=State.PENDING, owner_epoch=None, claimed_at=None, vtime=tag)
        )

    def recover(self, queue_id: int, epoch: int) -> int:
        """What an earlier owner left claimed: nobody knows whether it arrived. Returns how many.

        The letter's own policy decides: `resend` sends it once more, `hold` waits for a person.
        """
        c = delivery.c
        hold = exists().where(letter.c.id == c.letter_id, letter.c.on_unknown == OnUnknown.HOLD)
        give_up = hold | (c.unknowns >= 1)
        statement = (
            update(delivery)
            .where(c.queue_id == queue_id, c.state == State.CLAIMED, c.owner_epoch < epoch)
            .values(
                state=case((give_up, State.UNCERTAIN), else_=State.PENDING),
                reason="owner gone",
                owner_epoch=None,
                unknowns=c.unknowns + 1,
            )
        )
        return self.conn.execute(statement).rowcount

    def promote_due(self, queue_id: int) -> int:
        """Retries whose time has come are ready again. Returns how many."""
        c = delivery.c
        due = update(delivery).where(
            c.queue_id == queue_id, c.state == State.RETRY, c.due_at <= self.now
        )
        return self.conn.execute(due.values(state=State.PENDING, due_at=None)).rowcount

    def retrying(self, queue_id: int) -> set[int]:
        """The addresses with a delivery in retry: nothing later may overtake it there."""
        c = delivery.c
        query = select(c.address_id).where(c.queue_id == queue_id, c.state == State.RETRY)
        return set(self.conn.execute(query).scalars())

    def next_due(self, queue_id: int) -> datetime | None:
        """When the next retry may leave."""
        c = delivery.c
        query = select(func.min(c.due_at)).where(c.queue_id == queue_id, c.state == State.RETRY)
        due: datetime | None = self.conn.execute(query).scalar_one()
        return due

    def expire(self, queue_id: int) -> int:
        """What was not sent in time is not sent late. Returns how many."""
        c = delivery.c
        late = update(delivery).where(
            c.queue_id == queue_id,
            c.state.in_((State.PENDING, State.RETRY)),
            c.expires_at < self.now,
        )
        return self.conn.execute(late.values(state=State.EXPIRED, reason="too late")).rowcount

    def cancel_waiting(self, address_ids: Sequence[int], reason: str) -> int:
        """What still waits for these addresses is not sent. Returns how many."""
        c = delivery.c
        waiting = update(delivery).where(
            c.address_id.in_(address_ids), c.state.in_((State.PENDING, State.RETRY))
        )
        return self.conn.execute(waiting.values(state=State.CANCELLED, reason=reason)).rowcount

    def told(self, event_id: int, person_id: int, limit: int) -> list[Told]:
        """What a person was told in an event, newest first; our letters only, never hers."""
        d = delivery.c
        joined = (
            delivery.join(address, address.c.id == d.address_id)
            .join(channel_account, channel_account.c.id == address.c.account_id)
            .join(
                letter_text,
                and_(letter_text.c.letter_id == d.letter_id, letter_text.c.lang == d.lang),
            )
        )
        query = (
            select(d.created_at, channel_account.c.kind, d.state, letter_text.c.reply)
            .select_from(joined)
            .where(d.event_id == event_id, d.person_id == person_id, d.act == Act.SAY)
            .order_by(d.id.desc())
            .limit(limit)
        )
        rows = self.conn.execute(query)
        return [
            Told(at, kind, State(state), Reply.from_json(reply).text)
            for at, kind, state, reply in rows
        ]

    def counts(self, queue_id: int) -> dict[str, int]:
        """How many rows are in each state, for `doctor` and metrics."""
        c = delivery.c
        query = select(c.state, func.count()).where(c.queue_id == queue_id).group_by(c.state)
        return {row[0]: row[1] for row in self.conn.execute(query)}


def _delivery(row: Row[Any]) -> Delivery:
    params = row.params or {}
    reply = Reply.from_json(row.reply) if row.reply else Reply("")
    if row.notice_id is not None:
        reply = addressed(reply, row.id, params.get("opening", ""))
    return Delivery(
        id=row.id,
        queue_id=row.queue_id,
        address_id=row.address_id,
        sender=row.sender,
        reply=reply,
        lane=Lane(row.lane),
        vtime=row.vtime,
        act=Act(row.act),
        attempts=row.attempts,
        unknowns=row.unknowns,
        epoch=row.owner_epoch,
        acts_on=params.get("acts_on", ""),
        parts_done=row.parts_done,
        on_unknown=OnUnknown(row.on_unknown),
        expires_at=row.expires_at,
        slow=bool(row.slow),
    )
