"""Plays a .chat file as a person does it in Zalo: signed webhooks in, and out what the strict fake
Official Account accepted, in the form in which Zalo would show it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from starlette.applications import Starlette

from bot.channels import zalo
from bot.channels.zalo.reading import PAYLOAD
from bot.clock import Clock
from bot.config import Settings
from bot.fit import Part
from bot.sample import connect
from bot.sender.pace import Pace
from bot.talking import Talk
from bot.turn import FALLBACK_ZONE
from bot.values.incoming import Kind
from bot.zalo.fake import OA_ID, FakeZalo
from bot.zalo.fake.world import Message
from tests.conversations.stage import Congress, Stage

HER = "4572947693969771653"
_SENT = {
    "voice": ("audio", {"url": "https://f1.zdn.vn/her.amr"}),
    "picture": (
        "image",
        {"thumbnail": "https://f1.zdn.vn/t.jpg", "url": "https://f1.zdn.vn/h.jpg"},
    ),
    "sticker": ("sticker", {"id": "17", "url": "https://f1.zdn.vn/17.png"}),
}


class ZaloTalk(Talk):
    """One person with Zalo, and the account she talks to."""

    def __init__(self, stage: Stage, fake: FakeZalo) -> None:
        super().__init__(stage, HER)
        self._fake = fake
        self._seen = 0

    async def say(self, line: str) -> list[Part]:
        """Write a line, or tap a button as `[title]` of a message that shows it, newest first."""
        title = line[1:-1] if line.startswith("[") and line.endswith("]") else ""
        bearer = next((one for one in reversed(self._taken()) if title in _titles(one)), None)
        if not title or bearer is None:
            return await super().say(line)
        self._fake.acts.taps(HER, bearer.message_id, title)
        return await self._answered(line)

    async def send(self, shown: str, **incoming: Any) -> list[Part]:
        """Anything that can come in, done as it is done in Zalo."""
        acts = self._fake.acts
        match incoming["kind"]:
            case Kind.JOINED if not incoming.get("started_with"):
                acts.follow(HER)
            case Kind.LEFT:
                acts.unfollow(HER)
            case Kind.TEXT:
                acts.says(HER, incoming["text"])
            case Kind.TAP:
                acts.says(HER, PAYLOAD + incoming["value"])
            case Kind.LOCATION:
                there = {name: str(incoming[name]) for name in ("latitude", "longitude")}
                acts.sends(HER, "location", {"coordinates": there})
            case Kind.MEDIA:
                acts.sends(HER, *_SENT[incoming["media_kind"]])
            case _:
                raise ValueError(f"nobody can do that in Zalo: {shown}")
        return await self._answered(shown)

    def listen(self, shown: str) -> list[Part]:
        """What Zalo accepted since, as the answer to `shown`."""
        taken = self._taken()
        fresh, self._seen = taken[self._seen :], len(taken)
        self.log += [f"> {shown}", *(line for one in fresh for line in _chat_lines(one))]
        return []

    async def _answered(self, shown: str) -> list[Part]:
        """Events are posted, turned, answered; echoes and receipts of the answers are posted."""
        hooks = self._fake.hooks
        while hooks.waiting:
            await hooks.turn()
            await self.bot.settled()
        assert set(hooks.answered) == {200}, "the webhook refused an event"
        return self.listen(shown)

    def _taken(self) -> list[Message]:
        return [one for one in self._fake.world.taken() if one.user_id == HER]


def _titles(message: Message) -> list[str]:
    return [one["title"] for one in _buttons(message)]


def _buttons(message: Message) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _payload(message).get("buttons", [])
    return found


def _payload(message: Message) -> dict[str, Any]:
    payload: dict[str, Any] = message.body.get("attachment", {}).get("payload", {})
    return payload


def _chat_lines(message: Message) -> list[str]:
    """`<` words, `(…)` what is no words, `[…]` buttons, those that open something with what."""
    lines = [f"< {line}" for line in message.body.get("text", "").splitlines()]
    if message.kind == "request_user_info":
        lines.append(f"(card: {_payload(message)['elements'][0]['title']})")
    elif message.kind != "text":
        lines.append(f"({message.kind})")
    buttons = " ".join(_button(one) for one in _buttons(message))
    return [*lines, buttons] if buttons else lines


def _button(button: dict[str, Any]) -> str:
    payload = button["payload"]
    if isinstance(payload, str):
        return f"[{button['title']}]"
    return f"[{button['title']}: {payload.get('url') or payload['phone_code']}]"


@asynccontextmanager
async def in_zalo(
    settings: Settings, congress: Congress, clock: Clock, *, buttons: bool = True
) -> AsyncIterator[ZaloTalk]:
    """The bot with an Official Account, and somebody who has not followed it yet."""
    async with FakeZalo(clock=lambda: clock.now().timestamp()) as fake:
        fake.world.buttons = buttons
        reached = settings.model_copy(update={"public_url": "https://dh.example"})
        stage = Stage(await connect(reached, fake, clock), congress, clock)
        try:
            channel = await _add(stage)
            fake.hooks.transport = httpx.ASGITransport(Starlette(routes=list(channel.routes())))
            fake.hooks.url = f"https://dh.example/webhook/zalo/{channel.account_id}"
            await stage.open()
            yield ZaloTalk(stage, fake)
        finally:
            fake.hooks.url = ""
            await stage.close()


async def _add(stage: Stage) -> zalo.ZaloChannel:
    account = await stage.store.write(lambda work: work.accounts.ensure("zalo", OA_ID))
    channel = zalo.build(
        account,
        stage.settings,
        store=stage.store,
        vault=stage.vault,
        clock=stage.clock,
        speak=lambda language: stage.texts.translator(language, FALLBACK_ZONE),
        is_on=lambda: True,
    )
    sender = await stage.add_channel(channel)
    assert sender is not None
    sender.pace = Pace(1000, 1000, gap=0)  # nobody waits at a stage
    return channel
