"""Prepares the sample congress: content, roster and dates that make today its second day."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot import library
from bot.app import vault_of
from bot.clock import Clock, SystemClock
from bot.config import Settings
from bot.content import media_bytes, read
from bot.errors import Refusal
from bot.i18n import Texts
from bot.media import sha256_of
from bot.paths import resource
from bot.roster import Source, apply, language_table, map_headers, names_of, parse_rows
from bot.roster import read as read_roster
from bot.router import Router
from bot.store import Store, Work, schema
from bot.values.event import Event
from bot.values.person import Record
from bot.zalo import Tokens
from bot.zalo_tokens import TokenKeeper
from handlers import ROUTES

if TYPE_CHECKING:
    from bot.zalo.fake import FakeZalo

SLUG = "sample"
# Three different delegates: an elder who likes to listen, a head of delegation, the other hotel.
PEOPLE = ("DB0001", "DB0002", "DB0900")


@dataclass(frozen=True, slots=True)
class Sample:
    """What was prepared: the event, which of its days is today, three people to be."""

    event: Event
    day: int
    people: tuple[Record, ...]


async def prepare(settings: Settings, clock: Clock | None = None) -> Sample:
    """Migrate, load content and roster when they are not there, move the dates to today.

    Refuses to touch a database that holds anybody's real event.
    """
    store = Store(settings.database, clock or SystemClock())
    try:
        await asyncio.to_thread(_migrate, settings, store)
        await _refuse_real_events(store)
        event = await _load_content(store)
        await _load_roster(store, settings, event)
        found = await store.read(
            lambda work: [work.roster.by_code(event.id, code) for code in PEOPLE]
        )
        people = tuple(record for record in found if record is not None)
        return Sample(event, event.day_number(store.clock.now()), people)
    finally:
        await store.close()


def _migrate(settings: Settings, store: Store) -> None:
    if store.embedded:
        Path(store.url.database or "").parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with schema.writing(store.url) as conn:
        schema.upgrade(conn)


async def _refuse_real_events(store: Store) -> None:
    events = await store.read(lambda work: work.events.all(open_only=False))
    real = [event.slug for event in events if event.slug != SLUG]
    if real:
        raise Refusal(
            f"This database holds real events ({', '.join(real)}); the demo keeps away from them. "
            "Set DONGHANH_DATA_DIR to another folder and start it again."
        )


async def _load_content(store: Store) -> Event:
    """The sample content in force; unless it goes on just now, today becomes its second day."""
    folder = resource("content") / SLUG
    wanted = await asyncio.to_thread(read, folder, steps=Router(ROUTES).tappable())
    pictures = await asyncio.to_thread(media_bytes, folder, wanted)

    def load(work: Work) -> Event:
        event = library.event_for(work, wanted, SLUG, make=True)
        goes_on = event.version_id is not None and 1 <= event.day_number(work.now) <= event.days
        today = work.now.astimezone(event.zone).date()
        first_day = event.first_day if goes_on else today - timedelta(days=1)
        done = library.put(
            work, event, wanted, pictures, author="demo", approver="demo", first_day=first_day
        )
        return done.event

    return await store.write(load)


async def _load_roster(store: Store, settings: Settings, event: Event) -> None:
    if await store.read(lambda work: work.roster.all(event.id)):
        return
    path = resource("content") / SLUG / "roster.xlsx"
    languages = Texts.load(resource("locales"), ["vi"]).languages
    sheet = await asyncio.to_thread(read_roster, path)
    names = language_table(names_of(languages, event.languages))
    parsed = parse_rows(sheet, map_headers(sheet), names)
    source = Source(path.name, sha256_of(path.read_bytes()), "demo")
    vault = vault_of(settings)
    await store.write(lambda work: apply(work, vault, event.id, parsed, source))


async def connect(settings: Settings, fake: "FakeZalo", clock: Clock | None = None) -> Settings:
    """Settings that point to the fake Official Account, once it is connected as a real one is.

    It forgets all when it stops, so whom it knew in an earlier run it is told of again.
    """
    from bot.zalo.fake import APP_ID, APP_SECRET, OA_ID, OA_SECRET

    told = {
        "zalo_app_id": APP_ID,
        "zalo_app_secret": APP_SECRET,
        "zalo_oa_secret_key": OA_SECRET,
        "zalo_api_url": fake.url,
        "zalo_oauth_url": fake.url,
        "zalo_business_url": fake.url,
    }
    store = Store(settings.database, clock or SystemClock())
    try:
        account_id, known = await store.write(lambda work: _account(work, OA_ID))
        until = int(store.clock.now().timestamp() + fake.tokens.life)
        keeper = TokenKeeper(store, vault_of(settings), account_id, _nobody_buys)
        await keeper.keep(Tokens(*fake.pair(), until))
    finally:
        await store.close()
    for sender, heard in known.items():
        fake.acts.meet(sender, follows=True, last_interaction=heard)
    return settings.model_copy(update=told)


def _account(work: Work, name: str) -> tuple[int, dict[str, float]]:
    """The account, and when each of those it knows was last heard."""
    account_id = work.accounts.ensure("zalo", name).id
    work.letters.forget_uploads(account_id)
    places = [place for event in work.events.all() for place in work.windows.of_event(event.id)]
    hers = (one for one in places if one.account_id == account_id and one.heard_at is not None)
    return account_id, {one.sender: one.heard_at.timestamp() for one in hers if one.heard_at}


async def _nobody_buys(_refresh: str) -> Tokens:
    raise AssertionError("tokens are only kept here")
