"""What was found out outlives the process that did, and the others know it, on both databases."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels.zalo import ZaloChannel
from bot.channels.zalo.buttons import LOOK_EVERY, REMEMBERED
from bot.clock import SetClock
from bot.errors import Uncertain
from bot.fit import fit
from bot.outbox import Owed, put
from bot.store import Store, Work
from bot.store.deliveries import Outcome
from bot.store.echoes import ECHO_LIFE
from bot.values.delivery import Delivery, State
from bot.values.incoming import Incoming
from bot.values.letter import Letter
from bot.values.reply import Choice, Reply
from bot.zalo import WebhookEvent, oa
from bot.zalo.fake import APP_ID, APP_SECRET, OA_ID, OA_SECRET, FakeZalo
from bot.zalo.fake.faults import Fault
from tests.channels.zalo.conftest import HER, speak

CS = "/v3.0/oa/message/cs"
ROOM = Reply("Phòng **305**\nKhách sạn Sen Hồng", (Choice("Xem", "mine.room"),))
Start = Callable[[], ZaloChannel]


async def _accept(_incoming: Incoming) -> bool:
    return True


@pytest.fixture
async def start(store: Store, zalo: FakeZalo, clock: SetClock) -> AsyncIterator[Start]:
    """A process begins: a channel that knows nothing but what lies in the database."""
    account = await store.write(lambda work: work.accounts.ensure("zalo", OA_ID).id)
    begun: list[ZaloChannel] = []

    def process() -> ZaloChannel:
        client = oa.Client(
            APP_ID,
            APP_SECRET,
            *zalo.pair(),
            endpoint_prefix=zalo.url,
            oauth_prefix=zalo.url,
            clock=lambda: clock.now().timestamp(),
        )
        channel = ZaloChannel(
            account,
            client,
            store=store,
            clock=clock,
            speak=speak,
            secrets=[OA_SECRET],
            base_url="https://dh.example",
        )
        begun.append(channel)
        return channel

    yield process
    for one in begun:
        await one.close()


async def owed(store: Store, key: str, reply: Reply = ROOM) -> Delivery:
    """A delivery that this process claims."""

    def write(work: Work) -> Delivery:
        account = work.accounts.ensure("zalo", OA_ID).id
        place = work.accounts.add_address(account, HER)
        queue = work.queues.ensure(account)
        lease = work.queues.take(queue, "here", work.now, force=True)
        assert lease is not None
        letter, person = Letter(key, {"vi": reply}), work.people.add()
        one = Owed(letter, person, place.id, HER, queue, "vi")
        (made,) = put(work, [one], {queue: lease.epoch})
        return made

    return await store.write(write)


async def sent(store: Store, channel: ZaloChannel, one: Delivery) -> str:
    (part,) = fit(one.reply, channel.capabilities)
    message = (await channel.send(one, part)).message_id
    done = Outcome(one.id, one.epoch, State.SENT, message, parts_done=1)
    await store.write(lambda work: work.deliveries.settle([done]))
    return message


def echo(zalo: FakeZalo) -> WebhookEvent:
    """Of the last message that Zalo took, as its webhook tells it."""
    last = zalo.world.taken()[-1]
    return replace(
        WebhookEvent("oa_send_text", "echo.text", "out", key=last.message_id, user_id=HER),
        msg_id=last.message_id,
        text=last.body["text"],
    )


@pytest.mark.parametrize("with_buttons", [True, False])
async def test_an_echo_tells_the_next_process_that_a_message_left(
    store: Store, zalo: FakeZalo, start: Start, with_buttons: bool
) -> None:
    zalo.world.buttons = with_buttons
    first, second = start(), start()
    for channel in (first, second):
        await channel.open(_accept)
    await sent(store, first, await owed(store, "a"))  # the same words, said and known
    await second.take(echo(zalo))
    doubted = await owed(store, "b")
    zalo.faults.add(Fault("lost", path=CS))
    with pytest.raises(Uncertain):
        await sent(store, first, doubted)
    await second.take(echo(zalo))
    before = len(zalo.world.taken())
    again = replace(doubted, unknowns=1)
    assert await sent(store, start(), again) == zalo.world.taken()[-1].message_id
    assert len(zalo.world.taken()) == before


async def test_without_its_echo_it_is_said_again(
    store: Store, zalo: FakeZalo, start: Start, clock: SetClock
) -> None:
    channel = start()
    await channel.open(_accept)
    await sent(store, channel, await owed(store, "a"))
    await channel.take(echo(zalo))
    doubted = replace(await owed(store, "b"), unknowns=1)
    await sent(store, channel, doubted)
    assert len(zalo.world.taken()) == 2
    await channel.take(echo(zalo))
    other = replace(await owed(store, "c", Reply("Phòng 306")), unknowns=1)
    await sent(store, channel, other)
    assert len(zalo.world.taken()) == 3
    clock.forward(ECHO_LIFE + timedelta(seconds=1))
    assert await store.write(lambda work: work.echoes.forget(other.queue_id)) == 2


async def test_refused_buttons_are_known_to_other_processes_and_after_a_restart(
    store: Store, zalo: FakeZalo, start: Start, clock: SetClock
) -> None:
    beside = start()
    await beside.open(_accept)
    zalo.world.buttons = False
    await sent(store, start(), await owed(store, "a"))
    later = start()
    await later.open(_accept)
    assert (later.capabilities.buttons, beside.capabilities.buttons) == (0, 5)
    clock.forward(LOOK_EVERY)
    await sent(store, beside, await owed(store, "b"))
    assert beside.capabilities.buttons == 0
    assert [one.body["text"].splitlines()[-1] for one in zalo.world.taken()] == ["1. Xem"] * 2
    # A larger package may have been bought: after a week they are tried again.
    clock.forward(REMEMBERED)
    zalo.acts.says(HER, "Chào")
    zalo.world.buttons = True
    assert (await sent(store, later, await owed(store, "c"))) != ""
    assert later.capabilities.buttons == 5


async def test_a_person_at_the_console_keeps_every_process_silent(
    store: Store, zalo: FakeZalo, start: Start, clock: SetClock
) -> None:
    first, second = start(), start()
    for channel in (first, second):
        await channel.open(_accept)
    now = int(clock.now().timestamp() * 1000)
    says = WebhookEvent("user_send_text", "message.text", "in", "1", HER, timestamp_ms=now)
    says = replace(says, text="Xe nào?")
    answers = WebhookEvent("oa_send_text", "echo.text", "out", "2", HER, timestamp_ms=now)
    answers = replace(answers, admin_id="42")
    assert await first.take(says) == "new"
    assert await first.take(answers) == "staff"
    assert await second.take(replace(says, key="3")) == "left to staff"
    restarted = start()
    await restarted.open(_accept)
    assert await restarted.take(replace(says, key="4")) == "left to staff"
