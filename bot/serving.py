"""Runs the whole bot behind an HTTP server until a signal stops it, finishing what is under way."""

import gc
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from socket import socket
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp

from bot import logs, web
from bot.access import find_card
from bot.app import Bot
from bot.channels import zalo
from bot.channels.telegram import TelegramChannel, account_name, webhook_secret
from bot.channels.webchat import Front, WebChatChannel
from bot.clock import Clock
from bot.config import Settings
from bot.documents import Paper, copy_for, paper_for
from bot.errors import ConfigError
from bot.i18n import Translator
from bot.media import MediaShelf
from bot.pages import is_https
from bot.store import Work, database_url, owner_lock
from bot.store.accounts import Account
from bot.talking import become
from bot.text import fold
from bot.turn import FALLBACK_ZONE
from bot.values.delivery import Delivery
from bot.values.duty import EVERYTHING, Duty
from bot.values.event import Event
from bot.values.person import Record
from bot.vault import instance_of

if TYPE_CHECKING:
    from bot.zalo.fake import FakeZalo

SUGGESTIONS = 30
_NEW_OBJECTS = 10_000  # before new ones are looked through; by itself Python does at 700


@dataclass(frozen=True, slots=True)
class Served:
    """A bot with its pages and webhooks, not yet listening."""

    bot: Bot
    app: Starlette


async def assemble(
    settings: Settings,
    *,
    clock: Clock | None = None,
    guarded: bool = True,
    duties: frozenset[Duty] = EVERYTHING,
    fake: "FakeZalo | None" = None,
) -> Served:
    """Build the bot, its channels and its ASGI application; the application opens and closes it.

    `guarded` as in `Bot`: a test types faster than anybody. Without the duty of the web there is
    nothing to ask for but what operators ask. `fake` is the Official Account of this machine that
    the settings point to: the simulator shows what people see there.
    """
    bot = Bot(settings, clock=clock, guarded=guarded, duties=duties)
    await bot.knowledge.refresh()
    chats = [await _web_chat(bot, event) for event in bot.knowledge.events()]
    if settings.telegram_token:
        await bot.add_channel(await _telegram(bot))
    if settings.zalo_app_id:
        await _add_zalo(bot)
    return Served(bot, _site(bot, chats, fake) if Duty.WEB in duties else _operators_only(bot))


def _operators_only(bot: Bot) -> Starlette:
    return web.operators_only(
        readiness=lambda: _readiness(bot),
        instance=instance_of(bot.vault, bot.settings.database),
        measure=bot.measure,
        lifespan=_lifespan(bot),
    )


def _site(bot: Bot, chats: Sequence[WebChatChannel], fake: "FakeZalo | None") -> Starlette:
    settings = bot.settings
    return web.build(
        public_url=settings.base_url,
        routes=[route for channel in bot.channels for route in channel.routes()],
        chats=chats,
        media=MediaShelf(bot.store),
        event_of_card=lambda token: _event_of_card(bot, token),
        clip_of=lambda delivery_id, sha256: _clip_of(bot, delivery_id, sha256),
        readiness=lambda: _readiness(bot),
        speak=lambda language: _speak(bot, language),
        instance=instance_of(bot.vault, settings.database),
        measure=bot.measure,
        simulator=_simulator(bot, chats, fake) if settings.simulator and chats else None,
        lifespan=_lifespan(bot),
    )


def _lifespan(bot: Bot) -> Callable[[Starlette], object]:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await bot.open()
        try:
            yield
        finally:
            await bot.close()

    return lifespan


async def _web_chat(bot: Bot, event: Event) -> WebChatChannel:
    account = await bot.store.write(
        lambda work: work.accounts.ensure("webchat", event.slug, event_id=event.id)
    )
    channel = WebChatChannel(
        account.id,
        event.slug,
        store=bot.store,
        front=lambda: _front(bot, event.id),
        speak=lambda language: bot.texts.translator(language, event.zone),
        secure=is_https(bot.settings.base_url),
        rate=bot.settings.webchat_rate,
        paper_for=lambda sender, sha256: _paper(bot, account, sender, sha256),
    )
    await bot.add_channel(channel)
    bot.showing[account.id] = channel.ring
    return channel


async def _paper(bot: Bot, account: Account, sender: str, sha256: str) -> Paper | None:
    known = bot.knowledge.get(account.event_id)
    if known is None:
        return None
    who = known, account.id, sender, sha256
    found = await paper_for(bot.store, *who)
    return found or await copy_for(bot.store, bot.vault, bot.texts, *who)


def _front(bot: Bot, event_id: int) -> Front:
    known = bot.knowledge[event_id]
    hotline = known.library.event.hotline if known.library else ""
    telegram = next((one for one in bot.channels if isinstance(one, TelegramChannel)), None)
    username = telegram.username if telegram else ""
    zalo = next((one.name for one in bot.at_zalo if one.event_id in (None, event_id)), "")
    return Front(known.event.names, hotline, known.event.languages, username, zalo)


async def _telegram(bot: Bot) -> TelegramChannel:
    settings = bot.settings
    name = account_name(settings.telegram_token)
    account = await bot.store.write(lambda work: work.accounts.ensure("telegram", name))
    return TelegramChannel(
        account.id,
        settings.telegram_token,
        secret=webhook_secret(settings.telegram_token),
        api_url=settings.telegram_api_url,
        # Updates are fetched where they are turned; a process with other duties only sends.
        mode=settings.telegram_mode if Duty.WEB in bot.duties else "webhook",
        rate=settings.telegram_rate,
        media=MediaShelf(bot.store),
        clock=bot.clock,
    )


async def _add_zalo(bot: Bot) -> None:
    """Every Official Account that was connected."""
    accounts = await bot.store.read(lambda work: work.accounts.of_kind("zalo"))
    for account in accounts:
        channel = zalo.build(
            account,
            bot.settings,
            store=bot.store,
            vault=bot.vault,
            clock=bot.clock,
            speak=lambda language: _speak(bot, language),
            is_on=lambda: any(
                1 <= one.day_number(bot.clock.now()) <= one.days for one in bot.knowledge.events()
            ),
        )
        await bot.add_channel(channel)
    if bot.settings.zalo_api_url == Settings.model_fields["zalo_api_url"].default:
        bot.at_zalo = accounts


def _speak(bot: Bot, language: str) -> Translator:
    return bot.texts.translator(language, FALLBACK_ZONE)


async def _event_of_card(bot: Bot, token: str) -> str | None:
    card = await bot.store.read(lambda work: find_card(work, bot.vault, token))
    known = bot.knowledge.get(card.event_id) if card else None
    return known.event.slug if known else None


async def _clip_of(bot: Bot, delivery_id: int, sha256: str) -> web.Clip | None:
    """A clip that this delivery carried, while its bytes are there."""

    def look(work: Work) -> tuple[int | None, Delivery] | None:
        kind, _ = work.contents.shown(sha256) or ("", b"")
        found = work.deliveries.rendered([delivery_id]) if kind.startswith("audio/") else []
        return (work.deliveries.whose(delivery_id)[1], found[0]) if found else None

    event_id, sent = await bot.store.read(look) or (None, None)
    known = bot.knowledge.get(event_id)
    said = [one for one in sent.reply.media if one.sha256 == sha256] if sent else []
    if known is None or sent is None or not said:
        return None
    return web.Clip(known.event.slug, said[0].caption, sent.reply.language)


async def _readiness(bot: Bot) -> list[str]:
    problems = list(bot.problems())
    try:
        await bot.store.read(lambda work: work.events.all())
    except Exception as error:
        problems.append(f"the database does not answer: {type(error).__name__}")
    return problems


def _simulator(
    bot: Bot, chats: Sequence[WebChatChannel], fake: "FakeZalo | None"
) -> web.SimulatorParts:
    chat = chats[0]
    event = bot.knowledge.events()[0]

    async def be(event_id: int, code: str, account_id: int, sender: str) -> str | None:
        def tie(work: Work) -> str | None:
            if work.roster.by_code(event_id, code) is None:
                return None
            return become(work, event_id, code, account_id, sender).full_name

        return await bot.store.write(tie)

    async def people(query: str) -> list[web.SamplePerson]:
        records = await bot.store.read(lambda work: work.roster.all(event.id))
        return [
            web.SamplePerson(one.code, one.full_name, one.delegation)
            for one in _found(records, query)
        ]

    key = bot.settings.demo_key
    phone = _phone(bot, fake) if fake else None
    return web.SimulatorParts(chat, event.id, be, people, key=key, zalo=phone)


def _phone(bot: Bot, fake: "FakeZalo") -> web.ZaloParts:
    """Zalo on a delegate's phone. The fake posts its events to the address we listen at."""
    account = next(one for one in bot.channels if one.kind == "zalo").account_id
    fake.hooks.url = f"{bot.settings.local_url}/webhook/zalo/{account}"
    return web.ZaloParts(fake, account, bot.settled)


def _found(records: Sequence[Record], query: str) -> list[Record]:
    from bot.sample import PEOPLE  # development only: it brings the reader of workbooks along

    wanted = fold(query).split()
    if not wanted:
        return [record for record in records if record.code in PEOPLE]
    shown = (
        (record, fold(f"{record.code} {record.full_name} {record.delegation}"))
        for record in records
    )
    return [one for one, text in shown if all(word in text for word in wanted)][:SUGGESTIONS]


async def serve_forever(
    settings: Settings,
    on_ready: Callable[[str], None],
    duties: frozenset[Duty] = EVERYTHING,
    *,
    fake: "FakeZalo | None" = None,
) -> None:
    """Listen until a signal; then finish turns, send and settle what they owe, and leave.

    `fake` as in `assemble`. Raises ConfigError where another process has the database to itself, as
    one has on SQLite.
    """
    with _alone(settings, duties):
        await _serve(settings, on_ready, duties, fake)


@contextmanager
def _alone(settings: Settings, duties: frozenset[Duty]) -> Iterator[None]:
    """SQLite has room for one process that serves; on PostgreSQL they share by leases."""
    lock = owner_lock(database_url(settings.database), "serve")
    if lock is None:
        yield
        return
    if duties != EVERYTHING:
        raise ConfigError(
            "--only shares the work between processes, and on SQLite one process does all of it. "
            "Leave --only out, or set DONGHANH_DATABASE_URL to a PostgreSQL database."
        )
    try:
        if not lock.take():
            raise ConfigError(
                f"Another donghanh serves this database already: {settings.database}. "
                "On SQLite there can be one. Stop the other one first, or use PostgreSQL."
            )
        yield
    finally:
        lock.free()


async def _serve(
    settings: Settings,
    on_ready: Callable[[str], None],
    duties: frozenset[Duty],
    fake: "FakeZalo | None",
) -> None:
    as_json = settings.log_format == "json" or (
        settings.log_format == "auto" and not sys.stderr.isatty()
    )
    logs.set_up(json=as_json, level=settings.log_level)
    served = await assemble(settings, duties=duties, fake=fake)
    chats = [one for one in served.bot.channels if isinstance(one, WebChatChannel)]
    config = listening(served.app, settings)
    url = settings.base_url if Duty.WEB in duties else settings.local_url
    await _Server(config, chats, lambda: on_ready(url)).serve()


def listening(app: ASGIApp, settings: Settings) -> uvicorn.Config:
    """How we listen. Only a trusted proxy may say for whom it asks; anybody else is herself."""
    return uvicorn.Config(
        app,
        host=settings.http_host,
        port=settings.http_port,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=[one.strip() for one in settings.trusted_proxies.split(",")],
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=5,
    )


def _keep_what_was_loaded() -> None:
    """Code, texts and content stay: looking through all of it for garbage now and then would stop
    every turn for a tenth of a second, and turns make little that only a search finds."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)


class _Server(uvicorn.Server):
    """Says when it listens, which is after everything behind it is open.

    Open pages hold a stream each; they are let go first, or a stop would wait for them.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        chats: Sequence[WebChatChannel],
        on_ready: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._chats = chats
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            _keep_what_was_loaded()
            self._on_ready()

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        for chat in self._chats:
            chat.release()
        await super().shutdown(sockets)
