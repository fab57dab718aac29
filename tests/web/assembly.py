"""The site with everything real but the conversation: an echo with choices, a place, a picture."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from starlette.applications import Starlette

from bot import web
from bot.channels.webchat import Front, WebChatChannel
from bot.channels.webchat.page import words
from bot.channels.webchat.papers import PaperFor, nothing
from bot.fit import Part, fit
from bot.i18n import Texts
from bot.media import MediaShelf, sha256_of
from bot.paths import resource
from bot.store import Store, Work
from bot.values.delivery import Act, Delivery
from bot.values.incoming import Incoming, Kind
from bot.values.reply import Choice, Reply
from bot.web import Clip, SamplePerson, SimulatorParts

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
OA_ID = "2981304786125508117"
FRONT = Front(
    {"vi": "Đại hội Mẫu", "en": "Sample Congress"}, "0900 000 100", ("vi", "en"), zalo=OA_ID
)
CLIP = "c" * 64
CARD = "AbCdEfGhIjKlMnOpQrStUv"
CONTROLS = (
    Choice("Đọc lại", "menu.again"),
    Choice("↩︎ Quay lại", "menu.back"),
    Choice("🙋 Gặp người hỗ trợ", "helper.start"),
)
WELCOME = Reply(
    "Kính chào đại biểu. Trợ lý Đồng Hành giúp tìm phòng, ghế, xe.",
    choices=(Choice("Xem phòng", "mine.room"), Choice("Xem xe", "mine.bus")),
    controls=CONTROLS,
)
TEXTS = Texts.load(resource("locales"), ["vi", "en"])
# What the page says around the conversation, whatever stands in the catalogues today.
SAID = words(TEXTS.translator("vi", ZONE), FRONT)
SAMPLE = SamplePerson("DB0001", "Lò Thị Ánh Nguyệt", "Đoàn Sơn La")
Answer = Callable[[Incoming], list[Reply]]


def answer(incoming: Incoming) -> list[Reply]:
    """The scripted conversation."""
    if incoming.kind is Kind.JOINED:
        return [WELCOME]
    return [Reply(f"Nhận được: {incoming.text or incoming.value}", controls=CONTROLS)]


@dataclass
class Site:
    """An application and what happened behind it."""

    store: Store
    channel: WebChatChannel
    app: Starlette
    event_id: int
    answer: Answer = answer
    taken: list[Incoming] = field(default_factory=list)
    broken: int = 0  # how many times accept still fails
    _sent: int = 0

    async def accept(self, incoming: Incoming) -> bool:
        """As the inbox does: keep it once, answer it later."""
        if self.broken:
            self.broken -= 1
            raise RuntimeError("the database is away")
        seen = incoming.update_id in [one.update_id for one in self.taken]
        if not seen:
            self.taken.append(incoming)
            for reply in self.answer(incoming):
                await self.say(incoming.sender, reply)
        return not seen

    async def say(
        self, sender: str, reply: Reply, *, instead_of: int = 0, slow: bool = False
    ) -> None:
        """What the sender does with a delivery; `instead_of` the one with that number."""
        address = await self.store.write(
            lambda work: work.accounts.add_address(self.channel.account_id, sender)
        )
        self._sent += 1
        delivery = Delivery(self._sent, 1, address.id, sender, reply, slow=slow)
        if instead_of:
            delivery = replace(delivery, act=Act.EDIT, acts_on=f"out:{instead_of}:0")
        for part in fit(reply, self.channel.capabilities):
            await self.channel.send(delivery, part)

    async def mark(self, sign: str) -> None:
        """A reaction to what was said last."""
        said = self.taken[-1]
        address = await self.store.write(
            lambda work: work.accounts.add_address(self.channel.account_id, said.sender)
        )
        self._sent += 1
        owed = Delivery(self._sent, 1, address.id, said.sender, Reply(sign), act=Act.REACT)
        await self.channel.send(replace(owed, acts_on=said.update_id), Part(0, sign))


async def site(
    store: Store,
    *,
    simulator: bool = False,
    demo_key: str = "",
    public_url: str = "",
    slugs: tuple[str, ...] = ("sample",),
    ready: Callable[[], Awaitable[list[str]]] | None = None,
    paper_for: PaperFor = nothing,
) -> Site:
    """Everything of the first event, and a chat for each of the others."""
    accounts = await store.write(lambda work: [_account(work, slug) for slug in slugs])
    chats = [
        WebChatChannel(
            account,
            slug,
            store=store,
            front=lambda: FRONT,
            speak=lambda code: TEXTS.translator(code, ZONE),
            secure=public_url.startswith("https"),
            paper_for=paper_for,
        )
        for slug, (_, account) in zip(slugs, accounts, strict=True)
    ]
    first, event_id = chats[0], accounts[0][0]

    async def become(event: int, code: str, account_id: int, sender: str) -> str | None:
        expected = (event_id, "DB0001", first.account_id, "sim:DB0001")
        return SAMPLE.name if (event, code, account_id, sender) == expected else None

    async def people(query: str) -> list[SamplePerson]:
        return [SAMPLE] if not query or query in SAMPLE.name else []

    async def event_of_card(token: str) -> str | None:
        return slugs[-1] if token == CARD else None

    async def clip_of(delivery_id: int, sha256: str) -> Clip | None:
        there = (delivery_id, sha256) == (7, CLIP)
        return Clip(slugs[0], "Phòng **305**, tầng 3.", "vi") if there else None

    async def no_problem() -> list[str]:
        return []

    parts = SimulatorParts(first, event_id, become, people, demo_key, store.clock)
    app = web.build(
        public_url=public_url,
        routes=[route for chat in chats for route in chat.routes()],
        chats=chats,
        media=MediaShelf(store),
        event_of_card=event_of_card,
        clip_of=clip_of,
        readiness=ready or no_problem,
        speak=lambda code: TEXTS.translator(code, ZONE),
        simulator=parts if simulator else None,
    )
    made = Site(store, first, app, event_id)
    for chat in chats:
        await chat.open(made.accept)
    return made


def _account(work: Work, slug: str) -> tuple[int, int]:
    event = work.events.add(
        slug,
        names={"vi": "Đại hội Mẫu"},
        time_zone="Asia/Ho_Chi_Minh",
        first_day=date(2027, 1, 18),
        days=5,
        languages=("vi", "en"),
    )
    return event.id, work.accounts.ensure("webchat", slug, event_id=event.id).id


async def picture(store: Store, event_id: int, path: Path, kind: str = "image/png") -> str:
    """Put a file on the shelf; its fingerprint."""
    body = await asyncio.to_thread(path.read_bytes)
    sha256 = sha256_of(body)
    await store.write(
        lambda work: work.contents.keep_media(event_id, path.name, sha256, kind, body)
    )
    return sha256
