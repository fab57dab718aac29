"""Webhooks of the fake: signed, posted, repeated by the documented ladder, at last given up."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from bot.zalo.fake.world import APP_ID, OA_SECRET, Json
from bot.zalo.signature import HEADER, mac_of

LADDER = (30.0, 300.0, 900.0, 1800.0, 3600.0)  # seconds after each failed try
ANSWER_SECONDS = 2.0


@dataclass(slots=True)
class Posted:
    """One event on its way: its bytes never change, however often it is sent."""

    body: bytes
    headers: dict[str, str]
    due: float
    tries: int = 0


@dataclass(slots=True)
class Hooks:
    """Posts to one address. `subscribed` ends when the whole ladder failed, and nobody is told."""

    clock: Callable[[], float]
    url: str = ""
    secret: str = OA_SECRET
    transport: httpx.AsyncBaseTransport | None = None
    subscribed: bool = True
    waiting: list[Posted] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)
    _stamp: int = 0
    _client: httpx.AsyncClient | None = None
    _turning: asyncio.Lock = field(default_factory=asyncio.Lock)

    def emit(self, event: Json, headers: dict[str, str] | None = None) -> None:
        """Something happened. Without an address, or unsubscribed, it is lost."""
        if not self.url or not self.subscribed:
            return
        # No two events of one account carry the same time.
        self._stamp = max(self._stamp + 1, int(self.clock() * 1000))
        whole = {"app_id": APP_ID, **event, "timestamp": str(self._stamp)}
        body = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
        mac = mac_of(APP_ID, body, str(self._stamp), self.secret)
        signed = {"Content-Type": "application/json", HEADER: f"mac={mac}", **(headers or {})}
        self.waiting.append(Posted(body, signed, self.clock()))

    async def turn(self) -> int:
        """Post everything that is due; returns how many were taken.

        What another turn has under way is posted when this one begins, so order is kept.
        """
        async with self._turning:
            now = self.clock()
            due = [one for one in self.waiting if one.due <= now]
            self.waiting = [one for one in self.waiting if one.due > now]
            return sum([await self._post(one) for one in due])

    async def aclose(self) -> None:
        """Let go of the connection."""
        if self._client is not None:
            await self._client.aclose()

    async def _post(self, one: Posted) -> bool:
        if not self.url:  # taken away since: nobody is told any more
            return False
        if self._client is None:
            self._client = httpx.AsyncClient(transport=self.transport, trust_env=False)
        headers = {**one.headers, **({"num_retry": str(one.tries)} if one.tries else {})}
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                answer = await self._client.post(self.url, content=one.body, headers=headers)
            status = answer.status_code
        except (httpx.HTTPError, TimeoutError):
            status = 0
        self.answered.append(status)
        if status == httpx.codes.OK:
            return True
        self._again(one)
        return False

    def _again(self, one: Posted) -> None:
        """The text speaks of failed connections; another status than 200 counts as one here."""
        if one.tries >= len(LADDER):
            self.subscribed = False
            return
        one.due = self.clock() + LADDER[one.tries]
        one.tries += 1
        self.waiting.append(one)
