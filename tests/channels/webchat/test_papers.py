"""The file of a document: to keep and not to show, to whom the callable says and nobody else."""

import httpx
import pytest

from bot.documents import Paper
from bot.store import Store
from tests.web.assembly import Site, site
from tests.web.browser import browser

ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
HERS, PUBLIC = "a" * 64, "b" * 64
BODY = b"%PDF-1.4 <script>alert(1)</script>"


async def place_of(store: Store, asked: list[tuple[str, str]], *, simulator: bool = False) -> Site:
    """A site where everybody may have PUBLIC, and who began a conversation HERS too."""

    async def paper_for(sender: str, sha256: str) -> Paper | None:
        asked.append((sender, sha256))
        if sha256 == PUBLIC or (sha256 == HERS and sender):
            return Paper("noi-quy.pdf", "application/pdf", BODY)
        return None

    return await site(store, paper_for=paper_for, simulator=simulator)


async def status(page: httpx.AsyncClient, sha256: str, base: str = "/chat/sample") -> int:
    return (await page.get(f"{base}/file/{sha256}")).status_code


async def test_a_file_is_kept_and_never_run(sqlite_store: Store) -> None:
    asked: list[tuple[str, str]] = []
    place = await place_of(sqlite_store, asked)
    async with browser(place.app) as page:
        await page.get("/chat/sample")
        await page.post("/chat/sample/say", json={"id": ID, "joined": True})
        answer = await page.get(f"/chat/sample/file/{HERS}")
    await place.channel.close()

    assert (answer.status_code, answer.content) == (200, BODY)
    assert asked == [(place.taken[0].sender, HERS)]
    names = (
        "content-type",
        "cache-control",
        "content-disposition",
        "content-security-policy",
        "x-content-type-options",
        "cross-origin-resource-policy",
    )
    assert {name: answer.headers[name] for name in names} == {
        "content-type": "application/pdf",
        "cache-control": "no-store",
        "content-disposition": 'attachment; filename="noi-quy.pdf"',
        "content-security-policy": "sandbox; default-src 'none'",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
    }


async def test_without_a_cookie_only_what_is_public(sqlite_store: Store) -> None:
    asked: list[tuple[str, str]] = []
    place = await place_of(sqlite_store, asked)
    async with browser(place.app) as page:
        assert [await status(page, one) for one in (PUBLIC, HERS)] == [200, 410]
        assert asked == [("", PUBLIC), ("", HERS)]
        refused = await page.get(f"/chat/sample/file/{HERS}")
    await place.channel.close()
    assert refused.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("name", ["c" * 64, "A" * 64, "short", "..%2f" * 3])
async def test_whatever_else_is_asked_for_is_not_given(sqlite_store: Store, name: str) -> None:
    asked: list[tuple[str, str]] = []
    place = await place_of(sqlite_store, asked)
    async with browser(place.app) as page:
        assert await status(page, name) in (404, 410)
    await place.channel.close()
    assert asked in ([], [("", "c" * 64)])


async def test_the_simulator_gives_files_to_whom_it_plays(sqlite_store: Store) -> None:
    asked: list[tuple[str, str]] = []
    place = await place_of(sqlite_store, asked, simulator=True)
    async with browser(place.app) as page:
        assert await status(page, HERS, "/simulator/as/DB0001") == 200
    await place.channel.close()
    assert asked == [("sim:DB0001", HERS)]


async def test_a_chat_without_documents_gives_none(sqlite_store: Store) -> None:
    place = await site(sqlite_store)
    async with browser(place.app) as page:
        assert await status(page, PUBLIC) == 410
    await place.channel.close()
