"""Telegram as a channel: the door in is a webhook or polling, the door out is `send`."""

import asyncio
import re
from collections.abc import Sequence
from typing import Any, Literal

import structlog
from starlette.routing import BaseRoute, Route
from telegram.error import TelegramError

from bot.channels.base import Accept, Chore
from bot.channels.telegram.api import Api
from bot.channels.telegram.errors import is_done, send_error
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.reading import read
from bot.channels.telegram.strays import Strays
from bot.channels.telegram.transport import ANSWER_SECONDS
from bot.channels.telegram.webhook import Webhook
from bot.channels.telegram.writing import CAPABILITIES, Writer
from bot.clock import Clock
from bot.errors import ConfigError, Rejected
from bot.fit import Capabilities, Part
from bot.media import MediaShelf
from bot.pacing import on_wire
from bot.values.delivery import Act, Delivery, Receipt
from bot.values.incoming import Incoming

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # Bot API: setWebhook, secret_token

log = structlog.get_logger()


class TelegramChannel:
    """One bot. Raises ConfigError at once when its token or secret cannot be right."""

    kind = "telegram"
    capabilities: Capabilities = CAPABILITIES
    # Telegram's FAQ: about 30 messages a second in all.
    first_rate = 25.0
    # Telegram's FAQ: about one message a second in one chat, short bursts pass.
    per_chat_rate = 1.0

    def __init__(
        self,
        account_id: int,
        token: str,
        *,
        secret: str,
        api_url: str = "https://api.telegram.org",
        mode: Literal["webhook", "polling"] = "webhook",
        rate: float = 25.0,
        media: MediaShelf,
        clock: Clock,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        if mode == "webhook" and not _SECRET.fullmatch(secret):
            raise ConfigError("A Telegram webhook needs a secret of letters, digits, _ and -.")
        self.account_id = account_id
        self.rate = rate
        self._mode = mode
        self._clock = clock
        # Beside what is sent: a long poll, an answer to a stray chat, a check of the token.
        self._api = Api(token, api_url, answer_seconds, connections=on_wire(rate) + 8)
        self._writer = Writer(self._api.call, account_id, media)
        self._strays = Strays(self._api.call)
        self._webhook = Webhook(secret, self._read, lambda: self._accept)
        self.username = ""  # as Telegram tells it, once it was reached
        self._accept: Accept | None = None
        self._polling: asyncio.Task[None] | None = None

    async def open(self, accept: Accept) -> None:
        """Begin to listen. A network that does not reach Telegram is told and waited for: the
        other channels need not stand still for it."""
        await self._api.open()
        try:
            self.username = name = await self._api.check()
            log.info("telegram ready", account=self.account_id, bot=name, mode=self._mode)
        except ConfigError:
            await self._api.close()
            raise
        except TelegramError as error:
            log.warning("telegram not reached", account=self.account_id, what=str(error))
        self._accept = accept
        if self._mode == "polling":
            poller = Poller(self._api, self._read, accept)
            self._polling = asyncio.create_task(poller.run(), name="poll telegram")

    async def close(self) -> None:
        """Stop listening, then let go of connections."""
        self._accept = None
        task, self._polling = self._polling, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await self._strays.close()
        await self._api.close()

    def routes(self) -> Sequence[BaseRoute]:
        """Telegram's way in; none when we ask instead."""
        if self._mode == "polling":
            return ()
        return (Route(f"/webhook/telegram/{self.account_id}", self._webhook),)

    def chores(self) -> Sequence[Chore]:
        """None: a bot's token does not run out."""
        return ()

    async def send(self, delivery: Delivery, part: Part) -> Receipt:
        """One call of the Bot API; a second one only where the first was refused."""
        try:
            return Receipt(await self._done(delivery, part))
        except TelegramError as error:
            if is_done(error):
                return Receipt(delivery.acts_on)
            raise send_error(error) from None

    async def _done(self, delivery: Delivery, part: Part) -> str:
        if delivery.act is Act.ANSWER_TAP:
            await self._writer.answer_tap(delivery.acts_on, part.text)
            return delivery.acts_on
        chat = _number(delivery.sender, "bad_address")
        if delivery.act is Act.SAY:
            return await self._writer.say(chat, part)
        if delivery.act is Act.MENU:
            await self._writer.menu(chat, part.choices)
            return ""
        message = _number(delivery.acts_on, "bad_target")
        match delivery.act:
            case Act.EDIT:
                await self._writer.edit(chat, message, part)
            case Act.WITHDRAW:
                await self._writer.withdraw(chat, message)
            case Act.REACT:
                await self._writer.react(chat, message, part.text)
        return delivery.acts_on

    def _read(self, raw: dict[str, Any]) -> Incoming | None:
        incoming = read(raw, self.account_id, self._clock.now())
        if incoming is None:
            self._strays.heed(raw)
        return incoming


def _number(text: str, code: str) -> int:
    """Chats and messages have numbers on Telegram; those of groups are negative."""
    if not text.isascii() or not text.removeprefix("-").isdigit():
        raise Rejected(code, "Not a number of Telegram's.")
    return int(text)
