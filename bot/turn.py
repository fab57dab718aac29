"""What a handler gets: a Turn collects what to say and where the dialogue goes; it does nothing.

The inbox saves all of it in one transaction. `Desk` offers the services a turn may use.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from bot import privacy
from bot.access import (
    Linked,
    desk_code,
    facets_of,
    find_card,
    link_with_digits,
    looks_like_code,
    may_guess,
)
from bot.answers import Verdict
from bot.content import Document, Facets, Library, Place
from bot.handoff import desk_for, open_request
from bot.i18n import N_, Language, Texts, Translator
from bot.knowledge import Knowledge, Known
from bot.store import Work
from bot.text import fold, phone_groups
from bot.values.event import Event
from bot.values.incoming import Incoming
from bot.values.person import Person, Record
from bot.values.reply import Choice, MapPoint, Media, Reply, Style
from bot.values.request import Request, RequestKind
from bot.values.session import Session
from bot.vault import Vault

TALK = N_("🙋 Talk to a person")
FALLBACK_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


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

    def head_of(self, record: Record) -> Record | None:
        """The head of her delegation."""
        return self._work.roster.head_of(record.event_id, record.delegation)

    def ask(self, question: str, language: str) -> Verdict:
        """The approved answers that fit a free question."""
        assert self._known is not None
        return self._known.matcher.ask(question, language)

    def note_question(self, text: str, language: str, verdict: Verdict) -> None:
        """Keep a question without a sure answer for the organisers; never who asked it."""
        assert self._known is not None
        best = verdict.candidates[0] if verdict.candidates else None
        self._work.questions.add(
            self._known.event.id,
            language=language,
            text=text,
            folded=fold(text),
            verdict=verdict.kind,
            answer_id=best.answer_id if best else "",
            score=best.score if best else 0.0,
        )

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
        stranger = self._work.people.get(self._work.people.add(), event_id)
        assert stranger is not None
        return stranger

    def take_over(self, guest_id: int, record: Record) -> Person:
        """What the guest chose becomes the person's; returns her as she stands now."""
        self._work.people.move(guest_id, record.person_id, record.event_id)
        person = self._work.people.get(record.person_id, record.event_id)
        assert person is not None
        return person

    def let_go(self, address_id: int, person_id: int, event_id: int) -> Person:
        """This address no longer speaks for that person; returns the guest it speaks for now."""
        self._work.accounts.untie(address_id, person_id)
        who, whom = f"address:{address_id}", f"person:{person_id}"
        self._work.audit.add(event_id, who, "unlink", whom, how="not me")
        guest = self._work.people.get(self._work.people.add(), event_id)
        assert guest is not None
        return guest

    def note_opened(self, person: Person, document: Document) -> None:
        """She was given a document's file. Of strangers nothing is kept."""
        assert self._known is not None
        if facets_of(person).linked:
            event_id, version = self._known.event.id, document.version
            self._work.documents.note_opened(event_id, document.slug, version, person.id)

    def open_request(self, turn: "Turn", kind: RequestKind, topic: str, of: str) -> Request:
        """Ask for a person on behalf of this turn."""
        assert self._known is not None
        record = turn.person.record
        return open_request(
            self._work,
            self._known.event.id,
            turn.person.id,
            turn.session.address_id,
            kind=kind,
            language=turn.t.language.code,
            topic=topic,
            place=record.hotel if record else "",
            field=of,
            last_texts=tuple(turn.notes.get("recent", ())),
        )


@dataclass
class Turn:
    """One message being answered. Handlers read it, say things, and name the next step."""

    incoming: Incoming
    session: Session
    person: Person
    known: Known | None
    now: datetime
    desk: Desk
    texts: Texts
    frozen: bool = False
    argument: str = ""
    replies: list[Reply] = field(default_factory=list)
    next: tuple[str, str] | None = None

    @cached_property
    def t(self) -> Translator:
        """Says our texts in her language and the event's zone."""
        zone = self.known.event.zone if self.known else FALLBACK_ZONE
        # Before she chose a language: Vietnamese, which the picker's own names stand beside.
        return self.texts.translator(self.person.language or "vi", zone)

    @property
    def event(self) -> Event:
        """The event this dialogue is about."""
        assert self.known is not None
        return self.known.event

    @property
    def has_content(self) -> bool:
        """False before it is known which event this is about, or before its content was loaded."""
        return self.known is not None and self.known.library is not None

    @property
    def library(self) -> Library:
        """The approved content. A handler that needs it is only routed to when there is some."""
        assert self.known is not None
        assert self.known.library is not None
        return self.known.library

    @property
    def notes(self) -> dict[str, Any]:
        """What the dialogue remembers at this address; small, JSON."""
        return self.session.notes

    @property
    def who(self) -> Facets:
        """What audiences look at. Without her consent she is told what a stranger is told."""
        return facets_of(self.person)

    @property
    def must_call(self) -> bool:
        """Her phone was reported lost, or she is no longer on the list: people answer her now."""
        return self.frozen or (self.person.record is not None and not self.person.linked)

    def say(
        self,
        text: str,
        *choices: Choice,
        media: tuple[Media, ...] = (),
        point: MapPoint | None = None,
        style: Style = Style.PLAIN,
        language: str = "",
        place: Place | None = None,
    ) -> None:
        """One more message to her. `text` is translated already; `language` is what it is in.

        `place` adds its picture and its point on the map. Whoever names one has asked whether she
        may know of it.
        """
        if place is not None:
            media, point = (*media, *self._pictures(place)), point or self._point(place)
        controls = self.controls()
        # A language without reviewed words is said in the next of its chain.
        spoken = language or self.t.spoken_in(TALK)
        self.replies.append(Reply(text, choices, media, point, style, controls, spoken))

    def controls(self) -> tuple[Choice, ...]:
        """The same three, in the same order, under every message (UX rule 5)."""
        return (
            Choice(self.t("Read again"), "menu.again"),
            Choice(self.t("↩︎ Back"), "menu.back"),
            Choice(self.t(TALK), "helper.start"),
        )

    def _pictures(self, place: Place) -> tuple[Media, ...]:
        medium = self.library.media.get(place.picture)
        if medium is None:
            return ()
        _, text = self.library.text(place, self.t.language.chain)
        return (Media("picture", medium.sha256, place.picture, text.caption),)

    def _point(self, place: Place) -> MapPoint | None:
        if place.lat is None or place.lon is None:
            return None
        _, text = self.library.text(place, self.t.language.chain)
        return MapPoint(place.lat, place.lon, place.sign, text.directions)

    def sign(self, place: Place) -> str:
        """A place as she finds it: its name in her language and, in bold, its sign (UX rule 10)."""
        language, text = self.library.text(place, self.t.language.chain)
        if language == "vi" or text.name == place.sign:
            return f"**{place.sign}**"
        return f"{text.name} (**{place.sign}**)"

    def contact(self, place: Place) -> str:
        """A desk with its hours and phone number, as far as they are known."""
        known = (self.sign(place), place.hours, phone_groups(place.phone))
        return ", ".join(filter(None, known))

    def ask(self, step: str, text: str, *choices: Choice, style: Style = Style.QUESTION) -> None:
        """Say, and let `step` read what she answers."""
        self.say(text, *choices, style=style)
        self.session = replace(self.session, step=step)

    def go(self, name: str, argument: str = "") -> None:
        """Let another route answer; the router runs it next."""
        self.next = (name, argument)

    def finish(self) -> None:
        """Wait for nothing in particular."""
        self.session = replace(self.session, step="")

    def hand_over(
        self, topic: str = "", *, kind: RequestKind = RequestKind.HELP, of: str = ""
    ) -> Request:
        """Ask for a person; `of` names the roster field of a correction."""
        return self.desk.open_request(self, kind, topic, of)

    def desk_for(self, topic: str) -> Place | None:
        """The help desk to send her to."""
        return desk_for(self.library, topic, self.t.language.code, self.who)

    def forget_text(self) -> None:
        """What she just typed is no helper's business: a card's code, digits of her phone."""
        self.notes["recent"] = list(self.notes.get("recent", ()))[:-1]

    def agree(self, version: str, language: str, yes: bool) -> None:
        """Her answer to the consent text of this version, read in this language."""
        self.desk.consent(self.event.id, self.person.id, version, language, yes)
        self.person = replace(self.person, consented=yes)

    def stop_notices(self, stop: bool) -> None:
        """Ordinary notices stop, or come again."""
        self.desk.stop_notices(self.person.id, stop)
        self.person = replace(self.person, notices_stopped_at=self.now if stop else None)

    def be_forgotten(self) -> None:
        """What the assistant keeps about her is erased; this address is a stranger's now."""
        where = self.session.address_id
        self.become(self.desk.forget(self.person.id, self.event.id, where))
        self.session = replace(self.session, step="", notes={}, version_id=None)

    def speak(self, language: str) -> None:
        """From now on in the language she chose."""
        self.desk.choose_language(self.person.id, language)
        self.person = replace(self.person, language=language)
        self.__dict__.pop("t", None)

    def become(self, person: Person) -> None:
        """This address now speaks for a linked person."""
        self.person = person
        self.session = replace(self.session, person_id=person.id)
        self.__dict__.pop("t", None)
