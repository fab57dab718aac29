"""Our own way to talk: a light page behind a link or a QR code, without an account or an app.

It is pull: nothing reaches her there unless the page is open. So everything said stands in the
transcript first, and open pages are woken to read it.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.base import Accept, Chore
from bot.channels.webchat.gate import Gate
from bot.channels.webchat.handed import Sort
from bot.channels.webchat.hub import Hub
from bot.channels.webchat.identity import Identity, sender_of
from bot.channels.webchat.light import Light
from bot.channels.webchat.lines import out_body
from bot.channels.webchat.page import WORDS, ChatPage, Front, Speak
from bot.channels.webchat.papers import PaperFor, nothing
from bot.channels.webchat.talk import Talk
from bot.errors import Rejected, Unavailable
from bot.fit import Capabilities, Part
from bot.i18n import LAST
from bot.store import Store, Work
from bot.store.wake import Ring
from bot.text import clean
from bot.values.delivery import Act, Delivery, Receipt

log = structlog.get_logger()

MARK_LIMIT = 8  # visible characters of a sign at what she said
LOOK_SECONDS = 2.0  # how late a line written by another process may be shown
# Ours to choose: a page shows a whole reply in one bubble.
CAPABILITIES = Capabilities(
    text_limit=4000,
    pictures=True,
    audio=True,
    files=True,
    map_points=True,
    one_bubble=True,
    edits=True,
    withdraws=True,
    reacts=True,
)


class WebChatChannel:
    """The web chat of one event. `front` and `speak` are asked anew for every page.

    `paper_for` gives the file of a document to whom it is for.
    """

    kind = "webchat"
    capabilities = CAPABILITIES
    per_chat_rate = 10.0

    def __init__(
        self,
        account_id: int,
        slug: str,
        *,
        store: Store,
        front: Callable[[], Front],
        speak: Speak,
        secure: bool,
        rate: float = 500.0,
        enter_per_minute: float = 60.0,
        paper_for: PaperFor = nothing,
    ) -> None:
        self.account_id = account_id
        self.slug = slug
        self.rate = self.first_rate = rate
        self.base = f"/chat/{slug}"
        self._store = store
        self._front = front
        self.speak = speak
        self._identity = Identity(secure=secure)
        self._hub = Hub()
        self._page = ChatPage(speak)
        gate = Gate(store.clock, enter_per_minute)
        self.talk = Talk(account_id, store, self._hub, gate, self._page, speak, paper_for)
        self._light = Light(
            self.talk, self._hub, self._identity, self._page, speak, front, self.base
        )
        # The newest line at each of the last looks: numbers are given out before lines are there
        # to see, so each look begins again where the one before the last ended.
        self._newest: deque[int] = deque([0], maxlen=3)
        self._watching: asyncio.Task[None] | None = None

    async def open(self, accept: Accept) -> None:
        """Begin to take what pages say, and to look for lines of other processes."""
        self.talk.accept = accept
        newest = await self._store.read(lambda work: work.transcripts.newest())
        self._newest = deque([newest], maxlen=3)
        self._watching = asyncio.create_task(self._watch(), name=f"webchat {self.slug}")

    def release(self) -> None:
        """Let the open pages go; they come back by themselves. A server that is told to stop calls
        this first, else it waits for answers that never end."""
        self._hub.close()

    async def close(self) -> None:
        """Stop looking and let go of the pages."""
        self.release()
        if self._watching is not None:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching

    def chores(self) -> Sequence[Chore]:
        """None: nothing here grows old."""
        return ()

    async def send(self, delivery: Delivery, part: Part) -> Receipt:
        """Put one part into the transcript and wake her pages; a resend changes nothing."""
        if delivery.act is Act.ANSWER_TAP:
            return Receipt()  # the page shows a pressed button by itself
        if delivery.act is Act.EDIT:
            return await self._edit(delivery, part)
        if delivery.act is Act.WITHDRAW:
            return await self._edit(delivery, self._taken_back(delivery))
        if delivery.act is Act.REACT:
            return await self._mark(delivery, part)
        if delivery.act is not Act.SAY:
            raise Rejected("act", f"web chat cannot {delivery.act.value}")
        key = f"out:{delivery.id}:{part.number}"
        body = out_body(part, slow=delivery.slow)
        try:
            await self._store.write(lambda work: self._show(work, delivery, key, body))
        except Exception as error:
            raise Unavailable("store", type(error).__name__) from error
        self._hub.ring(delivery.sender)
        return Receipt(key)

    def _taken_back(self, delivery: Delivery) -> Part:
        """A bubble that vanished would puzzle her who saw it: it says what became of it."""
        t = self.speak(delivery.reply.language)
        return Part(0, t("This message was taken back."), language=t.language.code)

    def _show(self, work: Work, delivery: Delivery, key: str, body: dict[str, Any]) -> None:
        work.transcripts.add(delivery.address_id, "out", key, body)
        work.rings.add(Ring("page", self.account_id, delivery.sender))

    async def _edit(self, delivery: Delivery, part: Part) -> Receipt:
        """Another text in a bubble that stands there; pages that are open draw it anew."""
        where, news, body = delivery.address_id, f"edit:{delivery.id}", out_body(part)
        return await self._change(
            delivery, lambda work: work.transcripts.amend(where, delivery.acts_on, news, body)
        )

    async def _mark(self, delivery: Delivery, part: Part) -> Receipt:
        """A sign at what she said, which `acts_on` names by its update; empty takes it away."""
        where, key, news = delivery.address_id, f"in:{delivery.acts_on}", f"mark:{delivery.id}"
        sign = clean(part.text, MARK_LIMIT)
        return await self._change(
            delivery, lambda work: work.transcripts.mark(where, key, news, sign)
        )

    async def _change(self, delivery: Delivery, change: Callable[[Work], int | None]) -> Receipt:
        def changed(work: Work) -> int | None:
            work.rings.add(Ring("page", self.account_id, delivery.sender))
            return change(work)

        try:
            line_id = await self._store.write(changed)
        except Exception as error:
            raise Unavailable("store", type(error).__name__) from error
        if line_id is None:
            raise Rejected("message_gone", "That line is not in the transcript any more.")
        self._hub.ring(delivery.sender)
        return Receipt(delivery.acts_on)

    def ring(self, sender: str) -> None:
        """Another process wrote a line for her."""
        self._hub.ring(sender)

    async def look(self) -> None:
        """Wake the pages for which another process wrote a line."""
        news = await self._store.read(self._news)
        for sender, _ in news:
            self._hub.ring(sender)
        self._newest.append(max([self._newest[-1], *(line_id for _, line_id in news)]))

    def _news(self, work: Work) -> list[tuple[str, int]]:
        return work.transcripts.written_since(self.account_id, self._newest[0])

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                if self._hub.listening:
                    await self.look()
            except Exception:
                log.exception("web chat could not look for news", account=self.account_id)

    def routes(self) -> Sequence[BaseRoute]:
        """The page of this event, its script and what the script needs."""
        return [
            *self._page.files.routes(),
            Route(self.base, self._get_page),
            Route(f"{self.base}/say", self._say, methods=["POST"]),
            Route(f"{self.base}/voice", self._voice, methods=["POST"]),
            Route(f"{self.base}/picture", self._picture, methods=["POST"]),
            Route(f"{self.base}/light", self._light.show),
            Route(f"{self.base}/light", self._light.press, methods=["POST"]),
            Route(f"{self.base}/light/letters", self._light.enlarge, methods=["POST"]),
            Route(f"{self.base}/listen/{{line:int}}", self._light.listen),
            Route(f"{self.base}/lines", self._lines),
            Route(f"{self.base}/stream", self._stream),
            Route(f"{self.base}/file/{{sha256}}", self._file),
        ]

    @property
    def title(self) -> str:
        """The event's name, for a list of several."""
        return self._front().names[LAST]

    def page(self, request: Request, *, card: str = "") -> Response:
        """The page for this browser; a card's token waits in it until the conversation begins."""
        page = self.talk.page(self._front(), base=self.base, card=card)
        self._identity.renew(request, page)
        return page

    def page_as(self, base: str) -> Response:
        """The page for the simulator's frame: who is talking stands in the path."""
        return self.talk.page(self._front(), base=base, framed=True)

    def listen(self, request: Request, sha256: str, text: str, language: str) -> Response:
        """The player page for a clip that was sent elsewhere, with the words it speaks."""
        return self._light.heard_elsewhere(request, sha256, text, language)

    async def _get_page(self, request: Request) -> Response:
        return self.page(request)

    async def _say(self, request: Request) -> Response:
        sender = self._sender(request)
        return await self.talk.say(request, sender) if sender else self._blocked()

    async def _voice(self, request: Request) -> Response:
        return await self._hand(request, "voice")

    async def _picture(self, request: Request) -> Response:
        return await self._hand(request, "picture")

    async def _hand(self, request: Request, sort: Sort) -> Response:
        sender = self._sender(request)
        return await self.talk.hand(request, sender, sort) if sender else self._blocked()

    def _blocked(self) -> Response:
        return JSONResponse({"sentence": self.speak(LAST)(WORDS["blocked"])}, 403)

    async def _lines(self, request: Request) -> Response:
        return await self.talk.lines(request, self._sender(request) or "")

    async def _stream(self, request: Request) -> Response:
        sender = self._sender(request)
        return await self.talk.stream(request, sender) if sender else Response(status_code=403)

    async def _file(self, request: Request) -> Response:
        return await self.talk.file(request, self._sender(request) or "")

    def _sender(self, request: Request) -> str | None:
        secret = self._identity.secret(request)
        return sender_of(secret, self.account_id) if secret else None
