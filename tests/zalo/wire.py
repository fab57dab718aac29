"""A transport that answers from a script and keeps what it was asked."""

import json
from collections.abc import Callable
from typing import Any

import httpx

Reply = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]

SECRETS = ("AppSecretOfTests", "at-old", "rt-old", "at-new", "rt-new")
OK = {"error": 0, "message": "Success", "data": {"message_id": "m1"}}
EXPIRED = {"error": -216, "message": "Access token has expired"}
PAIR = {"access_token": "at-new", "refresh_token": "rt-new", "expires_in": "90000"}


def said(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> httpx.Response:
    """An answer; text is sent as it is, everything else as JSON."""
    content = body if isinstance(body, str) else json.dumps(body)
    return httpx.Response(status, content=content.encode(), headers=headers)


class Wire(httpx.AsyncBaseTransport):
    """Gives the replies one after another; the last one for ever."""

    def __init__(self, *replies: Reply) -> None:
        self._replies = list(replies)
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.requests.append(request)
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        if isinstance(reply, Exception):
            raise reply
        made = reply if isinstance(reply, httpx.Response) else reply(request)
        return httpx.Response(made.status_code, headers=made.headers, content=made.content)

    @property
    def paths(self) -> list[str]:
        """Where each request went."""
        return [request.url.path for request in self.requests]

    @property
    def tokens(self) -> list[str]:
        """The access token each request carried; "" for none."""
        return [request.headers.get("access_token", "") for request in self.requests]
