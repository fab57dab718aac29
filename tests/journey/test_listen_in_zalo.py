"""A reply with a clip leaves for Zalo as a button; its address opens the clip with its words."""

import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.config import Settings
from bot.outbox import Owed, put
from bot.sample import connect
from bot.serving import assemble
from bot.store import Work
from bot.talking import become
from bot.values.letter import Letter
from bot.values.reply import Media, Reply
from bot.zalo.fake import FakeZalo
from tests.conversations.conftest import KEY, sample_file
from tests.web.browser import browser

__all__ = ["sample_file"]

HER, SHA = "4572947693969771653", "c" * 64
CLIP = Media("audio", SHA, "phong.mp3", "Phòng của đại biểu là **305**.")
WHOLE = Reply("Phòng **305**. Chìa khóa ở quầy.", media=(CLIP,))


def owed(work: Work, event_id: int, account_id: int) -> Owed:
    """The reply, to her in Zalo."""
    record = become(work, event_id, "DB0001", account_id, HER)
    address = work.accounts.add_address(account_id, HER)
    queue = work.queues.ensure(account_id)
    work.contents.keep_media(event_id, CLIP.name, SHA, "audio/mpeg", b"ID3")
    letter = Letter("test:clip", {"vi": WHOLE}, event_id)
    return Owed(letter, record.person_id, address.id, HER, queue, "vi")


async def test_the_button_opens_the_clip_with_its_own_words(
    sample_file: Path, tmp_path: Path
) -> None:
    shutil.copyfile(sample_file, tmp_path / "donghanh.db")
    url = f"sqlite:///{tmp_path / 'donghanh.db'}"
    settings = Settings(database_url=url, data_dir=tmp_path, secret_key=KEY)
    async with FakeZalo() as fake:
        fake.acts.follow(HER)
        built = await assemble(await connect(settings, fake), guarded=False, fake=fake)
        bot = built.bot
        account = next(one for one in bot.channels if one.kind == "zalo").account_id
        event_id = bot.knowledge.events()[0].id
        async with built.app.router.lifespan_context(built.app), browser(built.app) as page:
            await bot.store.write(lambda work: put(work, [owed(work, event_id, account)], {}))
            bot.senders.wake_all()
            await bot.settled()
            (told,) = [one for one in fake.world.taken() if "attachment" in one.body]
            (button,) = told.body["attachment"]["payload"]["buttons"]
            where = urlsplit(button["payload"]["url"]).path
            heard = await page.get(where)
            assert heard.status_code == 200
            assert f'src="/media/{SHA}"' in heard.text
            assert "Phòng của đại biểu là <strong>305</strong>." in heard.text
            assert "Chìa khóa" not in heard.text  # only what the clip itself speaks
            assert "Tiếng Việt" in heard.text
            number = where.split("/")[2]
            for wrong in (f"/listen/9999/{SHA}", f"/listen/{number}/{'d' * 64}"):
                assert (await page.get(wrong)).status_code == 404


@pytest.mark.parametrize("number", ["0", "x", "-1", "9" * 18, "9" * 5000, "1%00", "１"])
async def test_hostile_addresses_have_a_clear_page(
    sample_file: Path, tmp_path: Path, number: str
) -> None:
    shutil.copyfile(sample_file, tmp_path / "donghanh.db")
    url = f"sqlite:///{tmp_path / 'donghanh.db'}"
    built = await assemble(Settings(database_url=url, data_dir=tmp_path, secret_key=KEY))
    async with browser(built.app) as page:
        for sha256 in (SHA, "x", "%27", "C" * 64):
            answer = await page.get(f"/listen/{number}/{sha256}")
            assert (answer.status_code, "<h1>" in answer.text) == (404, True)
    await built.bot.close()
