"""Development only: a page on which anybody may be any sample person, each in a tab of its own.

It is the real web chat with the real conversation behind it; only who is talking stands in the
address and not in a cookie. Where there is a fake Official Account she may be on Zalo instead.
"""

import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.clock import Clock, SystemClock
from bot.i18n import N_, Translator
from bot.pacing import Bucket
from bot.pages import Pages, TooLongError, permissions, policy, read_body
from bot.web.chats import Chat
from bot.web.zalo import STRANGER, ZaloParts, ZaloView, zalo_id

_CODE = re.compile(r"[A-Za-z0-9-]{1,32}")
_COOKIE = "donghanh_simulator"
_KEY_BYTES = 1024
_GUESSES = 10  # wrong keys in a row, then one every ten seconds


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """One line of the list to pick from."""

    code: str
    name: str
    delegation: str


# (event id, code, account id, sender) -> her name for the frame, once the address speaks for her.
Become = Callable[[int, str, int, str], Awaitable[str | None]]
# What was typed, "" for suggestions -> people.
People = Callable[[str], Awaitable[Sequence[SamplePerson]]]


@dataclass(frozen=True, slots=True)
class SimulatorParts:
    """What the simulator needs from the rest of the house."""

    chat: Chat
    event_id: int
    become: Become
    people: People
    key: str = ""
    clock: Clock = field(default_factory=SystemClock)
    zalo: ZaloParts | None = None


class Simulator:
    """Its pages, and the web chat's own endpoints under the address of a person."""

    def __init__(self, parts: SimulatorParts, pages: Pages, t: Translator) -> None:
        self._parts = parts
        self._pages = pages
        self._t = t
        self._zalo = ZaloView(parts.zalo, pages, t) if parts.zalo else None
        self._guesses = Bucket(0.1, _GUESSES)

    def routes(self) -> list[Route]:
        """Where it is."""
        one = "/simulator/as/{code}"
        return [
            Route("/simulator", self._behind_key(self._list)),
            Route("/simulator/key", self._unlock, methods=["POST"]),
            Route(one, self._behind_key(self._frame)),
            Route(f"{one}/chat", self._behind_key(self._chat)),
            Route(f"{one}/say", self._behind_key(self._say), methods=["POST"]),
            Route(f"{one}/voice", self._behind_key(self._voice), methods=["POST"]),
            Route(f"{one}/picture", self._behind_key(self._picture), methods=["POST"]),
            Route(f"{one}/lines", self._behind_key(self._lines)),
            Route(f"{one}/stream", self._behind_key(self._stream)),
            Route(f"{one}/file/{{sha256}}", self._behind_key(self._file)),
            *(self._zalo_routes(self._zalo, f"{one}/zalo") if self._zalo else ()),
        ]

    def _zalo_routes(self, zalo: ZaloView, one: str) -> list[Route]:
        async def show(request: Request) -> Response:
            return zalo.show(_code(request))

        async def lines(request: Request) -> Response:
            return zalo.lines(_code(request))

        async def act(request: Request) -> Response:
            return await zalo.act(request, _code(request))

        async def upload(request: Request) -> Response:
            return zalo.upload(_code(request), request.path_params["reference"])

        return [
            Route(one, self._behind_key(show)),
            Route(one, self._behind_key(act), methods=["POST"]),
            Route(f"{one}/lines", self._behind_key(lines)),
            Route(f"{one}/upload/{{reference}}", self._behind_key(upload)),
        ]

    async def _list(self, request: Request) -> Response:
        query = request.query_params.get("q", "").strip()[:80]
        people = await self._parts.people(query)
        return self._pages.show(
            "simulator.html",
            _=self._t,
            people=people,
            query=query,
            chat=self._parts.chat,
            zalo_stranger=STRANGER if self._zalo else "",
        )

    async def _frame(self, request: Request) -> Response:
        code = _code(request)
        parts = self._parts
        in_zalo = self._zalo is not None and request.query_params.get("in") == "zalo"
        name = await (self._in_zalo(code) if in_zalo else self._in_chat(code))
        if name is None:
            raise HTTPException(404)
        page = self._pages.show(
            "phone.html",
            csp=policy(frame_src="'self'"),
            _=self._t,
            code=code,
            name=name,
            chat=parts.chat,
            inside="zalo" if in_zalo else "chat",
            has_zalo=self._zalo is not None,
            is_known=code != STRANGER,
        )
        page.headers["Permissions-Policy"] = permissions(microphone="(self)", geolocation="(self)")
        return page

    async def _in_chat(self, code: str) -> str | None:
        parts = self._parts
        return await parts.become(parts.event_id, code, parts.chat.account_id, f"sim:{code}")

    async def _in_zalo(self, code: str) -> str | None:
        """Her name once she is there; a stranger has to be linked as everybody is."""
        parts, name = self._parts, self._t(N_("A stranger"))
        assert self._zalo is not None
        assert parts.zalo is not None
        if code != STRANGER:
            there = parts.zalo.account_id, zalo_id(code)
            known = await parts.become(parts.event_id, code, *there)
            if known is None:
                return None
            name = known
        self._zalo.meet(code, name)
        return name

    async def _chat(self, request: Request) -> Response:
        return self._parts.chat.page_as(f"/simulator/as/{_code(request)}")

    async def _say(self, request: Request) -> Response:
        return await self._parts.chat.talk.say(request, _sender(request))

    async def _voice(self, request: Request) -> Response:
        return await self._parts.chat.talk.hand(request, _sender(request), "voice")

    async def _picture(self, request: Request) -> Response:
        return await self._parts.chat.talk.hand(request, _sender(request), "picture")

    async def _lines(self, request: Request) -> Response:
        return await self._parts.chat.talk.lines(request, _sender(request))

    async def _stream(self, request: Request) -> Response:
        return await self._parts.chat.talk.stream(request, _sender(request))

    async def _file(self, request: Request) -> Response:
        return await self._parts.chat.talk.file(request, _sender(request))

    def _behind_key(
        self, do: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def checked(request: Request) -> Response:
            return await do(request) if self._open_to(request) else self._ask()

        return checked

    def _open_to(self, request: Request) -> bool:
        if not self._parts.key:
            return True
        given = request.cookies.get(_COOKIE, "")
        return hmac.compare_digest(given.encode(), _proof(self._parts.key).encode())

    def _ask(self, *, wrong: bool = False) -> Response:
        return self._pages.show("key.html", status=401, _=self._t, wrong=wrong)

    async def _unlock(self, request: Request) -> Response:
        now = self._parts.clock.now().timestamp()
        if self._guesses.wait(now):
            return self._ask(wrong=True)
        try:
            form = parse_qs((await read_body(request, _KEY_BYTES)).decode(errors="replace"))
        except TooLongError:
            return self._ask(wrong=True)
        given = form.get("key", [""])[0].strip()
        if not hmac.compare_digest(given.encode(), self._parts.key.encode()):
            self._guesses.take(now)
            return self._ask(wrong=True)
        answer = RedirectResponse("/simulator", 303)
        answer.set_cookie(_COOKIE, _proof(self._parts.key), httponly=True, samesite="strict")
        return answer


def _proof(key: str) -> str:
    return hashlib.sha256(f"simulator:{key}".encode()).hexdigest()


def _code(request: Request) -> str:
    code: str = request.path_params["code"]
    if not _CODE.fullmatch(code):
        raise HTTPException(404)
    return code


def _sender(request: Request) -> str:
    return f"sim:{_code(request)}"
