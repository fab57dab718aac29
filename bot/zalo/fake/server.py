"""The three hosts of the service behind one address on loopback."""

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

import uvicorn
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from bot.zalo.fake import http
from bot.zalo.fake.acts import Acts
from bot.zalo.fake.calls import Calls
from bot.zalo.fake.control import Control
from bot.zalo.fake.faults import Fault, Faults
from bot.zalo.fake.hooks import Hooks
from bot.zalo.fake.phones import Phones
from bot.zalo.fake.tokens import RefusedGrantError, Tokens
from bot.zalo.fake.world import APP_ID, OA_ID, RefusedError, World
from bot.zalo.oauth import ACCESS_TOKEN, DEFAULT_LIFE, PERMISSION

_HOOKS_EVERY = 0.02
_LAST_SECONDS = 1  # so long a call that is under way when the fake stops may take
UPLOAD = "/v2.0/oa/upload/"
Call = Callable[[dict[str, Any]], Any]


class _Server(uvicorn.Server):
    """Signals belong to whoever started the process."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class FakeZalo:
    """An ASGI application, and its own server: `async with FakeZalo() as zalo: zalo.url`.

    Ids come from `seed`: another one where a product remembers those of an earlier life.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        journal: Path | None = None,
        port: int = 0,
        token_life: float = DEFAULT_LIFE,
        seed: int = 7,
    ) -> None:
        self.world = World(clock=clock, journal=journal, seed=seed)
        self.tokens = Tokens(clock, token_life)
        self.hooks = Hooks(clock)
        self.faults = Faults()
        self.acts = Acts(self.world, self.hooks)
        self.url = ""
        self._port = port
        self._control = Control(self.world, self.acts, self.faults, self.hooks, self.tokens)
        self._posts, self._gets, self._plain = self._tables()
        self._tasks: list[asyncio.Task[None]] = []
        self._server: _Server | None = None

    def pair(self) -> tuple[str, str]:
        """The access and refresh token in force."""
        return self.tokens.access, self.tokens.refresh

    def _tables(self) -> tuple[dict[str, Call], dict[str, Call], dict[str, Call]]:
        """Paths of POST, of GET with `data`, and of GET with ordinary parameters."""
        calls, phones = Calls(self.world, self.acts), Phones(self.world, self.acts)
        posts: dict[str, Call] = {
            "/v3.0/oa/message/cs": calls.cs,
            "/v3.0/oa/message/template": calls.template,
            "/v2.0/oa/message": calls.react,
            "/v2.0/oa/tag/tagfollower": calls.tag,
            "/v2.0/oa/tag/rmfollowerfromtag": calls.untag,
            "/v2.0/oa/tag/rmtag": calls.remove_tag,
            "/v3.0/oa/updatefollowerinfo": calls.update_info,
            "/v3.0/oa/quota/message": calls.quota,
            "/message/template": phones.send,
        }
        gets: dict[str, Call] = {
            "/v3.0/oa/user/detail": calls.detail,
            "/v2.0/oa/getprofile": calls.detail,
            "/v3.0/oa/user/getlist": calls.people,
            "/v2.0/oa/getfollowers": calls.people,
            "/v2.0/oa/tag/gettagsofoa": calls.tags,
            "/v2.0/oa/listrecentchat": calls.chats,
            "/v2.0/oa/conversation": calls.conversation,
            "/v2.0/oa/getoa": calls.account,
        }
        plain: dict[str, Call] = {
            "/message/quota": phones.quota,
            "/message/status": phones.status,
            "/template/all": phones.templates,
            "/template/info/v2": phones.template,
        }
        return posts, gets, plain

    # One request -------------------------------------------------------------------------

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI application."""
        request = Request(scope, receive)
        path = request.url.path
        if path.startswith("/control/"):
            answer = await self._control.answer(request, path.removeprefix("/control/"))
            await answer(scope, receive, send)
            return
        await request.body()  # before a line is cut, so that the caller has written all
        fault = self.faults.take(path)
        if fault is not None and fault.way == "reset":
            await _cut(receive)
            return
        answer = await self._answer(request, path, fault)
        if fault is not None and fault.way == "lost":
            await _cut(receive)
            return
        await answer(scope, receive, send)

    async def _answer(self, request: Request, path: str, fault: Fault | None) -> Response:
        match fault:
            case Fault(way="html", status=status):
                return HTMLResponse("<html><body>Bad Gateway</body></html>", status)
            case Fault(way="slow", seconds=seconds):
                await asyncio.sleep(seconds)
        try:
            if fault is not None and fault.way == "code":
                raise RefusedError(fault.code, fault.said)
            return await self._routed(request, path)
        except RefusedError as refusal:
            return http.refused(refusal)
        except RefusedGrantError as refusal:
            return JSONResponse(refusal.body)

    async def _routed(self, request: Request, path: str) -> Response:
        if path == PERMISSION:
            return self._permission(request)
        if path == ACCESS_TOKEN and request.method == "POST":
            form = await http.form_body(request)
            return JSONResponse(self.tokens.grant(form, request.headers.get("secret_key", "")))
        call = await self._call(request, path)
        if call is None:
            return HTMLResponse("<html><body>404</body></html>", 404)
        left = self._admit(request, path)
        return http.done(await call(), left)

    async def _call(self, request: Request, path: str) -> Callable[[], Awaitable[Any]] | None:
        """What a path does once the caller is let in."""
        if request.method == "POST" and path.startswith(UPLOAD):
            return lambda: self._upload(request, path.removeprefix(UPLOAD))
        if request.method == "POST" and (post := self._posts.get(path)) is not None:
            return lambda: _with(post, http.json_body(request))
        if request.method != "GET":
            return None
        if (get := self._gets.get(path)) is not None:
            return lambda: _now(get, lambda: http.data_in(request))
        if (plain := self._plain.get(path)) is not None:
            return lambda: _now(plain, lambda: dict(request.query_params))
        return None

    def _admit(self, request: Request, path: str) -> int:
        """The token, in its bare header only; then the limit of calls."""
        fault = self.tokens.fault_of(request.headers.get("access_token", ""))
        if fault is not None:
            on_business = path in self._plain or path == "/message/template"
            raise RefusedError(-124 if on_business else fault[0], fault[1])
        return self.world.count_call()

    async def _upload(self, request: Request, kind: str) -> Any:
        if kind not in ("image", "gif", "file"):
            raise RefusedError(-201, "path is not valid")
        content, name, mime = await http.file_part(request)
        return Calls(self.world, self.acts).upload(kind, content, name, mime)

    def _permission(self, request: Request) -> Response:
        """The administrator agrees at once, and is sent back to the app's address."""
        asked = request.query_params
        if asked.get("app_id") != APP_ID or not asked.get("redirect_uri"):
            return HTMLResponse("<html><body>-14003</body></html>", 400)
        code = self.tokens.consent(asked.get("code_challenge", ""))
        told = {"oa_id": OA_ID, "code": code, "state": asked.get("state", "")}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(told)}", 302)

    # Its own server ----------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        # By this protocol asyncio knows that answers are not to wait for one another.
        listening = socket.socket(proto=socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self._port))
        listening.listen()  # who calls before the server runs waits in the queue
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(
            self,
            log_level="critical",
            lifespan="off",
            access_log=False,
            timeout_graceful_shutdown=_LAST_SECONDS,
        )
        self._server = _Server(config)
        serving = asyncio.create_task(self._server.serve([listening]), name="fake-zalo")
        self._tasks = [serving, asyncio.create_task(self._post_hooks(), name="fake-zalo-hooks")]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        assert self._server is not None
        self._server.should_exit = True
        serving, hooks = self._tasks
        hooks.cancel()
        try:
            with suppress(asyncio.CancelledError):
                await hooks
        finally:
            await serving
            await self.hooks.aclose()

    async def _post_hooks(self) -> None:
        while True:
            await self.hooks.turn()
            await asyncio.sleep(_HOOKS_EVERY)


async def _with(call: Call, body: Awaitable[dict[str, Any]]) -> Any:
    return call(await body)


async def _now(call: Call, asked: Callable[[], dict[str, Any]]) -> Any:
    return call(asked())


async def _cut(receive: Receive) -> None:
    """Cuts the line without a word; only uvicorn's own protocol knows its socket."""
    transport = getattr(getattr(receive, "__self__", None), "transport", None)
    if transport is not None:
        transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass
