"""The served application and a strict Official Account: follow, consent, link, her own room."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.access import issue_cards
from bot.clock import SystemClock
from bot.config import Settings
from bot.i18n import Texts
from bot.notices import approve, draft
from bot.paths import resource
from bot.serving import Served
from bot.store import Store, Work
from bot.store.accounts import CLOSED_AFTER, address
from bot.store.deliveries import delivery
from bot.store.windows import Heard
from bot.turn import FALLBACK_ZONE
from bot.values.notice import Audience
from bot.values.reply import Reply
from bot.values.template import Param, Phones
from bot.values.template import Template as Approved
from bot.vault import Vault
from bot.zalo import Tokens
from bot.zalo.fake import APP_ID, APP_SECRET, OA_ID, OA_SECRET, FakeZalo
from bot.zalo.fake.world import Message, Template
from bot.zalo_tokens import TokenKeeper
from tests.conversations.conftest import KEY, sample_file
from tests.journey.test_telegram import phone_of, served

HER = "4572947693969771653"
FORGET = "privacy.forget"
__all__ = ["sample_file"]

T = Texts.load(resource("locales"), ["vi"]).translator("vi", FALLBACK_ZONE)


@pytest.fixture
async def zalo() -> AsyncIterator[FakeZalo]:
    async with FakeZalo() as fake:
        yield fake


async def _never(_refresh: str) -> Tokens:
    raise AssertionError("nobody refreshes here")


@pytest.fixture
async def settings(sample_file: Path, tmp_path: Path, zalo: FakeZalo) -> Settings:
    shutil.copyfile(sample_file, tmp_path / "donghanh.db")
    given = Settings(
        database_url=f"sqlite:///{tmp_path / 'donghanh.db'}",
        data_dir=tmp_path,
        secret_key=KEY,
        public_url="https://dh.example",
        zalo_app_id=APP_ID,
        zalo_app_secret=APP_SECRET,
        zalo_oa_secret_key=OA_SECRET,
        zalo_api_url=zalo.url,
        zalo_oauth_url=zalo.url,
        zalo_business_url=zalo.url,
    )
    store = Store(given.database, SystemClock())
    account = await store.write(lambda work: work.accounts.ensure("zalo", OA_ID).id)
    pair = Tokens(*zalo.pair(), int(SystemClock().now().timestamp()) + 90_000)
    await TokenKeeper(store, Vault([KEY]), account, _never).keep(pair)
    await store.close()
    return given


@dataclass
class Chat:
    """What she does in Zalo, and what she is told then."""

    zalo: FakeZalo
    built: Served

    async def after(self, act: Callable[[], Any]) -> list[Message]:
        before = len(self.zalo.world.taken())
        act()
        while len(self.zalo.world.taken()) == before:
            await asyncio.sleep(0.01)
        await self.built.bot.settled()
        return self.zalo.world.taken()[before:]

    async def says(self, text: str) -> list[Message]:
        return await self.after(lambda: self.zalo.acts.says(HER, text))

    async def taps(self, title: str) -> list[Message]:
        last = [one for one in self.zalo.world.taken() if title in titles(one)][-1]
        return await self.after(lambda: self.zalo.acts.taps(HER, last.message_id, title))


def titles(message: Message) -> list[str]:
    payload = message.body.get("attachment", {}).get("payload", {})
    return [one["title"] for one in payload.get("buttons", [])]


@asynccontextmanager
async def chatting(zalo: FakeZalo, settings: Settings) -> AsyncIterator[Chat]:
    async with served(settings) as (built, base):
        account = next(one for one in built.bot.channels if one.kind == "zalo").account_id
        zalo.hooks.url = f"{base}/webhook/zalo/{account}"
        yield Chat(zalo, built)
        zalo.hooks.url = ""


async def _agree(chat: Chat) -> list[Message]:
    """From following the account to the question for her card."""
    said = await chat.after(lambda: chat.zalo.acts.follow(HER))
    picker = said[-1]
    lines = picker.body["text"].splitlines()
    assert "1. Tiếng Việt ✅ 🙋" in lines  # more languages than Zalo has buttons
    (menu,) = await chat.says("1")
    assert menu.body["text"].splitlines()[-2:] == [
        f"6. {T('See more')}",
        f"7 {T('Read again')} · 8 {T('↩︎ Back')} · 9 {T('🙋 Talk to a person')}",
    ]
    said = await chat.taps(T("Link my card"))
    while T("I agree") not in titles(said[-1]):
        said = await chat.taps(T("Continue"))
    return await chat.taps(T("I agree"))


async def test_from_following_to_her_room_by_the_code_and_four_digits(
    zalo: FakeZalo, settings: Settings
) -> None:
    async with chatting(zalo, settings) as chat:
        bot = chat.built.bot
        event = bot.knowledge.events()[0]
        record = await bot.store.read(lambda work: work.roster.by_code(event.id, "DB0007"))
        assert record is not None
        (card,) = await bot.store.write(
            lambda work: issue_cards(work, bot.vault, event.id, [record.person_id])
        )
        asked = await _agree(chat)
        assert [one.kind for one in asked] == ["request_user_info", "text"]
        await chat.says(card.code)
        await chat.says(phone_of("DB0007")[-4:])
        (room,) = (await chat.taps(T("See my room")))[-1:]
        assert record.room in room.body["text"]
        assert record.hotel in room.body["text"]
        again = await chat.says("toi o phong nao")
        assert again[-1].body == room.body
        heard = await bot.store.read(
            lambda work: work.conn.execute(select(address.c.heard_at)).scalars().all()
        )
        assert [at is not None for at in heard] == [True]


async def test_the_number_she_shares_links_her_and_receipts_come_back(
    zalo: FakeZalo, settings: Settings
) -> None:
    async with chatting(zalo, settings) as chat:
        await _agree(chat)
        zalo.acts.meet(HER, phone="84" + phone_of("DB0007").lstrip("0"))
        said = await chat.after(lambda: zalo.acts.shares_info(HER))
        assert T("See my room") in titles(said[-1])
        zalo.acts.sees(HER)
        while zalo.hooks.waiting or not any(one.seen for one in zalo.world.taken()):
            await asyncio.sleep(0.01)
        channel = next(one for one in chat.built.bot.channels if one.kind == "zalo")
        query = select(delivery.c.sent_at, delivery.c.delivered_at, delivery.c.seen_at)
        rows: list[Any] = []
        while not rows or not all(all(row) for row in rows):
            for chore in channel.chores():
                if chore.name == "zalo receipts":
                    await chore.do()
            rows = list(
                await chat.built.bot.store.read(lambda work: work.conn.execute(query).all())
            )
        assert len(rows) >= 4


async def test_when_she_withdraws_in_zalo_nothing_of_the_talk_is_kept(
    zalo: FakeZalo, settings: Settings
) -> None:
    async with chatting(zalo, settings) as chat:
        await _agree(chat)
        zalo.acts.meet(HER, phone="84" + phone_of("DB0007").lstrip("0"))
        await chat.after(lambda: zalo.acts.shares_info(HER))
        bot = chat.built.bot
        event = bot.knowledge.events()[0]
        zalo.acts.withdraws(HER)
        while (await bot.store.read(lambda work: work.audit.of_event(event.id)))[0].verb != FORGET:
            await asyncio.sleep(0.01)

        def left(work: Any) -> Any:
            record = work.roster.by_code(event.id, "DB0007")
            person = work.people.get(record.person_id, event.id)
            senders = list(work.conn.execute(select(address.c.sender, address.c.heard_at)))
            return person.consented, work.windows.of_event(event.id), senders

        consented, places, senders = await bot.store.read(left)
        assert (consented, places) == (False, [])
        assert [(HER in sender, at) for sender, at in senders] == [(False, None)]


async def test_a_token_that_died_is_renewed_in_mid_conversation(
    zalo: FakeZalo, settings: Settings
) -> None:
    async with chatting(zalo, settings) as chat:
        await chat.after(lambda: zalo.acts.follow(HER))
        zalo.tokens.access = "another"
        said = await chat.says("1")
        assert [one.kind for one in said] == ["text"]
        assert sum(zalo.tokens.spent.values()) == 1


async def test_a_notice_reaches_who_was_silent_for_long_and_who_never_came(
    zalo: FakeZalo, settings: Settings
) -> None:
    """By an approved template: at her id, and at the number of the list, which stays sealed."""
    phone = "84" + phone_of("DB0008").lstrip("0")
    zalo.world.money = 1_000
    zalo.world.templates["312"] = Template("312", {"ten": 30, "noi_dung": 60})
    zalo.acts.meet(HER, follows=True)
    zalo.acts.meet("900", phone=phone)
    async with chatting(zalo, settings) as chat:
        bot = chat.built.bot
        event = bot.knowledge.events()[0]
        account = next(one for one in bot.channels if one.kind == "zalo").account_id

        def fill(work: Work) -> tuple[int, str, str]:
            silent, never = (work.roster.by_code(event.id, code) for code in ("DB0007", "DB0008"))
            assert silent is not None
            assert never is not None
            place = work.accounts.add_address(account, HER)
            work.accounts.tie(place.id, silent.person_id, event.id, "card")
            work.windows.heard(account, [Heard(HER, work.now - CLOSED_AFTER * 2)])
            params = {"ten": Param("{name}", 30), "noi_dung": Param("{text}", 60)}
            prices = {"price": 165, "phone_price": 200}
            template = Approved("xe", "312", account, params, **prices, phones=Phones.LISTED)
            who = Audience((silent.person_id, never.person_id))
            words = {"vi": Reply("Xe số 3 đón lúc 07:15.")}
            one = draft(work, event.id, words, author="BTC", audience=who, template=template)
            return one.id, silent.full_name, never.full_name

        notice_id, silent, never = await bot.store.write(fill)
        await approve(bot.store, event.id, notice_id, "Chánh Văn phòng")
        while len(zalo.world.taken()) < 2:
            await asyncio.sleep(0.01)
        await bot.settled()
        said = {"noi_dung": "Xe số 3 đón lúc 07:15."}
        # To two people, so in no order.
        assert {one.user_id: one.body for one in zalo.world.taken()} == {
            HER: {"ten": silent, **said},
            "900": {"ten": never, **said},
        }
        assert len(zalo.world.taken()) == 2
        states = await bot.store.read(
            lambda work: work.conn.execute(select(delivery.c.state)).scalars().all()
        )
        assert states == ["sent", "sent"]
