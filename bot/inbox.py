"""Accepts what reached us, durably; then turns it: one address at a time, people in parallel.

Two commits. Accept: the update is kept, and only then the channel answers its platform. Turn:
session, deliveries and "done" in one transaction. Whatever stops in between is turned later.
"""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

import structlog

from bot import metrics
from bot.commands import NO_MENU, menu_in
from bot.errors import Deadlock, DiskFull, StaleSession, StoreError
from bot.fit import Capabilities
from bot.outbox import Owed, put
from bot.pacing import FLOOD_BURST, FLOOD_RATE, Buckets
from bot.reception import House
from bot.router import Router
from bot.standing import Standing, stand
from bot.store import Store, Work
from bot.turn import Turn
from bot.values.delivery import Act, Delivery
from bot.values.incoming import Incoming, Kind
from bot.values.letter import Lane, Letter
from bot.values.reply import Choice, Reply

log = structlog.get_logger()

REPLAYS = 3
MOST_ATTEMPTS = 3
# Older than this and not being turned here: its process died, a tick turns it.
FORGOTTEN = timedelta(seconds=15)
# A tap answer stops a spinner; later than this the platform does not want it any more.
TAP_ANSWER_LIFE = timedelta(seconds=20)

Where = tuple[int, str]


class Doors(Protocol):
    """What the inbox needs of the senders: which queues are ours, and a way to hand rows over."""

    def queue_of(self, account_id: int) -> int: ...
    def can(self, account_id: int) -> Capabilities: ...
    def epochs(self) -> Mapping[int, int]: ...
    def hand(self, deliveries: Sequence[Delivery]) -> None: ...
    def wake(self, queue_id: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Accepted:
    """An update that is kept and waits for its turn."""

    id: int
    incoming: Incoming

    @property
    def where(self) -> Where:
        """The address: what keeps messages of one person in order."""
        return self.incoming.account_id, self.incoming.sender


@dataclass(frozen=True, slots=True)
class Written:
    """What a turn's commit left: deliveries to hand over, and queues with rows in the table."""

    handed: Sequence[Delivery] = ()
    in_table: frozenset[int] = frozenset()


class Inbox:
    """Accepts and turns. `guarded` False switches the flood guard off (own terminal, tests)."""

    def __init__(
        self, store: Store, house: House, router: Router, doors: Doors, *, guarded: bool = True
    ) -> None:
        self._store = store
        self._house = house
        self._router = router
        self._doors = doors
        self._guard: Buckets[Where] | None = Buckets(FLOOD_RATE, FLOOD_BURST) if guarded else None
        self._gathering: list[tuple[Incoming, asyncio.Future[bool]]] = []
        self._flushing: asyncio.Task[None] | None = None
        self._waiting: dict[Where, deque[Accepted]] = {}
        self._turning: set[asyncio.Task[None]] = set()
        self._here: set[int] = set()

    async def accept(self, incoming: Incoming) -> bool:
        """Keep an update; True when it is new. Raises StoreError when it cannot be kept."""
        incoming = incoming.storable()
        if self._floods(incoming):
            metrics.ACCEPTED.labels(incoming.kind, "flood").inc()
            return False
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._gathering.append((incoming, future))
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self._flush(), name="accept")
        return await future

    def _floods(self, incoming: Incoming) -> bool:
        """Twenty messages a second from one address are no conversation: dropped quietly."""
        if self._guard is None:
            return False
        now = asyncio.get_running_loop().time()
        bucket = self._guard.of((incoming.account_id, incoming.sender), now)
        if bucket.wait(now) > 0:
            return True
        bucket.take(now)
        return False

    async def _flush(self) -> None:
        """Group commit: while one batch is written, the next gathers."""
        while self._gathering:
            batch, self._gathering = self._gathering, []
            try:
                ids = await self._keep([incoming for incoming, _ in batch])
            except Exception as error:
                self._refuse(batch, error)
                continue
            for (incoming, future), row_id in zip(batch, ids, strict=True):
                if row_id is not None:
                    self._line_up(Accepted(row_id, incoming))
                metrics.ACCEPTED.labels(incoming.kind, "new" if row_id else "seen").inc()
                if not future.done():
                    future.set_result(row_id is not None)

    def _refuse(self, batch: list[tuple[Incoming, asyncio.Future[bool]]], error: Exception) -> None:
        """Whoever sent them is told that they were not kept, and sends them again."""
        if isinstance(error, DiskFull):
            log.error("updates not accepted", count=len(batch), why=str(error))
        else:
            log.exception("updates not accepted", count=len(batch))
        told = error if isinstance(error, StoreError) else StoreError(type(error).__name__)
        for _, future in batch:
            if not future.done():
                future.set_exception(told)

    async def _keep(self, updates: list[Incoming]) -> list[int | None]:
        return await self._store.write(lambda work: work.inbound.accept(updates))

    def _line_up(self, accepted: Accepted) -> None:
        """Behind what the same address sent before; other addresses do not wait."""
        self._here.add(accepted.id)
        line = self._waiting.setdefault(accepted.where, deque())
        line.append(accepted)
        if len(line) == 1:
            task = asyncio.create_task(self._work_off(accepted.where, line), name="turn")
            self._turning.add(task)
            task.add_done_callback(self._turning.discard)

    async def _work_off(self, where: Where, line: deque[Accepted]) -> None:
        while line:
            try:
                await self._turn(line[0])
            finally:
                self._here.discard(line.popleft().id)
        del self._waiting[where]

    async def _turn(self, accepted: Accepted) -> None:
        for _ in range(REPLAYS):
            try:
                written = await self._store.write(lambda work: self._answer(work, accepted))
            except (StaleSession, Deadlock):
                continue
            except StoreError:
                # The database is away: the update is kept, a tick turns it when it is back.
                log.exception("turn postponed", inbound=accepted.id)
                return
            except Exception:
                log.exception("a turn broke", inbound=accepted.id)
                await self._apologise(accepted)
                return
            self._leave(written)
            metrics.TURNS.labels("answered").inc()
            return
        log.error("turn replayed in vain", inbound=accepted.id)

    def _answer(self, work: Work, accepted: Accepted) -> Written:
        """The whole turn, inside one transaction."""
        if not work.inbound.finish(accepted.id):
            return Written()
        standing = stand(work, self._house, accepted.incoming)
        turn = standing.turn(work, self._house)
        spoken = standing.person.language
        self._router.answer(turn)
        standing.save(work, turn)
        for told in turn.told:
            work.sessions.number_anew(told.address.id, told.reply)
        owed = self._owed(accepted, standing, turn)
        if turn.person.language != spoken and self._doors.can(accepted.incoming.account_id).menus:
            owed.append(self._menu(accepted, standing, turn))
        return self._put(work, [*owed, *self._told(work, accepted, turn)])

    def _put(self, work: Work, owed: list[Owed]) -> Written:
        # All that goes to one queue is handed over, or nothing of it.
        handed = put(work, owed, self._doors.epochs())
        left = {one.queue_id for one in owed} - {one.queue_id for one in handed}
        return Written(handed, in_table=frozenset(left))

    def _told(self, work: Work, accepted: Accepted, turn: Turn) -> list[Owed]:
        """What she is told elsewhere, each through the queue of that address's own account."""
        update = accepted.incoming.update_id
        return [
            Owed(
                Letter(
                    f"in:{accepted.incoming.account_id}:{update}:tell{number}",
                    {told.reply.language: told.reply},
                    event_id=turn.event.id,
                ),
                told.person_id,
                told.address.id,
                told.address.sender,
                # Perhaps a queue of another process: the rows wait there as pending.
                work.queues.ensure(told.address.account_id),
                told.reply.language,
                slow=turn.person.simple,
            )
            for number, told in enumerate(turn.told)
        ]

    def _owed(self, accepted: Accepted, standing: Standing, turn: Turn) -> list[Owed]:
        owed = [
            self._letter(accepted, standing, str(ordinal), reply)
            for ordinal, reply in enumerate(turn.replies)
        ]
        if accepted.incoming.tap_id:
            owed.append(self._tap_answer(accepted, standing, turn))
        return owed

    def _letter(self, accepted: Accepted, standing: Standing, end: str, reply: Reply) -> Owed:
        incoming = accepted.incoming
        language = reply.language
        return Owed(
            Letter(
                f"in:{incoming.account_id}:{incoming.update_id}:{end}",
                {language: reply},
                event_id=standing.event_id,
                lane=Lane.REPLY,
            ),
            standing.person_id,
            standing.address_id,
            incoming.sender,
            self._doors.queue_of(incoming.account_id),
            language,
            accepted_at=incoming.received_at,
            slow=standing.person.simple,
        )

    def _tap_answer(self, accepted: Accepted, standing: Standing, turn: Turn) -> Owed:
        plain = self._letter(accepted, standing, "tap", Reply(""))
        letter = replace(plain.letter, texts={}, expires_at=turn.now + TAP_ANSWER_LIFE)
        tap_id = accepted.incoming.tap_id
        return replace(plain, letter=letter, act=Act.ANSWER_TAP, acts_on=tap_id)

    def _menu(self, accepted: Accepted, standing: Standing, turn: Turn) -> Owed:
        """The commands behind the menu button follow her choice; nobody waits for them."""
        menu = menu_in(turn.t) if turn.person.language else NO_MENU
        plain = self._letter(
            accepted, standing, "menu", replace(menu, language=turn.t.language.code)
        )
        return replace(plain, letter=replace(plain.letter, lane=Lane.ROUTINE), act=Act.MENU)

    def _leave(self, written: Written) -> None:
        self._doors.hand(written.handed)
        for queue in sorted(written.in_table):
            self._doors.wake(queue)

    async def _apologise(self, accepted: Accepted) -> None:
        """One apology with a person to turn to; her session is untouched, she can try again."""
        metrics.TURNS.labels("broken").inc()
        try:
            written = await self._store.write(lambda work: self._sorry(work, accepted))
        except Exception:
            log.exception("no apology either", inbound=accepted.id)
            await self._give_up_in_time(accepted)
        else:
            self._leave(written)

    def _sorry(self, work: Work, accepted: Accepted) -> Written:
        if not work.inbound.finish(accepted.id) or accepted.incoming.kind is Kind.LEFT:
            return Written()
        standing = stand(work, self._house, accepted.incoming)
        turn = standing.turn(work, self._house)
        standing.keep(work)
        turn.say(
            turn.t("Sorry, this could not be answered just now. Please try again."),
            Choice(turn.t("🙋 Talk to a person"), "helper.start"),
            Choice(turn.t("To the menu"), "menu.show"),
        )
        owed = [self._letter(accepted, standing, "sorry", turn.replies[-1])]
        if accepted.incoming.tap_id:
            owed.append(self._tap_answer(accepted, standing, turn))
        return self._put(work, owed)

    async def _give_up_in_time(self, accepted: Accepted) -> None:
        """An update that breaks every time must not be turned for ever."""

        def count(work: Work) -> None:
            if work.inbound.failed(accepted.id) >= MOST_ATTEMPTS:
                work.inbound.finish(accepted.id)

        try:
            await self._store.write(count)
        except Exception:
            log.exception("not even counted", inbound=accepted.id)

    async def catch_up(self, *, older_than: timedelta = FORGOTTEN) -> int:
        """Turn what was accepted and never finished: a tick's work, and the first at start."""
        before = self._store.clock.now() - older_than
        waiting = await self._store.read(lambda work: work.inbound.waiting(before))
        left = [one for one in waiting if one.id not in self._here]
        for one in left:
            self._line_up(Accepted(one.id, one.incoming))
        return len(left)

    async def drained(self) -> None:
        """Wait until everything accepted so far was turned."""
        while self._turning or (self._flushing is not None and not self._flushing.done()):
            await asyncio.gather(*self._turning, *filter(None, [self._flushing]))

    async def close(self) -> None:
        """Finish the turns that run."""
        await self.drained()
