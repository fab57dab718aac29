"""Puts the channel of one connected Official Account together, as the settings say."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from bot import privacy
from bot.channels.base import Chore
from bot.channels.zalo.alarms import of_consent
from bot.channels.zalo.channel import Manners, ZaloChannel
from bot.channels.zalo.templates import TemplateLane, left_of, spent_until
from bot.channels.zalo.writing import Speak
from bot.clock import Clock
from bot.config import Settings
from bot.i18n import Texts
from bot.paths import resource
from bot.store import Store, Work
from bot.store.accounts import Account
from bot.turn import FALLBACK_ZONE
from bot.vault import Vault
from bot.zalo import ZaloException, oa, zns
from bot.zalo_tokens import Tell, TokenKeeper, spender

TOKEN_SECONDS = 1800.0


def build(
    account: Account,
    settings: Settings,
    *,
    store: Store,
    vault: Vault,
    clock: Clock,
    speak: Speak,
    is_on: Callable[[], bool],
) -> ZaloChannel:
    """The channel, with a client whose tokens every process of this installation shares."""
    client, keeper = client_of(
        account.id, settings, store=store, vault=vault, clock=clock, tell=of_consent(speak)
    )

    async def buy_ahead() -> None:
        await keeper.ahead()

    phones = business_of(settings, keeper, clock)
    lane = TemplateLane(account.id, client, phones, vault.open, speak, store=store, clock=clock)

    async def withdraw(account_id: int, sender: str) -> None:
        await store.write(lambda work: forget_sender(work, vault, account_id, sender))

    return ZaloChannel(
        account.id,
        client,
        store=store,
        clock=clock,
        speak=speak,
        secrets=settings.zalo_signing_keys,
        base_url=settings.base_url,
        manners=manners_of(settings, account),
        rate=settings.zalo_rate,
        buttons=settings.zalo_buttons,
        withdraw=withdraw,
        is_on=is_on,
        chores=(Chore("zalo tokens", TOKEN_SECONDS, buy_ahead),),
        closing=keeper.close,
        templates=lane,
    )


def _tell_from_a_command(work: Work, account_id: int, reason: str) -> None:
    """A refusal is rare: only then its texts are loaded."""
    texts = Texts.load(resource("locales"))
    speak = partial(texts.translator, zone=FALLBACK_ZONE)
    of_consent(speak)(work, account_id, reason)


def business_of(settings: Settings, keeper: TokenKeeper, clock: Clock) -> zns.Client:
    """A client of the host that sends templates to numbers; the tokens are the same."""
    return zns.Client(
        settings.zalo_app_id,
        settings.zalo_app_secret,
        endpoint_prefix=settings.zalo_business_url,
        oauth_prefix=settings.zalo_oauth_url,
        token_source=keeper,
        appsecret_proof=settings.zalo_send_proof,
        clock=lambda: clock.now().timestamp(),
    )


def client_of(
    account_id: int,
    settings: Settings,
    *,
    store: Store,
    vault: Vault,
    clock: Clock,
    tell: Tell | None = None,
) -> tuple[oa.Client, TokenKeeper]:
    """A client of one account, and what keeps its tokens. `tell`: what a refused
    consent means; None: organisers are told, by whoever has no texts in hand yet."""
    spend = spender(settings.zalo_app_id, settings.zalo_app_secret, settings.zalo_oauth_url)
    keeper = TokenKeeper(store, vault, account_id, spend, tell=tell or _tell_from_a_command)
    client = oa.Client(
        settings.zalo_app_id,
        settings.zalo_app_secret,
        endpoint_prefix=settings.zalo_api_url,
        oauth_prefix=settings.zalo_oauth_url,
        token_source=keeper,
        appsecret_proof=settings.zalo_send_proof,
        clock=lambda: clock.now().timestamp(),
    )
    return client, keeper


@asynccontextmanager
async def asking(
    account_id: int, settings: Settings, *, store: Store, vault: Vault, clock: Clock
) -> AsyncIterator[tuple[oa.Client, TokenKeeper]]:
    """A client of one account for a command's questions; organisers hear of a refused consent."""
    client, keeper = client_of(account_id, settings, store=store, vault=vault, clock=clock)
    try:
        async with client:
            yield client, keeper
    finally:
        await keeper.close()


@asynccontextmanager
async def _business(
    account_id: int, settings: Settings, store: Store, vault: Vault, clock: Clock
) -> AsyncIterator[zns.Client]:
    """The same at the host of templates."""
    here = asking(account_id, settings, store=store, vault=vault, clock=clock)
    async with here as (_, keeper), business_of(settings, keeper, clock) as phones:
        yield phones


async def templates_left(
    account_id: int, settings: Settings, *, store: Store, vault: Vault, clock: Clock
) -> int | None:
    """How many templates Zalo still takes today; 0 where they are known to be used, None where it
    does not say."""
    until = await store.read(lambda work: spent_until(work, account_id))
    if until is not None and until > clock.now():
        return 0
    try:
        async with _business(account_id, settings, store, vault, clock) as phones:
            return left_of((await phones.get_quota()).get("data"))
    except ZaloException:
        return None


async def can_be_billed(
    account_id: int, settings: Settings, *, store: Store, vault: Vault, clock: Clock
) -> bool | None:
    """Whether a Zalo Cloud Account pays for what costs something; None: Zalo does not say."""
    here = asking(account_id, settings, store=store, vault=vault, clock=clock)
    try:
        async with here as (client, _):
            data = (await client.get_oa()).get("data")
    except ZaloException:
        return None
    return bool(data.get("linked_ZCA")) if isinstance(data, dict) else None


async def template_info(
    account_id: int,
    template_id: str,
    settings: Settings,
    *,
    store: Store,
    vault: Vault,
    clock: Clock,
) -> dict[str, Any]:
    """What Zalo tells of one template. Raises its exceptions."""
    async with _business(account_id, settings, store, vault, clock) as phones:
        data = (await phones.get_template_info(template_id)).get("data")
    return data if isinstance(data, dict) else {}


def manners_of(settings: Settings, account: Account) -> Manners:
    """What an operator chose."""
    codes = (one.strip() for one in settings.zalo_verifiers.split(","))
    return Manners(
        welcomes_strangers=settings.zalo_strangers == "welcome",
        staff_minutes=settings.zalo_staff_minutes,
        number_card=settings.zalo_number_card,
        silent_hours=settings.zalo_silent_hours,
        verifiers=tuple(code for code in codes if code.isalnum()),
        signed_first=account.name if settings.zalo_signed_first == "account" else "",
    )


def forget_sender(work: Work, vault: Vault, account_id: int, sender: str) -> None:
    """She used her right in Zalo: what the assistant kept of whomever this address spoke for goes,
    and so does her Zalo id. Lines of the organisers' list stay, as after "delete my data"."""
    address = work.accounts.address(account_id, sender)
    if address is None:
        return
    actor = f"address:{address.id}"
    session = work.sessions.get(address.id)
    people = work.accounts.people_at(address.id)
    for person_id, event_id in people:
        privacy.forget(work, vault, person_id, event_id, actor=actor)
    if session is not None and session.person_id not in [one for one, _ in people]:
        work.privacy.forget_talk(session.person_id)
    work.privacy.forget_address(address.id)
