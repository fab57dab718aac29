"""What is said: into the transcript once, to every open page at once, in one bubble."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace

import httpx
import pytest

from bot.channels.webchat import WebChatChannel
from bot.channels.webchat.gate import network
from bot.channels.webchat.hub import MOST_PAGES
from bot.errors import Rejected, Unavailable
from bot.fit import Part
from bot.store import Store
from bot.values.delivery import Act, Delivery, Receipt
from bot.values.reply import Choice, MapPoint, Media, Reply
from tests.web.assembly import CONTROLS, FRONT, Site, site
from tests.web.browser import Stream, browser, streaming

ID = "0f8fad5b-d9cb-469f-a165-70867728950e"


@pytest.fixture
async def place(store: Store) -> AsyncIterator[Site]:
    made = await site(store)
    yield made
    await made.channel.close()


async def joined(place: Site, page: httpx.AsyncClient) -> str:
    """Somebody whose conversation began; her sender id."""
    await page.get("/chat/sample")
    await page.post("/chat/sample/say", json={"id": ID, "joined": True})
    return place.taken[-1].sender


async def delivery(place: Site, sender: str, act: Act = Act.SAY) -> Delivery:
    address = await place.store.write(
        lambda work: work.accounts.add_address(place.channel.account_id, sender)
    )
    return Delivery(77, 1, address.id, sender, Reply(""), act=act)


def heard(event: str) -> dict[str, object]:
    """The line that an event carries."""
    number, data, _ = event.split("\n", 2)
    line: dict[str, object] = json.loads(data.removeprefix("data: "))
    assert number == f"id: {line['id']}"
    return line


async def opened(stream: Stream) -> None:
    """The greeting that tells a page that events get through."""
    assert await stream.next() == "retry: 2000\nevent: hello\ndata: 1\n\n"
    assert (stream.status, stream.headers["content-type"]) == (
        200,
        "text/event-stream; charset=utf-8",
    )


async def test_only_the_clips_of_who_is_told_slowly_are_marked(place: Site) -> None:
    async with browser(place.app) as page:
        sender = await joined(place, page)
        clip = (Media("audio", "ab" * 32, "a.mp3", "Lời đọc"),)
        await place.say(sender, Reply("Một", media=clip), slow=True)
        await place.say(sender, Reply("Hai", media=clip))
        await place.say(sender, Reply("Ba"), slow=True)
        lines = (await page.get("/chat/sample/lines?after=1")).json()["lines"]
        assert [line.get("slow") for line in lines] == [True, None, None]


async def test_a_whole_reply_is_one_line_and_a_resend_none(place: Site) -> None:
    async with browser(place.app) as page:
        sender = await joined(place, page)
        part = Part(
            0,
            "Phòng **305**",
            (Choice("Xem xe", "mine.bus"),),
            CONTROLS[:1],
            (Media("picture", "ab" * 32, "a.png", "Cửa số 1"),),
            MapPoint(21.03, 105.83, "Khách sạn Sen Hồng", "Cổng chính"),
        )
        told = await delivery(place, sender)

        receipts = [await place.channel.send(told, part) for _ in range(2)]

        assert receipts == [Receipt("out:77:0")] * 2
        answer = await page.get("/chat/sample/lines?after=1")
        line = answer.json()["lines"]
        assert [
            {key: one[key] for key in one if key not in ("id", "at", "day")} for one in line
        ] == [
            {
                "side": "out",
                "time": "08:10",
                "text": "Phòng **305**",
                "choices": [{"label": "Xem xe", "value": "mine.bus"}],
                "controls": [{"label": "Đọc lại", "value": "menu.again"}],
                "media": [
                    {
                        "kind": "picture",
                        "sha256": "ab" * 32,
                        "name": "a.png",
                        "caption": "Cửa số 1",
                    }
                ],
                "point": {
                    "latitude": 21.03,
                    "longitude": 105.83,
                    "name": "Khách sạn Sen Hồng",
                    "note": "Cổng chính",
                },
                "language": "vi",
            }
        ]


async def test_a_reaction_is_a_sign_at_what_she_said_and_can_be_taken_away(place: Site) -> None:
    async with browser(place.app) as page:
        sender = await joined(place, page)
        await page.post("/chat/sample/say", json={"id": ID, "text": "cảm ơn"})
        update = place.taken[-1].update_id

        async def react(number: int, sign: str) -> list[tuple[str, str | None, bool]]:
            owed = replace(await delivery(place, sender, Act.REACT), id=number, acts_on=update)
            assert await place.channel.send(owed, Part(0, sign)) == Receipt(update)
            lines = (await page.get("/chat/sample/lines")).json()["lines"]
            marked = [one for one in lines if "mark" in one]
            return [(one["side"], one["mark"], "replaces" in one) for one in marked]

        assert await react(78, "👍") == [("in", "👍", False), ("out", "👍", True)]
        assert (await page.get("/chat/sample/light")).text.count("👍") == 1
        assert await react(78, "👍") == [("in", "👍", False), ("out", "👍", True)]
        assert (await react(79, ""))[0] == ("in", "", False)
        assert (await page.get("/chat/sample/light")).text.count("👍") == 0

        gone = replace(await delivery(place, sender, Act.REACT), acts_on="x:y")
        with pytest.raises(Rejected):
            await place.channel.send(gone, Part(0, "👍"))


async def test_a_tap_needs_no_answer_and_other_acts_are_not_ours(place: Site) -> None:
    part = Part(0)
    tap = await delivery(place, "sim:DB0001", Act.ANSWER_TAP)
    assert await place.channel.send(tap, part) == Receipt()

    with pytest.raises(Rejected, match="web chat cannot menu"):
        await place.channel.send(await delivery(place, "sim:DB0001", Act.MENU), part)


async def test_an_edit_changes_the_line_and_tells_open_pages_once(place: Site) -> None:
    async with browser(place.app) as page:
        sender = await joined(place, page)
        await place.channel.send(await delivery(place, sender), Part(0, "Bản 1"))
        said = replace(await delivery(place, sender, Act.EDIT), id=78, acts_on="out:77:0")
        news = Part(0, "Đã thay", (Choice("Nhận tệp mới", "documents.get:a"),))

        receipts = [await place.channel.send(said, news) for _ in range(2)]

        assert receipts == [Receipt("out:77:0")] * 2
        lines = (await page.get("/chat/sample/lines?after=1")).json()["lines"]
        assert [(one["text"], one.get("replaces")) for one in lines] == [
            ("Đã thay", None),
            ("Đã thay", lines[0]["id"]),
        ]
        light = (await page.get("/chat/sample/light")).text
        assert (light.count("Đã thay"), light.count("Bản 1")) == (1, 0)
        pressed = {"id": ID[:-1] + "f", "value": "documents.get:a", "on": lines[0]["id"]}
        assert (await page.post("/chat/sample/say", json=pressed)).status_code == 202


async def test_what_is_withdrawn_says_so_and_can_be_pressed_no_more(place: Site) -> None:
    async with browser(place.app) as page:
        sender = await joined(place, page)
        asked = Part(0, "Nhầm người", (Choice("Tôi đã nhận", "notice.received:1"),))
        await place.channel.send(await delivery(place, sender), asked)
        back = replace(await delivery(place, sender, Act.WITHDRAW), id=78, acts_on="out:77:0")

        assert await place.channel.send(back, Part(0)) == Receipt("out:77:0")

        lines = (await page.get("/chat/sample/lines?after=1")).json()["lines"]
        assert [one["text"] for one in lines] == ["Tin này đã được rút lại."] * 2
        light = (await page.get("/chat/sample/light")).text
        assert (light.count("Nhầm người"), light.count("Tôi đã nhận")) == (0, 0)


async def test_a_line_that_is_no_more_cannot_be_edited(place: Site) -> None:
    edit = replace(await delivery(place, "sim:DB0001", Act.EDIT), acts_on="out:5:0")
    with pytest.raises(Rejected, match="message_gone"):
        await place.channel.send(edit, Part(0, "Đã thay"))


async def test_a_database_that_is_away_is_a_reason_to_try_again(place: Site) -> None:
    nobody = Delivery(78, 1, 10**6, "nobody", Reply(""))

    with pytest.raises(Unavailable, match="store: IntegrityError"):
        await place.channel.send(nobody, Part(0, "Xin chào"))


async def test_open_pages_hear_it_at_once_and_resume_where_they_were(place: Site) -> None:
    async with browser(place.app) as page:
        sender = await joined(place, page)
        cookie = f"donghanh={page.cookies['donghanh']}"
        url = "/chat/sample/stream?after=0"
        async with streaming(place.app, url, cookie) as one:
            await opened(one)
            first = heard(await one.next())
            await place.say(sender, Reply("Xe số 12 đã đến."))
            assert heard(await one.next())["text"] == "Xe số 12 đã đến."
        async with streaming(place.app, url, cookie, last=str(first["id"])) as again:
            await opened(again)
            assert heard(await again.next())["text"] == "Xe số 12 đã đến."


async def test_a_page_hears_only_its_own_conversation(place: Site) -> None:
    async with browser(place.app) as hers, browser(place.app) as other:
        sender = await joined(place, hers)
        await joined(place, other)
        cookie = f"donghanh={other.cookies['donghanh']}"
        async with streaming(place.app, "/chat/sample/stream?after=2", cookie) as stream:
            await opened(stream)
            await place.say(sender, Reply("Phòng 305"))
            await place.say(place.taken[-1].sender, Reply("Phòng 412"))
            assert heard(await stream.next())["text"] == "Phòng 412"


async def test_a_line_of_another_process_is_found(place: Site) -> None:
    elsewhere = WebChatChannel(
        place.channel.account_id,
        "sample",
        store=place.store,
        front=lambda: FRONT,
        speak=place.channel.speak,
        secure=False,
    )
    async with browser(place.app) as page:
        sender = await joined(place, page)
        cookie = f"donghanh={page.cookies['donghanh']}"
        async with streaming(place.app, "/chat/sample/stream?after=1", cookie) as stream:
            await opened(stream)
            await elsewhere.send(await delivery(place, sender), Part(0, "Từ nơi khác"))
            await place.channel.look()
            assert heard(await stream.next())["text"] == "Từ nơi khác"


async def test_nobody_keeps_more_pages_open_than_a_person_would(place: Site) -> None:
    async with browser(place.app) as page:
        await joined(place, page)
        cookie = f"donghanh={page.cookies['donghanh']}"
        async with AsyncExitStack() as pages:
            for _ in range(MOST_PAGES):
                url = "/chat/sample/stream"
                await opened(await pages.enter_async_context(streaming(place.app, url, cookie)))
            assert (await page.get(url)).status_code == 503


async def test_a_channel_that_closes_lets_its_pages_go(place: Site) -> None:
    async with browser(place.app) as page:
        await joined(place, page)
        cookie = f"donghanh={page.cookies['donghanh']}"
        async with streaming(place.app, "/chat/sample/stream?after=1", cookie) as stream:
            await opened(stream)
            await place.channel.close()
        assert (await page.get("/chat/sample/stream")).status_code == 503


def test_a_household_counts_as_one() -> None:
    assert network("192.0.2.7") == "192.0.2.7"
    assert network("2001:db8:1:2:3:4:5:6") == network("2001:db8:1:2::1") == "2001:db8:1:2::/64"
    assert network("testclient") == "testclient"
