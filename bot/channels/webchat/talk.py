"""What a page asks of us: itself, to say or hand in something, the lines so far and to come.

Who is asking is decided before: by a cookie on the public page, by the path in the simulator.
"""

import asyncio
import math
from collections.abc import Callable
from typing import Any

import structlog
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.channels.base import Accept
from bot.channels.webchat.gate import Gate
from bot.channels.webchat.handed import LIMIT, MOST_KEPT, Handed, HandedSaid, Sort, known
from bot.channels.webchat.hub import Hub
from bot.channels.webchat.lines import (
    handed_body,
    label_of,
    place_body,
    shown,
    tap_body,
    text_body,
)
from bot.channels.webchat.page import SENTENCES, ChatPage, Front, Speak
from bot.channels.webchat.papers import PaperFor, handed_over, nothing
from bot.channels.webchat.refused import RefusedError
from bot.channels.webchat.said import Said
from bot.channels.webchat.stream import Stream
from bot.i18n import LAST
from bot.pages import TooLongError, read_body
from bot.store import Store, Work
from bot.store.transcripts import Line
from bot.values.incoming import Incoming, Kind

log = structlog.get_logger()

BODY_LIMIT = 16 * 1024
MOST_AT_ONCE = 24  # voices and pictures on their way in: bounds the memory they take
PATIENCE_SECONDS = 120.0  # a slow phone sends 250 kB in that time at 2 kB/s


class Talk:
    """The conversations of one account. Every method is told whose it is."""

    def __init__(
        self,
        account_id: int,
        store: Store,
        hub: Hub,
        gate: Gate,
        page: ChatPage,
        speak: Speak,
        paper_for: PaperFor = nothing,
    ) -> None:
        self.account_id = account_id
        self.accept: Accept | None = None
        self._store = store
        self._hub = hub
        self._gate = gate
        self._page = page
        self._speak = speak
        self._paper_for = paper_for
        self._taking = 0

    def page(self, front: Front, *, base: str, card: str = "", framed: bool = False) -> Response:
        """The page that posts to and reads from the addresses under `base`."""
        return self._page.show(front, base=base, card=card, framed=framed)

    async def say(self, request: Request, sender: str) -> Response:
        """Something she says: 202 once it is kept for good, else the page tries again."""
        try:
            await self.submit(request, sender, await self._read(request))
        except RefusedError as refused:
            return self._refusal(refused)
        return JSONResponse({}, 202)

    async def hand(self, request: Request, sender: str, sort: Sort) -> Response:
        """A voice or a picture she hands in: 202 once it is kept for the helper."""
        try:
            await self._take(request, sender, sort)
        except RefusedError as refused:
            return self._refusal(refused)
        return JSONResponse({}, 202)

    async def _read(self, request: Request) -> Said:
        try:
            return Said.model_validate_json(await read_body(request, BODY_LIMIT))
        except TooLongError:
            raise RefusedError(413, "lost") from None
        except ValidationError:
            raise RefusedError(422, "lost") from None

    async def submit(self, request: Request, sender: str, said: Said) -> None:
        """Keep what she says and hand it over; RefusedError when it cannot be taken now."""
        wait = self._gate.say(sender)
        if wait:
            raise RefusedError(429, "busy", wait)
        host = _host(request)
        enter_wait = self._gate.enter_wait(host)

        is_new = False

        def write(work: Work) -> Incoming:
            nonlocal is_new
            is_new = self._write(work, sender, said, enter_wait)
            return self._incoming(sender, said)

        try:
            await self._hand_over(sender, write)
        finally:
            if is_new:
                self._gate.entered(host)

    async def _hand_over(self, sender: str, write: Callable[[Work], Incoming]) -> None:
        if self.accept is None:
            raise RefusedError(503, "unsent")
        try:
            await self.accept(await self._store.write(write))
        except RefusedError:
            raise
        except Exception as error:
            # Only its kind: a database error repeats what she wrote.
            kind = type(error).__name__
            log.error("web chat could not hand over", account=self.account_id, error=kind)
            raise RefusedError(503, "unsent") from None
        self._hub.ring(sender)

    async def _take(self, request: Request, sender: str, sort: Sort) -> None:
        try:
            said = HandedSaid.model_validate(dict(request.query_params))
        except ValidationError:
            raise RefusedError(422, "lost") from None
        wait = self._gate.hand(sender, _host(request))
        if wait:
            raise RefusedError(429, "busy", wait)
        thing = known(sort, await self._read_thing(request))
        if thing is None:
            raise RefusedError(415, f"no_{sort}")
        await self._hand_over(sender, lambda work: self._write_thing(work, sender, said, thing))

    async def _read_thing(self, request: Request) -> bytes:
        """Its bytes: never more than the limit in memory, and of few pages at a time."""
        if _number(request.headers.get("content-length")) > LIMIT:
            raise RefusedError(413, "too_large")
        if self._taking >= MOST_AT_ONCE:
            raise RefusedError(429, "busy", 2.0)
        self._taking += 1
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await read_body(request, LIMIT)
        except TooLongError:
            raise RefusedError(413, "too_large") from None
        except TimeoutError:
            raise RefusedError(408, "unsent") from None
        finally:
            self._taking -= 1

    def _write_thing(self, work: Work, sender: str, said: HandedSaid, thing: Handed) -> Incoming:
        """The thing and her line about it. Only who talks with us already may hand in."""
        address = work.accounts.address(self.account_id, sender)
        if address is None or address.frozen_at is not None:
            raise RefusedError(409, "lost")
        key = f"in:{_update_id(sender, said.id)}"
        number = work.handed_in.keep(
            address.id, key, thing.sort, thing.mime, thing.body, said.seconds
        )
        if len(work.handed_in.at_address(address.id)) > MOST_KEPT:
            raise RefusedError(409, "enough")
        work.transcripts.add(address.id, "in", key, handed_body(said, thing.sort))
        return Incoming(
            account_id=self.account_id,
            sender=sender,
            update_id=_update_id(sender, said.id),
            kind=Kind.MEDIA,
            received_at=self._store.clock.now(),
            media_kind=thing.sort,
            media_ref=f"handed_in:{number}",
        )

    def _write(self, work: Work, sender: str, said: Said, enter_wait: float) -> bool:
        """Her line, before anybody answers it. True when this is her first."""
        address = work.accounts.address(self.account_id, sender)
        is_new = address is None
        if address is None:
            if enter_wait:
                raise RefusedError(429, "busy", enter_wait)
            address = work.accounts.add_address(self.account_id, sender)
        body = self._body(work, address.id, said)
        if body:
            work.transcripts.add(address.id, "in", f"in:{_update_id(sender, said.id)}", body)
        return is_new

    def _body(self, work: Work, address_id: int, said: Said) -> dict[str, Any] | None:
        if said.joined:
            return None
        if said.latitude is not None:
            return place_body(said)
        if said.value is None:
            return text_body(said)
        label = label_of(work, address_id, said, self._speak(LAST))
        if label is None:
            raise RefusedError(409, "lost")
        return tap_body(said, label)

    def _incoming(self, sender: str, said: Said) -> Incoming:
        return Incoming(
            account_id=self.account_id,
            sender=sender,
            update_id=_update_id(sender, said.id),
            kind=_kind(said),
            received_at=self._store.clock.now(),
            text=said.words,
            value=said.value or "",
            acts_on=str(said.on or ""),
            started_with=said.card if said.joined else "",
            latitude=said.latitude,
            longitude=said.longitude,
        )

    def _refusal(self, refused: RefusedError) -> Response:
        said = {"sentence": self._speak(LAST)(SENTENCES[refused.word]), "word": refused.word}
        headers = {"Retry-After": str(math.ceil(refused.wait))} if refused.wait else {}
        return JSONResponse(said, refused.status, headers=headers)

    async def lines(self, request: Request, sender: str) -> Response:
        """The latest lines after the one the page knows."""
        lines = await self.lines_of(sender, _number(request.query_params.get("after")))
        return JSONResponse({"lines": lines}, headers={"Cache-Control": "no-store"})

    async def file(self, request: Request, sender: str) -> Response:
        """The file of a document, if it is for her; without a sender only a public one."""
        return await handed_over(self._paper_for, sender, request.path_params["sha256"])

    async def has_clip(self, sha256: str) -> bool:
        """Are the bytes of a clip still there? A voice may be taken back by whose it is."""
        found = await self._store.read(lambda work: work.contents.shown(sha256))
        return found is not None and found[0].startswith("audio/")

    async def stream(self, request: Request, sender: str) -> Response:
        """The lines to come, as server-sent events."""
        if self._hub.closed or self._hub.full(sender):
            return Response(status_code=503)
        last = request.headers.get("last-event-id") or request.query_params.get("after")
        return Stream(self._hub, sender, lambda after: self.lines_of(sender, after), _number(last))

    async def lines_of(self, sender: str, after: int = 0) -> list[dict[str, Any]]:
        """Her lines after one, as a page gets them; none without a sender."""

        def look(work: Work) -> list[Line]:
            address = work.accounts.address(self.account_id, sender)
            lines = work.transcripts.after(address.id, after) if address else []
            frozen_at = address.frozen_at if address else None
            # A phone reported lost does not show what was said before that.
            return [line for line in lines if frozen_at is None or line.at >= frozen_at]

        lines = await self._store.read(look)
        return [shown(line, self._speak(line.body.get("language", LAST))) for line in lines]


def _kind(said: Said) -> Kind:
    if said.joined:
        return Kind.JOINED
    if said.latitude is not None:
        return Kind.LOCATION
    return Kind.TAP if said.value else Kind.TEXT


def _update_id(sender: str, said_id: str) -> str:
    """Unique at the account, the same whenever the page tries again."""
    return f"{sender[:16]}:{said_id}"


def _host(request: Request) -> str:
    return request.client.host if request.client else ""


def _number(text: str | None) -> int:
    """A line's number from an address; anything else means the beginning."""
    digits = (text or "")[:18]
    return int(digits) if digits.isascii() and digits.isdigit() else 0
