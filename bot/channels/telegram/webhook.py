"""Where Telegram posts its updates. A bare ASGI endpoint: it is on the way of every answer, so it
does nothing twice, and it tells nobody but Telegram anything."""

import hmac
import json
from collections.abc import Callable
from typing import Any

import structlog
from starlette.types import Receive, Scope, Send

from bot.channels.base import Accept
from bot.channels.telegram.reading import update_id_of
from bot.pages import posted
from bot.values.incoming import Incoming

BODY_LIMIT = 1_000_000  # bytes; real updates have a few thousand

_HEADERS = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"0")]

log = structlog.get_logger()


class Webhook:
    """Answers 200 only after `accept` kept the update, so that Telegram repeats what we lost."""

    def __init__(
        self,
        secret: str,
        read: Callable[[dict[str, Any]], Incoming | None],
        accept: Callable[[], Accept | None],
    ) -> None:
        self._secret = secret.encode()
        self._read = read
        self._accept = accept

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One POST, answered without a body whatever happens."""
        status = await self._status(scope, receive)
        if status is None:
            return
        await send({"type": "http.response.start", "status": status, "headers": _HEADERS})
        await send({"type": "http.response.body", "body": b""})

    async def _status(self, scope: Scope, receive: Receive) -> int | None:
        """What to answer; None when nobody waits for an answer any more."""
        if scope["method"] != "POST":
            return 405
        told = _header(scope, b"x-telegram-bot-api-secret-token")
        if not hmac.compare_digest(told, self._secret):
            return 403
        body = await posted(receive, BODY_LIMIT)
        if body is None:
            return None
        if len(body) > BODY_LIMIT:
            log.warning("webhook body too big", limit=BODY_LIMIT)
            return 413
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            raw = None
        if update_id_of(raw) is None:
            log.warning("webhook body is no update")
            return 400
        incoming = self._read(raw)
        return 200 if incoming is None else await self._kept(incoming)

    async def _kept(self, incoming: Incoming) -> int:
        accept = self._accept()
        if accept is None:  # starting or stopping
            return 503
        try:
            await accept(incoming)
        except Exception as error:  # whatever it was, Telegram keeps the update and comes again
            log.error("update not kept", update=incoming.update_id, what=type(error).__name__)
            return 503
        return 200


def _header(scope: Scope, name: bytes) -> bytes:
    for key, value in scope["headers"]:
        if key == name:
            return bytes(value)
    return b""
