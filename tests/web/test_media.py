"""Pictures and clips: by fingerprint only, harmless kinds only, in ranges for Safari."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.media import sha256_of
from bot.store import Store
from tests.web.assembly import Site, picture, site
from tests.web.browser import browser

BODY = b"0123456789"


@pytest.fixture
async def place(sqlite_store: Store) -> AsyncIterator[Site]:
    made = await site(sqlite_store)
    yield made
    await made.channel.close()


@pytest.fixture
async def page(place: Site) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(place.app) as opened:
        yield opened


async def kept(place: Site, folder: Path, kind: str) -> str:
    path = folder / "a.bin"
    path.write_bytes(BODY)
    return await picture(place.store, place.event_id, path, kind)


async def test_a_picture_is_kept_for_ever(
    place: Site, page: httpx.AsyncClient, tmp_path: Path
) -> None:
    sha256 = await kept(place, tmp_path, "image/png")

    answer = await page.get(f"/media/{sha256}")

    assert (answer.status_code, answer.content) == (200, BODY)
    assert {
        name: answer.headers[name]
        for name in (
            "content-type",
            "cache-control",
            "content-disposition",
            "x-content-type-options",
        )
    } == {
        "content-type": "image/png",
        "cache-control": "private, max-age=31536000, immutable",
        "content-disposition": f'inline; filename="{sha256[:12]}.png"',
        "x-content-type-options": "nosniff",
    }


@pytest.mark.parametrize(
    "kind", ["image/svg+xml", "text/html", "application/pdf", "image/png; charset=x"]
)
async def test_other_kinds_are_not_served(
    place: Site, page: httpx.AsyncClient, tmp_path: Path, kind: str
) -> None:
    assert (await page.get(f"/media/{await kept(place, tmp_path, kind)}")).status_code == 404


async def test_the_file_of_a_document_is_not_served_here(
    place: Site, page: httpx.AsyncClient
) -> None:
    sha256 = sha256_of(BODY)
    await place.store.write(
        lambda work: work.contents.keep_media(
            place.event_id, "so-do.png", sha256, "image/png", BODY, guarded=True
        )
    )
    assert (await page.get(f"/media/{sha256}")).status_code == 404


@pytest.mark.parametrize("name", ["0" * 64, "A" * 64, "short", "%00" * 64])
async def test_only_a_fingerprint_finds_anything(page: httpx.AsyncClient, name: str) -> None:
    assert (await page.get(f"/media/{name}")).status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "body", "stated"),
    [
        ("bytes=0-1", 206, b"01", "bytes 0-1/10"),
        ("bytes=4-", 206, b"456789", "bytes 4-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=-", 200, BODY, None),
        ("bytes=0-1,3-4", 200, BODY, None),
    ],
)
async def test_a_clip_is_served_in_ranges(
    place: Site,
    page: httpx.AsyncClient,
    tmp_path: Path,
    asked: str,
    status: int,
    body: bytes,
    stated: str | None,
) -> None:
    sha256 = await kept(place, tmp_path, "audio/mp4")

    answer = await page.get(f"/media/{sha256}", headers={"Range": asked})

    assert (answer.status_code, answer.content) == (status, body)
    assert answer.headers.get("content-range") == stated
