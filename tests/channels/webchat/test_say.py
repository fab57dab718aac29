"""What a page posts: kept before it is answered, once however often tried, refused when odd."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.clock import SetClock
from bot.store import Store, Work
from bot.values.incoming import Incoming, Kind
from tests.conftest import MORNING
from tests.web.assembly import CARD, CONTROLS, Site, site
from tests.web.browser import browser

A_WHILE = timedelta(seconds=2)
ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
OTHER = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


@pytest.fixture
async def place(sqlite_store: Store) -> AsyncIterator[Site]:
    made = await site(sqlite_store)
    yield made
    await made.channel.close()


@pytest.fixture
async def page(place: Site) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(place.app) as opened:
        assert (await opened.get("/chat/sample")).status_code == 200
        yield opened


async def say(page: httpx.AsyncClient, **said: Any) -> httpx.Response:
    return await page.post("/chat/sample/say", json={"id": ID, **said})


async def lines(page: httpx.AsyncClient, after: int = 0) -> list[dict[str, Any]]:
    answer = await page.get(f"/chat/sample/lines?after={after}")
    found: list[dict[str, Any]] = answer.json()["lines"]
    return found


async def test_words_are_kept_then_accepted_then_answered(
    place: Site, page: httpx.AsyncClient
) -> None:
    answer = await say(page, text="  toi o phong nao\u200b ")

    assert answer.status_code == 202
    sender = place.taken[0].sender
    assert place.taken == [
        Incoming(
            account_id=place.channel.account_id,
            sender=sender,
            update_id=f"{sender[:16]}:{ID}",
            kind=Kind.TEXT,
            received_at=MORNING,
            text="toi o phong nao",
        )
    ]
    shown = await lines(page)
    when = {"time": "08:10", "day": "Thứ Ba, ngày 19/01/2027", "at": "2027-01-19T08:10:00+07:00"}
    assert shown == [
        {"id": 1, "side": "in", **when, "said": ID, "text": "toi o phong nao"},
        {
            "id": 2,
            "side": "out",
            **when,
            "text": "Nhận được: toi o phong nao",
            "controls": [{"label": one.label, "value": one.value} for one in CONTROLS],
            "language": "vi",
        },
    ]
    assert await lines(page, after=2) == []


async def test_the_cookie_opens_the_chat_and_the_table_does_not(
    place: Site, page: httpx.AsyncClient
) -> None:
    await say(page, text="xin chào")

    secret = page.cookies["donghanh"]
    assert place.taken[0].sender != secret
    async with browser(place.app) as stranger:
        stranger.cookies.set("donghanh", place.taken[0].sender)
        assert await lines(stranger) == []
        stranger.cookies.set("donghanh", secret)
        assert len(await lines(stranger)) == 2


async def test_trying_again_changes_nothing(place: Site, page: httpx.AsyncClient) -> None:
    assert (await say(page, text="xin chào")).status_code == 202
    assert (await say(page, text="xin chào")).status_code == 202

    assert len(place.taken) == 1
    assert len(await lines(page)) == 2


async def test_what_could_not_be_accepted_is_tried_again_with_the_same_id(
    place: Site, page: httpx.AsyncClient
) -> None:
    place.broken = 1

    first = await say(page, text="xin chào")
    assert first.status_code == 503
    assert [line["side"] for line in await lines(page)] == ["in"]

    assert (await say(page, text="xin chào")).status_code == 202
    assert [line["side"] for line in await lines(page)] == ["in", "out"]
    assert len(place.taken) == 1


async def test_a_pressed_button_shows_in_our_own_words(
    place: Site, page: httpx.AsyncClient
) -> None:
    await say(page, joined=True)
    welcome = (await lines(page))[0]

    answer = await page.post(
        "/chat/sample/say", json={"id": OTHER, "value": "mine.room", "on": welcome["id"]}
    )

    assert answer.status_code == 202
    tap = place.taken[1]
    assert (tap.kind, tap.value, tap.acts_on) == (Kind.TAP, "mine.room", str(welcome["id"]))
    hers = (await lines(page))[1]
    assert (hers["side"], hers["text"], hers["value"], hers["on"]) == (
        "in",
        "Xem phòng",
        "mine.room",
        welcome["id"],
    )


async def test_a_button_nobody_showed_is_refused(place: Site, page: httpx.AsyncClient) -> None:
    await say(page, joined=True)

    answer = await page.post("/chat/sample/say", json={"id": OTHER, "value": "roster.all"})

    assert answer.status_code == 409
    assert len(place.taken) == 1
    assert len(await lines(page)) == 1


async def test_the_controls_work_before_anything_was_said(
    place: Site, page: httpx.AsyncClient
) -> None:
    assert (await say(page, value="helper.start")).status_code == 202
    assert place.taken[0].value == "helper.start"


async def test_a_card_is_handed_over_when_the_conversation_starts(
    place: Site, page: httpx.AsyncClient
) -> None:
    assert (await say(page, joined=True, card=CARD)).status_code == 202

    taken = place.taken[0]
    assert (taken.kind, taken.started_with) == (Kind.JOINED, CARD)
    assert [line["side"] for line in await lines(page)] == ["out"]  # no bubble of hers


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"text": "xin chào", "value": "mine.room"},
        {"text": "  \u200b "},
        {"text": "xin chào", "id": "x"},
        {"text": "xin chào", "id": f"{ID}{ID}"},
        {"text": "xin chào", "label": "Xem phòng"},
        {"value": "x" * 61},
        {"value": "mine.room", "on": 2**70},
        {"joined": False},
        {"text": 7},
    ],
)
async def test_odd_posts_are_refused(
    place: Site, page: httpx.AsyncClient, said: dict[str, Any]
) -> None:
    answer = await page.post("/chat/sample/say", json={"id": ID, **said})

    assert answer.status_code == 422
    assert place.taken == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff\xfe", b'"' + b"\\ud800" * 9 + b'"'])
async def test_what_is_no_json_is_refused(
    place: Site, page: httpx.AsyncClient, body: bytes
) -> None:
    assert (await page.post("/chat/sample/say", content=body)).status_code == 422


async def test_a_body_may_be_sixteen_kilobytes(place: Site, page: httpx.AsyncClient) -> None:
    body = json.dumps({"id": ID, "text": "a"}).encode()
    fits = body + b" " * (16 * 1024 - len(body))

    assert (await page.post("/chat/sample/say", content=fits + b" ")).status_code == 413
    assert place.taken == []
    assert (await page.post("/chat/sample/say", content=fits)).status_code == 202


async def test_without_a_cookie_nothing_can_be_said(place: Site) -> None:
    async with browser(place.app) as forgetful:
        answer = await say(forgetful, text="xin chào")
        assert answer.status_code == 403
        forgetful.cookies.set("donghanh", "short")
        assert (await say(forgetful, text="xin chào")).status_code == 403
        assert (await forgetful.get("/chat/sample/stream")).status_code == 403
    assert place.taken == []


async def test_one_page_may_not_flood(
    place: Site, page: httpx.AsyncClient, clock: SetClock
) -> None:
    answers = [
        await page.post("/chat/sample/say", json={"id": f"{n:032}", "text": str(n)})
        for n in range(21)
    ]

    assert [answer.status_code for answer in answers] == [202] * 20 + [429]
    assert answers[-1].headers["retry-after"] == "1"
    assert len(place.taken) == 20
    clock.forward(A_WHILE)
    assert (await say(page, text="sau đó")).status_code == 202


async def test_new_conversations_of_one_network_address_have_to_wait(
    place: Site, clock: SetClock
) -> None:
    async def newcomer() -> int:
        async with browser(place.app) as somebody:
            await somebody.get("/chat/sample")
            return (await say(somebody, text="xin chào")).status_code

    statuses = [await newcomer() for _ in range(121)]

    assert statuses == [202] * 120 + [429]
    clock.forward(A_WHILE)
    assert await newcomer() == 202


async def test_a_phone_reported_lost_does_not_show_what_was_said_before(
    place: Site, page: httpx.AsyncClient, clock: SetClock
) -> None:
    await say(page, text="tôi ở phòng nào")
    assert len(await lines(page)) == 2
    clock.forward(A_WHILE)
    sender, account = place.taken[0].sender, place.channel.account_id

    def freeze(work: Work) -> int:
        return work.accounts.freeze([work.accounts.add_address(account, sender).id])

    assert await place.store.write(freeze) == 1
    assert await lines(page) == []
    await page.post("/chat/sample/say", json={"id": OTHER, "text": "xin chào"})
    assert [line["text"] for line in await lines(page)] == ["xin chào", "Nhận được: xin chào"]


async def test_a_place_is_told_to_the_turn_and_kept_nowhere(
    place: Site, page: httpx.AsyncClient
) -> None:
    where = {"latitude": 21.0278, "longitude": 105.8342}
    answer = await page.post("/chat/sample/say", json={"id": ID, **where})
    assert answer.status_code == 202

    taken = place.taken[0]
    assert (taken.kind, taken.latitude, taken.longitude) == (Kind.LOCATION, *where.values())
    hers = (await lines(page))[0]
    assert (hers["side"], hers["sent"]) == ("in", "place")
    assert "21.0278" not in str(hers)


@pytest.mark.parametrize(
    "where",
    [
        '"latitude": 21.0',
        '"longitude": 105.8',
        '"latitude": 90.1, "longitude": 105.8',
        '"latitude": 21.0, "longitude": -180.1',
        '"latitude": NaN, "longitude": 105.8',
        '"latitude": 1e999, "longitude": 105.8',
        '"latitude": 21.0, "longitude": 105.8, "text": "here"',
    ],
)
async def test_a_place_that_is_none_is_refused(
    place: Site, page: httpx.AsyncClient, where: str
) -> None:
    body = f'{{"id": "{ID}", {where}}}'
    answer = await page.post("/chat/sample/say", content=body)
    assert (answer.status_code, place.taken) == (422, [])
