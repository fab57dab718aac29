"""What a turn may ask of the house while it is being answered: its services, one unit of work.

Handlers know no database and no keys; they know these.
"""

from dataclasses import dataclass
from datetime import datetime

from bot import notices, privacy, questions
from bot.access import (
    Linked,
    desk_code,
    facets_of,
    find_card,
    link_with_digits,
    link_with_number,
    looks_like_code,
    may_guess,
)
from bot.answers import Verdict
from bot.content import Document
from bot.handoff import open_request
from bot.i18n import Language, Texts
from bot.knowledge import Knowledge, Known
from bot.phones import PhoneDesk
from bot.questions import Group, TooMany
from bot.roster.cells import CellError, phone_of
from bot.store import Work
from bot.values.event import Event
from bot.values.notice import Heard
from bot.values.person import Person, Record
from bot.values.request import Request, RequestKind
from bot.vault import Vault

MOST_GROUPED = 200  # in a turn, which others wait behind


@dataclass(frozen=True, slots=True)
class House:
    """What every turn of this process shares."""

    knowledge: Knowledge
    texts: Texts
    vault: Vault
    retention_days: int = 30


class Desk:
    """The services a turn may use, inside the turn's own unit of work."""

    def __init__(self, work: Work, house: House, known: Known | None) -> None:
        self._work = work
        self._house = house
        self._known = known
        self._verdicts: dict[tuple[str, str], Verdict] = {}

    @property
    def phones(self) -> PhoneDesk:
        """What may be done about her phones."""
        assert self._known is not None
        return PhoneDesk(self._work, self._house.vault, self._known.event.id)

    def head_of(self, record: Record) -> Record | None:
        """The head of her delegation."""
        return self._work.roster.head_of(record.event_id, record.delegation)

    def ask(self, question: str, language: str) -> Verdict:
        """The approved answers that fit a free question."""
        assert self._known is not None
        key = question, language  # several of a turn's rules ask for the same
        if key not in self._verdicts:
            self._verdicts[key] = self._known.matcher.ask(question, language)
        return self._verdicts[key]

    def send_question(
        self, text: str, language: str, person: Person, address_id: int
    ) -> int | TooMany:
        """Keep a question for the organisers, at her word; its number, or why it is not taken."""
        assert self._known is not None
        event_id, matcher = self._known.event.id, self._known.matcher
        return questions.send(
            self._work, event_id, matcher, text, language, person=person, address_id=address_id
        )

    def take_back_question(self, number: int, address_id: int) -> bool:
        """She does not want it read; False when somebody decided about it already."""
        return questions.take_back(self._work, number, address_id)

    def propose_example(self, person: Person, text: str, language: str, answer_id: str) -> None:
        """Her words led to this answer; nothing is kept of who she is, or when."""
        if self._known is not None:
            event_id = self._known.event.id
            questions.propose(self._work, event_id, person, text, language, answer_id)

    def waiting_questions(self) -> list[Group]:
        """What delegates sent, the latest of it, grouped; for those who may see it."""
        assert self._known is not None
        return questions.groups(self._work, self._known.event, MOST_GROUPED, quickly=True)

    def language(self, code: str) -> Language | None:
        """A row of the table of languages."""
        return self._house.texts.languages.get(code)

    def card(self, written: str) -> int | None:
        """The id of the card in force with this token or code."""
        card = find_card(self._work, self._house.vault, written)
        return card.id if card else None

    def card_event(self, card_id: int) -> int | None:
        """The event a card belongs to."""
        card = self._work.cards.get(card_id)
        return card.event_id if card else None

    def card_person(self, card_id: int) -> int | None:
        """The person a card was printed for."""
        card = self._work.cards.get(card_id)
        return card.person_id if card else None

    def could_be_code(self, written: str) -> bool:
        """Could this be the code printed on a card? Only then is it worth a guess."""
        return looks_like_code(written)

    def may_guess(self, address_id: int) -> bool:
        """False for a quarter of an hour after five wrong codes from this address."""
        return may_guess(self._work, address_id, None)

    def link(self, card_id: int, address_id: int, digits: str) -> tuple[Linked, Record | None]:
        """Try to tie an address to the card's person."""
        return link_with_digits(self._work, self._house.vault, card_id, address_id, digits)

    def link_by_number(
        self, event_id: int, address_id: int, number: str
    ) -> tuple[Linked, Record | None]:
        """Try to tie an address to whoever has this number, which its channel vouches for."""
        try:
            phone = phone_of(number)
        except CellError:
            return Linked.AT_DESK, None
        if not phone:  # the roster also holds people without a number, who are all alike
            return Linked.AT_DESK, None
        hashed = self._house.vault.fingerprint(phone)
        return link_with_number(self._work, event_id, address_id, hashed)

    def guessed_wrong(self, address_id: int) -> None:
        """A typed code that is no card's counts as a guess."""
        self._work.cards.guessed_wrong(address_id, None)

    def code_for_desk(self, address_id: int) -> str:
        """What she shows at the help desk to be linked there."""
        return desk_code(self._house.vault, address_id)

    def choose_language(self, person_id: int, language: str) -> None:
        """Her own choice; nothing else sets it."""
        self._work.people.set_language(person_id, language)

    def consent(
        self, event_id: int, person_id: int, version: str, language: str, yes: bool
    ) -> None:
        """Keep her answer as proof."""
        self._work.people.consent(event_id, person_id, version, language, yes)

    def stop_notices(self, person_id: int, stop: bool) -> None:
        """Her own switch for ordinary notices; those about safety are sent all the same."""
        self._work.people.stop_notices(person_id, stop)

    def gone_at(self, event: Event) -> datetime:
        """From when on nothing about her is kept, at the latest."""
        return privacy.people_go_at(event, self._house.retention_days)

    def kept(self, person_id: int, event_id: int) -> privacy.Copy:
        """Everything that is kept about her, table by table."""
        return privacy.copy_of(self._work, self._house.vault, event_id, person_id)

    def own_copy(self, account_id: int, person_id: int, event_id: int) -> str | None:
        """The name of the file that holds all of it; None where no page of ours hands it over."""
        account = self._work.accounts.get(account_id)
        if account is None or account.kind != "webchat":
            return None
        return privacy.name_of_copy(self._house.vault, event_id, person_id)

    def forget(self, person_id: int, event_id: int, address_id: int) -> Person:
        """Erase what the assistant keeps about her; returns the stranger this address is now."""
        privacy.forget(
            self._work,
            self._house.vault,
            person_id,
            event_id,
            actor=f"address:{address_id}",
            but_session_at=address_id,
        )
        return self.guest(event_id)

    def take_over(self, guest_id: int, record: Record, *, keep: bool = False) -> Person:
        """What the guest chose becomes the person's; returns her as she stands now.

        `keep`: a language she chose before stays.
        """
        self._work.people.move(guest_id, record.person_id, record.event_id, keep=keep)
        self._work.questions.hand_on(guest_id, record.person_id)
        person = self._work.people.get(record.person_id, record.event_id)
        assert person is not None
        return person

    def acknowledge(self, event_id: int, address_id: int, written: str) -> Heard | None:
        """She has this letter of a notice, says a button; None when it is none of this phone's."""
        return notices.acknowledge(self._work, event_id, address_id, written)

    def heard(self, event_id: int, address_id: int, written: str) -> Heard | None:
        """A letter of a notice again, for whoever it was written to."""
        return notices.heard(self._work, event_id, address_id, written)

    def unheard(self, event_id: int, address_id: int, since: datetime | None) -> list[Heard]:
        """Letters that came to this phone since then and wait for her word, oldest first."""
        return notices.unheard(self._work, event_id, address_id, since)

    def let_go(self, address_id: int, person_id: int, event_id: int) -> Person:
        """This address no longer speaks for that person; returns the guest it speaks for now."""
        self._work.accounts.untie(address_id, person_id)
        guest = self.guest(event_id)
        self._work.questions.hand_on(person_id, guest.id, address_id)
        who, whom = f"address:{address_id}", f"person:{person_id}"
        self._work.audit.add(event_id, who, "unlink", whom, how="not me")
        return guest

    def guest(self, event_id: int) -> Person:
        """Somebody of whom nothing is known yet."""
        guest = self._work.people.get(self._work.people.add(), event_id)
        assert guest is not None
        return guest

    def person(self, person_id: int, event_id: int) -> Person | None:
        """Somebody as she stands in an event."""
        return self._work.people.get(person_id, event_id)

    def be_simple(self, person_id: int, simple: bool) -> None:
        """Short answers, or whole ones: her own choice."""
        self._work.people.set_simple(person_id, simple)

    def note_opened(self, person: Person, document: Document) -> None:
        """She was given a document's file. Of strangers nothing is kept."""
        assert self._known is not None
        if facets_of(person).linked:
            event_id, version = self._known.event.id, document.version
            self._work.documents.note_opened(event_id, document.slug, version, person.id)

    def add_to_request(self, event_id: int, person_id: int, request_id: int, text: str) -> bool:
        """What she wrote about her own open request; False when nobody waits for it any more."""
        return self._work.requests.add_text(event_id, person_id, request_id, text)

    def open_request(
        self,
        person: Person,
        address_id: int,
        *,
        kind: RequestKind,
        language: str,
        topic: str = "",
        of: str = "",
        at: str = "",
        last_texts: tuple[str, ...] = (),
    ) -> Request:
        """Ask for a person on her behalf; `of` is the field she asks about, `at` where she is."""
        assert self._known is not None
        return open_request(
            self._work,
            self._known.event.id,
            person.id,
            address_id,
            kind=kind,
            language=language,
            topic=topic,
            place=at or (person.record.hotel if person.record else ""),
            field=of,
            last_texts=last_texts,
        )
