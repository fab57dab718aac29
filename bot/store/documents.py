"""Who opened which version of a document while the event goes on, and in which message it came;
afterwards only how many."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    and_,
    cast,
    delete,
    func,
    or_,
    select,
)

from bot.store.accounts import address, address_person
from bot.store.base import BigId, Family, UtcTime, insert_once, metadata, upsert
from bot.store.deliveries import delivery
from bot.store.letters import letter_text
from bot.values.delivery import Act, State

document_opened = Table(
    "document_opened",
    metadata,
    Column("event_id", BigId, ForeignKey("event.id"), primary_key=True),
    Column("document", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("person_id", BigId, ForeignKey("person.id"), primary_key=True),
    Column("at", UtcTime, nullable=False),
    Index("ix_document_opened_person", "person_id"),
)

# What is left of it after the event: no person, no time.
document_count = Table(
    "document_count",
    metadata,
    Column("event_id", BigId, ForeignKey("event.id"), primary_key=True),
    Column("document", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("people", Integer, nullable=False),
)


class Opened(NamedTuple):
    """How many people opened a version of a document."""

    document: str
    version: str
    people: int


class Carried(NamedTuple):
    """A message she was sent and still can be acted on: where it is, and in which language."""

    delivery_id: int
    address_id: int
    account_id: int
    sender: str
    queue_id: int
    lang: str
    message_id: str


class Documents(Family):
    """Notes who opened what, and forgets it in time; always inside one event."""

    def note_opened(self, event_id: int, document: str, version: str, person_id: int) -> None:
        """She was given the file; the first time counts."""
        row = {
            "event_id": event_id,
            "document": document,
            "version": version,
            "person_id": person_id,
            "at": self.now,
        }
        insert_once(self.conn, document_opened, [row])

    def readers(self, event_id: int, document: str, *, without: str = "") -> list[int]:
        """The people who opened a document, but not those who have the version `without`."""
        c = document_opened.c
        has_it = select(c.person_id).where(
            c.event_id == event_id, c.document == document, c.version == without
        )
        query = (
            select(c.person_id)
            .where(c.event_id == event_id, c.document == document, c.person_id.not_in(has_it))
            .distinct()
            .order_by(c.person_id)
        )
        return list(self.conn.execute(query).scalars())

    def counts(self, event_id: int) -> list[Opened]:
        """How many people opened each version, by document: those noted and those only counted."""
        total = {(one.document, one.version): one.people for one in self._kept(event_id)}
        for one in self._noted(event_id):
            key = (one.document, one.version)
            total[key] = total.get(key, 0) + one.people
        return [Opened(*key, people) for key, people in sorted(total.items())]

    def carrying(self, event_id: int, person_id: int, sha256s: Collection[str]) -> list[Carried]:
        """What she was sent in an event with one of these files, oldest first.

        Only at addresses that still speak for her, are not paused and have not left.
        """
        if not sha256s:
            return []
        d, tie = delivery.c, address_person.c
        hers = select(tie.address_id).where(tie.person_id == person_id, tie.event_id == event_id)
        said = cast(letter_text.c.reply, Text)
        joined = delivery.join(address, address.c.id == d.address_id).join(
            letter_text, and_(letter_text.c.letter_id == d.letter_id, letter_text.c.lang == d.lang)
        )
        query = (
            select(
                *(d.id, d.address_id, address.c.account_id, address.c.sender),
                *(d.queue_id, d.lang, d.platform_message_id),
            )
            .select_from(joined)
            .where(d.address_id.in_(hers), d.event_id == event_id, d.person_id == person_id)
            .where(d.act == Act.SAY, d.state == State.SENT, d.platform_message_id > "")
            .where(address.c.gone_at.is_(None), address.c.frozen_at.is_(None))
            .where(or_(*(said.contains(one) for one in sha256s)))
            .order_by(d.id)
        )
        return [Carried(*row) for row in self.conn.execute(query)]

    def reduce(self, event_id: int) -> int:
        """Keep the counts and forget who; how many lines about people went."""
        for one in self.counts(event_id):
            row = {"event_id": event_id, **one._asdict()}
            upsert(self.conn, document_count, row, key=("event_id", "document", "version"))
        gone = delete(document_opened).where(document_opened.c.event_id == event_id)
        return self.conn.execute(gone).rowcount

    def forget(self, person_id: int) -> int:
        """Forget what one person opened, in every event, and that she did."""
        gone = delete(document_opened).where(document_opened.c.person_id == person_id)
        return self.conn.execute(gone).rowcount

    def _kept(self, event_id: int) -> list[Opened]:
        c = document_count.c
        query = select(c.document, c.version, c.people).where(c.event_id == event_id)
        return [Opened(*row) for row in self.conn.execute(query)]

    def _noted(self, event_id: int) -> list[Opened]:
        c = document_opened.c
        query = (
            select(c.document, c.version, func.count())
            .where(c.event_id == event_id)
            .group_by(c.document, c.version)
        )
        return [Opened(*row) for row in self.conn.execute(query)]
