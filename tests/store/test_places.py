"""Rows keep their place: what goes back to the queue stays behind what came earlier, and what an
old owner claimed too late is not forgotten."""

from datetime import timedelta
from typing import Any

from bot.clock import SetClock
from bot.store import Store, Work
from bot.store.deliveries import Outcome
from bot.values.delivery import Delivery, State
from tests.crash.broadcast import Crowd, a_letter, gather, owe

FIRST, SECOND = "Thư thứ nhất", "Thư thứ hai"


def said(claimed: list[Delivery]) -> list[str]:
    return [one.reply.text for one in claimed]


async def test_what_goes_back_stays_behind_an_earlier_one_in_retry(
    store: Store, clock: SetClock
) -> None:
    def both_claimed(work: Work) -> tuple[Crowd, list[Delivery]]:
        crowd = gather(work, 1)
        owe(work, crowd.queue_id, [a_letter(FIRST), a_letter(SECOND)], crowd.people)
        return crowd, work.deliveries.claim(crowd.queue_id, 1, 10)

    crowd, (first, second) = await store.write(both_claimed)

    def first_fails(work: Work) -> None:
        due = work.now + timedelta(seconds=1)
        work.deliveries.settle([Outcome(first.id, 1, State.RETRY, due_at=due)])
        work.deliveries.release([second.id], 1)

    await store.write(first_fails)
    clock.forward(timedelta(seconds=2))

    def due(work: Work) -> list[Delivery]:
        work.deliveries.promote_due(crowd.queue_id)
        return work.deliveries.claim(crowd.queue_id, 1, 10)

    assert said(await store.write(due)) == [FIRST, SECOND]


async def test_an_answer_that_goes_back_stays_behind_a_retry_with_a_late_tag(
    store: Store, clock: SetClock
) -> None:
    """An answer claimed by its own turn has no tag yet, a notice in retry has one."""

    def retry_and_answer(work: Work) -> int:
        crowd = gather(work, 1)
        first, second = owe(work, crowd.queue_id, [a_letter(FIRST), a_letter(SECOND)], crowd.people)
        work.deliveries.claim(crowd.queue_id, 1, 10)
        due = work.now + timedelta(seconds=1)
        work.deliveries.settle([Outcome(first, 1, State.RETRY, due_at=due)])
        _set(work, first, vtime=500.0)
        _set(work, second, vtime=0.0)
        work.deliveries.release([second], 1)
        return crowd.queue_id

    queue = await store.write(retry_and_answer)
    clock.forward(timedelta(seconds=2))

    def due(work: Work) -> list[Delivery]:
        work.deliveries.promote_due(queue)
        return work.deliveries.claim(queue, 1, 10)

    assert said(await store.write(due)) == [FIRST, SECOND]


def _set(work: Work, row: int, **values: Any) -> None:
    from bot.store.deliveries import delivery

    work.conn.execute(delivery.update().where(delivery.c.id == row).values(**values))


async def test_what_a_dead_owner_left_stays_behind_what_was_given_back(store: Store) -> None:
    """The second is claimed by its own turn, so it has no tag; the first went back with one."""

    def left(work: Work) -> int:
        crowd = gather(work, 1)
        first, second = owe(work, crowd.queue_id, [a_letter(FIRST), a_letter(SECOND)], crowd.people)
        work.deliveries.claim(crowd.queue_id, 1, 10)
        work.deliveries.release([first], 1)
        _set(work, first, vtime=500.0)
        _set(work, second, vtime=0.0)
        work.deliveries.recover(crowd.queue_id, 2)
        return crowd.queue_id

    queue = await store.write(left)
    assert said(await store.write(lambda work: work.deliveries.claim(queue, 2, 10))) == [
        FIRST,
        SECOND,
    ]
