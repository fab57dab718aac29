"""Judges a whole Library: do its parts fit together, and may delegates be told this in these words?

It reads values and not files, so that an edit made in the console is held to the same rules.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bot.content.library import Answer, AnswerText, Document, EventFacts, Item, Library, Place
from bot.content.official import asked_of
from bot.content.rules import Finding, finding
from bot.content.style import (
    PERSONAL_SLOTS,
    QUESTIONS,
    SHORT_LIMIT,
    SLOTS,
    TEXT_LIMIT,
    SlotError,
    as_seen,
    lint,
    lint_title,
    lint_words,
    slots,
)
from bot.content.table import closest
from bot.text import fold, syllables, visible_length

Thing = EventFacts | Answer | Place | Item | Document
Told = Answer | Item | Document
Name = tuple[str, str]
Where = Callable[[Name, tuple[str | int, ...]], tuple[str, int]]

NEVER_PUBLIC = ("hotel", "bus_stop", "security")
SECURITY_TOPICS = ("security", "an-ninh")
_KNOWN_AT_MOST = 12
_VIET_NAM = (8.0, 24.0, 102.0, 110.0)


def name_of(thing: Thing) -> Name:
    """What kind of thing it is, and its name."""
    match thing:
        case Answer():
            return "answer", thing.id
        case Place():
            return "place", thing.slug
        case Item():
            return "item", thing.id
        case Document():
            return "document", thing.slug
        case EventFacts():
            return "event", thing.slug


def file_of(thing: Thing) -> str:
    """The file of a content folder where this thing stands."""
    match thing:
        case Answer():
            return f"answers/{thing.topic}/{thing.id}.toml"
        case Place():
            return f"places/{thing.slug}.toml"
        case Item():
            return f"programme/day-{thing.day}.toml"
        case Document():
            return f"documents/{thing.slug}.toml"
        case EventFacts():
            return "event.toml"


def inspect(
    library: Library,
    *,
    steps: Collection[str],
    where: Where | None = None,
    unread: Collection[Name] = (),
) -> list[Finding]:
    """Everything wrong or remarkable in a Library, by file and line.

    `steps` are the handlers an answer may `go` to. `where` tells file and line of a key; without
    it the line is 0. `unread` names what exists in a file that could not be read.
    """
    check = _Check(library, frozenset(steps), where, frozenset(unread))
    check.event(library.event)
    for answer in library.answers.values():
        check.answer(answer)
    for place in library.places.values():
        check.place(place)
    for item in library.items.values():
        check.item(item)
    for document in library.documents.values():
        check.document(document)
    check.days(library.programme())
    check.questions(library.answers.values())
    check.spellings(library.places.values())
    return sorted(check.findings, key=lambda found: (found.file, found.line, found.rule))


@dataclass(slots=True)
class _Check:
    library: Library
    steps: frozenset[str]
    where: Where | None
    unread: frozenset[Name]
    findings: list[Finding] = field(default_factory=list)

    def note(
        self, thing: Thing, path: tuple[str | int, ...], rule: str, /, **values: object
    ) -> None:
        file, line = self.where(name_of(thing), path) if self.where else (file_of(thing), 0)
        self.findings.append(finding(file, line, rule, **values))

    def event(self, event: EventFacts) -> None:
        for language, text in event.by_language.items():
            for key, words in (("name", text.name), ("short_name", text.short_name)):
                self.words(event, (language, key), words, language)
            self.text(event, (language, "greeting"), text.greeting, language)
        for topic, titles in event.topic_titles.items():
            for language, title in titles.items():
                self.title(event, ("topic", topic, language), title, language)

    def answer(self, answer: Answer) -> None:
        self.known(answer, "topic", answer.topic, self.library.event.topics, ())
        self.known(answer, "place", answer.place, self.library.places, ("place",))
        self.known(answer, "item", answer.item, self.library.items, ("item",))
        self.known(answer, "go", answer.go, self.steps, ("go",))
        self.audience(answer)
        self.public_answer(answer)
        for language, text in answer.by_language.items():
            self.answer_text(answer, language, text)

    def answer_text(self, answer: Answer, language: str, text: AnswerText) -> None:
        if answer.go and (text.text or text.short):
            self.note(answer, (language, "text"), "go-and-text")
        if not answer.go and not text.text and not text.draft:
            self.note(answer, (language,), "no-text")
        if len(text.questions) < QUESTIONS and not text.draft:
            rule = "few-questions" if language in ("vi", "en") else "few-questions-more"
            self.note(answer, (language, "questions"), rule, count=len(text.questions))
        self.title(answer, (language, "title"), text.title, language)
        for key, words, limit in (
            ("text", text.text, TEXT_LIMIT),
            ("short", text.short, SHORT_LIMIT),
        ):
            if self.slots(answer, (language, key), words):
                safety = answer.sensitive
                self.text(answer, (language, key), words, language, limit=limit, safety=safety)
        count = visible_length(as_seen(text.text))
        if language == "vi" and not text.short and count > SHORT_LIMIT:
            rule = "no-short-simple" if self.library.event.simple else "no-short"
            self.note(answer, (language, "text"), rule, count=count)

    def slots(self, answer: Answer, path: tuple[str, str], words: str) -> bool:
        try:
            found = slots(words)
        except SlotError:
            self.note(answer, path, "braces")
            return False
        for slot in found:
            shown = "{" + slot + "}"
            if slot not in SLOTS:
                self.note(answer, path, "slot", slot=shown, known=_listed(SLOTS))
            elif slot in PERSONAL_SLOTS and answer.audience.is_public:
                self.note(answer, path, "public-slot", slot=shown)
        return set(found) <= set(SLOTS)

    def public_answer(self, answer: Answer) -> None:
        if not answer.audience.is_public:
            return
        if answer.topic in SECURITY_TOPICS:
            self.note(answer, ("audience",), "public-security")
        self.public_place(answer, answer.place)
        item = self.library.items.get(answer.item)
        if item and not item.audience.is_public:
            self.note(answer, ("item",), "wider", value=answer.item)
        for language, text in answer.by_language.items():
            for key, words in (("title", text.title), ("text", text.text), ("short", text.short)):
                self.public_words(answer, (language, key), words)

    def public_place(self, thing: Told, slug: str) -> None:
        place = self.library.places.get(slug)
        if place is None:
            return
        if place.kind in NEVER_PUBLIC:
            self.note(thing, ("place",), "public-place")
        elif not place.audience.is_public:
            self.note(thing, ("place",), "wider", value=slug)

    def public_words(
        self, thing: Answer | Item | Document, path: tuple[str, str], words: str
    ) -> None:
        said = _sound(words)
        for place in self.library.places.values():
            names = (place.sign, *place.matches, *(t.name for t in place.by_language.values()))
            heard = [name for name in names if name and _sound(name) in said]
            if place.kind in NEVER_PUBLIC and heard:
                self.note(thing, path, "public-names", value=max(heard, key=len))

    def place(self, place: Place) -> None:
        event = self.library.event
        self.audience(place)
        if place.audience.is_public and place.kind in NEVER_PUBLIC:
            self.note(place, ("audience",), "public-place")
        for number, topic in enumerate(place.topics):
            self.known(place, "topics", topic, event.topics, ("topics", number))
        for number, language in enumerate(place.languages):
            self.known(place, "languages", language, event.languages, ("languages", number))
        if place.picture and place.picture not in self.library.media:
            self.known(place, "picture", place.picture, self.library.media, ("picture",))
        if place.kind == "landmark" and not place.picture:
            self.note(place, (), "landmark-picture", example=f"{place.slug}.png")
        self.desk_facts(place)
        self.point(place)
        for language, text in place.by_language.items():
            if place.picture and not text.caption and not text.draft:
                self.note(place, (language,), "picture-caption", language=language)
            self.words(place, (language, "name"), text.name, language)
            self.text(place, (language, "directions"), text.directions, language)
            self.text(place, (language, "caption"), text.caption, language)

    def desk_facts(self, place: Place) -> None:
        wanted = {
            "desk": ("phone", "hours", "topics", "languages"),
            "clinic": ("phone", "hours"),
            "security": ("phone", "hours"),
            "hotel": ("phone",),
            "dining": ("hours",),
        }
        examples = {
            "phone": 'phone = "0900 000 101"',
            "hours": 'hours = "06:00-22:00"',
            "topics": 'topics = ["hotel"]',
            "languages": 'languages = ["vi"]',
        }
        for key in wanted.get(place.kind, ()):
            if not getattr(place, key):
                self.note(place, (), "desk-facts", kind=place.kind, key=key, example=examples[key])

    def point(self, place: Place) -> None:
        if place.lat is None or place.lon is None:
            return
        south, north, west, east = _VIET_NAM
        if not (south <= place.lat <= north and west <= place.lon <= east):
            self.note(place, ("lat",), "far-point")

    def item(self, item: Item) -> None:
        self.known(item, "place", item.place, self.library.places, ("place",))
        self.audience(item)
        if item.audience.is_public:
            self.public_place(item, item.place)
        for language, text in item.by_language.items():
            self.words(item, (language, "title"), text.title, language)
            self.text(item, (language, "note"), text.note, language)
            if item.audience.is_public:
                self.public_words(item, (language, "title"), f"{text.title}\n{text.note}")

    def document(self, document: Document) -> None:
        self.known(document, "place", document.place, self.library.places, ("place",))
        self.audience(document)
        for path, rule, values in asked_of(document):
            self.note(document, path, rule, **values)
        for language, text in document.by_language.items():
            self.known(document, "file", text.file, self.library.files, (language, "file"))
            self.title(document, (language, "title"), text.title, language)
            self.text(document, (language, "summary"), text.summary, language)
            self.text(document, (language, "where"), text.where, language)
        if document.audience.is_public:
            self.public_place(document, document.place)
            for language, text in document.by_language.items():
                for key in ("title", "summary", "where"):
                    self.public_words(document, (language, key), getattr(text, key))

    def days(self, items: Iterable[Item]) -> None:
        """Every day must be one of the event; told once, at the first item of the day."""
        days = self.library.event.days
        first = {item.day: item for item in reversed(tuple(items))}
        for day, item in first.items():
            if not 1 <= day <= days:
                self.note(item, (), "day-range", day=day, days=days)

    def audience(self, thing: Answer | Place | Item | Document) -> None:
        """An audience by hotel must name a hotel, or nobody would ever be admitted."""
        hotels = {p.sign: p.slug for p in self.library.places.values() if p.kind == "hotel"}
        for term in thing.audience.terms:
            kind, _, value = term.partition(":")
            place = self.library.place_named(value) if kind == "hotel" else None
            if kind == "hotel" and (place is None or place.kind != "hotel"):
                self.known(thing, "audience", value, hotels, ("audience",))

    def known(
        self,
        thing: Thing,
        key: str,
        value: str,
        names: Collection[str],
        path: tuple[str | int, ...],
    ) -> None:
        kind = {"audience": "place", "picture": "medium"}.get(key, key)
        is_unread = (kind, value) in self.unread or (kind, "*") in self.unread
        if not value or value in names or is_unread:
            return
        near = closest(value, names)
        if near:
            self.note(thing, path, "misspelt", key=key, value=value, near=near)
        else:
            self.note(thing, path, "unknown", key=key, value=value, known=_listed(names))

    def questions(self, answers: Iterable[Answer]) -> None:
        """One question must lead to one answer, whatever the language it is asked in."""
        first: dict[str, tuple[Answer, str]] = {}
        for answer, language, number, question in _questions(answers):
            sound = _sound(question)
            owner, owner_language = first.setdefault(sound, (answer, language))
            if (owner.id, owner_language) == (answer.id, language):
                if _number_of(answer, language, sound) != number:
                    path = (language, "questions", number)
                    self.note(answer, path, "repeated-question", question=question)
            elif owner.id != answer.id:
                path = (language, "questions", number)
                other = file_of(owner)
                self.note(answer, path, "same-question", question=question, other=other)

    def spellings(self, places: Iterable[Place]) -> None:
        """A name in the roster must lead to one place."""
        first: dict[str, Place] = {}
        for place in places:
            paths: list[tuple[tuple[str | int, ...], str]] = [(("sign",), place.sign)]
            paths += [(("matches", n), value) for n, value in enumerate(place.matches)]
            for path, value in paths:
                owner = first.setdefault(_sound(value), place)
                if value and owner.slug != place.slug:
                    self.note(place, path, "same-sign", value=value, other=file_of(owner))

    def title(self, thing: Thing, path: tuple[str, ...], words: str, language: str) -> None:
        self.no_slots(thing, path, words)
        for rule, values in lint_title(words, language):
            self.note(thing, path, rule, **values)

    def words(self, thing: Thing, path: tuple[str, ...], words: str, language: str) -> None:
        self.no_slots(thing, path, words)
        for rule, values in lint_words(words, language):
            self.note(thing, path, rule, **values)

    def text(
        self,
        thing: Thing,
        path: tuple[str, ...],
        words: str,
        language: str,
        *,
        limit: int = TEXT_LIMIT,
        safety: bool = False,
    ) -> None:
        if not isinstance(thing, Answer):
            self.no_slots(thing, path, words)
        for rule, values in lint(path[-1], words, language, limit=limit, safety=safety):
            self.note(thing, path, rule, **values)

    def no_slots(self, thing: Thing, path: tuple[str, ...], words: str) -> None:
        if brace := next((sign for sign in "{}" if sign in words), ""):
            self.note(thing, path, "no-slots-here", slot=brace)


def _questions(answers: Iterable[Answer]) -> Iterator[tuple[Answer, str, int, str]]:
    for answer in answers:
        for language, text in answer.by_language.items():
            for number, question in enumerate(text.questions):
                yield answer, language, number, question


def _number_of(answer: Answer, language: str, sound: str) -> int:
    sounds = [_sound(question) for question in answer.by_language[language].questions]
    return sounds.index(sound)


def _sound(words: str) -> str:
    """What is left of words when accents, case and punctuation do not count."""
    return " ".join(syllables(fold(words))) or fold(words)


def _listed(names: Collection[str] | Mapping[str, object]) -> str:
    listed = sorted(names)
    more = ", …" if len(listed) > _KNOWN_AT_MOST else ""
    return (", ".join(listed[:_KNOWN_AT_MOST]) or "none") + more
