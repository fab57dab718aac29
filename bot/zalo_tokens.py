"""Keeps the tokens of a Zalo account: one process at a time buys the next pair, and nobody uses a
token before the pair it belongs to is safe.

A lease is taken and committed; Zalo is called, with no transaction open; the pair is stored; only
then is it used. Killed anywhere, the worst is a refresh token that was spent and whose answer
nobody has: then a person must consent again, is told so, and sending waits.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from bot.errors import DongHanhError
from bot.store import Store, Work
from bot.store.zalo_tokens import Kept
from bot.vault import Vault
from bot.zalo import (
    Tokens,
    ZaloConsentException,
    ZaloException,
    ZaloNoTokensException,
    ZaloNotSentException,
    ZaloOAuthException,
    oa,
    row_of,
)
from bot.zalo.codes import Action

# Longer than one exchange may take, so that a lease that ran out has no call under way.
LEASE = timedelta(seconds=90)
# Bought this long before the old one ends; looked at every half hour.
AHEAD = timedelta(hours=3)
# Zalo refuses a token that was bought a moment ago: buying another would not help.
CALM = timedelta(seconds=60)
LOOK_SECONDS = 0.25
NO_TOKENS = "no tokens: run `donghanh zalo connect`"

log = structlog.get_logger()

# Spends a refresh token; bot.zalo's exceptions say how it failed.
Spend = Callable[[str], Awaitable[Tokens]]
# Told once, when an account needs consent again: its id and Zalo's reason, in the transaction that
# marks it, so that neither is ever without the other.
Tell = Callable[[Work, int, str], None]
Pause = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Leased:
    """The right to spend a refresh token."""

    epoch: int
    refresh: str
    lease: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How an account's tokens are, for the doctor and for whoever sends."""

    expires_at: datetime
    stored_at: datetime
    consent_needed_at: datetime | None
    reason: str


def _nobody(_work: Work, _account_id: int, _reason: str) -> None:
    pass


class TokenKeeper:
    """A `token_source` for the clients of one account, in as many processes as there are."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        account_id: int,
        spend: Spend,
        *,
        tell: Tell = _nobody,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._store = store
        self._vault = vault
        self._account_id = account_id
        self._spend = spend
        self._tell = tell
        self._pause = pause
        self._buying: asyncio.Task[Tokens | None] | None = None

    async def __call__(self, failed: str) -> tuple[str, str, int]:
        """The pair in force, bought now when `failed` is still the one that lies there.

        Raises ZaloConsentException when only a person can help, and whatever kept the call from
        being made. The refresh token stays here: who sends has no use for it.
        """
        while True:
            step = await self._store.write(lambda work: self._look(work, failed))
            match step:
                case Tokens():
                    return step.access_token, "", step.expire_at
                case Leased():
                    bought = await self._bought(step)
                    if bought is not None:
                        return bought.access_token, "", bought.expire_at
                case None:  # another buys it just now
                    await self._pause(LOOK_SECONDS)

    async def ahead(self) -> bool:
        """For a chore: buys the next pair when this one ends soon. True when it did."""
        kept = await self._store.read(lambda work: work.zalo_tokens.get(self._account_id))
        if kept is None or kept.consent_needed_at is not None:
            return False
        if kept.expires_at - self._store.clock.now() > AHEAD:
            return False
        await self(self._vault.open(kept.access))
        return True

    async def standing(self) -> Standing | None:
        """How the tokens are; None before the first consent."""
        kept = await self._store.read(lambda work: work.zalo_tokens.get(self._account_id))
        if kept is None:
            return None
        return Standing(kept.expires_at, kept.stored_at, kept.consent_needed_at, kept.reason)

    async def access(self) -> str:
        """The access token that lies there, good or not: for looking, which must buy nothing."""
        kept = await self._store.read(lambda work: work.zalo_tokens.get(self._account_id))
        return self._vault.open(kept.access) if kept else ""

    async def keep(self, tokens: Tokens) -> None:
        """A pair from a person's hand."""
        sealed = self._sealed(tokens)
        await self._store.write(lambda work: work.zalo_tokens.put(self._account_id, *sealed))

    async def close(self) -> None:
        """What is being bought is stored first."""
        if self._buying is not None:
            await asyncio.gather(self._buying, return_exceptions=True)

    def _look(self, work: Work, failed: str) -> Tokens | Leased | None:
        kept = work.zalo_tokens.get(self._account_id)
        if kept is None or kept.consent_needed_at is not None:
            raise ZaloConsentException(None, kept.reason if kept else NO_TOKENS)
        access = self._vault.open(kept.access)
        if access and access != failed and kept.expires_at > work.now:
            return Tokens(access, "", int(kept.expires_at.timestamp()))
        if kept.refreshed_at is not None and work.now - kept.refreshed_at < CALM:
            raise ZaloNotSentException(None, "a fresh token is not taken yet")
        return self._lease(work, kept)

    def _lease(self, work: Work, kept: Kept) -> Leased | None:
        lease = secrets.token_hex(8)
        until = work.now + LEASE
        if not work.zalo_tokens.lease(self._account_id, kept.epoch, lease, until):
            return None
        return Leased(kept.epoch, self._vault.open(kept.refresh), lease)

    async def _bought(self, leased: Leased) -> Tokens | None:
        """A sender that is stopped meanwhile must not take the spent token's successor with it."""
        self._buying = asyncio.create_task(self._buy(leased), name="zalo-refresh")
        return await asyncio.shield(self._buying)

    async def _buy(self, leased: Leased) -> Tokens | None:
        """The new pair, stored; None when another one is in force by now."""
        try:
            tokens = await self._spend(leased.refresh)
        except ZaloException as error:
            # The network, a page instead of an answer, too many calls: try again later.
            if not _is_refusal(error):
                what = type(error).__name__
                log.warning("zalo tokens not renewed yet", account=self._account_id, what=what)
                await self._release(leased)
                raise
            refusal = error
        else:
            return tokens if await self._stored(leased, tokens) else None
        await self._refused(leased, refusal)
        return None

    async def _stored(self, leased: Leased, tokens: Tokens) -> bool:
        """Until it is: these two words are all that is left of the grant."""
        sealed = self._sealed(tokens)
        wait = LOOK_SECONDS
        while True:
            try:
                return await self._store.write(
                    lambda work: work.zalo_tokens.store(self._account_id, leased.epoch, *sealed)
                )
            except DongHanhError as error:
                log.error("fresh zalo tokens not stored yet", what=type(error).__name__)
            await self._pause(wait)
            wait = min(wait * 2, 5.0)

    async def _refused(self, leased: Leased, refusal: ZaloException) -> None:
        """Raises ZaloConsentException, unless another pair or another owner came between."""
        reason = _reason(refusal)
        if await self._store.write(lambda work: self._mark(work, leased, reason)):
            log.error("zalo account needs consent again", account=self._account_id, reason=reason)
            raise ZaloConsentException(None, reason)

    def _mark(self, work: Work, leased: Leased, reason: str) -> bool:
        account = self._account_id
        marked = work.zalo_tokens.refuse(account, leased.epoch, leased.lease, reason)
        if marked:
            self._tell(work, account, reason)
        return marked

    async def _release(self, leased: Leased) -> None:
        await self._store.write(
            lambda work: work.zalo_tokens.release(self._account_id, leased.lease)
        )

    def _sealed(self, tokens: Tokens) -> tuple[str, str, datetime]:
        seal = self._vault.seal
        ends = datetime.fromtimestamp(tokens.expire_at, UTC)
        return seal(tokens.access_token), seal(tokens.refresh_token), ends


def spender(app_id: str, secret: str, oauth_url: str) -> Spend:
    """Spends a refresh token at the token endpoint."""

    async def spend(refresh: str) -> Tokens:
        asking = oa.Client(app_id, secret, "", refresh, oauth_prefix=oauth_url)
        async with asking:
            return await asking.refresh_access_token()

    return spend


def _is_refusal(error: ZaloException) -> bool:
    """Every no of the token endpoint, but for too many calls, which spend nothing."""
    busy = row_of(error.code).action is Action.BACKOFF
    return isinstance(error, ZaloOAuthException | ZaloNoTokensException) and not busy


def _reason(refusal: ZaloException) -> str:
    """Its number and names; words of an answer that hold a secret were blotted already."""
    parts = (getattr(refusal, name, "") for name in ("code", "error_name", "error_reason"))
    return " ".join(str(part) for part in parts if part) or "refused"
