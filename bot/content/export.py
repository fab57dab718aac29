"""Writes a Library back as the files it could have been read from, for people to edit."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.content.audience import Audience
from bot.content.check import file_of
from bot.content.library import (
    Answer,
    AnswerText,
    Document,
    DocumentText,
    EventFacts,
    EventText,
    Item,
    ItemText,
    Library,
    Place,
    PlaceText,
)

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_CONTROL = frozenset(map(chr, (*range(0x20), 0x7F)))
_ESCAPED = {"\\": "\\\\", '"': '\\"', "\t": "\\t", "\r": "\\r"}

Value = str | bool | int | float | date | datetime | time | tuple[str, ...] | None
Text = EventText | AnswerText | PlaceText | ItemText | DocumentText
Words = Mapping[str, Text]


def export(library: Library, folder: Path, media_bytes: Callable[[str], bytes]) -> list[Path]:
    """Write every file of the content; `media_bytes` gives a file's bytes for its SHA-256.

    Reading the folder again gives an equal Library. Comments of the original files are not kept.
    The folder is made; raises FileExistsError when it already holds something.
    """
    folder = Path(folder)
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    written = []
    for name, data in _files(library, media_bytes):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        written.append(path)
    return written


def _files(library: Library, media_bytes: Callable[[str], bytes]) -> Iterator[tuple[str, bytes]]:
    zone = library.event.zone
    yield file_of(library.event), _event(library.event).encode()
    for answer in library.answers.values():
        yield file_of(answer), _answer(answer, zone).encode()
    for place in library.places.values():
        yield file_of(place), _place(place).encode()
    for day, items in groupby(library.programme(), key=lambda item: item.day):
        yield f"programme/day-{day}.toml", _day(day, items).encode()
    for document in library.documents.values():
        yield file_of(document), _document(document, zone).encode()
    for name, medium in library.stored():
        yield name, media_bytes(medium.sha256)


def _event(event: EventFacts) -> str:
    head = _pairs(
        slug=event.slug,
        time_zone=event.time_zone,
        first_day=event.first_day,
        days=event.days,
        languages=event.languages,
        topics=event.topics,
        hotline=event.hotline,
        style="simple" if event.simple else "",
    )
    titles = "".join(
        f"\n[topic.{_key(slug)}]\n" + _mapping(names) for slug, names in event.topic_titles.items()
    )
    return head + _languages("", event.by_language) + titles


def _answer(answer: Answer, zone: ZoneInfo) -> str:
    head = _pairs(
        audience=_audience(answer.audience),
        sensitive=answer.sensitive,
        source=answer.source,
        updated=_local(answer.updated, zone),
        place=answer.place,
        item=answer.item,
        go=answer.go,
    )
    return head + _languages("", answer.by_language)


def _place(place: Place) -> str:
    head = _pairs(
        kind=place.kind,
        audience=_audience(place.audience),
        lat=place.lat,
        lon=place.lon,
        phone=place.phone,
        hours=place.hours,
        topics=place.topics,
        languages=place.languages,
        picture=place.picture,
        sign=place.sign,
        matches=place.matches,
    )
    return head + _languages("", place.by_language)


def _day(day: int, items: Iterator[Item]) -> str:
    return _pairs(day=day) + "".join("\n[[item]]\n" + _item(item) for item in items)


def _item(item: Item) -> str:
    head = _pairs(
        id=item.id,
        start=item.start.isoformat("minutes"),
        end=item.end.isoformat("minutes"),
        place=item.place,
        audience=_audience(item.audience),
        kind=item.kind,
    )
    return head + _languages("item.", item.by_language)


def _document(document: Document, zone: ZoneInfo) -> str:
    head = _pairs(
        audience=_audience(document.audience),
        version=document.version,
        sensitivity=document.sensitivity,
        official=document.official,
        source=document.source,
        updated=_local(document.updated, zone),
        place=document.place,
    )
    return head + _languages("", document.by_language)


def _languages(prefix: str, by_language: Words) -> str:
    return "".join(
        f"\n[{prefix}{_key(language)}]\n" + _text(text) for language, text in by_language.items()
    )


def _text(text: Text) -> str:
    match text:
        case EventText():
            words = _pairs(name=text.name, short_name=text.short_name, greeting=text.greeting)
        case AnswerText():
            words = _pairs(
                title=text.title, text=text.text, short=text.short, questions=text.questions
            )
        case PlaceText():
            words = _pairs(name=text.name, directions=text.directions, caption=text.caption)
        case ItemText():
            words = _pairs(title=text.title, note=text.note)
        case DocumentText():
            words = _pairs(title=text.title, summary=text.summary, where=text.where, file=text.file)
    return words + ("draft = true\n" if text.draft else "")


def _audience(audience: Audience) -> str | tuple[str, ...]:
    return audience.terms[0] if len(audience.terms) == 1 else audience.terms


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    """In the event's zone; some old zones have seconds in their offset, which TOML cannot write."""
    local = moment.astimezone(zone)
    offset = local.utcoffset()
    return moment if offset is None or offset.seconds % 60 else local


def _pairs(**values: Value) -> str:
    """The lines of what is there; empty values are not written."""
    return "".join(
        f"{key} = {_value(value)}\n" for key, value in values.items() if value not in ("", (), None)
    )


def _mapping(values: Mapping[str, str]) -> str:
    return "".join(f"{_key(key)} = {_value(value)}\n" for key, value in values.items())


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _string(key)


def _value(value: Value) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _paragraphs(value) if "\n" in value else _string(value)
        case tuple():
            return _list(value)
        case float() | int():
            return repr(value)
        case datetime() | date() | time():
            return value.isoformat()
    raise TypeError(f"no TOML for {value!r}")


def _list(values: tuple[str, ...]) -> str:
    short = ", ".join(map(_string, values))
    if len(short) < 80:
        return f"[{short}]"
    return "[\n" + "".join(f"  {_string(value)},\n" for value in values) + "]"


def _string(value: str) -> str:
    return '"' + _escaped(value).replace("\n", "\\n") + '"'


def _paragraphs(value: str) -> str:
    return '"""\n' + _escaped(value) + '"""'


def _escaped(value: str) -> str:
    return "".join(_ESCAPED.get(c) or (c if _prints(c) else f"\\u{ord(c):04x}") for c in value)


def _prints(character: str) -> bool:
    return character == "\n" or character not in _CONTROL
