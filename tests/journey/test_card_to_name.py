"""The whole chain of a card: printed, its square code read from the paper, its page, her name."""

import shutil
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import zxingcpp

from bot.cards import CardPress, Wish
from bot.clock import SetClock
from bot.config import Settings
from bot.i18n import Texts
from bot.paths import resource
from bot.serving import assemble
from bot.store import Store
from bot.vault import Vault
from tests.conftest import MORNING
from tests.handlers.chats import PEOPLE, prepare
from tests.journey.test_found_card import CONSENT, KEY, PUBLIC, Stranger
from tests.test_paper import rendered


async def silent(_done: int, _total: int) -> None:
    pass


async def printed(path: Path, folder: Path) -> list[str]:
    """The cards of everybody, printed; what a telephone reads from each, page by page."""
    clock, texts = SetClock(MORNING), Texts.load(resource("locales"), ["vi"])
    store = Store(f"sqlite:///{path}", clock)
    try:
        event = await store.read(lambda work: work.events.by_slug("sample"))
        assert event is not None
        press = CardPress(store, Vault([KEY]), texts, PUBLIC, folder / "cards")
        await press.print(Wish(event.id, reissue=True), folder / "all.pdf", silent)
    finally:
        await store.close()
    pages = rendered((folder / "all.pdf").read_bytes(), folder)
    return [code.text for page in pages for code in zxingcpp.read_barcodes(page)]


@pytest.fixture
def filled(migrated_file: Path, tmp_path: Path) -> Path:
    path = tmp_path / "site.db"
    shutil.copyfile(migrated_file, path)
    prepare(path, Vault([KEY]), SetClock(MORNING))
    return path


@pytest.mark.parametrize("code", ["DB0001", "DB0002"])
async def test_what_the_telephone_reads_from_the_paper_leads_to_her_name(
    filled: Path, tmp_path: Path, clock: SetClock, code: str
) -> None:
    links = await printed(filled, tmp_path)
    assert len(links) == len(set(links)) == 3  # everybody but the one who withdrew
    settings = Settings(
        data_dir=tmp_path, database_url=f"sqlite:///{filled}", secret_key=KEY, public_url=PUBLIC
    )
    served = await assemble(settings, clock=clock, guarded=False)
    await served.bot.open(ticking=False)
    heard = []
    try:
        for link in links:
            assert link.startswith(f"{PUBLIC}/c/")
            transport = httpx.ASGITransport(served.app)
            async with httpx.AsyncClient(transport=transport, base_url=PUBLIC) as client:
                token = urlsplit(link).path.removeprefix("/c/")
                her = Stranger(client, served, token, clock)
                page = await her.get(link)
                assert (page.status_code, token in page.text) == (200, True)
                await her.say(joined=True, card=token)
                for value in ("welcome.language:1", *CONSENT, "welcome.agree"):
                    await her.say(value=value)
                heard += [line["text"] for line in await her.say(text=PEOPLE[code]["phone"][-4:])]
    finally:
        await served.bot.close()
    named = [text for text in heard if PEOPLE[code]["full_name"] in text]
    assert len(named) == 1, heard
