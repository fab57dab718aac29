"""A Library survives the database and the folder, byte for byte and value for value."""

import json
import string
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content import (
    Answer,
    AnswerText,
    Audience,
    Document,
    DocumentText,
    EventFacts,
    EventText,
    Item,
    ItemText,
    Library,
    Medium,
    Place,
    PlaceText,
    digest,
    dumps,
    export,
    loads,
    media_bytes,
    read,
)
from bot.content.files import Files
from bot.content.parse import ITEM_KINDS, SENSITIVITIES
from bot.content.read import _Reading
from bot.content.table import tidy
from tests.content.folders import GOOD, PDF, PNG, STEPS, write

Key = TypeVar("Key")
Value = TypeVar("Value")

LETTERS = string.ascii_letters + string.digits + " \n\"'\\#=[]{}.,:!?*\tđĐắộƯêỹខ្មែរ🔊/"
SLUGS = st.from_regex(r"[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,4})?", fullmatch=True)
SEEN = st.text(LETTERS, max_size=60).map(tidy)
WORDS = SEEN.filter(bool)
LISTS = st.lists(WORDS, max_size=4).map(tuple)
MOMENTS = st.datetimes(datetime(1901, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
NAMES = st.text("Tổ trưởng 12Đ", min_size=1).filter(str.strip)
CIRCLES = st.lists(
    st.builds("{}:{}".format, st.sampled_from(["group", "role", "bus"]), NAMES), min_size=1
)
AUDIENCES = st.builds(Audience.parse, st.one_of(st.sampled_from(["public", "linked"]), CIRCLES))


def frozen(plain: Mapping[Key, Value]) -> Mapping[Key, Value]:
    return MappingProxyType(dict(plain))


def backwards(plain: Mapping[Key, Value]) -> Mapping[Key, Value]:
    return frozen(dict(reversed(tuple(plain.items()))))


def in_languages(texts: st.SearchStrategy[Value]) -> st.SearchStrategy[Mapping[str, Value]]:
    return st.fixed_dictionaries({"vi": texts, "en": texts}, optional={"hmn@rpa": texts}).map(
        frozen
    )


TITLES = st.fixed_dictionaries({"vi": WORDS, "en": WORDS}).map(frozen)


def an_event(topics: dict[str, Mapping[str, str]], **facts: Any) -> EventFacts:
    return EventFacts(topics=tuple(topics), topic_titles=frozen(topics), **facts)


EVENTS = st.builds(
    an_event,
    slug=SLUGS,
    time_zone=st.sampled_from(["Asia/Ho_Chi_Minh", "UTC", "Europe/Paris"]),
    first_day=st.dates(date(1990, 1, 1), date(2090, 1, 1)),
    days=st.integers(1, 60),
    languages=st.just(("vi", "en", "hmn@rpa")),
    topics=st.dictionaries(SLUGS, TITLES, max_size=3, min_size=1),
    hotline=st.sampled_from(["115", "0900 000 000"]),
    by_language=in_languages(st.builds(EventText, WORDS, WORDS, SEEN)),
    simple=st.booleans(),
)
POINTS = st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def answers(event: EventFacts) -> st.SearchStrategy[Answer]:
    return st.builds(
        Answer,
        id=SLUGS,
        topic=st.sampled_from(sorted(event.topics)),
        audience=AUDIENCES,
        sensitive=st.booleans(),
        source=WORDS,
        updated=MOMENTS,
        place=st.just("") | SLUGS,
        item=st.just("") | SLUGS,
        go=st.sampled_from(["", "mine.room"]),
        by_language=in_languages(st.builds(AnswerText, WORDS, SEEN, SEEN, LISTS)),
    )


@st.composite
def places(draw: st.DrawFn) -> Place:
    point = draw(POINTS)
    return Place(
        slug=draw(SLUGS),
        kind=draw(st.sampled_from(["room", "desk", "gate"])),
        audience=draw(AUDIENCES),
        lat=point[0] if point else None,
        lon=point[1] if point else None,
        phone=draw(st.sampled_from(["", "0900 000 101"])),
        hours=draw(st.sampled_from(["", "06:00-22:00"])),
        topics=draw(LISTS),
        languages=draw(LISTS),
        picture=draw(st.sampled_from(["", "cua.png"])),
        sign=draw(WORDS),
        matches=draw(LISTS),
        by_language=draw(in_languages(st.builds(PlaceText, WORDS, WORDS, SEEN))),
    )


@st.composite
def items(draw: st.DrawFn) -> Item:
    start, end = draw(
        st.lists(st.integers(0, 24 * 60 - 1), min_size=2, max_size=2, unique=True).map(sorted)
    )
    return Item(
        id=draw(SLUGS),
        day=draw(st.integers(1, 3)),
        start=time(*divmod(start, 60)),
        end=time(*divmod(end, 60)),
        place=draw(st.just("") | SLUGS),
        audience=draw(AUDIENCES),
        kind=draw(st.sampled_from(ITEM_KINDS)),
        by_language=draw(in_languages(st.builds(ItemText, WORDS, SEEN))),
    )


@st.composite
def documents(draw: st.DrawFn) -> Document:
    is_official = draw(st.booleans())
    file = st.just("") if is_official else st.sampled_from(["", "noi-quy.pdf"])
    return Document(
        slug=draw(SLUGS),
        audience=draw(AUDIENCES),
        version=draw(st.sampled_from(["1", "2.10", "3.0.1"])),
        sensitivity=draw(st.sampled_from(SENSITIVITIES)),
        official=is_official,
        source=draw(WORDS),
        updated=draw(MOMENTS),
        place=draw(st.just("") | SLUGS),
        by_language=draw(in_languages(st.builds(DocumentText, WORDS, SEEN, SEEN, file))),
    )


def named(documents: list[Document]) -> Mapping[str, Medium]:
    """The files that these documents name; no other is kept."""
    texts = [text for one in documents for text in one.by_language.values()]
    return frozen({text.file: Medium(digest(PDF), len(PDF), "pdf") for text in texts if text.file})


@st.composite
def libraries(draw: st.DrawFn) -> Library:
    event = draw(EVENTS)
    papers = {one.slug: one for one in draw(st.lists(documents(), max_size=2))}
    return Library(
        event,
        frozen({one.id: one for one in draw(st.lists(answers(event), max_size=2))}),
        frozen({one.slug: one for one in draw(st.lists(places(), max_size=2))}),
        frozen({one.id: one for one in draw(st.lists(items(), max_size=3))}),
        frozen({"cua.png": Medium(digest(PNG), len(PNG), "png")}),
        frozen(papers),
        named(list(papers.values())),
    )


@given(libraries())
@settings(deadline=None, max_examples=60, database=None)
def test_bytes_and_files_give_the_same_library_back(library: Library) -> None:
    data = dumps(library)
    assert loads(data) == library
    assert dumps(loads(data)) == data
    with TemporaryDirectory() as folder:
        target = Path(folder) / "out"
        export(library, target, {digest(PNG): PNG, digest(PDF): PDF}.__getitem__)
        reading = _Reading(Files(target))
        again = reading.library()
        assert (reading.files.findings, again) == ([], library)
        assert again is not None
        assert dumps(again) == data


def test_the_hash_of_a_version_does_not_depend_on_the_order_of_files(tmp_path: Path) -> None:
    library = read(write(tmp_path, GOOD), steps=STEPS)
    other = Library(
        library.event,
        backwards(library.answers),
        backwards(library.places),
        backwards(library.items),
        library.media,
        backwards(library.documents),
        backwards(library.files),
    )
    assert other == library
    assert digest(dumps(other)) == digest(dumps(library))


def test_an_export_reads_as_people_write_and_overwrites_nothing(tmp_path: Path) -> None:
    library = read(write(tmp_path / "in", GOOD), steps=STEPS)
    pictures = media_bytes(tmp_path / "in", library)
    written = export(library, tmp_path / "out", pictures.__getitem__)
    assert sorted(path.relative_to(tmp_path / "out").as_posix() for path in written) == sorted(GOOD)
    assert (tmp_path / "out/programme/day-1.toml").read_text("utf-8") == (
        "day = 1\n\n"
        '[[item]]\nid = "don-tiep"\nstart = "07:30"\nend = "09:00"\n'
        'audience = ["group:1", "role:Trưởng đoàn"]\nkind = "registration"\n\n'
        '[item.vi]\ntitle = "Đón tiếp"\n\n[item.en]\ntitle = "Welcome"\n\n'
        '[[item]]\nid = "khai-mac"\nstart = "09:00"\nend = "10:30"\nplace = "ban-1"\n'
        'audience = "linked"\nkind = "session"\n\n'
        '[item.vi]\ntitle = "Khai mạc"\nnote = "Mời đại biểu đeo thẻ."\n\n'
        '[item.en]\ntitle = "Opening"\n'
    )
    with pytest.raises(FileExistsError):
        export(library, tmp_path / "out", pictures.__getitem__)


def test_a_version_stored_before_there_were_documents_keeps_its_hash(tmp_path: Path) -> None:
    older = {name: text for name, text in GOOD.items() if not name.startswith("documents/")}
    data = dumps(read(write(tmp_path, older), steps=STEPS))
    assert digest(data) == ("fc54c0d3138080b9b192ffa924f4f232472490430efba79034fbc2d66d51fb2b")
    assert (loads(data).documents, loads(data).files) == ({}, {})


def test_bytes_of_something_else_are_refused(tmp_path: Path) -> None:
    plain = json.loads(dumps(read(write(tmp_path, GOOD), steps=STEPS)))
    newer = json.dumps(plain | {"format": 2}).encode()
    strange = json.dumps({**plain, "library": {**plain["library"], "songs": {}}}).encode()
    lacking = json.dumps({"format": 1, "library": {}}).encode()
    wrong = json.dumps({**plain, "library": {**plain["library"], "answers": []}}).encode()
    for data in (b"[]", b"{", newer, strange, lacking, wrong):
        with pytest.raises(ValueError, match=r"."):
            loads(data)
