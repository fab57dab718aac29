"""Erasing one person across every family of tables, and the tombstones that keep her erased.

What stays is fact without link: that somebody agreed or refused and when, that something was
delivered, that a request was closed. Texts, names, languages and ties go.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, Text, and_, cast, delete, insert, literal, or_, select, update

from bot.store.accounts import UNHEARD, address, address_person
from bot.store.base import Family, UtcTime, metadata, overwrite_what_goes, upsert
from bot.store.cards import card, wrong_guess
from bot.store.deliveries import delivery
from bot.store.documents import Documents
from bot.store.echoes import echo
from bot.store.events import event
from bot.store.handed_in import handed_in
from bot.store.inbound import inbound
from bot.store.letters import letter, letter_text
from bot.store.notices import notice_recipient
from bot.store.people import consent, membership, person
from bot.store.phones import phone_code
from bot.store.questions import Questions
from bot.store.requests import request
from bot.store.roster import record, roster_change
from bot.store.sessions import session
from bot.store.templates import PHONE
from bot.store.transcripts import transcript
from bot.values.delivery import TERMINAL, State
from bot.values.erased import ErasedKind, Tombstone
from bot.values.request import RequestKind

# Fingerprints only: the list of who was erased must not be a list of who was there.
erased = Table(
    "erased",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("fingerprint", Text, primary_key=True),
    Column("at", UtcTime, nullable=False),
)

# Closed requests forget the language they were asked in; this is the organisers' own.
OFFICE_LANGUAGE = "vi"
# What stands for the id on a channel that was forgotten.
NOBODY = "gone:"


class Privacy(Family):
    """Erases people and remembers that they are erased."""

    def bury(self, kind: ErasedKind, fingerprint: str, at: datetime | None = None) -> None:
        """Remember that this is erased; erased again, the later time counts."""
        row = {"kind": kind, "fingerprint": fingerprint, "at": at or self.now}
        upsert(self.conn, erased, row, key=("kind", "fingerprint"))

    def unbury(self, kind: ErasedKind, fingerprints: tuple[str, ...]) -> bool:
        """It may come back, on somebody's word. False when it was not buried."""
        which = (erased.c.kind == kind) & erased.c.fingerprint.in_(fingerprints)
        return self.conn.execute(delete(erased).where(which)).rowcount > 0

    def tombstones(self, kind: ErasedKind | None = None) -> list[Tombstone]:
        """What is erased, oldest first."""
        query = select(erased.c.kind, erased.c.fingerprint, erased.c.at)
        if kind is not None:
            query = query.where(erased.c.kind == kind)
        rows = self.conn.execute(query.order_by(erased.c.at, erased.c.fingerprint))
        return [Tombstone(ErasedKind(row.kind), row.fingerprint, row.at) for row in rows]

    def born(self, person_id: int) -> datetime:
        """When the row of a person was made: with her id it is hers alone."""
        query = select(person.c.created_at).where(person.c.id == person_id)
        found: datetime = self.conn.execute(query).scalar_one()
        return found

    def everybody(self) -> list[tuple[int, datetime]]:
        """(person id, when the row was made) of everybody."""
        query = select(person.c.id, person.c.created_at).order_by(person.c.id)
        return [(row.id, row.created_at) for row in self.conn.execute(query)]

    def lines(self, person_id: int | None = None) -> list[tuple[int, str, str]]:
        """(person id, event's slug, code) of her lines in rosters; without an id, of everybody."""
        query = select(record.c.person_id, event.c.slug, record.c.code).join(
            event, event.c.id == record.c.event_id
        )
        if person_id is not None:
            query = query.where(record.c.person_id == person_id)
        found = self.conn.execute(query.order_by(record.c.id))
        return [(row.person_id, row.slug, row.code) for row in found]

    def events_made(self) -> list[tuple[int, str, datetime]]:
        """(event id, slug, when it was made) of every event."""
        query = select(event.c.id, event.c.slug, event.c.created_at).order_by(event.c.id)
        return [(row.id, row.slug, row.created_at) for row in self.conn.execute(query)]

    def forget_talk(self, person_id: int, *, but_session_at: int | None = None) -> None:
        """What the assistant itself kept: conversation, language, ties. The roster is not touched.

        The session at `but_session_at` is left to the turn that runs there and overwrites it.
        """
        overwrite_what_goes(self.conn)
        places = self._places_of(person_id)
        self.conn.execute(delete(transcript).where(transcript.c.address_id.in_(places)))
        self.conn.execute(delete(handed_in).where(handed_in.c.address_id.in_(places)))
        self._forget_letters(person_id, places)
        self._leave_sessions(person_id, places, but_session_at)
        self.conn.execute(delete(address_person).where(address_person.c.person_id == person_id))
        self.conn.execute(delete(phone_code).where(phone_code.c.person_id == person_id))
        Questions(self.conn, self.now).forget(person_id)
        self._forget_requests(person_id)
        if but_session_at is None:
            self._forget_waiting(places)
        hers = update(consent).where(consent.c.person_id == person_id)
        self.conn.execute(hers.values(language=""))
        self._set(person_id, **UNKNOWN)

    def erase(self, person_id: int) -> None:
        """Everything of hers, in every event. What stays says nothing about who she was."""
        places = self._places_of(person_id)
        self.forget_talk(person_id)
        self._forget_addresses(places)
        self._forget_cards(person_id)
        self._forget_lines(person_id)
        Documents(self.conn, self.now).forget(person_id)
        self.conn.execute(delete(membership).where(membership.c.person_id == person_id))
        hers = update(request).where(request.c.person_id == person_id)
        self.conn.execute(
            hers.values(state="closed", language=OFFICE_LANGUAGE, last_texts=[], place="")
        )
        still_open = hers.where(request.c.closed_at.is_(None))
        self.conn.execute(still_open.values(closed_at=self.now))
        self._set(person_id, erased_at=self.now)

    def _set(self, person_id: int, **values: Any) -> None:
        self.conn.execute(update(person).where(person.c.id == person_id).values(**values))

    def _places_of(self, person_id: int) -> list[int]:
        """The addresses that speak for her, those where she is a guest, and what stands for her
        number."""
        tied = select(address_person.c.address_id).where(address_person.c.person_id == person_id)
        here = select(session.c.address_id).where(session.c.person_id == person_id)
        rings = select(address.c.id).where(address.c.sender == f"{PHONE}{person_id}")
        return sorted(set(self.conn.execute(tied.union(here, rings)).scalars()))

    def _forget_letters(self, person_id: int, places: list[int]) -> None:
        """The words of her dialogues. What was not sent yet is not sent any more."""
        d = delivery.c
        hers = d.person_id == person_id
        waiting = update(delivery).where(hers, d.state.not_in(TERMINAL))
        self.conn.execute(waiting.values(state=State.CANCELLED, reason="erased"))
        # On a phone of several people nobody can tell whose an old line was: all of them go.
        spoken = or_(hers, and_(d.address_id.in_(places), d.state.in_(TERMINAL)))
        said = select(d.letter_id).join(letter, letter.c.id == d.letter_id)
        in_dialogue = said.where(spoken, letter.c.notice_id.is_(None))
        self.conn.execute(delete(letter_text).where(letter_text.c.letter_id.in_(in_dialogue)))
        # On a page the ids of updates begin with a part of hers, and so do these keys.
        keys = update(letter).where(letter.c.id.in_(in_dialogue))
        self.conn.execute(keys.values(key=nobody(letter.c.id)))
        # That it arrived stays as a fact; when she saw it and what she said of it goes.
        blank = {"lang": "", "params": None, "seen_at": None, "acknowledged_at": None}
        self.conn.execute(update(delivery).where(hers).values(**blank))
        self.conn.execute(delete(notice_recipient).where(notice_recipient.c.person_id == person_id))

    def _leave_sessions(self, person_id: int, places: list[int], but: int | None) -> None:
        """Nothing is remembered at her addresses; a turn that runs there just now is replayed."""
        c = session.c
        found = select(c.address_id, c.person_id).where(c.address_id.in_(places))
        for row in self.conn.execute(found).all():
            if row.address_id == but:
                continue
            guest = self._new_guest() if row.person_id == person_id else row.person_id
            changed = update(session).where(c.address_id == row.address_id)
            left: dict[str, Any] = {
                "person_id": guest,
                "step": "",
                "notes": {},
                "revision": c.revision + 1,
            }
            self.conn.execute(changed.values(**left))

    def _new_guest(self) -> int:
        made = insert(person).values(created_at=self.now).returning(person.c.id)
        return int(self.conn.execute(made).scalar_one())

    def _forget_requests(self, person_id: int) -> None:
        """Her words to helpers. What was only about her own data or question needs nobody now;
        danger and the request to erase stay open."""
        c = request.c
        hers = update(request).where(c.person_id == person_id)
        asked = c.kind.in_((RequestKind.HELP, RequestKind.CORRECTION)) & (c.state != "closed")
        self.conn.execute(hers.where(asked).values(state="closed", closed_at=self.now))
        needed = (c.kind == RequestKind.URGENT) & (c.state != "closed")
        self.conn.execute(hers.where(~needed).values(language=OFFICE_LANGUAGE))
        self.conn.execute(hers.values(last_texts=[]))

    def _forget_waiting(self, places: list[int]) -> None:
        """What came in from her alone and was not answered yet."""
        i = inbound.c
        for place in self._hers_alone(places):
            waits = (i.account_id == place.account_id, i.done_at.is_(None))
            hers = update(inbound).where(*waits, i.payload["sender"].as_string() == place.sender)
            self.conn.execute(hers.values(payload=None, done_at=self.now))

    def forget_address(self, address_id: int) -> None:
        """The id of a sender on a channel, where the address speaks for nobody any more."""
        self._forget_addresses([address_id])

    def _forget_addresses(self, places: list[int]) -> None:
        """Her id on each channel."""
        i = inbound.c
        for place in self._hers_alone(places):
            begins = i.update_id.startswith(place.sender[:16] + ":", autoescape=True)
            hers = update(inbound).where(i.account_id == place.account_id, begins)
            self.conn.execute(hers.values(update_id=nobody(i.id)))
            said = (echo.c.account_id == place.account_id, echo.c.sender == place.sender)
            self.conn.execute(delete(echo).where(*said))
            gone = {"gone_at": self.now, "gone_reason": "erased", **UNHEARD}
            here = update(address).where(address.c.id == place.id)
            self.conn.execute(here.values(sender=nobody(address.c.id), **gone))

    def _hers_alone(self, places: list[int]) -> list[Any]:
        """Those of her addresses that speak for nobody else, once her own ties are cut."""
        shared = select(address_person.c.address_id)
        query = select(address.c.id, address.c.account_id, address.c.sender)
        alone = query.where(address.c.id.in_(places), address.c.id.not_in(shared))
        return list(self.conn.execute(alone))

    def _forget_cards(self, person_id: int) -> None:
        hers = select(card.c.id).where(card.c.person_id == person_id)
        guessed = update(wrong_guess).where(wrong_guess.c.card_id.in_(hers))
        self.conn.execute(guessed.values(card_id=None))
        self.conn.execute(delete(card).where(card.c.person_id == person_id))

    def _forget_lines(self, person_id: int) -> None:
        """Her lines, and what imports remember of them, undone imports too."""
        c = roster_change.c
        brought = select(c.record_id).where(
            c.before.is_(None), c.after["person_id"].as_integer() == person_id
        )
        now = select(record.c.id).where(record.c.person_id == person_id)
        ids = set(self.conn.execute(brought.union(now)).scalars())
        self.conn.execute(delete(roster_change).where(c.record_id.in_(ids)))
        self.conn.execute(delete(record).where(record.c.person_id == person_id))


UNKNOWN: dict[str, Any] = {
    "language": None,
    "comfort": None,
    "preferred_address_id": None,
    "notices_stopped_at": None,
    "simple_mode": None,
}


def nobody(number: Any) -> Any:
    """What stands for an id of hers: unique, and nobody's."""
    return literal(NOBODY) + cast(number, Text)
