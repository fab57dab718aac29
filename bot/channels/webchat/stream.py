"""Server-sent events: the lines of one sender as they come, over one long answer."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.channels.webchat.hub import Hub

# Often enough that no proxy on the way takes the silence for a dead connection.
HEARTBEAT_SECONDS = 20.0
Read = Callable[[int], Awaitable[list[dict[str, Any]]]]

# An event at once tells the page that nothing on the way holds events back.
_HELLO = "retry: 2000\nevent: hello\ndata: 1\n\n"
# An event and not a comment: the page notices when it stays away.
_BEAT = "event: beat\ndata: 1\n\n"


class Stream(Response):
    """The answer that stays open until the page leaves or the hub closes.

    A page that leaves only rings the bell: cancelling would break off a read in the database.
    """

    media_type = "text/event-stream"

    def __init__(self, hub: Hub, sender: str, read: Read, after: int) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._hub = hub
        self._sender = sender
        self._read = read
        self._after = after
        self._left = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        with self._hub.page(self._sender) as bell:
            leaving = asyncio.create_task(self._wait_until_left(receive, bell))
            try:
                await send(start)
                await _say(send, _HELLO)
                await self._tell(send, bell)
                await send({"type": "http.response.body", "body": b""})
            finally:
                leaving.cancel()

    async def _tell(self, send: Send, bell: asyncio.Event) -> None:
        while not (self._left or self._hub.closed):
            bell.clear()
            for line in await self._read(self._after):
                self._after = line["id"]
                data = json.dumps(line, ensure_ascii=False)
                await _say(send, f"id: {line['id']}\ndata: {data}\n\n")
            try:
                await asyncio.wait_for(bell.wait(), HEARTBEAT_SECONDS)
            except TimeoutError:
                await _say(send, _BEAT)

    async def _wait_until_left(self, receive: Receive, bell: asyncio.Event) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._left = True
        bell.set()


async def _say(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
