"""An address that is gone: what was owed there goes to the person's next one, the same row."""

from bot import reach
from bot.outbox import fair_tag
from bot.store import Work
from bot.values.delivery import Act, Delivery
from bot.values.letter import Lane


def move(work: Work, delivery: Delivery, reason: str) -> int | None:
    """Mark the address; the queue that has the row now, or None when it must fail.

    An answer belongs where it was asked for, and an edit to what stands there: these fail.
    """
    work.accounts.mark_gone(delivery.address_id, reason)
    if delivery.lane is Lane.REPLY or delivery.act is not Act.SAY:
        return None
    person_id, event_id = work.deliveries.whose(delivery.id)
    place = reach.address_of(work, person_id, event_id) if event_id is not None else None
    if place is None:
        return None
    queue_id = work.queues.ensure(place.account_id)
    tag = fair_tag(work, queue_id, event_id, delivery.lane)
    moved = work.deliveries.move(delivery.id, delivery.epoch, place.id, queue_id, tag)
    return queue_id if moved else None
