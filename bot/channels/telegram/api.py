"""One bot's line to the Bot API: the channel, the poller and the operator's commands share it."""

import hmac
import logging
import re
from typing import Any

from telegram import Bot
from telegram.request import BaseRequest

from bot.channels.telegram.transport import (
    ANSWER_SECONDS,
    CONNECTIONS,
    AiohttpRequest,
    RefusedError,
)
from bot.errors import ConfigError

_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")

# Below INFO the library writes the token and every text into the log.
logging.getLogger("telegram").setLevel(logging.INFO)


def account_name(token: str) -> str:
    """The bot's number: the public half of its token, and the name of our account's row."""
    return token.partition(":")[0]


def webhook_secret(token: str) -> str:
    """What Telegram must send back with each update: nothing to set, keep or lose.

    Only who has the token can compute it, and it says nothing about the token.
    """
    return hmac.new(token.encode(), b"donghanh webhook", "sha256").hexdigest()


class Api:
    """Calls methods by name and gives back what Telegram answered, as plain JSON values.

    Raises NotSentError, NoAnswerError or RefusedError. The methods of PTB's `Bot` would build and
    take apart objects we never look at: twice the processor time of a message.
    """

    def __init__(
        self,
        token: str,
        api_url: str,
        answer_seconds: float = ANSWER_SECONDS,
        *,
        connections: int = CONNECTIONS,
    ) -> None:
        if not _TOKEN.fullmatch(token):
            raise ConfigError(
                "The Telegram token is not one: set DONGHANH_TELEGRAM_TOKEN to what BotFather gave."
            )
        self.bot_id = int(account_name(token))
        self._request = AiohttpRequest(answer_seconds, connections=connections)
        self._bot = Bot(
            token,
            base_url=f"{api_url.rstrip('/')}/bot",
            request=self._request,
            get_updates_request=self._request,
        )

    async def open(self) -> None:
        """Ready to call. Sends nothing."""
        await self._request.initialize()

    async def close(self) -> None:
        """Lets go of every connection."""
        await self._request.shutdown()

    async def call(self, method: str, *, wait: float | None = None, **fields: Any) -> Any:
        """One method of the Bot API. `wait`: seconds its answer may take, for a long poll."""
        # Small letters, which the Bot API allows: under its own spelling PTB asks us to use its
        # method instead.
        return await self._bot.do_api_request(
            method.lower(),
            api_kwargs=fields,
            read_timeout=BaseRequest.DEFAULT_NONE if wait is None else wait,
        )

    async def check(self) -> str:
        """The bot's user name. ConfigError when the token is refused or belongs to another bot."""
        try:
            me = await self.call("getMe")
        except RefusedError as refused:
            if refused.status not in (401, 404):
                raise
            me = None
        if not isinstance(me, dict) or me.get("id") != self.bot_id:
            raise ConfigError(
                "Telegram does not know this bot: take a new token from BotFather, or mend "
                "DONGHANH_TELEGRAM_TOKEN and DONGHANH_TELEGRAM_API_URL."
            )
        return str(me.get("username", ""))
