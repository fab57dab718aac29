"""What is owed, row by row: written, claimed, settled, told again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    false,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from bot.store.accounts import address, channel_account
from bot.store.base import UtcTime, end_when_idle
from bot.store.delivery_table import HELD_BACK, PENDING, RETRY, delivery, delivery_attempt
from bot.store.events import event
from bot.store.letters import letter, letter_text
from bot.store.people import person
from bot.store.upkeep import Upkeep
from bot.values.delivery import Act, Delivery, State
from bot.values.letter import Lane, OnUnknown
from bot.values.notice import addressed
from bot.values.reply import Reply

__all__ = ["Deliveries", "Outcome", "Told", "delivery", "delivery_attempt"]

KEEPS_DISTANCE = "slow"


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

    @property
    def is_news(self) -> bool:
        """Did it not simply arrive? A next part that keeps its distance is no trouble."""
        return self.state is not State.SENT and self.reason != KEEPS_DISTANCE


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

# Not what an old owner says: its result was dropped.
_NOTE = insert(delivery_attempt).from_select(
    ["delivery_id", "at", "outcome", "code"],
    select(
        delivery.c.id,
        bindparam("moment", type_=UtcTime),
        delivery.c.state,
        func.coalesce(delivery.c.reason, ""),
    ).where(
        delivery.c.id == bindparam("row_id"),
        delivery.c.state == bindparam("new_state"),
        delivery.c.owner_epoch == bindparam("row_epoch"),
    ),
)
_NEXT_DUE = select(func.min(delivery.c.due_at)).where(
    delivery.c.queue_id == bindparam("queue"), delivery.c.state == RETRY
)
_READY = (
    select(delivery.c.id)
    .where(
        delivery.c.queue_id == bindparam("queue"),
        delivery.c.state == PENDING,
        delivery.c.address_id.not_in(bindparam("busy", expanding=True)),
        ~HELD_BACK,
    )
    .order_by(delivery.c.lane, delivery.c.vtime, delivery.c.id)
    .limit(bindparam("most"))
)
_READY_BELOW = _READY.where(delivery.c.lane < bindparam("below"))


def _take(ready: Select[Any]) -> ReturningUpdate[Any]:
    here = update(delivery).where(delivery.c.id.in_(ready), delivery.c.state == PENDING)
    return here.values(
        state=State.CLAIMED, owner_epoch=bindparam("under"), claimed_at=bindparam("moment")
    ).returning(delivery.c.id)


_CLAIM, _CLAIM_BELOW = _take(_READY), _take(_READY_BELOW)
_SLOW = func.coalesce(person.c.simple_mode, event.c.simple_mode, false()).label("slow")
_RENDERED = (
    select(
        delivery,
        letter.c.on_unknown,
        letter.c.notice_id,
        address.c.sender,
        letter_text.c.reply,
        _SLOW,
    )
    .select_from(
        delivery.join(letter, letter.c.id == delivery.c.letter_id)
        .join(address, address.c.id == delivery.c.address_id)
        .join(person, person.c.id == delivery.c.person_id)
        .outerjoin(event, event.c.id == delivery.c.event_id)
        .outerjoin(
            letter_text,
            and_(
                letter_text.c.letter_id == delivery.c.letter_id,
                letter_text.c.lang == delivery.c.lang,
            ),
        )
    )
    .where(delivery.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(delivery.c.lane, delivery.c.vtime, delivery.c.id)
)


class Deliveries(Upkeep):
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
        self,
        queue_id: int,
        epoch: int,
        limit: int,
        *,
        busy: Iterable[int] = (),
        below: Lane | None = None,
    ) -> list[Delivery]:
        """Take up to `limit` rows that may leave now: lowest lane first, then fair share.

        `busy` are addresses with a request on the wire; `below`: only of lanes before this one. A
        row waits while an earlier one to the same address in its lane is in retry, so that the
        order a person sees holds.
        """
        which = {
            "queue": queue_id,
            "busy": list(busy),
            "most": limit,
            "under": epoch,
            "moment": self.now,
            **({} if below is None else {"below": below}),
        }
        take = _CLAIM if below is None else _CLAIM_BELOW
        ids: list[int] = list(self.conn.execute(take, which).scalars())
        return self.rendered(ids) if ids else []

    def rendered(self, ids: Sequence[int]) -> list[Delivery]:
        """Claimed rows with everything a channel needs, in the order they should leave."""
        return [_delivery(row) for row in self.conn.execute(_RENDERED, {"ids": ids})]

    def settle(self, outcomes: Sequence[Outcome]) -> int:
        """Write results of claimed rows, not of those another epoch owns. Returns how many."""
        if not outcomes:
            return 0
        end_when_idle(self.conn)
        written = self.conn.execute(_SETTLE, [self._bound(one) for one in outcomes]).rowcount
        news = [
            {
                "row_id": one.delivery_id,
                "row_epoch": one.epoch,
                "new_state": one.state,
                "moment": self.now,
            }
            for one in outcomes
            if one.is_news
        ]
        if news:
            self.conn.execute(_NOTE, news)
        return written

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

    def retrying(self, queue_id: int) -> set[int]:
        """The addresses with a delivery in retry: nothing later may overtake it there."""
        c = delivery.c
        query = select(c.address_id).where(c.queue_id == queue_id, c.state == State.RETRY)
        return set(self.conn.execute(query).scalars())

    def next_due(self, queue_id: int) -> datetime | None:
        """When the next retry may leave."""
        due: datetime | None = self.conn.execute(_NEXT_DUE, {"queue": queue_id}).scalar_one()
        return due

    def whose(self, delivery_id: int) -> tuple[int, int | None]:
        """(person id, event id) of a delivery."""
        c = delivery.c
        query = select(c.person_id, c.event_id).where(c.id == delivery_id)
        row = self.conn.execute(query).one()
        return row.person_id, row.event_id

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
        template=params.get("template", ""),
    )
