"""Turns the TOML tables of the five kinds of files into values: the shape only, not the meaning."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import time
from types import MappingProxyType
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.content.files import MEDIUM_NAME, PAPER_NAME, SLUG
from bot.content.library import (
    SENSITIVE_TOPICS,
    Answer,
    AnswerText,
    Document,
    DocumentText,
    EventFacts,
    EventText,
    Item,
    ItemText,
    Place,
    PlaceText,
)
from bot.content.table import Table

PLACE_KINDS = (
    "hotel", "hall", "room", "desk", "bus_stop", "dining", "clinic", "gate", "parking", "bridge",
    "security", "landmark",
)  # fmt: skip
ITEM_KINDS = (
    "session", "group", "meal", "bus", "break", "rehearsal", "culture", "registration",
)  # fmt: skip
# Only what is open may be sent by chat; the others are told of and had elsewhere.
SENSITIVITIES = ("open", "internal", "returned", "confidential")
# How those are spoken to who never chose: in full, or short and slow.
STYLES = ("full", "simple")
NEED_A_POINT = ("hotel", "hall", "bus_stop", "landmark")

PHONE = re.compile(r"\+?\d(?: ?\d){2,14}")
HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)")
VERSION = re.compile(r"\d{1,3}(\.\d{1,3}){0,2}")
LANGUAGE = re.compile(r"[a-z]{2,3}(@[a-z]+)?")
_STEP = re.compile(r"[a-z_]+(?:\.[a-z_]+)+")

Words = TypeVar("Words")


def event_facts(table: Table) -> EventFacts:
    """`event.toml`."""
    languages = _languages(table)
    titles = _topics(table, languages)
    facts = EventFacts(
        slug=table.matching("slug", SLUG, "dai-hoi-2027", required=True),
        time_zone=_zone(table),
        first_day=table.day("first_day", "2027-01-18"),
        days=table.whole("days", 5, 1, 60),
        languages=languages,
        topics=tuple(titles),
        topic_titles=MappingProxyType(titles),
        hotline=table.matching("hotline", PHONE, "0900 000 000", required=True),
        by_language=_words(table, languages, _event_text),
        simple=table.one_of("style", STYLES, default=STYLES[0]) == "simple",
    )
    table.done()
    return facts


def answer(table: Table, slug: str, topic: str, languages: Iterable[str]) -> Answer:
    """`answers/<topic>/<slug>.toml`."""
    made = Answer(
        id=slug,
        topic=topic,
        audience=table.audience(),
        sensitive=table.flag("sensitive", absent=topic in SENSITIVE_TOPICS),
        source=table.text("source", "Ban Tổ chức", required=True),
        updated=table.moment("updated", "2026-11-20T08:10:00+07:00"),
        place=table.matching("place", SLUG, "khach-san-sen-hong"),
        item=table.matching("item", SLUG, "khai-mac"),
        go=table.matching("go", _STEP, "mine.room"),
        by_language=_words(table, languages, _answer_text),
    )
    table.done()
    return made


def place(table: Table, slug: str, languages: Iterable[str]) -> Place:
    """`places/<slug>.toml`."""
    made = Place(
        slug=slug,
        kind=table.one_of("kind", PLACE_KINDS),
        audience=table.audience(),
        lat=table.degrees("lat", 21.0278, 90),
        lon=table.degrees("lon", 105.8342, 180),
        phone=table.matching("phone", PHONE, "0900 000 101"),
        hours=table.matching("hours", HOURS, "06:00-22:00"),
        topics=table.texts("topics", "hotel"),
        languages=table.texts("languages", "vi"),
        picture=table.matching("picture", MEDIUM_NAME, f"{slug}.png"),
        sign=table.text("sign", "Khách sạn Sen Hồng", required=True),
        matches=table.texts("matches", "Sen Hồng"),
        by_language=_words(table, languages, _place_text),
    )
    if made.kind in NEED_A_POINT:
        for key, degrees in (("lat", made.lat), ("lon", made.lon)):
            if degrees is None and not table.has(key):
                table.note(None, "missing-key", key=key, example=f"{key} = 21.0278")
    elif (made.lat is None) is not (made.lon is None):
        table.note(None, "half-point")
    table.done()
    return made


def programme_day(table: Table, languages: Iterable[str]) -> tuple[int, list[tuple[Table, Item]]]:
    """`programme/day-N.toml`: the number of the day and its items, each with its table."""
    number = table.whole("day", 1, 1, 60)
    found = [(entry, _item(entry, number, languages)) for entry in table.tables("item", "[[item]]")]
    table.done()
    return number, found


def document(table: Table, slug: str, languages: Iterable[str]) -> Document:
    """`documents/<slug>.toml`."""
    is_official = table.flag("official")
    made = Document(
        slug=slug,
        audience=table.audience(),
        version=table.matching("version", VERSION, "1", required=not is_official),
        sensitivity=table.one_of("sensitivity", SENSITIVITIES),
        official=is_official,
        source=table.text("source", "Ban Tổ chức", required=True),
        updated=table.moment("updated", "2026-11-20T08:10:00+07:00"),
        place=table.matching("place", SLUG, "ban-huong-dan-1"),
        by_language=_words(table, languages, _document_text),
    )
    table.done()
    return made


def _item(table: Table, day: int, languages: Iterable[str]) -> Item:
    made = Item(
        id=table.matching("id", SLUG, "khai-mac", required=True),
        day=day,
        start=table.clock("start", "07:30", time.min),
        end=table.clock("end", "09:00", time.max),
        place=table.matching("place", SLUG, "hoi-truong-lon"),
        audience=table.audience(),
        kind=table.one_of("kind", ITEM_KINDS),
        by_language=_words(table, languages, _item_text),
    )
    if made.end <= made.start:
        start, end = made.start.isoformat("minutes"), made.end.isoformat("minutes")
        table.note("end", "time-order", start=start, end=end)
    table.done()
    return made


def _languages(table: Table) -> tuple[str, ...]:
    given = table.texts("languages", "vi", required=True)
    for place, language in enumerate(given):
        if not LANGUAGE.fullmatch(language) or language in given[:place]:
            shown = 'languages = ["vi", "en", "km"]'
            table.note("languages", "wrong-value", key="languages", value=language, example=shown)
    if given and given[0] != "vi":
        shown = 'languages = ["vi", …]'
        table.note("languages", "wrong-value", key="languages", value=given[0], example=shown)
    ours = [language for language in given if LANGUAGE.fullmatch(language)]
    return tuple(dict.fromkeys(["vi", *ours]))


def _zone(table: Table) -> str:
    name = table.text("time_zone", "Asia/Ho_Chi_Minh", required=True)
    try:
        return ZoneInfo(name).key if name else "Asia/Ho_Chi_Minh"
    except (OSError, ValueError, KeyError):
        shown = 'time_zone = "Asia/Ho_Chi_Minh"'
        table.note("time_zone", "wrong-value", key="time_zone", value=name, example=shown)
        return "Asia/Ho_Chi_Minh"


def _topics(table: Table, languages: tuple[str, ...]) -> dict[str, Mapping[str, str]]:
    slugs = table.texts("topics", "hotel", required=True)
    for place, slug in enumerate(slugs):
        if not SLUG.fullmatch(slug):
            shown = 'topics = ["hotel"]'
            table.note("topics", "wrong-value", key="topics", value=slug, example=shown)
        elif slug in slugs[:place]:
            table.note("topics", "duplicate", value=slug, other="event.toml")
    titles = table.table("topic", '[topic.hotel] vi = "Khách sạn"', required=True)
    if titles is None:
        return {slug: MappingProxyType({"vi": slug}) for slug in slugs}
    found = {slug: _topic(titles, slug, languages) for slug in dict.fromkeys(slugs)}
    titles.done()
    return found


def _topic(titles: Table, slug: str, languages: tuple[str, ...]) -> Mapping[str, str]:
    inner = titles.table(slug, f'[topic.{slug}] vi = "Khách sạn"', required=True)
    found = {"vi": slug}
    if inner is not None:
        for language in languages:
            inner.language = language
            needed = language in ("vi", "en")
            title = inner.text(language, "Khách sạn", required=needed)
            found.update({language: title} if title else {})
        inner.done()
    return MappingProxyType(found)


def _words(
    table: Table, languages: Iterable[str], build: Callable[[Table, bool], Words]
) -> Mapping[str, Words]:
    """The language tables. Vietnamese is always there; English too when the event has it."""
    found: dict[str, Words] = {}
    for language in languages:
        inner = table.table(language, f"[{language}]")
        if inner is not None:
            inner.language = language
            is_draft = inner.flag("draft")
            if is_draft and language == "vi":
                inner.note("draft", "draft-vi")
                is_draft = False
            found[language] = build(inner, is_draft)
            inner.done()
        elif language in ("vi", "en"):
            table.note(None, "missing-language", language=language)
    if "vi" not in found:
        found["vi"] = build(table.empty(), True)
    return MappingProxyType(found)


def _event_text(table: Table, draft: bool) -> EventText:
    return EventText(
        name=table.text("name", "Đại hội Mẫu", required=not draft),
        short_name=table.text("short_name", "Đại hội", required=not draft),
        greeting=table.text("greeting", "Kính chào đại biểu."),
        draft=draft,
    )


def _answer_text(table: Table, draft: bool) -> AnswerText:
    return AnswerText(
        title=table.text("title", "Xem phòng", required=not draft),
        text=table.text("text", "Phòng của đại biểu: {room}."),
        short=table.text("short", "Phòng {room}."),
        questions=table.texts("questions", "Phòng của tôi ở đâu?"),
        draft=draft,
    )


def _place_text(table: Table, draft: bool) -> PlaceText:
    return PlaceText(
        name=table.text("name", "Khách sạn Sen Hồng", required=not draft),
        directions=table.text("directions", "Từ cổng chính, đi thẳng.", required=not draft),
        caption=table.text("caption", "Cửa chính của khách sạn."),
        draft=draft,
    )


def _document_text(table: Table, draft: bool) -> DocumentText:
    return DocumentText(
        title=table.text("title", "Nội quy Đại hội", required=not draft),
        summary=table.text("summary", "Năm điều cần giữ trong hội trường."),
        where=table.text("where", "Mời đại biểu nhận tại bàn tài liệu."),
        file=table.matching("file", PAPER_NAME, "noi-quy.pdf"),
        draft=draft,
    )


def _item_text(table: Table, draft: bool) -> ItemText:
    return ItemText(
        title=table.text("title", "Phiên khai mạc", required=not draft),
        note=table.text("note", "Mời đại biểu đeo thẻ."),
        draft=draft,
    )
