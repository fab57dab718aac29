"""Asking Telegram for updates, for machines without a public address. Meant for trying out."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from telegram.error import TelegramError

from bot.channels.base import Accept
from bot.channels.telegram.api import Api
from bot.channels.telegram.reading import WANTED, update_id_of
from bot.channels.telegram.transport import RefusedError
from bot.values.incoming import Incoming

POLL_SECONDS = 25
LONGEST_PAUSE = 60.0

log = structlog.get_logger()

Pause = Callable[[float], Awaitable[None]]


class Poller:
    """Moves on only past what `accept` kept, so that nothing is lost when we fall over."""

    def __init__(
        self,
        api: Api,
        read: Callable[[dict[str, Any]], Incoming | None],
        accept: Accept,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._api = api
        self._read = read
        self._accept = accept
        self._pause = pause
        self._offset: int | None = None

    async def run(self) -> None:
        """Polls until cancelled."""
        failures = 0
        while True:
            try:
                await self._round()
                failures = 0
            except Exception as error:  # the network, Telegram, or our own database
                failures += 1
                await self._pause(self._told(error, failures))

    async def _round(self) -> None:
        after = {} if self._offset is None else {"offset": self._offset}
        updates = await self._api.call(
            "getUpdates",
            wait=POLL_SECONDS + 10.0,
            timeout=POLL_SECONDS,
            allowed_updates=list(WANTED),
            **after,
        )
        for raw in updates:
            number = update_id_of(raw)
            if number is None:
                continue
            incoming = self._read(raw)
            if incoming is not None:
                await self._accept(incoming)
            self._offset = number + 1

    def _told(self, error: Exception, failures: int) -> float:
        """Says what is wrong with its cure; the seconds until the next try."""
        wait = min(2.0 ** min(failures, 10), LONGEST_PAUSE)
        match error:
            case RefusedError(status=409):
                log.error(
                    "telegram conflict",
                    cure="Stop the other process that polls this bot, or run "
                    "`donghanh telegram delete-webhook`.",
                    again_in=wait,
                )
            case RefusedError(status=401 | 404):
                wait = LONGEST_PAUSE
                log.error("telegram token refused", cure="Mend DONGHANH_TELEGRAM_TOKEN.")
            case RefusedError(status=429):
                wait = max(wait, error.wait_seconds or 0.0)
            case TelegramError():
                log.warning("telegram not reached", what=str(error), again_in=wait)
            case _:
                log.error("update not kept", what=type(error).__name__, again_in=wait)
        return wait
