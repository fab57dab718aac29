"""One owner buys the next pair; it is stored before it is used; a refusal stops and is told."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.clock import SetClock
from bot.errors import Deadlock
from bot.store import Store, Work
from bot.store.zalo_tokens import Kept
from bot.vault import Vault
from bot.zalo import (
    Tokens,
    ZaloConsentException,
    ZaloException,
    ZaloHTTPException,
    ZaloNoAnswerException,
    ZaloNoTokensException,
    ZaloNotSentException,
    ZaloOAuthException,
)
from bot.zalo.fake import APP_ID, APP_SECRET, FakeZalo
from bot.zalo_tokens import AHEAD, LEASE, Spend, TokenKeeper, spender
from tests.conftest import MORNING


class Bank:
    """The token endpoint: each refresh token buys one pair."""

    def __init__(self, clock: SetClock) -> None:
        self.clock = clock
        self.spent: list[str] = []
        self.before: Callable[[], Awaitable[None]] | None = None
        self.fails: ZaloException | None = None

    async def __call__(self, refresh: str) -> Tokens:
        self.spent.append(refresh)
        if self.before is not None:
            await self.before()
        if self.fails is not None:
            raise self.fails
        number = len(self.spent) + 1
        ends = self.clock.now() + timedelta(hours=25)
        return Tokens(f"at-{number}", f"rt-{number}", int(ends.timestamp()))


@pytest.fixture
def bank(clock: SetClock) -> Bank:
    return Bank(clock)


@pytest.fixture
async def account(store: Store) -> int:
    return (await store.write(lambda work: work.accounts.ensure("zalo", "298"))).id


async def no_pause(_seconds: float) -> None:
    await asyncio.sleep(0)


def keeper_of(store: Store, vault: Vault, account: int, spend: Spend) -> TokenKeeper:
    return TokenKeeper(store, vault, account, spend, pause=no_pause)


@pytest.fixture
async def keeper(store: Store, vault: Vault, account: int, bank: Bank) -> TokenKeeper:
    """An account whose pair at-1, rt-1 was given by a person this morning."""
    made = keeper_of(store, vault, account, bank)
    ends = int((MORNING + timedelta(hours=25)).timestamp())
    await made.keep(Tokens("at-1", "rt-1", ends))
    return made


async def kept(store: Store, account: int) -> Kept:
    found = await store.read(lambda work: work.zalo_tokens.get(account))
    assert found is not None
    return found


async def opened(store: Store, vault: Vault, account: int) -> tuple[str, str]:
    found = await kept(store, account)
    return vault.open(found.access), vault.open(found.refresh)


async def test_before_the_first_consent(
    store: Store, vault: Vault, account: int, bank: Bank
) -> None:
    keeper = keeper_of(store, vault, account, bank)
    with pytest.raises(ZaloConsentException):
        await keeper("")
    assert await keeper.standing() is None


async def test_a_good_token_costs_nothing(keeper: TokenKeeper, bank: Bank) -> None:
    assert (await keeper(""))[:2] == ("at-1", "")
    assert bank.spent == []


async def test_the_token_that_failed_is_replaced_and_the_old_pair_is_kept(
    store: Store, vault: Vault, account: int, keeper: TokenKeeper, bank: Bank
) -> None:
    assert (await keeper("at-1"))[0] == "at-2"
    assert await opened(store, vault, account) == ("at-2", "rt-2")
    assert bank.spent == ["rt-1"]
    assert (await keeper("at-1"))[0] == "at-2"
    assert bank.spent == ["rt-1"]

    def last(work: Work) -> tuple[str, str]:
        row = work.conn.exec_driver_sql("SELECT last_access, last_refresh FROM zalo_token").one()
        return vault.open(row[0]), vault.open(row[1])

    assert await store.read(last) == ("at-1", "rt-1")


async def test_no_token_lies_open(store: Store, keeper: TokenKeeper) -> None:
    def everything(work: Work) -> str:
        return str(work.conn.exec_driver_sql("SELECT * FROM zalo_token").all())

    told = await store.read(everything)
    assert [one for one in ("at-1", "rt-1") if one in told] == []


async def test_two_at_once_spend_it_once(
    store: Store, vault: Vault, account: int, keeper: TokenKeeper, bank: Bank
) -> None:
    other = keeper_of(store, vault, account, bank)
    both = await asyncio.gather(*(one("at-1") for one in (keeper, other, keeper, other)))
    assert {pair[0] for pair in both} == {"at-2"}
    assert bank.spent == ["rt-1"]


async def test_no_lock_is_held_while_zalo_is_asked(
    store: Store, account: int, keeper: TokenKeeper, bank: Bank
) -> None:
    async def meanwhile() -> None:
        await store.write(lambda work: work.accounts.add_address(account, "x"))

    bank.before = meanwhile
    async with asyncio.timeout(5):
        await keeper("at-1")


async def test_a_refusal_marks_tells_keeps_and_stops(
    store: Store, vault: Vault, account: int, keeper: TokenKeeper, bank: Bank
) -> None:
    told: list[tuple[int, str]] = []

    def tell(_work: Work, account_id: int, reason: str) -> None:
        told.append((account_id, reason))

    telling = TokenKeeper(store, vault, account, bank, tell=tell, pause=no_pause)
    bank.fails = ZaloOAuthException(-14020, error_name="Invalid refresh token")
    for _ in range(3):
        with pytest.raises(ZaloConsentException):
            await telling("at-1")
    assert told == [(account, "-14020 Invalid refresh token")]
    assert bank.spent == ["rt-1"]
    assert await opened(store, vault, account) == ("at-1", "rt-1")
    standing = await telling.standing()
    assert standing is not None
    assert (standing.consent_needed_at, standing.reason) == (
        MORNING,
        "-14020 Invalid refresh token",
    )
    assert await telling.ahead() is False
    await telling.keep(Tokens("at-9", "rt-9", int((MORNING + timedelta(hours=25)).timestamp())))
    assert (await telling(""))[0] == "at-9"


async def test_an_answer_without_a_pair_is_a_refusal(keeper: TokenKeeper, bank: Bank) -> None:
    bank.fails = ZaloNoTokensException(-1, "'access_token' not found in the response")
    with pytest.raises(ZaloConsentException, match="consent again"):
        await keeper("at-1")


@pytest.mark.parametrize(
    "failure",
    [
        ZaloNotSentException(None),
        ZaloNoAnswerException(None),
        ZaloHTTPException(502),
        ZaloOAuthException(-32),
    ],
)
async def test_the_network_is_no_refusal(
    store: Store, account: int, keeper: TokenKeeper, bank: Bank, failure: ZaloException
) -> None:
    bank.fails = failure
    with pytest.raises(type(failure)):
        await keeper("at-1")
    bank.fails = None
    found = await kept(store, account)
    assert (found.lease, found.consent_needed_at) == ("", None)
    await keeper("at-1")
    assert bank.spent == ["rt-1", "rt-1"]


async def test_a_lease_of_the_dead_runs_out(
    store: Store, account: int, keeper: TokenKeeper, clock: SetClock, bank: Bank
) -> None:
    await store.write(lambda work: work.zalo_tokens.lease(account, 0, "dead", work.now + LEASE))
    waiting = asyncio.create_task(keeper("at-1"))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not waiting.done()
    clock.forward(LEASE)
    assert (await waiting)[0] == "at-2"
    assert bank.spent == ["rt-1"]


async def test_a_slow_owner_stores_what_it_bought_after_its_lease_was_taken(
    store: Store, vault: Vault, account: int, keeper: TokenKeeper, clock: SetClock, bank: Bank
) -> None:
    """Whoever took the lease was refused, for the token was spent: the slow pair alone works."""
    late = Bank(clock)
    late.fails = ZaloOAuthException(-14020)
    thief = keeper_of(store, vault, account, late)

    async def lose_the_lease() -> None:
        clock.forward(LEASE)
        with pytest.raises(ZaloConsentException):
            await thief("at-1")

    bank.before = lose_the_lease
    assert (await keeper("at-1"))[0] == "at-2"
    assert (await thief(""))[0] == "at-2"
    assert (await kept(store, account)).consent_needed_at is None


async def test_a_pair_given_by_hand_meanwhile_wins(
    store: Store, vault: Vault, account: int, keeper: TokenKeeper, bank: Bank
) -> None:
    ends = int((MORNING + timedelta(hours=25)).timestamp())

    async def given() -> None:
        await keeper.keep(Tokens("at-hand", "rt-hand", ends))

    bank.before = given
    assert (await keeper("at-1"))[0] == "at-hand"
    assert await opened(store, vault, account) == ("at-hand", "rt-hand")


async def test_a_sender_that_is_stopped_leaves_the_new_pair_behind(
    store: Store, vault: Vault, account: int, keeper: TokenKeeper, bank: Bank
) -> None:
    asked, go = asyncio.Event(), asyncio.Event()

    async def slowly() -> None:
        asked.set()
        await go.wait()

    bank.before = slowly
    sender = asyncio.create_task(keeper("at-1"))
    await asked.wait()
    sender.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sender
    go.set()
    await keeper.close()
    assert await opened(store, vault, account) == ("at-2", "rt-2")


async def test_a_pair_that_could_not_be_stored_is_stored_as_soon_as_it_can(
    store: Store, vault: Vault, account: int, keeper: TokenKeeper, bank: Bank
) -> None:
    failures = [3]
    write = store.write

    async def moody(do: Callable[[Work], object]) -> object:
        if bank.spent and failures[0]:
            failures[0] -= 1
            raise Deadlock(Deadlock.__doc__)
        return await write(do)

    store.write = moody  # type: ignore[method-assign, assignment]
    assert (await keeper("at-1"))[0] == "at-2"
    assert failures == [0]
    assert await opened(store, vault, account) == ("at-2", "rt-2")


async def test_the_next_pair_is_bought_before_the_old_one_ends(
    keeper: TokenKeeper, clock: SetClock, bank: Bank
) -> None:
    assert await keeper.ahead() is False
    clock.forward(timedelta(hours=25) - AHEAD)
    assert await keeper.ahead() is True
    assert bank.spent == ["rt-1"]
    assert await keeper.ahead() is False


async def test_a_token_that_ended_is_not_given_out(
    keeper: TokenKeeper, clock: SetClock, bank: Bank
) -> None:
    clock.forward(timedelta(hours=25))
    assert (await keeper(""))[0] == "at-2"
    assert bank.spent == ["rt-1"]


async def test_a_fresh_token_that_is_refused_buys_no_other(keeper: TokenKeeper, bank: Bank) -> None:
    access = (await keeper("at-1"))[0]
    with pytest.raises(ZaloNotSentException):
        await keeper(access)
    assert bank.spent == ["rt-1"]


async def test_at_the_fake(store: Store, vault: Vault, account: int) -> None:
    async with FakeZalo() as zalo:
        keeper = keeper_of(store, vault, account, spender(APP_ID, APP_SECRET, zalo.url))
        access, refresh = zalo.pair()
        await keeper.keep(Tokens(access, refresh, int(MORNING.timestamp()) + 90_000))
        fresh, _, _ = await keeper(access)
        assert fresh == zalo.tokens.access != access
        assert dict(zalo.tokens.spent) == {refresh: 1}
        zalo.tokens.revoke()
        with pytest.raises(ZaloNotSentException):
            await keeper(fresh)
