"""The served application and a strict Bot API server: a card's link, the digits, her own room."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import uvicorn
from python_calamine import load_workbook

from bot import library
from bot.access import issue_cards
from bot.channels.telegram import registration, webhook_secret
from bot.config import Settings
from bot.content import Library, Medium
from bot.media import sha256_of
from bot.paths import resource
from bot.serving import Served, assemble
from bot.store import Work
from bot.talking import become
from bot.values.event import Event
from bot.values.person import Record
from tests.conversations.conftest import KEY, sample_file
from tests.fakes.platform import TOKEN, FakeTelegram

CHAT = 7001
__all__ = ["sample_file"]


@asynccontextmanager
async def served(settings: Settings) -> AsyncIterator[tuple[Served, str]]:
    """The application behind a real HTTP server on a free port."""
    built = await assemble(settings)
    config = uvicorn.Config(built.app, port=0, access_log=False, log_config=None)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield built, f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await running


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(rates=False) as fake:
        yield fake


@pytest.fixture
def settings(sample_file: Path, tmp_path: Path, telegram: FakeTelegram) -> Settings:
    shutil.copyfile(sample_file, tmp_path / "donghanh.db")
    return Settings(
        database_url=f"sqlite:///{tmp_path / 'donghanh.db'}",
        data_dir=tmp_path,
        secret_key=KEY,
        telegram_token=TOKEN,
        telegram_api_url=telegram.url,
    )


def phone_of(code: str) -> str:
    """Her phone as the sample's workbook prints it."""
    book = load_workbook(resource("content") / "sample" / "roster.xlsx")
    rows = book.get_sheet_by_index(0).to_python()
    head = next(row for row in rows if "Mã đại biểu" in row)
    where, phone = head.index("Mã đại biểu"), head.index("Số điện thoại")
    return next(str(row[phone]).replace(" ", "") for row in rows if row[where] == code)


async def card_of(built: Served, code: str) -> tuple[Record, str]:
    store, vault = built.bot.store, built.bot.vault
    event = built.bot.knowledge.events()[0]
    record = await store.read(lambda work: work.roster.by_code(event.id, code))
    assert record is not None
    person = [record.person_id]
    cards = await store.write(lambda work: issue_cards(work, vault, event.id, person))
    return record, cards[0].token


async def point_webhook(telegram: FakeTelegram, built: Served, base: str) -> None:
    account = next(one for one in built.bot.channels if one.kind == "telegram").account_id
    async with registration.connected(TOKEN, telegram.url) as api:
        url = f"{base}/webhook/telegram/{account}"
        await registration.set_webhook(api, url, webhook_secret(TOKEN))


async def until(true: Callable[[], bool]) -> None:
    while not true():
        await asyncio.sleep(0.005)


async def test_from_the_card_to_her_room(telegram: FakeTelegram, settings: Settings) -> None:
    async with served(settings) as (built, base):
        await point_webhook(telegram, built, base)
        record, token = await card_of(built, "DB0007")

        async def hears(update: dict[str, object]) -> list[str]:
            before = len(telegram.journal)
            assert await telegram.deliver(update) == 200
            await built.bot.settled()
            return [sent.text for sent in telegram.journal[before:]]

        async def presses(label: str) -> list[str]:
            last = [sent for sent in telegram.journal if sent.buttons][-1]
            buttons = {name: value for row in last.buttons for name, value in row}
            return await hears(telegram.tap(CHAT, buttons[label], last.message_id))

        greeting = await hears(telegram.start(CHAT, token))
        assert record.full_name not in "".join(greeting)
        taps = 0
        for label in ["Tiếng Việt ✅ 🙋", "Tiếp tục", "Tiếp tục", "Tiếp tục", "Tôi đồng ý"]:
            await presses(label)
            taps += 1
        await hears(telegram.text(CHAT, phone_of("DB0007")[-4:]))
        room = await presses("Xem phòng")
        taps += 1
        assert taps <= 6
        assert f"<b>{record.room}</b>" in room[-1] or record.room in room[-1]
        assert record.hotel in room[-1]
        again = await hears(telegram.text(CHAT, "toi o phong nao"))
        assert again[-1] == room[-1]


async def test_the_menu_behind_the_button_follows_her_choice(
    telegram: FakeTelegram, settings: Settings
) -> None:
    async with served(settings) as (built, base):
        await point_webhook(telegram, built, base)

        async def chooses(update: dict[str, object]) -> list[str]:
            assert await telegram.deliver(update) == 200
            await built.bot.settled()
            return [one["description"] for one in telegram.world.menus.get(CHAT, [])]

        assert await chooses(telegram.start(CHAT)) == []
        gia_rai = await chooses(telegram.tap(CHAT, "welcome.language:jra"))
        assert gia_rai[1:3] == ["🌐 Đổi ngôn ngữ", "Gặp người hỗ trợ"]  # its own words wait
        english = await chooses(telegram.tap(CHAT, "welcome.language:en"))
        assert english[1:3] == ["🌐 Change language", "Talk to a person"]
        await chooses(telegram.tap(CHAT, "welcome.language:en"))
        assert [name for name, _ in telegram.calls].count("setmycommands") == 2
        assert await chooses(telegram.tap(CHAT, "me.erase_now")) == []


async def test_a_new_version_of_a_document_marks_the_old_one_and_tells_her(
    telegram: FakeTelegram, settings: Settings
) -> None:
    async with served(settings) as (built, base):
        await point_webhook(telegram, built, base)
        event = built.bot.knowledge.events()[0]
        for update in (
            telegram.start(CHAT),
            telegram.tap(CHAT, "welcome.language:vi"),
        ):
            await telegram.deliver(update)
        account = next(one for one in built.bot.channels if one.kind == "telegram").account_id
        await built.bot.settled()
        await built.bot.store.write(
            lambda work: become(work, event.id, "DB0007", account, str(CHAT))
        )
        _, content = await built.bot.store.read(lambda work: library.taken(work, event))
        slug, paper = next(
            (one, each) for one, each in content.documents.items() if not each.official
        )
        await telegram.deliver(telegram.tap(CHAT, f"documents.get:{slug}"))
        await built.bot.settled()
        old = telegram.journal[-1]
        assert old.method == "senddocument"

        await new_version(built, event, content, slug)
        await built.bot.jobs.run_waiting()
        await until(lambda: len(telegram.journal) > 0 and telegram.journal[-1] != old)
        await built.bot.settled()

        title = paper.by_language["vi"].title
        marked = telegram.world.shown[CHAT, old.message_id]
        assert title in marked.text
        assert marked.text != old.text
        assert marked.file_name
        assert title in telegram.journal[-1].text
        assert "9.9" in telegram.journal[-1].text
        told = telegram.journal[-1].buttons[0][0][1]
        assert told == marked.rows[0][0]["callback_data"] == f"documents.get:{slug}"
        await telegram.deliver(telegram.text(CHAT, "1"))
        await built.bot.settled()
        assert telegram.journal[-1].method == "senddocument"
        assert "9.9" in telegram.journal[-1].text


async def new_version(built: Served, event: Event, content: Library, slug: str) -> None:
    """The organisers print a document anew."""
    body = b"%PDF-1.7 new"
    medium = Medium(sha256_of(body), len(body), "pdf")
    paper = content.documents[slug]
    file = paper.by_language["vi"].file
    changed = replace(
        content,
        documents={**content.documents, slug: replace(paper, version="9.9")},
        files={**content.files, file: medium},
    )

    def do(work: Work) -> None:
        pictures = library.pictures_of(work, event, content)
        pictures = {**pictures, medium.sha256: body}
        library.put(work, event, changed, pictures, author="lan")

    await built.bot.store.write(do)
    await built.bot.knowledge.refresh()


async def test_replayed_forged_and_broken_webhooks(
    telegram: FakeTelegram, settings: Settings
) -> None:
    async with served(settings) as (built, base):
        await point_webhook(telegram, built, base)
        update = telegram.text(CHAT, "xin chào")
        assert [await telegram.deliver(update) for _ in range(3)] == [200, 200, 200]
        await built.bot.settled()
        once = len(telegram.journal)
        telegram.world.hook.secret = "wrong"
        assert await telegram.deliver(telegram.text(CHAT, "giả mạo")) == 403
        await built.bot.settled()
        assert len(telegram.journal) == once > 0
