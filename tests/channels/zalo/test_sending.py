"""What a reply becomes on Zalo, and what Zalo's refusals become with us; the fake is the judge."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from bot.channels.zalo import ZaloChannel
from bot.clock import SetClock
from bot.errors import Gone, Later, Rejected, Throttled, Unavailable, Uncertain
from bot.fit import fit
from bot.media import MediaShelf, sha256_of
from bot.store import Store
from bot.values.delivery import Act
from bot.values.letter import Lane
from bot.values.reply import Choice, MapPoint, Media, Phone, Reply
from bot.zalo.fake import FakeZalo, Fault
from bot.zalo.fake.faults import Way
from tests.channels.zalo.conftest import Make, delivery, say

CONTROLS = (
    Choice("Read again", "menu.again"),
    Choice("↩︎ Back", "menu.back"),
    Choice("🙋 Talk to a person", "helper.start"),
)
ROOM, BUS = Choice("See my room", "mine.room"), Choice("See my bus", "mine.bus")
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 60
CS = "/v3.0/oa/message/cs"


def bodies(zalo: FakeZalo) -> list[dict[str, Any]]:
    return [message.body for message in zalo.world.taken()]


def buttons(body: dict[str, Any]) -> list[tuple[str, object]]:
    offered = body.get("attachment", {}).get("payload", {}).get("buttons", [])
    return [(one["title"], one["payload"]) for one in offered]


async def test_choices_and_controls_are_buttons_with_our_own_payloads(
    channel: ZaloChannel, zalo: FakeZalo
) -> None:
    ids = await say(channel, Reply("Room **305**", (ROOM, BUS), controls=CONTROLS))
    (body,) = bodies(zalo)
    assert body["text"] == "Room 305"
    assert buttons(body) == [
        ("See my room", "#dh:mine.room"),
        ("See my bus", "#dh:mine.bus"),
        ("Read again", "#dh:menu.again"),
        ("↩︎ Back", "#dh:menu.back"),
        ("🙋 Talk to a person", "#dh:helper.start"),
    ]
    assert ids == [zalo.world.taken()[0].message_id]


async def test_where_buttons_run_out_the_controls_are_digits(
    channel: ZaloChannel, zalo: FakeZalo
) -> None:
    await say(channel, Reply("Choose", (ROOM, BUS, ROOM), controls=CONTROLS))
    (body,) = bodies(zalo)
    assert len(buttons(body)) == 3
    assert body["text"].splitlines()[-1] == "7 Read again · 8 ↩︎ Back · 9 🙋 Talk to a person"


async def test_a_long_list_is_numbered_and_keeps_the_controls(
    channel: ZaloChannel, zalo: FakeZalo
) -> None:
    many = tuple(Choice(f"Language {n}", f"welcome.language:{n}") for n in range(1, 12))
    await say(channel, Reply("Choose", many, controls=CONTROLS))
    (body,) = bodies(zalo)
    assert body["text"].splitlines()[1:] == [f"{n}. Language {n}" for n in range(1, 12)]
    assert [title for title, _ in buttons(body)] == [one.label for one in CONTROLS]


async def test_a_menu_keeps_its_buttons_and_its_more_is_a_line(
    channel: ZaloChannel, zalo: FakeZalo
) -> None:
    menu = (ROOM, BUS, ROOM, BUS, ROOM, Choice("More", "menu.more"))
    await say(channel, Reply("Choose", menu, controls=CONTROLS))
    (body,) = bodies(zalo)
    assert [title for title, _ in buttons(body)] == [one.label for one in menu[:5]]
    assert body["text"].splitlines()[1:] == [
        "6. More",
        "7 Read again · 8 ↩︎ Back · 9 🙋 Talk to a person",
    ]


async def test_an_account_that_refuses_buttons_gets_numbers_at_once_and_ever_after(
    channel: ZaloChannel, zalo: FakeZalo
) -> None:
    zalo.world.buttons = False
    reply = Reply("Choose", (ROOM, BUS), controls=CONTROLS)
    await say(channel, reply)
    assert channel.capabilities.buttons == 0
    await say(channel, reply)
    lines = ["Choose", "1. See my room", "2. See my bus"]
    lines += ["7 Read again · 8 ↩︎ Back · 9 🙋 Talk to a person"]
    assert [body["text"].splitlines() for body in bodies(zalo)] == [lines, lines]


@pytest.mark.parametrize("code", [-210, -248])
async def test_buttons_that_are_refused_for_what_they_say_are_not_given_up(
    channel: ZaloChannel, zalo: FakeZalo, code: int
) -> None:
    zalo.faults.add(Fault("code", code=code, path=CS))
    await say(channel, Reply("Choose", (ROOM,)))
    assert bodies(zalo)[0]["text"].splitlines() == ["Choose", "1. See my room"]
    assert channel.capabilities.buttons == 5


async def test_a_refusal_for_another_reason_does_not_take_the_buttons_away(
    channel: ZaloChannel, zalo: FakeZalo
) -> None:
    owed = delivery(Reply("Choose", (ROOM,)), sender="999")
    (part,) = fit(owed.reply, channel.capabilities)
    with pytest.raises(Rejected) as caught:
        await channel.send(owed, part)
    assert (caught.value.code, channel.capabilities.buttons) == ("zalo-201", 5)


@pytest.mark.parametrize("letter", ["a", "ế", "e\u0302\u0301", "ខ្មែ"])
async def test_long_texts_are_split_where_zalo_would_refuse(
    channel: ZaloChannel, zalo: FakeZalo, letter: str
) -> None:
    await say(channel, Reply(" ".join([letter * 9] * 700), (ROOM,), controls=CONTROLS))
    told = bodies(zalo)
    assert all(len(body["text"]) <= 2000 for body in told)
    assert [bool(buttons(body)) for body in told] == [False] * (len(told) - 1) + [True]


async def test_what_she_did_not_ask_for_offers_her_day(
    channel: ZaloChannel, zalo: FakeZalo
) -> None:
    received = Choice("I have received it", "notice.received:7")
    await say(channel, Reply("Bus 2 leaves at 14:30", (received,), controls=CONTROLS), Lane.URGENT)
    await say(channel, Reply("An answer", (ROOM,), controls=CONTROLS), Lane.REPLY)
    letter, answer = bodies(zalo)
    assert [title for title, _ in buttons(letter)][:2] == [
        "I have received it",
        "See what is on today",
    ]
    assert buttons(letter)[1][1] == "#dh:programme.today"
    assert "See what is on today" not in [title for title, _ in buttons(answer)]


async def test_with_two_choices_her_day_takes_the_controls_place_and_they_become_digits(
    channel: ZaloChannel, zalo: FakeZalo
) -> None:
    await say(channel, Reply("News", (ROOM, BUS), controls=CONTROLS), Lane.ROUTINE)
    (body,) = bodies(zalo)
    titles = [title for title, _ in buttons(body)]
    assert titles == ["See my room", "See my bus", "See what is on today"]
    assert body["text"].splitlines()[-1].startswith("7 Read again")


async def test_a_picture_is_uploaded_once_and_stands_before_its_words(
    channel: ZaloChannel, zalo: FakeZalo, sqlite_store: Store, make: Make
) -> None:
    picture = await _kept(sqlite_store, PNG, "gate.png", "image/png")
    reply = Reply("Gate **B3**", (ROOM,), media=(picture,), controls=CONTROLS)
    await say(channel, reply)
    other = make()  # another process, or after a restart
    await say(other, reply)
    await other.close()
    kinds = [message.kind for message in zalo.world.taken()]
    assert kinds == ["image", "text", "image", "text"]
    assert zalo.world.uploaded == 1
    assert bodies(zalo)[0]["text"] == "The gate"


async def test_an_upload_that_died_is_uploaded_again_once(
    channel: ZaloChannel, zalo: FakeZalo, sqlite_store: Store
) -> None:
    reply = Reply("", media=(await _kept(sqlite_store, PNG, "gate.png", "image/png"),))
    await say(channel, reply)
    zalo.faults.add(Fault("code", code=-100, path=CS))
    await say(channel, reply)
    assert (zalo.world.uploaded, len(zalo.world.taken())) == (2, 2)


async def test_what_zalo_does_not_take_is_told_with_a_button_to_our_page(
    channel: ZaloChannel, zalo: FakeZalo, sqlite_store: Store
) -> None:
    sound = await _kept(sqlite_store, b"ID3" + b"0" * 60, "room.mp3", "audio/mpeg", kind="audio")
    big = await _kept(sqlite_store, PNG + b"0" * 2**20, "map.png", "image/png")
    await say(channel, Reply("Room 305", media=(sound, big)))
    listen, look, words = bodies(zalo)
    where = "https://dh.example/media/"
    ((title, heard),) = buttons(listen)
    page = rf"\{{'url': 'https://dh\.example/listen/\d+/{sound.sha256}'\}}"
    assert title == "🔊 Listen"
    assert re.fullmatch(page, str(heard))
    assert buttons(look) == [("Open it", {"url": where + big.sha256})]
    assert (zalo.world.uploaded, words) == (0, {"text": "Room 305"})


async def test_a_place_has_a_link_and_a_number_rings(channel: ZaloChannel, zalo: FakeZalo) -> None:
    point = MapPoint(21.0278, 105.8342, "CỔNG B3", "Turn left")
    await say(channel, Reply("Call", point=point, phones=(Phone("Trạm y tế", "0912 345 678"),)))
    ring, place = bodies(zalo)
    assert buttons(ring) == [("Call Trạm y tế", {"phone_code": "0912345678"})]
    assert place["text"].splitlines() == [
        "Call",
        "CỔNG B3: Turn left",
        "https://www.google.com/maps/search/?api=1&query=21.0278,105.8342",
    ]


async def test_her_number_is_asked_for_by_zalos_own_card(
    channel: ZaloChannel, zalo: FakeZalo
) -> None:
    await say(channel, Reply("Or type the code", (ROOM,), controls=CONTROLS, asks_number=True))
    card, words = zalo.world.taken()
    assert (card.kind, words.body["text"]) == ("request_user_info", "Or type the code")
    (element,) = card.body["attachment"]["payload"]["elements"]
    assert element["image_url"] == "https://dh.example/zalo/share.png"


REFUSALS = [
    (-230, Gone),
    (-213, Gone),
    (-217, Gone),
    (-227, Gone),
    (-32, Throttled),
    (-216, Throttled),
    (-224, Throttled),
    (-211, Later),
    (-218, Later),
    (-200, Unavailable),
    (-320, Rejected),
    (-210, Rejected),
    (-248, Rejected),
    (-9999, Rejected),
]


@pytest.mark.parametrize(("code", "meaning"), REFUSALS)
async def test_a_refusal_becomes_its_error(
    channel: ZaloChannel, zalo: FakeZalo, code: int, meaning: type[Exception]
) -> None:
    zalo.faults.add(Fault("code", code=code, path=CS), times=5)
    with pytest.raises(meaning) as caught:
        await say(channel, Reply("Xin chào"))
    assert type(caught.value) is meaning
    assert zalo.world.taken() == []


@pytest.mark.parametrize("way", ["html", "reset", "lost"])
async def test_an_answer_that_is_none_leaves_it_uncertain(
    channel: ZaloChannel, zalo: FakeZalo, way: Way
) -> None:
    zalo.faults.add(Fault(way, path=CS))
    with pytest.raises(Uncertain):
        await say(channel, Reply("Xin chào"))


async def test_a_lost_upload_said_nothing_to_anybody(
    channel: ZaloChannel, zalo: FakeZalo, sqlite_store: Store
) -> None:
    picture = await _kept(sqlite_store, PNG, "gate.png", "image/png")
    zalo.faults.add(Fault("lost", path="/v2.0/oa/upload/image"))
    with pytest.raises(Unavailable):
        await say(channel, Reply("", media=(picture,)))
    assert zalo.world.taken() == []


async def test_a_service_that_is_away_took_nothing(make: Make, zalo: FakeZalo) -> None:
    channel = make()
    channel._client.endpoint_prefix = "http://127.0.0.1:9"
    with pytest.raises(Unavailable):
        await say(channel, Reply("Xin chào"))
    await channel.close()


async def test_beyond_two_days_it_is_billed_and_beyond_seven_refused(
    channel: ZaloChannel, zalo: FakeZalo, clock: SetClock
) -> None:
    zalo.world.money = 100
    clock.forward(timedelta(hours=49))
    await say(channel, Reply("Xin chào"))
    assert zalo.world.money == 45
    clock.forward(timedelta(days=6))
    with pytest.raises(Gone) as caught:
        await say(channel, Reply("Xin chào"))
    assert caught.value.code == "zalo-230"


async def test_nothing_of_ours_is_taken_back(channel: ZaloChannel) -> None:
    owed = delivery(Reply(""), act=Act.WITHDRAW, acts_on="m1")
    (part,) = fit(owed.reply, channel.capabilities)
    with pytest.raises(Rejected):
        await channel.send(owed, part)


async def _kept(store: Store, body: bytes, name: str, mime: str, *, kind: str = "picture") -> Media:
    sha256 = sha256_of(body)

    def keep(work: Any) -> None:
        event = work.events.by_slug("e") or _event(work)
        work.contents.keep_media(event.id, name, sha256=sha256, kind=mime, body=body)

    await store.write(keep)
    assert await MediaShelf(store).find(sha256) is not None
    return Media(kind, sha256, name, "The gate")


def _event(work: Any) -> Any:
    zone, day = "Asia/Ho_Chi_Minh", date(2027, 1, 18)
    return work.events.add("e", names={"vi": "E"}, time_zone=zone, first_day=day, days=5)
