"""The journey of a message and every place it can be cut: nothing is lost, nothing doubled."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clock import SetClock
from bot.errors import Gone, Rejected, StoreError, Throttled, Unavailable, Uncertain
from bot.store import Store
from tests.journey.house import small_house


async def test_a_message_is_answered_once_and_its_words_are_erased(store: Store) -> None:
    async with small_house(store) as house:
        new = [await house.say("xin chào", update="1"), await house.say("xin chào", update="1")]
        await house.settled()
        assert new == [True, False]
        assert house.channel.sent == [("chat-1", "nghe: xin chào")]
        assert await house.states() == {"sent": 1}
        later = store.clock.now() + timedelta(hours=1)
        assert await store.read(lambda work: work.inbound.waiting(later)) == []


async def test_one_person_is_answered_in_order_and_nobody_waits_for_another(store: Store) -> None:
    async with small_house(store) as house:
        texts = [f"tin {n}" for n in range(6)]
        await asyncio.gather(*(house.say(text) for text in texts), house.say("khác", "chat-2"))
        await house.settled()
        mine = [text for sender, text in house.channel.sent if sender == "chat-1"]
        assert mine == [f"nghe: {text}" for text in texts]
        assert ("chat-2", "nghe: khác") in house.channel.sent


async def test_killed_between_accept_and_turn(store: Store) -> None:
    async with small_house(store, sending=False) as dead:
        update = dead.incoming("chưa trả lời")
        await store.write(lambda work: work.inbound.accept([update]))
    async with small_house(store) as house:
        assert await house.inbox.catch_up(older_than=timedelta(seconds=-1)) == 1
        await house.settled()
        assert house.channel.sent == [("chat-1", "nghe: chưa trả lời")]


async def test_killed_between_turn_and_send(store: Store) -> None:
    async with small_house(store, sending=False) as dead:
        await dead.say("đã trả lời, chưa gửi")
        await dead.inbox.drained()
        assert await dead.states() == {"pending": 1}
    async with small_house(store) as house:
        house.sender.wake()
        await until(lambda: bool(house.channel.sent))
        await house.settled()
        assert house.channel.sent == [("chat-1", "nghe: đã trả lời, chưa gửi")]


async def test_killed_between_send_and_settle(store: Store, clock: SetClock) -> None:
    async with small_house(store) as house:
        await house.say("gửi rồi")
        await house.settled()
        # The result was lost with its process: the row is still claimed under the old epoch.
        lost = "UPDATE delivery SET state = 'claimed', parts_done = 0, sent_at = NULL"
        await store.write(lambda work: work.conn.exec_driver_sql(lost))
    clock.forward(timedelta(minutes=1))
    async with small_house(store) as next_owner:
        await until(lambda: bool(next_owner.channel.sent))
        await next_owner.settled()
        # Unknown outcome, policy "resend": once more, then never again.
        assert next_owner.channel.sent == [("chat-1", "nghe: gửi rồi")]
        assert await next_owner.states() == {"sent": 1}


async def test_a_bug_in_a_handler_costs_one_apology_and_nothing_else(store: Store) -> None:
    async with small_house(store) as house:
        await house.say("một")
        await house.settled()
        await house.say("hỏng")
        await house.settled()
        await house.say("hai")
        await house.settled()
        said = [text for _, text in house.channel.sent]
        assert said[0::2] == ["nghe: một", "nghe: hai"]
        assert said[1].startswith("Xin lỗi")
        session = await store.read(lambda work: work.sessions.get(1))
        assert session is not None
        assert session.notes["heard"] == ["một", "hai"]


@pytest.mark.parametrize(
    ("fault", "state", "sent"),
    [
        (Unavailable("network"), "retry", 0),
        (Throttled("429", wait_seconds=30), "retry", 0),
        (Rejected("400"), "failed", 0),
        (Gone("blocked"), "failed", 0),
        (Uncertain("time-out"), "retry", 0),
        (RuntimeError("a bug in a channel"), "failed", 0),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
async def test_what_becomes_of_a_try(store: Store, fault: Exception, state: str, sent: int) -> None:
    async with small_house(store) as house:
        house.channel.faults.append(fault)
        await house.say("một")
        await house.settled()
        assert await house.states() == {state: 1}
        assert len(house.channel.sent) == sent


async def test_the_address_of_somebody_who_left_is_marked(store: Store) -> None:
    async with small_house(store) as house:
        house.channel.faults.append(Gone("blocked"))
        await house.say("một")
        await house.settled()
        address = await store.read(
            lambda work: work.accounts.address(house.channel.account_id, "chat-1")
        )
        assert address is not None
        assert address.gone_at is not None


async def test_nothing_overtakes_what_waits_for_another_try(store: Store, clock: SetClock) -> None:
    async with small_house(store) as house:
        house.channel.faults.append(Unavailable("network"))
        await house.say("một")
        await house.settled()
        await house.say("hai")
        await house.settled()
        assert house.channel.sent == []
        clock.forward(timedelta(minutes=5))
        await store.write(house.sender.promote)
        house.sender.wake()
        await until(lambda: len(house.channel.sent) == 2)
        assert [text for _, text in house.channel.sent] == ["nghe: một", "nghe: hai"]


async def test_what_waited_in_memory_does_not_overtake_either(
    store: Store, clock: SetClock
) -> None:
    async with small_house(store) as house:
        house.channel.closed_door.clear()
        house.channel.faults.append(Unavailable("network"))
        for text in ("một", "hai", "ba"):  # the first on the wire, the others behind it
            await house.say(text)
        await house.inbox.drained()
        house.channel.closed_door.set()
        await house.settled()
        assert house.channel.sent == []
        clock.forward(timedelta(minutes=5))
        await store.write(house.sender.promote)
        house.sender.wake()
        await until(lambda: len(house.channel.sent) == 3)
        said = [text for _, text in house.channel.sent]
        assert said == ["nghe: một", "nghe: hai", "nghe: ba"]


async def test_what_was_written_without_the_lease_is_not_overtaken(store: Store) -> None:
    async with small_house(store) as house:
        until_then, house.sender._lease._safe_until = house.sender._lease._safe_until, 0.0
        await house.say("một")
        await house.inbox.drained()
        assert await house.states() == {"pending": 1}
        house.sender._lease._safe_until = until_then
        await asyncio.gather(house.say("hai"), house.say("ba"))
        await until(lambda: len(house.channel.sent) == 3)
        assert [text for _, text in house.channel.sent] == ["nghe: một", "nghe: hai", "nghe: ba"]


async def test_characters_no_database_keeps_cost_nobody_her_message(store: Store) -> None:
    async with small_house(store) as house:
        poison = replace(house.incoming("a\x00b\ud800c"), started_with="\x00", value="\udfff")
        kept = await asyncio.gather(
            house.inbox.accept(poison), house.say("xin chào", "chat-2"), house.say("\x00", "chat-3")
        )
        await house.settled()
        assert [*kept] == [True, True, True]
        assert sorted(house.channel.sent) == [
            ("chat-1", "nghe: abc"),
            ("chat-2", "nghe: xin chào"),
            ("chat-3", "nghe: "),
        ]


async def test_a_flood_is_dropped_and_the_conversation_goes_on(store: Store) -> None:
    async with small_house(store, guarded=True) as house:
        kept = [await house.say(f"tin {n}") for n in range(20)]
        await house.settled()
        assert kept == [True] * 8 + [False] * 12
        assert len(house.channel.sent) == 8
        assert await house.say("khác", "chat-2") is True


async def test_an_update_that_cannot_be_kept_is_refused(store: Store) -> None:
    async with small_house(store, sending=False) as house:
        stranger = house.incoming("x")
        broken = type(stranger)(999, "x", "1", stranger.kind, stranger.received_at)
        with pytest.raises(StoreError):
            await house.inbox.accept(broken)


async def until(true: Callable[[], bool]) -> None:
    """Wait for a condition; the test's own time-out is the limit."""

    while not true():
        await asyncio.sleep(0.005)
