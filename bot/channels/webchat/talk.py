"""What a page asks of us: itself, to say something, the lines so far and to come, a file.

Who is asking is decided before: by a cookie on the public page, by the path in the simulator.
"""

import math
from typing import Any

import structlog
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.channels.base import Accept
from bot.channels.webchat.gate import Gate
from bot.channels.webchat.hub import Hub
from bot.channels.webchat.lines import label_of, shown, tap_body, text_body
from bot.channels.webchat.page import WORDS, ChatPage, Front, Speak
from bot.channels.webchat.papers import PaperFor, handed_over, nothing
from bot.channels.webchat.said import Said
from bot.channels.webchat.stream import Stream
from bot.i18n import LAST
from bot.pages import TooLongError, read_body
from bot.store import Store, Work
from bot.store.transcripts import Line
from bot.values.incoming import Incoming, Kind

log = structlog.get_logger()

BODY_LIMIT = 16 * 1024


class _RefusedError(Exception):
    """Not now, or not this: the answer's status, and which of the page's words says so."""

    def __init__(self, status: int, word: str, wait: float = 0.0) -> None:
        self.status = status
        self.word = word
        self.wait = wait
        super().__init__(word)


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

    def page(self, front: Front, *, base: str, card: str = "", framed: bool = False) -> Response:
        """The page that posts to and reads from the addresses under `base`."""
        return self._page.show(front, base=base, card=card, framed=framed)

    async def say(self, request: Request, sender: str) -> Response:
        """Something she says: 202 once it is kept for good, else the page tries again."""
        try:
            said = await self._read(request)
            await self._keep(request, sender, said)
        except _RefusedError as refused:
            return self._refusal(refused)
        self._hub.ring(sender)
        return JSONResponse({}, 202)

    async def _read(self, request: Request) -> Said:
        try:
            return Said.model_validate_json(await read_body(request, BODY_LIMIT))
        except TooLongError:
            raise _RefusedError(413, "lost") from None
        except ValidationError:
            raise _RefusedError(422, "lost") from None

    async def _keep(self, request: Request, sender: str, said: Said) -> None:
        wait = self._gate.say(sender)
        if wait:
            raise _RefusedError(429, "busy", wait)
        host = request.client.host if request.client else ""
        enter_wait = self._gate.enter_wait(host)
        if self.accept is None:
            raise _RefusedError(503, "unsent")
        try:
            if await self._store.write(lambda work: self._write(work, sender, said, enter_wait)):
                self._gate.entered(host)
            await self.accept(self._incoming(sender, said))
        except _RefusedError:
            raise
        except Exception as error:
            # Only its kind: a database error repeats what she wrote.
            kind = type(error).__name__
            log.error("web chat could not hand over", account=self.account_id, error=kind)
            raise _RefusedError(503, "unsent") from None

    def _write(self, work: Work, sender: str, said: Said, enter_wait: float) -> bool:
        """Her line, before anybody answers it. True when this is her first."""
        address = work.accounts.address(self.account_id, sender)
        is_new = address is None
        if address is None:
            if enter_wait:
                raise _RefusedError(429, "busy", enter_wait)
            address = work.accounts.add_address(self.account_id, sender)
        body = self._body(work, address.id, said)
        if body:
            work.transcripts.add(address.id, "in", f"in:{update_id(sender, said)}", body)
        return is_new

    def _body(self, work: Work, address_id: int, said: Said) -> dict[str, Any] | None:
        if said.joined:
            return None
        if said.value is None:
            return text_body(said)
        label = label_of(work, address_id, said, self._speak(LAST))
        if label is None:
            raise _RefusedError(409, "lost")
        return tap_body(said, label)

    def _incoming(self, sender: str, said: Said) -> Incoming:
        kind = Kind.JOINED if said.joined else Kind.TAP if said.value else Kind.TEXT
        return Incoming(
            account_id=self.account_id,
            sender=sender,
            update_id=update_id(sender, said),
            kind=kind,
            received_at=self._store.clock.now(),
            text=said.words,
            value=said.value or "",
            acts_on=str(said.on or ""),
            started_with=said.card if said.joined else "",
        )

    def _refusal(self, refused: _RefusedError) -> Response:
        sentence = self._speak(LAST)(WORDS[refused.word])
        headers = {"Retry-After": str(math.ceil(refused.wait))} if refused.wait else {}
        return JSONResponse({"sentence": sentence}, refused.status, headers=headers)

    async def lines(self, request: Request, sender: str) -> Response:
        """The latest lines after the one the page knows."""
        lines = await self._lines(sender, _number(request.query_params.get("after")))
        return JSONResponse({"lines": lines}, headers={"Cache-Control": "no-store"})

    async def file(self, request: Request, sender: str) -> Response:
        """The file of a document, if it is for her; without a sender only a public one."""
        return await handed_over(self._paper_for, sender, request.path_params["sha256"])

    async def stream(self, request: Request, sender: str) -> Response:
        """The lines to come, as server-sent events."""
        if self._hub.closed or self._hub.full(sender):
            return Response(status_code=503)
        last = request.headers.get("last-event-id") or request.query_params.get("after")
        return Stream(self._hub, sender, lambda after: self._lines(sender, after), _number(last))

    async def _lines(self, sender: str, after: int) -> list[dict[str, Any]]:
        def look(work: Work) -> list[Line]:
            address = work.accounts.address(self.account_id, sender)
            lines = work.transcripts.after(address.id, after) if address else []
            frozen_at = address.frozen_at if address else None
            # A phone reported lost does not show what was said before that.
            return [line for line in lines if frozen_at is None or line.at >= frozen_at]

        lines = await self._store.read(look)
        return [shown(line, self._speak(line.body.get("language", LAST))) for line in lines]


def update_id(sender: str, said: Said) -> str:
    """Unique at the account, the same whenever the page tries again."""
    return f"{sender[:16]}:{said.id}"


def _number(text: str | None) -> int:
    """A line's number from an address; anything else means the beginning."""
    digits = (text or "")[:18]
    return int(digits) if digits.isascii() and digits.isdigit() else 0
