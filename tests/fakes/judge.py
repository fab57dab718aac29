"""The judge: what the platform accepted, held against what our table says became of it.

Only the journal is believed. A delivery is known in it by its chat and its words, so whoever sets
up a run gives each letter words of its own.
"""

import json
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select

from bot.store import Work
from bot.store.accounts import address
from bot.store.deliveries import delivery
from bot.store.letters import letter_text

Key = tuple[int, str]  # chat, words

WAITING = frozenset({"pending", "retry", "claimed"})
# States of which nobody says that she has it: she was told why, or a person looks after it.
EXPLAINED = frozenset({"failed", "expired", "cancelled", "uncertain"})
# What was on its way when something more urgent came may still arrive first.
ON_ITS_WAY_SECONDS = 0.25


class Accepted(NamedTuple):
    """One line of the journal."""

    at: float
    chat: int
    text: str
    message_id: int

    @property
    def key(self) -> Key:
        return self.chat, self.text


class Owed(NamedTuple):
    """One row of the table."""

    id: int
    chat: int
    text: str
    lane: int
    event_id: int | None
    state: str
    attempts: int
    unknowns: int
    created_at: float

    @property
    def key(self) -> Key:
        return self.chat, self.text


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said about a run. Rates are messages in any one second, from the journal."""

    owed: int
    accepted: int
    states: Mapping[str, int]
    lost: tuple[Key, ...]
    lies: tuple[Key, ...]
    waiting: int
    doubled: Mapping[Key, int]
    disorder: int
    held_unsent: int
    overtaken: int
    peak: int
    seconds: float
    per_second: float
    fairness: float
    strangers: int = field(default=0)

    @property
    def doubles(self) -> int:
        """Messages that came once too often."""
        return sum(self.doubled.values())

    def __str__(self) -> str:
        states = ", ".join(f"{count} {state}" for state, count in sorted(self.states.items()))
        return (
            f"{self.owed} owed, {self.accepted} accepted in {self.seconds:.1f} s; lost "
            f"{len(self.lost)}, lies {len(self.lies)}, doubles {self.doubles}, still waiting "
            f"{self.waiting}, out of order {self.disorder}; {states}; held for a person though "
            f"never accepted {self.held_unsent}; peak {self.peak} in a second"
        )


def journal(path: Path, since: float = 0.0) -> list[Accepted]:
    """What the platform wrote down, in order. A line half written by now is left for later."""
    lines = path.read_text(encoding="utf-8").split("\n")[:-1] if path.exists() else []
    sent = map(json.loads, lines)
    return [
        Accepted(one["at"], one["chat_id"], one["text"], one["message_id"])
        for one in sent
        if one["at"] >= since
    ]


def owed(work: Work, queue_id: int) -> list[Owed]:
    """What our table says of one queue, oldest row first."""
    d, words = delivery.c, letter_text.c
    query = (
        select(
            *(d.id, address.c.sender, words.reply, d.lane, d.event_id, d.state),
            *(d.attempts, d.unknowns, d.created_at),
        )
        .join(address, address.c.id == d.address_id)
        .join(letter_text, (words.letter_id == d.letter_id) & (words.lang == d.lang))
        .where(d.queue_id == queue_id, d.act == "say")
        .order_by(d.id)
    )
    return [
        Owed(
            *(row.id, int(row.sender), row.reply["text"].strip(), row.lane, row.event_id),
            *(row.state, row.attempts, row.unknowns, row.created_at.timestamp()),
        )
        for row in work.conn.execute(query)
    ]


def judge(rows: Sequence[Owed], accepted: Sequence[Accepted]) -> Verdict:
    """Compare. Of the journal only what is owed counts; the rest are `strangers`."""
    ours = {row.key for row in rows}
    known = [one for one in accepted if one.key in ours]
    times = Counter(one.key for one in known)
    first: dict[Key, float] = {}
    for one in known:
        first.setdefault(one.key, one.at)
    lies = tuple(row.key for row in rows if row.state == "sent" and row.key not in times)
    lost = tuple(r.key for r in rows if r.key not in times and r.state not in EXPLAINED)
    at = sorted(one.at for one in known)
    seconds = at[-1] - at[0] if at else 0.0
    return Verdict(
        owed=len(rows),
        accepted=len(known),
        states=Counter(row.state for row in rows),
        lost=lost,
        lies=lies,
        waiting=sum(row.state in WAITING for row in rows),
        doubled={key: count - 1 for key, count in times.items() if count > 1},
        disorder=disorder(rows, first),
        held_unsent=sum(row.state == "uncertain" and row.key not in times for row in rows),
        overtaken=overtaken(rows, first),
        peak=peak(at),
        seconds=seconds,
        per_second=len(first) / seconds if seconds else 0.0,
        fairness=fairness(rows, first),
        strangers=len(accepted) - len(known),
    )


def peak(times: Sequence[float], width: float = 1.0) -> int:
    """The most in any one second, wherever it begins. `times` in order."""
    return max((bisect_left(times, at + width) - n for n, at in enumerate(times)), default=0)


def disorder(rows: Iterable[Owed], first: Mapping[Key, float]) -> int:
    """How often somebody saw a later message of a lane before an earlier one."""
    lines: dict[tuple[int, int], list[float]] = defaultdict(list)
    for row in rows:
        if row.key in first:
            lines[row.chat, row.lane].append(first[row.key])
    pairs = (pair for line in lines.values() for pair in pairwise(line))
    return sum(later < earlier for earlier, later in pairs)


def overtaken(rows: Sequence[Owed], first: Mapping[Key, float]) -> int:
    """Messages of less urgent lanes that left while a more urgent one waited, retries aside."""
    left: dict[int, list[float]] = defaultdict(list)
    for row in rows:
        if row.key in first:
            left[row.lane].append(first[row.key])
    for times in left.values():
        times.sort()
    found = 0
    for row in rows:
        if row.key not in first or row.attempts > 1 or row.unknowns:
            continue
        begin, end = row.created_at + ON_ITS_WAY_SECONDS, first[row.key]
        for lane, times in left.items():
            if lane > row.lane and end > begin:
                found += bisect_left(times, end) - bisect_right(times, begin)
    return found


def fairness(rows: Sequence[Owed], first: Mapping[Key, float]) -> float:
    """Jain's index of the events' shares while each of them had something waiting: 1 is fair."""
    sent: dict[int | None, list[float]] = defaultdict(list)
    begun: dict[int | None, float] = {}
    for row in rows:
        begun[row.event_id] = min(row.created_at, begun.get(row.event_id, row.created_at))
        if row.key in first:
            sent[row.event_id].append(first[row.key])
    if len(sent) < 2:
        return 1.0
    begin, end = max(begun.values()), min(max(times) for times in sent.values())
    shares = [sum(begin <= at <= end for at in times) for times in sent.values()]
    squares = len(shares) * sum(share * share for share in shares)
    return sum(shares) ** 2 / squares if squares else 1.0
