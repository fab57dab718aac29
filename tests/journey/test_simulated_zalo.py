"""The simulator's view of Zalo: the real channel behind it, the strict fake in front of it."""

import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from bot.config import Settings
from bot.i18n import Texts
from bot.paths import resource
from bot.sample import connect
from bot.serving import assemble
from bot.turn import FALLBACK_ZONE
from bot.web.zalo import STRANGER, zalo_id
from bot.zalo.fake import FakeZalo
from tests.conversations.conftest import KEY, sample_file
from tests.web.browser import browser

__all__ = ["sample_file"]

T = Texts.load(resource("locales"), ["vi"]).translator("vi", FALLBACK_ZONE)
ONE = "/simulator/as/DB0001"
ROOM, QUESTION = "Phòng của đại biểu: 305", "toi o phong nao"


@pytest.fixture
def settings(sample_file: Path, tmp_path: Path) -> Settings:
    shutil.copyfile(sample_file, tmp_path / "donghanh.db")
    url = f"sqlite:///{tmp_path / 'donghanh.db'}"
    return Settings(database_url=url, data_dir=tmp_path, secret_key=KEY, simulator=True)


@asynccontextmanager
async def opened(
    settings: Settings, seed: int = 7
) -> AsyncIterator[tuple[httpx.AsyncClient, FakeZalo]]:
    """A browser at the simulator. The fake posts its events straight into the application."""
    async with FakeZalo(seed=seed) as fake:
        built = await assemble(await connect(settings, fake), guarded=False, fake=fake)
        fake.hooks.transport = httpx.ASGITransport(built.app)
        async with built.app.router.lifespan_context(built.app), browser(built.app) as page:
            yield page, fake


async def said(page: httpx.AsyncClient, one: str, **form: str) -> str:
    """What she sees once she did that."""
    answer = await page.post(f"{one}/zalo", data=form)
    assert answer.status_code == 303
    return (await page.get(answer.headers["location"])).text


def press(html: str, title: str) -> str:
    """What the newest button of that title posts."""
    found: list[str] = re.findall(rf'value="([^"]+)">{re.escape(title)}</button>', html)
    return found[-1]


async def test_a_sample_person_asks_for_her_room_in_zalo(settings: Settings) -> None:
    async with opened(settings) as (page, fake):
        frame = await page.get(f"{ONE}?in=zalo")
        assert f'<iframe src="{ONE}/zalo"' in frame.text
        html = await said(page, ONE, text=QUESTION)
        assert f"<p>{QUESTION}</p>" in html
        assert ROOM in html
        html = await said(page, ONE, press=press(html, T("See my bus")))
        assert "Số xe của đại biểu: 1" in html
        assert "#dh:" not in html  # what a button says for her she does not see
        assert ROOM not in (await page.get("/simulator/as/DB0002/zalo")).text
        assert [one.seen for one in fake.world.taken()] == [True] * len(fake.world.taken())


async def test_her_picture_is_what_was_uploaded_and_only_hers(settings: Settings) -> None:
    async with opened(settings) as (page, _):
        await page.get(f"{ONE}?in=zalo")
        html = await said(page, ONE, text=QUESTION)
        (where,) = re.findall(rf'<img src="({ONE}/zalo/upload/\w+)"', html)
        picture = await page.get(where)
        assert picture.headers["content-type"] in ("image/png", "image/jpeg")
        other = where.replace("DB0001", "DB0002")
        assert (await page.get(other)).status_code == 404
        assert (await page.get(f"{ONE}/zalo/upload/up999")).status_code == 404


async def test_a_stranger_follows_and_nobody_is_played_for_her(settings: Settings) -> None:
    async with opened(settings) as (page, fake):
        await page.get(f"/simulator/as/{STRANGER}?in=zalo")
        html = await said(page, f"/simulator/as/{STRANGER}", text="1")
        assert press(html, T("Link my card"))
        assert [one.follows for one in fake.world.people.values()] == [True]
        assert (await page.get("/simulator/as/DB9999?in=zalo")).status_code == 404


@pytest.mark.parametrize(
    "form",
    [{"press": "x"}, {"press": "o1:99999999999"}, {"press": ":"}, {"phone": "0900"}, {"text": " "}],
)
async def test_forged_presses_change_nothing(settings: Settings, form: dict[str, str]) -> None:
    async with opened(settings) as (page, fake):
        await said(page, ONE, **form)
        assert [one.body for one in fake.world.messages.values()] == []


async def test_whom_the_account_knew_it_knows_again(settings: Settings) -> None:
    async with opened(settings) as (page, _):
        await page.get(f"{ONE}?in=zalo")
        await said(page, ONE, text=QUESTION)
    async with opened(settings, seed=8) as (page, fake):
        known = fake.world.people[zalo_id("DB0001")]
        assert (known.follows, known.last_interaction is not None) == (True, True)
        html = await said(page, ONE, text=QUESTION)
        assert re.findall(rf'<img src="{ONE}/zalo/upload/', html)  # uploaded anew: it knew none


async def test_without_a_fake_there_is_no_such_view(settings: Settings) -> None:
    built = await assemble(settings, guarded=False)
    async with built.app.router.lifespan_context(built.app), browser(built.app) as page:
        assert (await page.get(f"{ONE}/zalo")).status_code == 404
        assert "in=zalo" not in (await page.get("/simulator")).text


async def test_every_address_of_it_asks_for_the_key(settings: Settings) -> None:
    locked = settings.model_copy(update={"demo_key": "hoa-sen-2027"})
    async with opened(locked) as (page, fake):
        for path in ("?in=zalo", "/zalo", "/zalo/lines", "/zalo/upload/up1"):
            assert (await page.get(f"{ONE}{path}")).status_code == 401
        assert (await page.post(f"{ONE}/zalo", data={"text": QUESTION})).status_code == 401
        assert fake.world.messages == {}
