"""Voices and pictures: known by their bytes, limited, kept for the helper, and never served."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from bot.channels.webchat import handed, talk
from bot.clock import SetClock
from bot.media import sha256_of
from bot.store import Store
from bot.store.handed_in import HandedIn
from bot.values.incoming import Incoming, Kind
from tests.conftest import MORNING
from tests.web.assembly import Site, site
from tests.web.browser import browser

ID = "0f8fad5b-d9cb-469f-a165-7086772895"
WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm" + b"\x00" * 40 + b"A_OPUS" + b"\x01" * 500
OGG = b"OggS" + b"\x00" * 24 + b"OpusHead" + b"\x01" * 100
MP4 = b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 30 + b"hdlr" + b"\x00" * 8 + b"soun" + b"\x01" * 90
PIXELS = b"\xff\xdb\x00\x04\x00\x01" + b"\xff\xda\x00\x02" + b"\x12\x34" * 50 + b"\xff\xd9"
WHERE = b"Exif\x00\x00GPS 21.0278 105.8342"
JPEG = b"\xff\xd8" + b"\xff\xe0\x00\x04JF" + PIXELS
CAMERA = (
    b"\xff\xd8\xff\xe0\x00\x04JF" + b"\xff\xe1" + (len(WHERE) + 2).to_bytes(2, "big") + WHERE
) + PIXELS
HTML, SVG, PDF = b"<html><script>alert(1)</script>", b"<svg onload='x'/>", b"%PDF-1.7"


@pytest.fixture
async def place(sqlite_store: Store) -> AsyncIterator[Site]:
    made = await site(sqlite_store)
    yield made
    await made.channel.close()


@pytest.fixture
async def page(place: Site) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(place.app) as opened:
        await opened.get("/chat/sample")
        await opened.post("/chat/sample/say", json={"id": ID, "joined": True})
        yield opened


async def hand(
    page: httpx.AsyncClient, body: bytes, sort: str = "voice", number: int = 1, seconds: int = 7
) -> httpx.Response:
    where = f"/chat/sample/{sort}?id={ID}{number:02}&seconds={seconds}"
    return await page.post(where, content=body)


async def kept(place: Site) -> list[HandedIn]:
    sender = place.taken[0].sender
    address = await place.store.read(
        lambda work: work.accounts.address(place.channel.account_id, sender)
    )
    assert address is not None
    return await place.store.read(lambda work: work.handed_in.at_address(address.id))


async def test_a_voice_is_kept_and_handed_over_like_one_from_anywhere(
    place: Site, page: httpx.AsyncClient
) -> None:
    for _ in range(2):  # a page that tries again
        assert (await hand(page, WEBM)).status_code == 202
    sender = place.taken[0].sender
    assert place.taken[1:] == [
        Incoming(
            account_id=place.channel.account_id,
            sender=sender,
            update_id=f"{sender[:16]}:{ID}01",
            kind=Kind.MEDIA,
            received_at=MORNING,
            media_kind="voice",
            media_ref="handed_in:1",
        )
    ]
    assert await kept(place) == [HandedIn(1, "voice", "audio/webm", 7, len(WEBM), MORNING)]
    lines = (await page.get("/chat/sample/lines")).json()["lines"]
    assert [(one["sent"], one["seconds"]) for one in lines if one["side"] == "in"] == [("voice", 7)]


async def test_where_a_picture_was_taken_is_not_kept(place: Site, page: httpx.AsyncClient) -> None:
    assert (await hand(page, CAMERA, "picture", seconds=0)).status_code == 202
    assert await kept(place) == [HandedIn(1, "picture", "image/jpeg", 0, len(JPEG), MORNING)]
    body = await place.store.read(lambda work: work.handed_in.body(1, 1))
    assert body == JPEG


@pytest.mark.parametrize(("body", "mime"), [(WEBM, "webm"), (OGG, "ogg"), (MP4, "mp4")])
def test_what_browsers_record_is_known(body: bytes, mime: str) -> None:
    assert handed.known("voice", body) == handed.Handed("voice", f"audio/{mime}", body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        HTML,
        SVG,
        PDF,
        b"GIF89a" + HTML,
        b"\x89PNG\r\n\x1a\n",
        b"MZ\x90\x00",
        b"PK\x03\x04",
        JPEG[:-1],
        JPEG + HTML,
        JPEG + JPEG,
        JPEG + b"PK\x03\x04" + b"\xff\xd9",
        b"\xff\xd8\xff\xe1\xff\xff" + b"\xff\xd9",
        b"\xff\xd8" + HTML + b"\xff\xd9",
        WEBM.replace(b"A_OPUS", b"A_OPUS V_VP8"),
        MP4.replace(b"soun", b"vide"),
        WEBM.replace(b"webm", b"matr"),
        b"RIFF\x00\x00\x00\x00WAVE",
    ],
)
async def test_everything_else_is_refused_with_a_sentence(
    place: Site, page: httpx.AsyncClient, body: bytes
) -> None:
    for sort, wrong in (("voice", body), ("picture", body if body != WEBM else HTML)):
        answer = await hand(page, wrong, sort)
        assert (answer.status_code, answer.json()["word"]) == (415, f"no_{sort}")
    assert await kept(place) == []
    assert len(place.taken) == 1


async def test_no_more_than_the_limit_is_ever_read(place: Site, page: httpx.AsyncClient) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield WEBM[:4] + b"\x00" * 99_996

    answer = await page.post(f"/chat/sample/voice?id={ID}01&seconds=1", content=endless())
    assert (answer.status_code, answer.json()["word"]) == (413, "too_large")
    assert read == handed.LIMIT // 100_000 + 1
    big = await hand(page, b"\x00" * (handed.LIMIT + 1), number=2)
    assert big.status_code == 413


async def test_few_are_on_their_way_at_a_time(
    place: Site, page: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk, "MOST_AT_ONCE", 1)
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield WEBM[:20]
        begun.set()
        await go_on.wait()
        yield WEBM[20:]

    first = asyncio.create_task(
        page.post(f"/chat/sample/voice?id={ID}01&seconds=1", content=slow())
    )
    await begun.wait()
    assert (await hand(page, WEBM, number=2)).status_code == 429
    go_on.set()
    assert (await first).status_code == 202


async def test_who_sends_many_waits_and_who_sends_too_many_is_told(
    place: Site, page: httpx.AsyncClient, clock: SetClock
) -> None:
    answers = [await hand(page, WEBM, number=number) for number in range(7)]
    assert [one.status_code for one in answers] == [202] * 6 + [429]
    assert answers[-1].headers["retry-after"] == "20"
    for number in range(7, 7 + handed.MOST_KEPT - 6):
        clock.forward(timedelta(seconds=20))
        assert (await hand(page, WEBM, number=number)).status_code == 202
    clock.forward(timedelta(minutes=5))
    full = await hand(page, WEBM, number=99)
    assert (full.status_code, full.json()["word"]) == (409, "enough")
    again = await hand(page, WEBM, number=7)
    assert again.status_code == 202  # the page did not hear that it was taken
    assert len(await kept(place)) == handed.MOST_KEPT


async def test_a_stranger_another_site_and_odd_posts_hand_in_nothing(
    place: Site, page: httpx.AsyncClient
) -> None:
    foreign = {"Origin": "https://elsewhere.example"}
    where = f"/chat/sample/voice?id={ID}01&seconds=1"
    assert (await page.post(where, content=WEBM, headers=foreign)).status_code == 403
    for odd in ("id=short&seconds=1", f"id={ID}01&seconds=9999", f"id={ID}01&more=1", ""):
        assert (await page.post(f"/chat/sample/voice?{odd}", content=WEBM)).status_code == 422
    async with browser(place.app) as other:
        assert (await other.post(where, content=WEBM)).status_code == 403
        await other.get("/chat/sample")
        assert (await other.post(where, content=WEBM)).status_code == 409
    assert (await kept(place), len(place.taken)) == ([], 1)


async def test_nothing_of_it_is_served(place: Site, page: httpx.AsyncClient) -> None:
    await hand(page, WEBM)
    for path in (
        f"/media/{sha256_of(WEBM)}",
        f"/chat/sample/file/{sha256_of(WEBM)}",
        "/chat/sample/voice",
        "/chat/sample/voice/1",
        "/chat/sample/listen/2",
    ):
        assert (await page.get(path)).status_code in (404, 405, 410)


async def test_a_lost_phone_hands_in_nothing(place: Site, page: httpx.AsyncClient) -> None:
    await place.store.write(lambda work: work.accounts.freeze([1]))
    assert (await hand(page, WEBM)).status_code == 409
