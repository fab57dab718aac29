"""What the organisers approved, as one immutable value: words, places, programme, documents.

Nothing here reads files or a database. A Library is the same whoever made it, so two versions
can be compared, stored by their hash and swapped while people are talking.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from bot.content.audience import Audience, Facets, name_key

FILES_FOLDER = "documents/files"
# Versions stored before this field existed lack it, and keep their bytes and their hash.
_LATER = MappingProxyType({"later": True})


@dataclass(frozen=True, slots=True)
class EventText:
    """The event's names in one language; `greeting` is an optional first line."""

    name: str = ""
    short_name: str = ""
    greeting: str = ""
    draft: bool = False


@dataclass(frozen=True, slots=True)
class AnswerText:
    """An answer in one language. `text` is empty when a handler answers instead (`go`).

    `short` is the simple-mode text, empty when there is none. A draft is not shown to delegates.
    """

    title: str = ""
    text: str = ""
    short: str = ""
    questions: tuple[str, ...] = ()
    draft: bool = False


@dataclass(frozen=True, slots=True)
class PlaceText:
    """A place in one language: its name, how to get there, and the sentence under its picture."""

    name: str = ""
    directions: str = ""
    caption: str = ""
    draft: bool = False


@dataclass(frozen=True, slots=True)
class ItemText:
    """A programme item in one language."""

    title: str = ""
    note: str = ""
    draft: bool = False


@dataclass(frozen=True, slots=True)
class DocumentText:
    """A document in one language: its title, and in a few plain sentences what it says.

    `file` is the name of its file in this language, empty when it was not translated. `where` says
    where an official document is had.
    """

    title: str = ""
    summary: str = ""
    where: str = ""
    file: str = ""
    draft: bool = False


class _MayBeDraft(Protocol):
    @property
    def draft(self) -> bool: ...


Text = TypeVar("Text", bound=_MayBeDraft, covariant=True)


class Worded(Protocol[Text]):
    """Anything that has its words by language."""

    @property
    def by_language(self) -> Mapping[str, Text]: ...


class Addressed(Protocol):
    """Anything that is not for everybody."""

    @property
    def audience(self) -> Audience: ...


@dataclass(frozen=True, slots=True)
class EventFacts:
    """The facts of the event. Days are numbered from 1 = `first_day`, in the event's zone.

    `languages` and `topics` stand in the order of the picker and the menu. `simple`: delegates are
    told things short and slow unless they choose otherwise.
    """

    slug: str
    time_zone: str
    first_day: date
    days: int
    languages: tuple[str, ...]
    topics: tuple[str, ...]
    topic_titles: Mapping[str, Mapping[str, str]]
    hotline: str
    by_language: Mapping[str, EventText]
    simple: bool = field(default=False, metadata=_LATER)

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which every time of this event is written and shown."""
        return ZoneInfo(self.time_zone)

    @property
    def names(self) -> dict[str, str]:
        """The full name by language, without drafts."""
        return {key: text.name for key, text in self.by_language.items() if not text.draft}

    def date_of(self, day: int) -> date:
        """The calendar day of day `day`."""
        return self.first_day + timedelta(days=day - 1)


# Where a wrong answer may hurt somebody: of these an answer has to be more certain, unless its file
# says otherwise.
SENSITIVE_TOPICS = ("health", "security", "y-te", "suc-khoe", "an-ninh")


@dataclass(frozen=True, slots=True)
class Answer:
    """One approved answer. `place` and `item` are cards that follow it; `go` replaces its text."""

    id: str
    topic: str
    audience: Audience
    sensitive: bool
    source: str
    updated: datetime
    place: str
    item: str
    go: str
    by_language: Mapping[str, AnswerText]


@dataclass(frozen=True, slots=True)
class Place:
    """A place people are sent to. `sign` is the exact Vietnamese they will see there.

    `lat` and `lon` are WGS 84 degrees, both None when nobody measured them.
    """

    slug: str
    kind: str
    audience: Audience
    lat: float | None
    lon: float | None
    phone: str
    hours: str
    topics: tuple[str, ...]
    languages: tuple[str, ...]
    picture: str
    sign: str
    matches: tuple[str, ...]
    by_language: Mapping[str, PlaceText]


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the programme; `start` and `end` are clock times in the event's zone."""

    id: str
    day: int
    start: time
    end: time
    place: str
    audience: Audience
    kind: str
    by_language: Mapping[str, ItemText]

    def starts(self, first_day: date, zone: ZoneInfo) -> datetime:
        """When it begins, in UTC, if day 1 is `first_day` in `zone`."""
        return _moment(first_day, self.day, self.start, zone)

    def ends(self, first_day: date, zone: ZoneInfo) -> datetime:
        """When it is over, in UTC."""
        return _moment(first_day, self.day, self.end, zone)


@dataclass(frozen=True, slots=True)
class Document:
    """A paper delegates may read. `version` is the one printed on it.

    `official`: it is had only where `where` and `place` say, and never sent by chat. Whatever is
    not "open" in `sensitivity` has to be.
    """

    slug: str
    audience: Audience
    version: str
    sensitivity: str
    official: bool
    source: str
    updated: datetime
    place: str
    by_language: Mapping[str, DocumentText]


@dataclass(frozen=True, slots=True)
class Medium:
    """A picture or a paper: its bytes live elsewhere, found by their SHA-256. `size` in bytes."""

    sha256: str
    size: int
    kind: str

    @property
    def mime(self) -> str:
        """Its type as the web names it."""
        known = {"svg": "image/svg+xml", "pdf": "application/pdf"}
        return known.get(self.kind, f"image/{self.kind}")


def _none_yet() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Library:
    """One content version: everything the organisers approved. It never changes once made.

    `media` are pictures by name, `files` those of documents.
    """

    event: EventFacts
    answers: Mapping[str, Answer]
    places: Mapping[str, Place]
    items: Mapping[str, Item]
    media: Mapping[str, Medium]
    documents: Mapping[str, Document] = field(default_factory=_none_yet, metadata=_LATER)
    files: Mapping[str, Medium] = field(default_factory=_none_yet, metadata=_LATER)
    _spellings: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        spellings = {
            name_key(spelling): place.slug
            for place in reversed(tuple(self.places.values()))
            for spelling in (*place.matches, place.by_language["vi"].name, place.sign)
            if spelling
        }
        object.__setattr__(self, "_spellings", MappingProxyType(spellings))

    def text(self, of: Worded[Text], chain: Iterable[str]) -> tuple[str, Text]:
        """The words of an answer, place, item or the event, and the language they are really in.

        The first language of the chain that has them and is no draft; at the end Vietnamese,
        which everything has. English is used only where the chain names it (UX rule 22).
        """
        for language in chain:
            text = of.by_language.get(language)
            if text is not None and not text.draft:
                return language, text
        return "vi", of.by_language["vi"]

    def file_of(self, document: Document, chain: Iterable[str]) -> tuple[str, str, Medium] | None:
        """Its file: the language it is really in, its name, and what it is.

        Chosen along the chain as words are. None for an official document, which has none.
        """
        for language in (*chain, "vi"):
            text = document.by_language.get(language)
            if text is not None and not text.draft and text.file in self.files:
                return language, text.file, self.files[text.file]
        return None

    def stored(self) -> Iterator[tuple[str, Medium]]:
        """Everything whose bytes are kept elsewhere, by its path in a content folder."""
        yield from ((f"media/{name}", medium) for name, medium in self.media.items())
        yield from ((f"{FILES_FOLDER}/{name}", medium) for name, medium in self.files.items())

    def topic_title(self, topic: str, chain: Iterable[str]) -> tuple[str, str]:
        """The title of a topic along a chain, and its language. KeyError for an unknown topic."""
        titles = self.event.topic_titles[topic]
        language = next((language for language in chain if language in titles), "vi")
        return language, titles[language]

    def admits(self, of: Addressed, who: Facets) -> bool:
        """Whether this person may be told. Use this rather than the audience itself: it knows
        that the roster's "KS Sen Hồng" is the hotel whose sign says "Khách sạn Sen Hồng"."""
        audience = of.audience
        if audience.names_hotels:  # few do, and a programme asks for each of its items
            audience = Audience(tuple(map(self._signed, audience.terms)))
            who = replace(who, hotel=self._sign(who.hotel))
        return audience.admits(who)

    def _signed(self, term: str) -> str:
        kind, _, name = term.partition(":")
        return f"hotel:{self._sign(name)}" if kind == "hotel" else term

    def _sign(self, name: str) -> str:
        place = self.place_named(name)
        return place.sign if place else name

    def answers_about(self, topic: str) -> tuple[Answer, ...]:
        """The answers of one topic, in the order of their file names."""
        found = (answer for answer in self.answers.values() if answer.topic == topic)
        return tuple(sorted(found, key=lambda answer: answer.id))

    def desk_for(self, topic: str, language: str, who: Facets | None = None) -> Place | None:
        """The desk that serves a topic, rather one whose people speak the language.

        Among equals a desk comes before a clinic or a gate, then the one nearest to her hotel.
        With `who`, only places that person may know of. None when nobody serves the topic.
        """
        serving = [
            place
            for place in self.places.values()
            if topic in place.topics and (who is None or self.admits(place, who))
        ]
        order = {"desk": 0, "clinic": 1}
        home = self.place_named(who.hotel) if who and who.hotel else None
        return min(
            serving,
            key=lambda p: (
                language not in p.languages,
                order.get(p.kind, 2),
                _apart(p, home),
                p.slug,
            ),
            default=None,
        )

    def place_named(self, value: str) -> Place | None:
        """The place the roster means, by its sign or the spellings its file lists."""
        slug = self._spellings.get(name_key(value))
        return self.places[slug] if slug else None

    def day(self, number: int) -> tuple[Item, ...]:
        """The programme of one day, by time. Empty for a day without items."""
        return tuple(item for item in self.programme() if item.day == number)

    def programme(self) -> tuple[Item, ...]:
        """The whole programme, by day and time."""
        found = self.items.values()
        return tuple(sorted(found, key=lambda item: (item.day, item.start, item.end, item.id)))

    def starts(self, item: Item) -> datetime:
        """When an item begins, in UTC."""
        return item.starts(self.event.first_day, self.event.zone)

    def ends(self, item: Item) -> datetime:
        """When an item is over, in UTC."""
        return item.ends(self.event.first_day, self.event.zone)

    def moved(self, first_day: date) -> "Library":
        """The same event on other days: the whole programme moves with its first day."""
        return replace(self, event=replace(self.event, first_day=first_day))


def _moment(first_day: date, day: int, at: time, zone: ZoneInfo) -> datetime:
    local = datetime.combine(first_day + timedelta(days=day - 1), at, tzinfo=zone)
    return local.astimezone(UTC)


def _apart(place: Place, other: Place | None) -> float:
    """How far two places are apart, good enough to rank them inside one city."""
    if other is None or other.lat is None or other.lon is None:
        return 0.0
    if place.lat is None or place.lon is None:
        return 1.0  # a degree: behind everything whose distance is known
    return abs(place.lat - other.lat) + abs(place.lon - other.lon)
