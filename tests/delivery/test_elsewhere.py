"""When an address is gone, a platform is away, a clock is wrong or a row waits too long."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SetClock
from bot.errors import Gone, Throttled, Unavailable
from bot.sender import Sender, Senders
from bot.sender.lease import QueueLease
from bot.store import Store
from bot.values.delivery import Act, Delivery, State
from bot.values.letter import Lane
from tests.delivery.ground import Ground, Line, ground, until


@pytest.fixture
async def place(store: Store) -> Ground:
    return await ground(store)


async def left(place: Ground) -> tuple[Senders, Sender, Line]:
    """Two accounts with a sender each; on the first everybody has left."""
    other = await place.store.write(lambda work: work.accounts.ensure("fake", "two").id)
    queue = await place.store.write(lambda work: work.queues.ensure(other))
    line = Line(other)
    first, senders = place.sender(), Senders()
    senders.add(first)
    senders.add(Sender(line, place.store, queue, "other"))

    async def gone(_: Delivery) -> None:
        raise Gone("blocked")

    place.line.before = gone
    await senders.open()
    return senders, first, line


@pytest.mark.parametrize("lane", [Lane.URGENT, Lane.SCHEDULED, Lane.ROUTINE])
async def test_what_was_owed_to_an_address_that_is_gone_goes_to_her_next(
    place: Ground, lane: Lane
) -> None:
    senders, first, line = await left(place)
    person = await place.person("old")
    await place.person("new", account="two")  # somebody else's
    await place.store.write(
        lambda work: work.accounts.tie(
            work.accounts.add_address(line.account_id, "hers").id, person, place.event_id, "desk"
        )
    )
    await place.owe("old", "một", person=person, lane=lane)
    first.wake()
    await until(lambda: bool(line.sent))
    await senders.drained()
    await senders.close()
    assert (place.line.sent, line.sent) == ([], [("hers", "một")])
    (row,) = (await place.rows()).values()
    assert (row.state, row.attempts) == ("sent", 1)
    address = await place.store.read(lambda work: work.accounts.address(place.account_id, "old"))
    assert address is not None
    assert address.gone_at is not None


async def test_an_answer_stays_where_it_was_asked_for(place: Ground) -> None:
    senders, first, line = await left(place)
    person = await place.person("old", "older")
    await place.owe("old", "một", person=person, lane=Lane.REPLY)
    first.wake()
    await senders.drained()
    await senders.close()
    assert (place.line.sent, line.sent) == ([], [])
    assert await place.states() == {"failed": 1}


async def test_who_can_be_reached_nowhere_is_told_so(place: Ground) -> None:
    senders, first, _ = await left(place)
    person = await place.person("old", "older")
    await place.owe("old", "một", person=person)
    first.wake()
    await until_final(place)
    await senders.close()
    assert await place.states() == {"failed": 1}


async def until_final(place: Ground) -> None:
    while set(await place.states()) & {"pending", "claimed", "retry"}:
        await asyncio.sleep(0.01)


async def test_a_platform_that_is_away_costs_no_row_its_attempts(
    place: Ground, clock: SetClock
) -> None:
    """Ten failures open the circuit; after that one probe at a time, and none is counted."""
    away, tries = [True], [0]

    async def there(_: Delivery) -> None:
        tries[0] += 1
        if away[0]:
            raise Unavailable("no_connection")

    place.line.before = there
    for number in range(40):
        await place.owe(f"chat-{number}", "tin")
    sender = place.sender()
    sender._most_on_wire = 1  # so that it is the circuit that stops them
    await sender.open()
    await until(lambda: sender._account.circuit.is_open)
    await asyncio.sleep(0.1)
    assert tries[0] == 10
    rows = (await place.rows()).values()
    assert max(row.attempts for row in rows) == 1
    away[0] = False
    sender._account.circuit._probe_at = 0.0
    await place.until_over(sender)
    await sender.close()
    assert await place.states() == {"sent": 40}
    assert sender._account.circuit.is_open is False


async def test_a_429_is_obeyed_and_remembered_by_the_next_owner(
    place: Ground, clock: SetClock
) -> None:
    first = [True]

    async def refuse(_: Delivery) -> None:
        if first.pop() if first else False:
            raise Throttled("throttled", wait_seconds=30)

    place.line.before = refuse
    await place.owe("a", "một")
    sender = place.sender()
    await sender.open()
    await until(lambda: not first)
    await sender._settler.flushed()
    await sender.close()
    heir = place.sender()
    await heir.open()
    pace, now = heir.pace, asyncio.get_running_loop().time()
    assert round(pace.whole(now)) == 30
    assert heir._account.tempo.rate == place.line.rate / 2
    await heir.close()
    (row,) = (await place.rows()).values()
    assert (row.state, row.attempts) == ("retry", 0)


async def test_what_waits_half_an_hour_goes_up_a_lane(place: Ground, clock: SetClock) -> None:
    await place.owe("a", "một")
    await place.owe("b", "hai", lane=Lane.SCHEDULED)
    clock.forward(timedelta(minutes=29))
    await place.owe("c", "ba")
    clock.forward(timedelta(minutes=2))
    sender = place.sender()
    await place.store.write(sender.promote)
    rows = (await place.rows()).values()
    assert [row.lane for row in rows] == [Lane.SCHEDULED, Lane.SCHEDULED, Lane.ROUTINE]


async def test_what_follows_a_row_in_retry_stays_behind_it(place: Ground, clock: SetClock) -> None:
    await place.owe("a", "một", "hai")

    def fail_the_first(work):  # type: ignore[no-untyped-def]
        work.conn.exec_driver_sql("UPDATE delivery SET state = 'retry' WHERE id = 1")

    await place.store.write(fail_the_first)
    clock.forward(timedelta(minutes=31))
    await place.store.write(
        lambda work: work.deliveries.promote_waiting(place.queue_id, work.now, 10)
    )
    assert [row.lane for row in (await place.rows()).values()] == [Lane.ROUTINE] * 2


async def test_what_is_too_late_in_memory_is_over_too(place: Ground, clock: SetClock) -> None:
    await place.owe("a", "một", expires=60.0)
    sender = place.sender()
    sender.pace.pause(asyncio.get_running_loop().time() + 3600)
    await sender.open()
    await until(lambda: len(sender._lanes) == 1)
    clock.forward(timedelta(seconds=61))
    sender._drop_late()
    await sender.drained()
    await sender.close()
    assert await place.states() == {"expired": 1}
    assert place.line.sent == []


@pytest.mark.parametrize("act", [Act.EDIT, Act.MENU, Act.WITHDRAW, Act.REACT])
async def test_an_act_that_a_channel_has_not_fails_and_says_so(place: Ground, act: Act) -> None:
    await place.owe("a", "👍", act=act)
    sender = place.sender()
    await sender.open()
    await sender.drained()
    await sender.close()
    (row,) = (await place.rows()).values()
    assert (row.state, row.reason, place.line.sent) == ("failed", "cannot", [])


class Wrong:
    """A machine whose clock is off."""

    def __init__(self, off: timedelta) -> None:
        self._off = off

    def now(self) -> datetime:
        return datetime.now(UTC) + self._off


@pytest.fixture
async def wrong(postgres_url: str) -> AsyncIterator[list[Store]]:
    """Three processes on one PostgreSQL: right, an hour ahead, an hour behind."""
    hour = timedelta(hours=1)
    stores = [Store(postgres_url, Wrong(off)) for off in (timedelta(0), hour, -hour)]
    yield stores
    for store in stores:
        await store.close()


async def test_a_wrong_clock_neither_steals_nor_holds_a_queue(wrong: list[Store]) -> None:
    queue = (await ground(wrong[0])).queue_id
    for holder in wrong:
        mine = QueueLease(holder, queue, "holder", 0.5)
        assert await mine.take() is not None
        for other in wrong:
            assert await QueueLease(other, queue, "thief", 0.5).take() is None
        assert abs(mine.now() - datetime.now(UTC)) < timedelta(minutes=1)
        await asyncio.sleep(0.6)  # the lease itself, by the clock of the database
        heir = QueueLease(wrong[0], queue, "heir", 0.5)
        assert await heir.take() is not None
        assert await mine.renew() is False
        await heir.release()


async def test_a_wrong_clock_neither_expires_nor_delays_a_row(wrong: list[Store]) -> None:
    right, ahead, _ = wrong
    place = await ground(right)
    faults = [True]

    async def cut(_: Delivery) -> None:
        if faults.pop() if faults else False:
            raise Unavailable("cut")

    place.line.before = cut
    await place.owe("a", "một", expires=600.0)
    sender = place.sender(ahead)
    await sender.open()
    await until(lambda: not faults)
    await sender._settler.flushed()
    (row,) = (await place.rows()).values()
    assert row.state == State.RETRY
    assert row.due_at - datetime.now(UTC) < timedelta(minutes=1)
    await sender.close()
