"""Everything of one person in one event, table by table, for whoever asks what is kept about her.

Where several people share a telephone, nothing that a neighbour may have typed there is hers.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, Table, and_, or_, select

from bot.store.accounts import address, address_person, channel_account
from bot.store.audit import audit_log
from bot.store.base import Family
from bot.store.cards import card, wrong_guess
from bot.store.deliveries import delivery, delivery_attempt
from bot.store.documents import document_opened
from bot.store.handed_in import handed_in
from bot.store.inbound import inbound
from bot.store.letters import letter_text
from bot.store.notices import notice, notice_recipient
from bot.store.people import consent, membership, person
from bot.store.phones import phone_code
from bot.store.questions import question, question_sent
from bot.store.requests import request
from bot.store.roster import record, roster_change, roster_import
from bot.store.sessions import session
from bot.store.transcripts import transcript

Rows = list[dict[str, Any]]


class Belongings(Family):
    """Reads, in whole rows, what is kept about one person."""

    def of(self, event_id: int, person_id: int) -> dict[str, Rows]:
        """Table -> her rows, oldest first; a table without any is there and empty."""
        places = self.places(event_id, person_id)
        alone = self.alone(places, person_id)
        found = self._own(event_id, person_id)
        found["address"] = self._rows(_addresses(places))
        found["session"] = self._rows(
            select(session).where(
                session.c.address_id.in_(places), session.c.person_id == person_id
            )
        )
        found["delivery"] = self.told(event_id, person_id)
        meant = select(notice_recipient).join(notice, notice.c.id == notice_recipient.c.notice_id)
        hers = (notice.c.event_id == event_id, notice_recipient.c.person_id == person_id)
        found["notice_recipient"] = self._rows(meant.where(*hers).order_by(notice.c.id))
        found["delivery_attempt"] = self._rows(
            select(delivery_attempt)
            .join(delivery, delivery.c.id == delivery_attempt.c.delivery_id)
            .where(delivery.c.person_id == person_id, delivery.c.event_id == event_id)
            .order_by(delivery_attempt.c.id)
        )
        found["letter_text"] = self._rows(_words(event_id, person_id))
        found["transcript"] = self.lines(places, alone, found["delivery"])
        given = select(handed_in).where(handed_in.c.address_id.in_(alone))
        found["handed_in"] = self._rows(given.order_by(handed_in.c.id))
        found["inbound"] = self._waiting(alone)
        found["question"] = self._rows(
            select(question)
            .join(question_sent, question_sent.c.question_id == question.c.id)
            .where(question_sent.c.person_id == person_id, question.c.event_id == event_id)
            .order_by(question.c.id)
        )
        found["wrong_guess"] = self._guesses(alone, [row["id"] for row in found["card"]])
        found["roster_change"] = self._changes([row["id"] for row in found["record"]])
        found["audit_log"] = self._acts(event_id, person_id, alone)
        return found

    def places(self, event_id: int, person_id: int) -> list[int]:
        """The addresses that speak for her in this event, and those where she is a guest."""
        tied = select(address_person.c.address_id).where(
            address_person.c.person_id == person_id, address_person.c.event_id == event_id
        )
        here = select(session.c.address_id).where(
            session.c.person_id == person_id, session.c.event_id == event_id
        )
        return sorted(set(self.conn.execute(tied.union(here)).scalars()))

    def alone(self, places: list[int], person_id: int) -> list[int]:
        """Those of her addresses that speak for nobody else."""
        tied = select(address_person.c.address_id).where(address_person.c.person_id != person_id)
        here = select(session.c.address_id).where(session.c.person_id != person_id)
        shared = set(self.conn.execute(tied.union(here)).scalars())
        return [one for one in places if one not in shared]

    def told(self, event_id: int, person_id: int) -> Rows:
        """What was owed to her, with the state of each."""
        d = delivery.c
        hers = select(delivery).where(d.event_id == event_id, d.person_id == person_id)
        return self._rows(hers.order_by(d.id))

    def lines(self, places: list[int], alone: list[int], told: Rows) -> Rows:
        """What her pages show: where she is alone all of it, elsewhere what was told to her."""
        c = transcript.c
        query = select(transcript).where(c.address_id.in_(places)).order_by(c.id)
        hers = {str(row["id"]) for row in told}
        return [
            row
            for row in self._rows(query)
            if row["address_id"] in alone
            or (row["side"] == "out" and row["key"].split(":")[1] in hers)
        ]

    def _own(self, event_id: int, person_id: int) -> dict[str, Rows]:
        """The tables that name her and the event in their own columns."""
        found = {"person": self._rows(select(person).where(person.c.id == person_id))}
        tables: Iterable[Table] = (record, membership, consent, card, phone_code, request)
        for table in (*tables, document_opened, address_person):
            c = table.c
            hers = select(table).where(c.event_id == event_id, c.person_id == person_id)
            found[table.name] = self._rows(hers.order_by(*table.primary_key))
        return found

    def _waiting(self, alone: list[int]) -> Rows:
        """What came in from her and was not answered yet."""
        found: Rows = []
        for place in self._rows(select(address).where(address.c.id.in_(alone))):
            i = inbound.c
            waits = (i.account_id == place["account_id"], i.payload.is_not(None))
            hers = i.payload["sender"].as_string() == place["sender"]
            found += self._rows(select(inbound).where(*waits, hers).order_by(i.id))
        return found

    def _guesses(self, alone: list[int], cards: list[int]) -> Rows:
        c = wrong_guess.c
        hers = or_(c.address_id.in_(alone), c.card_id.in_(cards))
        return self._rows(select(wrong_guess).where(hers).order_by(c.id))

    def _changes(self, lines: list[int]) -> Rows:
        """What imports changed in her line, each with its time."""
        c = roster_change.c
        query = (
            select(roster_change, roster_import.c.at)
            .join(roster_import, roster_import.c.id == c.import_id)
            .where(c.record_id.in_(lines))
        )
        return self._rows(query.order_by(c.id))

    def _acts(self, event_id: int, person_id: int, alone: list[int]) -> Rows:
        c = audit_log.c
        about = c.subject == f"person:{person_id}"
        hers = or_(about, c.actor.in_([f"address:{one}" for one in alone]))
        here = or_(c.event_id == event_id, c.event_id.is_(None))
        return self._rows(select(audit_log).where(here, hers).order_by(c.id))

    def _rows(self, query: Select[Any]) -> Rows:
        return [dict(row._mapping) for row in self.conn.execute(query)]


def _addresses(places: list[int]) -> Select[Any]:
    """Her addresses with the kind of channel each is on."""
    return (
        select(address, channel_account.c.kind)
        .join(channel_account, channel_account.c.id == address.c.account_id)
        .where(address.c.id.in_(places))
        .order_by(address.c.id)
    )


def _words(event_id: int, person_id: int) -> Select[Any]:
    """The words of what was told to her, in the language she was told them in."""
    d, w = delivery.c, letter_text.c
    return (
        select(letter_text, d.id.label("delivery_id"))
        .join(delivery, and_(d.letter_id == w.letter_id, d.lang == w.lang))
        .where(d.event_id == event_id, d.person_id == person_id)
        .order_by(d.id)
    )
