"""How a notice stands with its people: who was reached, who acknowledged, and who did not."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    distinct,
    exists,
    func,
    literal,
    select,
    update,
)

from bot.store.accounts import address, address_person, reachable_at
from bot.store.base import Family
from bot.store.deliveries import delivery
from bot.store.letters import letter, letter_text
from bot.store.notices import notice, notice_recipient
from bot.store.people import person
from bot.store.roster import record
from bot.values.delivery import Act, State
from bot.values.letter import Lane
from bot.values.notice import Acknowledgement, Heard, Notice, NoticeState, addressed
from bot.values.reply import Reply

# Of these nobody doubts that they arrived, or are just arriving.
_ARRIVED = (State.SENT, State.CLAIMED, State.UNCERTAIN)
_WAITING = (State.PENDING, State.RETRY)


class Summary(NamedTuple):
    """A notice in numbers, people each counted once.

    `by_state` is how the first letter to each stands; `unaddressed` have none. `rounds`: how many
    letters there were in each later round.
    """

    people: int
    by_state: dict[str, int]
    unaddressed: int
    reached: int
    acknowledged: int
    rounds: dict[int, int]


class Missing(NamedTuple):
    """Somebody whom a notice did not reach, or who has not acknowledged it: who, and why."""

    person_id: int
    name: str
    code: str
    delegation: str
    why: str


class NoticeReports(Family):
    """Reads how notices stand, and writes down that somebody received one."""

    # Her own word.

    def heard(self, event_id: int, delivery_id: int, address_id: int) -> Heard | None:
        """A letter of a notice to somebody for whom this address speaks in this event.

        None for anybody else's, and for what never was: who asks learns nothing from it.
        """
        query = _heard(event_id, address_id).where(delivery.c.id == delivery_id)
        row = self.conn.execute(query).first()
        return _to_heard(row) if row else None

    def unheard(self, event_id: int, address_id: int, since: datetime | None) -> list[Heard]:
        """Letters that reached this address after `since` and wait for an acknowledgement."""
        d = delivery.c
        query = _heard(event_id, address_id).where(
            d.address_id == address_id,
            d.state.in_(_ARRIVED),
            d.acknowledged_at.is_(None),
            notice.c.acknowledgement == Acknowledgement.ASKED,
        )
        if since is not None:
            query = query.where(func.coalesce(d.sent_at, d.claimed_at) > since)
        rows = self.conn.execute(query.order_by(func.coalesce(d.sent_at, d.claimed_at), d.id))
        return [_to_heard(row) for row in rows]

    def acknowledge(self, event_id: int, delivery_id: int) -> None:
        """She has it: every round of it, and no further one is sent to her."""
        d, this = delivery.c, delivery.alias("this")
        same = exists().where(
            this.c.id == delivery_id,
            this.c.event_id == event_id,
            this.c.letter_id == d.letter_id,
            this.c.person_id == d.person_id,
        )
        hers = update(delivery).where(d.event_id == event_id, same, d.act == Act.SAY)
        arrived = hers.where(d.state.in_(_ARRIVED), d.acknowledged_at.is_(None))
        self.conn.execute(arrived.values(acknowledged_at=self.now))
        waiting = hers.where(d.state.in_(_WAITING))
        self.conn.execute(waiting.values(state=State.CANCELLED, reason="acknowledged"))

    # For organisers.

    def summary(self, one: Notice) -> Summary:
        """A notice in numbers; it counts inside the database."""
        d, c = delivery.c, notice_recipient.c
        letter_id = select(letter.c.id).where(letter.c.key == one.key).scalar_subquery()
        said = (d.letter_id == letter_id, d.act == Act.SAY)
        people = select(func.count()).where(c.notice_id == one.id)
        total: int = self.conn.execute(people).scalar_one()
        rows = self.conn.execute(
            select(d.round, d.state, func.count()).where(*said).group_by(d.round, d.state)
        ).all()
        reached = func.count(distinct(case((d.state == State.SENT, d.person_id))))
        heard = func.count(distinct(case((d.acknowledged_at.is_not(None), d.person_id))))
        found = self.conn.execute(select(reached, heard).where(*said)).one()
        by_state = {row.state: row[2] for row in rows if row.round == 0}
        rounds: dict[int, int] = {}
        for row in rows:
            if row.round:
                rounds[row.round] = rounds.get(row.round, 0) + row[2]
        return Summary(total, by_state, total - sum(by_state.values()), *found, rounds)

    def unreached(self, one: Notice, limit: int = 100, after: int = 0) -> list[Missing]:
        """By name who has not got it, in the order of their ids above `after`, and why."""
        first = delivery.alias("first")
        sent = _sent(one)
        on_first = and_(
            first.c.letter_id == _letter_of(one),
            first.c.person_id == person.c.id,
            first.c.round == 0,
            first.c.act == Act.SAY,
        )
        stopped = person.c.notices_stopped_at.is_not(None) & literal(one.lane >= Lane.SCHEDULED)
        able = exists().where(
            address_person.c.person_id == person.c.id,
            address_person.c.event_id == one.event_id,
            address.c.id == address_person.c.address_id,
            *reachable_at(self.now),
        )
        told = func.coalesce(func.nullif(first.c.reason, ""), first.c.state)
        under_way = (NoticeState.DRAFT, NoticeState.APPROVED, NoticeState.EXPANDING)
        to_come = (person.c.id > one.cursor) & literal(one.state in under_way)
        why = case(
            (to_come, "not yet"),
            (first.c.id.is_not(None), told),
            (stopped, "stopped notices"),
            (able, "linked later"),
            else_="no address",
        )
        query = _people(one, why).outerjoin(first, on_first).where(~sent)
        return self._missing(query, limit, after)

    def silent(self, one: Notice, limit: int = 100, after: int = 0) -> list[Missing]:
        """By name who has got it and has not said so, in the order of their ids above `after`."""
        heard = exists().where(
            delivery.c.letter_id == _letter_of(one),
            delivery.c.person_id == person.c.id,
            delivery.c.acknowledged_at.is_not(None),
        )
        return self._missing(
            _people(one, literal("silent")).where(_sent(one), ~heard), limit, after
        )

    def _missing(self, query: Select[Any], limit: int, after: int) -> list[Missing]:
        some = query.where(person.c.id > after).order_by(person.c.id).limit(limit)
        return [Missing(*row) for row in self.conn.execute(some)]


def _letter_of(one: Notice) -> Any:
    return select(letter.c.id).where(letter.c.key == one.key).scalar_subquery()


def _sent(one: Notice) -> ColumnElement[bool]:
    return exists().where(
        delivery.c.letter_id == _letter_of(one),
        delivery.c.person_id == person.c.id,
        delivery.c.state == State.SENT,
        delivery.c.act == Act.SAY,
    )


def _people(one: Notice, why: Any) -> Select[Any]:
    """Everybody who was frozen into a notice, with her line on the list as it is now."""
    r = record.c
    on_list = and_(r.event_id == one.event_id, r.person_id == person.c.id)
    return (
        select(
            person.c.id,
            func.coalesce(r.full_name, ""),
            func.coalesce(r.code, ""),
            func.coalesce(r.delegation, ""),
            why.label("why"),
        )
        .select_from(notice_recipient)
        .join(person, person.c.id == notice_recipient.c.person_id)
        .outerjoin(record, on_list)
        .where(notice_recipient.c.notice_id == one.id)
    )


def _heard(event_id: int, address_id: int) -> Select[Any]:
    """Letters of notices to those for whom an address speaks in an event."""
    d, tie, r = delivery.c, address_person.c, record.c
    words = and_(letter_text.c.letter_id == d.letter_id, letter_text.c.lang == d.lang)
    return (
        select(
            d.id,
            d.person_id,
            r.full_name,
            notice.c.acknowledgement,
            d.acknowledged_at,
            d.params,
            letter_text.c.reply,
        )
        .join(letter, letter.c.id == d.letter_id)
        .join(notice, notice.c.id == letter.c.notice_id)
        .join(address_person, and_(tie.person_id == d.person_id, tie.event_id == d.event_id))
        .join(record, and_(r.person_id == d.person_id, r.event_id == d.event_id))
        .join(letter_text, words)
        .where(
            d.event_id == event_id,
            notice.c.event_id == event_id,
            d.act == Act.SAY,
            tie.address_id == address_id,
            r.status == "active",
        )
    )


def _to_heard(row: Row[Any]) -> Heard:
    opening = (row.params or {}).get("opening", "")
    return Heard(
        row.id,
        row.person_id,
        row.full_name,
        row.acknowledgement == Acknowledgement.ASKED,
        row.acknowledged_at,
        addressed(Reply.from_json(row.reply), row.id, opening),
    )
