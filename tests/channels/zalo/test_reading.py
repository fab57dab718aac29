"""Every kind of thing people do in Zalo, as the strict fake posts it, arrives as ours."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.access import new_code
from bot.channels.zalo import Manners, ZaloChannel
from bot.clock import SetClock
from bot.store import Store, Work
from bot.store.accounts import address
from bot.values.consent import DEVELOPMENT
from bot.values.incoming import Incoming, Kind
from bot.zalo.fake import FakeZalo
from tests.channels.zalo.conftest import HER, Inbox, Make, hooked

URL = {"url": "http://f6.photo.zdn.vn/a.jpg"}
OTHER = "8888"


def shown(incoming: Incoming) -> dict[str, Any]:
    plain = incoming.to_json()
    for name in ("account_id", "sender", "update_id", "received_at", "sent_at"):
        plain.pop(name, None)
    return plain


SENT: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
    ("image", URL, "my card", {"media_kind": "picture", "text": "my card"}),
    ("gif", URL, "", {"media_kind": "sticker"}),
    ("audio", URL, "", {"media_kind": "voice"}),
    ("video", URL, "", {"media_kind": "file"}),
    ("file", {**URL, "name": "a.pdf", "size": "3"}, "", {"media_kind": "file"}),
    ("sticker", {**URL, "id": "1"}, "", {"media_kind": "sticker"}),
]


@pytest.mark.parametrize(("kind", "payload", "text", "wanted"), SENT)
async def test_what_she_sends_beside_words(
    channel: ZaloChannel,
    zalo: FakeZalo,
    inbox: Inbox,
    kind: str,
    payload: dict[str, Any],
    text: str,
    wanted: dict[str, Any],
) -> None:
    async with hooked(channel, zalo) as heard:
        zalo.acts.sends(HER, kind, payload, text)
        await heard(1)
    (incoming,) = inbox.kept
    ref = {"media_ref": "https://f6.photo.zdn.vn/a.jpg"}
    assert shown(incoming) == {"kind": "media", **wanted, **ref}


async def test_a_place_is_a_place_and_a_broken_one_something_we_cannot_read(
    channel: ZaloChannel, zalo: FakeZalo, inbox: Inbox
) -> None:
    async with hooked(channel, zalo) as heard:
        zalo.acts.sends(HER, "location", {"coordinates": {"latitude": "21.03", "longitude": "105"}})
        zalo.acts.sends(HER, "location", {"coordinates": {"latitude": "x"}})
        await heard(2)
    assert [shown(one) for one in inbox.kept] == [
        {"kind": "location", "latitude": 21.03, "longitude": 105.0},
        {"kind": "media", "media_kind": "other"},
    ]


async def test_a_button_of_ours_is_a_tap_and_anything_may_stand_in_it(
    channel: ZaloChannel, zalo: FakeZalo, inbox: Inbox
) -> None:
    async with hooked(channel, zalo) as heard:
        zalo.acts.says(HER, "#dh:mine.room")
        zalo.acts.says(HER, "#dh:" + "x" * 900 + "\u202e")
        zalo.acts.says(HER, "#lich")
        await heard(3)
    assert [(one.kind, one.value or one.text) for one in inbox.kept] == [
        (Kind.TAP, "mine.room"),
        (Kind.TAP, "x" * 64),
        (Kind.TEXT, "#lich"),
    ]
    assert {one.tap_id for one in inbox.kept} == {""}


async def test_following_leaving_and_sharing_a_number(
    channel: ZaloChannel, zalo: FakeZalo, inbox: Inbox
) -> None:
    zalo.acts.meet(HER, phone="84912345678", was_asked_for_info=True)
    async with hooked(channel, zalo) as heard:
        zalo.acts.follow(HER)
        zalo.acts.shares_info(HER, user_dob="01/01/1970", address="Hà Nội")
        zalo.acts.shares_info(HER, phone="")
        zalo.acts.unfollow(HER)
        await heard(4)
    assert [shown(one) for one in inbox.kept] == [
        {"kind": "joined"},
        {"kind": "media", "media_kind": "contact", "text": "84912345678"},
        {"kind": "left"},
    ]


async def test_a_business_card_is_nobodys_word_for_her_number(
    channel: ZaloChannel, zalo: FakeZalo, inbox: Inbox
) -> None:
    card = {"description": '{"phone":"84912345678"}', "url": "https://a.zdn.vn/x"}
    async with hooked(channel, zalo) as heard:
        zalo.acts.sends(HER, "business_card", card)
        await heard(1)
    assert [one.media_kind for one in inbox.kept] == ["contact_other"]


async def test_what_is_nothing_to_answer_is_counted_only(
    channel: ZaloChannel, zalo: FakeZalo, inbox: Inbox
) -> None:
    async with hooked(channel, zalo) as heard:
        zalo.acts.opens_chat(HER)
        zalo.acts.reacts(HER, "m1", "/-heart")
        zalo.acts.unknown()
        zalo.acts.unknown("event_journey_acknowledged")
        assert await heard(4) == [200] * 4
    assert inbox.kept == []


async def test_whoever_answers_from_the_console_has_the_word_until_she_taps(
    channel: ZaloChannel, zalo: FakeZalo, inbox: Inbox, sqlite_store: Store, clock: SetClock
) -> None:
    async with hooked(channel, zalo) as heard:
        zalo.acts.says(HER, "Xin chào")
        zalo.acts.console_says(HER, "Tôi là Hoa, ở Ban Tổ chức")
        await heard(2)
        zalo.acts.says(HER, "Chào chị")
        await heard(3)
        assert [one.text for one in inbox.kept] == ["Xin chào"]
        zalo.acts.says(HER, "#dh:mine.room")
        await heard(4)
        zalo.acts.says(HER, "Xe của tôi?")
        await heard(5)
    assert [one.value or one.text for one in inbox.kept] == ["Xin chào", "mine.room", "Xe của tôi?"]


async def test_the_word_comes_back_by_itself(
    channel: ZaloChannel, zalo: FakeZalo, inbox: Inbox, clock: SetClock
) -> None:
    async with hooked(channel, zalo) as heard:
        zalo.acts.says(HER, "Xin chào")
        zalo.acts.console_says(HER, "Tôi là Hoa")
        await heard(2)
        clock.forward(timedelta(minutes=31))
        zalo.acts.says(HER, "Xe của tôi?")
        await heard(3)
    assert [one.text for one in inbox.kept] == ["Xin chào", "Xe của tôi?"]


@pytest.fixture
async def public(make: Make, inbox: Inbox) -> Any:
    channel = make(manners=Manners(welcomes_strangers=False))
    await channel.open(inbox.accept)
    yield channel
    await channel.close()


async def test_on_an_account_of_the_public_strangers_are_left_to_its_staff(
    public: ZaloChannel, zalo: FakeZalo, inbox: Inbox, sqlite_store: Store
) -> None:
    async with hooked(public, zalo) as heard:
        zalo.acts.follow(HER)
        zalo.acts.says(HER, "Thủ tục cấp giấy khai sinh?")
        zalo.acts.unfollow(HER)
        await heard(3)
    assert inbox.kept == []
    account = public.account_id
    assert await sqlite_store.read(lambda work: work.accounts.address(account, HER)) is None


async def test_there_a_cards_code_or_a_button_of_ours_opens_the_dialogue(
    public: ZaloChannel, zalo: FakeZalo, inbox: Inbox
) -> None:
    code = new_code()
    async with hooked(public, zalo) as heard:
        zalo.acts.says(HER, code)
        zalo.acts.says(OTHER, "#dh:welcome.start")
        await heard(2)
    assert [one.text or one.value for one in inbox.kept] == [code, "welcome.start"]


async def test_there_whoever_is_linked_is_answered(
    public: ZaloChannel, zalo: FakeZalo, inbox: Inbox, sqlite_store: Store
) -> None:
    def link(work: Work) -> None:
        zone, day = "Asia/Ho_Chi_Minh", date(2027, 1, 18)
        event = work.events.add("e", names={"vi": "E"}, time_zone=zone, first_day=day, days=5)
        address = work.accounts.add_address(public.account_id, HER)
        work.accounts.tie(address.id, work.people.add(), event.id, DEVELOPMENT)

    await sqlite_store.write(link)
    async with hooked(public, zalo) as heard:
        zalo.acts.says(HER, "Xe của tôi?")
        zalo.acts.says(OTHER, "Xe buýt số 5?")
        await heard(2)
    assert [one.text for one in inbox.kept] == ["Xe của tôi?"]


async def test_an_event_keeps_when_she_did_it_not_when_it_came(
    channel: ZaloChannel, zalo: FakeZalo, sqlite_store: Store, clock: SetClock
) -> None:
    zalo.hooks.url = "http://127.0.0.1:9/away"
    zalo.acts.says(HER, "Xin chào")
    while not zalo.hooks.answered:
        await zalo.hooks.turn()
    clock.forward(timedelta(seconds=40))
    async with hooked(channel, zalo) as heard:
        await heard(2)

    def places(work: Work) -> list[Any]:
        return list(work.conn.execute(select(address.c.heard_at)).scalars())

    (at,) = await sqlite_store.read(places)
    assert timedelta(0) <= clock.now() - at - timedelta(seconds=40) < timedelta(seconds=1)
