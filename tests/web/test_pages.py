"""What the shield keeps out and puts on, and the few addresses that are not the chat."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from bot.pages import Shield, TooLongError, policy, read_body, tel
from bot.store import Store
from tests.web.assembly import CARD, Site, site
from tests.web.browser import SECURE, browser

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that takes ten bytes."""
    try:
        body = await read_body(Request(scope, receive), 10)
        answer = PlainTextResponse(f"got {len(body)}")
    except TooLongError:
        answer = PlainTextResponse("too long", 413)
    await answer(scope, receive, send)


@pytest.fixture
async def shielded() -> AsyncIterator[httpx.AsyncClient]:
    async with browser(Shield(echo, "https://chat.example.test"), SECURE) as page:
        yield page


@pytest.fixture
async def place(sqlite_store: Store) -> AsyncIterator[Site]:
    made = await site(sqlite_store)
    yield made
    await made.channel.close()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),  # a program: it has nobody's cookie
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://chat.example.test"}, 403),
        ({"Origin": "https://chat.example.test"}, 200),
        ({"Origin": "https://inside:8080", "Host": "inside:8080"}, 200),
        ({"Origin": "https://chat.example.test", "Host": "inside:8080"}, 200),
        ({"Origin": "https://elsewhere.test"}, 403),
        ({"Origin": "https://chat.example.test.elsewhere.test"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
    ],
)
async def test_posts_of_other_sites_are_refused(
    shielded: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    assert (await shielded.post("/say", headers=headers)).status_code == status
    assert (await shielded.get("/say", headers=headers)).status_code == 200
    assert (await shielded.post("/webhook/zalo/1", headers=headers)).status_code == 200


async def test_every_answer_bears_the_headers_even_a_refusal(shielded: httpx.AsyncClient) -> None:
    expected = {
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "x-robots-tag": "noindex, nofollow",
        "content-security-policy": POLICY,
        "strict-transport-security": "max-age=31536000",
    }
    for answer in (
        await shielded.get("/"),
        await shielded.post("/", headers={"Sec-Fetch-Site": "cross-site"}),
    ):
        found = {name: answer.headers[name] for name in expected}
        assert found == expected


async def test_a_plain_address_promises_no_tls() -> None:
    async with browser(Shield(echo, "http://127.0.0.1:8080")) as page:
        assert "strict-transport-security" not in (await page.get("/")).headers


async def test_bodies_end_at_their_limit(shielded: httpx.AsyncClient) -> None:
    assert (await shielded.post("/", content=b"x" * 10)).text == "got 10"
    assert (await shielded.post("/", content=b"x" * 11)).status_code == 413


def test_directives_and_telephones() -> None:
    assert policy() == POLICY
    assert policy(frame_ancestors="'self'") == POLICY.replace(
        "frame-ancestors 'none'", "frame-ancestors 'self'"
    )
    assert tel("(0900) 000.100") == "tel:0900000100"
    assert tel("+84 900 000 100") == "tel:+84900000100"


async def test_one_event_needs_no_door(place: Site) -> None:
    async with browser(place.app) as page:
        answer = await page.get("/")
        assert (answer.status_code, answer.headers["location"]) == (307, "/chat/sample")
        unknown = await page.get("/c/nobody-has-this")
        assert 'data-card="nobody-has-this"' in unknown.text


async def test_with_several_events_only_a_card_leads_to_one(sqlite_store: Store) -> None:
    place = await site(sqlite_store, slugs=("first", "second"))
    async with browser(place.app) as page:
        front = await page.get("/")
        assert front.status_code == 200
        assert [slug in front.text for slug in ("first", "second")] == [False] * 2
        assert 'data-base="/chat/second"' in (await page.get(f"/c/{CARD}")).text
        assert (await page.get("/c/nobody-has-this")).text == front.text
    await place.channel.close()


async def test_what_is_not_there_says_so_kindly(place: Site) -> None:
    async with browser(place.app) as page:
        for path in ("/chat/other", "/simulator", "/simulator/as/DB0001", "/media/../etc/passwd"):
            answer = await page.get(path)
            assert (answer.status_code, answer.headers["content-type"]) == (
                404,
                "text/html; charset=utf-8",
            )
            assert answer.headers["content-security-policy"] == POLICY
        assert (await page.post("/chat/sample/lines")).status_code == 405
