"""What the doctor looks at of Zalo. Looking buys no tokens and changes nothing."""

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.cli.finding import Finding, State
from bot.config import Settings
from bot.errors import ConfigError
from bot.office import organisers_of
from bot.store import Store
from bot.store.accounts import Account
from bot.store.platform_events import Counted
from bot.vault import Vault
from bot.zalo import ZaloException, oa
from bot.zalo_tokens import Standing, TokenKeeper, spender

_CONNECT = "Run: donghanh zalo connect"
_SILENT_HOURS = 6  # where an operator wants not to be told


def client(settings: Settings, access: str) -> oa.Client:
    """A client as the settings say; it cannot renew anything."""
    return oa.Client(
        settings.zalo_app_id,
        settings.zalo_app_secret,
        access,
        endpoint_prefix=settings.zalo_api_url,
        oauth_prefix=settings.zalo_oauth_url,
        appsecret_proof=settings.zalo_send_proof,
    )


async def findings(settings: Settings, store: Store) -> AsyncIterator[Finding]:
    """Everything there is to say, the settings first."""
    if not settings.zalo_app_id:
        yield Finding("Zalo", "ok", "No app is set; nothing is sent to Zalo.")
        return
    if not settings.zalo_app_secret:
        yield Finding(
            "Zalo", "wrong", "The app's secret is missing.", "Set DONGHANH_ZALO_APP_SECRET"
        )
        return
    if not settings.zalo_oa_secret_key:
        what = "No OA Secret Key is set: events must be signed with the app's secret."
        yield Finding("Zalo: webhook key", "warning", what, "Set DONGHANH_ZALO_OA_SECRET_KEY")
    accounts = await store.read(lambda work: work.accounts.of_kind("zalo"))
    if not accounts:
        yield Finding("Zalo", "warning", "No Official Account is connected.", _CONNECT)
    for account in accounts:
        async for found in _account(settings, store, account):
            yield found


async def _account(settings: Settings, store: Store, account: Account) -> AsyncIterator[Finding]:
    name = f"Zalo {account.name}"
    try:
        keeper = _keeper(settings, store, account)
        standing, access = await keeper.standing(), await keeper.access()
    except (ConfigError, OSError) as error:
        yield Finding(name, "wrong", str(error), "Set DONGHANH_SECRET_KEY to the key that fits.")
        return
    now = store.clock.now()
    yield _tokens(f"{name}: tokens", standing, now)
    heard = await store.read(lambda work: work.windows.heard_at(account.id))
    yield _heard(f"{name}: webhook", settings, account, heard, now)
    strange = await store.read(lambda work: work.platform_events.counted(account.id))
    for found in _strange(f"{name}: events", strange):
        yield found
    desks = await store.read(lambda work: organisers_of(work, account))
    yield _office(f"{name}: organisers", len(desks))
    if standing is None or standing.consent_needed_at is not None or standing.expires_at <= now:
        return
    async with client(settings, access) as asking:
        try:
            told = await asking.get_oa()
        except ZaloException as error:
            cure = "Look up the number in docs/zalo.md."
            yield Finding(name, "wrong", f"Zalo refuses: {error}.", cure)
            return
    data = told.get("data")
    for found in _profile(name, data if isinstance(data, dict) else {}):
        yield found


def _keeper(settings: Settings, store: Store, account: Account) -> TokenKeeper:
    """With the key that is there; the doctor makes none."""
    keys = [key.strip() for key in settings.secret_key.split(",") if key.strip()]
    vault = Vault(keys or [(settings.data_dir / "secret.key").read_text().strip()])
    spend = spender(settings.zalo_app_id, settings.zalo_app_secret, settings.zalo_oauth_url)
    return TokenKeeper(store, vault, account.id, spend)


def _tokens(name: str, standing: Standing | None, now: datetime) -> Finding:
    if standing is None:
        return Finding(name, "wrong", "There are none.", _CONNECT)
    if standing.consent_needed_at is not None:
        since = f"{standing.consent_needed_at:%Y-%m-%d %H:%M} UTC"
        what = f"Refused since {since} ({standing.reason}); nothing can be sent."
        return Finding(name, "wrong", what, f"{_CONNECT}, or: donghanh zalo tokens set")
    left = standing.expires_at - now
    if left <= timedelta(0):
        what = "The access token has ended; the running bot renews it before the next message."
        return Finding(name, "warning", what, "Look whether donghanh serve runs.")
    return Finding(name, "ok", f"Good for {left.total_seconds() / 3600:.0f} hours more.")


def _heard(
    name: str, settings: Settings, account: Account, heard: datetime | None, now: datetime
) -> Finding:
    address = f"{settings.base_url}/webhook/zalo/{account.id}"
    if heard is None:
        what, cure = "Nothing was ever heard.", f"Set the Webhook URL in the console: {address}"
        return Finding(name, "warning", what, cure)
    hours = (now - heard).total_seconds() / 3600
    longest = timedelta(hours=settings.zalo_silent_hours or _SILENT_HOURS)
    state: State = "ok" if now - heard < longest else "warning"
    # Zalo takes the address away without a word when it was not answered for an hour.
    cure = "" if state == "ok" else f"During an event, look whether the console still has {address}"
    return Finding(name, state, f"Last heard {hours:.1f} hours ago.", cure)


def _strange(name: str, posted: Sequence[Counted]) -> Iterator[Finding]:
    """Zalo adds events without a word; one may be worth an answer."""
    unknown = [one.name for one in posted if one.kind == "unknown"]
    if unknown:
        what = f"Zalo posts what this program does not know: {', '.join(unknown[:5])}."
        yield Finding(name, "warning", what, "Look: donghanh zalo events")


def _office(name: str, count: int) -> Finding:
    """Whom a fault would be told to: not through the account that has it."""
    if count:
        return Finding(name, "ok", f"{count} would be told in chat when something is wrong.")
    what = "When something is wrong here, nobody can be told in chat: only the log has it."
    cure = "donghanh role grant CODE organiser, and let her link Telegram or the web chat."
    return Finding(name, "warning", what, cure)


def _profile(name: str, data: dict[str, Any]) -> Iterator[Finding]:
    title = data.get("name") or "no name"
    if data.get("is_verified"):
        yield Finding(name, "ok", f"It answers as “{title}”, verified.")
    else:
        what = f"It answers as “{title}”, but it is not verified: most calls are refused (-221)."
        yield Finding(name, "wrong", what, "Have the account verified by Zalo.")
    package = data.get("package_name")
    until = data.get("package_valid_through_date") or "no end told"
    if package:
        yield Finding(f"{name}: package", "ok", f"{package}, until {until}.")
    else:
        what = "Zalo tells of no package: the API may be refused (-224)."
        yield Finding(f"{name}: package", "warning", what, "Buy one in the account's console.")
    if data.get("linked_ZCA"):
        yield Finding(f"{name}: money", "ok", "A Zalo Cloud Account is linked.")
    else:
        what = "No Zalo Cloud Account: only who wrote within 48 hours can be answered."
        yield Finding(f"{name}: money", "warning", what, "Link one at account.zalo.cloud.")
