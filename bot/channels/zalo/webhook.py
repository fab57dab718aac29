"""Where Zalo posts its events. A bare ASGI endpoint: two seconds are all it has, and whoever does
not answer 200 loses the address. So strangers get their 200 too, and nothing else."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import structlog
from starlette.types import Receive, Scope, Send

from bot import metrics
from bot.pages import posted
from bot.zalo.webhook import WebhookEvent, read

BODY_LIMIT = 1_000_000  # bytes; real events have a few thousand
# Zalo waits two seconds; what takes longer is asked for again and known by its key.
KEPT_SECONDS = 1.7

_HEADERS = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"0")]

log = structlog.get_logger()


class Webhook:
    """Answers 200 once `take` kept the event; 503 when it could not, so that it is sent again.

    `secrets`: keys that may sign, tried in their order. Sources disagree which one Zalo uses, and
    what comes `first`: "" for the app's id.
    """

    def __init__(
        self,
        app_id: str,
        secrets: Sequence[str],
        take: Callable[[WebhookEvent], Awaitable[str]],
        now: Callable[[], datetime],
        kept_seconds: float = KEPT_SECONDS,
        *,
        first: str = "",
    ) -> None:
        self._app_id = app_id
        self._secrets = tuple(secrets)
        self._first = first
        self._take = take
        self._now = now
        self._kept_seconds = kept_seconds
        self._matched: set[int] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, answered without a body whatever happens."""
        status = await self._status(scope, receive)
        if status is None:
            return
        await send({"type": "http.response.start", "status": status, "headers": _HEADERS})
        await send({"type": "http.response.body", "body": b""})

    async def _status(self, scope: Scope, receive: Receive) -> int | None:
        """What to answer; None when nobody waits for an answer any more."""
        if scope["method"] != "POST":
            return 200  # the console looks whether somebody is there
        body = await posted(receive, BODY_LIMIT)
        if body is None:
            return None
        outcome = await self._outcome(body, scope)
        metrics.ZALO_EVENTS.labels(outcome).inc()
        return 503 if outcome == "not kept" else 200

    async def _outcome(self, body: bytes, scope: Scope) -> str:
        if len(body) > BODY_LIMIT:
            return "too big"
        headers = {name.decode("latin-1"): value for name, value in scope["headers"]}
        event = read(body, headers, app_id=self._app_id, secrets=self._secrets, first=self._first)
        if event is None:
            return "not ours"  # unsigned, of another app, or no event: the log would be theirs
        if event.is_replay(self._now()):
            return "too old"
        self._tell_key(event.matched)
        return await self._kept(event)

    def _tell_key(self, place: int) -> None:
        """Which key signs is in doubt: the first event of each tells."""
        if place not in self._matched:
            self._matched.add(place)
            log.info("zalo signs", key=("oa secret key", "app secret", "another")[min(place, 2)])

    async def _kept(self, event: WebhookEvent) -> str:
        try:
            async with asyncio.timeout(self._kept_seconds):
                return await self._take(event)
        except Exception as error:  # whatever it was, Zalo keeps the event and comes again
            log.error("event not kept", kind=event.kind, what=type(error).__name__)
            return "not kept"
