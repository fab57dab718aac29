""" "I have received it", sending again to the silent, taking back: what a notice comes to."""

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from bot.clock import SetClock
from bot.errors import Refusal
from bot.i18n import Texts
from bot.notices import (
    acknowledge,
    ask_again,
    cancel,
    close,
    expand_due,
    finish_cancels,
    summary_of,
    tend,
    unheard,
)
from bot.notices import ending as endings
from bot.paths import resource
from bot.store import Store, Work
from bot.store.deliveries import Outcome, delivery
from bot.values.delivery import State
from bot.values.letter import Lane
from bot.values.notice import Notice, NoticeState
from bot.values.quiet import Quiet
from tests.notices.crowd import Crowd
from tests.notices.test_going_out import approved, crowded

AGAIN = timedelta(minutes=15)


async def send_all(store: Store, crowd: Crowd, *, fail: int = 0) -> int:
    """The sender takes everything that waits and the platform accepts it, but for the last."""

    def take(work: Work) -> int:
        lease = work.queues.take(crowd.queue_id, "here", work.now, force=True)
        assert lease is not None
        ids = [one.id for one in work.deliveries.claim(crowd.queue_id, lease.epoch, 1000)]
        fine = len(ids) - fail
        states = [State.SENT] * fine + [State.FAILED] * fail
        work.deliveries.settle(
            [
                Outcome(one, lease.epoch, state, "m", reason="blocked" if state != "sent" else None)
                for one, state in zip(ids, states, strict=True)
            ]
        )
        return len(ids)

    return await store.write(take)


async def out_to(store: Store, size: int, **more: Any) -> tuple[Crowd, Notice]:
    """A notice that asks for a word, out and sent to everybody."""
    crowd = await crowded(store, size)
    one = await approved(store, crowd, acknowledge=True, **more)
    await expand_due(store)
    await send_all(store, crowd)
    return crowd, one


async def deliveries(store: Store) -> list[tuple[int, int]]:
    """(delivery, person) of all, oldest first."""
    c = delivery.c
    query = select(c.id, c.person_id).order_by(c.id)
    rows = await store.read(lambda work: work.conn.execute(query).all())
    return [(row.id, row.person_id) for row in rows]


def say(work: Work, crowd: Crowd, person_id: int, delivery_id: object) -> bool:
    """She presses the button under a delivery, on her own telephone."""
    found = acknowledge(work, crowd.event.id, person_id + 1000000000, str(delivery_id))
    return found is not None


async def states(store: Store) -> list[tuple[int, int, str, bool]]:
    c = delivery.c
    query = select(c.person_id, c.round, c.state, c.acknowledged_at).order_by(c.id)
    rows = await store.read(lambda work: work.conn.execute(query).all())
    return [(row[0], row[1], row[2], row[3] is not None) for row in rows]


async def test_her_word_counts_once_and_for_her_alone(store: Store, clock: SetClock) -> None:
    crowd, one = await out_to(store, 3)
    (mine, me), (theirs, _), _ = await deliveries(store)
    assert await store.write(partial(say, crowd=crowd, person_id=me, delivery_id=mine))
    first = await store.read(
        lambda work: work.notice_reports.heard(crowd.event.id, mine, me + 10**9)
    )
    clock.forward(timedelta(minutes=1))
    assert await store.write(partial(say, crowd=crowd, person_id=me, delivery_id=mine))
    again = await store.read(
        lambda work: work.notice_reports.heard(crowd.event.id, mine, me + 10**9)
    )
    assert first == again
    assert first is not None
    assert first.acknowledged_at is not None
    for hostile in (theirs, 0, -1, 10**30, "", "x", "1 OR 1", "١"):
        assert not await store.write(partial(say, crowd=crowd, person_id=me, delivery_id=hostile))
    _, found = await store.read(lambda work: summary_of(work, crowd.event.id, one.id))
    assert (found.people, found.reached, found.acknowledged) == (3, 3, 1)


async def test_another_event_knows_nothing_of_it(store: Store) -> None:
    _, one = await out_to(store, 1)
    other = await crowded(store, 1, "b")
    ((mine, me),) = await deliveries(store)

    def both(work: Work) -> None:
        work.accounts.tie(me + 10**9, me, other.event.id, "card")

    await store.write(both)
    found = await store.write(lambda work: acknowledge(work, other.event.id, me + 10**9, str(mine)))
    assert found is None
    with pytest.raises(Refusal):
        await store.read(lambda work: summary_of(work, other.event.id, one.id))
    with pytest.raises(Refusal):
        await cancel(store, other.event.id, one.id, "x")
    with pytest.raises(Refusal):
        await store.write(lambda work: close(work, other.event.id, one.id, "x"))


async def test_a_telephone_that_no_longer_speaks_for_her_says_nothing(store: Store) -> None:
    crowd, _ = await out_to(store, 2)
    (mine, me), _ = await deliveries(store)
    await store.write(lambda work: work.accounts.untie(me + 10**9, me))
    assert not await store.write(partial(say, crowd=crowd, person_id=me, delivery_id=mine))


async def test_sent_again_only_to_the_silent_after_the_gap_and_so_many_times(
    store: Store, clock: SetClock
) -> None:
    crowd, one = await out_to(store, 4, max_rounds=2)
    rows = await deliveries(store)
    await store.write(partial(say, crowd=crowd, person_id=rows[0][1], delivery_id=rows[0][0]))
    await store.write(lambda work: work.accounts.mark_gone(rows[3][1] + 10**9, "blocked"))
    clock.forward(AGAIN - timedelta(seconds=1))
    assert await ask_again(store) == 0
    clock.forward(timedelta(seconds=31))
    assert await ask_again(store) == 2
    assert await ask_again(store) == 0
    assert await send_all(store, crowd) == 2
    # She answers under the first letter: her second one counts as well, and no third is sent.
    await store.write(partial(say, crowd=crowd, person_id=rows[1][1], delivery_id=rows[1][0]))
    clock.forward(AGAIN + timedelta(seconds=30))
    assert await ask_again(store) == 1
    # Now while it waits: it does not leave any more.
    await store.write(partial(say, crowd=crowd, person_id=rows[2][1], delivery_id=rows[2][0]))
    people = [who for _, who in rows]
    assert await states(store) == [
        (people[0], 0, "sent", True),
        (people[1], 0, "sent", True),
        (people[2], 0, "sent", True),
        (people[3], 0, "sent", False),
        (people[1], 1, "sent", True),
        (people[2], 1, "sent", True),
        (people[2], 2, "cancelled", False),
    ]
    clock.forward(AGAIN * 4)
    assert await ask_again(store) == 0
    _, found = await store.read(lambda work: summary_of(work, crowd.event.id, one.id))
    assert (found.acknowledged, found.rounds) == (3, {1: 2, 2: 1})
    silent = await store.read(lambda work: work.notice_reports.silent(one))
    assert [each.name for each in silent] == [f"Đại biểu {people[3]}"]


async def test_an_urgent_one_is_sent_again_sooner_but_not_while_telephones_are_away(
    store: Store, clock: SetClock
) -> None:
    crowd, _ = await out_to(store, 2, lane=Lane.URGENT, max_rounds=1, gap=timedelta(minutes=3))
    span = (clock.now(), clock.now() + timedelta(minutes=30))
    quiet = Quiet(crowd.event.zone, None, (span,))
    await store.write(lambda work: work.events.set_quiet(crowd.event.id, quiet))
    clock.forward(timedelta(minutes=29))
    assert await ask_again(store) == 0
    clock.forward(timedelta(minutes=2))
    assert await ask_again(store) == 2


@pytest.mark.parametrize("end", ["close", "cancel"])
async def test_ended_it_is_not_sent_again(store: Store, clock: SetClock, end: str) -> None:
    crowd, one = await out_to(store, 2, max_rounds=1)
    if end == "close":
        await store.write(lambda work: close(work, crowd.event.id, one.id, "x"))
    else:
        assert await cancel(store, crowd.event.id, one.id, "x") == (0, 2, 0)
    clock.forward(AGAIN * 2)
    assert await ask_again(store) == 0
    # Who holds it may still say so.
    (mine, me), _ = await deliveries(store)
    assert await store.write(partial(say, crowd=crowd, person_id=me, delivery_id=mine))


async def test_cancelled_what_has_not_left_stays_here(store: Store) -> None:
    crowd = await crowded(store, 25)
    one = await approved(store, crowd)
    await expand_due(store)

    def half(work: Work) -> None:
        lease = work.queues.take(crowd.queue_id, "here", work.now, force=True)
        assert lease is not None
        ids = [each.id for each in work.deliveries.claim(crowd.queue_id, lease.epoch, 12)]
        work.deliveries.settle([Outcome(i, lease.epoch, State.SENT, "m") for i in ids[:8]])
        again = work.now + timedelta(minutes=1)
        work.deliveries.settle([Outcome(ids[8], lease.epoch, State.RETRY, due_at=again)])

    await store.write(half)
    assert await cancel(store, crowd.event.id, one.id, "x") == (14, 8, 3)
    with pytest.raises(Refusal):
        await cancel(store, crowd.event.id, one.id, "x")
    counted = Counter(state for _, _, state, _ in await states(store))
    assert counted == {"sent": 8, "claimed": 3, "cancelled": 14}


@pytest.mark.parametrize("limit", [2, 5, 100])
async def test_a_cancel_that_was_killed_half_way_is_finished_by_a_tick(
    store: Store, limit: int
) -> None:
    crowd = await crowded(store, 5)
    one = await approved(store, crowd)
    await expand_due(store)
    await store.write(lambda work: endings._begin(work, crowd.event.id, one.id, "x"))
    assert await finish_cancels(store, limit) == 5
    assert await finish_cancels(store) == 0
    assert {state for _, _, state, _ in await states(store)} == {"cancelled"}


async def test_cancelled_while_it_goes_out_nothing_more_is_owed(store: Store) -> None:
    crowd = await crowded(store, 5)
    one = await approved(store, crowd)
    await store.write(lambda work: work.notices.begin(one.id))
    await cancel(store, crowd.event.id, one.id, "x")
    assert await expand_due(store) == 0


async def test_who_was_not_reached_by_name_and_why(store: Store) -> None:
    crowd = await crowded(store, 6)
    people = list(range(crowd.first, crowd.last + 1))

    def scatter(work: Work) -> None:
        work.accounts.untie(people[0] + 10**9, people[0])
        work.accounts.untie(people[1] + 10**9, people[1])
        work.people.stop_notices(people[2], True)

    await store.write(scatter)
    one = await approved(store, crowd)
    missing = await store.read(lambda work: work.notice_reports.unreached(one))
    assert [each.why for each in missing] == ["not yet"] * 6
    await expand_due(store)
    one = (await store.read(lambda work: summary_of(work, crowd.event.id, one.id)))[0]
    await send_all(store, crowd, fail=1)
    later = ("card",)
    await store.write(
        lambda work: work.accounts.tie(people[1] + 10**9, people[1], crowd.event.id, *later)
    )
    missing = await store.read(lambda work: work.notice_reports.unreached(one))
    assert [(each.name, each.why) for each in missing] == [
        (f"Đại biểu {people[0]}", "no address"),
        (f"Đại biểu {people[1]}", "linked later"),
        (f"Đại biểu {people[2]}", "stopped notices"),
        (f"Đại biểu {people[5]}", "blocked"),
    ]
    _, found = await store.read(lambda work: summary_of(work, crowd.event.id, one.id))
    assert found == (6, {"sent": 2, "failed": 1}, 3, 2, 0, {})
    after = await store.read(lambda work: work.notice_reports.unreached(one, 1, people[1]))
    assert [each.person_id for each in after] == [people[2]]


async def test_what_waits_for_her_word_is_what_came_after_her_last_turn(
    store: Store, clock: SetClock
) -> None:
    crowd, _ = await out_to(store, 1)
    ((mine, me),) = await deliveries(store)
    look = partial(unheard, event_id=crowd.event.id, address_id=me + 10**9)
    sent = clock.now()
    before, after = sent - timedelta(seconds=1), sent + timedelta(seconds=1)
    assert [each.delivery_id for each in await store.read(partial(look, since=before))] == [mine]
    assert await store.read(partial(look, since=after)) == []
    await store.write(partial(say, crowd=crowd, person_id=me, delivery_id=mine))
    assert await store.read(partial(look, since=before)) == []


async def test_forgotten_she_has_said_nothing_and_is_named_nowhere(store: Store) -> None:
    crowd, one = await out_to(store, 2)
    (mine, me), _ = await deliveries(store)
    await store.write(partial(say, crowd=crowd, person_id=me, delivery_id=mine))
    kept = await store.read(lambda work: work.belongings.of(crowd.event.id, me))
    assert [row["acknowledged_at"] is not None for row in kept["delivery"]] == [True]
    assert len(kept["notice_recipient"]) == 1
    await store.write(lambda work: work.privacy.forget_talk(me))
    kept = await store.read(lambda work: work.belongings.of(crowd.event.id, me))
    assert [row["acknowledged_at"] for row in kept["delivery"]] == [None]
    assert kept["notice_recipient"] == []
    silent = await store.read(lambda work: work.notice_reports.silent(one))
    assert me not in [each.person_id for each in silent]
    counts = await store.write(lambda work: work.retention.forget_people(crowd.event.id))
    assert counts["notice_recipient"] == 1


async def test_one_tick_does_all_of_it(store: Store, clock: SetClock) -> None:
    texts = Texts.load(resource("locales"))
    crowd = await crowded(store, 3)
    one = await approved(store, crowd, acknowledge=True, max_rounds=1)
    gone = await approved(store, crowd, expires_at=clock.now() + timedelta(minutes=1))
    await tend(store, texts)
    clock.forward(timedelta(minutes=2))
    late = await approved(store, crowd, expires_at=clock.now() + timedelta(minutes=1))
    clock.forward(timedelta(minutes=2))
    await send_all(store, crowd)
    clock.forward(AGAIN)
    await tend(store, texts)
    found = await store.read(
        lambda work: {each.id: each.state for each in work.notices.of_event(crowd.event.id)}
    )
    out = NoticeState.EXPANDED
    assert found == {one.id: out, gone.id: out, late.id: NoticeState.EXPIRED}
    assert Counter(number for _, number, _, _ in await states(store)) == {0: 6, 1: 3}
