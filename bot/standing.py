"""Where a sender stands: address, session, person, event; loaded for a turn, saved after it."""

from dataclasses import dataclass, replace

from bot.access import find_card, looks_like_code, may_guess
from bot.knowledge import Known
from bot.reception import Desk, House
from bot.store import Work
from bot.store.accounts import Address
from bot.turn import Turn
from bot.values.incoming import Incoming, Kind
from bot.values.person import Person
from bot.values.session import Session


@dataclass(slots=True)
class Standing:
    """Everything about the sender of one update. After `save` it shows who was answered."""

    incoming: Incoming
    address: Address
    session: Session
    person: Person
    known: Known | None
    is_new: bool
    family: tuple[int, ...] = ()

    @property
    def event_id(self) -> int | None:
        """The event the answer belongs to."""
        return self.known.event.id if self.known else None

    @property
    def address_id(self) -> int:
        """The address that is answered."""
        return self.address.id

    @property
    def person_id(self) -> int:
        """The person who is answered."""
        return self.person.id

    def turn(self, work: Work, house: House) -> Turn:
        """A turn for the router, on a copy of the notes."""
        session = replace(self.session, notes=dict(self.session.notes))
        desk = Desk(work, house, self.known)
        frozen = self.address.frozen_at is not None
        return Turn(
            self.incoming,
            session,
            self.person,
            self.known,
            work.now,
            desk,
            house.texts,
            frozen=frozen,
            family=self.family,
        )

    def save(self, work: Work, turn: Turn) -> None:
        """Keep where the dialogue stands now; raises StaleSession when another turn was faster."""
        self.person = turn.person
        self.session = replace(turn.session, event_id=self.event_id)
        self.keep(work)

    def keep(self, work: Work) -> None:
        """Write the session, for the first time or over the one that was read."""
        self._mark_presence(work)
        if self.is_new:
            work.sessions.add(self.session)
        else:
            work.sessions.save(self.session)

    def _mark_presence(self, work: Work) -> None:
        if self.incoming.kind is Kind.LEFT:
            work.accounts.mark_gone(self.address.id, "left")
        elif self.address.gone_at is not None:
            work.accounts.mark_back(self.address.id)


def stand(work: Work, house: House, incoming: Incoming) -> Standing:
    """Load or make what a turn needs to know of its sender."""
    found = work.sessions.at(incoming.account_id, incoming.sender)
    address, session = found or (
        work.accounts.add_address(incoming.account_id, incoming.sender),
        None,
    )
    is_new = session is None
    known = house.knowledge.get(_event_id(work, house, address, session, incoming))
    event_id = known.event.id if known else None
    family = _family(work, address, event_id)
    if address.frozen_at is not None:
        person, session = _as_guest(work, session, event_id)
    else:
        person, session = _current(work, family, session, event_id)
    usual = known is not None and known.event.simple
    person = person or Person(work.people.add(), simple=usual)
    session = replace(session or Session(address.id, person.id, event_id), person_id=person.id)
    return Standing(incoming, address, session, person, known, is_new, family)


def _family(work: Work, address: Address, event_id: int | None) -> tuple[int, ...]:
    """The people this address speaks for in this event; a paused one speaks for nobody."""
    if event_id is None or address.frozen_at is not None:
        return ()
    return tuple(one for one, where in work.accounts.people_at(address.id) if where == event_id)


def _current(
    work: Work, family: tuple[int, ...], session: Session | None, event_id: int | None
) -> tuple[Person | None, Session | None]:
    """Who speaks: whom the dialogue was left with, unless the ties changed elsewhere since."""
    person = work.people.get(session.person_id, event_id) if session else None
    if session and person and person.record is not None and person.id not in family:
        # The desk, or she herself from another phone, took this address away from her.
        person, session = None, replace(session, step="", notes={})
    if person is None or person.record is None:
        adding = session is not None and session.notes.get("adding") == session.person_id
        if family and not adding:
            person = _first_of(work, family, event_id)
    return person, session


def _first_of(work: Work, family: tuple[int, ...], event_id: int | None) -> Person | None:
    """Who was linked first and is on the list in force, else who was linked first."""
    people = [one for one in (work.people.get(each, event_id) for each in family) if one]
    return next((one for one in people if one.linked), people[0] if people else None)


def _event_id(
    work: Work, house: House, address: Address, session: Session | None, incoming: Incoming
) -> int | None:
    """The event a dialogue is about: chosen before, the account's, the card's, or the only one."""
    if session is not None and house.knowledge.get(session.event_id):
        return session.event_id
    account = work.accounts.get(incoming.account_id)
    if account is not None and account.event_id is not None:
        return account.event_id
    only = house.knowledge.only_event()
    return only.id if only else _event_of_card(work, house, address, incoming)


def _event_of_card(work: Work, house: House, address: Address, incoming: Incoming) -> int | None:
    """On a shared account the card names the event. A typed code is a guess, and counted as one."""
    if incoming.started_with:
        card = find_card(work, house.vault, incoming.started_with)
        return card.event_id if card else None
    if not looks_like_code(incoming.text) or not may_guess(work, address.id, None):
        return None
    card = find_card(work, house.vault, incoming.text)
    if card is None:
        work.cards.guessed_wrong(address.id, None)
    return card.event_id if card else None


def _as_guest(
    work: Work, session: Session | None, event_id: int | None
) -> tuple[Person | None, Session | None]:
    """Whoever holds a phone that was reported lost is a guest, without a past.

    Only the language stays, so that its owner, should she hold it, understands whom to call.
    """
    person = work.people.get(session.person_id, event_id) if session else None
    if person is None or session is None or not (person.record or person.roles):
        return person, session
    guest = Person(work.people.add(), language=person.language, simple=person.simple)
    if person.language:
        work.people.set_language(guest.id, person.language)
    return guest, replace(session, person_id=guest.id, step="", notes={})
