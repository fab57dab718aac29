"""What a handler gets: a Turn collects what to say and where the dialogue goes; it does nothing.

The inbox saves all of it in one transaction; the services a turn may use are its `desk`.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from bot.access import facets_of
from bot.content import Facets, Library, Place
from bot.handoff import desk_for
from bot.i18n import N_, Texts, Translator
from bot.knowledge import Known
from bot.reception import Desk
from bot.store.accounts import Address
from bot.text import clip, phone_groups
from bot.values.event import Event
from bot.values.incoming import Incoming
from bot.values.notice import Heard
from bot.values.person import Person
from bot.values.reply import Choice, MapPoint, Media, Phone, Reply, Style
from bot.values.request import Request, RequestKind
from bot.values.session import Session

TALK = N_("🙋 Talk to a person")
FALLBACK_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class Told:
    """Something to say to a person at another of her addresses."""

    person_id: int
    address: Address
    reply: Reply


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
    also: tuple[str, str] | None = None  # the second of two questions in one message
    family: tuple[int, ...] = ()  # ids of the people this address speaks for in this event
    personal: bool = False  # what is said now is about her, see `opening`
    told: list[Told] = field(default_factory=list)

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

    @cached_property
    def unheard(self) -> list[Heard]:
        """Notices that came here after her last word and wait for "I received it", oldest first:
        the last is what she has before her eyes."""
        if self.known is None or self.frozen:
            return []
        where, since = self.session.address_id, self.session.seen_at
        return self.desk.unheard(self.event.id, where, since)

    @property
    def relatives(self) -> tuple[Person, ...]:
        """Everybody in the list in force whom this address speaks for, first linked first."""
        known = (self.desk.person(one, self.event.id) for one in self.family)
        return tuple(one for one in known if one is not None and one.linked)

    @property
    def shared(self) -> bool:
        """Does this address speak for somebody else on the list, too?"""
        others = any(one != self.person.id for one in self.family)
        return others and any(one.id != self.person.id for one in self.relatives)

    @property
    def undecided(self) -> bool:
        """Several people share this address, and in this dialogue nobody said for whom."""
        if not self.shared or self.notes.get("adding") == self.person.id:
            return False
        return self.notes.get("whom") != self.person.id and len(self.relatives) > 1

    @property
    def opening(self) -> str:
        """Where several people share an address: whose answer this is."""
        record = self.person.record
        if not self.personal or record is None or record.status != "active":
            return ""
        if not self.shared:
            return ""
        return f"{clip(record.full_name, 60)}:\n"

    def say(
        self,
        text: str,
        *choices: Choice,
        media: tuple[Media, ...] = (),
        point: MapPoint | None = None,
        style: Style = Style.PLAIN,
        language: str = "",
        place: Place | None = None,
        phones: tuple[Phone, ...] = (),
        asks_number: bool = False,
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
        whole = self.opening + text
        said = Reply(
            whole, choices, media, point, style, controls, spoken, phones, asks_number=asks_number
        )
        self.replies.append(said)

    def tell(self, address: Address, text: str, *choices: Choice) -> None:
        """Say something to her at another of her addresses; `text` is translated already."""
        language = self.t.spoken_in(TALK)
        reply = Reply(text, choices, controls=self.controls(), language=language)
        self.told.append(Told(self.person.id, address, reply))

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

    def ask(
        self,
        step: str,
        text: str,
        *choices: Choice,
        style: Style = Style.QUESTION,
        asks_number: bool = False,
    ) -> None:
        """Say, and let `step` read what she answers."""
        self.say(text, *choices, style=style, asks_number=asks_number)
        self.session = replace(self.session, step=step)

    def wait_at(self, step: str) -> None:
        """Let `step` read what she types next, if she types."""
        self.session = replace(self.session, step=step)

    def go(self, name: str, argument: str = "") -> None:
        """Let another route answer; the router runs it next."""
        self.next = (name, argument)

    def also_go(self, name: str, argument: str = "") -> None:
        """And when that is said, let this route answer her second question."""
        self.also = (name, argument)

    def finish(self) -> None:
        """Wait for nothing in particular."""
        self.session = replace(self.session, step="")

    def hand_over(
        self,
        topic: str = "",
        *,
        kind: RequestKind = RequestKind.HELP,
        of: str = "",
        at: str = "",
    ) -> Request:
        """Ask for a person; `of` names the roster field of a correction, or who is called.

        `at` is where she says she is; without it helpers are told her hotel.
        """
        return self.desk.open_request(
            self.person,
            self.session.address_id,
            kind=kind,
            language=self.t.language.code,
            topic=topic,
            of=of,
            at=at,
            last_texts=tuple(self.notes.get("recent", ())),
        )

    def desk_for(self, topic: str) -> Place | None:
        """The help desk to send her to."""
        return desk_for(self.library, topic, self.t.language.code, self.who)

    def forget_text(self) -> None:
        """What she just typed is no helper's business: a card's code, digits of her phone."""
        self.notes["recent"] = list(self.notes.get("recent", ()))[:-1]

    def agree(self, version: str, language: str, yes: bool) -> None:
        """Her answer to the consent text of this version, read in this language."""
        self.desk.consent(self.event.id, self.person.id, version, language, yes)
        self.person = replace(self.person, consented=yes, agreed_earlier=False)

    def stop_notices(self, stop: bool) -> None:
        """Ordinary notices stop, or come again."""
        self.desk.stop_notices(self.person.id, stop)
        self.person = replace(self.person, notices_stopped_at=self.now if stop else None)

    def be_forgotten(self) -> None:
        """What the assistant keeps about her is erased; this address is a stranger's now."""
        where, gone = self.session.address_id, self.person.id
        self.family = tuple(one for one in self.family if one != gone)
        self.become(self.desk.forget(self.person.id, self.event.id, where))
        self.session = replace(self.session, step="", notes={}, version_id=None)

    def speak(self, language: str) -> None:
        """From now on in the language she chose."""
        self.desk.choose_language(self.person.id, language)
        self.person = replace(self.person, language=language)
        self.__dict__.pop("t", None)

    def be_simple(self, simple: bool) -> None:
        """From now on in short, or whole again."""
        self.desk.be_simple(self.person.id, simple)
        self.person = replace(self.person, simple=simple)

    def turn_to(self, person: Person) -> None:
        """From now on for somebody else at this address; what was one's stays out of the other's.

        Only a card that is being linked goes along.
        """
        card = self.notes.get("card")
        self.notes.clear()
        if card is not None:
            self.notes["card"] = card
        self.finish()
        self.become(person)

    def become(self, person: Person) -> None:
        """This address now speaks for a linked person."""
        self.person = person
        self.session = replace(self.session, person_id=person.id)
        self.__dict__.pop("t", None)
