"""Where the people of a notice are told something: one row for each address that is open to it.

A chunk is a query of people, `person_id` and `round`; its people are never loaded.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Join, Select, Subquery, and_, case, exists, func, select

from bot.store.accounts import address, address_person, reachable_at, silent_at
from bot.store.people import person
from bot.store.queues import queue_lease
from bot.store.roster import record
from bot.store.templates import may_ring, phone_of
from bot.values.notice import Notice
from bot.values.template import By, Template

_BEST: tuple[ColumnElement[Any], ...] = (
    case((address.c.id == person.c.preferred_address_id, 0), else_=1),
    address_person.c.at,
    address.c.id,
)


def places(one: Notice, chunk: Subquery, now: datetime) -> Select[Any]:
    """Where each of them can be told something, best first: as `bot.reach` says it for one.

    Only who still is on the list; and of ordinary notices not who stopped them.
    """
    wanted = (record.c.status == "active", *reachable_at(now))
    return _ranked(one, chunk, _at_hers(one, chunk), _BEST).where(*wanted)


def within(after: int, last: int) -> list[ColumnElement[bool]]:
    """That people are of a span, once for each table they are looked up in. PostgreSQL then reads
    neighbours in one go instead of looking each person up."""
    hers = (person.c.id, record.c.person_id, address_person.c.person_id)
    return [both for id_ in hers for both in (id_ > after, id_ <= last)]


def places_by(
    by: By, one: Notice, template: Template, chunk: Subquery, now: datetime
) -> Select[Any]:
    """Where a template gets to them, of ordinary notices not to who stopped them."""
    if by is By.UID:
        there = _ranked(one, chunk, _at_hers(one, chunk), _BEST)
        wanted = (record.c.status == "active", *silent_at(now))
    else:
        at_her_number = _listed(one, chunk).join(address, address.c.sender == phone_of(person.c.id))
        there = _ranked(one, chunk, at_her_number, (address.c.id,))
        wanted = may_ring(one.event_id, template)
    return there.where(address.c.account_id == template.account_id, *wanted)


def shared(one: Notice, to: Subquery) -> Any:
    """Does the address speak for others of the event, too?"""
    other = address_person.alias("other")
    return exists().where(
        other.c.address_id == to.c.address_id,
        other.c.event_id == one.event_id,
        other.c.person_id != to.c.person_id,
    )


def _listed(one: Notice, chunk: Subquery) -> Join:
    """Each of them, with her line of the list."""
    line = and_(record.c.event_id == one.event_id, record.c.person_id == person.c.id)
    return chunk.join(person, person.c.id == chunk.c.person_id).join(record, line)


def _at_hers(one: Notice, chunk: Subquery) -> Join:
    """The same, at each address tied to her in this event."""
    tie = address_person.c
    tied = and_(tie.person_id == person.c.id, tie.event_id == one.event_id)
    listed = _listed(one, chunk).join(address_person, tied)
    return listed.join(address, address.c.id == tie.address_id)


def _ranked(one: Notice, chunk: Subquery, there: Join, order: Sequence[Any]) -> Select[Any]:
    """These addresses with their queues, each person's first one as choice 1."""
    a, p, q = address.c, person.c, queue_lease.c
    queued = there.join(queue_lease, and_(q.account_id == a.account_id, q.shard == 0))
    listens = [p.notices_stopped_at.is_(None)] if one.ordinary else []
    return (
        select(
            chunk.c.person_id,
            chunk.c.round,
            a.id.label("address_id"),
            q.id.label("queue_id"),
            p.language,  # her own choice; never the list's (UX rule 18)
            record.c.full_name,
            func.row_number().over(partition_by=chunk.c.person_id, order_by=order).label("choice"),
        )
        .select_from(queued)
        .where(*listens)
    )
