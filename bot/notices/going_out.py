"""A notice goes out: from approved to one delivery for each person, and again to who was silent.

The times are in the rows. Any number of processes may do this at any moment, and be killed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.i18n import Texts
from bot.store import Store, Work
from bot.store.fanout import CHUNK, chunk_of
from bot.store.wake import ALL
from bot.values.letter import Lane, Letter
from bot.values.notice import Notice, NoticeState, QuietHours, spoken_in

log = structlog.get_logger()

Chains = Mapping[str, Sequence[str]]
ROUNDS_SECONDS = 30  # how often who has not acknowledged is looked for


def chains_of(texts: Texts) -> Chains:
    """Which languages the speakers of each language read, best first."""
    return {code: language.chain for code, language in texts.languages.items()}


async def expand_due(store: Store, chains: Chains | None = None, limit: int | None = None) -> int:
    """Owe every notice whose time has come to all of its people; returns how many rows that made.

    `limit` people in a transaction, the urgent notice first, else one chunk of each in turn. What
    a killed process left half-way goes on where it stopped; run twice at once, each chunk is done
    by one of the two.
    """
    rows, passed, most = 0, set[int](), limit or chunk_of(store.embedded)
    while going := [one for one in await store.read(_going) if one.id not in passed]:
        for one in going:
            made = await store.write(partial(_step, one=one, chains=chains or {}, limit=most))
            rows += made or 0
            if made is None:
                passed.add(one.id)
    return rows


async def ask_again(store: Store, chains: Chains | None = None, limit: int = CHUNK) -> int:
    """Owe notices once more to who was sent them and has not acknowledged; returns how many rows.

    Not while telephones are away, nor in quiet hours unless it is urgent.
    """
    due = await store.write(
        lambda work: work.notices.look_at_rounds(work.now + timedelta(seconds=ROUNDS_SECONDS))
    )
    rows = 0
    for one in due:
        made = limit
        while made == limit:
            made = await store.write(partial(_again, one=one, chains=chains or {}, limit=limit))
            rows += made
    return rows


async def expire(store: Store) -> list[int]:
    """Notices that did not go out in time do not go out late; which ones. They stay to be seen."""
    late = await store.write(lambda work: work.notices.expire())
    for notice_id in late:
        log.warning("a notice expired before it went out to everybody", notice=notice_id)
    return late


async def keep_quiet(store: Store) -> int:
    """While an event is quiet, what waits there in lanes 2 and 3 waits for its end; how many rows.

    Only its due time changes: the sender makes it ready again by itself.
    """
    held = await store.read(_quiet_events)
    parked = 0
    for event_id, until in held:
        parked += await store.write(partial(_park, event_id=event_id, until=until))
    return parked


def _going(work: Work) -> list[Notice]:
    """Notices on their way, and those that may begin now."""
    return [one for one in work.notices.waiting() if not _held(work, one)]


def _held(work: Work, one: Notice) -> bool:
    """Is it to wait? A closed event is told nothing more; an ordinary notice waits for the end of
    quiet hours, also when it is on its way already."""
    event = work.events.get(one.event_id)
    if event is None or event.closed_at is not None:
        return True
    waits = one.ordinary and one.quiet_hours is QuietHours.WAIT
    return waits and work.events.quiet(one.event_id).until(work.now) is not None


def _park(work: Work, event_id: int, until: datetime) -> int:
    return work.fanout.park(event_id, until, Lane.SCHEDULED)


def _quiet_events(work: Work) -> list[tuple[int, datetime]]:
    ends = ((one.id, work.events.quiet(one.id).until(work.now)) for one in work.events.all())
    return [(event_id, until) for event_id, until in ends if until is not None]


def _step(work: Work, one: Notice, chains: Chains, limit: int) -> int | None:
    """One chunk of a notice, with its cursor, in one commit; the rows it made.

    None: it is out, or cancelled, or another process is at it.
    """
    if one.state is NoticeState.APPROVED:
        work.notices.begin(one.id)
    now = work.notices.hold(one.id)
    if now is None:
        return None
    last = work.fanout.last_of_chunk(now.id, now.cursor, limit)
    if last is None:
        work.notices.finish(now.id)
        return None
    letter_id = _letter(work, now)
    wave = work.fanout.expand(now, letter_id, last, spoken_in(now.texts, chains))
    more = work.fanout.by_template(replace(now, tags=wave.tags), letter_id, last)
    work.notices.advance(now.id, last, more.tags)
    work.rings.add(ALL)  # whichever queues they stand in
    return wave.rows + more.rows


def _again(work: Work, one: Notice, chains: Chains, limit: int) -> int:
    quiet = work.events.quiet(one.event_id)
    if _held(work, one) or quiet.away_until(work.now) is not None:
        return 0
    if not work.notices.is_out(one.id):
        return 0
    work.rings.add(ALL)
    return work.fanout.again(one, _letter(work, one), spoken_in(one.texts, chains), limit).rows


def _letter(work: Work, one: Notice) -> int:
    """The notice's one letter, written the first time."""
    letter = Letter(
        one.key,
        dict(one.texts),
        event_id=one.event_id,
        lane=one.lane,
        expires_at=one.expires_at,
        on_unknown=one.on_unknown,
        notice_id=one.id,
    )
    work.letters.add_all([letter])
    found = work.letters.id_of(one.key)
    assert found is not None
    return found
