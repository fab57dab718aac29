"""What we owe: letters become deliveries in the turn's own transaction, each exactly once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.store import Work
from bot.store.wake import Ring
from bot.values.delivery import Act, Delivery, State
from bot.values.letter import Lane, Letter
from bot.values.reply import Reply


@dataclass(frozen=True, slots=True)
class Owed:
    """One letter to one person at one address.

    `acts_on`: the channel's id of what a tap answer or an edit is about; `target_id`: the delivery
    that said it, if one of ours did. `slow`: she is told one thing at a time.
    """

    letter: Letter
    person_id: int
    address_id: int
    sender: str
    queue_id: int
    language: str
    act: Act = Act.SAY
    acts_on: str = ""
    accepted_at: datetime | None = None
    target_id: int | None = None
    slow: bool = False


def put(work: Work, owed: list[Owed], epochs: Mapping[int, int]) -> list[Delivery]:
    """Write what is owed. Returns the deliveries that this process may send at once.

    `epochs` are the queues this process owns. The lease is checked in this transaction: a queue
    lost in between gets its rows as pending, for the new owner to find.
    """
    ids = work.letters.add_all([one.letter for one in owed])
    fresh = [one for one in owed if one.letter.key in ids]
    held = {queue: epoch for queue, epoch in epochs.items() if _holds(work, queue, epoch, fresh)}
    rows = [_row(work, one, ids[one.letter.key], held.get(one.queue_id)) for one in fresh]
    made = work.deliveries.add_all(rows)
    pending = {row["queue_id"] for row in rows if row["owner_epoch"] is None}
    work.rings.update(Ring("queue", queue) for queue in pending)
    return list(_handed(fresh, made, held))


def claim(
    work: Work,
    queue_id: int,
    epoch: int,
    limit: int,
    *,
    busy: Iterable[int] = (),
    below: Lane | None = None,
) -> list[Delivery]:
    """Take rows that may leave now, and move fair share on to the last tag that was taken.

    Nothing when another owner has the queue: an owner that slept and woke takes no rows.
    """
    if not work.queues.holds(queue_id, epoch, firmly=True):
        return []
    claimed = work.deliveries.claim(queue_id, epoch, limit, busy=busy, below=below)
    if claimed:
        work.queues.advance(queue_id, max(one.vtime for one in claimed))
    return claimed


def _holds(work: Work, queue_id: int, epoch: int, owed: list[Owed]) -> bool:
    return any(one.queue_id == queue_id for one in owed) and work.queues.holds(queue_id, epoch)


def _row(work: Work, one: Owed, letter_id: int, epoch: int | None) -> dict[str, Any]:
    claimed = epoch is not None
    return {
        "event_id": one.letter.event_id,
        "queue_id": one.queue_id,
        "lane": one.letter.lane,
        "vtime": 0.0 if claimed else _tag(work, one),
        "letter_id": letter_id,
        "person_id": one.person_id,
        "address_id": one.address_id,
        "lang": one.language,
        "params": {"acts_on": one.acts_on} if one.acts_on else None,
        "act": one.act,
        "state": State.CLAIMED if claimed else State.PENDING,
        "expires_at": one.letter.expires_at,
        "owner_epoch": epoch,
        "claimed_at": work.now if claimed else None,
        "target_id": one.target_id,
    }


def _tag(work: Work, one: Owed) -> float:
    return fair_tag(work, one.queue_id, one.letter.event_id, one.letter.lane)


def fair_tag(work: Work, queue_id: int, event_id: int | None, lane: Lane) -> float:
    """Start-time fair queueing: behind this event's own waiting rows, not behind all others'."""
    last = work.deliveries.last_vtime(queue_id, event_id, lane)
    return max(work.queues.virtual_time(queue_id), last or 0.0) + 1.0


def _handed(owed: list[Owed], ids: list[int], held: Mapping[int, int]) -> Iterator[Delivery]:
    for one, row_id in zip(owed, ids, strict=True):
        if one.queue_id in held:
            yield Delivery(
                id=row_id,
                queue_id=one.queue_id,
                address_id=one.address_id,
                sender=one.sender,
                reply=one.letter.texts.get(one.language, Reply("")),
                lane=Lane(one.letter.lane),
                act=one.act,
                epoch=held[one.queue_id],
                acts_on=one.acts_on,
                on_unknown=one.letter.on_unknown,
                expires_at=one.letter.expires_at,
                slow=one.slow,
                accepted_at=one.accepted_at,
            )
