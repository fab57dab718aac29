"""The experiments themselves, for the suite and for the bench: each returns what it saw."""

import random
import signal
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bot.values.letter import OnUnknown
from tests.crash.arena import Arena
from tests.crash.broadcast import a_letter
from tests.fakes.judge import Verdict

HELD = "Thông báo gửi một lần"
RESENT = "Thông báo có thể gửi lại"


@dataclass(frozen=True, slots=True)
class Killed:
    """A broadcast whose owner was killed again and again.

    `exposed`: for each kill, what the platform had accepted and our table did not know. `gaps`:
    seconds from each kill to the next message.
    """

    verdict: Verdict
    exposed: Sequence[int]
    gaps: Sequence[float]

    @property
    def doubles_of_held(self) -> int:
        """Of letters that must never come twice."""
        return sum(n for (_, words), n in self.verdict.doubled.items() if words == HELD)

    def __str__(self) -> str:
        return (
            f"{len(self.exposed)} kills: {self.verdict}; accepted and not yet written at the kills "
            f"{sum(self.exposed)}, most {max(self.exposed)}; doubles of what is held "
            f"{self.doubles_of_held}; silence after a kill p50 {statistics.median(self.gaps):.2f} "
            f"s, most {max(self.gaps):.2f} s"
        )


async def kill_again_and_again(
    arena: Arena, kills: int, people: int, *, standby: bool, seed: int = 20270119
) -> Killed:
    """kill -9 of the owner at random moments of a broadcast; half of it must not come twice."""
    picked = random.Random(seed)
    await arena.gather(people)
    await arena.owe(a_letter(RESENT), to=slice(0, None, 2))
    await arena.owe(a_letter(HELD, on_unknown=OnUnknown.HOLD), to=slice(1, None, 2))
    exposed, gaps = [], []
    speakers = [await arena.start() for _ in range(1 + standby)]
    step = people // (kills + 1) // 3  # a kill takes what was in memory out of the race as well
    for _ in range(kills):
        owner = await arena.until_owned_by(*speakers)
        await arena.until_accepted(arena.accepted() + picked.randrange(1, step))
        await owner.end()
        killed, before = time.monotonic(), arena.accepted()
        exposed.append(await arena.exposed())
        speakers = [one for one in speakers if one is not owner] + [await arena.start()]
        gaps.append(await arena.until_accepted(before + 1) - killed)
    return Killed(await arena.settled(), exposed, gaps)


@dataclass(frozen=True, slots=True)
class Slept:
    """Owners that were stopped for longer than their lease and woke again."""

    verdict: Verdict
    exposed: Sequence[int]
    took_over: Sequence[float]
    old_results_dropped: int

    def __str__(self) -> str:
        return (
            f"{len(self.exposed)} owners slept: {self.verdict}; accepted and not yet written when "
            f"they fell asleep {sum(self.exposed)}; batches of old results dropped "
            f"{self.old_results_dropped}; taken over after at most {max(self.took_over):.2f} s"
        )


async def stop_and_wake(arena: Arena, times: int, people: int, asleep: float) -> Slept:
    """SIGSTOP of the owner; when the other one has spoken for a while, SIGCONT."""
    picked = random.Random(7)
    await arena.gather(people)
    await arena.owe(a_letter(RESENT))
    speakers = [await arena.start(), await arena.start()]
    exposed, gaps = [], []
    for _ in range(times):
        owner = await arena.until_owned_by(*speakers)
        await arena.until_accepted(arena.accepted() + picked.randrange(20, 60))
        owner.tell(signal.SIGSTOP)
        stopped = time.monotonic()
        exposed.append(await arena.exposed())
        await arena.until_owned_by(*(one for one in speakers if one is not owner))
        gaps.append(time.monotonic() - stopped)
        await arena.for_a_while(asleep - gaps[-1])
        owner.tell(signal.SIGCONT)
        await arena.until_accepted(arena.accepted() + 30)
    verdict = await arena.settled()
    dropped = sum(one.said("results of an old epoch dropped") for one in speakers)
    return Slept(verdict, exposed, gaps, dropped)
