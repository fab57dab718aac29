"""A web chat page as a program sees it: says things, reads the lines that come."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx

CHAT = "/chat/sample"


class Page:
    """An open page and the lines that come over its stream."""

    def __init__(self, client: httpx.AsyncClient, lines: AsyncIterator[str]) -> None:
        self._client = client
        self._lines = lines

    async def say(self, text: str) -> None:
        """Words of hers; kept when this returns."""
        body = {"id": uuid4().hex, "text": text}
        answer = await self._client.post(f"{CHAT}/say", json=body)
        assert answer.status_code == 202, answer.text

    async def next_of_ours(self) -> dict[str, Any]:
        """The next line that we say; the test's time-out is the limit."""
        async for line in self._lines:
            if line.startswith("data: {"):
                told: dict[str, Any] = json.loads(line.removeprefix("data: "))
                if told["side"] == "out":
                    return told
        raise AssertionError("the stream ended")


@asynccontextmanager
async def page(url: str) -> AsyncIterator[Page]:
    """A new visitor with her page open."""
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as client:
        assert (await client.get(CHAT)).status_code == 200
        async with client.stream("GET", f"{CHAT}/stream") as stream:
            yield Page(client, stream.aiter_lines())
