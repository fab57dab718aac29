"""People, their roles in each event, and what they consented to."""

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    update,
)

from bot.store.base import BigId, Family, UtcTime, insert_once, metadata, primary, to_event
from bot.store.events import event
from bot.store.roster import record, to_record
from bot.values.consent import IN_FORCE
from bot.values.person import Person, Role

# Language and comfort are support preferences; nothing says who her people are.
person = Table(
    "person",
    metadata,
    primary(),
    Column("language", Text),
    Column("comfort", Text),
    Column("simple_mode", Boolean),  # NULL: she never said, so the event's own
    Column("preferred_address_id", BigId),
    Column("created_at", UtcTime, nullable=False),
    Column("erased_at", UtcTime),
    Column("notices_stopped_at", UtcTime),  # ordinary notices only; those about safety still go
)

membership = Table(
    "membership",
    metadata,
    Column("event_id", BigId, ForeignKey("event.id"), primary_key=True),
    Column("person_id", BigId, ForeignKey("person.id"), primary_key=True),
    Column("role", Text, primary_key=True),
    Column("created_at", UtcTime, nullable=False),
    Index("ix_membership_person", "person_id"),
)

consent = Table(
    "consent",
    metadata,
    primary(),
    to_event(),
    Column("person_id", BigId, ForeignKey("person.id"), nullable=False),
    Column("text_version", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("agreed", Boolean, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("ix_consent_person", "person_id", "event_id", "id"),
)


_REFUSED = ""  # where the version of a text stands that she agreed to


def _in_an_event() -> Any:
    """A person with her record, roles and latest consent in one event: one look for each turn."""
    here = bindparam("here", type_=BigId)
    roles = select(func.aggregate_strings(membership.c.role, ",")).where(
        membership.c.person_id == person.c.id, membership.c.event_id == here
    )
    # One look for both: which text she agreed to, or that she refused.
    answer = (
        select(case((consent.c.agreed, consent.c.text_version), else_=_REFUSED))
        .where(consent.c.person_id == person.c.id, consent.c.event_id == here)
        .order_by(consent.c.id.desc())
        .limit(1)
    )
    usual = select(event.c.simple_mode).where(event.c.id == here)
    joined = person.outerjoin(
        record, (record.c.person_id == person.c.id) & (record.c.event_id == here)
    )
    return (
        select(
            person.c.language.label("own_language"),
            person.c.comfort.label("own_comfort"),
            person.c.notices_stopped_at.label("own_notices_stopped_at"),
            func.coalesce(person.c.simple_mode, usual.scalar_subquery()).label("simple"),
            person.c.preferred_address_id.label("preferred"),
            answer.scalar_subquery().label("answer"),
            roles.scalar_subquery().label("roles"),
            record,
        )
        .select_from(joined)
        .where(person.c.id == bindparam("who"))
    )


# On the way of every turn: made once, so that only values are bound.
_IN_AN_EVENT = _in_an_event()


class People(Family):
    """Reads and writes people."""

    def add(self) -> int:
        """A person of whom nothing is known yet: a guest, or a row of a roster about to be tied."""
        made = self.conn.execute(insert(person).values(created_at=self.now).returning(person.c.id))
        new_id: int = made.scalar_one()
        return new_id

    def add_many(self, count: int) -> list[int]:
        """`count` new people, for an import. Ids are consecutive inside one transaction."""
        if count == 0:
            return []
        statement = insert(person).returning(person.c.id, sort_by_parameter_order=True)
        made = self.conn.execute(statement, [{"created_at": self.now}] * count)
        return list(made.scalars())

    def get(self, person_id: int, event_id: int | None) -> Person | None:
        """The person as she stands in one event: record, roles and latest consent of that event."""
        row = self.conn.execute(_IN_AN_EVENT, {"who": person_id, "here": event_id}).first()
        if row is None:
            return None
        return Person(
            id=person_id,
            language=row.own_language,
            comfort=row.own_comfort,
            simple=bool(row.simple),
            preferred_address_id=row.preferred,
            record=to_record(row) if row.id is not None else None,
            roles=frozenset(Role(name) for name in (row.roles or "").split(",") if name),
            consented=_consented(row.answer),
            agreed_earlier=bool(row.answer) and row.answer not in IN_FORCE,
            notices_stopped_at=row.own_notices_stopped_at,
        )

    def join(self, event_id: int, person_ids: list[int], role: Role) -> None:
        """Give people a role in an event; having it already is fine."""
        if person_ids:
            rows = [
                {"event_id": event_id, "person_id": one, "role": role, "created_at": self.now}
                for one in person_ids
            ]
            for start in range(0, len(rows), 1000):
                insert_once(self.conn, membership, rows[start : start + 1000])

    def leave(self, event_id: int, person_ids: list[int], role: Role) -> None:
        """Take a role in an event from people; not having it is fine."""
        c = membership.c
        for start in range(0, len(person_ids), 500):
            some = c.person_id.in_(person_ids[start : start + 500])
            which = (c.event_id == event_id) & (c.role == role) & some
            self.conn.execute(delete(membership).where(which))

    def with_roles(self, event_id: int) -> list[tuple[int, Role]]:
        """(person id, role) of everybody who is more than a delegate in an event."""
        c = membership.c
        query = select(c.person_id, c.role).where(c.event_id == event_id, c.role != Role.DELEGATE)
        rows = self.conn.execute(query.order_by(c.role, c.person_id))
        return [(person_id, Role(role)) for person_id, role in rows]

    def events_of(self, person_ids: list[int]) -> list[int]:
        """The events these people belong to, oldest first."""
        query = (
            select(membership.c.event_id)
            .where(membership.c.person_id.in_(person_ids))
            .distinct()
            .order_by(membership.c.event_id)
        )
        return list(self.conn.execute(query).scalars())

    def set_language(self, person_id: int, language: str) -> None:
        """Her own choice of language; nothing else ever calls this."""
        self._set(person_id, language=language)

    def set_comfort(self, person_id: int, comfort: str) -> None:
        """How she likes to be told: text, audio or pictures first."""
        self._set(person_id, comfort=comfort)

    def stop_notices(self, person_id: int, stop: bool) -> None:
        """Her own switch for ordinary notices; those about safety are sent whatever it says."""
        self._set(person_id, notices_stopped_at=self.now if stop else None)

    def set_simple(self, person_id: int, simple: bool) -> None:
        """Short and slow, or in full: her own choice, whatever is usual at her events."""
        self._set(person_id, simple_mode=simple)

    def prefer(self, person_id: int, address_id: int) -> None:
        """Where letters to her go first."""
        self._set(person_id, preferred_address_id=address_id)

    def _set(self, person_id: int, **values: Any) -> None:
        self.conn.execute(update(person).where(person.c.id == person_id).values(**values))

    def consent(
        self, event_id: int, person_id: int, version: str, language: str, agreed: bool
    ) -> None:
        """Keep her answer as proof: which text, in which language, when."""
        self.conn.execute(
            insert(consent).values(
                event_id=event_id,
                person_id=person_id,
                text_version=version,
                language=language,
                agreed=agreed,
                at=self.now,
            )
        )

    def move(self, guest_id: int, person_id: int, event_id: int, *, keep: bool = False) -> None:
        """What a guest said before she was linked becomes hers: language, switches, consent.

        `keep`: a language she chose before stays, for this phone is not hers alone.
        """
        guest = self.conn.execute(select(person).where(person.c.id == guest_id)).one()
        before = self.conn.execute(select(person).where(person.c.id == person_id)).one()
        stays = keep and before.language is not None
        if guest.language and not stays:
            self.set_language(person_id, guest.language)
        if guest.comfort and not stays:
            self.set_comfort(person_id, guest.comfort)
        if guest.notices_stopped_at and not stays:
            self._set(person_id, notices_stopped_at=guest.notices_stopped_at)
        if guest.simple_mode is not None and not stays:
            self.set_simple(person_id, guest.simple_mode)
        mine = (consent.c.person_id == guest_id) & (consent.c.event_id == event_id)
        self.conn.execute(update(consent).where(mine).values(person_id=person_id))


def _consented(answer: str | None) -> bool | None:
    """None before she answered, and again when the text has changed since she agreed."""
    if answer == _REFUSED:
        return False
    return True if answer in IN_FORCE else None
