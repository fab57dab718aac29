"""Forgetting what was kept long enough: the words of an event first, later its people.

Everything may be run again: what is gone already is counted as nothing.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update

from bot.store.accounts import UNHEARD, address, address_person, channel_account
from bot.store.base import Family, overwrite_what_goes
from bot.store.cards import card, wrong_guess
from bot.store.deliveries import delivery, delivery_attempt
from bot.store.documents import Documents
from bot.store.echoes import echo
from bot.store.handed_in import handed_in
from bot.store.inbound import inbound
from bot.store.jobs import job
from bot.store.letters import letter, letter_text
from bot.store.notices import notice, notice_recipient
from bot.store.people import consent, membership, person
from bot.store.phones import phone_code
from bot.store.privacy import NOBODY, OFFICE_LANGUAGE, UNKNOWN, nobody
from bot.store.proposals import Proposals
from bot.store.questions import question, question_sent
from bot.store.requests import request
from bot.store.roster import record, roster_change, roster_import
from bot.store.sessions import session
from bot.store.templates import PHONE
from bot.store.transcripts import transcript
from bot.values.delivery import TERMINAL, State

Counts = dict[str, int]
EVER = datetime(9999, 1, 1, tzinfo=UTC)  # later than anything that was said
_CHUNK = 500  # ids in one IN (...)


class _Whose(NamedTuple):
    """Who and what belongs to an event alone: nobody who takes part in another one too."""

    people: list[int]
    addresses: list[int]


class Retention(Family):
    """Forgets by age. Every verb returns how many rows of each table it changed."""

    def forget_words(self, event_id: int | None, before: datetime) -> Counts:
        """What was said in an event before `before`; None: by strangers, in no event at all.

        What was not delivered by then is not delivered any more.
        """
        overwrite_what_goes(self.conn)
        return {
            "transcript": self._forget_lines(event_id, before),
            "handed_in": self._forget_handed_in(event_id, before),
            "session": self._forget_notes(event_id, before),
            "letter_text": self._forget_letters(event_id, before),
            "inbound": self._forget_payloads(event_id, before),
            "request": self._forget_last_texts(event_id, before),
            "question": self._forget_questions(event_id, before),
            "example_proposal": self._forget_proposals(event_id),
        }

    def forget_people(self, event_id: int) -> Counts:
        """Everybody of an event, and every word of theirs. What stays are counts and official
        texts; deliveries are gone, so their counts are returned as `delivery.<state>`."""
        done = self.forget_words(event_id, EVER)
        whose = self._whose(event_id)
        done |= self._forget_roster(event_id)
        done |= self._forget_cards(event_id, whose)
        done |= self._forget_deliveries(event_id)
        done |= {
            "document_opened": Documents(self.conn, self.now).reduce(event_id),
            "address_person": self._delete(address_person, address_person.c.event_id == event_id),
            "membership": self._delete(membership, membership.c.event_id == event_id),
            "job": self._delete(job, job.c.event_id == event_id, job.c.finished_at.is_not(None)),
            "session": self._delete_sessions(event_id, whose),
            "request": self._reduce_requests(event_id),
            "consent": self._reduce_consent(event_id),
            "inbound": done["inbound"] + self._delete_inbound(event_id),
        }
        done |= {"person": self._blank_people(whose), "address": self._blank_addresses(whose)}
        return done

    # Words.

    def _forget_lines(self, event_id: int | None, before: datetime) -> int:
        here = transcript.c.address_id.in_(_addresses(event_id))
        return self._delete(transcript, here, transcript.c.at < before)

    def _forget_handed_in(self, event_id: int | None, before: datetime) -> int:
        here = handed_in.c.address_id.in_(_addresses(event_id))
        return self._delete(handed_in, here, handed_in.c.at < before)

    def _forget_notes(self, event_id: int | None, before: datetime) -> int:
        c = session.c
        old = (_of(c.event_id, event_id), c.updated_at < before, c.notes != {})
        changed = update(session).where(*old)
        left = {"notes": {}, "step": "", "revision": c.revision + 1}
        return self.conn.execute(changed.values(**left)).rowcount

    def _forget_letters(self, event_id: int | None, before: datetime) -> int:
        """Answers in dialogues; what was said to everybody is the organisers' own text."""
        c = letter.c
        old = select(c.id).where(
            _of(c.event_id, event_id), c.created_at < before, c.notice_id.is_(None)
        )
        d = delivery.c
        waiting = update(delivery).where(d.letter_id.in_(old), d.state.not_in(TERMINAL))
        self.conn.execute(waiting.values(state=State.EXPIRED, reason="too late"))
        return self._delete(letter_text, letter_text.c.letter_id.in_(old))

    def _forget_payloads(self, event_id: int | None, before: datetime) -> int:
        i = inbound.c
        accounts = select(channel_account.c.id).where(_of(channel_account.c.event_id, event_id))
        old = (i.account_id.in_(accounts), i.received_at < before, i.payload.is_not(None))
        done = update(inbound).where(*old).values(payload=None, done_at=self.now)
        return self.conn.execute(done).rowcount

    def _forget_last_texts(self, event_id: int | None, before: datetime) -> int:
        c = request.c
        old = (_of(c.event_id, event_id), c.created_at < before, c.last_texts != [])
        return self.conn.execute(update(request).where(*old).values(last_texts=[])).rowcount

    def _forget_questions(self, event_id: int | None, before: datetime) -> int:
        old = (_of(question.c.event_id, event_id), question.c.at < before)
        sent = question_sent.c.question_id.in_(select(question.c.id).where(*old))
        self._delete(question_sent, sent)
        return self._delete(question, *old)

    def _forget_proposals(self, event_id: int | None) -> int:
        """They have no time; every one of an event goes with its first words."""
        if event_id is None:
            return 0
        return Proposals(self.conn, self.now).forget(event_id)

    # People.

    def _whose(self, event_id: int) -> _Whose:
        ties = ((t.c.person_id, t.c.event_id) for t in _TIED)
        people = self._only_here(event_id, ties)
        places = [
            (session.c.address_id, session.c.event_id),
            (address_person.c.address_id, address_person.c.event_id),
            (address.c.id, channel_account.c.event_id),
        ]
        return _Whose(people, self._only_here(event_id, places))

    def _only_here(self, event_id: int, where: Iterable[tuple[Any, Any]]) -> list[int]:
        here: set[int] = set()
        elsewhere: set[int] = set()
        for whose, which in where:
            query = select(whose, which).distinct()
            if which.table is channel_account:
                query = query.join(channel_account, channel_account.c.id == address.c.account_id)
            for found, its_event in self.conn.execute(query.where(which.is_not(None))):
                (here if its_event == event_id else elsewhere).add(found)
        return sorted(here - elsewhere)

    def _forget_roster(self, event_id: int) -> Counts:
        imports = select(roster_import.c.id).where(roster_import.c.event_id == event_id)
        named = update(roster_import).where(
            roster_import.c.event_id == event_id, roster_import.c.file_name != ""
        )
        return {
            "roster_change": self._delete(roster_change, roster_change.c.import_id.in_(imports)),
            "roster_import": self.conn.execute(named.values(file_name="", author="")).rowcount,
            "record": self._delete(record, record.c.event_id == event_id),
        }

    def _forget_cards(self, event_id: int, whose: _Whose) -> Counts:
        cards = select(card.c.id).where(card.c.event_id == event_id)
        guessed = self._delete(wrong_guess, wrong_guess.c.card_id.in_(cards))
        for some in _chunks(whose.addresses):
            guessed += self._delete(wrong_guess, wrong_guess.c.address_id.in_(some))
        return {
            "wrong_guess": guessed,
            "phone_code": self._delete(phone_code, phone_code.c.event_id == event_id),
            "card": self._delete(card, card.c.event_id == event_id),
        }

    def _forget_deliveries(self, event_id: int) -> Counts:
        d = delivery.c
        here = d.event_id == event_id
        states = select(d.state, func.count()).where(here).group_by(d.state).order_by(d.state)
        counts = {f"delivery.{row[0]}": row[1] for row in self.conn.execute(states)}
        ids = select(d.id).where(here)
        attempts = self._delete(delivery_attempt, delivery_attempt.c.delivery_id.in_(ids))
        total = self._delete(delivery, here)
        in_dialogue = (letter.c.event_id == event_id, letter.c.notice_id.is_(None))
        letters = self._delete(letter, *in_dialogue)
        counts |= {"delivery_attempt": attempts, "delivery": total, "letter": letters}
        return counts | self._forget_audiences(event_id)

    def _forget_audiences(self, event_id: int) -> Counts:
        """Whom notices were meant for; their words are the organisers' own, and stay."""
        c = notice.c
        notices = select(c.id).where(c.event_id == event_id)
        meant = self._delete(notice_recipient, notice_recipient.c.notice_id.in_(notices))
        named = update(notice).where(c.event_id == event_id)
        self.conn.execute(named.values(audience={}))
        return {"notice_recipient": meant}

    def _delete_sessions(self, event_id: int, whose: _Whose) -> int:
        gone = self._delete(session, session.c.event_id == event_id)
        for some in _chunks(whose.addresses):
            gone += self._delete(session, session.c.address_id.in_(some))
        return gone

    def _reduce_requests(self, event_id: int) -> int:
        """What was asked and when stays; where she lived and in which language does not."""
        c = request.c
        more = or_(c.place != "", c.language != OFFICE_LANGUAGE, c.state != "closed")
        these = update(request).where(c.event_id == event_id, more)
        closed = func.coalesce(c.closed_at, self.now)
        left = {"place": "", "language": OFFICE_LANGUAGE, "state": "closed", "closed_at": closed}
        return self.conn.execute(these.values(**left)).rowcount

    def _reduce_consent(self, event_id: int) -> int:
        c = consent.c
        these = update(consent).where(c.event_id == event_id, c.language != "")
        return self.conn.execute(these.values(language="")).rowcount

    def _delete_inbound(self, event_id: int) -> int:
        """The ids of updates: on a page they begin with a part of hers."""
        accounts = select(channel_account.c.id).where(channel_account.c.event_id == event_id)
        done = (inbound.c.account_id.in_(accounts), inbound.c.done_at.is_not(None))
        return self._delete(inbound, *done)

    def _blank_people(self, whose: _Whose) -> int:
        changed = 0
        for some in _chunks(whose.people):
            these = update(person).where(person.c.id.in_(some), person.c.erased_at.is_(None))
            blank = these.values(**UNKNOWN, erased_at=self.now)
            changed += self.conn.execute(blank).rowcount
        return changed

    def _blank_addresses(self, whose: _Whose) -> int:
        changed = 0
        rings = [f"{PHONE}{one}" for one in whose.people]
        for some in _chunks([*whose.addresses, *self._ids_of(rings)]):
            known = address.c.sender.not_like(f"{NOBODY}%")
            theirs = exists().where(
                address.c.id.in_(some),
                address.c.account_id == echo.c.account_id,
                address.c.sender == echo.c.sender,
            )
            self._delete(echo, theirs)
            these = update(address).where(address.c.id.in_(some), known)
            gone = {"gone_at": self.now, "gone_reason": "erased", **UNHEARD}
            blank = these.values(sender=nobody(address.c.id), **gone)
            changed += self.conn.execute(blank).rowcount
        return changed

    def _ids_of(self, senders: list[str]) -> list[int]:
        found: list[int] = []
        for at in range(0, len(senders), 500):
            query = select(address.c.id).where(address.c.sender.in_(senders[at : at + 500]))
            found += self.conn.execute(query).scalars()
        return found

    def _delete(self, table: Any, *where: ColumnElement[bool]) -> int:
        return self.conn.execute(delete(table).where(*where)).rowcount


_TIED = (membership, record, address_person, session, consent, request, delivery, card)


def _of(column: Any, event_id: int | None) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.is_(None) if event_id is None else column == event_id
    return found


def _addresses(event_id: int | None) -> Any:
    """The addresses of an event; with None, of strangers whose event nobody knows."""
    accounts = select(channel_account.c.id).where(_of(channel_account.c.event_id, event_id))
    standing = select(session.c.address_id).where(_of(session.c.event_id, event_id))
    own = select(address.c.id).where(address.c.account_id.in_(accounts))
    if event_id is not None:
        return own.union(standing)
    elsewhere = select(session.c.address_id).where(session.c.event_id.is_not(None))
    return own.where(address.c.id.not_in(elsewhere))


def _chunks(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))
