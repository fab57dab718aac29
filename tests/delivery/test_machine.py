"""The state machine of a delivery against a small model, in any order of events, on both databases.

The model knows three things of each row: whether it is over, how often a platform may have
accepted it, and which rows to the same address came before it. Time stands until a rule moves it.
"""

import asyncio
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.clock import SetClock
from bot.errors import Gone, Rejected, SendError, Throttled, Unavailable, Uncertain
from bot.outbox import Owed, claim, put
from bot.sender.outcomes import after_error
from bot.store import Work
from bot.store.deliveries import Outcome
from bot.store.deliveries import delivery as table
from bot.store.queues import Lease
from bot.values.delivery import TERMINAL, Delivery, State
from bot.values.letter import Lane, Letter, OnUnknown
from bot.values.reply import Reply
from tests.conftest import MORNING
from tests.databases import PostgresServer, careless

T = TypeVar("T")
CHATS = 2
LEASE = timedelta(seconds=10)
OUTCOMES = st.sampled_from(["accepted", "lost answer", "cut", "429", "refused", "gone", "timeout"])
ERRORS: dict[str, Callable[[], SendError]] = {
    "cut": lambda: Unavailable("cut"),
    "429": lambda: Throttled("429", wait_seconds=7),
    "refused": lambda: Rejected("400"),
    "gone": lambda: Gone("blocked"),
    "timeout": lambda: Uncertain("timeout"),
    "lost answer": lambda: Uncertain("lost"),
}


class Owner:
    """A process that has, or believes it has, the queue."""

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        self.has: list[Delivery] = []


class Engine(RuleBasedStateMachine):
    """Rules are what may happen; invariants are what must hold after each of them."""

    url = ""
    make: Callable[[], str]

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.clock = SetClock(MORNING)
        self.store = careless(type(self).make(), self.clock)
        self.owners: list[Owner] = []
        self.accepted: Counter[int] = Counter()
        self.unknown: Counter[int] = Counter()
        self.heard: dict[int, list[int]] = {chat: [] for chat in range(CHATS)}
        self.held: set[int] = set()
        self.over: dict[int, str] = {}
        self.owed: dict[int, tuple[int, Lane]] = {}
        self.letters = 0

    def do(self, what: Callable[[Work], T]) -> T:
        return self.loop.run(self.store.write(what))

    def teardown(self) -> None:
        self.loop.run(self.store.close())
        self.loop.close()

    @initialize()
    def begin(self) -> None:
        def make(work: Work) -> tuple[int, list[tuple[int, int]]]:
            account = work.accounts.ensure("fake", "one").id
            chats = [
                (work.accounts.add_address(account, f"chat-{n}").id, work.people.add())
                for n in range(CHATS)
            ]
            return work.queues.ensure(account), chats

        self.queue, self.chats = self.do(make)
        self.take()

    @rule(
        chat=st.integers(0, CHATS - 1),
        lane=st.sampled_from([Lane.REPLY, Lane.ROUTINE]),
        hold=st.booleans(),
        expires=st.sampled_from([None, None, 15]),
        handed=st.booleans(),
    )
    def put(self, chat: int, lane: Lane, hold: bool, expires: int | None, handed: bool) -> None:
        """Something is owed; the owner of the moment may get it in memory at once."""
        self.letters += 1
        policy = OnUnknown.HOLD if hold else OnUnknown.RESEND
        late = self.clock.now() + timedelta(seconds=expires) if expires else None
        letter = Letter(f"k{self.letters}", {"vi": Reply("x")}, None, lane, late, policy)
        place, person = self.chats[chat]
        owed = Owed(letter, person, place, f"chat-{chat}", self.queue, "vi")
        # A sender hands nothing past what the table holds for an address: neither do we here.
        alone = not any(
            whose == chat for one, (whose, _) in self.owed.items() if one not in self.over
        )
        owner = self.owners[-1] if handed and alone and self.owners else None

        def write(work: Work) -> tuple[list[Delivery], int]:
            epochs = {self.queue: owner.lease.epoch} if owner else {}
            got = put(work, [owed], epochs)
            query = table.select().order_by(table.c.id.desc()).limit(1)
            return got, work.conn.execute(query).one().id

        got, row = self.do(write)
        if owner:
            owner.has += got
        self.owed[row] = chat, lane
        if hold:
            self.held.add(row)

    @precondition(lambda self: self.owners)
    @rule(which=st.integers(0, 5), count=st.integers(1, 4))
    def claim(self, which: int, count: int) -> None:
        """An owner looks for rows, be it the one that counts or one that was thought dead."""
        owner = self.owners[which % len(self.owners)]
        busy = {one.address_id for one in owner.has}
        got = self.do(lambda work: claim(work, self.queue, owner.lease.epoch, count, busy=busy))
        assert not got or owner is self.owners[-1], "an old owner took rows"
        owner.has += got

    @precondition(lambda self: any(owner.has for owner in self.owners))
    @rule(which=st.integers(0, 5), outcome=OUTCOMES)
    def settle(self, which: int, outcome: str) -> None:
        """The platform says something about what an owner has in hand, oldest first."""
        owners = [owner for owner in self.owners if owner.has]
        owner = owners[which % len(owners)]
        row = owner.has.pop(0)
        if outcome in ("accepted", "lost answer"):
            self.accepted[row.id] += 1
            self.heard[self.owed[row.id][0]].append(row.id)
        if outcome == "accepted":
            result = Outcome(row.id, row.epoch, State.SENT, "m", parts_done=1)
        else:
            result = after_error(row, ERRORS[outcome](), 0, self.clock.now())
        counted = self.do(lambda work: work.deliveries.settle([result]))
        assert counted <= (owner is self.owners[-1]), "an old owner wrote a result"
        if not counted:
            return
        self.unknown[row.id] += result.unknown
        if result.state is State.RETRY:
            late = [one.id for one in owner.has if one.address_id == row.address_id]
            owner.has = [one for one in owner.has if one.address_id != row.address_id]
            self.do(lambda work: work.deliveries.release(late, row.epoch))

    @precondition(lambda self: self.owners)
    @rule(later=st.booleans())
    def all_is_well(self, later: bool) -> None:
        """For a while the platform takes whatever there is, be it with what was tried before."""
        if later:
            self.tick(61)
        self.claim(len(self.owners) - 1, 9)
        last = self.owners[-1]
        while last.has:
            self.settle([one for one in self.owners if one.has].index(last), "accepted")

    @rule(times=st.integers(1, 3))
    def crash_after_the_yes(self, times: int) -> None:
        """Kill -9 between the platform's yes and our note, and again."""
        for _ in range(times):
            last = self.owners[-1] if self.owners else None
            if last is not None and not last.has:
                self.claim(len(self.owners) - 1, 1)
            if last is not None and last.has:
                self.accepted[last.has[0].id] += 1
                self.heard[self.owed[last.has[0].id][0]].append(last.has[0].id)
            self.crash()

    @rule()
    def crash(self) -> None:
        """Kill -9, and a moment after the lease the next owner."""
        if self.owners:
            self.owners.pop()
        self.clock.forward(LEASE + timedelta(seconds=1))
        self.take()

    @rule()
    def sleep(self) -> None:
        """The owner stands still until another took over; it keeps believing."""
        self.clock.forward(LEASE + timedelta(seconds=1))
        self.take()

    def take(self) -> None:
        def take(work: Work) -> Lease | None:
            lease = work.queues.take(self.queue, uuid4().hex, work.now + LEASE, force=False)
            if lease is not None:
                work.deliveries.recover(self.queue, lease.epoch)
            return lease

        before = self.rows()
        lease = self.do(take)
        assert lease is not None
        for row in before.values():
            if row.state == State.CLAIMED:
                self.unknown[row.id] += 1
        self.owners.append(Owner(lease))

    @precondition(lambda self: self.owners)
    @rule(which=st.integers(0, 5))
    def renew(self, which: int) -> None:
        """Only the last owner keeps its lease."""
        owner = self.owners[which % len(self.owners)]
        until = self.clock.now() + LEASE
        kept = self.do(lambda work: work.queues.renew(owner.lease, until))
        assert (kept is not None) == (owner is self.owners[-1])

    @rule(seconds=st.sampled_from([1, 8, 20]))
    def tick(self, seconds: int) -> None:
        """Time passes; what is late is over, what is due is ready."""
        self.clock.forward(timedelta(seconds=seconds))

        def upkeep(work: Work) -> None:
            work.deliveries.expire(self.queue)
            work.deliveries.promote_due(self.queue)

        self.do(upkeep)

    @rule()
    def half_an_hour(self) -> None:
        """Routine rows that waited go up a lane."""
        self.clock.forward(timedelta(minutes=31))
        before = self.clock.now() - timedelta(minutes=30)
        self.do(lambda work: work.deliveries.promote_waiting(self.queue, before, 50))

    @rule(chat=st.integers(0, CHATS - 1))
    def cancel(self, chat: int) -> None:
        """An organiser takes back what waits for somebody."""
        place = self.chats[chat][0]
        self.do(lambda work: work.deliveries.cancel_waiting([place], "cancelled"))

    def rows(self) -> dict[int, Any]:
        return self.do(lambda work: {row.id: row for row in work.conn.execute(table.select())})

    @invariant()
    def nothing_is_lost_and_nothing_is_a_lie(self) -> None:
        rows = self.rows()
        assert rows.keys() == self.owed.keys()
        for row in rows.values():
            if row.id in self.over:
                assert row.state == self.over[row.id], "what was over moved"
            elif row.state in TERMINAL:
                self.over[row.id] = row.state
            if row.state == State.SENT:
                assert self.accepted[row.id], "sent, and nobody accepted it"
            if row.state == State.CLAIMED:
                epoch = self.owners[-1].lease.epoch if self.owners else 0
                assert row.owner_epoch == epoch

    @invariant()
    def at_most_once_but_for_what_nobody_knows(self) -> None:
        for row, times in self.accepted.items():
            assert times <= 1 + self.unknown[row]
            assert times == 1 or row not in self.held

    @invariant()
    def in_order(self) -> None:
        """The first time each is heard, rows of one lane come to a chat in the order of writing."""
        for chat, heard in self.heard.items():
            for lane in (Lane.REPLY, Lane.ROUTINE):
                first = [one for one in dict.fromkeys(heard) if self.owed[one] == (chat, lane)]
                assert first == sorted(first)


def run(make: Callable[[], str], examples: int, steps: int = 30) -> None:
    class Here(Engine):
        pass

    Here.make = staticmethod(make)
    how = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        database=None,
        derandomize=True,
    )
    run_state_machine_as_test(Here, settings=how)


def test_on_sqlite(migrated_file: Path, tmp_path: Path) -> None:
    def make() -> str:
        path = tmp_path / f"{uuid4().hex}.db"
        shutil.copyfile(migrated_file, path)
        return f"sqlite:///{path}"

    run(make, 25, 40)


@pytest.fixture
def databases(postgres: PostgresServer) -> Iterator[Callable[[], str]]:
    """As many databases of their own as examples want, gone afterwards."""
    made: list[str] = []

    def make() -> str:
        name = f"machine_{uuid4().hex[:12]}"
        postgres.run(f"CREATE DATABASE {name} TEMPLATE donghanh_template")
        made.append(name)
        return postgres.url(name)

    yield make
    for name in made:
        postgres.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.slow
def test_on_postgresql(databases: Callable[[], str]) -> None:
    run(databases, 25)
