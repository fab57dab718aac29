"""A browser without a window: keeps cookies, speaks to an application in this process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from starlette.types import ASGIApp, Message

SECURE = "https://chat.example.test"


def browser(app: ASGIApp, base_url: str = "http://chat.example.test") -> httpx.AsyncClient:
    """Somebody who opens our pages."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base_url)


@asynccontextmanager
async def streaming(app: ASGIApp, url: str, cookie: str, last: str = "") -> AsyncIterator["Stream"]:
    """An open stream of server-sent events, which the plain client would wait for for ever."""

    stream = Stream()
    headers = [(b"cookie", cookie.encode()), (b"host", b"chat.example.test")]
    if last:
        headers.append((b"last-event-id", last.encode()))
    path, _, query = url.partition("?")
    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": headers,
        "client": ("192.0.2.1", 5000),
        "server": ("chat.example.test", 80),
        "scheme": "http",
        "root_path": "",
        "http_version": "1.1",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
    }

    async def run() -> None:
        await app(scope, stream.receive, stream.send)

    running = asyncio.create_task(run())
    try:
        yield stream
    finally:
        stream.leave()
        await asyncio.wait_for(running, 5)


class Stream:
    """What came over one stream so far."""

    def __init__(self) -> None:

        self.status = 0
        self.headers: dict[str, str] = {}
        self._chunks: asyncio.Queue[str] = asyncio.Queue()
        self._gone = asyncio.Event()
        self._asked = False

    async def receive(self) -> Message:
        """What the server hears: an empty request, and then that the browser went away."""
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """What the server says."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        elif message["body"]:
            await self._chunks.put(message["body"].decode())

    async def next(self) -> str:
        """The next event, waiting for it."""

        return await asyncio.wait_for(self._chunks.get(), 5)

    def leave(self) -> None:
        """The browser goes away."""
        self._gone.set()
