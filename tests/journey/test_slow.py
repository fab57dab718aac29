"""Slow mode: one message at a time, two seconds apart, and no more than three without her word.

Time is virtual: either it is given to the pace as a number, or the loop's own clock is moved on.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

from bot.clock import SetClock
from bot.fit import Capabilities, Part
from bot.outbox import Owed, put
from bot.router import Route
from bot.sender.lanes import Lanes
from bot.sender.pace import Pace
from bot.store import Store, Work
from bot.turn import Turn
from bot.values.delivery import Act, Delivery, Receipt
from bot.values.incoming import Kind
from bot.values.letter import Lane, Letter
from bot.values.reply import Media, Phone, Reply, Style
from tests.conftest import MORNING
from tests.journey.house import ROUTES, SmallHouse, small_house

SLOW = Delivery(1, 1, 1, "c", Reply("x"), slow=True)
QUICK = replace(SLOW, address_id=2, slow=False)


def leaving(*deliveries: Delivery) -> list[tuple[int, float]]:
    """(id, second it left) of everything, through the real lanes and the real pace."""
    lanes, pace = Lanes(), Pace(1000.0, 1000.0)
    lanes.add(deliveries)
    left: list[tuple[int, float]] = []
    now = 100.0

    while len(lanes):
        delivery, seconds = lanes.next(pace, now)
        if delivery is None:
            now += seconds
            continue
        pace.take(delivery, now)
        left.append((delivery.id, round(now - 100, 2)))
        lanes.done(delivery)
    return left


def numbered(*deliveries: Delivery) -> list[Delivery]:
    return [replace(one, id=number) for number, one in enumerate(deliveries, 1)]


def test_two_seconds_lie_between_two_messages() -> None:
    assert leaving(*numbered(SLOW, SLOW, SLOW)) == [(1, 0.0), (2, 2.0), (3, 4.0)]


def test_others_do_not_wait_for_her() -> None:
    shown = leaving(*numbered(SLOW, SLOW, QUICK, QUICK))
    assert shown == [(1, 0.0), (3, 0.0), (4, 0.0), (2, 2.0)]


def test_what_is_urgent_and_the_end_of_a_spinner_do_not_wait() -> None:
    tap = replace(SLOW, act=Act.ANSWER_TAP)
    urgent = replace(SLOW, lane=Lane.URGENT)
    assert leaving(*numbered(SLOW, tap)) == [(1, 0.0), (2, 0.0)]
    assert leaving(*numbered(urgent, urgent)) == [(1, 0.0), (2, 0.0)]
    warning = replace(SLOW, reply=Reply("x", style=Style.WARNING))
    numbers = replace(SLOW, reply=Reply("x", phones=(Phone("Y tế", "0900 000 115"),)))
    assert leaving(*numbered(SLOW, warning, numbers)) == [(1, 0.0), (2, 0.0), (3, 0.0)]
    # What follows something urgent keeps its distance from it.
    assert leaving(*numbered(urgent, replace(SLOW, lane=Lane.ROUTINE))) == [(1, 0.0), (2, 2.0)]


def test_an_edit_is_no_new_message() -> None:
    edit = replace(SLOW, act=Act.EDIT)
    assert leaving(*numbered(SLOW, edit, SLOW)) == [(1, 0.0), (2, 0.0), (3, 2.0)]


class MovedLoop(asyncio.SelectorEventLoop):
    """A loop whose clock is moved on instead of waited for."""

    moved = 0.0

    def time(self) -> float:
        return super().time() + self.moved


async def settled(house: SmallHouse) -> None:
    """Wait for everything, while time flies: a tenth of a second at every step of the loop."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, MovedLoop)
    done = asyncio.create_task(house.settled())
    while not done.done():
        loop.moved += 0.1
        await asyncio.sleep(0)
    await done


def in_moved_time(body: Callable[[], Coroutine[Any, Any, None]]) -> None:
    with asyncio.Runner(loop_factory=MovedLoop) as runner:
        runner.run(body())


def talks(turn: Turn) -> None:
    """Says as many things as it is asked for."""
    turn.be_simple(turn.incoming.text.startswith("chậm"))
    for number in range(int(turn.incoming.text[-1])):
        turn.say(f"tin {number + 1}")


def shows(turn: Turn) -> None:
    """A picture that this channel cannot put beside the text: two messages."""
    turn.be_simple(True)
    turn.say("nhìn đây", media=(Media("picture", "0" * 64, "a.png", "một bức ảnh"),))


def routes(answer: Callable[[Turn], None]) -> tuple[Route, ...]:
    return (Route("welcome.start", answer, first=True, kinds=(Kind.TEXT,)), *ROUTES[1:])


def test_the_whole_house_keeps_the_distance(sqlite_url: str, clock: SetClock) -> None:
    left: list[float] = []

    async def body() -> None:
        store = Store(sqlite_url, clock)
        async with small_house(store, routes=routes(talks)) as house:
            send = house.channel.send

            async def noted(delivery: Delivery, part: Part) -> Receipt:
                left.append(asyncio.get_running_loop().time())
                return await send(delivery, part)

            house.channel.send = noted  # type: ignore[method-assign]
            await house.say("chậm 3")
            await settled(house)
            assert house.channel.sent == [("chat-1", f"tin {number}") for number in (1, 2, 3)]
            # Her own next message is answered no faster.
            await house.say("chậm 1")
            await settled(house)
            assert [later - sooner >= 2.0 for sooner, later in pairwise(left)] == [True] * 3
            await house.say("nhanh 3", sender="chat-2")
            await house.settled()
            assert left[-1] - left[-3] < 2.0
        await store.close()

    in_moved_time(body)


async def test_many_who_wait_keep_nothing_urgent_waiting(sqlite_store: Store) -> None:
    async with small_house(sqlite_store, routes=routes(talks)) as house:
        house.sender.pace = Pace(10_000.0, 10_000.0, gap=3600.0)
        for number in range(35):
            await house.say("chậm 3", sender=f"chat-{number}")
        await house.inbox.drained()

        def warn(work: Work) -> None:
            address = work.accounts.add_address(house.channel.account_id, "chat-x")
            letter = Letter("x", {"vi": Reply("khẩn")}, lane=Lane.URGENT)
            person, queue = work.people.add(), house.sender.queue_id
            put(work, [Owed(letter, person, address.id, "chat-x", queue, "vi")], {})

        await sqlite_store.write(warn)
        house.sender.wake()
        while ("chat-x", "khẩn") not in house.channel.sent:
            await asyncio.sleep(0)
        assert len(house.channel.sent) == 35 + 1


async def test_a_message_of_two_parts_is_two_messages(sqlite_url: str) -> None:
    clock = SetClock(MORNING)
    store = Store(sqlite_url, clock)
    async with small_house(store, routes=routes(shows)) as house:
        house.channel.capabilities = Capabilities(text_limit=100, pictures=True)
        await house.say("x")
        await house.settled()
        assert len(house.channel.sent) == 1
        assert await house.states() == {"retry": 1}
        clock.forward(timedelta(seconds=1.9))
        await store.write(house.sender.promote)
        assert await house.states() == {"retry": 1}
        clock.forward(timedelta(seconds=0.2))
        house.sender.pace = Pace(1000.0, 1000.0)  # as if so long had passed on the loop's clock
        await store.write(house.sender.promote)
        house.sender.wake()
        while (await house.states()) != {"sent": 1}:
            await house.settled()
        assert [text.split("\n")[0] for _, text in house.channel.sent] == ["", "nhìn đây"]
    await store.close()


async def test_a_row_of_the_table_knows_who_reads_slowly(store: Store) -> None:
    """Her own choice, else what is usual at the event."""

    async def are_slow() -> list[bool]:
        def look(work: Work) -> list[bool]:
            claimed = work.deliveries.claim(house.sender.queue_id, 1, 10)
            work.deliveries.release([one.id for one in claimed], 1)
            return [one.slow for one in claimed]

        return await store.write(look)

    async with small_house(store, sending=False) as house:
        for text, sender in (("một", "chat-1"), ("hai", "chat-2")):
            await house.say(text, sender)
        await house.inbox.drained()
        assert await are_slow() == [False, False]

        def usual(work: Work) -> None:
            event = work.events.by_slug("small")
            assert event is not None
            work.events.save(replace(event, simple=True))

        def in_full(work: Work) -> None:
            address = work.accounts.address(house.channel.account_id, "chat-1")
            session = work.sessions.get(address.id) if address else None
            assert session is not None
            work.people.set_simple(session.person_id, False)

        await store.write(usual)
        assert await are_slow() == [True, True]
        await store.write(in_full)
        assert await are_slow() == [False, True]
