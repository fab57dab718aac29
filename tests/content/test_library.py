"""What handlers ask of a Library."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.content import NOBODY, Facets, Library, inspect, read
from tests.content.folders import DESK, GOOD, STEPS, write

DESK_2 = DESK.replace("số 1", "số 2").replace('["vi", "km"]', '["vi", "en"]')
LINKED_DESK = DESK.replace("số 1", "số 3").replace('"public"', '"linked"').replace("km", "en")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return read(
        write(tmp_path, {**GOOD, "places/ban-2.toml": DESK_2, "places/a-3.toml": LINKED_DESK}),
        steps=STEPS,
    )


def test_words_come_in_the_first_language_of_the_chain_that_is_no_draft(library: Library) -> None:
    answer = library.answers["nhan-phong"]
    titles = [
        (language, text.title)
        for language, text in (
            library.text(answer, chain)
            for chain in (["km", "vi"], ["en", "vi"], ["rad"], [], ["km", "en"])
        )
    ]
    in_vietnamese = ("vi", "Nhận phòng")
    assert titles == [
        in_vietnamese,
        ("en", "Get your room"),
        in_vietnamese,
        in_vietnamese,
        ("en", "Get your room"),
    ]
    assert library.text(library.places["ban-1"], ["en"])[1].name == "Help desk 1"
    assert library.text(library.items["khai-mac"], ["rad", "vi"])[1].title == "Khai mạc"
    assert library.text(library.event, ["en"])[1].short_name == "Congress"
    assert library.topic_title("hotel", ["km", "vi"]) == ("vi", "Khách sạn")
    assert library.event.names == {"vi": "Đại hội Thử", "en": "Trial Congress"}


def test_the_desk_that_serves_a_topic_rather_speaks_her_language(library: Library) -> None:
    def desk(language: str, who: Facets | None = None, topic: str = "hotel") -> str | None:
        found = library.desk_for(topic, language, who)
        return found.slug if found else None

    assert desk("km") == "ban-1"
    assert desk("rad") == "a-3"
    assert desk("en") == "a-3"
    assert desk("en", NOBODY) == "ban-2"
    assert desk("en", Facets(linked=True)) == "a-3"
    assert desk("vi", topic="security") is None


def test_the_roster_may_spell_a_place_in_its_own_ways(library: Library) -> None:
    spellings = ("Khách sạn Sen Hồng", "khach san  sen hong", "KS SEN HỒNG", "Sen Hồng", "Sen", "")
    found = [library.place_named(spelling) for spelling in spellings]
    assert [place.slug if place else None for place in found] == ["sen-hong"] * 4 + [None] * 2


def test_an_audience_by_hotel_knows_every_spelling_of_the_hotel(tmp_path: Path) -> None:
    event = str(GOOD["answers/hotel/nhan-phong.toml"]).replace('"linked"', '"hotel:Sen Hồng"')
    library = read(write(tmp_path, {**GOOD, "answers/hotel/nhan-phong.toml": event}), steps=STEPS)
    answer = library.answers["nhan-phong"]
    assert [
        library.admits(answer, Facets(linked=True, hotel=hotel))
        for hotel in ("Khách sạn Sen Hồng", "ks sen hồng", "Sông Xanh", "")
    ] == [True, True, False, False]


def test_the_programme_is_sorted_and_moves_with_the_first_day(library: Library) -> None:
    assert [item.id for item in library.day(1)] == ["don-tiep", "khai-mac"]
    assert library.day(2) == ()
    opening = library.items["khai-mac"]
    assert library.starts(opening) == datetime(2027, 1, 18, 2, 0, tzinfo=UTC)
    assert library.ends(opening) == datetime(2027, 1, 18, 3, 30, tzinfo=UTC)
    moved = library.moved(date(2026, 12, 31))
    assert moved.starts(opening) == datetime(2026, 12, 31, 2, 0, tzinfo=UTC)
    assert moved.event.date_of(2) == date(2027, 1, 1)
    tokyo = ZoneInfo("Asia/Tokyo")
    assert opening.starts(date(2027, 1, 18), tokyo) == datetime(2027, 1, 18, 0, 0, tzinfo=UTC)


def test_answers_are_found_by_topic(library: Library) -> None:
    assert [answer.id for answer in library.answers_about("hotel")] == [
        "nhan-phong",
        "phong-cua-toi",
    ]
    assert library.answers_about("security") == ()


def test_an_edited_library_is_judged_without_files(library: Library) -> None:
    assert inspect(library, steps=STEPS) == []
    found = inspect(library, steps=["helper.start"])
    assert [(one.file, one.line, one.rule) for one in found] == [
        ("answers/hotel/phong-cua-toi.toml", 0, "unknown")
    ]
