"""A strict Telegram Bot API server of our own: the judge of every send.

In a test: `async with FakeTelegram() as fake`. For benches and kill tests, in a process of its own:
`python -m tests.fakes.platform --port 8081 --journal sent.jsonl`; it is then told what to do by
POST /control/deliver, /control/fault, /control/block, and read by GET /control/report.
"""

import argparse
import asyncio
import json
import signal
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import aiohttp
from aiohttp import web

from tests.fakes.telegram_faults import Fault, FaultPlan, Trouble
from tests.fakes.telegram_http import certificate, ok, read_fields, refusal, reset, too_many
from tests.fakes.telegram_pace import Limits, Speed, TooFast
from tests.fakes.telegram_rules import RefusedError, checked
from tests.fakes.telegram_updates import BOT
from tests.fakes.telegram_world import World

TOKEN = f"{BOT['id']}:AAFakeTokenThatMustNeverBeSeenAnywhere"


@dataclass(frozen=True, slots=True)
class Sent:
    """One line of the journal: a send the platform accepted. `at` is the machine's time."""

    at: float
    method: str
    chat_id: int
    message_id: int
    text: str
    buttons: tuple[tuple[tuple[str, str], ...], ...] = ()
    file_id: str = ""


class FakeTelegram:
    """The server. `rates=False` counts nobody's speed; `delay`: how long an answer takes;
    `tls`: a folder for its certificate, which then speaks HTTPS."""

    def __init__(
        self,
        *,
        token: str = TOKEN,
        port: int = 0,
        journal: Path | None = None,
        faults: FaultPlan | None = None,
        everybody: bool = False,
        rates: bool = True,
        limits: Limits | None = None,
        delay: float = 0.0,
        tls: Path | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.token = token
        self.world = World(everybody=everybody)
        self.updates = self.world.updates
        self.text, self.tap = self.updates.text, self.updates.tap
        self.start = self.updates.start
        self.faults = faults or FaultPlan()
        self.journal: list[Sent] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        # When, in which chat: sends that reached us and met with trouble, accepted or not.
        self.troubled: list[tuple[float, int]] = []
        self._port = port
        self._file = journal.open("a", encoding="utf-8", buffering=1) if journal else None
        self._clock = clock
        self._speed = Speed(limits or Limits() if rates else None, clock)
        self._delay = delay
        self._tls = certificate(tls) if tls else None
        self._pending: deque[dict[str, Any]] = deque()
        self._waiting: set[asyncio.Event] = set()
        self._polls = 0
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._client: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "FakeTelegram":
        app = web.Application(client_max_size=60_000_000)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_get("/file/bot{token}/files/{file_id}", self._download)
        app.router.add_post("/control/{order}", self._control)
        app.router.add_get("/control/report", self._report)
        self._runner = web.AppRunner(app, shutdown_timeout=0.5, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, ssl_context=self._tls)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self._client = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._wake()
        if self._client is not None:
            await self._client.close()
        if self._runner is not None:
            await self._runner.cleanup()
        if self._file is not None:
            self._file.close()

    @property
    def url(self) -> str:
        """What DONGHANH_TELEGRAM_API_URL is set to."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self._port}"

    @property
    def too_fast(self) -> list[TooFast]:
        """Every 429 that was deserved."""
        return self._speed.too_fast

    async def deliver(self, update: Mapping[str, Any]) -> int:
        """Posts an update to the webhook; its status, or 0 when it was not sent for."""
        hook, client = self.world.hook, self._client
        assert hook.url, "setWebhook comes first"
        assert client is not None
        if hook.allowed and not set(hook.allowed) & update.keys():
            return 0
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
        try:
            async with client.post(hook.url, json=update, headers=headers) as answer:
                status = answer.status
        except aiohttp.ClientError as error:
            hook.last_error = f"Connection failed: {type(error).__name__}"
            return 599
        if not 200 <= status < 300:
            hook.last_error = f"Wrong response from the webhook: {status}"
        return status

    def push(self, *updates: dict[str, Any]) -> None:
        """Updates for whoever polls."""
        self._pending.extend(updates)
        self._wake()

    def block(self, chat: int) -> dict[str, Any]:
        """She blocks the bot: sends are refused from now on; the update that tells it."""
        self.world.blocked.add(chat)
        return self.updates.block(chat)

    def unblock(self, chat: int) -> dict[str, Any]:
        """She lets it write again; the update that tells it."""
        self.world.blocked.discard(chat)
        return self.updates.unblock(chat)

    def report(self) -> dict[str, Any]:
        """Counts for the judge: what was accepted, how fast, and who was too fast."""
        seconds = Counter(int(sent.at) for sent in self.journal)
        return {
            "accepted": len(self.journal),
            "chats": len({sent.chat_id for sent in self.journal}),
            "most_in_a_second": max(seconds.values(), default=0),
            "too_fast_for_chat": sum(one.which == "chat" for one in self.too_fast),
            "too_fast_for_all": sum(one.which == "all" for one in self.too_fast),
            "did_not_wait": sum(one.early for one in self.too_fast),
            "kept_on": sum(one.kept_on for one in self.too_fast),
            "uploads": self.world.uploads,
            "faults": dict(Counter(trouble.value for _, trouble in self.faults.happened)),
            "troubled": self.troubled,
        }

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"].lower()
        try:
            if request.match_info["token"] != self.token:
                raise RefusedError(401, "Unauthorized")
            return await self._answer(request, method)
        except RefusedError as refused:
            return refusal(refused)

    async def _answer(self, request: web.Request, method: str) -> web.StreamResponse:
        fields = await read_fields(request)
        self.calls.append((method, fields))
        fields = checked(method, fields)
        if method == "getupdates":
            return ok(await self._poll(fields))
        fault = self.faults.take(method)
        if fault is not None:
            self.troubled.append((self._clock(), fields.get("chat_id") or 0))
            self._before(request, fault, fields)
        if method.startswith(("send", "edit")):
            self._speed.check(method, fields.get("chat_id") or 0)
        result = self.world.do(method, fields)
        if method.startswith("send"):
            self._note(method, result["chat"]["id"], result["message_id"])
        if self._delay:
            await self._closed_within(self._delay)
        if fault is not None:
            await self._after(request, fault)
            if fault.trouble is Trouble.ACCEPT_THEN_GARBAGE:
                return web.Response(text="<html>It works!</html>")
        return ok(result)

    def _before(self, request: web.Request, fault: Fault, fields: dict[str, Any]) -> None:
        """Troubles in which nothing was accepted."""
        match fault.trouble:
            case Trouble.TOO_MANY:
                raise too_many(fault.seconds)
            case Trouble.TOO_MANY_CHAT | Trouble.TOO_MANY_ALL:
                every = fault.trouble is Trouble.TOO_MANY_ALL
                self._speed.close(fault.seconds, 0 if every else fields["chat_id"])
                raise too_many(fault.seconds)
            case Trouble.SERVER_ERROR:
                raise RefusedError(502, "Bad Gateway")
            case Trouble.REFUSED:
                wait = int(fault.seconds) if fault.status == 429 else None
                raise RefusedError(fault.status, fault.said, wait)
            case Trouble.BLOCKED:
                self.world.blocked.add(fields["chat_id"])
            case Trouble.RESET_BEFORE_ACCEPT:
                reset(request)
                raise RefusedError(502, "nobody reads this")

    async def _after(self, request: web.Request, fault: Fault) -> None:
        """Troubles of the answer to what was accepted."""
        match fault.trouble:
            case Trouble.SLOW:
                await self._closed_within(fault.seconds)
            case Trouble.ACCEPT_THEN_RESET:
                reset(request)
            case Trouble.ACCEPT_THEN_TIMEOUT:
                await self._closing.wait()

    async def _closed_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._closing.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def _note(self, method: str, chat: int, message_id: int) -> None:
        shown = self.world.shown[chat, message_id]
        rows = tuple(tuple((b["text"], b["callback_data"]) for b in row) for row in shown.rows)
        sent = Sent(self._clock(), method, chat, message_id, shown.text, rows, shown.file_id)
        self.journal.append(sent)
        if self._file is not None:
            self._file.write(json.dumps(asdict(sent), ensure_ascii=False) + "\n")

    async def _poll(self, fields: dict[str, Any]) -> list[dict[str, Any]]:
        if self.world.hook.url:
            raise RefusedError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        self._polls += 1
        mine, offset = self._polls, int(fields.get("offset", 0))
        while self._pending and self._pending[0]["update_id"] < offset:
            self._pending.popleft()
        wanted = set(fields.get("allowed_updates") or ())
        if wanted:  # the others are not kept for this bot
            self._pending = deque(one for one in self._pending if wanted & one.keys())
        self._wake()  # an older poll must see that it is not alone
        wait = min(float(fields.get("timeout", 0)), 50.0)
        if not self._pending and wait:
            await self._news_within(wait)
        if mine != self._polls:
            raise RefusedError(
                409,
                "Conflict: terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
            )
        return [*self._pending][: int(fields.get("limit", 100))]

    async def _news_within(self, seconds: float) -> None:
        news = asyncio.Event()
        self._waiting.add(news)
        try:
            await asyncio.wait_for(news.wait(), seconds)
        except TimeoutError:
            pass
        finally:
            self._waiting.discard(news)

    def _wake(self) -> None:
        for news in self._waiting:
            news.set()

    async def _download(self, request: web.Request) -> web.Response:
        file = self.world.files.get(request.match_info["file_id"])
        if request.match_info["token"] != self.token or file is None:
            return web.Response(status=404)
        return web.Response(body=file.body, content_type=file.mime)

    async def _control(self, request: web.Request) -> web.Response:
        """Orders from another process."""
        given, order = await request.json(), request.match_info["order"]
        if order == "deliver":
            return web.json_response({"status": await self.deliver(given)})
        if order == "fault":
            seconds = float(given.get("seconds", 1.0))
            method = given.get("method", "")
            self.faults.then(Trouble(given["trouble"]), method=method, seconds=seconds)
        elif order == "chances":
            self.faults.chances(given)
        elif order == "block":
            return web.json_response(self.block(int(given["chat"])))
        elif order == "know":
            self.updates.chats.update(given["chats"])
            self.updates.taps.update(given.get("taps", ()))
        else:
            return web.Response(status=404)
        return web.json_response({})

    async def _report(self, _: web.Request) -> web.Response:
        return web.json_response(self.report())


async def _run(options: argparse.Namespace) -> None:
    chances = {Trouble(name): float(p) for name, _, p in (c.partition("=") for c in options.chance)}
    fake = FakeTelegram(
        token=options.token,
        port=options.port,
        journal=options.journal,
        faults=FaultPlan(chances, options.seed),
        everybody=True,
        rates=not options.no_rates,
        limits=Limits(options.rate, options.rate),
        delay=options.delay,
        tls=options.tls,
        clock=time.monotonic if options.monotonic else time.time,
    )
    async with fake:
        sys.stdout.write(f"{fake.url}\n")
        sys.stdout.flush()
        await _told_to_stop()


async def _told_to_stop() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()


def main() -> None:
    """`python -m tests.fakes.platform`: prints its address when it is ready."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--journal", type=Path)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rate", type=float, default=Limits().rate, help="It allows so many.")
    parser.add_argument("--delay", type=float, default=0.0, help="Seconds an answer takes.")
    parser.add_argument("--tls", type=Path, help="Speak HTTPS; folder for the certificate.")
    parser.add_argument("--monotonic", action="store_true", help="The journal's clock.")
    parser.add_argument("--no-rates", action="store_true", help="Count nobody's speed.")
    parser.add_argument(
        "--chance", action="append", default=[], metavar="TROUBLE=P", help="5xx=0.01, slow=0.02 …"
    )
    asyncio.run(_run(parser.parse_args()))


if __name__ == "__main__":
    main()
