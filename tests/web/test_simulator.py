"""The simulator: absent unless asked for, locked when it must be, the real chat inside."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.clock import SetClock
from bot.store import Store
from tests.web.assembly import Site, site
from tests.web.browser import browser

A_WHILE = timedelta(seconds=10)
KEY = "hoa-sen-2027"
ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
ONE = "/simulator/as/DB0001"


@pytest.fixture
async def place(sqlite_store: Store) -> AsyncIterator[Site]:
    made = await site(sqlite_store, simulator=True)
    yield made
    await made.channel.close()


@pytest.fixture
async def page(place: Site) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(place.app) as opened:
        yield opened


@pytest.fixture
async def locked(sqlite_store: Store) -> AsyncIterator[Site]:
    made = await site(sqlite_store, simulator=True, demo_key=KEY)
    yield made
    await made.channel.close()


async def test_it_suggests_people_and_finds_them(page: httpx.AsyncClient) -> None:
    suggested = await page.get("/simulator")
    found = await page.get("/simulator", params={"q": "Nguyệt"})
    nobody = await page.get("/simulator", params={"q": '"><script>'})

    assert [f'href="{ONE}"' in one.text for one in (suggested, found, nobody)] == [
        True,
        True,
        False,
    ]
    assert "<script>" not in nobody.text


async def test_the_frame_holds_the_chat_of_that_person(page: httpx.AsyncClient) -> None:
    frame = await page.get(ONE)
    chat = await page.get(f"{ONE}/chat")

    assert "Lò Thị Ánh Nguyệt" in frame.text
    assert f'<iframe src="{ONE}/chat"' in frame.text
    assert "frame-src 'self'" in frame.headers["content-security-policy"]
    assert f'data-base="{ONE}"' in chat.text
    assert "Nguyệt" not in chat.text
    assert "frame-ancestors 'self'" in chat.headers["content-security-policy"]
    assert "set-cookie" not in chat.headers


@pytest.mark.parametrize("code", ["DB9999", "x" * 33, "DB 1", "sim:DB0001"])
async def test_nobody_else_can_be_played(page: httpx.AsyncClient, code: str) -> None:
    assert (await page.get(f"/simulator/as/{code}")).status_code == 404


async def test_who_talks_stands_in_the_path(place: Site, page: httpx.AsyncClient) -> None:
    said: dict[str, Any] = {"id": ID, "text": "toi o phong nao"}

    assert (await page.post(f"{ONE}/say", json=said)).status_code == 202

    assert place.taken[0].sender == "sim:DB0001"
    lines = (await page.get(f"{ONE}/lines")).json()["lines"]
    assert [line["text"] for line in lines] == ["toi o phong nao", "Nhận được: toi o phong nao"]
    assert (await page.get("/simulator/as/DB0002/lines")).json() == {"lines": []}


async def test_every_address_of_it_asks_for_the_key(locked: Site) -> None:
    async with browser(locked.app) as stranger:
        for path in ("", "/as/DB0001", *(f"/as/DB0001/{end}" for end in ("chat", "lines"))):
            assert (await stranger.get(f"/simulator{path}")).status_code == 401
        assert (await stranger.get("/simulator/as/DB0001/stream")).status_code == 401
        answer = await stranger.post(f"{ONE}/say", json={"id": ID, "text": "xin chào"})
        assert answer.status_code == 401
        assert (await stranger.get("/chat/sample")).status_code == 200
    assert locked.taken == []


async def test_the_key_opens_it(locked: Site) -> None:
    async with browser(locked.app) as guest:
        wrong = await guest.post("/simulator/key", data={"key": "hoa-sen"})
        assert wrong.status_code == 401
        assert (await guest.post("/simulator/key", content=b"x" * 2000)).status_code == 401
        right = await guest.post("/simulator/key", data={"key": f" {KEY} "})
        assert (right.status_code, right.headers["location"]) == (303, "/simulator")
        assert KEY not in right.headers["set-cookie"]
        assert (await guest.get("/simulator")).status_code == 200


async def test_guessing_is_slow(locked: Site, clock: SetClock) -> None:
    async with browser(locked.app) as guest:
        for _ in range(10):
            await guest.post("/simulator/key", data={"key": "no"})
        assert (await guest.post("/simulator/key", data={"key": KEY})).status_code == 401
        clock.forward(A_WHILE)
        assert (await guest.post("/simulator/key", data={"key": KEY})).status_code == 303
