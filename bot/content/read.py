"""A folder of content becomes a Library, or a list of everything that is wrong with it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from bot.content import parse
from bot.content.check import Name, inspect
from bot.content.files import MEDIA_BYTES, MEDIUM_NAME, PAPER_NAME, SLUG, Files, Page
from bot.content.library import (
    FILES_FOLDER,
    Answer,
    Document,
    EventFacts,
    Item,
    Library,
    Medium,
    Place,
)
from bot.content.rules import Finding
from bot.content.table import Table
from bot.errors import ContentError


@dataclass(frozen=True, slots=True)
class Checked:
    """What reading a folder gave. `library` is None when a mistake blocks it."""

    mistakes: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    library: Library | None


def read(folder: Path, *, steps: Collection[str]) -> Library:
    """The content of a folder. `steps` are the handlers an answer may `go` to.

    Raises ContentError with every mistake at once; warnings do not stop it.
    """
    checked = check(folder, steps=steps)
    if checked.library is None:
        raise ContentError(*checked.mistakes)
    return checked.library


def check(folder: Path, *, steps: Collection[str]) -> Checked:
    """Everything wrong (mistakes) or remarkable (warnings) in a folder, by file and line."""
    reading = _Reading(Files(Path(folder)))
    library = reading.library()
    found = list(reading.files.findings)
    if library is not None:
        found += inspect(library, steps=steps, where=reading.where, unread=reading.unread)
    found = sorted(dict.fromkeys(found), key=lambda one: (one.file, one.line, one.rule))
    mistakes = tuple(one for one in found if one.blocks)
    warnings = tuple(one for one in found if not one.blocks)
    return Checked(mistakes, warnings, None if mistakes else library)


def media_bytes(folder: Path, library: Library) -> dict[str, bytes]:
    """The pictures and papers of a folder just read, by SHA-256."""
    return {medium.sha256: (Path(folder) / path).read_bytes() for path, medium in library.stored()}


@dataclass(slots=True)
class _Reading:
    """One pass over the files, remembering where everything stood."""

    files: Files
    places_in_files: dict[Name, tuple[Page, tuple[str | int, ...]]] = field(default_factory=dict)
    unread: set[Name] = field(default_factory=set)

    def library(self) -> Library | None:
        event = self._event()
        if event is None:
            return None
        answers: dict[str, Answer] = {}
        places: dict[str, Place] = {}
        items: dict[str, Item] = {}
        media: dict[str, Medium] = {}
        documents: dict[str, Document] = {}
        papers: list[str] = []
        for name in self.files.names:
            match PurePosixPath(name).parts:
                case ("event.toml",):
                    continue
                case ("answers", topic, file) if file.endswith(".toml"):
                    self._answer(name, topic, event, answers)
                case ("places", file) if file.endswith(".toml"):
                    self._place(name, event, places)
                case ("programme", file) if file.endswith(".toml"):
                    self._day(name, event, items)
                case ("media", file) if self._good_name(name, file, "khach-san-sen-hong.png"):
                    self._medium(name, media)
                case ("documents", file) if file.endswith(".toml"):
                    self._document(name, event, documents)
                case ("documents", "files", file) if self._good_paper(name, file):
                    papers.append(file)
                case ("media", _) | ("documents", "files", _):
                    continue
                case _:
                    self.files.note(name, 0, "unread")
        files = self._papers(papers, documents)
        self._limit_media([*media.values(), *files.values()])
        return Library(
            event,
            MappingProxyType(answers),
            MappingProxyType(places),
            MappingProxyType(items),
            MappingProxyType(media),
            MappingProxyType(documents),
            MappingProxyType(files),
        )

    def where(self, thing: Name, path: tuple[str | int, ...]) -> tuple[str, int]:
        """File and line of a key of a thing that was read."""
        page, prefix = self.places_in_files[thing]
        return page.file, page.lines.of(*prefix, *path)

    def _event(self) -> EventFacts | None:
        if "event.toml" not in self.files.names:
            if not self.files.findings:
                self.files.note("event.toml", 0, "file-missing", name="event.toml")
            return None
        page = self.files.page("event.toml")
        if page is None:
            return None
        event = parse.event_facts(self._table(page))
        self.places_in_files["event", event.slug] = (page, ())
        return event

    def _answer(self, name: str, topic: str, event: EventFacts, answers: dict[str, Answer]) -> None:
        page, slug = self._page(name, "answer", "nhan-phong.toml")
        if page is None:
            return
        made = parse.answer(self._table(page), slug, topic, event.languages)
        if slug in answers:
            other = self.places_in_files["answer", slug][0].file
            self.files.note(name, 0, "duplicate", value=slug, other=other)
            return
        answers[slug] = made
        self.places_in_files["answer", slug] = (page, ())

    def _place(self, name: str, event: EventFacts, places: dict[str, Place]) -> None:
        page, slug = self._page(name, "place", "khach-san-sen-hong.toml")
        if page is not None:
            places[slug] = parse.place(self._table(page), slug, event.languages)
            self.places_in_files["place", slug] = (page, ())

    def _day(self, name: str, event: EventFacts, items: dict[str, Item]) -> None:
        page, slug = self._page(name, "item", "day-1.toml")
        if page is None:
            self.unread.add(("item", "*"))
            return
        table = self._table(page)
        day, found = parse.programme_day(table, event.languages)
        if slug != f"day-{day}":
            self.files.note(
                name, page.lines.of("day"), "file-name", name=slug, example=f"day-{day}"
            )
        for number, (entry, item) in enumerate(found):
            if item.id in items:
                other = self.places_in_files["item", item.id][0].file
                entry.note("id", "duplicate", value=item.id, other=other)
            elif item.id:
                items[item.id] = item
                self.places_in_files["item", item.id] = (page, ("item", number))

    def _medium(self, name: str, media: dict[str, Medium]) -> None:
        medium = self.files.medium(name)
        file = name.removeprefix("media/")
        if medium is None:
            self.unread.add(("medium", file))
        else:
            media[file] = medium

    def _document(self, name: str, event: EventFacts, documents: dict[str, Document]) -> None:
        page, slug = self._page(name, "document", "noi-quy.toml")
        if page is not None:
            documents[slug] = parse.document(self._table(page), slug, event.languages)
            self.places_in_files["document", slug] = (page, ())

    def _papers(
        self, papers: Iterable[str], documents: Mapping[str, Document]
    ) -> dict[str, Medium]:
        """The files of documents. One that no document names is not kept: nobody judged it."""
        texts = [text for one in documents.values() for text in one.by_language.values()]
        named = {text.file for text in texts}
        found = {}
        for file in papers:
            name = f"{FILES_FOLDER}/{file}"
            if file not in named:
                self.files.note(name, 0, "unread")
            elif medium := self.files.paper(name):
                found[file] = medium
            else:
                self.unread.add(("file", file))
        return found

    def _limit_media(self, media: Sequence[Medium]) -> None:
        total = sum(medium.size for medium in media)
        if total > MEDIA_BYTES:
            megabytes, limit = (f"{size // 1024 // 1024} MB" for size in (total, MEDIA_BYTES))
            self.files.note("media", 0, "too-large", size=megabytes, limit=limit)

    def _page(self, name: str, kind: str, example: str) -> tuple[Page | None, str]:
        file = PurePosixPath(name)
        if not SLUG.fullmatch(file.stem):
            self.files.note(name, 0, "file-name", name=file.name, example=example)
            return None, file.stem
        page = self.files.page(name)
        if page is None:
            self.unread.add((kind, file.stem))
        return page, file.stem

    def _good_name(self, name: str, file: str, example: str) -> bool:
        if MEDIUM_NAME.fullmatch(file):
            return True
        self.files.note(name, 0, "file-name", name=file, example=example)
        return False

    def _good_paper(self, name: str, file: str) -> bool:
        if PAPER_NAME.fullmatch(file):
            return True
        self.files.note(name, 0, "file-name", name=file, example="noi-quy.pdf")
        return False

    def _table(self, page: Page) -> Table:
        return Table(self.files, page, page.data)
