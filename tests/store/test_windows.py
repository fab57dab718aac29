"""Interactions and receipts only move forward, whatever order a platform tells them in."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.clock import SetClock
from bot.outbox import Owed, put
from bot.store import Store, Work
from bot.store.accounts import address
from bot.store.deliveries import Outcome, delivery
from bot.store.windows import RECEIPT_LIFE, Heard, Told, receipt
from bot.values.delivery import State
from bot.values.letter import Letter
from bot.values.reply import Reply
from tests.conftest import MORNING

HOUR = timedelta(hours=1)
HER = "4572947693969771653"


@pytest.fixture
async def account(store: Store) -> int:
    return await store.write(lambda work: work.accounts.ensure("zalo", "298").id)


async def _note(store: Store, account: int, *many: Heard) -> object:
    found = await store.write(lambda work: work.windows.heard(account, many))
    return found.get(HER)


async def _heard_at(store: Store) -> datetime | None:
    query = select(address.c.heard_at)
    return await store.read(lambda work: work.conn.execute(query).scalar_one())


async def test_an_older_interaction_does_not_take_the_place_of_a_newer(
    store: Store, account: int
) -> None:
    early = Heard(HER, MORNING - HOUR)
    await _note(store, account, Heard(HER, MORNING))
    await _note(store, account, early, early)
    assert await _heard_at(store) == MORNING


async def test_what_is_no_interaction_opens_nothing(store: Store, account: int) -> None:
    await _note(store, account, Heard(HER, MORNING))
    await _note(store, account, Heard(HER, MORNING + HOUR, opens=False))
    assert await _heard_at(store) == MORNING


async def test_nobody_is_kept_who_is_not_to_be_kept(store: Store, account: int) -> None:
    assert await _note(store, account, Heard(HER, MORNING, keeps=False)) is None
    assert await store.read(lambda work: work.accounts.address(account, HER)) is None


async def test_a_person_in_the_console_takes_over_until_a_time(store: Store, account: int) -> None:
    def until(work: Work) -> datetime | None:
        nothing = Heard(HER, MORNING, opens=False, keeps=False)
        return work.windows.heard(account, [nothing])[HER].staff_until

    taken = Heard(HER, MORNING, opens=False, staff_until=MORNING + HOUR)
    await _note(store, account, taken)
    assert await store.write(until) == MORNING + HOUR
    await store.write(lambda work: work.windows.answer_again(account, HER))
    assert await store.write(until) is None


async def test_an_account_is_heard_to_the_minute(store: Store, account: int) -> None:
    heard = []
    for seconds in (0, 30, 90):
        at = MORNING + timedelta(seconds=seconds)
        await store.write(lambda work, at=at: work.windows.last_heard([account], at))  # type: ignore[misc]
        heard.append(await store.read(lambda work: work.windows.heard_at(account)))
    assert heard == [MORNING, MORNING, MORNING + timedelta(seconds=90)]


def _owe(work: Work, account: int) -> int:
    person, queue = work.people.add(), work.queues.ensure(account)
    place = work.accounts.add_address(account, HER)
    letter = Letter(f"in:{account}:1:0", {"vi": Reply("Phòng 305")})
    put(work, [Owed(letter, person, place.id, HER, queue, "vi")], {})
    lease = work.queues.take(queue, "me", work.now + HOUR, force=True)
    assert lease is not None
    (claimed,) = work.deliveries.claim(queue, lease.epoch, 10)
    return claimed.id


def _settle(work: Work, delivery_id: int, message: str) -> None:
    assert work.deliveries.settle([Outcome(delivery_id, 1, State.SENT, message)]) == 1


async def _tell(store: Store, account: int, *told: Told) -> int:
    await store.write(lambda work: work.windows.told(account, told))
    return await store.write(lambda work: work.windows.apply_receipts(account))


async def _times(store: Store) -> tuple[datetime | None, datetime | None]:
    query = select(delivery.c.delivered_at, delivery.c.seen_at)
    row = await store.read(lambda work: work.conn.execute(query).one())
    return row.delivered_at, row.seen_at


async def _waiting(store: Store) -> int:
    return len(await store.read(lambda work: work.conn.execute(select(receipt)).all()))


async def test_a_receipt_that_overtakes_its_result_waits_for_it(store: Store, account: int) -> None:
    owed = await store.write(lambda work: _owe(work, account))
    told = [Told("m1", seen_at=MORNING + HOUR), Told("m1", delivered_at=MORNING)]
    assert await _tell(store, account, *told) == 0
    await store.write(lambda work: _settle(work, owed, "m1"))
    assert await _tell(store, account) == 1
    assert await _times(store) == (MORNING, MORNING + HOUR)
    assert await _waiting(store) == 0


async def test_nothing_is_claimed_without_a_receipt_and_the_first_one_stays(
    store: Store, account: int
) -> None:
    owed = await store.write(lambda work: _owe(work, account))
    await store.write(lambda work: _settle(work, owed, "m1"))
    assert await _times(store) == (None, None)
    for hours in (1, 2):
        await _tell(store, account, Told("m1", seen_at=MORNING + hours * HOUR))
    assert await _times(store) == (None, MORNING + HOUR)


async def test_a_receipt_of_another_account_is_not_ours(store: Store, account: int) -> None:
    other = await store.write(lambda work: work.accounts.ensure("zalo", "299").id)
    owed = await store.write(lambda work: _owe(work, account))
    await store.write(lambda work: _settle(work, owed, "m1"))
    assert await _tell(store, other, Told("m1", delivered_at=MORNING)) == 0
    assert await _times(store) == (None, None)


async def test_receipts_of_nobody_go_after_a_day(
    store: Store, account: int, clock: SetClock
) -> None:
    await _tell(store, account, Told("m9", delivered_at=MORNING))
    assert await _waiting(store) == 1
    clock.forward(RECEIPT_LIFE + HOUR)
    await _tell(store, account)
    assert await _waiting(store) == 0
