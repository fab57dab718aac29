"""Who did something when, which decides what a platform lets us send; and what became of it there.

Platforms repeat and reorder what they tell, so everything here only ever moves forward.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from bot.store.accounts import address, address_person, channel_account, reachable_at
from bot.store.base import BigId, Family, UtcTime, insert_once, metadata
from bot.store.deliveries import delivery
from bot.store.people import person
from bot.store.queues import queue_lease
from bot.store.roster import record
from bot.store.sessions import session

# A receipt may overtake the result of its own message, so it waits here until both are there.
receipt = Table(
    "receipt",
    metadata,
    Column("account_id", BigId, ForeignKey("channel_account.id"), primary_key=True),
    Column("message_id", Text, primary_key=True),
    Column("delivered_at", UtcTime),
    Column("seen_at", UtcTime),
    Column("at", UtcTime, nullable=False),
)
Index(
    "ix_delivery_said",
    delivery.c.platform_message_id,
    sqlite_where=delivery.c.platform_message_id.is_not(None),
    postgresql_where=delivery.c.platform_message_id.is_not(None),
)

# Receipts of messages that are not ours: another program's, or one part of several.
RECEIPT_LIFE = timedelta(days=1)
# How exactly it is known when an account was last heard.
HEARD_GRAIN = timedelta(minutes=1)


class Heard(NamedTuple):
    """Somebody did something. `keeps`: her address is made when it is not there.

    `opens`: it counts as an interaction. `staff_until`: a person answered her from the console.
    """

    sender: str
    at: datetime
    opens: bool = True
    keeps: bool = True
    staff_until: datetime | None = None


class Whereabouts(NamedTuple):
    """What is known of a sender: does her address speak for somebody, when did she last talk."""

    address_id: int
    linked: bool
    talked_at: datetime | None
    staff_until: datetime | None
    gone_at: datetime | None


class Told(NamedTuple):
    """A receipt of the platform's: when a message of ours was delivered, when seen."""

    message_id: str
    delivered_at: datetime | None = None
    seen_at: datetime | None = None


class Place(NamedTuple):
    """An address that speaks for a person in an event, and what bears on reaching her there."""

    person_id: int
    address_id: int
    kind: str
    sender: str
    heard_at: datetime | None
    gone_at: datetime | None
    gone_reason: str
    frozen_at: datetime | None
    account_id: int = 0


def _later(column: Any, value: str) -> Any:
    """Only forward: what is newer already stays."""
    here = and_(address.c.account_id == bindparam("account"), address.c.sender == bindparam("who"))
    changed = update(address).where(here, or_(column.is_(None), column < bindparam(value)))
    return changed.values({column: bindparam(value)})


_HEARD = _later(address.c.heard_at, "heard")
_STAFF = _later(address.c.staff_until, "staff")
# Whoever does something again is there again, whatever the platform said before.
_BACK = (
    update(address)
    .where(
        address.c.account_id == bindparam("account"),
        address.c.sender == bindparam("who"),
        address.c.gone_at < bindparam("heard"),
        address.c.gone_reason != "erased",
    )
    .values(gone_at=None, gone_reason="")
)


def _first(column: Any, value: str) -> Any:
    """The first time that was told stays."""
    r = receipt.c
    mine = and_(r.account_id == bindparam("account"), r.message_id == bindparam("message"))
    return update(receipt).where(mine, column.is_(None)).values({column: bindparam(value)})


_DELIVERED = _first(receipt.c.delivered_at, "delivered")
_SEEN = _first(receipt.c.seen_at, "seen")


class Windows(Family):
    """Keeps interactions and receipts, and tells where people of an event can be reached."""

    def heard(self, account_id: int, many: Sequence[Heard]) -> dict[str, Whereabouts]:
        """Note what people did, in one go; what is known of each of them now."""
        kept = dict.fromkeys(one.sender for one in many if one.keeps)
        rows = [
            {"account_id": account_id, "sender": who, "created_at": self.now}
            for who in sorted(kept)
        ]
        if rows:
            insert_once(self.conn, address, rows)
        # In one order everywhere, so that two processes never wait for each other.
        ordered = sorted(many, key=lambda one: one.sender)
        opened = [
            {"account": account_id, "who": one.sender, "heard": one.at}
            for one in ordered
            if one.opens
        ]
        staffed = [
            {"account": account_id, "who": one.sender, "staff": one.staff_until}
            for one in ordered
            if one.staff_until
        ]
        for statement, values in ((_HEARD, opened), (_BACK, opened), (_STAFF, staffed)):
            if values:
                self.conn.execute(statement, values)
        return self._known(account_id, sorted({one.sender for one in many}))

    def _known(self, account_id: int, senders: list[str]) -> dict[str, Whereabouts]:
        a = address.c
        tied = exists().where(address_person.c.address_id == a.id)
        query = (
            select(
                a.sender,
                a.id,
                tied.label("linked"),
                session.c.updated_at,
                a.staff_until,
                a.gone_at,
            )
            .select_from(address.outerjoin(session, session.c.address_id == a.id))
            .where(a.account_id == account_id, a.sender.in_(senders))
        )
        rows = self.conn.execute(query)
        return {row[0]: Whereabouts(row[1], bool(row[2]), *row[3:]) for row in rows}

    def answer_again(self, account_id: int, sender: str) -> None:
        """Whoever talked to her in the console is done: the program answers again."""
        a = address.c
        here = update(address).where(a.account_id == account_id, a.sender == sender)
        self.conn.execute(here.values(staff_until=None))

    def last_heard(self, account_ids: Sequence[int], at: datetime) -> None:
        """Their platform told us something; kept to the minute."""
        c = channel_account.c
        old = or_(c.heard_at.is_(None), c.heard_at < at - HEARD_GRAIN)
        changed = update(channel_account).where(c.id.in_(account_ids), old)
        self.conn.execute(changed.values(heard_at=at))

    def heard_at(self, account_id: int) -> datetime | None:
        """When its platform last told us anything."""
        query = select(channel_account.c.heard_at).where(channel_account.c.id == account_id)
        at: datetime | None = self.conn.execute(query).scalar_one_or_none()
        return at

    def told(self, account_id: int, many: Sequence[Told]) -> None:
        """Keep receipts until their deliveries are known."""
        rows = [
            {"account_id": account_id, "message_id": one, "at": self.now}
            for one in sorted({told.message_id for told in many})
        ]
        if not rows:
            return
        insert_once(self.conn, receipt, rows)
        base = [({"account": account_id, "message": one.message_id}, one) for one in many]
        delivered = [row | {"delivered": at} for row, one in base if (at := one.delivered_at)]
        seen = [row | {"seen": at} for row, one in base if (at := one.seen_at)]
        for statement, values in ((_DELIVERED, delivered), (_SEEN, seen)):
            if values:
                self.conn.execute(statement, values)

    def apply_receipts(self, account_id: int, limit: int = 500) -> int:
        """Write what receipts tell to their deliveries; how many found theirs."""
        r, d = receipt.c, delivery.c
        ours = select(queue_lease.c.id).where(queue_lease.c.account_id == account_id)
        query = (
            select(d.id, r.message_id, r.delivered_at, r.seen_at)
            .join(delivery, d.platform_message_id == r.message_id)
            .where(r.account_id == account_id, d.queue_id.in_(ours))
            .order_by(d.id)
            .limit(limit)
        )
        found = self.conn.execute(query).all()
        for row in found:
            told = update(delivery).where(d.id == row.id)
            self.conn.execute(
                told.values(
                    delivered_at=func.coalesce(d.delivered_at, row.delivered_at),
                    seen_at=func.coalesce(d.seen_at, row.seen_at),
                )
            )
        done = delete(receipt).where(
            r.account_id == account_id,
            or_(
                r.message_id.in_([row.message_id for row in found]),
                r.at < self.now - RECEIPT_LIFE,
            ),
        )
        self.conn.execute(done)
        return len(found)

    def of_event(self, event_id: int) -> list[Place]:
        """Every address that speaks for somebody in an event, first linked first."""
        t, a, c = address_person.c, address.c, channel_account.c
        query = (
            select(
                t.person_id,
                a.id,
                c.kind,
                a.sender,
                a.heard_at,
                a.gone_at,
                a.gone_reason,
                a.frozen_at,
                a.account_id,
            )
            .select_from(
                address_person.join(address, a.id == t.address_id).join(
                    channel_account, c.id == a.account_id
                )
            )
            .where(t.event_id == event_id)
            .order_by(t.person_id, t.at, a.id)
        )
        return [Place(*row) for row in self.conn.execute(query)]

    def preferred(self, event_id: int) -> dict[int, int]:
        """The address each person of an event prefers, where she said so."""
        p = person.c
        here = select(address_person.c.person_id).where(address_person.c.event_id == event_id)
        query = select(p.id, p.preferred_address_id).where(
            p.preferred_address_id.is_not(None), p.id.in_(here)
        )
        return {row.id: row.preferred_address_id for row in self.conn.execute(query)}

    def stopped(self, event_id: int) -> set[int]:
        """Who of an event's list stopped ordinary notices."""
        p, r = person.c, record.c
        query = select(p.id).join(record, r.person_id == p.id)
        query = query.where(r.event_id == event_id, p.notices_stopped_at.is_not(None))
        return set(self.conn.execute(query).scalars())

    def closed_among(self, address_ids: Sequence[int]) -> set[int]:
        """Those of these addresses where somebody can no longer be told anything."""
        a = address.c
        query = select(a.id).where(a.id.in_(address_ids), ~and_(*reachable_at(self.now)))
        return set(self.conn.execute(query).scalars())
