"""Captured updates become Incoming, or nothing."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.channels.telegram.reading import read, update_id_of
from bot.values.incoming import Incoming, Kind
from tests.channels.telegram.conftest import payload
from tests.conftest import MORNING

LAN = "5210044718"
WRITTEN = datetime(2027, 1, 19, 0, 10, 5, tzinfo=UTC)  # 1800317405


def came(number: int, kind: Kind, **rest: Any) -> Incoming:
    given = {"sent_at": WRITTEN, **rest}
    return Incoming(7, LAN, str(918273640 + number), kind, MORNING, **given)


EXPECTED: dict[str, Incoming | None] = {
    "text": came(1, Kind.TEXT, text="Phòng của tôi ở đâu?"),
    "text_with_entities": came(2, Kind.TEXT, text="Gọi giúp tôi 0912 345 678 nhé"),
    "text_untidy": came(3, Kind.TEXT, text="hòa bình"),
    "start": came(4, Kind.JOINED),
    "start_payload": came(5, Kind.JOINED, started_with="c7Kq2_mP-9xT"),
    "start_bad_payload": came(6, Kind.JOINED),
    "command": came(7, Kind.TEXT, text="/menu"),
    "tap": came(
        8,
        Kind.TAP,
        sent_at=None,
        value="mine.room",
        tap_id="22376971263920518",
        acts_on="811",
    ),
    "tap_old_message": came(
        9,
        Kind.TAP,
        sent_at=None,
        value="mine.wrong:room",
        tap_id="22376971263920519",
        acts_on="12",
    ),
    "tap_in_group": None,
    "tap_inline": None,
    "tap_game": None,
    "blocked": came(13, Kind.LEFT, sent_at=datetime(2027, 1, 19, 0, 10, 10, tzinfo=UTC)),
    "unblocked": came(14, Kind.JOINED, sent_at=datetime(2027, 1, 19, 0, 10, 20, tzinfo=UTC)),
    "added_to_group": None,
    "contact_own": came(16, Kind.MEDIA, media_kind="contact", text="+84912345678"),
    "contact_other": came(17, Kind.MEDIA, media_kind="contact_other"),
    "contact_stranger": came(18, Kind.MEDIA, media_kind="contact_other"),
    "location": came(19, Kind.LOCATION, latitude=21.036237, longitude=105.790583),
    "venue": came(20, Kind.LOCATION, latitude=21.0056, longitude=105.7823),
    "voice": came(21, Kind.MEDIA, media_kind="voice", media_ref="AwACAgUAAxkBAAIDLGVoice"),
    "photo": came(
        22,
        Kind.MEDIA,
        media_kind="picture",
        media_ref="AgACAgUAAxkBAAIDLGLarge",
        text="Thẻ của tôi",
    ),
    "document": came(23, Kind.MEDIA, media_kind="file", media_ref="BQACAgUAAxkBAAIDLGDoc"),
    "sticker": came(24, Kind.MEDIA, media_kind="sticker", media_ref="CAACAgUAAxkBAAIDLGSticker"),
    "video_note": came(25, Kind.MEDIA, media_kind="file", media_ref="DQACAgUAAxkBAAIDLGNote"),
    "animation": came(26, Kind.MEDIA, media_kind="sticker", media_ref="CgACAgUAAxkBAAIDLGAnim"),
    "dice": came(27, Kind.MEDIA, media_kind="other"),
    "edited": came(
        28, Kind.TEXT, text="Phòng của tôi?", sent_at=datetime(2027, 1, 19, 0, 11, 40, tzinfo=UTC)
    ),
    "group": None,
    "channel_post": None,
    "pinned": None,
    "of_tomorrow": None,
    "message_of_tomorrow": None,
}


def test_every_captured_payload_is_judged() -> None:
    names = {path.stem for path in (Path(__file__).parent / "payloads").glob("*.json")}
    assert names == EXPECTED.keys()


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_payload_becomes_what_it_says(name: str) -> None:
    with capture_logs() as logs:
        assert read(payload(name), 7, MORNING) == EXPECTED[name]
    assert logs == []


@pytest.mark.parametrize("name", [name for name, came in EXPECTED.items() if came])
def test_what_was_read_survives_the_inbox(name: str) -> None:
    incoming = read(payload(name), 7, MORNING)
    assert incoming is not None
    assert Incoming.from_json(incoming.to_json()) == incoming


def test_nothing_of_her_is_kept_that_no_turn_needs() -> None:
    incoming = read(payload("photo"), 7, MORNING)
    assert incoming is not None
    assert {"Lan", "lan_nt", "Nguyễn Thị"} & set(map(str, incoming.to_json().values())) == set()


def test_a_very_long_text_is_cut() -> None:
    raw = payload("text")
    raw["message"]["text"] = "xin chào " * 1200
    incoming = read(raw, 7, MORNING)
    assert incoming is not None
    assert len(incoming.text) == 2000


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(float("nan"), 0.0), (0.0, float("inf")), (91.0, 0.0), (0.0, -181)]
)
def test_a_place_that_is_nowhere_is_nothing(latitude: float, longitude: float) -> None:
    raw = payload("location")
    raw["message"]["location"] = {"latitude": latitude, "longitude": longitude}
    assert read(raw, 7, MORNING) is None


def test_what_was_edited_late_or_is_no_text_is_nothing() -> None:
    late, moving, picture = payload("edited"), payload("location"), payload("photo")
    late["edited_message"]["edit_date"] += 600
    for raw in (moving, picture):
        raw["edited_message"] = {**raw.pop("message"), "edit_date": 1800317410}
    assert [read(raw, 7, MORNING) for raw in (late, moving, picture)] == [None, None, None]


def test_an_unreadable_update_is_told_once_without_its_content() -> None:
    raw = payload("text")
    raw["message"]["chat"] = "5210044718"
    with capture_logs() as logs:
        assert read(raw, 7, MORNING) is None
    assert logs == [
        {
            "event": "update unreadable",
            "log_level": "warning",
            "update": 918273641,
            "account": 7,
            "what": "TypeError",
        }
    ]


@pytest.mark.parametrize("raw", [None, [], 3, {}, {"update_id": "3"}, {"update_id": True}])
def test_what_has_no_number_is_no_update(raw: object) -> None:
    assert update_id_of(raw) is None


@pytest.mark.parametrize("number", [-1, 2**63, 10**400])
def test_numbers_no_database_takes_are_refused(number: int) -> None:
    assert update_id_of({"update_id": number}) is None
