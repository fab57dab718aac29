"""The nine promises of the engine (docs/delivery.md), each a test on both databases."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest

from bot.clock import Clock, SetClock
from bot.errors import Gone, Rejected, SendError, Throttled, Unavailable, Uncertain
from bot.fit import Capabilities
from bot.outbox import claim
from bot.store import Store, Work
from bot.store.deliveries import Outcome
from bot.store.queues import Lease
from bot.values.delivery import TERMINAL, Delivery, State
from bot.values.letter import Lane, OnUnknown
from tests.delivery.ground import Ground, ground, kill, until
from tests.journey.house import small_house


@pytest.fixture
async def place(store: Store) -> Ground:
    return await ground(store)


@pytest.fixture
async def another(any_url: str, clock: Clock) -> AsyncIterator[Store]:
    """The store of a second process on the same database."""
    opened = Store(any_url, clock)
    yield opened
    await opened.close()


async def test_i1_durable_before_wire(store: Store, another: Store, place: Ground) -> None:
    """What is on the wire stands in the database, as another process sees it."""
    seen: list[str] = []

    def rows(work: Work) -> dict[int, str]:
        found = work.conn.exec_driver_sql("SELECT id, state FROM delivery")
        return {row.id: row.state for row in found}

    async def look(delivery: Delivery) -> None:
        seen.append((await another.read(lambda work: rows(work))).get(delivery.id, "nothing"))

    place.line.before = look
    sender = place.sender()
    await sender.open()
    sender.hand(await place.owe("a", "một", epoch=sender.epoch, lane=Lane.REPLY))
    await place.owe("b", "hai")
    sender.wake()
    await sender.drained()
    await sender.close()
    assert seen == ["claimed", "claimed"]


async def test_i2_two_commits(store: Store) -> None:
    """The update is kept before it is accepted; session, replies and its end are one commit."""
    async with small_house(store) as house:
        known: list[tuple[int, int]] = []
        send = house.channel.send

        async def noted(delivery: Delivery, part):  # type: ignore[no-untyped-def]
            later = store.clock.now() + timedelta(hours=1)
            waiting = await store.read(lambda work: len(work.inbound.waiting(later)))
            session = await store.read(lambda work: work.sessions.get(1))
            known.append((waiting, len(session.notes["heard"]) if session else 0))
            return await send(delivery, part)

        house.channel.send = noted  # type: ignore[method-assign]
        update = house.incoming("một", update="1")
        assert await house.inbox.accept(update) is True
        kept = await store.read(
            lambda work: work.conn.exec_driver_sql("SELECT count(*) FROM inbound").scalar_one()
        )
        again = await asyncio.gather(
            house.inbox.accept(update), house.inbox.catch_up(older_than=timedelta(seconds=-1))
        )
        await house.settled()
        assert (kept, again[0]) == (1, False)
        assert known == [(0, 1)]
        assert house.channel.sent == [("chat-1", "nghe: một")]


async def test_i3_one_owner(store: Store, another: Store, place: Ground, clock: SetClock) -> None:
    """An owner that slept and woke takes no row, writes no result and keeps no lease."""
    queue, length = place.queue_id, timedelta(seconds=10)
    await place.owe("a", "một")
    await place.owe("b", "hai")

    def take(work: Work) -> Lease | None:
        return work.queues.take(queue, uuid4().hex, work.now + length, force=False)

    first = await store.write(take)
    assert first is not None
    assert await another.write(take) is None
    epoch = first.epoch
    (old,) = await store.write(lambda work: claim(work, queue, epoch, 1))
    clock.forward(timedelta(seconds=11))
    second = await another.write(take)
    assert second is not None
    await another.write(lambda work: work.deliveries.recover(queue, second.epoch))

    late = [Outcome(old.id, old.epoch, State.FAILED)]
    assert await store.write(lambda work: claim(work, queue, first.epoch, 9)) == []
    assert await store.write(lambda work: work.deliveries.settle(late)) == 0
    assert await store.write(lambda work: work.queues.renew(first, work.now + length)) is None
    assert await place.owe("c", "ba", epoch=first.epoch) == []
    own = await another.write(lambda work: claim(work, queue, second.epoch, 9))
    assert sorted(one.reply.text for one in own) == ["ba", "hai", "một"]


async def test_i3_an_owner_stops_before_its_lease_ends(place: Ground) -> None:
    """Nothing leaves in the margin, whatever is handed over; nothing of an older lease leaves."""
    sender = place.sender()
    await sender.open()
    epoch = sender.epoch
    handed = await place.owe("a", "một", epoch=epoch, lane=Lane.REPLY)
    lease = sender._lease
    safe, lease._safe_until = lease._safe_until, 0.0
    sender.hand(handed)
    await asyncio.sleep(0.05)
    assert place.line.sent == []
    # Meanwhile somebody else had the queue; we have it again, and recovered the row.
    assert await lease.take() is not None
    lease._safe_until = safe
    await place.until_over(sender)
    await sender.close()
    assert [text for _, text in place.line.sent] == ["một"]


async def _crash(place: Ground, clock: SetClock) -> int:
    """Kill a sender of whose requests eight were accepted and six answered; how many it did not
    tell us about."""
    so_far, door, unanswered = len(place.line.ids), asyncio.Event(), set[int]()

    async def answer_six(delivery: Delivery) -> None:
        if len(place.line.ids) > so_far + 6:
            unanswered.add(delivery.id)
            await door.wait()

    place.line.after = answer_six
    sender = place.sender()
    await sender.open()
    await until(lambda: len(unanswered) >= 2)
    await sender._settler.flushed()
    at_risk = len(unanswered)
    await kill(sender)
    place.line.after = None
    clock.forward(timedelta(minutes=1))
    return at_risk


async def test_i4_bounded_duplicates(store: Store, place: Ground, clock: SetClock) -> None:
    """After a crash no more is sent twice than was on the wire or not yet written."""
    place.line.rate = place.line.first_rate = 40.0
    for number in range(60):
        await place.owe(f"chat-{number}", "tin")
    at_risk, again = [], list[tuple[set[int], int]]()
    for _ in range(4):
        at_risk.append(await _crash(place, clock))
        known = {number for number, row in (await place.rows()).items() if row.state == "sent"}
        again.append((known, len(place.line.ids)))
    last = place.sender()
    await last.open()
    await place.until_over(last)
    await last.close()
    assert len(set(place.line.ids)) + (await place.states()).get("uncertain", 0) >= 60
    assert 0 < place.line.doubled() <= sum(at_risk)
    # What was written down before a crash stands, and never leaves again.
    ends = {number for number, row in (await place.rows()).items() if row.state == "sent"}
    assert [known - ends for known, _ in again] == [set()] * 4
    assert [known & set(place.line.ids[since:]) for known, since in again] == [set()] * 4


FAULTS: tuple[SendError, ...] = (
    Unavailable("network"),
    Throttled("429", wait_seconds=0.0),
    Rejected("400"),
    Gone("blocked"),
    Uncertain("time-out"),
)


async def storm(place: Ground, seed: int) -> None:
    """A hundred and twenty things owed to forty chats, a third of the tries failing somehow."""
    dice = random.Random(seed)

    async def fail(_: Delivery) -> None:
        if dice.random() < 0.3:
            raise dice.choice(FAULTS)

    place.line.before = fail
    for number in range(40):
        held = OnUnknown.HOLD if number % 4 == 0 else OnUnknown.RESEND
        await place.owe(f"chat-{number}", *(f"{number}.{n}" for n in range(3)), on_unknown=held)
    sender = place.sender()
    await sender.open()
    await place.until_over(sender)
    await sender.close()


async def test_i5_no_loss(place: Ground) -> None:
    """Everything owed comes to an end that says what became of it, whatever the platform does."""
    await storm(place, 1)
    states = await place.states()
    assert set(states) <= TERMINAL
    assert sum(states.values()) == 120
    assert states["sent"] == len(set(place.line.ids))


async def test_i6_no_lies(place: Ground) -> None:
    """`sent` is what the platform accepted, all of it and nothing else."""
    await storm(place, 2)
    rows = await place.rows()
    said_sent = {row.id for row in rows.values() if row.state == "sent"}
    assert said_sent == set(place.line.ids)
    assert {rows[one].platform_message_id is None for one in said_sent} == {False}


async def test_i7_order(place: Ground, store: Store, clock: SetClock) -> None:
    """One on the wire per chat; nothing overtakes what waits for another try, in its lane."""
    now_there: dict[int, int] = defaultdict(int)
    most = [0]
    dice = random.Random(7)

    async def there(delivery: Delivery) -> None:
        now_there[delivery.address_id] += 1
        most.append(max(now_there.values()))
        await asyncio.sleep(0.01)  # long enough for another to the same chat to leave as well
        now_there[delivery.address_id] -= 1
        if dice.random() < 0.3:
            raise Unavailable("network")

    place.line.before = there
    for text in "012345":
        for number in range(10):
            await place.owe(f"chat-{number}", text)
    sender = place.sender()
    await sender.open()
    await until(lambda: len(most) > 1)
    for number in range(10):
        chat = f"chat-{number}"
        sender.hand(await place.owe(chat, "now", epoch=sender.epoch, lane=Lane.REPLY))
    await place.until_over(sender)
    await sender.close()
    heard: dict[str, list[str]] = defaultdict(list)
    for chat, text in place.line.sent:
        if text != "now":
            heard[chat].append(text)
    assert max(most) == 1
    assert set(map(tuple, heard.values())) == {tuple("012345")}
    assert len(place.line.sent) == 70


async def test_i7_a_message_in_parts_is_one_delivery(place: Ground, clock: SetClock) -> None:
    """What broke between two parts goes on with the next one, not from the start."""
    place.line.capabilities = Capabilities(text_limit=12)
    tries = [0]

    async def fail(_: Delivery) -> None:
        tries[0] += 1
        if tries[0] == 2:
            raise Unavailable("network")

    place.line.before = fail
    await place.owe("a", "Một hai ba. Bốn năm. Sáu bảy.")
    sender = place.sender()
    await sender.open()
    await place.until_over(sender)
    await sender.close()
    said = [text for _, text in place.line.sent]
    assert said == ["Một hai ba.", "Bốn năm.", "Sáu bảy."]


async def test_i8_rate(place: Ground) -> None:
    """In no second more than the rate and a burst; routine leaves room for replies."""
    place.line.rate = place.line.first_rate = 100.0
    place.line.capabilities = Capabilities(text_limit=12)
    left: list[float] = []

    async def note(_: Delivery) -> None:
        left.append(asyncio.get_running_loop().time())

    place.line.before = note
    for number in range(60):
        await place.owe(f"chat-{number}", "Một hai ba. Bốn năm sáu.")
    sender = place.sender()
    await sender.open()
    await sender.drained()
    await sender.close()
    assert len(left) == 120
    for window in (0.1, 0.5, 1.0):
        most = max(sum(start <= at < start + window for at in left) for start in left)
        assert most <= 100 * window + 5 + 1


@pytest.mark.parametrize(
    ("policy", "sent", "ends"),
    [(OnUnknown.RESEND, 2, "sent"), (OnUnknown.HOLD, 1, "uncertain")],
)
async def test_i9_unknown_outcomes_are_a_choice(
    place: Ground, policy: OnUnknown, sent: int, ends: str
) -> None:
    """Accepted, but the answer was lost: the letter says whether that may arrive twice."""
    lost = [True]

    async def lose(_: Delivery) -> None:
        if lost.pop() if lost else False:
            raise Uncertain("time-out")

    place.line.after = lose
    await place.owe("a", "một", on_unknown=policy)
    sender = place.sender()
    await sender.open()
    await place.until_over(sender)
    await sender.close()
    assert len(place.line.ids) == sent
    assert await place.states() == {ends: 1}


@pytest.mark.parametrize(
    ("policy", "sent", "ends"),
    [(OnUnknown.RESEND, 2, "sent"), (OnUnknown.HOLD, 1, "uncertain")],
)
async def test_i9_holds_for_what_a_dead_owner_left(
    place: Ground, clock: SetClock, policy: OnUnknown, sent: int, ends: str
) -> None:
    """Killed between the platform's yes and our note: the same choice."""
    door = asyncio.Event()

    async def wait(_: Delivery) -> None:
        await door.wait()

    place.line.after = wait
    await place.owe("a", "một", on_unknown=policy)
    sender = place.sender()
    await sender.open()
    await until(lambda: len(place.line.ids) == 1)
    await kill(sender)
    clock.forward(timedelta(minutes=1))
    place.line.after = None
    heir = place.sender()
    await heir.open()
    await place.until_over(heir)
    await heir.close()
    assert len(place.line.ids) == sent
    assert await place.states() == {ends: 1}
