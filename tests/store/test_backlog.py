"""What operators see of queues and single deliveries, and change by hand, on both databases."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from prometheus_client import REGISTRY

from bot.clock import SetClock
from bot.gauges import QueueGauges
from bot.store import Store, Work, backlog
from bot.store.deliveries import KEEPS_DISTANCE, Outcome
from bot.store.wake import Ring
from bot.values.delivery import State
from bot.values.letter import Lane, Letter
from bot.values.reply import Reply


@dataclass
class World:
    """Two events, one queue, and deliveries by their state."""

    event: int
    other: int
    queue: int
    person: int
    ids: dict[str, int]


def fill(work: Work) -> World:
    mine, other = (
        work.events.add(
            slug,
            names={"vi": slug},
            time_zone="Asia/Ho_Chi_Minh",
            first_day=date(2027, 1, 18),
            days=5,
        ).id
        for slug in ("mine", "other")
    )
    account = work.accounts.ensure("telegram", "bot-1").id
    queue = work.queues.ensure(account)
    address = work.accounts.add_address(account, "7").id
    person = work.people.add()
    ids = {}
    states = (*State, *(f"other-{state}" for state in (State.UNCERTAIN, State.PENDING)))
    for number, name in enumerate(states):
        event = other if name.startswith("other-") else mine
        key = f"in:1:{number}:0"
        letter = Letter(key, {"vi": Reply(f"lời {name}")}, event_id=event)
        row = {
            "event_id": event,
            "queue_id": queue,
            "lane": number % 2,
            "vtime": 0.0,
            "letter_id": work.letters.add_all([letter])[key],
            "person_id": person,
            "address_id": address,
            "lang": "vi",
            "act": "say",
            "state": name.removeprefix("other-"),
            "expires_at": work.now - timedelta(hours=1) if name == State.EXPIRED else None,
        }
        ids[str(name)] = work.deliveries.add_all([row])[0]
    return World(mine, other, queue, person, ids)


async def states(store: Store, world: World) -> dict[str, str]:
    """Of all deliveries, by the names they began with."""

    def look(work: Work) -> dict[int, str]:
        found = [
            *backlog.find(work, world.event, ids=list(world.ids.values())),
            *backlog.find(work, world.other, ids=list(world.ids.values())),
        ]
        return {one.id: one.state for one in found}

    found = await store.read(look)
    return {name: found[number] for name, number in world.ids.items()}


async def test_how_deep_a_queue_is_and_whose(store: Store, clock: SetClock) -> None:
    world = await store.write(fill)
    until = clock.now() + timedelta(seconds=10)
    await store.write(lambda w: w.queues.take(world.queue, "host:1:ab", until, force=False))
    [found] = await store.read(backlog.queues)
    assert (found.channel, found.owner, found.until) == ("telegram", "host:1:ab", until)
    assert (found.lanes, found.retry, found.claimed) == ({Lane.REPLY: 1, Lane.URGENT: 1}, 1, 1)
    assert found.oldest == clock.now()
    assert await store.read(backlog.uncertain) == 2


async def test_metrics_say_the_same(store: Store) -> None:
    world = await store.write(fill)
    await QueueGauges(store).read({world.queue: 25.0})
    where = {"channel": "telegram", "queue": str(world.queue)}

    def gauge(name: str, **more: str) -> float | None:
        return REGISTRY.get_sample_value(name, where | more)

    assert gauge("donghanh_queue_depth", lane="reply") == 1
    assert gauge("donghanh_queue_depth", lane="routine") == 0
    assert [gauge("donghanh_queue_retry"), gauge("donghanh_queue_claimed")] == [1, 1]
    assert gauge("donghanh_queue_rate") == 25.0
    assert (gauge("donghanh_queue_oldest_seconds") or 0) >= 0


def tried(work: Work, world: World, epoch: int) -> int:
    """A pending row is claimed, fails once, is claimed again and arrives. Its number."""
    number = world.ids["pending"]
    for outcome in (
        Outcome(number, epoch, State.RETRY, reason="network", due_at=work.now),
        Outcome(number, epoch, State.RETRY, reason=KEEPS_DISTANCE, due_at=work.now),
        Outcome(number, epoch, State.SENT, "77"),
    ):
        assert number in [one.id for one in work.deliveries.claim(world.queue, epoch, 9)]
        work.deliveries.settle([replace(outcome, epoch=epoch - 1), outcome])
        work.deliveries.promote_due(world.queue)
    return number


async def test_every_try_that_did_not_simply_arrive_is_told(store: Store, clock: SetClock) -> None:
    """Once, and to its own event; what an owner of old says of it is not."""
    world = await store.write(fill)
    number = await store.write(lambda work: tried(work, world, 5))
    told = await store.read(lambda work: backlog.tries(work, world.event, [number]))
    assert told == [(number, clock.now(), "retry", "network")]
    assert await store.read(lambda work: backlog.tries(work, world.other, [number])) == []


async def test_what_ended_without_arriving_is_sent_again_and_nothing_else(store: Store) -> None:
    world = await store.write(fill)
    rung: set[Ring] = set()

    def again(work: Work, *, late: bool) -> set[int]:
        done = backlog.send_again(work, world.event, world.ids.values(), late=late)
        rung.update(work.rings)
        return set(done)

    first = await store.write(lambda work: again(work, late=False))
    names = {name for name, number in world.ids.items() if number in first}
    assert names == {State.FAILED, State.CANCELLED, State.UNCERTAIN}  # not what is past its time
    assert rung == {Ring("queue", world.queue)}
    assert await store.write(lambda work: again(work, late=True)) == {world.ids["expired"]}
    after = await states(store, world)
    assert {name for name, state in after.items() if state == State.PENDING} == {
        *names, "expired", "pending", "other-pending",
    }  # fmt: skip
    [told] = await store.read(lambda w: backlog.find(w, world.event, ids=[world.ids["expired"]]))
    assert (told.expires_at, told.attempts, told.reason) == (None, 0, "")


async def test_what_waits_is_cancelled_and_what_was_seen_is_sent(store: Store) -> None:
    world = await store.write(fill)
    everything = list(world.ids.values())
    gone = await store.write(lambda work: backlog.cancel(work, world.event, everything))
    assert set(gone) == {world.ids["pending"], world.ids["retry"]}
    seen = await store.write(lambda work: backlog.mark_sent(work, world.event, everything))
    assert seen == [world.ids["uncertain"]]
    after = await states(store, world)
    assert (after["other-pending"], after["other-uncertain"]) == (State.PENDING, State.UNCERTAIN)
    assert (after["pending"], after["uncertain"]) == (State.CANCELLED, State.SENT)


async def test_only_an_event_s_own_are_found_and_their_words_apart(store: Store) -> None:
    world = await store.write(fill)
    theirs = {number for name, number in world.ids.items() if name.startswith("other-")}
    found = await store.read(lambda work: backlog.find(work, world.event, person_id=world.person))
    assert {one.id for one in found} == set(world.ids.values()) - theirs
    uncertain = await store.read(
        lambda work: backlog.find(work, world.other, state=State.UNCERTAIN)
    )
    assert [one.id for one in uncertain] == [world.ids["other-uncertain"]]
    said = await store.read(lambda work: backlog.words(work, world.other, [*world.ids.values()]))
    assert said == {
        world.ids["other-uncertain"]: "lời other-uncertain",
        world.ids["other-pending"]: "lời other-pending",
    }


async def test_postgresql_tells_its_oldest_transaction(store: Store) -> None:
    oldest = await store.read(backlog.oldest_transaction)
    assert (oldest is None) is store.embedded
