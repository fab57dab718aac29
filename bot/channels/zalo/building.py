"""Puts the channel of one connected Official Account together, as the settings say."""

from collections.abc import Callable

from bot import privacy
from bot.channels.base import Chore
from bot.channels.zalo.channel import Manners, ZaloChannel
from bot.channels.zalo.writing import Speak
from bot.clock import Clock
from bot.config import Settings
from bot.store import Store, Work
from bot.store.accounts import Account
from bot.vault import Vault
from bot.zalo import oa
from bot.zalo_tokens import TokenKeeper, spender

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
    client, keeper = client_of(account.id, settings, store=store, vault=vault, clock=clock)

    async def buy_ahead() -> None:
        await keeper.ahead()

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
        manners=manners_of(settings),
        rate=settings.zalo_rate,
        buttons=settings.zalo_buttons,
        withdraw=withdraw,
        is_on=is_on,
        chores=(Chore("zalo tokens", TOKEN_SECONDS, buy_ahead),),
        closing=keeper.close,
    )


def client_of(
    account_id: int, settings: Settings, *, store: Store, vault: Vault, clock: Clock
) -> tuple[oa.Client, TokenKeeper]:
    """A client of one account, and what keeps its tokens."""
    spend = spender(settings.zalo_app_id, settings.zalo_app_secret, settings.zalo_oauth_url)
    keeper = TokenKeeper(store, vault, account_id, spend)
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


def manners_of(settings: Settings) -> Manners:
    """What an operator chose."""
    codes = (one.strip() for one in settings.zalo_verifiers.split(","))
    return Manners(
        welcomes_strangers=settings.zalo_strangers == "welcome",
        staff_minutes=settings.zalo_staff_minutes,
        number_card=settings.zalo_number_card,
        silent_hours=settings.zalo_silent_hours,
        verifiers=tuple(code for code in codes if code.isalnum()),
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
