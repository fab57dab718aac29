"""What one would otherwise take: python-telegram-bot with its own rate limiter, and procrastinate
with one job a message. As their documentation shows them, with what a careful user adds.

    python -m bench.beside loop <platform's address> | jobs <platform's address> <PostgreSQL>

Each prints where it listens: POST /telegram takes an update, POST /begin starts the broadcast.
"""

import argparse
import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import procrastinate
import uvicorn
from procrastinate.types import JSONDict
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import CallbackQuery, Update
from telegram.error import BadRequest, Forbidden, NetworkError
from telegram.ext import AIORateLimiter, Application, CallbackQueryHandler, ExtBot

from bench.stage import Telling, free_port
from tests.crash.broadcast import FIRST_CHAT
from tests.fakes.platform import TOKEN

PEOPLE = 1600
WORDS = "Xe đưa các đoàn ra ga chuyển sang 15 giờ, tại cổng phía Đông."
WORKERS = 8
REPLIES_FIRST = 10

Bot = ExtBot[AIORateLimiter]
Say = Callable[[int, str], Awaitable[None]]


def application(api: str, say: Say | None = None) -> Application:  # type: ignore[type-arg]
    """A bot that answers taps with one sentence; `say`: by which way, if not at once."""
    limiter = AIORateLimiter(max_retries=3)  # 30 a second in all, by default
    builder = Application.builder().token(TOKEN).base_url(f"{api}/bot").updater(None)
    made = builder.rate_limiter(limiter).concurrent_updates(True).build()

    async def answer(update: Update, _context: object) -> None:
        query, chat = update.callback_query, update.effective_chat
        assert isinstance(query, CallbackQuery)
        assert chat is not None
        if say is None:
            await made.bot.send_message(chat.id, f"nghe: {update.update_id}")
        else:
            await say(chat.id, f"nghe: {update.update_id}")
        await query.answer()

    made.add_handler(CallbackQueryHandler(answer))
    return made


async def loop_over(bot: Bot) -> None:
    """One after another; what the network broke is tried once more, who left is passed over."""
    for chat in range(FIRST_CHAT, FIRST_CHAT + PEOPLE):
        for _ in range(2):
            try:
                await bot.send_message(chat, WORDS)
            except (Forbidden, BadRequest):
                break
            except NetworkError:
                await asyncio.sleep(1)
            else:
                break


async def serve_loop(api: str) -> None:
    """The loop runs in the bot's own process."""
    bot = application(api)
    running: set[asyncio.Task[None]] = set()

    async def begin() -> None:
        running.add(asyncio.create_task(loop_over(bot.bot)))

    await _serve(bot, begin)


async def serve_jobs(api: str, database: str) -> None:
    """One job a message, answers first; jobs of a dead worker are taken up as documented."""
    jobs = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=database))

    @jobs.task(name="say", retry=procrastinate.RetryStrategy(max_attempts=5, wait=1))
    async def say(chat: int, words: str) -> None:
        with suppress(Forbidden, BadRequest):
            await bot.bot.send_message(chat, words)

    async def answer(chat: int, words: str) -> None:
        await say.configure(priority=REPLIES_FIRST).defer_async(chat=chat, words=words)

    async def begin() -> None:
        chats = range(FIRST_CHAT, FIRST_CHAT + PEOPLE)
        given: list[JSONDict] = [{"chat": chat, "words": WORDS} for chat in chats]
        await say.batch_defer_async(*given)

    async def reap() -> None:
        while True:
            for job in await jobs.job_manager.get_stalled_jobs():
                await jobs.job_manager.retry_job(job)
            await asyncio.sleep(5)

    bot = application(api, answer)
    async with jobs.open_async():
        there = "SELECT to_regclass('procrastinate_jobs') IS NOT NULL AS there"
        if not (await jobs.connector.execute_query_one_async(there))["there"]:
            await jobs.schema_manager.apply_schema_async()
        working = [
            asyncio.create_task(
                jobs.run_worker_async(concurrency=WORKERS, install_signal_handlers=False)
            ),
            asyncio.create_task(reap()),
        ]
        await _serve(bot, begin)
        for task in working:
            task.cancel()


async def _serve(bot: Application, begin: Callable[[], Awaitable[None]]) -> None:  # type: ignore[type-arg]
    async def telegram(request: Request) -> Response:
        await bot.update_queue.put(Update.de_json(await request.json(), bot.bot))
        return Response()

    async def start(_request: Request) -> Response:
        await begin()
        return Response()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with bot:
            await bot.start()
            yield
            await bot.stop()

    routes = [
        Route("/telegram", telegram, methods=["POST"]),
        Route("/begin", start, methods=["POST"]),
    ]
    port = free_port()
    app = Starlette(routes=routes, lifespan=lifespan)
    config = uvicorn.Config(app, port=port, access_log=False, log_config=None)
    await Telling(config, f"http://127.0.0.1:{port}").serve()


def main() -> None:
    """Play one of the two."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("which", choices=("loop", "jobs"))
    parser.add_argument("rest", nargs="+")
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    asyncio.run(serve_loop(*given.rest) if given.which == "loop" else serve_jobs(*given.rest))


if __name__ == "__main__":
    main()
