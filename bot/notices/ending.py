"""A notice ends: cancelled (what has not left stays here) or closed (nobody is asked again)."""

from functools import partial
from typing import NamedTuple

from bot.errors import Refusal
from bot.store import Store, Work
from bot.store.fanout import CHUNK, Chunk
from bot.store.notice_reports import Summary
from bot.values.notice import Notice, NoticeState

CANCELLED = "cancelled"


class Stopped(NamedTuple):
    """What cancelling did: how many letters do not leave, how many people have theirs already, how
    many were on the wire at that moment."""

    stopped: int
    sent: int
    on_the_wire: int


async def cancel(store: Store, event_id: int, notice_id: int, who: str) -> Stopped:
    """Take a notice back. Raises Refusal when it has ended.

    From the first commit on nothing new is owed; what waits is stopped some thousands at a time,
    by a tick if this process dies meanwhile.
    """
    one = await store.write(lambda work: _begin(work, event_id, notice_id, who))
    stopped = await _stop(store, one)
    summary = await store.read(lambda work: work.notice_reports.summary(one))
    return Stopped(stopped, summary.reached, summary.by_state.get("claimed", 0))


async def finish_cancels(store: Store, limit: int = CHUNK) -> int:
    """Stop what still waits of notices that were cancelled; how many letters.

    `limit` people in a transaction.
    """
    left = await store.read(_left)
    return sum([await _stop(store, one, limit) for one in left])


def close(work: Work, event_id: int, notice_id: int, who: str) -> Notice:
    """Nobody is asked again; what waits still leaves. Raises Refusal when it is not out."""
    if work.notices.get(event_id, notice_id) is None or not work.notices.close(notice_id):
        raise Refusal(f"Notice {notice_id} of this event is not out.")
    work.audit.add(event_id, who, "notice.close", f"notice:{notice_id}")
    return _found(work, event_id, notice_id)


def summary_of(work: Work, event_id: int, notice_id: int) -> tuple[Notice, Summary]:
    """A notice with its numbers. Raises Refusal when it is not of this event."""
    one = _found(work, event_id, notice_id)
    return one, work.notice_reports.summary(one)


def _begin(work: Work, event_id: int, notice_id: int, who: str) -> Notice:
    one = _found(work, event_id, notice_id)
    if not work.notices.cancel(notice_id):
        raise Refusal(f"Notice {notice_id} has ended already: {one.state}.")
    work.audit.add(event_id, who, "notice.cancel", f"notice:{notice_id}")
    return _found(work, event_id, notice_id)


def _found(work: Work, event_id: int, notice_id: int) -> Notice:
    one = work.notices.get(event_id, notice_id)
    if one is None:
        raise Refusal(f"There is no notice {notice_id} in this event.")
    return one


def _left(work: Work) -> list[Notice]:
    return work.notices.in_state(NoticeState.CANCELLED, ended=False)


async def _stop(store: Store, one: Notice, limit: int = CHUNK) -> int:
    stopped, last = 0, 0
    while True:
        some = await store.write(partial(_stop_some, one=one, after=last, limit=limit))
        stopped += some.rows
        if some.last is None:
            return stopped
        last = some.last


def _stop_some(work: Work, one: Notice, after: int, limit: int) -> Chunk:
    letter_id = work.letters.id_of(one.key)
    some = Chunk(0, None)
    if letter_id is not None:
        some = work.fanout.stop(letter_id, CANCELLED, after, limit)
    if some.last is None:
        work.notices.cancelled_whole(one.id)
    return some
